"""Attention rollout: how attention flows through all layers, residual connections included.

Abnar and Zuidema 2020, "Quantifying Attention Flow in Transformers", section 3: each layer's pattern is averaged
over heads, mixed half and half with the identity for the residual, and the layers are multiplied. No gradients.

Weights may first be multiplied by the norm of what is taken from each token (Kobayashi et al. 2020, "Attention is Not
Only a Weight", section 3): a token that a head points at and takes nothing from then counts for nothing.
"""

from typing import Literal, cast

import numpy as np

from engine.errors import EngineError, declare_errors
from engine.messages import translate
from engine.runtime.run import Run
from engine.runtime.score_steps import Floats
from engine.sites.site import AttentionSite
from engine.value_norms import OutputForms, value_norms

Fusion = Literal["mean", "max", "min"]

declare_errors(
    {
        "no-rollout": translate(
            "engine", "Attention cannot be rolled out through this model: its layers do not share their tokens."
        ),
        "no-rollout.advice": translate("engine", "Look at single layers instead."),
        "no-self-attention": translate(
            "engine", "Attention cannot be rolled out through this model: it has no self-attention."
        ),
        "no-self-attention.advice": translate("engine", "Look at single layers instead."),
    }
)


def rollout(
    run: Run,
    token: int,
    *,
    fusion: Fusion = "mean",
    discard: float = 0.0,
    residual: float = 0.5,
    batch: int = 0,
    last: int | None = None,
    weighted: bool = False,
    forms: OutputForms | None = None,
) -> Floats:
    """Return how much of each input token reaches `token` after the last layer: (token,) float32, sums to 1.

    One row is carried down through the layers, so nothing larger than one layer's pattern is held.

    Args:
        run: the finished run.
        token: the token looked at, such as the class token.
        fusion: how the heads of a layer become one pattern.
        discard: share of the smallest weights of each row set to zero before normalising, 0 to below 1.
        residual: weight of the identity that stands for the residual connection.
        batch: item of the batch axis.
        last: index of the last site taken; None for all.
        weighted: weights are multiplied by the norm of the transformed values before heads are fused.
        forms: W_O W_Oᵀ of the model's heads; without them the norm is that of the value itself.

    Raises:
        EngineError: no self-attention, or layers with different tokens (pyramids, windows).
        ValueError: `discard` or `residual` out of range.
    """
    if not 0 <= discard < 1 or not 0 <= residual <= 1:
        raise ValueError("discard must be in [0, 1), residual in [0, 1]")
    sites = rollout_sites(run)[: None if last is None else last + 1]
    tokens = run.pattern_shape(sites[0])[3]
    row = np.zeros(tokens, np.float32)
    row[token] = 1.0
    for site in reversed(sites):
        norms = value_norms(run, site, batch, forms).values if weighted else None
        row = row @ mix(fuse(run, site, fusion, batch, norms=norms), discard=discard, residual=residual)
    return cast(Floats, row)


def rollout_sites(run: Run) -> tuple[AttentionSite, ...]:
    """Return the sites that attention flows through.

    Raises:
        EngineError: there are none, or their tokens differ.
    """
    sites = tuple(site for site in run.model.sites if site.kind == "self")
    if not sites:
        raise EngineError("no-self-attention")
    shapes = {(shape[0], *shape[2:]) for shape in map(run.pattern_shape, sites)}
    if len(shapes) != 1 or next(iter(shapes))[1] != next(iter(shapes))[2]:
        raise EngineError("no-rollout")
    return sites


def mix(fused: Floats, *, discard: float, residual: float, first: int = 0) -> Floats:
    """Return rows of a layer's matrix, (query, key), from the fused heads: rows sum to 1.

    Args:
        fused: (query, key), the queries from `first` on; it stays as it is.
        discard: share of the smallest weights of each row set to zero.
        residual: weight of the identity.
        first: index of the first of these queries.
    """
    drop = int(discard * fused.shape[1])
    if drop:
        fused = fused.copy()
        smallest = np.argpartition(fused, drop - 1, axis=1)[:, :drop]
        np.put_along_axis(fused, smallest, 0.0, axis=1)
    itself = np.eye(fused.shape[0], fused.shape[1], k=first, dtype=np.float32)
    total = fused.sum(axis=1, keepdims=True)
    fused = np.divide(fused, total, out=itself.copy(), where=total > 0)
    return cast(Floats, residual * itself + (1 - residual) * fused)


def fuse(
    run: Run,
    site: AttentionSite,
    fusion: Fusion,
    batch: int,
    rows: slice = slice(None),
    norms: Floats | None = None,
) -> Floats:
    """Return the heads of a layer as one pattern, (query, key), one head in memory at a time.

    With `norms`, (head, key), each weight is multiplied by its token's norm in that head; rows then sum to anything.
    """
    out: Floats | None = None
    for head in range(site.heads):
        pattern = run.pattern(site, batch=batch, head=head, query=rows)  # (query, key)
        if norms is not None:
            pattern = pattern * norms[head]
        if out is None:
            out = pattern.copy()
        elif fusion == "max":
            np.maximum(out, pattern, out=out)
        elif fusion == "min":
            np.minimum(out, pattern, out=out)
        else:
            out += pattern
    if out is None:
        raise EngineError("no-self-attention")
    return out / np.float32(site.heads) if fusion == "mean" else out

"""What the softmax lab shows, computed without a window."""

import math
from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from desktop_app.masking import open_only
from desktop_app.selection import Selection
from desktop_app.token_lines import TokenLine, line_of
from engine import AttentionSite, EngineError, Run, attention, theory
from engine.grid import PatchGrid

Floats = NDArray[np.float32]
MOST_SCORES = 1 << 20
"""Scores of all rows of a head that are measured together; larger heads are measured by the chosen row alone."""


@dataclass(frozen=True)
class Settings:
    """What is done to the scores before and in the softmax.

    Attributes:
        temperature: scores are divided by it.
        scale: whether QKᵀ is multiplied by the model's scale.
        mask: whether biases and masks are added.
        subtract_max: whether the largest score is subtracted first, as every real implementation does.
    """

    temperature: float = 1.0
    scale: bool = True
    mask: bool = True
    subtract_max: bool = True


@dataclass(frozen=True)
class Measures:
    """Numbers that describe rows of weights, means over the rows.

    Attributes:
        entropy: nats.
        effective: number of tokens of a uniform row of that entropy.
        largest: largest weight.
        jacobian: Frobenius norm of the softmax's Jacobian: near zero where the row is saturated.
        rows: how many rows.
    """

    entropy: float
    effective: float
    largest: float
    jacobian: float
    rows: int


@dataclass(frozen=True)
class SoftmaxData:
    """The scores of one head, taken apart.

    Attributes:
        selection: what was asked for, with what this run has not taken out.
        site, token: the chosen attention and query.
        products: QKᵀ, (query, key): every row, or the chosen one alone.
        rest: what is added after the scale, masks included, (query, key); minus infinity hides.
        row: which row of `products` is the chosen one.
        scale: what the model multiplies QKᵀ by; None where it is not one number.
        refused: why there are no scores.
        key_grid: how the keys lie on the image.
        counts: sites, heads and queries to choose from.
        lines: the tokens, queries and keys.
    """

    selection: Selection
    site: AttentionSite
    token: int
    products: Floats | None
    rest: Floats | None
    row: int
    scale: float | None
    refused: EngineError | None
    key_grid: PatchGrid | None
    counts: tuple[int, int, int]
    lines: tuple[TokenLine | None, TokenLine | None] = field(default=(None, None), compare=False)


def compute(run: Run, selection: Selection) -> SoftmaxData:
    """Return the scores of the chosen head, taken apart into QKᵀ, scale and the rest.

    Raises:
        EngineError: a tensor was not kept in this run and must be fetched first.
    """
    site = run.model.sites[min(selection.site, len(run.model.sites) - 1)]
    _, heads, queries, keys = run.pattern_shape(site)
    head, batch = min(selection.head, heads - 1), attention.batch_of(run, site, selection.batch)
    token = 0 if selection.token is None else min(selection.token, queries - 1)
    whole = queries * keys <= MOST_SCORES
    products, rest, refused = None, None, None
    try:
        rows = slice(None) if whole else slice(token, token + 1)
        scores = run.scores(site, batch=batch, head=head, query=rows)  # (query, key)
        products = _products(run, site, head, batch)[rows]
        rest = open_only((scores - np.float32(site.scale or 1.0) * products).astype(np.float32))
    except EngineError as error:
        if error.code == "not-in-run":
            raise
        refused = error
    return SoftmaxData(
        selection=replace(selection, site=site.index, head=head, batch=batch),
        site=site,
        token=token,
        products=products,
        rest=rest,
        row=token if whole else 0,
        scale=site.scale,
        refused=refused,
        key_grid=attention.grid_of(run, site, keys=True),
        lines=(line_of(run, site, batch=batch), line_of(run, site, keys=True, batch=batch)),
        counts=(len(run.model.sites), heads, queries),
    )


def scores(data: SoftmaxData, settings: Settings) -> Floats:
    """Return what enters the softmax under these settings, (query, key)."""
    if data.products is None or data.rest is None:
        raise ValueError("this head shows no scores")
    factor = np.float32(data.scale or 1.0) if settings.scale else np.float32(1.0)
    out = factor * data.products
    return cast(Floats, out + data.rest if settings.mask else out)


def weights(data: SoftmaxData, settings: Settings) -> NDArray[np.float64]:
    """Return the weights under these settings, (query, key); NaN where exp overflowed."""
    return theory.softmax(scores(data, settings), settings.temperature, subtract_max=settings.subtract_max)


def measure(rows: NDArray[np.float64]) -> Measures:
    """Measure rows of weights, (query, key)."""
    entropy = theory.entropy(rows)
    return Measures(
        entropy=float(entropy.mean()),
        effective=float(np.exp(entropy).mean()),
        largest=float(rows.max(axis=-1).mean()),
        jacobian=float(theory.jacobian_norm(rows).mean()),
        rows=len(rows),
    )


def histogram(study: theory.ScaleStudy, bins: int = 41) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Return (density of q·k in bins, the density of N(0, d) there, the right edge of the last bin)."""
    edge = 4 * math.sqrt(study.dim)
    density, edges = np.histogram(study.products, bins=bins, range=(-edge, edge), density=True)
    centres = (edges[1:] + edges[:-1]) / 2
    normal = np.exp(-(centres**2) / (2 * study.dim)) / math.sqrt(2 * math.pi * study.dim)
    return density, normal, edge


def _products(run: Run, site: AttentionSite, head: int, batch: int) -> Floats:
    """Return QKᵀ of one head, (query, key)."""
    q, k = run.query(site), run.key(site)  # (batch, head, token, dim)
    q_head = q[min(batch, q.shape[0] - 1), head * q.shape[1] // site.heads]
    k_head = k[min(batch, k.shape[0] - 1), head * k.shape[1] // site.heads]
    return cast(Floats, q_head @ k_head.T)

"""Numbers that describe a head: how sharp, how far, how much on special tokens, on itself, on its neighbours.

All are means over the queries of one head, computed block by block, so that no full pattern is ever held. The
definitions are the literature's; each function below names its source.
"""

from collections.abc import Callable
from typing import cast

import numpy as np

from engine.blocks import Block, blocks
from engine.runtime.run import Run
from engine.runtime.score_steps import Floats
from engine.sites.site import AttentionSite


def entropy(block: Block) -> Floats:
    """Entropy of each row in nats, -Σ p ln p (Clark et al. 2019, section 4): (head, query)."""
    p = block.pattern
    return cast(Floats, -np.einsum("hqk,hqk->hq", p, np.log(np.maximum(p, np.float32(1e-30)))))


def effective_tokens(block: Block) -> Floats:
    """Number of tokens that a uniform row of the same entropy would attend to, exp(entropy): (head, query)."""
    return np.exp(entropy(block))


def max_weight(block: Block) -> Floats:
    """Largest weight of each row (Voita et al. 2019, section 3, "confidence"): (head, query)."""
    return cast(Floats, block.pattern.max(axis=-1))


def distance(block: Block) -> Floats:
    """Mean distance of what is attended to, in pixels or tokens (Dosovitskiy et al. 2021, appendix D.7), (head, query).

    Over tokens that have a place alone: weights on special tokens are left out and the rest made to sum to 1.
    """
    heads, queries = block.pattern.shape[:2]
    out = np.full((heads, queries), np.nan, np.float32)
    if block.distance is not None:
        p = block.pattern * block.placed_keys
        total = p.sum(axis=-1)
        far = np.einsum("hqk,qk->hq", p, block.distance)
        found = np.divide(far, total, out=np.full_like(far, np.nan), where=total > 0)
        out[:, block.placed] = found[:, block.placed]
    return out


def special_mass(block: Block) -> Floats:
    """Weight on special tokens: class, registers, separators (Clark et al. 2019, section 3.2): (head, query)."""
    return block.pattern @ block.special.astype(np.float32)


def first_mass(block: Block) -> Floats:
    """Weight on the first token, the usual sink of causal models (Xiao et al. 2024, section 3.1): (head, query)."""
    return block.pattern[..., 0]


def self_mass(block: Block) -> Floats:
    """Weight of each token on itself (Clark et al. 2019, section 3.1): (head, query)."""
    return _offset(block, 0)


def previous_mass(block: Block) -> Floats:
    """Weight on the token before (Clark et al. 2019, section 3.1); the first token is left out: (head, query)."""
    return _offset(block, -1)


def next_mass(block: Block) -> Floats:
    """Weight on the token after (Clark et al. 2019, section 3.1); the last token is left out: (head, query)."""
    return _offset(block, 1)


def value_special_mass(block: Block) -> Floats:
    """Share of Σ p‖v‖ that falls on special tokens (Kobayashi et al. 2020, section 3, ‖v‖ for ‖f(x)‖), (head, query).

    A head may point at a token whose value is nearly zero: it then takes nothing from it. Where there are no
    special tokens, the first token counts as one.
    """
    if block.value_norms is None:
        return np.full(block.pattern.shape[:2], np.nan, np.float32)
    chosen = block.special if block.special.any() else np.arange(block.keys) == 0
    weighted = block.pattern * block.value_norms[:, None, :]
    total = weighted.sum(axis=-1)
    part = weighted[..., chosen].sum(axis=-1)
    return cast(Floats, np.divide(part, total, out=np.full_like(part, np.nan), where=total > 0))


Metric = Callable[[Block], Floats]

METRICS: dict[str, Metric] = {
    "entropy": entropy,
    "effective_tokens": effective_tokens,
    "max_weight": max_weight,
    "distance": distance,
    "special_mass": special_mass,
    "value_special_mass": value_special_mass,
    "first_mass": first_mass,
    "self_mass": self_mass,
    "previous_mass": previous_mass,
    "next_mass": next_mass,
}
"""Name -> metric over a block, (head, query), NaN where a query has none; a new one is one function, one line."""


def head_metrics(
    run: Run, site: AttentionSite, batch: int = 0, names: tuple[str, ...] = tuple(METRICS)
) -> dict[str, Floats]:
    """Return each metric's mean over the queries of each head of a site: name -> (head,) float32.

    NaN where a metric means nothing for the site (no grid, no special tokens, different tokens on both sides).
    """
    sums = {name: np.zeros(site.heads) for name in names}
    counts = {name: np.zeros(site.heads) for name in names}
    for heads, block in blocks(run, site, batch):
        for name in names:
            rows = METRICS[name](block)  # (head, query)
            told = np.isfinite(rows)
            sums[name][heads] += np.where(told, rows, 0).sum(axis=1)
            counts[name][heads] += told.sum(axis=1)
    return {
        name: np.divide(sums[name], counts[name], out=np.full(site.heads, np.nan), where=counts[name] > 0).astype(
            np.float32
        )
        for name in names
    }


def agreement(run: Run, site: AttentionSite, batch: int = 0) -> Floats:
    """Return how alike the heads of a site are: cosine of their whole patterns, (head, head) float32.

    The mean off the diagonal is the redundancy that Michel et al. 2019 ("Are Sixteen Heads Really Better than
    One?") prune.
    """
    gram = np.zeros((site.heads, site.heads))
    for _, block in blocks(run, site, batch, all_heads=True):
        flat = block.pattern.reshape(site.heads, -1)  # (head, query · key)
        gram += flat @ flat.T
    norm = np.sqrt(np.maximum(np.diag(gram), 1e-30))
    return cast(Floats, (gram / np.outer(norm, norm)).astype(np.float32))


def _offset(block: Block, step: int) -> Floats:
    """Weight on the token `step` places on; NaN for queries that have no such token."""
    heads, count = block.pattern.shape[:2]
    out = np.full((heads, count), np.nan, np.float32)
    if not block.paired:
        return out
    wanted = block.queries + step
    there = (wanted >= 0) & (wanted < block.keys)
    out[:, there] = block.pattern[:, np.flatnonzero(there), wanted[there]]
    return out

"""All numbers of all heads of a site in one pass over its patterns, in steps that do not keep anybody waiting.

`engine.metrics` defines the numbers; here they are summed up block by block, with the agreement between heads and
the relative position that each head attends to most.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from engine.attention import grid_of
from engine.blocks import Block, blocks
from engine.metrics import METRICS
from engine.runtime.run import Run
from engine.runtime.score_steps import Floats
from engine.sites.site import AttentionSite

AT_ONCE = 1 << 17
"""Probabilities in one step: some ten milliseconds."""
COMMON = 0.5
"""A relative position counts where at least this share of the queries has a token there."""


@dataclass(frozen=True)
class HeadNumbers:
    """What is known of the heads of one site.

    Attributes:
        means: of each metric of `engine.metrics` its mean over the queries, (head,); NaN where it means nothing.
        agreement: mean cosine of a head's pattern with those of the other heads, (head,); NaN for a head alone.
        uniform: mean distance under uniform attention on the same tokens, causal mask included; NaN without places.
        offsets: the relative position that the largest weight falls on most often, for each head: (key row - query
            row, column) on a patch grid, (key - query,) elsewhere; empty where queries and keys are not the same.
        offset_share: in how many of the queries that have a token there, (head,); NaN without offsets.
        in_pixels: distances are in pixels; else in tokens.
    """

    means: dict[str, Floats]
    agreement: Floats
    uniform: float
    offsets: tuple[tuple[int, ...], ...]
    offset_share: Floats
    in_pixels: bool


class HeadTally:
    """Sums over the queries of one site.

    `advance` until it says that nothing is left; then `numbers` tells what `head_metrics` and `agreement` tell.
    """

    def __init__(self, run: Run, site: AttentionSite, batch: int = 0, most: int = AT_ONCE) -> None:
        self._site = site
        self._sums = {name: np.zeros(site.heads) for name in METRICS}
        self._counts = {name: np.zeros(site.heads) for name in METRICS}
        self._gram = np.zeros((site.heads, site.heads))
        self._far = np.zeros(2)  # sum of uniform attention's distances, number of queries
        grid = grid_of(run, site)
        self._in_pixels = grid is not None and grid_of(run, site, keys=True) is not None
        _, _, queries, keys = run.pattern_shape(site)
        paired = site.kind == "self" and queries == keys
        self._relative = _Relative(site.heads, _cells(run, site, queries)) if paired else None
        self._blocks: Iterator[tuple[slice, Block]] = blocks(run, site, batch, all_heads=True, most=most)
        self.finished = False

    def advance(self) -> bool:
        """Take in about `AT_ONCE` more probabilities; return whether any are left.

        Raises:
            EngineError: the pattern cannot be read from this run.
        """
        found = None if self.finished else next(self._blocks, None)
        if found is None:
            self.finished = True
            return False
        self._add(found[1])
        return True

    def give_up(self) -> None:
        """Take in no more; numbers of queries that were not reached are left out, NaN where that is all."""
        self.finished = True

    def numbers(self) -> HeadNumbers:
        """Return the numbers over the queries taken in so far."""
        heads = self._site.heads
        norm = np.sqrt(np.maximum(np.diag(self._gram), 1e-30))
        alike = self._gram / np.outer(norm, norm)
        others = (
            (alike.sum(axis=1) - np.diag(alike)) / (heads - 1) if heads > 1 and alike.any() else np.full(heads, np.nan)
        )
        offsets, share = (
            self._relative.most() if self._relative is not None else ((), np.full(heads, np.nan, np.float32))
        )
        return HeadNumbers(
            means={name: _mean(self._sums[name], self._counts[name]) for name in METRICS},
            agreement=others.astype(np.float32),
            uniform=float(self._far[0] / self._far[1]) if self._far[1] else float("nan"),
            offsets=offsets,
            offset_share=share,
            in_pixels=self._in_pixels,
        )

    def _add(self, block: Block) -> None:
        rows_of = {name: metric(block) for name, metric in METRICS.items() if name != "effective_tokens"}
        rows_of["effective_tokens"] = np.exp(rows_of["entropy"])  # as the metric does, without the entropy once more
        for name, rows in rows_of.items():  # (head, query)
            told = np.isfinite(rows)
            self._sums[name] += np.where(told, rows, 0).sum(axis=1)
            self._counts[name] += told.sum(axis=1)
        flat = block.pattern.reshape(self._site.heads, -1)  # (head, query · key)
        self._gram += flat @ flat.T
        self._add_uniform(block)
        if self._relative is not None:
            self._relative.add(block)

    def _add_uniform(self, block: Block) -> None:
        """Take in how far uniform attention looks from these queries (Dosovitskiy et al. 2021, appendix D.7)."""
        if block.distance is None:
            return
        seen = np.broadcast_to(block.placed_keys, block.distance.shape)  # (query, key)
        if self._site.causal:
            past = block.keys - len(block.placed) if not block.paired else 0
            seen = seen & (np.arange(block.keys) <= (block.queries + past)[:, None])
        count = seen.sum(axis=1)
        some = block.placed & (count > 0)
        far = np.where(seen, block.distance, 0).sum(axis=1)
        self._far += (far[some] / count[some]).sum(), some.sum()


class _Relative:
    """Counts, for each head, where the largest weight lies, seen from the query."""

    def __init__(self, heads: int, cells: NDArray[np.intp]) -> None:
        self._cells = cells  # (token, axis), -1 for tokens without a place
        self._size = cells.max(axis=0) + 1  # (axis,)
        self._shape = tuple(int(n) for n in 2 * self._size - 1)
        self._counts = np.zeros((heads, int(np.prod(self._shape))), np.intp)

    def add(self, block: Block) -> None:
        """Take in some queries of all heads."""
        largest = block.pattern.argmax(axis=-1)  # (head, query)
        there = self._cells[largest]  # (head, query, axis)
        here = self._cells[block.queries]  # (query, axis)
        known = (there[..., 0] >= 0) & (here[:, 0] >= 0)
        steps = there - here + self._size - 1
        heads, size = self._counts.shape
        place = np.ravel_multi_index(tuple(steps[known].T), self._shape) + size * np.nonzero(known)[0]
        self._counts += np.bincount(place, minlength=heads * size).reshape(heads, size)

    def most(self) -> tuple[tuple[tuple[int, ...], ...], Floats]:
        """Return the most frequent offset of each head, and its share of the queries that have it, (head,)."""
        steps = np.stack(np.unravel_index(np.arange(self._counts.shape[1]), self._shape), axis=-1) - self._size + 1
        have = np.prod(self._size - np.abs(steps), axis=1)  # (offset,): queries with a token there
        common = have >= COMMON * np.prod(self._size)
        share = np.where(common, self._counts / have, 0.0)  # (head, offset)
        best = share.argmax(axis=1)
        offsets = tuple(tuple(int(n) for n in steps[at]) for at in best)
        return offsets, share[np.arange(len(best)), best].astype(np.float32)


def _cells(run: Run, site: AttentionSite, tokens: int) -> NDArray[np.intp]:
    """Return (row, column) of each token on the patch grid, -1 for special tokens; its index where there is no grid."""
    grid = grid_of(run, site)
    if grid is None:
        return np.arange(tokens)[:, None]
    places = [grid.place_of(token) or (-1, -1) for token in range(tokens)]
    return np.array(places, np.intp)


def _mean(sums: NDArray[np.float64], counts: NDArray[np.float64]) -> Floats:
    out = np.full(len(sums), np.nan)
    return cast(Floats, np.divide(sums, counts, out=out, where=counts > 0).astype(np.float32))

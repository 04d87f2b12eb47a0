"""A head's pattern in blocks, with where its tokens lie: what head metrics are computed from."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.attention import grid_of
from engine.errors import EngineError
from engine.grid import PatchGrid, image_size
from engine.runtime.run import Run
from engine.runtime.score_steps import Floats
from engine.sites.site import AttentionSite
from engine.tokens import tokens_of_site
from engine.value_norms import value_norms

BLOCK = 1 << 22
"""Probabilities held at once (16 MiB)."""


@dataclass(frozen=True)
class Block:
    """Some queries of some heads of a site.

    Attributes:
        pattern: (head, query, key).
        queries: token indices of these queries, (query,).
        keys: number of keys.
        distance: (query, key) in pixels or tokens; None where the tokens of either side have no place.
        placed: which of these queries have a place, (query,).
        placed_keys: which keys have a place, (key,).
        special: which keys are special tokens, (key,).
        value_norms: ‖v‖ of each key, (head, key); None where the site shows no values.
        paired: queries and keys are the same tokens, so that "itself" and "previous" mean something.
    """

    pattern: Floats
    queries: NDArray[np.intp]
    keys: int
    distance: Floats | None
    placed: NDArray[np.bool_]
    placed_keys: NDArray[np.bool_]
    special: NDArray[np.bool_]
    value_norms: Floats | None
    paired: bool


def blocks(
    run: Run, site: AttentionSite, batch: int = 0, *, all_heads: bool = False, most: int = BLOCK
) -> Iterator[tuple[slice, Block]]:
    """Yield (heads, block) so that every query of every head comes once and about `most` numbers are held at a time."""
    _, heads, queries, keys = run.pattern_shape(site)
    together = heads if all_heads else max(1, min(heads, most // max(1, queries * keys)))
    rows = max(1, min(queries, most // max(1, together * keys)))
    geometry = Geometry.of(run, site)
    norms = _value_norms(run, site, batch)
    for first in range(0, heads, together):
        part = slice(first, min(first + together, heads))
        for start in range(0, queries, rows):
            here = slice(start, min(start + rows, queries))
            pattern = run.pattern(site, batch=batch, head=part, query=here)  # (head, query, key)
            yield part, geometry.block(pattern, here, None if norms is None else norms[part])


@dataclass(frozen=True)
class Geometry:
    """Where the tokens of both sides of a site lie: (token, 2) in pixels or (token, 1) in tokens, NaN for none."""

    queries: Floats
    keys: Floats
    special: NDArray[np.bool_]
    paired: bool

    @classmethod
    def of(cls, run: Run, site: AttentionSite) -> "Geometry":
        """Read places off the patch grids; text lies on a line."""
        _, _, queries, keys = run.pattern_shape(site)
        paired = site.kind == "self" and queries == keys
        grid, key_grid = grid_of(run, site), grid_of(run, site, keys=True)
        if grid is None or key_grid is None:
            line = [np.arange(n, dtype=np.float32)[:, None] for n in (queries, keys)]
            offset = keys - queries if site.causal else 0  # past keys come first
            return cls(line[0] + offset, line[1], _special(run, site, keys), paired)
        size = image_size(run) or (grid.rows, grid.columns)
        special = np.array([key_grid.place_of(token) is None for token in range(keys)])
        return cls(_places(grid, queries, size), _places(key_grid, keys, size), special, paired)

    def block(self, pattern: Floats, rows: slice, norms: Floats | None) -> Block:
        """Describe a block of queries."""
        places = self.queries[rows]
        placed, placed_keys = np.isfinite(places[:, 0]), np.isfinite(self.keys[:, 0])
        gap = np.nan_to_num(places[:, None] - self.keys[None])  # (query, key, axis)
        return Block(
            pattern=pattern,
            queries=np.arange(len(self.queries))[rows],
            keys=len(self.keys),
            distance=np.sqrt(np.square(gap).sum(axis=-1)),
            placed=placed,
            placed_keys=placed_keys,
            special=self.special,
            value_norms=norms,
            paired=self.paired,
        )


def _special(run: Run, site: AttentionSite, keys: int) -> NDArray[np.bool_]:
    """Which keys stand for no text: [CLS], separators, padding; none where nothing is known of the tokens."""
    if run.text is None:
        return np.zeros(keys, bool)
    return np.array(tokens_of_site(run, site)[1].special, bool)


def _places(grid: PatchGrid, tokens: int, size: tuple[int, int]) -> Floats:
    """Centres of patches in pixels, (token, 2); NaN for special tokens."""
    out = np.full((tokens, 2), np.nan, np.float32)
    for token in range(tokens):
        place = grid.place_of(token)
        if place is not None:
            out[token] = (place[0] + 0.5) * size[0] / grid.rows, (place[1] + 0.5) * size[1] / grid.columns
    return out


def _value_norms(run: Run, site: AttentionSite, batch: int) -> Floats | None:
    try:
        return value_norms(run, site, batch).values
    except EngineError:
        return None

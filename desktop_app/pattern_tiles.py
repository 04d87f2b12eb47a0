"""Patterns of every head as small pictures, worked on piece by piece: first from some queries, then exactly.

A thumbnail of forty pixels shows the largest weight under each pixel. Until all rows of a head are computed it is
made of a few rows, so that something is seen at once however long the text is.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from desktop_app.token_folding import Folded, fold_keys, fold_pattern
from desktop_app.widgets.mosaic_paint import pooled
from engine import AttentionSite, Run

Floats = NDArray[np.float32]
Folds = Callable[[AttentionSite], tuple[Folded, Folded]]

MOST = 48
"""Rows and columns of a thumbnail."""
SAMPLED = 16
"""Queries looked at before all are."""
AT_ONCE = 1 << 21
"""Weights computed in one go."""


@dataclass
class PatternTiles:
    """Thumbnails of all heads; `advance` makes them exact, one piece at a time.

    Attributes:
        tiles: for each site (head, row, column), at most `MOST` each way.
        high: the largest weight of each head so far, per site (head,).
        exact: for each site how many heads are exact.
    """

    run: Run
    folds: Folds
    renormalised: bool
    batch: int
    tiles: list[Floats] = field(default_factory=list)
    exact: list[int] = field(default_factory=list)

    @property
    def finished(self) -> bool:
        """Whether every head is exact."""
        sites = self.run.model.sites
        return all(done >= len(tile) for done, tile in zip(self.exact, self.tiles, strict=True)) and len(
            self.tiles
        ) == len(sites)

    def begin(self) -> None:
        """Make every thumbnail from a few queries, exactly where there are not many more."""
        for site in self.run.model.sites:
            _, heads, queries, keys = self.run.pattern_shape(site)
            batch = min(self.batch, self.run.pattern_shape(site)[0] - 1)
            if heads * queries * keys <= AT_ONCE // 8:
                self.tiles.append(self._whole(site, batch, slice(None)))
                self.exact.append(heads)
            else:
                self.tiles.append(self._sampled(site, batch, queries))
                self.exact.append(0)

    def advance(self) -> bool:
        """Make a few more heads exact; return whether any is left."""
        for site, tile in zip(self.run.model.sites, self.tiles, strict=True):
            done = self.exact[site.index]
            if done >= len(tile):
                continue
            shape = self.run.pattern_shape(site)
            heads = max(1, AT_ONCE // max(1, shape[2] * shape[3]))
            part = slice(done, min(len(tile), done + heads))
            made = self._whole(site, min(self.batch, shape[0] - 1), part)
            if tile.shape[1:] != made.shape[1:]:
                grown = np.zeros((len(tile), *made.shape[1:]), np.float32)
                grown[:] = _stretched(tile, made.shape[1:])
                tile = self.tiles[site.index] = grown
            tile[part] = made
            self.exact[site.index] = part.stop
            return not self.finished
        return False

    def _whole(self, site: AttentionSite, batch: int, heads: slice) -> Floats:
        queries, keys = self.folds(site)
        pattern = self.run.pattern(site, batch=batch, head=heads)  # (head, query, key)
        return _small(fold_pattern(pattern, queries, keys, renormalised=self.renormalised))

    def _sampled(self, site: AttentionSite, batch: int, count: int) -> Floats:
        queries, keys = self.folds(site)
        places = np.unique(np.linspace(0, len(queries.first) - 1, SAMPLED).astype(int))
        rows = [self.run.pattern(site, batch=batch, query=int(queries.first[p]) % count) for p in places]
        return _small(fold_keys(np.stack(rows, axis=1), keys, renormalised=self.renormalised))


def _small(values: Floats) -> Floats:
    return np.ascontiguousarray(pooled(values, MOST, MOST))


def _stretched(tile: Floats, shape: tuple[int, ...]) -> Floats:
    rows = np.arange(shape[0]) * tile.shape[1] // shape[0]
    columns = np.arange(shape[1]) * tile.shape[2] // shape[1]
    return tile[:, rows][:, :, columns]

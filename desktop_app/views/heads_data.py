"""What the Heads view shows, computed without a window."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import cast

import numpy as np
from numpy.typing import NDArray

from desktop_app.selection import Direction, Selection
from desktop_app.token_lines import TokenLine, line_of
from desktop_app.views import heads_windows
from desktop_app.widgets.mosaic_layout import Tiles
from engine import AttentionSite, EngineError, Run, attention
from engine.grid import PatchGrid
from engine.images.plan import Prepared
from engine.runtime.interventions.images import seen_image
from engine.value_norms import Norms, OutputForms, value_norms

Floats = NDArray[np.float32]

SLICE_SECONDS = 0.008
"""Sums behind overviews and columns are computed for so long in one go: the pointer is answered in between."""

LARGEST_MATRIX = 1024
"""Tokens without a grid are shown as a whole matrix up to so many, else as one line."""


@dataclass(frozen=True)
class HeadsData:
    """One picture of all heads.

    Attributes:
        selection: what was asked for, with what this run has not taken out.
        site: the chosen site.
        token: whose row or column is shown, as it is pointed at; None for the mean over queries.
        values: for each site (head, token): a row of each head's pattern, a column, or the mean over queries.
        grids: for each site how these tokens lie on the image; None where they do not.
        pointing: how the tokens that can be pointed at lie on the image: queries, or keys for "to"; where windows
            tile the image, all its patches.
        tiles: the thumbnails.
        row: the large picture, (token,).
        highs: the largest number on a patch: of the large picture, and of all thumbnails together.
        matrix: the whole pattern (query, key) of a head whose tokens have no grid; None with a grid.
        classes: whether the chosen site has a class token.
        image: the photo that ran.
        error: largest |recomputed - the model's own| where it is known.
        own: whether the model's own softmax is shown.
        work: computes a little more of what is still missing and says whether anything is left; None when
            nothing is missing.
        again: gives this picture with what was computed since.
        lines: the tokens of the chosen site, queries and keys.
        weigh: gives this picture, weights multiplied by the norm of what is taken from each token.
        windows: how those tokens lie in windows, where they do.
        moves: for each site (batch item, token) at the place that is pointed at; None where there is none.
        norms: what they were multiplied by: how many sites by ‖v W_O‖, how many by ‖v‖; both 0 for weights alone.
    """

    selection: Selection
    site: AttentionSite
    token: int | None
    values: tuple[Floats, ...]
    grids: tuple[PatchGrid | None, ...]
    pointing: PatchGrid | None
    tiles: tuple[Tiles, ...]
    row: Floats
    highs: tuple[float, float]
    matrix: Floats | None
    classes: bool
    image: Prepared | None
    error: float | None
    own: bool
    work: Callable[[], bool] | None = field(default=None, compare=False)
    again: Callable[[], "HeadsData"] | None = field(default=None, compare=False)
    lines: tuple[TokenLine | None, TokenLine | None] = field(default=(None, None), compare=False)
    weigh: Callable[["HeadsData", OutputForms | None], "HeadsData"] | None = field(default=None, compare=False)
    norms: tuple[int, int] = (0, 0)
    model: str = ""
    windows: PatchGrid | None = None
    moves: tuple[tuple[int, int] | None, ...] = ()

    @property
    def reached(self) -> tuple[int, int]:
        """How many heads have their numbers, of how many."""
        known = np.concatenate([np.isfinite(values).any(axis=1, keepdims=True) for values in self.values])
        return int(known.sum()), int(known.size)

    @property
    def grid(self) -> PatchGrid | None:
        """How the tokens of the large picture lie on the image."""
        return heads_windows.whole(self.grids[self.site.index])

    def chosen(self, token: int) -> tuple[int, int] | None:
        """Return (batch item, token) of the site for a token that can be pointed at; None for padding."""
        return heads_windows.token_of(self.windows, token, self.selection.batch)


def compute(run: Run, selection: Selection) -> HeadsData:
    """Return everything the view draws.

    A mean over queries, and a column, need sums over whole patterns; a part of them is computed here, the rest
    by `work`, and until then the heads concerned are NaN.
    """
    selection, site = fitting(run, selection)
    token = token_of(run, selection, site)
    first = (site.index, selection.head)
    sums = token is None or selection.direction == "to"
    left = sums and _work(run, selection.batch, first)
    values = _values(run, selection, site, token)
    keys = token is None or selection.direction != "to"
    grids = tuple(attention.grid_of(run, s, keys=keys) for s in run.model.sites)
    tiles = tuple(tile(s, v, g) for s, v, g in zip(run.model.sites, values, grids, strict=True))
    pointing = attention.grid_of(run, site, keys=selection.direction == "to")
    row = _row(run, selection, site, values[site.index], grids[site.index], token)
    matrix = _matrix(run, selection, site, row) if grids[site.index] is None else None
    shown = patches(row[None], heads_windows.whole(grids[site.index])) if matrix is None else matrix
    highs = _high(shown), max((_high(t.high) for t in tiles), default=0.0)
    return HeadsData(
        selection=selection,
        site=site,
        token=heads_windows.patch_of(pointing, token, selection.batch),
        values=values,
        grids=grids,
        pointing=heads_windows.whole(pointing),
        windows=pointing,
        moves=_moves(run, selection, site, token),
        tiles=tiles,
        row=row,
        highs=highs,
        matrix=matrix,
        classes=attention.class_token(run, site) is not None,
        image=seen_image(run),
        error=_error(run, site),
        own=not run.is_factored(site),
        work=partial(_work, run, selection.batch, first) if left else None,
        again=partial(compute, run, selection) if left else None,
        lines=(line_of(run, site, batch=selection.batch), line_of(run, site, keys=True, batch=selection.batch)),
        weigh=partial(weigh, run),
        model=run.model.path,
    )


def weigh(run: Run, data: HeadsData, forms: OutputForms | None) -> HeadsData:
    """Return a picture with each weight multiplied by ‖v W_O‖ of its key (Kobayashi et al. 2020), NaN without values.

    Without `forms`, and where a site has none, it is ‖v‖.
    """
    norms = tuple(_norms(run, site, _item(run, data, site), forms) for site in run.model.sites)
    factors = [_factor(run, data, s, n) for s, n in zip(run.model.sites, norms, strict=True)]
    values = tuple(v * f for v, f in zip(data.values, factors, strict=True))
    tiles = tuple(tile(s, v, g) for s, v, g in zip(run.model.sites, values, data.grids, strict=True))
    mine, own = values[data.site.index], norms[data.site.index]
    token = token_of(run, data.selection, data.site)
    row = _row(run, data.selection, data.site, mine, data.grids[data.site.index], token, weighed=True)
    matrix = data.matrix
    if matrix is not None and len(matrix) == 1:
        matrix = row[None]
    elif matrix is not None and own is not None:
        matrix = _matrix(run, data.selection, data.site, row, own.values)
    shown = patches(row[None], data.grid) if matrix is None else matrix
    highs = _high(shown), max((_high(t.high) for t in tiles), default=0.0)
    told = [n.traced for n in norms if n is not None]
    return replace(
        data,
        values=values,
        tiles=tiles,
        row=row,
        matrix=matrix,
        highs=highs,
        norms=(sum(told), len(told) - sum(told)),
    )


def _norms(run: Run, site: AttentionSite, batch: int, forms: OutputForms | None) -> Norms | None:
    try:
        return value_norms(run, site, batch, forms)
    except EngineError:
        return None


def _item(run: Run, data: HeadsData, site: AttentionSite) -> int:
    """Return the item of the batch axis that a site's numbers are of; windows lie along it."""
    move = data.moves[site.index] if data.moves else None
    return attention.batch_of(run, site, data.selection.batch) if move is None else move[0]


def _factor(run: Run, data: HeadsData, site: AttentionSite, norms: Norms | None) -> Floats:
    """Return what a site's numbers are multiplied by, (head, key); for a column of the pattern (head, 1)."""
    if norms is None:
        return np.full((site.heads, 1), np.nan, np.float32)
    token = token_of(run, data.selection, data.site)
    if data.selection.direction != "to" or token is None:
        return norms.values
    found = attention.alike(run, data.site, token, data.selection.batch, site, "to")
    return np.full((site.heads, 1), np.nan, np.float32) if found is None else norms.values[:, found[1] : found[1] + 1]


def fitting(run: Run, selection: Selection) -> tuple[Selection, AttentionSite]:
    """Return the selection without what this run has not, and the chosen site."""
    site = run.model.sites[min(selection.site, len(run.model.sites) - 1)]
    direction: Direction = selection.direction
    if direction == "class" and attention.class_token(run, site) is None:
        direction = "from"
    head = min(selection.head, run.pattern_shape(site)[1] - 1)
    batch = attention.batch_of(run, site, selection.batch)
    return replace(selection, site=site.index, head=head, direction=direction, batch=batch), site


def token_of(run: Run, selection: Selection, site: AttentionSite) -> int | None:
    """Return the token that the picture is about; None where none is pointed at or the site has no such token."""
    if selection.direction == "class":
        return attention.class_token(run, site)
    count = run.pattern_shape(site)[3 if selection.direction == "to" else 2]
    return selection.token if selection.token is not None and selection.token < count else None


def patches(values: Floats, grid: PatchGrid | None) -> Floats:
    """Return (head, row, column) of numbers for (head, token), special tokens left out; one row without a grid."""
    if grid is None or values.shape[1] != grid.tokens:
        return values[:, None, :]
    return values[:, grid.prefix : grid.prefix + grid.patches].reshape(len(values), grid.rows, grid.columns)


def tile(site: AttentionSite, values: Floats, grid: PatchGrid | None) -> Tiles:
    """Return the thumbnails of one site."""
    cells = patches(values, grid)
    high = cells.max(axis=(1, 2), initial=0.0)  # (head,)
    high[np.isnan(high)] = 0.0
    return Tiles(str(site.index), site.name, cells, high)


def _row(
    run: Run,
    selection: Selection,
    site: AttentionSite,
    values: Floats,
    grid: PatchGrid | None,
    token: int | None,
    *,
    weighed: bool = False,
) -> Floats:
    """Return the large picture of a site's numbers, (head, token): (token,), of windows all patches of the image."""
    if grid is not None and grid.windows is not None and token is None and not weighed:
        head = None if selection.mean_heads else selection.head
        return heads_windows.means(run, site, grid, selection.batch, head)
    row = cast(Floats, values.mean(axis=0)) if selection.mean_heads else values[selection.head]
    return heads_windows.spread(row, grid, selection.batch)


def _moves(
    run: Run, selection: Selection, site: AttentionSite, token: int | None
) -> tuple[tuple[int, int] | None, ...]:
    """Return where the place that is pointed at lies in every site."""
    if token is None or selection.direction == "class":
        return ()
    here = partial(attention.alike, run, site, token, selection.batch, direction=selection.direction)
    return tuple(here(site=other) for other in run.model.sites)


def _work(run: Run, batch: int, first: tuple[int, int]) -> bool:
    """Compute for about `SLICE_SECONDS`; return whether anything is left."""
    until = time.perf_counter() + SLICE_SECONDS
    while attention.advance(run, batch, first):
        if time.perf_counter() >= until:
            return not attention.complete(run, batch)
    return False


def _values(run: Run, selection: Selection, site: AttentionSite, token: int | None) -> tuple[Floats, ...]:
    if token is None:
        return attention.overview(run, selection.batch, wait=False)
    return attention.thumbnails(run, token, selection.direction, selection.batch, counted_in=site, wait=False)


def _matrix(run: Run, selection: Selection, site: AttentionSite, row: Floats, norms: Floats | None = None) -> Floats:
    """Return the whole pattern of a head or their mean, (query, key), each key times its norm, (head, key)."""
    _, _, queries, keys = run.pattern_shape(site)
    if max(queries, keys) > LARGEST_MATRIX:
        return row[None]
    key = (site.index, selection.batch, None if selection.mean_heads else selection.head)
    last = run.memo.get("heads matrix")  # it is the same for every token, so pointing does not compute it anew
    if norms is None and isinstance(last, tuple) and last[0] == key:
        return cast(Floats, last[1])
    if selection.mean_heads:
        patterns = run.pattern(site, batch=selection.batch)  # (head, query, key)
        matrix = cast(Floats, (patterns if norms is None else patterns * norms[:, None]).mean(axis=0))
    else:
        pattern = run.pattern(site, batch=selection.batch, head=selection.head)
        matrix = pattern if norms is None else cast(Floats, pattern * norms[selection.head])
    if norms is None:
        run.memo["heads matrix"] = (key, matrix)
    return matrix


def _error(run: Run, site: AttentionSite) -> float | None:
    """Return how exact the numbers are, as far as it is known already: comparing anew would take whole patterns."""
    error = run.errors.get(site.index, site.checked)
    return None if error is None or np.isnan(error) else float(error)


def _high(values: Floats) -> float:
    return float(np.nanmax(values)) if values.size and not np.isnan(values).all() else 0.0

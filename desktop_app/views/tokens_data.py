"""What the Tokens view shows, computed without a window."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from desktop_app import token_lines
from desktop_app.pattern_tiles import PatternTiles
from desktop_app.selection import Direction, Selection
from desktop_app.token_folding import Fold, Folded, fold, fold_keys, fold_pattern
from desktop_app.token_lines import TokenLine
from desktop_app.widgets.mosaic_layout import Tiles
from engine import AttentionSite, Run, attention

Floats = NDArray[np.float32]
Combine = Literal["selected", "max", "subset"]

LARGEST_MATRIX = 2048
"""Longer texts have no matrix: their rows are computed one by one."""
AT_ONCE = 1 << 20


@dataclass(frozen=True)
class Settings:
    """How heads become one pattern, and tokens places.

    Attributes:
        combine: the selected head (or the mean, where the selection says so), the largest over the heads, or the
            mean over some of them.
        subset: those heads.
        fold: what is done to special tokens and pieces.
    """

    combine: Combine = "selected"
    subset: frozenset[int] = frozenset()
    fold: Fold = field(default_factory=Fold)


@dataclass(frozen=True)
class Picture:
    """One pattern, folded.

    Attributes:
        queries, keys: the two sides.
        matrix: (query place, key place); None where there are too many tokens.
        row: a number for each place of the coloured side: of the token pointed at, else the mean over all queries.
        place: of the token that is pointed at, on its own side.
        high, matrix_high: the largest number in `row` and in `matrix`, special tokens left out where they are dimmed.
    """

    queries: Folded
    keys: Folded
    matrix: Floats | None
    row: Floats
    place: int | None
    high: float
    matrix_high: float


@dataclass(frozen=True)
class TokensData:
    """What is pointed at, and how to compute pictures of it.

    Attributes:
        run: what it is computed from.
        selection: what was asked for, with what this run has not taken out.
        site: the chosen site.
        token: the token pointed at: a query, or for "to" a key.
        queries, keys: the tokens of both sides.
        picture: the pattern with some settings.
        rows: thumbnails with one row for each head; missing sums are worked on by `work`.
        patterns: thumbnails of whole patterns, made exact by their `advance`.
        work: computes a little of what rows still miss, and says whether anything is left.
        texts: how many texts the site read, one in each item of the batch.
    """

    run: Run = field(repr=False, compare=False)
    selection: Selection
    site: AttentionSite
    heads: int
    token: int | None
    queries: TokenLine
    keys: TokenLine
    picture: Callable[[Settings], Picture] = field(compare=False)
    rows: Callable[[Settings], tuple[Tiles, ...]] = field(compare=False)
    patterns: Callable[[Settings], PatternTiles] = field(compare=False)
    work: Callable[[], bool] = field(compare=False)
    texts: int = 1

    @property
    def one_text(self) -> bool:
        """Whether queries and keys are the same tokens."""
        return self.queries == self.keys

    @property
    def by_key(self) -> bool:
        """Whether keys are pointed at and queries coloured."""
        return self.selection.direction == "to"


def compute(run: Run, selection: Selection) -> TokensData:
    """Return what is pointed at.

    Raises:
        EngineError: a tensor was not kept in this run and must be fetched first.
    """
    site = run.model.sites[min(selection.site, len(run.model.sites) - 1)]
    batches, heads, queries, keys = run.pattern_shape(site)
    direction: Direction = selection.direction
    if direction == "class" and attention.class_token(run, site) is None:
        direction = "from"
    batch = min(selection.batch, batches - 1)
    found = replace(selection, site=site.index, head=min(selection.head, heads - 1), direction=direction, batch=batch)
    token = attention.class_token(run, site) if direction == "class" else selection.token
    if token is not None and token >= (keys if direction == "to" else queries):
        token = None
    return TokensData(
        run=run,
        selection=found,
        site=site,
        heads=heads,
        token=token,
        queries=token_lines.line_of(run, site, batch=batch),
        keys=token_lines.line_of(run, site, keys=True, batch=batch),
        picture=partial(picture, run, found, site, token),
        rows=partial(rows, run, found, site, token),
        patterns=partial(patterns, run, found),
        work=partial(work, run, found),
        texts=_texts(run, batches),
    )


def _texts(run: Run, batches: int) -> int:
    """Return how many of a site's items are texts of their own; windows of an image are not."""
    given = max(len(run.text.source), len(run.text.target)) if run.text is not None else 1
    return given if given == batches else 1


def folds(run: Run, site: AttentionSite, batch: int, how: Fold) -> tuple[Folded, Folded]:
    """Return both sides of a site folded; remembered for the run."""
    name = ("folds", site.index, batch, how)
    if name not in run.memo:
        lines = (token_lines.line_of(run, site, keys=keys, batch=batch) for keys in (False, True))
        run.memo[name] = tuple(_folded(run, line, how) for line in lines)
    return cast(tuple[Folded, Folded], run.memo[name])


def _folded(run: Run, line: TokenLine, how: Fold) -> Folded:
    name = ("fold", line, how)
    if name not in run.memo:
        run.memo[name] = fold(line, how)
    return cast(Folded, run.memo[name])


def picture(run: Run, selection: Selection, site: AttentionSite, token: int | None, settings: Settings) -> Picture:
    """Return one pattern, folded, and what it says of a token."""
    queries, keys = folds(run, site, selection.batch, settings.fold)
    by_key = selection.direction == "to"
    place = (keys if by_key else queries).place(token)
    matrix, mean, matrix_high = _matrix(run, selection, site, settings)
    if matrix is None or mean is None:
        row = _row(run, selection, site, token if place is not None else None, settings)
    elif place is None:
        row = mean
    else:
        row = matrix[:, place] if by_key else matrix[place]
    shown = queries if by_key and place is not None else keys
    dimmed = settings.fold.special == "dimmed"
    high = _high(row[shown.plain] if dimmed else row)
    return Picture(queries, keys, matrix, row, place, high, matrix_high)


def rows(
    run: Run, selection: Selection, site: AttentionSite, token: int | None, settings: Settings
) -> tuple[Tiles, ...]:
    """Return one row for each head of all sites, as far as they are computed."""
    queries, keys = folds(run, site, selection.batch, settings.fold)
    by_key = selection.direction == "to"
    side = keys if by_key else queries
    place = side.place(token)
    if place is None:
        values = attention.overview(run, selection.batch, wait=False)
    else:
        direction: Direction = "to" if by_key else "from"
        parts = [
            attention.thumbnails(run, t, direction, selection.batch, counted_in=site, wait=False)
            for t in side.tokens(place)
        ]
        joined = np.sum if by_key else np.mean
        values = parts[0]
        if len(parts) > 1:
            values = tuple(cast(Floats, joined(np.stack(layer), axis=0)) for layer in zip(*parts, strict=True))
    out = []
    for here, line in zip(run.model.sites, values, strict=True):
        sides = folds(run, here, selection.batch, settings.fold)
        shown = sides[0] if by_key and place is not None else sides[1]
        if by_key and place is not None:
            cells = line if shown.whole else line[:, shown.first]
        else:
            cells = fold_keys(line, shown, renormalised=settings.fold.renormalised)
        dimmed = settings.fold.special == "dimmed" and shown.line.has_special
        plain = cells[:, shown.plain] if dimmed else cells
        high = np.nan_to_num(plain.max(axis=1, initial=0.0))  # (head,)
        out.append(Tiles(str(here.index), here.name, cells[:, None], high.astype(np.float32)))
    return tuple(out)


def patterns(run: Run, selection: Selection, settings: Settings) -> PatternTiles:
    """Return thumbnails of whole patterns, made of some queries; its `advance` makes them exact."""
    made = PatternTiles(
        run,
        lambda site: folds(run, site, selection.batch, settings.fold),
        settings.fold.renormalised,
        selection.batch,
    )
    made.begin()
    return made


def work(run: Run, selection: Selection) -> bool:
    """Compute about `AT_ONCE` more weights of the sums that columns and means need; return whether any is left."""
    done = 0
    while done < AT_ONCE:
        block = attention.advance(run, selection.batch, (selection.site, selection.head))
        if not block:
            return False
        done += block
    return not attention.complete(run, selection.batch)


def _matrix(
    run: Run, selection: Selection, site: AttentionSite, settings: Settings
) -> tuple[Floats | None, Floats | None, float]:
    """Return the combined pattern, folded, its mean over queries and its largest number; remembered for the run."""
    _, _, queries, keys = run.pattern_shape(site)
    if max(queries, keys) > LARGEST_MATRIX:
        return None, None, 0.0
    heads = _heads(selection, site, settings)
    key = (site.index, selection.batch, heads, settings.combine, settings.fold)
    last = run.memo.get("tokens matrix")
    if isinstance(last, tuple) and last[0] == key:
        return cast(tuple[Floats, Floats, float], last[1])
    sides = folds(run, site, selection.batch, settings.fold)
    total = run.pattern(site, batch=selection.batch, head=heads[0])  # (query, key)
    for head in heads[1:]:
        total = _joined(total, run.pattern(site, batch=selection.batch, head=head), settings)
    mean = total if settings.combine == "max" else total / np.float32(len(heads))
    matrix = fold_pattern(mean, *sides, renormalised=settings.fold.renormalised)
    dimmed = settings.fold.special == "dimmed" and sides[1].line.has_special
    made = matrix, cast(Floats, matrix.mean(axis=0)), _high(matrix[:, sides[1].plain] if dimmed else matrix)
    run.memo["tokens matrix"] = (key, made)
    return made


def _row(run: Run, selection: Selection, site: AttentionSite, token: int | None, settings: Settings) -> Floats:
    """Return one row (or column) of the combined pattern without computing all of it."""
    queries, keys = folds(run, site, selection.batch, settings.fold)
    heads = _heads(selection, site, settings)
    by_key = selection.direction == "to" and token is not None
    found: Floats | None = None
    for head in heads:
        if token is None:
            row = attention.mean_over_queries(run, site, selection.batch)[head]
        else:
            row = attention.attention_row(run, site, head, token, "to" if by_key else "from", batch=selection.batch)
        found = row if found is None else _joined(found, row, settings)
    assert found is not None  # noqa: S101 - a site has at least one head
    row = found if settings.combine == "max" else found / np.float32(len(heads))
    if by_key:
        return row if queries.whole else row[queries.first]
    return fold_keys(row, keys, renormalised=settings.fold.renormalised)


def _joined(total: Floats, pattern: Floats, settings: Settings) -> Floats:
    return np.maximum(total, pattern) if settings.combine == "max" else total + pattern


def _heads(selection: Selection, site: AttentionSite, settings: Settings) -> tuple[int, ...]:
    """Return the heads that are combined."""
    everyone = tuple(range(site.heads))
    if settings.combine == "max":
        return everyone
    if settings.combine == "subset":
        return tuple(head for head in everyone if head in settings.subset) or (selection.head,)
    return everyone if selection.mean_heads else (selection.head,)


def _high(values: Floats) -> float:
    return float(np.nanmax(values)) if values.size and not np.isnan(values).all() else 0.0

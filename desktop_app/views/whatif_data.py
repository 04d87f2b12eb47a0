"""What the what-if view shows, computed without a window: the run, and the run before it was interfered with."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from desktop_app.selection import Selection
from desktop_app.token_lines import line_of
from desktop_app.widgets.mosaic_layout import Tiles
from engine import AttentionSite, Run, attention
from engine.grid import PatchGrid
from engine.images.plan import Prepared
from engine.predictions import ClassChange, class_changes, token_changes
from engine.runtime.interventions import Edit
from engine.runtime.interventions.images import seen_image

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class WhatIfData:
    """A run beside the original.

    Attributes:
        selection: what was asked for, with what this run has not taken out.
        site: the chosen attention.
        token: the query whose row is shown; None for the mean over queries.
        before, after: rows of the chosen head, (key,).
        changes: how far each head's row moved, a layer each: total variation distance, 0 to 1.
        classes: the best classes of either run, the original's first.
        tokens: how many queries there are.
        grid, key_grid: how queries and keys lie on the image.
        image: the photo.
        positions: whether the model has a learned table of positions.
        edits: the interventions made.
        outputs: what the model said; another object for every run.
        labels: the names of its classes.
        expects: what `classes` are: "" for classes, "next" for tokens that follow the chosen one, "here" for those
            that the model puts in its place.
        names, key_names: what the queries and keys are called.
        sites, heads: how many there are to choose from.
    """

    selection: Selection
    site: AttentionSite
    token: int | None
    before: Floats
    after: Floats
    changes: tuple[Tiles, ...]
    classes: tuple[ClassChange, ...]
    tokens: int
    grid: PatchGrid | None
    key_grid: PatchGrid | None
    image: Prepared | None
    positions: bool
    edits: tuple[Edit, ...]
    outputs: Mapping[str, NDArray[np.generic]] = field(default_factory=dict, compare=False)
    labels: tuple[str, ...] | None = None
    expects: Literal["", "next", "here"] = ""
    names: tuple[str, ...] = ()
    key_names: tuple[str, ...] = ()
    sites: int = 1
    heads: int = 1


def compute(run: Run, selection: Selection) -> WhatIfData:
    """Return the run beside the original; where nothing was changed both are the same."""
    original = run.original or run
    site = run.model.sites[min(selection.site, len(run.model.sites) - 1)]
    _, heads, queries, _ = run.pattern_shape(site)
    head, batch = min(selection.head, heads - 1), attention.batch_of(run, site, selection.batch)
    token = selection.token if selection.token is not None and selection.token < queries else None
    after = _rows(run, token, site, batch)
    before = after if original is run else _rows(original, token, site, batch)
    classes = class_changes(original, run)
    expected = () if classes else token_changes(original, run, token)
    return WhatIfData(
        selection=replace(selection, site=site.index, head=head, batch=batch),
        site=site,
        token=token,
        before=before[site.index][head],
        after=after[site.index][head],
        changes=tuple(_tile(s, distance(b, a)) for s, b, a in zip(run.model.sites, before, after, strict=True)),
        classes=classes or expected,
        tokens=queries,
        grid=attention.grid_of(run, site),
        key_grid=attention.grid_of(run, site, keys=True),
        image=seen_image(run),
        positions=any(p.kind == "learned" for p in run.model.positions),
        edits=run.edits,
        outputs=run.outputs,
        labels=run.model.labels,
        expects="" if not expected else "next" if any(s.causal for s in run.model.sites) else "here",
        names=line_of(run, site, batch=batch).pieces,
        key_names=line_of(run, site, keys=True, batch=batch).pieces,
        sites=len(run.model.sites),
        heads=heads,
    )


def distance(before: Floats, after: Floats) -> Floats:
    """Return the total variation distance of rows, Σ|p - q| / 2: 0 where they agree, 1 where nothing is shared.

    Args:
        before: (head, key).
        after: (head, key).

    Returns:
        (head,) float32; NaN where a row is not known.
    """
    return cast(Floats, (np.abs(before - after).sum(axis=-1) / 2).astype(np.float32))


def _rows(run: Run, token: int | None, site: AttentionSite, batch: int) -> tuple[Floats, ...]:
    """Return a row of every head, or its mean over queries, (head, key) for each site."""
    if token is None:
        return attention.overview(run, batch)
    return attention.thumbnails(run, token, "from", batch, counted_in=run.model.sites[site.index])


def _tile(site: AttentionSite, changes: Floats) -> Tiles:
    return Tiles(str(site.index), site.name, changes[:, None, None], np.ones(len(changes), np.float32))

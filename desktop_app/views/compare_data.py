"""What the side-by-side view shows of two runs, computed without a window."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from desktop_app.selection import Selection
from desktop_app.views.paired import names_of
from engine import AttentionSite, EngineError, Run, attention
from engine.comparison import ModelFacts, model_facts
from engine.evidence.cam import activation, has_cam, head_maps
from engine.evidence.eigen import eigen_map
from engine.evidence.evidence import MapLayer
from engine.evidence.maps import convolution_layers, read_maps
from engine.grid import PatchGrid, on_image
from engine.images.plan import Prepared
from engine.predictions import Prediction, top_classes
from engine.rolling import Recipe, Rolling
from engine.rollout import rollout_sites

Floats = NDArray[np.float32]
Kind = Literal["cam", "eigen-cam", "rollout", "head"]
Place = tuple[float, float]
"""(across, down) on what the model sees, each from 0 to 1."""

MOST_TOKENS = 700
"""Whole patterns of more tokens are not subtracted: they would take seconds and gigabytes."""


@dataclass(frozen=True)
class Look:
    """What a model looked at.

    Attributes:
        values: (row, column) over what the model sees.
        signed: numbers below zero mean something.
        token: the query token whose row it is; None for a mean, or where there are no tokens.
        site, head: of the pattern; -1 where it is not one.
        label: the class that it speaks for.
    """

    values: Floats = field(repr=False)
    signed: bool = False
    token: int | None = None
    site: int = -1
    head: int = -1
    label: str = ""


@dataclass(frozen=True)
class Side:
    """One of two runs.

    Attributes:
        name: what tells it from the other.
        path: of the model.
        image: the photo that ran.
        classes: what the model says, the most probable first.
        facts: of the model.
        kinds: what can be shown of what it looked at, the most telling first.
        look: gives that; for attention of the token at a place, or of the class token.
        grid: how tokens lie on the image; None without attention.
    """

    name: str
    path: str
    image: Prepared | None
    classes: tuple[Prediction, ...]
    facts: ModelFacts
    kinds: tuple[Kind, ...]
    look: Callable[[Kind, Place | None], Look] = field(compare=False)
    grid: PatchGrid | None = None


@dataclass(frozen=True)
class CompareData:
    """Two runs, or one that still stands alone.

    Attributes:
        selection: what was asked for.
        first, second: the runs.
        same: both are of one model, on two photos.
        heads: gives the difference of the patterns of all heads of the chosen site, (head, query, key): first
            minus second; None where there are none, or they are too large or unlike.
    """

    selection: Selection
    first: Side
    second: Side | None
    same: bool
    heads: Callable[[], Floats] | None = field(default=None, compare=False)


def compute(run: Run, other: Run | None, selection: Selection) -> CompareData:
    """Return what two runs show.

    Raises:
        EngineError: a tensor was not kept in one of the runs and must be fetched first.
    """
    names = names_of(run, other)
    same = other is not None and other.model.path == run.model.path
    return CompareData(
        selection=selection,
        first=_side(run, names[0], selection),
        second=None if other is None else _side(other, names[1], selection),
        same=same,
        heads=_difference(run, other, selection) if same and other is not None else None,
    )


def place_of(side: Side, selection: Selection) -> Place | None:
    """Return where the pinned token lies; None where none is pinned or it is no patch."""
    if side.grid is None or selection.token is None or not selection.pinned:
        return None
    spot = side.grid.place_of(selection.token)
    return None if spot is None else ((spot[1] + 0.5) / side.grid.columns, (spot[0] + 0.5) / side.grid.rows)


def token_at(side: Side, place: Place) -> int | None:
    """Return the token at a place; None without attention."""
    grid = side.grid
    if grid is None or grid.windows is not None:
        return None
    return grid.token_at(cell(place[1], grid.rows), cell(place[0], grid.columns))


def cell(share: float, count: int) -> int:
    """Return which of so many cells a share of the length falls into."""
    return min(max(int(share * count), 0), count - 1)


def across(place: Place, here: Side, there: Side, *, same_photo: bool) -> Place | None:
    """Return the place of the other run's image that shows the same thing; None where that run does not see it."""
    if not same_photo or here.image is None or there.image is None:
        return place
    out = []
    for axis in (0, 1):
        low, high = here.image.region[axis], here.image.region[axis + 2]
        on_photo = low + place[axis] * (high - low)
        low, high = there.image.region[axis], there.image.region[axis + 2]
        out.append((on_photo - low) / (high - low))
    return (out[0], out[1]) if all(0 <= share <= 1 for share in out) else None


def _side(run: Run, name: str, selection: Selection) -> Side:
    kinds = _kinds(run)
    site = _site(run, selection)
    return Side(
        name=name,
        path=run.model.path,
        image=run.image,
        classes=top_classes(run),
        facts=model_facts(run.model),
        kinds=kinds,
        look=partial(look, run, selection),
        grid=None if site is None else attention.grid_of(run, site),
    )


def _kinds(run: Run) -> tuple[Kind, ...]:
    """What can be shown; what it needs and the run lacks is asked for here."""
    if run.image is None:
        return ()
    out: list[Kind] = []
    head = run.model.head
    if has_cam(run.model) and head is not None:
        head_maps(run, head)
        out += ["cam", "eigen-cam"]
    if run.model.sites:
        try:
            for site in rollout_sites(run):
                run.pattern(site, batch=0, head=0, query=0)
            out.append("rollout")
        except EngineError as error:
            if error.code == "not-in-run":
                raise
        if _site(run, Selection()) is not None:
            out.append("head")
    last = _last_layer(run)
    if not out and last is not None:
        run.tensor(last.tensor)
        out.append("eigen-cam")
    return tuple(out)


def _last_layer(run: Run) -> MapLayer | None:
    """The last maps that are more than one place large."""
    layers = [layer for layer in convolution_layers(run.model) if layer.size is None or min(layer.size) > 1]
    return layers[-1] if layers else None


def look(run: Run, selection: Selection, kind: Kind, place: Place | None) -> Look:
    """Return what a model looked at.

    Raises:
        EngineError: a tensor was not kept in this run.
    """
    name = ("look", kind, place, selection.site, selection.head, selection.batch)
    if name not in run.memo:
        run.memo[name] = _look(run, selection, kind, place)
    return cast(Look, run.memo[name])


def _look(run: Run, selection: Selection, kind: Kind, place: Place | None) -> Look:
    if kind == "cam":
        found = activation(run).evidence
        return Look(found.values, signed=True, label=found.label or str(found.index))
    if kind == "eigen-cam":
        head = run.model.head
        if has_cam(run.model) and head is not None:
            return Look(eigen_map(head_maps(run, head)), signed=True)
        last = _last_layer(run)
        assert last is not None  # noqa: S101 - offered where there is one
        return Look(eigen_map(read_maps(run, last)), signed=True)
    site = rollout_sites(run)[0] if kind == "rollout" else _site(run, selection)
    assert site is not None  # noqa: S101 - such kinds are offered where there are sites
    batch = attention.batch_of(run, site, selection.batch)
    grid = attention.grid_of(run, site)
    token = _token(run, site, grid, place)
    if kind == "rollout":
        row = _rolled(run, token, batch)
        return Look(_laid(row, grid, batch), token=token)
    head_ = min(selection.head, run.pattern_shape(site)[1] - 1)
    keys = attention.grid_of(run, site, keys=True)
    if token is None:
        row = run.pattern(site, batch=batch, head=head_).mean(axis=0)  # (key,)
    else:
        row = run.pattern(site, batch=batch, head=head_, query=token)
    return Look(_laid(row, keys, batch), token=token, site=site.index, head=head_)


def _site(run: Run, selection: Selection) -> AttentionSite | None:
    return run.model.sites[min(selection.site, len(run.model.sites) - 1)] if run.model.sites else None


def _token(run: Run, site: AttentionSite, grid: PatchGrid | None, place: Place | None) -> int | None:
    """The token at a place, else the class token; None for the mean over all."""
    if place is not None and grid is not None and grid.windows is None:
        return grid.token_at(cell(place[1], grid.rows), cell(place[0], grid.columns))
    return attention.class_token(run, site)


def _rolled(run: Run, token: int | None, batch: int) -> Floats:
    tokens = run.pattern_shape(rollout_sites(run)[0])[2]
    start = np.full(tokens, 1 / tokens, np.float32) if token is None else np.eye(1, tokens, token, dtype=np.float32)[0]
    rolling = Rolling(run, start, Recipe("mean", 0.0, batch=batch))
    while not rolling.finished:
        rolling.advance()
    return cast(Floats, rolling.rows[-1])


def _laid(row: Floats, grid: PatchGrid | None, batch: int) -> Floats:
    """Lay numbers of tokens on the image, (row, column); in one line where they have no place on it."""
    return row[None] if grid is None or len(row) != grid.tokens else on_image(row, grid, batch)


def _difference(run: Run, other: Run, selection: Selection) -> Callable[[], Floats] | None:
    site = _site(run, selection)
    if site is None or site.index >= len(other.model.sites):
        return None
    shapes = [one.pattern_shape(one.model.sites[site.index]) for one in (run, other)]
    if shapes[0] != shapes[1] or max(shapes[0][2:]) > MOST_TOKENS:
        return None
    batch = attention.batch_of(run, site, selection.batch)

    def subtract() -> Floats:
        first, second = (one.pattern(one.model.sites[site.index], batch=batch) for one in (run, other))
        return cast(Floats, first - second)  # (head, query, key)

    return subtract

"""What the patches view shows, computed without a window: the image as it is and as it was changed, cut up."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from desktop_app.selection import Selection
from engine import EngineError, ModelDescription, Run, attention
from engine.grid import PatchGrid, image_size
from engine.images.perturb import patch_size
from engine.images.seen import seen
from engine.patch_filters import PatchFilters
from engine.predictions import ClassChange, class_changes
from engine.runtime.interventions import (
    DropPatches,
    Edit,
    HidePatches,
    ImageEdit,
    MovePatches,
    ShufflePatches,
)
from engine.runtime.interventions.images import changed_tensor, of_image
from engine.token_norms import LayerNorms, TokenNorms

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Grid = tuple[int, int]
OWN = (8, 8)
"""Patches of an image whose model has none: what a person may cut it into."""


@dataclass(frozen=True)
class PatchesData:
    """The image of a run, before and after interventions.

    Attributes:
        selection: what is pointed at.
        model: the model that ran.
        before, after: what the model was given, (row, column, 3) uint8: as it is, and changed.
        grid: rows and columns of the model's own patches; None where it has none.
        guessed: whether that grid was only inferred from numbers of tokens.
        edits: the interventions made, on the graph too.
        classes: the best classes of either run.
        token: the patch that is pointed at, counted along rows; None where none is.
        site_grid: how the tokens of the selected attention lie on the image; None where they are not these patches.
        stamp: is another object for another run.
    """

    selection: Selection
    model: ModelDescription = field(compare=False, repr=False)
    before: Pixels = field(compare=False, repr=False)
    after: Pixels = field(compare=False, repr=False)
    grid: Grid | None
    guessed: bool
    edits: tuple[Edit, ...]
    classes: tuple[ClassChange, ...]
    token: int | None
    site_grid: PatchGrid | None
    stamp: object = field(compare=False, repr=False)


@dataclass(frozen=True)
class NormMap:
    """Norms of one layer's tokens as they lie on the image.

    Attributes:
        layer: where they were measured.
        values: (row, column) of the patches.
        special: norms of the special tokens, those before the patches first.
        grid: how the tokens lie.
        repeat: how often each number is repeated along rows and columns, to be as many as in the finest layer.
    """

    layer: LayerNorms
    values: Floats = field(compare=False)
    special: Floats = field(compare=False)
    grid: PatchGrid
    repeat: int = 1


def compute(run: Run, selection: Selection) -> PatchesData:
    """Return the image of a run, before and after interventions."""
    base = run.memo.get("patches view")
    if not isinstance(base, PatchesData):
        base = run.memo["patches view"] = _base(run)
    site_grid, token = None, None
    if base.grid is not None and selection.site < len(run.model.sites):
        found = attention.grid_of(run, run.model.sites[selection.site])
        if found is not None and found.windows is None and (found.rows, found.columns) == base.grid:
            site_grid = found
            place = None if selection.token is None else found.place_of(selection.token)
            token = None if place is None else place[0] * found.columns + place[1]
    return replace(base, selection=selection, site_grid=site_grid, token=token)


def _base(run: Run) -> PatchesData:
    name, plan = run.model.image_input, run.model.image_plan
    if run.image is not None:
        plan = run.image.plan
    if name is None or plan is None or name not in run.inputs:
        raise EngineError("edit-no-image", name=run.model.name)
    tensor = run.inputs[name]
    before = seen(tensor, plan)
    after = seen(changed_tensor(tensor, plan, run.edits), plan) if of_image(run.edits) else before
    grid, guessed = own_grid(run)
    return PatchesData(
        selection=Selection(),
        model=run.model,
        before=before,
        after=after,
        grid=grid,
        guessed=guessed,
        edits=run.edits,
        classes=class_changes(run.original or run, run),
        token=None,
        site_grid=None,
        stamp=run.outputs,
    )


def own_grid(run: Run) -> tuple[Grid | None, bool]:
    """Return rows and columns of the patches that the first attention sees, and whether they were guessed."""
    size = image_size(run)
    for site in run.model.sites:
        try:
            found = attention.grid_of(run, site)
        except EngineError:
            continue
        if found is not None and size is not None:
            rows, columns = found.image_rows, found.image_columns
            return ((rows, columns), found.guessed) if rows <= size[0] and columns <= size[1] else (None, False)
    return None, False


def cut(pixels: Pixels, grid: Grid) -> Pixels:
    """Return the patches of a picture, (patch, row, column, 3), in the order of its tokens."""
    high, wide = patch_size(pixels[..., 0], grid)
    kept = pixels[: high * grid[0], : wide * grid[1]]
    tiles = kept.reshape(grid[0], high, grid[1], wide, 3).swapaxes(1, 2)
    return cast(Pixels, np.ascontiguousarray(tiles.reshape(-1, high, wide, 3)))


def holds(edits: Sequence[object], grid: Grid) -> NDArray[np.intp]:
    """Return for each place which patch it holds after changes of these patches, (place,); -1 where it is blank."""
    numbers: NDArray[np.generic] = np.arange(1, grid[0] * grid[1] + 1).reshape(grid)
    for edit in edits:
        if isinstance(edit, HidePatches | DropPatches | MovePatches | ShufflePatches) and edit.grid == grid:
            numbers = edit.apply(numbers)
    return numbers.reshape(-1).astype(np.intp) - 1


def with_hidden(edits: tuple[Edit, ...], grid: Grid, place: int) -> tuple[Edit, ...]:
    """Return the interventions with one more place blank; a place that the last of them made blank is shown again."""
    last = edits[-1] if edits else None
    if not isinstance(last, HidePatches) or last.grid != grid:
        return (*edits, HidePatches(grid, (place,)))
    patches = tuple(sorted(set(last.patches) ^ {place}))
    return (*edits[:-1], HidePatches(grid, patches)) if patches else edits[:-1]


def with_exchanged(edits: tuple[Edit, ...], grid: Grid, first: int, second: int) -> tuple[Edit, ...]:
    """Return the interventions with two places exchanged; exchanges that follow each other are one intervention."""
    last = edits[-1] if edits else None
    moved = isinstance(last, MovePatches) and last.grid == grid
    order = list(last.order) if isinstance(last, MovePatches) and moved else list(range(grid[0] * grid[1]))
    order[first], order[second] = order[second], order[first]
    kept = edits[:-1] if moved else edits
    return kept if order == sorted(order) else (*kept, MovePatches(grid, tuple(order)))


def with_last(edits: tuple[Edit, ...], edit: ImageEdit) -> tuple[Edit, ...]:
    """Return the interventions with one more; it takes the place of the last one, where that is of its kind."""
    kept = edits[:-1] if edits and type(edits[-1]) is type(edit) else edits
    return (*kept, edit)


def as_colours(filters: Floats) -> Pixels:
    """Return filters, (filter, channel, row, column), as pictures, (filter, row, column, 3); grey is zero.

    Each has its own scale: its largest number, of whichever sign, is full light or dark.
    """
    high = np.abs(filters).max(axis=(1, 2, 3), keepdims=True)
    scaled = 127.5 + 127.5 * np.divide(filters, high, out=np.zeros_like(filters), where=high > 0)
    pixels = np.rint(scaled).clip(0, 255).astype(np.uint8).transpose(0, 2, 3, 1)
    return np.ascontiguousarray(np.broadcast_to(pixels, (*pixels.shape[:3], 3)) if pixels.shape[3] != 3 else pixels)


def in_rgb(filters: PatchFilters, model: ModelDescription) -> tuple[Floats, Floats]:
    """Return filters and components with their channels in the order red, green, blue."""
    turned = model.image_plan is not None and model.image_plan.bgr
    both = (filters.filters, filters.components)
    kept = [np.ascontiguousarray(a[:, ::-1] if turned else a)[:, : 3 if a.shape[1] >= 3 else 1] for a in both]
    return kept[0], kept[1]


def norm_maps(norms: TokenNorms, model: ModelDescription) -> tuple[NormMap, ...]:
    """Return the norms of those layers whose tokens lie on the image, all as fine as the finest."""
    found = [made for layer in norms.layers if (made := _norm_map(layer, model)) is not None]
    if not found:
        return ()
    finest = max(found, key=lambda one: one.values.size).values.shape
    out = []
    for one in found:
        repeat = finest[0] // one.values.shape[0]
        if one.values.shape[0] * repeat == finest[0] and one.values.shape[1] * repeat == finest[1]:
            out.append(replace(one, values=one.values.repeat(repeat, 0).repeat(repeat, 1), repeat=repeat))
    return tuple(out)


def _norm_map(layer: LayerNorms, model: ModelDescription) -> NormMap | None:
    at = len(model.sites) - 1 if layer.site is None else layer.site
    grid = model.tokens[at].queries if at < len(model.tokens) else None
    if grid is None:
        return None
    rows, columns = grid.image_rows, grid.image_columns
    if len(layer.values) == rows * columns:
        flat = PatchGrid(rows, columns)
        return NormMap(layer, layer.values.reshape(rows, columns), layer.values[:0], flat)
    if grid.windows is None and len(layer.values) == grid.tokens:
        first, last = grid.prefix, grid.prefix + grid.patches
        special = np.concatenate([layer.values[:first], layer.values[last:]])
        return NormMap(layer, layer.values[first:last].reshape(rows, columns), special, grid)
    return None


def places_of(edits: Sequence[object], grid: Grid) -> NDArray[np.intp]:
    """Return the place that each patch of the original lies in after changes, blank or not, (patch,)."""
    moves = [edit for edit in edits if isinstance(edit, MovePatches | ShufflePatches)]
    return np.argsort(holds(moves, grid)).astype(np.intp)

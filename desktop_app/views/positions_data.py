"""What the positions view shows, computed without a window: encodings, what is changed, what becomes of the outputs."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from desktop_app.selection import Selection
from engine import ModelDescription, Run, attention
from engine.grid import PatchGrid
from engine.model.description import PositionalEncoding
from engine.position_maps import (
    REACH,
    Relative,
    angle_similarity,
    component_scores,
    offset_similarity,
    relative_of,
    similarity,
)
from engine.predictions import ClassChange, class_changes
from engine.runtime.interventions import Edit, Positions
from engine.runtime.interventions.moves import can_move, moved
from engine.theory import alibi_slopes, decay, resampled, turned

Floats = NDArray[np.float32]
Part = Literal["similarity", "components", "table", "distance", "frequencies", "bias", "slopes", "sandbox"]
Look = Literal["before", "after", "resampled"]
"""A table as the file has it, as interventions leave it, or on another grid."""
LOOKS: tuple[Look, ...] = ("before", "after", "resampled")
MOST_MAPS = 1024
"""Maps of a mosaic; of a finer grid every second, third … patch has one."""
MOST_COMPONENTS = 24
Grid = tuple[int, int]


@dataclass(frozen=True)
class OutputChange:
    """How far an output moved.

    Attributes:
        name: the output.
        share: the size of the difference over the size of the output as it is; 0 where nothing moved.
    """

    name: str
    share: float


@dataclass(frozen=True)
class PositionsData:
    """The positions of a model, and what interventions on them did.

    Attributes:
        model: the model that ran.
        edits: the interventions made.
        classes: the best classes of either run.
        outputs: how far each output moved.
        stamp: is another object for another run.
        selection: what is pointed at.
        site_grid: how the tokens of the selected attention lie on the image; None of a line or of windows.
    """

    model: ModelDescription = field(compare=False, repr=False)
    edits: tuple[Edit, ...]
    classes: tuple[ClassChange, ...]
    outputs: tuple[OutputChange, ...]
    stamp: object = field(compare=False, repr=False)
    selection: Selection = field(default_factory=Selection)
    site_grid: PatchGrid | None = None

    @property
    def place(self) -> tuple[int, int] | None:
        """Row and column of the patch that is pointed at."""
        token, grid = self.selection.token, self.site_grid
        return None if token is None or grid is None else grid.place_of(token)


@dataclass(frozen=True)
class Maps:
    """Numbers of some tokens laid on the grid.

    Attributes:
        values: (map, row, column); a line of tokens is one row.
        tokens: (map,) which token, or component, each map is of.
        grid: how the tokens lie; None of a line.
        columns: how many maps stand in a line where they lie as their patches do.
    """

    values: Floats = field(compare=False)
    tokens: NDArray[np.intp] = field(compare=False)
    grid: PatchGrid | None
    columns: int | None = None


def compute(run: Run, selection: Selection) -> PositionsData:
    """Return the positions of a run's model, and what interventions did."""
    base = run.memo.get("positions view")
    if not isinstance(base, PositionsData):
        original = run.original or run
        classes, outputs = class_changes(original, run), output_changes(original, run)
        base = run.memo["positions view"] = PositionsData(run.model, run.edits, classes, outputs, run.outputs)
    grid = None
    if selection.site < len(run.model.sites):
        found = attention.grid_of(run, run.model.sites[selection.site])
        grid = found if found is not None and found.windows is None else None
    return replace(base, selection=selection, site_grid=grid)


def output_changes(original: Run, run: Run) -> tuple[OutputChange, ...]:
    """Return how far each output moved, ‖changed - original‖ / ‖original‖; those of other numbers are left out."""
    found = []
    for name, before in original.outputs.items():
        after = run.outputs.get(name)
        if after is None or after.shape != before.shape or not np.issubdtype(before.dtype, np.floating):
            continue
        a, b = before.astype(np.float64).reshape(-1), after.astype(np.float64).reshape(-1)
        size = float(np.linalg.norm(a))
        found.append(OutputChange(name, float(np.linalg.norm(b - a)) / size if size else 0.0))
    return tuple(found)


def parts_of(encoding: PositionalEncoding) -> tuple[Part, ...]:
    """Return what can be shown of an encoding."""
    if encoding.kind == "ALiBi":
        return "slopes", "bias"
    if encoding.axes == ("frequency",):
        return "frequencies", "distance"
    if encoding.kind == "rotary":
        return "similarity", "table"
    if encoding.axes in (("head", "query", "key"), ("bucket", "head")):
        return ("bias",)
    if encoding.axes == ("token", "dim"):
        first: tuple[Part, ...] = ("similarity", "components", "table")
        return first if encoding.grid is not None else (*first, "distance")
    return ("table", "similarity") if len(encoding.shape) == 2 else ()


def changed_table(encoding: PositionalEncoding, table: Floats, edits: Sequence[object]) -> Floats:
    """Return a table as the interventions on positions leave it."""
    for edit in edits:
        if isinstance(edit, Positions):
            new = moved(table, encoding, edit)
            table = table if new is None else np.asarray(new, np.float32)
    return table


def interpolated(encoding: PositionalEncoding, table: Floats, to: Grid) -> tuple[Floats, PatchGrid]:
    """Return the patches' rows of a table resampled to another grid, (token, dim), and that grid; no special tokens."""
    grid = encoding.grid or PatchGrid(len(table), 1)
    patches = table[grid.prefix : grid.prefix + grid.patches]
    return resampled(patches, (grid.rows, grid.columns), to), PatchGrid(*to)


def looks_of(encoding: PositionalEncoding, edits: Sequence[object]) -> tuple[Look, ...]:
    """Return which looks there are: after, where positions were changed; resampled, where rows are tokens."""
    rows = encoding.axes == ("token", "dim") and encoding.kind != "rotary"
    shown = {"before": True, "after": any(isinstance(edit, Positions) for edit in edits), "resampled": rows}
    return tuple(look for look in LOOKS if shown[look])


def looked_at(
    encoding: PositionalEncoding, table: Floats, edits: Sequence[object], look: Look, to: Grid
) -> tuple[Floats, PatchGrid | None]:
    """Return the table of a look, and how its rows lie."""
    if look == "before":
        return table, encoding.grid
    if look == "after":
        return changed_table(encoding, table, edits), encoding.grid
    made, grid = interpolated(encoding, table, to)
    return made, grid if encoding.grid is not None else None


def similarity_maps(encoding: PositionalEncoding, table: Floats, grid: PatchGrid | None) -> Maps:
    """Return for each patch how alike all places are to its own; of a line one row for each place, as one map."""
    alike = angle_similarity if encoding.kind == "rotary" else similarity
    if grid is None or len(table) != grid.tokens:
        return Maps(alike(table)[None], np.zeros(1, np.intp), None)
    step = int(np.ceil(np.sqrt(max(1, grid.patches / MOST_MAPS))))
    rows, columns = np.arange(0, grid.rows, step), np.arange(0, grid.columns, step)
    tokens = (grid.prefix + rows[:, None] * grid.columns + columns).reshape(-1)
    patches = alike(table, tokens)[:, grid.prefix : grid.prefix + grid.patches]
    return Maps(patches.reshape(-1, grid.rows, grid.columns), tokens, grid, len(columns))


def similarity_of(encoding: PositionalEncoding, table: Floats, token: int, grid: PatchGrid) -> Floats:
    """Return how alike all patches are to one token, (row, column)."""
    alike = angle_similarity if encoding.kind == "rotary" else similarity
    found = alike(table, np.array([token], np.intp))[0, grid.prefix : grid.prefix + grid.patches]
    return found.reshape(grid.rows, grid.columns)


def component_maps(table: Floats, grid: PatchGrid | None) -> tuple[Maps, Floats]:
    """Return where the tokens lie along each principal component, and its share of the variance."""
    if grid is None or len(table) != grid.tokens:
        scores, shares = component_scores(table, MOST_COMPONENTS)
        return Maps(scores[:, None, :], np.arange(len(scores)), None), shares
    scores, shares = component_scores(table[grid.prefix : grid.prefix + grid.patches], MOST_COMPONENTS)
    return Maps(scores.reshape(-1, grid.rows, grid.columns), np.arange(len(scores)), grid), shares


def distance_lines(encoding: PositionalEncoding, table: Floats) -> Floats:
    """Return how alike places are by their distance: (line, offset).

    One line of a table of places; of rotary frequencies the score of the same query and key, and its bound.
    """
    if encoding.axes == ("frequency",):
        offsets = np.arange(REACH * 4 + 1)
        return np.stack([turned(offsets, table), decay(offsets, table)]).astype(np.float32)
    prefix = 0 if encoding.grid is None else encoding.grid.prefix
    return offset_similarity(table[prefix:])[None]


def bias(encoding: PositionalEncoding, table: Floats, model: ModelDescription) -> Relative:
    """Return a bias of the scores by offset, head by head."""
    site = encoding.sites[0] if encoding.sites else 0
    grid = model.tokens[site].queries if site < len(model.tokens) else None
    causal = bool(model.sites[site].causal) if site < len(model.sites) else False
    return relative_of(encoding, table, grid, causal=causal)


def expected_slopes(heads: int) -> Floats:
    """Return the slopes that the paper gives to so many heads."""
    return cast(Floats, alibi_slopes(heads).astype(np.float32))


def changes_of(model: ModelDescription) -> tuple[str, ...]:
    """Return which changes of positions some encoding of a model allows."""
    kinds = ("zero", "shuffle", "shift", "interpolate")
    return tuple(kind for kind in kinds if any(can_move(found, kind) for found in model.positions))

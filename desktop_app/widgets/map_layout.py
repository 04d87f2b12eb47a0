"""Where many small maps of one size lie, and how they become one picture: pure geometry and numpy."""

import math
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from desktop_app.widgets.colour_maps import GAP, STEPS, Levels

LEAST, MOST = 8, 176
"""A map's longer side, in logical pixels, where there is room to choose."""


@dataclass(frozen=True)
class MapLayout:
    """Maps in lines, in pixels of the screen, so that every map has the same number of them.

    Attributes:
        count: how many maps there are.
        columns: how many stand in a line.
        width, height: of a map.
        gap: between maps.
    """

    count: int
    columns: int
    width: int
    height: int
    gap: int

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return math.ceil(self.count / self.columns)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of everything."""
        return self.columns * (self.width + self.gap), self.lines * (self.height + self.gap)

    def corner(self, place: int) -> tuple[int, int]:
        """Return left and top of the map at a place."""
        line, column = divmod(place, self.columns)
        return column * (self.width + self.gap), line * (self.height + self.gap)

    def at(self, x: float, y: float) -> int | None:
        """Return the place of the map at a point; a gap belongs to the map before it."""
        column, line = int(x // (self.width + self.gap)), int(y // (self.height + self.gap))
        place = line * self.columns + column
        return place if 0 <= column < self.columns and line >= 0 and place < self.count else None

    def step(self, place: int, right: int, down: int) -> int:
        """Return the place so many steps away, the nearest where that lies outside."""
        return max(0, min(place + right + down * self.columns, self.count - 1))


def map_layout(count: int, shape: tuple[int, int], room: tuple[int, int], ratio: float = 1.0) -> MapLayout:
    """Fit maps of (rows, columns) into a room of (width, height) pixels of the screen, as large as they can be.

    Args:
        count: how many maps there are.
        shape: their rows and columns; their proportions are kept, within 1:6 and 6:1.
        room: the room there is; what does not fit hangs out at the bottom.
        ratio: pixels of the screen to a logical pixel.
    """
    rows, columns = shape
    tall = max(1 / 6, min(6.0, rows / columns))
    wide = min(1.0, 1 / tall)
    tall = min(1.0, tall)
    best = None
    for side in range(MOST, LEAST - 1, -1):
        best = _fitted(count, (wide, tall), side, room[0], ratio)
        if best.size[1] - best.gap <= room[1]:
            break
    assert best is not None  # noqa: S101 - the range is not empty
    return best


def _fitted(count: int, sides: tuple[float, float], side: int, room: int, ratio: float) -> MapLayout:
    gap = max(1, round((1 if side < 20 else 2 if side < 60 else 4) * ratio))
    width, height = (max(2, round(side * part * ratio)) for part in sides)
    columns = max(1, min(max(1, count), (room + gap) // (width + gap)))
    return MapLayout(count, columns, width, height, gap)


def assemble(tiles: NDArray[np.uint8], layout: MapLayout, first: int, lines: int) -> NDArray[np.uint8]:
    """Return some lines of maps as one picture, (row, column) or (row, column, colour).

    Args:
        tiles: (map, row, column) entries of a colour table, or (map, row, column, 3) colours.
        layout: where they lie.
        first: the first line.
        lines: how many.
    """
    shown = tiles[first * layout.columns : (first + lines) * layout.columns]
    lines = min(lines, layout.lines - first)
    colour = tiles.shape[3:]
    pitch = layout.height + layout.gap, layout.width + layout.gap
    ground = np.full((lines * layout.columns, *pitch, *colour), GAP, np.uint8)
    down = np.arange(layout.height) * shown.shape[1] // layout.height
    across = np.arange(layout.width) * shown.shape[2] // layout.width
    ground[: len(shown), : layout.height, : layout.width] = shown[:, :, across][:, down]
    ground = ground.reshape(lines, layout.columns, *pitch, *colour)
    return np.ascontiguousarray(ground.swapaxes(1, 2)).reshape(lines * pitch[0], layout.columns * pitch[1], *colour)


def reduced(entries: Levels, height: int, width: int, *, signed: bool) -> Levels:
    """Return entries of a colour table, (map, row, column), with no more rows and columns than pixels.

    Of each group the entry farthest from zero stays, so that no peak is lost; where zero is the middle, of either sign.
    """
    return _grouped(_grouped(entries, 1, height, signed=signed), 2, width, signed=signed)


def _grouped(entries: Levels, axis: int, most: int, *, signed: bool) -> Levels:
    group = -(-entries.shape[axis] // max(1, most))
    if group < 2:
        return entries
    parts = [entries[:, i::group] if axis == 1 else entries[:, :, i::group] for i in range(group)]
    high = _folded(parts, np.maximum)
    if not signed:
        return high
    low = _folded(parts, np.minimum)
    return cast(Levels, np.where(high >= STEPS - 1 - low, high, low))


def _folded(parts: list[Levels], choose: np.ufunc) -> Levels:
    """Fold slices, of which the later ones may be one shorter, into the first."""
    out = parts[0].copy()
    for more in parts[1:]:
        into = out[:, : more.shape[1], : more.shape[2]]
        choose(into, more, out=into)
    return out

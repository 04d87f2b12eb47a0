"""Where tokens lie in a canvas: pure geometry, in logical pixels."""

from dataclasses import dataclass, replace
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, QSizeF

from engine.grid import PatchGrid

Region = tuple[float, float, float, float]
"""(left, top, right, bottom) of what the model sees, in fractions of the photo's width and height."""

WHOLE: Region = (0.0, 0.0, 1.0, 1.0)


class Layout(Protocol):
    """Where the tokens of a canvas lie, and which one is next."""

    def token_at(self, point: QPointF) -> int | None:
        """Return the token under a point."""

    def rect_of(self, token: int) -> QRectF | None:
        """Return the rectangle of a token; None where it is not drawn."""

    def step(self, token: int | None, right: int, down: int) -> int | None:
        """Return the token one step away; the first where there is none yet."""


@dataclass(frozen=True)
class ImageLayout:
    """A photo, the region of it the model sees, the patches on that region, and special tokens beside it.

    Attributes:
        photo, region: rectangles of the photo and of what the model sees.
        grid: how tokens lie on the region.
        chips: rectangles of the special tokens, those before the patches first.
        above: the chips lie in a line above the photo, else in a column at its left.
    """

    photo: QRectF
    region: QRectF
    grid: PatchGrid
    chips: tuple[QRectF, ...]
    above: bool = False

    def moved(self, right: float, down: float) -> "ImageLayout":
        """Return the layout moved."""
        photo, region = self.photo.translated(right, down), self.region.translated(right, down)
        return replace(self, photo=photo, region=region, chips=tuple(c.translated(right, down) for c in self.chips))

    def extent(self) -> QRectF:
        """Return what photo, region and chips cover together."""
        out = self.photo.united(self.region)
        for chip in self.chips:
            out = out.united(chip)
        return out

    def special(self) -> tuple[int, ...]:
        """Return the tokens of the chips."""
        after = self.grid.prefix + self.grid.patches
        return (*range(self.grid.prefix), *range(after, self.grid.tokens))

    def token_at(self, point: QPointF) -> int | None:
        """Return the patch or chip under a point."""
        for token, chip in zip(self.special(), self.chips, strict=True):
            if chip.contains(point):
                return token
        if not self.region.contains(point):
            return None
        row = int((point.y() - self.region.top()) / self.region.height() * self.grid.rows)
        column = int((point.x() - self.region.left()) / self.region.width() * self.grid.columns)
        return self.grid.token_at(min(row, self.grid.rows - 1), min(column, self.grid.columns - 1))

    def rect_of(self, token: int) -> QRectF | None:
        """Return the rectangle of a patch or chip."""
        place = self.grid.place_of(token)
        if place is None:
            special = self.special()
            return self.chips[special.index(token)] if token in special else None
        width, height = self.region.width() / self.grid.columns, self.region.height() / self.grid.rows
        return QRectF(self.region.left() + place[1] * width, self.region.top() + place[0] * height, width, height)

    def step(self, token: int | None, right: int, down: int) -> int | None:
        """Walk over patches; left of the first column, or above the first row, lie the chips."""
        grid, special = self.grid, self.special()
        if token is None:
            return grid.token_at(grid.rows // 2, grid.columns // 2)
        place = grid.place_of(token)
        if place is None:
            at = special.index(token) if token in special else 0
            along, away = (right, down) if self.above else (down, right)
            if away > 0:
                return grid.token_at(*((0, min(at, grid.columns - 1)) if self.above else (min(at, grid.rows - 1), 0)))
            return special[max(0, min(len(special) - 1, at + along))]
        row, column = place[0] + down, place[1] + right
        if special and (row if self.above else column) < 0:
            return special[min(column if self.above else row, len(special) - 1)]
        return grid.token_at(max(0, min(row, grid.rows - 1)), max(0, min(column, grid.columns - 1)))


def image_layout(
    size: QSizeF, photo: tuple[int, int], region: Region, grid: PatchGrid, chip: QSizeF, gap: float
) -> ImageLayout:
    """Fit a photo of (width, height) pixels into `size`, chips beside or above it, whichever leaves it larger.

    What lies outside the photo because the model sees padding there is part of the picture.
    """
    count = grid.tokens - grid.patches
    left, top = min(0.0, region[0]) * photo[0], min(0.0, region[1]) * photo[1]
    right, bottom = max(1.0, region[2]) * photo[0], max(1.0, region[3]) * photo[1]
    beside = QSizeF(chip.width() + 2 * gap if count else 0.0, 0.0)
    above = QSizeF(0.0, chip.height() + gap)

    def scale_with(room: QSizeF) -> float:
        width, height = max(1.0, size.width() - room.width()), max(1.0, size.height() - room.height())
        return min(width / (right - left), height / (bottom - top))

    fits = 0 < count * (chip.width() + gap) <= size.width() + gap
    on_top = fits and scale_with(above) > scale_with(beside)
    room = above if on_top else beside
    scale = scale_with(room)
    x = (size.width() - room.width() - (right - left) * scale) / 2 + room.width()
    y = room.height()
    whole = QRectF(x - left * scale, y - top * scale, photo[0] * scale, photo[1] * scale)
    seen = QRectF(
        whole.left() + region[0] * whole.width(),
        whole.top() + region[1] * whole.height(),
        (region[2] - region[0]) * whole.width(),
        (region[3] - region[1]) * whole.height(),
    )
    if on_top:
        chips = [QRectF(x + i * (chip.width() + gap), 0, chip.width(), chip.height()) for i in range(count)]
    else:
        tall = min(chip.height(), (size.height() + gap / 2) / max(1, count) - gap / 2)
        at = x - 2 * gap - chip.width()
        chips = [QRectF(at, y + i * (tall + gap / 2), chip.width(), tall) for i in range(count)]
    over = max(0.0, chips[-1].right() - size.width()) if chips else 0.0  # a narrow photo under many chips
    return ImageLayout(whole, seen, grid, tuple(c.translated(-over, 0) for c in chips), above=on_top)


@dataclass(frozen=True)
class MatrixLayout:
    """A pattern as a matrix: queries down, keys across. The pointer chooses a query or a key.

    Attributes:
        area: where the matrix lies.
        queries, keys: its size.
        by_key: the pointer chooses the key (column), else the query (row).
        window: the part of `area` that is seen where the matrix is magnified; None for all of it.
    """

    area: QRectF
    queries: int
    keys: int
    by_key: bool
    window: QRectF | None = None

    @property
    def seen(self) -> QRectF:
        """Where cells can be seen."""
        return self.area if self.window is None else self.window

    def shown(self) -> tuple[range, range]:
        """Return the queries and the keys of which some part is seen."""
        (top, left), (bottom, right) = (self.cell_at(p) for p in (self.seen.topLeft(), self.seen.bottomRight()))
        return range(top, bottom + 1), range(left, right + 1)

    def token_at(self, point: QPointF) -> int | None:
        """Return the query or key under a point."""
        if not self.seen.contains(point):
            return None
        row, column = self.cell_at(point)
        return column if self.by_key else row

    def cell_at(self, point: QPointF) -> tuple[int, int]:
        """Return (query, key) under a point, the nearest where it lies outside."""
        row = int((point.y() - self.area.top()) / self.area.height() * self.queries)
        column = int((point.x() - self.area.left()) / self.area.width() * self.keys)
        return max(0, min(row, self.queries - 1)), max(0, min(column, self.keys - 1))

    def rect_of(self, token: int) -> QRectF | None:
        """Return the row of a query or the column of a key."""
        count = self.keys if self.by_key else self.queries
        if not 0 <= token < count:
            return None
        if self.by_key:
            width = self.area.width() / count
            return QRectF(self.area.left() + token * width, self.area.top(), width, self.area.height())
        height = self.area.height() / count
        return QRectF(self.area.left(), self.area.top() + token * height, self.area.width(), height)

    def step(self, token: int | None, right: int, down: int) -> int | None:
        """Walk along the queries or the keys; either pair of arrows does."""
        if token is None:
            return 0
        count = self.keys if self.by_key else self.queries
        return max(0, min(token + right + down, count - 1))

"""One thumbnail for each layer, as many in a row as fit; a click chooses a layer."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop_app import copy_menu, theme
from desktop_app.widgets import colour_maps
from desktop_app.widgets.exhibit import Exhibit
from desktop_app.widgets.frames import paint_frame
from desktop_app.widgets.mosaic_exhibit import cell_at
from desktop_app.widgets.token_canvas import by_keyboard

_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -9999, Qt.Key.Key_End: 9999}


class LayerGrid(QWidget):
    """Small maps with captions. It shows which one is chosen and asks for another."""

    picked = Signal(int)
    """The place of the thumbnail that was clicked or walked to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._maps: NDArray[np.float32] = np.zeros((0, 1, 1), np.float32)
        self._captions: tuple[str, ...] = ()
        self._tips: tuple[str, ...] = ()
        self._chosen, self._ring = 0, False
        self._placed: tuple[int, float, float, float] | None = None  # columns, width, height, line
        self._map = colour_maps.MAPS[0]
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(150, 120)
        self.takeaway = copy_menu.join(self, self.exhibit)

    def set_maps(self, maps: NDArray[np.float32], captions: Sequence[str], tips: Sequence[str]) -> None:
        """Show maps, (layer, row, column), each with its own scale, a caption and a tooltip."""
        if maps.shape != self._maps.shape:
            self._placed = None
        self._maps, self._captions, self._tips = maps, tuple(captions), tuple(tips)
        self._describe()
        self.update()

    def set_chosen(self, place: int) -> None:
        """Outline the chosen map."""
        self._chosen = place
        self._describe()
        self.update()

    def set_colour_map(self, name: str) -> None:
        """Colour the maps by another colour map."""
        self._map = name
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size at which twelve maps can be told apart."""
        return QSize(320, 420)

    def columns(self) -> int:
        """Return how many maps stand in a row, so that they are as large as can be."""
        count = max(1, len(self._maps))
        return max(range(1, count + 1), key=lambda columns: (self._side(columns), -columns))

    def rect_of(self, place: int) -> QRectF:
        """Return where a map lies."""
        if self._placed is None:
            columns = self.columns()
            side, ratio = self._side(columns), self._ratio()
            self._placed = columns, side * ratio[0], side * ratio[1], self._line()
        columns, wide, tall, line = self._placed
        row, column = divmod(place, columns)
        top = row * (tall + line + theme.NEAR) + line
        return QRectF(column * (wide + theme.NEAR) + 2, top + 2, wide, tall)

    def place_at(self, point: QPointF) -> int | None:
        """Return the map under a point."""
        line = self._line()
        found = (i for i in range(len(self._maps)) if self.rect_of(i).adjusted(0, -line, 0, 0).contains(point))
        return next(found, None)

    def tip(self, point: QPointF) -> str:
        """Return what the map under a point shows, and the number there."""
        place = self.place_at(point)
        if place is None:
            return ""
        row, column = self._cell(place, point)
        here = self.tr("Here: {value} at row {row}, column {column}")
        value = f"{self._maps[place, row, column]:.6g}"
        return "\n".join((self._tips[place], here.format(value=value, row=row, column=column)))

    def exhibit(self, point: QPointF | None) -> Exhibit | None:
        """Return the map at a point and the number there; an NPZ holds all maps."""
        place = self._chosen if point is None else self.place_at(point)
        if place is None or place >= len(self._maps):
            return None
        number = None if point is None else float(self._maps[place][self._cell(place, point)])
        more = {"maps": self._maps, "map_names": np.array(self._captions, np.str_)}
        return Exhibit("maps", self._maps[place], ("row", "column"), number, more=more)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint the maps, their captions, the outline."""
        painter, worn = QPainter(self), theme.colours(self)
        painter.setFont(theme.sized(self.font(), theme.SMALL))
        line = self._line()
        for place, (values, caption) in enumerate(zip(self._maps, self._captions, strict=True)):
            rect = self.rect_of(place)
            painter.drawImage(rect, self._image(values))
            chosen = place == self._chosen
            painter.setPen(worn.accent if chosen else worn.quiet)
            above = QRectF(rect.left(), rect.top() - line, rect.width() + theme.NEAR, line)
            shown = painter.fontMetrics().elidedText(caption, Qt.TextElideMode.ElideRight, int(above.width()))
            painter.drawText(above, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
            paint_frame(painter, rect.adjusted(-1, -1, 1, 1), worn.accent if chosen else worn.line, 2 if chosen else 1)
        if self._ring and self.hasFocus():
            paint_frame(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), worn.accent, 2)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Place everything anew."""
        self._placed = None
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the font."""
        self._placed = None
        super().changeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Choose a map."""
        place = self.place_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and place is not None:
            self.picked.emit(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Walk with the arrows."""
        self._ring = True
        steps = {**_KEYS, Qt.Key.Key_Up: -self.columns(), Qt.Key.Key_Down: self.columns()}
        if event.key() in steps and len(self._maps):
            to = min(max(self._chosen + steps[Qt.Key(event.key())], 0), len(self._maps) - 1)
            if to != self._chosen:
                self.picked.emit(to)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the focus ring to who came by keyboard."""
        self._ring = by_keyboard(event)
        super().focusInEvent(event)

    def event(self, event: QEvent) -> bool:
        """Say what a map shows in the tooltip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def _cell(self, place: int, point: QPointF) -> tuple[int, int]:
        """Return the row and column of a map under a point."""
        _, rows, columns = self._maps.shape
        return cell_at(self.rect_of(place), rows, columns, point)

    def _describe(self) -> None:
        self.setAccessibleDescription(self._tips[self._chosen] if self._chosen < len(self._tips) else "")

    def _line(self) -> float:
        return QFontMetrics(theme.sized(self.font(), theme.SMALL)).height()

    def _ratio(self) -> tuple[float, float]:
        """Width and height of a map whose longer side is 1."""
        _, rows, columns = self._maps.shape
        return min(1.0, columns / rows), min(1.0, rows / columns)

    def _side(self, columns: int) -> float:
        """Return the longer side of a map with so many in a row."""
        rows = math.ceil(max(1, len(self._maps)) / columns)
        wide, tall = self._ratio()
        across = (self.width() - 4 - theme.NEAR * (columns - 1)) / columns / wide
        down = ((self.height() - 4 - theme.NEAR * (rows - 1)) / rows - self._line()) / tall
        return max(12.0, min(across, down, 240.0))

    def _image(self, values: NDArray[np.float32]) -> QImage:
        high = float(np.nanmax(values)) if np.isfinite(values).any() else 0.0
        table = colour_maps.table(self._map, theme.colours(self).missing)
        return colour_maps.indexed(colour_maps.levels(values, high), table).convertToFormat(QImage.Format.Format_RGB32)

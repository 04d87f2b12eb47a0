"""Rows of numbers as colour strips, one under the other: each number under the pointer is read exactly."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop_app import copy_menu, theme
from desktop_app.widgets import colour_maps
from desktop_app.widgets.exhibit import Exhibit
from desktop_app.widgets.frames import paint_frame
from desktop_app.widgets.token_canvas import by_keyboard

Floats = NDArray[np.float32]

SIGNED = "vik"
"""Map for numbers below and above zero, readable without red or green (Crameri et al. 2020)."""
_LABEL, _NUMBER, _STRIP = 152, 84, 26


@dataclass(frozen=True)
class Strip:
    """One row.

    Attributes:
        label: what it is.
        values: (place,); not finite where there is no number.
        axis: rows of one axis are pointed at together: "key" or "dim".
        signed: coloured around zero; else from zero up.
        number: shown at the end of the row.
        heading: stands above the row and opens a group.
        meaning: one sentence on what it shows.
        best: places that are underlined.
        high: the number of the last colour, where rows shall be compared; the row's own largest else.
    """

    label: str
    values: Floats = field(compare=False)
    axis: str
    signed: bool = True
    number: str = ""
    heading: str = ""
    meaning: str = ""
    high: float | None = None
    best: tuple[int, ...] = ()


class StripTable(QWidget):
    """Strips with labels; the pointer marks one place on all strips of its axis, Up and Down step through rows."""

    pointed = Signal(str, object)
    """The axis and the place under the pointer; None when it left."""
    stepped = Signal(int)
    """Another row was chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strips: tuple[Strip, ...] = ()
        self._marks: dict[str, int | None] = {}
        self._row, self._ring = 0, False
        self._map = colour_maps.MAPS[0]
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.takeaway = copy_menu.join(self, self.exhibit)

    def set_strips(self, strips: Sequence[Strip]) -> None:
        """Show other rows."""
        grown = [s.heading for s in strips] != [s.heading for s in self._strips]
        self._strips = tuple(strips)
        self._row = min(self._row, max(0, len(strips) - 1))
        if grown:
            self.updateGeometry()
        self.update()

    def set_mark(self, axis: str, place: int | None) -> None:
        """Mark a place on all strips of an axis."""
        if self._marks.get(axis) != place:
            self._marks[axis] = place
            self.update()

    def set_row(self, row: int) -> None:
        """Choose a row."""
        self._row = row
        if 0 <= row < len(self._strips):
            self.setAccessibleDescription(self._strips[row].label)
        self.update()

    def set_colour_map(self, name: str) -> None:
        """Colour strips that are not signed by another map."""
        self._map = name
        self.update()

    @property
    def row(self) -> int:
        """The chosen row."""
        return self._row

    @property
    def strips(self) -> tuple[Strip, ...]:
        """What is shown."""
        return self._strips

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the height of all rows."""
        return QSize(420, int(self._tops()[-1]))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Rows need their height; the width may shrink."""
        return QSize(_LABEL + _NUMBER + 80, int(self._tops()[-1]))

    def strip_rect(self, row: int) -> QRectF:
        """Return where the colours of a row lie."""
        top = self._tops()[row] + (self._line() + theme.APART if self._strips[row].heading else 0)
        return QRectF(_LABEL, top, max(1, self.width() - _LABEL - _NUMBER), _STRIP)

    def place_at(self, point: QPointF) -> tuple[int, int | None] | None:
        """Return (row, place) at a point; the place is None beside the strip."""
        for row, strip in enumerate(self._strips):
            rect = self.strip_rect(row)
            if rect.top() <= point.y() < rect.bottom() + theme.TIGHT:
                inside = rect.left() <= point.x() < rect.right() and strip.values.size
                place = int((point.x() - rect.left()) / rect.width() * strip.values.size) if inside else None
                return row, place
        return None

    def exhibit(self, point: QPointF | None) -> Exhibit | None:
        """Return the row at a point and the number there; files hold all rows that are as long, an NPZ every one."""
        if not self._strips:
            return None
        row, place = (self.place_at(point) if point is not None else None) or (self._row, None)
        strip = self._strips[row]
        place = self._marks.get(strip.axis) if point is None else place
        number = float(strip.values[place]) if place is not None and place < strip.values.size else None
        alike = [s for s in self._strips if (s.axis, s.values.size) == (strip.axis, strip.values.size)]
        return Exhibit(
            "rows",
            np.stack([s.values for s in alike]),
            ("row", strip.axis),
            number,
            labels={"row": [s.label for s in alike]},
            sheet=[strip.values.tolist()],
            more={f"{at:02d} {s.label}": s.values for at, s in enumerate(self._strips)},
        )

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint labels, strips, numbers and marks."""
        painter, worn = QPainter(self), theme.colours(self)
        for row, strip in enumerate(self._strips):
            rect = self.strip_rect(row)
            if strip.heading:
                painter.setFont(theme.sized(self.font(), theme.NORMAL, bold=True))
                painter.setPen(worn.text)
                line = self._line()
                self._write(painter, strip.heading, QRectF(0, rect.top() - line - theme.TIGHT, self.width(), line))
            painter.setFont(theme.sized(self.font(), theme.NORMAL, bold=row == self._row))
            painter.setPen(worn.text if row == self._row else worn.quiet)
            self._write(painter, strip.label, QRectF(0, rect.top(), _LABEL - theme.NEAR, _STRIP))
            self._write(painter, strip.number, QRectF(rect.right() + theme.NEAR, rect.top(), _NUMBER, _STRIP))
            self._paint_strip(painter, strip, rect)
            if row == self._row:
                paint_frame(painter, rect, worn.accent, 2)
            self._paint_best(painter, strip, rect)
            self._paint_mark(painter, strip, rect)
        if self._ring and self.hasFocus():
            paint_frame(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), worn.accent, 2)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Mark the place under the pointer."""
        found = self.place_at(event.position())
        if found is not None and found[1] is not None:
            self.pointed.emit(self._strips[found[0]].axis, found[1])

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Choose a row."""
        found = self.place_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and found is not None:
            self.stepped.emit(found[0])

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Let go of the marks."""
        for axis in {strip.axis for strip in self._strips}:
            self.pointed.emit(axis, None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Step through rows with Up and Down, through places with Left and Right."""
        self._ring = True
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._strips:
            to = self._row + (1 if key == Qt.Key.Key_Down else -1)
            self.stepped.emit(min(max(to, 0), len(self._strips) - 1))
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self._strips:
            strip = self._strips[self._row]
            now = self._marks.get(strip.axis)
            to = 0 if now is None else now + (1 if key == Qt.Key.Key_Right else -1)
            self.pointed.emit(strip.axis, min(max(to, 0), strip.values.size - 1))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the focus ring to who came by keyboard."""
        self._ring = by_keyboard(event)
        super().focusInEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show exact numbers in the tooltip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self.place_at(QPointF(event.pos()))
            text = ""
            if found is not None:
                strip = self._strips[found[0]]
                value = "" if found[1] is None else f" [{found[1]}] = {strip.values[found[1]]:.6g}"
                text = f"{strip.label}{value}"
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def _tops(self) -> list[float]:
        """Top of each row, headings included, and the bottom of all."""
        tops, at = [], 0.0
        for strip in self._strips:
            tops.append(at)
            at += _STRIP + theme.TIGHT + (self._line() + theme.APART if strip.heading else 0)
        return [*tops, at]

    def _line(self) -> float:
        return QFontMetrics(theme.sized(self.font(), theme.NORMAL, bold=True)).height()

    def _write(self, painter: QPainter, text: str, rect: QRectF) -> None:
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(rect.width()))
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_strip(self, painter: QPainter, strip: Strip, rect: QRectF) -> None:
        worn = theme.colours(self)
        if not strip.values.size:
            return
        values = reduced(strip.values, int(rect.width() * self.devicePixelRatioF()))
        table = colour_maps.table(SIGNED if strip.signed else self._map, worn.missing)
        painter.drawImage(rect, colour_maps.indexed(entries(values, signed=strip.signed, high=strip.high)[None], table))

    def _paint_best(self, painter: QPainter, strip: Strip, rect: QRectF) -> None:
        width = rect.width() / max(1, strip.values.size)
        for place in strip.best:
            line = QRectF(rect.left() + place * width, rect.bottom() + 1, max(width - 1, 2.0), 2)
            painter.fillRect(line, theme.colours(self).accent)

    def _paint_mark(self, painter: QPainter, strip: Strip, rect: QRectF) -> None:
        place = self._marks.get(strip.axis)
        if place is None or place >= strip.values.size:
            return
        worn = theme.colours(self)
        width = rect.width() / strip.values.size
        cell = QRectF(rect.left() + place * width, rect.top(), max(width, 2.0), rect.height())
        paint_frame(painter, cell, worn.window, 4)
        paint_frame(painter, cell, worn.text, 2)


def entries(values: Floats, *, signed: bool, high: float | None = None) -> colour_maps.Levels:
    """Turn a row into entries of a colour table: zero in the middle if signed; what is no number is missing."""
    told = np.where(np.isfinite(values), values, np.float32(np.nan))
    if high is None:
        high = float(np.nanmax(np.abs(told))) if np.isfinite(told).any() else 0.0
    if not signed:
        return colour_maps.levels(told, high)
    return colour_maps.levels((told + np.float32(high)).astype(np.float32), 2 * high)


def reduced(values: Floats, most: int) -> Floats:
    """Return at most `most` numbers: of each group the one farthest from zero, so that no peak is lost."""
    if values.size <= most or most < 1:
        return values
    edges = np.linspace(0, values.size, most + 1).astype(int)[:-1]
    size = np.where(np.isfinite(values), np.abs(values), -1)
    high, low = np.maximum.reduceat(values, edges), np.minimum.reduceat(values, edges)
    top = np.maximum.reduceat(size, edges)
    return cast(Floats, np.where(np.abs(high) == top, high, low))

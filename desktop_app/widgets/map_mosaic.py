"""Any number of maps of one layer as one picture: one widget, one image of table entries."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from desktop_app import copy_menu, theme
from desktop_app.widgets import colour_maps
from desktop_app.widgets.exhibit import Exhibit
from desktop_app.widgets.frames import paint_frame
from desktop_app.widgets.map_layout import MapLayout, assemble, map_layout, reduced
from desktop_app.widgets.signed import SIGNED, signed_levels
from desktop_app.widgets.token_canvas import by_keyboard

Order = Sequence[int] | NDArray[np.intp]
_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_PageUp: (0, -6),
    Qt.Key.Key_PageDown: (0, 6),
    Qt.Key.Key_Home: (-1 << 30, 0),
    Qt.Key.Key_End: (1 << 30, 0),
}


class MapMosaic(QAbstractScrollArea):
    """Maps in lines. It shows which one is chosen and asks for another; it speaks of maps by their own numbers."""

    picked = Signal(int)
    """The number of the map that was clicked or walked to."""

    def __init__(self, describe: Callable[[int], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._describe = describe
        self._maps: NDArray[np.float32] | NDArray[np.uint8] = np.zeros((0, 1, 1), np.float32)
        self._high: NDArray[np.float32] = np.zeros(0, np.float32)
        self._signed = True
        self._order: NDArray[np.intp] = np.zeros(0, np.intp)
        self._chosen, self._ring = 0, False
        self._under: int | None = None
        self._map = colour_maps.MAPS[0]
        self._placed: MapLayout | None = None
        self._image: QImage | None = None
        self._line = 0  # of the layout, the first in the image
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.setMinimumSize(140, 100)
        self.takeaway = copy_menu.join(self, self.exhibit, picture=self.picture)

    def set_maps(self, maps: NDArray[np.float32], high: NDArray[np.float32], order: Order, *, signed: bool) -> None:
        """Show maps, (map, row, column).

        Args:
            maps: the numbers; not finite where there is none.
            high: the number of the last colour for each map, (map,).
            order: which map comes first, second, …; some may be left out.
            signed: coloured around zero, by a map of its own; else from zero up.
        """
        places = np.asarray(order, np.intp)
        same = maps is self._maps and signed == self._signed and np.array_equal(high, self._high)
        if same and np.array_equal(places, self._order):
            return  # only the chosen map is another
        self._take(maps, places)
        self._high, self._signed = high, signed
        self._redraw()

    def set_pictures(self, pixels: NDArray[np.uint8], order: Order) -> None:
        """Show pictures in their own colours, (map, row, column, 3) uint8."""
        self._take(pixels, np.asarray(order, np.intp))
        self._redraw()

    def set_chosen(self, number: int) -> None:
        """Outline the chosen map and bring it into sight."""
        if number != self._chosen:
            self._chosen = number
            self._reveal()
        self.setAccessibleDescription(self._describe(number) if self.place_of(number) is not None else "")
        self.viewport().update()

    def set_colour_map(self, name: str) -> None:
        """Colour the maps that begin at zero by another map."""
        self._map = name
        if self._image is not None and self._image.format() == QImage.Format.Format_Indexed8:
            self._image.setColorTable(self._table())
        self.viewport().update()

    def numbers(self) -> NDArray[np.intp]:
        """Return the numbers of the maps in the order shown, (place,)."""
        return self._order

    def layout_now(self) -> MapLayout:
        """Return where the maps lie, in pixels of the screen; scrolling moves them."""
        if self._placed is None:
            ratio, view = self.devicePixelRatioF(), self.viewport().size()
            room = round(view.width() * ratio), round(view.height() * ratio)
            self._placed = map_layout(len(self._order), self._maps.shape[1:3], room, ratio)
        return self._placed

    def place_of(self, number: int) -> int | None:
        """Return at which place a map stands; None where it is left out."""
        found = np.flatnonzero(self._order == number)
        return int(found[0]) if found.size else None

    def rect_of(self, number: int) -> QRectF | None:
        """Return where a map lies in the viewport now."""
        place = self.place_of(number)
        if place is None:
            return None
        layout, ratio = self.layout_now(), self.devicePixelRatioF()
        left, top = layout.corner(place)
        down = self.verticalScrollBar().value()
        return QRectF(left / ratio, top / ratio - down, layout.width / ratio, layout.height / ratio)

    def exhibit(self, point: QPointF | None) -> Exhibit | None:
        """Return the map at a point and its number there; the chosen map where the point is None."""
        number = self._chosen if point is None else self._at(point.toPoint())
        if number is None or self.place_of(number) is None:
            return None
        values = self._maps[number]
        if values.ndim == 3:
            return Exhibit(f"kernel-{number}", values, ("row", "column", "colour"))
        rect = self.rect_of(number)
        if point is None or rect is None:
            return Exhibit(f"map-{number}", values, ("row", "column"))
        rows, columns = values.shape
        row = min(rows - 1, int((point.y() - rect.top()) / rect.height() * rows))
        column = min(columns - 1, int((point.x() - rect.left()) / rect.width() * columns))
        return Exhibit(f"map-{number}", values, ("row", "column"), float(values[row, column]))

    def picture(self) -> QImage:
        """Return all maps, those out of sight too, without outlines."""
        layout = self.layout_now()
        return self._drawn(0, layout.lines).convertToFormat(QImage.Format.Format_RGB32)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size at which maps can be told apart."""
        return QSize(480, 440)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint the maps in sight, the outlines, the focus ring."""
        painter, worn = QPainter(self.viewport()), theme.colours(self)
        painter.fillRect(self.viewport().rect(), worn.window)
        if len(self._order):
            layout, ratio, down = self.layout_now(), self.devicePixelRatioF(), self.verticalScrollBar().value()
            pitch = layout.height + layout.gap
            first = int(down * ratio // pitch)
            lines = int(self.viewport().height() * ratio // pitch) + 2
            if self._image is None or self._line != first:
                self._image, self._line = self._drawn(first, lines), first
            at = QRectF(0, first * pitch / ratio - down, self._image.width() / ratio, self._image.height() / ratio)
            painter.drawImage(at, self._image.convertToFormat(QImage.Format.Format_RGB32))
            self._paint_outlines(painter)
        if self._ring and self.hasFocus():
            paint_frame(painter, QRectF(self.viewport().rect()).adjusted(1, 1, -1, -1), worn.accent, 2)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Place everything anew."""
        super().resizeEvent(event)
        self._arrange()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: ARG002, N802
        """Draw the other part."""
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._redraw()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Outline the map under the pointer."""
        self._set_under(self._at(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Choose a map with the left button."""
        at = self._at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and at is not None:
            self.picked.emit(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Walk over the maps with the arrows."""
        self._ring = True
        key = event.key()
        if key in _STEPS and len(self._order):
            to = self.layout_now().step(self.place_of(self._chosen) or 0, *_STEPS[Qt.Key(key)])
            if self._order[to] != self._chosen:
                self.picked.emit(int(self._order[to]))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the focus ring to who came by keyboard."""
        self._ring = by_keyboard(event)
        super().focusInEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802
        """Say in the tooltip what a map is; forget the pointer when it leaves."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self._at(event.pos())
            rect = self.rect_of(at) if at is not None else None
            text = self._describe(at) if at is not None else ""
            QToolTip.showText(event.globalPos(), text, self, QRect() if rect is None else rect.toAlignedRect())
            return True
        if event.type() == QEvent.Type.Leave:
            self._set_under(None)
        return bool(super().viewportEvent(event))

    def _take(self, maps: NDArray[np.float32] | NDArray[np.uint8], order: NDArray[np.intp]) -> None:
        same = maps.shape[1:3] == self._maps.shape[1:3] and len(order) == len(self._order)
        self._maps, self._order = maps, order
        if not same:
            self._arrange()

    def _at(self, point: QPoint) -> int | None:
        if not len(self._order):
            return None
        ratio = self.devicePixelRatioF()
        place = self.layout_now().at(point.x() * ratio, (point.y() + self.verticalScrollBar().value()) * ratio)
        return None if place is None else int(self._order[place])

    def _set_under(self, number: int | None) -> None:
        if number != self._under:
            self._under = number
            self.viewport().update()

    def _drawn(self, first: int, lines: int) -> QImage:
        """Return some lines as a picture."""
        layout = self.layout_now()
        from_, to = first * layout.columns, (first + lines) * layout.columns
        wanted = self._order[from_:to]
        part = MapLayout(len(wanted), layout.columns, layout.width, layout.height, layout.gap)
        if self._maps.ndim == 4:
            pixels = assemble(self._maps[wanted].astype(np.uint8), part, 0, lines)
            return _coloured(pixels, theme.colours(self).window, part)
        paint = signed_levels if self._signed else colour_maps.levels
        entries = paint(self._maps[wanted].astype(np.float32, copy=False), self._high[wanted][:, None, None])
        entries = reduced(entries, layout.height, layout.width, signed=self._signed)
        return colour_maps.indexed(assemble(entries, part, 0, lines), self._table())

    def _paint_outlines(self, painter: QPainter) -> None:
        worn = theme.colours(self)
        under = self.rect_of(self._under) if self._under is not None and self._under != self._chosen else None
        if under is not None:
            paint_frame(painter, under.adjusted(-0.5, -0.5, 0.5, 0.5), worn.text, 1)
        chosen = self.rect_of(self._chosen)
        if chosen is not None:
            paint_frame(painter, chosen, worn.window, 4)
            paint_frame(painter, chosen, worn.accent, 2)

    def _table(self) -> list[int]:
        worn = theme.colours(self)
        return colour_maps.table(SIGNED if self._signed else self._map, worn.missing, worn.window)

    def _redraw(self) -> None:
        self._image = None
        self.viewport().update()

    def _arrange(self) -> None:
        """Place everything anew and set the scroll bar to what does not fit."""
        self._placed = None
        bar, ratio = self.verticalScrollBar(), self.devicePixelRatioF()
        layout = self.layout_now()
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(max(1, round((layout.height + layout.gap) / ratio)))
        bar.setRange(0, max(0, round((layout.size[1] - layout.gap) / ratio) - self.viewport().height()))
        self._redraw()
        self._reveal()

    def _reveal(self) -> None:
        """Scroll so that the chosen map is in sight."""
        rect, bar = self.rect_of(self._chosen), self.verticalScrollBar()
        if rect is not None and rect.top() < 0:
            bar.setValue(bar.value() + int(rect.top()))
        elif rect is not None and rect.bottom() > self.viewport().height():
            bar.setValue(bar.value() + int(rect.bottom() - self.viewport().height()) + 1)


def _coloured(pixels: NDArray[np.uint8], ground: QColor, layout: MapLayout) -> QImage:
    """Return a picture of colours, (row, column, 3); gaps and empty places get the ground's colour."""
    rows, columns = pixels.shape[:2]
    blank = (np.arange(columns) % (layout.width + layout.gap) >= layout.width)[None, :]
    blank = blank | (np.arange(rows) % (layout.height + layout.gap) >= layout.height)[:, None]
    place = (np.arange(rows) // (layout.height + layout.gap))[:, None] * layout.columns
    blank = blank | (place + (np.arange(columns) // (layout.width + layout.gap))[None, :] >= layout.count)
    pixels[blank] = (ground.red(), ground.green(), ground.blue())
    return QImage(pixels.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()

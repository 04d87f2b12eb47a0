"""All layers × heads as one picture: one widget, one image, however many heads a model has."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QFontMetrics,
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
from desktop_app.widgets.mosaic_exhibit import cell_at, exhibit_of
from desktop_app.widgets.mosaic_layout import MosaicLayout, Tiles, mosaic_layout
from desktop_app.widgets.mosaic_paint import LabelLayer, LabelLook, assemble, paint_labels
from desktop_app.widgets.token_canvas import by_keyboard

_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_PageUp: (0, -4),
    Qt.Key.Key_PageDown: (0, 4),
    Qt.Key.Key_Home: (-9999, 0),
    Qt.Key.Key_End: (9999, 0),
}


class Mosaic(QAbstractScrollArea):
    """Thumbnails of every head. It shows which one is chosen and asks for another; labels stay in sight."""

    picked = Signal(int, int)
    """Site and head that were clicked or walked to."""
    unpinned = Signal()
    """Esc was pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: tuple[Tiles, ...] = ()
        self._chosen = (0, 0)
        self._under: tuple[int, int] | None = None
        self._map = colour_maps.MAPS[0]
        self._placed: MosaicLayout | None = None
        self._image: QImage | None = None
        self._labels = LabelLayer()
        self._ring = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(160, 120)
        self.takeaway = copy_menu.join(self, self.exhibit, picture=self.picture)

    def set_tiles(self, tiles: Sequence[Tiles]) -> None:
        """Show the thumbnails of all layers."""
        same = [t.shape for t in tiles] == [t.shape for t in self._tiles]
        same = same and [t.label for t in tiles] == [t.label for t in self._tiles]
        self._tiles = tuple(tiles)
        if not same:
            self._arrange()
        self._redraw()

    def set_chosen(self, site: int, head: int) -> None:
        """Outline the chosen head and bring it into sight."""
        if (site, head) != self._chosen:
            self._chosen = (site, head)
            self._reveal()
        self.setAccessibleDescription(self.describe(site, head))
        self.viewport().update()

    def set_colour_map(self, name: str) -> None:
        """Colour the thumbnails by another map."""
        self._map = name
        if self._image is not None:
            self._image.setColorTable(self._table())
        self.viewport().update()

    def layout_now(self) -> MosaicLayout:
        """Return where everything lies now, in the content; scrolling moves the content."""
        if self._placed is None:
            metrics = QFontMetrics(self._label_font())
            left = max((metrics.horizontalAdvance(t.label) for t in self._tiles), default=0) + theme.NEAR + theme.TIGHT
            shapes = [t.shape for t in self._tiles]
            top = metrics.height() + theme.TIGHT
            self._placed = mosaic_layout(shapes, self.viewport().size(), left, top)
        return self._placed

    def place_of(self, site: int, head: int) -> QRect:
        """Return where a thumbnail lies in the viewport now."""
        return self.layout_now().rect(site, head).translated(-self._offset())

    def describe(self, site: int, head: int) -> str:
        """Return what a thumbnail is and its exact largest number, in the current language."""
        if not (site < len(self._tiles) and head < self._tiles[site].shape[0]):
            return ""
        tiles = self._tiles[site]
        title = self.tr("Layer {layer}, head {head}").format(layer=tiles.label, head=head)
        values = tiles.values[head]
        if np.isnan(values).all():
            return self.tr("{title}\n{name}\nNothing to show here yet").format(title=title, name=tiles.name)
        row, column = np.unravel_index(int(np.nanargmax(values)), values.shape)
        text = self.tr("{title}\n{name}\nLargest: {value} at row {row}, column {column}")
        largest = f"{float(np.nanmax(values)):.6g}"
        return text.format(title=title, name=tiles.name, value=largest, row=int(row), column=int(column))

    def tip(self, point: QPoint) -> str:
        """Return what a thumbnail is, its largest number, and the number under a point of the viewport."""
        at = self.at(QPointF(point))
        if at is None:
            return ""
        text, cell, values = self.describe(*at), self._cell(*at, QPointF(point)), self._tiles[at[0]].values[at[1]]
        if values.size == 1 or np.isnan(values[cell]):
            return text
        here = self.tr("Here: {value} at row {row}, column {column}")
        return "\n".join((text, here.format(value=f"{values[cell]:.6g}", row=cell[0], column=cell[1])))

    def exhibit(self, point: QPointF | None) -> Exhibit | None:
        """Return the thumbnail at a point and the number there."""
        at = self.at(point)
        cell = None if point is None or at is None else self._cell(*at, point)
        return None if at is None else exhibit_of(self._tiles, at, cell)

    def at(self, point: QPointF | None) -> tuple[int, int] | None:
        """Return the site and head at a point of the viewport, the chosen ones where it is None."""
        if point is not None:
            return self._at(point.toPoint())
        return self._chosen if self._exists(*self._chosen) else None

    def picture(self) -> QImage:
        """Return all thumbnails with their labels, those out of sight too, without outlines."""
        layout, worn, ratio = self.layout_now(), theme.colours(self), self.devicePixelRatioF()
        room, nowhere = layout.size.expandedTo(QSize(1, 1)), QPoint(0, 0)
        image = assemble(self._tiles, layout, room, nowhere, ratio, self._table())
        image = image.convertToFormat(QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        painter = QPainter(image)
        painter.setFont(self._label_font())
        paint_labels(painter, layout, [t.label for t in self._tiles], nowhere, (-1, -1), worn, room)
        painter.end()
        return image

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size at which thumbnails can be told apart."""
        return QSize(520, 520)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint the thumbnails, the outlines, the labels over them, the focus ring."""
        painter = QPainter(self.viewport())
        worn, layout, offset = theme.colours(self), self.layout_now(), self._offset()
        if not self._tiles:
            painter.fillRect(self.viewport().rect(), worn.window)
            return
        ratio = self.devicePixelRatioF()
        if self._image is None or self._image.devicePixelRatio() != ratio:
            self._image = assemble(self._tiles, layout, self.viewport().size(), offset, ratio, self._table())
        painter.drawImage(0, 0, self._image.convertToFormat(QImage.Format.Format_RGB32))  # Qt is slow at indices
        labels = tuple(tiles.label for tiles in self._tiles)
        self._labels.paint(painter, LabelLook(layout, labels, offset.toTuple(), self._chosen, worn), self._label_font())
        painter.setClipRect(self.viewport().rect().adjusted(layout.left - 3, layout.top - 3, 0, 0))
        if self._under is not None and self._under != self._chosen:
            paint_frame(painter, _around(self.place_of(*self._under), 1), worn.text, 1)
        if self._exists(*self._chosen):
            paint_frame(painter, _around(self.place_of(*self._chosen), 2), worn.accent, 2)
        painter.setClipping(False)
        if self._ring and self.hasFocus():
            paint_frame(painter, QRectF(self.viewport().rect()).adjusted(1, 1, -1, -1), worn.accent, 2)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Place everything anew."""
        super().resizeEvent(event)
        self._arrange()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: ARG002, N802
        """Draw the other part."""
        self._redraw()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow theme and font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._arrange()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Outline the thumbnail under the pointer."""
        self._set_under(self._at(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Choose a head with the left button."""
        at = self._at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and at is not None:
            self.picked.emit(*at)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Walk over the heads with the arrows."""
        key = event.key()
        self._ring = True
        if self._tiles and key in _STEPS:
            to = self.layout_now().step(*self._chosen, *_STEPS[Qt.Key(key)])
            if to != self._chosen:
                self.picked.emit(*to)
        elif key == Qt.Key.Key_Escape:
            self.unpinned.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the focus ring to who came by keyboard."""
        self._ring = by_keyboard(event)
        super().focusInEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802
        """Show exact numbers in the tooltip; forget the pointer when it leaves."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self._at(event.pos())
            text = self.tip(event.pos())
            QToolTip.showText(event.globalPos(), text, self, self.place_of(*at) if at is not None else QRect())
            return True
        if event.type() == QEvent.Type.Leave:
            self._set_under(None)
        return bool(super().viewportEvent(event))

    def _exists(self, site: int, head: int) -> bool:
        return site < len(self._tiles) and head < self._tiles[site].shape[0]

    def _at(self, point: QPoint) -> tuple[int, int] | None:
        layout = self.layout_now()
        if point.y() < layout.top or point.x() < layout.left:
            return None
        content = point + self._offset()
        return layout.at(content.x(), content.y())

    def _cell(self, site: int, head: int, point: QPointF) -> tuple[int, int]:
        """Return the row and column of a thumbnail under a point of the viewport."""
        _, rows, columns = self._tiles[site].shape
        return cell_at(QRectF(self.place_of(site, head)), rows, columns, point)

    def _offset(self) -> QPoint:
        return QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def _set_under(self, at: tuple[int, int] | None) -> None:
        if at != self._under:
            self._under = at
            self.viewport().update()

    def _label_font(self) -> QFont:
        return theme.sized(self.font(), theme.SMALL)

    def _table(self) -> list[int]:
        worn = theme.colours(self)
        return colour_maps.table(self._map, worn.missing, worn.window)

    def _redraw(self) -> None:
        self._image = None
        self.viewport().update()

    def _arrange(self) -> None:
        """Place everything anew and set the scroll bars to what does not fit."""
        self._placed = None
        content, room = self.layout_now().size, self.viewport().size()
        bars = (self.horizontalScrollBar(), self.verticalScrollBar())
        for bar, need, have in zip(bars, content.toTuple(), room.toTuple(), strict=True):
            bar.setPageStep(have)
            bar.setSingleStep(max(1, self.layout_now().width))
            bar.setRange(0, max(0, need - have))
        self._redraw()

    def _reveal(self) -> None:
        """Scroll so that the chosen head is in sight."""
        if not self._exists(*self._chosen):
            return
        layout, room = self.layout_now(), self.viewport().size()
        rect = layout.rect(*self._chosen)
        for bar, near, far, label, have in (
            (self.horizontalScrollBar(), rect.left(), rect.right(), layout.left, room.width()),
            (self.verticalScrollBar(), rect.top(), rect.bottom(), layout.top, room.height()),
        ):
            bar.setValue(min(near - label, max(bar.value(), far + layout.gap - have)))


def _around(rect: QRect, width: int) -> QRectF:
    """Return a rectangle whose frame of a width lies just outside."""
    return QRectF(rect).adjusted(-width / 2, -width / 2, width / 2, width / 2)

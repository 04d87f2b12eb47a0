"""A mosaic of maps that tells of every cell under the pointer, with a number or word on each map."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QToolTip, QWidget

from desktop_app import theme
from desktop_app.widgets.image_paint import layer
from desktop_app.widgets.map_layout import MapLayout
from desktop_app.widgets.map_mosaic import MapMosaic

Cell = tuple[int, int, int]
"""Map, row and column."""
_LEAST_LINE = 14.0
"""Lines of maps lower than this are scrolled instead."""
_LEAST = 26.0
"""Maps smaller than this on the screen get no caption."""


class CellMosaic(MapMosaic):
    """The mosaic of maps. What is under the pointer is a cell of a map; its exact number is in the tooltip.

    Args:
        describe: says what a map is.
        tell: says what a cell of a map is, with its exact number.
    """

    pointed = Signal(object)
    """The cell under the pointer, (map, row, column); None where there is none."""

    def __init__(
        self, describe: Callable[[int], str], tell: Callable[[int, int, int], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(describe, parent)
        self._tell = tell
        self._captions: tuple[str, ...] = ()
        self._cell: Cell | None = None
        self._columns: int | None = None
        self._written: tuple[object, QPixmap] | None = None

    def set_columns(self, columns: int | None) -> None:
        """Set so many maps in a line, as large as they can be; None lets the room decide."""
        if columns != self._columns:
            self._columns = columns
            self._arrange()

    def layout_now(self) -> MapLayout:
        """Return where the maps lie, in pixels of the screen; scrolling moves them."""
        if self._columns is None or self._placed is not None or not len(self._order):
            return super().layout_now()
        ratio, view, columns = self.devicePixelRatioF(), self.viewport().size(), self._columns
        gap, tall = max(1, round(2 * ratio)), self._maps.shape[1] / self._maps.shape[2]
        lines = -(-len(self._order) // columns)
        wide = min(
            (view.width() * ratio + gap) / columns - gap,
            max((view.height() * ratio + gap) / lines - gap, _LEAST_LINE * ratio) / tall,
        )
        width = max(2, int(wide))
        self._placed = MapLayout(len(self._order), columns, width, max(2, round(width * tall)), gap)
        return self._placed

    def set_captions(self, captions: Sequence[str]) -> None:
        """Write something on every map, by its number; nothing where there is no caption."""
        self._captions = tuple(captions)
        self.viewport().update()

    def cell_at(self, point: QPoint) -> Cell | None:
        """Return the cell at a point of the viewport."""
        number = self._at(point)
        rect = None if number is None else self.rect_of(number)
        if number is None or rect is None or not rect.width() or not rect.height():
            return None
        rows, columns = self._maps.shape[1:3]
        row = int((point.y() - rect.top()) / rect.height() * rows)
        column = int((point.x() - rect.left()) / rect.width() * columns)
        return number, min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the maps and what is written on them."""
        super().paintEvent(event)
        if not self._captions or not len(self._order):
            return
        layout, ratio = self.layout_now(), self.devicePixelRatioF()
        if min(layout.width, layout.height) / ratio < _LEAST:
            return
        kept = (layout, ratio, self._captions, tuple(self._order.tolist()), self.verticalScrollBar().value())
        if self._written is None or self._written[0] != kept:
            self._written = kept, layer(self.viewport().size(), ratio)
            within = QPainter(self._written[1])
            self._write(within)
            within.end()
        painter = QPainter(self.viewport())
        painter.drawPixmap(0, 0, self._written[1])
        self._paint_outlines(painter)
        painter.end()

    def _write(self, painter: QPainter) -> None:
        """Write the captions in sight, which is dear, onto a layer that is kept."""
        painter.setFont(theme.sized(self.font(), theme.SMALL * 0.85))
        metrics = painter.fontMetrics()
        for number in self._order.tolist():
            rect = self.rect_of(number)
            caption = self._captions[number] if number < len(self._captions) else ""
            if rect is None or not caption or not rect.intersects(QRectF(self.viewport().rect())):
                continue
            shown = metrics.elidedText(caption, Qt.TextElideMode.ElideRight, int(rect.width()) - 4)
            room = QRectF(rect.left(), rect.top(), metrics.horizontalAdvance(shown) + 5, metrics.height())
            painter.fillRect(room, QColor(0, 0, 0, 130))
            painter.setPen(QColor("white"))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, shown)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Say which cell the pointer is over."""
        super().mouseMoveEvent(event)
        self._set_cell(self.cell_at(event.position().toPoint()))

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802
        """Say in the tooltip what a cell is; forget the pointer when it leaves."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            cell = self.cell_at(event.pos())
            QToolTip.showText(event.globalPos(), "" if cell is None else self._tell(*cell), self)
            return True
        if event.type() == QEvent.Type.Leave:
            self._set_cell(None)
        return bool(super().viewportEvent(event))

    def _set_cell(self, cell: Cell | None) -> None:
        if cell != self._cell:
            self._cell = cell
            self.pointed.emit(cell)

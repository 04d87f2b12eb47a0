"""A pattern as a matrix, for tokens that lie on no image: queries down, keys across."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop_app import theme
from desktop_app.widgets import colour_maps
from desktop_app.widgets.canvas_layout import MatrixLayout
from desktop_app.widgets.colour_bar import ticks
from desktop_app.widgets.mosaic_paint import pooled
from desktop_app.widgets.token_canvas import TokenCanvas

Floats = NDArray[np.float32]
_LARGEST_CELL = 48.0


class MatrixCanvas(TokenCanvas):
    """One head's whole pattern; the pointer chooses the query (row) or the key (column)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: Floats = np.zeros((0, 0), np.float32)
        self._high = 1.0
        self._by_key = False
        self._map = colour_maps.MAPS[0]
        self._image: QImage | None = None

    def set_matrix(self, values: Floats, high: float, *, by_key: bool) -> None:
        """Show a pattern, (query, key); `high` gets the last colour; `by_key` lets the pointer choose keys."""
        self._values, self._high, self._by_key = values, high, by_key
        self._image = None
        self._say_place()
        self.update()

    def set_colour_map(self, name: str) -> None:
        """Colour the matrix by another map."""
        self._map = name
        self._image = None
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size at which cells can be told apart."""
        return QSize(520, 520)

    def tokens_layout(self) -> MatrixLayout | None:
        """Return where the tokens lie now: square cells, below and right of their numbers."""
        queries, keys = self._values.shape
        if not self._values.size:
            return None
        metrics = QFontMetricsF(theme.sized(self.font(), theme.SMALL))
        left = metrics.horizontalAdvance(str(queries)) + metrics.height() + 2 * theme.NEAR
        top = metrics.height() * 2 + theme.NEAR
        room = QRectF(left, top, max(1.0, self.width() - left - theme.NEAR), max(1.0, self.height() - top - theme.NEAR))
        cell = min(room.width() / keys, room.height() / queries, _LARGEST_CELL)
        width, height = cell * keys, cell * queries
        if min(width, height) < 24:  # a few rows of a long text: cells need not be square
            width, height = min(room.width(), _LARGEST_CELL * keys), min(room.height(), _LARGEST_CELL * queries)
        area = QRectF(room.x() + (room.width() - width) / 2, room.y(), width, height)
        return MatrixLayout(area, queries, keys, self._by_key)

    def describe(self, token: int) -> str:
        """Return what a token is, and what it attends to most (or what attends to it most)."""
        queries, keys = self._values.shape
        if not 0 <= token < (keys if self._by_key else queries):
            return self.tr("Token {token}").format(token=token)
        line = self._values[:, token] if self._by_key else self._values[token]
        other = int(np.argmax(line))
        if self._by_key:
            text = self.tr("Key {token}; most from query {other}: {value}")
        else:
            text = self.tr("Query {token}; most to key {other}: {value}")
        return text.format(token=token, other=other, value=f"{line[other]:.6g}")

    def tip(self, point: QPointF) -> str:
        """Return query, key and exact number of the cell under a point."""
        layout = self.tokens_layout()
        if layout is None or layout.token_at(point) is None:
            return ""
        query, key = layout.cell_at(point)
        text = self.tr("Query {query}, key {key}: {value}")
        return text.format(query=query, key=key, value=f"{self._values[query, key]:.6g}")

    def picture(self) -> QImage:
        """Return what is painted now, without marks and focus, at the screen's resolution."""
        ratio = self.devicePixelRatioF()
        image = QImage(self.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        image.fill(theme.colours(self).window)
        painter = QPainter(image)
        self._paint_matrix(painter)
        painter.end()
        return image

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint the matrix, its numbers, the marked query or key."""
        painter = QPainter(self)
        self._paint_matrix(painter)
        layout = self.tokens_layout()
        rect = layout.rect_of(self._token) if layout is not None and self._token is not None else None
        if rect is not None:
            self.paint_mark(painter, rect, strong=self._pinned)
        self.paint_focus(painter)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Say where the matrix lies now."""
        super().resizeEvent(event)
        self._say_place()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self._image = None
        super().changeEvent(event)

    def _say_place(self) -> None:
        layout = self.tokens_layout()
        if layout is not None:
            self.placed.emit(layout.area)

    def _paint_matrix(self, painter: QPainter) -> None:
        layout, worn = self.tokens_layout(), theme.colours(self)
        if layout is None:
            return
        if self._image is None:
            drawn = pooled(self._values[None], 1024, 1024)[0]
            self._image = colour_maps.indexed(
                colour_maps.levels(drawn, self._high), colour_maps.table(self._map, worn.missing)
            )
        painter.drawImage(layout.area, self._image)
        painter.setPen(QPen(worn.line, 1))
        painter.drawRect(layout.area)
        self._paint_numbers(painter, layout)

    def _paint_numbers(self, painter: QPainter, layout: MatrixLayout) -> None:
        worn, area = theme.colours(self), layout.area
        painter.setFont(theme.sized(self.font(), theme.SMALL))
        line = painter.fontMetrics().height()
        wide = painter.fontMetrics().horizontalAdvance(str(layout.keys)) + theme.NEAR
        painter.setPen(worn.quiet)
        for key in _numbered(layout.keys, area.width() / wide):
            x = area.left() + (key + 0.5) * area.width() / layout.keys
            painter.drawText(
                QRectF(x - wide, area.top() - line - 2, 2 * wide, line), Qt.AlignmentFlag.AlignCenter, str(key)
            )
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for query in _numbered(layout.queries, area.height() / line):
            y = area.top() + (query + 0.5) * area.height() / layout.queries
            painter.drawText(QRectF(0, y - line / 2, area.left() - theme.TIGHT, line), right, str(query))
        painter.setPen(worn.text)
        title = QRectF(area.left(), area.top() - 2 * line - 4, area.width(), line)
        painter.drawText(title, Qt.AlignmentFlag.AlignCenter, self.tr("key"))
        painter.save()
        numbers = painter.fontMetrics().horizontalAdvance(str(layout.queries))
        painter.translate(area.left() - numbers - 2 * theme.TIGHT - line / 2, area.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-80, -line / 2, 160, line), Qt.AlignmentFlag.AlignCenter, self.tr("query"))
        painter.restore()


def _numbered(count: int, room: float) -> range:
    """Return which of `count` tokens get their number where `room` numbers fit."""
    if count <= room:
        return range(count)
    steps = ticks(count, max(1, int(room)))
    return range(0, count, max(1, round(steps[1]) if len(steps) > 1 else count))

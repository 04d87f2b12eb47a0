"""A pattern as a matrix, for tokens that lie on no image: queries down, keys across; the wheel magnifies it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from desktop_app import theme
from desktop_app.widgets import colour_maps, matrix_labels
from desktop_app.widgets.canvas_layout import MatrixLayout
from desktop_app.widgets.exhibit import Exhibit
from desktop_app.widgets.mosaic_paint import pooled
from desktop_app.widgets.text_layout import visible
from desktop_app.widgets.token_canvas import TokenCanvas

Floats = NDArray[np.float32]
_LARGEST_CELL = 48.0
_WHOLE = QRectF(0, 0, 1, 1)
_LEAST_SEEN = 6
"""Cells across in the largest magnification."""
_DRAG = 4


class MatrixCanvas(TokenCanvas):
    """One head's whole pattern; the pointer chooses the query (row) or the key (column).

    The wheel, + and - magnify around the pointer or the marked token, 0 or a double click shows all again; a
    magnified matrix is moved with the left button held.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: Floats = np.zeros((0, 0), np.float32)
        self._high = 1.0
        self._by_key = False
        self._map = colour_maps.MAPS[0]
        self._image: QImage | None = None
        self._names: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        self._seen = QRectF(_WHOLE)
        self._grip: tuple[QPointF, QRectF] | None = None
        self._dragged = False

    @property
    def seen(self) -> QRectF:
        """The part of the matrix that is shown, in fractions of its keys and queries."""
        return QRectF(self._seen)

    def set_names(self, queries: Sequence[str], keys: Sequence[str]) -> None:
        """Name the tokens of both sides; where nothing names them, they are numbered."""
        if (tuple(queries), tuple(keys)) != self._names:
            self._names = (tuple(queries), tuple(keys))
            self._say_place()
            self.update()

    def set_matrix(self, values: Floats, high: float, *, by_key: bool) -> None:
        """Show a pattern, (query, key); `high` gets the last colour; `by_key` lets the pointer choose keys."""
        if values.shape != self._values.shape:
            self._seen = QRectF(_WHOLE)
        if values is not self._values or high != self._high:
            self._image = None
        self._values, self._high, self._by_key = values, high, by_key
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
        left, top = matrix_labels.margins(metrics, (queries, keys), self._written())
        room = QRectF(left, top, max(1.0, self.width() - left - theme.NEAR), max(1.0, self.height() - top - theme.NEAR))
        cell = min(room.width() / keys, room.height() / queries, _LARGEST_CELL)
        width, height = cell * keys, cell * queries
        if min(width, height) < 24:  # a few rows of a long text: cells need not be square
            width, height = min(room.width(), _LARGEST_CELL * keys), min(room.height(), _LARGEST_CELL * queries)
        window = QRectF(room.x() + (room.width() - width) / 2, room.y(), width, height)
        if self._seen == _WHOLE:
            return MatrixLayout(window, queries, keys, self._by_key)
        across, down = width / self._seen.width(), height / self._seen.height()
        area = QRectF(window.left() - self._seen.left() * across, window.top() - self._seen.top() * down, across, down)
        return MatrixLayout(area, queries, keys, self._by_key, window)

    def describe(self, token: int) -> str:
        """Return what a token is, and what it attends to most (or what attends to it most)."""
        queries, keys = self._values.shape
        if not 0 <= token < (keys if self._by_key else queries):
            return self.tr("Token {token}").format(token=token)
        line = self._values[:, token] if self._by_key else self._values[token]
        best = int(np.argmax(line))
        other = self._name(best, keys=not self._by_key)
        value = f"{line[best]:.6g}"
        if self._by_key:
            text = self.tr("Key {token}; most from query {other}: {value}")
        else:
            text = self.tr("Query {token}; most to key {other}: {value}")
        return text.format(token=self._name(token, keys=self._by_key), other=other, value=value)

    def tip(self, point: QPointF) -> str:
        """Return query, key and exact number of the cell under a point."""
        layout = self.tokens_layout()
        if layout is None or layout.token_at(point) is None:
            return ""
        query, key = layout.cell_at(point)
        text = self.tr("Query {query}, key {key}: {value}")
        value = f"{self._values[query, key]:.6g}"
        return text.format(query=self._name(query, keys=False), key=self._name(key, keys=True), value=value)

    def exhibit(self, point: QPointF | None) -> Exhibit | None:
        """Return the matrix, and the number of the cell at a point."""
        layout = self.tokens_layout()
        if layout is None:
            return None
        cell = layout.cell_at(point) if point is not None and layout.area.contains(point) else None
        number = None if cell is None else float(self._values[cell])
        return Exhibit("pattern", self._values, ("query", "key"), number)

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
        if rect is not None and layout is not None and rect.intersects(layout.seen):
            self.paint_mark(painter, rect.intersected(layout.seen), strong=self._pinned)
        self.paint_focus(painter)
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Magnify around the pointer."""
        turned = event.angleDelta().y()
        layout = self.tokens_layout()
        if layout is None or not turned:
            super().wheelEvent(event)
            return
        self.magnify(1.25 ** (turned / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold of a magnified matrix; else click."""
        if event.button() == Qt.MouseButton.LeftButton and self._seen != _WHOLE:
            self._grip, self._dragged = (event.position(), QRectF(self._seen)), False
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Move a magnified matrix that is held."""
        layout = self.tokens_layout()
        if self._grip is None or layout is None:
            super().mouseMoveEvent(event)
            return
        moved = event.position() - self._grip[0]
        self._dragged |= moved.manhattanLength() > _DRAG
        if self._dragged:
            right, down = moved.x() / layout.area.width(), moved.y() / layout.area.height()
            self._show_part(self._grip[1].translated(-right, -down))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Let go; a press that moved nothing was a click."""
        grip, self._grip = self._grip, None
        if grip is not None and not self._dragged:
            super().mousePressEvent(event)
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Show all of it again."""
        self._show_part(QRectF(_WHOLE))
        super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Magnify with + and -, show all with 0; else as every canvas."""
        factor = {Qt.Key.Key_Plus: 1.25, Qt.Key.Key_Minus: 0.8, Qt.Key.Key_0: 1e-9}.get(Qt.Key(event.key()))
        layout = self.tokens_layout()
        if factor is None or layout is None:
            super().keyPressEvent(event)
            return
        rect = layout.rect_of(self._token) if self._token is not None else None
        self.magnify(factor, (layout.seen if rect is None else rect).center())

    def magnify(self, factor: float, around: QPointF) -> None:
        """Show a smaller or larger part of the matrix; what lies at a point stays there."""
        layout = self.tokens_layout()
        if layout is None:
            return
        least = min(1.0, _LEAST_SEEN / max(1, min(self._values.shape)))
        size = max(least, min(1.0, self._seen.width() / factor))
        seen = layout.seen
        x = min(max((around.x() - seen.left()) / seen.width(), 0.0), 1.0)
        y = min(max((around.y() - seen.top()) / seen.height(), 0.0), 1.0)
        left = self._seen.left() + x * (self._seen.width() - size)
        self._show_part(QRectF(left, self._seen.top() + y * (self._seen.height() - size), size, size))

    def _show_part(self, part: QRectF) -> None:
        left = min(max(part.left(), 0.0), 1.0 - part.width())
        self._seen = QRectF(left, min(max(part.top(), 0.0), 1.0 - part.height()), part.width(), part.height())
        self._image = None
        self.update()

    def _written(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Names to write beside the matrix; none where cells are too small for them, which need less room then."""
        queries, keys = self._values.shape
        line = QFontMetricsF(theme.sized(self.font(), theme.SMALL)).height()
        crowded = min((self.width() - line) / max(1, keys), (self.height() - line) / max(1, queries)) < line - 2
        return ((), ()) if crowded and self._seen == _WHOLE else self._labels()

    def _labels(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Names of queries and keys, where there are as many as tokens."""
        queries, keys = self._values.shape
        names = self._names
        return (names[0] if len(names[0]) == queries else (), names[1] if len(names[1]) == keys else ())

    def _name(self, token: int, *, keys: bool) -> str:
        names = self._labels()[keys]
        if not names:
            return str(token)
        return self.tr("{token} “{piece}”").format(token=token, piece=visible(names[token]))

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
            self.placed.emit(layout.seen)

    def _paint_matrix(self, painter: QPainter) -> None:
        layout, worn = self.tokens_layout(), theme.colours(self)
        if layout is None:
            return
        rows, columns = layout.shown()
        if self._image is None:
            drawn = pooled(self._values[None, rows.start : rows.stop, columns.start : columns.stop], 1024, 1024)[0]
            self._image = colour_maps.indexed(
                colour_maps.levels(drawn, self._high), colour_maps.table(self._map, worn.missing)
            )
        wide, tall = layout.area.width() / layout.keys, layout.area.height() / layout.queries
        part = QRectF(
            layout.area.left() + columns.start * wide,
            layout.area.top() + rows.start * tall,
            len(columns) * wide,
            len(rows) * tall,
        )
        painter.save()
        painter.setClipRect(layout.seen)
        painter.drawImage(part, self._image)
        painter.restore()
        painter.setPen(QPen(worn.line, 1))
        painter.drawRect(layout.seen)
        painter.setFont(theme.sized(self.font(), theme.SMALL))
        matrix_labels.paint(painter, layout, self._written(), worn)

"""Two sides of tokens and links between them, as strong as the weights of a pattern."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from desktop_app import copy_menu, theme
from desktop_app.widgets.exhibit import Exhibit
from desktop_app.widgets.link_layout import LinkLayout
from desktop_app.widgets.text_layout import PAD, visible
from desktop_app.widgets.token_canvas import TokenCanvas

Floats = NDArray[np.float32]

MOST_LINKS = 1500
"""The strongest links are drawn, no more than so many: weaker ones would only grey the picture."""
_FAINTEST = 0.02
_WIDEST, _GAP = 150.0, 120.0


class LinkCanvas(TokenCanvas):
    """Queries on one side, keys on the other. Tokens count on: the first side's, then the second side's.

    Args:
        down: both sides are columns; else the first side lies above the second.
        keys_first: keys are the first side, as a source stands above its translation.
    """

    def __init__(self, *, down: bool, keys_first: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._down, self._keys_first = down, keys_first
        self._sides: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        self._pale: tuple[tuple[bool, ...], tuple[bool, ...]] = ((), ())
        self._weights: Floats = np.zeros((0, 0), np.float32)
        self._high = 1.0
        self._placed: LinkLayout | None = None
        self._general: list[tuple[int, int, float]] | None = None
        self.takeaway = copy_menu.join(self, self.exhibit, picture=self.picture)

    @property
    def links(self) -> Floats:
        """The weights of all links, (first side, second side)."""
        return self._weights

    def set_links(self, queries: Sequence[str], keys: Sequence[str], pattern: Floats, high: float) -> None:
        """Show a pattern, (query, key); `high` gets the strongest line."""
        sides = (tuple(keys), tuple(queries)) if self._keys_first else (tuple(queries), tuple(keys))
        if sides != self._sides:
            self._sides = sides
            self._placed = None
            self.setMinimumSize(self._need())
            self.updateGeometry()
        self._weights = pattern.T if self._keys_first else pattern
        self._high, self._general = high, None
        self.update()

    def set_pale(self, queries: Sequence[bool], keys: Sequence[bool]) -> None:
        """Write some tokens pale, and leave their links out of the general picture."""
        pair = (tuple(keys), tuple(queries)) if self._keys_first else (tuple(queries), tuple(keys))
        if pair != self._pale:
            self._pale, self._general = pair, None
            self.update()

    def query_of(self, token: int) -> int | None:
        """Return the query that a token of the canvas is; None for a key."""
        first = len(self._sides[0])
        if self._keys_first:
            return token - first if token >= first else None
        return token if token < first else None

    def key_of(self, token: int) -> int | None:
        """Return the key that a token of the canvas is; None for a query."""
        if self.query_of(token) is not None:
            return None
        return token if self._keys_first else token - len(self._sides[0])

    def token_of(self, *, query: int | None = None, key: int | None = None) -> int | None:
        """Return the token of the canvas that a query or key is."""
        first = len(self._sides[0])
        if query is not None:
            return query + first if self._keys_first else query
        if key is not None:
            return key if self._keys_first else key + first
        return None

    def tokens_layout(self) -> LinkLayout | None:
        """Return where the tokens lie now."""
        if not self._sides[0] or not self._sides[1]:
            return None
        if self._placed is None:
            self._placed = self._columns() if self._down else self._rows()
        return self._placed

    def exhibit(self, point: QPointF | None) -> Exhibit | None:  # noqa: ARG002 - a link is no place to point at
        """Return the pattern whose links are drawn, (query, key)."""
        if not self._weights.size:
            return None
        first, second = (self._sides[1], self._sides[0]) if self._keys_first else self._sides
        values = self._weights.T if self._keys_first else self._weights
        return Exhibit("links", values, ("query", "key"), labels={"query": first, "key": second})

    def describe(self, token: int) -> str:
        """Return a token and its strongest link."""
        first = len(self._sides[0])
        if not 0 <= token < first + len(self._sides[1]) or not self._weights.size:
            return ""
        mine, other = (0, 1) if token < first else (1, 0)
        at = token if token < first else token - first
        line = self._weights[at] if mine == 0 else self._weights[:, at]
        best = int(np.argmax(line))
        text = self.tr("“{piece}”; strongest link to “{other}”: {value}")
        return text.format(
            piece=visible(self._sides[mine][at]), other=visible(self._sides[other][best]), value=f"{line[best]:.6g}"
        )

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size at which tokens can be read."""
        return self._need().expandedTo(QSize(420, 200))

    def picture(self) -> QImage:
        """Return what is painted now, marks and all, at the screen's resolution."""
        ratio = self.devicePixelRatioF()
        image = QImage(self.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        image.fill(theme.colours(self).window)
        painter = QPainter(image)
        self._paint(painter, QRectF(self.rect()))
        painter.end()
        return image

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint links and tokens."""
        painter = QPainter(self)
        self._paint(painter, QRectF(event.rect()))
        self.paint_focus(painter)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Place everything anew."""
        super().resizeEvent(event)
        self._placed = None

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._placed = None

    def _paint(self, painter: QPainter, band: QRectF) -> None:
        layout, worn = self.tokens_layout(), theme.colours(self)
        if layout is None:
            return
        self._paint_links(painter, layout, band, worn.accent)
        painter.setFont(self.font())
        metrics, side = painter.fontMetrics(), len(layout.first)
        centre = Qt.AlignmentFlag.AlignCenter
        across = (Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft) if self._down else (centre, centre)
        for token, rect in enumerate(layout.rects()):
            if not rect.intersects(band):
                continue
            which, at = (0, token) if token < side else (1, token - side)
            pale = at < len(self._pale[which]) and self._pale[which][at]
            marked = token == self._token
            if marked:
                painter.fillRect(rect, worn.accent)
            painter.setPen(worn.on_accent if marked else worn.quiet if pale else worn.text)
            shown = visible(self._sides[which][at])
            shown = metrics.elidedText(shown, Qt.TextElideMode.ElideRight, int(rect.width() - PAD))
            painter.drawText(rect.adjusted(PAD, 0, -PAD, 0), across[which] | Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_links(self, painter: QPainter, layout: LinkLayout, band: QRectF, colour: QColor) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        links = self._strongest()
        own = self._token is not None and bool(links)
        pen, strongest = QPen(colour), max(links[-1][2] if own else self._high, 1e-12)
        for first, second, weight in links:
            a, b = layout.ends(first, second)
            if not QRectF(a, b).normalized().adjusted(-1, -1, 1, 1).intersects(band):
                continue
            share = min(1.0, weight / strongest)
            ink = QColor(colour)
            ink.setAlphaF(0.06 + 0.94 * share)
            pen.setColor(ink)
            pen.setWidthF(0.75 + 2.25 * share)
            painter.setPen(pen)
            painter.drawLine(a, b)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _strongest(self) -> list[tuple[int, int, float]]:
        """Return the links to draw, weakest first: those of the marked token, else the strongest of all."""
        weights, token, count = self._weights, self._token, len(self._sides[0])
        if token is not None and token < count + len(self._sides[1]):
            line = weights[token] if token < count else weights[:, token - count]
            strong = np.flatnonzero(line >= self._least())
            pairs = [(token, int(i)) if token < count else (int(i), token - count) for i in strong]
            return sorted(((a, b, float(weights[a, b])) for a, b in pairs), key=lambda link: link[2])
        if self._general is None:
            self._general = self._of_all()
        return self._general

    def _of_all(self) -> list[tuple[int, int, float]]:
        weights, least = self._weights, self._least()
        if weights.size > MOST_LINKS:
            least = max(least, float(np.partition(weights.ravel(), -MOST_LINKS)[-MOST_LINKS]))
        shown = weights >= least
        for axis, pale in enumerate(self._pale):
            if len(pale) == weights.shape[axis] and not all(pale):
                shown &= ~np.expand_dims(np.array(pale, bool), 1 - axis)
        first, second = np.nonzero(shown)
        values = weights[first, second]
        order = np.argsort(values)[-MOST_LINKS:]
        return [(int(first[i]), int(second[i]), float(values[i])) for i in order]

    def _least(self) -> float:
        return _FAINTEST * max(self._high, 1e-12)

    def _widths(self) -> tuple[list[float], list[float]]:
        metrics = QFontMetricsF(self.font())
        found = [[min(_WIDEST, metrics.horizontalAdvance(visible(p)) + 2 * PAD + 1) for p in s] for s in self._sides]
        return found[0], found[1]

    def _need(self) -> QSize:
        """Return the least room in which every token has its place."""
        line = QFontMetricsF(self.font()).height() + 2
        first, second = self._widths()
        if self._down:
            widest = max(first, default=0) + max(second, default=0)
            return QSize(round(widest + _GAP / 2), round(max(len(first), len(second)) * line))
        return QSize(round(max(sum(first), sum(second))), round(2 * line + 70))

    def _columns(self) -> LinkLayout:
        line = QFontMetricsF(self.font()).height() + 2
        first, second = self._widths()
        left, right = max(first, default=0.0), max(second, default=0.0)
        gap = max(_GAP / 2, min(420.0, self.width() - left - right))
        start = max(0.0, (self.width() - left - right - gap) / 2)
        end = start + left + gap
        tall = max(float(self.height()), max(len(first), len(second)) * line)
        apart = [max(line, min(line * 1.8, tall / max(1, len(side)))) for side in (first, second)]
        return LinkLayout(
            tuple(QRectF(start, i * apart[0], left, line) for i in range(len(first))),
            tuple(QRectF(end, i * apart[1], right, line) for i in range(len(second))),
            True,
        )

    def _rows(self) -> LinkLayout:
        line = QFontMetricsF(self.font()).height() + 2
        bottom = max(line * 3, min(float(self.height()), 520.0)) - line

        def row(widths: list[float], top: float) -> tuple[QRectF, ...]:
            spare = min(14.0, max(0.0, self.width() - sum(widths)) / max(1, len(widths)))
            x = max(0.0, (self.width() - sum(widths) - spare * len(widths)) / 2)
            rects = []
            for width in widths:
                rects.append(QRectF(x, top, width, line))
                x += width + spare
            return tuple(rects)

        first, second = self._widths()
        return LinkLayout(row(first, 0.0), row(second, bottom), False)

    def centre_of(self, token: int) -> QPointF | None:
        """Return where a token lies, to bring it into sight."""
        layout = self.tokens_layout()
        rect = layout.rect_of(token) if layout is not None else None
        return None if rect is None else rect.center()


class ScrolledLinks(QScrollArea):
    """A `LinkCanvas` that scrolls where its tokens need more room."""

    def __init__(self, canvas: LinkCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidget(canvas)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

"""Where two rows of tokens lie that links run between: pure geometry, in logical pixels."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF


@dataclass(frozen=True)
class LinkLayout:
    """Two sides of tokens. Those of the first side count from 0, those of the second go on counting.

    Attributes:
        first, second: rectangles of the tokens.
        down: sides are columns side by side; else rows, one above the other.
    """

    first: tuple[QRectF, ...]
    second: tuple[QRectF, ...]
    down: bool

    def rects(self) -> tuple[QRectF, ...]:
        """Return the rectangles of both sides."""
        return (*self.first, *self.second)

    def token_at(self, point: QPointF) -> int | None:
        """Return the token under a point."""
        return next((i for i, rect in enumerate(self.rects()) if rect.contains(point)), None)

    def rect_of(self, token: int) -> QRectF | None:
        """Return the rectangle of a token."""
        rects = self.rects()
        return rects[token] if 0 <= token < len(rects) else None

    def step(self, token: int | None, right: int, down: int) -> int | None:
        """Walk along a side, or cross over to the nearest token of the other."""
        rects = self.rects()
        if token is None or not rects:
            return 0 if rects else None
        along, across = (down, right) if self.down else (right, down)
        start, stop = (0, len(self.first)) if token < len(self.first) else (len(self.first), len(rects))
        if along:
            return max(start, min(token + along, stop - 1))
        other = range(len(self.first), len(rects)) if start == 0 else range(len(self.first))
        if not other or (across > 0) != (start == 0):
            return token
        places = [rect.center().y() if self.down else rect.center().x() for rect in rects]
        return min(other, key=lambda i: abs(places[i] - places[token]))

    def ends(self, first: int, second: int) -> tuple[QPointF, QPointF]:
        """Return where a link begins and ends."""
        a, b = self.first[first], self.second[second]
        if self.down:
            return QPointF(a.right(), a.center().y()), QPointF(b.left(), b.center().y())
        return QPointF(a.center().x(), a.bottom()), QPointF(b.center().x(), b.top())

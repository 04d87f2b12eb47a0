"""What stands beside a matrix: the names of its queries and keys, or their numbers where there is no room."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from desktop_app import theme
from desktop_app.theme import Colours
from desktop_app.widgets.canvas_layout import MatrixLayout
from desktop_app.widgets.colour_bar import ticks
from desktop_app.widgets.text_layout import visible

translate = QCoreApplication.translate

LONGEST = 96.0
"""A name takes no more room than this, in logical pixels."""


def margins(
    metrics: QFontMetricsF, counts: tuple[int, int], names: tuple[Sequence[str], Sequence[str]]
) -> tuple[float, float]:
    """Return the room that labels take left of a matrix and above it."""
    line = metrics.height()
    left = metrics.horizontalAdvance(str(counts[0]))
    top = line
    if names[0]:
        left = max(left, min(LONGEST, max(metrics.horizontalAdvance(visible(name)) for name in names[0])))
    if names[1]:
        top = max(top, min(LONGEST, max(metrics.horizontalAdvance(visible(name)) for name in names[1])))
    return left + line + 2 * theme.NEAR, top + line + theme.NEAR


def paint(painter: QPainter, layout: MatrixLayout, names: tuple[Sequence[str], Sequence[str]], worn: Colours) -> None:
    """Paint names or numbers at the left and above, and what they count."""
    queries, keys = layout.shown()
    seen, metrics = layout.seen, QFontMetricsF(painter.font())
    line = metrics.height()
    edge = seen.left() - margins(metrics, (layout.queries, layout.keys), names)[0]
    painter.setPen(worn.quiet)
    tall, wide = layout.area.height() / layout.queries, layout.area.width() / layout.keys
    for query, name in _labelled(queries, names[0], tall, line, line):
        y = layout.area.top() + (query + 0.5) * tall
        if seen.top() <= y <= seen.bottom():
            box = QRectF(edge + line, y - line / 2, seen.left() - edge - line - theme.TIGHT, line)
            _write(painter, box, name, Qt.AlignmentFlag.AlignRight)
    number = metrics.horizontalAdvance(str(layout.keys)) + theme.NEAR
    for key, name in _labelled(keys, names[1], wide, line, number):
        x = layout.area.left() + (key + 0.5) * wide
        if seen.left() <= x <= seen.right():
            _above(painter, x, seen.top(), name, upright=not names[1] or wide < line)
    painter.setPen(worn.text)
    title = QRectF(seen.left(), 0, seen.width(), line)
    painter.drawText(title, Qt.AlignmentFlag.AlignCenter, translate("MatrixCanvas", "key"))
    painter.save()
    painter.translate(edge + line / 2, seen.center().y())
    painter.rotate(-90)
    painter.drawText(
        QRectF(-80, -line / 2, 160, line), Qt.AlignmentFlag.AlignCenter, translate("MatrixCanvas", "query")
    )
    painter.restore()


def _labelled(tokens: range, names: Sequence[str], step: float, line: float, number: float) -> list[tuple[int, str]]:
    """Return which tokens get a label, and it: all their names where lines have room, else some numbers."""
    if names and step >= line - 2:
        return [(token, visible(names[token])) for token in tokens]
    return [(token, str(token)) for token in numbered(tokens, step, number)]


def numbered(tokens: range, step: float, room: float) -> list[int]:
    """Return which of these tokens get their number where one takes `room` and tokens lie `step` apart."""
    if step >= room:
        return list(tokens)
    steps = ticks(len(tokens), max(1, int(len(tokens) * step / room)))
    every = max(1, round(steps[1]) if len(steps) > 1 else len(tokens))
    return [token for token in tokens if token % every == 0]


def _above(painter: QPainter, x: float, bottom: float, name: str, *, upright: bool) -> None:
    line = QFontMetricsF(painter.font()).height()
    if upright:
        painter.drawText(QRectF(x - 60, bottom - line - 2, 120, line), Qt.AlignmentFlag.AlignCenter, name)
        return
    painter.save()
    painter.translate(x, bottom - theme.TIGHT)
    painter.rotate(-90)
    _write(painter, QRectF(0, -line / 2, LONGEST, line), name, Qt.AlignmentFlag.AlignLeft)
    painter.restore()


def _write(painter: QPainter, box: QRectF, text: str, side: Qt.AlignmentFlag) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
    painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, shown)

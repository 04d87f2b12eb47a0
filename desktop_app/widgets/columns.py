"""How a page shares its room: lines of text above what they speak of, and parts whose border can be moved."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QSplitter, QVBoxLayout, QWidget

from desktop_app import theme


def column(lines: Sequence[QWidget], rest: QWidget | QLayout) -> QWidget:
    """Return lines of text, and below them the rest, which takes the room."""
    out = QWidget()
    inside = QVBoxLayout(out)
    inside.setContentsMargins(0, 0, 0, 0)
    inside.setSpacing(theme.TIGHT)
    for line in lines:
        inside.addWidget(line)
    if isinstance(rest, QLayout):
        inside.addLayout(rest, 1)
    else:
        inside.addWidget(rest, 1)
    return out


def split(*parts: tuple[QWidget, int], vertical: bool = False) -> QSplitter:
    """Return parts beside each other, or below, with the share of the room that each takes; none can be closed."""
    out = QSplitter(Qt.Orientation.Vertical if vertical else Qt.Orientation.Horizontal)
    out.setHandleWidth(theme.NEAR if vertical else theme.APART)
    out.setChildrenCollapsible(False)
    for place, (part, share) in enumerate(parts):
        out.addWidget(part)
        out.setStretchFactor(place, share)
    return out

"""Lines of text above what they speak of."""

from collections.abc import Sequence

from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

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

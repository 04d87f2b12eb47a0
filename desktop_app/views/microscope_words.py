"""The words that the microscope looks at: the queries, and the keys in the colours of their weights."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.token_lines import TokenLine
from desktop_app.widgets.text_line import TextLine
from desktop_app.widgets.token_text import ScrolledText, TokenText

LINES = 10


class MicroscopeWords(QWidget):
    """Two texts, one above the other: the upper chooses the query, the lower the key."""

    key_pointed = Signal(object)
    """A key is pointed at, by its number; None when none is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.queries, self.keys = TokenText(), TokenText()
        self._scrolls = ScrolledText(self.queries, LINES), ScrolledText(self.keys, LINES)
        self._labels = TextLine(quiet=True), TextLine(quiet=True)
        self._lines: Sequence[TokenLine | None] = (None, None)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.NEAR, 0, 0)
        column.setSpacing(theme.TIGHT)
        for label, scroll in zip(self._labels, self._scrolls, strict=True):
            column.addWidget(label)
            column.addWidget(scroll)
        column.addStretch()
        self.keys.hovered.connect(self.key_pointed)

    def show_words(
        self, lines: Sequence[TokenLine | None], weights: NDArray[np.float32] | None, token: int, *, pinned: bool
    ) -> None:
        """Show queries and keys.

        Args:
            lines: the tokens of both sides.
            weights: of the chosen query on every key, (key,); None where they are not known.
            token: the chosen query.
            pinned: whether it stays when the pointer leaves.
        """
        for text, scroll, line, before in zip(self._texts(), self._scrolls, lines, self._lines, strict=True):
            if line is not None and line is not before:
                text.set_tokens(line.pieces, line.joined, line.special, line.ids)
                scroll.fit()
        self._lines = tuple(lines)
        self.queries.set_marks(token, pinned=pinned)
        self.keys.set_values(weights, 1.0 if weights is None else float(weights.max(initial=0.0)) or 1.0)

    def mark_key(self, key: int) -> None:
        """Mark the key whose numbers are shown."""
        self.keys.set_marks(key, pinned=False)

    def retranslate(self) -> None:
        """Set every text again."""
        self._labels[0].set_text(self.tr("Queries: point at one"))
        self._labels[1].set_text(self.tr("Keys: the colour is the weight"))
        self.queries.setAccessibleName(self.tr("Text; choose the query token"))
        self.keys.setAccessibleName(self.tr("Text of the keys, coloured by the weights of the query"))

    def _texts(self) -> tuple[TokenText, TokenText]:
        return self.queries, self.keys

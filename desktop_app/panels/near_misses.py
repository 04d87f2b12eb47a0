"""The softmaxes that were not taken for attention, each with its reason."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.i18n import lookup
from engine import ModelDescription

MOST = 40
"""Reasons shown; a graph with more of them says how many are left out."""


class NearMisses(QWidget):
    """A list of node and reason, or a sentence that says there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: ModelDescription | None = None
        self._text = QLabel(wordWrap=True, textFormat=Qt.TextFormat.RichText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, theme.NEAR)
        column.addWidget(self._text)
        self.retranslate()

    def show_model(self, model: ModelDescription | None) -> None:
        """Show the near misses of a model."""
        self._model = model
        self.retranslate()

    def retranslate(self) -> None:
        """Write everything again in the current language."""
        if self._model is None:
            self._text.setText(self.tr("Open a model: softmaxes that are not attention will be listed here."))
        elif not self._model.near_misses:
            self._text.setText(self.tr("Every softmax of this model was taken for attention."))
        else:
            self._text.setText(self._list(self._model))

    def _list(self, model: ModelDescription) -> str:
        rows = [f"<b>{_safe(miss.node)}</b> ({_safe(miss.op)})<br>{_safe(miss.reason.text(lookup))}"
                for miss in model.near_misses[:MOST]]  # fmt: skip
        left = len(model.near_misses) - MOST
        if left > 0:
            rows.append(self.tr("and %n more", "", left))
        return "<p>" + "</p><p>".join(rows) + "</p>"


def _safe(text: str) -> str:
    """Escape what comes from a stranger's file, and let long node names break."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("/", "/\u200b").replace("_", "_\u200b").replace(".", ".\u200b")

"""The controls of the Tokens view: direction, how heads are combined, what is done to tokens, which pictures."""

from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.token_folding import Fold, Special
from desktop_app.views.tokens_data import Combine, Settings, TokensData
from desktop_app.widgets.flow import FlowLayout
from desktop_app.widgets.head_toggles import HeadToggles
from desktop_app.widgets.map_chooser import MapChooser
from desktop_app.widgets.segmented import Segmented

_COMBINE: dict[str, Combine] = {"head": "selected", "mean": "selected", "max": "max", "subset": "subset"}
_SPECIAL: tuple[Special, ...] = ("shown", "dimmed", "out")


class TokensControls(QWidget):
    """What is shown and how. Direction and mean belong to the selection; the rest is kept here."""

    direction_wanted = Signal(object)
    """"from" or "to"."""
    text_wanted = Signal(int)
    """Another of several texts was chosen."""
    mean_wanted = Signal(object)
    """Whether the mean over the heads shall be shown."""
    changed = Signal()
    """Something that pictures are computed from."""
    look_changed = Signal()
    """Which pictures are shown, or their colours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.direction, self.heads = Segmented(("from", "to")), Segmented(tuple(_COMBINE))
        self.subset, self.special = HeadToggles(), QComboBox()
        self.renormalise, self.words = QCheckBox(), QCheckBox()
        self.maps, self._special_label = MapChooser(), QLabel()
        for key in _SPECIAL:
            self.special.addItem("", key)
        self.special.setCurrentIndex(_SPECIAL.index("dimmed"))
        self.direction.set_choice("from")
        self.heads.set_choice("head")
        self._chosen: frozenset[int] = frozenset()
        self.which, self._which_label = QSpinBox(), QLabel()
        self._which_label.setBuddy(self.which)
        self._which_pair = _pair(self._which_label, self.which)
        special = self._special_pair = _pair(self._special_label, self.special)
        self._special_label.setBuddy(self.special)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(theme.NEAR)
        first = QWidget()
        flow = FlowLayout(first, across=theme.APART, down=theme.NEAR)
        for widget in (self._which_pair, self.direction, self.heads, special, self.renormalise, self.words, self.maps):
            flow.addWidget(widget)
        lines.addWidget(first)
        lines.addWidget(self.subset)
        self.subset.hide()
        self._connect()
        self.retranslate()

    def settings(self) -> Settings:
        """Return how heads become one pattern, and tokens places."""
        special = _SPECIAL[max(0, self.special.currentIndex())]
        fold = Fold(special, self.renormalise.isChecked() and special == "out", self.words.isChecked())
        return Settings(_COMBINE[str(self.heads.choice())], self._chosen, fold)

    def show_data(self, data: TokensData) -> None:
        """Show what is selected; offer only what makes a difference to these tokens."""
        self.direction.set_choice("to" if data.by_key else "from")
        if self.heads.choice() in ("head", "mean"):
            self.heads.set_choice("mean" if data.selection.mean_heads else "head")
        self._chosen = frozenset(head for head in self._chosen if head < data.heads) or frozenset({0})
        self.subset.set_heads(data.heads, self._chosen)
        self.subset.setVisible(self.heads.choice() == "subset")
        self._which_pair.setVisible(data.texts > 1)
        with QSignalBlocker(self.which):
            self.which.setRange(1, data.texts)
            self.which.setValue(data.selection.batch + 1)
        sides = (data.queries, data.keys)
        has_special = any(line.has_special for line in sides)
        self._special_pair.setVisible(has_special)
        self.renormalise.setVisible(has_special)
        self.renormalise.setEnabled(self.special.currentData() == "out")
        self.words.setVisible(any(line.has_pieces for line in sides))

    def state(self) -> dict[str, Any]:
        """Return how things look."""
        return {
            "special": self.special.currentData(),
            "renormalise": self.renormalise.isChecked(),
            "words": self.words.isChecked(),
            "map": self.maps.name(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Set how things look; what makes no sense is passed over."""
        if state.get("special") in _SPECIAL:
            self.special.setCurrentIndex(_SPECIAL.index(state["special"]))
        for box, name in ((self.renormalise, "renormalise"), (self.words, "words")):
            if name in state:
                box.setChecked(str(state[name]).lower() == "true")
        self.maps.set_name(str(state.get("map", "")))

    def retranslate(self) -> None:
        """Set every text again."""
        self.direction.set_text(
            "from", self.tr("From this token"), self.tr("What the token you point at attends to: its row.")
        )
        self.direction.set_text(
            "to", self.tr("To this token"), self.tr("Which tokens attend to the one you point at: its column.")
        )
        self.direction.setAccessibleName(self.tr("Direction"))
        self.heads.set_text("head", self.tr("This head"), self.tr("The head chosen among all heads."))
        self.heads.set_text("mean", self.tr("Mean"), self.tr("The mean over the heads of the layer."))
        self.heads.set_text("max", self.tr("Maximum"), self.tr("The largest weight over the heads of the layer."))
        self.heads.set_text("subset", self.tr("Some heads"), self.tr("The mean over the heads you choose."))
        self.heads.setAccessibleName(self.tr("Heads"))
        self.subset.setAccessibleName(self.tr("Heads that are averaged"))
        self._which_label.setText(self.tr("Text"))
        self._special_label.setText(self.tr("Special tokens"))
        for key, text in zip(_SPECIAL, (self.tr("shown"), self.tr("dimmed"), self.tr("left out")), strict=True):
            self.special.setItemText(_SPECIAL.index(key), text)
        self.special.setToolTip(
            self.tr("Tokens such as [CLS] or the end mark often take most of the attention and hide the rest.")
        )
        self.renormalise.setText(self.tr("Rows sum to 1 again"))
        self.renormalise.setToolTip(self.tr("Divide what is left of each row by its sum, once special tokens are out."))
        self.words.setText(self.tr("Whole words"))
        self.words.setToolTip(
            self.tr("Pieces of a word become one: attention to it is their sum, attention from it their mean.")
        )

    def _connect(self) -> None:
        self.direction.chosen.connect(self.direction_wanted)
        self.heads.chosen.connect(self._on_heads)
        self.subset.changed.connect(self._on_subset)
        self.which.valueChanged.connect(lambda number: self.text_wanted.emit(number - 1))
        self.special.currentIndexChanged.connect(self._on_special)
        self.renormalise.toggled.connect(lambda _: self.changed.emit())
        self.words.toggled.connect(lambda _: self.changed.emit())
        self.maps.chosen.connect(lambda _: self.look_changed.emit())

    def _on_heads(self, key: object) -> None:
        self.subset.setVisible(key == "subset")
        if key in ("head", "mean"):
            self.mean_wanted.emit(key == "mean")
        self.changed.emit()

    def _on_special(self) -> None:
        self.renormalise.setEnabled(self.special.currentData() == "out")
        self.changed.emit()

    def _on_subset(self, chosen: object) -> None:
        if isinstance(chosen, frozenset):
            self._chosen = chosen
        self.changed.emit()


def _pair(label: QLabel, field: QWidget) -> QWidget:
    out = QWidget()
    row = QHBoxLayout(out)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.TIGHT)
    row.addWidget(label)
    row.addWidget(field)
    return out

"""The controls of the Generation view: how tokens are chosen, how many, and the buttons."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop_app import theme
from desktop_app.widgets.flow import FlowLayout
from desktop_app.widgets.segmented import Segmented
from engine.pipeline.sampling import Sampling


class GenerationControls(QWidget):
    """Method, temperature, top k, seed, length, cache; next token, generate, back to the start, cancel."""

    next_wanted = Signal()
    generate_wanted = Signal()
    back_wanted = Signal()
    cancel_wanted = Signal()
    changed = Signal()
    """The cache was switched on or off."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.method = Segmented(("greedy", "sample"))
        self.temperature, self.top_k, self.seed, self.most = QDoubleSpinBox(), QSpinBox(), QSpinBox(), QSpinBox()
        self.past = QCheckBox()
        self.next, self.generate, self.back, self.stop = (QPushButton() for _ in range(4))
        self.progress = QProgressBar()
        self._labels = tuple(QLabel() for _ in range(4))
        self.method.set_choice("greedy")
        self.temperature.setRange(0.05, 5.0)
        self.temperature.setSingleStep(0.1)
        self.temperature.setValue(1.0)
        self.top_k.setRange(0, 100_000)
        self.seed.setRange(0, 2**31 - 1)
        self.most.setRange(1, 512)
        self.most.setValue(32)
        self.progress.setFixedWidth(140)
        self.progress.hide()
        self.stop.hide()
        self._build()
        self.method.chosen.connect(lambda _: self._offer())
        self.past.toggled.connect(lambda _: self.changed.emit())
        for button, signal in (
            (self.next, self.next_wanted),
            (self.generate, self.generate_wanted),
            (self.back, self.back_wanted),
            (self.stop, self.cancel_wanted),
        ):
            button.clicked.connect(lambda _=False, signal=signal: signal.emit())
        self._offer()
        self.retranslate()

    def sampling(self) -> Sampling:
        """Return how tokens are chosen."""
        if self.method.choice() == "greedy":
            return Sampling()
        return Sampling("sample", self.temperature.value(), self.top_k.value(), self.seed.value())

    def offer_past(self, possible: bool) -> None:
        """Offer the cache where the model's graphs have one."""
        self.past.setEnabled(possible)
        if not possible:
            self.past.setChecked(False)
        self._tip_past()

    def set_working(self, working: bool, done: int = 0, total: int = 0) -> None:
        """Show that a task is under way, and how far it is."""
        for button in (self.next, self.generate, self.back):
            button.setEnabled(not working)
        self.stop.setVisible(working)
        self.progress.setVisible(working)
        self.progress.setRange(0, total)
        self.progress.setValue(done)

    def state(self) -> dict[str, Any]:
        """Return what is set."""
        return {
            "method": self.method.choice(),
            "temperature": self.temperature.value(),
            "top_k": self.top_k.value(),
            "seed": self.seed.value(),
            "most": self.most.value(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Set what was set; what makes no sense is passed over."""
        if state.get("method") in ("greedy", "sample"):
            self.method.set_choice(state["method"])
        for field, name in ((self.top_k, "top_k"), (self.seed, "seed"), (self.most, "most")):
            try:
                field.setValue(int(state.get(name, field.value())))
            except (TypeError, ValueError):
                continue
        try:
            self.temperature.setValue(float(state.get("temperature", 1.0)))
        except (TypeError, ValueError):
            self.temperature.setValue(1.0)
        self._offer()

    def retranslate(self) -> None:
        """Set every text again."""
        self.method.set_text("greedy", self.tr("Greedy"), self.tr("Always the most likely token."))
        self.method.set_text("sample", self.tr("Sampling"), self.tr("Tokens are drawn by their probability."))
        self.method.setAccessibleName(self.tr("Method"))
        texts = (self.tr("Temperature"), self.tr("Top k"), self.tr("Seed"), self.tr("At most"))
        tips = (
            self.tr("Below 1 the likely tokens become likelier, above 1 the unlikely ones."),
            self.tr("Draw among this many most likely tokens."),
            self.tr("The same seed draws the same tokens again."),
            self.tr("So many tokens are generated at most."),
        )
        fields = (self.temperature, self.top_k, self.seed, self.most)
        for label, field, text, tip in zip(self._labels, fields, texts, tips, strict=True):
            label.setText(text)
            field.setToolTip(tip)
            field.setAccessibleName(text)
        self.top_k.setSpecialValueText(self.tr("all"))
        self.past.setText(self.tr("Keep keys and values"))
        self._tip_past()
        self.next.setText(self.tr("Next token"))
        self.generate.setText(self.tr("Generate"))
        self.back.setText(self.tr("Back to the start"))
        self.stop.setText(self.tr("Cancel"))
        self.progress.setAccessibleName(self.tr("Tokens generated"))

    def _tip_past(self) -> None:
        if self.past.isEnabled():
            tip = self.tr("With the cache each step reads one token; without it, the whole text again.")
        else:
            tip = self.tr("This model was exported without a cache of keys and values.")
        self.past.setToolTip(tip)

    def _offer(self) -> None:
        """Offer what makes a difference to the method."""
        draws = self.method.choice() == "sample"
        for pair in self._pairs[:3]:
            pair.setVisible(draws)

    def _build(self) -> None:
        fields = (self.temperature, self.top_k, self.seed, self.most)
        self._pairs = [_pair(label, field) for label, field in zip(self._labels, fields, strict=True)]
        first, second = QWidget(), QWidget()
        flow = FlowLayout(first, across=theme.APART, down=theme.NEAR)
        for widget in (self.method, *self._pairs, self.past):
            flow.addWidget(widget)
        below = FlowLayout(second, across=theme.NEAR, down=theme.NEAR)
        for button in (self.next, self.generate, self.back, self.stop, self.progress):
            below.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.NEAR)
        column.addWidget(first)
        column.addWidget(second)


def _pair(label: QLabel, field: QWidget) -> QWidget:
    out = QWidget()
    row = QHBoxLayout(out)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.TIGHT)
    row.addWidget(label)
    row.addWidget(field)
    label.setBuddy(field)
    return out

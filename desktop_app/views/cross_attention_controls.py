"""The controls of the Cross-attention view: part, layer, average, picture, and how much of the target is shown."""

from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QSpinBox, QToolButton, QWidget

from desktop_app import theme
from desktop_app.views.cross_attention_data import PARTS, Average, CrossData
from desktop_app.widgets.flow import FlowLayout
from desktop_app.widgets.map_chooser import MapChooser
from desktop_app.widgets.segmented import Segmented

_AVERAGES: tuple[Average, ...] = ("head", "layer", "all")
_STEP_MS = 450


class CrossControls(QWidget):
    """Part, layer, head and mean belong to the selection; the rest is kept here."""

    part_wanted = Signal(object)
    layer_wanted = Signal(int)
    head_wanted = Signal(int)
    mean_wanted = Signal(object)
    """Whether the mean over the heads shall be shown."""
    changed = Signal()
    """The average, or how much of the target is shown."""
    look_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.part, self.average = Segmented(PARTS), Segmented(_AVERAGES)
        self.picture, self.maps = Segmented(("links", "matrix")), MapChooser()
        self.layer, self.head = QSpinBox(), QSpinBox()
        self.grown, self.play = QSlider(Qt.Orientation.Horizontal), QToolButton()
        self._layer_label, self._head_label, self._grown_label, self._count = (QLabel() for _ in range(4))
        self._all = False
        self._whole = True
        self._target: tuple[str, ...] = ()
        self._clock = QTimer(self, interval=_STEP_MS)
        self._clock.timeout.connect(self._step)
        self.part.set_choice("cross")
        self.average.set_choice("head")
        self.picture.set_choice("links")
        self.grown.setFixedWidth(120)
        self.play.setText("▶")
        self._count.setProperty("quiet", True)
        flow = FlowLayout(self, across=theme.APART, down=theme.NEAR)
        self._grow = _row(self._grown_label, self.grown, self._count, self.play)
        for widget in (
            self.part,
            _row(self._layer_label, self.layer),
            _row(self._head_label, self.head),
            self.average,
            self.picture,
            self._grow,
            self.maps,
        ):
            flow.addWidget(widget)
        self._connect()
        self.retranslate()

    @property
    def averaged(self) -> Average:
        """What is averaged."""
        return next(key for key in _AVERAGES if key == self.average.choice())

    @property
    def shown_tokens(self) -> int:
        """How many of the target's tokens are shown."""
        return self.grown.value()

    def show_data(self, data: CrossData) -> None:
        """Show what is selected, and offer what there is."""
        if data.places is None:
            return
        self.part.set_choice(data.part)
        for part in PARTS:
            self.part.button(part).setEnabled(bool(data.places.sites[part]))
        layers = len(data.places.sites[data.part])
        for spin, value, count in ((self.layer, data.layer, layers), (self.head, data.selection.head, data.heads)):
            with QSignalBlocker(spin):
                spin.setRange(0, max(0, count - 1))
                spin.setValue(value)
        if not self._all:
            self.average.set_choice("layer" if data.selection.mean_heads else "head")
        self._grow.setVisible(data.places.target.kind == "text")
        count = len(data.places.target)
        with QSignalBlocker(self.grown):
            if self._target != data.places.target.pieces:
                self._target, self._whole = data.places.target.pieces, True
            self.grown.setRange(1, max(1, count))
            if self._whole:
                self.grown.setValue(count)
        self._say()

    def state(self) -> dict[str, Any]:
        """Return how things look."""
        return {"picture": self.picture.choice(), "map": self.maps.name()}

    def restore(self, state: dict[str, Any]) -> None:
        """Set how things look; what makes no sense is passed over."""
        if state.get("picture") in ("links", "matrix"):
            self.picture.set_choice(state["picture"])
        self.maps.set_name(str(state.get("map", "")))

    def stop(self) -> None:
        """Let the target grow no further by itself."""
        self._clock.stop()
        self.play.setText("▶")

    def retranslate(self) -> None:
        """Set every text again."""
        self.part.set_text("encoder", self.tr("Encoder"), self.tr("Self-attention within the source."))
        self.part.set_text("decoder", self.tr("Decoder"), self.tr("Self-attention within the target."))
        self.part.set_text("cross", self.tr("Cross"), self.tr("From each target token to the source."))
        self.part.setAccessibleName(self.tr("Part of the model"))
        self.average.set_text("head", self.tr("One head"), self.tr("The chosen head of the chosen layer."))
        self.average.set_text("layer", self.tr("Mean of the layer"), self.tr("The mean over the heads of the layer."))
        self.average.set_text("all", self.tr("Mean of all"), self.tr("The mean over all heads of all layers."))
        self.average.setAccessibleName(self.tr("Average"))
        self.picture.set_text("links", self.tr("Links"), self.tr("A line for each weight."))
        self.picture.set_text("matrix", self.tr("Matrix"), self.tr("Queries down, keys across; the wheel magnifies."))
        self.picture.setAccessibleName(self.tr("Picture of the pattern"))
        self._layer_label.setText(self.tr("Layer"))
        self._head_label.setText(self.tr("Head"))
        self._grown_label.setText(self.tr("Target so far"))
        self.grown.setAccessibleName(self.tr("Target so far"))
        self.play.setToolTip(self.tr("Let the target grow token by token"))
        self.play.setAccessibleName(self.tr("Let the target grow token by token"))

    def _connect(self) -> None:
        for label, field in (
            (self._layer_label, self.layer),
            (self._head_label, self.head),
            (self._grown_label, self.grown),
        ):
            label.setBuddy(field)
        self.part.chosen.connect(self.part_wanted)
        self.layer.valueChanged.connect(self.layer_wanted)
        self.head.valueChanged.connect(self.head_wanted)
        self.average.chosen.connect(self._on_average)
        self.picture.chosen.connect(lambda _: self.changed.emit())
        self.grown.valueChanged.connect(self._on_grown)
        self.play.clicked.connect(self._on_play)
        self.maps.chosen.connect(lambda _: self.look_changed.emit())

    def _on_average(self, key: object) -> None:
        self._all = key == "all"
        if not self._all:
            self.mean_wanted.emit(key == "layer")
        self.changed.emit()

    def _on_grown(self, count: int) -> None:
        self._whole = count >= self.grown.maximum()
        self._say()
        self.changed.emit()

    def _on_play(self) -> None:
        if self._clock.isActive():
            self.stop()
            return
        if self.grown.value() >= self.grown.maximum():
            self.grown.setValue(1)
        self.play.setText("■")
        self._clock.start()

    def _step(self) -> None:
        if self.grown.value() >= self.grown.maximum() or not self.isVisible():
            self.stop()
        else:
            self.grown.setValue(self.grown.value() + 1)

    def _say(self) -> None:
        self._count.setText(f"{self.grown.value()} / {self.grown.maximum()}")


def _row(*widgets: QWidget) -> QWidget:
    out = QWidget()
    row = QHBoxLayout(out)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.TIGHT)
    for widget in widgets:
        row.addWidget(widget)
    return out

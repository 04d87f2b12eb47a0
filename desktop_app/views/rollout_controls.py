"""The controls of the rollout view: how heads are fused, what is left out, up to which layer, and the colours."""

from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSlider, QSpinBox, QWidget

from desktop_app import theme
from desktop_app.views.rollout_data import RolloutData, Settings
from desktop_app.widgets.flow import FlowLayout
from desktop_app.widgets.map_chooser import MapChooser
from desktop_app.widgets.segmented import Segmented
from engine.rollout import Fusion

_FUSIONS: tuple[Fusion, ...] = ("mean", "max", "min")


class RolloutControls(QWidget):
    """What is done to the layers, and how it looks."""

    changed = Signal()
    """Fusion or discard ratio."""
    layer_wanted = Signal(int)
    """Up to which layer, counted within those rolled through."""
    look_changed = Signal()
    """Colour map or opacity."""
    token_wanted = Signal(object)
    """Another token, or None for the class token or the mean."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: RolloutData | None = None
        self._layer = 0
        self.fusion, self.maps, self.token = Segmented(_FUSIONS), MapChooser(), QSpinBox()
        self.weighted = QCheckBox()
        self.discard, self.layer, self.opacity = (QSlider(Qt.Orientation.Horizontal) for _ in range(3))
        self._discard_label, self._layer_label, self._opacity_label, self._token_label = (QLabel() for _ in range(4))
        self.fusion.set_choice("mean")
        for slider, most, value in ((self.discard, 90, 0), (self.layer, 0, 0), (self.opacity, 100, 60)):
            slider.setRange(0, most)
            slider.setValue(value)
            slider.setFixedWidth(110)
        self.discard.setSingleStep(5)
        self.discard.setPageStep(10)
        self.token.setRange(-1, 0)
        flow = FlowLayout(self, across=theme.APART, down=theme.NEAR)
        self._pairs = [
            _pair(self._token_label, self.token),
            _pair(self._discard_label, self.discard),
            _pair(self._layer_label, self.layer),
            _pair(self._opacity_label, self.opacity),
        ]
        for widget in (self._pairs[0], self.fusion, self.weighted, *self._pairs[1:3], self.maps, self._pairs[3]):
            flow.addWidget(widget)
        self.fusion.chosen.connect(lambda _: self.changed.emit())
        self.weighted.toggled.connect(lambda _: self.changed.emit())
        self.discard.valueChanged.connect(self._on_discard)
        self.layer.valueChanged.connect(self.layer_wanted)
        self.maps.chosen.connect(lambda _: self.look_changed.emit())
        self.opacity.valueChanged.connect(lambda _: self.look_changed.emit())
        self.token.valueChanged.connect(lambda token: self.token_wanted.emit(None if token < 0 else token))
        self.retranslate()

    def settings(self) -> Settings:
        """Return how layers become matrices."""
        fusion = next(name for name in _FUSIONS if name == self.fusion.choice())
        return Settings(fusion, self.discard.value() / 100, self.weighted.isChecked())

    def show_data(self, data: RolloutData, layer: int) -> None:
        """Show what there is to choose from, and what is chosen."""
        self._data, self._layer = data, layer
        with QSignalBlocker(self.layer):
            self.layer.setRange(0, len(data.sites) - 1)
            self.layer.setValue(layer)
        with QSignalBlocker(self.token):
            self.token.setRange(-1, data.tokens - 1)
            self.token.setValue(data.token if data.chosen and data.token is not None else -1)
        self._pairs[3].setVisible(data.grid is not None)
        self._pairs[0].setVisible(data.grid is None)
        self._say()

    def state(self) -> dict[str, Any]:
        """Return what is set."""
        return {
            "fusion": self.fusion.choice(),
            "discard": self.discard.value(),
            "weighted": self.weighted.isChecked(),
            "map": self.maps.name(),
            "opacity": self.opacity.value(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Set what was set; what makes no sense is passed over."""
        if state.get("fusion") in _FUSIONS:
            self.fusion.set_choice(state["fusion"])
        self.weighted.setChecked(state.get("weighted") in (True, "true"))
        self.maps.set_name(str(state.get("map", "")))
        for slider, name in ((self.discard, "discard"), (self.opacity, "opacity")):
            try:
                slider.setValue(int(state.get(name, slider.value())))
            except (TypeError, ValueError):
                continue

    def retranslate(self) -> None:
        """Set every text again."""
        self.fusion.set_text("mean", self.tr("Mean"), self.tr("Each layer’s pattern is the mean over its heads."))
        self.fusion.set_text("max", self.tr("Maximum"), self.tr("Each layer’s pattern is the largest over its heads."))
        self.fusion.set_text("min", self.tr("Minimum"), self.tr("Each layer’s pattern is the smallest over its heads."))
        self.weighted.setText(self.tr("× ‖value‖"))
        self.weighted.setToolTip(
            self.tr(
                "Each weight is multiplied by the norm of what the head takes from that token, its value through W_O "
                "(Kobayashi et al. 2020)."
            )
        )
        self.fusion.setAccessibleName(self.tr("Fusion of the heads"))
        tip = self.tr(
            "This share of the smallest weights of each row is left out before the rows are made to sum to 1."
        )
        self.discard.setToolTip(tip)
        self.layer.setToolTip(self.tr("Layers after this one are left out."))
        self._opacity_label.setText(self.tr("Opacity"))
        self.opacity.setAccessibleName(self.tr("Opacity"))
        self.opacity.setToolTip(self.tr("How much of the image the colours hide."))
        self._token_label.setText(self.tr("Token"))
        self.token.setAccessibleName(self.tr("Token"))
        self.token.setSpecialValueText(self.tr("mean of all"))
        self._say()

    def _on_discard(self) -> None:
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        text = self.tr("Discard {percent} %").format(percent=self.discard.value())
        self._discard_label.setText(text)
        self._discard_label.setMinimumWidth(self.fontMetrics().horizontalAdvance(text.replace("0", "00")) + 4)
        self.discard.setAccessibleName(text)
        site = self._data.sites[self._layer] if self._data is not None and self._data.sites else 0
        text = self.tr("Up to layer {layer}").format(layer=site)
        self._layer_label.setText(text)
        self.layer.setAccessibleName(text)


def _pair(label: QLabel, control: QWidget) -> QWidget:
    label.setBuddy(control)
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.NEAR)
    row.addWidget(label)
    row.addWidget(control)
    return both

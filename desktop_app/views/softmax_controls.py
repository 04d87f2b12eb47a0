"""The switches of the softmax lab: temperature, scale, mask, subtracting the maximum."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QSlider, QWidget

from desktop_app import theme
from desktop_app.views.softmax_data import Settings
from desktop_app.widgets.flow import FlowLayout

_STEPS = 100
"""Steps of the slider for a factor of ten."""


class SoftmaxControls(QWidget):
    """What is done to the scores, as live controls."""

    changed = Signal()
    """A setting was changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(-_STEPS, _STEPS)
        self.slider.setFixedWidth(160)
        self.scale, self.masked, self.subtract = QCheckBox(), QCheckBox(), QCheckBox()
        self.reset, self._label = QPushButton(), QLabel()
        self._label.setBuddy(self.slider)
        self._label.setMinimumWidth(130)
        flow = FlowLayout(self, across=theme.APART, down=theme.NEAR)
        for control in (self._label, self.slider, self.scale, self.masked, self.subtract, self.reset):
            flow.addWidget(control)
        for box in (self.scale, self.masked, self.subtract):
            box.setChecked(True)
            box.toggled.connect(self._on_changed)
        self.slider.valueChanged.connect(self._on_changed)
        self.reset.clicked.connect(self.restore)
        self.retranslate()

    def settings(self) -> Settings:
        """Return what is set."""
        temperature = 10 ** (self.slider.value() / _STEPS)
        return Settings(temperature, self.scale.isChecked(), self.masked.isChecked(), self.subtract.isChecked())

    def restore(self) -> None:
        """Set everything as the model has it."""
        for box in (self.scale, self.masked, self.subtract):
            with QSignalBlocker(box):
                box.setChecked(True)
        with QSignalBlocker(self.slider):
            self.slider.setValue(0)
        self._on_changed()

    def set_scale_label(self, text: str, *, enabled: bool) -> None:
        """Name the switch of the scale; it is off limits where the model has none that is one number."""
        self.scale.setText(text)
        self.scale.setEnabled(enabled)

    def retranslate(self) -> None:
        """Set every text again."""
        self.masked.setText(self.tr("Bias and mask"))
        self.subtract.setText(self.tr("Subtract the maximum"))
        self.subtract.setToolTip(self.tr("Changes no weight, but keeps exp from overflowing"))
        self.reset.setText(self.tr("As in the model"))
        self._say()

    def _on_changed(self) -> None:
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        text = self.tr("Temperature {value}").format(value=f"{self.settings().temperature:.2f}")
        self._label.setText(text)
        self.slider.setAccessibleName(text)

"""The controls of the class evidence view: the class, the method, how thorough it is, how it looks."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QSlider, QSpinBox, QWidget

from desktop_app import theme
from desktop_app.views import evidence_text as words
from desktop_app.views.evidence_data import METHODS, EvidenceData
from desktop_app.widgets.class_chooser import ClassChooser
from desktop_app.widgets.flow import FlowLayout
from desktop_app.widgets.map_chooser import MapChooser
from desktop_app.widgets.output_chooser import OutputChooser
from desktop_app.widgets.segmented import Segmented
from engine.evidence.evidence import Method, Target


class EvidenceControls(QWidget):
    """What is asked, and how the answer looks."""

    target_wanted = Signal()
    """Another class, or another number of the outputs."""
    method_wanted = Signal(object)
    """A method shall be shown, and run where it was not."""
    all_wanted = Signal()
    """Every method shall be run."""
    trust_wanted = Signal()
    """Deletion and insertion curves shall be measured."""
    look_changed = Signal()
    """Colours, opacity or smoothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: EvidenceData | None = None
        self.classes, self.methods, self.maps = ClassChooser(), Segmented(METHODS), MapChooser()
        self.outputs = OutputChooser()
        self.sign, self.smooth = QCheckBox(), QCheckBox()
        self.channels, self.masks, self.opacity = QSpinBox(), QSpinBox(), QSlider(Qt.Orientation.Horizontal)
        self.all, self.trust = QPushButton(), QPushButton()
        self._class_label, self._channels_label, self._masks_label, self._opacity_label = (QLabel() for _ in range(4))
        self.channels.setRange(0, 4096)
        self.channels.setSingleStep(64)
        self.channels.setValue(256)
        self.masks.setRange(100, 20_000)
        self.masks.setSingleStep(500)
        self.masks.setValue(1000)
        self.opacity.setRange(0, 100)
        self.opacity.setValue(60)
        self.opacity.setFixedWidth(90)
        self.smooth.setChecked(True)
        self.sign.setChecked(True)
        self._pairs = [
            _pair(self._class_label, self.classes, self.outputs),
            _pair(self._channels_label, self.channels),
            _pair(self._masks_label, self.masks),
            _pair(self._opacity_label, self.opacity),
        ]
        self._flow = FlowLayout(self, across=theme.APART, down=theme.NEAR)
        for widget in (
            *(self._pairs[0], self.methods, self.all, self.trust, self._pairs[1], self._pairs[2]),
            *(self.maps, self._pairs[3], self.smooth, self.sign),
        ):
            self._flow.addWidget(widget)
        self._connect()
        self.retranslate()

    def show_data(self, data: EvidenceData) -> None:
        """Offer what a run gives."""
        self._data = data
        self.classes.set_classes(data.classes)
        self.outputs.set_outputs({} if data.classes else data.outputs)
        self.classes.setVisible(bool(data.classes))
        self.outputs.setVisible(not data.classes)
        for widget in (self._pairs[0], self.all, self.trust):
            widget.setEnabled(self.target() is not None)
        self._offer()
        self.retranslate()

    def target(self) -> Target | None:
        """Return what is asked about; None where the model gives no numbers."""
        if self._data is None or self._data.classes:
            return Target(self.classes.target())
        found = self.outputs.target()
        return None if found is None else Target(output=found[0], at=found[1])

    def label(self) -> str:
        """Return what is asked about, in words."""
        return self.classes.label() if self._data is not None and self._data.classes else self.outputs.label()

    def set_method(self, name: Method) -> None:
        """Show which method is shown, and what can be set of it."""
        self.methods.set_choice(name)
        self._pairs[1].setVisible(name in ("score-cam", "ablation-cam"))
        self._pairs[2].setVisible(name == "rise")
        self._flow.invalidate()

    def state(self) -> dict[str, Any]:
        """Return what is set."""
        return {
            "channels": self.channels.value(),
            "masks": self.masks.value(),
            "map": self.maps.name(),
            "opacity": self.opacity.value(),
            "smooth": self.smooth.isChecked(),
            "signed": self.sign.isChecked(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Set what was set; what makes no sense is passed over."""
        for control, name in ((self.channels, "channels"), (self.masks, "masks"), (self.opacity, "opacity")):
            try:
                control.setValue(int(state.get(name, control.value())))
            except (TypeError, ValueError):
                continue
        for box, name in ((self.smooth, "smooth"), (self.sign, "signed")):
            box.setChecked(str(state.get(name, box.isChecked())).lower() == "true")
        self.maps.set_name(str(state.get("map", "")))

    def retranslate(self) -> None:
        """Set every text again."""
        outputs = self._data is not None and not self._data.classes
        self._class_label.setText(self.tr("Output") if outputs else self.tr("Class"))
        self.all.setText(self.tr("Run all"))
        self.all.setToolTip(self.tr("Run every method for this class, one after the other."))
        self.trust.setText(self.tr("Test them"))
        tip = self.tr(
            "Delete and insert pixels in the order of each map: the better a map, the faster the class goes and comes."
        )
        self.trust.setToolTip(tip)
        self._channels_label.setText(self.tr("Maps"))
        self.channels.setSpecialValueText(self.tr("all"))
        self.channels.setToolTip(self.tr("So many maps are tried at most, those that vary most."))
        self.channels.setAccessibleName(self.tr("Maps"))
        self._masks_label.setText(self.tr("Masks"))
        self.masks.setToolTip(self.tr("More masks take longer and give a smoother map."))
        self.masks.setAccessibleName(self.tr("Masks"))
        self._opacity_label.setText(self.tr("Opacity"))
        self.opacity.setAccessibleName(self.tr("Opacity"))
        self.opacity.setToolTip(self.tr("How much of the image the colours hide."))
        self.smooth.setText(self.tr("Smooth"))
        self.smooth.setToolTip(self.tr("Blend the colours of neighbouring places; the numbers stay the same."))
        self.sign.setText(self.tr("Against too"))
        self.sign.setToolTip(
            self.tr("What speaks against the class has colours of its own; else only what speaks for it.")
        )
        self.methods.setAccessibleName(self.tr("Method"))
        self._offer()
        self._flow.invalidate()

    def _connect(self) -> None:
        self.classes.chosen.connect(lambda _: self.target_wanted.emit())
        self.outputs.chosen.connect(self.target_wanted)
        self.methods.chosen.connect(self.method_wanted)
        self.all.clicked.connect(self.all_wanted)
        self.trust.clicked.connect(self.trust_wanted)
        self.maps.chosen.connect(lambda _: self.look_changed.emit())
        self.opacity.valueChanged.connect(lambda _: self.look_changed.emit())
        for box in (self.smooth, self.sign):
            box.toggled.connect(lambda _: self.look_changed.emit())

    def _offer(self) -> None:
        """Name the methods; those that this model does not allow say why."""
        for name in METHODS:
            tip, there = words.meaning(name), True
            if self._data is not None and name == "cam" and self._data.cam is None:
                tip, there = words.without_cam(self._data), False
            elif self._data is not None and name != "eigen-cam" and self.target() is None:
                tip, there = self.tr("This model gives no numbers that could be asked about."), False
            self.methods.set_text(name, words.method(name), tip)
            self.methods.button(name).setEnabled(there)


def _pair(label: QLabel, control: QWidget, *more: QWidget) -> QWidget:
    label.setBuddy(control)
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.NEAR)
    row.addWidget(label)
    for widget in (control, *more):
        row.addWidget(widget)
    return both

"""The controls of the feature maps view: maps or kernels, before or after the activation, order, colours."""

from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSlider, QSpinBox, QWidget

from desktop_app import theme
from desktop_app.views import feature_maps_text as words
from desktop_app.views.feature_maps_data import ORDERS, FeatureData
from desktop_app.widgets.class_chooser import ClassChooser
from desktop_app.widgets.flow import FlowLayout
from desktop_app.widgets.map_chooser import MapChooser
from desktop_app.widgets.segmented import Segmented
from engine.feature_maps import Order


class FeatureControls(QWidget):
    """What is shown of a layer, and how it looks."""

    changed = Signal()
    """What is shown: maps or kernels, before or after the activation, order, class."""
    look_changed = Signal()
    """Colours, scale, opacity."""
    channel_wanted = Signal(int)
    """Another map."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.what, self.stage = Segmented(("maps", "kernels")), Segmented((False, True))
        self.sign, self.scale = Segmented((True, False)), Segmented(("map", "shared"))
        self.order, self.classes, self.maps = QComboBox(), ClassChooser(), MapChooser()
        self.channel, self.opacity = QSpinBox(), QSlider(Qt.Orientation.Horizontal)
        self._channel_label, self._order_label, self._opacity_label = (QLabel() for _ in range(3))
        for name in ORDERS:
            self.order.addItem("", name)
        self.order.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for segmented, choice in ((self.what, "maps"), (self.stage, False), (self.sign, True), (self.scale, "map")):
            segmented.set_choice(choice)
        self.opacity.setRange(0, 100)
        self.opacity.setValue(70)
        self.opacity.setFixedWidth(90)
        self.channel.setMinimumWidth(64)
        self._flow = FlowLayout(self, across=theme.APART, down=theme.NEAR)
        self._pairs = [
            _pair(self._channel_label, self.channel),
            _pair(self._order_label, self.order),
            _pair(self._opacity_label, self.opacity),
        ]
        order = (self.what, *self._pairs[:2], self.classes, self.stage, self.sign, self.scale, self.maps)
        for widget in (*order, self._pairs[2]):
            self._flow.addWidget(widget)
        self._connect()
        self._arrange()
        self.retranslate()

    @property
    def kernels(self) -> bool:
        """Whether kernels are shown in place of maps."""
        return self.what.choice() == "kernels"

    @property
    def active(self) -> bool:
        """Whether maps are shown after their activation."""
        return bool(self.stage.choice())

    @property
    def signed(self) -> bool:
        """Whether numbers below zero have colours of their own."""
        return bool(self.sign.choice())

    @property
    def shared(self) -> bool:
        """Whether all maps share one scale."""
        return self.scale.choice() == "shared"

    def sorting(self) -> Order:
        """Return the order of the maps."""
        return ORDERS[self.order.currentIndex()]

    def show_data(self, data: FeatureData) -> None:
        """Offer what a layer has."""
        with QSignalBlocker(self.channel):
            self.channel.setRange(0, len(data.maps) - 1)
            self.channel.setValue(data.channel)
        self.classes.set_classes(data.classes)
        after = self.stage.button(True)
        after.setEnabled(bool(data.layer.activation))
        self._offer_contribution(there=data.contribute is not None)
        self._arrange()

    def state(self) -> dict[str, Any]:
        """Return what is set."""
        return {
            "order": self.sorting(),
            "active": self.active,
            "signed": self.signed,
            "scale": self.scale.choice(),
            "map": self.maps.name(),
            "opacity": self.opacity.value(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Set what was set; what makes no sense is passed over."""
        if state.get("order") in ORDERS:
            self.order.setCurrentIndex(ORDERS.index(state["order"]))
        for segmented, name in ((self.stage, "active"), (self.sign, "signed")):
            if name in state:
                segmented.set_choice(str(state[name]).lower() == "true")
        if state.get("scale") in ("map", "shared"):
            self.scale.set_choice(state["scale"])
        self.maps.set_name(str(state.get("map", "")))
        try:
            self.opacity.setValue(int(state.get("opacity", self.opacity.value())))
        except (TypeError, ValueError):
            self.opacity.setValue(70)
        self._arrange()
        self.look_changed.emit()

    def retranslate(self) -> None:
        """Set every text again."""
        self.what.set_text("maps", self.tr("Maps"), self.tr("What the layer makes of this image."))
        self.what.set_text("kernels", self.tr("Kernels"), self.tr("The weights that are slid over the layer’s input."))
        self.what.setAccessibleName(self.tr("Maps or kernels"))
        self.stage.set_text(False, self.tr("As computed"), self.tr("The numbers that the convolution gives."))
        tip = self.tr("After normalisation and nonlinearity, where one follows the layer at once.")
        self.stage.set_text(True, self.tr("After activation"), tip)
        self.stage.setAccessibleName(self.tr("Before or after the activation"))
        tip = self.tr("Zero is in the middle of the colours: below and above it look different.")
        self.sign.set_text(True, self.tr("Both signs"), tip)
        tip = self.tr("Colours begin at zero, what lies below has the first: what a ReLU lets through.")
        self.sign.set_text(False, self.tr("Above zero"), tip)
        self.sign.setAccessibleName(self.tr("Sign"))
        self.scale.set_text("map", self.tr("Scale per map"), self.tr("Every map has its own scale."))
        tip = self.tr("All maps of the layer share one scale, so that colours can be compared.")
        self.scale.set_text("shared", self.tr("Shared scale"), tip)
        self.scale.setAccessibleName(self.tr("Colour scale"))
        self._channel_label.setText(self.tr("Map"))
        self.channel.setAccessibleName(self.tr("Map"))
        self._order_label.setText(self.tr("Sort"))
        self.order.setAccessibleName(self.tr("Sort"))
        for at, name in enumerate(ORDERS):
            self.order.setItemText(at, words.order(name))
        self._opacity_label.setText(self.tr("Opacity"))
        self.opacity.setAccessibleName(self.tr("Opacity"))
        self.opacity.setToolTip(self.tr("How much of the image the colours hide."))
        self._flow.invalidate()

    def _connect(self) -> None:
        self.what.chosen.connect(lambda _: self._on_changed())
        self.stage.chosen.connect(lambda _: self._on_changed())
        self.order.currentIndexChanged.connect(lambda _: self._on_changed())
        self.classes.chosen.connect(lambda _: self._on_changed())
        self.sign.chosen.connect(lambda _: self._on_look())
        self.scale.chosen.connect(lambda _: self.look_changed.emit())
        self.maps.chosen.connect(lambda _: self.look_changed.emit())
        self.opacity.valueChanged.connect(lambda _: self.look_changed.emit())
        self.channel.valueChanged.connect(self.channel_wanted)

    def _on_changed(self) -> None:
        self._arrange()
        self.changed.emit()

    def _on_look(self) -> None:
        self._arrange()
        self.look_changed.emit()

    def _arrange(self) -> None:
        """Show the controls that do something now."""
        for widget in (self.stage, self.scale, self._pairs[1]):
            widget.setVisible(not self.kernels)
        self.classes.setVisible(not self.kernels and self.sorting() == "contribution")
        self.maps.setVisible(not self.signed)
        self._flow.invalidate()

    def _offer_contribution(self, *, there: bool) -> None:
        """Let maps be sorted by contribution where they are averaged for the classes; say why where not."""
        model = self.order.model()
        at = ORDERS.index("contribution")
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        model.setData(model.index(at, 0), int(flags.value) if there else 0, Qt.ItemDataRole.UserRole - 1)
        tip = "" if there else self.tr("Only of the last layer, where its maps are averaged for the classes.")
        self.order.setItemData(at, tip, Qt.ItemDataRole.ToolTipRole)
        if not there and self.order.currentIndex() == at:
            with QSignalBlocker(self.order):
                self.order.setCurrentIndex(0)


def _pair(label: QLabel, control: QWidget) -> QWidget:
    label.setBuddy(control)
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.NEAR)
    row.addWidget(label)
    row.addWidget(control)
    return both

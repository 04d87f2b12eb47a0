"""The controls of the Heads view: what is shown, and how it is coloured."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSlider, QWidget

from desktop_app import theme
from desktop_app.selection import Direction, Selection
from desktop_app.widgets.flow import FlowLayout
from desktop_app.widgets.map_chooser import MapChooser
from desktop_app.widgets.segmented import Segmented


class HeadsControls(QWidget):
    """Direction, head or mean, scale, colour map, opacity. It keeps how things look; the selection is not its own."""

    direction_wanted = Signal(object)
    """"from", "to" or "class"."""
    mean_wanted = Signal(object)
    """Whether the mean over the heads shall be shown."""
    look_changed = Signal()
    """Scale, colour map, opacity or smoothing was changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._on_image = True
        self.direction = Segmented(("from", "to", "class"))
        self.heads = Segmented((False, True))
        self.scale = Segmented(("head", "shared"))
        self.maps = MapChooser()
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.smooth, self.weighted = QCheckBox(), QCheckBox()
        self._opacity_label = QLabel()
        self._opacity_label.setBuddy(self.opacity)
        self.opacity.setRange(0, 100)
        self.opacity.setValue(60)
        self.opacity.setFixedWidth(110)
        self.scale.set_choice("head")
        self.set_selection(Selection(), classes=True)
        self._opacity_pair = self._opacity()
        self._flow = FlowLayout(self, across=theme.APART, down=theme.NEAR)
        for control in (
            self.direction,
            self.heads,
            self.weighted,
            self.scale,
            self.maps,
            self._opacity_pair,
            self.smooth,
        ):
            self._flow.addWidget(control)
        self.direction.chosen.connect(self.direction_wanted)
        self.heads.chosen.connect(self.mean_wanted)
        self.scale.chosen.connect(lambda _: self.look_changed.emit())
        self.maps.chosen.connect(lambda _: self.look_changed.emit())
        self.opacity.valueChanged.connect(lambda _: self.look_changed.emit())
        self.smooth.toggled.connect(lambda _: self.look_changed.emit())
        self.retranslate()

    @property
    def shared(self) -> bool:
        """Whether all heads share one scale."""
        return self.scale.choice() == "shared"

    def set_selection(self, selection: Selection, *, classes: bool) -> None:
        """Show what is selected; without `classes` the class token cannot be chosen."""
        self.direction.set_choice(selection.direction)
        self.direction.button("class").setEnabled(classes)
        self.heads.set_choice(selection.mean_heads)

    def set_on_image(self, on_image: bool) -> None:
        """Speak of patches or of tokens; hide what makes sense on a photo alone."""
        if on_image != self._on_image:
            self._on_image = on_image
            for control in (self._opacity_pair, self.smooth):
                control.setVisible(on_image)
            self.retranslate()

    def state(self) -> dict[str, Any]:
        """Return how things look."""
        return {
            "scale": "shared" if self.shared else "head",
            "map": self.maps.name(),
            "opacity": self.opacity.value(),
            "smooth": self.smooth.isChecked(),
            "weighted": self.weighted.isChecked(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Set how things look."""
        if state.get("scale") in ("head", "shared"):
            self.scale.set_choice(state["scale"])
        self.maps.set_name(str(state.get("map", "")))
        try:
            self.opacity.setValue(int(state.get("opacity", self.opacity.value())))
        except (TypeError, ValueError):
            self.opacity.setValue(60)
        self.weighted.setChecked(str(state.get("weighted", False)).lower() == "true")
        self.smooth.setChecked(str(state.get("smooth", self.smooth.isChecked())).lower() == "true")
        self.look_changed.emit()

    def retranslate(self) -> None:
        """Set every text again."""
        for key, (text, tip) in (self._patch_words() if self._on_image else self._token_words()).items():
            self.direction.set_text(key, text, tip)
        self.heads.set_text(False, self.tr("This head"), self.tr("The large picture shows the chosen head."))
        self.heads.set_text(
            True, self.tr("Mean of heads"), self.tr("The large picture shows the mean over the heads of the layer.")
        )
        tip = self.tr("Every head has its own scale: its largest number gets the last colour.")
        self.scale.set_text("head", self.tr("Scale per head"), tip)
        tip = self.tr("All heads of all layers share one scale, so that colours can be compared.")
        self.scale.set_text("shared", self.tr("Shared scale"), tip)
        self._opacity_label.setText(self.tr("Opacity"))
        self.opacity.setToolTip(self.tr("How much of the image the colours hide."))
        self.opacity.setAccessibleName(self.tr("Opacity"))
        self.weighted.setText(self.tr("× ‖value‖"))
        self.weighted.setToolTip(
            self.tr(
                "Each weight is multiplied by the norm of what the head takes from that token, its value through W_O "
                "(Kobayashi et al. 2020)."
            )
        )
        self.smooth.setText(self.tr("Smooth"))
        self.smooth.setToolTip(self.tr("Blend the colours of neighbouring patches; the numbers stay the same."))
        self.direction.setAccessibleName(self.tr("Direction"))
        self.heads.setAccessibleName(self.tr("Heads"))
        self.scale.setAccessibleName(self.tr("Colour scale"))
        self._flow.invalidate()

    def _patch_words(self) -> dict[Direction, tuple[str, str]]:
        return {
            "from": (self.tr("From this patch"), self.tr("What the patch under the pointer attends to.")),
            "to": (self.tr("To this patch"), self.tr("What attends to the patch under the pointer.")),
            "class": (self.tr("Class token"), self.tr("What the class token attends to.")),
        }

    def _token_words(self) -> dict[Direction, tuple[str, str]]:
        return {
            "from": (self.tr("From this token"), self.tr("What the token under the pointer attends to.")),
            "to": (self.tr("To this token"), self.tr("What attends to the token under the pointer.")),
            "class": (self.tr("Class token"), self.tr("What the class token attends to.")),
        }

    def _opacity(self) -> QWidget:
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.NEAR)
        row.addWidget(self._opacity_label)
        row.addWidget(self.opacity)
        return both

"""How the photo becomes the model's input: stated, and editable before a rerun."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.i18n import lookup
from desktop_app.panels.fields import Numbers, Sizes
from engine import ModelDescription
from engine.images.plan import ImagePlan, ResizeMode

PRESETS: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "ImageNet": ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    "0.5": ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
    "CLIP": ((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)),
    "0, 1": ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
}
"""Normalisations that published models use."""

MODES: tuple[ResizeMode, ...] = ("stretch", "shortest edge", "fit and pad", "none")


class Preprocessing(QWidget):
    """States the plan and lets the user change it; the change takes effect on Rerun."""

    rerun_wanted = Signal(object)
    """The edited `ImagePlan`, or None for the model's own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: ModelDescription | None = None
        self._plan: ImagePlan | None = None
        self._source = QLabel(wordWrap=True)
        self._mode = QComboBox()
        self._mode.addItems([""] * len(MODES))
        self._size = Sizes()
        self._crop = Sizes()
        self._cropped = QCheckBox()
        self._preset = QComboBox()
        self._preset.addItems([*PRESETS, ""])
        self._mean = Numbers(-1000.0, 1000.0)
        self._std = Numbers(0.0001, 1000.0)
        self._bgr = QCheckBox()
        self._warning = QLabel(wordWrap=True)
        self._again = QPushButton()
        self._reset = QPushButton()
        self._labels = [QLabel() for _ in range(6)]
        self._form = QWidget()
        self._fields: tuple[QWidget, ...] = (
            self._mode, self._size, self._cropped, self._crop, self._preset, self._mean, self._std, self._bgr
        )  # fmt: skip
        self._arrange()
        for signal in (self._size.changed, self._crop.changed, self._cropped.toggled, self._bgr.toggled,
                       self._mode.currentIndexChanged):  # fmt: skip
            signal.connect(self._edited)
        self._mean.changed.connect(self._numbers_edited)
        self._std.changed.connect(self._numbers_edited)
        self._preset.activated.connect(self._preset_chosen)
        self._again.clicked.connect(self.run_again)
        self._reset.clicked.connect(lambda: self.rerun_wanted.emit(None))
        self.retranslate()
        self.show_plan(None, None)

    def show_plan(self, model: ModelDescription | None, plan: ImagePlan | None) -> None:
        """State a plan and put it into the fields."""
        self._model, self._plan = model, plan
        self._form.setVisible(plan is not None)
        if plan is not None:
            fields: tuple[QWidget, ...] = (
                self._mode,
                self._size,
                self._crop,
                self._cropped,
                self._mean,
                self._std,
                self._bgr,
            )
            for field in fields:
                field.blockSignals(True)
            self._mode.setCurrentIndex(MODES.index(plan.resize))
            self._size.set_value(plan.size)
            self._cropped.setChecked(plan.crop is not None)
            self._crop.set_value(plan.crop or plan.size)
            self._mean.set_value(plan.mean)
            self._std.set_value(plan.std)
            self._bgr.setChecked(plan.bgr)
            for field in self._fields:
                field.blockSignals(False)
        self._state()
        self._edited()
        self._find_preset()

    def edited_plan(self) -> ImagePlan | None:
        """Return the plan as the fields have it."""
        if self._plan is None:
            return None
        mode = MODES[self._mode.currentIndex()]
        edited = replace(
            self._plan,
            size=self._size.value(),
            resize=mode,
            crop=self._crop.value() if self._cropped.isChecked() else None,
            mean=self._mean.value(),
            std=self._std.value(),
            bgr=self._bgr.isChecked(),
        )
        return self._plan if edited == self._plan else replace(edited, source="user", notes=())

    def run_again(self) -> None:
        """Ask for a run with the plan as the fields have it; nothing happens while it does not fit the model."""
        plan = self.edited_plan()
        if plan is None or self._warning.isVisibleTo(self):
            return
        own = None if self._model is None else self._model.image_plan
        self.rerun_wanted.emit(None if plan == own else plan)

    def retranslate(self) -> None:
        """Write everything again in the current language."""
        modes = {
            "stretch": self.tr("Stretch to the size"),
            "shortest edge": self.tr("Shorter edge to the size"),
            "fit and pad": self.tr("Fit inside and pad"),
            "none": self.tr("Keep the pixels"),
        }
        for index, mode in enumerate(MODES):
            self._mode.setItemText(index, modes[mode])
        self._preset.setItemText(len(PRESETS) - 1, self.tr("None (0, 1)"))
        self._preset.setItemText(len(PRESETS), self.tr("Own numbers"))
        titles = (
            self.tr("Resize"),
            self.tr("Size"),
            self.tr("Crop"),
            self.tr("Normalise"),
            self.tr("Mean"),
            self.tr("Std"),
        )
        for label, title in zip(self._labels, titles, strict=True):
            label.setText(title)
        self._cropped.setText(self.tr("Cut out the centre"))
        self._bgr.setText(self.tr("Blue channel first (BGR)"))
        self._again.setText(self.tr("Rerun"))
        self._again.setToolTip(self.tr("Run the photo again with these numbers"))
        self._reset.setText(self.tr("As declared"))
        self._reset.setToolTip(self.tr("Go back to what the model’s files say, or to the guess"))
        rows, columns = self.tr("Rows, in pixels"), self.tr("Columns, in pixels")
        self._size.set_names(rows, columns)
        self._crop.set_names(rows, columns)
        self._mean.set_names(self.tr("Mean"))
        self._std.set_names(self.tr("Standard deviation"))
        self._mode.setAccessibleName(titles[0])
        self._preset.setAccessibleName(titles[3])
        self._state()
        self._edited()

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.NEAR)
        grid.setVerticalSpacing(theme.NEAR)
        grid.setColumnStretch(1, 1)
        labelled = (0, 1, 2, 4, 5, 6)
        for row, field in enumerate(self._fields):
            if row in labelled:
                label = self._labels[labelled.index(row)]
                label.setProperty("quiet", True)
                grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.NEAR)
        buttons.addStretch(1)
        buttons.addWidget(self._reset)
        buttons.addWidget(self._again)
        inner = QVBoxLayout(self._form)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(theme.NEAR)
        inner.addLayout(grid)
        inner.addWidget(self._warning)
        inner.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.NEAR)
        column.addWidget(self._source)
        column.addWidget(self._form)

    def _state(self) -> None:
        """Say where the plan comes from."""
        plan = self._plan
        if plan is None:
            self._source.setText(self.tr("Open a vision model: how its image is prepared will be stated here."))
            return
        if plan.source == "user":
            text = self.tr("Changed by you.")
        elif plan.source == "guess":
            text = "" if plan.notes else self.tr("A guess.")
        else:
            text = self.tr("As {file} says.").format(file=plan.source)
        lines = [text, *(note.text(lookup) for note in plan.notes)]
        self._source.setText("\n".join(line for line in lines if line))

    def _edited(self) -> None:
        """Follow an edit: what can be changed, what does not fit, whether there is anything to run."""
        mode = MODES[self._mode.currentIndex()]
        self._size.setEnabled(mode != "none")
        uneven = self._plan is not None and len(set(self._plan.size)) > 1
        self._size.set_square(mode == "shortest edge" and not uneven)
        self._crop.setVisible(self._cropped.isChecked())
        plan = self.edited_plan()
        warning = "" if plan is None or self._model is None else self._misfit(plan, self._model)
        self._warning.setText(warning)
        self._warning.setVisible(bool(warning))
        self._again.setEnabled(plan is not None and plan != self._plan and not warning)
        own = None if self._model is None else self._model.image_plan
        self._reset.setEnabled(plan is not None and (plan != own or self._plan != own))

    def _misfit(self, plan: ImagePlan, model: ModelDescription) -> str:
        """Say when the plan gives another size than the model takes."""
        info = next((info for info in model.inputs if info.name == model.image_input), None)
        if info is None or len(info.shape) != 4 or (plan.resize == "none" and plan.crop is None):
            return ""
        wanted = info.shape[2:] if plan.layout == "NCHW" else info.shape[1:3]
        gives: tuple[int, int] = plan.output_size
        if plan.resize == "shortest edge" and plan.crop is None:
            if not all(isinstance(size, int) for size in wanted):
                return ""
            text = self.tr("Without a crop the size follows the photo; this model takes {rows} × {columns}.")
            return text.format(rows=wanted[0], columns=wanted[1])
        for size, given in zip(wanted, gives, strict=True):
            if isinstance(size, int) and size != given:
                text = self.tr("This gives {a} × {b} pixels; the model takes {rows} × {columns}.")
                return text.format(a=gives[0], b=gives[1], rows=wanted[0], columns=wanted[1])
        return ""

    def _numbers_edited(self) -> None:
        self._find_preset()
        self._edited()

    def _find_preset(self) -> None:
        """Name the normalisation that the numbers are."""
        found = (tuple(self._mean.value()), tuple(self._std.value()))
        rounded = {name: (_rounded(mean), _rounded(std)) for name, (mean, std) in PRESETS.items()}
        names = [name for name, value in rounded.items() if value == (_rounded(found[0]), _rounded(found[1]))]
        self._preset.setCurrentIndex(list(PRESETS).index(names[0]) if names else len(PRESETS))

    def _preset_chosen(self, index: int) -> None:
        if index < len(PRESETS) and self._plan is not None:
            mean, std = list(PRESETS.values())[index]
            count = len(self._plan.mean)
            scale = 1.0 if self._plan.rescale < 0.5 else 255.0
            self._mean.set_value(tuple(m * scale for m in mean[:count]))
            self._std.set_value(tuple(s * scale for s in std[:count]))
            self._edited()


def _rounded(values: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(round(value, 3) for value in values)

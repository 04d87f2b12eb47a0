"""The panel beside the views: files, prediction, facts, preprocessing, near misses."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app import theme
from desktop_app.frame import PANEL_WIDTH
from desktop_app.i18n import lookup
from desktop_app.panels.facts import ModelFacts
from desktop_app.panels.near_misses import NearMisses
from desktop_app.panels.preprocessing import Preprocessing
from desktop_app.panels.section import Section
from desktop_app.panels.text_input import TextInput
from desktop_app.panels.text_results import answer
from desktop_app.widgets.prediction_bars import PredictionBars
from engine import ModelDescription, Run
from engine.messages import Message
from engine.predictions import Prediction, top_classes


class FileButton(QToolButton):
    """Shows the name of what is open; its menu opens something else."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_name(self, name: str, tip: str) -> None:
        """Show a name, in the middle cut if it is too long, whole in the tool tip."""
        self._name = name
        self.setToolTip(tip or name)
        self.setAccessibleDescription(name)
        self._fit()

    def resizeEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        """Cut the name anew."""
        super().resizeEvent(event)  # type: ignore[arg-type]  # Qt's own event, handed through
        self._fit()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Let the panel be narrower than the name."""
        return QSize(96, super().minimumSizeHint().height())

    def _fit(self) -> None:
        room = max(32, self.width() - 32)
        self.setText(self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideMiddle, room))


class SidePanel(QScrollArea):
    """Everything about the run that is not a picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run: Run | None = None
        self._model: ModelDescription | None = None
        self.model_button, self.photo_button, self.sound_button = FileButton(), FileButton(), FileButton()
        self._sound_label = QLabel()
        self._model_label, self._photo_label, self._photo_notes = QLabel(), QLabel(), QLabel(wordWrap=True)
        self.bars = PredictionBars()
        self._no_prediction = QLabel(wordWrap=True)
        self.text = TextInput()
        self.facts, self.preprocessing, self.near_misses = ModelFacts(), Preprocessing(), NearMisses()
        prediction = QWidget()
        inner = QVBoxLayout(prediction)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.bars)
        inner.addWidget(self._no_prediction)
        self._sections = (
            Section(self.text),
            Section(prediction),
            Section(self.facts),
            Section(self.preprocessing),
            Section(self.near_misses, is_open=False),
        )
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(theme.APART, theme.NEAR, theme.APART, theme.APART)
        column.setSpacing(theme.APART)
        column.addLayout(self._files())
        for section in self._sections:
            column.addWidget(section)
        column.addStretch(1)
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(PANEL_WIDTH)
        self._sections[0].hide()
        self.retranslate()

    def set_menus(self, models: QMenu, photos: QMenu) -> None:
        """Give the two file buttons their menus."""
        self.model_button.setMenu(models)
        self.photo_button.setMenu(photos)
        self.sound_button.setMenu(_only_open(photos, self))

    def show_run(self, model: ModelDescription | None, run: Run | None) -> None:
        """Show all that is known of a model and its run."""
        self._model, self._run = model, run
        self.facts.show_model(model, run)
        self.near_misses.show_model(model)
        plan = None
        if model is not None:
            plan = run.image.plan if run is not None and run.image is not None else model.image_plan
        self.preprocessing.show_plan(model, plan)
        self.text.show_run(model, run)
        self._sections[0].setVisible(model is not None and model.text is not None)
        takes_image = model is None or model.image_input is not None or (model.text is None and model.audio is None)
        for widget in (self._photo_label, self.photo_button):
            widget.setVisible(takes_image)
        for widget in (self._sound_label, self.sound_button):
            widget.setVisible(model is not None and model.audio is not None)
        self._sections[3].setVisible(takes_image)
        self._fill()

    @property
    def reads_text(self) -> bool:
        """Whether the model on screen reads a text that is given to it."""
        return self._model is not None and self._model.text is not None and self._model.text.ids is not None

    def retranslate(self) -> None:
        """Write everything again in the current language."""
        titles = (
            self.tr("Text"),
            self.tr("Prediction"),
            self.tr("Model"),
            self.tr("Preprocessing"),
            self.tr("Softmaxes that are not attention"),
        )
        for section, title in zip(self._sections, titles, strict=True):
            section.set_title(title)
        self._model_label.setText(self.tr("Model"))
        self._photo_label.setText(self.tr("Image"))
        self._sound_label.setText(self.tr("Sound"))
        self.sound_button.setAccessibleName(self.tr("Open another sound"))
        self.model_button.setAccessibleName(self.tr("Open another model"))
        self.photo_button.setAccessibleName(self.tr("Open another image"))
        self.text.retranslate()
        self.facts.retranslate()
        self.preprocessing.retranslate()
        self.near_misses.retranslate()
        self._fill()

    def _files(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.NEAR)
        grid.setVerticalSpacing(theme.TIGHT)
        grid.setColumnStretch(1, 1)
        self._photo_notes.setProperty("quiet", True)
        pairs = (
            (self._model_label, self.model_button),
            (self._photo_label, self.photo_button),
            (self._sound_label, self.sound_button),
        )
        for row, (label, button) in enumerate(pairs):
            label.setProperty("quiet", True)
            grid.addWidget(label, row, 0)
            grid.addWidget(button, row, 1)
        grid.addWidget(self._photo_notes, 3, 1)
        return grid

    def _fill(self) -> None:
        """Show names and prediction of what is open."""
        model, run = self._model, self._run
        nothing = self.tr("none open")
        self.model_button.set_name(nothing if model is None else model.name, "" if model is None else model.path)
        photo = None if run is None or run.image is None else run.image.photo
        self.photo_button.set_name(nothing if photo is None else photo.name, "")
        notes: list[str] = []
        if photo is not None:
            rows, columns = photo.original_size
            notes = [f"{columns} × {rows}", *(note.text(lookup) for note in photo.notes)]
        audio = None if run is None else run.audio
        self.sound_button.set_name(nothing if audio is None else audio.sound.name, "")
        if audio is not None:
            length = self.tr("{seconds} s").format(seconds=f"{audio.sound.seconds:.2f}")
            notes += [length, *(note.text(lookup) for note in (*audio.sound.notes, *audio.notes))]
        self._photo_notes.setText("\n".join(notes))
        self._photo_notes.setVisible(bool(notes))
        said = None if run is None else answer(run)
        best = () if run is None or said is not None else top_classes(run)
        classes = [(label(row), row.probability) for row in best]
        self.bars.set_rows(classes or (said.rows if said is not None else ()))
        self.bars.setVisible(bool(self.bars.rows()))
        self._no_prediction.setVisible(not best)
        if said is not None:
            self._no_prediction.setText(said.said)
        elif run is None:
            self._no_prediction.setText(self.tr("Open a model and an image: its five best answers will stand here."))
        else:
            self._no_prediction.setText(
                self.tr("No output of this model gives classes, so there is no answer to show.")
            )


def _only_open(menu: QMenu, parent: QWidget) -> QMenu:
    """Return a menu with the last command of another: that which opens a file."""
    out = QMenu(parent)
    out.addActions(menu.actions()[-1:])
    return out


def label(row: Prediction) -> str:
    """Return the name of a class; a number where the model names none."""
    return row.label if row.named else Message.of("class-numbered", index=row.index).text(lookup)

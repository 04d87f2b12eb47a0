"""What stands where a view would, while there is nothing to look at: a sentence that says what to do."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app import theme

if TYPE_CHECKING:  # it is on the screen before the engine is imported
    from desktop_app.process.protocol import Phase
    from engine import ModelDescription, Run


class Placeholder(QWidget):
    """A heading, a sentence, and a button that opens a file."""

    open_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: ModelDescription | None = None
        self._run: Run | None = None
        self._phase: Phase | None = None
        self._heading = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self._heading.setFont(theme.sized(self._heading.font(), theme.HEADING, bold=True))
        self._text = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self._text.setMaximumWidth(560)
        self._text.setProperty("quiet", True)
        self._button = QPushButton()
        self._button.clicked.connect(self.open_wanted)
        column = QVBoxLayout(self)
        column.setSpacing(theme.APART)
        column.addStretch(1)
        for widget in (self._heading, self._text, self._button):
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(widget, 8 if widget is not self._button else 0)
            row.addStretch(1)
            column.addLayout(row)
        column.addStretch(1)
        self.retranslate()

    @property
    def text(self) -> str:
        """Heading and sentence as they are shown."""
        return f"{self._heading.text()}\n{self._text.text()}"

    def show_model(self, model: "ModelDescription | None", run: "Run | None") -> None:
        """Say what is missing of a model and its run."""
        self._model, self._run = model, run
        self.retranslate()

    def show_phase(self, phase: "Phase | None") -> None:
        """Say that something is on its way."""
        self._phase = phase
        self.retranslate()

    def retranslate(self) -> None:
        """Write everything again in the current language."""
        heading, text = self._words()
        self._heading.setText(heading)
        self._text.setText(text)
        self._button.setText(self.tr("Open…"))
        self._button.setVisible(self._phase is None or self._model is not None)

    def _lacking(self, model: "ModelDescription") -> tuple[str, str] | None:
        """Say what a model of text or of sound waits for; None where it waits for an image."""
        if model.audio is not None:
            text = self.tr("The model is open and listens. Drop a .wav file here, or choose one with File ▸ Open.")
            return self.tr("Now a sound"), text
        if model.text is not None and model.text.ids is not None and model.image_input is None:
            text = self.tr("The model is open and reads. Type a text in the panel, paste one, or drop a .txt file.")
            return self.tr("Now a text"), text
        return None

    def _words(self) -> tuple[str, str]:
        if self._model is None:
            if self._phase is not None:
                return self.tr("One moment"), self.tr("The model and the image are being opened.")
            return (
                self.tr("Drop a model and an image here"),
                self.tr("An .onnx file, or a folder that holds one, and any photo. Or choose them with File ▸ Open."),
            )
        if self._run is None and (words := self._lacking(self._model)) is not None:
            return words
        if self._run is None:
            return (
                self.tr("Now an image"),
                self.tr("The model is open. Drop an image here, paste one, or choose it with File ▸ Open."),
            )
        if not self._model.sites:
            count = len(self._model.near_misses)
            seen = (
                self.tr("%n softmax(es) were looked at and not taken; the panel says why.", "", count) if count else ""
            )
            text = self.tr("Its prediction and facts are in the panel. Open another model to see heads.")
            return self.tr("“{name}” has no attention").format(name=self._model.name), f"{seen} {text}".strip()
        return self.tr("Nothing to show"), self.tr("No view can show this model. Its prediction is in the panel.")

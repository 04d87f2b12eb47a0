"""What covers the window while something is dragged over it: a frame, and what letting go will do."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop_app import theme

if TYPE_CHECKING:  # it is part of the frame, which does not wait for the engine
    from desktop_app.intake import Intake

MARGIN = 24.0
RADIUS = 12.0


class DropHint(QWidget):
    """A veil with a dashed frame and one sentence; it takes no events."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._text = ""
        self.hide()

    @property
    def text(self) -> str:
        """The sentence on show."""
        return self._text

    def show_intake(self, intake: "Intake") -> None:
        """Say what dropping this will do."""
        from desktop_app.process.protocol import photo_name

        model = "" if intake.model is None else intake.model.name
        photo = "" if intake.photo is None else photo_name(intake.photo)
        if intake.sound is not None:
            photo = photo_name(intake.sound)
        if intake.text is not None and not photo and not model:
            self._text = self.tr("Drop to read this text")
        elif model and photo:
            self._text = self.tr("Drop to run “{photo}” through “{model}”").format(photo=photo, model=model)
        elif model:
            self._text = self.tr("Drop to open the model “{model}”").format(model=model)
        elif photo:
            self._text = self.tr("Drop to look at “{photo}”").format(photo=photo)
        else:
            self._text = self.tr("Drop an ONNX model, a folder that holds one, or an image")
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's own signature
        """Paint veil, frame and sentence."""
        colours = theme.colours(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(colours.window)
        veil.setAlpha(225)
        painter.fillRect(self.rect(), veil)
        frame = QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        painter.setPen(QPen(colours.accent, 2.0, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(frame, RADIUS, RADIUS)
        painter.setPen(colours.text)
        painter.setFont(theme.sized(self.font(), theme.HEADING))
        inside = frame.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        painter.drawText(inside, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._text)
        painter.end()

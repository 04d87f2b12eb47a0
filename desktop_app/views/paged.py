"""What views with one page share: the page, and a sentence in its place while there is nothing to look at."""

from abc import abstractmethod

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QStackedLayout, QWidget

from desktop_app import theme
from desktop_app.views.base import View
from engine import ModelDescription


def quiet_sentence() -> QLabel:
    """Return a label for what stands in the place of a picture."""
    label = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
    label.setProperty("quiet", "true")
    label.setMargin(theme.APART)
    return label


class PagedView(View):
    """A view with one page, and a sentence that says why it is empty and what to do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._without: ModelDescription | None = None
        self.sentence = quiet_sentence()
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.sentence)

    def set_page(self, page: QWidget) -> None:
        """Take the page that shows what there is to look at."""
        self._pages.addWidget(page)

    def show_page(self) -> None:
        """Show the page in place of the sentence."""
        self._pages.setCurrentIndex(1)

    def show_sentence(self, text: str) -> None:
        """Show a sentence in place of the page."""
        self.sentence.setText(text)
        self._pages.setCurrentIndex(0)

    def clear(self, model: ModelDescription | None = None) -> None:
        """Show what to do when there is nothing to look at."""
        self._without = model
        self.say_why()
        self._pages.setCurrentIndex(0)

    @abstractmethod
    def say_why(self) -> None:
        """Write into the sentence why the view is empty and what to do, in the current language."""


class AttentionView(PagedView):
    """A view with one page, for models that have attention."""

    @classmethod
    def supports(cls, model: ModelDescription) -> bool:
        """Return whether the model has attention."""
        return bool(model.sites)

    def say_why(self) -> None:
        """Say why the view is empty and what to do, in the current language."""
        if self._without is None:
            text = self.tr("Drop an image or an .onnx file here, or choose one with File ▸ Open.")
        elif self._without.sites and self._without.image_input is None and self._without.text is not None:
            text = self.tr("Type a text in the panel, or drop a file here.")
        elif self._without.sites:
            text = self.tr("Drop an image here, or choose one with File ▸ Open.")
        else:
            text = self.tr("No attention was found in “{name}”. Open another model.").format(name=self._without.name)
        self.sentence.setText(text)

"""What views that compare share: a bar that says what is compared, a page, and a sentence in its place."""

from collections.abc import Hashable
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.selection import Selection
from desktop_app.views.base import PairView
from desktop_app.views.paged import PagedView, quiet_sentence
from desktop_app.widgets.pair_bar import PairBar
from engine import ModelDescription, Run


def names_of(run: Run, other: Run | None) -> tuple[str, str]:
    """Return what tells two runs apart: the models' names, or the photos' where the model is one."""
    if other is None:
        return run.model.name, ""
    if other.model.path != run.model.path:
        return run.model.name, other.model.name
    photos = [one.image.photo.name if one.image is not None else one.model.name for one in (run, other)]
    return photos[0], photos[1]


class PairedView(PairView, PagedView):
    """A view of two runs: the bar above, below it the page, or a sentence that says what to do."""

    group = "compare"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar, self.hint = PairBar(), quiet_sentence()
        self._body = QStackedWidget()
        self._body.addWidget(self.hint)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(theme.APART, theme.APART, theme.APART, theme.NEAR)
        column.setSpacing(theme.NEAR)
        column.addWidget(self.bar)
        column.addWidget(self._body, 1)
        super().set_page(whole)
        self.bar.wanted.connect(self.beside_wanted)

    @classmethod
    def supports(cls, model: ModelDescription) -> bool:
        """Return whether the model looks at images."""
        return model.image_input is not None

    @classmethod
    def depends(cls, selection: Selection) -> Hashable:  # noqa: ARG003
        """Return nothing: what is compared is the whole of two runs."""
        return None

    def set_page(self, page: QWidget) -> None:
        """Take the page that compares."""
        self._body.addWidget(page)

    def show_pair(self, path: str, names: tuple[str, str], *, page: bool = True) -> None:
        """Say what is compared, and show the page, or in its place the hint."""
        self.bar.show_pair(path, names)
        self._body.setCurrentIndex(1 if page else 0)
        self.show_page()

    def say_why(self) -> None:
        """Say why the view is empty and what to do, in the current language."""
        if self._without is None:
            text = self.tr("Drop an image or an .onnx file here, or choose one with File ▸ Open.")
        elif self._without.image_input is not None:
            text = self.tr("Drop an image here, or choose one with File ▸ Open.")
        else:
            text = self.tr("“{name}” does not look at images. Open a model that does, to compare it.")
            text = text.format(name=self._without.name)
        self.sentence.setText(text)

    def retranslate(self) -> None:
        """Set every text again."""
        self.bar.retranslate()
        self.say_why()

    def state(self) -> dict[str, Any]:
        """Return nothing: what stands beside is asked for anew."""
        return {}

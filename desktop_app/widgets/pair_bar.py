"""Choosing what stands beside what is on screen: one click for the bundled partner, menus for all else."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from desktop_app import bundle, theme
from desktop_app.beside import Beside
from desktop_app.process.protocol import PhotoFile
from desktop_app.suffixes import IMAGE_SUFFIXES, MODEL_SUFFIXES

PARTNERS = {"vit": "cnn", "cnn": "vit"}
"""Bundled models that were made to be compared."""


class PairBar(QWidget):
    """Says what is compared, and asks for something else."""

    wanted = Signal(object)
    """A `Beside`, or None for nothing beside."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model, self._names = "", ("", "")
        self.said = QLabel()
        self.said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.partner = QPushButton()
        self.models, self.photos, self.remove = QToolButton(), QToolButton(), QToolButton()
        for button, fill in ((self.models, self._fill_models), (self.photos, self._fill_photos)):
            menu = QMenu(button)
            menu.aboutToShow.connect(lambda menu=menu, fill=fill: fill(menu))
            button.setMenu(menu)
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.partner.clicked.connect(self._on_partner)
        self.remove.clicked.connect(lambda: self.wanted.emit(None))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.NEAR)
        row.addWidget(self.said, 1)
        for widget in (self.partner, self.models, self.photos, self.remove):
            row.addWidget(widget)
        self.retranslate()

    def show_pair(self, model: str, names: tuple[str, str]) -> None:
        """Say what is compared.

        Args:
            model: path of the model on screen.
            names: of what stands left and right; the second is empty while nothing is beside.
        """
        self._model, self._names = model, names
        self._say()

    def retranslate(self) -> None:
        """Set every text again."""
        self.models.setText(self.tr("Another model"))
        self.models.setToolTip(self.tr("Another model on the same image"))
        self.photos.setText(self.tr("Another image"))
        self.photos.setToolTip(self.tr("Another image through the same model"))
        self.remove.setText(self.tr("Remove"))
        self.remove.setToolTip(self.tr("Show the first one alone, and end the second one’s process"))
        self._say()

    def _say(self) -> None:
        first, second = self._names
        text = self.tr("“{first}” beside “{second}”").format(first=first, second=second)
        self.said.setText(text if second else self.tr("Choose what to see beside “{first}”:").format(first=first))
        self.said.setToolTip(self.said.text())
        self.remove.setVisible(bool(second))
        partner = self._partner()
        self.partner.setVisible(partner is not None and not second)
        if partner is not None:
            self.partner.setText(self.tr("Beside it: {name}").format(name=partner.path.name))
            self.partner.setToolTip(partner.title())

    def _partner(self) -> bundle.Shipped | None:
        """Return the bundled model that goes with the one on screen; the first bundled one for any other."""
        if not self._model:
            return None
        shipped = {model.path.name: model for model in bundle.models()}
        own = next((name for name, model in shipped.items() if _same(model.path, self._model)), None)
        wanted = PARTNERS.get(own or "", "vit" if own is None else "")
        return shipped.get(wanted)

    def _on_partner(self) -> None:
        partner = self._partner()
        if partner is not None:
            self.wanted.emit(Beside(model=str(partner.path)))

    def _fill_models(self, menu: QMenu) -> None:
        menu.clear()
        for model in bundle.models():
            if not _same(model.path, self._model):
                self._offer(menu, model.title(), Beside(model=str(model.path)))
        menu.addSeparator()
        menu.addAction(self.tr("Open a model…"), self._ask_model)

    def _fill_photos(self, menu: QMenu) -> None:
        menu.clear()
        for sample in bundle.samples():
            self._offer(menu, sample.title(), Beside(photo=PhotoFile(str(sample.path))))
        menu.addSeparator()
        menu.addAction(self.tr("Open an image…"), self._ask_photo)

    def _offer(self, menu: QMenu, title: str, beside: Beside) -> None:
        menu.addAction(title, lambda: self.wanted.emit(beside))

    def _ask_model(self) -> None:
        self._ask(self.tr("A model to see beside"), MODEL_SUFFIXES, lambda path: Beside(model=path))

    def _ask_photo(self) -> None:
        self._ask(self.tr("An image to see beside"), IMAGE_SUFFIXES, lambda path: Beside(photo=PhotoFile(path)))

    def _ask(self, title: str, suffixes: tuple[str, ...], make: Callable[[str], Beside]) -> None:
        kinds = " ".join(f"*{suffix}" for suffix in suffixes)
        path, _ = QFileDialog.getOpenFileName(self, title, "", f"{kinds} ({kinds})")
        if path:
            self.wanted.emit(make(path))


def _same(folder: Path, model: str) -> bool:
    """Return whether a bundled folder is the model on screen, whose path is that of its file."""
    return bool(model) and folder in (Path(model), Path(model).parent)

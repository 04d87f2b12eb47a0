"""Choosing a colour map by its look."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QComboBox, QWidget

from desktop_app.widgets import colour_maps

_ICON = QSize(56, 12)


class MapChooser(QComboBox):
    """The colour maps, each with its strip of colours."""

    chosen = Signal(str)
    """The name of the map that was chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setIconSize(_ICON)
        for name in colour_maps.MAPS:
            self.addItem(_strip(name), name.capitalize(), name)
        self.currentIndexChanged.connect(lambda _: self.chosen.emit(self.name()))
        self._retranslate()

    def name(self) -> str:
        """Return the chosen map."""
        return str(self.currentData())

    def set_name(self, name: str) -> None:
        """Choose a map; an unknown name changes nothing."""
        at = self.findData(name)
        if at >= 0:
            self.setCurrentIndex(at)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Colour map"))
        self.setToolTip(self.tr("Colour map; every one can be read without telling red from green."))


def _strip(name: str) -> QIcon:
    """Return the colours of a map from left to right."""
    colours = colour_maps.map_colours(name)
    image = QImage(len(colours), 1, QImage.Format.Format_RGB32)
    for x, colour in enumerate(colours):
        image.setPixel(x, 0, colour)
    return QIcon(QPixmap.fromImage(image).scaled(_ICON, Qt.AspectRatioMode.IgnoreAspectRatio))

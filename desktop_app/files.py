"""The dialogs that ask where to read and where to write, and the writing itself."""

import re
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QPoint
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.settings import Settings
from desktop_app.suffixes import IMAGE_SUFFIXES, MODEL_SUFFIXES, SOUND_SUFFIXES, TEXT_SUFFIXES

PICTURE_SCALE = 2.0
"""Pixels of a saved picture for one of the screen's: sharp in print."""

translate = QCoreApplication.translate


def ask_open(parent: QWidget, settings: Settings) -> list[str]:
    """Ask for a model, an image, or both; an empty list when the user thinks better of it."""
    models = " ".join(f"*{suffix}" for suffix in MODEL_SUFFIXES)
    images = " ".join(f"*{suffix}" for suffix in IMAGE_SUFFIXES)
    texts, sounds = (" ".join(f"*{suffix}" for suffix in kind) for kind in (TEXT_SUFFIXES, SOUND_SUFFIXES))
    kinds = (
        (translate("Files", "Models, images, texts and sounds"), f"{models} {images} {texts} {sounds}"),
        (translate("Files", "ONNX models"), models),
        (translate("Files", "Images"), images),
        (translate("Files", "Texts"), texts),
        (translate("Files", "Sounds"), sounds),
        (translate("Files", "All files"), "*"),
    )
    filters = ";;".join(f"{name} ({patterns})" for name, patterns in kinds)
    title = translate("Files", "Open a model, an image, a text or a sound")
    paths, _ = QFileDialog.getOpenFileNames(parent, title, settings.folder, filters)
    if paths:
        settings.folder = str(Path(paths[0]).parent)
    return paths


def ask_folder(parent: QWidget, settings: Settings) -> str:
    """Ask for a folder that holds a model; empty when the user thinks better of it."""
    title = translate("Files", "Open a folder that holds an ONNX model")
    path = QFileDialog.getExistingDirectory(parent, title, settings.folder)
    if path:
        settings.folder = str(Path(path).parent)
    return path


def ask_save(parent: QWidget, settings: Settings, title: str, name: str, filters: str) -> Path | None:
    """Ask where to write a file; one without a suffix of the `filters` gets that of the kind chosen, else of `name`."""
    path, kind = QFileDialog.getSaveFileName(parent, title, str(Path(settings.folder) / name), filters)
    if not path:
        return None
    settings.folder = str(Path(path).parent)
    known, chosen = (re.findall(r"\*(\.\w+)", text) for text in (filters, kind))
    suffix = chosen[0] if chosen else Path(name).suffix
    return Path(path) if Path(path).suffix.lower() in known else Path(path + suffix)


def picture_of(widget: QWidget) -> QImage:
    """Paint a widget, sharper than the screen."""
    image = QImage(widget.size() * PICTURE_SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(PICTURE_SCALE)
    image.fill(widget.palette().color(widget.backgroundRole()))
    painter = QPainter(image)
    widget.render(painter, QPoint(0, 0))
    painter.end()
    return image

"""Taking numbers and pictures out of a view."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QPoint
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from desktop_app import sentences
from desktop_app.notices import Notice

translate = QCoreApplication.translate


def menu(
    parent: QWidget,
    *,
    number: str | None,
    numbers: str,
    picture: QImage,
    name: str,
    notice: Callable[[Notice], None],
) -> QMenu:
    """Return a menu that copies or saves.

    Args:
        parent: the widget it belongs to.
        number: the number under the pointer; None where there is none.
        numbers: the whole array, tab-separated.
        picture: as it was when the menu opened; the pointer has left it since.
        name: of the file to save, without ending.
        notice: takes what there is to say.
    """
    out = QMenu(parent)
    clipboard = QGuiApplication.clipboard()
    if number is not None:
        text = translate("HeadsMenu", "Copy the number {number}").format(number=number)
        out.addAction(text, lambda: clipboard.setText(number))
    out.addAction(translate("HeadsMenu", "Copy the numbers as a table"), lambda: clipboard.setText(numbers))
    out.addSeparator()
    out.addAction(translate("HeadsMenu", "Copy the picture"), lambda: clipboard.setImage(picture))

    def save() -> None:
        ask = translate("HeadsMenu", "Save the picture")
        kind = translate("HeadsMenu", "PNG image (*.png)")
        path, _ = QFileDialog.getSaveFileName(parent, ask, f"{name}.png", kind)
        if path:
            notice(save_png(picture, Path(path)))

    out.addAction(translate("HeadsMenu", "Save the picture as PNG…"), save)
    return out


def show(shown: QMenu, at: QPoint) -> None:
    """Open a menu that goes away for good when it closes."""
    shown.aboutToHide.connect(shown.deleteLater)
    shown.popup(at)


def save_png(image: QImage, path: Path) -> Notice:
    """Write a PNG file and return what there is to say about it."""
    path = path if path.suffix else path.with_suffix(".png")
    if image.save(str(path), "PNG"):  # type: ignore[call-overload]  # the stub wants bytes, Qt takes a string
        return sentences.saved(path)
    reason = translate("HeadsMenu", "the folder is missing or may not be written to")
    return sentences.not_saved(path, reason)

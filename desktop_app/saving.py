"""File ▸ Save picture and File ▸ Export data."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop_app import sentences
from desktop_app.copy_menu import png, svg_of, write
from desktop_app.files import ask_save, picture_of
from desktop_app.notices import Notice
from desktop_app.selection import Selection
from engine import EngineError, Run

if TYPE_CHECKING:
    from desktop_app.main_window import MainWindow

translate = QCoreApplication.translate


def save_picture(window: "MainWindow") -> None:
    """Ask for a name and save the view on top, as a PNG twice as fine as the screen or as an SVG drawing."""
    view = window.view
    if view is None:
        return
    title = translate("Saving", "Save the picture")
    kinds = {"png": translate("Saving", "PNG image"), "svg": translate("Saving", "SVG drawing")}
    filters = ";;".join(f"{kind} (*.{ending})" for ending, kind in kinds.items())
    path = ask_save(window, window.settings, title, f"{_stem(window)}.png", filters)
    if path is None:
        return
    drawn = path.suffix.lower() == ".svg"
    window.notices.say(write(path, lambda: svg_of(view, path.stem) if drawn else png(picture_of(view))))


def export_numbers(window: "MainWindow") -> None:
    """Ask for a name and save the numbers of what is pointed at, as `mirada render --data` does."""
    run = window.controller.run
    if run is None or not run.model.sites:
        return
    title = translate("Saving", "Export the numbers")
    filters = translate("Saving", "NumPy arrays") + " (*.npz)"
    path = ask_save(window, window.settings, title, f"{_stem(window)}.npz", filters)
    if path is not None:
        _export_to(window, path)


def _export_to(window: "MainWindow", path: Path) -> None:
    """Write the numbers; where the run lacks one of their tensors, after the engine has computed it."""
    run = window.controller.run
    if run is None:
        return
    try:
        write_selection(run, window.controller.selection, path)
    except EngineError as error:
        if not window.controller.fetch_missing(error, partial(_export_to, window, path)):
            window.notices.say(Notice.of(error))
    else:
        window.notices.say(sentences.saved(path))


def write_selection(run: Run, selection: Selection, path: Path) -> None:
    """Write the arrays that `mirada render --help` lists, and `attention`: the whole pattern of the head.

    With nothing pointed at, the row is that of the class token, or of the first token where there is none.

    Raises:
        EngineError: the site does not give what was asked, or the file cannot be written.
    """
    from engine.attention import class_token
    from engine.export import numbers, write_numbers

    site = run.model.sites[selection.site]
    token = selection.token if selection.token is not None else class_token(run, site) or 0
    arrays = numbers(run, site, selection.head, token, selection.direction, mean_heads=selection.mean_heads)
    arrays["attention"] = run.pattern(site, batch=0, head=selection.head)  # (query, key)
    write_numbers(arrays, path)


def _stem(window: "MainWindow") -> str:
    """Return a file name made of the image's name and what is pointed at."""
    selection, run = window.controller.selection, window.controller.run
    photo = run.image.photo.name if run is not None and run.image is not None else "mirada"
    return f"{Path(photo).stem}-{selection.site}-{selection.head}"

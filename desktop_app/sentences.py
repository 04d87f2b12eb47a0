"""What the window itself has to say, as notices; what the engine says is in its own catalogue."""

import signal
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from desktop_app.notices import Action, Notice
from desktop_app.process.client import Stop
from desktop_app.process.protocol import Look, photo_name

translate = QCoreApplication.translate


def engine_stopped(stop: Stop, again: Callable[[], None]) -> Notice:
    """Say that the engine process died, what of, and offer to go on."""

    def text() -> str:
        if stop.early:
            return translate(
                "Notices", "The engine could not start ({cause}). Check that Mirada is installed completely."
            ).format(cause=_cause(stop.exit_code))
        if isinstance(stop.request, Look):
            names = [Path(stop.request.model).name]
            names += [photo_name(stop.request.photo)] if stop.request.photo is not None else []
            return translate(
                "Notices",
                "The engine stopped while it worked on “{names}” ({cause}). It has been started anew, and what is on "
                "screen is kept: try again, or open something else.",
            ).format(names=" + ".join(names), cause=_cause(stop.exit_code))
        return translate(
            "Notices", "The engine stopped ({cause}). It has been started anew, and what is on screen is kept."
        ).format(cause=_cause(stop.exit_code))

    def label() -> str:
        if isinstance(stop.request, Look):
            return translate("Notices", "Try again")
        return translate("Notices", "Start again") if stop.early else translate("Notices", "Go on")

    return Notice(text, "error", Action(label, again), topic="engine stopped")


def _cause(exit_code: int | None) -> str:
    """Return why a process ended, in words."""
    if exit_code is None or exit_code >= 0:
        return translate("Notices", "exit code {code}").format(code=exit_code)
    if exit_code == -signal.SIGKILL:
        return translate("Notices", "ended by the system, perhaps for want of memory")
    try:
        name = signal.Signals(-exit_code).name
    except ValueError:
        name = str(-exit_code)
    return translate("Notices", "the runtime crashed: {signal}").format(signal=name)


def view_failed(title: Callable[[], str], name: str, error: Exception) -> Notice:
    """Say that a view could not be drawn."""
    reason = f"{type(error).__name__}: {error}"
    return Notice(
        lambda: translate(
            "Notices",
            "The view “{view}” could not be drawn: {reason}. The other views are not affected.",
        ).format(view=title(), reason=reason),
        "error",
        topic=f"view {name}",
    )


def unexpected(error: BaseException) -> Notice:
    """Say that something went wrong that nobody foresaw."""
    reason = f"{type(error).__name__}: {error}"
    return Notice(
        lambda: translate(
            "Notices", "Something went wrong inside Mirada: {reason}. What is on screen is kept; please report this."
        ).format(reason=reason),
        "error",
        topic="unexpected",
    )


def neither_model_nor_image(names: Sequence[str]) -> Notice:
    """Say that files are nothing that can be opened."""
    return Notice(
        lambda: translate(
            "Notices",
            "“{names}” cannot be opened: it is no ONNX model, image, text or sound. Choose an .onnx file, a folder "
            "that holds one, a PNG, JPEG, WebP, BMP, GIF or TIFF image, a .txt or a .wav file.",
        ).format(names="”, “".join(names)),
        "error",
        topic="intake",
    )


def left_aside(names: Sequence[str]) -> Notice:
    """Say which of several files were not opened."""
    return Notice(
        lambda: translate(
            "Notices",
            "Only one model and one image, text or sound are open at a time; left aside: “{names}”. Drop them one by "
            "one.",
        ).format(names="”, “".join(names)),
        topic="intake",
    )


def reads_no_text(model: str, name: str) -> Notice:
    """Say that a text was given to a model that takes none."""
    return Notice(
        lambda: translate(
            "Notices",
            "“{name}” is a text, and “{model}” reads none. Open a model that does: the Model menu has a translator.",
        ).format(name=name or translate("Notices", "What was pasted"), model=model),
        topic="intake",
    )


def sees_no_image(model: str) -> Notice:
    """Say that an image was given to a model that takes text or sound alone."""
    return Notice(
        lambda: translate("Notices", "“{model}” takes no image. Open a model that does, or type a text.").format(
            model=model
        ),
        topic="intake",
    )


def nothing_to_open() -> Notice:
    """Say that a drop or a paste brought nothing."""
    return Notice(
        lambda: translate(
            "Notices",
            "What was dropped or pasted holds no image, no text and no file. Copy a picture, or save it and drop the "
            "file.",
        ),
        topic="intake",
    )


def no_photo_yet() -> Notice:
    """Say that a model is open and waits for a photo."""
    return Notice(
        lambda: translate("Notices", "The model is open. Drop an image, or choose one with File ▸ Open."),
        topic="intake",
    )


def no_model_yet() -> Notice:
    """Say that a photo came before any model."""
    return Notice(
        lambda: translate("Notices", "Open a model first: drop an .onnx file, or choose one with File ▸ Open."),
        topic="intake",
    )


def saved(path: Path) -> Notice:
    """Say where a file was written."""
    return Notice(lambda: translate("Notices", "Saved as “{path}”.").format(path=path), topic="saved")


def not_saved(path: Path, reason: str) -> Notice:
    """Say that a file could not be written."""
    return Notice(
        lambda: translate("Notices", "“{path}” could not be written: {reason}. Choose another folder.").format(
            path=path, reason=reason
        ),
        topic="saved",
    )

"""From whatever a user drops, pastes, chooses or types to one model and one photo."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, Qt
from PySide6.QtGui import QImage, QImageWriter, QPainter

from desktop_app.process.protocol import PhotoBytes, PhotoFile, PhotoSource
from desktop_app.suffixes import IMAGE_SUFFIXES, MODEL_SUFFIXES

_IMAGE_BEGINNINGS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")


@dataclass(frozen=True)
class Intake:
    """What to open: a model, a photo, or both; and the names of what was left aside.

    Attributes:
        model: an .onnx file or a folder.
        photo: a picture.
        spare: names of further models and pictures.
        strange: names of files that are neither.
    """

    model: Path | None = None
    photo: PhotoSource | None = None
    spare: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to open."""
        return self.model is None and self.photo is None


def from_paths(paths: Iterable[str | Path]) -> Intake:
    """Sort paths: the first model and the first picture are opened.

    A file is told by its name, and by its first bytes where the name says nothing. A path that does not exist is
    taken by its name, so that the engine says that it is missing.
    """
    model: Path | None = None
    photo: Path | None = None
    spare: list[str] = []
    strange: list[str] = []
    for given in paths:
        path = Path(given)
        kind = kind_of(path)
        if kind == "model" and model is None:
            model = path
        elif kind == "image" and photo is None:
            photo = path
        else:
            (strange if kind is None else spare).append(path.name or str(path))
    source = None if photo is None else PhotoFile(str(photo.absolute()))
    return Intake(None if model is None else model.absolute(), source, tuple(spare), tuple(strange))


def kind_of(path: Path) -> str | None:
    """Return "model", "image", or None for what is neither."""
    suffix = path.suffix.lower()
    if suffix in MODEL_SUFFIXES:
        return "model"
    if suffix in IMAGE_SUFFIXES:
        return "image"
    try:
        if path.is_dir():
            return "model"
        with path.open("rb") as file:
            beginning = file.read(16)
    except OSError:
        return "image" if suffix == "" and not path.exists() else None
    if beginning.startswith(_IMAGE_BEGINNINGS):
        return "image"
    return "model" if beginning[:1] == b"\x08" and beginning[2:3] == b"\x12" else None  # ir_version, producer_name


def from_mime(mime: QMimeData, name: str) -> Intake:
    """Read what was dropped or pasted: files, else a picture's pixels, which are called `name`."""
    paths = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
    if paths:
        return from_paths(paths)
    if mime.hasFormat("image/png"):
        return Intake(photo=PhotoBytes(bytes(mime.data("image/png").data()), name))
    if mime.hasImage():
        image = mime.imageData()
        if isinstance(image, QImage) and not image.isNull():
            return Intake(photo=PhotoBytes(_as_bmp(image), name))
    return Intake()


def preview(mime: QMimeData, name: str) -> Intake:
    """Tell what a drag carries without fetching a picture from the program it comes from."""
    paths = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
    if paths:
        return from_paths(paths)
    return Intake(photo=PhotoBytes(b"", name)) if could_be_opened(mime) else Intake()


def could_be_opened(mime: QMimeData) -> bool:
    """Return whether a drag carries anything worth a look, without reading it."""
    return mime.hasImage() or mime.hasFormat("image/png") or any(url.isLocalFile() for url in mime.urls())


def _as_bmp(image: QImage) -> bytes:
    """Write pixels without compressing them, which for a whole screen would hold the window up."""
    plain = QImage(image.size(), QImage.Format.Format_RGB32)
    plain.fill(Qt.GlobalColor.white)
    painter = QPainter(plain)
    painter.drawImage(0, 0, image)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"BMP")).write(plain)
    return bytes(buffer.data().data())

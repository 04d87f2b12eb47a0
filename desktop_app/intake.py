"""From whatever a user drops, pastes, chooses or types to one model, one photo, one text, one sound."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, Qt
from PySide6.QtGui import QImage, QImageWriter, QPainter

from desktop_app.process.protocol import PhotoBytes, PhotoFile, PhotoSource, SoundFile
from desktop_app.suffixes import IMAGE_SUFFIXES, MODEL_SUFFIXES, SOUND_SUFFIXES, TEXT_SUFFIXES
from engine.text.tokens import TextSource

_IMAGE_BEGINNINGS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))

LONGEST_TEXT = 1 << 21
"""Bytes of a text file; no model reads as much at once."""


@dataclass(frozen=True)
class Intake:
    """What to open: a model and what it is given; and the names of what was left aside.

    Attributes:
        model: an .onnx file or a folder.
        photo: a picture.
        text: a text.
        sound: a sound.
        spare: names of further files of a kind.
        strange: names of files that are of no kind.
    """

    model: Path | None = None
    photo: PhotoSource | None = None
    text: TextSource | None = None
    sound: SoundFile | None = None
    spare: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to open."""
        return self.model is None and self.photo is None and self.text is None and self.sound is None


def from_paths(paths: Iterable[str | Path]) -> Intake:
    """Sort paths: the first model, the first picture, the first text and the first sound are opened.

    A file is told by its name, and by its first bytes where the name says nothing. A path that does not exist is
    taken by its name, so that the engine says that it is missing.
    """
    found: dict[str, Path] = {}
    spare: list[str] = []
    strange: list[str] = []
    for given in paths:
        path = Path(given)
        kind = kind_of(path)
        text = None if kind != "text" else _read(path)
        if kind is None or kind in found or (kind == "text" and text is None):
            (spare if kind in found else strange).append(path.name or str(path))
        else:
            found[kind] = path.absolute()
    photo, words, sound = (found.get(kind) for kind in ("image", "text", "sound"))
    return Intake(
        found.get("model"),
        None if photo is None else PhotoFile(str(photo)),
        None if words is None else TextSource(_read(words) or "", name=words.name),
        None if sound is None else SoundFile(str(sound)),
        tuple(spare),
        tuple(strange),
    )


def _read(path: Path) -> str | None:
    """Return the text of a file, at most the first `LONGEST_TEXT` bytes; None where it cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(LONGEST_TEXT)
    except OSError:
        return None
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(data) == LONGEST_TEXT and error.start > len(data) - 4:  # cut within the last letter
            return data[: error.start].decode("utf-8")
        return data.decode("cp1252", errors="replace")


def kind_of(path: Path) -> str | None:
    """Return "model", "image", "text", "sound", or None for what is none of them."""
    suffix = path.suffix.lower()
    if suffix in MODEL_SUFFIXES:
        return "model"
    if suffix in IMAGE_SUFFIXES:
        return "image"
    if suffix in TEXT_SUFFIXES:
        return "text"
    if suffix in SOUND_SUFFIXES:
        return "sound"
    try:
        if path.is_dir():
            return "model"
        with path.open("rb") as file:
            beginning = file.read(16)
    except OSError:
        return "image" if suffix == "" and not path.exists() else None
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WAVE":
        return "sound"
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
    if mime.hasText() and mime.text().strip() and not mime.hasUrls():
        return Intake(text=TextSource(mime.text()[:LONGEST_TEXT]))
    return Intake()


def preview(mime: QMimeData, name: str) -> Intake:
    """Tell what a drag carries without fetching a picture from the program it comes from."""
    paths = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
    if paths:
        return from_paths(paths)
    if mime.hasImage() or mime.hasFormat("image/png"):
        return Intake(photo=PhotoBytes(b"", name))
    return Intake(text=TextSource(name=name)) if could_be_opened(mime) else Intake()


def could_be_opened(mime: QMimeData) -> bool:
    """Return whether a drag carries anything worth a look, without reading it."""
    files = any(url.isLocalFile() for url in mime.urls())
    return mime.hasImage() or mime.hasFormat("image/png") or files or (mime.hasText() and not mime.hasUrls())


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

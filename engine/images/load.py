"""Opening a photo: any common file becomes upright 8-bit sRGB pixels, or a plain refusal."""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from engine.errors import EngineError, declare_errors
from engine.images.colour import to_srgb
from engine.images.plan import Photo
from engine.messages import Message, declare, translate

MOST_PIXELS = 200_000_000
"""A photo with more pixels than this is refused by its header, before anything is decoded."""

KEPT_PIXELS = 50_000_000
"""A photo with more pixels than this is reduced by a whole factor: memory, and no model sees the difference."""

FORMATS = ("PNG", "JPEG", "MPO", "WEBP", "BMP", "DIB", "GIF", "TIFF", "AVIF", "PPM")

declare_errors(
    {
        "image-unknown": translate("engine", "“{name}” is not an image that Mirada can read."),
        "image-unknown.advice": translate("engine", "Use a PNG, JPEG, WebP, BMP, GIF or TIFF file."),
        "image-empty": translate("engine", "“{name}” is empty."),
        "image-empty.advice": translate("engine", "Copy or download the image again."),
        "image-damaged": translate("engine", "“{name}” is damaged or cut short: {reason}."),
        "image-damaged.advice": translate("engine", "Copy or download it again, or save it anew in an image editor."),
        "image-too-large": translate(
            "engine", "“{name}” has {columns} × {rows} pixels, more than the limit of {limit} million."
        ),
        "image-too-large.advice": translate("engine", "Save a copy a few thousand pixels wide and open that."),
        "image-is-folder": translate("engine", "“{name}” is a folder, not an image."),
        "image-is-folder.advice": translate("engine", "Choose an image file inside it."),
        "file-failed": translate("engine", "“{name}” cannot be read: {reason}."),
        "file-failed.advice": translate("engine", "Copy it to a local disk and open the copy."),
    }
)
declare(
    {
        "image-rotated": translate("engine", "Turned upright, as the camera noted in the file."),
        "image-first-frame": translate("engine", "Only the first of several frames is shown."),
        "image-reduced": translate("engine", "Reduced from {columns} × {rows} pixels to save memory."),
    }
)

_limit_lock = threading.RLock()


def load_photo(source: str | PathLike[str] | bytes | BinaryIO, name: str | None = None) -> Photo:
    """Decode an image file.

    Args:
        source: a path, the bytes of a file, or an open binary file.
        name: what to call it; a path's own name if not given.

    Raises:
        EngineError: it is missing, unreadable, not an image, damaged, or has more than `MOST_PIXELS` pixels.
    """
    if isinstance(source, str | PathLike):
        path = Path(source)
        name = name or path.name or str(path)
        data = _read(path, name)
    else:
        name = name or "image"
        data = source if isinstance(source, bytes) else source.read()
    if not data:
        raise EngineError("image-empty", name=name)
    return _decode(data, name)


def photo_from_pixels(pixels: np.ndarray[tuple[int, int, int], np.dtype[np.uint8]], name: str) -> Photo:
    """Wrap (row, column, 3) uint8 sRGB pixels, as a clipboard gives them."""
    return Photo(np.ascontiguousarray(pixels), name, (pixels.shape[0], pixels.shape[1]))


def _read(path: Path, name: str) -> bytes:
    """Read a whole file, or say in one sentence why that cannot be."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise EngineError("file-missing", name=name) from None
    except IsADirectoryError:
        raise EngineError("image-is-folder", name=name) from None
    except PermissionError:
        # Windows denies permission to read a folder instead of saying what it is.
        raise EngineError("image-is-folder" if path.is_dir() else "file-unreadable", name=name) from None
    except (OSError, ValueError) as error:
        raise EngineError("file-failed", name=name, reason=_reason(error)) from None


def _decode(data: bytes, name: str) -> Photo:
    """Decode bytes; whatever a decoder raises on hostile bytes becomes one refusal."""
    notes: list[Message] = []
    with _own_limit():
        image = _open(data, name)
        columns, rows = image.size
        if rows * columns > MOST_PIXELS:
            raise EngineError("image-too-large", name=name, rows=rows, columns=columns, limit=MOST_PIXELS // 10**6)
        try:
            if getattr(image, "is_animated", False):
                notes.append(Message.of("image-first-frame"))
                image.seek(0)
            turned = image.getexif().get(0x0112, 1) in range(2, 9)  # loading a TIFF turns it and forgets
            image = _shrunk_on_load(image)
            image.load()
            upright = ImageOps.exif_transpose(image)
            colours, said = to_srgb(upright)
            reduced = _reduced(colours)
            pixels = np.asarray(reduced, dtype=np.uint8)
        except Exception as error:  # decoders raise nearly anything on bytes they do not expect
            raise EngineError("image-damaged", name=name, reason=_reason(error)) from None
    if turned:
        notes.append(Message.of("image-rotated"))
    notes += said
    original = (columns, rows) if upright.size != image.size else (rows, columns)
    if reduced.size != (original[1], original[0]):
        notes.append(Message.of("image-reduced", rows=original[0], columns=original[1]))
    return Photo(pixels, name, original, tuple(notes))


def _open(data: bytes, name: str) -> Image.Image:
    """Read the header alone."""
    Image.init()
    try:
        return Image.open(BytesIO(data), formats=[f for f in FORMATS if f in Image.OPEN])
    except UnidentifiedImageError:
        raise EngineError("image-unknown", name=name) from None
    except Exception as error:  # as above: a header may be hostile too
        raise EngineError("image-damaged", name=name, reason=_reason(error)) from None


@contextmanager
def _own_limit() -> Iterator[None]:
    """Replace Pillow's warning and its limit on pixels by ours while one image is decoded."""
    with _limit_lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = before


def _shrunk_on_load(image: Image.Image) -> Image.Image:
    """Let the JPEG decoder itself reduce a huge photo by 2, 4 or 8."""
    columns, rows = image.size
    if image.format == "JPEG" and rows * columns > KEPT_PIXELS:
        factor = _factor(rows, columns)
        image.draft(None, (max(columns // factor, 1), max(rows // factor, 1)))
    return image


def _reduced(image: Image.Image) -> Image.Image:
    """Average blocks of a huge photo, so that it fits in `KEPT_PIXELS`."""
    columns, rows = image.size
    return image if rows * columns <= KEPT_PIXELS else image.reduce(_factor(rows, columns))


def _factor(rows: int, columns: int) -> int:
    """Return the least whole factor that brings a photo under `KEPT_PIXELS`."""
    factor = 1
    while (rows // factor) * (columns // factor) > KEPT_PIXELS:
        factor += 1
    return factor


def _reason(error: BaseException) -> str:
    """Return what a decoder said, as the end of a sentence."""
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(str(said).split()).rstrip(".")[:200]

"""The pictures of a folder, as statistics over many photos need them; class names where sub-folders give them."""

from dataclasses import dataclass
from pathlib import Path

from engine.errors import EngineError, declare_errors
from engine.messages import translate

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".jpe", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".avif", ".jp2"})

declare_errors(
    {
        "folder-no-photos": translate("engine", "There are no pictures in “{name}”."),
        "folder-no-photos.advice": translate(
            "engine", "Choose a folder with JPEG, PNG, WebP, BMP, GIF, TIFF or AVIF files, or with folders of them."
        ),
        "folder-missing": translate("engine", "“{name}” is not a folder that can be read."),
        "folder-missing.advice": translate("engine", "Choose another folder of pictures."),
        "folder-few": translate("engine", "“{name}” holds {count} pictures; at least {least} are needed."),
        "folder-few.advice": translate("engine", "Choose a folder with more pictures."),
    }
)


@dataclass(frozen=True)
class Picture:
    """One picture of a folder.

    Attributes:
        path: the file.
        label: name of the sub-folder it lies in, which usually names its class; "" where it lies in none.
    """

    path: str
    label: str = ""


def pictures_in(folder: str, most: int = 0, least: int = 1) -> tuple[Picture, ...]:
    """Return the pictures of a folder and of its folders, by name.

    Args:
        folder: the folder.
        most: pictures taken at most, spread evenly over all; 0 takes all.
        least: fewer are refused.

    Raises:
        EngineError: it is no folder, or holds too few pictures.
    """
    root = Path(folder)
    try:
        files = sorted(path for path in root.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
        if not root.is_dir():
            raise EngineError("folder-missing", name=root.name or folder)
    except OSError as cause:
        raise EngineError("folder-missing", name=root.name or folder) from cause
    if not files:
        raise EngineError("folder-no-photos", name=root.name or folder)
    if len(files) < least:
        raise EngineError("folder-few", name=root.name or folder, count=len(files), least=least)
    if 0 < most < len(files):
        files = [files[i * len(files) // most] for i in range(most)]
    return tuple(Picture(str(path), "" if path.parent == root else path.parent.name) for path in files)


def class_of(picture: Picture, labels: tuple[str, ...] | None) -> int | None:
    """Return the number of the class that a picture's folder names; None where it names none of these."""
    if labels is None or not picture.label:
        return None
    name = picture.label.casefold().replace("_", " ")
    known = [label.casefold().replace("_", " ") for label in labels]
    return known.index(name) if name in known else None

"""The numbers behind a figure, and writing either to disk."""

from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.attention import Direction, attention_row, grid_of
from engine.errors import EngineError, declare_errors
from engine.messages import translate
from engine.predictions import top_classes
from engine.runtime.run import Run
from engine.sites.site import AttentionSite

FIGURES = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".webp": "WEBP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".bmp": "BMP",
    ".pdf": "PDF",
}

declare_errors(
    {
        "output-failed": translate("engine", "“{name}” cannot be written: {reason}."),
        "output-failed.advice": translate("engine", "Choose a folder that exists and where you may write."),
        "output-format": translate("engine", "A figure cannot be saved as “{name}”."),
        "output-format.advice": translate("engine", "End its name in .png, .jpg, .webp, .tiff, .bmp or .pdf."),
        "output-is-input": translate("engine", "“{name}” is read by this command and would be overwritten."),
        "output-is-input.advice": translate("engine", "Choose another name for the output."),
    }
)


def numbers(
    run: Run, site: AttentionSite, head: int, token: int, direction: Direction, *, mean_heads: bool = False
) -> dict[str, NDArray[np.generic]]:
    """Return arrays by name: what a figure of the same arguments shows, and what it was computed from.

    `mirada render --help` documents the names and shapes. The first item of the batch is taken.
    """
    row = attention_row(run, site, head, token, direction, mean_heads=mean_heads)
    found: dict[str, NDArray[np.generic]] = {
        "pattern": row,
        "token": np.array(token),
        "site": np.array(site.index),
        "head": np.array(-1 if mean_heads else head),
        "direction": np.array(direction),
        "model": np.array(run.model.name),
        "error": np.array(run.error(site), np.float64),
    }
    heads = None if mean_heads else head
    plan = site.plan
    if plan.query is not None and plan.key is not None:
        at = {"key": token} if direction == "to" else {"query": token}
        found["scores"] = run.scores(site, batch=0, head=heads, **at)
        found["scale"] = np.array(float("nan") if site.scale is None else site.scale)
        query, key = run.query(site)[0], run.key(site)[0]  # (head, token, head_dim)
        key = key[np.arange(site.heads) * key.shape[0] // site.heads]  # grouped queries share key heads
        found["q"], found["k"] = (query, key) if mean_heads else (query[head], key[head])
    grid = grid_of(run, site, keys=direction != "to")
    if grid is not None:
        found["grid"] = np.array([grid.rows, grid.columns, grid.prefix, grid.suffix])
    if run.image is not None:
        found["image"] = np.array(run.image.photo.name)
        found["region"] = np.array(run.image.region)
    classes = top_classes(run)
    if classes:
        found["classes"] = np.array([found_class.index for found_class in classes])
        found["labels"] = np.array([found_class.label for found_class in classes])
        found["probabilities"] = np.array([found_class.probability for found_class in classes], np.float32)
    return found


def check_output(path: Path, read: tuple[Path, ...], *, figure: bool) -> None:
    """Refuse, before any work is done, an output that could not be written or would destroy an input.

    Raises:
        EngineError: the ending is unknown, the folder does not exist, or the path is one of `read`.
    """
    if figure and path.suffix.lower() not in FIGURES:
        raise EngineError("output-format", name=path.name)
    if any(path.exists() and other.exists() and path.samefile(other) for other in read):
        raise EngineError("output-is-input", name=path.name)
    if not path.parent.is_dir():
        raise EngineError("output-failed", name=path, reason=f"there is no folder “{path.parent}”")


def write_figure(figure: Image.Image, path: Path) -> None:
    """Save a figure in the format of its ending.

    Raises:
        EngineError: it cannot be written.
    """
    buffer = BytesIO()
    figure.save(buffer, FIGURES[path.suffix.lower()], resolution=150, dpi=(150, 150), quality=95)
    _write(path, buffer.getvalue())


def write_text(text: str, path: Path) -> None:
    """Save a text in UTF-8.

    Raises:
        EngineError: it cannot be written.
    """
    _write(path, text.encode("utf-8"))


def write_numbers(arrays: dict[str, NDArray[np.generic]], path: Path) -> None:
    """Save arrays as a compressed .npz under exactly this name.

    Raises:
        EngineError: it cannot be written.
    """
    buffer = BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    _write(path, buffer.getvalue())


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise EngineError("output-failed", name=path, reason=reason.lower()) from None

"""A photo with the values of a patch grid drawn over the part that the model saw."""

from dataclasses import dataclass

import cmap
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from engine.errors import EngineError, declare_errors
from engine.images.plan import Prepared
from engine.messages import translate

declare_errors(
    {
        "colormap-unknown": translate("engine", "There is no colour map called “{name}”."),
        "colormap-unknown.advice": translate("engine", "Use viridis, magma, inferno, cividis, turbo or gray."),
    }
)


@dataclass(frozen=True)
class Look:
    """How a figure is drawn.

    Attributes:
        colormap: a name that cmap knows.
        opacity: of the overlay, 0 to 1.
        grid: whether lines part the patches.
        side: longer side of the picture in pixels.
        top: value at the upper end of the colour scale; None takes the largest one shown.
    """

    colormap: str = "viridis"
    opacity: float = 0.6
    grid: bool = True
    side: int = 640
    top: float | None = None


def colour_table(name: str) -> NDArray[np.uint8]:
    """Return the (256, 3) uint8 table of a colour map.

    Raises:
        EngineError: cmap knows no such map.
    """
    try:
        colours = np.asarray(cmap.Colormap(name).lut(256), np.float64)
    except (ValueError, TypeError, KeyError):
        raise EngineError("colormap-unknown", name=name) from None
    return (colours[:, :3] * 255).round().astype(np.uint8)


def draw_picture(
    prepared: Prepared, values: NDArray[np.float32], top: float, look: Look, mark: tuple[int, int] | None = None
) -> Image.Image:
    """Draw the photo with values (row, column) of a patch grid over the part that the model saw.

    Where the model saw padding around the photo, the padding is drawn as grey paper.
    """
    left, upper, right, lower = prepared.region
    x0, y0, x1, y1 = min(left, 0.0), min(upper, 0.0), max(right, 1.0), max(lower, 1.0)
    high, wide = prepared.photo.pixels.shape[:2]
    scale = look.side / max((x1 - x0) * wide, (y1 - y0) * high)
    sx, sy = wide * scale, high * scale  # pixels of the figure per whole photo
    size = (max(round((x1 - x0) * sx), 1), max(round((y1 - y0) * sy), 1))
    picture = Image.new("RGB", size, (232, 232, 236))
    photo = Image.fromarray(prepared.photo.pixels)
    photo = photo.resize((max(round(sx), 1), max(round(sy), 1)), Image.Resampling.LANCZOS)
    picture.paste(photo, (round(-x0 * sx), round(-y0 * sy)))
    box = (round((left - x0) * sx), round((upper - y0) * sy), round((right - x0) * sx), round((lower - y0) * sy))
    _overlay(picture, box, values, top, look)
    if mark is not None:
        _outline(picture, box, values.shape, mark)
    return picture


def _overlay(
    picture: Image.Image, box: tuple[int, int, int, int], values: NDArray[np.float32], top: float, look: Look
) -> None:
    """Blend coloured patches over the box, and lines between them."""
    size = (max(box[2] - box[0], 1), max(box[3] - box[1], 1))
    levels = np.rint(np.clip(np.nan_to_num(values) / top, 0, 1) * 255).astype(np.uint8)
    colours = Image.fromarray(colour_table(look.colormap)[levels]).resize(size, Image.Resampling.NEAREST)
    picture.paste(
        Image.blend(picture.crop((box[0], box[1], box[0] + size[0], box[1] + size[1])), colours, look.opacity), box[:2]
    )
    rows, columns = values.shape
    if not look.grid or min(size[0] / columns, size[1] / rows) < 6:
        return
    draw = ImageDraw.Draw(picture, "RGBA")
    for i in range(columns + 1):
        x = box[0] + round(i * size[0] / columns)
        draw.line((x, box[1], x, box[3]), fill=(255, 255, 255, 64))
    for i in range(rows + 1):
        y = box[1] + round(i * size[1] / rows)
        draw.line((box[0], y, box[2], y), fill=(255, 255, 255, 64))


def _outline(
    picture: Image.Image, box: tuple[int, int, int, int], shape: tuple[int, ...], place: tuple[int, int]
) -> None:
    """Frame the patch pointed at, white within black, to be seen on any colour."""
    high, wide = (box[3] - box[1]) / shape[0], (box[2] - box[0]) / shape[1]
    x, y = box[0] + place[1] * wide, box[1] + place[0] * high
    frame = (round(x), round(y), max(round(x + wide), round(x) + 1), max(round(y + high), round(y) + 1))
    draw = ImageDraw.Draw(picture)
    draw.rectangle(frame, outline=(0, 0, 0), width=4)
    draw.rectangle(frame, outline=(255, 255, 255), width=2)

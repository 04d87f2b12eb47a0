"""From a photo to the tensor a model takes, exactly as torchvision and Transformers do it with Pillow.

Filters run on 8-bit pixels (`PIL.Image.resize`); numbers become float only afterwards. `geometry` tells where
the model's view lies on the photo, so that a patch of the model can be drawn on the photo itself.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.errors import EngineError, declare_errors
from engine.images.plan import CropRule, ImagePlan, Photo, Prepared
from engine.messages import translate

FILTERS = {
    "nearest": Image.Resampling.NEAREST,
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "hamming": Image.Resampling.HAMMING,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}

WHOLE_PIXELS = 50_000_000
"""A resized photo with more pixels than this is never made whole: only what the crop keeps is computed."""

MOST_OUTPUT_PIXELS = 100_000_000

declare_errors(
    {
        "prepared-too-large": translate(
            "engine", "“{name}” would become {columns} × {rows} pixels for the model, more than it can be given."
        ),
        "prepared-too-large.advice": translate("engine", "Use a less elongated image, or choose another resize mode."),
    }
)


@dataclass(frozen=True)
class Geometry:
    """Where things land. All sizes are (rows, columns) in pixels.

    Attributes:
        resized: size of the whole photo after resizing.
        offset: place in the resized photo of the first pixel the model sees; negative where the plan pads.
        output: size of what the model sees.
    """

    resized: tuple[int, int]
    offset: tuple[int, int]
    output: tuple[int, int]

    @property
    def region(self) -> tuple[float, float, float, float]:
        """(left, top, right, bottom) of what the model sees, in fractions of the photo."""
        (rows, columns), (top, left), (high, wide) = self.resized, self.offset, self.output
        return left / columns, top / rows, (left + wide) / columns, (top + high) / rows


def geometry(size: tuple[int, int], plan: ImagePlan) -> Geometry:
    """Return how a photo of `size` (rows, columns) is resized and cropped."""
    resized = resized_size(size, plan)
    padded = plan.size if plan.resize == "fit and pad" else None
    output = plan.crop or padded or resized
    rows, columns = (_offset(resized[axis], output[axis], plan.crop_rule) for axis in (0, 1))
    return Geometry(resized, (rows, columns), output)


def resized_size(size: tuple[int, int], plan: ImagePlan) -> tuple[int, int]:
    """Return (rows, columns) of the whole photo after resizing."""
    rows, columns = size
    high, wide = plan.size
    match plan.resize:
        case "none":
            return size
        case "stretch":
            return plan.size
        case "fit and pad":
            ratio = max(rows / high, columns / wide)
            return max(round(rows / ratio), 1), max(round(columns / ratio), 1)
        case "shortest edge":
            if high != wide:  # timm covers a target that is not square
                ratio = min(rows / high, columns / wide)
                return max(round(rows / ratio), 1), max(round(columns / ratio), 1)
            return _shortest(rows, columns, high, plan.longest)


def _shortest(rows: int, columns: int, edge: int, longest: int | None) -> tuple[int, int]:
    """Bring the shorter edge to `edge` and truncate the longer, as torchvision's Resize and Transformers do."""
    short, long = min(rows, columns), max(rows, columns)
    exact = float(edge)
    if longest is not None and long / short * edge > longest:  # the detectors' rule: the longer edge decides
        exact = longest * float(short) / float(long)
        edge = round(exact)
    new_short, new_long = max(edge, 1), max(int(exact * long / short), 1)
    if short == edge:
        new_long = long
    return (new_short, new_long) if rows <= columns else (new_long, new_short)


def _offset(length: int, wanted: int, rule: CropRule) -> int:
    """Where a centred window of `wanted` begins in `length`; negative where it is the larger one."""
    if rule == "transformers":
        return (length - wanted) // 2
    return round((length - wanted) / 2) if length >= wanted else -((wanted - length) // 2)


def prepare(photo: Photo, plan: ImagePlan) -> Prepared:
    """Make a photo ready for one model.

    Returns:
        The tensor, (batch, channel, row, column) or (batch, row, column, channel), and what it shows of the photo.

    Raises:
        EngineError: the plan asks for an absurdly large tensor.
    """
    image = Image.fromarray(photo.pixels)
    if plan.channels == 1:
        image = image.convert("L")
    place = geometry((image.height, image.width), plan)
    if math.prod(place.output) > MOST_OUTPUT_PIXELS:
        raise EngineError("prepared-too-large", name=photo.name, rows=place.output[0], columns=place.output[1])
    pixels = _window(image, place, plan)
    tensor = _normalised(pixels, plan)
    if plan.layout == "NCHW":
        tensor = tensor.transpose(2, 0, 1)
    return Prepared(np.ascontiguousarray(tensor[None].repeat(plan.batch, axis=0)), photo, place.region, plan)


def _window(image: Image.Image, place: Geometry, plan: ImagePlan) -> NDArray[np.uint8]:
    """Resize and cut out what the model sees, (row, column, channel) uint8."""
    (rows, columns), (top, left), (high, wide) = place.resized, place.offset, place.output
    out = np.empty((high, wide, plan.channels), np.uint8)
    out[:] = np.asarray(plan.fill[: plan.channels], np.uint8)
    # The part of the window that the photo covers, in pixels of the resized photo.
    y0, y1 = max(top, 0), min(top + high, rows)
    x0, x1 = max(left, 0), min(left + wide, columns)
    kernel = FILTERS[plan.resample]
    if rows * columns <= WHOLE_PIXELS:
        part = image.resize((columns, rows), kernel).crop((x0, y0, x1, y1))
    else:
        sy, sx = image.height / rows, image.width / columns
        part = image.resize((x1 - x0, y1 - y0), kernel, box=(x0 * sx, y0 * sy, x1 * sx, y1 * sy))
    out[y0 - top : y1 - top, x0 - left : x1 - left] = np.asarray(part).reshape(y1 - y0, x1 - x0, plan.channels)
    return out[..., ::-1] if plan.bgr else out


def _normalised(pixels: NDArray[np.uint8], plan: ImagePlan) -> NDArray[np.generic]:
    """Rescale, normalise and cast, (row, column, channel)."""
    mean, std = np.asarray(plan.mean, np.float32), np.asarray(plan.std, np.float32)
    plain = plan.rescale == 1 and not mean.any() and bool((std == 1).all())
    dtype = np.dtype(plan.dtype)
    if plain:
        return pixels.astype(dtype, copy=False)
    # The product in double, then single precision: Transformers' own order, to the last bit.
    values = (pixels.astype(np.float64) * plan.rescale).astype(np.float32)
    values = (values - mean) / std
    if np.issubdtype(dtype, np.integer):
        limits = np.iinfo(dtype)
        values = np.rint(values).clip(limits.min, limits.max)
    return values.astype(dtype, copy=False)

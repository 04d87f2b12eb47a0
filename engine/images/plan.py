"""How a photo becomes the model's input: stated, frozen, editable."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.messages import Message

ResizeMode = Literal["stretch", "shortest edge", "fit and pad", "none"]
Layout = Literal["NCHW", "NHWC"]
Resample = Literal["nearest", "box", "bilinear", "hamming", "bicubic", "lanczos"]
Source = Literal["preprocessor_config.json", "guess", "user"]


@dataclass(frozen=True)
class ImagePlan:
    """Preprocessing in the order it happens: resize, centre crop, rescale, normalise, lay out, cast.

    Attributes:
        size: (rows, columns) after resizing; for "shortest edge" both are that edge.
        crop: (rows, columns) of the centre crop, or None.
        resample: Pillow's filter.
        rescale: factor from 0–255 to the model's range (1/255), before normalising.
        mean, std: per channel, in rescaled units.
        channels: 1 (grey) or 3.
        bgr: channels in reverse order.
        layout, dtype: of the tensor handed to the model.
        source: where the plan came from; `notes` say what was guessed.
    """

    size: tuple[int, int]
    resize: ResizeMode = "stretch"
    resample: Resample = "bilinear"
    crop: tuple[int, int] | None = None
    rescale: float = 1 / 255
    mean: tuple[float, ...] = (0.5, 0.5, 0.5)
    std: tuple[float, ...] = (0.5, 0.5, 0.5)
    channels: int = 3
    bgr: bool = False
    layout: Layout = "NCHW"
    dtype: str = "float32"
    source: Source = "guess"
    notes: tuple[Message, ...] = ()

    @property
    def output_size(self) -> tuple[int, int]:
        """(rows, columns) of the tensor the model gets."""
        return self.crop or self.size


@dataclass(frozen=True)
class Photo:
    """A decoded picture: `pixels` is (row, column, 3) uint8 sRGB, upright, alpha composited on white."""

    pixels: NDArray[np.uint8] = field(repr=False)
    name: str
    original_size: tuple[int, int]
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Prepared:
    """A photo made ready for one model.

    Attributes:
        tensor: what the model gets, (1, channel, row, column) or (1, row, column, channel).
        photo: the picture it came from.
        region: (left, top, right, bottom) of the part of the photo the model sees, in fractions of its width
            and height; may lie outside 0–1 where the plan pads.
        plan: how it was made.
    """

    tensor: NDArray[np.generic] = field(repr=False)
    photo: Photo
    region: tuple[float, float, float, float]
    plan: ImagePlan

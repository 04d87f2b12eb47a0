"""How a photo becomes the model's input: stated, frozen, editable."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.messages import Message

ResizeMode = Literal["stretch", "shortest edge", "fit and pad", "none"]
Layout = Literal["NCHW", "NHWC"]
Resample = Literal["nearest", "box", "bilinear", "hamming", "bicubic", "lanczos"]
CropRule = Literal["transformers", "torchvision"]
Source = Literal["preprocessor_config.json", "processor_config.json", "config.json", "guess", "user"]


@dataclass(frozen=True)
class ImagePlan:
    """Preprocessing in the order it happens: resize, centre crop, rescale, normalise, lay out, cast.

    Attributes:
        size: (rows, columns) after resizing; for "shortest edge" both are that edge (unequal: the photo covers them).
        resize: "stretch" to `size`; "shortest edge" keeps proportions; "fit and pad" keeps them inside `size` and
            fills up; "none" takes the pixels as they are.
        crop: (rows, columns) of the centre crop, or None. What the photo does not cover is filled with `fill`.
        resample: Pillow's filter.
        rescale: factor from 0–255 to the model's range (1/255), before normalising.
        mean, std: per channel of the tensor (after `bgr`), in rescaled units.
        channels: 1 (grey) or 3.
        bgr: channels in reverse order.
        layout, dtype: of the tensor handed to the model.
        source: where the plan came from; `notes` say what was guessed.
        longest: with "shortest edge", what the longer edge may not exceed, or None.
        fill: 0–255 per channel, where the crop or the padding leaves the photo.
        crop_rule: whose rounding applies where a crop cannot be centred exactly.
        batch: how often the photo is repeated, where the graph fixes its batch.
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
    longest: int | None = None
    fill: tuple[int, ...] = (0, 0, 0)
    crop_rule: CropRule = "transformers"
    batch: int = 1

    @property
    def output_size(self) -> tuple[int, int]:
        """(rows, columns) of the tensor the model gets."""
        return self.crop or self.size


@dataclass(frozen=True)
class Photo:
    """A decoded picture, upright, in sRGB, alpha composited on white.

    Attributes:
        pixels: (row, column, 3) uint8.
        name: what the user knows it by: the file's name.
        original_size: (rows, columns) of the file, upright; larger than `pixels` where a huge photo was reduced.
        notes: what was done to the file's pixels: rotated, composited, converted, reduced.
    """

    pixels: NDArray[np.uint8] = field(repr=False)
    name: str
    original_size: tuple[int, int]
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Prepared:
    """A photo made ready for one model.

    Attributes:
        tensor: what the model gets, (batch, channel, row, column) or (batch, row, column, channel).
        photo: the picture it came from.
        region: (left, top, right, bottom) of the part of the photo the model sees, in fractions of its width
            and height; may lie outside 0–1 where the plan pads.
        plan: how it was made.
    """

    tensor: NDArray[np.generic] = field(repr=False)
    photo: Photo
    region: tuple[float, float, float, float]
    plan: ImagePlan

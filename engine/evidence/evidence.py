"""What is asked of a model, and the map that answers: plain frozen data."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Predict = Callable[[Floats], Floats]
"""Takes images, (batch, channel, row, column), as the model does, and returns scores, (batch, class)."""
Told = Callable[[int, Floats], None]
"""Is given how much of a long work is done, and what there is so far."""
Method = Literal["cam", "eigen-cam", "score-cam", "ablation-cam", "occlusion", "rise"]
Axes = Literal["channels", "channels last", "tokens"]
Unit = Literal["logit", "probability", "share", "output"]
"""Of a map's numbers: parts of a logit or of a probability, shares without a unit, or parts of a chosen output."""


@dataclass(frozen=True)
class Target:
    """The number that is explained.

    Attributes:
        index: the class; None takes the most probable one.
        output: name of an output, for models that give no classes; "" explains a class.
        at: place in that output, without its batch axis: (7, 4) is output[0, 7, 4].
    """

    index: int | None = None
    output: str = ""
    at: tuple[int, ...] = ()


ANSWER = Target()
"""The most probable class."""


@dataclass(frozen=True)
class Evidence:
    """A map of what speaks for a class.

    Attributes:
        method: what made it.
        values: (row, column) float32, over all that the model saw of the photo (`Prepared.region`), whatever its
            resolution: stretch it over that region. Larger is more for the class.
        unit: of the numbers; they may be negative (against the class) where `signed`.
        signed: whether negative numbers mean something.
        index: the class explained; -1 for a chosen output.
        label: its name.
        score: what the model says of it on the intact image, in logits or, where it gives those, probabilities.
        layer: name of the layer whose maps were used; "" where none were.
        asked: how many images the model was asked about.
        finished: False in what a task shows on its way.
    """

    method: Method
    values: Floats = field(repr=False)
    unit: Unit
    signed: bool
    index: int
    label: str = ""
    score: float = float("nan")
    layer: str = ""
    asked: int = 0
    finished: bool = True


@dataclass(frozen=True)
class Trust:
    """How the score of a class falls as pixels go, and rises as they come back, in the order of a map.

    Petsiuk, Das and Saenko 2018 ("RISE", section 4.1). Of a map that finds what matters, `deletion_area` is small
    and `insertion_area` large.

    Attributes:
        name: of the map that gave the order; "random" for chance.
        fractions: (step,) of pixels deleted or inserted, from 0 to 1.
        deletion: (step,) scores as pixels go, most important first.
        insertion: (step,) scores as they come into a blurred image.
        deletion_area, insertion_area: areas under the curves.
    """

    name: str
    fractions: Floats = field(repr=False)
    deletion: Floats = field(repr=False)
    insertion: Floats = field(repr=False)
    deletion_area: float
    insertion_area: float


@dataclass(frozen=True)
class MapLayer:
    """A layer whose maps can be looked at: of a convolution, or of tokens that lie on the image.

    Attributes:
        tensor: name of the tensor.
        name: what to call it.
        axes: "channels" (batch, channel, row, column), "channels last" (batch, row, column, channel) or "tokens"
            (batch, token, channel).
        site: index of the attention site whose tokens these are; -1 for maps.
        size: (rows, columns) on the image; None where the graph does not tell.
    """

    tensor: str
    name: str
    axes: Axes
    site: int = -1
    size: tuple[int, int] | None = None


def resized(values: NDArray[np.floating], size: tuple[int, int]) -> Floats:
    """Return a map, (row, column) float32, brought to another size by bilinear interpolation."""
    from PIL import Image

    if values.shape == size:
        return np.asarray(values, np.float32)
    image = Image.fromarray(np.ascontiguousarray(values, np.float32))
    return np.asarray(image.resize((size[1], size[0]), Image.Resampling.BILINEAR), np.float32)


def positive(values: NDArray[np.floating]) -> Floats:
    """Return a map, (row, column), without its negative numbers."""
    return np.maximum(np.asarray(values, np.float32), np.float32(0))


def untold(done: int, sofar: Floats) -> None:
    """Tell nobody."""

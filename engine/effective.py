"""What a unit really looks at, within what it can see: its effective receptive field, by occlusion.

Luo et al. 2016, "Understanding the Effective Receptive Field in Deep Convolutional Neural Networks", measure it by the
gradient of the unit with respect to each pixel. ONNX files have no gradients: here it is how much the unit changes
while a small square of the image is hidden, on this very image.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.evidence.evidence import Floats, Told, untold
from engine.evidence.occlusion import Place, occlusion_map, places
from engine.evidence.question import channels_last, repeated
from engine.feature_maps import chosen
from engine.layers import channels_first, layer_table
from engine.model.description import ReceptiveField
from engine.runtime.task import Context, Task

Units = Callable[[Floats], Floats]
"""Takes images, (batch, channel, row, column), and returns a unit's numbers, (batch, channel of the layer)."""


@dataclass(frozen=True)
class Effective:
    """The effective receptive field of one unit.

    Attributes:
        values: (row, column) float32 over the model's image: mean change of the unit while this pixel was hidden,
            relative to the unit's size; 0 outside what it can see.
        box: (left, top, right, bottom) in pixels of the model's image, right and bottom exclusive: the smallest
            box around the field's centre of mass that holds `held` of all change.
        held: that share.
        area: share of the theoretical field's pixels on the image that, largest first, hold `held` of all change.
        asked: how many images the model was asked about.
        finished: False in what a task shows on its way.
    """

    values: Floats = field(repr=False)
    box: tuple[int, int, int, int]
    held: float
    area: float
    asked: int = 0
    finished: bool = True


@dataclass(frozen=True)
class EffectiveField(Task):
    """Hide squares of the image one after the other and watch one unit; the result is `Effective`, so is what is told.

    Attributes:
        tensor: `Layer.tensor` of its layer.
        row, column: the unit.
        channel: one channel; None takes all of them together.
        side: of the square in pixels; 0 takes a thirty-second of the image, at least 2.
        stride: from one place to the next; 0 takes the side.
        held: share of the change that the box holds.
        batch: images asked about at a time.
    """

    tensor: str
    row: int
    column: int
    channel: int | None = None
    side: int = 0
    stride: int = 0
    held: float = 0.95
    batch: int = 16

    def work(self, context: Context) -> Effective:
        """Return the field.

        Raises:
            EngineError: no image, no such layer or unit, or cancelled.
        """
        model, name = context.model, context.model.description.image_input
        if name is None or name not in context.feeds or context.feeds[name].ndim != 4:
            raise EngineError("not-on-image", name=model.description.name)
        layer = chosen(layer_table(model.description), (self.tensor,), model.description.name)[0]
        inference = model.exposing((self.tensor,))
        pixels = np.asarray(context.feeds[name][:1], np.float32)
        pixels = (np.moveaxis(pixels, -1, 1) if channels_last(model) else pixels)[0]

        def units(images: Floats) -> Floats:
            maps = inference(repeated(model, context.feeds, images), (self.tensor,))[self.tensor]
            columns = [channels_first(one, layer.channels)[:, self.row, self.column] for one in maps[: len(images)]]
            found = np.stack(columns)
            return found if self.channel is None else found[:, self.channel : self.channel + 1]

        size = (pixels.shape[1], pixels.shape[2])
        side = self.side or max(round(max(size) / 32), 2)
        seen = visible(layer.receptive, self.row, self.column, size)
        where = tuple(p for p in places(size, (side, side), (self.stride or side,) * 2) if overlaps(p, seen))

        def told(done: int, values: Floats) -> None:
            context.tell(done, len(where), summed_up(values, seen, self.held, done, finished=False))

        values = effective_map(pixels, units, where, self.batch, told)
        return summed_up(values, seen, self.held, len(where))


def effective_map(pixels: Floats, units: Units, where: tuple[Place, ...], batch: int, told: Told = untold) -> Floats:
    """Return how much a unit changes while each pixel is hidden, relative to its size: (row, column) float32.

    Args:
        pixels: (channel, row, column), the image as the model takes it; what is hidden becomes 0.
        units: the unit's numbers on images.
        where: squares to hide.
        batch: images at a time.
        told: is given how many squares are done, and the map so far.
    """
    intact = units(pixels[None])[0]
    size = float(np.linalg.norm(intact)) or 1.0

    def same(images: Floats) -> Floats:
        change = np.linalg.norm(units(images) - intact, axis=1, keepdims=True)
        return np.asarray(1 - change / size, np.float32)

    return occlusion_map(pixels, 1.0, 0, same, where, batch=batch, told=told)


def visible(field: ReceptiveField | None, row: int, column: int, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the theoretical field on an image of `size`: (left, top, right, bottom); all of it where unknown."""
    if field is None or field.whole or len(field.axes) != 2 or any(axis.gone for axis in field.axes):
        return 0, 0, size[1], size[0]
    (top, bottom), (left, right) = field.region(row, column)
    return (
        max(int(np.floor(left)), 0),
        max(int(np.floor(top)), 0),
        min(int(np.ceil(right)) + 1, size[1]),
        min(int(np.ceil(bottom)) + 1, size[0]),
    )


def overlaps(place: Place, seen: tuple[int, int, int, int]) -> bool:
    """Return whether a square touches a box."""
    rows, columns = place
    left, top, right, bottom = seen
    return bool(rows.start < bottom and rows.stop > top and columns.start < right and columns.stop > left)


def summed_up(
    values: NDArray[np.floating], seen: tuple[int, int, int, int], held: float, asked: int, *, finished: bool = True
) -> Effective:
    """Return the field with the box and the area that hold a share of all change."""
    left, top, right, bottom = seen
    inside = np.zeros(values.shape, np.float32)
    inside[top:bottom, left:right] = np.maximum(values[top:bottom, left:right], 0)
    ranked = np.sort(inside.reshape(-1))[::-1].astype(np.float64)
    total = float(ranked.sum())
    if total <= 0:
        return Effective(inside, seen, held, 0.0, asked, finished)
    count = int(np.searchsorted(np.cumsum(ranked), held * total)) + 1
    x0, y0, x1, y1 = _box(inside, held)
    box = (max(x0, left), max(y0, top), min(x1, right), min(y1, bottom))
    return Effective(inside, box, held, count / max((right - left) * (bottom - top), 1), asked, finished)


def _box(values: Floats, held: float) -> tuple[int, int, int, int]:
    """Grow a box from the centre of mass, each side by one pixel, until it holds the share."""
    rows, columns = values.shape
    total = values.sum(dtype=np.float64)
    y = int((values.sum(axis=1) @ np.arange(rows)) / total)
    x = int((values.sum(axis=0) @ np.arange(columns)) / total)
    sums = np.zeros((rows + 1, columns + 1))
    sums[1:, 1:] = values.astype(np.float64).cumsum(axis=0).cumsum(axis=1)
    for reach in range(max(rows, columns) + 1):
        box = max(x - reach, 0), max(y - reach, 0), min(x + reach + 1, columns), min(y + reach + 1, rows)
        inner = sums[box[3], box[2]] - sums[box[1], box[2]] - sums[box[3], box[0]] + sums[box[1], box[0]]
        if inner >= held * total:
            return box
    return 0, 0, columns, rows

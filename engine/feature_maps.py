"""Numbers that describe the maps of a layer, channel by channel: on one image, or streamed over a folder of them."""

from dataclasses import dataclass, field
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError, declare_errors
from engine.evidence.cam import channel_parts
from engine.images.folder import pictures_in
from engine.layers import Layer, channels_first, layer_table
from engine.messages import Message, declare, translate
from engine.model.description import ClassifierHead
from engine.runtime.score_steps import Floats
from engine.runtime.task import Context, Task

Order = Literal["index", "mean", "max", "variance", "zeros", "contribution"]

declare(
    {
        "maps-one-image": translate("engine", "On this image alone."),
        "maps-images": translate("engine", "Over {count} images."),
    }
)
declare_errors(
    {
        "layer-unknown": translate("engine", "“{name}” has no layer whose maps are called “{tensor}”."),
        "layer-unknown.advice": translate("engine", "Choose a layer of the list."),
    }
)


@dataclass(frozen=True)
class MapStatistics:
    """What the channels of a layer do; every array is (channel,).

    Attributes:
        mean, largest, variance: over all places (and images).
        zeros: share of exact zeros, as ReLU leaves them.
        dead: channels that never change: the same number at every place of every image seen.
        images: how many images were seen.
    """

    mean: Floats = field(repr=False)
    largest: Floats = field(repr=False)
    variance: Floats = field(repr=False)
    zeros: Floats = field(repr=False)
    dead: NDArray[np.bool_] = field(repr=False)
    images: int = 1

    def message(self) -> Message:
        """Say what the numbers were taken over."""
        if self.images == 1:
            return Message.of("maps-one-image")
        return Message.of("maps-images", count=self.images)


def statistics(maps: NDArray[np.floating]) -> MapStatistics:
    """Return the statistics of one image's maps, (channel, row, column)."""
    tally = Tally()
    tally.add(maps[None])
    return tally.finished()


def contributions(found: MapStatistics, head: ClassifierHead, index: int) -> Floats | None:
    """Return what each channel adds to a class's logit, (channel,) float32: CAM weight × mean.

    For the layer that the classifier averages (`head.maps`), on one image; None where the channels do not fit.
    """
    channels = head.classes is None or head.weight is None or head.weight.shape[1] == len(found.mean)
    return channel_parts(found.mean, head, index) if channels else None


def order(found: MapStatistics, by: Order, parts: NDArray[np.floating] | None = None) -> NDArray[np.intp]:
    """Return channels in the order asked for, largest first, (channel,); ties by index.

    Args:
        found: the statistics.
        by: what counts; "index" keeps them as they are.
        parts: contributions to a class, for "contribution"; without them the order is that of the index.
    """
    keys = {
        "mean": found.mean,
        "max": found.largest,
        "variance": found.variance,
        "zeros": found.zeros,
        "contribution": parts,
    }
    key = keys.get(by)
    if key is None:
        return np.arange(len(found.mean))
    return np.argsort(-np.asarray(key, np.float64), kind="stable")


class Tally:
    """Sums of maps, image by image, from which the statistics follow; Chan et al. 1983 for the variance."""

    def __init__(self) -> None:
        self._count = self._images = 0
        self._mean: NDArray[np.float64] = np.zeros(0)
        self._squares = self._low = self._high = self._zeros = self._mean

    def add(self, maps: NDArray[np.floating]) -> None:
        """Count maps, (image, channel, row, column)."""
        images, channels = maps.shape[:2]
        flat = np.moveaxis(np.asarray(maps, np.float64), 1, 0).reshape(channels, -1)  # (channel, place)
        count = flat.shape[1]
        mean = flat.mean(axis=1)
        squares = np.square(flat - mean[:, None]).sum(axis=1)
        low, high, zeros = flat.min(axis=1), flat.max(axis=1), (flat == 0).sum(axis=1).astype(np.float64)
        if self._count:
            gap, total = mean - self._mean, self._count + count
            squares = self._squares + squares + gap**2 * self._count * count / total
            mean = self._mean + gap * count / total
            low, high, zeros = np.minimum(low, self._low), np.maximum(high, self._high), zeros + self._zeros
        self._mean, self._squares, self._low, self._high, self._zeros = mean, squares, low, high, zeros
        self._count += count
        self._images += images

    def finished(self) -> MapStatistics:
        """Return the statistics of all that was counted."""
        count = max(self._count, 1)
        numbers = (self._mean, self._high, self._squares / count, self._zeros / count)
        mean, largest, variance, zeros = (cast(Floats, n.astype(np.float32)) for n in numbers)
        return MapStatistics(mean, largest, variance, zeros, self._low == self._high, self._images)


@dataclass(frozen=True)
class FolderStatistics(Task):
    """Statistics of layers over the pictures of a folder; the result is {tensor: MapStatistics}.

    What is told on the way is the same for the pictures seen so far.

    Attributes:
        folder: path of the folder.
        tensors: `Layer.tensor` of the layers wanted; () takes every convolution.
        most: pictures taken at most; 0 takes all.
        batch: pictures at a time.
    """

    folder: str
    tensors: tuple[str, ...] = ()
    most: int = 500
    batch: int = 8

    def work(self, context: Context) -> dict[str, MapStatistics]:
        """Return the statistics.

        Raises:
            EngineError: no pictures, no such layer, the model takes no photo, or cancelled.
        """
        from engine.images.stream import streamed

        model = context.model
        layers = chosen(layer_table(model.description), self.tensors, model.description.name)
        names = tuple(layer.tensor for layer in layers)
        inference = model.exposing(names)
        pictures = pictures_in(self.folder, self.most)
        tallies = {name: Tally() for name in names}
        done = 0
        for batch in streamed(pictures, (model.description,), self.batch):
            results = inference(batch.feeds[0], names)
            for layer in layers:
                maps = results[layer.tensor][: len(batch.pictures)]
                tallies[layer.tensor].add(np.stack([channels_first(one, layer.channels) for one in maps]))
            done += len(batch.pictures)
            context.tell(done, len(pictures), _all(tallies))
        return _all(tallies)


def chosen(table: tuple[Layer, ...], tensors: tuple[str, ...], name: str) -> tuple[Layer, ...]:
    """Return the layers of these tensors; all convolutions for none.

    Raises:
        EngineError: there is no such layer.
    """
    known = {layer.tensor: layer for layer in table if len(layer.kernel) == 2}
    for tensor in tensors:
        if tensor not in known:
            raise EngineError("layer-unknown", name=name, tensor=tensor)
    return tuple(known[t] for t in tensors) if tensors else tuple(x for x in known.values() if x.is_convolution)


def _all(tallies: dict[str, Tally]) -> dict[str, MapStatistics]:
    return {name: tally.finished() for name, tally in tallies.items()}

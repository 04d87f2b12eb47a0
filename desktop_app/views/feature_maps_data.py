"""What the feature maps view shows, computed without a window."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from desktop_app.selection import Selection
from desktop_app.widgets.canvas_layout import Region
from engine import ConvLayer, ModelDescription, Run
from engine.evidence.cam import channel_parts, has_cam, head_maps
from engine.feature_maps import MapStatistics, Order, order, statistics
from engine.grid import PatchGrid, image_size
from engine.images.plan import Prepared
from engine.kernels import pictures
from engine.layers import channels_first
from engine.predictions import Prediction, top_classes
from engine.runtime.interventions.images import seen_image
from engine.seen import SeenBox, box

Floats = NDArray[np.float32]

ORDERS: tuple[Order, ...] = ("index", "mean", "max", "variance", "zeros", "contribution")


@dataclass(frozen=True)
class MapNumbers:
    """Numbers of the maps of a layer on one image.

    Attributes:
        found: mean, largest, variance, share of zeros, and which maps are the same everywhere.
        low: the smallest number of each map, (map,).
        positive: share of the places above zero, (map,).
    """

    found: MapStatistics
    low: Floats
    positive: Floats

    @property
    def high(self) -> Floats:
        """The largest number of each map, (map,)."""
        return self.found.largest

    @property
    def shut(self) -> NDArray[np.bool_]:
        """Which maps have no number above zero, so that a ReLU after them passes nothing on, (map,)."""
        return self.high <= 0


@dataclass(frozen=True)
class FeatureData:
    """The maps of one layer.

    Attributes:
        selection: what was asked for, with what this model has not taken out.
        layers: all convolutions.
        layer: the chosen one.
        maps: (map, row, column), as the convolution gives them.
        active: the same after normalisation and nonlinearity; None where it was not asked for.
        numbers, active_numbers: of both.
        grid: how the places of a map lie on the image; None where a map has no rows and columns.
        image: the photo that ran.
        size: (rows, columns) of the model's input in pixels; None where it takes no image.
        classes: what the model says, the most probable class first; empty where it does not classify.
        contribute: gives the contribution of each map to a class, (map,); None where these maps do not feed the
            classifier.
        on_image: the layer looks at the image itself, so its kernels are pictures; blue first if "bgr".
    """

    selection: Selection
    layers: tuple[ConvLayer, ...]
    layer: ConvLayer
    maps: Floats
    active: Floats | None
    numbers: MapNumbers
    active_numbers: MapNumbers | None
    grid: PatchGrid | None
    image: Prepared | None
    size: tuple[int, int] | None
    classes: tuple[Prediction, ...]
    contribute: Callable[[int], Floats] | None
    on_image: Literal["", "rgb", "bgr"]

    def shown(self, *, active: bool) -> Floats:
        """Return the maps, (map, row, column), after the activation where that is asked for and there."""
        return self.active if active and self.active is not None else self.maps

    def measures(self, *, active: bool) -> MapNumbers:
        """Return the numbers of what `shown` returns."""
        return self.active_numbers if active and self.active_numbers is not None else self.numbers

    @property
    def channel(self) -> int:
        """The chosen map."""
        return self.selection.channel

    def seen(self, row: int, column: int) -> SeenBox | None:
        """Return what a unit can see; None where that is not known."""
        field = self.layer.receptive
        if field is None or self.size is None or len(field.axes) != 2:
            return None
        return box(field, row, column, self.size, self.image)


def compute(run: Run, selection: Selection) -> FeatureData:
    """Return the maps of the chosen layer.

    Raises:
        EngineError: a tensor was not kept in this run and must be fetched first.
    """
    layers = run.model.convolutions
    layer = layers[min(selection.layer, len(layers) - 1)]
    maps = maps_of(run, layer, selection.batch)
    active = _after(run, layer, selection.batch)
    flat = len(layer.kernel) != 2
    return FeatureData(
        selection=replace(selection, layer=layer.index, channel=min(selection.channel, len(maps) - 1)),
        layers=layers,
        layer=layer,
        maps=maps,
        active=active,
        numbers=numbers_of(run, layer.output, maps, selection.batch),
        active_numbers=None if active is None else numbers_of(run, layer.activation, active, selection.batch),
        grid=None if flat else PatchGrid(maps.shape[1], maps.shape[2]),
        image=seen_image(run),
        size=None if flat else image_size(run),
        classes=classes_of(run),
        contribute=_contribution(run, layer, selection.batch),
        on_image=_on_image(run.model, layer),
    )


def maps_of(run: Run, layer: ConvLayer, batch: int) -> Floats:
    """Return the maps of one image, (map, row, column); of samples one row, of volumes the slices under each other.

    Raises:
        EngineError: they were not kept in this run and must be fetched first.
    """
    last = run.memo.get("feature maps")
    if isinstance(last, tuple) and last[:2] == (layer.index, batch):  # another map of the same layer
        return cast(Floats, last[2])
    maps = _as_maps(run.feature_maps(layer), layer, batch)
    run.memo["feature maps"] = (layer.index, batch, maps)
    return maps


def _as_maps(whole: NDArray[np.generic], layer: ConvLayer, batch: int) -> Floats:
    maps = channels_first(whole[min(batch, len(whole) - 1)], layer.out_channels)  # (map, ...)
    if maps.ndim == 2:
        return maps[:, None, :]
    return maps if maps.ndim == 3 else cast(Floats, maps.reshape(maps.shape[0], -1, maps.shape[-1]))


def numbers_of(run: Run, tensor: str, maps: Floats, batch: int) -> MapNumbers:
    """Return the numbers of maps, (map, row, column); remembered with the run."""
    name = ("feature map numbers", tensor, batch)
    if name not in run.memo:
        run.memo[name] = measured(maps)
    return cast(MapNumbers, run.memo[name])


def classes_of(run: Run) -> tuple[Prediction, ...]:
    """Return all classes, the most probable first; remembered with the run."""
    if "all classes" not in run.memo:
        run.memo["all classes"] = top_classes(run, count=1 << 20)
    return cast(tuple[Prediction, ...], run.memo["all classes"])


def measured(maps: Floats) -> MapNumbers:
    """Return the numbers of maps, (map, row, column)."""
    flat = maps.reshape(len(maps), -1)
    return MapNumbers(statistics(maps), flat.min(axis=1), (flat > 0).mean(axis=1, dtype=np.float32))


def ordered(data: FeatureData, by: Order, target: int, numbers: MapNumbers) -> NDArray[np.intp]:
    """Return the numbers of the maps, (place,): by number, or the largest of what is asked for first."""
    parts = None if data.contribute is None or by != "contribution" else data.contribute(target)
    return order(numbers.found, by, parts)


def field_on_image(data: FeatureData, row: int, column: int) -> Region | None:
    """Return what a unit can see, (left, top, right, bottom) in fractions of the model's input."""
    seen = data.seen(row, column)
    if seen is None or data.size is None:
        return None
    rows, columns = data.size
    left, top, right, bottom = seen.image
    return left / columns, top / rows, right / columns, bottom / rows


def kernel_pictures(kernel: Floats, *, bgr: bool) -> NDArray[np.uint8]:
    """Return kernels over three colours, (map, 3, row, column), as pictures, (map, row, column, 3): grey is zero."""
    return np.rint(pictures(kernel, bgr=bgr) * 255).astype(np.uint8)


def as_planes(kernel: Floats) -> Floats:
    """Return kernels, (map, input, ...), with rows and columns whatever the dimensions: (map, input, row, column)."""
    if kernel.ndim == 3:
        return kernel[:, :, None, :]
    return kernel if kernel.ndim == 4 else kernel.reshape(*kernel.shape[:2], -1, kernel.shape[-1])


def as_text(plane: Floats, separator: str = "\t") -> str:
    """Return a map, (row, column), as lines of text."""
    return "".join(separator.join(f"{value:.9g}" for value in line) + "\n" for line in plane)


def _contribution(run: Run, layer: ConvLayer, batch: int) -> Callable[[int], Floats] | None:
    """What each map adds to the logit of a class; None where it is not this layer's maps that are averaged."""
    head = run.model.head
    if head is None or not has_cam(run.model) or layer is not run.model.convolutions[-1]:
        return None
    maps = head_maps(run, head, min(batch, run.tensor(head.maps).shape[0] - 1))
    if len(maps) != layer.out_channels:
        return None
    means = maps.mean(axis=(1, 2), dtype=np.float64)
    return lambda target: channel_parts(means, head, target)


def _after(run: Run, layer: ConvLayer, batch: int) -> Floats | None:
    """The maps after their activation, where they are at hand."""
    kept = run.tensors.get(layer.activation) if layer.activation else None
    return None if kept is None or kept.ndim < 3 else _as_maps(kept, layer, batch)


def _on_image(model: ModelDescription, layer: ConvLayer) -> Literal["", "rgb", "bgr"]:
    """Whether the three inputs of a layer are the colours of the image: its units see just what its kernel covers."""
    extent = tuple(d * (k - 1) + 1 for k, d in zip(layer.kernel, layer.dilation, strict=True))
    field, plan = layer.receptive, model.image_plan
    if plan is None or field is None or layer.in_channels != 3 or layer.groups != 1 or field.size != extent:
        return ""
    return "bgr" if plan.bgr else "rgb"

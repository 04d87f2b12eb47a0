"""The layers of a convolutional network as a table: what each does, how large its maps are, what a unit sees."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.model.description import ConvLayer, ModelDescription, PoolLayer, ReceptiveField
from engine.runtime.run import Run
from engine.runtime.score_steps import Floats

Kind = Literal["convolution", "pointwise", "depthwise", "grouped", "max pooling", "average pooling"]


@dataclass(frozen=True)
class Layer:
    """One row of the table; sizes are (rows, columns).

    Attributes:
        name: as the graph calls it.
        kind: "pointwise" is a 1 × 1 convolution, "depthwise" one kernel for each channel.
        index: in `model.convolutions` or, for pooling, in `model.pools`.
        output: tensor of its maps, before any activation.
        tensor: tensor to look at: after normalisation and activation where they follow at once, else `output`.
        channels: maps that it gives; None where the graph does not tell.
        size: of a map; None where the graph does not tell.
        kernel, stride, dilation, groups: of the sliding window.
        receptive: what a unit sees of the image; None where the graph does not tell.
        parameters: weights of the kernel, without bias; 0 for pooling.
        multiply_adds: for one image; None where the graph does not tell.
    """

    name: str
    kind: Kind
    index: int
    output: str
    tensor: str
    channels: int | None
    size: tuple[int, ...] | None
    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    groups: int
    receptive: ReceptiveField | None
    parameters: int = 0
    multiply_adds: int | None = None

    @property
    def is_convolution(self) -> bool:
        """Whether it has kernels."""
        return self.kind not in ("max pooling", "average pooling")


def layer_table(model: ModelDescription) -> tuple[Layer, ...]:
    """Return convolutions and pooling layers in the order of the graph."""
    rows: list[tuple[int, Layer]] = [(layer.order, _convolution(layer)) for layer in model.convolutions]
    channels = {layer.order: layer.out_channels for layer in model.convolutions}
    for pool in model.pools:
        before = [order for order in channels if order < pool.order]
        rows.append((pool.order, _pool(pool, channels[max(before)] if before else None)))
    return tuple(layer for _, layer in sorted(rows, key=lambda row: row[0]))


def _convolution(layer: ConvLayer) -> Layer:
    parameters = layer.out_channels * (layer.in_channels // layer.groups) * math.prod(layer.kernel)
    return Layer(
        name=layer.name,
        kind=_kind(layer),
        index=layer.index,
        output=layer.output,
        tensor=layer.activation or layer.output,
        channels=layer.out_channels,
        size=layer.size,
        kernel=layer.kernel,
        stride=layer.stride,
        dilation=layer.dilation,
        groups=layer.groups,
        receptive=layer.receptive,
        parameters=parameters,
        multiply_adds=None if layer.size is None else parameters * math.prod(layer.size),
    )


def _kind(layer: ConvLayer) -> Kind:
    if layer.groups > 1:
        return "depthwise" if layer.groups == layer.in_channels else "grouped"
    return "pointwise" if all(k == 1 for k in layer.kernel) else "convolution"


def _pool(pool: PoolLayer, channels: int | None) -> Layer:
    """A pooling layer; it gives as many maps as it gets, taken for those of the convolution before it."""
    return Layer(
        name=pool.name,
        kind="max pooling" if pool.kind == "max" else "average pooling",
        index=pool.index,
        output=pool.output,
        tensor=pool.output,
        channels=channels,
        size=pool.size,
        kernel=pool.kernel,
        stride=pool.stride,
        dilation=(1,) * len(pool.kernel),
        groups=1,
        receptive=pool.receptive,
    )


def layer_maps(run: Run, layer: Layer, *, active: bool = True, batch: int = 0) -> Floats:
    """Return a layer's maps of one image, (channel, row, column) float32.

    Args:
        run: the finished run.
        layer: the layer.
        active: after its activation, where one follows.
        batch: item of the batch axis.

    Raises:
        EngineError: this run does not hold the tensor and cannot fetch it.
    """
    return channels_first(run.tensor(layer.tensor if active else layer.output)[batch], layer.channels)


def channels_first(maps: NDArray[np.generic], channels: int | None) -> Floats:
    """Return maps of one image, (channel, row, column) float32, wherever the graph keeps its channels."""
    last = channels is not None and maps.ndim >= 2 and maps.shape[0] != channels == maps.shape[-1]
    found = np.moveaxis(maps, -1, 0) if last else maps
    return np.ascontiguousarray(found, np.float32)

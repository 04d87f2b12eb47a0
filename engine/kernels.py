"""The kernels of a convolution, read from the file: as numbers whatever they are stored as, and as pictures."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError, declare_errors
from engine.messages import translate
from engine.model.description import ConvLayer, ModelDescription
from engine.runtime.score_steps import Floats
from engine.runtime.task import Context, Task

if TYPE_CHECKING:
    import onnx_ir as ir

    from engine.graph.graph import Graph

declare_errors(
    {
        "no-kernels": translate("engine", "The kernels of “{layer}” are computed from the input, not stored."),
        "no-kernels.advice": translate("engine", "Look at its feature maps instead."),
        "layer-missing": translate("engine", "“{name}” has no convolution {index}."),
        "layer-missing.advice": translate("engine", "It has {count}, counted from 0."),
    }
)


@dataclass(frozen=True)
class Kernels:
    """The kernels of a convolution.

    Attributes:
        layer: index in `model.convolutions`.
        weights: (out channel, in channel of its group, row, column) float32; quantised ones in real units.
        bias: (out channel,) float32, or None.
        groups: into which channels are parted.
        stored: number type in the file, such as "float16" or "int8".
    """

    layer: int
    weights: Floats = field(repr=False)
    bias: Floats | None = field(repr=False)
    groups: int
    stored: str


@dataclass(frozen=True)
class ReadKernels(Task):
    """Read the kernels of a convolution; the result is `Kernels`.

    Attributes:
        layer: index in `model.convolutions`.
    """

    layer: int

    def work(self, context: Context) -> Kernels:
        """Return them.

        Raises:
            EngineError: there is no such layer, or its kernels are not stored.
        """
        model = context.model.description
        if not 0 <= self.layer < len(model.convolutions):
            raise EngineError("layer-missing", name=model.name, index=self.layer, count=len(model.convolutions))
        return read_kernels(model, model.convolutions[self.layer])


def read_kernels(model: ModelDescription, layer: ConvLayer) -> Kernels:
    """Return the kernels of a layer; the file is read.

    Raises:
        EngineError: the file can no longer be read, or the kernels are not stored in it.
    """
    part = model.part_of(layer.output)
    if part is not None:  # a model of several graphs
        own = part.model.convolutions[layer.index - part.first_layer]
        return replace(read_kernels(part.model, own), layer=layer.index)
    from engine.graph.cone import as_taken
    from engine.graph.graph import Graph
    from engine.graph.read import read_model
    from engine.model.geometry import weight_index

    graph = Graph(read_model(Path(model.path), as_taken(model.choices)))
    node = next((n for n in graph.nodes if n.outputs and n.outputs[0].name == layer.output), None)
    value = None if node is None else node.inputs[weight_index(node)]
    found = None if value is None else _read(graph, value)
    if node is None or value is None or found is None:
        raise EngineError("no-kernels", layer=layer.name)
    weights = _real(graph, node, found)
    if node.op_type == "NhwcConv":
        weights = np.moveaxis(weights, -1, 1)
    bias = _bias(graph, node)
    return Kernels(layer.index, np.ascontiguousarray(weights), bias, layer.groups, _stored(value))


def _read(graph: "Graph", value: "ir.Value") -> Floats | None:
    from engine.model.positions.tables import read

    return read(graph, value)


def _real(graph: "Graph", node: "ir.Node", weights: Floats) -> Floats:
    """Return quantised kernels in real units: (number - zero point) · scale, of each output channel."""
    inputs = {"QLinearConv": (4, 5), "ConvInteger": (None, 3)}.get(node.op_type)
    if inputs is None:
        return weights
    scale, zero = (_per_channel(graph, node, place, weights.ndim) for place in inputs)
    return cast(Floats, ((weights - (0 if zero is None else zero)) * (1 if scale is None else scale)))


def _per_channel(graph: "Graph", node: "ir.Node", place: int | None, rank: int) -> Floats | None:
    value = node.inputs[place] if place is not None and place < len(node.inputs) else None
    found = None if value is None else _read(graph, value)
    return None if found is None else found.reshape(-1, *(1,) * (rank - 1))


def _bias(graph: "Graph", node: "ir.Node") -> Floats | None:
    """Return what is added to each channel; QLinearConv keeps it in units of both scales."""
    place = 8 if node.op_type == "QLinearConv" else 2
    if node.op_type == "ConvInteger" or len(node.inputs) <= place:
        return None
    value = node.inputs[place]
    found = None if value is None else _read(graph, value)
    if found is None:
        return None
    if place == 8:
        scales = [_per_channel(graph, node, n, 1) for n in (1, 4)]
        for scale in scales:
            found = found * (1 if scale is None else scale)
    return found.reshape(-1)


def _stored(value: "ir.Value") -> str:
    """Return the number type in the file, above a dequantisation or cast."""
    here: ir.Value | None = value
    for _ in range(8):
        node = None if here is None else here.producer()
        if here is None or node is None or not node.inputs:
            break
        here = node.inputs[0]
    dtype = None if here is None else here.dtype or (None if here.const_value is None else here.const_value.dtype)
    return "float32" if dtype is None else np.dtype(dtype.numpy()).name


def pictures(weights: NDArray[np.floating], *, bgr: bool = False) -> Floats:
    """Return kernels as pictures of 0 … 1: (picture, row, column, 3) in colour, or (picture, row, column) in grey.

    Kernels of three channels (the first layer of most networks) are one picture in colour each; of others every
    input channel is a picture, output channels first. 0.5 is zero, and each output channel has a scale of its own.

    Args:
        weights: (out channel, in channel, row, column).
        bgr: whether the model takes blue first (`ImagePlan.bgr`).
    """
    top = np.abs(weights).max(axis=tuple(range(1, weights.ndim)), keepdims=True)
    scaled = 0.5 + 0.5 * np.divide(weights, top, out=np.zeros_like(weights), where=top > 0)
    if weights.shape[1] == 3:
        scaled = np.moveaxis(scaled, 1, -1)
        return np.ascontiguousarray(scaled[..., ::-1] if bgr else scaled, np.float32)
    return np.ascontiguousarray(scaled.reshape(-1, *weights.shape[2:]), np.float32)

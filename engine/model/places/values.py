"""Small arrays of a graph at known sizes: indices and paddings that exporters spell with many nodes."""

from collections.abc import Callable

import numpy as np
import onnx_ir as ir
from numpy.typing import NDArray

from engine.graph.dims import Dims
from engine.graph.fold import Constants
from engine.graph.graph import int_attribute, ints_attribute
from engine.graph.known import MOST_ELEMENTS

Array = NDArray[np.generic]


class BoundConstants(Constants):
    """Folds more operators than finders need, since at known sizes most index arithmetic is constant.

    Args:
        known: constants already folded at open sizes, which hold at any.
    """

    def __init__(self, known: Constants) -> None:
        super().__init__()
        self._folded.update({value: array for value, array in known._folded.items() if array is not None})

    def dims(self, value: ir.Value) -> Dims | None:
        """Return a vector of sizes, from its numbers where they are known."""
        array = self.of(value)
        if array is not None and array.ndim <= 1 and array.dtype.kind == "i":
            return tuple(int(n) for n in array.reshape(-1))
        return super().dims(value)

    def _fold(self, value: ir.Value) -> Array | None:
        found = super()._fold(value)
        node = value.producer()
        if found is not None or node is None or node.domain not in ("", "ai.onnx") or len(node.outputs) != 1:
            return found
        if node.op_type == "Shape":
            return self._shape(node)
        rule = RULES.get(node.op_type)
        if rule is None:
            return None
        inputs = [None if v is None else self.of(v) for v in node.inputs]
        if any(a is None and v is not None for a, v in zip(inputs, node.inputs, strict=True)):
            return None
        try:
            out = rule(node, [np.zeros(0) if a is None else a for a in inputs])
        except (ValueError, IndexError, TypeError):
            return None
        return out if out is not None and out.size <= MOST_ELEMENTS else None

    def _shape(self, node: ir.Node) -> Array | None:
        source = node.inputs[0]
        array = None if source is None else self.of(source)
        if array is None:
            return None
        start, end = int_attribute(node, "start", 0), int_attribute(node, "end", array.ndim)
        return np.array(array.shape[start:end], np.int64)


def _slice(node: ir.Node, inputs: list[Array]) -> Array | None:
    data = inputs[0]
    if len(inputs) < 3:
        starts, ends = ints_attribute(node, "starts") or (), ints_attribute(node, "ends") or ()
        axes, steps = ints_attribute(node, "axes"), None
    else:
        starts, ends = (tuple(int(n) for n in a.reshape(-1)) for a in inputs[1:3])
        axes = tuple(int(n) for n in inputs[3].reshape(-1)) if len(inputs) > 3 and inputs[3].size else None
        steps = tuple(int(n) for n in inputs[4].reshape(-1)) if len(inputs) > 4 and inputs[4].size else None
    parts = [slice(None)] * data.ndim
    for n, axis in enumerate(axes if axes is not None else range(len(starts))):
        step = 1 if steps is None else steps[n]
        end = None if step < 0 and ends[n] < -data.shape[axis] else ends[n]
        parts[axis] = slice(starts[n], end, step)
    return data[tuple(parts)]


def _axes(node: ir.Node, inputs: list[Array]) -> tuple[int, ...] | None:
    if len(inputs) > 1:
        return tuple(int(n) for n in inputs[1].reshape(-1))
    return ints_attribute(node, "axes")


def _squeeze(node: ir.Node, inputs: list[Array]) -> Array | None:
    return np.squeeze(inputs[0], _axes(node, inputs))


def _unsqueeze(node: ir.Node, inputs: list[Array]) -> Array | None:
    axes = _axes(node, inputs)
    return None if axes is None else np.expand_dims(inputs[0], axes)


def _gather(node: ir.Node, inputs: list[Array]) -> Array | None:
    return np.take(inputs[0], inputs[1].astype(np.intp), int_attribute(node, "axis", 0))


def _gather_elements(node: ir.Node, inputs: list[Array]) -> Array | None:
    axis = int_attribute(node, "axis", 0)
    index = inputs[1].astype(np.intp)
    if index.shape[axis] != inputs[0].shape[axis] and inputs[0].ndim != index.ndim:
        return None
    return np.asarray(np.take_along_axis(inputs[0], index, axis))


def _concat(node: ir.Node, inputs: list[Array]) -> Array | None:
    return np.concatenate(inputs, int_attribute(node, "axis", 0))


def _transpose(node: ir.Node, inputs: list[Array]) -> Array | None:
    return np.transpose(inputs[0], ints_attribute(node, "perm"))


def _reshape(_node: ir.Node, inputs: list[Array]) -> Array | None:
    target = [int(n) for n in inputs[1].reshape(-1)]
    return inputs[0].reshape([inputs[0].shape[i] if n == 0 else n for i, n in enumerate(target)])


def _expand(_node: ir.Node, inputs: list[Array]) -> Array | None:
    shape = [int(n) for n in inputs[1].reshape(-1)]
    return np.broadcast_to(inputs[0], np.broadcast_shapes(inputs[0].shape, tuple(shape)))


def _range(_node: ir.Node, inputs: list[Array]) -> Array | None:
    start, stop, step = (a.reshape(-1)[0].item() for a in inputs)
    return np.asarray(np.arange(start, stop, step), inputs[0].dtype)


def _tile(_node: ir.Node, inputs: list[Array]) -> Array | None:
    return np.tile(inputs[0], [int(n) for n in inputs[1].reshape(-1)])


RULES: dict[str, Callable[[ir.Node, list[Array]], Array | None]] = {
    "Slice": _slice,
    "Squeeze": _squeeze,
    "Unsqueeze": _unsqueeze,
    "Gather": _gather,
    "GatherElements": _gather_elements,
    "Concat": _concat,
    "Transpose": _transpose,
    "Reshape": _reshape,
    "Expand": _expand,
    "Range": _range,
    "Tile": _tile,
}

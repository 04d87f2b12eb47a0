"""Small operations on a graph: put something after a tensor, along one of the axes people speak of."""

import itertools

import numpy as np
import onnx_ir as ir
from numpy.typing import NDArray

from engine.sites.layout import Operand


class Surgeon:
    """Edits one onnx-ir model in place; every tensor it makes has a name of its own.

    Args:
        model: the model.
        prefix: of those names; a second surgeon on the same model needs another.
    """

    def __init__(self, model: ir.Model, prefix: str = "mirada") -> None:
        self._prefix = prefix
        self.model = model
        self.graph = model.graph
        self.opset = model.opset_imports.get("", model.opset_imports.get("ai.onnx", 13))
        self.values = {v.name: v for node in self.graph for v in node.outputs if v.name}
        self.values.update({v.name: v for v in self.graph.inputs if v.name})
        self._count = itertools.count()

    def finish(self) -> None:
        """Put the operators in an order in which every tensor is made before it is used."""
        self.graph.sort()

    def find(self, name: str) -> ir.Value | None:
        """Return the tensor of this name."""
        return self.values.get(name)

    def constant(self, array: NDArray[np.generic]) -> ir.Value:
        """Add a constant to the graph."""
        value = ir.Value(name=self._name("constant"), const_value=ir.tensor(array))
        value.shape, value.dtype = ir.Shape(array.shape), ir.DataType.from_numpy(array.dtype)
        self.graph.register_initializer(value)
        return value

    def apply(self, after: ir.Value, op_type: str, inputs: list[ir.Value], **attributes: int | list[int]) -> ir.Value:
        """Add an operator behind the one that makes `after`, and return its result; `finish` puts all in order."""
        node = ir.node(op_type, inputs, attributes=attributes)
        node.name = self._name(op_type)
        out = node.outputs[0]
        out.name = self._name("value")
        producer = after.producer()
        if producer is None:
            self.graph.insert_before(self.graph[0], [node])
        else:
            self.graph.insert_after(producer, [node])
        self.values[out.name] = out
        return out

    def like(self, constant: NDArray[np.generic], value: ir.Value) -> ir.Value:
        """Return a constant in the number type of a tensor."""
        if value.dtype is not None and value.dtype != ir.DataType.FLOAT:
            return self.constant(constant.astype(value.dtype.numpy()))
        made = self.constant(constant)
        if value.dtype is None and self.opset >= 15:
            return self.apply(value, "CastLike", [made, value])
        return made

    def cast(self, made: ir.Value, value: ir.Value) -> ir.Value:
        """Return a float32 tensor in the number type of another."""
        if value.dtype is None and self.opset >= 15:
            return self.apply(made, "CastLike", [made, value])
        if value.dtype is None or value.dtype == ir.DataType.FLOAT:
            return made
        return self.apply(made, "Cast", [made], to=value.dtype.value)

    def replace(self, value: ir.Value, uses: list[tuple[ir.Node, int]], new: ir.Value) -> None:
        """Let the given users of a tensor, and the model's outputs, take another in its place."""
        for node, index in uses:
            node.replace_input_with(index, new)
        for place, output in enumerate(self.graph.outputs):
            if output is value:
                new.name, value.name = value.name, self._name("before")
                new.shape, new.type = value.shape, value.type
                self.graph.outputs[place] = new

    def uses(self, value: ir.Value) -> list[tuple[ir.Node, int]]:
        """Return the users a tensor has now."""
        return [(use.node, use.idx) for use in value.uses()]

    def along(self, value: ir.Value, axis: int, parts: list[int]) -> tuple[ir.Value, ir.Value]:
        """Split one axis into parts (one may be -1); return the tensor, and its old shape to go back with."""
        shape = self.apply(value, "Shape", [value])
        pieces = [self.constant(np.array(parts, np.int64))]
        if axis > 0:
            pieces.insert(0, self.sizes(shape, 0, axis))
        pieces.append(self.sizes(shape, axis + 1, 2**31))
        target = self.apply(shape, "Concat", pieces, axis=0)
        return self.apply(target, "Reshape", [value, target]), shape

    def sizes(self, shape: ir.Value, start: int, end: int) -> ir.Value:
        """Return a part of a vector of sizes; bounds were attributes before opset 10."""
        if self.opset < 10:
            return self.apply(shape, "Slice", [shape], starts=[start], ends=[end])
        bounds = [self.constant(np.array([n], np.int64)) for n in (start, end)]
        return self.apply(shape, "Slice", [shape, *bounds])

    def _name(self, kind: str) -> str:
        return f"{self._prefix}.{kind}.{next(self._count)}"


def axis_of(operand: Operand, factor: str) -> list[tuple[int, int, int]]:
    """Return where a canonical axis lies in a tensor: (axis, place within it, number of factors there), in order."""
    return [
        (axis, place, len(names))
        for axis, names in enumerate(operand.axes)
        for place, name in enumerate(names)
        if name.split(".")[0] == factor
    ]

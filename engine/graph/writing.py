"""Moving the inside of an operator out into the graph around it: tensors keep their names where those are free."""

from collections.abc import Iterable

import numpy as np
import onnx_ir as ir
from numpy.typing import NDArray

Setting = int | ir.TensorProtocol | list[int]
"""An attribute of an operator that is written."""


class Writer:
    """Writes operators into a graph, in front of one that is to be replaced.

    Names taken are gathered once, however much is written.
    """

    def __init__(self, model: ir.Model) -> None:
        self.model = model
        self.graph = model.graph
        self.opset = model.opset_imports.get("", model.opset_imports.get("ai.onnx", 13))
        self._values = {value.name for node in self.graph for value in node.outputs if value.name}
        self._values |= set(self.graph.initializers) | {value.name for value in self.graph.inputs if value.name}
        self._labels = {node.name for node in self.graph if node.name}

    def node(
        self, before: ir.Node, kind: str, inputs: Iterable[ir.Value | None], name: str, **settings: Setting
    ) -> ir.Value:
        """Put an operator in front of another and return what it gives, called `name` or like it."""
        made = ir.Node("", kind, list(inputs), ir.convenience.convert_attributes(settings), num_outputs=1)
        self.graph.insert_before(before, made)
        made.outputs[0].name = name
        self._rename(made.outputs[0])
        return made.outputs[0]

    def constant(self, before: ir.Node, array: NDArray[np.generic], name: str) -> ir.Value:
        """Put a constant in front of an operator."""
        return self.node(before, "Constant", [], name, value=ir.tensor(array))

    def along(self, before: ir.Node, kind: str, value: ir.Value, axis: int, name: str) -> ir.Value:
        """Put a Squeeze or Unsqueeze of one axis in front of an operator, as this operator set spells it."""
        if self.opset < 13:
            return self.node(before, kind, [value], name, axes=[axis])
        return self.node(before, kind, [value, self.constant(before, np.array([axis], np.int64), name)], name)

    def weights(self, body: ir.Graph) -> None:
        """Move the weights of an inner graph to the outer one."""
        for value in [value for value in body.initializers.values() if value.const_value is not None]:
            body.initializers.pop(value.name or "")
            self._rename(value)
            self.graph.register_initializer(value)

    def move(self, before: ir.Node, body: ir.Graph) -> None:
        """Move operators and weights of an inner graph in front of the operator that holds it."""
        self.weights(body)
        nodes = list(body)
        body.outputs.clear()
        body.remove(nodes)
        for node in nodes:
            if node.name:
                node.name = unused(node.name, self._labels)
                self._labels.add(node.name)
            for value in node.outputs:
                self._rename(value)
        self.graph.insert_before(before, nodes)

    def replace(self, node: ir.Node, results: Iterable[ir.Value]) -> None:
        """Give the operator's results under their own names from what was written out, and remove it."""
        for old, new in zip(list(node.outputs), results, strict=True):
            name = old.name
            old.name = f"{name}/before"
            given = ir.Node("", "Identity", [new], num_outputs=1)
            given.outputs[0].name = name
            given.outputs[0].shape, given.outputs[0].type = old.shape, old.type
            self.graph.insert_before(node, given)
            old.replace_all_uses_with(given.outputs[0], replace_graph_outputs=True)
        self.graph.remove(node, safe=True)

    def _rename(self, value: ir.Value) -> None:
        if value.name:
            value.name = unused(value.name, self._values)
            self._values.add(value.name)


def unused(name: str, taken: set[str]) -> str:
    """Return a name that is not taken: this one, or this one with a number."""
    found, count = name, 0
    while found in taken:
        count += 1
        found = f"{name}/{count}"
    return found

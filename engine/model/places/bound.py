"""A graph whose inputs have numbers for sizes, so that every shape below them is numbers."""

from collections.abc import Mapping

import onnx_ir as ir

from engine.graph.dims import Dims
from engine.graph.graph import Graph
from engine.graph.known import KnownConstants
from engine.graph.shapes import Shapes
from engine.model.places.values import BoundConstants

Sizes = tuple[int, ...]


class BoundShapes(Shapes):
    """Shapes of a graph of which some tensors' sizes were settled beforehand."""

    def __init__(self, constants: KnownConstants, sizes: Mapping[ir.Value, Dims]) -> None:
        super().__init__(constants)
        self._known.update(sizes)

    def settle(self, value: ir.Value, sizes: Sizes) -> None:
        """State the shape of a tensor."""
        self._known[value] = sizes


class BoundGraph(Graph):
    """A graph at given sizes of its inputs.

    Args:
        graph: the graph; its nodes are shared.
        inputs: shape of each input, by name.
    """

    def __init__(self, graph: Graph, inputs: Mapping[str, Sizes]) -> None:
        self.model, self.nodes, self.order = graph.model, graph.nodes, graph.order
        self.constants = BoundConstants(graph.constants)
        named = {value: inputs[value.name or ""] for value in self.model.graph.inputs if value.name in inputs}
        self.bound = BoundShapes(self.constants, dict(named))
        self.shapes = self.bound
        self.constants.shape_of = self.shapes.of

    def sizes(self, value: ir.Value | None) -> Sizes | None:
        """Return a shape all of numbers, or None."""
        shape = self.shape(value)
        if value is not None and (shape is None or not all(isinstance(d, int) for d in shape)):
            array = self.constant(value)
            shape = shape if array is None else array.shape
        numbers = tuple(d for d in shape or () if isinstance(d, int))
        return numbers if shape is not None and len(numbers) == len(shape) else None

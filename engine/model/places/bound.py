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

    def __init__(self, constants: KnownConstants, sizes: Mapping[ir.Value, Sizes]) -> None:
        super().__init__(constants)
        self._known.update(sizes)
        self._named = _sizes_by_name(sizes)

    def stated(self, value: ir.Value) -> Dims | None:
        """Return the shape that the file states, its names as numbers where an input tells them."""
        shape = super().stated(value)
        return shape and tuple(self._named.get(d, d) if isinstance(d, str) else d for d in shape)

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


def _sizes_by_name(inputs: Mapping[ir.Value, Sizes]) -> dict[str, int]:
    """Sizes of the names that inputs give their open axes, where all inputs agree."""
    found: dict[str, set[int]] = {}
    for value, sizes in inputs.items():
        for dim, size in zip(value.shape or (), sizes, strict=False):
            name = None if isinstance(dim, int) else dim.value
            if name is not None:
                found.setdefault(name, set()).add(size)
    return {name: next(iter(sizes)) for name, sizes in found.items() if len(sizes) == 1}

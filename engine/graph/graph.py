"""A graph to walk: nodes in order, constants folded, shapes as far as the graph tells them."""

from collections.abc import Iterator

import numpy as np
import onnx_ir as ir
from numpy.typing import NDArray
from onnx_ir.passes.common import ShapeInferencePass

from engine.graph.dims import Dims
from engine.graph.fold import Constants
from engine.graph.shapes import Shapes


class Graph:
    """An onnx-ir graph with the three questions that finders ask of it: who made it, what is it, how large is it.

    Attributes:
        memo: what finders remember of it; only pure functions of the graph may be kept here.
    """

    def __init__(self, model: ir.Model) -> None:
        self.model = model
        self.nodes: tuple[ir.Node, ...] = tuple(model.graph)
        self.order: dict[ir.Node, int] = {node: i for i, node in enumerate(self.nodes)}
        self.constants = Constants()
        self.shapes = Shapes(self.constants)
        self.constants.shape_of = self.shapes.of
        self.memo: dict[object, object] = {}

    def infer(self) -> None:
        """State every shape that ONNX's own shape inference finds: slow, for graphs whose shapes stay untold.

        Taps and names are not touched.
        """
        ShapeInferencePass(check_type=False, strict_mode=False, data_prop=True)(self.model)
        self.memo = {}
        self.constants = Constants()
        self.shapes = Shapes(self.constants)
        self.constants.shape_of = self.shapes.of

    def constant(self, value: ir.Value | None) -> NDArray[np.generic] | None:
        """Return a value (any shape) that does not depend on the input, or None; large weights are not folded."""
        return None if value is None else self.constants.of(value)

    def scalar(self, value: ir.Value | None) -> float | None:
        """Return a constant of one element as a number, or None."""
        array = self.constant(value)
        return float(array.reshape(-1)[0]) if array is not None and array.size == 1 else None

    def shape(self, value: ir.Value | None) -> Dims | None:
        """Return sizes, with symbolic names or None where the graph leaves them open."""
        return None if value is None else self.shapes.of(value)

    def is_constant(self, value: ir.Value | None) -> bool:
        """Return whether a value is the same for every input, whether or not it is small enough to fold."""
        return value is not None and self.constants.is_constant(value)

    def users(self, value: ir.Value) -> Iterator[tuple[ir.Node, int]]:
        """Yield (node, input index) for each use of a value."""
        for use in value.uses():
            yield use.node, use.idx


def op(node: ir.Node | None) -> str:
    """Return an operator's name, with its domain unless it is ONNX's own; "" for no node."""
    if node is None:
        return ""
    domain = node.domain
    return node.op_type if not domain or domain == "ai.onnx" else f"{domain}.{node.op_type}"


def attribute(node: ir.Node, name: str, default: object = None) -> object:
    """Return an attribute's value, or the default."""
    found = node.attributes.get(name)
    return default if found is None else found.value


def int_attribute(node: ir.Node, name: str, default: int) -> int:
    """Return an integer attribute."""
    found = attribute(node, name, default)
    return int(found) if isinstance(found, int) else default


def ints_attribute(node: ir.Node, name: str) -> tuple[int, ...] | None:
    """Return a list of integers, or None where the attribute is absent."""
    found = attribute(node, name)
    return tuple(int(x) for x in found) if isinstance(found, (tuple, list)) else None

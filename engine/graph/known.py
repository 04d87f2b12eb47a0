"""What constant folding and shapes ask of each other, so that neither needs to know the other's insides."""

from typing import Protocol, cast

import numpy as np
import onnx_ir as ir
from numpy.typing import NDArray

from engine.graph.dims import Dims

MOST_ELEMENTS = 4096
"""Larger results are not folded: they are weights, which nobody needs as numbers."""


class KnownConstants(Protocol):
    """Numbers that do not depend on the model's input."""

    def of(self, value: ir.Value) -> NDArray[np.generic] | None:
        """Return the number or numbers (any shape), or None."""

    def dims(self, value: ir.Value) -> Dims | None:
        """Return a vector of sizes, each a number, a symbolic name or None."""


class KnownShapes(Protocol):
    """Shapes already told."""

    @property
    def constants(self) -> KnownConstants:
        """The constants that shapes depend on."""

    def known(self, value: ir.Value | None) -> Dims | None:
        """Return a shape already told."""


Bound = list[int] | None


def slice_bounds(constants: KnownConstants, node: ir.Node) -> tuple[Bound, Bound, Bound, Bound]:
    """Starts, ends, axes and steps of a Slice, from its attributes (before opset 10) or its inputs."""

    def read(name: str, index: int) -> Bound:
        if name in node.attributes:
            return [int(i) for i in node.attributes[name].as_ints()]
        value = node.inputs[index] if len(node.inputs) > index else None
        array = None if value is None else constants.of(value)
        return None if array is None else [int(i) for i in array.reshape(-1)]

    return read("starts", 1), read("ends", 2), read("axes", 3), read("steps", 4)


def tensor_of(attribute: ir.Attr) -> ir.TensorProtocol:
    """Return an attribute's tensor.

    onnx-ir's own reading checks a protocol at run time, which takes longer than all else in a graph of constants.
    """
    return cast(ir.TensorProtocol, attribute.value)

"""Where every tensor's elements came from: places carried once through the graph, in execution order.

No pattern of operators is looked for: windows, shifts, reduced keys, class tokens and pyramids all follow from what
Reshape, Transpose, Slice, Concat and convolutions do to the places of pixels.
"""

from collections.abc import Iterable

import numpy as np
import onnx_ir as ir

from engine.graph.graph import op
from engine.graph.shape_rules import BROADCAST, SAME_SHAPE
from engine.model.places.bound import BoundGraph, Sizes
from engine.model.places.joins import Joins, einsum, elementwise, first_input, product
from engine.model.places.place import Place, Places
from engine.model.places.rules import RULES, Rule
from engine.model.places.sizes import output_sizes

PRODUCTS = ("MatMul", "Gemm", "MatMulInteger", "QLinearMatMul", "com.microsoft.FusedMatMul")
FUSED = (
    *("Attention", "com.microsoft.Attention", "com.microsoft.MultiHeadAttention", "com.microsoft.QAttention"),
    *("com.microsoft.GroupQueryAttention", "com.microsoft.FusedGemm", "com.microsoft.FusedMatMulActivation"),
    *("DynamicQuantizeLinear", "ScatterND", "ScatterElements", "LayerNormalization", "RotaryEmbedding"),
    *("com.microsoft.RotaryEmbedding", "BatchNormalization", "DequantizeLinear", "QuantizeLinear", "CastLike"),
)
MORE_ELEMENTWISE = (
    *("Sum", "Mean", "PRelu", "Softplus", "Mish", "HardSigmoid", "Selu", "ThresholdedRelu", "LRN", "Swish"),
    *("com.microsoft.SkipLayerNormalization", "com.microsoft.SkipSimplifiedLayerNormalization", "com.microsoft.Gelu"),
    *("com.microsoft.BiasGelu", "com.microsoft.FastGelu", "com.microsoft.QuickGelu", "com.microsoft.QLinearAdd"),
    *("com.microsoft.QLinearMul", "com.microsoft.QLinearSigmoid", "com.microsoft.QLinearLeakyRelu"),
)


class Flow:
    """Places of the tensors of a graph at given input sizes.

    Attributes:
        graph: the graph at these sizes.
        sources: what the numbers of "special" places stand for.
    """

    def __init__(self, graph: BoundGraph) -> None:
        self.graph = graph
        self.told: dict[ir.Value, Places] = {}
        self._joins = Joins()
        self._rules: dict[str, Rule] = {
            **RULES,
            **dict.fromkeys((*SAME_SHAPE, *BROADCAST, *MORE_ELEMENTWISE), elementwise),
            **dict.fromkeys(PRODUCTS, product),
            **dict.fromkeys(FUSED, first_input),
            "Einsum": einsum,
            "Concat": self._joins,
        }

    @property
    def sources(self) -> list[tuple[str, int]]:
        """For each number of a "special" place the tensor's name and the token's place in it."""
        return self._joins.sources

    def seed(self, value: ir.Value, places: Places) -> None:
        """State where an input's elements lie."""
        self.told[value] = places

    def run(self, nodes: Iterable[ir.Node]) -> None:
        """Carry places through operators, in execution order."""
        for node in nodes:
            if not any(self.told.get(v) for v in node.inputs if v is not None):
                self._nothing(node)
                continue
            kind = op(node)
            if kind == "Shape":
                continue
            if kind == "Split":
                self._split(node)
                continue
            sizes, rule = output_sizes(self.graph, node), self._rules.get(kind)
            if sizes is None or rule is None:
                continue
            try:
                places = rule(self.graph, node, self._read, sizes)
            except (ValueError, IndexError):  # shapes that the graph itself contradicts: nothing is told
                continue
            if places is not None:
                self.told[node.outputs[0]] = places

    def _read(self, value: ir.Value | None) -> Places:
        return () if value is None else self.told.get(value, ())

    def _nothing(self, node: ir.Node) -> None:
        """What is made of told things without places has none, and that is told too."""
        if all(v is None or v in self.told or self.graph.is_constant(v) for v in node.inputs):
            for value in node.outputs:
                self.told[value] = ()

    def _split(self, node: ir.Node) -> None:
        """Split: each output a slice."""
        source = self.graph.sizes(node.inputs[0])
        shapes = [self.graph.sizes(value) for value in node.outputs]
        if source is None or any(shape is None for shape in shapes):
            return
        axis = (node.attributes["axis"].as_int() if "axis" in node.attributes else 0) % len(source)
        start = 0
        for value, shape in zip(node.outputs, shapes, strict=True):
            length = shape[axis] if shape is not None else 0
            part = (slice(None),) * axis + (slice(start, start + length),)
            self.told[value] = tuple(p.of(p.array[part]) if p.varies(axis) else p for p in self._read(node.inputs[0]))
            start += length


def pixel_places(sizes: Sizes, channels_last: bool) -> Places:
    """Return the places of an image's pixels: row and column of each pixel's centre, in pixels from 0."""
    first = 1 if channels_last else 2
    found = []
    for label, axis in (("row", first), ("column", first + 1)):
        shape = [1] * len(sizes)
        shape[axis] = sizes[axis]
        found.append(Place(label, np.arange(sizes[axis], dtype=np.float32).reshape(shape)))
    return tuple(found)


def token_places(name: str, sizes: Sizes) -> Places:
    """Return the places of an input's tokens: each axis but the batch, since which holds tokens is not yet known."""
    found = []
    for axis in range(1, len(sizes)):
        shape = [1] * len(sizes)
        shape[axis] = sizes[axis]
        found.append(Place("token", np.arange(sizes[axis], dtype=np.float32).reshape(shape), name))
    return tuple(found)


__all__ = ["Flow", "pixel_places", "token_places"]

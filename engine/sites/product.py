"""Products of two tensors by the letters of their axes, MatMul and Einsum alike."""

from dataclasses import dataclass

import onnx_ir as ir

from engine.graph.contrib_shapes import matrix_sides
from engine.graph.graph import Graph, attribute, op

FUSED = "com.microsoft.FusedMatMul"
MATMULS = frozenset({"MatMul", FUSED, "Gemm"})
WHOLE = frozenset({"MatMulInteger", "com.microsoft.MatMulIntegerToFloat", "QLinearMatMul"}) | {
    "com.microsoft.DynamicQuantizeMatMul"
}
PRODUCTS = MATMULS | WHOLE | {"Einsum"}
LEADS = "abcdefgh"


@dataclass(frozen=True)
class Product:
    """A product of two tensors; letters name the axes, as in an einsum equation.

    Attributes:
        node: the operator.
        sides: its two operands.
        letters: of the axes of each operand.
        out: letters of the result's axes.
    """

    node: ir.Node
    sides: tuple[ir.Value, ir.Value]
    letters: tuple[str, str]
    out: str

    @property
    def rows(self) -> str:
        """Letters of the result that only the left operand has."""
        return "".join(c for c in self.out if c in self.letters[0] and c not in self.letters[1])

    @property
    def columns(self) -> str:
        """Letters of the result that only the right operand has."""
        return "".join(c for c in self.out if c in self.letters[1] and c not in self.letters[0])

    @property
    def leads(self) -> str:
        """Letters of the result that both operands have."""
        return "".join(c for c in self.out if c in self.letters[0] and c in self.letters[1])

    @property
    def contracted(self) -> str:
        """Letters summed over."""
        return "".join(c for c in self.letters[0] if c in self.letters[1] and c not in self.out)


def places(node: ir.Node) -> tuple[int, int]:
    """Return which inputs are the operands of a product."""
    return (0, 3) if op(node) == "QLinearMatMul" else (0, 1)


def operands(node: ir.Node) -> tuple[ir.Value, ir.Value] | None:
    """Return the operands of a product."""
    found = [node.inputs[i] if len(node.inputs) > i else None for i in places(node)]
    return (found[0], found[1]) if found[0] is not None and found[1] is not None else None


def product_of(graph: Graph, node: ir.Node) -> Product | None:
    """Return a product's letters; None where a rank is unknown or the equation is of another form."""
    sides = operands(node)
    if sides is None:
        return None
    if op(node) == "Einsum":
        return _einsum(node, sides)
    return _matmul(graph, node, sides)


def _einsum(node: ir.Node, sides: tuple[ir.Value, ir.Value]) -> Product | None:
    equation = str(attribute(node, "equation", "")).replace(" ", "")
    left, arrow, out = equation.partition("->")
    terms = left.split(",")
    if not arrow or len(terms) != 2 or "." in equation or any(len(set(t)) != len(t) for t in (*terms, out)):
        return None
    return Product(node, sides, (terms[0], terms[1]), out)


def _matmul(graph: Graph, node: ir.Node, sides: tuple[ir.Value, ir.Value]) -> Product | None:
    """Row "i", column "j", contracted "k"; leading axes count from the right, as they broadcast."""
    shapes = [graph.shape(side) for side in sides]
    known = graph.shape(node.outputs[0])
    ranks = [len(shape) if shape is not None else None for shape in shapes]
    if all(rank is None for rank in ranks):
        if known is None:
            return None
        ranks = [len(known), len(known)]
    first, second = (rank if rank is not None else ranks[1 - i] for i, rank in enumerate(ranks))
    if first is None or second is None or min(first, second) < 2 or max(first, second) > len(LEADS) + 2:
        return None
    lead = LEADS[: max(first, second) - 2]
    left, right = matrix_sides(lead[len(lead) - (first - 2) :], lead[len(lead) - (second - 2) :], node)
    return Product(node, sides, (left, right), lead + "ij")


def output_scale(node: ir.Node) -> float:
    """The factor a fused product multiplies its result by."""
    return float(str(attribute(node, "alpha", 1.0))) if op(node) in (FUSED, "Gemm") else 1.0


def added(node: ir.Node) -> ir.Value | None:
    """The third operand of a Gemm, which it adds to its product."""
    return node.inputs[2] if op(node) == "Gemm" and len(node.inputs) > 2 else None


def added_scale(node: ir.Node) -> float:
    """The factor a Gemm multiplies its third operand by."""
    return float(str(attribute(node, "beta", 1.0)))

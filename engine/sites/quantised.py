"""Attention in whole numbers: products of quantised queries and keys, and rounding between QKᵀ and the softmax.

ONNX writes it as MatMulInteger and a product with both scales, as QuantizeLinear and DequantizeLinear around plain
operators, or as QLinear operators; ONNX Runtime fuses the first into operators of its own. Read here are the
numbers that the whole ones stand for, so that a query is a query in every model.
"""

import numpy as np
import onnx_ir as ir

from engine.graph.graph import Graph, op
from engine.sites.derive import Recipe
from engine.sites.product import Product
from engine.sites.site import Step

DYNAMIC = "com.microsoft.DynamicQuantizeMatMul"
TO_FLOAT = "com.microsoft.MatMulIntegerToFloat"
ZERO_POINTS = {"MatMulInteger": (2, 3), TO_FLOAT: (4, 5), "QLinearMatMul": (2, 5), DYNAMIC: (None, 3)}
"""Products of whole numbers -> the inputs that hold the zero points of their operands."""
SCALES = {TO_FLOAT: (2, 3), "QLinearMatMul": (1, 4), DYNAMIC: (None, 2)}
"""Products of whole numbers that are given the scales of their operands -> the inputs that hold them."""
RESULT = {
    "QLinearMatMul": (6, 7),
    "com.microsoft.QLinearSoftmax": (3, 4),
    "com.microsoft.QLinearMul": (6, 7),
    "com.microsoft.QLinearWhere": (7, 8),
    "QuantizeLinear": (1, 2),
}
"""Operators with a quantised result -> the inputs that hold its scale and zero point."""
MOVED = frozenset({"Reshape", "Transpose", "Squeeze", "Unsqueeze", "Slice", "Gather", "Split", "Identity"})


def is_whole(product: Product) -> bool:
    """Whether a product is one of whole numbers."""
    return op(product.node) in ZERO_POINTS


def stands_for(recipe: Recipe, product: Product, side: int) -> str | None:
    """Append what turns an operand of a product into the numbers it stands for; None where its scale is untold."""
    node, value = product.node, product.sides[side]
    scale_at = SCALES.get(op(node), (None, None))[side]
    zero_at = ZERO_POINTS[op(node)][side]
    if zero_at is None:  # the operator quantises this one itself
        whole = recipe.call("DynamicQuantizeLinear", (value.name or "",), outputs=3)
        return recipe.call("DequantizeLinear", (whole, f"{whole}.1", f"{whole}.2"))
    scale = node.inputs[scale_at] if scale_at is not None else _scale_above(value)
    if scale is None:
        return None
    zero = node.inputs[zero_at] if len(node.inputs) > zero_at else None
    inputs = [value.name or "", scale.name or "", *([zero.name or ""] if zero is not None else [])]
    return recipe.call("DequantizeLinear", inputs)


def result_stands_for(recipe: Recipe, node: ir.Node) -> str | None:
    """Append what turns an operator's quantised result into numbers; None where the result is none."""
    at = RESULT.get(op(node))
    if at is None:
        return None
    inputs = [value.name or "" for value in (node.outputs[0], node.inputs[at[0]], node.inputs[at[1]]) if value]
    return recipe.call("DequantizeLinear", inputs)


def _scale_above(value: ir.Value) -> ir.Value | None:
    """The scale that a value was quantised with, views passed over."""
    node = value.producer()
    while node is not None and op(node) in MOVED and node.inputs[0] is not None:
        node = node.inputs[0].producer()
    if op(node) == "DynamicQuantizeLinear" and node is not None:
        return node.outputs[1]
    return node.inputs[1] if op(node) == "QuantizeLinear" and node is not None else None


def is_scale_of_product(value: ir.Value) -> bool:
    """Whether a number is the product of two scales: it turns a product of whole numbers back."""
    node = value.producer()
    if op(node) != "Mul" or node is None:
        return False
    makers = [v.producer() for v in node.inputs if v is not None]
    return len(makers) == 2 and all(
        op(maker) == "DynamicQuantizeLinear" and maker is not None and v is maker.outputs[1]
        for maker, v in zip(makers, node.inputs, strict=True)
    )


def number(graph: Graph, node: ir.Node, at: int) -> float | None:
    """The one number that a whole one stands for: an input whose scale and zero point are the next two."""
    whole, scale = graph.scalar(node.inputs[at]), graph.scalar(node.inputs[at + 1])
    zero = graph.scalar(node.inputs[at + 2])
    return None if whole is None or scale is None or zero is None else (whole - zero) * scale


def rounding(graph: Graph, node: ir.Node) -> Step | None:
    """The rounding of a result that is quantised with one scale; None where scale or zero point are untold."""
    at = RESULT[op(node)]
    scale = graph.scalar(node.inputs[at[0]])
    zero = graph.constant(node.inputs[at[1]]) if len(node.inputs) > at[1] else np.zeros((), np.uint8)
    if not scale or zero is None or zero.size != 1 or zero.dtype.kind not in "iu":
        return None
    limits, point = np.iinfo(zero.dtype.name), int(zero.reshape(-1)[0])
    return Step("round", factor=scale, limits=(limits.min - point, limits.max - point))

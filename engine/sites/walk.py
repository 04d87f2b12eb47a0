"""Walking between softmax, scores and values: up to the product of queries and keys, down to the values."""

from collections import deque
from dataclasses import dataclass

import onnx_ir as ir

from engine.graph.graph import Graph, op
from engine.sites.product import MATMULS, PRODUCTS, Product, operands, places, product_of

VIEWS = frozenset({"Reshape", "Transpose", "Squeeze", "Unsqueeze", "Expand", "Flatten"})
SILENT = frozenset({"Identity", "Cast", "CastLike", "Dropout"})
ARITHMETIC = frozenset({"Mul", "Div", "Add", "Sub", "Max", "Min"})
QUANTISED = frozenset({"QuantizeLinear", "DequantizeLinear"})
QLINEAR = frozenset({"com.microsoft.QLinearWhere", "com.microsoft.QLinearMul", "com.microsoft.QLinearAdd"})
OPAQUE = frozenset({"Slice", "Concat", "ScatterND", "Pad", "Gather", "com.microsoft.QLinearAdd"})
"""Operators that keep scores scores, but whose arithmetic is not replayed: the pattern is then read, not recomputed."""
MOST_STEPS = 24
"""Operators between QKᵀ and the softmax; real models have at most about twelve."""
MOST_VISITS = 300


@dataclass(frozen=True)
class Hop:
    """One operator on the way, and which of its inputs the way came through."""

    node: ir.Node
    through: int


def climb(graph: Graph, value: ir.Value) -> tuple[Product, tuple[Hop, ...]] | None:
    """Return the product of two activations that a softmax's input comes from, and the way down from it.

    Breadth first, so that of several products added up (relative positions) the nearest is taken; of equally near
    ones the first operand's. Products with learned queries only count where there is none of two activations.
    Where nothing depends on the input (a decoder's first look among its learned queries) any product counts.
    """
    fixed = graph.is_constant(value)
    learned: tuple[Product, tuple[Hop, ...]] | None = None
    queue: deque[tuple[ir.Value, tuple[Hop, ...]]] = deque([(value, ())])
    seen: set[ir.Value] = set()
    while queue and len(seen) < MOST_VISITS:
        here, way = queue.popleft()
        node = here.producer()
        if node is None or here in seen or len(way) > MOST_STEPS:
            continue
        seen.add(here)
        found = score_product(graph, node, fixed=fixed) if op(node) in PRODUCTS else None
        if found is not None and (fixed or not any(graph.is_constant(side) for side in found.sides)):
            return found, way
        if found is not None:
            learned = learned or (found, way)
            continue
        for through in range(len(node.inputs)) if fixed else _inputs_to_follow(graph, node):
            source = node.inputs[through]
            if source is not None:
                queue.append((source, (Hop(node, through), *way)))
    return learned


def score_product(graph: Graph, node: ir.Node, *, fixed: bool = False) -> Product | None:
    """Return a product if it can be QKᵀ: two activations, or learned queries of rank 3 or more with one.

    With `fixed` both may be constant, so long as they are computed.
    """
    found_operands = operands(node)
    if found_operands is None:
        return None
    a, b = found_operands
    learned = [graph.is_constant(a), graph.is_constant(b)]
    if all(learned) and (not fixed or not (is_computed(a) and is_computed(b))):
        return None
    if any(learned) and not fixed:
        shape = graph.shape(a if learned[0] else b)
        if shape is None or len(shape) < 3:
            return None
    found = product_of(graph, node)
    if found is None or len(found.rows) != 1 or len(found.columns) != 1 or not found.contracted:
        return None
    return found


def is_computed(value: ir.Value) -> bool:
    """Whether a value is the result of an operator, not a weight."""
    node = value.producer()
    return node is not None and op(node) != "Constant"


def _inputs_to_follow(graph: Graph, node: ir.Node) -> list[int]:
    kind = op(node)
    if kind in QLINEAR:
        return [i for i in ((1, 4) if "Where" in kind else (0, 3)) if not graph.is_constant(node.inputs[i])]
    if kind in VIEWS | SILENT | QUANTISED or kind in ("Tanh", "Clip", "Slice", "Pad", "Gather", "Div"):
        return [0]
    if kind == "Where":
        return [i for i in (1, 2) if not graph.is_constant(node.inputs[i])]
    if kind == "ScatterND":
        return [2, 0]
    if kind in ARITHMETIC or kind == "Concat":
        return [i for i, v in enumerate(node.inputs) if not graph.is_constant(v)]
    if kind in MATMULS and is_mixing(graph, node):
        return [0]
    return []


def is_mixing(graph: Graph, node: ir.Node) -> bool:
    """Whether a product mixes heads: square weights on the last axis (Shazeer et al. 2020, "Talking-Heads").

    A Gemm does it on scores whose other axes were joined into one.
    """
    weight, source = graph.shape(node.inputs[1]), graph.shape(node.inputs[0])
    return (
        graph.is_constant(node.inputs[1])
        and weight is not None
        and len(weight) == 2
        and weight[0] == weight[1]
        and (source is None or len(source) >= 4 or op(node) == "Gemm")
    )


def descend(graph: Graph, value: ir.Value) -> tuple[Product, int, tuple[Hop, ...]] | None:
    """Return the product of a pattern with values, the pattern's side in it (0 or 1), and the way there.

    Casts, dropouts, guards against NaN, changes of view and mixing of heads are passed through.
    """
    queue: deque[tuple[ir.Value, tuple[Hop, ...]]] = deque([(value, ())])
    fixed = graph.is_constant(value)
    visits = 0
    while queue and visits < MOST_VISITS:
        here, way = queue.popleft()
        visits += 1
        if len(way) > MOST_STEPS:
            continue
        for node, index in graph.users(here):
            kind = op(node)
            sides, at = (operands(node), places(node)) if kind in PRODUCTS else (None, ())
            other = sides[1 - at.index(index)] if sides is not None and index in at else None
            if other is not None and (not graph.is_constant(other) or (fixed and is_computed(other))):
                found = product_of(graph, node)
                if found is not None:
                    return found, at.index(index), way
            elif _passes(graph, node, kind, index):
                queue.append((node.outputs[0], (*way, Hop(node, index))))
    return None


def _passes(graph: Graph, node: ir.Node, kind: str, index: int) -> bool:
    if kind in SILENT | VIEWS | QUANTISED or kind in ("Slice", "DynamicQuantizeLinear"):
        return index == 0
    if kind == "com.microsoft.QLinearWhere":
        return index in (1, 4)
    if kind == "Where":  # Where(IsNaN(pattern), 0, pattern)
        return index in (1, 2)
    if kind in ("Mul", "Div", "Add"):  # a head mask, a dropout spelled out, the bias of mixed heads
        return index < 2 and graph.is_constant(node.inputs[1 - index])
    return kind in MATMULS and index == 0 and is_mixing(graph, node)

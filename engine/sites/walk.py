"""Walking between softmax, scores and values: up to the product of queries and keys, down to the values."""

from collections import deque
from dataclasses import dataclass

import onnx_ir as ir

from engine.graph.graph import Graph, op

PRODUCTS = frozenset({"MatMul", "com.microsoft.FusedMatMul"})
VIEWS = frozenset({"Reshape", "Transpose", "Squeeze", "Unsqueeze", "Expand"})
SILENT = frozenset({"Identity", "Cast", "CastLike", "Dropout"})
ARITHMETIC = frozenset({"Mul", "Div", "Add", "Sub", "Where", "Tanh", "Max", "Clip"})
MOST_STEPS = 24
"""Operators between QKᵀ and the softmax; real models have at most about twelve."""


@dataclass(frozen=True)
class Hop:
    """One operator on the way, and which of its inputs the way came through."""

    node: ir.Node
    through: int


def climb(graph: Graph, value: ir.Value) -> tuple[ir.Node, tuple[Hop, ...]] | None:
    """Return the product of two activations that a softmax's input comes from, and the way down from it.

    Breadth first, so that of several products added up (relative positions) the nearest is taken; of equally near
    ones the first operand's.
    """
    queue: deque[tuple[ir.Value, tuple[Hop, ...]]] = deque([(value, ())])
    seen: set[ir.Value] = set()
    while queue:
        here, way = queue.popleft()
        node = here.producer()
        if node is None or here in seen or len(way) > MOST_STEPS:
            continue
        seen.add(here)
        kind = op(node)
        if kind in PRODUCTS:
            if is_product(graph, node):
                return node, way
            continue
        for through in _inputs_to_follow(graph, node, kind):
            source = node.inputs[through]
            if source is not None:
                queue.append((source, (Hop(node, through), *way)))
    return None


def _inputs_to_follow(graph: Graph, node: ir.Node, kind: str) -> list[int]:
    if kind in VIEWS or kind in SILENT or kind in ("Tanh", "Clip"):
        return [0]
    if kind == "Where":
        return [i for i in (1, 2) if not graph.is_constant(node.inputs[i])]
    if kind == "Div":
        return [0]
    if kind in ARITHMETIC:
        return [i for i, v in enumerate(node.inputs[:2]) if not graph.is_constant(v)]
    return []


def is_product(graph: Graph, node: ir.Node) -> bool:
    """Return whether a product multiplies two activations, or learned queries of rank 3 or more with one."""
    a, b = node.inputs[0], node.inputs[1]
    fixed = [graph.is_constant(a), graph.is_constant(b)]
    if all(fixed):
        return False
    if not any(fixed):
        return True
    shape = graph.shape(a if fixed[0] else b)
    return shape is not None and len(shape) >= 3


def descend(graph: Graph, value: ir.Value) -> tuple[ir.Node, int, tuple[Hop, ...]] | None:
    """Return the product of a pattern with values, the pattern's side in it (0 or 1), and the way there.

    Casts, dropouts, guards against NaN and changes of view are passed through.
    """
    queue: deque[tuple[ir.Value, tuple[Hop, ...]]] = deque([(value, ())])
    while queue:
        here, way = queue.popleft()
        if len(way) > MOST_STEPS:
            continue
        for node, index in graph.users(here):
            kind = op(node)
            if kind in PRODUCTS and index < 2:
                other = node.inputs[1 - index]
                if other is not None and not graph.is_constant(other):
                    return node, index, way
            elif _passes(graph, node, kind, index):
                queue.append((node.outputs[0], (*way, Hop(node, index))))
    return None


def _passes(graph: Graph, node: ir.Node, kind: str, index: int) -> bool:
    if kind in SILENT or kind in VIEWS:
        return index == 0
    if kind == "Where":  # Where(IsNaN(pattern), 0, pattern)
        return index in (1, 2)
    if kind in ("Mul", "Div"):  # a head mask or a dropout spelled out
        return graph.is_constant(node.inputs[1 - index]) if index < 2 else False
    return False

"""Tables that hold positions: finding the weights behind a tensor, and reading them as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import onnx
import onnx_ir as ir
from numpy.typing import NDArray
from onnx.reference import ReferenceEvaluator

from engine.graph.dequantise import DequantizeLinear
from engine.graph.graph import Graph, op

Floats = NDArray[np.float32]
MOST_NODES = 80
"""Operators that make a table of weights, such as the resizing of a learned grid; real ones take about fifty."""
CHOOSES = frozenset({"Gather", "GatherND", "GatherElements", "Slice", "Expand", "Tile", "Resize", "Reshape", "Pad"})
"""Operators whose first input holds the content and whose others say which part of it, or how large."""
ONE_SOURCE = CHOOSES | {"Unsqueeze", "Squeeze", "Cast", "Flatten"}
LARGEST = 32 * 2**20
"""Elements of a table beyond which it is not read."""


@dataclass(frozen=True)
class Origin:
    """What a tensor that does not depend on the input's content is made of.

    Attributes:
        weights: the initializers and constants, largest first.
        positional: whether indices count tokens (Range, CumSum, position ids) on the way.
        kinds: operators on the way.
    """

    weights: tuple[ir.Value, ...]
    positional: bool
    kinds: frozenset[str]


def origin(graph: Graph, value: ir.Value) -> Origin | None:
    """Return what a tensor is made of; None where activations reach it, or it is made of no weights."""
    if value in _activations(graph):
        return None
    weights: dict[ir.Value, int] = {}
    kinds: set[str] = set()
    positional = False
    stack, seen = [value], set[ir.Value]()
    while stack:
        here = stack.pop()
        if here in seen:
            continue
        seen.add(here)
        node = here.producer()
        if node is None:
            if here.const_value is None:
                return None
            weights[here] = int(here.const_value.size)
            continue
        kinds.add(op(node))
        if len(seen) > MOST_NODES * 3:
            return None
        if op(node) == "Constant":
            weights[here] = int(np.prod([d for d in graph.shape(here) or () if isinstance(d, int)]))
        elif op(node).startswith("Gather"):
            if not counts_tokens(graph, node.inputs[1]):
                return None
            positional = True
        stack += _content(node)
    if not weights:
        return None
    return Origin(tuple(sorted(weights, key=lambda v: -weights[v])), positional, frozenset(kinds))


def _activations(graph: Graph) -> set[ir.Value]:
    """Every tensor that the content of an input reaches, told once for the graph."""
    found = cast(set[ir.Value] | None, graph.memo.get("activations"))
    if found is None:
        found = set()
        for node in graph.nodes:
            content = _content(node)
            reached = any(v in found or (v.const_value is None and v.producer() is None) for v in content)
            if reached or (node.op_type.startswith("Gather") and not counts_tokens(graph, node.inputs[1])):
                found.update(node.outputs)
        graph.memo["activations"] = found
    return found


def _content(node: ir.Node) -> list[ir.Value]:
    """Inputs that hold content: no indices, no sizes, no weights that a table is projected by."""
    kind = op(node)
    if kind in ("Shape", "Range", "ConstantOfShape", "Constant"):
        return []
    projected = kind in ("MatMul", "Gemm") and node.inputs[1] is not None and node.inputs[1].const_value is not None
    inputs = node.inputs[:1] if kind in CHOOSES or projected else node.inputs
    return [v for v in inputs if v is not None]


def counts_tokens(graph: Graph, index: ir.Value | None) -> bool:
    """Return whether indices count tokens (0, 1, 2 …, or made of such) instead of naming words or kinds."""
    if index is None:
        return False
    array = graph.constant(index)
    if array is not None and array.dtype.kind == "i":
        flat = array.reshape(-1)
        return bool(flat.size > 1 and (flat != flat[0]).any())
    stack, seen = [index], set[ir.Value]()
    while stack and len(seen) < MOST_NODES:
        here = stack.pop()
        if here in seen:
            continue
        seen.add(here)
        node = here.producer()
        if here.const_value is not None or op(node) == "Constant":
            if _counts(read(graph, here)):
                return True
        elif node is None:
            if "position" in (here.name or "").lower():
                return True
        elif op(node) in ("Range", "CumSum", "NonZero"):
            return True
        elif op(node) not in ("Shape", "Size", "ConstantOfShape"):
            inputs = node.inputs[:1] if op(node) in ONE_SOURCE else node.inputs
            stack += [v for v in inputs if v is not None]
    return False


def _counts(array: Floats | None) -> bool:
    """Whether numbers rise by one from place to place."""
    if array is None or array.size < 3:
        return False
    return bool((np.diff(array.reshape(-1)[: array.shape[-1]]) == 1).all())


def read(graph: Graph, value: ir.Value) -> Floats | None:
    """Return a constant tensor (any shape) as numbers, computed where operators make it; None where it is too large."""
    tensor = value.const_value
    if tensor is not None:
        return np.asarray(tensor.numpy(), np.float32) if tensor.size <= LARGEST else None
    if not graph.is_constant(value):
        return None
    small = graph.constant(value)
    if small is not None:
        return np.asarray(small, np.float32)
    return computed(graph, value)


def computed(graph: Graph, value: ir.Value) -> Floats | None:
    """Return a tensor (any shape) that operators make of weights alone, by ONNX's reference evaluator."""
    nodes, weights, seen = set[ir.Node](), set[ir.Value](), set[ir.Value]()
    stack = [value]
    folded: dict[ir.Value, NDArray[np.generic]] = {}
    while stack:
        here = stack.pop()
        if here in seen:
            continue
        seen.add(here)
        node = here.producer()
        array = graph.constant(here) if node is not None else None
        if array is not None:
            folded[here] = array
        elif node is None:
            weights.add(here)
        else:
            nodes.add(node)
            stack += [v for v in node.inputs if v is not None]
    if len(nodes) > MOST_NODES * 3 or any(v.const_value is None for v in weights):
        return None
    if sum(int(v.const_value.size) for v in weights if v.const_value is not None) > LARGEST:
        return None
    return _evaluate(graph, value, sorted(nodes, key=lambda n: graph.order.get(n, 0)), weights, folded)


def _evaluate(
    graph: Graph,
    value: ir.Value,
    nodes: Sequence[ir.Node],
    weights: set[ir.Value],
    folded: dict[ir.Value, NDArray[np.generic]],
) -> Floats | None:
    tensors = [
        onnx.numpy_helper.from_array(np.asarray(v.const_value.numpy()), v.name or "")
        for v in weights
        if v.const_value is not None
    ]
    tensors += [onnx.numpy_helper.from_array(np.asarray(a), v.name or "") for v, a in folded.items()]
    proto = onnx.helper.make_graph(
        [ir.serde.serialize_node(node) for node in nodes],
        "table",
        [],
        [onnx.ValueInfoProto(name=value.name or "")],
        tensors,
    )
    opsets = [onnx.helper.make_opsetid(d, v) for d, v in graph.model.opset_imports.items()]
    try:
        whole = onnx.helper.make_model(proto, opset_imports=opsets)
        early = graph.model.opset_imports.get("", 19) < 19
        found = ReferenceEvaluator(whole, new_ops=[DequantizeLinear] if early else None).run(None, {})
    except Exception:  # an operator that the evaluator lacks, or a graph that contradicts itself
        return None
    return np.asarray(next(iter(found)), np.float32)


def read_named(path: Path, name: str) -> Floats:
    """Return an initializer of a file by name, (its own axes) as any shape; for tables too large to travel.

    Raises:
        KeyError: the file holds no such initializer.
    """
    from engine.graph.read import read_model

    for graph in read_model(path).graphs():  # what branches hold was moved out of them
        found = graph.initializers.get(name)
        if found is not None and found.const_value is not None:
            return np.asarray(found.const_value.numpy(), np.float32)
    raise KeyError(name)

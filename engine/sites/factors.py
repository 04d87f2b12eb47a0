"""What the axes of an activation are made of: which part of a shape came out of a projection's features.

Heads are made by splitting a projection's features: (batch, token, heads · dim) becomes (batch, head, token, dim)
by reshapes and transposes. Following those operators up from Q or K tells, without any names, which axis is the
head, and whether heads were folded into the batch.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import onnx_ir as ir

from engine.graph.dims import Dim, Dims
from engine.graph.graph import Graph, attribute, int_attribute, ints_attribute, op

FEATURE = "feature"
PLAIN = "plain"
DEEPEST = 60
"""Operators followed upwards before giving up: a projection, its bias, its norm, rotary and reshapes are fewer."""

Projection = ir.Node


@dataclass(frozen=True)
class Factor:
    """A part of an axis: what it is and its size, where known."""

    kind: str
    size: Dim


Axis = tuple[Factor, ...]


@dataclass(frozen=True)
class Trace:
    """The axes of a value, and the projection whose features they split; None where none was reached."""

    axes: tuple[Axis, ...]
    projection: Projection | None


def trace(graph: Graph, value: ir.Value, depth: int = 0) -> Trace | None:
    """Follow a value up to the projection that made it; None where its rank is unknown."""
    name = ("trace", value)
    if name not in graph.memo:
        graph.memo[name] = _trace(graph, value, depth)
    return cast(Trace | None, graph.memo[name])


def _trace(graph: Graph, value: ir.Value, depth: int) -> Trace | None:
    dims = graph.shape(value)
    node = value.producer()
    if node is None or depth > DEEPEST:
        return _plain(dims, None)
    kind = op(node)
    if kind == "Conv" and int_attribute(node, "group", 1) > 1:
        return _depthwise(graph, node, dims, depth)
    if kind in ("MatMul", "Gemm", "Conv", "MatMulInteger", "com.microsoft.FusedMatMul"):
        return _projection(graph, node, dims)
    if kind in ("Transpose", "Reshape", "Unsqueeze", "Squeeze", "Split", "Slice", "Gather", "Concat"):
        return _moved(graph, node, value, depth)
    for source in _main_inputs(graph, node, dims):
        found = trace(graph, source, depth + 1)
        if found is not None and found.projection is not None and (dims is None or len(found.axes) == len(dims)):
            return found
    return _plain(dims, None)


def _plain(dims: Dims | None, projection: Projection | None) -> Trace | None:
    return None if dims is None else Trace(tuple((Factor(PLAIN, d),) for d in dims), projection)


def _main_inputs(graph: Graph, node: ir.Node, dims: Dims | None) -> list[ir.Value]:
    """Inputs that carry the activation through an elementwise operator: full rank, not constant."""
    found = []
    for value in node.inputs:
        if value is None or graph.is_constant(value):
            continue
        shape = graph.shape(value)
        if dims is None or shape is None or len(shape) == len(dims):
            found.append(value)
    return found


def _projection(graph: Graph, node: ir.Node, dims: Dims | None) -> Trace | None:
    """A product with weights: its last axis (a convolution's channels) holds features."""
    if dims is None:
        return None
    weights = [v for v in node.inputs[:2] if v is not None and graph.is_constant(v)]
    if not weights:
        return _plain(dims, None)
    axis = 1 if node.op_type == "Conv" else len(dims) - 1
    return Trace(tuple((Factor(FEATURE if i == axis else PLAIN, d),) for i, d in enumerate(dims)), node)


def _depthwise(graph: Graph, node: ir.Node, dims: Dims | None, depth: int) -> Trace | None:
    """A convolution of each channel by itself pools tokens and mixes no features: what is above still holds."""
    weight, source = graph.shape(node.inputs[1]), node.inputs[0]
    if dims is None or source is None or weight is None or weight[1] != 1:
        return _projection(graph, node, dims)
    above = trace(graph, source, depth + 1)
    if above is None or len(above.axes) != len(dims):
        return _projection(graph, node, dims)
    return Trace((*above.axes[:2], *((Factor(PLAIN, d),) for d in dims[2:])), above.projection)


def _moved(graph: Graph, node: ir.Node, value: ir.Value, depth: int) -> Trace | None:
    """Carry axes through an operator that moves, splits or joins them."""
    dims = graph.shape(value)
    if node.op_type == "Concat":
        return _concat(graph, node, dims, depth)
    source = node.inputs[0]
    above = None if source is None else trace(graph, source, depth + 1)
    if above is None:
        return _plain(dims, None)
    axes = move(graph, node, above.axes, dims)
    return _plain(dims, None) if axes is None else Trace(axes, above.projection)


def _concat(graph: Graph, node: ir.Node, dims: Dims | None, depth: int) -> Trace | None:
    """Past keys, class tokens, rotated halves: the part that comes from a projection names the axes."""
    for source in node.inputs:
        if source is None or graph.is_constant(source):
            continue
        above = trace(graph, source, depth + 1)
        if above is not None and above.projection is not None:
            axis = int_attribute(node, "axis", 0) % len(above.axes)
            size = dims[axis] if dims is not None and len(dims) == len(above.axes) else None
            joined = (Factor(above.axes[axis][0].kind, size),)
            return Trace((*above.axes[:axis], joined, *above.axes[axis + 1 :]), above.projection)
    return _plain(dims, None)


def move(graph: Graph, node: ir.Node, axes: Sequence[Axis], dims: Dims | None) -> tuple[Axis, ...] | None:
    """Return the axes after a Transpose, Reshape, Squeeze, Unsqueeze, Split, Slice or Gather; None if untold.

    Args:
        graph: the graph, for constants.
        node: the operator.
        axes: what the axes of its first input are made of.
        dims: the shape of its output.
    """
    rank = len(axes)
    match node.op_type:
        case "Transpose":
            perm = ints_attribute(node, "perm") or tuple(range(rank))[::-1]
            return tuple(axes[i] for i in perm) if len(perm) == rank else None
        case "Reshape" | "Unsqueeze" | "Squeeze" | "Flatten":
            return None if dims is None else align([f for axis in axes for f in axis], dims)
        case "Split" | "Slice" | "Expand":
            if dims is None or len(dims) != rank:
                return tuple(axes)
            return tuple(a if _size(a) == d else (Factor(a[-1].kind, d),) for a, d in zip(axes, dims, strict=True))
        case "Gather":
            axis = int_attribute(node, "axis", 0) % rank
            index = graph.shape(node.inputs[1])
            if index is None or len(index) > 1:
                return None
            kept = () if len(index) == 0 else ((Factor(axes[axis][-1].kind, index[0]),),)
            return (*axes[:axis], *kept, *axes[axis + 1 :])
    return None


def _size(axis: Axis) -> Dim:
    sizes = [f.size for f in axis]
    return (
        math.prod(s for s in sizes if isinstance(s, int))
        if all(isinstance(s, int) for s in sizes)
        else (sizes[0] if len(sizes) == 1 else None)
    )


def align(factors: Sequence[Factor], dims: Dims) -> tuple[Axis, ...] | None:
    """Distribute factors over the axes of a reshape's result, splitting and joining them; None if impossible.

    Known sizes bind; unknown ones are matched by name, else one to one. Among the ways that fit, the one with the
    fewest assumptions is taken.
    """
    flat = [f for f in factors if f.size != 1]
    best = _search(tuple(flat), tuple(dims), 0)
    return None if best is None else best[1]


def _search(factors: tuple[Factor, ...], dims: Dims, depth: int) -> tuple[int, tuple[Axis, ...]] | None:
    """Match from the right; returns (cost, axes) of the cheapest way."""
    if depth > 12:
        return None
    if not dims:
        return (0, ()) if not factors else None
    *rest_dims, wanted = dims
    best: tuple[int, tuple[Axis, ...]] | None = None
    if wanted == 1 or (not factors and not isinstance(wanted, int)):
        best = _with(_search(factors, tuple(rest_dims), depth + 1), (Factor(PLAIN, 1),), 0 if wanted == 1 else 3)
    for count in range(1, len(factors) + 1):
        group, left = factors[len(factors) - count :], factors[: len(factors) - count]
        for cost, axis, spill in _fits(group, wanted):
            found = _with(_search(left + spill, tuple(rest_dims), depth + 1), axis, cost)
            if found is not None and (best is None or found[0] < best[0]):
                best = found
    return best


def _with(found: tuple[int, tuple[Axis, ...]] | None, axis: Axis, cost: int) -> tuple[int, tuple[Axis, ...]] | None:
    return None if found is None else (found[0] + cost, (*found[1], axis))


def _fits(group: tuple[Factor, ...], wanted: Dim) -> list[tuple[int, Axis, tuple[Factor, ...]]]:
    """Ways to make one axis of a group of factors: (cost, axis, what is left of a split factor)."""
    sizes = [f.size for f in group]
    numbers = [s for s in sizes if isinstance(s, int)]
    if isinstance(wanted, int) and len(numbers) == len(sizes):
        product = math.prod(numbers)
        if product == wanted:
            return [(0, group, ())]
        tail = math.prod(numbers[1:])
        if wanted % tail == 0 and numbers[0] % max(wanted // tail, 1) == 0 and 1 < wanted // tail < numbers[0]:
            part = wanted // tail  # the first factor is split: its minor part belongs here
            kind = group[0].kind
            return [(0, (Factor(kind, part), *group[1:]), (Factor(kind, numbers[0] // part),))]
        return []
    if isinstance(wanted, int):
        whole: tuple[int, Axis, tuple[Factor, ...]] = (4 + len(group), group, ())
        if len(group) > 1:
            return [whole]
        kind = group[0].kind  # a part of an axis of unknown size: windows split off the batch
        return [whole, (6, (Factor(kind, wanted),), (Factor(kind, None),))]
    if len(group) == 1:
        if sizes[0] == wanted and wanted is not None:
            return [(0, group, ())]
        return [(1 if not isinstance(sizes[0], int) or wanted is None else 3, group, ())]
    return [(2 * len(group), group, ())]


def projection_input(trace_: Trace | None) -> ir.Value | None:
    """Return the activation that a traced projection takes."""
    if trace_ is None or trace_.projection is None:
        return None
    return trace_.projection.inputs[0]


__all__ = ["FEATURE", "PLAIN", "Axis", "Factor", "Trace", "align", "attribute", "move", "projection_input", "trace"]

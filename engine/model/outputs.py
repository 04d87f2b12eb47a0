"""Tracing what heads give to the matrix that writes it back: W_O, its rows by head."""

from collections.abc import Mapping

import numpy as np
import onnx_ir as ir

from engine.graph.graph import Graph, op
from engine.model.places.bound import BoundGraph
from engine.model.places.flow import Flow
from engine.model.places.place import Place, Sizes, narrow
from engine.model.positions.tables import read
from engine.model.projections import LINEAR, MOST_STEPS, VIEWS, Floats, Traced, matrix_of, own_bias
from engine.sites.layout import Operand
from engine.sites.site import AttentionSite


def trace_output(graph: BoundGraph, site: AttentionSite, made: Mapping[str, ir.Value]) -> Traced | None:
    """Return the linear layer that follows the weighted values, its rows by head; None where none does."""
    operand = site.plan.output
    value = None if operand is None else made.get(operand.value)
    sizes = None if value is None else graph.sizes(value)
    labels = None if operand is None or sizes is None else numbered(sizes, operand, site)
    if value is None or labels is None:
        return None
    flow = Flow(graph)
    flow.seed(value, (Place("feature", labels),))
    found = _linear(graph, flow, value)
    if found is None:
        return None
    here, node = found
    matrix = matrix_of(graph, node)
    place = next((p for p in flow.told.get(here, ()) if p.label == "feature"), None)
    if matrix is None or place is None:
        return None
    order = place.array.reshape(-1)
    if len(order) != len(matrix) or np.isnan(order).any() or len(order) % site.heads:
        return None
    bias = _bias(graph, node)
    flat = None if bias is None or bias.size != matrix.shape[1] else bias.reshape(-1)
    rows = np.argsort(order).reshape(site.heads, -1)
    return Traced(here.name or "", matrix, flat, rows, axis=1 if op(node) == "Conv" else -1)


def _linear(graph: Graph, flow: Flow, value: ir.Value) -> tuple[ir.Value, ir.Node] | None:
    """Follow a tensor down to the one linear layer that it enters: (what enters it, the layer)."""
    here = value
    for _ in range(MOST_STEPS):
        apart = any(p.array.ndim - p.array.shape.count(1) > 1 for p in flow.told.get(here, ()))
        users = [node for node, index in graph.users(here) if _is_main(node, index, apart=apart)]
        if len(users) != 1:
            return None
        if op(users[0]) in LINEAR:
            return here, users[0]
        flow.run((users[0],))
        here = users[0].outputs[0]
    return None


def _is_main(node: ir.Node, index: int, *, apart: bool) -> bool:
    """Whether an operator works on this input: of a view the first; of a sum either, while heads still lie apart.

    What is added to joined heads is the residual stream: no W_O stood before it.
    """
    kind = op(node)
    return (kind == "Add" and apart) or (index == 0 and kind in VIEWS | LINEAR)


def _bias(graph: Graph, node: ir.Node) -> Floats | None:
    """The layer's own bias, or the constant added right after it."""
    own = own_bias(graph, node)
    after = list(graph.users(node.outputs[0]))
    if own is not None or len(after) != 1 or op(after[0][0]) != "Add":
        return own
    constant = after[0][0].inputs[1 - after[0][1]]
    return read(graph, constant) if constant is not None and graph.is_constant(constant) else None


def numbered(sizes: Sizes, operand: Operand, site: AttentionSite) -> Floats | None:
    """Number each head's features, head · dim + feature, on the axes of the tensor that heads give."""
    known = {"head": site.heads, **dict(site.plan.factor_sizes)}
    if len(sizes) != len(operand.axes):
        return None
    names = [name for axis in operand.axes for name in axis]
    heads = sorted(name for name in names if name.startswith("head"))
    lengths: dict[str, int] = {}
    for size, axis in zip(sizes, operand.axes, strict=True):
        rest = size
        for name in axis[::-1]:  # the factor that nothing else tells is what is left of its axis
            length = size if len(axis) == 1 else known.get(name, 0) or (rest if name == axis[0] else 0)
            length = length or _left(size, axis, known)
            if not length or rest % length:
                return None
            lengths[name], rest = length, rest // length
    number = np.zeros((1,) * len(names), np.float32)
    step = 1
    for name in ("dim", *heads[::-1]):
        if name not in lengths:
            continue
        shape = [lengths[n] if n == name else 1 for n in names]
        number = number + (np.arange(lengths[name], dtype=np.float32) * step).reshape(shape)
        step *= lengths[name]
    full = np.broadcast_to(number, [lengths[n] for n in names])  # (each factor)
    return narrow(np.ascontiguousarray(full).reshape(sizes))


def _left(size: int, axis: tuple[str, ...], known: Mapping[str, int]) -> int:
    """The size of the one factor of an axis that is not known."""
    told = [known[name] for name in axis if name in known]
    if len(told) != len(axis) - 1:
        return 0
    product = int(np.prod(told))
    return size // product if product and size % product == 0 else 0

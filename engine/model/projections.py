"""Tracing queries, keys, values and outputs to the matrices that project them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import onnx_ir as ir
from numpy.typing import NDArray

from engine.graph.graph import Graph, attribute, int_attribute, op
from engine.model.places.bound import BoundGraph
from engine.model.places.flow import Flow
from engine.model.places.place import Place, narrow
from engine.model.positions.tables import read
from engine.sites.layout import TOKENS, Operand, canonical
from engine.sites.site import AttentionSite

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]
MOST_STEPS = 40
VIEWS = frozenset(
    {"Reshape", "Transpose", "Split", "Slice", "Gather", "Squeeze", "Unsqueeze", "Identity", "Cast", "Flatten"}
    | {"Expand", "Tile", "Dropout", "QuantizeLinear", "DequantizeLinear"}
)
LINEAR = frozenset({"MatMul", "Gemm", "Conv", "com.microsoft.FusedMatMul"})


@dataclass(frozen=True)
class Traced:
    """A matrix, and which of its columns (rows, for outputs) belong to which head.

    Attributes:
        source: the tensor it is applied to.
        matrix: (in, out).
        bias: (out,) or None.
        columns: (head, dim) column of each head's features.
        factor: what the result is multiplied by on the way.
        axis: the axis of `source` that holds features.
        then: other operators on the way.
    """

    source: str
    matrix: Floats
    bias: Floats | None
    columns: Ints
    factor: float = 1.0
    axis: int = -1
    then: tuple[str, ...] = ()


def trace_projection(graph: BoundGraph, site: AttentionSite, operand: Operand, value: ir.Value) -> Traced | None:
    """Return the projection that made Q, K or V; None where no single matrix of weights did."""
    way: list[ir.Node] = []
    bias: ir.Value | None = None
    factor, then = 1.0, list[str]()
    here = value
    for _ in range(MOST_STEPS):
        node = here.producer()
        if node is None:
            return None
        if op(node) in LINEAR and _weight(graph, node) is not None:
            break
        way.append(node)
        step = _step(graph, node)
        if step is None:
            return None
        here, kind, constant = step
        if kind == "scale" and constant is not None:
            factor *= float(constant)
        elif kind == "bias" and op(here.producer()) in LINEAR:
            bias = next(v for v in node.inputs if v is not None and v is not here)
        elif kind != "view":
            then.append(op(node))
    else:
        return None
    columns = _columns(graph, site, operand, value, here, way[::-1])
    matrix, own = _matrix(graph, node), _own_bias(graph, node)
    offset = own if bias is None else read(graph, bias)
    if columns is None or matrix is None or node.inputs[0] is None or columns.max() >= matrix.shape[1]:
        return None
    if offset is not None and offset.size != matrix.shape[1]:
        offset, then = None, [*then, "Add"]
    axis = 1 if op(node) == "Conv" else -1
    flat = None if offset is None else offset.reshape(-1)
    return Traced(node.inputs[0].name or "", matrix, flat, columns, factor, axis, tuple(reversed(then)))


def _step(graph: Graph, node: ir.Node) -> tuple[ir.Value, str, float | None] | None:
    """One operator up: (its main input, what it does, by which number)."""
    kind = op(node)
    main = [v for v in node.inputs if v is not None and not graph.is_constant(v)]
    if not main:
        return None
    if kind in VIEWS:
        return (node.inputs[0], "view", None) if node.inputs[0] is not None else None
    if kind == "Concat":
        made = [v for v in main if v.producer() is not None]
        return (made[-1], "other", None) if made else None  # after the past
    others = [v for v in node.inputs if v is not None and v is not main[0]]
    if kind in ("Mul", "Div") and len(others) == 1:
        number = graph.scalar(others[0])
        if number and (kind == "Mul" or node.inputs[0] is main[0]):
            return main[0], "scale", number if kind == "Mul" else 1 / number
    if kind == "Add" and len(main) == 1 and len(others) == 1:
        return main[0], "bias", None
    return main[0], "other", None


def _weight(graph: Graph, node: ir.Node) -> ir.Value | None:
    value = node.inputs[1]
    if value is None or not graph.is_constant(value):
        return None
    if op(node) == "Conv" and int_attribute(node, "group", 1) != 1:
        return None
    return value


def _matrix(graph: Graph, node: ir.Node) -> Floats | None:
    """The weights as (in, out)."""
    value = _weight(graph, node)
    array = None if value is None else read(graph, value)
    if array is None:
        return None
    if op(node) == "Conv":
        return array.reshape(array.shape[0], -1).T if array[0, 0].size == 1 else None
    if array.ndim != 2:
        return None
    if int_attribute(node, "transB", 0):
        array = array.T
    return array * np.float32(str(attribute(node, "alpha", 1.0)))


def _own_bias(graph: Graph, node: ir.Node) -> Floats | None:
    value = node.inputs[2] if len(node.inputs) > 2 else None
    return None if value is None else read(graph, value)


def _columns(
    graph: BoundGraph,
    site: AttentionSite,
    operand: Operand,
    value: ir.Value,
    projected: ir.Value,
    way: list[ir.Node],
) -> Ints | None:
    """Carry the column numbers of a projection to the heads: (head, dim)."""
    sizes = graph.sizes(projected)
    if sizes is None:
        return None
    axis = 1 if op(projected.producer()) == "Conv" else len(sizes) - 1
    shape = [1] * len(sizes)
    shape[axis] = sizes[axis]
    flow = Flow(graph)
    flow.seed(projected, (Place("feature", np.arange(sizes[axis], dtype=np.float32).reshape(shape)),))
    flow.run(way)
    found = next((p for p in flow.told.get(value, ()) if p.label == "feature"), None)
    if found is None:
        return None
    heads = {"head": site.heads, "head.kv": site.key_heads or site.heads, **dict(site.plan.factor_sizes)}
    try:
        array = narrow(canonical(found.array, operand.axes, TOKENS, heads).astype(np.float32))
    except ValueError:
        return None
    if array.shape[0] != 1 or array.shape[2] != 1 or np.isnan(array).any():
        return None  # (batch, head, token, dim): the same columns for every token
    return array[0, :, 0].astype(np.intp)


def fused_projection(graph: Graph, site: AttentionSite, node: ir.Node, index: int) -> Traced | None:
    """The projections inside `com.microsoft.Attention`: one matrix (in, 3 · heads · dim)."""
    if op(node) != "com.microsoft.Attention" or node.inputs[0] is None or node.inputs[1] is None:
        return None
    matrix = read(graph, node.inputs[1])
    bias = _own_bias(graph, node)
    if matrix is None or matrix.ndim != 2:
        return None
    stated = attribute(node, "qkv_hidden_sizes")
    widths = [int(n) for n in stated] if isinstance(stated, tuple) and stated else [matrix.shape[1] // 3] * 3
    heads = int_attribute(node, "num_heads", site.heads)
    columns = sum(widths[:index]) + np.arange(widths[index]).reshape(heads, -1)
    return Traced(node.inputs[0].name or "", matrix, bias, columns.astype(np.intp))


def trace_output(graph: BoundGraph, site: AttentionSite, made: Mapping[str, ir.Value]) -> Traced | None:
    """Return the linear layer that follows the weighted values, its rows by head; None where none does."""
    start = _attended(site, made)
    if start is None:
        return None
    value, layout = start
    sizes = graph.sizes(value)
    if sizes is None:
        return None
    labels = _rows(sizes, layout, site)
    if labels is None:
        return None
    flow = Flow(graph)
    flow.seed(value, (Place("feature", labels),))
    here = value
    for _ in range(MOST_STEPS):
        users = [node for node, index in graph.users(here) if index == 0 or op(node) not in VIEWS]
        users = [node for node in users if op(node) in VIEWS | LINEAR]
        if len(users) != 1:
            return None
        node = users[0]
        if op(node) in LINEAR:
            break
        flow.run((node,))
        here = node.outputs[0]
    else:
        return None
    matrix = _matrix(graph, node)
    found = next((p for p in flow.told.get(here, ()) if p.label == "feature"), None)
    if matrix is None or found is None:
        return None
    order = found.array.reshape(-1)
    if len(order) != len(matrix) or np.isnan(order).any():
        return None
    columns = np.argsort(order).reshape(site.heads, -1)
    bias = _own_bias(graph, node)
    if bias is None:
        after = list(graph.users(node.outputs[0]))
        if len(after) == 1 and op(after[0][0]) == "Add" and graph.is_constant(after[0][0].inputs[1 - after[0][1]]):
            constant = after[0][0].inputs[1 - after[0][1]]
            bias = None if constant is None else read(graph, constant)
    flat = None if bias is None or bias.size != matrix.shape[1] else bias.reshape(-1)
    return Traced(here.name or "", matrix, flat, columns, axis=1 if op(node) == "Conv" else -1)


def _attended(site: AttentionSite, made: Mapping[str, ir.Value]) -> tuple[ir.Value, str] | None:
    """The weighted values, and how they lie: of a product as the values do, of a fused operator as its output."""
    if site.plan.reveal is not None and site.plan.reveal.output in made:
        return made[site.plan.reveal.output], "fused"
    value = None if site.plan.value is None else made.get(site.plan.value.value)
    if value is None:
        return None
    products = [use.node for use in value.uses() if use.node.op_type == "MatMul" and use.idx == 1]
    return (products[0].outputs[0], "product") if len(products) == 1 else None


def _rows(sizes: tuple[int, ...], layout: str, site: AttentionSite) -> Floats | None:
    """Number each head's features, head · dim + feature, as the weighted values lie."""
    heads = site.heads
    operand = site.plan.value
    if layout == "fused" and len(sizes) == 3:
        return np.arange(sizes[-1], dtype=np.float32).reshape(1, 1, -1)
    dim = sizes[-1]
    if heads == 1:
        return np.arange(dim, dtype=np.float32).reshape([1] * (len(sizes) - 1) + [dim])
    if len(sizes) == 4 and sizes[1] == heads and (operand is None or layout == "fused" or _head_axis(operand) == 1):
        return np.arange(heads * dim, dtype=np.float32).reshape(1, heads, 1, dim)
    if len(sizes) == 3 and sizes[0] % heads == 0 and operand is not None and operand.axes[0][-1:] == ("head",):
        one = np.arange(heads * dim, dtype=np.float32).reshape(heads, 1, dim)  # heads are the minor part of the batch
        return np.tile(one, (sizes[0] // heads, 1, 1))
    return None


def _head_axis(operand: Operand) -> int | None:
    return next((i for i, axis in enumerate(operand.axes) if axis and axis[0].startswith("head")), None)

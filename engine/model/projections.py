"""Tracing queries, keys, values and outputs to the matrices that project them."""

from dataclasses import dataclass, replace

import numpy as np
import onnx_ir as ir
from numpy.typing import NDArray

from engine.graph.graph import Graph, attribute, int_attribute, op
from engine.model.places.bound import BoundGraph
from engine.model.places.flow import Flow
from engine.model.places.place import Place, narrow
from engine.model.positions.tables import read
from engine.sites.layout import TOKENS, Operand, axes, canonical
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
        if op(node) in LINEAR and constant_weight(graph, node) is not None:
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
    matrix, own = matrix_of(graph, node), own_bias(graph, node)
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


def constant_weight(graph: Graph, node: ir.Node) -> ir.Value | None:
    """Return a linear operator's weights; None where they are no constants, or each channel has its own."""
    value = node.inputs[1]
    if value is None or not graph.is_constant(value):
        return None
    if op(node) == "Conv" and int_attribute(node, "group", 1) != 1:
        return None
    return value


def matrix_of(graph: Graph, node: ir.Node) -> Floats | None:
    """The weights as (in, out)."""
    value = constant_weight(graph, node)
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


def own_bias(graph: Graph, node: ir.Node) -> Floats | None:
    """Return the bias that a linear operator adds itself, (out,)."""
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


def fused_projection(graph: BoundGraph, site: AttentionSite, node: ir.Node, index: int) -> Traced | None:
    """The projection that a fused operator makes itself, or that made its query, key or value (index 0, 1, 2)."""
    if op(node) == "com.microsoft.Attention":
        return _packed(graph, site, node, index)
    value = node.inputs[index] if op(node) in TAKES and len(node.inputs) > index else None
    sizes = None if value is None else graph.sizes(value)
    if value is None or sizes is None or len(sizes) not in (3, 4):
        return None
    head = "head" if index == 0 else "head.kv"
    layout = axes(f"batch {head} token dim" if len(sizes) == 4 else f"batch token {head}*dim")
    traced = trace_projection(graph, site, Operand(value.name or "", layout), value)
    bias = node.inputs[3] if op(node) == "com.microsoft.MultiHeadAttention" and len(node.inputs) > 3 else None
    if traced is None or bias is None:
        turned = int_attribute(node, "do_rotary", 0)
        return replace(traced, then=(*traced.then, "RotaryEmbedding")) if traced and turned and index < 2 else traced
    parts = read(graph, bias)  # those of queries, keys and values, one after the other
    if parts is None or traced.bias is not None or parts.size != 3 * traced.matrix.shape[1]:
        return replace(traced, then=(*traced.then, "Add"))
    return replace(traced, bias=np.split(parts.reshape(-1), 3)[index])


TAKES = frozenset({"Attention", "com.microsoft.MultiHeadAttention", "com.microsoft.GroupQueryAttention"})
"""Fused operators whose first three inputs are queries, keys and values."""


def _packed(graph: Graph, site: AttentionSite, node: ir.Node, index: int) -> Traced | None:
    """The projections inside `com.microsoft.Attention`: one matrix (in, 3 · heads · dim)."""
    if node.inputs[0] is None or node.inputs[1] is None:
        return None
    matrix = read(graph, node.inputs[1])
    bias = own_bias(graph, node)
    if matrix is None or matrix.ndim != 2:
        return None
    stated = attribute(node, "qkv_hidden_sizes")
    widths = [int(n) for n in stated] if isinstance(stated, tuple) and stated else [matrix.shape[1] // 3] * 3
    heads = int_attribute(node, "num_heads", site.heads)
    columns = sum(widths[:index]) + np.arange(widths[index]).reshape(heads, -1)
    return Traced(node.inputs[0].name or "", matrix, bias, columns.astype(np.intp))

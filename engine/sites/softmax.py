"""Attention spelled out: a product of two activations, score arithmetic, a softmax, a product with values.

This is how `torch.onnx.export` writes eager and SDPA attention, from TorchScript and from dynamo. Nothing is
taken from names: axes, heads and scale are read from the operators around each softmax.
"""

from collections.abc import Iterator
from dataclasses import replace

import onnx_ir as ir

from engine.graph.graph import Graph, int_attribute, op
from engine.messages import Message, declare, translate
from engine.sites.candidate import Candidate, Finding, Miss
from engine.sites.factors import FEATURE, Axis, Factor, Trace, projection_input, trace
from engine.sites.kind import kind_of
from engine.sites.layout import Operand
from engine.sites.site import NearMiss, SitePlan, Step
from engine.sites.steps import Scores, follow, sizes, words
from engine.sites.walk import Hop, climb, descend

declare(
    {
        "miss-answer": translate("engine", "its probabilities are the model’s answer; no values are weighted by them"),
        "miss-no-values": translate("engine", "no product with values follows it"),
        "miss-no-product": translate("engine", "no product of queries with keys stands above it"),
        "miss-axis": translate("engine", "it normalises over an axis that is not contracted with values"),
        "miss-shape": translate("engine", "the axes around it could not be told apart"),
    }
)


def find_softmax(graph: Graph) -> Iterator[Finding]:
    """Yield an attention or a near miss for each Softmax of the graph."""
    for node in graph.nodes:
        if op(node) == "Softmax":
            yield _examine(graph, node)


def _examine(graph: Graph, node: ir.Node) -> Finding:
    source, result = node.inputs[0], node.outputs[0]
    if source is None:
        return _miss(node, "miss-shape")
    below = descend(graph, result)
    if below is None:
        return _miss(node, "miss-answer" if _is_answer(graph, result) else "miss-no-values")
    above = climb(graph, source)
    if above is None:
        return _miss(node, "miss-no-product")
    product, way = above
    axes = _product_axes(graph, product)
    if axes is None:
        return _miss(node, "miss-shape")
    scores = follow(graph, Scores(axes), way)
    if scores is None:
        return _miss(node, "miss-shape")
    labels = _name_rows(scores.axes, _softmax_axis(graph, node, len(scores.axes)))
    if labels is None:
        return _miss(node, "miss-axis")
    return _candidate(graph, node, product, below, scores, labels)


def _miss(node: ir.Node, code: str) -> Miss:
    return Miss(node, NearMiss(node.name or node.outputs[0].name or "", op(node), Message.of(code)))


def _is_answer(graph: Graph, value: ir.Value) -> bool:
    """Whether a softmax's result reaches a model output through at most a few silent operators."""
    for _ in range(4):
        if value.is_graph_output():
            return True
        users = list(graph.users(value))
        if len(users) != 1 or op(users[0][0]) not in ("Identity", "Cast", "Squeeze", "Reshape", "Dropout"):
            return False
        value = users[0][0].outputs[0]
    return False


def _softmax_axis(graph: Graph, node: ir.Node, rank: int) -> int:
    """Softmax before opset 13 flattened from its axis on, which defaulted to 1."""
    version = graph.model.opset_imports.get("", graph.model.opset_imports.get("ai.onnx", 13))
    return int_attribute(node, "axis", -1 if version >= 13 else 1) % rank


def _product_axes(graph: Graph, product: ir.Node) -> tuple[Axis, ...] | None:
    """Label the axes of A·B: its rows "row", its columns "column", leading axes batch or head."""
    a, b = product.inputs[0], product.inputs[1]
    if a is None or b is None:
        return None
    traces = [t for t in (trace(graph, a), trace(graph, b)) if t is not None]
    shape = graph.shape(product.outputs[0])
    rank = len(shape) if shape is not None else max((len(t.axes) for t in traces), default=0)
    if rank < 2:
        return None
    lead = _lead(graph, product, traces, rank - 2)
    rows, columns = (shape[-2], shape[-1]) if shape is not None else (None, None)
    return (*lead, (Factor("row", rows),), (Factor("column", columns),))


def _lead(graph: Graph, product: ir.Node, traces: list[Trace], count: int) -> tuple[Axis, ...]:
    """Leading axes: those made of a projection's features are heads, the others batch."""
    resolved = [t for t in traces if t.projection is not None and len(t.axes) == count + 2]
    for t in sorted(resolved, key=lambda t: -sum(f.kind == FEATURE for axis in t.axes[:count] for f in axis)):
        axes = t.axes[:count]
        if any(f.kind == FEATURE for axis in axes for f in axis) or count < 2:
            return tuple(tuple(Factor("head" if f.kind == FEATURE else "batch", f.size) for f in axis) for axis in axes)
    sizes = _lead_sizes(graph, product, count)
    if count == 0:
        return ()
    if resolved or count == 1:
        return tuple((Factor("batch", size),) for size in sizes)
    return (*((Factor("batch", size),) for size in sizes[:-1]), (Factor("head", sizes[-1]),))


def _lead_sizes(graph: Graph, product: ir.Node, count: int) -> tuple[int | str | None, ...]:
    shape = graph.shape(product.outputs[0])
    return shape[:count] if shape is not None else (None,) * count


def _name_rows(axes: tuple[Axis, ...], softmax_axis: int) -> tuple[tuple[Axis, ...], bool] | None:
    """Rename row and column to query and key: the softmax runs over keys. True where the product was transposed."""
    kinds = [[f.kind for f in axis] for axis in axes]
    if kinds[softmax_axis] == ["column"]:
        names, transposed = {"row": "query", "column": "key"}, False
    elif kinds[softmax_axis] == ["row"]:
        names, transposed = {"row": "key", "column": "query"}, True
    else:
        return None
    named = tuple(tuple(replace(f, kind=names.get(f.kind, f.kind)) for f in axis) for axis in axes)
    return named, transposed


def _candidate(
    graph: Graph,
    node: ir.Node,
    product: ir.Node,
    below: tuple[ir.Node, int, tuple[Hop, ...]],
    scores: Scores,
    named: tuple[tuple[Axis, ...], bool],
) -> Finding:
    labels, transposed = named
    lead = words(scores.start)[:-2]
    left, right = product.inputs[0], product.inputs[1]
    if left is None or right is None:
        return _miss(node, "miss-shape")
    (a, a_factor), (b, b_factor) = unscale(graph, left), unscale(graph, right)
    left_operand = Operand(a.name or "", (*lead, ("token",), ("dim",)))
    right_operand = Operand(b.name or "", (*lead, ("dim",), ("token",)))
    queries, keys = (right, left) if transposed else (left, right)
    value, value_nodes = _value(graph, below, labels)
    if value is None:
        return _miss(node, "miss-axis")
    a_shape, b_shape = graph.shape(a), graph.shape(b)
    heads = _heads(scores.start)
    plan = SitePlan(
        query=right_operand if transposed else left_operand,
        key=left_operand if transposed else right_operand,
        value=value,
        steps=_resolved(scores.steps, transposed),
        pattern=Operand(node.outputs[0].name or "", words(labels)),
        query_factor=b_factor if transposed else a_factor,
        key_factor=a_factor if transposed else b_factor,
        factor_sizes=tuple(sorted({**sizes(scores.start), **sizes(labels)}.items())),
    )
    path = (product, *(hop.node for hop in scores.way), node, *value_nodes, below[0])
    tokens = {f.kind: f.size for axis in labels for f in axis}
    dim = a_shape[-1] if a_shape else b_shape[-2] if b_shape else None
    return Candidate(
        anchor=node,
        kind=kind_of(graph, *(_stream(graph, v) for v in (queries, keys))),
        heads=heads,
        op="–".join(op(n) for n in path if op(n) not in ("Identity", "Dropout")),
        scale=_scale(plan),
        nodes=path,
        plan=plan,
        query_tokens=_int(tokens.get("query")),
        key_tokens=_int(tokens.get("key")),
        head_dim=_int(dim),
    )


def _resolved(steps: tuple[Step, ...], transposed: bool) -> tuple[Step, ...]:
    """Rename row and column in the operands of the steps to query and key."""
    names = {"row": "key", "column": "query"} if transposed else {"row": "query", "column": "key"}

    def rename(operand: Operand | None) -> Operand | None:
        if operand is None:
            return None
        return Operand(operand.value, tuple(tuple(names.get(n, n) for n in axis) for axis in operand.axes))

    return tuple(replace(step, operand=rename(step.operand), fill_operand=rename(step.fill_operand)) for step in steps)


def _value(
    graph: Graph, below: tuple[ir.Node, int, tuple[Hop, ...]], labels: tuple[Axis, ...]
) -> tuple[Operand | None, tuple[ir.Node, ...]]:
    """Read V off the product below: its contracted axis must be the keys."""
    product, side, way = below
    arrived = follow(graph, Scores(labels), way)
    other = product.inputs[1 - side]
    if arrived is None or other is None or len(arrived.axes) < 2:
        return None, ()
    contracted = arrived.axes[-1] if side == 0 else arrived.axes[-2]
    if [f.kind for f in contracted] != ["key"]:
        return None, ()
    lead = words(arrived.axes)[:-2]
    tail = (("token",), ("dim",)) if side == 0 else (("dim",), ("token",))
    return Operand(other.name or "", (*lead, *tail)), tuple(hop.node for hop in way)


def unscale(graph: Graph, value: ir.Value) -> tuple[ir.Value, float]:
    """Step above constant factors on Q or K: SDPA multiplies the square root of the scale into both."""
    factor = 1.0
    while (node := value.producer()) is not None:
        kind = op(node)
        if kind not in ("Mul", "Div"):
            break
        for main, other in ((0, 1), (1, 0)) if kind == "Mul" else ((0, 1),):
            number_ = graph.scalar(node.inputs[other])
            source = node.inputs[main]
            if number_ and source is not None and not graph.is_constant(source):
                factor = factor * number_ if kind == "Mul" else factor / number_
                value = source
                break
        else:
            break
    return value, factor


def _stream(graph: Graph, value: ir.Value) -> ir.Value:
    """The activation whose projection a value is, or the value itself."""
    return projection_input(trace(graph, value)) or value


def _heads(axes: tuple[Axis, ...]) -> int:
    """Product of the head factors; 0 where the graph leaves it open until a run."""
    heads = 1
    for axis in axes:
        for f in axis:
            if f.kind == "head":
                if not isinstance(f.size, int):
                    return 0
                heads *= f.size
    return heads


def _scale(plan: SitePlan) -> float | None:
    """What multiplies QKᵀ before anything is added; None where it is not one number."""
    scale = plan.query_factor * plan.key_factor
    for step in plan.steps:
        if step.kind not in ("scale", "divide"):
            break
        if step.operand is not None or step.factor is None:
            return None
        scale = scale * step.factor if step.kind == "scale" else scale / step.factor
    return scale


def _int(size: object) -> int | None:
    return size if isinstance(size, int) else None

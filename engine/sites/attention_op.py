"""The fused `Attention` operator of ONNX itself (opset 23 and later).

One node holds the whole of softmax(scale · QKᵀ + bias) V: the pattern never appears in the graph. Its inputs tell
everything; the operator can also be asked for its own pattern (`qk_matmul_output_mode` 3), to check against.
"""

import math
from collections.abc import Iterator

import onnx_ir as ir

from engine.graph.dims import Dims
from engine.graph.graph import Graph, attribute, int_attribute, op
from engine.sites.candidate import Candidate, Finding
from engine.sites.factors import projection_input, trace
from engine.sites.kind import kind_of
from engine.sites.layout import Operand, axes
from engine.sites.site import Reveal, SitePlan, Step

QUERY, KEY, VALUE, MASK, PAST_KEY, _PAST_VALUE, NONPAD = range(7)
PRESENT_KEY, PRESENT_VALUE, PATTERN = 1, 2, 3


def find_attention_op(graph: Graph) -> Iterator[Finding]:
    """Yield each ai.onnx Attention."""
    for node in graph.nodes:
        if op(node) == "Attention" and node.inputs[QUERY] is not None and node.inputs[KEY] is not None:
            yield _candidate(graph, node)


def _candidate(graph: Graph, node: ir.Node) -> Candidate:
    q, k = graph.shape(_input(node, QUERY)), graph.shape(_input(node, KEY))
    heads = int_attribute(node, "q_num_heads", 0) or _axis(q, 1, 4)
    key_heads = int_attribute(node, "kv_num_heads", 0) or _axis(k, 1, 4) or heads
    dim = _axis(q, 3, 4) or (_axis(q, 2, 3) // heads if heads else 0)
    scale = float(str(attribute(node, "scale", 0.0))) or (1 / math.sqrt(dim) if dim else None)
    past = _input(node, PAST_KEY) is not None
    named = f"{node.outputs[0].name}.pattern"
    steps = None if scale is None else _steps(node, scale, past)
    plain = _input(node, NONPAD) is None and not _windowed(node)
    factored = steps is not None and plain and _rank(q) in (3, 4)
    plan = SitePlan(
        query=_operand(node, QUERY, None, _rank(q), "head") if factored else None,
        key=_operand(node, KEY, PRESENT_KEY, _rank(k), "head.kv") if factored else None,
        value=_operand(node, VALUE, PRESENT_VALUE, _rank(k), "head.kv") if factored else None,
        steps=steps or (),
        pattern=Operand(named, axes("batch head query key")),
        output=Operand(
            node.outputs[0].name or "", axes("batch head token dim" if _rank(q) == 4 else "batch token head*dim")
        ),
        reveal=Reveal(node.outputs[0].name or "", PATTERN, (("qk_matmul_output_mode", 3),)),
        factor_sizes=(("head", heads), ("head.kv", key_heads)) if heads else (),
    )
    return Candidate(
        anchor=node,
        kind=kind_of(graph, _stream(graph, node, QUERY), _stream(graph, node, KEY)),
        heads=heads,
        op="ai.onnx Attention",
        scale=scale,
        nodes=(node,),
        plan=plan,
        query_tokens=_axis(q, -2, None) or None,
        key_tokens=None if past else _axis(k, -2, None) or None,
        head_dim=dim or None,
    )


def _windowed(node: ir.Node) -> bool:
    """Whether queries see only keys near them (opset 25)."""
    return any(int_attribute(node, f"{side}_window_size", -1) >= 0 for side in ("left", "right"))


def _input(node: ir.Node, index: int) -> ir.Value | None:
    return node.inputs[index] if len(node.inputs) > index else None


def _stream(graph: Graph, node: ir.Node, index: int) -> ir.Value:
    value = node.inputs[index]
    if value is None:
        raise ValueError("Attention without Q or K")
    return projection_input(trace(graph, value)) or value


def _rank(dims: Dims | None) -> int:
    return 4 if dims is None else len(dims)


def _axis(dims: Dims | None, axis: int, rank: int | None) -> int:
    """A known size, or 0."""
    if dims is None or (rank is not None and len(dims) != rank):
        return 0
    size = dims[axis]
    return size if isinstance(size, int) else 0


def _operand(node: ir.Node, index: int, present: int | None, rank: int, head: str) -> Operand | None:
    """Q, K or V as they enter; with a past, K and V as they leave, past included."""
    if present is not None and _input(node, PAST_KEY) is not None:
        if len(node.outputs) <= present or not node.outputs[present].name:
            return None
        return Operand(node.outputs[present].name or "", axes(f"batch {head} token dim"))
    value = _input(node, index)
    if value is None:
        return None
    return Operand(value.name or "", axes(f"batch {head} token dim" if rank == 4 else f"batch token {head}*dim"))


def _steps(node: ir.Node, scale: float, past: bool) -> tuple[Step, ...]:
    """Scale, soft cap, mask, causal mask, in the operator's order (ONNX operator reference, Attention)."""
    steps = [Step("scale", factor=scale)]
    softcap = float(str(attribute(node, "softcap", 0.0)))
    if softcap:
        steps += [Step("divide", factor=softcap), Step("tanh"), Step("scale", factor=softcap)]
    mask = _input(node, MASK)
    if mask is not None:
        operand = Operand(mask.name or "", axes("batch head query key"))
        if mask.dtype == ir.DataType.BOOL:
            steps.append(Step("where", operand=operand, fill=-math.inf))
        else:
            steps.append(Step("mask", operand=operand, fill=-math.inf))
    if int_attribute(node, "is_causal", 0):
        steps.append(Step("causal", factor=1.0 if past else 0.0))
    return tuple(steps)

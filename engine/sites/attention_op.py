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
from engine.sites.derive import Recipe
from engine.sites.factors import projection_input, trace
from engine.sites.kind import kind_of
from engine.sites.layout import Operand, axes
from engine.sites.site import Reveal, SitePlan, Step

QUERY, KEY, VALUE, MASK, PAST_KEY, PAST_VALUE, NONPAD = range(7)
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
    recipe = Recipe(node)
    factored = scale is not None and _rank(q) in (3, 4)
    steps = _steps(recipe, node, _rank(q), _rank(k), scale) if scale is not None and factored else ()
    plan = SitePlan(
        query=_operand(node, QUERY, _rank(q), "head") if factored else None,
        key=_with_past(recipe, node, (KEY, PAST_KEY, PRESENT_KEY), _rank(k), key_heads) if factored else None,
        value=_with_past(recipe, node, (VALUE, PAST_VALUE, PRESENT_VALUE), _rank(k), key_heads) if factored else None,
        steps=steps,
        pattern=Operand(named, axes("batch head query key")),
        output=Operand(
            node.outputs[0].name or "", axes("batch head token dim" if _rank(q) == 4 else "batch token head*dim")
        ),
        derived=tuple(recipe.nodes),
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


def _operand(node: ir.Node, index: int, rank: int, head: str) -> Operand | None:
    """Q, K or V as they enter."""
    value = _input(node, index)
    if value is None:
        return None
    return Operand(value.name or "", axes(f"batch {head} token dim" if rank == 4 else f"batch token {head}*dim"))


def _with_past(recipe: Recipe, node: ir.Node, places: tuple[int, int, int], rank: int, heads: int) -> Operand | None:
    """K or V with their past: as they leave, else joined beside the operator."""
    index, before, present = places
    past, value = _input(node, before), _input(node, index)
    if past is None or value is None:
        return _operand(node, index, rank, "head.kv")
    name = (node.outputs[present].name or "") if len(node.outputs) > present else ""
    if not name:
        new = value.name or ""
        name = recipe.join(past.name or "", new if rank == 4 else recipe.heads(new, heads), 2)
    return Operand(name, axes("batch head.kv token dim"))


def _steps(recipe: Recipe, node: ir.Node, query_rank: int, key_rank: int, scale: float) -> tuple[Step, ...]:
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
    return (*steps, *_places(recipe, node, query_rank, key_rank))


def _places(recipe: Recipe, node: ir.Node, query_rank: int, key_rank: int) -> list[Step]:
    """Keys of padding, later keys and keys outside a window hidden."""
    steps: list[Step] = []
    past, valid = _input(node, PAST_KEY), _input(node, NONPAD)
    causal = bool(int_attribute(node, "is_causal", 0))
    left, right = (int_attribute(node, f"{side}_window_size", -1) for side in ("left", "right"))
    query, key = ((node.inputs[i].name or "") for i in (QUERY, KEY))  # type: ignore[union-attr]  # both are given
    if valid is not None:
        places = recipe.count(recipe.size(key, 2 if key_rank == 4 else 1))
        keep = recipe.call("Less", (places, recipe.call("Reshape", (valid.name or "", recipe.ints(-1, 1)))))
        steps.append(Step("where", operand=Operand(keep, axes("batch key")), fill=-math.inf))
    if not causal and left < 0 and right < 0:
        return steps
    if valid is not None:  # where each item's queries begin among its keys
        first = recipe.call("Sub", (valid.name or "", recipe.size(query, 2 if query_rank == 4 else 1)))
    else:
        first = recipe.ints(0) if past is None else recipe.size(past.name or "", 2)
    if causal:
        steps.append(Step("causal", operand=Operand(first, (("batch",),))))
    if left >= 0:
        steps.append(Step("window", factor=left + 1, operand=Operand(first, (("batch",),))))
    if right >= 0:
        last = recipe.call("Add", (first, recipe.ints(right)))
        steps.append(Step("causal", operand=Operand(last, (("batch",),))))
    return steps

"""`com.microsoft` GroupQueryAttention: groups of query heads share a key head, as Llama, Mistral and Gemma do.

ONNX Runtime, "Contrib Operators"; Ainslie et al. 2023. It rotates queries and keys, keeps the past, hides later
keys, keys outside a window and keys of padding, and caps scores. Keys leave it as it uses them; queries are
rotated once more beside it. It can also be asked for its own pattern.
"""

import math
from collections.abc import Iterator

import onnx_ir as ir

from engine.graph.graph import Graph, int_attribute, op
from engine.sites.candidate import Finding
from engine.sites.derive import Recipe
from engine.sites.fused import (
    GROUPED_SPLIT,
    MICROSOFT,
    TOKENS,
    Fused,
    given,
    name_of,
    output_name,
    real,
    scale_of,
    size,
)
from engine.sites.layout import Operand, axes
from engine.sites.site import Reveal, Step

QUERY, KEY, _VALUE, PAST_KEY, _PAST_VALUE, LENGTHS, TOTAL, COSINES, SINES, PLACES, ADDED, SINK = range(12)
NORMS = (14, 15)
AFTER_SOFTMAX = 2


def find_grouped_query(graph: Graph) -> Iterator[Finding]:
    """Yield each GroupQueryAttention."""
    for node in graph.nodes:
        if op(node) == f"{MICROSOFT}.GroupQueryAttention" and given(node, QUERY) is not None:
            yield _fused(graph, node).candidate(graph)


def _fused(graph: Graph, node: ir.Node) -> Fused:
    recipe = Recipe(node)
    heads, key_heads = int_attribute(node, "num_heads", 1), int_attribute(node, "kv_num_heads", 1)
    dims = graph.shape(given(node, QUERY))
    packed = not name_of(node, KEY)
    parts = heads + 2 * key_heads if packed else heads
    head_dim = (size(dims, 2, 3) or 0) // parts or None
    query = name_of(node, QUERY)
    if packed and head_dim is not None:
        query = recipe.part(query, 2, 0, heads * head_dim)
    before = _before(recipe, node)
    if int_attribute(node, "do_rotary", 0) and head_dim is not None:
        query = _rotated(graph, recipe, node, query, before, heads, head_dim)
    scale = scale_of(node, head_dim)
    shown = [output_name(node, i) for i in (1, 2)]
    source = given(node, QUERY)
    if source is None:
        raise ValueError("GroupQueryAttention without queries")
    plain = not (name_of(node, SINK) or int_attribute(node, "smooth_softmax", 0)) and not any(
        name_of(node, i) for i in NORMS
    )
    return Fused(
        node=node,
        recipe=recipe,
        op=f"{MICROSOFT} GroupQueryAttention",
        heads=heads,
        key_heads=key_heads,
        scale=scale,
        query=Operand(query, TOKENS),
        key=Operand(shown[0], GROUPED_SPLIT) if shown[0] else None,
        value=Operand(shown[1], GROUPED_SPLIT) if shown[1] else None,
        streams=(source, given(node, KEY) or source),
        steps=_steps(node, before, _valid(recipe, node, shown[0]), scale),
        reveal=Reveal(node.outputs[0].name or "", 3, (("qk_output", AFTER_SOFTMAX),)),
        replayed=plain,
        query_tokens=size(dims, 1, 3),
        key_tokens=None,
        head_dim=head_dim,
    )


def _before(recipe: Recipe, node: ir.Node) -> str:
    """How many keys each item of the batch had before this run, (batch,): none in a prompt, else what it says."""
    queries = recipe.call("Cast", (recipe.size(name_of(node, QUERY), 1),), to=int(ir.DataType.INT32))
    lengths = recipe.call("Reshape", (name_of(node, LENGTHS), recipe.ints(-1)))
    one = recipe.call("Cast", (recipe.ints(1),), to=int(ir.DataType.INT32))
    past = recipe.call("Sub", (recipe.call("Add", (lengths, one)), queries))
    total = recipe.call("Reshape", (name_of(node, TOTAL), recipe.ints(-1)))
    prompt = recipe.call("Equal", (total, queries))
    nothing = recipe.call("Mul", (past, recipe.call("Cast", (recipe.ints(0),), to=int(ir.DataType.INT32))))
    return recipe.call("Where", (prompt, nothing, past))


def _valid(recipe: Recipe, node: ir.Node, keys: str) -> str | None:
    """Which keys each item of the batch has, (batch, key); the rest is padding."""
    if not keys:
        return None
    lengths = recipe.call("Cast", (name_of(node, LENGTHS),), to=int(ir.DataType.INT64))
    last = recipe.call("Reshape", (lengths, recipe.ints(-1, 1)))
    return recipe.call("Not", (recipe.call("Less", (last, recipe.count(recipe.size(keys, 2)))),))


def _rotated(graph: Graph, recipe: Recipe, node: ir.Node, query: str, before: str, heads: int, head_dim: int) -> str:
    """Rotate queries by their places (Su et al. 2021), as the operator does inside."""
    places = name_of(node, PLACES)
    if not places:
        first = recipe.call("Cast", (recipe.call("Reshape", (before, recipe.ints(-1, 1))),), to=int(ir.DataType.INT64))
        places = recipe.call("Add", (first, recipe.count(recipe.size(query, 1))))
    half = size(graph.shape(given(node, COSINES)), 1, 2)
    partial = half is not None and 2 * half != head_dim
    return recipe.call(
        "RotaryEmbedding",
        (query, places, name_of(node, COSINES), name_of(node, SINES)),
        domain=MICROSOFT,
        interleaved=int_attribute(node, "rotary_interleaved", 0),
        num_heads=heads if partial else 0,
        rotary_embedding_dim=2 * half if partial and half else 0,
    )


def _steps(node: ir.Node, before: str, valid: str | None, scale: float | None) -> list[Step]:
    """Scale, soft cap, bias, padding, later keys, window: in the operator's order."""
    steps = [] if scale is None else [Step("scale", factor=scale)]
    if cap := real(node, "softcap", 0.0):
        steps += [Step("divide", factor=cap), Step("tanh"), Step("scale", factor=cap)]
    if added := name_of(node, ADDED):
        steps.append(Step("add", operand=Operand(added, axes("batch head query key"))))
    if valid is not None:
        steps.append(Step("where", operand=Operand(valid, axes("batch key")), fill=-math.inf))
    first = Operand(before, (("batch",),))
    if int_attribute(node, "causal", 1):
        steps.append(Step("causal", operand=first))
    if (window := int_attribute(node, "local_window_size", -1)) > 0:
        steps.append(Step("window", factor=window, operand=first))
    return steps

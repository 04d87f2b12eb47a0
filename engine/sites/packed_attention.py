"""`com.microsoft` Attention and its int8 form QAttention: one input, one matrix of packed Q, K and V weights.

ONNX Runtime, "Contrib Operators": Attention, QAttention. Queries, keys and values exist in no tensor; the
projection is computed once more beside the operator.
"""

from collections.abc import Iterator

import onnx_ir as ir

from engine.graph.graph import Graph, int_attribute, ints_attribute, op
from engine.sites.candidate import Finding
from engine.sites.derive import Recipe
from engine.sites.fused import (
    MICROSOFT,
    SPLIT,
    TOKENS,
    Fused,
    given,
    mask_steps,
    name_of,
    output_name,
    real,
    scale_of,
    size,
)
from engine.sites.layout import Operand, axes
from engine.sites.site import Step

OPS = {f"{MICROSOFT}.Attention": (3, 4, 5), f"{MICROSOFT}.QAttention": (5, 8, None)}
"""Operator -> the inputs that hold mask, past and bias of the scores."""


def find_packed_attention(graph: Graph) -> Iterator[Finding]:
    """Yield each Attention and QAttention of ONNX Runtime."""
    for node in graph.nodes:
        if op(node) in OPS and given(node, 0) is not None and given(node, 1) is not None:
            yield _fused(graph, node).candidate(graph)


def _fused(graph: Graph, node: ir.Node) -> Fused:
    mask_at, past_at, bias_at = OPS[op(node)]
    recipe = Recipe(node)
    heads = int_attribute(node, "num_heads", 1)
    widths = _widths(graph, node)
    dims = graph.shape(given(node, 0))
    source = given(node, 0)
    if source is None:
        raise ValueError("Attention without an input")
    past, present = name_of(node, past_at), output_name(node, 1)
    query, key, value = (None if widths is None else n for n in _parts(recipe, node, widths or (0, 0, 0)))
    layout = TOKENS
    key_at = key
    if past and key is not None and value is not None:
        both = present or past
        old = [recipe.pick(both, 0, i) for i in (0, 1)]
        if not present:
            old = [recipe.join(a, recipe.heads(b, heads), 2) for a, b in zip(old, (key, value), strict=True)]
        key, value = old
        layout, key_at = SPLIT, key
    elif key is not None:
        key_at = recipe.heads(key, heads) if _counts_keys(graph, given(node, mask_at)) else key
    head_dim = None if widths is None else widths[0] // heads
    steps = [] if (scale := scale_of(node, head_dim)) is None else [Step("scale", factor=scale)]
    steps += mask_steps(graph, recipe, given(node, mask_at), source.name or "", key_at or "", _fill(node))
    if bias_at is not None and (bias := name_of(node, bias_at)):
        steps.append(Step("add", operand=Operand(bias, axes("batch head query key"))))
    if int_attribute(node, "unidirectional", 0):
        steps.append(Step("causal", factor=1.0))
    tokens = size(dims, 1, 3)
    return Fused(
        node=node,
        recipe=recipe,
        op=op(node).replace(".", " ").replace("com microsoft", MICROSOFT),
        heads=heads,
        key_heads=heads,
        scale=scale,
        query=None if query is None else Operand(query, TOKENS),
        key=None if key is None else Operand(key, layout),
        value=None if value is None else Operand(value, layout),
        streams=(source, source),
        steps=steps,
        replayed=not int_attribute(node, "do_rotary", 0),
        query_tokens=tokens,
        key_tokens=None if past else tokens,
        head_dim=head_dim,
    )


def _fill(node: ir.Node) -> float:
    return real(node, "mask_filter_value", -10000.0)


def _counts_keys(graph: Graph, mask: ir.Value | None) -> bool:
    shape = graph.shape(mask)
    return shape is not None and len(shape) == 1


def _widths(graph: Graph, node: ir.Node) -> tuple[int, int, int] | None:
    """Widths of Q, K and V in the packed weights."""
    sizes = ints_attribute(node, "qkv_hidden_sizes")
    if sizes is not None and len(sizes) == 3:
        return sizes[0], sizes[1], sizes[2]
    whole = size(graph.shape(given(node, 1)), 1, 2)
    return None if whole is None else (whole // 3,) * 3


def _parts(recipe: Recipe, node: ir.Node, widths: tuple[int, int, int]) -> tuple[str, str, str]:
    """Project the input and cut the result: (batch, token, head · dim) for Q, K and V."""
    if op(node).endswith("QAttention"):
        packed = _integer_product(recipe, node)
    else:
        packed = recipe.call("MatMul", (name_of(node, 0), name_of(node, 1)))
    if bias := name_of(node, 2):
        packed = recipe.call("Add", (packed, bias))
    first, second = widths[0], widths[0] + widths[1]
    return (
        recipe.part(packed, 2, 0, first),
        recipe.part(packed, 2, first, second),
        recipe.part(packed, 2, second, None),
    )


def _integer_product(recipe: Recipe, node: ir.Node) -> str:
    """Multiply in whole numbers, as the operator does: processors that saturate do so here as there."""
    zeros = [name_of(node, 6), name_of(node, 7)]
    whole = recipe.call("MatMulInteger", (name_of(node, 0), name_of(node, 1), *zeros))
    scale = recipe.call("Mul", (name_of(node, 3), name_of(node, 4)))  # of the input, of each column of weights
    return recipe.call("Mul", (recipe.call("Cast", (whole,), to=int(ir.DataType.FLOAT)), scale))

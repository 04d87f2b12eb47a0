"""`com.microsoft` MultiHeadAttention and DecoderMaskedMultiHeadAttention: queries, keys and values as they come.

ONNX Runtime, "Contrib Operators". Queries may come packed with keys and values (batch, token, head, 3, dim), keys
with values (batch, token, head, 2, dim), and keys and values already split into heads.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import onnx_ir as ir

from engine.graph.graph import Graph, int_attribute, op
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
from engine.sites.layout import Axes, Operand, axes
from engine.sites.site import Step


@dataclass(frozen=True)
class Places:
    """Which input of an operator holds what."""

    bias: int
    mask: int
    added: int
    past_key: int
    past_value: int


OPS = {
    f"{MICROSOFT}.MultiHeadAttention": Places(bias=3, mask=4, added=5, past_key=6, past_value=7),
    f"{MICROSOFT}.DecoderMaskedMultiHeadAttention": Places(bias=10, mask=3, added=4, past_key=5, past_value=6),
}

PAST_LENGTH = 7


def find_multi_head(graph: Graph) -> Iterator[Finding]:
    """Yield each MultiHeadAttention and its form for decoding."""
    for node in graph.nodes:
        if op(node) in OPS and given(node, 0) is not None:
            yield _fused(graph, node, OPS[op(node)]).candidate(graph)


def _fused(graph: Graph, node: ir.Node, places: Places) -> Fused:
    recipe = Recipe(node)
    heads = int_attribute(node, "num_heads", 1)
    shapes = [graph.shape(given(node, i)) for i in range(3)]
    dims = shapes[0]
    head_dim = size(dims, -1, 5) or ((size(dims, 2, 3) or 0) // heads or None)
    query, key, value = _unpacked(graph, recipe, node)
    width = None if head_dim is None else head_dim * heads
    if (bias := name_of(node, places.bias)) and width is not None:
        query, key, value = _biased(recipe, (query, key, value), bias, width)
    key, value = (_whole(recipe, node, i, part, places, heads) for i, part in ((1, key), (2, value)))
    steps = [] if (scale := scale_of(node, head_dim)) is None else [Step("scale", factor=scale)]
    mask = given(node, places.mask)
    if mask is not None:
        counted = key.value if key.axes == SPLIT else recipe.heads(key.value, heads)
        rows = name_of(node, 0)
        steps += mask_steps(graph, recipe, mask, rows, counted, real(node, "mask_filter_value", -10000.0))
    if added := name_of(node, places.added):
        steps.append(Step("add", operand=Operand(added, axes("batch head query key"))))
    if int_attribute(node, "unidirectional", 0):
        steps.append(Step("causal", factor=1.0))
    past = bool(name_of(node, places.past_key))
    first, second = given(node, 0), given(node, 1) or given(node, 0)
    if first is None or second is None:
        raise ValueError("MultiHeadAttention without queries")
    return Fused(
        node=node,
        recipe=recipe,
        op=f"{MICROSOFT} {node.op_type}",
        heads=heads,
        key_heads=heads,
        scale=scale,
        query=query if isinstance(query, Operand) else Operand(query, TOKENS),
        key=key,
        value=value,
        streams=(first, second),
        steps=steps,
        query_tokens=size(dims, 1),
        key_tokens=None if past else _key_tokens(graph, node),
        head_dim=head_dim,
    )


Part = str | Operand
"""(batch, token, head · dim) by name, or a tensor laid out otherwise."""


def _unpacked(graph: Graph, recipe: Recipe, node: ir.Node) -> tuple[Part, Part, Part]:
    """Cut packed inputs apart."""
    names = [name_of(node, i) for i in range(3)]
    ranks = [len(shape) if (shape := graph.shape(given(node, i))) is not None else 3 for i in range(3)]
    split: Axes = axes("batch token head dim")
    if ranks[0] == 5:
        q, k, v = (Operand(recipe.pick(names[0], 3, i), split) for i in range(3))
        return q, k, v
    if ranks[1] == 5:
        k, v = (Operand(recipe.pick(names[1], 3, i), split) for i in (0, 1))
        return names[0], k, v
    if ranks[1] == 4:
        return names[0], Operand(names[1], SPLIT), Operand(names[2], SPLIT)
    return names[0], names[1], names[2]


def _biased(recipe: Recipe, parts: tuple[Part, Part, Part], bias: str, width: int) -> tuple[Part, Part, Part]:
    """Add the bias of the projections, (width of Q + width of K + width of V,)."""
    cuts = ((0, width), (width, 2 * width), (2 * width, None))
    out: list[Part] = []
    for part, (start, end) in zip(parts, cuts, strict=True):
        if isinstance(part, str):
            out.append(recipe.call("Add", (part, recipe.part(bias, 0, start, end))))
        elif part.axes == SPLIT:
            out.append(part)  # keys and values that come split are taken as they are
        else:
            flat = recipe.call("Reshape", (part.value, recipe.ints(0, 0, -1)))
            out.append(recipe.call("Add", (flat, recipe.part(bias, 0, start, end))))
    return out[0], out[1], out[2]


def _whole(recipe: Recipe, node: ir.Node, index: int, part: Part, places: Places, heads: int) -> Operand:
    """Keys or values with their past."""
    past = name_of(node, places.past_key if index == 1 else places.past_value)
    if not past:
        return part if isinstance(part, Operand) else Operand(part, TOKENS)
    if shown := output_name(node, index):
        return Operand(_used(recipe, node, shown), SPLIT)
    if part == "":
        return Operand(past, SPLIT)  # cross-attention whose keys were all computed before
    flat = part if isinstance(part, str) else recipe.call("Reshape", (part.value, recipe.ints(0, 0, -1)))
    return Operand(recipe.join(past, recipe.heads(flat, heads), 2), SPLIT)


def _used(recipe: Recipe, node: ir.Node, buffer: str) -> str:
    """The part of a buffer shared by past and present that this step has filled."""
    counted = name_of(node, PAST_LENGTH)
    if not int_attribute(node, "past_present_share_buffer", 0) or not counted:
        return buffer
    length = recipe.call("Reshape", (recipe.call("Cast", (counted,), to=int(ir.DataType.INT64)), recipe.ints(-1)))
    end = recipe.call("Add", (length, recipe.size(name_of(node, 0), 1)))
    return recipe.call("Slice", (buffer, recipe.ints(0), end, recipe.ints(2)))


def _key_tokens(graph: Graph, node: ir.Node) -> int | None:
    shape = graph.shape(given(node, 1))
    if shape is None:
        return size(graph.shape(given(node, 0)), 1)
    return size(shape, 2 if len(shape) == 4 else 1)

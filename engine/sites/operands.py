"""What was found around one softmax, and its operands: queries, keys, values, what each head gives."""

from dataclasses import dataclass

import onnx_ir as ir

from engine.graph.graph import Graph, op
from engine.sites.anchors import Anchor
from engine.sites.derive import Recipe
from engine.sites.factors import Axis
from engine.sites.layout import Operand
from engine.sites.product import Product, added, added_scale, output_scale
from engine.sites.quantised import is_whole, rounding, stands_for
from engine.sites.site import Step
from engine.sites.steps import Scores, follow, operand, words
from engine.sites.walk import Hop


@dataclass(frozen=True)
class Spelling:
    """What was found around one softmax.

    Attributes:
        anchor: the softmax.
        product: queries · keys.
        way: from the product down to the softmax.
        values: pattern · values.
        side: which operand of `values` the pattern is.
        after: from the softmax down to `values`.
    """

    anchor: Anchor
    product: Product
    way: tuple[Hop, ...]
    values: Product
    side: int
    after: tuple[Hop, ...]


def side_of(graph: Graph, recipe: Recipe, product: Product, side: int) -> tuple[str | None, float]:
    """Name queries or keys, and the number that the graph multiplies into them."""
    if is_whole(product):
        return stands_for(recipe, product, side), 1.0
    value, factor = unscale(graph, product.sides[side])
    return value.name or "", factor


def fused_steps(graph: Graph, node: ir.Node, start: tuple[Axis, ...]) -> tuple[Step, ...]:
    """What a product does by itself: alpha · QKᵀ + beta · C, or rounding."""
    alpha, other, beta = output_scale(node), added(node), added_scale(node)
    if op(node) == "QLinearMatMul":
        step = rounding(graph, node)
        return () if step is None else (step,)
    steps = () if alpha == 1.0 else (Step("scale", factor=alpha),)
    if other is None:
        return steps
    if beta == 1.0:
        return (*steps, Step("add", operand=operand(other, start)))
    return (Step("scale", factor=alpha / beta), Step("add", operand=operand(other, start)), Step("scale", factor=beta))


def values_of(graph: Graph, recipe: Recipe, spelling: Spelling, labels: tuple[Axis, ...]) -> Operand | None:
    """Read V off the product below: the axis contracted with the pattern must be the keys."""
    product, side = spelling.values, spelling.side
    arrived = follow(graph, Scores(labels), spelling.after)
    if arrived is None or len(arrived.axes) != len(product.letters[side]):
        return None
    axes = dict(zip(product.letters[side], arrived.axes, strict=True))
    if [{f.kind for f in axes[c]} for c in product.contracted] != [{"key"}]:
        return None
    own = product.columns if side == 0 else product.rows
    named = words(arrived.axes)
    lead = dict(zip(product.letters[side], named, strict=True))
    out: list[tuple[str, ...]] = []
    for letter in product.letters[1 - side]:
        if letter in product.contracted:
            out.append(("token",))
        elif letter in lead:
            out.append(lead[letter])
        elif letter in own:
            out.append(("dim",))
        else:
            return None
    name = stands_for(recipe, product, 1 - side) if is_whole(product) else product.sides[1 - side].name
    return None if name is None else Operand(name, tuple(out))


def output_of(graph: Graph, spelling: Spelling, labels: tuple[Axis, ...]) -> Operand | None:
    """Read what each head gives off the product of pattern and values."""
    product, side = spelling.values, spelling.side
    arrived = follow(graph, Scores(labels), spelling.after)
    if arrived is None or len(arrived.axes) != len(product.letters[side]) or is_whole(product):
        return None
    axes = dict(zip(product.letters[side], words(arrived.axes), strict=True))
    names = {"query": "token"}
    out = [
        tuple(names.get(n, n.replace("query.", "token.")) for n in axes[c]) if c in axes else ("dim",)
        for c in product.out
    ]
    return Operand(product.node.outputs[0].name or "", tuple(out))


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

"""From what was found around one softmax to a plan: which tensors to tap, how they lie, what is done to them."""

import math
from dataclasses import dataclass, replace

import onnx_ir as ir

from engine.graph.graph import Graph, op
from engine.sites.anchors import Anchor
from engine.sites.candidate import Candidate
from engine.sites.derive import Recipe
from engine.sites.factors import Axis, projection_input, trace
from engine.sites.kind import kind_of
from engine.sites.labels import side_axes
from engine.sites.layout import Operand
from engine.sites.product import Product, added, added_scale, output_scale
from engine.sites.quantised import is_whole, result_stands_for, rounding, stands_for
from engine.sites.site import SitePlan, Step
from engine.sites.steps import Scores, follow, operand, sizes, words
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


def candidate(
    graph: Graph, spelling: Spelling, scores: Scores, labels: tuple[Axis, ...], transposed: bool
) -> Candidate | None:
    """Return the attention that a spelling is; None where its values are not weighted along the keys.

    Args:
        graph: the graph.
        spelling: what was found around the softmax.
        scores: the way from product to softmax, replayed.
        labels: what the axes of the softmax are made of.
        transposed: whether keys are the rows of the product.
    """
    product = spelling.product
    recipe = Recipe(spelling.anchor.node)
    values = _values(graph, recipe, spelling, labels)
    if values is None:
        return None
    start = dict(zip(product.out, scores.start, strict=True))
    lead = {c: axis for c, axis in start.items() if c not in (product.rows[-1], product.columns[-1])}
    operands, factors = [], []
    for side in (0, 1):
        name, factor = _side(graph, recipe, product, side)
        if name is None:
            return None
        operands.append(Operand(name, words(side_axes(product, side, lead, "token"))))
        factors.append(factor)
    q, k = (1, 0) if transposed else (0, 1)
    steps = _resolved((*_fused(graph, product.node, scores.start), *scores.steps), transposed)
    pattern = result_stands_for(recipe, spelling.anchor.node) or spelling.anchor.result.name or ""
    plan = SitePlan(
        query=operands[q],
        key=operands[k],
        value=values,
        steps=steps,
        pattern=Operand(pattern, words(labels)),
        product=product.node.outputs[0].name or "",
        output=_output(graph, spelling, labels),
        derived=tuple(recipe.nodes),
        query_factor=factors[q],
        key_factor=factors[k],
        factor_sizes=tuple(sorted({**sizes(scores.start), **sizes(labels)}.items())),
    )
    return _described(graph, spelling, plan, labels, scores.start, q)


def _side(graph: Graph, recipe: Recipe, product: Product, side: int) -> tuple[str | None, float]:
    """Name queries or keys, and the number that the graph multiplies into them."""
    if is_whole(product):
        return stands_for(recipe, product, side), 1.0
    value, factor = unscale(graph, product.sides[side])
    return value.name or "", factor


def _fused(graph: Graph, node: ir.Node, start: tuple[Axis, ...]) -> tuple[Step, ...]:
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


def _described(
    graph: Graph, spelling: Spelling, plan: SitePlan, labels: tuple[Axis, ...], start: tuple[Axis, ...], q: int
) -> Candidate:
    product, anchor = spelling.product, spelling.anchor
    before, after = (tuple(hop.node for hop in way) for way in (spelling.way, spelling.after))
    names = [op(product.node), *(op(n) for n in before), anchor.spelling, *(op(n) for n in after)]
    names.append(op(spelling.values.node))
    queries, keys = product.sides[q], product.sides[1 - q]
    return Candidate(
        anchor=anchor.node,
        kind=kind_of(graph, *(_stream(graph, v) for v in (queries, keys))),
        heads=_heads(start),
        op="–".join(name for name in names if name not in ("Identity", "Dropout")),
        scale=_scale(plan),
        nodes=(product.node, *before, *anchor.nodes, *after, spelling.values.node),
        plan=plan,
        query_tokens=_tokens(labels, "query"),
        key_tokens=_tokens(labels, "key"),
        head_dim=_contracted_size(graph, product),
    )


def _contracted_size(graph: Graph, product: Product) -> int | None:
    for side, letters in zip(product.sides, product.letters, strict=True):
        shape = graph.shape(side)
        if shape is not None and len(shape) == len(letters):
            size = shape[letters.index(product.contracted[-1])]
            if isinstance(size, int):
                return size
    return None


def _values(graph: Graph, recipe: Recipe, spelling: Spelling, labels: tuple[Axis, ...]) -> Operand | None:
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


def _output(graph: Graph, spelling: Spelling, labels: tuple[Axis, ...]) -> Operand | None:
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


def _resolved(steps: tuple[Step, ...], transposed: bool) -> tuple[Step, ...]:
    """Rename row and column in the operands of the steps to query and key."""
    names = {"row": "key", "column": "query"} if transposed else {"row": "query", "column": "key"}

    def renamed(name: str) -> str:
        kind, dot, part = name.partition(".")
        return names.get(kind, kind) + dot + part

    def rename(operand: Operand | None) -> Operand | None:
        if operand is None:
            return None
        return Operand(operand.value, tuple(tuple(renamed(n) for n in axis) for axis in operand.axes))

    return tuple(replace(step, operand=rename(step.operand), fill_operand=rename(step.fill_operand)) for step in steps)


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
        if step.kind in ("round", "tanh"):  # a soft cap is cap · tanh(x / cap): the factors around it cancel
            continue
        if step.kind not in ("scale", "divide"):
            break
        if step.operand is not None or step.factor is None:
            return None
        scale = scale * step.factor if step.kind == "scale" else scale / step.factor
    return scale


def _tokens(labels: tuple[Axis, ...], kind: str) -> int | None:
    """How many queries or keys there are, where the graph fixes all parts of their axis."""
    sizes = [f.size for axis in labels for f in axis if f.kind == kind]
    known = [size for size in sizes if isinstance(size, int)]
    return math.prod(known) if sizes and len(known) == len(sizes) else None

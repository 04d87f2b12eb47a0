"""From what was found around one softmax to a plan: which tensors to tap, how they lie, what is done to them."""

import math
from dataclasses import replace

import onnx_ir as ir

from engine.graph.graph import Graph, op
from engine.sites.candidate import Candidate
from engine.sites.derive import Recipe
from engine.sites.factors import FEATURE, PLAIN, Axis, projection_input, trace
from engine.sites.kind import kind_of
from engine.sites.labels import side_axes
from engine.sites.layout import Operand
from engine.sites.operands import Spelling, fused_steps, output_of, side_of, values_of
from engine.sites.product import Product
from engine.sites.quantised import result_stands_for
from engine.sites.site import SitePlan, Step
from engine.sites.steps import Scores, sizes, words


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
    values = values_of(graph, recipe, spelling, labels)
    if values is None:
        return None
    start = dict(zip(product.out, scores.start, strict=True))
    lead = {c: axis for c, axis in start.items() if c not in (product.rows[-1], product.columns[-1])}
    operands, factors = [], []
    for side in (0, 1):
        name, factor = side_of(graph, recipe, product, side)
        if name is None:
            return None
        operands.append(Operand(name, words(side_axes(product, side, lead, "token"))))
        factors.append(factor)
    q, k = (1, 0) if transposed else (0, 1)
    steps = _resolved((*fused_steps(graph, product.node, scores.start), *scores.steps), transposed)
    pattern = result_stands_for(recipe, spelling.anchor.node) or spelling.anchor.result.name or ""
    plan = SitePlan(
        query=operands[q],
        key=operands[k],
        value=values,
        steps=steps,
        pattern=Operand(pattern, words(labels)),
        product=product.node.outputs[0].name or "",
        output=output_of(graph, spelling, labels),
        derived=tuple(recipe.nodes),
        query_factor=factors[q],
        key_factor=factors[k],
        factor_sizes=tuple(sorted({**sizes(scores.start), **sizes(labels)}.items())),
    )
    return _described(graph, spelling, plan, labels, scores.start, q)


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
        op=_over(graph, product) + "–".join(name for name in names if name not in ("Identity", "Dropout")),
        scale=_scale(plan),
        nodes=(product.node, *before, *anchor.nodes, *after, spelling.values.node),
        plan=plan,
        query_tokens=_tokens(labels, "query"),
        key_tokens=_tokens(labels, "key"),
        head_dim=_contracted_size(graph, product),
    )


def _over(graph: Graph, product: Product) -> str:
    """Say so where channels look at channels, along the tokens (XCiT, El-Nouby et al. 2021), not tokens at tokens."""
    for side, letters, own in zip(product.sides, product.letters, (product.rows, product.columns), strict=True):
        found = trace(graph, side)
        if found is None or found.projection is None or len(found.axes) != len(letters):
            return ""
        kinds = {c: {f.kind for f in axis} for c, axis in zip(letters, found.axes, strict=True)}
        if kinds[own[-1]] != {FEATURE} or kinds[product.contracted[-1]] != {PLAIN}:
            return ""
    return "channels × channels: "


def _contracted_size(graph: Graph, product: Product) -> int | None:
    for side, letters in zip(product.sides, product.letters, strict=True):
        shape = graph.shape(side)
        if shape is not None and len(shape) == len(letters):
            size = shape[letters.index(product.contracted[-1])]
            if isinstance(size, int):
                return size
    return None


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

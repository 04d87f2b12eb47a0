"""Attention spelled out: a product of two activations, score arithmetic, a softmax, a product with values.

This is how `torch.onnx.export` writes eager and SDPA attention, from TorchScript and from dynamo. Nothing is
taken from names: axes, heads and scale are read from the operators around each softmax.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import onnx_ir as ir

from engine.graph.graph import Graph, op
from engine.messages import Message, declare, translate
from engine.sites.anchors import Anchor, find_anchors
from engine.sites.candidate import Candidate, Finding, Miss
from engine.sites.factors import Axis, projection_input, trace
from engine.sites.kind import kind_of
from engine.sites.labels import name_rows, score_axes, side_axes
from engine.sites.layout import Operand
from engine.sites.product import Product, added, added_scale, output_scale
from engine.sites.site import NearMiss, SitePlan, Step
from engine.sites.steps import Scores, follow, operand, sizes, words
from engine.sites.walk import OPAQUE, Hop, climb, descend

declare(
    {
        "miss-answer": translate("engine", "its probabilities are the model’s answer; no values are weighted by them"),
        "miss-no-values": translate("engine", "no product with values follows it"),
        "miss-no-product": translate("engine", "no product of queries with keys stands above it"),
        "miss-axis": translate("engine", "it normalises over an axis that is not contracted with values"),
        "miss-shape": translate("engine", "the axes around it could not be told apart"),
    }
)


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


def find_softmax(graph: Graph) -> Iterator[Finding]:
    """Yield an attention or a near miss for each softmax of the graph, however it is spelled."""
    for anchor in find_anchors(graph):
        found = _examine(graph, anchor)
        if isinstance(found, Candidate) or op(anchor.node) == "Softmax":
            yield found


def _examine(graph: Graph, anchor: Anchor) -> Finding:
    below = descend(graph, anchor.result)
    if below is None:
        return _miss(anchor, "miss-answer" if _is_answer(graph, anchor.result) else "miss-no-values")
    above = climb(graph, anchor.source)
    if above is None:
        return _miss(anchor, "miss-no-product")
    spelling = Spelling(anchor, above[0], above[1], below[0], below[1], below[2])
    start = score_axes(graph, spelling.product)
    scores = follow(graph, Scores(start), spelling.way)
    if scores is None:
        return _materialised(graph, spelling, start)
    named = name_rows(scores.axes, anchor.axis)
    if named is None:
        return _miss(anchor, "miss-axis" if any(scores.axes) else "miss-shape")
    return _candidate(graph, spelling, scores, *named)


def _materialised(graph: Graph, spelling: Spelling, start: tuple[Axis, ...]) -> Finding:
    """Operators in between that are not replayed but leave the axes in place: the pattern is read as it is."""
    shape = graph.shape(spelling.anchor.result)
    if shape is not None and len(shape) != len(start):
        return _miss(spelling.anchor, "miss-shape")
    if not any(op(hop.node) in OPAQUE for hop in spelling.way):
        return _miss(spelling.anchor, "miss-shape")
    named = name_rows(start, spelling.anchor.axis)
    if named is None:
        return _miss(spelling.anchor, "miss-axis")
    found = _candidate(graph, spelling, Scores(start), *named)
    if not isinstance(found, Candidate):
        return found
    plan = replace(found.plan, steps=(), replayed=False)
    return replace(found, plan=plan, scale=None)


def _miss(anchor: Anchor, code: str) -> Miss:
    node = anchor.node
    return Miss(node, NearMiss(node.name or node.outputs[0].name or "", anchor.spelling, Message.of(code)))


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


def _candidate(graph: Graph, spelling: Spelling, scores: Scores, labels: tuple[Axis, ...], transposed: bool) -> Finding:
    product = spelling.product
    values = _values(graph, spelling, labels)
    if values is None:
        return _miss(spelling.anchor, "miss-axis")
    start = dict(zip(product.out, scores.start, strict=True))
    lead = {c: axis for c, axis in start.items() if c not in (product.rows[-1], product.columns[-1])}
    operands, factors = [], []
    for side in (0, 1):
        value, factor = unscale(graph, product.sides[side])
        operands.append(Operand(value.name or "", words(side_axes(product, side, lead, "token"))))
        factors.append(factor)
    q, k = (1, 0) if transposed else (0, 1)
    steps = _resolved((*_fused(product.node, scores.start), *scores.steps), transposed)
    plan = SitePlan(
        query=operands[q],
        key=operands[k],
        value=values,
        steps=steps,
        pattern=Operand(spelling.anchor.result.name or "", words(labels)),
        product=product.node.outputs[0].name or "",
        output=_output(graph, spelling, labels),
        query_factor=factors[q],
        key_factor=factors[k],
        factor_sizes=tuple(sorted({**sizes(scores.start), **sizes(labels)}.items())),
    )
    return _described(graph, spelling, plan, labels, scores.start, q)


def _fused(node: ir.Node, start: tuple[Axis, ...]) -> tuple[Step, ...]:
    """What a fused product does by itself: alpha · QKᵀ + beta · C."""
    alpha, other, beta = output_scale(node), added(node), added_scale(node)
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
    tokens = {f.kind: f.size for axis in labels for f in axis}
    queries, keys = product.sides[q], product.sides[1 - q]
    return Candidate(
        anchor=anchor.node,
        kind=kind_of(graph, *(_stream(graph, v) for v in (queries, keys))),
        heads=_heads(start),
        op="–".join(name for name in names if name not in ("Identity", "Dropout")),
        scale=_scale(plan),
        nodes=(product.node, *before, *anchor.nodes, *after, spelling.values.node),
        plan=plan,
        query_tokens=_int(tokens.get("query")),
        key_tokens=_int(tokens.get("key")),
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


def _values(graph: Graph, spelling: Spelling, labels: tuple[Axis, ...]) -> Operand | None:
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
    return Operand(product.sides[1 - side].name or "", tuple(out))


def _output(graph: Graph, spelling: Spelling, labels: tuple[Axis, ...]) -> Operand | None:
    """Read what each head gives off the product of pattern and values."""
    product, side = spelling.values, spelling.side
    arrived = follow(graph, Scores(labels), spelling.after)
    if arrived is None or len(arrived.axes) != len(product.letters[side]):
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

    def rename(operand: Operand | None) -> Operand | None:
        if operand is None:
            return None
        return Operand(operand.value, tuple(tuple(names.get(n, n) for n in axis) for axis in operand.axes))

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
        if step.kind not in ("scale", "divide"):
            break
        if step.operand is not None or step.factor is None:
            return None
        scale = scale * step.factor if step.kind == "scale" else scale / step.factor
    return scale


def _int(size: object) -> int | None:
    return size if isinstance(size, int) else None

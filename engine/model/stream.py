"""The residual stream: the tensor that every block reads from and adds to (He et al. 2016; Elhage et al. 2021)."""

from collections import deque
from collections.abc import Sequence

import onnx_ir as ir

from engine.graph.graph import Graph, op
from engine.sites.site import AttentionSite

MOST_STEPS = 60
SKIPS = frozenset({"com.microsoft.SkipLayerNormalization", "com.microsoft.SkipSimplifiedLayerNormalization"})
"""Operators that add two streams and normalise the sum, which is their fourth output where anybody asks for it."""
NORMS = SKIPS | {"LayerNormalization"}


def stream(graph: Graph, sites: Sequence[AttentionSite]) -> dict[int, tuple[str, str]]:
    """Return the names of the stream before and after the attention of each site that adds to one, by index."""
    made = {value.name or "": value for node in graph.nodes for value in node.outputs}
    found = {}
    for site in sites:
        start = _attended(site, made)
        addition = None if start is None else _addition(graph, start)
        if addition is not None:
            before, after = addition
            found[site.index] = (before.name or "", after.name or "")
    return found


def last(graph: Graph, before: str, after: str) -> str | None:
    """Return the stream after the block whose attention made `after` of `before`: its feed-forward part added too.

    Where blocks begin with what a normalisation left (Vaswani et al. 2017), the same of the last one. None where the
    sum is inside an operator that keeps it to itself.
    """
    made = {value.name or "": value for node in graph.nodes for value in node.outputs}
    value = made.get(after)
    if value is None:
        return None
    normed = op(made[before].producer()) in NORMS if before in made else False
    middle = _normed(graph, value) if normed else value
    additions = [node for node, _ in graph.users(middle) if _adds(graph, node)]
    end = middle
    if additions:
        first = min(additions, key=lambda user: graph.order.get(user, 0))
        end = _normed(graph, first.outputs[0]) if normed else _sum(first)
    node = end.producer()
    hidden = not normed and node is not None and op(node) in SKIPS and end is node.outputs[0]
    return None if hidden else end.name


def _normed(graph: Graph, value: ir.Value) -> ir.Value:
    """What a normalisation makes of a sum, where one follows."""
    if op(value.producer()) in SKIPS:
        return value
    return next((node.outputs[0] for node, _ in graph.users(value) if op(node) == "LayerNormalization"), value)


def _attended(site: AttentionSite, made: dict[str, ir.Value]) -> ir.Value | None:
    """What the heads give: their weighted values."""
    plan = site.plan
    names = [None if plan.output is None else plan.output.value, None if plan.reveal is None else plan.reveal.output]
    return next((made[name] for name in names if name in made), None)


def _addition(graph: Graph, start: ir.Value) -> tuple[ir.Value, ir.Value] | None:
    """Follow what heads give to the first sum with another activation: (the other, the sum)."""
    queue, seen = deque([start]), set[ir.Value]()
    while queue and len(seen) < MOST_STEPS:
        here = queue.popleft()
        if here in seen:
            continue
        seen.add(here)
        for node, index in graph.users(here):
            if _adds(graph, node) and index < 2:
                other = node.inputs[1 - index]
                if other is not None and other not in seen and _size(graph, other) == _size(graph, node.outputs[0]):
                    return other, _sum(node)
            queue += [value for value in node.outputs if op(node) not in ("Shape", "Size")]
    return None


def _adds(graph: Graph, node: ir.Node) -> bool:
    """Whether an operator adds two activations."""
    if op(node) not in SKIPS | {"Add"}:
        return False
    return not any(graph.is_constant(value) for value in node.inputs[:2])


def _sum(node: ir.Node) -> ir.Value:
    """The sum that an operator makes; normalised where it keeps the sum itself to itself."""
    whole = node.outputs[3] if op(node) in SKIPS and len(node.outputs) > 3 else None
    return whole if whole is not None and whole.name else node.outputs[0]


def _size(graph: Graph, value: ir.Value) -> int | None:
    shape = graph.shape(value)
    return None if shape is None else len(shape)

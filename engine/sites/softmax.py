"""Attention spelled out: a product of two activations, score arithmetic, a softmax, a product with values.

This is how `torch.onnx.export` writes eager and SDPA attention, from TorchScript and from dynamo. Nothing is
taken from names: axes, heads and scale are read from the operators around each softmax.
"""

from collections.abc import Iterator
from dataclasses import replace

from engine.graph.graph import Graph, op
from engine.sites.anchors import Anchor, find_anchors
from engine.sites.candidate import Candidate, Finding
from engine.sites.factors import Axis
from engine.sites.labels import name_rows, score_axes
from engine.sites.misses import miss, without_product, without_values
from engine.sites.operands import Spelling
from engine.sites.plan import candidate
from engine.sites.steps import Scores, follow
from engine.sites.walk import OPAQUE, climb, descend


def find_softmax(graph: Graph) -> Iterator[Finding]:
    """Yield an attention or a near miss for each softmax of the graph, however it is spelled."""
    for anchor in find_anchors(graph):
        found = _examine(graph, anchor)
        if isinstance(found, Candidate) or op(anchor.node).endswith("Softmax"):
            yield found


def _examine(graph: Graph, anchor: Anchor) -> Finding:
    below = descend(graph, anchor.result)
    if below is None:
        return without_values(graph, anchor)
    above = climb(graph, anchor.source)
    if above is None:
        return without_product(graph, anchor)
    spelling = Spelling(anchor, above[0], above[1], below[0], below[1], below[2])
    start = score_axes(graph, spelling.product)
    scores = follow(graph, Scores(start), spelling.way)
    if scores is None:
        return _materialised(graph, spelling, start)
    named = name_rows(scores.axes, anchor.axis)
    if named is None:
        return miss(anchor, "miss-axis" if any(scores.axes) else "miss-shape")
    return candidate(graph, spelling, scores, *named) or miss(anchor, "miss-axis")


def _materialised(graph: Graph, spelling: Spelling, start: tuple[Axis, ...]) -> Finding:
    """Operators in between that are not replayed but leave the axes in place: the pattern is read as it is."""
    shape = graph.shape(spelling.anchor.result)
    if shape is not None and len(shape) != len(start):
        return miss(spelling.anchor, "miss-shape")
    if not any(op(hop.node) in OPAQUE for hop in spelling.way):
        return miss(spelling.anchor, "miss-shape")
    named = name_rows(start, spelling.anchor.axis)
    if named is None:
        return miss(spelling.anchor, "miss-axis")
    found = candidate(graph, spelling, Scores(start), *named)
    if found is None:
        return miss(spelling.anchor, "miss-axis")
    plan = replace(found.plan, steps=(), replayed=False)
    return replace(found, plan=plan, scale=None)

"""Attention spelled out: a product of two activations, score arithmetic, a softmax, a product with values.

This is how `torch.onnx.export` writes eager and SDPA attention, from TorchScript and from dynamo. Nothing is
taken from names: axes, heads and scale are read from the operators around each softmax.
"""

from collections.abc import Iterator
from dataclasses import replace

import onnx_ir as ir

from engine.graph.graph import Graph, op
from engine.messages import Message, declare, translate
from engine.sites.anchors import Anchor, find_anchors
from engine.sites.candidate import Candidate, Finding, Miss
from engine.sites.factors import Axis
from engine.sites.labels import name_rows, score_axes
from engine.sites.plan import Spelling, candidate
from engine.sites.site import NearMiss
from engine.sites.steps import Scores, follow
from engine.sites.walk import OPAQUE, climb, descend

declare(
    {
        "miss-answer": translate("engine", "its probabilities are the model’s answer; no values are weighted by them"),
        "miss-no-values": translate("engine", "no product with values follows it"),
        "miss-no-product": translate("engine", "no product of queries with keys stands above it"),
        "miss-axis": translate("engine", "it normalises over an axis that is not contracted with values"),
        "miss-shape": translate("engine", "the axes around it could not be told apart"),
    }
)


def find_softmax(graph: Graph) -> Iterator[Finding]:
    """Yield an attention or a near miss for each softmax of the graph, however it is spelled."""
    for anchor in find_anchors(graph):
        found = _examine(graph, anchor)
        if isinstance(found, Candidate) or op(anchor.node).endswith("Softmax"):
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
    return candidate(graph, spelling, scores, *named) or _miss(anchor, "miss-axis")


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
    found = candidate(graph, spelling, Scores(start), *named)
    if found is None:
        return _miss(spelling.anchor, "miss-axis")
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

"""Softmaxes inside branches and loops that depend on the input: their tensors cannot become outputs of the model."""

from collections.abc import Iterator

import onnx_ir as ir

from engine.graph.flatten import subgraphs, why_left
from engine.graph.graph import Graph, op
from engine.graph.turns import Left
from engine.messages import Message, declare, translate
from engine.sites.candidate import Finding, Miss
from engine.sites.site import NearMiss

declare(
    {
        "miss-branch": translate(
            "engine",
            "it lies inside a branch (If) that the input decides about; its tensors cannot be read from outside",
        ),
        "miss-loop": translate(
            "engine",
            "it lies inside a {op} whose turns the input decides about; its tensors cannot be read from outside",
        ),
        "miss-turns": translate(
            "engine",
            "it lies inside a {op} of {turns} turns, which is too much to be written out; its tensors cannot be read "
            "from outside",
        ),
    }
)
WORTH = frozenset({"Softmax", "Attention"})
MICROSOFT = frozenset({"Attention", "MultiHeadAttention", "GroupQueryAttention", "QAttention", "QLinearSoftmax"})


def find_nested(graph: Graph) -> Iterator[Finding]:
    """Yield a near miss for each softmax or fused attention that is left inside another operator."""
    for outer in graph.nodes:
        for inner in (node for body in subgraphs(outer) for node in body.all_nodes()):
            kind = op(inner)
            if kind in WORTH or kind.removeprefix("com.microsoft.") in MICROSOFT:
                details = _reason(outer)
                yield Miss(outer, NearMiss(inner.name or inner.outputs[0].name or "", inner.op_type, details))


def _reason(outer: ir.Node) -> Message:
    """Say why an operator was not written out."""
    left = why_left(outer) or Left("miss-branch" if outer.op_type == "If" else "miss-loop")
    match left.code:
        case "miss-turns":
            return Message.of("miss-turns", op=outer.op_type, turns=left.turns)
        case "miss-loop":
            return Message.of("miss-loop", op=outer.op_type)
    return Message.of(left.code)

"""Softmaxes inside branches and loops that depend on the input: their tensors cannot become outputs of the model."""

from collections.abc import Iterator

from engine.graph.flatten import subgraphs
from engine.graph.graph import Graph, op
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
                reason = "miss-branch" if outer.op_type == "If" else "miss-loop"
                details = Message.of(reason) if outer.op_type == "If" else Message.of(reason, op=outer.op_type)
                yield Miss(outer, NearMiss(inner.name or inner.outputs[0].name or "", inner.op_type, details))

"""Local functions, branches and loops written out, so that what they hold can be seen.

A tensor inside a function, an If, a Loop or a Scan cannot become an output of the model. Functions are always written
out; an If becomes the branch that is taken, a Loop or Scan its body as many times as it turns. Where an input decides
about it, somebody must say how (`Decide`); what nobody can say stays as it is. Tensors keep their names where those
are still free.
"""

from collections.abc import Iterator

import onnx_ir as ir
from onnx_ir.passes.common import InlinePass

from engine.graph.cone import Decide, condition_of, undecided
from engine.graph.turns import Left, number, write_loop, write_scan
from engine.graph.writing import Writer

WORTH = frozenset(
    {"Softmax", "LogSoftmax", "Exp", "QLinearSoftmax", "Attention", "MultiHeadAttention", "GroupQueryAttention"}
    | {"QAttention", "PackedAttention", "PackedMultiHeadAttention", "DecoderMaskedMultiHeadAttention"}
)
"""Operators that make it worth writing out what they stand in."""
MOST_ROUNDS = 16
FLAT, LEFT = "mirada.flat", "mirada.left"
"""Keys in the `meta` of a model that is not as the file has it, and of an operator that was left as it is."""


def flatten(model: ir.Model, decide: Decide = undecided) -> None:
    """Write out functions, branches and loops in place, where they hold something worth it; marks the model."""
    if any(_worth(function) for function in model.functions.values()):
        InlinePass()(model)
        model.meta[FLAT] = True
    for _ in range(MOST_ROUNDS):  # what is written out may hold more
        inside = [node for node in model.graph if _is_worth(node)]
        if not inside:
            return
        writer = Writer(model)
        left = [_write_out(writer, node, decide) for node in inside]
        for node, why in zip(inside, left, strict=True):
            node.meta[LEFT] = why
        if all(left):
            return
        model.meta[FLAT] = True


def is_flat(model: ir.Model) -> bool:
    """Return whether a model was changed by `flatten`."""
    return bool(model.meta.get(FLAT))


def why_left(node: ir.Node) -> Left | None:
    """Return why an operator that holds others stays as it is, where somebody looked at it."""
    found = node.meta.get(LEFT)
    return found if isinstance(found, Left) else None


def subgraphs(node: ir.Node) -> Iterator[ir.Graph]:
    """Yield the graphs that an operator holds."""
    for attribute in node.attributes.values():
        if attribute.type == ir.AttributeType.GRAPH:
            yield attribute.as_graph()
        elif attribute.type == ir.AttributeType.GRAPHS:
            yield from attribute.as_graphs()


def _is_worth(node: ir.Node) -> bool:
    return any(_worth(graph) for graph in subgraphs(node))


def _worth(graph: ir.Graph | ir.Function) -> bool:
    return any(node.op_type in WORTH for node in graph.all_nodes())


def _write_out(writer: Writer, node: ir.Node, decide: Decide) -> Left | None:
    kind = node.op_type if node.domain in ("", "ai.onnx") else ""
    if kind == "If":
        return _branch(writer, node, decide)
    if kind == "Loop":
        return write_loop(writer, node, decide)
    return write_scan(writer, node, decide) if kind == "Scan" else Left("miss-loop")


def _branch(writer: Writer, node: ir.Node, decide: Decide) -> Left | None:
    condition = node.inputs[0]
    taken = number(condition)
    if taken is None and condition is not None:
        key = f"condition {condition.name}"
        taken = decide(key, lambda: condition_of(writer.model, node, key))
    if taken is None:
        return Left("miss-branch")
    body = node.attributes["then_branch" if taken else "else_branch"].as_graph()
    results = list(body.outputs)
    writer.move(node, body)
    writer.replace(node, results)
    return None

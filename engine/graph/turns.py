"""ONNX's Loop and Scan written out: their body once for each turn."""

from dataclasses import dataclass, field

import numpy as np
import onnx_ir as ir

from engine.graph.cone import Decide, turns_of_loop, turns_of_scan
from engine.graph.writing import Writer

MOST_TURNS = 64
MOST_WRITTEN = 20_000
"""Operators that one loop may become."""


@dataclass(frozen=True)
class Left:
    """Why an operator stays as it is: the code of a reason, and how often it turns where that is known."""

    code: str
    turns: int = 0


def write_loop(writer: Writer, node: ir.Node, decide: Decide) -> Left | None:
    """Write out a Loop whose turns can be counted; returns why not, or None where it was."""
    body = node.attributes["body"].as_graph()
    carried = [value for value in node.inputs[2:] if value is not None]
    turns = _counted(node, body)
    if turns is None:
        key = f"turns of {node.outputs[0].name}"
        turns = decide(key, lambda: turns_of_loop(writer.model, node, key))
    gathered = len(body.outputs) - 1 - len(carried)
    if turns is None or len(carried) != len(node.inputs) - 2 or (turns == 0 and gathered):
        return Left("miss-loop")  # of no turns at all the shape is not known
    if not _affordable(body, turns):
        return Left("miss-turns", turns)
    copies = _Copies(writer, node, body, len(carried), 1, gathered)
    values = carried
    for turn in range(turns):
        counted = writer.constant(node, np.array(turn, np.int64), f"{copies.name}/turn")
        going = writer.constant(node, np.array(True), f"{copies.name}/going")
        values = copies.write([counted, going, *values])
    writer.replace(node, [*values, *(copies.joined(i, 0) for i in range(gathered))])
    return None


def write_scan(writer: Writer, node: ir.Node, decide: Decide) -> Left | None:
    """Write out a Scan (opset 9 and later) whose length can be told; returns why not, or None where it was."""
    body = node.attributes["body"].as_graph()
    scanned = node.attributes["num_scan_inputs"].as_int()
    states = len(node.inputs) - scanned
    inputs = [value for value in node.inputs if value is not None]
    if writer.opset < 9 or len(inputs) != len(node.inputs):
        return Left("miss-loop")
    axes, backwards = _ints(node, "scan_input_axes", scanned), _ints(node, "scan_input_directions", scanned)
    turns = _length(writer, node, inputs[states], axes[0], decide)
    if turns is None or turns < 1:
        return Left("miss-loop")
    if not _affordable(body, turns):
        return Left("miss-turns", turns)
    gathered = len(body.outputs) - states
    copies = _Copies(writer, node, body, states, 0, gathered)
    values = inputs[:states]
    for turn in range(turns):
        parts = []
        for value, axis, back in zip(inputs[states:], axes, backwards, strict=True):
            at = writer.constant(node, np.array(turns - 1 - turn if back else turn, np.int64), f"{copies.name}/at")
            parts.append(writer.node(node, "Gather", [value, at], f"{copies.name}/part", axis=axis))
        values = copies.write([*values, *parts])
    along, turned = _ints(node, "scan_output_axes", gathered), _ints(node, "scan_output_directions", gathered)
    joined = [copies.joined(i, along[i], back=bool(turned[i])) for i in range(gathered)]
    writer.replace(node, [*values, *joined])
    return None


@dataclass
class _Copies:
    """The body of a loop, written out turn by turn.

    Attributes:
        carried: how many results the next turn takes.
        skipped: results before those: a Loop's condition.
        gathered: how many results of every turn are put together.
    """

    writer: Writer
    node: ir.Node
    body: ir.Graph
    carried: int
    skipped: int
    gathered: int
    results: list[list[ir.Value]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.writer.weights(self.body)  # shared by all turns

    @property
    def name(self) -> str:
        return self.node.outputs[0].name or self.node.op_type

    def write(self, given: list[ir.Value]) -> list[ir.Value]:
        """Write the body once more with these values for its inputs; returns what the next turn takes."""
        copy = self.body.clone(allow_outer_scope_values=True)
        for inner, outer in zip(copy.inputs, given, strict=True):
            inner.replace_all_uses_with(outer, replace_graph_outputs=True)
        results = list(copy.outputs)
        self.writer.move(self.node, copy)
        end = self.skipped + self.carried
        self.results.append(results[end:])
        return results[self.skipped : end]

    def joined(self, index: int, axis: int, *, back: bool = False) -> ir.Value:
        """Return one result of every turn, put together along a new axis."""
        parts = [
            self.writer.along(self.node, "Unsqueeze", held[index], axis, f"{self.name}/one") for held in self.results
        ]
        return self.writer.node(self.node, "Concat", parts[::-1] if back else parts, f"{self.name}/all", axis=axis)


def number(value: ir.Value | None) -> int | None:
    """Return a constant of one element; None where it depends on the input."""
    if value is None or value.is_graph_input():
        return None
    tensor = ir.convenience.get_const_tensor(value)
    return int(tensor.numpy().reshape(-1)[0]) if tensor is not None and tensor.size == 1 else None


def _counted(node: ir.Node, body: ir.Graph) -> int | None:
    """Return the turns of a Loop that are known beforehand: it never stops early, or never starts."""
    limit, start = node.inputs[0], node.inputs[1]
    goes = 1 if start is None else number(start)
    if goes == 0:
        return 0
    return number(limit) if goes and _goes_on(body) else None


def _goes_on(body: ir.Graph) -> bool:
    """Whether a loop's condition stays what it was, or is constantly true."""
    value: ir.Value | None = body.outputs[0]
    while value is not None and (maker := value.producer()) is not None and maker.op_type in ("Identity", "Cast"):
        value = maker.inputs[0]
    return value is body.inputs[1] or bool(number(value))


def _affordable(body: ir.Graph, turns: int) -> bool:
    return turns <= MOST_TURNS and turns * sum(1 for _ in body.all_nodes()) <= MOST_WRITTEN


def _length(writer: Writer, node: ir.Node, value: ir.Value, axis: int, decide: Decide) -> int | None:
    """Return how long an axis is: stated, or decided by the input."""
    stated = None if value.shape is None or not -len(value.shape) <= axis < len(value.shape) else value.shape[axis]
    if isinstance(stated, int):
        return stated
    key = f"turns of {node.outputs[0].name}"
    return decide(key, lambda: turns_of_scan(writer.model, node, key, value, axis))


def _ints(node: ir.Node, name: str, count: int) -> list[int]:
    """Return one number for each tensor, 0 where none are given."""
    attribute = node.attributes.get(name)
    return [0] * count if attribute is None else [int(i) for i in attribute.as_ints()]

"""Where probabilities are made: Softmax, and the ways of spelling it out.

exp(x) / sum(exp(x)), with or without the maximum subtracted; exp(log_softmax(x)); exp(x - logsumexp(x)).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import onnx_ir as ir

from engine.graph.graph import Graph, int_attribute, ints_attribute, op


@dataclass(frozen=True)
class Anchor:
    """One softmax of the graph, however it is spelled.

    Attributes:
        node: the operator that gives the probabilities.
        source: what is normalised.
        axis: the axis it is normalised over; may count from the end.
        spelling: how it is written.
        nodes: every operator of the spelling.
    """

    node: ir.Node
    source: ir.Value
    axis: int
    spelling: str
    nodes: tuple[ir.Node, ...]

    @property
    def result(self) -> ir.Value:
        """The probabilities."""
        return self.node.outputs[0]


def find_anchors(graph: Graph) -> Iterator[Anchor]:
    """Yield every softmax in execution order."""
    for node in graph.nodes:
        kind = op(node)
        found = None
        if kind in ("Softmax", "com.microsoft.QLinearSoftmax"):
            found = _plain(graph, node, node.op_type)
        elif kind in ("Div", "Mul"):
            found = _quotient(graph, node)
        elif kind == "Exp":
            found = _exponential(graph, node)
        if found is not None:
            yield found


def _plain(graph: Graph, node: ir.Node, spelling: str) -> Anchor | None:
    """Softmax before opset 13 flattened from its axis on, which defaulted to 1."""
    version = graph.model.opset_imports.get("", graph.model.opset_imports.get("ai.onnx", 13))
    source = node.inputs[0]
    axis = int_attribute(node, "axis", -1 if version >= 13 else 1)
    return None if source is None else Anchor(node, source, axis, spelling, (node,))


def _quotient(graph: Graph, node: ir.Node) -> Anchor | None:
    """exp(x) / sum(exp(x)), or the first times the reciprocal of the second."""
    below = node.inputs[1]
    if op(node) == "Mul":
        inverse = _made_by(below, "Reciprocal")
        if inverse is None:
            return None
        below = inverse.inputs[0]
    top, bottom = _made_by(node.inputs[0], "Exp"), _through(below, ("Add", "Clip", "Max", "Expand"))
    total = _made_by(bottom, "ReduceSum")
    if top is None or total is None or _made_by(total.inputs[0], "Exp") is not top:
        return None
    axis = _reduced_axis(graph, total)
    source = top.inputs[0]
    if axis is None or source is None:
        return None
    shifted = _without_maximum(source)
    nodes = (top, total, node) if shifted is source else (_producer(source), top, total, node)
    return Anchor(node, shifted, axis, "Exp/ReduceSum", tuple(n for n in nodes if n is not None))


def _exponential(graph: Graph, node: ir.Node) -> Anchor | None:
    """exp(log_softmax(x)), or exp(x - log(sum(exp(x))))."""
    inner = _producer(node.inputs[0])
    if inner is None:
        return None
    if op(inner) == "LogSoftmax":
        plain = _plain(graph, inner, "Exp(LogSoftmax)")
        return None if plain is None else Anchor(node, plain.source, plain.axis, plain.spelling, (inner, node))
    if op(inner) != "Sub" or inner.inputs[0] is None or inner.inputs[1] is None:
        return None
    total, chain = _log_sum(inner.inputs[1])
    axis = None if total is None else _reduced_axis(graph, total)
    if axis is None or not _same_source(inner.inputs[0], total):
        return None
    return Anchor(node, inner.inputs[0], axis, "Exp(x − LogSumExp)", (*chain, inner, node))


def _log_sum(value: ir.Value) -> tuple[ir.Node | None, tuple[ir.Node, ...]]:
    """Find the sum inside log(sum(exp(x))) or max + log(sum(exp(x - max)))."""
    node = _producer(value)
    if op(node) == "ReduceLogSumExp" and node is not None:
        return node, (node,)
    if op(node) == "Add" and node is not None:
        for side in node.inputs:
            total, chain = _log_sum(side) if side is not None and op(_producer(side)) == "Log" else (None, ())
            if total is not None:
                return total, (*chain, node)
        return None, ()
    if op(node) != "Log" or node is None:
        return None, ()
    total = _made_by(node.inputs[0], "ReduceSum")
    return (total, (total, node)) if total is not None else (None, ())


def _same_source(x: ir.Value, total: ir.Node | None) -> bool:
    """Whether the sum of exponentials is over x itself, shifted or not."""
    if total is None:
        return False
    inner = total.inputs[0]
    if op(total) == "ReduceLogSumExp":
        return inner is x
    exp = _made_by(inner, "Exp")
    return (
        exp is not None and exp.inputs[0] is not None and (exp.inputs[0] is x or _without_maximum(exp.inputs[0]) is x)
    )


def _without_maximum(value: ir.Value) -> ir.Value:
    """Step above x - max(x), which changes no probability."""
    node = _producer(value)
    if node is None or op(node) != "Sub" or node.inputs[0] is None:
        return value
    top = _made_by(_through(node.inputs[1], ("Where", "Expand", "StopGradient")), "ReduceMax")
    return node.inputs[0] if top is not None and _bare(top.inputs[0]) is _bare(node.inputs[0]) else value


def _bare(value: ir.Value | None) -> ir.Value | None:
    """Return the value itself, identities left out."""
    node = _producer(value)
    return value if node is None else node.outputs[0]


def _producer(value: ir.Value | None) -> ir.Node | None:
    """Return the operator that makes a value, identities left out."""
    while value is not None and (node := value.producer()) is not None:
        if op(node) not in ("Identity", "Dropout", "Cast"):
            return node
        value = node.inputs[0]
    return None


def _made_by(value: ir.Value | None, kind: str) -> ir.Node | None:
    node = _producer(value)
    return node if node is not None and op(node) == kind else None


def _through(value: ir.Value | None, kinds: tuple[str, ...]) -> ir.Value | None:
    """Step above one operator of these kinds: a guard against zero, a guard against infinity, a spread."""
    node = _producer(value)
    if node is None or op(node) not in kinds:
        return value
    inputs = [v for v in node.inputs if v is not None and v.producer() is not None]
    reductions = [v for v in inputs if op(_producer(v)).startswith("Reduce")]
    return reductions[0] if reductions else value


def _reduced_axis(graph: Graph, node: ir.Node) -> int | None:
    axes = ints_attribute(node, "axes")
    if axes is None and len(node.inputs) > 1:
        array = graph.constant(node.inputs[1])
        axes = None if array is None else tuple(int(i) for i in array.reshape(-1))
    return axes[0] if axes is not None and len(axes) == 1 else None

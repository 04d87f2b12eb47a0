"""What a convolution's maps become before they meet anything else: batch norm, ReLU, GELU however it is spelled."""

import onnx_ir as ir

from engine.graph.graph import Graph, op

ELEMENTWISE = frozenset(
    {
        *("Relu", "LeakyRelu", "PRelu", "Clip", "Elu", "Selu", "Celu", "Gelu", "Mish", "Sigmoid", "HardSigmoid"),
        *("HardSwish", "Swish", "Softplus", "Softsign", "ThresholdedRelu", "Tanh", "Erf", "Abs", "Exp", "Sqrt"),
        *("Identity", "Cast", "Dropout", "BatchNormalization", "QuantizeLinear", "DequantizeLinear"),
        *("Add", "Sub", "Mul", "Div", "Min", "Max", "Pow"),
        *("com.microsoft.Gelu", "com.microsoft.QuickGelu", "com.microsoft.FastGelu", "com.microsoft.BiasGelu"),
    }
)
"""Operators that keep every number at its place: of one tensor, of several made of it, or of it and constants."""
NONLINEAR = ELEMENTWISE - {
    *("Identity", "Cast", "Dropout", "BatchNormalization", "QuantizeLinear", "DequantizeLinear"),
    *("Add", "Sub", "Mul", "Div"),
}


def activated(graph: Graph, value: ir.Value) -> str:
    """Return the name of the tensor that elementwise operators make of `value` alone, a nonlinearity among them.

    "" where there is none, or where more than one of the tensors on the way is used elsewhere.
    """
    inside: list[ir.Value] = [value]
    nonlinear = False
    for here in inside:  # grows as it goes
        for node, _ in graph.users(here):
            if op(node) in ELEMENTWISE and node.outputs[0] not in inside and _only(graph, node, inside):
                inside.append(node.outputs[0])
                nonlinear = nonlinear or op(node) in NONLINEAR
    known = set(inside)
    leaving = [v for v in inside if v.is_graph_output() or any(n.outputs[0] not in known for n, _ in graph.users(v))]
    if not nonlinear or len(leaving) != 1 or leaving[0] is value:
        return ""
    return leaving[0].name or ""


def _only(graph: Graph, node: ir.Node, inside: list[ir.Value]) -> bool:
    """Whether a node takes nothing but these tensors and constants."""
    return all(v is None or v in inside or graph.is_constant(v) for v in node.inputs)


def last_maps(graph: Graph, value: ir.Value) -> str:
    """Return the name of the tensor that a convolution's maps end in: past elementwise operators and residual sums.

    They end where they are pooled, flattened, convolved again, or go several ways.
    """
    here = value
    while True:
        inside = {here}
        onward = activated(graph, here)
        if onward:
            here = next(v for node in graph.nodes for v in node.outputs if v.name == onward)
            continue
        users = [node for node, _ in graph.users(here)]
        if len(users) != 1 or op(users[0]) not in ELEMENTWISE or users[0].outputs[0] in inside:
            return here.name or ""
        if op(users[0]) not in ("Add", "Sum") and not _only(graph, users[0], [here]):
            return here.name or ""
        here = users[0].outputs[0]

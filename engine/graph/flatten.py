"""Local functions, branches and loops written out, where it is known beforehand how they run.

A tensor inside a function, an If or a Loop cannot become an output of the model. Functions are always written out;
an If whose condition is constant becomes the branch taken; a Loop that is known to turn a few times becomes its
body as many times. Tensors keep their names where those are still free. What depends on the input stays as it is.
"""

from collections.abc import Iterator

import numpy as np
import onnx_ir as ir
from numpy.typing import NDArray
from onnx_ir.passes.common import InlinePass

WORTH = frozenset({"Softmax", "LogSoftmax", "Exp", "Attention", "MultiHeadAttention", "GroupQueryAttention"})
"""Operators that make it worth writing out what they stand in."""
MOST_TURNS = 64
MOST_ROUNDS = 16
FLAT = "mirada.flat"
"""Key in a model's `meta` that says it is not as the file has it."""


def flatten(model: ir.Model) -> None:
    """Write out functions, branches and loops in place, where they hold something worth it; marks the model."""
    if any(_worth(function) for function in model.functions.values()):
        InlinePass()(model)
        model.meta[FLAT] = True
    for _ in range(MOST_ROUNDS):  # what is written out may hold more
        if not any(_write_out(model, node) for node in list(model.graph) if _is_worth(node)):
            return
        model.meta[FLAT] = True


def is_flat(model: ir.Model) -> bool:
    """Return whether a model was changed by `flatten`."""
    return bool(model.meta.get(FLAT))


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


def _write_out(model: ir.Model, node: ir.Node) -> bool:
    if node.domain not in ("", "ai.onnx"):
        return False
    if node.op_type == "If":
        return _branch(model.graph, node)
    return node.op_type == "Loop" and _loop(model.graph, node)


def _branch(graph: ir.Graph, node: ir.Node) -> bool:
    condition = _number(node.inputs[0])
    if condition is None:
        return False
    body = node.attributes["then_branch" if condition else "else_branch"].as_graph()
    results = list(body.outputs)
    _move(graph, node, body)
    _replace(graph, node, results)
    return True


def _loop(graph: ir.Graph, node: ir.Node) -> bool:
    """Write a loop out whose turns are counted beforehand and which never stops early."""
    body = node.attributes["body"].as_graph()
    turns, start = _number(node.inputs[0]), _number(node.inputs[1]) if node.inputs[1] is not None else True
    carried = len(node.inputs) - 2
    if turns is None or not start or not 1 <= turns <= MOST_TURNS or not _goes_on(body):
        return False
    if len(body.outputs) != 1 + carried:  # results of every turn would have to be put together
        return False
    values: list[ir.Value | None] = list(node.inputs[2:])
    for turn in range(int(turns)):
        copy = body if turn == turns - 1 else body.clone(allow_outer_scope_values=True)
        counted = _constant(graph, node, np.array(turn, np.int64))
        going = _constant(graph, node, np.array(True))
        for inner, outer in zip(copy.inputs, [counted, going, *values], strict=True):
            if outer is not None:
                inner.replace_all_uses_with(outer, replace_graph_outputs=True)
        values = list(copy.outputs[1:])
        _move(graph, node, copy)
    _replace(graph, node, [v for v in values if v is not None])
    return True


def _goes_on(body: ir.Graph) -> bool:
    """Whether a loop's condition stays what it was, or is constantly true."""
    value: ir.Value | None = body.outputs[0]
    while value is not None and (maker := value.producer()) is not None and maker.op_type in ("Identity", "Cast"):
        value = maker.inputs[0]
    return value is body.inputs[1] or bool(_number(value))


def _number(value: ir.Value | None) -> float | None:
    """Return a constant of one element; None where it depends on the input."""
    if value is None or value.is_graph_input():
        return None
    tensor = ir.convenience.get_const_tensor(value)
    return float(tensor.numpy().reshape(-1)[0]) if tensor is not None and tensor.size == 1 else None


def _constant(graph: ir.Graph, before: ir.Node, array: NDArray[np.generic]) -> ir.Value:
    node = ir.Node("", "Constant", [], [ir.AttrTensor("value", ir.tensor(array))])
    graph.insert_before(before, node)
    node.outputs[0].name = _free(graph, f"{before.outputs[0].name}/turn")
    return node.outputs[0]


def _move(graph: ir.Graph, before: ir.Node, body: ir.Graph) -> None:
    """Move operators and weights of an inner graph in front of the operator that holds it."""
    taken = _names(graph)
    weights = [value for value in body.initializers.values() if value.const_value is not None]
    nodes = list(body)
    body.outputs.clear()
    for value in weights:
        body.initializers.pop(value.name or "")
        _rename(value, taken)
        graph.register_initializer(value)
    body.remove(nodes)
    labels = {node.name for node in graph if node.name}
    for node in nodes:
        if node.name:
            node.name = _unused(node.name, labels)
            labels.add(node.name)
        for value in node.outputs:
            _rename(value, taken)
    graph.insert_before(before, nodes)


def _replace(graph: ir.Graph, node: ir.Node, results: list[ir.Value]) -> None:
    """Give the operator's results under their own names from what was written out, and remove it."""
    for old, new in zip(list(node.outputs), results, strict=True):
        name = old.name
        old.name = f"{name}/before"
        given = ir.Node("", "Identity", [new], num_outputs=1)
        given.outputs[0].name = name
        given.outputs[0].shape, given.outputs[0].type = old.shape, old.type
        graph.insert_before(node, given)
        old.replace_all_uses_with(given.outputs[0], replace_graph_outputs=True)
    graph.remove(node, safe=True)


def _names(graph: ir.Graph) -> set[str]:
    names = {value.name for node in graph for value in node.outputs if value.name}
    return names | set(graph.initializers) | {value.name for value in graph.inputs if value.name}


def _free(graph: ir.Graph, name: str) -> str:
    return _unused(name, _names(graph))


def _rename(value: ir.Value, taken: set[str]) -> None:
    if value.name:
        value.name = _unused(value.name, taken)
        taken.add(value.name)


def _unused(name: str, taken: set[str]) -> str:
    found, count = name, 0
    while found in taken:
        count += 1
        found = f"{name}/{count}"
    return found

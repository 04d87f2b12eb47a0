"""What a decision is computed from, as a model of its own: a branch's condition, the turns of a loop."""

from collections.abc import Callable

import numpy as np
import onnx_ir as ir

from engine.graph.choice import Choice

Cone = Callable[[], Choice | None]
"""Makes the model that computes a decision; None where too much leads there. Asked only where it must be."""
Decide = Callable[[str, Cone], int | None]
"""Tells how a decision falls, known by its key; None where nobody can."""

MOST_NODES = 2_000
MOST_BYTES = 16 * 2**20
"""Weights that a decision may hang on; beyond, computing it would be running the model."""


def undecided(_key: str, _cone: Cone) -> None:
    """Decide nothing: what hangs on inputs stays as it is."""


def as_taken(choices: tuple[Choice, ...]) -> Decide:
    """Return a `Decide` that answers as these choices fell."""
    taken = {choice.key: choice.taken for choice in choices}
    return lambda key, _cone: taken.get(key)


def condition_of(model: ir.Model, node: ir.Node, key: str) -> Choice | None:
    """Return how an If's condition is computed."""
    value = node.inputs[0]
    return None if value is None else _choice(model, node, key, _leading_to(model, value))


def turns_of_loop(model: ir.Model, node: ir.Node, key: str) -> Choice | None:
    """Return how often a Loop turns: the loop itself, made to count."""
    graph = _leading_to(model, node.outputs[0])
    loop = None if graph is None else _last(graph)
    if graph is None or loop is None or loop.op_type != "Loop":
        return None
    body = loop.attributes["body"].as_graph()
    counter = ir.Node("", "Identity", [body.inputs[0]], num_outputs=1)
    counter.outputs[0].name = f"{key}/counter"
    counter.outputs[0].type, counter.outputs[0].shape = ir.TensorType(ir.DataType.INT64), ir.Shape(())
    body.append(counter)
    body.outputs.append(counter.outputs[0])
    loop.resize_outputs(len(loop.outputs) + 1)
    loop.outputs[-1].name = f"{key}/counted"
    _append(graph, "Shape", [loop.outputs[-1]], key)
    return _choice(model, node, key, graph)


def turns_of_scan(model: ir.Model, node: ir.Node, key: str, value: ir.Value, axis: int) -> Choice | None:
    """Return how long the axis is that a Scan goes along."""
    graph = _leading_to(model, value)
    if graph is None:
        return None
    shape = _append(graph, "Shape", [graph.outputs[0]], f"{key}/shape")
    at = _append(graph, "Constant", [], f"{key}/axis", value=ir.tensor(np.array([axis], np.int64)))
    _append(graph, "Gather", [shape, at], key)
    return _choice(model, node, key, graph)


def _leading_to(model: ir.Model, value: ir.Value) -> ir.Graph | None:
    """Return a copy of all that leads to a tensor; None where that is too much."""
    try:
        graph = ir.convenience.extract(model.graph, list(model.graph.inputs), [value])
    except ValueError:  # it hangs on something outside the main graph
        return None
    weights = [v.const_value for v in graph.initializers.values() if v.const_value is not None]
    if sum(1 for _ in graph.all_nodes()) > MOST_NODES or sum(tensor.nbytes for tensor in weights) > MOST_BYTES:
        return None
    return graph


def _last(graph: ir.Graph) -> ir.Node | None:
    return graph.outputs[0].producer()


def _append(graph: ir.Graph, kind: str, inputs: list[ir.Value], name: str, **settings: ir.TensorProtocol) -> ir.Value:
    """Append an operator whose result is what the graph gives from now on."""
    node = ir.Node("", kind, inputs, ir.convenience.convert_attributes(settings), num_outputs=1)
    node.outputs[0].name = name
    node.outputs[0].type = ir.TensorType(ir.DataType.INT64)
    graph.append(node)
    graph.outputs[:] = [node.outputs[0]]
    return node.outputs[0]


def _choice(model: ir.Model, node: ir.Node, key: str, graph: ir.Graph | None) -> Choice | None:
    if graph is None:
        return None
    shown = set(graph.outputs)
    inner = {v for sub in graph.subgraphs() for n in sub for v in n.inputs}
    for given in list(graph.inputs):
        if not given.uses() and given not in shown and given not in inner:
            graph.inputs.remove(given)
    alone = ir.Model(graph, ir_version=model.ir_version)
    alone.opset_imports.update(model.opset_imports)
    inputs = tuple(given.name or "" for given in graph.inputs if not given.is_initializer())
    name = node.name or node.outputs[0].name or ""
    return Choice(key, name, node.op_type, 0, inputs, bytes(ir.to_proto(alone).SerializeToString()))

"""Short names: exporters repeat the path of a module three times for each node, which is most of a small graph."""

from __future__ import annotations

from collections.abc import Iterator

import onnx


def shorten(model: onnx.ModelProto) -> onnx.ModelProto:
    """Call inner values t0, t1, … and nodes nothing; inputs, outputs and weights keep their names."""
    if model.functions:
        return model
    graphs = list(_graphs(model.graph))
    kept = {value.name for value in (*model.graph.input, *model.graph.output)}
    kept |= {tensor.name for graph in graphs for tensor in graph.initializer}
    made = [name for graph in graphs for node in graph.node for name in node.output if name]
    made += [value.name for graph in graphs[1:] for value in graph.input]
    short = {name: f"t{i}" for i, name in enumerate(dict.fromkeys(made)) if name not in kept}
    for graph in graphs:
        for node in graph.node:
            node.name = ""
            node.input[:] = [short.get(name, name) for name in node.input]
            node.output[:] = [short.get(name, name) for name in node.output]
        for value in (*graph.value_info, *graph.input, *graph.output):
            value.name = short.get(value.name, value.name)
    return model


def _graphs(graph: onnx.GraphProto) -> Iterator[onnx.GraphProto]:
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            for inner in (*attribute.graphs, *([attribute.g] if attribute.type == onnx.AttributeProto.GRAPH else [])):
                yield from _graphs(inner)

"""Rewriting a graph in ways that change nothing of what it computes."""

import copy

import onnx
from onnx import TensorProto, helper

FLOATS = {TensorProto.FLOAT, TensorProto.FLOAT16}


def shuffled(model, random):
    """Put the nodes into another order in which each still follows what it needs."""
    model = copy.deepcopy(model)
    waiting = list(model.graph.node)
    made_here = {name for node in waiting for name in node.output if name}
    done, ordered = set(), []
    while waiting:
        ready = [node for node in waiting if all(name in done or name not in made_here for name in needs(node))]
        node = random.choice(ready)
        ordered.append(node)
        done.update(node.output)
        waiting.remove(node)
    del model.graph.node[:]
    model.graph.node.extend(ordered)
    return model


def needs(node):
    """Names a node reads, those that its subgraphs read from outside included."""
    found = {name for name in node.input if name}
    for attribute in node.attribute:
        for graph in (*([attribute.g] if attribute.type == onnx.AttributeProto.GRAPH else []), *attribute.graphs):
            found |= {name for inner in graph.node for name in needs(inner)}
    return found


def renamed(model, random):
    """Give every node, weight and inner tensor a name that says nothing; stated inner shapes are dropped."""
    model = copy.deepcopy(model)
    kept = {info.name for info in (*model.graph.input, *model.graph.output)}
    numbers = list(range(10_000))
    random.shuffle(numbers)
    names = {}

    def name(old):
        if not old or old in kept:
            return old
        return names.setdefault(old, f"t{numbers[len(names)]}")

    for number, node in enumerate(model.graph.node):
        node.name = f"op{numbers[number]}"
        node.input[:] = [name(old) for old in node.input]
        node.output[:] = [name(old) for old in node.output]
    for weight in model.graph.initializer:
        weight.name = name(weight.name)
    for info in model.graph.value_info:
        info.name = name(info.name)
    return model


def has_subgraphs(model):
    """Return whether some node holds a graph of its own."""
    kinds = (onnx.AttributeProto.GRAPH, onnx.AttributeProto.GRAPHS)
    return any(attribute.type in kinds for node in model.graph.node for attribute in node.attribute)


def padded_with(model, random, kinds=("Identity", "Cast", "Dropout"), share=0.4):
    """Put operators that do nothing behind some of the tensors, and in front of some inputs of nodes."""
    model = copy.deepcopy(model)
    inferred = onnx.shape_inference.infer_shapes(model)
    infos = (*inferred.graph.input, *inferred.graph.value_info, *inferred.graph.output)
    types = {info.name: info.type.tensor_type.elem_type for info in infos}
    types |= {weight.name: weight.data_type for weight in model.graph.initializer}
    kept = {info.name for info in model.graph.output}
    opset = next(entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx"))
    out, count = [], 0

    def silent(source):
        nonlocal count
        kind = random.choice(kinds)
        if types.get(source) not in FLOATS or (kind == "Dropout" and opset < 12):
            kind = "Identity"
        count += 1
        extra = {"to": types[source]} if kind == "Cast" else {}
        node = helper.make_node(kind, [source], [f"silent.{count}"], name=f"silent.{count}", **extra)
        types[node.output[0]] = types.get(source)
        return node

    stand_in = {}
    for node in model.graph.node:
        for place, source in enumerate(node.input):
            if source in stand_in and random.random() < 0.9:
                node.input[place] = stand_in[source]
            elif source and source in types and random.random() < share / 4:
                before = silent(source)
                out.append(before)
                node.input[place] = before.output[0]
        out.append(node)
        for made in node.output:
            if made and made not in kept and made in types and random.random() < share:
                after = silent(made)
                out.append(after)
                stand_in[made] = after.output[0]
    del model.graph.node[:]
    model.graph.node.extend(out)
    return model


def without_shapes(model):
    """Forget the inner shapes that the file states."""
    model = copy.deepcopy(model)
    del model.graph.value_info[:]
    return model

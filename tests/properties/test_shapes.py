"""What the engine says of a graph before running it, held against what a run shows: shapes, and folded numbers."""

import numpy as np
import onnx
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from onnx.reference import ReferenceEvaluator

from engine.graph.graph import Graph
from engine.graph.read import read_model
from engine.graph.shape_rules import BROADCAST
from engine.runtime.session import Session
from tests.conformance.references import references
from tests.properties.attention_graphs import build, spellings
from tests.properties.rewrites import has_subgraphs, without_shapes

TRIES = settings(
    deadline=None,
    derandomize=True,
    max_examples=25,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CASES = references()


def hold(path, feeds, wanted=0.2):
    """Check every shape and number that the engine tells against two runs; it must tell some.

    What rests on a guess is left out: a run checks the attention that comes of it.

    Args:
        path: the model.
        feeds: its input.
        wanted: share of tensors whose rank must be told.
    """
    model = read_model(path)
    graph = Graph(model)
    values = [value for node in graph.nodes for value in node.outputs if value.name]
    session = Session(path, [v.name for v in values if not v.is_graph_output()])
    names = [value.name for value in values]
    shown = session.run(feeds, names)
    other = session.run({n: a + 0.5 if a.dtype.kind == "f" else a for n, a in feeds.items()}, names)
    sizes = {}
    for value in model.graph.inputs:
        for dim, size in zip(value.shape or (), feeds[value.name].shape, strict=True):
            if getattr(dim, "value", None) is not None:
                sizes[dim.value] = size
    told, guessed = 0, set()
    for value in values:
        if is_guess(graph, value.producer(), guessed):
            guessed.add(value)
            continue
        array, dims = shown[value.name], graph.shape(value)
        if dims is not None:
            told += 1
            assert len(dims) == array.ndim, (value.name, value.producer().op_type, dims, array.shape)
            for dim, size in zip(dims, array.shape, strict=True):
                said = sizes.get(dim) if isinstance(dim, str) else dim
                assert said is None or said == size, (value.name, value.producer().op_type, dims, array.shape)
        folded = graph.constant(value)
        if folded is not None:
            assert folded.size == array.size, (value.name, value.producer().op_type)
            np.testing.assert_allclose(folded.reshape(array.shape), array, rtol=1e-6, err_msg=value.name)
        if graph.is_constant(value):
            np.testing.assert_array_equal(other[value.name], array, err_msg=value.name)
    assert told >= wanted * (len(values) - len(guessed))


def is_guess(graph, node, guessed):
    """Return whether a shape rests on taking an operand of unknown rank for no larger than the one beside it."""
    inputs = [value for value in node.inputs if value is not None]
    return any(value in guessed for value in inputs) or (
        node.op_type in BROADCAST and any(graph.shape(value) is None for value in inputs)
    )


@TRIES
@given(case=st.sampled_from(CASES))
def test_exported_graphs(case, tmp_path):
    model = onnx.load(case.path, load_external_data=False)
    assume(not has_subgraphs(model) and not model.functions)
    assume(not any(w.data_location == onnx.TensorProto.EXTERNAL for w in model.graph.initializer))
    hold(case.path, case.feeds)
    path = tmp_path / "bare.onnx"
    onnx.save(without_shapes(model), path)
    hold(path, case.feeds)


@TRIES
@given(spelling=spellings())
def test_generated_graphs(spelling, tmp_path):
    model, feeds, _ = build(spelling)
    path = tmp_path / "model.onnx"
    onnx.save(model, path)
    hold(path, feeds, wanted=1.0)


# Arithmetic on sizes, as exporters write it.

BINARY = {"Add": np.add, "Sub": np.subtract, "Mul": np.multiply, "Max": np.maximum, "Min": np.minimum}


@st.composite
def size_programs(draw):
    """Draw nodes that compute vectors of sizes from the shape of an input."""
    shape = draw(st.lists(st.integers(1, 5), min_size=1, max_size=4))
    nodes = [onnx.helper.make_node("Shape", ["x"], ["s0"])]
    weights, lengths = [], {"s0": len(shape)}

    def vector(*numbers):
        weights.append(onnx.numpy_helper.from_array(np.array(numbers, np.int64), f"c{len(weights)}"))
        return weights[-1].name

    for number in range(1, draw(st.integers(2, 7))):
        name = f"s{number}"
        source = draw(st.sampled_from(sorted(lengths)))
        length = lengths[source]
        kind = draw(st.sampled_from(["Gather", "Slice", "Concat", "Cast", "Identity", *BINARY]))
        if kind == "Gather":
            picked = draw(st.lists(st.integers(-length, length - 1), min_size=1, max_size=3))
            nodes.append(onnx.helper.make_node(kind, [source, vector(*picked)], [name], axis=0))
            lengths[name] = len(picked)
        elif kind == "Slice":
            start = draw(st.integers(0, length - 1))
            end = draw(st.sampled_from([length, 2**62, *range(start + 1, length + 1)]))
            nodes.append(onnx.helper.make_node(kind, [source, vector(start), vector(end), vector(0)], [name]))
            lengths[name] = min(end, length) - start
        elif kind == "Concat":
            other = draw(st.sampled_from(sorted(lengths)))
            nodes.append(onnx.helper.make_node(kind, [source, other], [name], axis=0))
            lengths[name] = length + lengths[other]
        elif kind in BINARY:
            numbers = draw(st.lists(st.integers(1, 4), min_size=length, max_size=length))
            nodes.append(onnx.helper.make_node(kind, [source, vector(*numbers)], [name]))
            lengths[name] = length
        else:
            extra = {"to": onnx.TensorProto.INT64} if kind == "Cast" else {}
            nodes.append(onnx.helper.make_node(kind, [source], [name], **extra))
            lengths[name] = length
    return shape, nodes, weights


@settings(TRIES, max_examples=150)
@given(program=size_programs(), named=st.booleans())
def test_arithmetic_on_sizes(program, named, tmp_path):
    shape, nodes, weights = program
    names = [node.output[0] for node in nodes]
    symbols = [f"n{i}" if named and i % 2 == 0 else size for i, size in enumerate(shape)]
    info = onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, symbols)
    outs = [onnx.helper.make_tensor_value_info(name, onnx.TensorProto.INT64, None) for name in names]
    model = onnx.helper.make_model(
        onnx.helper.make_graph(nodes, "g", [info], outs, weights), opset_imports=[onnx.helper.make_opsetid("", 17)]
    )
    path = tmp_path / "sizes.onnx"
    onnx.save(model, path)
    truth = dict(zip(names, ReferenceEvaluator(model).run(None, {"x": np.zeros(shape, np.float32)}), strict=True))
    graph = Graph(read_model(path))
    sizes = {f"n{i}": size for i, size in enumerate(shape)}
    for node in graph.nodes:
        value = node.outputs[0]
        dims, folded = graph.constants.dims(value), graph.constant(value)
        if dims is not None:
            assert len(dims) == truth[value.name].size
            for dim, number in zip(dims, truth[value.name], strict=True):
                assert dim is None or (sizes[dim] if isinstance(dim, str) else dim) == number
        if not named:
            assert folded is not None, node.op_type
        if folded is not None:
            np.testing.assert_array_equal(folded, truth[value.name])

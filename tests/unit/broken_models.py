"""Small models made by hand, most of them wrong in one way each."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

X = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3])
Y = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 3])
RELU = helper.make_node("Relu", ["x"], ["y"])


def make(nodes, inputs=(X,), outputs=(Y,), weights=(), opset=17, ir_version=8, domains=()):
    """Return a model of these nodes."""
    graph = helper.make_graph(list(nodes), "g", list(inputs), list(outputs), list(weights))
    imports = [helper.make_opsetid("", opset), *(helper.make_opsetid(name, version) for name, version in domains)]
    return helper.make_model(graph, opset_imports=imports, ir_version=ir_version)


def tensor(shape, kind=TensorProto.FLOAT, name="x"):
    """Return what a graph says of an input or output."""
    return helper.make_tensor_value_info(name, kind, shape)


def weight(array, name="w"):
    """Return an initializer."""
    return numpy_helper.from_array(np.asarray(array), name)


def external(location, shape=(3,), **entries):
    """Return a weight that lies in another file."""
    found = onnx.TensorProto(name="w", data_type=TensorProto.FLOAT, dims=shape, data_location=TensorProto.EXTERNAL)
    for key, value in {"location": location, **entries}.items():
        found.external_data.add(key=key, value=str(value))
    return found


def in_initializer(found):
    """Return a model that adds an external weight to its input."""
    return make([helper.make_node("Add", ["x", "w"], ["y"])], weights=[found])


def in_constant(found):
    """Return a model whose Constant node holds the external weight."""
    return make([helper.make_node("Constant", [], ["w"], value=found), helper.make_node("Add", ["x", "w"], ["y"])])


def in_branch(found):
    """Return a model whose external weight belongs to one branch of an If."""
    out = [tensor([1, 3], name="z")]
    yes = helper.make_graph([helper.make_node("Add", ["x", "w"], ["z"])], "yes", [], out, [found])
    no = helper.make_graph([helper.make_node("Relu", ["x"], ["z"])], "no", [], out)
    choose = helper.make_node("If", ["c"], ["y"], then_branch=yes, else_branch=no)
    return make([choose], inputs=[X, tensor([], TensorProto.BOOL, "c")])


def in_function(found):
    """Return a model whose external weight belongs to a Constant of a local function."""
    body = [helper.make_node("Constant", [], ["w"], value=found), helper.make_node("Add", ["a", "w"], ["b"])]
    plus = helper.make_function("local", "Plus", ["a"], ["b"], body, [helper.make_opsetid("", 17)])
    model = make([helper.make_node("Plus", ["x"], ["y"], domain="local")], domains=[("local", 1)])
    model.functions.append(plus)
    return model


def write(path: Path, content) -> Path:
    """Write a model, bytes or text to a file."""
    if isinstance(content, onnx.ModelProto):
        content = content.SerializeToString()
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def one_weight(values=(1, 2, 3)):
    """Return the bytes of a file of weights."""
    return np.array(values, np.float32).tobytes()


# What the graph or the runtime refuses: (model, code, words that the sentence must hold).
REFUSED = {
    "opset too new": (make([RELU], opset=99), "opset", "28 or lower"),
    "another set too new": (make([RELU], domains=[("ai.onnx.ml", 77)]), "opset-other", "ai.onnx.ml"),
    "format too new": (make([RELU], ir_version=99), "ir-version", "IR version"),
    "custom operator": (
        make([helper.make_node("Zap", ["x"], ["y"], domain="my.ops")], domains=[("my.ops", 1)]),
        "custom-op",
        "my.ops:Zap",
    ),
    "custom operator, set not named": (
        make([helper.make_node("Zap", ["x"], ["y"], domain="my.ops")]),
        "custom-op",
        "my.ops:Zap",
    ),
    "operator of a newer opset": (
        make(
            [helper.make_node("Attention", ["x", "x", "x"], ["y"], q_num_heads=1, kv_num_heads=1)],
            [tensor([1, 2, 3])],
            [tensor([1, 2, 3], name="y")],
        ),
        "op-not-in-opset",
        "Attention",
    ),
    "no such operator": (make([helper.make_node("Zap", ["x"], ["y"])]), "op-not-in-opset", "Zap"),
    "no kernel for the type": (
        make(
            [helper.make_node("Erf", ["x"], ["y"])],
            [tensor([1, 3], TensorProto.DOUBLE)],
            [tensor([1, 3], TensorProto.DOUBLE, "y")],
        ),
        "no-kernel",
        "operator Erf",
    ),
    "numbers in bfloat16": (
        make(
            [helper.make_node("Add", ["x", "x"], ["y"])],
            [tensor([1, 3], TensorProto.BFLOAT16)],
            [tensor([1, 3], TensorProto.BFLOAT16, "y")],
        ),
        "no-bfloat16",
        "computes in bfloat16",
    ),
    "numbers in bfloat16 inside": (
        make(
            [
                helper.make_node("Cast", ["x"], ["a"], to=TensorProto.BFLOAT16),
                helper.make_node("Softmax", ["a"], ["b"]),
                helper.make_node("Cast", ["b"], ["y"], to=TensorProto.FLOAT),
            ]
        ),
        "no-bfloat16",
        "no ReduceMax",
    ),
    "two types in one sum": (
        make([helper.make_node("Add", ["x", "w"], ["y"])], weights=[weight([1, 2, 3])]),
        "bad-graph",
        "different types",
    ),
    "sizes that do not fit": (
        make([helper.make_node("MatMul", ["x", "w"], ["y"])], weights=[weight(np.ones((4, 5), np.float32))]),
        "bad-graph",
        "Incompatible dimensions",
    ),
    "a value from nowhere": (make([helper.make_node("Relu", ["z"], ["y"])]), "bad-graph", "'z'"),
    "an output from nowhere": (make([helper.make_node("Relu", ["x"], ["q"])]), "bad-graph", "output (y)"),
    "a circle": (
        make(
            [
                helper.make_node("Add", ["x", "b"], ["a"]),
                helper.make_node("Relu", ["a"], ["b"]),
                helper.make_node("Relu", ["a"], ["y"]),
            ]
        ),
        "bad-graph",
        "not acyclic",
    ),
    "one name twice": (make([RELU, RELU]), "graph-broken", "hold together"),
    "an axis too many": (make([helper.make_node("Softmax", ["x"], ["y"], axis=7)]), "bad-graph", "axis"),
    "an attribute too many": (make([helper.make_node("Relu", ["x"], ["y"], zap=7)]), "bad-graph", "zap"),
    "an operand too few": (make([helper.make_node("MatMul", ["x"], ["y"])]), "bad-graph", "MatMul"),
    "no nodes": (make([], outputs=[X]), "no-nodes", "no operators"),
    "no operator set": (
        helper.make_model(helper.make_graph([RELU], "g", [X], [Y]), opset_imports=[]),
        "not-onnx",
        "not an ONNX model",
    ),
    "an empty message": (onnx.ModelProto(ir_version=8), "not-onnx", "not an ONNX model"),
}

# Files that are no models at all.
NO_MODEL = {
    "text": b"hello, this is only some text\n" * 40,
    "web page": b"<!DOCTYPE html><html><body>404</body></html>",
    "json": b'{"model_type": "vit"}',
    "zip": b"PK\x03\x04" + bytes(300),
    "pytorch": b"\x80\x02}q\x00.",
    "png": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "onnxruntime format": b"\x18\x00\x00\x00ORTM" + bytes(100),
    "tensorflow lite": b"\x1c\x00\x00\x00TFL3" + bytes(100),
    "zeros": bytes(1000),
    "one byte": b"\x08",
}


GATHER = make(
    [helper.make_node("Gather", ["w", "x"], ["y"])],
    [tensor(["n"], TensorProto.INT64)],
    [tensor(["n", 3], name="y")],
    [weight(np.ones((5, 3), np.float32))],
)
RESHAPE = make(
    [helper.make_node("Reshape", ["x", "w"], ["y"])],
    [tensor(["n"])],
    [tensor([7, "m"], name="y")],
    [weight(np.array([7, -1]))],
)
MATMUL = make(
    [helper.make_node("MatMul", ["x", "w"], ["y"])],
    [tensor(["n", "m"])],
    [tensor(["n", 3], name="y")],
    [weight(np.ones((4, 3), np.float32))],
)
ADD = make(
    [helper.make_node("Add", ["x", "w"], ["y"])],
    [tensor(["n", "m"])],
    [tensor(["n", "m"], name="y")],
    [weight(np.ones((1, 5), np.float32))],
)
EXPAND = make(
    [helper.make_node("Expand", ["x", "s"], ["y"])],
    [tensor([1]), tensor([2], TensorProto.INT64, "s")],
    [tensor(None, name="y")],
)
FIXED = make([RELU])

# What a run refuses: (model, feeds, code, words).
FAILING = {
    "unknown input": (FIXED, {"z": np.ones((1, 3))}, "input-unknown", "Its inputs are: x."),
    "missing input": (FIXED, {}, "input-missing", "shape 1×3"),
    "wrong size": (FIXED, {"x": np.ones((2, 3))}, "input-shape", "shape 2×3; the model takes 1×3"),
    "wrong rank": (FIXED, {"x": np.ones(3)}, "input-shape", "shape 3; the model takes 1×3"),
    "nothing in it": (FIXED, {"x": np.ones((0, 3))}, "input-shape", "shape 0×3"),
    "one number": (FIXED, {"x": 1.0}, "input-shape", "shape (); the model takes 1×3"),
    "open sizes by name": (MATMUL, {"x": np.ones(4)}, "input-shape", "the model takes n×m"),
    "text for numbers": (FIXED, {"x": "hello"}, "input-type", "float32"),
    "texts for numbers": (FIXED, {"x": np.array([["1", "2", "3"]])}, "input-type", "float32"),
    "objects": (FIXED, {"x": [[None, 1, 2]]}, "input-type", "float32"),
    "nothing": (FIXED, {"x": None}, "input-type", "float32"),
    "ragged": (FIXED, {"x": [[1, 2], [3]]}, "input-type", "float32"),
    "complex": (FIXED, {"x": np.ones((1, 3), complex)}, "input-type", "float32"),
    "a dictionary": (FIXED, {"x": {}}, "input-type", "float32"),
    "halves for ids": (GATHER, {"x": np.array([1.5])}, "input-type", "int64"),
    "nan for ids": (GATHER, {"x": np.array([np.nan])}, "input-type", "int64"),
    "infinity for ids": (GATHER, {"x": np.array([np.inf])}, "input-type", "int64"),
    "id outside the table": (GATHER, {"x": np.array([77])}, "run-failed", "Gather: indices element out of data bounds"),
    "sizes that do not add": (ADD, {"x": np.ones((2, 3))}, "run-failed", "Add: Attempting to broadcast"),
    "sizes that do not multiply": (MATMUL, {"x": np.ones((2, 5))}, "run-failed", "dimension mismatch"),
    "a reshape that cannot be": (RESHAPE, {"x": np.ones(5)}, "run-failed", "Reshape: The input tensor cannot be"),
    "too much memory": (EXPAND, {"x": [1.0], "s": [2**24, 2**24]}, "out-of-memory", "not enough memory"),
    "a negative size": (EXPAND, {"x": [1.0], "s": [-5, 2]}, "run-failed", "Expand: "),
}

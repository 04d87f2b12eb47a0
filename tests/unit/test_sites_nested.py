"""Attention inside functions, branches and loops: found where they are known beforehand, else said why not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

import engine

SIZE = (2, 6, 4)
X: NDArray[Any] = np.random.default_rng(3).standard_normal(SIZE).astype(np.float32)
OPSETS = [helper.make_opsetid("", 17), helper.make_opsetid("local", 1)]


def layer(source: str, result: str, prefix: str = "", label: str = "soft") -> list[onnx.NodeProto]:
    """softmax(x · W xᵀ / 2) x + x."""
    p = prefix
    return [
        helper.make_node("MatMul", [source, "weight"], [f"{p}q"]),
        helper.make_node("Transpose", [source], [f"{p}k"], perm=(0, 2, 1)),
        helper.make_node("MatMul", [f"{p}q", f"{p}k"], [f"{p}s"]),
        helper.make_node("Div", [f"{p}s", "two"], [f"{p}d"]),
        helper.make_node("Softmax", [f"{p}d"], [f"{p}p"], name=f"{p}{label}", axis=-1),
        helper.make_node("MatMul", [f"{p}p", source], [f"{p}a"]),
        helper.make_node("Add", [f"{p}a", source], [result]),
    ]


def info(name: str, kind: int = TensorProto.FLOAT, shape: tuple[int, ...] | None = SIZE) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


WEIGHTS = {
    "weight": np.random.default_rng(4).standard_normal((4, 4)).astype(np.float32),
    "two": np.array(2, np.float32),
    "yes": np.array(True),
    "no": np.array(False),
    "turns": np.array(3, np.int64),
    "idle": np.zeros(SIZE, np.float32),
}


def write(
    path: Path, nodes: list[onnx.NodeProto], inputs: tuple[onnx.ValueInfoProto, ...] = (), functions: Any = ()
) -> None:
    weights = [numpy_helper.from_array(v, n) for n, v in WEIGHTS.items()]
    graph = helper.make_graph(nodes, "outer", [info("x"), *inputs], [info("y")], weights)
    onnx.save(helper.make_model(graph, opset_imports=OPSETS, functions=functions, ir_version=9), path)


def branch(condition: str) -> onnx.NodeProto:
    """Attention in one branch, none in the other."""
    yes = helper.make_graph(layer("x", "result"), "then", [], [info("result")])
    no = helper.make_graph([helper.make_node("Identity", ["idle"], ["nothing"])], "else", [], [info("nothing")])
    return helper.make_node("If", [condition], ["y"], then_branch=yes, else_branch=no)


def loop(turns: str, *, stops: bool = False) -> onnx.NodeProto:
    """As many layers of the same weights as turns."""
    again = [helper.make_node("Identity", ["go"], ["on"])]
    if stops:
        again = [helper.make_node("ReduceMax", ["carried"], ["top"], keepdims=0)]
        again.append(helper.make_node("Less", ["top", "two"], ["on"]))
    body = helper.make_graph(
        [*again, *layer("carried", "result")],
        "body",
        [info("turn", TensorProto.INT64, ()), info("go", TensorProto.BOOL, ()), info("carried")],
        [info("on", TensorProto.BOOL, ()), info("result")],
    )
    return helper.make_node("Loop", [turns, "yes", "x"], ["y"], body=body)


def reference(x: NDArray[Any], turns: int) -> list[NDArray[Any]]:
    """Patterns of layers that follow each other, one head each, (batch, head, query, key)."""
    found = []
    for _ in range(turns):
        scores = x @ WEIGHTS["weight"] @ x.swapaxes(-1, -2) / 2
        e = np.exp(scores - scores.max(-1, keepdims=True))
        pattern = e / e.sum(-1, keepdims=True)
        found.append(pattern[:, None])
        x = pattern @ x + x
    return found


def verify(path: Path, turns: int) -> engine.Run:
    model = engine.open_model(path)
    assert len(model.sites) == turns
    assert model.near_misses == ()
    run = model.run({"x": X})
    for site, expected in zip(model.sites, reference(X, turns), strict=True):
        np.testing.assert_allclose(run.pattern(site), expected, atol=1e-5)
    plain = ort.InferenceSession(path, providers=["CPUExecutionProvider"]).run(None, {"x": X})[0]
    np.testing.assert_allclose(run.outputs["y"], np.asarray(plain), atol=1e-4)
    return run


def test_a_branch_that_is_always_taken(tmp_path: Path) -> None:
    write(tmp_path / "m.onnx", [branch("yes")])
    verify(tmp_path / "m.onnx", 1)


def test_a_branch_never_taken_holds_nothing(tmp_path: Path) -> None:
    write(tmp_path / "m.onnx", [branch("no")])
    model = engine.open_model(tmp_path / "m.onnx")
    assert model.sites == ()
    assert not model.run({"x": X}).outputs["y"].any()


def test_a_loop_of_known_turns(tmp_path: Path) -> None:
    write(tmp_path / "m.onnx", [loop("turns")])
    verify(tmp_path / "m.onnx", 3)


def test_a_function_called_twice(tmp_path: Path) -> None:
    function = helper.make_function("local", "Layer", ["x", "weight", "two"], ["out"], layer("x", "out"), OPSETS[:1])
    calls = [
        helper.make_node("Layer", ["x", "weight", "two"], ["h"], domain="local"),
        helper.make_node("Layer", ["h", "weight", "two"], ["y"], domain="local"),
    ]
    write(tmp_path / "m.onnx", calls, functions=[function])
    verify(tmp_path / "m.onnx", 2)


def test_two_branches_with_the_same_names_inside(tmp_path: Path) -> None:
    first, second = branch("yes"), branch("yes")
    first.output[0] = "h"
    for attribute in second.attribute:
        for node in attribute.g.node:
            node.input[:] = ["h" if name == "x" else name for name in node.input]
    write(tmp_path / "m.onnx", [first, second])
    verify(tmp_path / "m.onnx", 2)


def test_attention_in_a_function_in_a_branch_in_a_loop(tmp_path: Path) -> None:
    function = helper.make_function("local", "Layer", ["x", "weight", "two"], ["out"], layer("x", "out"), OPSETS[:1])
    call = helper.make_node("Layer", ["carried", "weight", "two"], ["inner"], domain="local")
    yes = helper.make_graph([call], "then", [], [info("inner")])
    no = helper.make_graph([helper.make_node("Identity", ["idle"], ["nothing"])], "else", [], [info("nothing")])
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["go"], ["on"]),
            helper.make_node("If", ["yes"], ["result"], then_branch=yes, else_branch=no),
        ],
        "body",
        [info("turn", TensorProto.INT64, ()), info("go", TensorProto.BOOL, ()), info("carried")],
        [info("on", TensorProto.BOOL, ()), info("result")],
    )
    write(
        tmp_path / "m.onnx", [helper.make_node("Loop", ["turns", "yes", "x"], ["y"], body=body)], functions=[function]
    )
    verify(tmp_path / "m.onnx", 3)


@pytest.mark.parametrize(
    ("node", "inputs", "code"),
    [
        (branch("wanted"), (info("wanted", TensorProto.BOOL, ()),), "miss-branch"),
        (loop("count"), (info("count", TensorProto.INT64, ()),), "miss-loop"),
        (loop("turns", stops=True), (), "miss-loop"),
    ],
)
def test_what_the_input_decides_about_is_said_so(
    tmp_path: Path, node: onnx.NodeProto, inputs: tuple[onnx.ValueInfoProto, ...], code: str
) -> None:
    write(tmp_path / "m.onnx", [node], inputs)
    model = engine.open_model(tmp_path / "m.onnx")
    assert model.sites == ()
    assert [(miss.node, miss.reason.code) for miss in model.near_misses] == [("soft", code)]
    assert "input decides" in model.near_misses[0].reason.text()

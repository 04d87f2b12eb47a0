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
from engine.runtime.interventions import Uniform

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


def info(name: str, kind: int = TensorProto.FLOAT, shape: tuple[int | str, ...] | None = SIZE) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


WEIGHTS = {
    "weight": np.random.default_rng(4).standard_normal((4, 4)).astype(np.float32),
    "two": np.array(2, np.float32),
    "yes": np.array(True),
    "no": np.array(False),
    "turns": np.array(3, np.int64),
    "first": np.array([0], np.int64),
    "idle": np.zeros(SIZE, np.float32),
}


def write(
    path: Path,
    nodes: list[onnx.NodeProto],
    inputs: tuple[onnx.ValueInfoProto, ...] = (),
    functions: Any = (),
    output: onnx.ValueInfoProto | None = None,
    size: tuple[int | str, ...] = SIZE,
) -> None:
    weights = [numpy_helper.from_array(v, n) for n, v in WEIGHTS.items()]
    graph = helper.make_graph(nodes, "outer", [info("x", shape=size), *inputs], [output or info("y")], weights)
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


FLAG, COUNT = info("wanted", TensorProto.BOOL, ()), info("count", TensorProto.INT64, ())


def test_a_branch_that_an_input_decides_about_follows_the_input(tmp_path: Path) -> None:
    write(tmp_path / "m.onnx", [branch("wanted")], (FLAG,))
    model = engine.open_model(tmp_path / "m.onnx")
    assert model.sites == ()  # a flag that nobody gives is off
    assert [note.code for note in model.description.notes] == ["branch-false"]
    run = model.run({"x": X, "wanted": True})
    assert [note.code for note in model.description.notes] == ["branch-true"]
    assert "wanted" in model.description.notes[0].text()
    np.testing.assert_allclose(run.pattern(run.model.sites[0]), reference(X, 1)[0], atol=1e-5)
    again = model.run({"x": X})
    assert again.model.sites == model.sites == ()
    assert not again.outputs["y"].any()
    np.testing.assert_allclose(run.own_pattern(run.model.sites[0]), reference(X, 1)[0], atol=1e-5)  # fetched late


def test_a_loop_turns_as_often_as_an_input_says(tmp_path: Path) -> None:
    write(tmp_path / "m.onnx", [loop("count")], (COUNT,))
    model = engine.open_model(tmp_path / "m.onnx")
    for turns in (2, 0, 5):
        run = model.run({"x": X, "count": turns})
        assert len(model.sites) == turns
        for site, expected in zip(model.sites, reference(X, turns), strict=True):
            np.testing.assert_allclose(run.pattern(site), expected, atol=1e-5)
        assert model.description.notes[0].text().endswith(f"{turns} turns are shown")


def test_a_loop_that_ends_by_itself(tmp_path: Path) -> None:
    write(tmp_path / "m.onnx", [loop("turns", stops=True)])
    model = engine.open_model(tmp_path / "m.onnx")
    small = X / 100  # stays below the bound for all turns
    for x, turns in ((X, 1), (small, 3)):
        run = model.run({"x": x})
        assert len(model.sites) == turns
        plain = ort.InferenceSession(tmp_path / "m.onnx", providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]
        np.testing.assert_allclose(run.outputs["y"], np.asarray(plain), atol=1e-4)
        for site, expected in zip(model.sites, reference(x, turns), strict=True):
            np.testing.assert_allclose(run.pattern(site), expected, atol=1e-5)


def test_too_many_turns_are_said_so(tmp_path: Path) -> None:
    write(tmp_path / "m.onnx", [loop("count")], (COUNT,))
    model = engine.open_model(tmp_path / "m.onnx")
    run = model.run({"x": X / 1000, "count": 65})
    assert model.sites == ()
    assert [(miss.node, miss.reason.code) for miss in model.near_misses] == [("soft", "miss-turns")]
    assert "65 turns" in model.near_misses[0].reason.text()
    assert np.isfinite(run.outputs["y"]).all()


def scan(axis: int, out: int, *, back: bool = False) -> onnx.NodeProto:
    """Attention within each slice of a sequence; results of all slices along an axis, and a state that counts."""
    body = helper.make_graph(
        [
            helper.make_node("Unsqueeze", ["part", "first"], ["batched"]),
            *layer("batched", "each"),
            helper.make_node("Squeeze", ["each", "first"], ["result"]),
            helper.make_node("Add", ["state", "two"], ["next"]),
        ],
        "body",
        [info("state", shape=()), info("part", shape=None)],
        [info("next", shape=()), info("result", shape=None)],
    )
    directions = [int(back)]
    return helper.make_node(
        "Scan",
        ["two", "x"],
        ["count", "y"],
        body=body,
        num_scan_inputs=1,
        scan_input_axes=[axis],
        scan_output_axes=[out],
        scan_input_directions=directions,
        scan_output_directions=directions,
    )


@pytest.mark.parametrize(("axis", "out", "back"), [(0, 0, False), (0, 1, True), (-3, -1, True)])
def test_a_scan_along_any_axis(tmp_path: Path, axis: int, out: int, back: bool) -> None:
    write(tmp_path / "m.onnx", [scan(axis, out, back=back)], output=info("y", shape=None))
    model = engine.open_model(tmp_path / "m.onnx")
    assert len(model.sites) == 2
    run = model.run({"x": X})
    parts = X[::-1] if back else X
    for site, part in zip(model.sites, parts, strict=True):
        np.testing.assert_allclose(run.pattern(site), reference(part[None], 1)[0], atol=1e-5)
    plain = ort.InferenceSession(tmp_path / "m.onnx", providers=["CPUExecutionProvider"]).run(["y"], {"x": X})[0]
    np.testing.assert_allclose(run.outputs["y"], np.asarray(plain), atol=1e-4)


def test_a_scan_as_long_as_its_input(tmp_path: Path) -> None:
    write(tmp_path / "m.onnx", [scan(0, 0)], output=info("y", shape=None), size=("slices", 6, 4))
    model = engine.open_model(tmp_path / "m.onnx")
    for x in (X, np.concatenate([X, X + 1])):
        run = model.run({"x": x})
        for site, part in zip(model.sites, x, strict=True):
            np.testing.assert_allclose(run.pattern(site), reference(part[None], 1)[0], atol=1e-5)


def test_interventions_stay_when_the_branch_changes(tmp_path: Path) -> None:
    write(tmp_path / "m.onnx", [branch("wanted")], (FLAG,))
    model = engine.open_model(tmp_path / "m.onnx")
    run = model.run({"x": X, "wanted": True})
    changed = model.intervene(Uniform(0))
    assert changed.run({"x": X, "wanted": True}).pattern(changed.sites[0]) == pytest.approx(1 / 6)
    np.testing.assert_allclose(run.pattern(run.model.sites[0]), reference(X, 1)[0], atol=1e-5)

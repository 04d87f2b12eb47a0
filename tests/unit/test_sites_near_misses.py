"""Softmaxes that are not attention: none is taken for it, and each says why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

import engine

RNG = np.random.default_rng(2)
Nodes = list[onnx.NodeProto]


def node(op: str, inputs: str, outputs: str, **settings: Any) -> onnx.NodeProto:
    return helper.make_node(op, inputs.split(), outputs.split(), name="softmax" if op == "Softmax" else "", **settings)


def weight(*shape: int) -> np.ndarray[Any, Any]:
    return RNG.standard_normal(shape).astype(np.float32)


CLASSIFIER = [node("MatMul", "tokens w", "l"), node("Softmax", "l", "y", axis=-1)]
SELECTIVE_KERNELS = [  # two branches of a feature map, weighed channel by channel (Li et al. 2019)
    node("Conv", "image k", "a", pads=[1, 1, 1, 1]),
    node("Conv", "image m", "b"),
    node("Add", "a b", "u"),
    node("GlobalAveragePool", "u", "g"),
    node("Conv", "g m", "z0"),
    node("Conv", "g n", "z1"),
    node("Unsqueeze", "z0 one", "z2"),
    node("Unsqueeze", "z1 one", "z3"),
    node("Concat", "z2 z3", "z", axis=1),
    node("Softmax", "z", "s", axis=1),
    node("Unsqueeze", "a one", "a1"),
    node("Unsqueeze", "b one", "b1"),
    node("Concat", "a1 b1", "ab", axis=1),
    node("Mul", "ab s", "w0"),
    node("ReduceSum", "w0 one", "y", keepdims=0),
]
ROUTER = [
    node("MatMul", "tokens w", "l"),
    node("Softmax", "l", "p", axis=-1),
    node("TopK", "p two", "chosen places", axis=-1),
    node("Gather", "experts places", "e", axis=0),
    node("Unsqueeze", "chosen last", "c"),
    node("Mul", "e c", "y"),
]
SOFT_ROUTER = [
    node("MatMul", "tokens w", "l"),
    node("Softmax", "l", "p", axis=-1),
    node("Unsqueeze", "p last", "c"),
    node("MatMul", "tokens w", "h"),
    node("Unsqueeze", "h last", "h1"),
    node("Mul", "h1 c", "y"),
]
GLOBAL_CONTEXT = [  # one score for each place, from that place alone (Cao et al. 2019)
    node("Conv", "image q", "m0"),
    node("Reshape", "m0 flat", "m1"),
    node("Softmax", "m1", "p", axis=-1),
    node("Transpose", "p", "p1", perm=(0, 2, 1)),
    node("Reshape", "image flat", "x1"),
    node("MatMul", "x1 p1", "y"),
]
DISTRIBUTION = [  # the expected bin of a box's side (Li et al. 2020)
    node("MatMul", "tokens w", "l"),
    node("Softmax", "l", "p", axis=-1),
    node("MatMul", "p bins", "y"),
]
GATE = [
    node("GlobalAveragePool", "image", "g"),
    node("Conv", "g m", "z"),
    node("Softmax", "z", "s", axis=1),
    node("Mul", "image s", "y"),
]
GATED = [  # content and position, each a softmax, mixed by a learned gate (d'Ascoli et al. 2021)
    node("MatMul", "tokens w", "query"),
    node("Transpose", "tokens", "key", perm=(0, 2, 1)),
    node("MatMul", "query key", "l"),
    node("Softmax", "l", "p", axis=-1),
    node("Mul", "p half", "p1"),
    node("Add", "p1 near", "p2"),
    node("ReduceSum", "p2 last", "total"),
    node("Div", "p2 total", "p3"),
    node("MatMul", "p3 tokens", "y"),
]
CASES = {
    "classifier": (CLASSIFIER, "miss-answer"),
    "selective kernels": (SELECTIVE_KERNELS, "miss-gate"),
    "router": (ROUTER, "miss-router"),
    "soft router": (SOFT_ROUTER, "miss-gate"),
    "global context": (GLOBAL_CONTEXT, "miss-alone"),
    "distribution": (DISTRIBUTION, "miss-expectation"),
    "squeeze and excite": (GATE, "miss-gate"),
    "gated attention": (GATED, "miss-mixed"),
}
WEIGHTS: dict[str, np.ndarray[Any, Any]] = {
    "w": weight(8, 8),
    "k": weight(8, 8, 3, 3),
    "m": weight(8, 8, 1, 1),
    "n": weight(8, 8, 1, 1),
    "q": weight(1, 8, 1, 1),
    "experts": weight(8, 8),
    "bins": np.arange(8, dtype=np.float32)[:, None],
    "half": np.array(0.5, np.float32),
    "near": np.full((1, 5, 5), 0.1, np.float32),
    "one": np.array([1], np.int64),
    "two": np.array([2], np.int64),
    "last": np.array([-1], np.int64),
    "flat": np.array([0, 0, -1], np.int64),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_not_taken_and_says_why(tmp_path: Path, case: str) -> None:
    nodes, code = CASES[case]
    used = {name for n in nodes for name in n.input}
    shapes = {"tokens": (2, 5, 8), "image": (2, 8, 6, 6)}
    graph = helper.make_graph(
        nodes,
        case.replace(" ", "_"),
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in shapes.items() if n in used],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(v, n) for n, v in WEIGHTS.items() if n in used],
    )
    path = tmp_path / "m.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    model = engine.open_model(path)
    assert model.sites == ()
    assert [(miss.node, miss.reason.code) for miss in model.near_misses] == [("softmax", code)]
    assert model.near_misses[0].reason.text()[0].islower()
    feeds = {n: weight(*s) for n, s in shapes.items() if n in used}
    assert np.isfinite(model.run(feeds).outputs["y"]).all()

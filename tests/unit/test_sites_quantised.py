"""Attention in whole numbers: against the same int8 model's own softmax, in every spelling that ONNX Runtime writes."""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime import quantization

import engine

BATCH, TOKENS, HEADS, DIM = 2, 6, 3, 8
WIDTH = HEADS * DIM
RNG = np.random.default_rng(11)
PIXELS = RNG.standard_normal((BATCH, TOKENS, WIDTH)).astype(np.float32)
Float = NDArray[np.float32]


def plain(path: Path, *, bias: bool = True, mask: bool = False) -> None:
    """Save softmax(scale · QKᵀ + bias) V, spelled out, one layer; `mask` hides later keys by Where."""
    weights = {n: (RNG.standard_normal((WIDTH, WIDTH)) / 2).astype(np.float32) for n in ("q", "k", "v", "o")}
    weights |= {
        "scale": np.float32(DIM**-0.5).reshape(()),
        "bias": RNG.standard_normal((1, 1, 6, 6)).astype(np.float32),
    }
    shape = np.array([0, 0, HEADS, DIM], np.int64)
    nodes = []
    for n, perm in (("q", (0, 2, 1, 3)), ("k", (0, 2, 3, 1)), ("v", (0, 2, 1, 3))):
        nodes += [
            helper.make_node("MatMul", ["x", n], [f"{n}0"]),
            helper.make_node("Reshape", [f"{n}0", "shape"], [f"{n}1"]),
            helper.make_node("Transpose", [f"{n}1"], [f"{n}2"], perm=perm),
        ]
    nodes += [helper.make_node("MatMul", ["q2", "k2"], ["s0"]), helper.make_node("Mul", ["s0", "scale"], ["s1"])]
    if bias:
        nodes.append(helper.make_node("Add", ["s1", "bias"], ["s2"]))
    last = "s2" if bias else "s1"
    if mask:
        nodes.append(helper.make_node("Where", ["seen", last, "low"], ["s3"]))
    nodes += [
        helper.make_node("Softmax", ["s3" if mask else last], ["p"], name="probabilities", axis=-1),
        helper.make_node("MatMul", ["p", "v2"], ["y0"]),
        helper.make_node("Transpose", ["y0"], ["y1"], perm=(0, 2, 1, 3)),
        helper.make_node("Reshape", ["y1", "flat"], ["y2"]),
        helper.make_node("MatMul", ["y2", "o"], ["y"]),
    ]
    weights |= {"seen": np.tril(np.ones((1, 1, 6, 6), bool)), "low": np.float32(-30).reshape(())} if mask else {}
    constants = {**weights, "shape": shape, "flat": np.array([0, 0, WIDTH], np.int64)}
    graph = helper.make_graph(
        nodes,
        "attention",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, PIXELS.shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, PIXELS.shape)],
        [numpy_helper.from_array(v, n) for n, v in constants.items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)


class Once(quantization.CalibrationDataReader):  # type: ignore[misc]  # its package ships no types
    def __init__(self) -> None:
        self._left = [{"x": PIXELS}]

    def get_next(self) -> dict[str, Float] | None:
        return self._left.pop() if self._left else None


def dynamic(given: Path, wanted: Path) -> None:
    quantization.quantize_dynamic(given, wanted, extra_options={"MatMulConstBOnly": False})


def static(given: Path, wanted: Path) -> None:
    quantization.quantize_static(given, wanted, Once(), quant_format=quantization.QuantFormat.QDQ)


def operators(given: Path, wanted: Path) -> None:
    quantization.quantize_static(given, wanted, Once(), quant_format=quantization.QuantFormat.QOperator)


def optimised(given: Path, wanted: Path) -> None:
    options = ort.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(wanted)
    ort.InferenceSession(given, options, providers=["CPUExecutionProvider"])


def own_softmax(path: Path, name: str, scale: str | None = None) -> Float:
    """The model's own probabilities, by tapping the tensor; quantised ones are turned back."""
    model = onnx.load(path)
    found = next(n for n in model.graph.node if n.op_type.endswith("Softmax"))
    names = [found.output[0], *(found.input[3:5] if "QLinear" in found.op_type else [])]
    constants = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    model.graph.output.add().name = names[0]
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    result = np.asarray(session.run(names[:1], {"x": PIXELS})[0])
    if len(names) == 1:
        return result
    zero = constants[names[2]].astype(np.float32)
    return np.asarray((result.astype(np.float32) - zero) * constants[names[1]], np.float32)


Route = Callable[[Path, Path], None]
ROUTES: dict[str, tuple[tuple[Route, ...], str]] = {
    "dynamic": ((dynamic,), "MatMulInteger"),
    "dynamic, optimised": ((dynamic, optimised), "DynamicQuantizeMatMul"),
    "static": ((static,), "QuantizeLinear"),
    "static, optimised": ((static, optimised), "QLinearMatMul"),
    "operators": ((operators,), "QLinearSoftmax"),
}


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("route", ROUTES)
def test_the_pattern_is_the_int8_models_own(tmp_path: Path, route: str, bias: bool) -> None:
    steps, spelling = ROUTES[route]
    path = tmp_path / "0.onnx"
    plain(path, bias=bias)
    logging.disable(logging.WARNING)
    with contextlib.redirect_stdout(io.StringIO()):
        for i, step in enumerate(steps, start=1):
            step(path, tmp_path / f"{i}.onnx")
            path = tmp_path / f"{i}.onnx"
    logging.disable(logging.NOTSET)
    model = engine.open_model(path)
    assert [site.heads for site in model.sites] == [HEADS]
    assert spelling in model.sites[0].op
    run = model.run({"x": PIXELS})
    expected = own_softmax(path, "probabilities")
    np.testing.assert_allclose(run.pattern(model.sites[0]), expected, atol=1e-5)
    assert run.error(model.sites[0]) < 1e-5
    assert run.value(model.sites[0]).shape == (BATCH, HEADS, TOKENS, DIM)


@pytest.mark.parametrize("route", ["static", "static, optimised"])
def test_a_mask_on_whole_scores_is_replayed(tmp_path: Path, route: str) -> None:
    path = tmp_path / "0.onnx"
    plain(path, bias=False, mask=True)
    logging.disable(logging.WARNING)
    with contextlib.redirect_stdout(io.StringIO()):
        for i, step in enumerate(ROUTES[route][0], start=1):
            step(path, tmp_path / f"{i}.onnx")
            path = tmp_path / f"{i}.onnx"
    logging.disable(logging.NOTSET)
    model = engine.open_model(path)
    assert model.sites[0].plan.replayed
    run = model.run({"x": PIXELS})
    np.testing.assert_allclose(run.pattern(model.sites[0]), own_softmax(path, "probabilities"), atol=1e-5)
    assert "where" in [step.kind for step in model.sites[0].plan.steps]


def test_rounding_between_product_and_softmax_is_replayed(tmp_path: Path) -> None:
    path = tmp_path / "0.onnx"
    plain(path)
    static(path, tmp_path / "1.onnx")
    model = engine.open_model(tmp_path / "1.onnx")
    site = model.sites[0]
    assert site.factored
    assert [step.kind for step in site.plan.steps] == ["round", "scale", "round", "add", "round"]
    run = model.run({"x": PIXELS})
    scale = site.plan.steps[-1].factor
    levels: NDArray[Any] = run.scores(site) / scale
    np.testing.assert_allclose(levels, np.rint(levels), atol=1e-3)


def test_scale_and_mask_as_quantised_operators_are_replayed(tmp_path: Path) -> None:
    """QLinearMul and QLinearWhere between a QLinearMatMul and a softmax of floats."""
    numbers: dict[str, Any] = {
        "seen": np.tril(np.ones((1, 1, 6, 6), bool)),
        "xs": np.float32(0.03),
        "ss": np.float32(0.2),
        "ms": np.float32(0.05),
        "ws": np.float32(0.06),
        "z": np.uint8(128),
        "low": np.uint8(3),
        "times": np.uint8(143),
    }
    nodes = [
        helper.make_node("QuantizeLinear", ["q", "xs", "z"], ["qq"]),
        helper.make_node("QuantizeLinear", ["k", "xs", "z"], ["kq"]),
        helper.make_node("QLinearMatMul", ["qq", "xs", "z", "kq", "xs", "z", "ss", "z"], ["s0"]),
        helper.make_node(
            "QLinearMul", ["s0", "ss", "z", "times", "xs", "z", "ms", "z"], ["s1"], domain="com.microsoft"
        ),
        helper.make_node(
            "QLinearWhere", ["seen", "s1", "ms", "z", "low", "ms", "z", "ws", "z"], ["s2"], domain="com.microsoft"
        ),
        helper.make_node("DequantizeLinear", ["s2", "ws", "z"], ["s3"]),
        helper.make_node("Softmax", ["s3"], ["p"], axis=-1),
        helper.make_node("MatMul", ["p", "v"], ["y"]),
    ]
    sides = {"q": (2, 3, 6, 8), "k": (2, 3, 8, 6), "v": (2, 3, 6, 8)}
    graph = helper.make_graph(
        nodes,
        "whole",
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, size) for n, size in sides.items()],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, sides["v"])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in numbers.items()],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=8), tmp_path / "m.onnx")
    model = engine.open_model(tmp_path / "m.onnx")
    site = model.sites[0]
    assert [step.kind for step in site.plan.steps] == ["round", "scale", "round", "where", "round"]
    assert site.factored
    run = model.run({name: RNG.standard_normal(size) for name, size in sides.items()})
    assert run.error(site) < 1e-5

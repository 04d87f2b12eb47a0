"""Graphs as ONNX Runtime saves them at each level of optimisation: the same patterns, the same heads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import TensorProto, helper, numpy_helper

import engine
from tests.conformance.references import references

FAMILIES = (
    "mha_self_ts17",  # heads folded into the batch, transposed in the product (transBatchA)
    "plain_no_batch_ts17",  # products as Gemm, the residual added by it
    "plain_talking_dyn18",  # heads mixed by Gemm
    "plain_bias_ts17",
    "sdpa_causal_ts17",
    "hf_mpnet_ts17",  # refused by the runtime when optimised twice
    "hf_llama_sdpa_dyn18",
    "timm_swin_plain_dyn18",
    "timm_levit_ts14",  # channels in blocks at the highest level
    "timm_cait_ts17",
)
CASES = {case.name: case for case in references() if case.name in FAMILIES}


@pytest.mark.parametrize("level", ["BASIC", "EXTENDED", "ALL"])
@pytest.mark.parametrize("name", FAMILIES)
def test_optimised(tmp_path: Path, name: str, level: str) -> None:
    case = CASES[name]
    path = tmp_path / "m.onnx"
    options = ort.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = getattr(ort.GraphOptimizationLevel, f"ORT_ENABLE_{level}")
    options.optimized_model_filepath = str(path)
    ort.InferenceSession(case.path, options, providers=["CPUExecutionProvider"])
    model = engine.open_model(path)
    assert [site.heads for site in model.sites] == case.meta["heads"]
    assert all(site.factored for site in model.sites)
    run = model.run(case.feeds)
    for site, expected in zip(model.sites, case.patterns, strict=True):
        np.testing.assert_allclose(run.pattern(site), expected, atol=2e-5)
        assert run.error(site) < 1e-5


def test_weights_of_more_than_two_gigabytes_in_a_file_of_their_own(tmp_path: Path) -> None:
    rows, width = 80_000_000, 8
    table = tmp_path / "table.bin"
    with table.open("wb") as file:  # a file of holes: its size is real, its disk space is not
        file.write(np.random.default_rng(1).standard_normal((64, width)).astype(np.float32).tobytes())
        file.truncate(rows * width * 4)
    assert table.stat().st_size > 2**31
    big = TensorProto(name="table", data_type=TensorProto.FLOAT, dims=(rows, width))
    big.data_location = TensorProto.EXTERNAL
    for key, value in (("location", "table.bin"), ("offset", "0"), ("length", str(rows * width * 4))):
        big.external_data.add(key=key, value=value)
    nodes = [
        helper.make_node("Gather", ["table", "ids"], ["x"]),
        helper.make_node("MatMul", ["x", "w"], ["q"]),
        helper.make_node("Transpose", ["x"], ["k"], perm=(0, 2, 1)),
        helper.make_node("MatMul", ["q", "k"], ["s"]),
        helper.make_node("Softmax", ["s"], ["p"], axis=-1),
        helper.make_node("MatMul", ["p", "x"], ["y"]),
    ]
    graph = helper.make_graph(
        nodes,
        "large",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ("batch", "token"))],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ("batch", "token", width))],
        [big, numpy_helper.from_array(np.eye(width, dtype=np.float32), "w")],
    )
    path = tmp_path / "m.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    model = engine.open_model(path)
    assert [site.factored for site in model.sites] == [True]
    ids = np.array([[3, 1, 4, 15]])
    run = model.run({"ids": ids})
    x = np.fromfile(table, np.float32, 64 * width).reshape(64, width)[ids[0]]
    e = np.exp(x @ x.T)
    np.testing.assert_allclose(run.pattern(model.sites[0])[0, 0], e / e.sum(-1, keepdims=True), atol=1e-5)

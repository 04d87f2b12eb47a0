"""ONNX Runtime's attention operators: pattern · V is what the operator gives, in every form its processor runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper, save

import engine

Array = NDArray[Any]
BATCH, TOKENS, HEADS, DIM = 2, 5, 3, 4
WIDTH = HEADS * DIM
KINDS = {"float32": TensorProto.FLOAT, "int32": TensorProto.INT32, "uint8": TensorProto.UINT8}
RNG = np.random.default_rng(5)


def noise(*shape: int) -> Array:
    return RNG.standard_normal(shape).astype(np.float32)


def build(
    path: Path, op: str, inputs: Mapping[str, Array | None], weights: Mapping[str, Array], outputs: int, **settings: Any
) -> dict[str, Array]:
    """Save a graph of one operator; inputs are given in its order, None where left out. Returns the feeds."""
    feeds = {name: value for name, value in inputs.items() if value is not None and name not in weights}
    names = ["" if value is None else name for name, value in inputs.items()]
    results = [f"result{i}" for i in range(outputs)]
    graph = helper.make_graph(
        [helper.make_node(op, names, results, domain="com.microsoft", **settings)],
        "one",
        [helper.make_tensor_value_info(n, KINDS[v.dtype.name], v.shape) for n, v in feeds.items()],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in results],
        [numpy_helper.from_array(v, n) for n, v in weights.items()],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    save(helper.make_model(graph, opset_imports=opsets, ir_version=8), path)
    return feeds


def verify(path: Path, feeds: Mapping[str, Array], *, causal: bool = False) -> Array:
    """Open, run, compare; return the pattern."""
    model = engine.open_model(path)
    assert len(model.sites) == 1
    site = model.sites[0]
    assert site.factored
    assert site.heads == HEADS
    run = model.run(feeds)
    pattern = run.pattern(site)
    np.testing.assert_allclose(pattern.sum(-1), 1, atol=1e-5)
    assert run.error(site) < 1e-5
    value = np.repeat(run.value(site), HEADS // run.value(site).shape[1], axis=1)
    given = (pattern @ value).transpose(0, 2, 1, 3).reshape(run.outputs["result0"].shape)
    np.testing.assert_allclose(given, run.outputs["result0"], atol=1e-5)
    if causal:
        queries, keys = pattern.shape[2:]
        assert not pattern[:, :, np.triu(np.ones((queries, keys), bool), k=1 + keys - queries)].any()
    return pattern


X, W, B = noise(BATCH, TOKENS, WIDTH), noise(WIDTH, 3 * WIDTH) / 2, noise(3 * WIDTH)
LENGTHS = np.array([5, 3], np.int32)
SHOWN = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]], np.int32)
SQUARE = np.tril(np.ones((BATCH, TOKENS, TOKENS), np.int32))
MASKS = {
    "none": None,
    "lengths": LENGTHS,
    "ends and starts": np.array([5, 4, 0, 1], np.int32),
    "lengths and sums": np.array([5, 3, 0, 5, 10, 0, 5, 10], np.int32),
    "keys": SHOWN,
    "queries and keys": SQUARE,
}


@pytest.mark.parametrize("unidirectional", [0, 1])
@pytest.mark.parametrize("mask", MASKS)
def test_packed_weights(tmp_path: Path, mask: str, unidirectional: int) -> None:
    inputs = {"x": X, "W": W, "B": B, "mask": MASKS[mask]}
    weights = {"W": W, "B": B}
    path = tmp_path / "m.onnx"
    feeds = build(path, "Attention", inputs, weights, 1, num_heads=HEADS, unidirectional=unidirectional)
    pattern = verify(path, feeds, causal=bool(unidirectional))
    if mask == "lengths":
        assert pattern[1, :, :3, 3:].max() < 1e-6


@pytest.mark.parametrize("mask", [None, np.array([[1, 1, 1, 0, 1, 1, 1, 1], [1] * 8], np.int32), LENGTHS + 3])
def test_packed_weights_with_past(tmp_path: Path, mask: Array | None) -> None:
    inputs = {"x": X, "W": W, "B": B, "mask": mask, "past": noise(2, BATCH, HEADS, 3, DIM)}
    path = tmp_path / "m.onnx"
    feeds = build(path, "Attention", inputs, {"W": W, "B": B}, 2, num_heads=HEADS, unidirectional=1)
    assert verify(path, feeds, causal=True).shape == (BATCH, HEADS, TOKENS, TOKENS + 3)


def test_packed_weights_with_a_bias_of_the_scores_and_wider_values(tmp_path: Path) -> None:
    weights = {"W": noise(WIDTH, 4 * WIDTH) / 2, "B": noise(4 * WIDTH)}
    added = noise(1, HEADS, TOKENS, TOKENS)
    inputs = {"x": X, **weights, "mask": None, "past": None, "added": added}
    path = tmp_path / "m.onnx"
    sizes = [WIDTH, WIDTH, 2 * WIDTH]
    verify(path, build(path, "Attention", inputs, weights, 1, num_heads=HEADS, qkv_hidden_sizes=sizes, scale=0.7))


@pytest.mark.parametrize("columns", [False, True])
@pytest.mark.parametrize("mask", ["none", "lengths", "keys"])
def test_packed_weights_of_eight_bits(tmp_path: Path, mask: str, columns: bool) -> None:
    weights = {
        "W": RNG.integers(-60, 60, (WIDTH, 3 * WIDTH)).astype(np.int8),
        "B": B,
        "scale": np.array(0.01, np.float32),
        "scales": (RNG.uniform(0.002, 0.008, 3 * WIDTH) if columns else np.array(0.004)).astype(np.float32),
        "zero": np.array(120, np.uint8),
        "zeros": np.zeros(3 * WIDTH, np.int8) if columns else np.array(0, np.int8),
    }
    names = ("scale", "scales")
    inputs = {
        "x": RNG.integers(0, 255, (BATCH, TOKENS, WIDTH)).astype(np.uint8),
        "W": weights["W"],
        "B": B,
        **{n: weights[n] for n in names},
        "mask": MASKS[mask],
        "zero": weights["zero"],
        "zeros": weights["zeros"],
    }
    path = tmp_path / "m.onnx"
    verify(path, build(path, "QAttention", inputs, weights, 1, num_heads=HEADS))


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize(
    ("mask", "past"),
    [("none", False), ("none", True), ("lengths", False), ("keys", False), ("queries and keys", False)],
)
def test_multi_head(tmp_path: Path, mask: str, bias: bool, past: bool) -> None:
    weights = {"B": B} if bias else {}
    inputs = {
        "query": X,
        "key": noise(BATCH, TOKENS, WIDTH),
        "value": noise(BATCH, TOKENS, WIDTH),
        "B": B if bias else None,
        "mask": MASKS[mask],
        "added": noise(BATCH, HEADS, TOKENS, TOKENS + 3) if past else None,
        "past key": noise(BATCH, HEADS, 3, DIM) if past else None,
        "past value": noise(BATCH, HEADS, 3, DIM) if past else None,
    }
    path = tmp_path / "m.onnx"
    feeds = build(path, "MultiHeadAttention", inputs, weights, 3 if past else 1, num_heads=HEADS)
    assert verify(path, feeds).shape == (BATCH, HEADS, TOKENS, TOKENS + 3 * past)


@pytest.mark.parametrize("bias", [False, True])
def test_multi_head_with_keys_and_values_already_split(tmp_path: Path, bias: bool) -> None:
    keys = {"key": noise(BATCH, HEADS, 7, DIM), "value": noise(BATCH, HEADS, 7, DIM)}
    weights = {"B": B} if bias else {}
    path = tmp_path / "m.onnx"
    inputs = {"query": X, **keys, "B": B if bias else None}
    verify(path, build(path, "MultiHeadAttention", inputs, weights, 1, num_heads=HEADS))


@pytest.mark.parametrize("past", [False, True])
def test_multi_head_one_way(tmp_path: Path, past: bool) -> None:
    inputs = {"query": X, "key": noise(BATCH, TOKENS, WIDTH), "value": noise(BATCH, TOKENS, WIDTH)}
    if past:
        empty = dict.fromkeys(("B", "mask", "added"))
        inputs |= {**empty, "past key": noise(BATCH, HEADS, 3, DIM), "past value": noise(BATCH, HEADS, 3, DIM)}
    path = tmp_path / "m.onnx"
    feeds = build(path, "MultiHeadAttention", inputs, {}, 3 if past else 1, num_heads=HEADS, unidirectional=1)
    verify(path, feeds, causal=True)


@pytest.mark.parametrize("cross", [False, True])
@pytest.mark.parametrize("bias", [False, True])
def test_one_step_of_decoding(tmp_path: Path, cross: bool, bias: bool) -> None:
    shapes = (BATCH, HEADS, 7, DIM) if cross else (BATCH, 1, WIDTH)
    weights = {"B": B} if bias else {}
    inputs: dict[str, Array | None] = {
        "query": noise(BATCH, 1, WIDTH),
        "key": noise(*shapes),
        "value": noise(*shapes),
        "mask": None if cross else np.array([[1, 1, 0, 1], [1, 1, 1, 1]], np.int32),
        "added": None,
        "past key": None if cross else noise(BATCH, HEADS, 8, DIM),
        "past value": None if cross else noise(BATCH, HEADS, 8, DIM),
        "past length": None if cross else np.array([3], np.int32),
        "beam": None,
        "cache": None,
        "B": B if bias else None,
    }
    path = tmp_path / "m.onnx"
    op = "DecoderMaskedMultiHeadAttention"
    shared = {} if cross else {"past_present_share_buffer": 1}
    feeds = build(path, op, inputs, weights, 1 if cross else 3, num_heads=HEADS, **shared)
    assert verify(path, feeds).shape == (BATCH, HEADS, 1, 7 if cross else 4)


GROUPED: dict[str, dict[str, Any]] = {
    "plain": {},
    "packed": {"packed": True},
    "padded prompt": {"lengths": (4, 2)},
    "past": {"past": 4, "tokens": 1},
    "uneven past": {"past": 4, "tokens": 1, "lengths": (4, 2)},
    "window": {"local_window_size": 2},
    "window and past": {"local_window_size": 2, "past": 4, "tokens": 1},
    "cap": {"softcap": 5.0},
    "rotary": {"rotary": 16},
    "rotary packed": {"rotary": 16, "packed": True},
    "rotary in pairs": {"rotary": 16, "rotary_interleaved": 1},
    "rotary past": {"rotary": 16, "past": 4, "tokens": 1, "lengths": (4, 3)},
}


def grouped(path: Path, case: str) -> dict[str, Array]:
    """Three query heads on one key head."""
    settings = dict(GROUPED[case])
    packed, past, tokens = settings.pop("packed", False), settings.pop("past", 0), settings.pop("tokens", TOKENS)
    lengths, rotary, dim = settings.pop("lengths", (past + tokens - 1,) * BATCH), settings.pop("rotary", 0), 16
    q, k, v = (noise(BATCH, tokens, heads * dim) for heads in (HEADS, 1, 1))
    angles = np.arange(32)[:, None] / 100.0 ** (np.arange(rotary // 2) / 8)[None]
    weights = {"total": np.array([past + tokens], np.int32)}
    if rotary:
        weights |= {"cosines": np.cos(angles).astype(np.float32), "sines": np.sin(angles).astype(np.float32)}
        settings["do_rotary"] = 1
    inputs = {
        "query": np.concatenate([q, k, v], -1) if packed else q,
        "key": None if packed else k,
        "value": None if packed else v,
        "past key": noise(BATCH, 1, past, dim),
        "past value": noise(BATCH, 1, past, dim),
        "lengths": np.array(lengths, np.int32),
        "total": weights["total"],
        "cosines": weights.get("cosines"),
        "sines": weights.get("sines"),
    }
    return build(path, "GroupQueryAttention", inputs, weights, 3, num_heads=HEADS, kv_num_heads=1, **settings)


@pytest.mark.parametrize("case", GROUPED)
def test_grouped_queries(tmp_path: Path, case: str) -> None:
    path = tmp_path / "m.onnx"
    feeds = grouped(path, case)
    pattern = verify(path, feeds, causal=True)
    if case == "window":
        assert not pattern[:, :, 4, :3].any()
        assert pattern[:, :, 4, 3:].all()


@pytest.mark.parametrize("case", ["plain", "cap", "window", "padded prompt", "rotary past"])
def test_grouped_queries_against_the_operators_own_pattern(tmp_path: Path, case: str) -> None:
    path = tmp_path / "m.onnx"
    feeds = grouped(path, case)
    model = engine.open_model(path)
    run = model.run(feeds)
    np.testing.assert_allclose(run.pattern(model.sites[0]), run.own_pattern(model.sites[0]), atol=1e-5)


def test_a_share_of_attention_given_to_nothing_is_read_from_the_operator(tmp_path: Path) -> None:
    inputs = {
        "query": noise(BATCH, TOKENS, HEADS * 8),
        "key": noise(BATCH, TOKENS, 8),
        "value": noise(BATCH, TOKENS, 8),
        "past key": noise(BATCH, 1, 0, 8),
        "past value": noise(BATCH, 1, 0, 8),
        "lengths": np.array([4, 4], np.int32),
        "total": np.array([TOKENS], np.int32),
    }
    path = tmp_path / "m.onnx"
    settings = {"num_heads": HEADS, "kv_num_heads": 1, "smooth_softmax": 1}
    feeds = build(path, "GroupQueryAttention", inputs, {"total": inputs["total"]}, 3, **settings)
    model = engine.open_model(path)
    assert not model.sites[0].factored
    run = model.run(feeds)
    pattern = run.pattern(model.sites[0])
    assert pattern.sum(-1).max() < 1
    np.testing.assert_allclose(
        (pattern @ run.value(model.sites[0])).transpose(0, 2, 1, 3).reshape(BATCH, TOKENS, -1),
        run.outputs["result0"],
        atol=1e-5,
    )

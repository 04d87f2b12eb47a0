"""A model whose weights stay in its file is the same model."""

import os
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from engine.errors import EngineError
from engine.graph.skeleton import LARGE, skeleton
from engine.runtime.session import Session

WEIGHTS = np.random.default_rng(0).standard_normal((200, 200)).astype(np.float32)
SMALL = np.arange(200, dtype=np.float32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a model with one large and one small initializer, under a name that is not ASCII."""
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"]), helper.make_node("Add", ["y", "b"], ["z"])],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 200])],
        [helper.make_tensor_value_info("z", TensorProto.FLOAT, [1, 200])],
        [numpy_helper.from_array(WEIGHTS, "w"), numpy_helper.from_array(SMALL, "b")],
    )
    file = tmp_path / "año nuevo.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), file)
    return file


def test_large_weights_point_into_the_file_and_nothing_else_changes(path: Path) -> None:
    small = skeleton(path)
    assert len(small) < LARGE
    model, whole = onnx.load_from_string(small), onnx.load(path)
    (w, b), place = model.graph.initializer, {e.key: e.value for e in model.graph.initializer[0].external_data}
    assert w.data_location == TensorProto.EXTERNAL
    assert place["location"] == path.name
    start, length = int(place["offset"]), int(place["length"])
    assert np.array_equal(np.frombuffer(path.read_bytes()[start : start + length], np.float32), WEIGHTS.ravel())
    assert np.array_equal(numpy_helper.to_array(b), SMALL)
    w.ClearField("external_data")
    w.ClearField("data_location")
    w.raw_data = WEIGHTS.tobytes()
    assert model == whole


def test_the_runtime_computes_the_same(path: Path) -> None:
    x = np.random.default_rng(1).standard_normal((1, 200)).astype(np.float32)
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(path.parent))
    small = onnxruntime.InferenceSession(skeleton(path), options, providers=["CPUExecutionProvider"])
    whole = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    assert np.array_equal(small.run(None, {"x": x})[0], whole.run(None, {"x": x})[0])


@pytest.mark.parametrize("cut", [1, 7, 1000, 100_000])
def test_a_file_cut_short_is_given_as_it_is(path: Path, cut: int) -> None:
    content = path.read_bytes()[:-cut]
    path.write_bytes(content)
    assert skeleton(path) == content


@pytest.mark.parametrize("seed", range(20))
def test_noise_is_given_as_it_is_or_loses_nothing(path: Path, seed: int) -> None:
    noise = np.random.default_rng(seed).bytes(2 * LARGE)
    path.write_bytes(noise)
    assert skeleton(path) == noise


def test_a_link_is_read_whole(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere" / "model.onnx"
    link.parent.mkdir()
    link.symlink_to(path)
    assert skeleton(link) == path.read_bytes()


def test_a_file_written_anew_is_not_mixed_with_the_old_one(path: Path) -> None:
    session = Session(path, ())
    x = {"x": np.ones((1, 200), np.float32)}
    before = session.run(x, ["z"])["z"]
    os.utime(path)
    with pytest.raises(EngineError) as refused:
        session.run(x, ["z"])
    assert refused.value.code == "file-changed"
    again = Session(path, ())
    path.unlink()
    assert np.array_equal(again.run(x, ["z"])["z"], before)

"""Files that the window's tests open: good, bad, slow and deadly."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

import assets

VIT = assets.path("models", "vit")
SAMPLE = assets.path("samples", "airplane.jpg")
OTHER_SAMPLE = assets.path("samples", "truck.jpg")
GRAPHS = Path(__file__).resolve().parents[1] / "conformance" / "graphs"
OTHER_MODEL = GRAPHS / "hf_vit_eager_ts17.onnx"


def photo(path: Path, size: tuple[int, int] = (48, 32)) -> Path:
    """Write a small picture with a left-to-right ramp."""
    ramp = np.linspace(0, 255, size[0], dtype=np.uint8)
    pixels = np.stack([np.tile(ramp, (size[1], 1))] * 3, axis=-1)
    Image.fromarray(pixels).save(path)
    return path


def _model(nodes: list[onnx.NodeProto], initializers: list[onnx.TensorProto], path: Path) -> Path:
    """Write a model from an image of 3 × 32 × 32 to 10 numbers."""
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, [1, 3, 32, 32])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, 10])],
        initializers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, path)
    return path


def _head() -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    weights = np.random.default_rng(3).normal(size=(3, 10)).astype(np.float32)
    nodes = [
        helper.make_node("GlobalAveragePool", ["features"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["flat"]),
        helper.make_node("MatMul", ["flat", "w"], ["logits"]),
    ]
    return nodes, [numpy_helper.from_array(weights, "w")]


def without_attention(path: Path) -> Path:
    """Write a convolutional classifier with a softmax that is not attention."""
    kernel = np.random.default_rng(4).normal(size=(3, 3, 3, 3)).astype(np.float32)
    nodes, weights = _head()
    nodes[-1] = helper.make_node("MatMul", ["flat", "w"], ["raw"])
    nodes = [
        helper.make_node("Conv", ["pixel_values", "k"], ["features"], pads=[1, 1, 1, 1]),
        *nodes,
        helper.make_node("Softmax", ["raw"], ["logits"], axis=-1),
    ]
    return _model(nodes, [*weights, numpy_helper.from_array(kernel, "k")], path)


def endless(path: Path) -> Path:
    """Write a model that runs for hours: a loop of small products."""
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["go"], ["on"]),
            helper.make_node("MatMul", ["before", "turn"], ["after"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("i", TensorProto.INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
            helper.make_tensor_value_info("before", TensorProto.FLOAT, [1, 3, 32, 32]),
        ],
        [
            helper.make_tensor_value_info("on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("after", TensorProto.FLOAT, [1, 3, 32, 32]),
        ],
    )
    nodes, weights = _head()
    nodes = [helper.make_node("Loop", ["times", "yes", "pixel_values"], ["features"], body=body), *nodes]
    weights += [
        numpy_helper.from_array(np.array(2**40, np.int64), "times"),
        numpy_helper.from_array(np.array([True]).reshape(()), "yes"),
        numpy_helper.from_array(np.eye(32, dtype=np.float32), "turn"),
    ]
    return _model(nodes, weights, path)


def not_for_images(path: Path) -> Path:
    """Write a model whose only input is a list of numbers."""
    graph = helper.make_graph(
        [helper.make_node("Relu", ["numbers"], ["out"])],
        "graph",
        [helper.make_tensor_value_info("numbers", TensorProto.FLOAT, [1, 7])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, [1, 7])],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path

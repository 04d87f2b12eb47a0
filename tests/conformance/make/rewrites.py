"""What happens to graphs after export: saved by ONNX Runtime, fused, quantised, put inside other operators."""

from __future__ import annotations

import contextlib
import io
import logging
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper
from onnxruntime import quantization
from onnxruntime.quantization import shape_inference

from tests.conformance.make.case import Subject


@contextlib.contextmanager
def _files(model: onnx.ModelProto) -> Iterator[tuple[str, str]]:
    level = logging.root.manager.disable
    logging.disable(logging.ERROR)
    try:
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            given, wanted = (str(Path(folder) / name) for name in ("given.onnx", "wanted.onnx"))
            onnx.save(model, given)
            yield given, wanted
    finally:
        logging.disable(level)


@dataclass(frozen=True)
class SavedByRuntime:
    """ONNX Runtime's own optimised graph. level: basic, extended or all."""

    level: str

    def __call__(self, model: onnx.ModelProto, subject: Subject) -> onnx.ModelProto:
        options = ort.SessionOptions()
        options.log_severity_level = 3
        options.graph_optimization_level = getattr(ort.GraphOptimizationLevel, f"ORT_ENABLE_{self.level.upper()}")
        with _files(model) as (given, wanted):
            options.optimized_model_filepath = wanted
            ort.InferenceSession(given, options, providers=["CPUExecutionProvider"])
            return onnx.load(wanted)


@dataclass(frozen=True)
class TransformersOptimizer:
    """onnxruntime.transformers: attention, layer normalisation and embedding fused into com.microsoft operators."""

    kind: str
    heads: int
    width: int
    wanted: str = "Attention"  # an operator that must have come of it

    def __call__(self, model: onnx.ModelProto, subject: Subject) -> onnx.ModelProto:
        from onnxruntime.transformers import optimizer

        with _files(model) as (given, _):
            done = optimizer.optimize_model(
                given, self.kind, num_heads=self.heads, hidden_size=self.width, opt_level=0, use_gpu=False
            ).model
        operators = {node.op_type for node in done.graph.node}
        assert self.wanted in operators, f"nothing fused: {sorted(operators)}"
        if all(opset.domain != "com.microsoft" for opset in done.opset_import):
            done.opset_import.append(helper.make_opsetid("com.microsoft", 1))
        return done


def half_floats(model: onnx.ModelProto, subject: Subject) -> onnx.ModelProto:
    """float16 inside, float32 outside."""
    from onnxruntime.transformers import float16
    from onnxruntime.transformers.onnx_model import OnnxModel

    done = OnnxModel(float16.convert_float_to_float16(model, keep_io_types=True))
    done.topological_sort()
    return done.model


def bfloat16_weights(model: onnx.ModelProto, subject: Subject) -> onnx.ModelProto:
    """Weights stored in bfloat16 and cast where they are used: the processor has no bfloat16 products."""
    casts = []
    for tensor in list(model.graph.initializer):
        if tensor.data_type == TensorProto.FLOAT and len(tensor.dims) > 1:
            value = onnx.numpy_helper.to_array(tensor).astype(ml_dtypes.bfloat16)
            name, tensor_name = tensor.name, f"{tensor.name}.bf16"
            tensor.CopyFrom(onnx.numpy_helper.from_array(value, tensor_name))
            casts.append(helper.make_node("Cast", [tensor_name], [name], f"{name}.cast", to=TensorProto.FLOAT))
    for cast in reversed(casts):
        model.graph.node.insert(0, cast)
    return model


@dataclass(frozen=True)
class Int8Dynamic:
    """Activations quantised as they come. both: also the products of two activations (QKᵀ and PV)."""

    both: bool = False

    def __call__(self, model: onnx.ModelProto, subject: Subject) -> onnx.ModelProto:
        options = {"MatMulConstBOnly": not self.both, "DefaultTensorType": TensorProto.FLOAT}
        with _files(model) as (given, wanted):
            # Seven bits: on processors without VNNI eight can saturate, and results would differ between machines.
            quantization.quantize_dynamic(given, wanted, reduce_range=True, extra_options=options)
            return onnx.load(wanted)


class _Once(quantization.CalibrationDataReader):  # type: ignore[misc]
    def __init__(self, feeds: dict[str, Any]) -> None:
        self.feeds: dict[str, Any] | None = feeds

    def get_next(self) -> dict[str, Any] | None:
        feeds, self.feeds = self.feeds, None
        return feeds


@dataclass(frozen=True)
class Int8Static:
    """Calibrated, with QuantizeLinear and DequantizeLinear around every product."""

    operators: tuple[str, ...] = ("MatMul", "Gemm", "Add", "Conv")

    def __call__(self, model: onnx.ModelProto, subject: Subject) -> onnx.ModelProto:
        feeds = {name: value.numpy() for name, value in subject.inputs.items()}
        with _files(model) as (given, wanted):
            shape_inference.quant_pre_process(given, given, skip_symbolic_shape=True)
            quantization.quantize_static(
                given,
                wanted,
                _Once(feeds),
                quant_format=quantization.QuantFormat.QDQ,
                op_types_to_quantize=list(self.operators),
                activation_type=quantization.QuantType.QUInt8,
                weight_type=quantization.QuantType.QInt8,
                reduce_range=True,
            )
            return onnx.load(wanted)


def inside_if(model: onnx.ModelProto, subject: Subject) -> onnx.ModelProto:
    """The whole network in the branch taken, the other answers with zeros."""
    result = model.graph.output[0]
    branch = onnx.GraphProto(name="then", node=model.graph.node, initializer=model.graph.initializer)
    branch.output.append(onnx.ValueInfoProto(name=result.name, type=result.type))
    sizes = [d.dim_value for d in result.type.tensor_type.shape.dim]
    zeros = helper.make_tensor("zeros", TensorProto.FLOAT, sizes, np.zeros(sizes, np.float32).ravel())
    other = helper.make_graph(
        [helper.make_node("Identity", ["zeros"], ["idle"])],
        "else",
        [],
        [helper.make_tensor_value_info("idle", TensorProto.FLOAT, sizes)],
        [zeros],
    )
    node = helper.make_node("If", ["wanted"], ["answer"], "If_0", then_branch=branch, else_branch=other)
    flag = helper.make_tensor("wanted", TensorProto.BOOL, [], [True])
    answer = helper.make_tensor_value_info("answer", TensorProto.FLOAT, sizes)
    graph = helper.make_graph([node], "outer", model.graph.input, [answer], [flag])
    return _around(model, graph)


def inside_loop(model: onnx.ModelProto, subject: Subject) -> onnx.ModelProto:
    """A loop of one turn, which carries the network's input to its output."""
    source, result = model.graph.input[0], model.graph.output[0]
    body = onnx.GraphProto(name="body", node=model.graph.node, initializer=model.graph.initializer)
    body.node.insert(0, helper.make_node("Identity", ["go_on"], ["and_on"]))
    turn = helper.make_tensor_value_info("turn", TensorProto.INT64, [])
    go_on = helper.make_tensor_value_info("go_on", TensorProto.BOOL, [])
    body.input.extend([turn, go_on, source])
    body.output.extend([helper.make_tensor_value_info("and_on", TensorProto.BOOL, []), result])
    outer = helper.make_tensor_value_info("tokens", TensorProto.FLOAT, _sizes(source))
    answer = helper.make_tensor_value_info("answer", TensorProto.FLOAT, _sizes(result))
    node = helper.make_node("Loop", ["turns", "start", "tokens"], ["answer"], "Loop_0", body=body)
    constants = [
        helper.make_tensor("turns", TensorProto.INT64, [], [1]),
        helper.make_tensor("start", TensorProto.BOOL, [], [True]),
    ]
    subject.inputs = {"tokens": next(iter(subject.inputs.values()))}
    return _around(model, helper.make_graph([node], "outer", [outer], [answer], constants))


def inside_function(model: onnx.ModelProto, subject: Subject) -> onnx.ModelProto:
    """The network as a local function whose weights are arguments."""
    source, result = model.graph.input[0].name, model.graph.output[0]
    weights = [tensor.name for tensor in model.graph.initializer]
    opsets = list(model.opset_import)
    function = helper.make_function(
        "custom", "Block", [source, *weights], [result.name], list(model.graph.node), opset_imports=opsets
    )
    call = helper.make_node("Block", [source, *weights], ["answer"], "Block_0", domain="custom")
    answer = helper.make_tensor_value_info("answer", TensorProto.FLOAT, _sizes(result))
    graph = helper.make_graph([call], "outer", model.graph.input, [answer], model.graph.initializer)
    opsets.append(helper.make_opsetid("custom", 1))
    return helper.make_model(graph, functions=[function], opset_imports=opsets, ir_version=model.ir_version)


def _sizes(value: onnx.ValueInfoProto) -> list[int]:
    return [d.dim_value for d in value.type.tensor_type.shape.dim]


def _around(model: onnx.ModelProto, graph: onnx.GraphProto) -> onnx.ModelProto:
    return helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version)

"""The ways from a network to a graph."""

from __future__ import annotations

import contextlib
import io
import logging
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

import onnx
import torch
from torch import Tensor

from tests.conformance.make.case import Subject


def _tidy(model: onnx.ModelProto) -> onnx.ModelProto:
    """Drop what exporters note about the machine and the source lines they ran on."""
    model.ClearField("metadata_props")
    model.doc_string = ""
    graphs = [model.graph]
    for function in model.functions:
        function.doc_string = ""
        function.ClearField("metadata_props")
        _tidy_nodes(function, graphs)
        for value in function.value_info:
            value.ClearField("metadata_props")
    while graphs:
        graph = graphs.pop()
        graph.doc_string = ""
        graph.ClearField("metadata_props")
        for value in [*graph.value_info, *graph.input, *graph.output, *graph.initializer]:
            value.ClearField("metadata_props")
            value.doc_string = ""
        _tidy_nodes(graph, graphs)
    return model


def _tidy_nodes(owner: onnx.GraphProto | onnx.FunctionProto, graphs: list[onnx.GraphProto]) -> None:
    for node in owner.node:
        node.doc_string = ""
        node.ClearField("metadata_props")
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.GRAPH:
                graphs.append(attribute.g)
            graphs.extend(attribute.graphs)


@contextlib.contextmanager
def _quiet():  # type: ignore[no-untyped-def]
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)


@dataclass(frozen=True)
class TorchScript:
    """`torch.onnx.export(dynamo=False)`"""

    opset: int
    fold: bool = True

    @property
    def label(self) -> str:
        return f"torchscript opset {self.opset}" + ("" if self.fold else " unfolded")

    @property
    def short(self) -> str:
        return f"ts{self.opset}" + ("" if self.fold else "_unfolded")

    def __call__(self, subject: Subject, dynamic: bool) -> onnx.ModelProto:
        axes = subject.dynamic or {name: {0: "batch"} for name in subject.inputs}
        with tempfile.TemporaryDirectory() as folder, _quiet():
            path = Path(folder) / "model.onnx"
            torch.onnx.export(
                subject.module,
                tuple(subject.inputs.values()),
                path,
                dynamo=False,
                opset_version=self.opset,
                do_constant_folding=self.fold,
                input_names=list(subject.inputs),
                output_names=list(subject.outputs),
                dynamic_axes=axes if dynamic else None,
            )
            return _tidy(onnx.load(path))


@dataclass(frozen=True)
class Dynamo:
    """`torch.onnx.export(dynamo=True)`"""

    opset: int
    optimize: bool = True

    @property
    def label(self) -> str:
        return f"dynamo opset {self.opset}" + ("" if self.optimize else " unoptimised")

    @property
    def short(self) -> str:
        return f"dyn{self.opset}" + ("" if self.optimize else "_unoptimised")

    def __call__(self, subject: Subject, dynamic: bool) -> onnx.ModelProto:
        axes = subject.dynamic or {name: {0: "batch"} for name in subject.inputs}
        dims: dict[str, object] = {}
        shapes = tuple(
            {
                axis: dims.setdefault(name, torch.export.Dim(name, min=1))
                for axis, name in axes.get(input_name, {}).items()
            }
            for input_name in subject.inputs
        )
        with tempfile.TemporaryDirectory() as folder, _quiet():
            path = Path(folder) / "model.onnx"
            torch.onnx.export(
                _ByPosition(subject.module),
                tuple(subject.inputs.values()),
                path,
                dynamo=True,
                opset_version=self.opset,
                optimize=self.optimize,
                external_data=False,
                verbose=False,
                input_names=list(subject.inputs),
                output_names=list(subject.outputs),
                dynamic_shapes=(shapes,) if dynamic else None,
            )
            return _tidy(onnx.load(path))


class _ByPosition(torch.nn.Module):
    def __init__(self, module: torch.nn.Module) -> None:
        super().__init__()
        self.module = module

    def forward(self, *inputs: Tensor) -> object:
        return self.module(*inputs)


TS11, TS14, TS17 = TorchScript(11), TorchScript(14), TorchScript(17)
DYN18, DYN20, DYN23, DYN25 = Dynamo(18), Dynamo(20), Dynamo(23), Dynamo(25)

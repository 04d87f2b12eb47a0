"""From a graph to a description: inputs, outputs, sites, convolutions, positions, how a photo gets in."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx_ir as ir

from engine.graph.graph import Graph, ints_attribute, op
from engine.graph.read import read_model
from engine.images.guess import plan_for
from engine.model.description import ConvLayer, Dim, ModelDescription, TensorInfo
from engine.model.places.sites import tokens_of_sites
from engine.model.positions import find_positions
from engine.sites.find import find_sites


def describe(model: ir.Model, path: Path) -> ModelDescription:
    """Return all that is known of a model without running it.

    Raises:
        EngineError: a configuration file beside the model cannot be used.
    """
    graph = Graph(model)
    sites, near_misses = find_sites(graph)
    inputs = tuple(_info(value) for value in model.graph.inputs if not value.is_initializer())
    prepared = plan_for(inputs, path.parent)
    image = None if prepared.plan is None else prepared.plan.output_size
    last = prepared.plan is not None and prepared.plan.layout == "NHWC"
    tokens = tokens_of_sites(graph, sites, prepared.image_input, image, last)
    return ModelDescription(
        name=path.parent.name if path.stem == "model" and path.parent.name else path.stem,
        path=str(path),
        inputs=inputs,
        outputs=tuple(_info(value) for value in model.graph.outputs),
        sites=sites,
        near_misses=near_misses,
        convolutions=find_convolutions(graph),
        positions=find_positions(graph, sites, tokens, path),
        opset=model.opset_imports.get("", model.opset_imports.get("ai.onnx", 0)),
        producer=" ".join(part for part in (model.producer_name, model.producer_version) if part),
        parameters=count_parameters(model),
        nodes=len(graph.nodes),
        image_input=prepared.image_input,
        image_plan=prepared.plan,
        labels=prepared.labels,
        notes=prepared.notes,
        tokens=tokens,
        token_image=image,
    )


def tokens_at(description: ModelDescription, size: tuple[int, int]) -> ModelDescription:
    """Return the description with the tokens of images of another size; the file is read again.

    Args:
        description: of a model that takes images of any size.
        size: (rows, columns) in pixels.
    """
    graph = Graph(read_model(Path(description.path)))
    last = description.image_plan is not None and description.image_plan.layout == "NHWC"
    found = tokens_of_sites(graph, description.sites, description.image_input, size, last)
    return replace(description, tokens=found, token_image=size)


def find_convolutions(graph: Graph) -> tuple[ConvLayer, ...]:
    """Return the convolutions in execution order; kernels of unknown size are left out."""
    found: list[ConvLayer] = []
    for node in graph.nodes:
        if op(node) not in ("Conv", "ConvInteger", "QLinearConv", "com.microsoft.FusedConv"):
            continue
        weight = graph.shape(node.inputs[3 if node.op_type == "QLinearConv" else 1])
        if weight is None or len(weight) < 3 or not all(isinstance(d, int) for d in weight):
            continue
        sizes = tuple(d for d in weight if isinstance(d, int))
        kernel = sizes[2:]
        groups = node.attributes["group"].as_int() if "group" in node.attributes else 1
        found.append(
            ConvLayer(
                name=node.name or node.outputs[0].name or f"conv {len(found)}",
                index=len(found),
                output=node.outputs[0].name or "",
                in_channels=sizes[1] * groups,
                out_channels=sizes[0],
                kernel=kernel,
                stride=ints_attribute(node, "strides") or (1,) * len(kernel),
                dilation=ints_attribute(node, "dilations") or (1,) * len(kernel),
                pads=_pads(node, kernel),
                groups=groups,
            )
        )
    return tuple(found)


def _pads(node: ir.Node, kernel: tuple[int, ...]) -> tuple[int, ...]:
    """Explicit pads, or those that SAME means at stride 1."""
    auto = node.attributes["auto_pad"].as_string() if "auto_pad" in node.attributes else "NOTSET"
    if auto in ("SAME_UPPER", "SAME_LOWER"):
        dilation = ints_attribute(node, "dilations") or (1,) * len(kernel)
        total = [d * (k - 1) for d, k in zip(dilation, kernel, strict=True)]
        less, more = tuple(t // 2 for t in total), tuple(t - t // 2 for t in total)
        return (*less, *more) if auto == "SAME_UPPER" else (*more, *less)
    return ints_attribute(node, "pads") or (0,) * (2 * len(kernel))


def count_parameters(model: ir.Model) -> int:
    """Return the number of weights: floating-point and quantised initializers, not scalars of the graph."""
    tensors = (value.const_value for value in model.graph.initializers.values())
    return sum(int(tensor.size) for tensor in tensors if tensor is not None and tensor.size > 1)


def _info(value: ir.Value) -> TensorInfo:
    shape = () if value.shape is None else tuple(value.shape)
    return TensorInfo(value.name or "", _dtype(value.dtype), tuple(_dim(d) for d in shape))


def _dim(dim: object) -> Dim:
    return dim if isinstance(dim, int) else getattr(dim, "value", None)


def _dtype(dtype: ir.DataType | None) -> str:
    if dtype is None:
        return "float32"
    if dtype == ir.DataType.STRING:
        return "str"
    return np.dtype(dtype.numpy()).name

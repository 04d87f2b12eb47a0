"""Convolutions and pooling in order, the classifier that follows them, and what everything costs."""

import math
from collections.abc import Mapping

import numpy as np
import onnx_ir as ir

from engine.graph.graph import Graph, attribute, int_attribute, ints_attribute, op
from engine.model.activation import activated
from engine.model.description import ClassifierHead, ConvLayer, PoolLayer, ReceptiveField
from engine.model.geometry import CONVOLUTIONS, POOLS, Slide, slides, weight_index
from engine.model.places.bound import BoundGraph
from engine.model.places.sizes import GLOBAL_POOLS, output_sizes
from engine.model.positions.tables import read
from engine.model.receptive import REDUCES, receptive_fields

MOST_KEPT = 2**22
"""Elements of a classifier's weights that travel with the description."""
PRODUCTS = frozenset({"MatMul", "Gemm", "MatMulInteger", "QLinearMatMul", "com.microsoft.FusedMatMul"})


def fields_of(graph: BoundGraph, image: str | None, channels_last: bool) -> dict[str, ReceptiveField]:
    """Return receptive fields by tensor name; without an image, of every input with rows and columns, or samples."""
    axes: dict[str, tuple[int, ...]] = {}
    for value in graph.model.graph.inputs:
        rank = len(value.shape) if value.shape is not None else 0
        if value.name == image and rank == 4 and channels_last:
            axes[value.name or ""] = (1, 2)
        elif not value.is_initializer() and rank >= 3:
            axes[value.name or ""] = tuple(range(2, rank))
    if image is not None:
        axes = {name: found for name, found in axes.items() if name == image}
    return receptive_fields(graph, axes)


def find_convolutions(graph: BoundGraph, fields: Mapping[str, ReceptiveField]) -> tuple[ConvLayer, ...]:
    """Return the convolutions in execution order; kernels of unknown size are left out."""
    found: list[ConvLayer] = []
    for node in graph.nodes:
        if op(node) not in CONVOLUTIONS:
            continue
        weight = graph.sizes(node.inputs[weight_index(node)])
        windows = slides(graph, node)
        if weight is None or len(weight) < 3 or windows is None:
            continue
        groups = int_attribute(node, "group", 1)
        inner = weight[-1] if op(node) == "com.microsoft.NhwcConv" else weight[1]
        name = node.outputs[0].name or ""
        size = graph.sizes(node.outputs[0])
        found.append(
            ConvLayer(
                name=node.name or name or f"conv {len(found)}",
                index=len(found),
                output=name,
                in_channels=inner * groups,
                out_channels=weight[0],
                kernel=tuple(w.kernel for w in windows),
                stride=tuple(w.stride for w in windows),
                dilation=tuple(w.dilation for w in windows),
                pads=_pads(graph, node, windows),
                groups=groups,
                weight=node.inputs[weight_index(node)].name or "",  # type: ignore[union-attr]  # its size is known
                size=None if size is None else size[1:-1] if op(node) == "com.microsoft.NhwcConv" else size[2:],
                receptive=fields.get(name),
                activation=activated(graph, node.outputs[0]),
                order=graph.order[node],
            )
        )
    return tuple(found)


def _pads(graph: BoundGraph, node: ir.Node, windows: tuple[Slide, ...]) -> tuple[int, ...]:
    sizes = graph.sizes(node.inputs[0])
    pads = [w.pads(None if sizes is None else sizes[n + 2]) for n, w in enumerate(windows)]
    return (*(before for before, _ in pads), *(after for _, after in pads))


def find_pools(graph: BoundGraph, fields: Mapping[str, ReceptiveField]) -> tuple[PoolLayer, ...]:
    """Return the pooling layers in execution order."""
    found: list[PoolLayer] = []
    for node in graph.nodes:
        windows = slides(graph, node) if op(node) in POOLS else None
        if windows is None:
            continue
        name = node.outputs[0].name or ""
        size = graph.sizes(node.outputs[0])
        found.append(
            PoolLayer(
                name=node.name or name,
                index=len(found),
                output=name,
                kind="max" if node.op_type == "MaxPool" else "average",
                kernel=tuple(w.kernel for w in windows),
                stride=tuple(w.stride for w in windows),
                pads=_pads(graph, node, windows),
                size=None if size is None else size[2:],
                receptive=fields.get(name),
                order=graph.order[node],
            )
        )
    return tuple(found)


def multiply_adds(graph: BoundGraph, image: str | None) -> int | None:
    """Return the multiplications, each with an addition, that one image costs; None where a size is untold.

    Convolutions and matrix products only, as papers count them.

    Args:
        graph: the graph at the image's size, every shape settled.
        image: the input that takes it; None for models that take none, whose cost depends on the text's length.
    """
    batch = next((graph.sizes(v) for v in graph.model.graph.inputs if image is not None and v.name == image), None)
    if not batch:
        return None
    total = 0
    for node in graph.nodes:
        count = _multiply_adds(graph, node)
        if count is None:
            return None
        total += count
    return total // batch[0]


def _multiply_adds(graph: BoundGraph, node: ir.Node) -> int | None:
    kind = op(node)
    if kind in CONVOLUTIONS or kind == "ConvTranspose":
        out, weight = output_sizes(graph, node), graph.sizes(node.inputs[weight_index(node)])
        source = graph.sizes(node.inputs[0])
        if out is None or weight is None or source is None:
            return None
        return math.prod(source if kind == "ConvTranspose" else out) * math.prod(weight[1:])
    if kind in PRODUCTS:
        a, out = graph.sizes(node.inputs[0]), graph.sizes(node.outputs[0])
        if a is None or out is None:
            return None
        return math.prod(out) * (a[-2] if int_attribute(node, "transA", 0) else a[-1])
    if kind == "Einsum":
        return _einsum(graph, node)
    if kind in ("Attention", "com.microsoft.MultiHeadAttention"):
        shapes = [graph.sizes(v) for v in node.inputs[:3]]
        if any(s is None for s in shapes):
            return None
        q, k, v = (s or () for s in shapes)
        return math.prod(q) * k[-2] + math.prod(v) * q[-2]
    if kind not in GLOBAL_POOLS:
        output_sizes(graph, node)
    return 0


def _einsum(graph: BoundGraph, node: ir.Node) -> int | None:
    left = str(attribute(node, "equation", "")).replace(" ", "").partition("->")[0]
    sizes: dict[str, int] = {}
    for term, value in zip(left.split(","), node.inputs, strict=False):
        shape = graph.sizes(value)
        if shape is None or len(shape) != len(term):
            return None
        sizes.update(zip(term, shape, strict=True))
    return math.prod(sizes.values())


SILENT = frozenset({"Identity", "Cast", "Dropout", "Flatten", "Squeeze", "Unsqueeze", "Reshape", "Softmax", "Sigmoid"})
QUANTISED = frozenset({"QuantizeLinear", "DequantizeLinear", "LogSoftmax"})


def find_head(graph: Graph) -> ClassifierHead | None:
    """Return global average pooling followed by at most one linear layer, up to an output of the model.

    That is what makes class activation maps exact (Zhou et al. 2016, section 2). None where there is no such head.
    """
    for output in graph.model.graph.outputs:
        found = _head(graph, output)
        if found is not None:
            return found
    return None


def _head(graph: Graph, output: ir.Value) -> ClassifierHead | None:
    value = _up(output)
    bias = weight = None
    logits = value
    node = value.producer()
    if op(node) == "Add" and node is not None and graph.is_constant(node.inputs[1]) and node.inputs[0] is not None:
        bias, value = node.inputs[1], _up(node.inputs[0])
        node = value.producer()
    if node is not None and (op(node) in ("Gemm", "MatMul") or (op(node) == "Conv" and _is_pointwise(graph, node))):
        weight = node.inputs[1]
        if weight is None or not graph.is_constant(weight) or node.inputs[0] is None:
            return None
        bias = node.inputs[2] if len(node.inputs) > 2 else bias
        value = _up(node.inputs[0])
    elif bias is not None:
        return None
    pool = value.producer()
    if pool is None or not _averages(graph, pool) or pool.inputs[0] is None:
        return None
    matrix = None if weight is None else read(graph, weight)
    if weight is not None and matrix is None:
        return None
    if matrix is not None and node is not None:
        matrix = matrix.reshape(matrix.shape[:2]) if op(node) == "Conv" else matrix
        matrix = matrix if op(node) == "Conv" or int_attribute(node, "transB", 0) else matrix.T
    offset = None if bias is None else read(graph, bias)
    kept = matrix is not None and matrix.size <= MOST_KEPT
    return ClassifierHead(
        maps=pool.inputs[0].name or "",
        pooled=pool.outputs[0].name or "",
        logits=logits.name or "",
        output=output.name or "",
        classes=None if matrix is None else len(matrix),
        weight_name="" if weight is None else weight.name or "",
        weight=np.ascontiguousarray(matrix) if kept and matrix is not None else None,
        bias=None if offset is None else offset.reshape(-1),
        channels_last=_averages(graph, pool) == (1, 2),
    )


def _up(value: ir.Value) -> ir.Value:
    """Step above operators that change no number's place among the classes, and the last softmax."""
    for _ in range(12):
        node = value.producer()
        if node is None or op(node) not in SILENT | QUANTISED or node.inputs[0] is None:
            return value
        value = node.inputs[0]
    return value


def _is_pointwise(graph: Graph, node: ir.Node) -> bool:
    windows = slides(graph, node)
    return windows is not None and all(w.kernel == 1 for w in windows) and int_attribute(node, "group", 1) == 1


def _averages(graph: Graph, node: ir.Node) -> tuple[int, int] | None:
    """Return the axes of rows and columns where a node is the mean over all of them; else None."""
    if op(node) == "GlobalAveragePool":
        return 2, 3
    shape = graph.shape(node.inputs[0])
    if shape is None or len(shape) != 4:
        return None
    if op(node) == "ReduceMean" and op(node) in REDUCES:
        stated = ints_attribute(node, "axes") or ()
        constant = graph.constant(node.inputs[1]) if len(node.inputs) > 1 else None
        given = constant.reshape(-1).tolist() if constant is not None else list(stated)
        return next((axes for axes in ((2, 3), (1, 2)) if {int(a) % 4 for a in given} == set(axes)), None)
    windows = slides(graph, node) if op(node) == "AveragePool" else None
    return (2, 3) if windows is not None and tuple(w.kernel for w in windows) == shape[2:] else None

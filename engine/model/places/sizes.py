"""Shapes of pooling, padding and resizing, where all inputs' sizes are numbers."""

import math

import onnx_ir as ir

from engine.graph.graph import Graph, attribute, int_attribute, ints_attribute, op
from engine.model.geometry import CONVOLUTIONS, POOLS, slides, weight_index
from engine.model.places.bound import BoundGraph, Sizes


def settle(graph: BoundGraph) -> None:
    """Tell every shape that the graph leaves open and that can be told, in execution order."""
    for node in graph.nodes:
        output_sizes(graph, node)


GLOBAL_POOLS = frozenset({"GlobalAveragePool", "GlobalMaxPool", "com.microsoft.QLinearGlobalAveragePool"})


def output_sizes(graph: BoundGraph, node: ir.Node) -> Sizes | None:
    """Return the shape of a node's first output, settled in the graph; None where it cannot be told."""
    found = _spatial(graph, node)
    if found is not None:
        graph.bound.settle(node.outputs[0], found)
        return found
    return graph.sizes(node.outputs[0])


def _spatial(graph: BoundGraph, node: ir.Node) -> Sizes | None:
    kind = op(node)
    if not node.inputs or node.inputs[0] is None:
        return None
    if kind == "GatherElements":
        return graph.sizes(node.inputs[1])
    if kind in CONVOLUTIONS or kind in POOLS or kind == "ConvTranspose":
        return _slid(graph, node)
    source = graph.sizes(node.inputs[0]) if kind in GLOBAL_POOLS or kind in RESHAPED else None
    if source is None:
        return None
    if kind == "Attention":
        return _attended(graph, node, source)
    if kind in GLOBAL_POOLS:
        return (*source[:2], *(1,) * (len(source) - 2))
    if kind == "Pad":
        return _padded(graph, node, source)
    if kind in ("DepthToSpace", "SpaceToDepth"):
        block = int_attribute(node, "blocksize", 1)
        batch, channels, rows, columns = source
        if kind == "DepthToSpace":
            return batch, channels // block**2, rows * block, columns * block
        return batch, channels * block**2, rows // block, columns // block
    return _resized(graph, node, source)


RESHAPED = frozenset({"Pad", "Resize", "Upsample", "DepthToSpace", "SpaceToDepth", "Attention"})


def _attended(graph: BoundGraph, node: ir.Node, query: Sizes) -> Sizes | None:
    """Queries' tokens, values' width."""
    value = graph.sizes(node.inputs[2])
    if value is None:
        return None
    if len(query) == 4:
        return (*query[:3], value[-1])
    heads, key_heads = int_attribute(node, "q_num_heads", 1), int_attribute(node, "kv_num_heads", 1)
    return (*query[:2], value[-1] // key_heads * heads)


def _slid(graph: BoundGraph, node: ir.Node) -> Sizes | None:
    kind = op(node)
    source, windows = graph.sizes(node.inputs[0]), slides(graph, node)
    if source is None or windows is None or len(source) != len(windows) + 2:
        return None
    channels = source[1]
    weight = None
    if kind not in POOLS:
        weight = graph.sizes(node.inputs[weight_index(node)])
        if weight is None:
            return None
        channels = weight[1] * int_attribute(node, "group", 1) if kind == "ConvTranspose" else weight[0]
    if kind == "com.microsoft.NhwcConv":
        return (source[0], *(w.size(n) for w, n in zip(windows, source[1:-1], strict=True)), channels)
    if kind != "ConvTranspose":
        return (source[0], channels, *(w.size(n) for w, n in zip(windows, source[2:], strict=True)))
    extra = ints_attribute(node, "output_padding") or (0,) * len(windows)
    stated = ints_attribute(node, "output_shape")
    spatial = stated or tuple(
        (n - 1) * w.stride + w.extent - sum(w.pads(None)) + e
        for w, n, e in zip(windows, source[2:], extra, strict=True)
    )
    return (source[0], channels, *spatial)


def _padded(graph: BoundGraph, node: ir.Node, source: Sizes) -> Sizes | None:
    given = pads_of(graph, node, len(source))
    return None if given is None else tuple(n + a + b for n, (a, b) in zip(source, given, strict=True))


def pads_of(graph: Graph, node: ir.Node, rank: int) -> list[tuple[int, int]] | None:
    """Return (before, after) of a Pad for each axis; None where they are computed from the input."""
    given = ints_attribute(node, "pads")
    if given is None:
        constant = graph.constant(node.inputs[1]) if len(node.inputs) > 1 else None
        if constant is None:
            return None
        given = tuple(int(i) for i in constant.reshape(-1))
    axes = list(range(rank))
    if len(node.inputs) > 3 and node.inputs[3] is not None:
        constant = graph.constant(node.inputs[3])
        if constant is None:
            return None
        axes = [int(i) % rank for i in constant.reshape(-1)]
    out = [(0, 0)] * rank
    for n, axis in enumerate(axes):
        out[axis] = (given[n], given[n + len(axes)])
    return out


def _resized(graph: BoundGraph, node: ir.Node, source: Sizes) -> Sizes | None:
    if attribute(node, "axes") is not None:
        return None
    sizes = graph.constant(node.inputs[3]) if len(node.inputs) > 3 else None
    if sizes is not None and sizes.size == len(source):
        return tuple(int(n) for n in sizes.reshape(-1))
    index = 1 if node.op_type == "Upsample" or len(node.inputs) == 2 else 2
    scales = graph.constant(node.inputs[index]) if len(node.inputs) > index else None
    if scales is None or scales.size != len(source):
        return None
    return tuple(math.floor(n * float(s) + 1e-6) for n, s in zip(source, scales.reshape(-1), strict=True))

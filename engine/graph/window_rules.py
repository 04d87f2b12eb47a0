"""Shapes after operators that slide a window over an image: convolutions and poolings."""

from collections.abc import Callable

import onnx_ir as ir

from engine.graph.dims import Dim, Dims
from engine.graph.known import KnownShapes


def _conv(shapes: KnownShapes, node: ir.Node, _: ir.Value) -> Dims | None:
    dims, weight = shapes.known(node.inputs[0]), shapes.known(node.inputs[1])
    if dims is None or weight is None or len(dims) != len(weight):
        return None
    return (dims[0], weight[0], *conv_output(node, dims[2:], weight[2:]))


def conv_output(node: ir.Node, size: Dims, kernel: Dims) -> Dims:
    """Sizes after a convolution or pooling with explicit pads; None where the size is unknown."""
    n = len(kernel)
    strides = node.attributes["strides"].as_ints() if "strides" in node.attributes else [1] * n
    dilations = node.attributes["dilations"].as_ints() if "dilations" in node.attributes else [1] * n
    pads = node.attributes["pads"].as_ints() if "pads" in node.attributes else [0] * (2 * n)
    out: list[Dim] = []
    for i, (length, k) in enumerate(zip(size, kernel, strict=True)):
        if isinstance(length, int) and isinstance(k, int):
            out.append((length + pads[i] + pads[i + n] - dilations[i] * (k - 1) - 1) // strides[i] + 1)
        else:
            out.append(None)
    return tuple(out)


def _pool(shapes: KnownShapes, node: ir.Node, _: ir.Value) -> Dims | None:
    """Pooling with explicit pads; sizes stay open where they are rounded up or padded by name."""
    dims = shapes.known(node.inputs[0])
    kernel = node.attributes["kernel_shape"].as_ints() if "kernel_shape" in node.attributes else None
    if dims is None or kernel is None or len(dims) != len(kernel) + 2:
        return dims if dims is None else (*dims[:2], *((None,) * (len(dims) - 2)))
    rounded = "ceil_mode" in node.attributes and node.attributes["ceil_mode"].as_int()
    named = "auto_pad" in node.attributes and node.attributes["auto_pad"].as_string() not in ("NOTSET", "VALID")
    sizes = (None,) * len(kernel) if rounded or named else conv_output(node, dims[2:], tuple(kernel))
    return (*dims[:2], *sizes)


def _pooled(shapes: KnownShapes, node: ir.Node, _: ir.Value) -> Dims | None:
    """Global pooling: one row and one column are left."""
    dims = shapes.known(node.inputs[0])
    return None if dims is None else (*dims[:2], *((1,) * (len(dims) - 2)))


RULES: dict[str, Callable[[KnownShapes, ir.Node, ir.Value], Dims | None]] = {
    "Conv": _conv,
    "FusedConv": _conv,
    "MaxPool": _pool,
    "AveragePool": _pool,
    "GlobalAveragePool": _pooled,
    "GlobalMaxPool": _pooled,
}

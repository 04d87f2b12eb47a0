"""The sliding windows of convolutions and pooling: kernel, stride, dilation and padding on each axis."""

import math
from dataclasses import dataclass

import onnx_ir as ir

from engine.graph.graph import Graph, attribute, int_attribute, ints_attribute, op

CONVOLUTIONS = frozenset({"Conv", "ConvInteger", "QLinearConv", "com.microsoft.FusedConv", "com.microsoft.NhwcConv"})
POOLS = frozenset({"MaxPool", "AveragePool", "LpPool", "com.microsoft.QLinearAveragePool"})


@dataclass(frozen=True)
class Slide:
    """A window sliding along one axis.

    Attributes:
        kernel, stride, dilation: in elements.
        before, after: padding; None where it depends on the length (`auto_pad` SAME).
        upper: of an odd SAME padding the larger part comes after.
        ceil: pooling that keeps a last, partial window.
    """

    kernel: int
    stride: int = 1
    dilation: int = 1
    before: int | None = 0
    after: int | None = 0
    upper: bool = True
    ceil: bool = False

    @property
    def extent(self) -> int:
        """Elements from the first to the last that a window sees."""
        return self.dilation * (self.kernel - 1) + 1

    def pads(self, length: int | None) -> tuple[int, int]:
        """Return the padding before and after for a given length; that of stride 1 where no length is known."""
        if self.before is not None and self.after is not None:
            return self.before, self.after
        if length is None:
            total = self.extent - 1
        else:
            total = max((math.ceil(length / self.stride) - 1) * self.stride + self.extent - length, 0)
        less, more = total // 2, total - total // 2
        return (less, more) if self.upper else (more, less)

    def size(self, length: int) -> int:
        """Return how many windows fit."""
        before, after = self.pads(length)
        room = length + before + after - self.extent
        if not self.ceil:
            return room // self.stride + 1
        count = math.ceil(room / self.stride) + 1
        return count - 1 if (count - 1) * self.stride >= length + before else count  # none starts in the padding


def weight_index(node: ir.Node) -> int:
    """Return which input of a convolution holds its kernel."""
    return 3 if node.op_type in ("QLinearConv", "QLinearMatMul") else 1


def slides(graph: Graph, node: ir.Node) -> tuple[Slide, ...] | None:
    """Return the sliding window of a convolution or pooling on each spatial axis; None where its size is unknown."""
    kernel = kernel_of(graph, node)
    if kernel is None:
        return None
    count = len(kernel)
    stride = ints_attribute(node, "strides") or (1,) * count
    dilation = ints_attribute(node, "dilations") or (1,) * count
    auto = str(attribute(node, "auto_pad", "NOTSET"))
    pads: tuple[int | None, ...] = ints_attribute(node, "pads") or (0,) * (2 * count)
    if auto.startswith("SAME"):
        pads = (None,) * (2 * count)
    elif auto == "VALID":
        pads = (0,) * (2 * count)
    ceil = op(node) in POOLS and bool(int_attribute(node, "ceil_mode", 0))
    return tuple(
        Slide(kernel[i], stride[i], dilation[i], pads[i], pads[i + count], auto != "SAME_LOWER", ceil)
        for i in range(count)
    )


def kernel_of(graph: Graph, node: ir.Node) -> tuple[int, ...] | None:
    """Return a kernel's spatial sizes, from the attribute or from the weights."""
    stated = ints_attribute(node, "kernel_shape")
    if stated is not None:
        return stated
    index = weight_index(node)
    weight = graph.shape(node.inputs[index]) if len(node.inputs) > index else None
    if weight is None or len(weight) < 3:
        return None
    sizes = weight[1:-1] if op(node) == "com.microsoft.NhwcConv" else weight[2:]
    numbers = tuple(d for d in sizes if isinstance(d, int))
    return numbers if len(numbers) == len(sizes) else None

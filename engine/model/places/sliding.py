"""How sliding windows and resizing carry places: an output lies at the centre of what it sees."""

from collections.abc import Callable

import numpy as np
import onnx_ir as ir

from engine.graph.graph import attribute, int_attribute, op
from engine.model.geometry import POOLS, slides
from engine.model.places.bound import BoundGraph, Sizes
from engine.model.places.place import Floats, Places, sample

Read = Callable[[ir.Value | None], Places]
Rule = Callable[[BoundGraph, ir.Node, Read, Sizes], "Places | None"]
"""(graph, node, places of a value, shape of the first output) -> places of the first output."""


def pooled(_graph: BoundGraph, node: ir.Node, read: Read, _sizes: Sizes) -> Places | None:
    """Global pooling: nothing that changes over rows or columns remains."""
    return tuple(p for p in read(node.inputs[0]) if not any(p.varies(axis) for axis in range(2, p.array.ndim)))


def slid(graph: BoundGraph, node: ir.Node, read: Read, sizes: Sizes) -> Places | None:
    """Convolutions and pooling: an output lies at the centre of its window."""
    windows, source = slides(graph, node), graph.sizes(node.inputs[0])
    if windows is None or source is None:
        return None
    nhwc = op(node) == "com.microsoft.NhwcConv"
    first, channels = (1, len(source) - 1) if nhwc else (2, 1)
    pools = op(node) in POOLS
    out = []
    for place in read(node.inputs[0]):
        if place.varies(channels) and not pools and int_attribute(node, "group", 1) < source[channels]:
            continue
        array = place.array
        for n, window in enumerate(windows):
            axis = first + n
            before = window.pads(source[axis])[0]
            at = np.arange(sizes[axis]) * window.stride - before + (window.extent - 1) / 2
            array = sample(array, axis, at.astype(np.float32))
        out.append(place.of(array))
    return tuple(out)


def slid_back(graph: BoundGraph, node: ir.Node, read: Read, sizes: Sizes) -> Places | None:
    """ConvTranspose: an output lies where the window that writes it in its middle stands."""
    windows = slides(graph, node)
    if windows is None:
        return None
    out = []
    for place in read(node.inputs[0]):
        if place.varies(1):
            continue
        array = place.array
        for n, window in enumerate(windows):
            at = (np.arange(sizes[n + 2]) + window.pads(None)[0] - (window.extent - 1) / 2) / window.stride
            array = sample(array, n + 2, at.astype(np.float32))
        out.append(place.of(array))
    return tuple(out)


def resized(graph: BoundGraph, node: ir.Node, read: Read, sizes: Sizes) -> Places | None:
    """Resize and Upsample."""
    source = graph.sizes(node.inputs[0])
    if source is None:
        return None
    mode = str(attribute(node, "coordinate_transformation_mode", "half_pixel"))
    mode = "asymmetric" if node.op_type == "Upsample" else mode
    out = []
    for place in read(node.inputs[0]):
        array = place.array
        for axis, (old, new) in enumerate(zip(source, sizes, strict=True)):
            if old != new:
                array = sample(array, axis, _resize_at(mode, old, new))
        out.append(place.of(array))
    return tuple(out)


def _resize_at(mode: str, old: int, new: int) -> Floats:
    """Where the outputs of a Resize stand on its input (ONNX operator reference, Resize)."""
    at = np.arange(new, dtype=np.float32)
    if mode == "align_corners":
        return (at * ((old - 1) / max(new - 1, 1))).astype(np.float32)
    if mode == "asymmetric":
        return (at * (old / new)).astype(np.float32)
    return ((at + 0.5) * (old / new) - 0.5).astype(np.float32)


def depth_to_space(graph: BoundGraph, node: ir.Node, read: Read, sizes: Sizes) -> Places | None:
    """DepthToSpace and SpaceToDepth: blocks lie where their cells lie."""
    source = graph.sizes(node.inputs[0])
    if source is None:
        return None
    out = []
    for place in read(node.inputs[0]):
        if place.varies(1):
            continue
        array = place.array
        for axis in (2, 3):
            array = sample(array, axis, _resize_at("half_pixel", source[axis], sizes[axis]))
        out.append(place.of(array))
    return tuple(out)

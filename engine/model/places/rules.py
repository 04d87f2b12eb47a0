"""How each operator carries places: one small function each. None means that nothing can be told any more."""

from collections.abc import Callable

import numpy as np
import onnx_ir as ir

from engine.graph.graph import attribute, int_attribute, ints_attribute, op
from engine.graph.known import slice_bounds
from engine.model.geometry import CONVOLUTIONS, POOLS, slides
from engine.model.places.bound import BoundGraph, Sizes
from engine.model.places.place import Floats, Place, Places, narrow, reshape, sample
from engine.model.places.sizes import pads_of

Read = Callable[[ir.Value | None], Places]
Rule = Callable[[BoundGraph, ir.Node, Read, Sizes], "Places | None"]
"""(graph, node, places of a value, shape of the first output) -> places of the first output."""


def moved(graph: BoundGraph, node: ir.Node, read: Read, sizes: Sizes) -> Places | None:
    """Reshape, Flatten, Squeeze, Unsqueeze."""
    source = graph.sizes(node.inputs[0])
    if source is None:
        return None
    found = [reshape(place, source, sizes) for place in read(node.inputs[0])]
    return tuple(place for place in found if place is not None)


def transposed(_graph: BoundGraph, node: ir.Node, read: Read, sizes: Sizes) -> Places | None:
    """Transpose."""
    order = ints_attribute(node, "perm") or tuple(range(len(sizes)))[::-1]
    return tuple(place.of(place.array.transpose(order)) for place in read(node.inputs[0]))


def sliced(graph: BoundGraph, node: ir.Node, read: Read, sizes: Sizes) -> Places | None:
    """Slice, Split by its own bounds."""
    starts, ends, axes, steps = slice_bounds(graph.constants, node)
    if starts is None or ends is None:
        return None
    axes = axes if axes is not None else list(range(len(starts)))
    parts = [slice(None)] * len(sizes)
    source = graph.sizes(node.inputs[0])
    if source is None:
        return None
    for n, axis in enumerate(axes):
        step = 1 if steps is None else steps[n]
        parts[axis % len(sizes)] = _bounded(starts[n], ends[n], step, source[axis])
    return tuple(_take(place, parts) for place in read(node.inputs[0]))


def _bounded(start: int, end: int, step: int, size: int) -> slice:
    """A slice as ONNX means it: an end far below zero reaches past the first element."""
    if step < 0 and end < -size:
        return slice(start, None, step)
    return slice(start, end, step)


def _take(place: Place, parts: list[slice]) -> Place:
    """Slice the axes along which a place changes."""
    return place.of(place.array[tuple(p if place.varies(axis) else slice(None) for axis, p in enumerate(parts))])


def gathered(graph: BoundGraph, node: ir.Node, read: Read, _sizes: Sizes) -> Places | None:
    """Gather: rows of an activation by constant indices, or of a table by an activation (an embedding)."""
    data, index = node.inputs[0], node.inputs[1]
    shape, places_of_index = graph.sizes(data), graph.sizes(index)
    if shape is None or places_of_index is None:
        return None
    axis = int_attribute(node, "axis", 0) % len(shape)
    if graph.is_constant(data):
        before, after = (1,) * axis, (1,) * (len(shape) - axis - 1)
        return tuple(
            Place(p.label, p.array.reshape((*before, *p.array.shape, *after)), p.source, shape[axis])
            for p in read(index)
        )
    chosen = graph.constant(index)
    out: list[Place] = []
    for place in read(data):
        if place.varies(axis):
            if chosen is None:
                return None
            array = np.take(place.array, chosen.astype(np.intp), axis)
        else:
            kept = (*place.array.shape[:axis], *(1,) * len(places_of_index), *place.array.shape[axis + 1 :])
            array = place.array.reshape(kept)
        out.append(place.of(narrow(array)))
    return tuple(out)


def gathered_points(graph: BoundGraph, node: ir.Node, read: Read, _sizes: Sizes) -> Places | None:
    """GatherND by constant indices, as adaptive pooling and advanced indexing are written."""
    source, index = graph.sizes(node.inputs[0]), graph.constant(node.inputs[1])
    if source is None or index is None or int_attribute(node, "batch_dims", 0):
        return None
    at = index.astype(np.intp)
    count = at.shape[-1]
    out = []
    for place in read(node.inputs[0]):
        wide = np.broadcast_to(place.array, (*source[:count], *place.array.shape[count:]))
        out.append(place.of(narrow(wide[tuple(at[..., i] for i in range(count))])))
    return tuple(out)


def expanded(_graph: BoundGraph, node: ir.Node, read: Read, sizes: Sizes) -> Places | None:
    """Expand: what broadcasts keeps size 1."""
    rank = len(sizes)
    return tuple(p.of(p.array.reshape((1,) * (rank - p.array.ndim) + p.array.shape)) for p in read(node.inputs[0]))


def tiled(graph: BoundGraph, node: ir.Node, read: Read, _sizes: Sizes) -> Places | None:
    """Tile."""
    repeats = graph.constant(node.inputs[1])
    if repeats is None:
        return None
    counts = [int(n) for n in repeats.reshape(-1)]
    return tuple(
        p.of(np.tile(p.array, [n if p.varies(axis) else 1 for axis, n in enumerate(counts)]))
        for p in read(node.inputs[0])
    )


def reduced(_graph: BoundGraph, node: ir.Node, read: Read, sizes: Sizes) -> Places | None:
    """Means and sums: what is joined lies in the middle; nothing does where all of it is joined."""
    given = ints_attribute(node, "axes")
    if given is None and len(node.inputs) > 1:
        constant = _graph.constant(node.inputs[1])
        given = None if constant is None else tuple(int(i) for i in constant.reshape(-1))
    out = []
    for place in read(node.inputs[0]):
        rank = place.array.ndim
        axes = {a % rank for a in given} if given is not None else set(range(rank))
        array = place.array
        if any(place.varies(axis) for axis in axes):
            array = array.mean(axis=tuple(axes), keepdims=True)
            if array.size == 1:
                continue
        kept = len(sizes) == rank
        shape = tuple(d for a, d in enumerate(array.shape) if kept or a not in axes)
        out.append(place.of(array.reshape(shape)))
    return tuple(out)


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


def padded(graph: BoundGraph, node: ir.Node, read: Read, sizes: Sizes) -> Places | None:
    """Pad: padding has no place on the image."""
    pads = pads_of(graph, node, len(sizes))
    if pads is None:
        return None
    out = []
    for place in read(node.inputs[0]):
        array = place.array
        for axis, (before, after) in enumerate(pads):
            if before or after:
                array = _pad_axis(array, axis, before, after, 0.0 if place.label == "special" else np.nan)
        out.append(place.of(array))
    return tuple(out)


def _pad_axis(array: Floats, axis: int, before: int, after: int, fill: float) -> Floats:
    """Pad or crop one axis; a coordinate that does not change along it needs no gap: the other one has it."""
    if array.shape[axis] == 1:
        return array
    length = array.shape[axis]
    array = array[(slice(None),) * axis + (slice(max(-before, 0), length - max(-after, 0)),)]
    wide = [(0, 0)] * array.ndim
    wide[axis] = (max(before, 0), max(after, 0))
    return np.pad(array, wide, constant_values=fill)


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


RULES: dict[str, Rule] = {
    **dict.fromkeys(("Reshape", "Flatten", "Squeeze", "Unsqueeze"), moved),
    **dict.fromkeys((*CONVOLUTIONS, *POOLS), slid),
    **dict.fromkeys(("GlobalAveragePool", "GlobalMaxPool", "com.microsoft.QLinearGlobalAveragePool"), pooled),
    **dict.fromkeys(("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL2", "ReduceL1"), reduced),
    **dict.fromkeys(("Resize", "Upsample"), resized),
    **dict.fromkeys(("DepthToSpace", "SpaceToDepth"), depth_to_space),
    "Transpose": transposed,
    "Slice": sliced,
    "Gather": gathered,
    "GatherND": gathered_points,
    "Expand": expanded,
    "Tile": tiled,
    "ConvTranspose": slid_back,
    "Pad": padded,
}
"""One rule for each operator that moves elements; `flow` adds products, joins and elementwise operators."""

__all__ = ["RULES", "Read", "Rule"]

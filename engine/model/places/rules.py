"""How each operator carries places: one small function each. None means that nothing can be told any more."""

import numpy as np
import onnx_ir as ir

from engine.graph.graph import int_attribute, ints_attribute
from engine.graph.known import slice_bounds
from engine.model.geometry import CONVOLUTIONS, POOLS
from engine.model.places.bound import BoundGraph, Sizes
from engine.model.places.place import Floats, Place, Places, narrow, reshape
from engine.model.places.sizes import pads_of
from engine.model.places.sliding import Read, Rule, depth_to_space, pooled, resized, slid, slid_back

MOST_VISITS = 200


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


def picked(graph: BoundGraph, node: ir.Node, read: Read, sizes: Sizes) -> Places | None:
    """GatherElements by what an input says, as masked autoencoders pick patches (He et al. 2022): a run would tell."""
    axis = int_attribute(node, "axis", 0) % len(sizes)
    moved_places = [p for p in read(node.inputs[0]) if p.varies(axis) or p.label == "chosen"]
    if not moved_places or graph.constant(node.inputs[1]) is not None:
        return None
    return (Place("chosen", np.zeros((1,) * len(sizes), np.float32), picking_input(graph, node.inputs[1])),)


def picking_input(graph: BoundGraph, value: ir.Value | None) -> str:
    """The first input of the graph that a tensor is computed from; "" where it is none."""
    stack, seen = [value], set[ir.Value]()
    while stack and len(seen) < MOST_VISITS:
        here = stack.pop()
        if here is None or here in seen or graph.is_constant(here):
            continue
        seen.add(here)
        node = here.producer()
        if node is None:
            return here.name or ""
        if node.op_type != "Shape":
            stack += node.inputs
    return ""


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
    "GatherElements": picked,
    "GatherND": gathered_points,
    "Expand": expanded,
    "Tile": tiled,
    "ConvTranspose": slid_back,
    "Pad": padded,
}
"""One rule for each operator that moves elements; `flow` adds products, joins and elementwise operators."""

__all__ = ["RULES", "Read", "Rule"]

"""Receptive fields, computed on the graph: what part of the image a unit can see at most.

Araujo, Norris and Sim 2019, "Computing Receptive Fields of Convolutional Neural Networks" (Distill): along one axis,
unit i of a layer sees the pixels from i * jump + first to i * jump + last. Of several paths the widest counts.
"""

from collections.abc import Mapping
from dataclasses import replace

import onnx_ir as ir

from engine.graph.graph import Graph, attribute, int_attribute, ints_attribute, op
from engine.graph.shape_rules import BROADCAST, SAME_SHAPE
from engine.model.description import AxisField, ReceptiveField
from engine.model.geometry import CONVOLUTIONS, POOLS, Slide, slides
from engine.model.places.bound import BoundGraph
from engine.model.places.sizes import GLOBAL_POOLS

Fields = dict[int, AxisField]
"""For each spatial axis of a tensor, from the left, what its units see."""
MIXED = ("Concat", "Sum", "Mean", "PRelu", "LRN", "Mish", "Softplus", "HardSigmoid", "Pad", "Slice", "Split", "Swish")
REDUCES = frozenset({"ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL2"})


def receptive_fields(graph: BoundGraph, inputs: Mapping[str, tuple[int, ...]]) -> dict[str, ReceptiveField]:
    """Return, by name, the receptive field of every tensor that still lies on the image.

    Args:
        graph: the graph at the image's size.
        inputs: spatial axes of each input that is an image, such as {"pixel_values": (2, 3)}.
    """
    known: dict[ir.Value, Fields] = {}
    for value in graph.model.graph.inputs:
        if (value.name or "") in inputs:
            known[value] = {axis: AxisField(n) for n, axis in enumerate(inputs[value.name or ""])}
    for node in graph.nodes:
        sources = [known.get(v, {}) if v is not None else {} for v in node.inputs]
        if not any(sources):
            continue
        found = _through(graph, node, sources)
        if found:
            for output in node.outputs if op(node) == "Split" else node.outputs[:1]:
                known[output] = found
    return {value.name or "": _joined(fields) for value, fields in known.items() if len(fields) > 0}


def _joined(fields: Fields) -> ReceptiveField:
    ordered = sorted(fields.values(), key=lambda field: field.axis)
    return ReceptiveField(tuple(replace(f, whole=False) for f in ordered), any(f.whole for f in ordered))


def _through(graph: BoundGraph, node: ir.Node, sources: list[Fields]) -> Fields:
    """What units of a node's output see; nothing where they no longer lie on the image."""
    kind = op(node)
    first = sources[0]
    if kind in CONVOLUTIONS or kind in POOLS or kind == "ConvTranspose":
        return _slid(graph, node, first, back=kind == "ConvTranspose")
    if kind == "Transpose":
        order = ints_attribute(node, "perm") or ()
        return {order.index(axis): field for axis, field in first.items() if axis in order}
    if kind in GLOBAL_POOLS:
        return {axis: replace(field, whole=True, gone=True) for axis, field in first.items()}
    if kind in REDUCES:
        return _reduced(graph, node, first)
    if kind in ("Resize", "Upsample", "DepthToSpace", "SpaceToDepth"):
        return _resized(graph, node, first)
    if kind in ("Reshape", "Flatten", "Squeeze", "Unsqueeze"):
        return _moved(graph, node, first)
    if kind in SAME_SHAPE or kind in BROADCAST or kind in MIXED or kind.startswith("com.microsoft.QLinear"):
        return _merged(graph, node, sources)
    return {}


def _slid(graph: BoundGraph, node: ir.Node, source: Fields, *, back: bool) -> Fields:
    windows, sizes = slides(graph, node), graph.sizes(node.inputs[0])
    if windows is None:
        return {}
    start = 1 if op(node) == "com.microsoft.NhwcConv" else 2
    out = {}
    for axis, field in source.items():
        if not start <= axis < start + len(windows):
            continue
        length = None if sizes is None else sizes[axis]
        out[axis] = (_back if back else _forward)(field, windows[axis - start], length)
    return out


def _forward(field: AxisField, window: Slide, length: int | None) -> AxisField:
    before = window.pads(length)[0]
    return replace(
        field,
        jump=field.jump * window.stride,
        first=field.first - before * field.jump,
        last=field.last + (window.extent - 1 - before) * field.jump,
    )


def _back(field: AxisField, window: Slide, _length: int | None) -> AxisField:
    """Transposed: output o comes from inputs (o + pad - extent + 1) / stride to (o + pad) / stride."""
    before = window.pads(None)[0]
    return replace(
        field,
        jump=field.jump / window.stride,
        first=field.first + (before - window.extent + 1) / window.stride * field.jump,
        last=field.last + before / window.stride * field.jump,
    )


def _reduced(graph: Graph, node: ir.Node, source: Fields) -> Fields:
    given = ints_attribute(node, "axes")
    if given is None and len(node.inputs) > 1:
        constant = graph.constant(node.inputs[1])
        given = None if constant is None else tuple(int(i) for i in constant.reshape(-1))
    shape = graph.shape(node.inputs[0])
    if shape is None:
        return {}
    axes = set(range(len(shape))) if given is None else {a % len(shape) for a in given}
    if int_attribute(node, "keepdims", 1):
        return {a: replace(f, whole=True, gone=True) if a in axes else f for a, f in source.items()}
    return {a - sum(b < a for b in axes): f for a, f in source.items() if a not in axes}


def _resized(graph: BoundGraph, node: ir.Node, source: Fields) -> Fields:
    """An upsampled unit sees what its nearest, or for interpolation both, neighbours see."""
    before, after = graph.sizes(node.inputs[0]), graph.sizes(node.outputs[0])
    if before is None or after is None:
        return {}
    nearest = str(attribute(node, "mode", "nearest")) == "nearest" or node.op_type in ("DepthToSpace", "SpaceToDepth")
    out = {}
    for axis, field in source.items():
        scale = after[axis] / before[axis]
        if scale == 1:
            out[axis] = field
            continue
        jump = field.jump / scale
        reach = abs(field.jump - jump) if nearest else field.jump
        low, high = (reach, 0.0) if nearest and scale > 1 else (0.0, reach) if nearest else (reach, reach)
        out[axis] = replace(field, jump=jump, first=field.first - low, last=field.last + high)
    return out


def _moved(graph: BoundGraph, node: ir.Node, source: Fields) -> Fields:
    """Reshapes that only add or drop axes of size 1 leave rows and columns where they are."""
    before, after = graph.sizes(node.inputs[0]), graph.sizes(node.outputs[0])
    if before is None or after is None:
        return {}
    old = [axis for axis, size in enumerate(before) if size != 1]
    new = [axis for axis, size in enumerate(after) if size != 1]
    if [before[a] for a in old] != [after[a] for a in new]:
        return {}
    return {new[old.index(axis)]: field for axis, field in source.items() if axis in old}


def _merged(graph: BoundGraph, node: ir.Node, sources: list[Fields]) -> Fields:
    """The widest of all paths; a gate made of the whole image (squeeze-excite) is noted, not counted."""
    shape = graph.shape(node.outputs[0])
    ranks = [graph.shape(v) for v in node.inputs]
    out: Fields = {}
    for fields, own in zip(sources, ranks, strict=False):
        lead = len(shape) - len(own) if shape is not None and own is not None else 0
        for axis, field in fields.items():
            here = out.get(axis + lead)
            out[axis + lead] = field if here is None else _widest(here, field)
    if op(node) == "Pad":
        return _padded(graph, node, out)
    return out


def _widest(a: AxisField, b: AxisField) -> AxisField:
    if a.gone != b.gone:
        kept = b if a.gone else a
        return replace(kept, whole=True)
    return replace(
        a,
        jump=max(a.jump, b.jump),
        first=min(a.first, b.first),
        last=max(a.last, b.last),
        whole=a.whole or b.whole,
    )


def _padded(graph: BoundGraph, node: ir.Node, fields: Fields) -> Fields:
    """Padding moves the first unit."""
    from engine.model.places.sizes import pads_of

    sizes = graph.sizes(node.inputs[0])
    pads = None if sizes is None else pads_of(graph, node, len(sizes))
    if pads is None:
        return fields
    out = {}
    for axis, field in fields.items():
        shift = pads[axis][0] * field.jump
        out[axis] = replace(field, first=field.first - shift, last=field.last - shift)
    return out

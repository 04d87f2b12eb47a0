"""Products, joins and elementwise operators on places."""

from collections.abc import Sequence

import numpy as np
import onnx_ir as ir

from engine.graph.graph import attribute, int_attribute, op
from engine.model.places.bound import BoundGraph, Sizes
from engine.model.places.place import Floats, Place, Places, merge
from engine.model.places.rules import Read


def product(graph: BoundGraph, node: ir.Node, read: Read, sizes: Sizes) -> Places | None:
    """MatMul, Gemm and their kin: what changes along a contracted axis is lost.

    Through weights it becomes the mean instead: pixels joined into a patch lie at its centre.
    """
    second = 3 if node.op_type == "QLinearMatMul" else 1
    a, b = node.inputs[0], node.inputs[second]
    kept: list[Places] = []
    for value, other, flag, inner in ((a, b, "transA", -1), (b, a, "transB", -2)):
        out = []
        for place in read(value):
            array = place.array
            if array.ndim < 2:
                continue
            if int_attribute(node, flag, 0):
                array = array.swapaxes(-1, -2)
            if array.shape[inner] > 1:
                if not graph.is_constant(other):
                    continue
                array = array.mean(axis=inner, keepdims=True)
                if array.size == 1:
                    continue  # the whole axis was mixed: no place is left
            out.append(place.of(array))
        kept.append(tuple(out))
    return merge(kept, len(sizes))


def einsum(_graph: BoundGraph, node: ir.Node, read: Read, _sizes: Sizes) -> Places | None:
    """Einsum: what changes along a letter that is summed over is lost."""
    equation = str(attribute(node, "equation", "")).replace(" ", "")
    left, arrow, out = equation.partition("->")
    if not arrow or "." in equation:
        return None
    kept: list[Places] = []
    for term, value in zip(left.split(","), node.inputs, strict=True):
        found = []
        for place in read(value):
            lost = [axis for axis, letter in enumerate(term) if letter not in out and place.varies(axis)]
            if lost or place.array.ndim != len(term):
                continue
            shape = dict(zip(term, place.array.shape, strict=True))
            letters = [letter for letter in out if letter in term]
            summed = tuple(axis for axis, letter in enumerate(term) if letter not in out)
            rest = [letter for letter in term if letter in out]
            array = place.array.squeeze(summed).transpose([rest.index(letter) for letter in letters])
            found.append(place.of(array.reshape([shape.get(letter, 1) for letter in out])))
        kept.append(tuple(found))
    return merge(kept, len(out))


def elementwise(_graph: BoundGraph, node: ir.Node, read: Read, sizes: Sizes) -> Places | None:
    """Operators that change numbers and not places: sums, norms, activations."""
    inputs = node.inputs[1:] if op(node) == "Where" else node.inputs
    groups = []
    for value in inputs:
        fits = [p for p in read(value) if all(n in (1, s) for n, s in _aligned(p.array.shape, sizes))]
        groups.append(tuple(p for p in fits if p.array.ndim <= len(sizes)))
    return merge(groups, len(sizes))


def _aligned(shape: Sizes, sizes: Sizes) -> list[tuple[int, int]]:
    return list(zip(shape[::-1], sizes[::-1], strict=False))


def first_input(_graph: BoundGraph, node: ir.Node, read: Read, sizes: Sizes) -> Places | None:
    """Fused operators whose result has the tokens of their first input in the same places."""
    return tuple(
        p
        for p in read(node.inputs[0])
        if p.array.ndim == len(sizes) and all(n in (1, s) for n, s in zip(p.array.shape, sizes, strict=True))
    )


class Joins:
    """Concat, which alone makes special tokens: remembers which learned tensors were joined to the patches."""

    def __init__(self) -> None:
        self.sources: list[tuple[str, int]] = [("", 0)]
        """For each number of a "special" place the tensor's name and the token's place in it."""

    def __call__(self, graph: BoundGraph, node: ir.Node, read: Read, sizes: Sizes) -> Places | None:
        """Join tensors along an axis; tokens without a place on the image are special ones."""
        axis = int_attribute(node, "axis", 0) % len(sizes)
        parts = [v for v in node.inputs if v is not None]
        lengths = []
        for value in parts:
            shape = graph.sizes(value)
            if shape is None:
                return None
            lengths.append(shape[axis])
        found = [{p.label: p for p in read(value)} for value in parts]
        labels = list(dict.fromkeys(label for places in found for label in places))
        image = any(places[label].varies(axis) for places in found for label in places if label in ("row", "column"))
        out = []
        for label in labels:
            template = next(places[label] for places in found if label in places)
            if not image and not any(places[label].varies(axis) for places in found if label in places):
                out.append(template)
                continue
            gap = 0.0 if label == "special" else np.nan
            arrays = [self._wide(places.get(label), axis, n, gap) for places, n in zip(found, lengths, strict=True)]
            out.append(template.of(_concatenate(arrays, axis, len(sizes))))
        lost = [i for i, places in enumerate(found) if not {"row", "column", "special"} & set(places)]
        if image and lost:
            return self._with_special(out, parts, lost, lengths, axis, len(sizes))
        return tuple(out)

    def _wide(self, place: Place | None, axis: int, length: int, gap: float) -> Floats:
        if place is None:
            return np.full((length,), gap, np.float32)
        shape = list(place.array.shape)
        shape[axis] = length
        return np.broadcast_to(place.array, shape)

    def _with_special(
        self, out: list[Place], parts: Sequence[ir.Value], lost: list[int], lengths: list[int], axis: int, rank: int
    ) -> Places:
        """Number the tokens of the parts that have no place."""
        before = next((p for p in out if p.label == "special"), None)
        line = np.zeros(sum(lengths), np.float32)
        for i in lost:
            start = sum(lengths[:i])
            for n in range(lengths[i]):
                line[start + n] = len(self.sources)
                self.sources.append((parts[i].name or "", n))
        shape = [1] * rank
        shape[axis] = len(line)
        array = line.reshape(shape)
        if before is not None:
            array = np.where(array == 0, before.array, array)
        return (*(p for p in out if p.label != "special"), Place("special", array))


def _concatenate(arrays: list[Floats], axis: int, rank: int) -> Floats:
    """Join arrays that broadcast against each other on the other axes; a flat one holds gaps only."""
    full = [a for a in arrays if a.ndim == rank]
    other = [max(a.shape[i] for a in full) for i in range(rank)]
    out = []
    for array in arrays:
        shape = list(other)
        shape[axis] = array.shape[axis] if array.ndim == rank else len(array)
        if array.ndim != rank:
            array = array.reshape([len(array) if i == axis else 1 for i in range(rank)])
        out.append(np.broadcast_to(array, shape))
    return np.concatenate(out, axis=axis)


__all__ = ["Joins", "einsum", "elementwise", "first_input", "product"]

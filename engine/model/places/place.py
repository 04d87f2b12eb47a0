"""A map from the elements of a tensor to where they came from, and how operators move it.

The array of a place broadcasts against its tensor: an axis along which nothing changes has size 1, so that places
cost tokens, not tokens × width.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Sizes = tuple[int, ...]
MOST_ELEMENTS = 4_000_000


@dataclass(frozen=True)
class Place:
    """One coordinate of where the elements of a tensor came from.

    Attributes:
        label: "row" or "column" (in pixels of the image, of the centre), "special" (which learned token, 0 for none),
            "token" (place on an input's token axis), or "chosen" (places that an input's numbers pick, so that only a
            run would tell).
        array: the coordinate, of the tensor's rank; NaN where there is none (special tokens, padding).
        source: for "token" the input's name.
        weight: for "token" the rows of the table it was looked up in: word pieces have the largest table.
    """

    label: str
    array: Floats
    source: str = ""
    weight: int = 0

    def varies(self, axis: int) -> bool:
        """Return whether the coordinate changes along an axis."""
        return bool(self.array.shape[axis] > 1)

    @property
    def axes(self) -> frozenset[int]:
        """The axes, counted from the right, along which the coordinate changes."""
        rank = self.array.ndim
        return frozenset(axis - rank for axis in range(rank) if self.array.shape[axis] > 1)

    def of(self, array: Floats) -> "Place":
        """Return the same coordinate with another array."""
        return replace(self, array=array)


Places = tuple[Place, ...]


def merge(groups: Sequence[Places], rank: int) -> Places:
    """Return the places of an elementwise result, of the given rank.

    Of two places that say the same thing along the same axes the first is kept; of tokens the one with more weight.
    """
    kept: list[Place] = []
    for place in (p for group in groups for p in group):
        if place.array.ndim > rank:
            continue
        wide = place.of(place.array.reshape((1,) * (rank - place.array.ndim) + place.array.shape))
        rival = next((i for i, k in enumerate(kept) if _rivals(k, wide)), None)
        if rival is None:
            kept.append(wide)
        elif wide.label == "token" and wide.weight > kept[rival].weight:
            kept[rival] = wide
    return tuple(kept)


def _rivals(a: Place, b: Place) -> bool:
    """Rows of queries and rows of keys live side by side in scores: they change along different axes."""
    return a.label == b.label and (bool(a.axes & b.axes) or not a.axes or not b.axes)


def reshape(place: Place, source: Sizes, target: Sizes) -> Place | None:
    """Carry a place through a reshape from one shape to another; None where that would cost too much."""
    wide: list[int] = []
    middle: list[int] = []
    for left, right in groups(source, target):
        constant = all(place.array.shape[i] == 1 for i in left)
        wide += [1 if constant else source[i] for i in left]
        middle += [1 if constant else target[i] for i in right]
    if int(np.prod(wide)) > MOST_ELEMENTS:
        return None
    array = np.broadcast_to(place.array, wide).reshape(middle)
    return place.of(narrow(array))


def groups(source: Sizes, target: Sizes) -> list[tuple[list[int], list[int]]]:
    """Return the smallest groups of axes of two shapes that hold the same elements."""
    found: list[tuple[list[int], list[int]]] = []
    i = j = 0
    while i < len(source) or j < len(target):
        left, right = [], []
        a = b = 1
        if i < len(source):
            left.append(i)
            a, i = source[i], i + 1
        if j < len(target) and (a != 1 or not left or target[j] == 1):
            right.append(j)
            b, j = target[j], j + 1
        while a != b:
            if a < b and i < len(source):
                left.append(i)
                a, i = a * source[i], i + 1
            elif a > b and j < len(target):
                right.append(j)
                b, j = b * target[j], j + 1
            else:
                break
        found.append((left, right))
    return found


def narrow(array: Floats) -> Floats:
    """Return an array (any shape) with the axes along which nothing changes reduced to size 1."""
    for axis, size in enumerate(array.shape):
        if size > 1:
            first = array.take([0], axis)
            if bool(np.all((array == first) | (np.isnan(array) & np.isnan(first)))):
                array = first
    return array


def sample(array: Floats, axis: int, at: Floats) -> Floats:
    """Return an array (any shape) read along one axis at places between its own, straight on beyond its ends.

    Gaps (NaN) in an array that changes along this axis alone are closed first, since the places around a padded
    border are known.
    """
    size = array.shape[axis]
    if size == 1:
        return array
    moved = np.moveaxis(array, axis, -1)
    if array.size == size:
        moved = _closed(moved.reshape(-1)).reshape(moved.shape)
    low = np.clip(np.floor(at).astype(np.intp), 0, size - 2)
    part = (at - low).astype(np.float32)
    first, second = moved[..., low], moved[..., low + 1]
    out = np.where(part == 0, first, np.where(part == 1, second, first + (second - first) * part))
    return np.moveaxis(out, -1, axis).astype(np.float32)


def _closed(line: Floats) -> Floats:
    """Fill gaps by the straight line through the known places."""
    known = np.flatnonzero(~np.isnan(line))
    if len(known) in (0, 1, len(line)):
        return line
    slope, start = np.polyfit(known, line[known], 1)
    out = line.copy()
    gaps = np.isnan(line)
    out[gaps] = (start + slope * np.flatnonzero(gaps)).astype(np.float32)
    return out

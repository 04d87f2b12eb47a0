"""How a tensor of the graph lies on the axes people speak of: batch, head, token, dim; or batch, head, query, key.

Exporters lay the same attention out in many ways: (batch, head, token, dim), (batch, token, head, dim),
heads folded into the batch, windows split off the batch. An `Operand` names a tensor and says what each of its
axes is made of; `canonical` brings the array to four axes without copying where NumPy allows it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Axes = tuple[tuple[str, ...], ...]
"""For each axis of a tensor the factors it is made of, major first: (("batch", "head"), ("token",), ("dim",))."""

TOKENS = ("batch", "head", "token", "dim")
SCORES = ("batch", "head", "query", "key")


@dataclass(frozen=True)
class Operand:
    """A tensor of the graph, by name, and what its axes are made of.

    A factor is a canonical axis ("batch") or a part of one ("batch.0", "batch.1", major first).
    """

    value: str
    axes: Axes


def axes(text: str) -> Axes:
    """Read axes from words: `axes("batch*head token dim")` is (("batch", "head"), ("token",), ("dim",))."""
    return tuple(tuple(axis.split("*")) for axis in text.split())


def canonical(
    array: NDArray[np.generic], layout: Axes, order: Sequence[str], sizes: Mapping[str, int]
) -> NDArray[np.generic]:
    """Bring `array` to the axes of `order`, each of its own size or 1 where the tensor broadcasts.

    Args:
        array: the tensor as the graph computes it; fewer axes than `layout` broadcast from the left.
        layout: what each axis is made of.
        order: the canonical axes wanted, such as `TOKENS` or `SCORES`.
        sizes: sizes of factors that cannot be read off an axis of their own, such as {"head": 12}; a whole
            axis by its canonical name tells how far a part of it broadcasts.

    Raises:
        ValueError: the shape does not fit the layout.
    """
    if array.ndim > len(layout):
        extra = array.ndim - len(layout)
        if any(size != 1 for size in array.shape[:extra]):
            raise ValueError(f"shape {array.shape} has more axes than {layout}")
        array = array.reshape(array.shape[extra:])
    layout_here = layout[len(layout) - array.ndim :]
    names: list[str] = []
    shape: list[int] = []
    for size, factors in zip(array.shape, layout_here, strict=True):
        names += factors
        shape += _split(size, factors, sizes)
    split = array.reshape(shape)
    return _merge(split, names, order, sizes)


def _split(size: int, factors: tuple[str, ...], sizes: Mapping[str, int]) -> list[int]:
    """Sizes of the factors of one axis; an axis of size 1 broadcasts over all of them."""
    if len(factors) == 1:
        return [size]
    if not factors and size != 1:
        raise ValueError(f"an axis of {size} that should be empty")
    if size == 1:
        return [1] * len(factors)
    known = [sizes.get(factor) for factor in factors]
    unknown = [i for i, value in enumerate(known) if value is None]
    product = math.prod(value for value in known if value is not None)
    if len(unknown) > 1 or product == 0 or size % product or (not unknown and size != product):
        raise ValueError(f"an axis of {size} cannot be split into {factors} with sizes {dict(sizes)}")
    return [size // product if value is None else value for value in known]


def _merge(
    split: NDArray[np.generic], names: list[str], order: Sequence[str], sizes: Mapping[str, int]
) -> NDArray[np.generic]:
    """Order the factors by canonical axis and join the parts of each."""
    parts = {axis: sorted(n for n in names if n.split(".")[0] == axis) for axis in order}
    wanted = [name for axis in order for name in parts[axis]]
    if sorted(wanted) != sorted(names):
        raise ValueError(f"factors {names} do not fit the axes {tuple(order)}")
    moved = split.transpose([names.index(name) for name in wanted])
    target, at = [], 0
    shape = list(moved.shape)
    for axis in order:
        count = len(parts[axis])
        here = shape[at : at + count]
        if count > 1 and any(size > 1 for size in here):  # parts broadcast against each other before they join
            here = _widened(here, parts[axis], sizes, sizes.get(axis))
        shape[at : at + count] = here
        target.append(math.prod(here))
        at += count
    return np.broadcast_to(moved, shape).reshape(target)


def _widened(here: list[int], names: list[str], sizes: Mapping[str, int], whole: int | None) -> list[int]:
    """Sizes of the parts of one axis where those of size 1 broadcast: told apart, or what the whole leaves."""
    wide = [sizes.get(name, size) if size == 1 else size for name, size in zip(names, here, strict=True)]
    narrow = [i for i, size in enumerate(wide) if size == 1]
    product = math.prod(wide)
    if len(narrow) == 1 and whole is not None and whole > product and whole % product == 0:
        wide[narrow[0]] = whole // product
    return wide

"""The elementwise steps between QKᵀ and the softmax, replayed on just a part of the scores."""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from engine.sites.layout import SCORES, Operand, canonical
from engine.sites.site import SitePlan, Step

Array = NDArray[np.generic]
Floats = NDArray[np.float32]
Tensors = Mapping[str, NDArray[np.generic]]
Slices = tuple[slice, slice, slice, slice]
Memo = MutableMapping[object, object]
"""Canonical views already made of a run's tensors: making one costs more than a row of attention."""


@dataclass(frozen=True)
class Part:
    """A part of a site's scores: where it lies in the whole, and what it is computed from.

    Attributes:
        slices: of (batch, head, query, key).
        whole: sizes of (batch, head, query, key).
    """

    plan: SitePlan
    tensors: Tensors
    slices: Slices
    whole: tuple[int, int, int, int]
    memo: Memo | None

    def read(self, operand: Operand) -> NDArray[np.generic]:
        """Slice a tensor that broadcasts to (batch, head, query, key) without building what it broadcasts to."""
        totals = dict(zip(SCORES, self.whole, strict=True))
        array = operand_of(operand, self.plan, self.tensors, SCORES, self.memo, totals)
        return array[
            tuple(slice(None) if size == 1 else part for size, part in zip(array.shape, self.slices, strict=True))
        ]


def operand_of(
    operand: Operand,
    plan: SitePlan,
    tensors: Tensors,
    order: Sequence[str],
    memo: Memo | None,
    totals: Mapping[str, int] | None = None,
) -> NDArray[np.generic]:
    """Return an operand on the axes of `order`, from `memo` where it was made before."""
    name = (operand, plan.factor_sizes, order)
    if memo is not None and name in memo:
        return cast(Array, memo[name])
    sizes = {**(totals or {}), **dict(plan.factor_sizes)}
    array = canonical(tensors[operand.value], operand.axes, order, sizes)
    if memo is not None:
        memo[name] = array
    return array


def replay(step: Step, x: Floats, part: Part) -> Floats:
    """Apply one step to a part of the scores, (batch, head, query, key) float32."""
    return RULES[step.kind](step, x, part)


def _other(step: Step, part: Part) -> Floats:
    """The other side of a step: a tensor of the graph or one number."""
    return np.asarray(part.read(step.operand) if step.operand else step.factor or 0.0, np.float32)


def _where(step: Step, x: Floats, part: Part) -> Floats:
    if step.operand is None:
        raise ValueError("a step that chooses needs a condition")
    keep = np.asarray(part.read(step.operand), bool) ^ step.inverted
    fill = part.read(step.fill_operand).astype(np.float32) if step.fill_operand else np.float32(step.fill or 0.0)
    return np.where(keep, x, fill).astype(np.float32)


def _mask(step: Step, x: Floats, part: Part) -> Floats:
    if step.operand is None:
        raise ValueError("a mask step needs a mask")
    mask = part.read(step.operand)
    if mask.dtype == np.bool_:
        return np.where(mask, x, np.float32(step.fill or 0.0)).astype(np.float32)
    return x + mask.astype(np.float32)


def _causal(step: Step, x: Floats, part: Part) -> Floats:
    queries, keys = _places(step, part)
    return np.where(keys <= queries, x, np.float32(-np.inf)).astype(np.float32)


def _window(step: Step, x: Floats, part: Part) -> Floats:
    queries, keys = _places(step, part)
    return np.where(keys > queries - int(step.factor or 0), x, np.float32(-np.inf)).astype(np.float32)


def _places(step: Step, part: Part) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places of queries and keys in one sequence, (batch, 1, query, 1) and (key,)."""
    queries, keys = (np.arange(size)[part.slices[axis]] for axis, size in ((2, part.whole[2]), (3, part.whole[3])))
    if step.operand is not None:
        return part.read(step.operand).astype(np.int64) + queries[:, None], keys
    offset = part.whole[3] - part.whole[2] if step.kind == "window" or step.factor else 0
    return queries[:, None] + offset, keys


def _round(step: Step, x: Floats, _part: Part) -> Floats:
    low, high = step.limits or (-np.inf, np.inf)
    scale = np.float32(step.factor or 1.0)
    return cast(Floats, np.clip(np.rint(x / scale), np.float32(low), np.float32(high)) * scale)


def _mix(step: Step, x: Floats, part: Part) -> Floats:
    if step.operand is None:
        raise ValueError("a step that mixes heads needs weights")
    weight = part.tensors[step.operand.value].astype(np.float32)  # (head, head of the result)
    if step.operand.axes[0] == ("head",):
        weight = weight.T
    return cast(Floats, np.einsum("bhqk,hg->bgqk", x, weight))


RULES: dict[str, Callable[[Step, Floats, Part], Floats]] = {
    "scale": lambda step, x, part: x * _other(step, part),
    "divide": lambda step, x, part: cast(Floats, x / _other(step, part)),
    "add": lambda step, x, part: x + _other(step, part),
    "tanh": lambda _step, x, _part: cast(Floats, np.tanh(x)),
    "maximum": lambda step, x, part: cast(Floats, np.maximum(x, _other(step, part))),
    "where": _where,
    "mask": _mask,
    "causal": _causal,
    "window": _window,
    "round": _round,
    "mix": _mix,
}

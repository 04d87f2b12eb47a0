"""Scores and patterns from tapped queries, keys and biases, for just the part that somebody looks at.

softmax(scale · QKᵀ + bias), Vaswani et al. 2017, "Attention Is All You Need", section 3.2.1. Everything is
computed in float32 whatever the model's own precision.
"""

from typing import cast

import numpy as np
from numpy.typing import NDArray

from engine.runtime.score_steps import Floats, Memo, Part, Slices, Tensors, operand_of, replay
from engine.sites.layout import TOKENS, Operand, canonical
from engine.sites.site import AttentionSite, SitePlan, Step

_Sides = tuple[NDArray[np.generic], Floats]


def tokens_of(operand: Operand, plan: SitePlan, tensors: Tensors) -> Floats:
    """Return one of Q, K, V as (batch, head, token, dim) float32."""
    array = canonical(tensors[operand.value], operand.axes, TOKENS, dict(plan.factor_sizes))
    return array.astype(np.float32, copy=False)


def scores(site: AttentionSite, tensors: Tensors, parts: Slices, memo: Memo | None = None) -> Floats:
    """Return scale · QKᵀ + bias for the slices of (batch, head, query, key) in `parts`."""
    plan = site.plan
    mixed = any(step.kind == "mix" for step in plan.steps)
    whole_heads = (parts[0], slice(None), *parts[2:]) if mixed else parts  # every head is made of all
    out, part = _product(site, tensors, whole_heads, memo, plan.query_factor * plan.key_factor)
    for step in plan.steps:
        out = replay(step, out, part)
    return out[:, parts[1]] if mixed else out


def stages(
    site: AttentionSite, tensors: Tensors, parts: Slices, memo: Memo | None = None
) -> list[tuple[Step | None, Floats]]:
    """Return QKᵀ and then the scores after each step, with the step; a factor split over Q and K is a step too."""
    plan = site.plan
    out, part = _product(site, tensors, parts, memo, 1.0)
    found: list[tuple[Step | None, Floats]] = [(None, out)]
    factor = plan.query_factor * plan.key_factor
    steps = plan.steps if factor == 1.0 else (Step("scale", factor=factor), *plan.steps)
    for step in steps:
        out = replay(step, out, part)
        found.append((step, out))
    return found


def _product(
    site: AttentionSite, tensors: Tensors, parts: Slices, memo: Memo | None, factor: float
) -> tuple[Floats, Part]:
    """Return factor · QKᵀ for a part, (batch, head, query, key), and what its steps are replayed with."""
    plan = site.plan
    if plan.query is None or plan.key is None:
        raise ValueError(f"{site.name} has no factored form")
    batch, head, query, key = parts
    q, k = _sides(plan, plan.query, plan.key, tensors, memo)
    part = Part(plan, tensors, parts, (q.shape[0], q.shape[1], q.shape[2], k.shape[2]), memo)
    if k.shape[1] == site.heads:
        k = k[batch, head, key]
    else:  # grouped queries share key heads
        k = k[batch][:, _key_heads(site.heads, k.shape[1], head)][:, :, key]
    q32 = q[batch, head, query].astype(np.float32, copy=False)
    if factor != 1.0:  # into Q, of which fewer tokens are asked for
        q32 = q32 * np.float32(factor)
    return cast(Floats, np.matmul(q32, k.swapaxes(-1, -2))), part


def _sides(
    plan: SitePlan, query: Operand, key: Operand, tensors: Tensors, memo: Memo | None
) -> tuple[NDArray[np.generic], Floats]:
    """Return all queries, (batch, head, query, dim), and keys, (batch, key head, key, dim), with one batch axis."""
    name = ("queries and keys", id(plan))
    kept = None if memo is None else memo.get(name)
    if isinstance(kept, tuple) and kept[0] is plan:
        return cast(_Sides, kept[1:])
    q = operand_of(query, plan, tensors, TOKENS, memo)
    k = _floats(key, plan, tensors, memo)
    batches = max(q.shape[0], k.shape[0])
    q = q if q.shape[0] == batches else np.broadcast_to(q, (batches, *q.shape[1:]))
    k = k if k.shape[0] == batches else np.broadcast_to(k, (batches, *k.shape[1:]))
    if memo is not None:
        memo[name] = (plan, q, k)
    return q, k


def _floats(operand: Operand, plan: SitePlan, tensors: Tensors, memo: Memo | None) -> Floats:
    """Return an operand as (batch, head, token, dim) float32; of a half-precision one the copy is kept."""
    array = operand_of(operand, plan, tensors, TOKENS, memo)
    if array.dtype == np.float32 or memo is None:
        return array.astype(np.float32, copy=False)
    name = (operand, plan.factor_sizes, "float32")
    if name not in memo:
        memo[name] = array.astype(np.float32)
    return cast(Floats, memo[name])


def softmax(x: Floats, *, own: bool = False) -> Floats:
    """Softmax over the last axis, any shape; a row of minus infinities becomes zeros, as guarded graphs define it.

    Args:
        x: scores, float32.
        own: nobody else needs `x`: its memory is used for the result, since fresh memory costs more than the sums.
    """
    top = x.max(axis=-1, keepdims=True)
    if not np.isfinite(top).all():
        np.copyto(top, 0.0, where=~np.isfinite(top))
    e = np.subtract(x, top, out=x if own else None)
    np.exp(e, out=e)
    total = e.sum(axis=-1, keepdims=True)
    if not total.all():
        np.copyto(total, 1.0, where=total == 0)  # a row of zeros stays one
    np.divide(e, total, out=e)
    return cast(Floats, e)


def _key_heads(heads: int, key_heads: int, head: slice) -> NDArray[np.intp]:
    """Which key head serves each wanted query head: grouped queries share one (Ainslie et al. 2023)."""
    wanted = np.arange(heads)[head]
    return wanted * key_heads // heads

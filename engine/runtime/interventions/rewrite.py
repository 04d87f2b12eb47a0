"""Interventions as changes of the graph. Nothing is approximated: each says what it does to the arithmetic.

A softmax at temperature T is the softmax's result to the power 1/T, made to sum to 1 again; hiding a key is zeroing
its weight, likewise. So every change stands right after a tensor that the site already names.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import onnx_ir as ir

from engine.errors import EngineError, declare_errors
from engine.messages import translate
from engine.model.description import ModelDescription
from engine.runtime.interventions.edits import (
    Edit,
    HeadsOff,
    HideTokens,
    NoScale,
    OnlyHeads,
    Positions,
    Temperature,
    Uniform,
    ZeroValues,
)
from engine.runtime.interventions.images import ImageEdit
from engine.runtime.interventions.positions import move_positions
from engine.runtime.interventions.surgery import Surgeon, axis_of
from engine.sites.layout import Operand
from engine.sites.site import AttentionSite, Step

declare_errors(
    {
        "edit-fused": translate("engine", "This cannot be changed at site {site}: {op} keeps its softmax to itself."),
        "edit-fused.advice": translate(
            "engine", "Switch heads off instead, or export the model without fused attention."
        ),
        "edit-site": translate("engine", "There is no site {site}: the model has {count}."),
        "edit-site.advice": translate("engine", "Choose a site from 0 to {last}."),
        "edit-head": translate("engine", "There is no head {head} at site {site}: it has {count}."),
        "edit-head.advice": translate("engine", "Choose a head from 0 to {last}."),
        "edit-unscaled": translate("engine", "Site {site} has no constant scale to leave out."),
        "edit-unscaled.advice": translate("engine", "Change the temperature instead."),
    }
)


def rewrite(model: ir.Model, description: ModelDescription, edits: Iterable[Edit]) -> None:
    """Change a model in place as the edits say.

    Raises:
        EngineError: an edit names a site or head that is not there, or one that cannot be changed.
    """
    surgeon = Surgeon(model)
    for edit in edits:
        if isinstance(edit, Positions):
            move_positions(surgeon, description, edit)
            continue
        if isinstance(edit, ImageEdit):
            continue  # changes what the graph is given
        for site in chosen(description, edit.site):
            RULES[type(edit)](surgeon, site, edit)
    surgeon.finish()


def chosen(description: ModelDescription, index: int | None) -> tuple[AttentionSite, ...]:
    """Return the site of an edit, or all of them.

    Raises:
        EngineError: there is no such site.
    """
    sites = description.sites
    if index is None:
        return sites
    if not 0 <= index < len(sites):
        raise EngineError("edit-site", site=index, count=len(sites), last=len(sites) - 1)
    return (sites[index],)


def described(description: ModelDescription, edits: Iterable[Edit]) -> ModelDescription:
    """Return the description of the changed model: where weights change, the pattern is read, not recomputed."""
    sites = list(description.sites)
    for edit in edits:
        if isinstance(edit, Uniform | Temperature | HideTokens):
            for site in chosen(description, edit.site):
                here = sites[site.index]
                pattern = here.plan.pattern
                if pattern is not None:
                    changed = Operand(changed_pattern(site), pattern.axes)
                    plan = replace(here.plan, pattern=changed)
                    sites[site.index] = replace(here, factored=False, checked=None, plan=plan)
        elif isinstance(edit, NoScale):
            for site in chosen(description, edit.site):
                here = sites[site.index]
                if here.scale:
                    steps = (Step("divide", factor=here.scale), *here.plan.steps)
                    plan = replace(here.plan, steps=steps)
                    sites[site.index] = replace(here, scale=1.0, plan=plan)
    return replace(description, sites=tuple(sites))


def changed_pattern(site: AttentionSite) -> str:
    """Return the name of a site's pattern after all changes."""
    return f"mirada.pattern.{site.index}"


def _heads(surgeon: Surgeon, site: AttentionSite, edit: Edit) -> None:
    if not isinstance(edit, HeadsOff | OnlyHeads):
        raise TypeError(edit)
    for head in edit.heads:
        if not 0 <= head < site.heads:
            raise EngineError("edit-head", head=head, site=site.index, count=site.heads, last=site.heads - 1)
    keep = np.ones(site.heads, np.float32)
    keep[list(edit.heads)] = 0.0
    if isinstance(edit, OnlyHeads):
        keep = 1 - keep
    output = site.plan.output
    value = None if output is None else surgeon.find(output.value)
    if output is None or value is None:
        raise EngineError("edit-fused", site=site.index, op=site.op)
    uses = surgeon.uses(value)

    def shaped(shape: list[int], like: ir.Value) -> ir.Value:
        return surgeon.like(keep.reshape(shape), like)

    new = times_heads(surgeon, value, output, site.heads, shaped, dict(site.plan.factor_sizes))
    surgeon.replace(value, uses, new)


def times_heads(
    surgeon: Surgeon,
    value: ir.Value,
    operand: Operand,
    heads: int,
    shaped: Callable[[list[int], ir.Value], ir.Value],
    sizes: dict[str, int],
) -> ir.Value:
    """Multiply a tensor by one number per head, wherever its heads lie.

    Args:
        surgeon: edits the graph.
        value: the tensor.
        operand: where its heads lie.
        heads: how many there are.
        shaped: gives the numbers in a shape, in the number type of a tensor.
        sizes: of the parts of its axes.
    """
    places = axis_of(operand, "head")
    rank = len(operand.axes)
    if not places:
        return surgeon.apply(value, "Mul", [value, shaped([1] * rank, value)])
    axis, place, count = places[0]
    if count == 1:
        shape = [1] * rank
        for at, _, _ in places:
            shape[at] = heads if len(places) == 1 else sizes[operand.axes[at][0]]
        return surgeon.apply(value, "Mul", [value, shaped(shape, value)])
    parts = [-1] * count
    parts[place] = heads
    split, old = surgeon.along(value, axis, parts)
    shape = [1] * (rank + count - 1)
    shape[axis + place] = heads
    if value.dtype is not None:
        split.dtype = value.dtype
    product = surgeon.apply(split, "Mul", [split, shaped(shape, value)])
    return surgeon.apply(product, "Reshape", [product, old])


def _pattern(surgeon: Surgeon, site: AttentionSite) -> tuple[ir.Value, Operand]:
    """Return the pattern as it stands now, earlier edits included."""
    operand = site.plan.pattern
    value = surgeon.find(changed_pattern(site)) or (None if operand is None else surgeon.find(operand.value))
    if operand is None or value is None or site.plan.reveal is not None:
        raise EngineError("edit-fused", site=site.index, op=site.op)
    return value, operand


def _reweigh(surgeon: Surgeon, site: AttentionSite, change: Callable[[ir.Value, Operand], ir.Value]) -> None:
    """Change the weights of a site and make each row sum to 1 again; rows of zeros stay zeros."""
    value, operand = _pattern(surgeon, site)
    uses = surgeon.uses(value)
    weights = change(value, operand)
    axis = next(axis for axis, _, _ in axis_of(operand, "key"))
    total = _sum(surgeon, weights, axis)
    least = surgeon.apply(total, "Max", [total, surgeon.like(np.array(1e-7, np.float32), value)])
    new = surgeon.apply(least, "Div", [weights, least])
    surgeon.replace(value, uses, new)
    name = changed_pattern(site)
    if value.name == name:
        value.name = f"{name}.before.{len(surgeon.values)}"
    new.name = name
    surgeon.values[name] = new


def _sum(surgeon: Surgeon, value: ir.Value, axis: int) -> ir.Value:
    if surgeon.opset >= 13:
        axes = surgeon.constant(np.array([axis], np.int64))
        return surgeon.apply(value, "ReduceSum", [value, axes], keepdims=1)
    return surgeon.apply(value, "ReduceSum", [value], axes=[axis], keepdims=1)


def _uniform(surgeon: Surgeon, site: AttentionSite, _edit: Edit) -> None:
    def change(value: ir.Value, _: Operand) -> ir.Value:
        zero = surgeon.like(np.array(0, np.float32), value)
        allowed = surgeon.apply(value, "Greater", [value, zero])
        one = surgeon.like(np.array(1, np.float32), value)
        return surgeon.apply(allowed, "Where", [allowed, one, zero])

    _reweigh(surgeon, site, change)


def _temperature(surgeon: Surgeon, site: AttentionSite, edit: Edit) -> None:
    if not isinstance(edit, Temperature):
        raise TypeError(edit)
    power = np.array(1 / edit.value, np.float32)
    _reweigh(surgeon, site, lambda value, _: surgeon.apply(value, "Pow", [value, surgeon.like(power, value)]))


def _hide(surgeon: Surgeon, site: AttentionSite, edit: Edit) -> None:
    if not isinstance(edit, HideTokens):
        raise TypeError(edit)

    def change(value: ir.Value, operand: Operand) -> ir.Value:
        return _without(surgeon, value, operand, "key", edit.tokens)

    _reweigh(surgeon, site, change)


def _without(surgeon: Surgeon, value: ir.Value, operand: Operand, factor: str, tokens: tuple[int, ...]) -> ir.Value:
    """Zero a tensor at some tokens of an axis, whatever its size: one minus the sum of their one-hot rows."""
    axis = next(axis for axis, _, _ in axis_of(operand, factor))
    length = surgeon.sizes(surgeon.apply(value, "Shape", [value]), axis, axis + 1)
    places = surgeon.constant(np.array(sorted(set(tokens)), np.int64))
    levels = surgeon.constant(np.array([0, 1], np.float32))
    rows = surgeon.apply(length, "OneHot", [places, length, levels])  # (hidden token, token)
    gone = _sum(surgeon, rows, 0)  # (1, token)
    keep = surgeon.apply(gone, "Sub", [surgeon.constant(np.array(1, np.float32)), gone])
    target = [1] * len(operand.axes)
    target[axis] = -1
    keep = surgeon.apply(keep, "Reshape", [keep, surgeon.constant(np.array(target, np.int64))])
    return surgeon.apply(keep, "Mul", [value, surgeon.cast(keep, value)])


def _values(surgeon: Surgeon, site: AttentionSite, edit: Edit) -> None:
    if not isinstance(edit, ZeroValues):
        raise TypeError(edit)
    operand = site.plan.value
    value = None if operand is None else surgeon.find(operand.value)
    if operand is None or value is None:
        raise EngineError("edit-fused", site=site.index, op=site.op)
    uses = surgeon.uses(value)
    surgeon.replace(value, uses, _without(surgeon, value, operand, "token", edit.tokens))


def _no_scale(surgeon: Surgeon, site: AttentionSite, _edit: Edit) -> None:
    if not site.scale:
        raise EngineError("edit-unscaled", site=site.index)
    value = surgeon.find(site.plan.product)
    if value is None:
        raise EngineError("edit-fused", site=site.index, op=site.op)
    uses = surgeon.uses(value)
    factor = surgeon.like(np.array(1 / site.scale, np.float32), value)
    surgeon.replace(value, uses, surgeon.apply(value, "Mul", [value, factor]))


RULES: dict[type, Callable[[Surgeon, AttentionSite, Edit], None]] = {
    HeadsOff: _heads,
    OnlyHeads: _heads,
    Uniform: _uniform,
    Temperature: _temperature,
    HideTokens: _hide,
    ZeroValues: _values,
    NoScale: _no_scale,
}
"""One rule for each intervention."""

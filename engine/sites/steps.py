"""The arithmetic between QKᵀ and the softmax, as steps that can be replayed on any part of the scores."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import onnx_ir as ir

from engine.graph.graph import Graph, int_attribute, op
from engine.sites.factors import PLAIN, Axis, Factor, move
from engine.sites.layout import Axes, Operand
from engine.sites.product import added, output_scale
from engine.sites.quantised import is_scale_of_product, number, rounding
from engine.sites.site import Step
from engine.sites.walk import SILENT, VIEWS, Hop


@dataclass(frozen=True)
class Scores:
    """Scores on their way down: how their axes lie now, how they lay at first, and what was done to them."""

    axes: tuple[Axis, ...]
    steps: tuple[Step, ...] = ()
    way: tuple[Hop, ...] = ()
    first: tuple[Axis, ...] | None = None

    @property
    def start(self) -> tuple[Axis, ...]:
        """The axes of the product itself."""
        return self.axes if self.first is None else self.first


def follow(graph: Graph, scores: Scores, way: tuple[Hop, ...]) -> Scores | None:
    """Replay the operators of `way` on the scores; None where one cannot be told."""
    for hop in way:
        after = _hop(graph, scores, hop)
        if after is None:
            return None
        scores = replace(after, way=(*scores.way, hop), first=scores.start)
    return scores


def _hop(graph: Graph, scores: Scores, hop: Hop) -> Scores | None:
    node, kind = hop.node, op(hop.node)
    if kind in SILENT:
        return scores
    if kind in VIEWS:
        axes = move(graph, node, scores.axes, graph.shape(node.outputs[0]))
        return None if axes is None else replace(scores, axes=axes)
    rule = RULES.get(kind)
    step = None if rule is None else rule(graph, node, hop.through, scores.axes)
    return None if step is None else replace(scores, steps=(*scores.steps, *step))


def operand(value: ir.Value, axes: tuple[Axis, ...]) -> Operand:
    """A tensor that broadcasts against the scores as they lie now."""
    return Operand(value.name or "", words(axes))


def words(axes: tuple[Axis, ...]) -> Axes:
    """Name the factors of labelled axes, numbering the parts of one that lies on several axes."""
    joined = [_joined(axis) for axis in axes]
    kinds = [f.kind for axis in joined for f in axis]
    seen: dict[str, int] = {}
    out = []
    for axis in joined:
        names = []
        for f in axis:
            at = seen.get(f.kind, 0)
            seen[f.kind] = at + 1
            names.append(f.kind if kinds.count(f.kind) == 1 else f"{f.kind}.{at}")
        out.append(tuple(names))
    return tuple(out)


def sizes(axes: tuple[Axis, ...]) -> dict[str, int]:
    """Sizes of heads and of the parts of split axes, by the names that `words` gives them."""
    return {
        name: f.size
        for names, axis in zip(words(axes), axes, strict=True)
        for name, f in zip(names, _joined(axis), strict=True)
        if isinstance(f.size, int) and (name == "head" or "." in name)
    }


def _joined(axis: Axis) -> Axis:
    """Join neighbouring factors of one kind: two parts of the batch on one axis are one batch; drop empty axes."""
    out: list[Factor] = []
    for f in axis:
        if f.kind == PLAIN and f.size == 1:
            continue
        if out and out[-1].kind == f.kind:
            known = isinstance(out[-1].size, int) and isinstance(f.size, int)
            out[-1] = Factor(f.kind, out[-1].size * f.size if known else None)  # type: ignore[operator]
        else:
            out.append(f)
    return tuple(out)


def _linear(kind: str) -> "Rule":
    def rule(graph: Graph, node: ir.Node, through: int, axes: tuple[Axis, ...]) -> tuple[Step, ...] | None:
        other = node.inputs[1 - through]
        if other is None:
            return None
        if kind == "Mul" and is_scale_of_product(other):
            return ()
        number = graph.scalar(other)
        if kind == "Sub":
            if number is None or through != 0:
                return None
            return (Step("add", factor=-number),)
        name = {"Mul": "scale", "Div": "divide", "Add": "add"}[kind]
        if number is not None:
            return (Step(name, factor=number),)  # type: ignore[arg-type]  # one of three literals
        return (Step(name, operand=operand(other, axes)),)  # type: ignore[arg-type]

    return rule


def _where(graph: Graph, node: ir.Node, through: int, axes: tuple[Axis, ...]) -> tuple[Step, ...] | None:
    condition, fill = node.inputs[0], node.inputs[3 - through]
    if condition is None or fill is None:
        return None
    if (producer := condition.producer()) is not None and op(producer) == "IsNaN":
        return ()  # a guard, not a mask: rows without any key become zeros, as `softmax` here defines them
    number = graph.scalar(fill)
    return (
        Step(
            "where",
            operand=operand(condition, axes),
            fill=number,
            fill_operand=None if number is not None else operand(fill, axes),
            inverted=through == 2,
        ),
    )


def _maximum(graph: Graph, node: ir.Node, through: int, _axes: tuple[Axis, ...]) -> tuple[Step, ...] | None:
    number = graph.scalar(node.inputs[1 - through]) if len(node.inputs) == 2 else None
    return None if number is None else (Step("maximum", factor=number),)


def _clip(graph: Graph, node: ir.Node, _through: int, _axes: tuple[Axis, ...]) -> tuple[Step, ...] | None:
    low = graph.scalar(node.inputs[1]) if len(node.inputs) > 1 else None
    high = graph.scalar(node.inputs[2]) if len(node.inputs) > 2 else None
    if high is not None and high < np.finfo(np.float16).max:
        return None
    return () if low is None else (Step("maximum", factor=low),)


def _tanh(_graph: Graph, _node: ir.Node, _through: int, _axes: tuple[Axis, ...]) -> tuple[Step, ...] | None:
    return (Step("tanh"),)


def _mix(_graph: Graph, node: ir.Node, _through: int, axes: tuple[Axis, ...]) -> tuple[Step, ...] | None:
    """Square weights on the axis of heads: every head becomes a sum of all (Shazeer et al. 2020)."""
    weight, bias = node.inputs[1], added(node)
    if weight is None or [f.kind for f in axes[-1]] != ["head"] or output_scale(node) != 1.0:
        return None
    turned = op(node) == "Gemm" and int_attribute(node, "transB", 0)
    layout: Axes = (("head",), ("mixed",)) if turned else (("mixed",), ("head",))
    mixed = Step("mix", operand=Operand(weight.name or "", layout))
    return (mixed,) if bias is None else (mixed, Step("add", operand=operand(bias, axes)))


def _rounded(graph: Graph, node: ir.Node, _through: int, _axes: tuple[Axis, ...]) -> tuple[Step, ...] | None:
    step = rounding(graph, node)
    return None if step is None else (step,)


def _whole_product(graph: Graph, node: ir.Node, through: int, _axes: tuple[Axis, ...]) -> tuple[Step, ...] | None:
    """Quantised scores times one number, rounded."""
    times, rounded = number(graph, node, 3 - through), rounding(graph, node)
    return None if times is None or rounded is None else (Step("scale", factor=times), rounded)


def _whole_choice(graph: Graph, node: ir.Node, through: int, axes: tuple[Axis, ...]) -> tuple[Step, ...] | None:
    """A mask on quantised scores: others become one number; all are rounded."""
    condition = node.inputs[0]
    if condition is not None and op(condition.producer()) == "IsNaN":
        return ()  # a guard against rows without any key changes no pattern
    fill, rounded = number(graph, node, 5 - through), rounding(graph, node)
    if condition is None or fill is None or rounded is None:
        return None
    return Step("where", operand=operand(condition, axes), fill=fill, inverted=through == 4), rounded


def _nothing(_graph: Graph, _node: ir.Node, _through: int, _axes: tuple[Axis, ...]) -> tuple[Step, ...] | None:
    return ()


Rule = Callable[[Graph, ir.Node, int, tuple[Axis, ...]], "tuple[Step, ...] | None"]

RULES: dict[str, Rule] = {
    "Mul": _linear("Mul"),
    "Div": _linear("Div"),
    "Add": _linear("Add"),
    "Sub": _linear("Sub"),
    "Where": _where,
    "Max": _maximum,
    "Clip": _clip,
    "Tanh": _tanh,
    "MatMul": _mix,
    "Gemm": _mix,
    "QuantizeLinear": _rounded,
    "DequantizeLinear": _nothing,
    "DynamicQuantizeLinear": _nothing,
    "com.microsoft.QLinearMul": _whole_product,
    "com.microsoft.QLinearWhere": _whole_choice,
}
"""One rule for each operator that may stand between QKᵀ and the softmax."""

"""Arithmetic on vectors of sizes: what exporters compute a reshape's target with, names of sizes included."""

from collections.abc import Callable
from typing import Protocol

import onnx_ir as ir

from engine.graph.dims import Dim, Dims
from engine.graph.known import MOST_ELEMENTS, KnownConstants, slice_bounds, tensor_of


class Sizes(KnownConstants, Protocol):
    """Constants that can also be asked for the shape of a tensor."""

    @property
    def shape_of(self) -> Callable[[ir.Value], Dims | None]:
        """Tells shapes."""


def _shape(constants: Sizes, node: ir.Node) -> Dims | None:
    source = node.inputs[0]
    dims = None if source is None else constants.shape_of(source)
    if dims is None:
        return None
    start, end = node.attributes.get("start"), node.attributes.get("end")
    return dims[start.as_int() if start else 0 : end.as_int() if end else len(dims)]


def _gather(constants: Sizes, node: ir.Node) -> Dims | None:
    data, index = node.inputs
    if data is None or index is None:
        return None
    dims, at = constants.dims(data), constants.of(index)
    if dims is None or at is None or at.size > len(dims) * 4:
        return None
    places = [int(i) for i in at.reshape(-1)]
    return tuple(dims[i] for i in places) if all(-len(dims) <= i < len(dims) for i in places) else None


def _slice(constants: Sizes, node: ir.Node) -> Dims | None:
    dims = None if node.inputs[0] is None else constants.dims(node.inputs[0])
    starts, ends, _axes, steps = slice_bounds(constants, node)
    if dims is None or starts is None or ends is None or len(starts) != 1:
        return None
    return dims[starts[0] : ends[0] : 1 if steps is None else steps[0]]


def _same(constants: Sizes, node: ir.Node) -> Dims | None:
    return None if node.inputs[0] is None else constants.dims(node.inputs[0])


def _concat(constants: Sizes, node: ir.Node) -> Dims | None:
    out: list[Dim] = []
    for value in node.inputs:
        dims = None if value is None else constants.dims(value)
        if dims is None:
            shape = None if value is None else constants.shape_of(value)
            if shape is None or len(shape) != 1 or not isinstance(shape[0], int):
                return None
            dims = (None,) * shape[0]  # sizes unknown, their number known
        out += dims
    return tuple(out)


def _arithmetic(constants: Sizes, node: ir.Node) -> Dims | None:
    a, b = (None if v is None else constants.dims(v) for v in node.inputs)
    if a is None or b is None:
        return None
    if len(a) == 1 and len(b) > 1:
        a = a * len(b)
    if len(b) == 1 and len(a) > 1:
        b = b * len(a)
    return tuple(_combine(node.op_type, x, y) for x, y in zip(a, b, strict=False))


def _combine(kind: str, x: Dim, y: Dim) -> Dim:
    if isinstance(x, int) and isinstance(y, int):
        return {"Add": x + y, "Sub": x - y, "Mul": x * y, "Div": x // y if y else None}[kind]
    return x if y == 1 and kind in ("Mul", "Div") else None


def _filled(constants: Sizes, node: ir.Node) -> Dims | None:
    """ConstantOfShape of a vector: as many equal entries as its length says."""
    length = None if node.inputs[0] is None else constants.dims(node.inputs[0])
    fill = node.attributes.get("value")
    number = tensor_of(fill).numpy().reshape(-1)[0] if fill is not None else 0
    if length is None or len(length) != 1 or not isinstance(length[0], int) or not 0 <= length[0] <= MOST_ELEMENTS:
        return None
    return (int(number),) * length[0]


def _where(constants: Sizes, node: ir.Node) -> Dims | None:
    """Where(Equal(sizes, -1), 1, sizes), as exporters write an expand that keeps some axes."""
    condition, yes, no = (None if v is None else v for v in node.inputs)
    if condition is None or yes is None or no is None:
        return None
    a, b = constants.dims(yes), constants.dims(no)
    if a is None or b is None or len(a) != len(b):
        return None
    chosen = _equal(constants, condition.producer(), len(a))
    return tuple(x if x == y or c is True else y if c is False else None for c, x, y in zip(chosen, a, b, strict=True))


def _equal(constants: Sizes, node: ir.Node | None, count: int) -> list[bool | None]:
    """Entrywise truth of Equal(sizes, numbers): a named size never equals a negative number."""
    if node is None or node.op_type != "Equal" or node.inputs[0] is None or node.inputs[1] is None:
        return [None] * count
    a, b = constants.dims(node.inputs[0]), constants.dims(node.inputs[1])
    if a is None or b is None or len(a) != count or len(b) not in (1, count):
        return [None] * count
    out: list[bool | None] = []
    for x, y in zip(a, b * (count // len(b)), strict=True):
        if isinstance(x, int) and isinstance(y, int):
            out.append(x == y)
        else:
            number = y if isinstance(y, int) else x
            out.append(False if isinstance(number, int) and number < 0 else None)
    return out


RULES: dict[str, Callable[[Sizes, ir.Node], Dims | None]] = {
    "Shape": _shape,
    "Gather": _gather,
    "Slice": _slice,
    "Concat": _concat,
    "Unsqueeze": _same,
    "Squeeze": _same,
    "Cast": _same,
    "Identity": _same,
    "Reshape": _same,
    "ConstantOfShape": _filled,
    "Where": _where,
    "Add": _arithmetic,
    "Sub": _arithmetic,
    "Mul": _arithmetic,
    "Div": _arithmetic,
}
"""Operators on vectors of sizes."""

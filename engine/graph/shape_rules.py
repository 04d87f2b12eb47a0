"""How each operator's output shape follows from its inputs: one small rule for each."""

from collections.abc import Callable

import onnx_ir as ir

from engine.graph.contrib_shapes import RULES as CONTRIB
from engine.graph.contrib_shapes import matmul
from engine.graph.dims import Dim, Dims, broadcast, join, product, solve
from engine.graph.known import KnownShapes, slice_bounds
from engine.graph.window_rules import RULES as WINDOWS

SAME_SHAPE = frozenset(
    {"Softmax", "LogSoftmax", "Cast", "CastLike", "Identity", "Dropout", "Relu", "Gelu", "Erf", "Tanh", "Sqrt", "Exp"}
    | {"Neg", "Sigmoid", "LayerNormalization", "RMSNormalization", "SimplifiedLayerNormalization", "BatchNormalization"}
    | {"InstanceNormalization", "GroupNormalization", "Clip", "IsNaN", "Not", "Abs", "Reciprocal", "Trilu", "CumSum"}
    | {"HardSwish", "Elu", "LeakyRelu", "QuantizeLinear", "DequantizeLinear", "Cos", "Sin", "LpNormalization"}
    | {"ScatterND", "ScatterElements"}
)
BROADCAST = frozenset(
    {"Add", "Sub", "Mul", "Div", "Pow", "Where", "Equal", "And", "Or", "Greater", "Less", "Max", "Min", "Mod"}
    | {"GreaterOrEqual", "LessOrEqual", "Xor"}
)


def inputs_that_decide(node: ir.Node) -> list[ir.Value | None]:
    """Return the inputs whose shapes decide the output's."""
    if node.op_type in SAME_SHAPE or node.op_type in (
        "Reshape",
        "Transpose",
        "Split",
        "Slice",
        "Unsqueeze",
        "Squeeze",
        "Tile",
    ):
        return list(node.inputs[:1])
    if node.op_type in ("Shape", "ConstantOfShape", "Range"):
        return []
    return list(node.inputs)


def infer(shapes: KnownShapes, node: ir.Node, value: ir.Value) -> Dims | None:
    """Return the shape of an operator's output from its inputs' shapes; None where it cannot be told."""
    if node.op_type in SAME_SHAPE:
        return shapes.known(node.inputs[0])
    if node.op_type in BROADCAST:
        return broadcast([shapes.known(v) for v in node.inputs])
    rule = RULES.get(node.op_type)
    return None if rule is None else rule(shapes, node, value)


def _gemm(shapes: KnownShapes, node: ir.Node, _: ir.Value) -> Dims | None:
    a, b = shapes.known(node.inputs[0]), shapes.known(node.inputs[1])
    if a is None or b is None or len(a) != 2 or len(b) != 2:
        return None
    flag = {name: attr.as_int() for name, attr in node.attributes.items() if name.startswith("trans")}
    return (a[1] if flag.get("transA") else a[0], b[0] if flag.get("transB") else b[1])


def _transpose(shapes: KnownShapes, node: ir.Node, _: ir.Value) -> Dims | None:
    dims = shapes.known(node.inputs[0])
    if dims is None:
        return None
    perm = node.attributes.get("perm")
    order = perm.as_ints() if perm else list(range(len(dims)))[::-1]
    return tuple(dims[i] for i in order) if len(order) == len(dims) else None


def _reshape(shapes: KnownShapes, node: ir.Node, _: ir.Value) -> Dims | None:
    target = None if node.inputs[1] is None else shapes.constants.dims(node.inputs[1])
    if target is None:
        return None
    source = shapes.known(node.inputs[0])
    allow_zero = node.attributes.get("allowzero")
    if source is not None and not (allow_zero and allow_zero.as_int()):
        target = tuple(source[i] if d == 0 and i < len(source) else d for i, d in enumerate(target))
    target = tuple(None if d == 0 else d for d in target)
    return solve(source, target)


def _axes(shapes: KnownShapes, node: ir.Node) -> list[int] | None:
    given = node.attributes.get("axes")
    if given is not None:
        return [int(i) for i in given.as_ints()]
    if len(node.inputs) < 2 or node.inputs[1] is None:
        return None
    array = shapes.constants.of(node.inputs[1])
    return None if array is None else [int(i) for i in array.reshape(-1)]


def _unsqueeze(shapes: KnownShapes, node: ir.Node, _: ir.Value) -> Dims | None:
    dims, axes = shapes.known(node.inputs[0]), _axes(shapes, node)
    if dims is None or axes is None:
        return None
    rank = len(dims) + len(axes)
    places = {a % rank for a in axes}
    rest = iter(dims)
    return tuple(1 if i in places else next(rest) for i in range(rank))


def _squeeze(shapes: KnownShapes, node: ir.Node, _: ir.Value) -> Dims | None:
    dims, axes = shapes.known(node.inputs[0]), _axes(shapes, node)
    if dims is None:
        return None
    if axes is None:
        return tuple(d for d in dims if d != 1) if all(isinstance(d, int) for d in dims) else None
    places = {a % len(dims) for a in axes}
    return tuple(d for i, d in enumerate(dims) if i not in places)


def _split(shapes: KnownShapes, node: ir.Node, value: ir.Value) -> Dims | None:
    dims = shapes.known(node.inputs[0])
    if dims is None:
        return None
    axis = (node.attributes["axis"].as_int() if "axis" in node.attributes else 0) % len(dims)
    sizes = _split_sizes(shapes, node)
    which = list(node.outputs).index(value)
    whole = dims[axis]
    size: Dim = None
    if sizes is not None and which < len(sizes):
        size = sizes[which]
    elif isinstance(whole, int) and whole % len(node.outputs) == 0:
        size = whole // len(node.outputs)
    return (*dims[:axis], size, *dims[axis + 1 :])


def _split_sizes(shapes: KnownShapes, node: ir.Node) -> list[int] | None:
    given = node.attributes.get("split")
    if given is not None:
        return [int(i) for i in given.as_ints()]
    if len(node.inputs) > 1 and node.inputs[1] is not None:
        array = shapes.constants.of(node.inputs[1])
        return None if array is None else [int(i) for i in array.reshape(-1)]
    return None


def _gather(shapes: KnownShapes, node: ir.Node, _: ir.Value) -> Dims | None:
    dims, index = shapes.known(node.inputs[0]), shapes.known(node.inputs[1])
    if dims is None or index is None or not dims:
        return None
    axis = (node.attributes["axis"].as_int() if "axis" in node.attributes else 0) % len(dims)
    return (*dims[:axis], *index, *dims[axis + 1 :])


def _concat(shapes: KnownShapes, node: ir.Node, _: ir.Value) -> Dims | None:
    parts = [shapes.known(v) for v in node.inputs]
    first = next((p for p in parts if p is not None), None)
    if first is None:
        return None
    axis = node.attributes["axis"].as_int() % len(first)
    sizes = [None if p is None or len(p) != len(first) else p[axis] for p in parts]
    total: Dim = sum(d for d in sizes if isinstance(d, int)) if all(isinstance(d, int) for d in sizes) else None
    merged = [join([p[i] for p in parts if p is not None and len(p) == len(first)]) for i in range(len(first))]
    return (*merged[:axis], total, *merged[axis + 1 :])


def _slice(shapes: KnownShapes, node: ir.Node, _: ir.Value) -> Dims | None:
    dims = shapes.known(node.inputs[0])
    if dims is None:
        return None
    starts, ends, axes, steps = slice_bounds(shapes.constants, node)
    if axes is None and starts is not None:
        axes = list(range(len(starts)))
    if axes is None:
        return (None,) * len(dims)
    out = list(dims)
    for n, axis in enumerate(a % len(dims) for a in axes):
        size = out[axis]
        step = 1 if steps is None else steps[n]
        if isinstance(size, int) and starts is not None and ends is not None:
            out[axis] = len(range(*slice(starts[n], ends[n] if ends[n] > -(2**62) else None, step).indices(size)))
        else:
            out[axis] = None
    return tuple(out)


def _expand(shapes: KnownShapes, node: ir.Node, _: ir.Value) -> Dims | None:
    dims = shapes.known(node.inputs[0])
    target = None if node.inputs[1] is None else shapes.constants.dims(node.inputs[1])
    if dims is None or target is None:
        return None
    return broadcast([dims, target])


def _reduce(shapes: KnownShapes, node: ir.Node, _: ir.Value) -> Dims | None:
    dims, axes = shapes.known(node.inputs[0]), _axes(shapes, node)
    if dims is None:
        return None
    keep = "keepdims" not in node.attributes or node.attributes["keepdims"].as_int()
    places = set(range(len(dims))) if axes is None else {a % len(dims) for a in axes}
    return tuple(1 if i in places else d for i, d in enumerate(dims) if keep or i not in places)


def _flatten(shapes: KnownShapes, node: ir.Node, _: ir.Value) -> Dims | None:
    dims = shapes.known(node.inputs[0])
    if dims is None:
        return None
    axis = node.attributes["axis"].as_int() if "axis" in node.attributes else 1
    return tuple(product(part) for part in (dims[:axis], dims[axis:]))


def _tile(shapes: KnownShapes, node: ir.Node, _: ir.Value) -> Dims | None:
    dims = shapes.known(node.inputs[0])
    repeats = None if node.inputs[1] is None else shapes.constants.dims(node.inputs[1])
    if dims is None:
        return None
    if repeats is None or len(repeats) != len(dims):
        return (None,) * len(dims)
    return tuple(
        d * r if isinstance(d, int) and isinstance(r, int) else d if r == 1 else None
        for d, r in zip(dims, repeats, strict=True)
    )


def _einsum(shapes: KnownShapes, node: ir.Node, _: ir.Value) -> Dims | None:
    equation = node.attributes["equation"].as_string().replace(" ", "")
    left, _arrow, right = equation.partition("->")
    sizes: dict[str, Dim] = {}
    for term, value in zip(left.split(","), node.inputs, strict=False):
        dims = shapes.known(value)
        if dims is None or len(dims) != len(term) or "." in term:
            return None
        for letter, d in zip(term, dims, strict=True):
            if not isinstance(sizes.get(letter), int):
                sizes[letter] = d
    return tuple(sizes[letter] for letter in right) if right else None


def _filled(shapes: KnownShapes, node: ir.Node, _: ir.Value) -> Dims | None:
    return None if node.inputs[0] is None else shapes.constants.dims(node.inputs[0])


def _range(_shapes: KnownShapes, _node: ir.Node, _: ir.Value) -> Dims | None:
    return (None,)


RULES: dict[str, Callable[[KnownShapes, ir.Node, ir.Value], Dims | None]] = {
    "MatMul": lambda shapes, node, _: matmul(shapes, node, (0, 1)),
    "Gemm": _gemm,
    "Transpose": _transpose,
    "Reshape": _reshape,
    "Unsqueeze": _unsqueeze,
    "Squeeze": _squeeze,
    "Split": _split,
    "Gather": _gather,
    "Concat": _concat,
    "Slice": _slice,
    "FusedGemm": _gemm,
    "Expand": _expand,
    "ReduceMean": _reduce,
    "ReduceSum": _reduce,
    "ReduceMax": _reduce,
    "ReduceL2": _reduce,
    "Flatten": _flatten,
    "Tile": _tile,
    "Einsum": _einsum,
    "ConstantOfShape": _filled,
    "Range": _range,
    **CONTRIB,
    **WINDOWS,
}

"""Shapes of the operators that ONNX Runtime writes into graphs it has optimised or quantised.

ONNX Runtime, "Contrib Operators". Domains are not looked at: these names mean the same wherever they stand.
"""

from collections.abc import Callable

import onnx_ir as ir

from engine.graph.dims import Dim, Dims, broadcast
from engine.graph.known import KnownShapes

SAME = frozenset(
    {"FastGelu", "BiasGelu", "QuickGelu", "BiasSplitGelu", "SkipLayerNormalization"}
    | {"SkipSimplifiedLayerNormalization", "DynamicQuantizeLinear", "QLinearSoftmax", "QLinearSigmoid", "ReorderInput"}
    | {"QLinearLeakyRelu", "QGelu", "QuantizeBFP", "DequantizeBFP", "RotaryEmbedding", "BiasSoftmax", "BiasDropout"}
)
"""Operators whose first output has the shape of their first input."""


def flags(node: ir.Node, *names: str) -> tuple[bool, ...]:
    """Return integer attributes as truth values, false where absent."""
    return tuple(name in node.attributes and bool(node.attributes[name].as_int()) for name in names)


def matrix_sides(a: str, b: str, node: ir.Node) -> tuple[str, str]:
    """Letters of the operands of a MatMul or FusedMatMul.

    `a` and `b` are the letters of the leading axes of each operand; rows are "i", columns "j", the contracted
    axis "k". transBatchA moves the first axis of A behind its leading axes before anything else.
    """
    trans_a, trans_b, first_a, first_b = flags(node, "transA", "transB", "transBatchA", "transBatchB")
    left, right = ("ki" if trans_a else "ik"), ("jk" if trans_b else "kj")
    return (
        left[0] + a + left[1] if first_a else a + left,
        right[0] + b + right[1] if first_b else b + right,
    )


def matmul(shapes: KnownShapes, node: ir.Node, places: tuple[int, int]) -> Dims | None:
    """Shape of a product whose operands are the inputs at `places`."""
    sides = [shapes.known(node.inputs[place]) for place in places]
    a, b = sides
    if a is None or b is None or len(a) < 2 or len(b) < 2:
        return None
    leads = ["abcdefgh"[: len(side) - 2] for side in (a, b)]
    letters = matrix_sides(leads[0], leads[1], node)
    named = [dict(zip(text, side, strict=True)) for text, side in zip(letters, (a, b), strict=True)]
    lead = broadcast([tuple(named[i][c] for c in leads[i]) for i in (0, 1)])
    return None if lead is None else (*lead, named[0]["i"], named[1]["j"])


def _product(*places: int) -> "Rule":
    def rule(shapes: KnownShapes, node: ir.Node, value: ir.Value) -> Dims | None:
        return matmul(shapes, node, (places[0], places[1])) if value is node.outputs[0] else None

    return rule


def _reorder_output(shapes: KnownShapes, node: ir.Node, _: ir.Value) -> Dims | None:
    """Back from blocked channels: the number of channels is an attribute, the rest stays."""
    dims = shapes.known(node.inputs[0])
    channels = node.attributes["channels"].as_int() if "channels" in node.attributes else None
    if dims is None or len(dims) != 4:
        return None
    last = "channels_last" in node.attributes and node.attributes["channels_last"].as_int()
    return (dims[0], *dims[2:], channels) if last else (dims[0], channels, *dims[2:])


def _packed(shapes: KnownShapes, node: ir.Node, value: ir.Value) -> Dims | None:
    """Attention on packed weights: (batch, token, width of the values)."""
    dims, weight = shapes.known(node.inputs[0]), shapes.known(node.inputs[1])
    if value is not node.outputs[0] or dims is None or weight is None or len(dims) != 3 or len(weight) != 2:
        return None
    given = node.attributes["qkv_hidden_sizes"].as_ints() if "qkv_hidden_sizes" in node.attributes else None
    width = weight[1]
    last: Dim = given[2] if given else width // 3 if isinstance(width, int) else None
    return (dims[0], dims[1], last)


def _queries(shapes: KnownShapes, node: ir.Node, value: ir.Value) -> Dims | None:
    """Attention on queries: as many tokens as they, and their width unless values or packing say otherwise."""
    dims = shapes.known(node.inputs[0])
    if value is not node.outputs[0] or dims is None or len(dims) != 3:
        return None
    values = shapes.known(node.inputs[2]) if len(node.inputs) > 2 and node.inputs[2] is not None else None
    if values is None or len(values) not in (3, 4):
        return (dims[0], dims[1], None)
    return (dims[0], dims[1], values[2] if len(values) == 3 else _times(values[1], values[3]))


def _grouped(shapes: KnownShapes, node: ir.Node, value: ir.Value) -> Dims | None:
    """GroupQueryAttention: as wide as its queries, which stand alone or before keys and values."""
    dims = shapes.known(node.inputs[0])
    if value is not node.outputs[0] or dims is None or len(dims) != 3:
        return None
    heads, shared = (node.attributes[name].as_int() for name in ("num_heads", "kv_num_heads"))
    width = dims[2]
    if len(node.inputs) < 2 or node.inputs[1] is None:
        width = width // (heads + 2 * shared) * heads if isinstance(width, int) else None
    return (dims[0], dims[1], width)


def _attention(shapes: KnownShapes, node: ir.Node, value: ir.Value) -> Dims | None:
    """ONNX's own Attention: queries' tokens and heads, values' width; ONNX Runtime's on packed weights."""
    if node.domain == "com.microsoft":
        return _packed(shapes, node, value)
    query, values = shapes.known(node.inputs[0]), shapes.known(node.inputs[2])
    if value is not node.outputs[0] or query is None or values is None or len(query) != len(values):
        return None
    if len(query) == 4:
        return (*query[:3], values[3])
    heads, shared = (
        node.attributes[name].as_int() if name in node.attributes else 0 for name in ("q_num_heads", "kv_num_heads")
    )
    width = values[2]
    return (*query[:2], width // shared * heads if isinstance(width, int) and shared else None)


def _times(a: Dim, b: Dim) -> Dim:
    return a * b if isinstance(a, int) and isinstance(b, int) else None


def _embedded(shapes: KnownShapes, node: ir.Node, value: ir.Value) -> Dims | None:
    """Word, position and segment vectors added up and normalised: (batch, token, width); second, where items end."""
    ids, table = shapes.known(node.inputs[0]), shapes.known(node.inputs[2])
    if ids is not None and len(node.outputs) > 1 and value is node.outputs[1]:
        return ids[:1]
    if value is not node.outputs[0] or ids is None or table is None:
        return None
    return (*ids, table[-1])


def _same(shapes: KnownShapes, node: ir.Node, value: ir.Value) -> Dims | None:
    """The first output is as large as the first input; so is the sum that skips give as their fourth."""
    whole = value is node.outputs[0] or (len(node.outputs) > 3 and value is node.outputs[3])
    if not whole:
        return () if node.op_type == "DynamicQuantizeLinear" else None
    return shapes.known(node.inputs[0])


Rule = Callable[[KnownShapes, ir.Node, ir.Value], Dims | None]

RULES: dict[str, Rule] = {
    "FusedMatMul": _product(0, 1),
    "FusedMatMulActivation": _product(0, 1),
    "TransposeMatMul": _product(0, 1),
    "MatMulInteger": _product(0, 1),
    "MatMulIntegerToFloat": _product(0, 1),
    "DynamicQuantizeMatMul": _product(0, 1),
    "QLinearMatMul": _product(0, 3),
    "ReorderOutput": _reorder_output,
    "Attention": _attention,
    "QAttention": _packed,
    "GroupQueryAttention": _grouped,
    "MultiHeadAttention": _queries,
    "EmbedLayerNormalization": _embedded,
    **dict.fromkeys(SAME, _same),
}

"""Values that do not depend on the model's input: initializers, Constant nodes, and small arithmetic on them.

Exporters compute scales and reshape targets with Shape, Gather, Sqrt and the like. Folding those few operators
shows the numbers; `dims` follows the same arithmetic where a size is only known by name.
"""

from collections.abc import Callable

import numpy as np
import onnx_ir as ir
from numpy.typing import NDArray

from engine.graph.dims import Dims
from engine.graph.known import MOST_ELEMENTS, tensor_of
from engine.graph.size_rules import RULES

Array = NDArray[np.generic]
ELEMENTWISE: dict[str, Callable[..., Array]] = {
    "Add": np.add,
    "Sub": np.subtract,
    "Mul": np.multiply,
    "Div": lambda a, b: a // b if a.dtype.kind == "i" else a / b,
    "Pow": np.power,
    "Sqrt": np.sqrt,
    "Reciprocal": np.reciprocal,
    "Neg": np.negative,
    "Exp": np.exp,
    "Floor": np.floor,
    "Ceil": np.ceil,
    "Mod": np.mod,
    "Min": np.minimum,
    "Max": np.maximum,
    "Abs": np.abs,
    "Log": np.log,
    "Clip": np.clip,
    "Greater": np.greater,
    "Less": np.less,
    "Not": np.logical_not,
    "And": np.logical_and,
    "Equal": np.equal,
    "Where": np.where,
}
SAME = {"Identity", "Dropout"}


class Constants:
    """Folds values on demand and remembers them."""

    def __init__(self) -> None:
        self._folded: dict[ir.Value, Array | None] = {}
        self._constant: dict[ir.Value, bool] = {}
        self._dims: dict[ir.Value, Dims | None] = {}
        self.shape_of: Callable[[ir.Value], Dims | None] = lambda _: None

    def of(self, value: ir.Value) -> Array | None:
        """Return the number(s), or None where the value depends on the input or is too large to fold."""
        if value not in self._folded:
            self._folded[value] = None  # breaks loops while folding
            self._folded[value] = self._fold(value)
        return self._folded[value]

    def is_constant(self, value: ir.Value) -> bool:
        """Return whether no input of the model reaches this value (shapes count as constant once known)."""
        stack = [value]
        while stack:
            top = stack[-1]
            if top in self._constant:
                stack.pop()
                continue
            node = top.producer()
            if node is None:
                self._constant[top] = top.const_value is not None
                continue
            if self.of(top) is not None:
                self._constant[top] = True
                continue
            inputs = [v for v in node.inputs if v is not None]
            if node.op_type == "Shape" or any(self._constant.get(v) is False for v in inputs):
                self._constant[top] = False
                continue
            pending = [v for v in inputs if v not in self._constant]
            if pending:
                stack.append(pending[0])
                continue
            self._constant[top] = True
        return self._constant[value]

    def dims(self, value: ir.Value) -> Dims | None:
        """Return a vector of sizes, each a number, a symbolic name or None."""
        if value not in self._dims:
            self._dims[value] = None
            self._dims[value] = self._follow(value)
        return self._dims[value]

    def _fold(self, value: ir.Value) -> Array | None:
        tensor = value.const_value
        node = value.producer()
        if tensor is not None and (node is None or node.op_type == "Constant"):
            return _numbers(tensor)
        if node is None or len(node.outputs) != 1 or node.domain not in ("", "ai.onnx"):
            return None
        if node.op_type == "Constant":
            return _constant_node(node)
        if node.op_type == "Shape" or value.dtype == ir.DataType.INT64 or node.op_type in RULES:
            shape = self.shape_of(value)
            known = self.dims(value) if shape is None or len(shape) <= 1 else None
            if known is not None and all(isinstance(d, int) for d in known):
                scalar = node.op_type in ("Gather", "Squeeze", "Size") and (shape is None or len(shape) == 0)
                array = np.array(known, np.int64)
                return array.reshape(()) if scalar and array.size == 1 else array
        inputs = [None if v is None else self.of(v) for v in node.inputs]
        if any(a is None or a.size > MOST_ELEMENTS for a in inputs):
            return None
        try:
            with np.errstate(all="ignore"):
                return _evaluate(node, [a for a in inputs if a is not None])
        except ValueError:
            return None

    def _follow(self, value: ir.Value) -> Dims | None:
        node = value.producer()
        if node is None or node.op_type == "Constant":
            array = self.of(value)
            if array is None or array.ndim > 1 or array.dtype.kind != "i":
                return None
            return tuple(int(x) for x in array.reshape(-1))
        rule = RULES.get(node.op_type)
        if rule is not None:
            return rule(self, node)
        array = self.of(value)
        return None if array is None or array.dtype.kind != "i" else tuple(int(x) for x in array.reshape(-1))


def _numbers(tensor: ir.TensorProtocol) -> Array | None:
    """Return the numbers of a small tensor; None for a large one, or where its file cannot be mapped.

    Files were checked when the model was read; onnx-ir also keeps away from those with several hard links.
    """
    if tensor.size > MOST_ELEMENTS:
        return None
    try:
        return tensor.numpy()
    except (OSError, ValueError):
        return None


def _constant_node(node: ir.Node) -> Array | None:
    for name, attr in node.attributes.items():
        match name:
            case "value":
                tensor = tensor_of(attr)
                return _numbers(tensor)
            case "value_float":
                return np.array(attr.as_float(), np.float32)
            case "value_int":
                return np.array(attr.as_int(), np.int64)
            case "value_floats":
                return np.array(attr.as_floats(), np.float32)
            case "value_ints":
                return np.array(attr.as_ints(), np.int64)
    return None


def _evaluate(node: ir.Node, inputs: list[Array]) -> Array | None:
    kind = node.op_type
    if kind in SAME:
        return inputs[0]
    if kind in ELEMENTWISE:
        return np.asarray(ELEMENTWISE[kind](*inputs))
    match kind:
        case "Cast":
            to = node.attributes["to"].as_int()
            return inputs[0].astype(ir.DataType(to).numpy())
        case "DequantizeLinear":
            shift = inputs[2].astype(np.int32) if len(inputs) > 2 else 0
            whole = inputs[0].astype(np.int32) - shift
            return np.asarray(np.multiply(whole, inputs[1])) if inputs[1].size == 1 else None
        case "CastLike":
            return inputs[0].astype(inputs[1].dtype)
        case "Reshape":
            return inputs[0].reshape([int(i) for i in inputs[1]])
        case "Unsqueeze" | "Squeeze":
            return inputs[0].reshape(-1) if inputs[0].size == 1 else None
        case "Concat":
            return np.concatenate([np.atleast_1d(a) for a in inputs]) if inputs[0].ndim <= 1 else None
        case "ConstantOfShape":
            fill = node.attributes.get("value")
            array = tensor_of(fill).numpy() if fill is not None else np.zeros(1, np.float32)
            return np.full([int(i) for i in inputs[0]], array.reshape(-1)[0])
    return None

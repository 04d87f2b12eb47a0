"""Tensors that a fused operator keeps inside, computed beside it by a few operators appended to the graph.

A tap may append operators as well as outputs: `Recipe` writes them down as data, `engine.runtime.taps` turns them
into protobuf. Nothing of the model changes; the appended operators read its tensors and weights.
"""

from collections.abc import Sequence

import onnx_ir as ir

from engine.sites.site import Derived, Setting

INT64_MAX = 2**63 - 1


class Recipe:
    """Writes down appended operators, every tensor named after the operator they explain."""

    def __init__(self, node: ir.Node) -> None:
        self.prefix = f"{node.outputs[0].name}/mirada"
        self.nodes: list[Derived] = []
        self._count = 0

    def call(self, op: str, inputs: Sequence[str], *, domain: str = "", outputs: int = 1, **attributes: Setting) -> str:
        """Append an operator; return the name of its first output."""
        self._count += 1
        names = tuple(f"{self.prefix}.{self._count}" + (f".{i}" if i else "") for i in range(outputs))
        self.nodes.append(Derived(op, tuple(inputs), names, domain, tuple(attributes.items())))
        return names[0]

    def ints(self, *numbers: int) -> str:
        """Append a constant vector of whole numbers."""
        self._count += 1
        name = f"{self.prefix}.{self._count}"
        self.nodes.append(Derived("Constant", (), (name,), "", (("value_ints", numbers),)))
        return name

    def number(self, value: float) -> str:
        """Append a constant number, float32."""
        self._count += 1
        name = f"{self.prefix}.{self._count}"
        self.nodes.append(Derived("Constant", (), (name,), "", (("value_float", value),)))
        return name

    def part(self, value: str, axis: int, start: int, end: int | None) -> str:
        """Slice an axis."""
        stop = INT64_MAX if end is None else end
        return self.call("Slice", (value, self.ints(start), self.ints(stop), self.ints(axis)))

    def pick(self, value: str, axis: int, index: int) -> str:
        """Take one entry of an axis, which goes away."""
        self._count += 1
        name = f"{self.prefix}.{self._count}"
        self.nodes.append(Derived("Constant", (), (name,), "", (("value_int", index),)))
        return self.call("Gather", (value, name), axis=axis)

    def size(self, value: str, axis: int) -> str:
        """Return the size of an axis, a vector of one number."""
        return self.call("Gather", (self.call("Shape", (value,)), self.ints(axis)), axis=0)

    def count(self, length: str) -> str:
        """Return 0, 1, 2 … below a length given as a vector of one number."""
        ones = self.call("Expand", (self.ints(1), length))
        sums = self.call("CumSum", (ones, self.pick(self.ints(0), 0, 0)))
        return self.call("Sub", (sums, self.ints(1)))

    def heads(self, value: str, heads: int) -> str:
        """Split features into heads: (batch, token, head · dim) becomes (batch, head, token, dim)."""
        split = self.call("Reshape", (value, self.ints(0, 0, heads, -1)))
        return self.call("Transpose", (split,), perm=(0, 2, 1, 3))

    def join(self, first: str, second: str, axis: int) -> str:
        """Put one tensor behind another."""
        return self.call("Concat", (first, second), axis=axis)

    def penalty(self, keep: str, fill: float) -> str:
        """Turn a mask of ones and zeros into what is added to scores: 0 where it is positive, `fill` elsewhere."""
        float_ = self.call("Cast", (keep,), to=int(ir.DataType.FLOAT))
        shown = self.call("Clip", (self.call("Ceil", (float_,)), self.number(0.0), self.number(1.0)))
        return self.call("Mul", (self.call("Sub", (self.number(1.0), shown)), self.number(fill)))

    def penalty_ends(self, ends: str, starts: str | None, keys: str, fill: float) -> str:
        """Turn each item's first and last key, (batch,), into what is added to scores, (batch, key)."""
        place = self.call("Cast", (self.count(self.size(keys, 2)),), to=int(ir.DataType.INT32))
        keep = self.call("Less", (place, self.call("Reshape", (ends, self.ints(-1, 1)))))
        if starts is not None:
            before = self.call("Less", (place, self.call("Reshape", (starts, self.ints(-1, 1)))))
            keep = self.call("And", (keep, self.call("Not", (before,))))
        return self.penalty(keep, fill)

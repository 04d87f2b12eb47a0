"""Shapes of tensors, computed only where a finder asks.

Full shape inference over a large graph costs more than opening it; finders look at a handful of tensors around
each softmax. Where the file states a shape it is used; else the few operators below tell it from their inputs.
"""

import onnx_ir as ir

from engine.graph.dims import Dims
from engine.graph.known import KnownConstants, tensor_of
from engine.graph.shape_rules import infer, inputs_that_decide


class Shapes:
    """Computes shapes on demand and remembers them; walks with its own stack, so depth costs nothing."""

    def __init__(self, constants: KnownConstants) -> None:
        self.constants = constants
        self._known: dict[ir.Value, Dims | None] = {}

    def of(self, value: ir.Value) -> Dims | None:
        """Return the shape, or None where not even the rank is known."""
        stack = [value]
        while stack:
            top = stack[-1]
            if top in self._known:
                stack.pop()
                continue
            stated = self.stated(top)
            node = top.producer()
            if node is None or (stated is not None and all(isinstance(d, int) for d in stated)):
                self._known[top] = stated
                continue
            waiting = [v for v in inputs_that_decide(node) if v is not None and v not in self._known and v not in stack]
            if waiting:
                stack.append(waiting[0])
                continue
            self._known[top] = _merge(stated, infer(self, node, top))
        return self._known[value]

    def stated(self, value: ir.Value) -> Dims | None:
        """Return the shape that the file states."""
        return _stated(value)

    def known(self, value: ir.Value | None) -> Dims | None:
        """Return a shape already computed."""
        return None if value is None else self._known.get(value)


def _stated(value: ir.Value) -> Dims | None:
    if value.const_value is not None:
        return tuple(d if isinstance(d, int) else None for d in value.const_value.shape)
    if value.shape is not None:
        return tuple(d if isinstance(d, int) else d.value for d in value.shape)
    node = value.producer()
    if node is None or node.op_type != "Constant":
        return None
    tensor = node.attributes.get("value")
    if tensor is not None:
        return tuple(d if isinstance(d, int) else None for d in tensor_of(tensor).shape)
    return () if {"value_float", "value_int"} & set(node.attributes) else None


def _merge(stated: Dims | None, inferred: Dims | None) -> Dims | None:
    """Prefer numbers over names, names over nothing."""
    if stated is None or inferred is None or len(stated) != len(inferred):
        return stated if stated is not None else inferred
    return tuple(
        i if isinstance(i, int) and not isinstance(s, int) else s if s is not None else i
        for s, i in zip(stated, inferred, strict=True)
    )

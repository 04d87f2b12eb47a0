"""A tap is an append: protobuf messages merge by concatenation.

The model's bytes followed by a small ModelProto that holds only new `graph.output` entries is the tapped model:
no parse, no second copy of the weights. Operators that compute what a fused one keeps inside are appended alike.
(Protocol Buffers encoding, "Last One Wins": repeated fields concatenate, embedded messages merge.)
"""

from collections.abc import Iterable

import numpy as np
import onnx
from onnx import helper, numpy_helper

from engine.sites.site import Derived


def tap_bytes(names: Iterable[str], derived: Iterable[Derived] = ()) -> bytes:
    """Return the bytes to append so that the named inner tensors, and what `derived` computes, become outputs."""
    extra = onnx.ModelProto()
    for node in derived:
        extra.graph.node.append(_node(node))
    for name in names:
        extra.graph.output.add().name = name
    return bytes(extra.SerializeToString())


def _node(node: Derived) -> onnx.NodeProto:
    """Constants are written as tensors, which every operator set understands."""
    settings: dict[str, object] = dict(node.attributes)
    if node.op == "Constant":
        value = next(iter(settings.values()))
        kind = np.float32 if isinstance(value, float) else np.int64
        settings = {"value": numpy_helper.from_array(np.array(value, kind))}
    made = helper.make_node(node.op, node.inputs, node.outputs, domain=node.domain)
    made.attribute.extend(helper.make_attribute(name, value) for name, value in settings.items())
    return made

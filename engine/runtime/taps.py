"""A tap is an append: protobuf messages merge by concatenation.

The model's bytes followed by a small ModelProto that holds only new `graph.output` entries is the tapped model:
no parse, no second copy of the weights. (Protocol Buffers encoding, "Last One Wins": repeated fields concatenate,
embedded messages merge.)
"""

from collections.abc import Iterable

import onnx


def tap_bytes(names: Iterable[str]) -> bytes:
    """Return the bytes to append so that the named inner tensors become outputs."""
    extra = onnx.ModelProto()
    for name in names:
        extra.graph.output.add().name = name
    return bytes(extra.SerializeToString())

"""In which numbers a graph computes, where the runtime has no kernel for them."""

import onnx
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # ships no types
from onnx import TensorProto


def in_bfloat16(content: bytes, operator: str) -> bool:
    """Return whether an operator of this kind computes in bfloat16 somewhere in a serialised model.

    Told by what the file states of an operator's inputs and outputs: weights, stated types, casts. An operator that
    the file does not hold is a part of one that it does, which the runtime took to pieces.
    """
    try:
        graph = onnx.ModelProto.FromString(content).graph
    except DecodeError:
        return False
    stated = (*graph.input, *graph.output, *graph.value_info)
    half = {value.name for value in stated if value.type.tensor_type.elem_type == TensorProto.BFLOAT16}
    half |= {tensor.name for tensor in graph.initializer if tensor.data_type == TensorProto.BFLOAT16}
    inside = all(node.op_type != operator for node in graph.node)
    for node in graph.node:  # what is made of bfloat16 alone is bfloat16
        kinds = {attribute.name: attribute.i for attribute in node.attribute}
        if node.op_type == "Cast":
            made = kinds.get("to") == TensorProto.BFLOAT16
        else:
            made = any(name in half for name in node.input)
        here = node.op_type == operator or (inside and node.op_type != "Cast")
        if here and (made or any(name in half for name in node.output)):
            return True
        if made:
            half.update(node.output)
    return False

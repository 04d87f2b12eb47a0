"""The rest of a model after one of its inner tensors: what it makes of maps that somebody changed.

The tensor becomes an input. What other paths bring from the image (a residual around it) is still computed from the
image; everything else before it is cut away.
"""

import numpy as np
import onnx
import onnx_ir as ir
from numpy.typing import NDArray

from engine.errors import EngineError, declare_errors
from engine.messages import translate
from engine.model.description import TensorInfo

declare_errors(
    {
        "no-tensor": translate("engine", "“{name}” has no tensor called “{tensor}” to start from."),
        "no-tensor.advice": translate("engine", "Choose another layer."),
    }
)

NAME = "mirada.changed"
"""Name of the input that takes the changed tensor."""


def cut(content: bytes, tensor: str, like: NDArray[np.generic], outputs: tuple[str, ...], name: str) -> bytes:
    """Return a model's bytes with an inner tensor turned into the input `NAME`, and what no longer matters left out.

    Args:
        content: the whole model.
        tensor: name of the inner tensor.
        like: its value on some input: its type and number of axes.
        outputs: what shall still be computed.
        name: what the model is called, for a refusal.

    Raises:
        EngineError: the graph has no such tensor.
    """
    model = ir.from_proto(_proto(content))
    graph = model.graph
    value = next((v for node in graph for v in node.outputs if v.name == tensor), None)
    if value is None:
        raise EngineError("no-tensor", name=name, tensor=tensor)
    given = ir.Value(
        name=NAME, shape=ir.Shape([None] * like.ndim), type=ir.TensorType(ir.DataType.from_numpy(like.dtype))
    )
    graph.inputs.append(given)
    for node, index in [(use.node, use.idx) for use in value.uses()]:
        node.replace_input_with(index, given)
    kept = [v for v in graph.outputs if v.name in outputs]
    graph.outputs.clear()
    graph.outputs.extend(kept)
    _prune(graph)
    for node in graph:  # sizes that the file states are those of its own batch
        for made in node.outputs:
            if not made.is_graph_output():
                made.shape = None
    return bytes(ir.to_proto(model).SerializeToString())


def _proto(content: bytes) -> onnx.ModelProto:

    model: onnx.ModelProto = onnx.ModelProto.FromString(content)
    return model


def _prune(graph: ir.Graph) -> None:
    """Remove operators and inputs that lead to no output."""
    needed: set[ir.Node] = set()
    stack = [v.producer() for v in graph.outputs]
    while stack:
        node = stack.pop()
        if node is None or node in needed:
            continue
        needed.add(node)
        stack += [v.producer() for v in node.inputs if v is not None]
        for attribute in node.attributes.values():  # branches may use tensors from outside
            if isinstance(attribute.value, ir.Graph):
                stack += [v.producer() for inner in attribute.value for v in inner.inputs if v is not None]
    unused = [node for node in graph if node not in needed]
    for node in unused:
        for place in range(len(node.inputs)):
            node.replace_input_with(place, None)  # it no longer counts among the users
    graph.remove(unused, safe=False)
    for value in [v for v in graph.inputs if not v.uses() and not v.is_graph_output()]:
        graph.inputs.remove(value)
    for name in [n for n, v in graph.initializers.items() if not v.uses() and not v.is_graph_output()]:
        del graph.initializers[name]


def inputs_left(content: bytes, known: tuple[TensorInfo, ...], like: NDArray[np.generic]) -> tuple[TensorInfo, ...]:
    """Return what a model made by `cut` takes; its batch is as open as that of the whole model."""
    names = {value.name for value in onnx.ModelProto.FromString(content).graph.input}
    left = tuple(info for info in known if info.name in names)
    fixed = next((i.shape[0] for i in known if i.shape and isinstance(i.shape[0], int)), None)
    batch = like.shape[0] if fixed is not None and like.ndim else "batch"
    return (*left, TensorInfo(NAME, like.dtype.name, (batch, *like.shape[1:])))

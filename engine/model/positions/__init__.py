"""Where order enters a model: for now, tables added to the tokens before the first attention."""

import onnx_ir as ir

from engine.graph.graph import Graph, op
from engine.messages import Message, declare, translate
from engine.model.description import PositionalEncoding

declare({"position-added": translate("engine", "added to the tokens")})


def find_positions(graph: Graph) -> tuple[PositionalEncoding, ...]:
    """Return the learned tables (1, token, dim) that are added to an activation (Dosovitskiy et al. 2021, 3.1)."""
    found = []
    for node in graph.nodes:
        if op(node) != "Add":
            continue
        for table, tokens in ((node.inputs[0], node.inputs[1]), (node.inputs[1], node.inputs[0])):
            if table is not None and tokens is not None and _is_table(graph, table, tokens):
                shape = graph.shape(table) or ()
                sizes = tuple(d for d in shape if isinstance(d, int))
                found.append(PositionalEncoding("learned", table.name or "", sizes, Message.of("position-added")))
    return tuple(found)


def _is_table(graph: Graph, table: ir.Value, tokens: ir.Value) -> bool:
    """A constant with one row per token, added to (batch, token, dim)."""
    shape, other = graph.shape(table), graph.shape(tokens)
    if shape is None or other is None or not graph.is_constant(table) or graph.is_constant(tokens):
        return False
    if len(other) != 3 or len(shape) not in (2, 3) or not all(isinstance(d, int) for d in shape):
        return False
    rows, width = shape[-2], shape[-1]
    return isinstance(rows, int) and rows > 1 and isinstance(width, int) and width > 1 and shape[:-2] in ((), (1,))

"""Self- or cross-attention: do queries and keys come from the same tokens?

Both sides are followed upwards together, the later operator first. Where the two meet in one single activation
from which everything on both sides comes, they are two readings of the same tokens: self-attention. Where either
side still has another source, one looks at the other: cross-attention. So it is where one side alone was already
made by an attention: learned queries that looked at the tokens before know nothing but those tokens.
(Vaswani et al. 2017, section 3.2.3.)
"""

import heapq

import onnx_ir as ir

from engine.graph.graph import Graph, op
from engine.sites.site import Kind

MOST_POPS = 600
FIRST_INPUT_ONLY = frozenset(
    {"Reshape", "Expand", "Slice", "Gather", "Tile", "Unsqueeze", "Squeeze", "Pad", "Resize", "Split", "Transpose"}
)
ATTENTION = frozenset({"Softmax", "Attention", "MultiHeadAttention", "GroupQueryAttention", "QAttention"})
BOTH = 3
NO_CONTENT = frozenset({"Shape", "Size", "Range", "ConstantOfShape", "RandomNormalLike"})


def kind_of(graph: Graph, query: ir.Value, key: ir.Value) -> Kind:
    """Return "self" if queries and keys are made of the same tokens, else "cross"."""
    if query is key or (graph.is_constant(query) and graph.is_constant(key)):
        return "self"
    sides: dict[ir.Value, int] = {}
    heap: list[tuple[int, int, ir.Value]] = []
    for value, side in ((query, 1), (key, 2)):
        _push(graph, heap, sides, value, side)
    for _ in range(MOST_POPS):
        if not heap:
            return "cross"
        if len(heap) == 1 and sides[heap[0][2]] == BOTH:
            return "self"
        value = heapq.heappop(heap)[2]
        mask = sides[value]
        node = value.producer()
        if mask != BOTH and node is not None and node.op_type in ATTENTION:
            return "cross"
        if node is None:
            if _only_other(heap, sides, mask):
                return "cross"
            continue
        for source in content_inputs(graph, node):
            _push(graph, heap, sides, source, mask)
    return "cross"


def content_inputs(graph: Graph, node: ir.Node) -> list[ir.Value]:
    """Return the inputs that carry content: no shapes, no indices, no weights."""
    if op(node) in NO_CONTENT:
        return []
    inputs = node.inputs[:1] if node.op_type in FIRST_INPUT_ONLY else node.inputs
    if op(node) == "Gather" and graph.is_constant(node.inputs[0]):
        inputs = node.inputs[1:2]  # an embedding: the ids are the content
    return [v for v in inputs if v is not None and not graph.is_constant(v)]


def _push(
    graph: Graph, heap: list[tuple[int, int, ir.Value]], sides: dict[ir.Value, int], value: ir.Value, side: int
) -> None:
    if value in sides:
        sides[value] |= side
        return
    node = value.producer()
    if node is not None and op(node) in NO_CONTENT:
        return
    sides[value] = side
    place = graph.order.get(node, -1) if node is not None else -1
    heapq.heappush(heap, (-place, id(value), value))


def _only_other(heap: list[tuple[int, int, ir.Value]], sides: dict[ir.Value, int], mask: int) -> bool:
    """A model input was reached by one side alone: nothing above it can join the two."""
    return mask != BOTH or not heap or any(sides[v] != BOTH for _, _, v in heap)

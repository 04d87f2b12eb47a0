"""Additive attention: softmax(wᵀ tanh(W q + U k)) V, without any product of queries with keys.

Bahdanau, Cho and Bengio 2015, "Neural Machine Translation by Jointly Learning to Align and Translate", appendix
A.1.2. There is no Q · K to recompute from, so only the pattern is read.
"""

from collections.abc import Iterator

import onnx_ir as ir

from engine.graph.graph import Graph, op
from engine.sites.anchors import Anchor, find_anchors
from engine.sites.candidate import Candidate, Finding
from engine.sites.factors import Axis, Factor
from engine.sites.kind import kind_of
from engine.sites.layout import Operand
from engine.sites.product import MATMULS, Product
from engine.sites.site import SitePlan
from engine.sites.steps import words
from engine.sites.walk import SILENT, VIEWS, climb, descend

MOST_HOPS = 8


def find_additive(graph: Graph) -> Iterator[Finding]:
    """Yield each additive attention."""
    for anchor in find_anchors(graph):
        below = descend(graph, anchor.result)
        if below is None or climb(graph, anchor.source) is not None:
            continue
        found = _sum_of_two(graph, anchor.source)
        if found is not None:
            candidate = _candidate(graph, anchor, found, below[0], below[1])
            if candidate is not None:
                yield candidate


def _sum_of_two(graph: Graph, value: ir.Value) -> tuple[ir.Node, ir.Node] | None:
    """Return (tanh, the sum of two activations under it) above a softmax, or None."""
    node = value.producer()
    for _ in range(MOST_HOPS):
        if node is None or op(node) == "Tanh":
            break
        kind = op(node)
        if kind not in MATMULS | VIEWS | SILENT | {"Add", "Mul", "ReduceSum", "Where", "Gemm", "Einsum"}:
            return None
        carried = [v for v in node.inputs if v is not None and not graph.is_constant(v)]
        if len(carried) != 1 and kind not in VIEWS:
            return None
        node = carried[0].producer() if carried else None
    inner = None if node is None or node.inputs[0] is None else node.inputs[0].producer()
    if node is None or inner is None or op(inner) != "Add" or any(graph.is_constant(v) for v in inner.inputs):
        return None
    return node, inner


def _candidate(
    graph: Graph, anchor: Anchor, found: tuple[ir.Node, ir.Node], values: Product, side: int
) -> Candidate | None:
    shape = graph.shape(anchor.result)
    letters = values.letters[side]
    if shape is None or len(shape) != len(letters) or len(shape) < 2:
        return None
    key = anchor.axis % len(shape)
    if letters[key] != values.contracted:
        return None
    queries = [i for i in range(len(shape)) if i != key and letters[i] not in values.leads]
    if len(queries) > 1:
        return None
    labels: tuple[Axis, ...] = tuple(
        (Factor("key" if i == key else "query" if i in queries else "batch", size),) for i, size in enumerate(shape)
    )
    named = dict(zip(letters, words(labels), strict=True))
    own = [("token",) if c in values.contracted else named.get(c, ("dim",)) for c in values.letters[1 - side]]
    tanh, total = found
    first, second = (v for v in total.inputs if v is not None)
    tokens = {f.kind: f.size for axis in labels for f in axis}
    return Candidate(
        anchor=anchor.node,
        kind=kind_of(graph, first, second),
        heads=1,
        op=f"additive: Tanh–{anchor.spelling}–{op(values.node)}",
        scale=None,
        nodes=(total, tanh, *anchor.nodes, values.node),
        plan=SitePlan(
            query=None,
            key=None,
            value=Operand(values.sides[1 - side].name or "", tuple(own)),
            pattern=Operand(anchor.result.name or "", words(labels)),
        ),
        query_tokens=_int(tokens.get("query")) if queries else 1,
        key_tokens=_int(tokens.get("key")),
    )


def _int(size: object) -> int | None:
    return size if isinstance(size, int) else None

"""Positions added to the scores: relative bias, ALiBi, decomposed.

Shaw et al. 2018; Raffel et al. 2020 (T5), section 2.1; Liu et al. 2021 (Swin), 3.2; Press et al. 2022 (ALiBi);
Li et al. 2022 (MViTv2), 4.1.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import onnx_ir as ir

from engine.graph.graph import Graph, op
from engine.model.positions.found import FoundPositions
from engine.model.positions.recognise import Floats, alibi_slopes
from engine.model.positions.tables import counts_tokens, origin, read
from engine.sites.site import AttentionSite

MOST_VISITS = 120
THROUGH = frozenset(
    {"Add", "Sub", "Mul", "Div", "Where", "Reshape", "Transpose", "Unsqueeze", "Squeeze", "Expand", "Cast", "Identity"}
    | {"Slice", "Concat", "Pad", "Sigmoid", "Flatten", "Tile", "GatherElements", "GatherND", "Split", "ScatterND"}
    | {"Softmax", "Exp", "Max", "Clip", "Tanh", "Dropout", "ReduceSum", "CastLike"}
)
HIDDEN = -1e4
MASKED = -50.0
"""Steps down by more than this hide keys of some windows (Swin writes -100)."""
"""Biases below this hide keys: masks, not positions."""


def find_biases(graph: Graph, sites: Sequence[AttentionSite]) -> Iterator[FoundPositions]:
    """Yield, for each site, the tables behind what is added to its scores."""
    made = {value.name or "": value for node in graph.nodes for value in node.outputs}
    made.update((name, value) for name, value in graph.model.graph.initializers.items())
    for site in sites:
        own = site.plan.pattern
        added = [step.operand for step in site.plan.steps if step.kind in ("add", "mask")]
        names = [operand.value for operand in (own, *added) if operand is not None]
        query = made.get(site.plan.query.value) if site.plan.query is not None else None
        key = made.get(site.plan.key.value) if site.plan.key is not None else None
        if graph.is_constant(query) and graph.is_constant(key):
            continue  # the scores themselves are the same for every input
        for found in _explain(graph, site, [made[name] for name in names if name in made]):
            if found.kind != "decomposed" or not graph.is_constant(query):  # learned queries times keys: no positions
                yield found


def score_nodes(graph: Graph, site: AttentionSite, made: Mapping[str, ir.Value]) -> set[ir.Node]:
    """Return the operators between the product of queries and keys and the softmax."""
    own = site.plan.pattern
    queue = deque([made[own.value]] if own is not None and own.value in made else [])
    nodes: set[ir.Node] = set()
    while queue and len(nodes) < MOST_VISITS:
        node = queue.popleft().producer()
        if node is None or node in nodes or op(node) not in THROUGH:
            continue
        nodes.add(node)
        queue += [v for v in node.inputs if v is not None and not graph.is_constant(v)]
    return nodes


def _explain(graph: Graph, site: AttentionSite, starts: Sequence[ir.Value]) -> Iterator[FoundPositions]:
    """Look up from a bias, or from the softmax, for the tables that scores are made of, the nearest first."""
    queue, seen = deque(starts), set[ir.Value]()
    decomposed: list[FoundPositions] = []
    disentangled = False
    while queue and len(seen) < MOST_VISITS:
        here = queue.popleft()
        if here in seen:
            continue
        seen.add(here)
        if graph.is_constant(here):
            found = _constant(graph, site, here)
            if found is not None:
                yield found
            continue
        node = here.producer()
        kind = op(node)
        if node is None:
            continue
        if kind in ("MatMul", "Einsum", "Gemm"):
            table = _times_table(graph, site, node)
            if table is not None:
                decomposed.append(replace(table, kind="relative bias") if disentangled else table)
            continue
        if kind == "Gather" and graph.is_constant(node.inputs[0]):
            looked_up = _looked_up(graph, site, node)
            if looked_up is not None:
                yield looked_up
            continue
        slopes = _slopes(graph, site, node) if kind == "Mul" else None
        if slopes is not None:
            yield slopes
            continue
        if kind in THROUGH:
            disentangled = disentangled or kind == "GatherElements"
            first = kind not in ("Add", "Sub", "Mul", "Div", "Where", "Concat", "ScatterND")
            queue += [v for v in (node.inputs[:1] if first else node.inputs) if v is not None]
    yield from decomposed


def _constant(graph: Graph, site: AttentionSite, value: ir.Value) -> FoundPositions | None:
    """A bias the same for every input, (…, head, query, key): relative positions or ALiBi, unless it only hides."""
    shape = graph.shape(value)
    if shape is None or len([d for d in shape if d != 1]) < 2:
        return None
    table = read(graph, value)
    if table is None:
        return None
    while table.ndim > 3:
        whole = table.max(axis=0)
        if not bool(((table == whole) | (table - whole < MASKED)).all()):
            return None
        table = whole  # the same for every item of the batch, but for what masks hide in some windows
    if table.ndim == 3 and table.shape[0] == 1:
        table = table[0]
    if table.ndim == 2 and site.heads == 1:
        table = table[None]
    if table.ndim == 2 and table.shape[0] == site.heads:
        table = table[:, None]
    if table.ndim != 3 or table.shape[0] != site.heads:
        return None
    shown = table[table > HIDDEN]
    if not shown.size or np.ptp(shown) < 1e-6:
        return None
    slopes = alibi_slopes(table)
    root = origin(graph, value)
    tensor = root.weights[0] if root is not None and len(root.weights) == 1 else value
    if slopes is not None:
        return FoundPositions("ALiBi", tensor, ("head",), slopes, "scores", site.index)
    if table.shape[1] == 1:
        return None
    return FoundPositions("relative bias", tensor, ("head", "query", "key"), table, "scores", site.index)


def _looked_up(graph: Graph, site: AttentionSite, node: ir.Node) -> FoundPositions | None:
    """Rows of a table, (bucket, head), chosen by the distance of two tokens."""
    table = None if node.inputs[0] is None else read(graph, node.inputs[0])
    if table is None or table.ndim != 2 or not counts_tokens(graph, node.inputs[1]) or node.inputs[0] is None:
        return None
    if table.shape[1] != site.heads:
        if table.shape[0] != site.heads:
            return None
        table = table.T
    return FoundPositions("relative bias", node.inputs[0], ("bucket", "head"), table, "scores", site.index)


def _slopes(graph: Graph, site: AttentionSite, node: ir.Node) -> FoundPositions | None:
    """A number for each head times the places of the keys."""
    for number, places in ((0, 1), (1, 0)):
        value, counts = node.inputs[number], node.inputs[places]
        array = None if value is None or not graph.is_constant(value) else read(graph, value)
        if value is None or array is None or array.size != site.heads or site.heads < 2:
            continue
        flat: Floats = array.reshape(-1)
        if (flat > 0).all() and np.ptp(flat) > 0 and counts_tokens(graph, counts):
            return FoundPositions("ALiBi", value, ("head",), flat, "scores", site.index)
    return None


def _times_table(graph: Graph, site: AttentionSite, node: ir.Node) -> FoundPositions | None:
    """Queries times a vector for each distance along one axis of the image."""
    for side in (0, 1):
        value = node.inputs[side]
        if value is None or not graph.is_constant(value):
            continue
        root = origin(graph, value)
        shape = graph.shape(value)
        if root is None or shape is None or len(shape) < 3:
            return None
        table = read(graph, root.weights[0])
        if table is None or table.ndim != 2:
            spread = read(graph, value)  # (query, key, dim)
            if spread is None and table is not None and table.squeeze().ndim == 2:
                table = _dim_last(table.squeeze(), site.head_dim)
            else:
                table = offsets(spread) if spread is not None and spread.ndim == 3 else None
        if table is None:
            return None
        named = ("offset", "dim") if table.ndim == 2 else ("query", "key", "dim")
        return FoundPositions("decomposed", root.weights[0], named, table, "scores", site.index)
    return None


def _dim_last(table: Floats, dim: int | None) -> Floats:
    """(offset, dim) of a table that may lie the other way, as resizing wants it."""
    return table.T if table.shape[0] == dim and table.shape[1] != dim else table


def offsets(spread: Floats) -> Floats:
    """Return (offset, dim) of (query, key, dim) in which every distance has one vector; else what was given.

    Distances run from the last key seen from the first query to the first key seen from the last query.
    """
    queries, keys, dim = spread.shape
    across = np.arange(queries)[:, None] * max(keys // queries, 1) - np.arange(keys) * max(queries // keys, 1)
    distance = across - across.min()
    found, first, which = np.unique(distance, return_index=True, return_inverse=True)
    table = spread.reshape(-1, dim)[first]
    same = np.array_equal(table[which.reshape(-1)], spread.reshape(-1, dim))
    return table if same and len(found) < queries * keys else spread

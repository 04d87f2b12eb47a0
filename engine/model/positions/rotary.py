"""Rotary encodings: queries and keys turned by angles that grow with the token's place (Su et al. 2021, 3.2)."""

from collections import deque
from collections.abc import Iterator, Sequence

import numpy as np
import onnx_ir as ir

from engine.graph.graph import Graph, op
from engine.model.positions.found import FoundPositions
from engine.model.positions.recognise import Floats, frequencies
from engine.model.positions.tables import read
from engine.sites.layout import Operand
from engine.sites.site import AttentionSite

MOST_VISITS = 40
THROUGH = frozenset(
    {"Add", "Sub", "Concat", "Reshape", "Transpose", "Unsqueeze", "Squeeze", "Cast", "Identity", "Expand", "Slice"}
    | {"Mul", "Div", "Split", "ScatterND"}
)
CHOSEN = frozenset(
    {"Slice", "Gather", "Split", "Expand", "Tile", "Concat", "Reshape", "Transpose", "Unsqueeze", "Squeeze"}
) | {"Cast", "Identity"}
"""Operators that take the places asked for out of a table."""
TURNS = {
    "RotaryEmbedding": (1, 2),
    "com.microsoft.RotaryEmbedding": (2, 3),
    "com.microsoft.GroupQueryAttention": (7, 8),
}
"""Fused operators that turn, and their inputs of cosines and sines."""


def find_rotary(graph: Graph, sites: Sequence[AttentionSite]) -> Iterator[FoundPositions]:
    """Yield, for each site whose queries are turned, the frequencies or the table of angles."""
    made = {value.name or "": value for node in graph.nodes for value in node.outputs}
    for site in sites:
        found = _turned(graph, site, made)
        if found is not None:
            yield found


def _turned(graph: Graph, site: AttentionSite, made: dict[str, ir.Value]) -> FoundPositions | None:
    """Walk up from the queries to what they are multiplied by."""
    for operand in (site.plan.query, site.plan.key):
        factors = _factors(graph, operand, made)
        for value in factors:
            wave = _wave(graph, value)
            if wave is not None:
                return _from_wave(graph, site, wave)
        pair = _circle(_tables(graph, factors))
        if pair is not None:
            return _from_table(site, *pair)
    fused = made[site.plan.reveal.output].producer() if site.plan.reveal and site.plan.reveal.output in made else None
    return None if fused is None else _fused(graph, site, fused)


def _factors(graph: Graph, operand: Operand | None, made: dict[str, ir.Value]) -> list[ir.Value]:
    """What an operand is multiplied by, elementwise, between its projection and the scores."""
    start = None if operand is None else made.get(operand.value)
    queue, seen, out = deque([start] if start is not None else []), set[ir.Value](), []
    while queue and len(seen) < MOST_VISITS:
        here = queue.popleft()
        node = here.producer()
        if here in seen or node is None:
            continue
        seen.add(here)
        kind = op(node)
        if kind in TURNS:
            cosine, sine = (node.inputs[i] if len(node.inputs) > i else None for i in TURNS[kind])
            out += [v for v in (cosine, sine) if v is not None]
            queue.append(node.inputs[0]) if node.inputs[0] is not None else None
        elif kind == "Mul":
            rank = len(graph.shape(here) or ())
            for one, other in ((0, 1), (1, 0)):
                factor, main = node.inputs[one], node.inputs[other]
                if factor is None or main is None:
                    continue
                turns = _table(graph, factor) is not None or _wave(graph, factor) is not None
                if turns and rank >= 3:
                    out.append(factor)
                elif not graph.is_constant(factor):
                    queue.append(factor)
        elif kind in THROUGH:
            queue += [v for v in node.inputs if v is not None and not graph.is_constant(v)]
    return out


def _table(graph: Graph, value: ir.Value) -> ir.Value | None:
    """The constant that a factor is a part or a view of: cosines of the places there are; None where it is none."""
    for _ in range(14):
        if graph.is_constant(value):
            return value
        node = value.producer()
        if node is None or op(node) not in CHOSEN or node.inputs[0] is None:
            return None
        value = node.inputs[0]
    return None


def _tables(graph: Graph, factors: Sequence[ir.Value]) -> list[tuple[ir.Value, Floats]]:
    """Every table that factors are taken from, once; one that holds cosines beside sines as its two halves."""
    found: list[tuple[ir.Value, Floats]] = []
    for value in dict.fromkeys(table for factor in factors if (table := _table(graph, factor)) is not None):
        numbers = read(graph, value)
        if numbers is not None:
            found.append((value, numbers))
    if len(found) == 1 and found[0][1].ndim >= 2 and found[0][1].shape[-1] % 2 == 0:
        value, numbers = found[0]
        return [(value, half) for half in np.split(numbers, 2, axis=-1)]
    return found


def _wave(graph: Graph, value: ir.Value) -> ir.Node | None:
    """The Cos or Sin that a factor is a view of; None where it is neither."""
    for _ in range(14):
        node = value.producer()
        if node is None:
            return None
        if op(node) in ("Cos", "Sin"):
            return node
        if op(node) == "Concat" or op(node) in THROUGH - {"Add", "Sub"} or op(node) in ("Gather", "Tile", "GatherND"):
            main = [v for v in node.inputs if v is not None and not graph.is_constant(v)]
            if not main:
                return None
            value = main[0]
            continue
        return None
    return None


def _from_wave(graph: Graph, site: AttentionSite, wave: ir.Node) -> FoundPositions | None:
    """The frequencies that places are multiplied by on the way to a Cos or Sin."""
    queue, seen = deque([v for v in wave.inputs if v is not None]), set[ir.Value]()
    while queue and len(seen) < MOST_VISITS:
        here = queue.popleft()
        if here in seen:
            continue
        seen.add(here)
        if graph.is_constant(here):
            table = read(graph, here)
            if table is not None and 1 < table.size == max(table.shape) and bool((table > 0).all()):
                return FoundPositions("rotary", here, ("frequency",), table.reshape(-1), "turned", site.index)
            continue
        node = here.producer()
        if node is not None and op(node) not in ("Shape", "Range", "Gather"):
            queue += [v for v in node.inputs if v is not None]
    return None


def _circle(tables: list[tuple[ir.Value, Floats]]) -> tuple[ir.Value, Floats, Floats] | None:
    """Two tables, (token, dim), whose squares add up to one: cosines and sines."""
    flat = [(v, t.squeeze()) for v, t in tables]
    for i, (value, a) in enumerate(flat):
        for _, b in flat[i + 1 :]:
            if a.ndim < 2 or a.shape != b.shape:
                continue
            a2, b2 = (x.reshape(-1, x.shape[-1]) if x.ndim == 2 else _first_head(x) for x in (a, b))
            if np.allclose(a2**2 + b2**2, 1, atol=5e-3) and np.ptp(a2) > 1e-3:
                cosine, sine = (a2, b2) if a2.sum() >= b2.sum() else (b2, a2)
                return value, cosine, sine
    return None


def _first_head(table: Floats) -> Floats:
    """(token, dim) of a table that repeats over heads."""
    while table.ndim > 2:
        table = table[0]
    return table


def _from_table(site: AttentionSite, value: ir.Value, cosine: Floats, sine: Floats) -> FoundPositions:
    rate = frequencies(cosine, sine)
    if rate is not None:
        return FoundPositions("rotary", value, ("frequency",), rate, "turned", site.index, most=len(cosine))
    angle = np.arctan2(sine, cosine).astype(np.float32)
    return FoundPositions("rotary", value, ("token", "dim"), angle, "turned", site.index, most=len(angle))


def _fused(graph: Graph, site: AttentionSite, node: ir.Node) -> FoundPositions | None:
    """Cosines and sines handed to a fused operator that turns by itself."""
    places = TURNS.get(op(node))
    if places is None:
        return None
    found = [node.inputs[i] if len(node.inputs) > i else None for i in places]
    tables = [(v, read(graph, v)) for v in found if v is not None]
    pair = _circle([(v, t) for v, t in tables if t is not None])
    return None if pair is None else _from_table(site, *pair)

"""Tables added to tokens: learned (Dosovitskiy et al. 2021, section 3.1) or sinusoidal (Vaswani et al. 2017, 3.5)."""

from collections.abc import Iterator, Sequence

import numpy as np
import onnx_ir as ir

from engine.graph.dims import Dims
from engine.graph.graph import Graph, op
from engine.model.description import PositionKind
from engine.model.patches import PatchGrid, SiteTokens
from engine.model.positions.bias import HIDDEN, score_nodes
from engine.model.positions.found import FoundPositions
from engine.model.positions.recognise import Floats, is_sinusoidal
from engine.model.positions.tables import origin, read
from engine.sites.factors import projection_input, trace
from engine.sites.layout import Operand
from engine.sites.site import AttentionSite

CHANNELS_FIRST = frozenset({"Conv", "BatchNormalization", "MaxPool", "AveragePool"})
ADDS = frozenset({"Add", "com.microsoft.SkipLayerNormalization"})


def find_added(graph: Graph, sites: Sequence[AttentionSite], tokens: Sequence[SiteTokens]) -> Iterator[FoundPositions]:
    """Yield each table of positions that is added to tokens before, or inside, an attention."""
    makers = _makers(graph)
    streams = _streams(graph, sites, makers)
    scores = {node for site in sites for node in score_nodes(graph, site, makers)}
    last = max((graph.order[n] for s in sites for n in _producers(s, makers)), default=-1)
    for node in graph.nodes[: last + 1]:
        if op(node) not in ADDS or node in scores:
            continue
        a, b = node.inputs[0], node.inputs[1]
        for table, other in ((b, a), (a, b)):
            if table is None or other is None or graph.is_constant(other):
                continue
            found = _table(graph, table, other, tokens)
            if found is not None:
                yield from _placed(found, node, streams)
                break


def _makers(graph: Graph) -> dict[str, ir.Value]:
    return {value.name or "": value for node in graph.nodes for value in node.outputs}


def _producers(site: AttentionSite, makers: dict[str, ir.Value]) -> Iterator[ir.Node]:
    for operand in (site.plan.query, site.plan.key):
        node = makers[operand.value].producer() if operand is not None and operand.value in makers else None
        if node is not None:
            yield node


def _streams(
    graph: Graph, sites: Sequence[AttentionSite], makers: dict[str, ir.Value]
) -> list[tuple[int, set[ir.Value], ir.Value | None]]:
    """For each site the activations that queries and keys are projected from, and that of the values."""
    out = []
    for site in sites:
        q, k, v = (_stream(graph, o, makers) for o in (site.plan.query, site.plan.key, site.plan.value))
        out.append((site.index, {value for value in (q, k) if value is not None}, v))
    return out


def _stream(graph: Graph, operand: Operand | None, makers: dict[str, ir.Value]) -> ir.Value | None:
    value = None if operand is None else makers.get(operand.value)
    return None if value is None else projection_input(trace(graph, value))


def _placed(
    found: FoundPositions, node: ir.Node, streams: list[tuple[int, set[ir.Value], ir.Value | None]]
) -> Iterator[FoundPositions]:
    """Say whether a table is added to the tokens themselves, or only to what queries and keys are made of."""
    here = set(node.outputs)
    inside = [index for index, sides, value in streams if sides & here and value is not None and value not in here]
    others = [index for index, _, value in streams if value in here]
    if not inside or others:
        yield found
        return
    for index in inside:
        yield FoundPositions(found.kind, found.tensor, found.axes, found.table, "queries and keys", index, found.grid)


def _table(graph: Graph, table: ir.Value, other: ir.Value, tokens: Sequence[SiteTokens]) -> FoundPositions | None:
    """A tensor made of weights alone, with a row for each token: (token, dim), or (row, column, dim) in some order."""
    target = graph.shape(other)
    if target is None or len(target) not in (3, 4):
        return None
    made = origin(graph, table)
    constant = graph.is_constant(table)
    if made is None or not (constant or made.positional or made.kinds & {"Slice", "Resize"}):
        return None
    if constant and not _is_per_token(graph.shape(table), target):
        return None
    source = table if constant else made.weights[0]
    array = read(graph, source)
    if (
        array is None
        or (constant and not _is_per_token(array.shape, target))
        or not np.isfinite(array).all()
        or array.min() < HIDDEN
    ):
        return None
    flat, grid = _rows(_one_item(array, target), target, op(other.producer()) in CHANNELS_FIRST)
    if flat is None or len(flat) < 2 or flat.shape[1] < 2 or np.ptp(flat, axis=0).max() < 1e-6:
        return None
    grid = grid or _grid(len(flat), tokens)
    laid = None if grid is None else (grid.prefix, grid.rows, grid.columns)
    kind: PositionKind = "sinusoidal" if is_sinusoidal(flat, laid) else "learned"
    tensor = made.weights[0] if len(made.weights) == 1 else source
    return FoundPositions(kind, tensor, ("token", "dim"), flat, "tokens", None, grid)


def _is_per_token(shape: Dims | None, target: Dims) -> bool:
    """Whether a constant has a vector for each token: no bias of each channel, or of each token."""
    if shape is None:
        return True  # its numbers will tell
    if not 2 <= len(shape) <= len(target):
        return False
    wide = [d for d in shape if d != 1]
    if len(shape) == 3 and shape[0] == target[0] and len(wide) == 3:
        wide = wide[1:]  # repeated for each item of the batch
    return len(wide) == 3 or (len(wide) == 2 and 1 not in shape[-2:])


def _one_item(array: Floats, target: tuple[object, ...]) -> Floats:
    """A table without its batch axis, where it is the same for every item."""
    if array.ndim == len(target) and (array == array[:1]).all():
        return np.asarray(array[0])
    return array


def _rows(array: Floats, target: tuple[object, ...], channels_first: bool) -> tuple[Floats | None, PatchGrid | None]:
    """(token, dim), and the grid where the table itself is one: (row, column, dim) or (dim, row, column)."""
    if array.ndim == 2:
        return (array if len(target) == 3 else None), None
    if array.ndim != 3 or len(target) != 4:
        return None, None
    cells = np.moveaxis(array, 0, -1) if channels_first else array
    rows, columns = cells.shape[:2]
    return cells.reshape(rows * columns, -1), PatchGrid(rows, columns)


def _grid(rows: int, tokens: Sequence[SiteTokens]) -> PatchGrid | None:
    """The grid of the first site whose tokens, or patches alone, are as many as the table's rows."""
    for site in tokens:
        if site.queries is not None and site.queries.windows is None:
            if site.queries.tokens == rows:
                return site.queries
            special = rows - site.queries.patches
            if 0 <= special <= site.queries.prefix:  # registers, joined later, have no place
                return PatchGrid(
                    site.queries.rows, site.queries.columns, special, special=site.queries.special[:special]
                )
    return None

"""Where order enters a model: tables added to tokens, turned queries and keys, biases of the scores."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine.graph.graph import Graph
from engine.messages import Message, declare, translate
from engine.model.description import PositionalEncoding
from engine.model.patches import PatchGrid, SiteTokens
from engine.model.positions.added import find_added
from engine.model.positions.bias import find_biases
from engine.model.positions.found import FoundPositions
from engine.model.positions.rotary import find_rotary
from engine.sites.site import AttentionSite

declare(
    {
        "position-added": translate("engine", "added to the tokens"),
        "position-queries-keys": translate("engine", "added to the queries and keys of {sites}"),
        "position-turned": translate("engine", "turns the queries and keys of {sites}"),
        "position-scores": translate("engine", "added to the scores of {sites}"),
    }
)
CODES = {
    "tokens": "position-added",
    "queries and keys": "position-queries-keys",
    "turned": "position-turned",
    "scores": "position-scores",
}
MOST_KEPT = 4 * 2**20
"""Elements of a table that travels with the description; a larger one is read from the file when asked for."""


def find_positions(
    graph: Graph, sites: Sequence[AttentionSite] = (), tokens: Sequence[SiteTokens] = (), path: Path | None = None
) -> tuple[PositionalEncoding, ...]:
    """Return every positional encoding of a model, in the order in which they enter.

    Args:
        graph: the graph.
        sites: its attention sites; a model without any has no positions to speak of.
        tokens: how their tokens lie on the image.
        path: the file, to read large tables from later.
    """
    if not sites:
        return ()
    grouped: dict[tuple[str, str, str], list[FoundPositions]] = {}
    for found in (*find_added(graph, sites, tokens), *find_rotary(graph, sites), *find_biases(graph, sites)):
        grouped.setdefault((found.kind, found.tensor.name or "", found.where), []).append(found)
    return tuple(_encoding(group, tokens, path) for group in grouped.values())


def _grid(found: FoundPositions, tokens: Sequence[SiteTokens]) -> PatchGrid | None:
    """The grid of the patches that a table of angles has a row for."""
    if found.site is None or found.site >= len(tokens) or found.axes[0] != "token" or found.table is None:
        return None
    grid = tokens[found.site].queries
    if grid is None or grid.windows is not None or len(found.table) not in (grid.patches, grid.tokens):
        return None
    return grid if len(found.table) == grid.tokens else PatchGrid(grid.rows, grid.columns)


def _encoding(group: list[FoundPositions], tokens: Sequence[SiteTokens], path: Path | None) -> PositionalEncoding:
    first = group[0]
    indices = tuple(dict.fromkeys(found.site for found in group if found.site is not None))
    kept = first.table if first.table is not None and first.table.size <= MOST_KEPT else None
    return PositionalEncoding(
        kind=first.kind,
        name=first.tensor.name or "",
        shape=() if first.table is None else tuple(first.table.shape),
        where=Message.of(CODES[first.where], **({"sites": words_of_sites(indices)} if indices else {})),
        axes=first.axes,
        sites=indices,
        grid=first.grid or _grid(first, tokens),
        most=first.most,
        values=None if kept is None else np.ascontiguousarray(kept, np.float32),
        path="" if path is None else str(path),
    )


def words_of_sites(indices: Sequence[int]) -> str:
    """Say 3, 5 or 0–11."""
    if len(indices) > 2 and list(indices) == list(range(indices[0], indices[-1] + 1)):
        return f"{indices[0]}–{indices[-1]}"
    return ", ".join(map(str, indices))

"""Tokens of each attention site: how queries and keys lie on the image, or which input they came from."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import onnx_ir as ir
from numpy.typing import NDArray

from engine.graph.graph import Graph, op
from engine.model.patches import PatchGrid, SiteTokens, Special
from engine.model.places.bound import BoundGraph, Sizes
from engine.model.places.flow import Flow, pixel_places, token_places
from engine.model.places.grids import TokenPlaces, grid_of_places
from engine.model.places.place import Floats, Place, Places
from engine.model.places.rules import picking_input
from engine.sites.layout import TOKENS, Operand, axes, canonical
from engine.sites.site import AttentionSite

SEQUENCE = 7
"""Tokens given to inputs of open length."""
LARGEST_IMAGE = 4096 * 4096
MOST_VISITS = 400


def bind(
    graph: Graph, image_input: str | None, image_size: tuple[int, int] | None, channels_last: bool = False
) -> BoundGraph:
    """Return the graph at one image of a size, and short texts.

    Args:
        graph: the graph.
        image_input: the input that takes a photo, if one does.
        image_size: (rows, columns) of that photo in pixels.
        channels_last: whether its layout is NHWC.
    """
    inputs = [value for value in graph.model.graph.inputs if not value.is_initializer()]
    shapes = {value.name or "": _input_sizes(value, image_input, image_size, channels_last) for value in inputs}
    if any("past" in name for name in shapes):  # a mask speaks of the past too
        for value in inputs:
            if "mask" in (value.name or "") and value.shape is not None and len(value.shape) == 2:
                shapes[value.name or ""] = (1, 2 * SEQUENCE) if not isinstance(value.shape[1], int) else None
    return BoundGraph(graph, {name: sizes for name, sizes in shapes.items() if sizes is not None})


def tokens_of_sites(
    graph: BoundGraph, sites: Sequence[AttentionSite], image_input: str | None, channels_last: bool = False
) -> tuple[SiteTokens, ...]:
    """Return what the graph tells of each site's tokens.

    Args:
        graph: the graph at a size of its image.
        sites: its attention sites.
        image_input: the input that takes a photo, if one does.
        channels_last: whether its layout is NHWC.
    """
    if not sites:
        return ()
    flow = Flow(graph)
    inputs = [v for v in graph.model.graph.inputs if not v.is_initializer()]
    images = 1
    for value in inputs:
        sizes = graph.sizes(value)
        if sizes is not None:
            flow.seed(value, _seed(value, sizes, image_input, channels_last))
            images = sizes[0] if value.name == image_input else images
    flow.run(_needed(graph, sites))
    made = (value for node in graph.nodes for value in node.outputs)
    named = {value.name: value for value in (*inputs, *graph.model.graph.initializers.values(), *made)}
    return tuple(_site(flow, named, site, images) for site in sites)


def tokens_on_images(
    graph: BoundGraph, sites: Sequence[AttentionSite], images: Sequence[str]
) -> tuple[SiteTokens, ...]:
    """Return what the graph tells of each site's tokens, of a model that takes several images.

    Args:
        graph: the graph, its images of fixed sizes.
        sites: its attention sites.
        images: the inputs that take images, (batch, channel, row, column).
    """
    plain = tokens_of_sites(graph, sites, None)
    each = {name: tokens_of_sites(graph, sites, name) for name in images}
    found = []
    for index, told in enumerate(plain):
        sides = [
            _together([(name, getattr(tokens[index], side)) for name, tokens in each.items()])
            for side in ("queries", "keys")
        ]
        found.append(replace(told, query_images=sides[0], key_images=sides[1]))
    return tuple(found)


def _together(grids: Sequence[tuple[str, PatchGrid | None]]) -> tuple[tuple[str, PatchGrid], ...]:
    """Return the grids there are, with the tokens of the other images told apart from special ones."""
    known = [(name, grid) for name, grid in grids if grid is not None]
    out = []
    for name, grid in known:
        others = {t for one, g in known if one != name for t in range(g.tokens) if g.place_of(t) is not None}
        places = [*range(grid.prefix), *range(grid.tokens - grid.suffix, grid.tokens)]
        other: Special = "other"
        special = grid.special or (other,) * len(places)
        kinds: list[Special] = [other if t in others else kind for t, kind in zip(places, special, strict=True)]
        out.append((name, replace(grid, special=tuple(kinds))))
    return tuple(out)


def _needed(graph: Graph, sites: Sequence[AttentionSite]) -> Sequence[ir.Node]:
    """Nodes up to the one that makes the last query or key."""
    wanted = {o.value for site in sites for o in (site.plan.query, site.plan.key) if o is not None}
    last = max((i for i, node in enumerate(graph.nodes) if any(v.name in wanted for v in node.outputs)), default=-1)
    return graph.nodes[: last + 1]


def _input_sizes(
    value: ir.Value, image_input: str | None, image_size: tuple[int, int] | None, channels_last: bool
) -> Sizes | None:
    if value.shape is None:
        return None
    sizes = [d if isinstance(d, int) else None for d in value.shape]
    if value.name == image_input and image_size is not None and len(sizes) == 4:
        first = 1 if channels_last else 2
        sizes[first], sizes[first + 1] = image_size
        sizes[3 if channels_last else 1] = sizes[3 if channels_last else 1] or 3
    return tuple(size if size is not None else 1 if axis == 0 else SEQUENCE for axis, size in enumerate(sizes))


def _seed(value: ir.Value, sizes: Sizes, image_input: str | None, channels_last: bool) -> Places:
    if value.name == image_input and len(sizes) == 4 and sizes[-1] * sizes[-2] <= LARGEST_IMAGE:
        return pixel_places(sizes, channels_last)
    return token_places(value.name or "", sizes) if len(sizes) in (2, 3) else ()


def _site(flow: Flow, named: Mapping[str | None, ir.Value], site: AttentionSite, images: int) -> SiteTokens:
    grids: list[PatchGrid | None] = []
    told: list[bool] = []
    origins: list[str | None] = []
    chosen: list[str] = []
    for index, operand in enumerate((site.plan.query, site.plan.key)):
        value = None if operand is None else named.get(operand.value)
        if operand is not None and (value is None or value not in flow.told):
            value, operand = _fused(named, site, index) or (value, operand)
        known = value is not None and (value in flow.told or flow.graph.is_constant(value))
        places = flow.told.get(value, ()) if value is not None else ()
        grid, source = (None, None) if operand is None else _side(flow, site, operand, places, images)
        picked = next((p.source for p in places if p.label == "chosen"), "")
        picked = picked or ("" if known or value is None else _picked_above(flow.graph, value))
        chosen.append(picked if grid is None else "")
        told.append(known and not picked)
        grids.append(grid)
        origins.append(source)
    return SiteTokens(grids[0], grids[1], (told[0], told[1]), origins[0], origins[1], chosen_by=(chosen[0], chosen[1]))


def _picked_above(graph: BoundGraph, value: ir.Value) -> str:
    """The input that picks tokens somewhere above a tensor whose places were lost; "" where none does."""
    queue, seen = deque([value]), set[ir.Value]()
    while queue and len(seen) < MOST_VISITS:
        here = queue.popleft()
        node = here.producer()
        if here in seen or node is None:
            continue
        seen.add(here)
        if op(node) == "GatherElements" and (found := picking_input(graph, node.inputs[1])):
            return found
        queue += [v for v in node.inputs if v is not None]
    return ""


def _fused(named: Mapping[str | None, ir.Value], site: AttentionSite, index: int) -> tuple[ir.Value, Operand] | None:
    """The tensor that a fused operator projects or concatenates itself: its own input has the same tokens."""
    result = named.get(site.plan.reveal.output) if site.plan.reveal is not None else None
    node = None if result is None else result.producer()
    if node is None:
        return None
    inputs = [v for v in node.inputs[: index + 1] if v is not None]
    only = node.op_type in ("Attention", "QAttention") and node.domain == "com.microsoft"
    if not inputs or (len(inputs) <= index and not only):
        return None
    value = inputs[0 if only else index]
    rank = len(value.shape) if value.shape is not None else 3
    layout = axes("batch head token dim") if rank == 4 else axes("batch token dim")
    return value, Operand(value.name or "", layout)


def _side(
    flow: Flow, site: AttentionSite, operand: Operand, places: Places, images: int
) -> tuple[PatchGrid | None, str | None]:
    """The grid of one side's tokens, or the input that they came from."""
    sizes = {"head": site.heads, **dict(site.plan.factor_sizes)}
    arrays: dict[str, Floats] = {}
    texts: list[Place] = []
    for place in places:
        array = _per_token(place, operand, sizes)
        if array is None:
            continue
        if place.label == "token":
            texts.append(place)
        else:
            arrays[place.label] = array
    if "row" in arrays and "column" in arrays:
        shape = np.broadcast_shapes(*(a.shape for a in arrays.values()))
        full = {label: np.broadcast_to(array, shape) for label, array in arrays.items()}
        special = full.get("special", np.zeros(shape, np.float32)).astype(np.intp)
        return grid_of_places(TokenPlaces(full["row"], full["column"], special), images, flow.sources), None
    best = max(texts, key=lambda place: place.weight, default=None)
    return None, None if best is None else best.source


def _per_token(place: Place, operand: Operand, sizes: Mapping[str, int]) -> NDArray[np.float32] | None:
    """A coordinate as (batch, token); None where it changes along a head's width, or does not fit."""
    try:
        array = canonical(place.array, operand.axes, TOKENS, sizes)  # (batch, head, token, dim)
    except ValueError:
        return None
    if array.shape[3] > 1 or (place.label == "token" and array.shape[2] == 1):
        return None
    return array[:, 0, :, 0].astype(np.float32)

"""Layers whose maps methods may start from, and reading such maps: of convolutions, and of tokens on the image."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.attention import grid_of
from engine.errors import EngineError, declare_errors
from engine.evidence.evidence import Axes, Floats, MapLayer
from engine.grid import PatchGrid
from engine.messages import translate
from engine.model.description import ModelDescription
from engine.runtime.run import Run

if TYPE_CHECKING:
    from engine.sites.site import AttentionSite

declare_errors(
    {
        "no-maps": translate("engine", "“{name}” has no layer whose maps or tokens lie on the image."),
        "no-maps.advice": translate("engine", "Use occlusion or RISE, which need no layer."),
        "maps-missing": translate("engine", "“{name}” has no layer “{layer}” whose maps lie on the image."),
        "maps-missing.advice": translate("engine", "Choose one of {known}."),
    }
)


def convolution_layers(model: ModelDescription) -> tuple[MapLayer, ...]:
    """Return the maps of all convolutions, after their activation, in execution order; no graph is read."""
    found = [
        MapLayer(layer.activation or layer.output, layer.name, "channels", size=_pair(layer.size))
        for layer in model.convolutions
        if len(layer.kernel) == 2
    ]
    head = model.head
    if head is not None and head.maps not in [layer.tensor for layer in found]:
        found.append(MapLayer(head.maps, head.maps, "channels last" if head.channels_last else "channels"))
    return tuple(found)


def map_layers(model: ModelDescription) -> tuple[MapLayer, ...]:
    """Return every layer that methods may start from, in execution order; the file is read for those of tokens.

    Of attention these are the tensors that a site's queries, or else keys, are projected from: the tokens as they
    enter it, after the norm.

    Raises:
        EngineError: the file can no longer be read.
    """
    return (*convolution_layers(model), *token_layers(model))


def token_layers(model: ModelDescription) -> tuple[MapLayer, ...]:
    """Return the tokens that enter each self-attention on the image; the file is read.

    Raises:
        EngineError: the file can no longer be read.
    """
    sites = tuple(site for site in model.sites if site.kind == "self")
    if not sites or model.image_input is None:
        return ()
    from engine.model.weights import weights_of_sites

    found = []
    for index, weights in weights_of_sites(model, sites).items():
        entering = weights.query or weights.key
        if entering is not None:
            axes: Axes = "channels" if entering.axis == 1 else "tokens"
            found.append(MapLayer(entering.source, f"tokens {index}", axes, index))
    return tuple(found)


def default_layer(model: ModelDescription) -> MapLayer:
    """Return the layer to start from: what the classifier averages, the last tokens, else the last convolution.

    Raises:
        EngineError: nothing of this model lies on the image.
    """
    head, layers = model.head, convolution_layers(model)
    if head is not None and head.weight is not None:
        return next(layer for layer in layers if layer.tensor == head.maps)
    tokens = token_layers(model)
    if tokens:
        return tokens[-1]
    wide = [layer for layer in layers if layer.size is None or min(layer.size) > 1]
    if not wide:
        raise EngineError("no-maps", name=model.name)
    return _joined(model, wide[-1])


def _joined(model: ModelDescription, layer: MapLayer) -> MapLayer:
    """Return the maps that a convolution's own end in: after the sum with a residual path, for one."""
    from pathlib import Path

    from engine.graph.cone import as_taken
    from engine.graph.graph import Graph
    from engine.graph.read import read_model
    from engine.model.activation import last_maps

    graph = Graph(read_model(Path(model.path), as_taken(model.choices)))
    value = next((v for node in graph.nodes for v in node.outputs if v.name == layer.tensor), None)
    return layer if value is None else replace(layer, tensor=last_maps(graph, value))


def find_layer(model: ModelDescription, name: str | None) -> MapLayer:
    """Return a layer by its name or tensor; None means `default_layer`.

    Raises:
        EngineError: there is no such layer.
    """
    if name is None:
        return default_layer(model)
    known = map_layers(model)
    for layer in known:
        if name in (layer.tensor, layer.name):
            return layer
    shown = ", ".join(layer.name for layer in known[-6:]) or "—"
    raise EngineError("maps-missing", name=model.name, layer=name, known=shown)


def read_maps(run: Run, layer: MapLayer, array: NDArray[np.generic] | None = None) -> Floats:
    """Return a layer's maps of the first image, (channel, row, column) float32.

    Args:
        run: tells how tokens lie on the image.
        layer: the layer.
        array: its tensor; None reads it from the run.

    Raises:
        EngineError: the tensor is not at hand, or its tokens lie on no grid.
    """
    tensor = run.tensor(layer.tensor) if array is None else array
    if layer.axes == "tokens" and tensor.ndim == 3:
        grid = token_grid(run, layer)
        items, tokens = token_places(grid)
        picked = tensor[items, tokens].astype(np.float32)  # (place, channel)
        return np.ascontiguousarray(picked.T.reshape(-1, grid.image_rows, grid.image_columns))
    if tensor.ndim != 4:
        raise EngineError("no-maps", name=run.model.name)
    maps = tensor[0].astype(np.float32)
    return maps if layer.axes == "channels" else np.ascontiguousarray(np.moveaxis(maps, -1, 0))


def token_grid(run: Run, layer: MapLayer) -> PatchGrid:
    """Return how the tokens of a layer lie on the image.

    Raises:
        EngineError: they do not.
    """
    site: AttentionSite = run.model.sites[layer.site]
    grid = grid_of(run, site)
    if grid is None:
        raise EngineError("no-maps", name=run.model.name)
    return grid


def token_places(grid: PatchGrid) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return batch item and token of each patch of the image, (patch,) each, row by row."""
    found = [grid.on_site(row, column) for row in range(grid.image_rows) for column in range(grid.image_columns)]
    pairs = np.array([(0, grid.prefix) if place is None else place for place in found], np.intp)
    return pairs[:, 0], pairs[:, 1]


def without_channel(
    tensor: NDArray[np.generic], layer: MapLayer, channel: int, grid: PatchGrid | None
) -> NDArray[np.generic]:
    """Return a copy of a layer's tensor with one channel zero on the image; special tokens stay.

    It is (batch, channel, row, column), (batch, row, column, channel) or (batch, token, channel), as the layer says.
    """
    out = tensor.copy()
    if layer.axes == "channels":
        out[:, channel] = 0
    elif grid is None or tensor.ndim == 4:
        out[..., channel] = 0
    else:
        items, tokens = token_places(grid)
        out[items, tokens, channel] = 0
    return out


def _pair(size: tuple[int, ...] | None) -> tuple[int, int] | None:
    return None if size is None or len(size) != 2 else (size[0], size[1])

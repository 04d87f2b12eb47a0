"""A model's description as JSON.

The JSON is stable: within one `format` number, keys are added but never renamed or removed. Sizes are numbers, or
strings where the graph only names them, or null where it says nothing. Text for people ("reason", "text", "where")
may change; "code" beside it does not.
"""

import math
from typing import Any

from engine.images.plan import ImagePlan
from engine.inspection.reading import reading_json
from engine.messages import Message
from engine.model.description import ModelDescription, ReceptiveField, TensorInfo
from engine.model.patches import PatchGrid, SiteTokens
from engine.sites.site import AttentionSite

FORMAT = 1
"""Number of the JSON layout."""


def as_json(model: ModelDescription) -> dict[str, Any]:
    """Return a description as values that `json` can write.

    Keys: format, name, path, opset, producer, parameters, nodes, inputs, outputs, sites, near_misses, convolutions,
    positions, pools, head, multiply_adds, labels, preprocessing, text, sound, parts, notes.
    """
    return {
        "format": FORMAT,
        "name": model.name,
        "path": model.path,
        "opset": model.opset,
        "producer": model.producer,
        "parameters": model.parameters,
        "nodes": model.nodes,
        "inputs": [_tensor(info) for info in model.inputs],
        "outputs": [_tensor(info) for info in model.outputs],
        "sites": [{**_site(site), **_tokens(model, site)} for site in model.sites],
        "near_misses": [{"node": miss.node, "op": miss.op, **_reason(miss.reason)} for miss in model.near_misses],
        "convolutions": [
            {
                "index": layer.index,
                "name": layer.name,
                "in_channels": layer.in_channels,
                "out_channels": layer.out_channels,
                "kernel": list(layer.kernel),
                "stride": list(layer.stride),
                "dilation": list(layer.dilation),
                "pads": list(layer.pads),
                "groups": layer.groups,
                "size": None if layer.size is None else list(layer.size),
                "receptive_field": _field(layer.receptive),
            }
            for layer in model.convolutions
        ],
        "positions": [
            {
                "kind": p.kind,
                "name": p.name,
                "shape": list(p.shape),
                "where": p.where.text(),
                "axes": list(p.axes),
                "sites": list(p.sites),
                "grid": _grid(p.grid),
                "most": p.most,
            }
            for p in model.positions
        ],
        "pools": [
            {
                "index": pool.index,
                "name": pool.name,
                "kind": pool.kind,
                "kernel": list(pool.kernel),
                "stride": list(pool.stride),
                "size": None if pool.size is None else list(pool.size),
                "receptive_field": _field(pool.receptive),
            }
            for pool in model.pools
        ],
        "head": None
        if model.head is None
        else {"maps": model.head.maps, "logits": model.head.logits, "classes": model.head.classes},
        "multiply_adds": model.multiply_adds,
        "labels": None if model.labels is None else list(model.labels),
        "preprocessing": None if model.image_plan is None else _plan(model.image_input, model.image_plan),
        **reading_json(model),
        "notes": [_note(note) for note in model.notes],
    }


def _tensor(info: TensorInfo) -> dict[str, Any]:
    return {"name": info.name, "dtype": info.dtype, "shape": list(info.shape)}


def _site(site: AttentionSite) -> dict[str, Any]:
    return {
        "index": site.index,
        "name": site.name,
        "kind": site.kind,
        "heads": site.heads,
        "key_heads": site.key_heads or site.heads,
        "spelling": site.op,
        "scale": site.scale,
        "causal": site.causal,
        "factored": site.factored,
        "query_tokens": site.query_tokens,
        "key_tokens": site.key_tokens,
        "head_dim": site.head_dim,
        "nodes": list(site.nodes),
    }


def _tokens(model: ModelDescription, site: AttentionSite) -> dict[str, Any]:
    """Say how a site's tokens lie on the image, or which input they came from."""
    told = model.tokens[site.index] if site.index < len(model.tokens) else SiteTokens()
    return {
        "grid": _grid(told.queries),
        "key_grid": _grid(told.keys),
        "token_input": told.query_input,
        "key_token_input": told.key_input,
        "images": {name: _grid(grid) for name, grid in told.query_images},
        "key_images": {name: _grid(grid) for name, grid in told.key_images},
    }


def _grid(grid: PatchGrid | None) -> dict[str, Any] | None:
    if grid is None:
        return None
    windows = grid.windows
    return {
        "rows": grid.rows,
        "columns": grid.columns,
        "prefix": grid.prefix,
        "suffix": grid.suffix,
        "special": list(grid.special),
        "windows": None if windows is None else [windows.rows, windows.columns],
        "image": [grid.image_rows, grid.image_columns],
        "shift": None if windows is None else list(windows.shift),
        "stride": None if windows is None else list(windows.stride),
    }


def _field(found: ReceptiveField | None) -> dict[str, Any] | None:
    """A receptive field in pixels; an infinite size, which JSON has not, is null."""
    if found is None:
        return None
    return {
        "size": [None if math.isinf(size) else size for size in found.size],
        "jump": list(found.jump),
        "start": list(found.start),
        "whole_image": found.whole,
    }


def _plan(name: str | None, plan: ImagePlan) -> dict[str, Any]:
    return {
        "input": name,
        "source": plan.source,
        "size": list(plan.size),
        "resize": plan.resize,
        "longest": plan.longest,
        "resample": plan.resample,
        "crop": None if plan.crop is None else list(plan.crop),
        "rescale": plan.rescale,
        "mean": list(plan.mean),
        "std": list(plan.std),
        "channels": plan.channels,
        "bgr": plan.bgr,
        "layout": plan.layout,
        "dtype": plan.dtype,
        "notes": [_note(note) for note in plan.notes],
    }


def _note(note: Message) -> dict[str, str]:
    return {"code": note.code, "text": note.text()}


def _reason(reason: Message) -> dict[str, str]:
    return {"code": reason.code, "reason": reason.text()}

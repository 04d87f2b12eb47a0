"""A model's description as plain text and as JSON.

The JSON is stable: within one `format` number, keys are added but never renamed or removed. Sizes are numbers, or
strings where the graph only names them, or null where it says nothing. Text for people ("reason", "text", "where")
may change; "code" beside it does not.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from engine.images.plan import ImagePlan
from engine.messages import Message
from engine.model.description import ModelDescription, TensorInfo
from engine.sites.site import AttentionSite

FORMAT = 1
"""Number of the JSON layout."""


def as_json(model: ModelDescription) -> dict[str, Any]:
    """Return a description as values that `json` can write.

    Keys: format, name, path, opset, producer, parameters, nodes, inputs, outputs, sites, near_misses, convolutions,
    positions, labels, preprocessing, notes.
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
        "sites": [_site(site) for site in model.sites],
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
            }
            for layer in model.convolutions
        ],
        "positions": [
            {"kind": p.kind, "name": p.name, "shape": list(p.shape), "where": p.where.text()} for p in model.positions
        ],
        "labels": None if model.labels is None else list(model.labels),
        "preprocessing": None if model.image_plan is None else _plan(model.image_input, model.image_plan),
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


def as_text(model: ModelDescription) -> str:
    """Return a description as aligned lines."""
    opset = f"opset {model.opset}"
    made = f"made by {model.producer}" if model.producer else ""
    facts = [opset, made, f"{model.parameters:,} parameters", f"{model.nodes:,} nodes"]
    parts = [
        [model.name, "  " + ", ".join(fact for fact in facts if fact), "  " + model.path],
        ["Inputs", *_table([(i.name, i.dtype, shape_text(i.shape)) for i in model.inputs])],
        ["Outputs", *_table([(i.name, i.dtype, shape_text(i.shape)) for i in model.outputs])],
        _attention_lines(model),
    ]
    if model.near_misses:
        title = "Softmaxes that are not attention"
        parts.append([title, *_table([(m.node, m.op, m.reason.text()) for m in model.near_misses])])
    if model.convolutions:
        parts.append(_convolution_lines(model))
    if model.positions:
        rows = [(p.kind, shape_text(p.shape), p.where.text(), p.name) for p in model.positions]
        parts.append(["Positions", *_table(rows)])
    parts.append(_image_lines(model))
    if model.notes:
        parts.append(["Notes", *("  " + note.text() for note in model.notes)])
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def _attention_lines(model: ModelDescription) -> list[str]:
    """List the sites under a heading."""
    if not model.sites:
        return ["Attention: none found"]
    heads = sum(site.heads for site in model.sites)
    head = ("site", "name", "kind", "heads", "queries × keys", "head dim", "scale", "spelling", "numbers")
    rows = [
        (
            str(site.index),
            site.name,
            site.kind + (", causal" if site.causal else ""),
            str(site.heads) if not site.key_heads or site.key_heads == site.heads else f"{site.heads}/{site.key_heads}",
            f"{_size(site.query_tokens)} × {_size(site.key_tokens)}",
            _size(site.head_dim),
            "computed" if site.scale is None else f"{site.scale:.6g}",
            site.op,
            "from Q and K" if site.factored else "the model’s softmax",
        )
        for site in model.sites
    ]
    return [f"Attention: {_count(len(model.sites), 'site')}, {_count(heads, 'head')}", *_table([head, *rows])]


def _convolution_lines(model: ModelDescription) -> list[str]:
    """List the convolutions under a heading."""
    head = ("layer", "name", "channels", "kernel", "stride", "groups")
    rows = [
        (
            str(layer.index),
            layer.name,
            f"{layer.in_channels} → {layer.out_channels}",
            " × ".join(map(str, layer.kernel)),
            " × ".join(map(str, layer.stride)),
            str(layer.groups),
        )
        for layer in model.convolutions
    ]
    return [f"Convolutions: {len(model.convolutions)}", *_table([head, *rows])]


def _image_lines(model: ModelDescription) -> list[str]:
    """Say how a photo enters the model, and what of it is guessed."""
    plan = model.image_plan
    if plan is None:
        return ["Images: no input takes a photo"]
    rows = [("input", f"{model.image_input}, {plan.layout}, {plan.dtype}"), ("resize", resize_text(plan))]
    if plan.crop is not None:
        rows.append(("centre crop", f"{plan.crop[0]} × {plan.crop[1]}"))
    rows.append(("pixels", f"0–255 × {plan.rescale:.6g}" + (", blue first" if plan.bgr else "")))
    rows.append(("mean", ", ".join(f"{value:g}" for value in plan.mean)))
    rows.append(("deviation", ", ".join(f"{value:g}" for value in plan.std)))
    rows.append(("classes", "unnamed" if model.labels is None else f"{len(model.labels)} named"))
    title = "Images: preprocessing is a guess" if plan.source == "guess" else f"Images: as {plan.source} says"
    return [title, *_table(rows), *("  note: " + note.text() for note in plan.notes)]


def resize_text(plan: ImagePlan) -> str:
    """Say in words how a plan resizes."""
    rows, columns = plan.size
    match plan.resize:
        case "none":
            return "not resized"
        case "shortest edge" if rows == columns:
            longest = "" if plan.longest is None else f", longer edge at most {plan.longest}"
            return f"shorter edge to {rows}{longest}, {plan.resample}"
        case "shortest edge":
            return f"to cover {rows} × {columns}, {plan.resample}"
        case mode:
            return f"{mode} to {rows} × {columns}, {plan.resample}"


def shape_text(shape: Iterable[int | str | None]) -> str:
    """Return "(1, 3, height, ?)"."""
    return "(" + ", ".join("?" if size is None else str(size) for size in shape) + ")"


def _size(size: int | None) -> str:
    return "?" if size is None else str(size)


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Align columns by spaces; a column of numbers to the right, the last one as it comes."""
    if not rows:
        return ["  none"]
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    numbers = [all(cell.isdigit() for cell in (column[1:] or column)) for column in columns]
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(row, widths, numbers, strict=True)
        ]
        lines.append("  " + "  ".join(cells).rstrip())
    return lines

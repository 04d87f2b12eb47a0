"""A model's description as aligned lines for people."""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from engine.images.plan import ImagePlan
from engine.inspection.reading import sound_lines, text_lines
from engine.model.description import ModelDescription, ReceptiveField
from engine.model.patches import PatchGrid
from engine.sites.site import AttentionSite


def as_text(model: ModelDescription) -> str:
    """Return a description as aligned lines."""
    opset = f"opset {model.opset}"
    made = f"made by {model.producer}" if model.producer else ""
    cost = "" if model.multiply_adds is None else f"{model.multiply_adds:,} multiply-adds"
    facts = [opset, made, f"{model.parameters:,} parameters", f"{model.nodes:,} nodes", cost]
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
    if model.text is not None:
        parts.append(text_lines(model.text))
    if model.audio is not None:
        parts.append(sound_lines(model.audio))
    if model.parts:
        graphs = [(part.name, Path(part.model.path).name, f"{len(part.sites)} sites") for part in model.parts]
        parts.append(["Graphs", *_table(graphs)])
    if model.notes:
        parts.append(["Notes", *("  " + note.text() for note in model.notes)])
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def _attention_lines(model: ModelDescription) -> list[str]:
    """List the sites under a heading."""
    if not model.sites:
        return ["Attention: none found"]
    heads = sum(site.heads for site in model.sites)
    head = ("site", "name", "kind", "heads", "queries × keys", "tokens", "head dim", "scale", "spelling", "numbers")
    rows = [
        (
            str(site.index),
            site.name,
            site.kind + (", causal" if site.causal else ""),
            str(site.heads) if not site.key_heads or site.key_heads == site.heads else f"{site.heads}/{site.key_heads}",
            f"{_size(site.query_tokens)} × {_size(site.key_tokens)}",
            tokens_text(model, site),
            _size(site.head_dim),
            "computed" if site.scale is None else f"{site.scale:.6g}",
            site.op,
            "from Q and K" if site.factored else "the model’s softmax",
        )
        for site in model.sites
    ]
    return [f"Attention: {_count(len(model.sites), 'site')}, {_count(heads, 'head')}", *_table([head, *rows])]


def tokens_text(model: ModelDescription, site: AttentionSite) -> str:
    """Say what a site's tokens are: "14 × 14 + 1", "7 × 7 in 8 × 8 windows", "input_ids"."""
    if site.index >= len(model.tokens):
        return "?"
    told = model.tokens[site.index]
    if told.query_images:
        return ", ".join(f"{grid.rows} × {grid.columns} of {name}" for name, grid in told.query_images)
    if told.queries is None:
        origin = told.query_input or ("not places" if model.image_input and told.told[0] else "?")
        if told.keys is not None:
            return f"{origin}; keys {_grid_text(told.keys)}"
        return f"{origin}; keys {told.key_input}" if told.key_input not in (None, told.query_input) else origin
    same = told.keys is None or (told.keys.rows, told.keys.columns) == (told.queries.rows, told.queries.columns)
    return _grid_text(told.queries) + ("" if same or told.keys is None else f"; keys {_grid_text(told.keys)}")


def _grid_text(grid: PatchGrid) -> str:
    special = grid.tokens - grid.patches
    text = f"{grid.rows} × {grid.columns}" + (f" + {special}" if special else "")
    if grid.windows is None:
        return text
    shifted = ", shifted" if any(grid.windows.shift) else ""
    spread = ", spread" if grid.windows.stride != (1, 1) else ""
    return f"{text} in {grid.windows.rows} × {grid.windows.columns} windows{shifted}{spread}"


def _field_text(found: ReceptiveField | None) -> str:
    if found is None:
        return "?"
    if any(math.isinf(size) for size in found.size):
        return "whole image"
    sizes = sorted({f"{size:g}" for size in found.size}, key=float)
    text = sizes[0] if len(sizes) == 1 else " × ".join(f"{size:g}" for size in found.size)
    return text + (" and a gate" if found.whole else "")


def _convolution_lines(model: ModelDescription) -> list[str]:
    """List the convolutions under a heading."""
    head = ("layer", "name", "channels", "kernel", "stride", "groups", "size", "sees")
    rows = [
        (
            str(layer.index),
            layer.name,
            f"{layer.in_channels} → {layer.out_channels}",
            " × ".join(map(str, layer.kernel)),
            " × ".join(map(str, layer.stride)),
            str(layer.groups),
            "?" if layer.size is None else " × ".join(map(str, layer.size)),
            _field_text(layer.receptive),
        )
        for layer in model.convolutions
    ]
    lines = [f"Convolutions: {len(model.convolutions)}", *_table([head, *rows])]
    if model.head is not None:
        lines.append(f"  then the mean over rows and columns{', and one linear layer' if model.head.classes else ''}")
    return lines


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

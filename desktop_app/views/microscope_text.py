"""The words of the microscope, and its rows."""

import numpy as np
from PySide6.QtCore import QCoreApplication

from desktop_app import token_words
from desktop_app.i18n import lookup
from desktop_app.views.microscope_data import MicroscopeData
from desktop_app.widgets.strips import Strip

translate = QCoreApplication.translate
MOST_SHOWN = 4


def title(data: MicroscopeData) -> str:
    """Return which head and which query."""
    text = translate("Microscope", "Layer {layer}, head {head}, query {token}")
    where = token_words.short(data.grid, data.token)
    return text.format(layer=data.site.index, head=data.selection.head, token=where)


def largest(data: MicroscopeData) -> str:
    """Return where most of the attention goes."""
    if data.close is None:
        return ""
    weights = data.close.weights
    parts = [f"{token_words.short(data.key_grid, key)} ({weights[key]:.3f})" for key in data.largest[:MOST_SHOWN]]
    return translate("Microscope", "Most to: {places}.").format(places="; ".join(parts))


def difference(data: MicroscopeData) -> str:
    """Return how far the last row is from the tensor of the graph."""
    if data.close is None:
        return "" if data.refused is None else data.refused.text(lookup)
    gap = data.close.difference
    if gap is None:
        return translate("Microscope", "The graph has no tensor of this head’s output to compare with.")
    text = translate("Microscope", "The output and the graph’s own tensor differ by at most {difference}.")
    return text.format(difference=f"{gap:.1e}")


def rows(data: MicroscopeData, key: int, dim: int | None) -> list[Strip]:
    """Return every row, from q to the head's output; `key` is the key looked at, `dim` the place along q."""
    close = data.close
    if close is None:
        return []
    where = token_words.short(data.key_grid, key)
    product = close.products[key]
    first = translate("Microscope", "q · k for the key {key}: {count} dimensions")
    second = translate("Microscope", "Over the {count} keys")
    third = translate("Microscope", "Weight × value: {count} dimensions")
    out = [
        Strip(
            "q", close.query, "dim", number=_at(close.query, dim), heading=first.format(count=product.size, key=where)
        ),
        Strip("k", close.keys[key], "dim", number=_at(close.keys[key], dim)),
        Strip(translate("Microscope", "q × k, summed"), product, "dim", number=f"Σ = {product.sum():.4g}"),
    ]
    for index, stage in enumerate(close.stages):
        last = index == len(close.stages) - 1
        heading = second.format(count=stage.row.size) if index == 0 else ""
        name = stage.name.text(lookup)
        out.append(Strip(name, stage.row, "key", signed=not last, number=_at(stage.row, key), heading=heading))
    value = close.values[key]
    out += [
        Strip("v", value, "value", number=_at(value, dim), heading=third.format(count=value.size)),
        Strip(translate("Microscope", "weight × v"), close.contributions[key], "value"),
        Strip(translate("Microscope", "output: Σ over keys"), close.output, "value", number=_at(close.output, dim)),
    ]
    if close.graph_output is not None:
        label = translate("Microscope", "the graph’s own")
        out.append(Strip(label, close.graph_output, "value", number=_at(close.graph_output, dim)))
    return out


def explain(strip: Strip) -> str:
    """Return one sentence on what a row shows."""
    if strip.axis == "key" and not strip.signed:
        return translate("Microscope", "The softmax turns scores into weights that sum to 1.")
    if strip.axis == "key":
        return translate("Microscope", "One score for each key; blue is below zero, red above.")
    if strip.axis == "value":
        return translate("Microscope", "What the head passes on: the values, weighted and summed.")
    return translate("Microscope", "Query times key, number by number; the sum is the score.")


def _at(values: np.ndarray[tuple[int, ...], np.dtype[np.float32]], place: int | None) -> str:
    if place is None or place >= values.size:
        return ""
    return f"{values[place]:.4g}"

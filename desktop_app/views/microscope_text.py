"""The words of the microscope, and its rows."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QCoreApplication

from desktop_app import token_words
from desktop_app.i18n import lookup
from desktop_app.masking import open_only
from desktop_app.views.microscope_data import MicroscopeData
from desktop_app.widgets.strips import Strip
from engine.projected import Projected, Sides

translate = QCoreApplication.translate
MOST_SHOWN = 4


def title(data: MicroscopeData) -> str:
    """Return which head and which query."""
    text = translate("Microscope", "Layer {layer}, head {head}, query {token}")
    where = token_words.short(data.lines[0] or data.grid, data.token)
    return text.format(layer=data.site.index, head=data.selection.head, token=where)


def largest(data: MicroscopeData) -> str:
    """Return where most of the attention goes."""
    if data.close is None:
        return ""
    weights = data.close.weights
    parts = [
        f"{token_words.short(data.lines[1] or data.key_grid, key)} ({weights[key]:.3f})"
        for key in data.largest[:MOST_SHOWN]
    ]
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


def origin(data: MicroscopeData, side: Projected | None, token: int, name: str, dim: int | None) -> list[Strip]:
    """Return where q, k or v of a token comes from: x, and x · W + b; nothing where no weights were traced.

    Args:
        data: what is shown.
        side: the projection of queries, keys or values.
        token: whose vector.
        name: Q, K or V.
        dim: the place along q that is pointed at.
    """
    x = None if side is None else side.row(data.selection.batch, token)
    if side is None or x is None:
        return []
    made = side.apply(x, data.selection.head, data.heads)
    if side.difference is not None:
        text = translate("Microscope", "x times the weights of this head: at most {gap} from the graph’s own tensor.")
        number, meaning = f"Δ ≤ {side.difference:.0e}", text.format(gap=f"{side.difference:.1e}")
    else:
        text = translate("Microscope", "x times the weights of this head; before the product comes: {done}.")
        number, meaning = "", text.format(done=", ".join(message.text(lookup) for message in side.then))
    label = f"x · W_{name}" if side.bias is None else f"x · W_{name} + b_{name}"
    axis = "value" if name == "V" else "dim"
    words = translate("Microscope", "x of the query") if name == "Q" else translate("Microscope", "x of the key")
    return [
        Strip(words, x, "in", meaning=translate("Microscope", "The token’s vector as it enters this attention.")),
        Strip(label, made, axis, number=_at(made, dim) or number, meaning=meaning),
    ]


def after(side: Projected | None, name: str) -> str:
    """Return the label of q, k or v: with what was done to it since the projection."""
    if side is None or not side.then:
        return name
    return f"{name}: {', '.join(message.text(lookup) for message in side.then)}"


def rows(data: MicroscopeData, key: int, dim: int | None, sides: Sides | None = None) -> list[Strip]:
    """Return every row, from x to the head's output; `key` is the key looked at, `dim` the place along q."""
    close = data.close
    if close is None:
        return []
    where = token_words.short(data.lines[1] or data.key_grid, key)
    product = close.products[key]
    query_side, key_side, value_side = (None,) * 3 if sides is None else (sides.query, sides.key, sides.value)
    made = origin(data, query_side, data.token, "Q", dim)
    from_key = origin(data, key_side, key, "K", dim)
    if made:
        text = translate("Microscope", "From the query {query} and the key {key} to q and k")
        made[0] = replace(
            made[0], heading=text.format(query=token_words.short(data.lines[0] or data.grid, data.token), key=where)
        )
    first = translate("Microscope", "q · k for the key {key}: {count} dimensions")
    second = translate("Microscope", "Over the {count} keys")
    third = translate("Microscope", "Weight × value: {count} dimensions")
    query = Strip(after(query_side, "q"), close.query, "dim", number=_at(close.query, dim))
    beside = Strip(after(key_side, "k"), close.keys[key], "dim", number=_at(close.keys[key], dim))
    heading = first.format(count=product.size, key=where)
    if made or from_key:
        out = [*made, query, *from_key, beside]
    else:
        out, heading = [replace(query, heading=heading), beside], ""
    out += [
        Strip(
            translate("Microscope", "q × k, summed"), product, "dim", number=f"Σ = {product.sum():.4g}", heading=heading
        ),
    ]
    for index, stage in enumerate(close.stages):
        last = index == len(close.stages) - 1
        heading = second.format(count=stage.row.size) if index == 0 else ""
        name = stage.name.text(lookup)
        row, number = open_only(stage.row), _at(stage.row, key)
        best = data.largest if last else ()
        out.append(Strip(name, row, "key", signed=not last, number=number, heading=heading, best=best))
    value, source = close.values[key], origin(data, value_side, key, "V", dim)
    if from_key and source and np.array_equal(source[0].values, from_key[0].values):
        source = source[1:]  # the same vector makes the key and the value
    source = [*source, Strip(after(value_side, "v"), value, "value", number=_at(value, dim))]
    source[0] = replace(source[0], heading=third.format(count=value.size))
    out += [
        *source,
        Strip(translate("Microscope", "weight × v"), close.contributions[key], "value"),
        Strip(translate("Microscope", "output: Σ over keys"), close.output, "value", number=_at(close.output, dim)),
    ]
    if close.graph_output is not None:
        label = translate("Microscope", "the graph’s own")
        out.append(Strip(label, close.graph_output, "value", number=_at(close.graph_output, dim)))
    return out


def explain(strip: Strip) -> str:
    """Return one sentence on what a row shows."""
    if strip.meaning:
        return strip.meaning
    if strip.axis == "key" and not strip.signed:
        return translate(
            "Microscope", "The softmax turns scores into weights that sum to 1; the largest are underlined."
        )
    if strip.axis == "key":
        return translate("Microscope", "One score for each key; blue is below zero, red above.")
    if strip.axis == "value":
        return translate("Microscope", "What the head passes on: the values, weighted and summed.")
    return translate("Microscope", "Query times key, number by number; the sum is the score.")


def _at(values: np.ndarray[tuple[int, ...], np.dtype[np.float32]], place: int | None) -> str:
    if place is None or place >= values.size:
        return ""
    return f"{values[place]:.4g}"

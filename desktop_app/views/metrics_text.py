"""The words of the metrics view."""

import math

from PySide6.QtCore import QCoreApplication

from desktop_app.views.metrics_data import HeadRow, MetricsData
from engine.head_labels import GLOBAL, LOCAL, POSITIONAL, SINK, Label

translate = QCoreApplication.translate


def column(name: str) -> str:
    """Return the heading of a column."""
    return {
        "layer": translate("Metrics", "Layer"),
        "head": translate("Metrics", "Head"),
        "label": translate("Metrics", "Label"),
        "entropy": translate("Metrics", "Entropy"),
        "effective_tokens": translate("Metrics", "Effective tokens"),
        "max_weight": translate("Metrics", "Largest weight"),
        "distance": translate("Metrics", "Distance"),
        "special_mass": translate("Metrics", "Special tokens"),
        "value_special_mass": translate("Metrics", "Special, by value"),
        "first_mass": translate("Metrics", "First token"),
        "self_mass": translate("Metrics", "Itself"),
        "previous_mass": translate("Metrics", "Previous token"),
        "next_mass": translate("Metrics", "Next token"),
        "agreement": translate("Metrics", "Agreement"),
    }[name]


def meaning(name: str) -> str:
    """Return what a column holds, and where it is defined."""
    return {
        "layer": translate("Metrics", "Number of the attention layer, from 0."),
        "head": translate("Metrics", "Number of the attention head, from 0."),
        "label": translate("Metrics", "What kind of head it is on this input; the tooltip of each label says why."),
        "entropy": translate(
            "Metrics", "Mean entropy of the rows in nats: 0 for one token, ln n for uniform (Clark et al. 2019)."
        ),
        "effective_tokens": translate(
            "Metrics", "exp(entropy), mean over the rows: so many tokens, attended to equally, have the same entropy."
        ),
        "max_weight": translate("Metrics", "Mean of the largest weight of each row (confidence, Voita et al. 2019)."),
        "distance": translate(
            "Metrics", "Mean distance from the query to what it attends to (Dosovitskiy et al. 2021, D.7)."
        ),
        "special_mass": translate(
            "Metrics", "Mean weight on special tokens: class, distillation, registers (Clark et al. 2019)."
        ),
        "value_special_mass": translate(
            "Metrics",
            "Share of weight × ‖value‖ on special tokens, else on the first token: what is really taken from them "
            "(Kobayashi et al. 2020).",
        ),
        "first_mass": translate("Metrics", "Mean weight on the first token, the usual sink (Xiao et al. 2024)."),
        "self_mass": translate("Metrics", "Mean weight of a token on itself (Clark et al. 2019)."),
        "previous_mass": translate("Metrics", "Mean weight on the token before (Clark et al. 2019)."),
        "next_mass": translate("Metrics", "Mean weight on the token after (Clark et al. 2019)."),
        "agreement": translate(
            "Metrics", "Mean cosine between this head’s pattern and those of the other heads of its layer."
        ),
    }[name]


def unit(name: str, data: MetricsData | None) -> str:
    """Return the unit of a column, or nothing."""
    if name == "entropy":
        return translate("Metrics", "nats")
    if name != "distance" or data is None or data.in_pixels is None or not data.done:
        return ""
    return translate("Metrics", "px") if data.in_pixels else translate("Metrics", "tokens")


def heading(name: str, data: MetricsData | None) -> str:
    """Return a column's heading with its unit."""
    found = unit(name, data)
    return f"{column(name)} ({found})" if found else column(name)


def label(name: Label) -> str:
    """Return a label in words."""
    return {
        "positional": translate("Metrics", "positional"),
        "sink": translate("Metrics", "sink"),
        "local": translate("Metrics", "local"),
        "global": translate("Metrics", "global"),
    }[name]


def threshold(name: Label) -> str:
    """Return when a label is given, and who says so."""
    return {
        "positional": translate(
            "Metrics",
            "Positional: the largest weight is on the same relative position in at least {percent} % of the queries "
            "that have one there (Voita et al. 2019).",
        ).format(percent=f"{POSITIONAL * 100:.0f}"),
        "sink": translate(
            "Metrics",
            "Sink: at least {percent} % of the weight is on special tokens or on the first token (after Clark et al. "
            "2019 and Xiao et al. 2024; Mirada’s threshold).",
        ).format(percent=f"{SINK * 100:.0f}"),
        "local": translate(
            "Metrics",
            "Local: mean distance at most {ratio} of that of uniform attention on the same tokens (Mirada’s "
            "threshold; distance after Dosovitskiy et al. 2021).",
        ).format(ratio=f"{LOCAL:g}"),
        "global": translate(
            "Metrics",
            "Global: mean distance at least {ratio} of that of uniform attention on the same tokens (Mirada’s "
            "threshold; distance after Dosovitskiy et al. 2021).",
        ).format(ratio=f"{GLOBAL:g}"),
    }[name]


def labels(row: HeadRow) -> str:
    """Return the labels of a head, the relative position beside “positional”."""
    parts = []
    for name in row.labels:
        text = label(name)
        if name == "positional":
            text += f" {offset(row)}"
        parts.append(text)
    return ", ".join(parts)


def offset(row: HeadRow) -> str:
    """Return a relative position: ±tokens, or ±rows and ±columns."""
    steps = [f"{step:+d}".replace("-", "−") if step else "0" for step in row.offset]
    return f"({', '.join(steps)})" if len(steps) > 1 else "".join(steps)


def why(row: HeadRow) -> str:
    """Return why a head has its labels, with its own numbers."""
    if not row.numbers:
        return translate("Metrics", "Not computed yet.")
    out = [threshold(name) for name in row.labels] or [translate("Metrics", "No threshold is met.")]
    if row.offset:
        text = translate("Metrics", "Here: {percent} % on relative position {offset}.")
        out.append(text.format(percent=f"{row.share * 100:.1f}", offset=offset(row)))
    distance = row.number("distance")
    if row.uniform > 0 and not math.isnan(distance):
        text = translate("Metrics", "Here: distance {ratio} of uniform attention’s {uniform}.")
        out.append(text.format(ratio=f"{distance / row.uniform:.2f}", uniform=f"{row.uniform:.1f}"))
    return "\n".join(out)


def number(value: float) -> str:
    """Return a number of the table in four digits; a dash where there is none."""
    if math.isnan(value):
        return "–"
    if abs(value) < 0.00005:
        return "0" if value == 0 else f"{value:.0e}"
    return f"{value:.4f}" if abs(value) < 1 else f"{value:#.4g}".rstrip(".")


def title(data: MetricsData) -> str:
    """Return how many heads there are and which one is chosen."""
    text = translate("Metrics", "{count} heads in {layers} layers · chosen: layer {layer}, head {head}")
    return text.format(count=len(data.rows), layers=data.layers, layer=data.selection.site, head=data.selection.head)


def progress(data: MetricsData, *, stopped: bool) -> str:
    """Return how far the computation is."""
    if stopped:
        text = translate("Metrics", "Stopped: {done} of {layers} layers computed.")
    else:
        text = translate("Metrics", "Computing: {done} of {layers} layers…")
    return text.format(done=data.done, layers=data.layers)


def describe(row: HeadRow, name: str, data: MetricsData | None) -> str:
    """Return a head and its exact number, for the pointer."""
    text = translate("Metrics", "Layer {layer}, head {head}").format(layer=row.site, head=row.head)
    value = row.number(name)
    told = "–" if math.isnan(value) else f"{value:.6g}"
    found = unit(name, data)
    out = f"{text}: {column(name)} {told} {found}".rstrip()
    return f"{out} · {labels(row)}" if row.labels else out

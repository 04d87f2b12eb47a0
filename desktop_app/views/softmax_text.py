"""The words of the softmax lab."""

import math

from PySide6.QtCore import QCoreApplication

from desktop_app import token_words
from desktop_app.i18n import lookup
from desktop_app.views.softmax_data import Measures, SoftmaxData
from engine import theory

translate = QCoreApplication.translate


def title(data: SoftmaxData) -> str:
    """Return which head and query."""
    text = translate("Softmax", "Layer {layer}, head {head}, query {token}")
    grid = data.key_grid if data.counts[2] == _tokens(data) else None
    token = token_words.short(data.lines[0] or grid, data.token)
    return text.format(layer=data.site.index, head=data.selection.head, token=token)


def names(data: SoftmaxData, count: int) -> tuple[str, ...]:
    """Return the name of each key."""
    return tuple(token_words.short(data.lines[1] or data.key_grid, key) for key in range(count))


def measures(name: str, found: Measures | None, keys: int) -> tuple[str, ...]:
    """Return a row of the table: name, entropy, effective tokens, largest weight, saturation."""
    if found is None:
        return name, "–", "–", "–", "–"
    if math.isnan(found.entropy):
        overflow = translate("Softmax", "overflow")
        return name, overflow, "–", "–", "–"
    limit = translate("Softmax", "{entropy} of {most}").format(
        entropy=f"{found.entropy:.3f}", most=f"{math.log(keys):.3f}"
    )
    return name, limit, f"{found.effective:.1f}", f"{found.largest:.4f}", f"{found.jacobian:.4f}"


def headings() -> tuple[str, ...]:
    """Return the headings of the table."""
    return (
        "",
        translate("Softmax", "Entropy (nats)"),
        translate("Softmax", "Effective tokens"),
        translate("Softmax", "Largest weight"),
        translate("Softmax", "Jacobian norm"),
    )


def refused(data: SoftmaxData) -> str:
    """Return why there are no scores."""
    return "" if data.refused is None else data.refused.text(lookup)


def scale(data: SoftmaxData) -> str:
    """Return the label of the switch that scales."""
    if data.scale is None:
        return translate("Softmax", "Scale")
    return translate("Softmax", "Scale × {scale}").format(scale=f"{data.scale:.4g}")


def study(found: theory.ScaleStudy) -> str:
    """Return what the drawing of independent queries and keys shows."""
    text = translate(
        "Softmax",
        "Variance of q · k: {variance} (theory: d = {dim}). Without 1/√d the largest weight is {largest} on average and"
        " the entropy {entropy} nats; with it {largest_scaled} and {entropy_scaled}, of at most ln {tokens} = {most}.",
    )
    return text.format(
        variance=f"{found.variance:.1f}",
        dim=found.dim,
        largest=f"{found.largest:.3f}",
        entropy=f"{found.entropy:.2f}",
        largest_scaled=f"{found.largest_scaled:.4f}",
        entropy_scaled=f"{found.entropy_scaled:.3f}",
        tokens=found.tokens,
        most=f"{math.log(found.tokens):.3f}",
    )


def _tokens(data: SoftmaxData) -> int:
    return 0 if data.products is None else data.products.shape[1]

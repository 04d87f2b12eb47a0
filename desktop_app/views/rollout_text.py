"""The words of the rollout view."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from desktop_app import token_words
from desktop_app.i18n import lookup
from desktop_app.views.rollout_data import Rolled, RolloutData

translate = QCoreApplication.translate
MOST_SHOWN = 4


def title(data: RolloutData, layer: int) -> str:
    """Return whose rollout is shown, up to which layer."""
    text = translate("Rollout", "Rollout of {token} through layers {first}–{last}")
    if layer == 0:
        text = translate("Rollout", "Rollout of {token} through layer {first}")
    return text.format(token=who(data), first=data.sites[0], last=data.sites[layer])


def who(data: RolloutData) -> str:
    """Return whose attention is rolled out, in words."""
    if data.token is None:
        return translate("Rollout", "all tokens (mean)")
    if data.grid is not None and data.grid.place_of(data.token) is not None:
        return translate("Rollout", "patch {place}").format(place=token_words.short(data.grid, data.token))
    if data.grid is not None:
        name = token_words.short(data.grid, data.token)
        return translate("Rollout", "special token “{name}”").format(name=name)
    return token_words.place(data.line, data.token)


def where_from(data: RolloutData) -> str:
    """Return why this token is shown and how to choose another."""
    if data.chosen and data.selection.pinned:
        return translate("Rollout", "Pinned; Esc lets go.")
    if data.grid is None:
        return translate("Rollout", "Choose a token above; residual connections count half in every layer.")
    return translate("Rollout", "Point at a patch to see its own; residual connections count half in every layer.")


def weighing(rolled: Rolled) -> str:
    """Return what the weights are multiplied by; nothing where they count alone."""
    traced, plain = rolled.norms
    if not traced + plain:
        return ""
    if not plain:
        return translate("Rollout", "Weights × ‖v W_O‖ (Kobayashi et al. 2020).")
    if not traced:
        return translate("Rollout", "Weights × ‖v‖: W_O was not found in the graph, or is still being read.")
    text = translate("Rollout", "Weights × ‖v W_O‖; × ‖v‖ in {plain} layers whose W_O was not found in the graph.")
    return text.format(plain=plain)


def largest(data: RolloutData, row: NDArray[np.float32]) -> str:
    """Return where most of the rollout comes from, and that it is whole."""
    best = np.argsort(-row)[:MOST_SHOWN]
    places = "; ".join(f"{token_words.short(data.grid or data.line, int(token))} ({row[token]:.4f})" for token in best)
    text = translate("Rollout", "Most from: {places}. Sum: {sum}.")
    return text.format(places=places, sum=f"{float(row.sum()):.6f}")


def working(data: RolloutData, reached: int) -> str:
    """Return how far the computation is."""
    text = translate("Rollout", "Computing: {done} of {layers} layers…")
    return text.format(done=len(data.sites) - 1 - reached, layers=len(data.sites))


def stopped(data: RolloutData, reached: int) -> str:
    """Return that the computation was ended, and how to go on."""
    text = translate("Rollout", "Stopped: {done} of {layers} layers. Choose another token or setting to begin anew.")
    return text.format(done=len(data.sites) - 1 - reached, layers=len(data.sites))


def refused(data: RolloutData) -> str:
    """Return why there is no rollout, in one sentence, and what to do."""
    return "" if data.refused is None else data.refused.text(lookup)


def layer(site: int) -> str:
    """Return the caption of a layer."""
    return translate("Rollout", "Layer {layer}").format(layer=site)


def value(data: RolloutData, token: int, number: float) -> str:
    """Return a token and its exact number."""
    where = token_words.place(data.grid or data.line, token)
    return f"{where[:1].upper()}{where[1:]}: {number:.6f}"


def thumbnail(site: int, row: NDArray[np.float32], data: RolloutData) -> str:
    """Return what a thumbnail is and its largest number."""
    best = int(np.argmax(row))
    text = translate("Rollout", "Rollout up to layer {layer}; largest: {value} at {place}")
    return text.format(layer=site, value=f"{row[best]:.6g}", place=token_words.short(data.grid or data.line, best))

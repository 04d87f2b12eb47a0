"""The words of the Generation view."""

from PySide6.QtCore import QCoreApplication

from desktop_app.views.generation_data import GenerationData
from desktop_app.widgets.choice_bars import Bar
from desktop_app.widgets.text_layout import visible
from engine.pipeline.generate import Generated
from engine.pipeline.results import Choice

translate = QCoreApplication.translate


def place_title(place: int, count: int) -> str:
    """Return of which place the bars speak."""
    if place >= count:
        return translate("Generation", "Next token (place {place})").format(place=place)
    return translate("Generation", "Token at place {place}").format(place=place)


def place_note(place: int, count: int) -> str:
    """Return what a click does."""
    if place >= count:
        return translate("Generation", "What could come next. Click a token to have it come, whatever is likely.")
    return translate("Generation", "What could have stood here. Click another token to see what follows it.")


def bar(choice: Choice, taken: bool) -> Bar:
    """Return the line of a token."""
    tip = translate("Generation", "“{piece}”, id {id}: probability {probability}, logit {logit}")
    text = tip.format(
        piece=visible(choice.piece), id=choice.id, probability=f"{choice.probability:.6g}", logit=f"{choice.logit:.6g}"
    )
    return Bar(choice.shown, choice.probability, text, taken)


def ended(made: Generated) -> str:
    """Return why generation stopped."""
    texts = {
        "end": translate("Generation", "It ended by itself: the end token came."),
        "most": translate("Generation", "It stopped after as many tokens as were asked for."),
        "limit": translate("Generation", "It stopped: the model has no more positions."),
        "": "",
    }
    return texts[made.ended]


def summary(data: GenerationData) -> str:
    """Return how many tokens there are, and what the colours say."""
    text = translate("Generation", "{count} tokens. The colour is the probability that the model gave each.")
    return text.format(count=len(data.ids))


def mask_title(place: int) -> str:
    """Return what the mask shows."""
    return translate("Generation", "What each token may look at, when place {place} is written").format(place=place)


def mask_note(*, past: bool) -> str:
    """Return how to read the mask."""
    if past:
        return translate("Generation", "Bright: the row computed in this step. Dim: rows kept in the cache.")
    return translate("Generation", "Every row is computed again in each step. Dark: hidden, because it is to come.")


def no_mask() -> str:
    """Return why there is no mask."""
    return translate("Generation", "No causal attention over these tokens was found, or there are too many to draw.")


def nothing() -> str:
    """Return what to do while there is nothing to go on with."""
    return translate("Generation", "Type a text in the panel: the model goes on from there.")

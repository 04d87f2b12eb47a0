"""What a text model answers, as rows for the panel: words filled in, the next token, how alike texts are."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from engine import EngineError, Run
from engine.pipeline import results

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Answer:
    """Rows of the panel.

    Attributes:
        rows: (name, probability or cosine), the best first.
        said: what they are.
    """

    rows: tuple[tuple[str, float], ...]
    said: str


def answer(run: Run) -> Answer | None:
    """Return what a text model answers; None for models of another kind, or that answer nothing of this."""
    plan, text = run.model.text, run.text
    if plan is None or text is None:
        return None
    try:
        if plan.task == "masked":
            return _masked(run)
        if plan.task in ("next", "translate"):
            rows = tuple((choice.shown, choice.probability) for choice in results.next_tokens(run, 5))
            return Answer(rows, translate("TextResults", "What could come next"))
        if plan.task == "compare":
            matches = sorted(results.image_text(run), key=lambda match: -match.probability)
            rows = tuple((text.source[match.text].text, match.probability) for match in matches)
            return Answer(rows, translate("TextResults", "How well each text goes with the image"))
        if plan.task == "embed":
            return _alike(run)
    except (EngineError, IndexError):
        return None
    return None


def _masked(run: Run) -> Answer | None:
    found = results.masked_predictions(run, 5)
    if not found:
        text = run.text
        mask = "" if text is None else dict(text.named).get(text.masked if text.masked is not None else -1, "[MASK]")
        said = translate("TextResults", "Write {mask} in the text, and the model fills it in.")
        return Answer((), said.format(mask=mask or "[MASK]"))
    place, choices = next(iter(found.items()))
    said = translate("TextResults", "What the model fills in at token {place}").format(place=place)
    return Answer(tuple((choice.shown, choice.probability) for choice in choices), said)


def _alike(run: Run) -> Answer | None:
    text = run.text
    if text is None or len(text.source) < 2:
        return Answer((), translate("TextResults", "Give a second text, and the cosine of both stands here."))
    cosines = results.similarities(run)[0]
    rows = tuple((text.source[i].text, max(0.0, float(cosines[i]))) for i in range(1, len(text.source)))
    return Answer(rows, translate("TextResults", "Cosine with the first text"))

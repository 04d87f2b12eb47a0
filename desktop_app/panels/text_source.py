"""From what is typed to what a model is given; and from its tokens to chips. No window is needed for it."""

import re
from dataclasses import dataclass

from desktop_app import bundle
from desktop_app.widgets.token_text import TokenText
from engine.text.plan import TextPlan
from engine.text.tokens import Encoded, TextSource

SENTENCE = "The animal didn’t cross the street because it was too tired."
"""A text to begin with; English, as most models are, whatever the window speaks."""
LABELS = "a photo of a cat\na photo of a dog\na photo of a car"


@dataclass(frozen=True)
class Typed:
    """What stands in the fields.

    Attributes:
        text: the first field.
        second: the second text; None where there is no such field.
        target: what a decoder shall read; empty where the model writes it.
        tokenizer: a tokenizer file that was chosen.
        name: of the file that the text came from.
    """

    text: str
    second: str | None = None
    target: str = ""
    tokenizer: str | None = None
    name: str = ""


def source_of(plan: TextPlan, typed: Typed) -> TextSource | None:
    """Return what a model is given; None where nothing is typed, or ids that are none."""
    target = typed.target.strip() or None
    if plan.ids is None:
        return TextSource(target=target, tokenizer=typed.tokenizer)
    if plan.tokenizer is None and typed.tokenizer is None:
        ids = ids_of(typed.text)
        return None if not ids else TextSource(ids=ids, target_ids=ids_of(typed.target) or None)
    if not typed.text.strip():
        return None
    if plan.task == "compare":
        first, *more = [line for line in typed.text.splitlines() if line.strip()]
        return TextSource(first, more=tuple(more), tokenizer=typed.tokenizer, name=typed.name)
    second = typed.second if typed.second is not None and typed.second.strip() else None
    if plan.task == "embed" and second is not None:
        return TextSource(typed.text, more=(second,), tokenizer=typed.tokenizer, name=typed.name)
    return TextSource(typed.text, second, tokenizer=typed.tokenizer, target=target, name=typed.name)


def ids_of(text: str) -> tuple[int, ...] | None:
    """Return the token ids that a person typed, apart by spaces, commas or brackets; None where it is no such list."""
    parts = re.split(r"[\s,;\[\]]+", text.strip(" \n\t,;[]"))
    if parts == [""]:
        return ()
    if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        return None
    return tuple(int(part) for part in parts)


def example(plan: TextPlan, *, tokenizer: bool = False) -> str:
    """Return a text to begin with."""
    if plan.tokenizer is None and not tokenizer:
        return " ".join(str(i) for i in range(1, 13) if plan.vocabulary is None or i < plan.vocabulary)
    sentences = bundle.sentences()
    if plan.task == "translate" and sentences:
        return sentences[0]
    if plan.task == "compare":
        return LABELS
    return SENTENCE


def fill_chips(chips: TokenText, encoded: Encoded, most: int, *, ids: bool) -> None:
    """Show tokens as chips, each with its id where that is asked for."""
    count = min(encoded.read, most)
    labels = [encoded.label(i) for i in range(count)]
    if ids:
        labels = [f"{label} {encoded.ids[i]}" for i, label in enumerate(labels)]
    words = encoded.words
    joined = [i > 0 and words[i] is not None and words[i] == words[i - 1] for i in range(count)]
    chips.set_tokens(labels, joined, encoded.special[:count], encoded.ids[:count])


def utf16(text: str) -> int:
    """Return how many of Qt's characters a text has: those beyond the first 65,536 count as two."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2

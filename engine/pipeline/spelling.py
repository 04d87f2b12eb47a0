"""How the tokens that a model finds likely are spelt, looked up once where the tokenizer is at hand."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.runtime.run import Run
from engine.runtime.score_steps import Floats
from engine.runtime.task import Context, Task
from engine.text.encode import load_quietly
from engine.text.plan import TextPlan
from engine.text.reader import Reader
from engine.text.tokens import SPACES, TextSource, TextTokens

CHOICES = 20
"""Likely tokens whose spelling a run knows, at each place looked at."""
MOST = 20_000
"""Spellings that a run carries at most."""
MOST_SCORES = 1 << 21
"""Scores looked at for them: some twenty milliseconds."""


def token_scores(run: Run, plan: TextPlan) -> Floats | None:
    """Return what the model says of every token of its vocabulary, (batch, token, id); None where it does not."""
    if plan.task not in ("masked", "next", "translate"):
        return None
    named = [a for n, a in run.outputs.items() if "logits" in n.lower() and a.ndim == 3]
    found = named or [a for a in run.outputs.values() if a.ndim == 3 and a.shape[-1] == plan.vocabulary]
    return found[0].astype(np.float32, copy=False) if found else None


def with_spelling(run: Run, plan: TextPlan, text: TextTokens, source: TextSource | None) -> TextTokens:
    """Return the tokens with the spelling of what the model finds likely: at masks, and at the last places."""
    scores = token_scores(run, plan)
    chosen = source.tokenizer if source is not None else None
    reader = load_quietly(chosen or plan.tokenizer)
    if scores is None or reader is None:
        return text
    size = scores.shape[-1]
    count = min(CHOICES, size)
    rows = scores[_places(text, scores.shape[:2], MOST_SCORES // size)]  # (place, id)
    best = np.argpartition(rows, size - count, axis=-1)[:, size - count :]  # (place, choice)
    numbers = np.unique(best)[:MOST]
    return replace(text, spelt=tuple((int(i), *spelling(reader, int(i))) for i in numbers))


def _places(text: TextTokens, shape: tuple[int, ...], most: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return (batch item, token) of the places looked at: masks first, then from the end backwards."""
    read = text.target or text.source
    found: list[tuple[int, int]] = []
    for item, encoded in enumerate(read[: shape[0]]):
        ends = range(min(encoded.read, shape[1]) - 1, -1, -1)
        masks = [place for place in ends if encoded.ids[place] == text.masked]
        found += [(item, place) for place in (*masks, *ends)]
    found.sort(key=lambda place: read[place[0]].ids[place[1]] != text.masked)
    kept = list(dict.fromkeys(found))[: max(most, 1)]
    return np.array([item for item, _ in kept], np.intp), np.array([place for _, place in kept], np.intp)


@dataclass(frozen=True)
class Spell(Task):
    """Look up how tokens are spelt: (id, piece, what to show) of each.

    Attributes:
        ids: numbers in the vocabulary.
        tokenizer: a tokenizer file chosen by the user; None takes the one beside the model.
    """

    ids: tuple[int, ...]
    tokenizer: str | None = None

    def work(self, context: Context) -> tuple[tuple[int, str, str], ...]:
        """Look them up; numbers stand for themselves where there is no tokenizer."""
        plan = context.model.description.text
        reader = load_quietly(self.tokenizer or (None if plan is None else plan.tokenizer))
        return tuple((i, *spelling(reader, i)) for i in self.ids)


def spelling(reader: Reader | None, number: int) -> tuple[str, str]:
    """Return how the vocabulary spells an id, and what to show for it: with its leading space visible as “␣”."""
    return (str(number), str(number)) if reader is None else _spelt(reader, number)


@lru_cache(maxsize=100_000)
def _spelt(reader: Reader, number: int) -> tuple[str, str]:
    piece = reader.piece(number)
    if piece is None:
        return str(number), str(number)
    if number in reader.specials():
        return piece, piece
    said = reader.decode([number])
    space = "␣" if piece[:1] in SPACES and said.strip() else ""
    return piece, space + (said.strip() or piece)

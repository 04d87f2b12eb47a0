"""How the tokens that a model finds likely are spelt, looked up once where the tokenizer is at hand."""

from dataclasses import replace

import numpy as np

from engine.runtime.run import Run
from engine.runtime.score_steps import Floats
from engine.text.encode import load_quietly
from engine.text.plan import TextPlan
from engine.text.reader import Reader
from engine.text.tokens import SPACES, TextSource, TextTokens

CHOICES = 20
"""Likely tokens whose spelling every run knows, at each place."""
MOST = 20_000
"""Spellings that a run carries at most."""


def token_scores(run: Run, plan: TextPlan) -> Floats | None:
    """Return what the model says of every token of its vocabulary, (batch, token, id); None where it does not."""
    if plan.task not in ("masked", "next", "translate"):
        return None
    named = [a for n, a in run.outputs.items() if "logits" in n.lower() and a.ndim == 3]
    found = named or [a for a in run.outputs.values() if a.ndim == 3 and a.shape[-1] == plan.vocabulary]
    return found[0].astype(np.float32, copy=False) if found else None


def with_spelling(run: Run, plan: TextPlan, text: TextTokens, source: TextSource | None) -> TextTokens:
    """Return the tokens with the spelling of what the model finds likely at each place."""
    scores = token_scores(run, plan)
    chosen = source.tokenizer if source is not None else None
    reader = load_quietly(chosen or plan.tokenizer)
    if scores is None or reader is None:
        return text
    count = min(CHOICES, scores.shape[-1])
    best = np.argpartition(-scores, count - 1, axis=-1)[..., :count]  # (batch, token, choice)
    numbers = np.unique(best)[:MOST]
    return replace(text, spelt=tuple((int(i), *spelling(reader, int(i))) for i in numbers))


def spelling(reader: Reader | None, number: int) -> tuple[str, str]:
    """Return how the vocabulary spells an id, and what to show for it: with its leading space visible as “␣”."""
    piece = reader.piece(number) if reader is not None else None
    if piece is None or reader is None:
        return str(number), str(number)
    if number in reader.specials():
        return piece, piece
    said = reader.decode([number])
    space = "␣" if piece[:1] in SPACES and said.strip() else ""
    return piece, space + (said.strip() or piece)

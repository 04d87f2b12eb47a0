"""What the Generation view shows, computed without a window."""

from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from desktop_app.selection import Selection
from engine import AttentionSite, EngineError, Run
from engine.pipeline.generate import Generated
from engine.pipeline.results import Choice, next_tokens
from engine.text.plan import TextPlan
from engine.text.tokens import Encoded, TextSource

Floats = NDArray[np.float32]
MOST_CHOICES = 20
MOST_MASKED = 256
"""Tokens of the largest mask that is drawn."""

HIDDEN, KEPT, NEW = 0.0, 0.45, 1.0
"""Numbers of the mask's picture: hidden, seen by a token of an earlier step, seen by a token read in this one."""


@dataclass(frozen=True)
class GenerationData:
    """The decoder's text and what the model says of each of its places.

    Attributes:
        run: what it is read from.
        selection: what was asked for.
        plan: how text enters the model.
        encoded: the tokens that the decoder read.
        start: how many of them stand there before anything is generated; 0 where nobody knows.
        probabilities: of each token, given those before it, (token,); NaN for the first.
        causal: the first site of the decoder that hides what is to come; None where there is none.
    """

    run: Run = field(repr=False, compare=False)
    selection: Selection
    plan: TextPlan
    encoded: Encoded
    start: int
    probabilities: Floats = field(compare=False)
    causal: AttentionSite | None = None

    @property
    def ids(self) -> tuple[int, ...]:
        """The decoder's tokens."""
        return self.encoded.ids[: self.encoded.read]

    def choices(self, place: int) -> tuple[Choice, ...]:
        """Return what could stand at a place; empty at the first, before which there is nothing."""
        if not 1 <= place <= len(self.ids):
            return ()
        return next_tokens(self.run, MOST_CHOICES, place - 1)


def compute(run: Run, selection: Selection) -> GenerationData | None:
    """Return the decoder's text; None where the run has none."""
    plan, text = run.model.text, run.text
    if plan is None or text is None or not plan.generates:
        return None
    read = text.target if plan.target is not None else text.source
    if not read:
        return None
    start = 0
    if plan.target is not None and plan.generation is not None:
        start = max(1, len(plan.generation.start))
    return GenerationData(run, selection, plan, read[0], start, _probabilities(run, read[0]), _causal(run, read[0]))


def _probabilities(run: Run, encoded: Encoded) -> Floats:
    """Return the probability of every token given those before it."""
    name = ("token probabilities", encoded.ids)
    if name not in run.memo:
        out = np.full(encoded.read, np.nan, np.float32)
        scores = _scores(run)
        if scores is not None and scores.shape[0] >= encoded.read:
            rows = scores[: encoded.read - 1].astype(np.float64)  # (token - 1, id)
            rows -= rows.max(axis=1, keepdims=True, initial=-np.inf)
            total = np.exp(rows).sum(axis=1)
            ids = np.array(encoded.ids[1 : encoded.read], np.intp)
            known = ids < rows.shape[1]
            out[1:] = np.where(known, np.exp(rows[np.arange(len(ids)), np.where(known, ids, 0)]) / total, np.nan)
        run.memo[name] = out
    return cast(Floats, run.memo[name])


def _scores(run: Run) -> Floats | None:
    from engine.pipeline.spelling import token_scores

    if run.model.text is None:
        return None
    scores = token_scores(run, run.model.text)
    return None if scores is None else scores[0]  # (token, id)


def _causal(run: Run, encoded: Encoded) -> AttentionSite | None:
    """Return the first self-attention over the decoder's tokens that hides later ones."""
    for site in run.model.sites:
        if not site.causal or site.kind == "cross":
            continue
        try:
            shape = run.pattern_shape(site)
        except EngineError:
            continue
        if shape[2] == len(encoded):
            return site
    return None


def mask(data: GenerationData, place: int, *, past: bool) -> Floats | None:
    """Return what each token may look at when the token at `place` is written, (query, key).

    Seen is what the model's own mask leaves open in this run. With a cache only the last row is computed in this
    step; without it all rows are.
    """
    site, count = data.causal, min(place, len(data.ids))
    if site is None or not 0 < count <= MOST_MASKED:
        return None
    rows = data.run.pattern(site, batch=0, query=slice(0, count), key=None)[..., :count]  # (head, query, key)
    seen = rows.max(axis=0) > 0
    out = np.where(seen, np.float32(KEPT if past else NEW), np.float32(HIDDEN)).astype(np.float32)
    out[-1] = np.where(seen[-1], np.float32(NEW), np.float32(HIDDEN))
    return out


def source_until(data: GenerationData, place: int) -> TextSource:
    """Return what is read when the decoder has its first `place` tokens and no more."""
    ids = data.ids[:place]
    text = data.run.text
    if data.plan.target is None:
        return TextSource(ids=ids)
    first = text.source[0] if text is not None and text.source else None
    source = TextSource() if first is None else TextSource(text=first.text, ids=first.ids[: first.read])
    return replace(source, target_ids=ids)


def goes_on(data: GenerationData, made: Generated) -> bool:
    """Return whether a run is that of what was generated."""
    source = made.source.target_ids if data.plan.target is not None else made.source.ids
    return source == data.ids

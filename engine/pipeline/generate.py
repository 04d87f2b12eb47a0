"""Generating text, as a long task: token by token, each with what else could have come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.pipeline.decoding import decoder_for
from engine.pipeline.gather import gather, text_arrays
from engine.pipeline.results import Choice
from engine.pipeline.sampling import Sampling, chances, drawn, permitted
from engine.pipeline.spelling import CHOICES, spelling
from engine.runtime.recompute import softmax
from engine.runtime.score_steps import Floats
from engine.runtime.task import Context, Task
from engine.text.encode import MOST_TOKENS, encode, load_quietly
from engine.text.plan import Generation, TextPlan
from engine.text.reader import Reader
from engine.text.rules import LONGEST_UNSAID
from engine.text.tokens import TextSource, TextTokens

Array = NDArray[np.generic]
Ended = Literal["end", "most", "limit", ""]
"""By its end token; as many as were asked for; no more positions or no more allowed; not yet."""


@dataclass(frozen=True)
class Step:
    """One generated token.

    Attributes:
        place: among the decoder's tokens.
        id, piece, shown: the token.
        probability: that the model gave it, before temperature and rules.
        chance: of being drawn, after them; 1 where it was the only one, as in greedy search.
        choices: the most likely tokens at this place, as the model has them.
        forced: chosen by the user, or the only one that the model's files allow here.
    """

    place: int
    id: int
    piece: str
    shown: str
    probability: float
    chance: float
    choices: tuple[Choice, ...]
    forced: bool = False


@dataclass(frozen=True)
class Generated:
    """What was generated, so far or in the end.

    Attributes:
        ids: all of the decoder's tokens: what it began with, then one for each step.
        start: how many of them it began with.
        steps: the generated tokens.
        text: what they say, special tokens left out.
        ended: why it stopped; "" while it goes on.
        source: what to run to have the patterns of all steps at once: every token read, the end token left out.
    """

    ids: tuple[int, ...]
    start: int
    steps: tuple[Step, ...]
    text: str
    ended: Ended
    source: TextSource


@dataclass(frozen=True)
class Generate(Task):
    """Generate a target behind an encoder, or go on with a text.

    Attributes:
        source: what to read; its `target` or `target_ids` are what the decoder begins with. None: the text of the
            run on screen. A photo or sound is always that of the run on screen.
        sampling: how tokens are chosen.
        most: generated tokens at most.
        forced: (place, id) of tokens that come whatever the model says.
        past: keep keys and values of earlier steps instead of reading everything anew.
        choices: how many likely tokens are told at each place.
    """

    source: TextSource | None = None
    sampling: Sampling = field(default_factory=Sampling)
    most: int = LONGEST_UNSAID
    forced: tuple[tuple[int, int], ...] = ()
    past: bool = False
    choices: int = CHOICES

    def work(self, context: Context) -> Generated:
        """Generate, and tell what there is after every token.

        Raises:
            EngineError: the model generates nothing, something it reads is missing, or it was cancelled.
        """
        plan = context.model.description.text
        if plan is None or plan.generation is None:
            raise EngineError("generates-nothing", name=context.model.description.name)
        source, tokens, feeds = _begun(context, plan, self.source)
        begin = tokens.target[0] if plan.target is not None else tokens.source[0]
        ids = list(begin.ids[: begin.read])
        reader = load_quietly(source.tokenizer or plan.tokenizer)
        decode = decoder_for(context.model, plan, feeds, past=self.past)
        start, forced = len(ids), dict(self.forced)
        steps: list[Step] = []
        room = _room(plan, start, self.most)
        made = _generated(plan, source, reader, ids, start, (), "" if room else "limit")
        while len(steps) < room:
            context.tell(len(steps), room, made)
            logits = decode(ids)
            step = self._step(logits, plan.generation, reader, len(ids), start, forced)
            steps.append(step)
            ids.append(step.id)
            over: Ended = "most" if room == self.most else "limit"
            ended: Ended = "end" if step.id in plan.generation.end else over if len(steps) == room else ""
            made = _generated(plan, source, reader, ids, start, tuple(steps), ended)
            if ended:
                break
        context.tell(len(steps), len(steps), made)
        return made

    def _step(
        self,
        logits: Floats,
        rules: Generation,
        reader: Reader | None,
        place: int,
        start: int,
        forced: Mapping[int, int],
    ) -> Step:
        allowed = permitted(logits, rules, place, start)
        chance = chances(allowed, self.sampling)
        number = forced.get(place, -1)
        chosen = number if 0 <= number < logits.size else drawn(chance, self.sampling, place)
        probabilities = softmax(logits)
        best = np.argsort(-logits, kind="stable")[: self.choices]
        told = tuple(Choice(int(i), *spelling(reader, int(i)), float(probabilities[i]), float(logits[i])) for i in best)
        only = int(np.isfinite(allowed).sum()) == 1
        piece, shown = spelling(reader, chosen)
        return Step(
            place,
            chosen,
            piece,
            shown,
            float(probabilities[chosen]),
            float(chance[chosen]),
            told,
            forced=chosen == number or only,
        )


def _begun(
    context: Context, plan: TextPlan, asked: TextSource | None
) -> tuple[TextSource, TextTokens, dict[str, Array]]:
    """Return what is read, as it was given, as tokens, and as arrays without the decoder's."""
    model = context.model.description
    shown = context.run.text if context.run is not None else None
    source = asked if asked is not None else _again(plan, shown)
    tokens = encode(plan, source, name=model.name)
    own = text_arrays(plan, tokens)
    others = {info.name for info in model.inputs} - {plan.ids, plan.mask, plan.types, plan.target, plan.target_mask}
    given = {name: array for name, array in context.feeds.items() if name in others}
    if model.image_input is not None and context.image is not None:
        given |= gather(model, image=context.image, text=source).arrays
    kept = {n: a for n, a in (given | own).items() if n not in (plan.target, plan.target_mask)}
    if model.image_input is not None and model.image_input not in kept:
        raise EngineError("photo-needed", name=model.name)
    if model.audio is not None and model.audio.input not in kept:
        raise EngineError("sound-needed", name=model.name)
    return source, tokens, kept


def _again(plan: TextPlan, shown: TextTokens | None) -> TextSource:
    """Return the text of the run on screen; the decoder begins anew."""
    if plan.ids is None:
        return TextSource()
    if shown is None or not shown.source:
        raise EngineError("text-needed", name="")
    first = shown.source[0]
    return TextSource(text=first.text, ids=first.ids[: first.read])


def _room(plan: TextPlan, start: int, most: int) -> int:
    """Return how many tokens may be generated."""
    rules = plan.generation
    behind = plan.target is not None
    fixed, limit = (plan.target_length, plan.target_limit) if behind else (plan.length, plan.limit)
    longest = rules.longest if rules is not None else None
    ends = [n for n in (fixed, limit if fixed is None else None, longest, MOST_TOKENS) if n is not None]
    return max(min(most, min(ends) - start), 0)


def _generated(
    plan: TextPlan,
    source: TextSource,
    reader: Reader | None,
    ids: Sequence[int],
    start: int,
    steps: tuple[Step, ...],
    ended: Ended,
) -> Generated:
    behind = plan.target is not None
    read = tuple(ids[:-1] if ended == "end" and len(ids) > 1 else ids)
    side: Literal["source", "target"] = "target" if behind else "source"
    text = reader.decode(list(ids[start:]), side) if reader is not None else " ".join(map(str, ids[start:]))
    whole = replace(source, target=None, target_ids=read) if behind else replace(source, ids=read)
    return Generated(tuple(ids), start, steps, text, ended, whole)

"""What a model says of the next token, step by step: everything read anew, or with keys and values of earlier steps."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError, declare_errors
from engine.messages import translate
from engine.model.joints import PRESENT, STATES, STATES_MASK
from engine.runtime.score_steps import Floats
from engine.text.plan import TextPlan

if TYPE_CHECKING:
    from engine.runtime.composite import Composite
    from engine.runtime.model import Model

declare_errors(
    {
        "no-past": translate("engine", "“{name}” cannot keep the keys and values of earlier steps."),
        "no-past.advice": translate(
            "engine", "Generate without the cache, or export the model with its past keys and values."
        ),
        "past-edited": translate("engine", "With interventions, “{name}” generates without the cache."),
        "past-edited.advice": translate("engine", "Switch the cache off, or take the interventions back."),
        "generates-nothing": translate("engine", "“{name}” generates no text."),
        "generates-nothing.advice": translate("engine", "Open a decoder, or an encoder–decoder."),
    }
)

Array = NDArray[np.generic]


class Decoder(Protocol):
    """Gives the logits of the next token, (id,) float32, for the tokens so far."""

    def __call__(self, ids: Sequence[int]) -> Floats:
        """Return the logits after these tokens."""


def decoder_for(model: "Model", plan: TextPlan, feeds: Mapping[str, Array], *, past: bool) -> Decoder:
    """Return what asks a model for its next token.

    Args:
        model: a decoder, or an encoder and its decoder in one graph or two.
        plan: how text enters it.
        feeds: what the encoder reads; nothing of the decoder's.
        past: keep keys and values of earlier steps.

    Raises:
        EngineError: the model generates nothing, or cannot keep what `past` asks for.
    """
    from engine.runtime.composite import Composite

    if plan.generation is None:
        raise EngineError("generates-nothing", name=model.description.name)
    if isinstance(model, Composite):
        if past and model.edits:
            raise EngineError("past-edited", name=model.description.name)
        behind = _Behind(model, feeds)
        return _cached_behind(model, behind) if past else behind.whole
    if not past:
        return _Whole(model, plan, feeds)
    if not any("past" in info.name.lower() for info in model.inputs) or plan.target is not None:
        raise EngineError("no-past", name=model.description.name)
    return _cached_alone(model, plan)


class _Whole:
    """One graph that reads everything at every step."""

    def __init__(self, model: "Model", plan: TextPlan, feeds: Mapping[str, Array]) -> None:
        self._model, self._plan, self._feeds = model, plan, feeds
        self._logits = logits_name([info.name for info in model.outputs])

    def __call__(self, ids: Sequence[int]) -> Floats:
        plan = self._plan
        name, mask = (plan.target, plan.target_mask) if plan.target is not None else (plan.ids, plan.mask)
        length = plan.target_length if plan.target is not None else plan.length
        filling = max((length or 0) - len(ids), 0)
        feeds = dict(self._feeds)
        feeds[name or ""] = np.array([[*ids, *[plan.pad] * filling]], np.int64)
        if mask is not None:
            feeds[mask] = np.array([[1] * len(ids) + [0] * filling], np.int64)
        scores = self._model.forward(feeds, (self._logits,))[self._logits]
        return cast(Floats, scores[0, len(ids) - 1].astype(np.float32))


class _Behind:
    """A decoder behind an encoder that has read its source once."""

    def __init__(self, model: "Composite", feeds: Mapping[str, Array]) -> None:
        self.model, self.decoder = model, model.parts["decoder"]
        own = {info.name for info in self.decoder.inputs}
        encoder = model.parts["encoder"]
        given = {name: array for name, array in feeds.items() if name in {info.name for info in encoder.inputs}}
        run = encoder.execute({name: array[:1] for name, array in given.items()})
        made = model.feeds_of("decoder", {}, {"encoder": run})
        self.states = {name: np.asarray(array) for name, array in made.items()}
        self.ids = "input_ids" if "input_ids" in own else "decoder_input_ids"
        self._logits = logits_name([info.name for info in self.decoder.outputs])

    def whole(self, ids: Sequence[int]) -> Floats:
        """Return the next token's logits, (id,); the decoder reads all its tokens anew."""
        feeds = {**self.states, self.ids: np.array([ids], np.int64)}
        return cast(Floats, self.decoder.forward(feeds, (self._logits,))[self._logits][0, -1].astype(np.float32))


def logits_name(outputs: Sequence[str]) -> str:
    """Return which output scores the vocabulary."""
    return next(
        (n for n in outputs if "logits" in n.lower()), next((n for n in outputs if PRESENT not in n), outputs[0])
    )


Run = Callable[[Mapping[str, Array]], Mapping[str, Array]]


class _Cached:
    """Feeds only what is new, with the keys and values that the steps before left.

    Args:
        first: reads the first tokens.
        later: reads further ones with the past of those before.
        inputs: names of the past that `later` takes.
        ids: the input for tokens.
        extra: what `later` is fed besides.
    """

    def __init__(self, first: Run, later: Run, inputs: Sequence[str], ids: str, extra: Mapping[str, Array]) -> None:
        self._first, self._later, self._ids, self._extra = first, later, ids, dict(extra)
        self._inputs = tuple(inputs)
        self._read: list[int] = []
        self._past: dict[str, Array] = {}

    def __call__(self, ids: Sequence[int]) -> Floats:
        again = not self._read or list(ids[: len(self._read)]) != self._read or len(ids) <= len(self._read)
        if again:
            results = self._first({self._ids: np.array([ids], np.int64)})
            self._past = {}
        else:
            fresh = np.array([ids[len(self._read) :]], np.int64)
            results = self._later({self._ids: fresh, **self._extra, **self._past})
        self._keep(results)
        self._read = list(ids)
        return cast(Floats, results[logits_name(list(results))][0, -1].astype(np.float32))

    def _keep(self, results: Mapping[str, Array]) -> None:
        """Take over new keys and values; those of the encoder stay as the first step gave them."""
        presents = [name for name in results if PRESENT in name.lower()]
        ends = {_end(name): name for name in presents}
        for place, name in enumerate(self._inputs):
            if ".encoder." in name and name in self._past:
                continue
            found = ends.get(_end(name))
            if found is None and len(presents) == len(self._inputs):
                found = presents[place]
            if found is not None:
                self._past[name] = results[found]


def _end(name: str) -> str:
    """What an input of the past and the output that follows it have in common: ".3.decoder.key"."""
    return name.lower().removeprefix("past_key_values").removeprefix("present").removeprefix("past")


def _cached_alone(model: "Model", plan: TextPlan) -> Decoder:
    names = [info.name for info in model.inputs if "past" in info.name.lower()]
    switch = next((info.name for info in model.inputs if "use_cache" in info.name.lower()), None)
    ids = plan.ids or "input_ids"
    if switch is None:
        return _Cached(model.forward, model.forward, names, ids, {})
    if model.edits:
        raise EngineError("past-edited", name=model.description.name)
    from engine.runtime.plain import Plain

    plain = Plain(model.path).forward  # what is on screen shows one of its two branches, and stays as it is
    return _Cached(plain, plain, names, ids, {switch: np.ones((1,), bool)})


def _cached_behind(model: "Composite", behind: _Behind) -> Decoder:
    """The decoder alone for the first tokens, then the one that takes their keys and values."""
    cached = model.cached()
    if cached is None:
        raise EngineError("no-past", name=model.description.name)
    forward, inputs = cached.forward, cached.inputs
    own = {info.name for info in inputs}
    names = [info.name for info in inputs if "past" in info.name.lower()]
    switch = next((info.name for info in inputs if "use_cache" in info.name.lower()), None)
    states = {name: array for name, array in behind.states.items() if name in own and name in (STATES, STATES_MASK)}
    extra = states if switch is None else states | {switch: np.ones((1,), bool)}

    def first(feeds: Mapping[str, Array]) -> Mapping[str, Array]:
        if switch is not None:
            return forward({**states, **feeds, switch: np.zeros((1,), bool)})
        return behind.decoder.forward({**behind.states, **feeds})

    return _Cached(first, forward, names, behind.ids, extra)

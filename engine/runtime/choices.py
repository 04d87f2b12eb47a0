"""What inputs decide about a graph: branches and turns, told from made-up inputs when a model opens, then from feeds.

Each decision is computed by a small model of its own (`engine.graph.cone`), so that no run is made in vain.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.graph.choice import Choice
from engine.graph.cone import Cone
from engine.graph.read import read_model
from engine.images.guess import plan_for
from engine.model.describe import describe, info_of
from engine.model.description import ModelDescription
from engine.runtime.neutral import complete
from engine.runtime.probe import is_optional, made_up
from engine.runtime.session import Session

Array = NDArray[np.generic]
Feeds = Mapping[str, Array]


class Chooser:
    """A `Decide` that computes each decision from inputs, and remembers how it fell.

    Args:
        path: the .onnx file, which the models that decide may take weights from.
        feeds: gives an array for every input; asked at the first decision.
    """

    def __init__(self, path: Path, feeds: Callable[[], Feeds]) -> None:
        self._path, self._feeds = path, feeds
        self._given: Feeds | None = None
        self._known: dict[str, Choice | None] = {}

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The decisions so far, in order."""
        return tuple(choice for choice in self._known.values() if choice is not None)

    def __call__(self, key: str, cone: Cone) -> int | None:
        """Return how a decision falls; None where it cannot be computed."""
        if key not in self._known:
            choice = cone()
            taken = None if choice is None else self._computed(choice)
            self._known[key] = None if choice is None or taken is None else replace(choice, taken=taken)
        found = self._known[key]
        return None if found is None else found.taken

    def _computed(self, choice: Choice) -> int | None:
        try:
            if self._given is None:
                self._given = self._feeds()
            return computed(self._path, choice, self._given)
        except (EngineError, KeyError):
            return None


def neutral_feeds(path: Path) -> dict[str, Array]:
    """Return what a first small run is fed: noise for content, neutral values for flags, masks and pasts.

    Raises:
        EngineError: an input has no such value.
    """
    model = read_model(path)
    inputs = tuple(info_of(value) for value in model.graph.inputs if not value.is_initializer())
    prepared = plan_for(inputs, path.parent)
    given = {i.name: made_up(i, prepared.image_input, prepared.plan) for i in inputs if not is_optional(i)}
    return complete(inputs, given)


def computed(path: Path, choice: Choice, feeds: Feeds) -> int:
    """Return how a decision falls for these inputs.

    Raises:
        EngineError: the runtime refuses to compute it.
    """
    session = _session(path, choice.cone)
    results = session.run({name: feeds[name] for name in choice.inputs}, session.outputs)
    return int(np.asarray(results[session.outputs[0]]).reshape(-1)[0])


def still_hold(path: Path, choices: tuple[Choice, ...], feeds: Feeds) -> bool:
    """Return whether all decisions fall for these inputs as they fell before.

    Raises:
        EngineError: the runtime refuses to compute one.
    """
    return all(not choice.inputs or computed(path, choice, feeds) == choice.taken for choice in choices)


@lru_cache(maxsize=64)
def _session(path: Path, cone: bytes) -> Session:
    return Session(path, (), threads=1, spin=False, content=cone)


def written_for(path: Path, feeds: Feeds) -> ModelDescription:
    """Return the description of a model, written out as these inputs decide about it.

    Raises:
        EngineError: the file can no longer be read.
    """
    chooser = Chooser(path, lambda: feeds)
    model = read_model(path, chooser)
    return describe(model, path, chooser.choices)

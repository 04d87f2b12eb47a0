"""What a model is given: which of photo, text and sound it takes, and the run on them.

A model with an encoder and a decoder needs a target too. Where nobody gave one it is generated, greedily, and the
run is made on the whole of it, so that every pattern of every step is in one run.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desktop_app.process.protocol import Look
from engine import ModelDescription, Run
from engine.audio.plan import Sound
from engine.errors import EngineError
from engine.images.guess import conform, no_image_input
from engine.images.plan import ImagePlan, Prepared
from engine.text.tokens import TextSource

if TYPE_CHECKING:
    from engine.runtime.model import Model

MOST_GENERATED = 64
"""Tokens of a target that is generated without being asked for."""


@dataclass(frozen=True)
class Needs:
    """What a model takes, and so must be given before it can run."""

    image: bool
    text: bool
    sound: bool


@dataclass(frozen=True)
class Given:
    """What a run is made on."""

    image: Prepared | None = None
    text: TextSource | None = None
    sound: Sound | None = None


def needs(model: ModelDescription) -> Needs:
    """Return what a model takes."""
    text = model.text is not None and model.text.ids is not None
    return Needs(model.image_input is not None, text, model.audio is not None)


def complete(model: ModelDescription, look: Look) -> bool:
    """Return whether a request gives everything that the model takes.

    Raises:
        EngineError: a photo alone was given to a model that takes none, and nothing else that could be given.
    """
    need = needs(model)
    if not (need.image or need.text or need.sound):
        if look.photo is not None:
            raise no_image_input(model.name, model.inputs)
        return False
    gave = (look.photo is not None, look.text is not None and not _empty(look.text), look.sound is not None)
    return all(given for needed, given in zip((need.image, need.text, need.sound), gave, strict=True) if needed)


def image_plan(model: ModelDescription, look: Look) -> ImagePlan:
    """Return how the photo is prepared: as the user says, made to fit the graph, else as the model says.

    Raises:
        EngineError: the model takes no image.
    """
    plan = look.plan or model.image_plan
    if model.image_input is None or plan is None:
        raise no_image_input(model.name, model.inputs)
    if look.plan is None:
        return plan
    return conform(plan, next(info for info in model.inputs if info.name == model.image_input))


def given(look: Look, image: Prepared | None) -> Given:
    """Return what a request gives, its sound decoded.

    Raises:
        EngineError: the sound cannot be read.
    """
    sound = None
    if look.sound is not None:
        from engine.audio.load import load_sound

        sound = load_sound(look.sound.path)
    return Given(image, look.text, sound)


def run(model: "Model", given: Given, cancelled: Callable[[], bool] = lambda: False) -> Run:
    """Run a model on what is given; a target that is missing is generated first.

    Raises:
        EngineError: the text or the runtime refuses, or the run was cancelled.
    """
    about = model.description
    need = needs(about)
    if not (need.text or need.sound or about.text is not None):
        assert given.image is not None  # noqa: S101 - `complete` was asked
        return model.run_image(given.image)
    from engine.pipeline import gather, run_on

    image, sound = (given.image if need.image else None), (given.sound if need.sound else None)
    text = given.text if about.text is not None else None
    first = run_on(model, gather(about, image=image, text=text, sound=sound))
    if about.text is None or about.text.target is None or not about.text.generates or _has_target(text):
        return first
    made = _generated(model, first, text, cancelled)
    return run_on(model, gather(about, image=image, text=made, sound=sound))


def same_text(given: Given, run: Run) -> Given:
    """Return what is given with the target that a run had, so that a changed model reads the same."""
    texts = run.text
    if texts is None or not texts.target:
        return given
    source = given.text or TextSource()
    return replace(given, text=replace(source, target=None, target_ids=texts.target[0].ids))


def _generated(model: "Model", first: Run, text: TextSource | None, cancelled: Callable[[], bool]) -> TextSource:
    from engine.pipeline.generate import Generate, Generated
    from engine.runtime.task import Context

    def report(_done: int, _total: int, _partial: object) -> None:
        if cancelled():
            raise EngineError("cancelled")

    task = Generate(text, most=MOST_GENERATED)
    made = task.work(Context(model, first.inputs, first.image, first, report))
    assert isinstance(made, Generated)  # noqa: S101 - that is what the task gives
    return made.source


def _has_target(text: TextSource | None) -> bool:
    return text is not None and (text.target is not None or text.target_ids is not None)


def _empty(text: TextSource) -> bool:
    return not text.text and not text.ids and not any(text.more)

"""What a person gives becomes the arrays that a model takes, and a run that knows where its tokens came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.audio.features import prepare_sound
from engine.audio.plan import PreparedSound, Sound
from engine.errors import EngineError, declare_errors
from engine.images.guess import no_image_input
from engine.images.plan import Prepared
from engine.messages import translate
from engine.model.description import ModelDescription
from engine.model.joints import STATES
from engine.pipeline.spelling import with_spelling
from engine.runtime.run import Run
from engine.text.encode import encode
from engine.text.plan import TextPlan
from engine.text.tokens import Encoded, TextSource, TextTokens

if TYPE_CHECKING:
    from engine.runtime.model import Model

declare_errors(
    {
        "photo-needed": translate("engine", "“{name}” reads a photo, and none was given."),
        "photo-needed.advice": translate("engine", "Open a photo too."),
        "sound-needed": translate("engine", "“{name}” listens to a sound, and none was given."),
        "sound-needed.advice": translate("engine", "Open a WAV file too."),
        "text-needed": translate("engine", "“{name}” reads a text, and none was given."),
        "text-needed.advice": translate("engine", "Type a text."),
        "decoder-alone": translate("engine", "“{name}” is a decoder that reads what its encoder gives."),
        "decoder-alone.advice": translate("engine", "Open the folder that holds both."),
        "no-sound-input": translate("engine", "“{name}” takes no sound."),
        "no-sound-input.advice": translate("engine", "Open a speech model, such as Whisper."),
    }
)

Array = NDArray[np.generic]


@dataclass(frozen=True)
class Feeds:
    """What goes into a run.

    Attributes:
        arrays: by input name of the model.
        image, text, audio: what they were made of.
        source: the text as it was given.
    """

    arrays: Mapping[str, Array] = field(repr=False)
    image: Prepared | None = None
    text: TextTokens | None = None
    audio: PreparedSound | None = None
    source: TextSource | None = None


def gather(
    description: ModelDescription,
    *,
    image: Prepared | None = None,
    text: TextSource | None = None,
    sound: Sound | None = None,
) -> Feeds:
    """Return what goes into a run of a model.

    Args:
        description: the model.
        image: a prepared photo.
        text: what to read; a decoder without one gets its start token.
        sound: what to hear.

    Raises:
        EngineError: something is given that the model does not take, or missing that it needs; a text gives no token.
    """
    arrays: dict[str, Array] = {}
    if image is not None:
        if description.image_input is None:
            raise no_image_input(description.name, description.inputs)
        arrays[description.image_input] = image.tensor
    heard = None
    if sound is not None:
        if description.audio is None:
            raise EngineError("no-sound-input", name=description.name)
        heard = prepare_sound(sound, description.audio)
        arrays[description.audio.input] = heard.tensor
    plan, tokens = description.text, None
    if text is not None and plan is None:
        raise EngineError("no-text-input", name=description.name)
    if plan is not None and (text is not None or plan.ids is None):
        tokens = encode(plan, text or TextSource(), name=description.name)
        arrays |= text_arrays(plan, tokens)
    _nothing_missing(description, arrays)
    return Feeds(filled(description, arrays), image, tokens, heard, text)


def text_arrays(plan: TextPlan, tokens: TextTokens) -> dict[str, Array]:
    """Return token numbers, masks and segments, (batch, token) int64, by input name."""
    found: dict[str, Array] = {}

    def put(name: str | None, texts: tuple[Encoded, ...], values: list[list[int]]) -> None:
        if name is not None and texts:
            found[name] = np.array(values, np.int64)

    source, target = tokens.source, tokens.target
    put(plan.ids, source, [list(e.ids) for e in source])
    put(plan.mask, source, [_mask(e) for e in source])
    put(plan.types, source, [list(e.types) for e in source])
    put(plan.target, target, [list(e.ids) for e in target])
    put(plan.target_mask, target, [_mask(e) for e in target])
    return found


def _mask(encoded: Encoded) -> list[int]:
    return [1] * encoded.read + [0] * encoded.padding


def _nothing_missing(description: ModelDescription, arrays: Mapping[str, Array]) -> None:
    """Say in words what is missing, where words are better than the name of an input."""
    if not description.parts and any(info.name == STATES for info in description.inputs):
        raise EngineError("decoder-alone", name=description.name)
    if description.text is not None and description.text.ids is not None and description.text.ids not in arrays:
        raise EngineError("text-needed", name=description.name)
    if description.image_input is not None and description.image_input not in arrays:
        raise EngineError("photo-needed", name=description.name)
    if description.audio is not None and description.audio.input not in arrays:
        raise EngineError("sound-needed", name=description.name)


def filled(description: ModelDescription, arrays: Mapping[str, Array]) -> dict[str, Array]:
    """Return the arrays with as many items as a graph that fixes its batch takes: the last one is repeated."""
    sizes = {info.name: info.shape[0] for info in description.inputs if info.shape}
    found: dict[str, Array] = {}
    for name, array in arrays.items():
        size = sizes.get(name)
        more = size - len(array) if isinstance(size, int) else 0
        found[name] = np.concatenate([array, np.repeat(array[-1:], more, axis=0)]) if more > 0 else array
    return found


def run_on(model: "Model", feeds: Feeds) -> Run:
    """Run a model, and return the run with what its tokens stand for.

    Raises:
        EngineError: the runtime refuses, or the run was stopped.
    """
    run = model.run(feeds.arrays, image=feeds.image)
    text = feeds.text
    if text is not None and model.description.text is not None:
        text = with_spelling(run, model.description.text, text, feeds.source)
    return replace(run, text=text, audio=feeds.audio)

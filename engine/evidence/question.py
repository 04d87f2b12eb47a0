"""From what is on screen to what the methods take: one image, a function that scores images, the class asked about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError, declare_errors
from engine.evidence.evidence import Floats, Predict, Target, Unit
from engine.images.prepare import prepare
from engine.messages import translate
from engine.predictions import are_probabilities, class_values
from engine.runtime.recompute import softmax
from engine.runtime.task import Context

if TYPE_CHECKING:
    from engine.runtime.model import Model

declare_errors(
    {
        "no-classes": translate("engine", "“{name}” gives no class scores, so there is no class to explain."),
        "no-classes.advice": translate("engine", "Choose one number of an output, such as a box’s score, instead."),
        "no-output": translate("engine", "“{name}” has no number {at} in an output called “{output}”."),
        "no-output.advice": translate("engine", "Its outputs are {known}."),
        "not-on-image": translate("engine", "“{name}” was not run on an image, so nothing can be hidden in it."),
        "not-on-image.advice": translate("engine", "Open a model that takes a photo, and a photo."),
    }
)

Array = NDArray[np.generic]


@dataclass(frozen=True)
class Question:
    """One image, and what is asked about it.

    Attributes:
        pixels: (channel, row, column), as the model takes it but with its channels first.
        predict: class scores of images like it, as the model gives them: logits or probabilities.
        index: column of the scores that is explained: the class, or 0 for a chosen output.
        score: of it on the intact image.
        scores: (class,) of the intact image.
        ready: whether the scores are probabilities.
        target: what was asked.
        label: name of the class, or place of the output.
    """

    pixels: Floats = field(repr=False)
    predict: Predict = field(repr=False)
    index: int
    score: float
    scores: Floats = field(repr=False)
    ready: bool
    target: Target
    label: str

    @property
    def unit(self) -> Unit:
        """Unit of the scores."""
        return "output" if self.target.output else "probability" if self.ready else "logit"

    @property
    def named(self) -> int:
        """The class explained; -1 for a chosen output."""
        return -1 if self.target.output else self.index

    def probable(self) -> "Question":
        """Return the same question with probabilities for scores; chosen outputs stay as they are."""
        if self.ready or self.target.output:
            return self
        plain = self.predict

        def predict(images: Floats) -> Floats:
            return softmax(plain(images))  # (batch, class)

        scores = softmax(self.scores)
        score = float(scores[self.index])
        return Question(self.pixels, predict, self.index, score, scores, True, self.target, self.label)


def ask(context: Context, target: Target) -> Question:
    """Return what is asked about the image of a context.

    Raises:
        EngineError: nothing was run on an image, or there is no such class or output.
    """
    model, name = context.model, context.model.description.image_input
    if name is None or name not in context.feeds or context.feeds[name].ndim != 4:
        raise EngineError("not-on-image", name=model.description.name)
    last = channels_last(model)
    pixels = np.asarray(context.feeds[name][:1])
    first = np.moveaxis(pixels, -1, 1) if last else pixels
    predict = predictor(model, context.feeds, target)
    scores = predict(np.asarray(first, np.float32))[0]
    index = chosen_class(model, scores, target)
    labels = model.description.labels
    label = labels[index] if labels is not None and len(labels) == len(scores) and not target.output else ""
    if target.output:
        label = f"{target.output}[{', '.join(map(str, target.at))}]"
    ready = not target.output and are_probabilities(scores)
    return Question(
        np.asarray(first[0], np.float32), predict, index, float(scores[index]), scores, ready, target, label
    )


def chosen_class(model: "Model", scores: Floats, target: Target) -> int:
    """Return the column of the scores that a target means.

    Raises:
        EngineError: there is no such class.
    """
    if target.output:
        return 0
    if target.index is None:
        return int(np.argmax(scores))
    if not 0 <= target.index < len(scores):
        raise EngineError("class-missing", name=model.description.name, index=target.index, last=len(scores) - 1)
    return target.index


def channels_last(model: "Model") -> bool:
    """Return whether the model takes images as (batch, row, column, channel)."""
    plan = model.description.image_plan
    return plan is not None and plan.layout == "NHWC"


def predictor(model: "Model", feeds: Mapping[str, Array], target: Target) -> Predict:
    """Return a function from images, (batch, channel, row, column), to scores, (batch, class).

    Other inputs keep their values.
    """
    outputs = (target.output,) if target.output else ()
    if target.output and target.output not in [info.name for info in model.outputs]:
        raise _no_output(model, target)

    def predict(images: Floats) -> Floats:
        return scores_of(model, model.forward(repeated(model, feeds, images), outputs), len(images), target)

    return predict


def repeated(model: "Model", feeds: Mapping[str, Array], images: Floats) -> dict[str, Array]:
    """Return feeds with these images, (batch, channel, row, column), and everything else once for each of them."""
    name = model.description.image_input or ""
    before = feeds[name].shape[0] if name in feeds else 1
    pixels = np.moveaxis(images, 1, -1) if channels_last(model) else images
    found: dict[str, Array] = {name: _stored(model, np.ascontiguousarray(pixels))}
    for other, array in feeds.items():
        if other != name:
            alone = array.ndim > 0 and array.shape[0] == before
            found[other] = np.repeat(array[:1], len(images), axis=0) if alone else array
    return found


def _stored(model: "Model", pixels: NDArray[np.floating]) -> Array:
    """Return pixels in the model's number type: rounded where it takes whole numbers."""
    name = model.description.image_input
    dtype = next((np.dtype(info.dtype) for info in model.inputs if info.name == name), pixels.dtype)
    if not np.issubdtype(dtype, np.integer):
        return pixels
    limits = np.iinfo(dtype)
    return np.asarray(np.rint(pixels).clip(limits.min, limits.max), dtype)


def scores_of(model: "Model", outputs: Mapping[str, Array], count: int, target: Target) -> Floats:
    """Return the scores of each item, (batch, class); (batch, 1) of a chosen output.

    Raises:
        EngineError: the model gives no classes, or no such output.
    """
    if target.output:
        try:
            chosen = [np.float32(outputs[target.output][(item, *target.at)]) for item in range(count)]
            return np.asarray(chosen, np.float32).reshape(count, 1)
        except (IndexError, ValueError, TypeError) as cause:
            raise _no_output(model, target) from cause
    found = [
        class_values({n: a[item : item + 1] for n, a in outputs.items() if a.ndim}, model.description.labels)
        for item in range(count)
    ]
    if any(values is None for values in found):
        raise EngineError("no-classes", name=model.description.name)
    return np.stack(cast(Sequence[Floats], found))


def _no_output(model: "Model", target: Target) -> EngineError:
    known = ", ".join(f"{i.name} ({'×'.join('?' if d is None else str(d) for d in i.shape)})" for i in model.outputs)
    return EngineError("no-output", name=model.description.name, at=list(target.at), output=target.output, known=known)


def first(model: "Model", images: NDArray[np.generic]) -> Floats:
    """Return images with their channels first, (batch, channel, row, column) float32."""
    return np.asarray(np.moveaxis(images, -1, 1) if channels_last(model) else images, np.float32)


def photo_tensor(context: Context, model: "Model") -> NDArray[np.generic]:
    """Return the photo on screen as a model takes it, on the axes of its input, as often as the graph fixes.

    Raises:
        EngineError: there is none, or the model takes none.
    """
    description = model.description
    name, plan = description.image_input, description.image_plan
    if model is context.model and name is not None and name in context.feeds:
        return context.feeds[name]
    if context.image is None or name is None or plan is None:
        raise EngineError("not-on-image", name=description.name)
    return prepare(context.image.photo, plan).tensor

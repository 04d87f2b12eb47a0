"""Two models side by side: what they take and give, what they cost, and how far their units see as depth grows."""

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from engine.errors import EngineError
from engine.evidence.question import photo_tensor
from engine.grid import image_size
from engine.metrics import head_metrics
from engine.model.description import Dim, ModelDescription
from engine.predictions import Prediction, top_classes
from engine.runtime.run import Run
from engine.runtime.task import Context, Task

if TYPE_CHECKING:
    from engine.runtime.model import Model

Family = Literal["convolution", "attention", "both", "neither"]


@dataclass(frozen=True)
class ModelFacts:
    """What is known of a model without running it.

    Attributes:
        name: of the model.
        family: what it is made of; a patch embedding alone makes no convolutional network.
        inputs, outputs: name and shape of each, with symbolic sizes by name.
        image: (rows, columns) of the image that it takes; None where it takes none.
        parameters: number of weights.
        multiply_adds: for one image, counted from the graph; None where a size is untold.
        convolutions, pools, sites, heads: how many of each; heads over all sites.
        classes: number of class names; None where no file names any.
        opset, producer: of the file.
    """

    name: str
    family: Family
    inputs: tuple[tuple[str, tuple[Dim, ...]], ...]
    outputs: tuple[tuple[str, tuple[Dim, ...]], ...]
    image: tuple[int, int] | None
    parameters: int
    multiply_adds: int | None
    convolutions: int
    pools: int
    sites: int
    heads: int
    classes: int | None
    opset: int
    producer: str


def model_facts(model: ModelDescription) -> ModelFacts:
    """Return the facts of a model."""
    return ModelFacts(
        name=model.name,
        family=family(model),
        inputs=tuple((info.name, info.shape) for info in model.inputs),
        outputs=tuple((info.name, info.shape) for info in model.outputs),
        image=None if model.image_plan is None else model.image_plan.output_size,
        parameters=model.parameters,
        multiply_adds=model.multiply_adds,
        convolutions=len(model.convolutions),
        pools=len(model.pools),
        sites=len(model.sites),
        heads=sum(site.heads for site in model.sites),
        classes=None if model.labels is None else len(model.labels),
        opset=model.opset,
        producer=model.producer,
    )


def family(model: ModelDescription) -> Family:
    """Return what a model is made of: one convolution before attention is a patch embedding."""
    convolves = len(model.convolutions) > (1 if model.sites else 0)
    if model.sites:
        return "both" if convolves else "attention"
    return "convolution" if convolves else "neither"


@dataclass(frozen=True)
class Reach:
    """How far the units of one layer see.

    Attributes:
        name: of the layer or site.
        kind: of a "convolution", side of the receptive field (at most); of "attention", mean distance of what
            queries attend to (in fact, on this image; Dosovitskiy et al. 2021, appendix D.7), over the heads.
        depth: 0 for the first layer of its kind to 1 for the last.
        pixels: in pixels of the model's image: the mean over heads, or the larger side of the field.
        low, high: the least and the farthest head; for a convolution both are `pixels`.
        share: of the image's longer side.
        whole: something made of the whole image comes in besides.
    """

    name: str
    kind: Literal["convolution", "attention"]
    depth: float
    pixels: float
    low: float
    high: float
    share: float
    whole: bool = False


def reach(run: Run) -> tuple[Reach, ...]:
    """Return how far each layer sees, convolutions first; empty where the run was on no image.

    A model with attention has its patch embedding among the convolutions.
    """
    size = image_size(run)
    if size is None:
        return ()
    found = []
    fields = [(layer.name, layer.receptive) for layer in run.model.convolutions]
    for place, (name, field) in enumerate(fields):
        if field is not None and len(field.axes) == 2:
            pixels = max(field.size)
            depth = place / max(len(fields) - 1, 1)
            whole = field.whole or not np.isfinite(pixels)
            far = float(pixels) if np.isfinite(pixels) else float(max(size))
            found.append(Reach(name, "convolution", depth, far, far, far, far / max(size), whole))
    for place, site in enumerate(run.model.sites):
        try:
            far_each = head_metrics(run, site, names=("distance",))["distance"]  # (head,)
        except EngineError:  # read by its softmax, which this run did not keep
            continue
        told = far_each[np.isfinite(far_each)]
        if told.size:
            depth = place / max(len(run.model.sites) - 1, 1)
            numbers = (float(told.mean()), float(told.min()), float(told.max()))
            found.append(Reach(site.name, "attention", depth, *numbers, numbers[0] / max(size)))
    return tuple(found)


@dataclass(frozen=True)
class Measured:
    """What one run costs on this machine.

    Attributes:
        model: its name.
        seconds: median of some runs of one image after a first one.
        fastest: the fastest of them.
        runs: how many.
        memory: bytes that ONNX Runtime takes for the model and one run, in a process of its own; None where the
            system does not tell.
        file: bytes of the model's file, without weights kept beside it.
    """

    model: str
    seconds: float
    fastest: float
    runs: int
    memory: int | None
    file: int


@dataclass(frozen=True)
class Measure(Task):
    """Time the model on screen, and another, on the photo on screen; the result is a tuple of `Measured`.

    Attributes:
        other: path of the other model; "" for none.
        runs: of each model.
        memory: whether to measure memory as well, which opens each model once more.
    """

    other: str = ""
    runs: int = 9
    memory: bool = True

    def work(self, context: Context) -> tuple[Measured, ...]:
        """Return the costs; models that are done are told on the way.

        Raises:
            EngineError: no photo, or cancelled.
        """
        models = [context.model, *([context.open(self.other)] if self.other else [])]
        steps = self.runs + int(self.memory)
        found: list[Measured] = []
        for model in models:
            name = model.description.image_input or ""
            feeds = {**(context.feeds if model is context.model else {}), name: photo_tensor(context, model)}
            model.forward(feeds)
            taken = []
            for _ in range(self.runs):
                start = time.perf_counter()
                model.forward(feeds)
                taken.append(time.perf_counter() - start)
                context.tell(steps * len(found) + len(taken), steps * len(models), tuple(found))
            found.append(self._measured(model, feeds, taken))
            context.tell(steps * len(found), steps * len(models), tuple(found))
        return tuple(found)

    def _measured(self, model: "Model", feeds: dict[str, np.ndarray], taken: list[float]) -> Measured:
        from engine.runtime.footprint import footprint
        from engine.runtime.neutral import complete

        memory = footprint(model.path, complete(model.inputs, feeds)) if self.memory else None
        return Measured(
            model=model.description.name,
            seconds=statistics.median(taken),
            fastest=min(taken),
            runs=len(taken),
            memory=memory,
            file=model.path.stat().st_size,
        )


@dataclass(frozen=True)
class Seen:
    """What one model says of a photo, with how far its layers see.

    Attributes:
        facts: of the model.
        classes: most probable ones, best first.
        reach: of its layers.
        seconds: of this one run.
    """

    facts: ModelFacts
    classes: tuple[Prediction, ...]
    reach: tuple[Reach, ...]
    seconds: float


def seen(run: Run, count: int = 5) -> Seen:
    """Return what a run shows, for a comparison."""
    return Seen(model_facts(run.model), top_classes(run, count), reach(run), run.seconds)

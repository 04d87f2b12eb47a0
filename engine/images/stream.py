"""Photos of a folder on their way into models, a few at a time: decoded, prepared for each model, one batch each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.images.folder import Picture
from engine.images.guess import InputLike, no_image_input
from engine.images.load import load_photo
from engine.images.plan import ImagePlan
from engine.images.prepare import prepare

Array = NDArray[np.generic]


class TakesPhotos(Protocol):
    """What has to be known of a model: its input for photos, and how they are prepared."""

    @property
    def name(self) -> str:
        """What to call it."""

    @property
    def inputs(self) -> Sequence[InputLike]:
        """What it takes."""

    @property
    def image_input(self) -> str | None:
        """Name of the input; None where it takes no photo."""

    @property
    def image_plan(self) -> ImagePlan | None:
        """How photos are prepared."""


@dataclass(frozen=True)
class Batch:
    """Some pictures, ready for every model.

    Attributes:
        pictures: which they are; those that cannot be decoded are left out.
        feeds: for each model, arrays by input name, (batch, ...).
    """

    pictures: tuple[Picture, ...]
    feeds: tuple[Mapping[str, Array], ...]


def streamed(
    pictures: tuple[Picture, ...], models: tuple[TakesPhotos, ...], size: int, plans: tuple[ImagePlan, ...] = ()
) -> Iterator[Batch]:
    """Yield batches of at most `size` pictures.

    Args:
        pictures: the files.
        models: what they are prepared for.
        size: pictures at a time.
        plans: how they are prepared, for each model; () takes the models' own.

    Raises:
        EngineError: a model takes no photo, or not one of the pictures can be read.
    """
    names = []
    for model in models:
        if model.image_input is None or model.image_plan is None:
            raise no_image_input(model.name, model.inputs)
        names.append(model.image_input)
    wanted = plans or tuple(model.image_plan for model in models if model.image_plan is not None)
    last: EngineError | None = None
    good = 0
    for start in range(0, len(pictures), size):
        kept, arrays = [], []
        for picture in pictures[start : start + size]:
            try:
                photo = load_photo(picture.path)
                arrays.append([prepare(photo, plan).tensor[:1] for plan in wanted])
                kept.append(picture)
            except EngineError as error:
                last = error
        good += len(kept)
        alike = len({tuple(array.shape for array in one) for one in arrays}) <= 1
        for first, stop in [(0, len(kept))] if alike else [(n, n + 1) for n in range(len(kept))]:
            if stop:
                yield Batch(tuple(kept[first:stop]), tuple(_joined(names, arrays[first:stop])))
    if not good and last is not None:
        raise last


def _joined(names: list[str], arrays: list[list[Array]]) -> Iterator[Mapping[str, Array]]:
    for place, name in enumerate(names):
        yield {name: np.concatenate([one[place] for one in arrays])}

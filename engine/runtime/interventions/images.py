"""Interventions on the input image: patches hidden, dropped, moved, shuffled; the image shifted or blurred.

They change what a model is given and not its graph, so they can be made on any model that takes an image.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError, declare_errors
from engine.images import perturb
from engine.images.plan import ImagePlan, Prepared
from engine.images.seen import seen
from engine.messages import Message, declare, translate

if TYPE_CHECKING:
    from engine.runtime.run import Run

Array = NDArray[np.generic]
MOST_LISTED = 6

declare(
    {
        "edit-hide-patches": translate("engine", "image: patch {patches} blank"),
        "edit-hide-many-patches": translate("engine", "image: {count} of {all} patches blank"),
        "edit-drop-patches": translate("engine", "image: {percent} % of the patches blank (seed {seed})"),
        "edit-move-patches": translate("engine", "image: {count} patches in another place"),
        "edit-shuffle-patches": translate("engine", "image: patches shuffled (seed {seed})"),
        "edit-shift-image": translate("engine", "image: shifted {dx} px right, {dy} px down"),
        "edit-blur-image": translate("engine", "image: blurred, σ = {sigma} px"),
    }
)
declare_errors(
    {
        "edit-no-image": translate("engine", "“{name}” takes no image that could be changed."),
        "edit-no-image.advice": translate("engine", "Hide its tokens or change its positions instead."),
        "edit-patches": translate("engine", "The image cannot be cut into the patches of a change."),
        "edit-patches.advice": translate("engine", "Take the changes of the image back and make them anew."),
    }
)


@dataclass(frozen=True)
class HidePatches:
    """These patches blank: every pixel 0 in the model's numbers, the mean colour where images are normalised.

    Attributes:
        grid: rows and columns of patches of the image.
        patches: which, counted along rows.
    """

    grid: tuple[int, int]
    patches: tuple[int, ...]

    def message(self) -> Message:
        """Return the intervention in words."""
        if len(self.patches) > MOST_LISTED:
            return Message.of("edit-hide-many-patches", count=len(self.patches), all=self.grid[0] * self.grid[1])
        return Message.of("edit-hide-patches", patches=", ".join(map(str, self.patches)))

    def apply(self, pixels: Array) -> Array:
        """Return pixels, (…, row, column), changed."""
        return perturb.hidden(pixels, self.grid, self.patches)


@dataclass(frozen=True)
class DropPatches:
    """A random part of the patches blank (Naseer et al. 2021, section 3.1)."""

    grid: tuple[int, int]
    fraction: float
    seed: int = 0

    def message(self) -> Message:
        """Return the intervention in words."""
        return Message.of("edit-drop-patches", percent=f"{100 * self.fraction:g}", seed=self.seed)

    def apply(self, pixels: Array) -> Array:
        """Return pixels, (…, row, column), changed."""
        return perturb.dropped(pixels, self.grid, self.fraction, self.seed)


@dataclass(frozen=True)
class MovePatches:
    """Patches in another order: place i holds what was patch `order[i]`."""

    grid: tuple[int, int]
    order: tuple[int, ...]

    def message(self) -> Message:
        """Return the intervention in words."""
        return Message.of("edit-move-patches", count=sum(place != patch for place, patch in enumerate(self.order)))

    def apply(self, pixels: Array) -> Array:
        """Return pixels, (…, row, column), changed."""
        return perturb.permuted(pixels, self.grid, self.order)


@dataclass(frozen=True)
class ShufflePatches:
    """All patches in random order (Naseer et al. 2021, section 3.3)."""

    grid: tuple[int, int]
    seed: int = 0

    def message(self) -> Message:
        """Return the intervention in words."""
        return Message.of("edit-shuffle-patches", seed=self.seed)

    def apply(self, pixels: Array) -> Array:
        """Return pixels, (…, row, column), changed."""
        return perturb.shuffled(pixels, self.grid, self.seed)


@dataclass(frozen=True)
class ShiftImage:
    """The image moved by pixels of the model's input; what opens is blank."""

    dx: int
    dy: int

    def message(self) -> Message:
        """Return the intervention in words."""
        return Message.of("edit-shift-image", dx=self.dx, dy=self.dy)

    def apply(self, pixels: Array) -> Array:
        """Return pixels, (…, row, column), changed."""
        return perturb.shifted(pixels, self.dx, self.dy)


@dataclass(frozen=True)
class BlurImage:
    """The image under a Gaussian; `sigma` in pixels of the model's input."""

    sigma: float

    def message(self) -> Message:
        """Return the intervention in words."""
        return Message.of("edit-blur-image", sigma=f"{self.sigma:g}")

    def apply(self, pixels: Array) -> Array:
        """Return pixels, (…, row, column), changed."""
        return perturb.blurred(pixels, self.sigma)


ImageEdit = HidePatches | DropPatches | MovePatches | ShufflePatches | ShiftImage | BlurImage
"""One intervention on the image."""


def of_image(edits: Iterable[object]) -> tuple[ImageEdit, ...]:
    """Return those interventions that change the image, in order."""
    return tuple(edit for edit in edits if isinstance(edit, ImageEdit))


def no_image(name: str) -> EngineError:
    """Return the refusal of a model that takes no image."""
    return EngineError("edit-no-image", name=name)


def changed_tensor(tensor: Array, plan: ImagePlan | None, edits: Iterable[object]) -> Array:
    """Return a prepared image, (batch, channel, row, column) or as the plan lays it, after these interventions.

    Raises:
        EngineError: the image cannot be cut into the patches that an intervention names.
    """
    last = plan is not None and plan.layout == "NHWC"
    pixels = np.moveaxis(tensor, -1, 1) if last else tensor  # (batch, channel, row, column)
    try:
        for edit in of_image(edits):
            pixels = edit.apply(pixels)
    except (ValueError, IndexError) as cause:
        raise EngineError("edit-patches") from cause
    return np.ascontiguousarray(np.moveaxis(pixels, 1, -1) if last else pixels)


def seen_image(run: "Run") -> Prepared | None:
    """Return the image as the model of a run saw it: the photo, or what interventions left of it.

    A changed image has the pixels of the model's input, and is all that the model sees.
    """
    image = run.image
    if image is None or not of_image(run.edits):
        return image
    key = "seen image"
    if key not in run.memo:
        tensor = changed_tensor(image.tensor, image.plan, run.edits)
        photo = replace(image.photo, pixels=seen(tensor, image.plan))
        run.memo[key] = Prepared(tensor, photo, (0.0, 0.0, 1.0, 1.0), image.plan)
    found = run.memo[key]
    return found if isinstance(found, Prepared) else image

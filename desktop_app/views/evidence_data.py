"""What the class evidence view shows of a run, computed without a window."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

import numpy as np
from numpy.typing import NDArray

from engine import Run
from engine.evidence.cam import Activation, activation, has_cam, head_maps
from engine.evidence.eigen import eigen_map
from engine.evidence.evidence import Evidence, Method
from engine.images.plan import Prepared
from engine.predictions import Prediction, top_classes

Floats = NDArray[np.float32]
METHODS: tuple[Method, ...] = ("cam", "eigen-cam", "score-cam", "ablation-cam", "occlusion", "rise")
AT_ONCE: tuple[Method, ...] = ("cam", "eigen-cam")
"""Cheap enough to be made while somebody waits."""


@dataclass(frozen=True)
class EvidenceData:
    """What can be asked of a run.

    Attributes:
        name: of the model.
        image: the photo that ran; None where the model takes none.
        classes: what the model says, the most probable class first; empty where it does not classify.
        outputs: the run's own outputs, by which it is known again.
        cam: gives the exact class activation map of a class; None where the classifier is of another kind.
        eigen: gives Eigen-CAM; None where a layer must be found in the file first.
    """

    name: str
    image: Prepared | None
    classes: tuple[Prediction, ...]
    outputs: Mapping[str, NDArray[np.generic]] = field(repr=False)
    cam: Callable[[int], Activation] | None = field(default=None, compare=False)
    eigen: Callable[[], Evidence] | None = field(default=None, compare=False)


def compute(run: Run) -> EvidenceData:
    """Return what can be asked of a run.

    Raises:
        EngineError: the maps that the classifier averages must be fetched first.
    """
    exact = run.image is not None and has_cam(run.model)
    if exact and run.model.head is not None:
        head_maps(run, run.model.head)  # asked for before anybody waits for it
    return EvidenceData(
        name=run.model.name,
        image=run.image,
        classes=classes_of(run),
        outputs=run.outputs,
        cam=(lambda index: activation(run, index)) if exact else None,
        eigen=(lambda: _eigen(run)) if exact else None,
    )


def classes_of(run: Run) -> tuple[Prediction, ...]:
    """Return all classes, the most probable first; remembered with the run."""
    if "all classes" not in run.memo:
        run.memo["all classes"] = top_classes(run, count=1 << 20)
    return cast(tuple[Prediction, ...], run.memo["all classes"])


def shown(found: Evidence, *, signed: bool) -> tuple[Floats, bool]:
    """Return the numbers to colour, (row, column), and whether they are coloured around zero."""
    around = signed and found.signed and bool((found.values < 0).any())
    return found.values, around


def highest(values: Floats, *, around: bool) -> float:
    """Return the number of the last colour."""
    told = values[np.isfinite(values)]
    return float(np.abs(told).max(initial=0.0) if around else told.max(initial=0.0))


def _eigen(run: Run) -> Evidence:
    head = run.model.head
    assert head is not None  # noqa: S101 - asked by `compute`
    return Evidence("eigen-cam", eigen_map(head_maps(run, head)), "share", True, -1, layer=head.maps, asked=1)

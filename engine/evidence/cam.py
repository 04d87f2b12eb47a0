"""Class activation maps, exact: the part of a class's logit that comes from each place.

Zhou et al. 2016, "Learning Deep Features for Discriminative Localization", section 2: where maps are averaged over
all places and one linear layer follows, logit = mean over places of (weight · maps) + bias. Nothing is approximated.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError, declare_errors
from engine.evidence.evidence import Evidence, Floats
from engine.messages import translate
from engine.model.description import ClassifierHead, ModelDescription
from engine.runtime.run import Run

declare_errors(
    {
        "no-cam": translate(
            "engine",
            "“{name}” has no exact class activation maps: its classes are not one linear layer of averaged maps.",
        ),
        "no-cam.advice": translate("engine", "Use Score-CAM, Ablation-CAM, occlusion or RISE."),
        "class-missing": translate("engine", "“{name}” has no class {index}."),
        "class-missing.advice": translate("engine", "Its classes are 0 to {last}."),
    }
)


@dataclass(frozen=True)
class Activation:
    """An exact class activation map.

    Attributes:
        evidence: the map; its numbers are logits.
        bias: what the class gets on any image: mean(values) + bias = logit.
        logit: of the class, as the map says.
        error: |logit as the map says - logit of the model|; NaN where the model shows no logits.
    """

    evidence: Evidence
    bias: float
    logit: float
    error: float


def has_cam(model: ModelDescription) -> bool:
    """Return whether exact class activation maps can be made."""
    head = model.head
    return head is not None and (head.weight is not None or not head.weight_name)


def class_map(maps: NDArray[np.floating], weight: NDArray[np.floating] | None, index: int) -> Floats:
    """Return weight[class] · maps, (row, column) float32.

    Args:
        maps: (channel, row, column).
        weight: (class, channel); None where the maps are the classes' own.
        index: the class.
    """
    if weight is None:
        return np.asarray(maps[index], np.float32)
    return cast(Floats, np.tensordot(weight[index].astype(np.float64), maps, axes=1).astype(np.float32))


def channel_parts(means: NDArray[np.floating], head: ClassifierHead, index: int) -> Floats:
    """Return what each channel adds to a class's logit, weight × mean, (channel,) float32; their sum + bias is it."""
    if head.weight is None:
        out = np.zeros(means.size, np.float32)
        out[index] = means[index]
        return out
    return np.asarray(head.weight[index] * means, np.float32)


def head_maps(run: Run, head: ClassifierHead, batch: int = 0) -> Floats:
    """Return the maps that a classifier averages, (channel, row, column) float32.

    Raises:
        EngineError: this run does not hold them and cannot fetch them.
    """
    maps = run.tensor(head.maps)[batch].astype(np.float32)
    return np.moveaxis(maps, -1, 0) if head.channels_last else maps


def activation(run: Run, index: int | None = None, batch: int = 0) -> Activation:
    """Return the exact class activation map of a run; for the most probable class where none is named.

    It reads one tensor, `run.model.head.maps`.

    Raises:
        EngineError: the model's classifier is of another kind, there is no such class, or the maps are not at hand.
    """
    head = run.model.head
    if head is None or not has_cam(run.model):
        raise EngineError("no-cam", name=run.model.name)
    maps = head_maps(run, head, batch)
    means = maps.mean(axis=(1, 2), dtype=np.float64)
    logits = means if head.weight is None else head.weight.astype(np.float64) @ means
    if head.bias is not None:
        logits = logits + head.bias
    if index is None:
        index = int(np.argmax(logits))
    if not 0 <= index < len(logits):
        raise EngineError("class-missing", name=run.model.name, index=index, last=len(logits) - 1)
    values = class_map(maps, head.weight, index)
    bias = 0.0 if head.bias is None else float(head.bias[index])
    logit = float(values.mean(dtype=np.float64)) + bias
    labels = run.model.labels
    label = labels[index] if labels is not None and len(labels) == len(logits) else ""
    evidence = Evidence("cam", values, "logit", True, index, label, logit, head.maps, 1)
    return Activation(evidence, bias, logit, _difference(run, head, index, logit, batch))


def _difference(run: Run, head: ClassifierHead, index: int, logit: float, batch: int) -> float:
    """How far the model's own logit is from the map's; NaN where it is not at hand."""
    for kept in (run.outputs, run.tensors):
        if head.logits in kept:
            return abs(float(kept[head.logits][batch].reshape(-1)[index]) - logit)
    return float("nan")

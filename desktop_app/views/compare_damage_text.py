"""What the robustness view compares, its curves and its words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from desktop_app.widgets.line_plot import Axes, Series
from engine import Run
from engine.predictions import class_values
from engine.robustness import Curve, Damage, Robustness

translate = QCoreApplication.translate
Measure = Literal["probability", "agreement", "accuracy"]

DAMAGES: tuple[Damage, ...] = ("drop", "shuffle", "shift", "blur")
MEASURES: tuple[Measure, ...] = ("probability", "agreement", "accuracy")


@dataclass(frozen=True)
class DamageData:
    """Who is compared.

    Attributes:
        first, second: paths of the models; the second is empty where one stands alone.
        names: of both.
        outputs: of the run on screen, by which it is known again.
        classes: whether the model on screen names classes.
    """

    first: str
    second: str
    names: tuple[str, str]
    outputs: Mapping[str, NDArray[np.generic]] = field(repr=False)
    classes: bool


def classifies(run: Run) -> bool:
    """Return whether a run gives classes."""
    return class_values(run.outputs, run.model.labels) is not None


def damage(name: Damage) -> str:
    """Return the name of a damage."""
    return {
        "drop": translate("CompareDamage", "Drop patches"),
        "shuffle": translate("CompareDamage", "Shuffle patches"),
        "shift": translate("CompareDamage", "Shift"),
        "blur": translate("CompareDamage", "Blur"),
    }[name]


def meaning(name: Damage) -> str:
    """Return what a damage does."""
    return {
        "drop": translate("CompareDamage", "A share of the patches becomes grey, as Naseer et al. 2021 do."),
        "shuffle": translate("CompareDamage", "A share of the patches changes places."),
        "shift": translate("CompareDamage", "The image moves by so many pixels, right, down, left or up."),
        "blur": translate("CompareDamage", "A Gaussian of so many pixels."),
    }[name]


def measure(name: Measure) -> str:
    """Return the name of what is counted."""
    return {
        "probability": translate("CompareDamage", "Probability"),
        "agreement": translate("CompareDamage", "Same answer"),
        "accuracy": translate("CompareDamage", "Right answer"),
    }[name]


def measured(name: Measure) -> str:
    """Return what is counted."""
    return {
        "probability": translate("CompareDamage", "Mean probability of the true class, or of the first answer."),
        "agreement": translate("CompareDamage", "How often the answer is still that of the intact image."),
        "accuracy": translate("CompareDamage", "How often the answer is true; for folders that name their classes."),
    }[name]


def on(folder: str) -> str:
    """Return what is damaged."""
    if not folder:
        return translate("CompareDamage", "On the image on screen")
    return translate("CompareDamage", "On the pictures of “{folder}”").format(folder=Path(folder).name)


def working(kind: Damage) -> str:
    """Return what is under way."""
    return translate("CompareDamage", "{damage}: running…").format(damage=damage(kind))


def series(found: Robustness | None, name: Measure) -> list[Series]:
    """Return a curve for each model."""
    if found is None:
        return []
    return [Series(one.model, found.strengths, getattr(one, name), ink=ink) for ink, one in enumerate(found.curves)]


def axes(kind: Damage, name: Measure, right: float) -> Axes:
    """Return what the axes of the plot are."""
    shares = kind in ("drop", "shuffle")
    across = {
        "drop": translate("CompareDamage", "Share of the patches dropped"),
        "shuffle": translate("CompareDamage", "Share of the patches shuffled"),
        "shift": translate("CompareDamage", "Pixels moved"),
        "blur": translate("CompareDamage", "Standard deviation of the blur, pixels"),
    }[kind]
    return Axes(across, measure(name), right, 1.0, percent=shares)


def sentences(data: DamageData, found: Robustness | None, kind: Damage, name: Measure) -> tuple[str, str, str]:
    """Return what the curves say, what they are of, and what the literature says."""
    known = ""
    if kind == "drop":
        known = translate(
            "CompareDamage",
            "On ImageNet, with half of the patches dropped, DeiT-S keeps 70 % of its accuracy, ResNet-50 0.1 % (Naseer "
            "et al. 2021).",
        )
    if not data.classes:
        return translate("CompareDamage", "This model names no classes: there is no answer to lose."), "", known
    if found is None:
        return translate("CompareDamage", "“Run” damages the image little by little and asks both models."), "", known
    return _kept(found, name), _of(found), known


def _kept(found: Robustness, name: Measure) -> str:
    """Return what each model keeps half-way."""
    half = int(
        np.argmin(np.abs(found.strengths - (0.5 if found.damage in ("drop", "shuffle") else found.strengths.max() / 2)))
    )
    strength = float(found.strengths[half])
    told = f"{100 * strength:.0f} %" if found.damage in ("drop", "shuffle") else f"{strength:g} px"
    parts = [translate("CompareDamage", "At {strength}:").format(strength=told)]
    for one in found.curves:
        share = _share(one, name, half)
        if share is None:
            parts.append(translate("CompareDamage", "“{model}”: no true classes are known.").format(model=one.model))
        else:
            text = translate("CompareDamage", "“{model}” keeps {share} %.")
            parts.append(text.format(model=one.model, share=f"{100 * share:.0f}"))
    return " ".join(parts)


def _share(one: Curve, name: Measure, at: int) -> float | None:
    """Return what is kept of the intact image's number."""
    values = getattr(one, name)
    intact, now = float(values[0]), float(values[at])
    if not (np.isfinite(intact) and np.isfinite(now)) or intact <= 0:
        return None
    return now / intact


def _of(found: Robustness) -> str:
    text = translate("CompareDamage", "Images: {images}; tries of each: {trials}; patches: {rows} × {columns}.")
    return text.format(images=found.images, trials=found.trials, rows=found.grid[0], columns=found.grid[1])

"""The words of the class evidence view."""

import math

from PySide6.QtCore import QCoreApplication

from desktop_app.views.evidence_data import EvidenceData
from engine.evidence.cam import Activation
from engine.evidence.evidence import Evidence, Method, Trust

translate = QCoreApplication.translate


def method(name: Method | str) -> str:
    """Return the name of a method, as the papers have it."""
    return {
        "cam": "CAM",
        "eigen-cam": "Eigen-CAM",
        "score-cam": "Score-CAM",
        "ablation-cam": "Ablation-CAM",
        "occlusion": translate("Evidence", "Occlusion"),
        "rise": "RISE",
        "random": translate("Evidence", "chance"),
    }[name]


def meaning(name: Method) -> str:
    """Return what a method does, and its source."""
    return {
        "cam": translate(
            "Evidence",
            "Exact: the part of the class’s logit that comes from each place. Zhou et al. 2016.",
        ),
        "eigen-cam": translate(
            "Evidence",
            "The direction in which the maps differ most, whatever the class. Muhammad and Yeasin 2020.",
        ),
        "score-cam": translate(
            "Evidence",
            "Each map weighs as much as the class gains on the image shown through that map. Wang et al. 2020.",
        ),
        "ablation-cam": translate(
            "Evidence",
            "Each map weighs as much as the class loses without it. Desai and Ramaswamy 2020.",
        ),
        "occlusion": translate(
            "Evidence",
            "How much the probability falls while a square is hidden. Zeiler and Fergus 2014.",
        ),
        "rise": translate(
            "Evidence",
            "Mean over random masks, each weighed by the probability that it leaves. Petsiuk et al. 2018.",
        ),
    }[name]


def without_cam(data: EvidenceData) -> str:
    """Return why there are no exact maps."""
    text = translate("Evidence", "“{name}” does not average maps for one linear layer: use another method.")
    return text.format(name=data.name)


def title(name: Method, label: str) -> str:
    """Return what is shown large."""
    if name == "eigen-cam":
        return translate("Evidence", "{method}, of no class in particular").format(method=method(name))
    return translate("Evidence", "{method} for “{label}”").format(method=method(name), label=label)


def unit(found: Evidence) -> str:
    """Return what the numbers are."""
    return {
        "logit": translate("Evidence", "parts of the logit"),
        "probability": translate("Evidence", "parts of the probability"),
        "share": translate("Evidence", "shares without a unit"),
        "output": translate("Evidence", "parts of the output"),
    }[found.unit]


def exact(found: Activation) -> str:
    """Return the sum that makes a class activation map exact."""
    text = translate(
        "Evidence", "Mean of the map {mean} + bias {bias} = logit {logit}; the model’s own differs by {error}."
    )
    if math.isnan(found.error):
        text = translate("Evidence", "Mean of the map {mean} + bias {bias} = logit {logit}.")
    return text.format(
        mean=_signed(found.logit - found.bias),
        bias=_signed(found.bias),
        logit=_signed(found.logit),
        error=f"{found.error:.1e}",
    )


def about(found: Evidence) -> str:
    """Return what a map was made of."""
    parts = [translate("Evidence", "Numbers are {unit}.").format(unit=unit(found))]
    if found.score == found.score and found.index >= 0:
        parts.append(
            translate("Evidence", "On the whole image the model says {score}.").format(score=_signed(found.score))
        )
    if found.asked > 1:
        parts.append(translate("Evidence", "The model was asked about {count} images.").format(count=found.asked))
    return " ".join(parts)


def pointed(place: tuple[int, int] | None, value: float | None, found: Evidence) -> str:
    """Return the number under the pointer, else the largest."""
    if place is None or value is None:
        row, column = divmod(int(found.values.argmax()), found.values.shape[1])
        text = translate("Evidence", "Largest: {value} at row {row}, column {column} of {rows} × {columns}.")
        place, value = (row, column), float(found.values.max())
    else:
        text = translate("Evidence", "Row {row}, column {column} of {rows} × {columns}: {value}.")
    rows, columns = found.values.shape
    return text.format(value=_signed(value, 6), row=place[0], column=place[1], rows=rows, columns=columns)


def not_run() -> str:
    """Return what stands below a method that was not run."""
    return translate("Evidence", "not run")


def areas(curve: Trust | None) -> str:
    """Return the areas under a method's curves; a line above says what the arrows are."""
    return "" if curve is None else f"↓ {curve.deletion_area:.2f}  ↑ {curve.insertion_area:.2f}"


def working(name: Method | str, waiting_: int) -> str:
    """Return what is under way."""
    if name == "trust":
        text = translate("Evidence", "Deleting and inserting pixels…")
    else:
        text = translate("Evidence", "{method}…").format(method=method(name))
    if waiting_:
        more = translate("Evidence", "{count} waiting").format(count=waiting_)
        text = f"{text} ({more})"
    return text


def _signed(value: float, digits: int = 4) -> str:
    return f"{value:.{digits}g}".replace("-", "−")

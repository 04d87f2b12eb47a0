"""The curves and the words of the reach view."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication

from desktop_app.views.compare_depth_data import DepthData, DepthSide
from desktop_app.widgets.line_plot import Series
from engine.comparison import Reach

translate = QCoreApplication.translate


def series(data: DepthData, *, share: bool) -> list[Series]:
    """Return the curves of both runs: receptive fields, and attention with a band from its nearest to farthest head."""
    out = []
    for at, side in enumerate(data.sides):
        for kind, layers in (("field", side.fields), ("attention", side.found)):
            if layers:
                ink = 2 * at + (kind == "attention")
                out.append(_curve(_name(side, kind), layers, side.image if share else 1, ink, band=kind == "attention"))
    return out


def sentences(data: DepthData) -> list[str]:
    """Return what the last layers see, and what the numbers are."""
    out = [
        translate(
            "CompareDepth",
            "A receptive field is the most that a unit can see; attention’s distance is how far heads look here.",
        )
    ]
    parts = []
    for side in data.sides:
        if side.fields and not (side.sites and len(side.fields) == 1):
            text = translate("CompareDepth", "“{name}”: {pixels} pixels at last, of {image}.")
            parts.append(text.format(name=side.name, pixels=f"{side.fields[-1].pixels:.0f}", image=side.image))
        if side.found:
            last = side.found[-1]
            text = translate("CompareDepth", "“{name}”: {pixels} pixels at last ({low} to {high} by head), of {image}.")
            numbers = {key: f"{getattr(last, key):.1f}" for key in ("pixels", "low", "high")}
            parts.append(text.format(name=side.name, image=side.image, **numbers))
        if not side.fields and not side.sites:
            text = translate("CompareDepth", "Nothing in “{name}” lies on the image.")
            parts.append(text.format(name=side.name))
    return [*out, "  ".join(parts)]


def _name(side: DepthSide, kind: str) -> str:
    if kind == "attention":
        return translate("CompareDepth", "{name}: mean distance of attention").format(name=side.name)
    if side.sites and len(side.fields) == 1:
        return translate("CompareDepth", "{name}: a patch").format(name=side.name)
    return translate("CompareDepth", "{name}: receptive field").format(name=side.name)


def _curve(name: str, layers: Sequence[Reach], unit: float, ink: int, *, band: bool) -> Series:
    unit = unit or 1
    x = np.array([one.depth for one in layers], np.float32)
    y, low, high = (
        np.array([getattr(one, key) for one in layers], np.float32) / unit for key in ("pixels", "low", "high")
    )
    return Series(name, x, y, low if band else None, high if band else None, ink=ink, steps=len(layers) == 1)

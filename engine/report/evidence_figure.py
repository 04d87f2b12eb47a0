"""A map of what speaks for a class, drawn over the photo."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.evidence.evidence import Evidence, Method, Trust, resized
from engine.images.overlay import Look, colour_table, draw_picture
from engine.images.plan import Prepared
from engine.predictions import Prediction
from engine.render import figure
from engine.report.plot import PAPER, Line, plot

NAMES: dict[Method, str] = {
    "cam": "CAM",
    "eigen-cam": "Eigen-CAM",
    "score-cam": "Score-CAM",
    "ablation-cam": "Ablation-CAM",
    "occlusion": "Occlusion",
    "rise": "RISE",
}
"""What papers call the methods."""
DIVERGING = "matplotlib:coolwarm"
SMOOTH = 256
"""Longer side, in pixels, of a map that is shown smooth."""


def draw_map(
    prepared: Prepared, values: NDArray[np.floating], look: Look, *, smooth: bool = True
) -> tuple[Image.Image, tuple[float, float]]:
    """Draw a map over the photo, and return the numbers at both ends of its colours.

    Colours begin at 0; where there are negative numbers they are spread evenly around it.

    Args:
        prepared: the photo, and what the model saw of it.
        values: (row, column), over all that the model saw.
        look: colours and size.
        smooth: enlarge by bilinear interpolation; else every number is a rectangle.
    """
    known = np.nan_to_num(np.asarray(values, np.float32))
    low, high = float(known.min()), float(known.max())
    top = max(high, -low) or 1.0
    scale = (-top, top) if low < 0 else (0.0, top)
    if smooth:
        known = resized(known, larger(known.shape))
        look = Look(look.colormap, look.opacity, grid=False, side=look.side)
    shares = (known - scale[0]) / (scale[1] - scale[0])
    return draw_picture(prepared, shares, 1.0, look), scale


def larger(size: tuple[int, ...]) -> tuple[int, int]:
    """Return rows and columns of the same proportions whose longer one is at least `SMOOTH`."""
    factor = max(-(-SMOOTH // max(size)), 1)
    return size[0] * factor, size[1] * factor


def signed_look(look: Look | None, values: NDArray[np.floating]) -> Look:
    """Return how to draw a map where nothing was chosen: two-sided colours where numbers fall below 0."""
    if look is not None:
        return look
    return Look(DIVERGING if float(np.nan_to_num(values).min()) < 0 else "viridis")


def render_evidence(
    prepared: Prepared,
    found: Evidence,
    model: str,
    classes: tuple[Prediction, ...] = (),
    look: Look | None = None,
    *,
    smooth: bool = True,
    trust: tuple[Trust, ...] = (),
) -> Image.Image:
    """Draw a figure of a map: photo, overlay, colour bar, what is explained, prediction, curves.

    Args:
        prepared: the photo, and what the model saw of it.
        found: the map.
        model: name of the model.
        classes: of the model, best first.
        look: colours and size; None chooses.
        smooth: as in `draw_map`.
        trust: curves of the map, and of chance, to be drawn below.

    Raises:
        EngineError: there is no such colour map.
    """
    chosen = signed_look(look, found.values)
    picture, scale = draw_map(prepared, found.values, chosen, smooth=smooth)
    lines = (f"{model} · {prepared.photo.name}", f"{NAMES[found.method]} · {subject(found)}")
    drawn = figure(picture, lines, colour_table(chosen.colormap), scale, "", classes)
    return stacked(drawn, trust_plots(trust, drawn.width)) if trust else drawn


def trust_plots(trust: tuple[Trust, ...], width: int) -> Image.Image:
    """Draw the deletion curves of several maps, and beside them their insertion curves, with their areas."""
    pictures = []
    for kind in ("deletion", "insertion"):
        lines = [
            Line(f"{one.name} {getattr(one, f'{kind}_area'):.2f}", one.fractions.tolist(), getattr(one, kind).tolist())
            for one in trust
        ]
        pictures.append(plot(lines, f"share of pixels, {kind}", "score", (width // 2, 240)))
    paper = Image.new("RGB", (2 * (width // 2), 240), PAPER)
    for place, picture in enumerate(pictures):
        paper.paste(picture, (place * (width // 2), 0))
    return paper


def stacked(above: Image.Image, below: Image.Image) -> Image.Image:
    """Return one picture under the other."""
    paper = Image.new("RGB", (max(above.width, below.width), above.height + below.height), PAPER)
    paper.paste(above, (0, 0))
    paper.paste(below, (0, above.height))
    return paper


def subject(found: Evidence) -> str:
    """Say in words what a map explains."""
    where = f" · {found.layer}" if found.layer else ""
    if found.index < 0 and not found.label:
        return f"no class in particular{where}"
    name = found.label if found.index < 0 else f"{found.label or 'class'} ({found.index})"
    return f"{name}{where}"

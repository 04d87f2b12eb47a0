"""Plots on paper: lines, ranges and a matrix of numbers, drawn by Pillow."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from engine.images.lettering import uniform
from engine.images.overlay import colour_table

INK, PALE, PAPER, GRID = (28, 28, 32), (110, 110, 118), (255, 255, 255), (226, 226, 230)
COLOURS = ((58, 110, 165), (214, 96, 37), (64, 140, 90), (150, 90, 160))
"""Of the lines, in order; told apart by those who see no red or green, and by their marks."""
LEFT, RIGHT, TOP, BOTTOM = 64, 20, 40, 52
Colour = tuple[int, int, int]
Place = Callable[[float, float], tuple[float, float]]


@dataclass(frozen=True)
class Line:
    """One line of a plot.

    Attributes:
        name: in the legend.
        x, y: its points; those that are not numbers are left out.
        low, high: ends of a bar at each point; () for none.
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()


def plot(
    lines: Sequence[Line],
    across: str,
    up: str,
    size: tuple[int, int] = (560, 320),
    top: float | None = None,
    decimal: str = ".",
) -> Image.Image:
    """Draw lines over common axes from 0 up.

    Args:
        lines: what is drawn.
        across: name of the axis below.
        up: name of the axis on the left.
        size: (columns, rows) in pixels.
        top: upper end of the upward axis; None takes a round number above all.
        decimal: sign of decimals.
    """
    image = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(image)
    xs = [float(v) for line in lines for v in line.x]
    ys = [float(v) for line in lines for v in (*line.y, *line.high) if math.isfinite(v)]
    right = max(xs, default=1.0) or 1.0
    steps_up = ticks(max(ys, default=1.0) if top is None else top)
    steps_across = ticks(right)
    high, wide = steps_up[-1], max(right, steps_across[-1] if steps_across[-1] <= right * 1.001 else right)
    box = (LEFT, TOP, size[0] - RIGHT, size[1] - BOTTOM)

    def place(x: float, y: float) -> tuple[float, float]:
        return box[0] + (box[2] - box[0]) * x / wide, box[3] - (box[3] - box[1]) * y / high

    for value in steps_up:
        _, at = place(0, value)
        draw.line((box[0], at, box[2], at), fill=GRID)
        text(draw, (box[0] - 8, at), number(value, decimal), 12, PALE, "rm")
    for value in steps_across:
        if value <= wide * 1.001:
            at, _ = place(value, 0)
            draw.line((at, box[3], at, box[3] + 4), fill=PALE)
            text(draw, (at, box[3] + 8), number(value, decimal), 12, PALE, "ma")
    text(draw, ((box[0] + box[2]) / 2, size[1] - 8), across, 13, INK, "md")
    text(draw, (box[0], 8), up, 13, INK, "la")
    for index, line in enumerate(lines):
        _draw_line(draw, line, index, place)
    _legend(draw, lines, box)
    return image


def _draw_line(draw: ImageDraw.ImageDraw, line: Line, index: int, place: Place) -> None:
    colour = COLOURS[index % len(COLOURS)]
    points = [place(x, y) for x, y in zip(line.x, line.y, strict=True) if math.isfinite(y)]
    for x, low, high in zip(line.x, line.low, line.high, strict=False):
        (at, bottom), (_, top) = place(x, low), place(x, high)
        draw.line((at, bottom, at, top), fill=colour, width=2)
    if len(points) > 1:
        draw.line([value for point in points for value in point], fill=colour, width=3, joint="curve")
    for point in points:
        mark(draw, point, index, colour)


def mark(draw: ImageDraw.ImageDraw, at: tuple[float, float], index: int, colour: Colour) -> None:
    """Draw the mark of a line: a disc, a square, a diamond, a ring."""
    x, y = at
    r = 4
    match index % 4:
        case 0:
            draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)
        case 1:
            draw.rectangle((x - r, y - r, x + r, y + r), fill=colour)
        case 2:
            draw.polygon([(x, y - r - 1), (x + r + 1, y), (x, y + r + 1), (x - r - 1, y)], fill=colour)
        case _:
            draw.ellipse((x - r, y - r, x + r, y + r), outline=colour, width=2, fill=PAPER)


def _legend(draw: ImageDraw.ImageDraw, lines: Sequence[Line], box: tuple[int, int, int, int]) -> None:
    """Name the lines, right-aligned above the plot."""
    at = float(box[2])
    for index in reversed(range(len(lines))):
        name, font = uniform(lines[index].name, 13)
        at -= draw.textlength(name, font=font)
        draw.text((at, 26), name, fill=INK, font=font, anchor="lm")
        mark(draw, (at - 10, 26), index, COLOURS[index % len(COLOURS)])
        at -= 34


def matrix(
    values: NDArray[np.floating],
    rows: Sequence[str],
    columns: Sequence[str],
    across: str,
    down: str,
    decimal: str = ".",
) -> Image.Image:
    """Draw numbers of 0 … 1, (row, column), as coloured cells with their names.

    Args:
        values: the numbers; those that are not are grey.
        rows: names of the rows.
        columns: names of the columns.
        across: name of the axis below.
        down: name of the axis on the left.
        decimal: sign of decimals.
    """
    cell = max(min(460 // max(values.shape), 34), 5)
    left, top = 160, 34
    below = 176
    high, wide = values.shape[0] * cell, values.shape[1] * cell
    image = Image.new("RGB", (left + wide + 96, top + high + below), PAPER)
    draw = ImageDraw.Draw(image)
    table = colour_table("magma")
    colours = table[np.rint(np.clip(np.nan_to_num(values), 0, 1) * 255).astype(np.uint8)]
    colours[~np.isfinite(values)] = 200
    cells = Image.fromarray(np.ascontiguousarray(colours)).resize((wide, high), Image.Resampling.NEAREST)
    image.paste(cells, (left, top))
    every = max(-(-13 // cell), 1)
    for index in range(0, len(rows), every):
        text(draw, (left - 6, top + (index + 0.5) * cell), shortened(rows[index]), 11, PALE, "rm")
    strip = Image.new("RGB", (below - 30, max(wide, 1)), PAPER)
    pen = ImageDraw.Draw(strip)
    for index in range(0, len(columns), every):
        text(pen, (below - 36, (index + 0.5) * cell), shortened(columns[index]), 11, PALE, "rm")
    image.paste(strip.rotate(90, expand=True), (left, top + high))
    text(draw, (8, 8), down, 13, INK, "la")
    text(draw, (left + wide / 2, image.height - 6), across, 13, INK, "md")
    bar = Image.fromarray(np.ascontiguousarray(table[::-1, None])).resize((14, high), Image.Resampling.BILINEAR)
    image.paste(bar, (left + wide + 24, top))
    for value in (0.0, 0.5, 1.0):
        text(draw, (left + wide + 46, top + round((high - 1) * (1 - value))), number(value, decimal), 12, PALE, "lm")
    return image


def bars(classes: Sequence[tuple[str, float]], width: int = 360, decimal: str = ".") -> Image.Image:
    """Draw names with bars of their shares of 1."""
    row = 24
    image = Image.new("RGB", (width, row * len(classes) + 8), PAPER)
    draw = ImageDraw.Draw(image)
    full = width * 2 // 5
    for index, (name, share) in enumerate(classes):
        y = 4 + index * row
        draw.rectangle((0, y, full, y + 15), fill=GRID)
        draw.rectangle((0, y, round(full * min(max(share, 0.0), 1.0)), y + 15), fill=COLOURS[0])
        percent = f"{100 * share:.1f}".replace(".", decimal)
        text(draw, (full + 10, y + 8), f"{percent} %  {shortened(name, 26)}", 14, INK, "lm")
    return image


def ticks(top: float) -> list[float]:
    """Return four to six round numbers from 0 to at least `top`."""
    if not top > 0 or not math.isfinite(top):
        return [0.0, 1.0]
    raw = top / 5
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= raw * 0.999)
    count = math.ceil(top / step - 1e-9)
    return [step * n for n in range(count + 1)]


def number(value: float, decimal: str = ".") -> str:
    """Write a number of an axis."""
    return f"{value:.6g}".replace(".", decimal)


def shortened(name: str, most: int = 26) -> str:
    """Return a name of bounded length: its end tells more than its middle."""
    return name if len(name) <= most else f"…{name[1 - most :]}"


def text(draw: ImageDraw.ImageDraw, at: tuple[float, float], words: str, size: int, ink: Colour, anchor: str) -> None:
    """Write words in a font that has their letters."""
    shown, font = uniform(words, size)
    draw.text(at, shown, fill=ink, font=font, anchor=anchor)

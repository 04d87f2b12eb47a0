"""A figure of one pattern between tokens that have words: queries down, keys across, numbers as colour."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from engine.images.lettering import uniform
from engine.images.overlay import Look, colour_table
from engine.report.plot import INK, PALE, PAPER, text
from engine.runtime.score_steps import Floats

MARGIN, BAR, TICKS = 24, 16, 5
LARGEST_CELL, SMALLEST_CELL = 40, 3
ROOM = 1100
"""Pixels that cells may take along either side; more tokens make smaller cells."""
LONGEST_LABEL = 170
MARK = (214, 96, 37)


@dataclass(frozen=True)
class TokenPicture:
    """What is drawn.

    Attributes:
        title, lines: above the picture.
        values: the pattern, (query, key).
        rows, columns: what queries and keys are called.
        down, across: what they are: "source tokens".
        row, column: a query or key to mark; None for none.
        below: lines under the picture.
    """

    title: str
    lines: tuple[str, ...]
    values: Floats
    rows: Sequence[str]
    columns: Sequence[str]
    down: str = ""
    across: str = ""
    row: int | None = None
    column: int | None = None
    below: tuple[str, ...] = ()


def draw_tokens(picture: TokenPicture, look: Look | None = None) -> Image.Image:
    """Draw a pattern with its tokens' names and its colour scale.

    Returns:
        A figure in mode RGB; with very many tokens only some are named.

    Raises:
        EngineError: the colour map is unknown.
    """
    look = look or Look()
    table = colour_table(look.colormap)
    queries, keys = picture.values.shape
    cell = int(np.clip(ROOM // max(queries, keys, 1), SMALLEST_CELL, LARGEST_CELL))
    size = int(np.clip(cell - 4, 10, 14))
    every = max(-(-(size + 2) // cell), 1)
    left = MARGIN + _widest(picture.rows[::every], size) + 12
    above = MARGIN + 34 + 22 * len(picture.lines) + _widest(picture.columns[::every], size) + 40
    wide, high = cell * keys, cell * queries
    width = max(left + wide + 2 * MARGIN + BAR + 56, 460)
    paper = Image.new("RGB", (width, above + high + 44 + 22 * len(picture.below) + MARGIN), PAPER)
    draw = ImageDraw.Draw(paper)
    _write(draw, (MARGIN, MARGIN), picture.title, 19, width - 2 * MARGIN)
    for i, line in enumerate(picture.lines):
        _write(draw, (MARGIN, MARGIN + 32 + 22 * i), line, 14, width - 2 * MARGIN, pale=True)
    top = look.top or float(np.nanmax(picture.values, initial=0.0)) or 1.0
    paper.paste(_cells(picture.values / np.float32(top), table, cell), (left, above))
    _names(paper, picture, (left, above), cell, size, every)
    _marks(draw, picture, (left, above, wide, high), cell)
    draw.rectangle((left - 1, above - 1, left + wide, above + high), outline=PALE)
    _scale(paper, (left + wide + MARGIN, above), max(min(high, 240), 60), table, top)
    text(draw, (left, above + high + 10), picture.across, 13, PALE, "la")
    for i, line in enumerate(picture.below):
        _write(draw, (MARGIN, above + high + 44 + 22 * i), line, 14, width - 2 * MARGIN)
    return paper


def _cells(values: Floats, table: NDArray[np.uint8], cell: int) -> Image.Image:
    """Return every number as a square of its colour; grey where there is none."""
    colours = table[np.rint(np.clip(np.nan_to_num(values), 0, 1) * 255).astype(np.uint8)]  # (query, key, 3)
    colours[~np.isfinite(values)] = 200
    small = Image.fromarray(np.ascontiguousarray(colours))
    return small.resize((small.width * cell, small.height * cell), Image.Resampling.NEAREST)


def _names(
    paper: Image.Image, picture: TokenPicture, corner: tuple[int, int], cell: int, size: int, every: int
) -> None:
    """Write what queries are called on the left, keys on end above."""
    left, above = corner
    draw = ImageDraw.Draw(paper)
    for i in range(0, len(picture.rows), every):
        ink = MARK if i == picture.row else INK
        text(draw, (left - 8, above + (i + 0.5) * cell), _short(picture.rows[i], size), size, ink, "rm")
    tall = _widest(picture.columns[::every], size) + 8
    strip = Image.new("RGB", (tall, max(len(picture.columns) * cell, 1)), PAPER)
    pen = ImageDraw.Draw(strip)
    for i in range(0, len(picture.columns), every):
        ink = MARK if i == picture.column else INK
        text(pen, (2, (i + 0.5) * cell), _short(picture.columns[i], size), size, ink, "lm")
    upright = strip.transpose(Image.Transpose.ROTATE_90)  # its first row comes to stand on the left
    paper.paste(upright, (left, above - tall - 4))
    text(draw, (left - 8, above - 14), picture.down, 13, PALE, "rm")


def _marks(draw: ImageDraw.ImageDraw, picture: TokenPicture, box: tuple[int, int, int, int], cell: int) -> None:
    left, above, wide, high = box
    if picture.row is not None:
        y = above + picture.row * cell
        draw.rectangle((left, y, left + wide - 1, y + cell - 1), outline=MARK, width=2)
    if picture.column is not None:
        x = left + picture.column * cell
        draw.rectangle((x, above, x + cell - 1, above + high - 1), outline=MARK, width=2)


def _scale(paper: Image.Image, corner: tuple[int, int], high: int, table: NDArray[np.uint8], top: float) -> None:
    """Draw the colour scale with numbers, the largest on top."""
    x, y = corner
    strip = Image.fromarray(np.ascontiguousarray(table[::-1, None])).resize((BAR, high), Image.Resampling.BILINEAR)
    paper.paste(strip, corner)
    draw = ImageDraw.Draw(paper)
    for i in range(TICKS):
        at = y + round(i * (high - 1) / (TICKS - 1))
        draw.line((x + BAR, at, x + BAR + 4, at), fill=INK)
        text(draw, (x + BAR + 8, at), f"{top * (1 - i / (TICKS - 1)):.3g}", 12, INK, "lm")


def _widest(names: Sequence[str], size: int) -> int:
    return min(max((round(_length(_short(name, size), size)) for name in names), default=0), LONGEST_LABEL)


def _length(name: str, size: int) -> float:
    shown, font = uniform(name, size)
    return float(font.getlength(shown))


def _short(name: str, size: int) -> str:
    """Return a name that fits beside the cells."""
    if _length(name, size) <= LONGEST_LABEL:
        return name
    while len(name) > 1 and _length(name + "…", size) > LONGEST_LABEL:
        name = name[:-1]
    return name + "…"


def _write(
    draw: ImageDraw.ImageDraw, at: tuple[int, int], words: str, size: int, width: int, *, pale: bool = False
) -> None:
    """Write one line, cut where it is too long."""
    shown = words
    while len(words) > 1 and _length(shown, size) > width:
        words = words[:-1]
        shown = words.rstrip() + "…"
    text(draw, at, shown, size, PALE if pale else INK, "la")

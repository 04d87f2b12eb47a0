"""A figure of one head that can be printed: photo, patch grid, overlay, colour bar, prediction. Without Qt."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from engine.attention import Direction, attention_row, class_token, grid_of
from engine.errors import EngineError, declare_errors
from engine.grid import PatchGrid, on_image
from engine.images.lettering import lettered
from engine.images.overlay import Look, colour_table, draw_picture
from engine.messages import translate
from engine.predictions import Prediction, top_classes
from engine.runtime.run import Run
from engine.runtime.score_steps import Floats
from engine.sites.site import AttentionSite

declare_errors(
    {
        "no-grid": translate("engine", "The {tokens} tokens of site {site} do not lie on the image as a patch grid."),
        "no-grid.advice": translate("engine", "Choose another site, or save the numbers instead of a figure."),
        "no-photo": translate("engine", "This run was made from arrays, not from a photo."),
        "no-photo.advice": translate("engine", "Run the model on a photo to draw a figure."),
    }
)

INK, PALE, PAPER = (28, 28, 32), (110, 110, 118), (255, 255, 255)
MARGIN, BAR, TICKS, LINE, SMALLEST = 24, 18, 5, 24, 11
Colour = tuple[int, int, int]


def render_head(
    run: Run,
    site: AttentionSite,
    head: int,
    query: int,
    direction: Direction = "from",
    *,
    mean_heads: bool = False,
    batch: int = 0,
    look: Look | None = None,
) -> Image.Image:
    """Draw what one token attends to (or is attended by) in one head.

    Args:
        run: a run made from a photo.
        site: the attention to read.
        head: head within the site; not looked at with `mean_heads`.
        query: the token pointed at.
        direction: "from" the token, "to" it, or from the "class" token.
        mean_heads: the mean over the heads of the site.
        batch: item of the pattern's batch axis.
        look: colours and size.

    Returns:
        A figure in mode RGB.

    Raises:
        EngineError: the run has no photo, the tokens lie on no grid, or the colour map is unknown.
        IndexError: head or token lie outside the pattern.
    """
    look = look or Look()
    if run.image is None:
        raise EngineError("no-photo")
    row = attention_row(run, site, head, query, direction, mean_heads=mean_heads, batch=batch)  # (key,)
    grid = grid_of(run, site, keys=direction != "to")
    if grid is None:
        raise EngineError("no-grid", tokens=row.size, site=site.index)
    origin = grid_of(run, site, keys=direction == "to")
    token = (class_token(run, site) or 0) if direction == "class" else query
    values = on_image(row, grid, batch)  # (row, column) of the whole image
    top = look.top or float(np.nanmax(row)) or 1.0
    mark = origin.on_image(token, batch) if origin is not None else None
    picture = draw_picture(run.image, values, top, look, mark if origin == grid else None)
    which = f"mean over {site.heads} heads" if mean_heads else f"head {head}"
    lines = (
        f"{run.model.name} · {run.image.photo.name}",
        f"site {site.index} · {which} · {direction_words(direction, token, origin)}",
    )
    table = colour_table(look.colormap)
    return figure(picture, lines, table, (0.0, top), _specials(row, grid), top_classes(run))


def direction_words(direction: Direction, token: int, grid: PatchGrid | None) -> str:
    """Say in words which row or column of the pattern is shown."""
    place = grid.place_of(token) if grid is not None else None
    name = f"patch {place[0]},{place[1]} (token {token})" if place else f"token {token}"
    return {"from": f"from {name}", "to": f"to {name}", "class": f"from the class token ({token})"}[direction]


def _specials(row: Floats, grid: PatchGrid) -> str:
    """Say how much falls on tokens that are no patches."""
    special = [*range(grid.prefix), *range(grid.prefix + grid.patches, grid.tokens)]
    if not special:
        return ""
    if len(special) > 5:
        return f"{len(special)} special tokens together: {float(row[special].sum()):.3g}"
    return "special tokens: " + ", ".join(f"token {i}: {float(row[i]):.3g}" for i in special)


def figure(
    picture: Image.Image,
    lines: tuple[str, str],
    table: NDArray[np.uint8],
    scale: tuple[float, float],
    below_picture: str,
    classes: tuple[Prediction, ...],
    heading: str = "prediction",
) -> Image.Image:
    """Lay out title, picture, colour bar and prediction on white paper.

    Args:
        picture: what is shown.
        lines: title, and the smaller line under it.
        table: (256, 3) colours of the scale.
        scale: numbers at its lower and upper end.
        below_picture: one line; "" for none.
        classes: of the model, best first.
        heading: above them.
    """
    above = MARGIN + 2 * LINE + 10
    below = (LINE if below_picture else 0) + ((len(classes) + 1) * LINE + 10) * bool(classes)
    width = max(picture.width + 3 * MARGIN + BAR + 64, 420)
    paper = Image.new("RGB", (width, above + picture.height + 12 + below + MARGIN), PAPER)
    draw = ImageDraw.Draw(paper)
    inside = width - 2 * MARGIN
    write(draw, (MARGIN, MARGIN + 6), lines[0], 18, inside)
    write(draw, (MARGIN, MARGIN + LINE + 8), lines[1], 14, inside, PALE)
    paper.paste(picture, (MARGIN, above))
    _colour_bar(paper, (2 * MARGIN + picture.width, above), picture.height, table, scale)
    y = above + picture.height + 12
    if below_picture:
        write(draw, (MARGIN, y + 8), below_picture, 14, inside, PALE)
        y += LINE
    if classes:
        write(draw, (MARGIN, y + 18), heading, 18, inside)
        _prediction(draw, y + LINE + 12, classes, inside)
    return paper


def _colour_bar(
    paper: Image.Image, corner: tuple[int, int], height: int, table: NDArray[np.uint8], scale: tuple[float, float]
) -> None:
    """Draw the colour scale with numbers, the largest on top."""
    x, y = corner
    strip = Image.fromarray(np.ascontiguousarray(table[::-1, None])).resize((BAR, height), Image.Resampling.BILINEAR)
    paper.paste(strip, corner)
    draw, font = ImageDraw.Draw(paper), ImageFont.load_default(13)
    for i in range(TICKS):
        at = y + round(i * (height - 1) / (TICKS - 1))
        draw.line((x + BAR, at, x + BAR + 4, at), fill=INK)
        number = scale[1] + (scale[0] - scale[1]) * i / (TICKS - 1)
        draw.text((x + BAR + 8, at), f"{number:.3g}", fill=INK, font=font, anchor="lm")


def _prediction(draw: ImageDraw.ImageDraw, y: int, classes: tuple[Prediction, ...], width: int) -> None:
    """Draw classes with bars of their probabilities."""
    full = width // 3
    for i, found in enumerate(classes):
        at = y + i * LINE
        draw.rectangle((MARGIN, at, MARGIN + full, at + 15), fill=(236, 236, 240))
        draw.rectangle((MARGIN, at, MARGIN + round(full * min(found.probability, 1.0)), at + 15), fill=(58, 110, 165))
        text = f"{100 * found.probability:.1f} %  {found.label}"
        write(draw, (MARGIN + full + 10, at + 8), text, 14, width - full - 10)


def write(draw: ImageDraw.ImageDraw, at: tuple[int, int], text: str, size: int, width: int, ink: Colour = INK) -> None:
    """Write one line, smaller where it is too long for the width, and cut where that does not help."""
    while size > SMALLEST and _length(draw, text, size) > width:
        size -= 1
    kept, font = lettered(text, size)
    while len(kept) > 1 and draw.textlength(kept, font=font) > width:
        text = text[:-1]
        kept, font = lettered(text.rstrip() + "…", size)
    draw.text(at, kept, fill=ink, font=font, anchor="lm")


def _length(draw: ImageDraw.ImageDraw, text: str, size: int) -> float:
    kept, font = lettered(text, size)
    return draw.textlength(kept, font=font)

"""A report as one sheet of paper: a picture that can be printed or put into a document."""

from dataclasses import dataclass

from PIL import Image, ImageDraw

from engine.images.lettering import uniform
from engine.report.document import Report, Section, Table
from engine.report.plot import INK, PALE, PAPER, text

WIDTH, MARGIN, GAP = 1240, 48, 24
LINE = 22
RULE = (220, 220, 226)


@dataclass
class Cursor:
    """Where the next thing goes; without a pen it only measures."""

    draw: ImageDraw.ImageDraw
    paper: Image.Image
    y: int = MARGIN
    real: bool = False


def sheet(report: Report) -> Image.Image:
    """Return a report as a picture, `WIDTH` pixels wide and as high as it takes."""
    tiny = Image.new("RGB", (8, 8), PAPER)
    measure = Cursor(ImageDraw.Draw(tiny), tiny)
    _report(measure, report)
    paper = Image.new("RGB", (WIDTH, measure.y + MARGIN), PAPER)
    _report(Cursor(ImageDraw.Draw(paper), paper, real=True), report)
    return paper


def _report(at: Cursor, report: Report) -> None:
    _write(at, report.title, 26, 40)
    for line in report.lines:
        _write(at, line, 15, LINE, pale=True)
    for section in report.sections:
        _section(at, section)


def _section(at: Cursor, section: Section) -> None:
    at.y += GAP
    _write(at, section.title, 20, 34)
    for line in section.lines:
        _write(at, line, 15, LINE)
    for row in section.pictures:
        at.y += 8
        x, high = MARGIN, 0
        for picture in row:
            image = _fitting(picture.image)
            if x > MARGIN and x + image.width > WIDTH - MARGIN:
                at.y, x, high = at.y + high + 12, MARGIN, 0
            if at.real:
                at.paper.paste(image, (x, at.y))
            below = 0
            for words in _broken(at.draw, picture.caption, 13, max(image.width, 160)):
                if at.real:
                    text(at.draw, (x, at.y + image.height + 6 + below), words, 13, PALE, "la")
                below += 18
            high = max(high, image.height + below + 8)
            x += image.width + GAP
        at.y += high + 8
    if section.table is not None:
        _table(at, section.table)


def _fitting(image: Image.Image) -> Image.Image:
    room = WIDTH - 2 * MARGIN
    if image.width <= room:
        return image
    return image.resize((room, max(image.height * room // image.width, 1)), Image.Resampling.LANCZOS)


def _table(at: Cursor, table: Table) -> None:
    columns = len(table.header)
    first = 300
    wide = (WIDTH - 2 * MARGIN - first) // max(columns - 1, 1)
    for place, row in enumerate((table.header, *table.rows)):
        cells = [_broken(at.draw, cell, 15, (first if n == 0 else wide) - 16) for n, cell in enumerate(row)]
        for n, lines in enumerate(cells):
            x = MARGIN + (0 if n == 0 else first + (n - 1) * wide)
            for k, words in enumerate(lines):
                if at.real:
                    ink = INK if place == 0 or n else PALE
                    text(at.draw, (x, at.y + 4 + k * LINE), words, 15, ink, "la")
        at.y += max(len(lines) for lines in cells) * LINE + 6
        if at.real:
            at.draw.line((MARGIN, at.y - 2, WIDTH - MARGIN, at.y - 2), fill=RULE)


def _write(at: Cursor, words: str, size: int, step: int, *, pale: bool = False) -> None:
    for line in _broken(at.draw, words, size, WIDTH - 2 * MARGIN):
        if at.real:
            text(at.draw, (MARGIN, at.y), line, size, PALE if pale else INK, "la")
        at.y += step


def _broken(draw: ImageDraw.ImageDraw, words: str, size: int, width: int) -> list[str]:
    """Break words into lines that fit."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        shown, font = uniform(longer, size)
        if lines and draw.textlength(shown, font=font) > width:
            lines.append(word)
        else:
            lines[-1:] = [longer]
    return lines

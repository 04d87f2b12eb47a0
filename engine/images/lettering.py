"""Fonts for figures: Pillow's own where it has the letters, else one of the system's."""

import unicodedata
from functools import cache

from PIL import ImageFont

SYSTEM_FONTS = ("DejaVuSans.ttf", "LiberationSans-Regular.ttf", "NotoSans-Regular.ttf", "Arial.ttf", "FreeSans.ttf")

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def lettered(text: str, size: int) -> tuple[str, Font]:
    """Return text that can be drawn, and the font to draw it with.

    Pillow's built-in font has plain Latin letters only: a label such as “pingüino” is drawn with a common font of
    the system, or, where there is none, without its accents.
    """
    if all(map(_built_in, text)):
        return text, ImageFont.load_default(size)
    font = _system_font(size)
    return (text, font) if font is not None else (_plain(text), ImageFont.load_default(size))


def uniform(text: str, size: int) -> tuple[str, Font]:
    """Return text that can be drawn, and the one font that all words of a report share: one of the system's."""
    font = _system_font(size)
    return (text, font) if font is not None else lettered(text, size)


@cache
def _built_in(letter: str) -> bool:
    """Return whether the built-in font has a letter: it draws all it lacks as the same box."""
    font = ImageFont.load_default(16)
    return letter == " " or bytes(font.getmask(letter)) != bytes(font.getmask("\uffff"))


@cache
def _system_font(size: int) -> ImageFont.FreeTypeFont | None:
    for name in SYSTEM_FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return None


def _plain(text: str) -> str:
    """Return text in letters of the built-in font: without accents, or a question mark."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return "".join(c if _built_in(c) else "?" for c in bare)

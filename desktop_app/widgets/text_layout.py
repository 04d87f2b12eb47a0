"""Where the tokens of a text lie, set in lines as words are set: pure geometry, in logical pixels."""

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from engine.text.tokens import SPACES

PAD, APART, DOWN = 5.0, 5.0, 5.0
"""Room inside a token, between words, and between lines."""
_LONGEST = 260.0


@dataclass(frozen=True)
class TextLayout:
    """Rectangles of tokens in lines.

    Attributes:
        rects: of each token.
        firsts: the first token of each line.
        tops: of each line.
        height: of all lines.
    """

    rects: tuple[QRectF, ...]
    firsts: tuple[int, ...]
    tops: tuple[float, ...]
    height: float

    def token_at(self, point: QPointF) -> int | None:
        """Return the token under a point."""
        return next((token for token in self.on_line(point.y()) if self.rects[token].contains(point)), None)

    def on_line(self, y: float) -> range:
        """Return the tokens of the line at a height, the nearest line below the top."""
        if not self.firsts:
            return range(0)
        line = max(0, bisect_right(self.tops, y) - 1)
        last = self.firsts[line + 1] if line + 1 < len(self.firsts) else len(self.rects)
        return range(self.firsts[line], last)

    def between(self, top: float, bottom: float) -> range:
        """Return the tokens of all lines that cross a band."""
        if not self.firsts:
            return range(0)
        return range(self.on_line(top).start, self.on_line(bottom).stop)

    def rect_of(self, token: int) -> QRectF | None:
        """Return the rectangle of a token."""
        return self.rects[token] if 0 <= token < len(self.rects) else None

    def step(self, token: int | None, right: int, down: int) -> int | None:
        """Return the next token of the text, or the nearest of the line above or below."""
        if not self.rects:
            return None
        if token is None:
            return 0
        if right:
            return max(0, min(token + right, len(self.rects) - 1))
        here = self.rects[token]
        line = bisect_right(self.firsts, token) - 1 + down
        if not 0 <= line < len(self.firsts):
            return token
        x = here.center().x()
        return min(self.on_line(self.tops[line]), key=lambda other: abs(self.rects[other].center().x() - x))


def text_layout(
    widths: Sequence[float], joined: Sequence[bool], breaks: Sequence[bool], line: float, room: float, *, mirrored: bool
) -> TextLayout:
    """Set tokens in lines.

    Args:
        widths: of each token's text, (token,).
        joined: which go on with the word before; words are kept together where a line has room for them.
        breaks: after which a new line begins.
        line: height of a line of text.
        room: width of the lines.
        mirrored: lines begin at the right.
    """
    boxes = [min(width, _LONGEST) + 2 * PAD for width in widths]
    rects: list[QRectF] = []
    firsts, tops = [0] if boxes else [], [0.0] if boxes else []
    x, y, height = 0.0, 0.0, line + PAD
    for token, box in enumerate(boxes):
        whole = box
        if not joined[token]:
            end = token + 1
            while end < len(boxes) and joined[end]:
                whole += boxes[end] + 1
                end += 1
        need = whole if whole <= room else box
        if rects and (x + need > room or breaks[token - 1]) and firsts[-1] != token:
            x, y = 0.0, y + height + DOWN
            firsts.append(token)
            tops.append(y)
        rects.append(QRectF(room - x - box if mirrored else x, y, box, height))
        x += box + (1 if token + 1 < len(boxes) and joined[token + 1] else APART)
    return TextLayout(tuple(rects), tuple(firsts), tuple(tops), y + height if boxes else 0.0)


def leans_right(pieces: Sequence[str]) -> bool:
    """Return whether more letters of a text are written from right to left than the other way."""
    sides = [unicodedata.bidirectional(letter) for piece in pieces for letter in piece]
    return sum(side in ("R", "AL") for side in sides) > sum(side == "L" for side in sides)


def visible(piece: str) -> str:
    """Return what is painted for a piece: what leaves no ink gets a sign."""
    if piece in SPACES:
        return "␣"
    text = piece.replace("\n", "⏎").replace("\t", "⇥").replace("\r", "")
    text = text.strip(" ") or "␣" * max(1, len(text))
    return "".join(letter if letter.isprintable() or letter == "\u200d" else "�" for letter in text)

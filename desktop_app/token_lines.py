"""The tokens on one side of an attention in words: pieces of a text, patches of an image, or numbers."""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Literal, cast

from PySide6.QtCore import QCoreApplication

from desktop_app import token_words
from engine import AttentionSite, Run
from engine.grid import PatchGrid
from engine.tokens import tokens_of_site

Kind = Literal["text", "patches", "frames", "objects", "numbers"]
"""Pieces of a text, patches of an image, frames of a sound, objects that are sought, or nothing but places."""

_KINDS: dict[str, Kind] = {"piece": "text", "patch": "patches", "frame": "frames", "object": "objects"}

translate = QCoreApplication.translate


@dataclass(frozen=True)
class TokenLine:
    """Tokens in order.

    Attributes:
        pieces: what each is called.
        special: which are special tokens, such as [CLS], or the class token of an image.
        words: number of the word that each belongs to; neighbours with one number are pieces of one word.
        kind: what they are.
        stream: what they belong to: "source" or "target" text, "image", "audio", "objects" or "unknown".
        ids: their numbers in the vocabulary; empty where they have none.
        before: tokens of a past in front of the text, of which nothing is known.
        grid: how they lie on the image.
        seconds: beginning and end of each frame of a sound.
        boxes: (left, top, right, bottom) of each object, in fractions of what the model sees of the image.
    """

    pieces: tuple[str, ...]
    special: tuple[bool, ...]
    words: tuple[int, ...]
    kind: Kind = "numbers"
    stream: str = "unknown"
    ids: tuple[int, ...] = ()
    before: int = 0
    grid: PatchGrid | None = field(default=None, compare=False)
    seconds: tuple[tuple[float, float], ...] = field(default=(), compare=False)
    boxes: tuple[tuple[float, float, float, float], ...] = field(default=(), compare=False)

    def __len__(self) -> int:
        return len(self.pieces)

    @cached_property
    def joined(self) -> tuple[bool, ...]:
        """Which tokens go on with the word of the one before."""
        return (False, *(a == b for a, b in pairwise(self.words)))[: len(self)]

    @cached_property
    def has_special(self) -> bool:
        """Whether there are special tokens among them."""
        return any(self.special)

    @cached_property
    def has_pieces(self) -> bool:
        """Whether some word has several pieces."""
        return any(self.joined)


def numbered(count: int) -> TokenLine:
    """Return tokens of which only their places are known."""
    return TokenLine(tuple(map(str, range(count))), (False,) * count, tuple(range(count)))


def of_grid(grid: PatchGrid) -> TokenLine:
    """Return patches by row and column, and the special tokens beside them by name."""
    pieces = tuple(token_words.short(grid, token) for token in range(grid.tokens))
    special = tuple(grid.place_of(token) is None for token in range(grid.tokens))
    return TokenLine(pieces, special, tuple(range(grid.tokens)), "patches", "image", grid=grid)


def line_of(run: Run, site: AttentionSite, *, keys: bool = False, batch: int = 0) -> TokenLine:
    """Return the query tokens of a site, or its key tokens; remembered for the run."""
    name = ("token line", site.index, keys, batch)
    if name not in run.memo:
        line = _line_of(run, site, keys, batch)
        run.memo[name] = run.memo.setdefault(line, line)  # sites with the same tokens share them
    return cast(TokenLine, run.memo[name])


def _line_of(run: Run, site: AttentionSite, keys: bool, batch: int) -> TokenLine:
    axis = tokens_of_site(run, site, batch)[keys]
    if axis.kind == "patch" and axis.grid is not None:
        return of_grid(axis.grid)
    ids = axis.encoded.ids if axis.encoded is not None else ()
    if axis.kind == "token":
        return numbered(len(axis))
    return TokenLine(
        pieces=tuple(_object(label) for label in axis.labels) if axis.kind == "object" else axis.labels,
        special=axis.special,
        words=_words(axis.words),
        kind=_KINDS[axis.kind],
        stream=axis.stream,
        ids=(-1,) * axis.before + ids if ids else (),
        before=axis.before,
        seconds=axis.seconds,
        boxes=axis.boxes,
    )


def _object(label: str) -> str:
    return translate("TokenLines", "object {number}").format(number=label)


def _words(given: tuple[int | None, ...]) -> tuple[int, ...]:
    """Number words anew from 0; a token that belongs to none is a word of its own."""
    out: list[int] = []
    for token, word in enumerate(given):
        goes_on = token > 0 and word is not None and word == given[token - 1]
        out.append(out[-1] if goes_on else (out[-1] + 1 if out else 0))
    return tuple(out)

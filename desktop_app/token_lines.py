"""The tokens on one side of an attention in words: pieces of a text, patches of an image, or numbers."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, cast

import numpy as np

from desktop_app import token_words
from engine import AttentionSite, Run, attention
from engine.grid import PatchGrid

Kind = Literal["text", "patches", "numbers"]
"""Pieces of a text, patches of an image, or nothing but places."""


@dataclass(frozen=True)
class TokenLine:
    """Tokens in order.

    Attributes:
        pieces: what each is called.
        special: which are special tokens, such as [CLS], or the class token of an image.
        words: number of the word that each belongs to; neighbours with one number are pieces of one word.
        kind: what they are.
        ids: their numbers in the vocabulary; empty where they have none.
        grid: how they lie on the image.
    """

    pieces: tuple[str, ...]
    special: tuple[bool, ...]
    words: tuple[int, ...]
    kind: Kind = "numbers"
    ids: tuple[int, ...] = ()
    grid: PatchGrid | None = field(default=None, compare=False)

    def __len__(self) -> int:
        return len(self.pieces)

    @property
    def joined(self) -> tuple[bool, ...]:
        """Which tokens go on with the word of the one before."""
        return (False, *(a == b for a, b in pairwise(self.words)))[: len(self)]

    @property
    def has_special(self) -> bool:
        """Whether there are special tokens among them."""
        return any(self.special)

    @property
    def has_pieces(self) -> bool:
        """Whether some word has several pieces."""
        return any(self.joined)


def numbered(count: int, ids: tuple[int, ...] = ()) -> TokenLine:
    """Return tokens of which only their places are known, or their ids."""
    pieces = tuple(str(i) for i in (ids or range(count)))
    return TokenLine(pieces, (False,) * count, tuple(range(count)), "text" if ids else "numbers", ids)


def of_grid(grid: PatchGrid) -> TokenLine:
    """Return patches by row and column, and the special tokens beside them by name."""
    pieces = tuple(token_words.short(grid, token) for token in range(grid.tokens))
    special = tuple(grid.place_of(token) is None for token in range(grid.tokens))
    return TokenLine(pieces, special, tuple(range(grid.tokens)), "patches", grid=grid)


def line_of(run: Run, site: AttentionSite, *, keys: bool = False, batch: int = 0) -> TokenLine:
    """Return the query tokens of a site, or its key tokens; remembered for the run."""
    name = ("token line", site.index, keys, batch)
    if name not in run.memo:
        run.memo[name] = _line_of(run, site, keys, batch)
    return cast(TokenLine, run.memo[name])


def _line_of(run: Run, site: AttentionSite, keys: bool, batch: int) -> TokenLine:
    count = run.pattern_shape(site)[3 if keys else 2]
    grid = attention.grid_of(run, site, keys=keys)
    if grid is not None:
        return of_grid(grid)
    return numbered(count, _ids(run, count, batch))


def _ids(run: Run, count: int, batch: int) -> tuple[int, ...]:
    """Return the token ids that were given, where they are as many as the tokens; empty otherwise."""
    for array in run.inputs.values():
        if array.ndim == 2 and array.dtype == np.int64 and array.shape[1] == count and _is_ids(run, array):
            return tuple(int(i) for i in array[min(batch, len(array) - 1)])
    return ()


def _is_ids(run: Run, array: object) -> bool:
    names = [name for name, value in run.inputs.items() if value is array]
    return any(name.endswith("ids") and "type" not in name and "position" not in name for name in names)

"""Tokens folded into places: pieces of a word merged, special tokens left out, rows made to sum to 1 again.

Attention to a word is the sum over its pieces, attention from a word the mean over them (Clark et al. 2019,
section 3), so that rows of words sum to 1 as rows of tokens do.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from desktop_app.token_lines import TokenLine

Floats = NDArray[np.float32]
Special = Literal["shown", "dimmed", "out"]


@dataclass(frozen=True)
class Fold:
    """What is done to tokens before they are shown.

    Attributes:
        special: special tokens are shown as the others, dimmed, or left out.
        renormalised: what is left of each row is divided by its sum.
        words: pieces are merged into words.
    """

    special: Special = "shown"
    renormalised: bool = False
    words: bool = False


@dataclass(frozen=True)
class Folded:
    """One side after folding.

    Attributes:
        line: the places that are shown, each with what it is called.
        place_of: for each token its place, -1 where it is left out, (token,).
        first: for each place the first of its tokens, (place,).
    """

    line: TokenLine
    place_of: NDArray[np.intp]
    first: NDArray[np.intp]

    @cached_property
    def plain(self) -> NDArray[np.bool_]:
        """Which places are no special tokens, (place,); all where there is nothing else."""
        plain = ~np.array(self.line.special, bool)
        return plain if plain.any() else np.ones(len(plain), bool)

    @property
    def whole(self) -> bool:
        """Whether every token is a place of its own."""
        return len(self.first) == len(self.place_of)

    def place(self, token: int | None) -> int | None:
        """Return the place of a token; None where it is left out."""
        if token is None or not 0 <= token < len(self.place_of):
            return None
        place = int(self.place_of[token])
        return None if place < 0 else place

    def tokens(self, place: int) -> tuple[int, ...]:
        """Return the tokens of a place."""
        return tuple(int(i) for i in np.flatnonzero(self.place_of == place))


def fold(line: TokenLine, how: Fold) -> Folded:
    """Fold the tokens of one side."""
    out = how.special == "out" and line.has_special and not all(line.special)
    if not out and not (how.words and line.has_pieces):
        return Folded(line, np.arange(len(line)), np.arange(len(line)))
    kept = [i for i in range(len(line)) if not (out and line.special[i])]
    places: list[list[int]] = []
    for token in kept:
        same = how.words and places and line.words[places[-1][-1]] == line.words[token]
        if same and places[-1][-1] == token - 1:
            places[-1].append(token)
        else:
            places.append([token])
    place_of = np.full(len(line), -1, np.intp)
    for place, tokens in enumerate(places):
        place_of[tokens] = place
    first = np.array([tokens[0] for tokens in places], np.intp)
    if len(places) == len(line):
        return Folded(line, place_of, first)
    return Folded(_line(line, places), place_of, first)


def fold_keys(values: Floats, keys: Folded, *, renormalised: bool) -> Floats:
    """Return (…, place) of rows of a pattern (…, key)."""
    out = values if keys.whole else np.add.reduceat(values[..., keys.place_of >= 0], _starts(keys), axis=-1)
    if not renormalised:
        return cast(Floats, out)
    total = out.sum(axis=-1, keepdims=True)
    return cast(Floats, np.divide(out, total, out=np.zeros_like(out), where=total > 0))


def fold_queries(values: Floats, queries: Folded) -> Floats:
    """Return (…, place, key) of (…, query, key): the mean over the tokens of each place."""
    if queries.whole:
        return values
    kept = values[..., queries.place_of >= 0, :]
    starts = _starts(queries)
    sums = np.add.reduceat(kept, starts, axis=-2)
    counts = np.diff([*starts, kept.shape[-2]]).astype(np.float32)
    return cast(Floats, sums / counts[:, None])


def fold_pattern(values: Floats, queries: Folded, keys: Folded, *, renormalised: bool) -> Floats:
    """Return (…, place, place) of a pattern (…, query, key)."""
    return fold_queries(fold_keys(values, keys, renormalised=renormalised), queries)


def _starts(folded: Folded) -> NDArray[np.intp]:
    """Where each place begins among the tokens that are kept."""
    kept = np.flatnonzero(folded.place_of >= 0)
    return np.searchsorted(kept, folded.first)


def _line(line: TokenLine, places: list[list[int]]) -> TokenLine:
    pieces = tuple("".join(line.pieces[t] for t in tokens) for tokens in places)
    special = tuple(all(line.special[t] for t in tokens) for tokens in places)
    words = tuple(line.words[tokens[0]] for tokens in places)
    ids = tuple(line.ids[tokens[0]] for tokens in places) if line.ids and len(pieces) == len(line) else ()
    return TokenLine(pieces, special, words, line.kind, line.stream, ids)

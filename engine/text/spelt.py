"""Token numbers spelt out: their pieces, the text they make, what to show for each, and filling up to a length."""

import itertools
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from engine.errors import EngineError, declare_errors
from engine.messages import Message, declare, translate
from engine.text.reader import Pieces, Reader, Side
from engine.text.tokens import SPACES, Encoded

INVISIBLE = {" ": "␣", "\n": "⏎", "\t": "⇥", "\r": "␍", "\u00a0": "␣"}

declare_errors(
    {
        "text-empty": translate("engine", "There is no text to run: it gives no token."),
        "text-empty.advice": translate("engine", "Type a word or more."),
        "ids-range": translate("engine", "{number} is no token number of this model."),
        "ids-range.advice": translate("engine", "Its numbers are 0 to {last}."),
    }
)
declare(
    {
        "text-cut": translate(
            "engine", "The text has more tokens than the model takes ({limit}): the rest is cut off."
        ),
    }
)


def from_ids(
    ids: Sequence[int],
    reader: Reader | None,
    vocabulary: int | None = None,
    *,
    limit: int | None = None,
    side: Side = "source",
    start: int = 0,
) -> Encoded:
    """Return numbers as tokens, with their pieces and the text they make where there is a tokenizer.

    Args:
        ids: the numbers.
        reader: the tokenizer, if any.
        vocabulary: how many numbers the model knows, if that is known.
        limit: most of them that are kept.
        side: whose vocabulary.
        start: how many of them at the beginning stand for no text.

    Raises:
        EngineError: none given, or one that the model does not know.
    """
    numbers = tuple(int(i) for i in ids)
    if not numbers:
        raise EngineError("text-empty")
    check_ids(numbers, vocabulary if vocabulary is not None else (reader.size if reader is not None else None))
    notes: tuple[Message, ...] = ()
    if limit is not None and len(numbers) > limit:
        numbers, notes = numbers[:limit], (Message.of("text-cut", limit=limit),)
    names = reader.specials() if reader is not None else {}
    special = tuple(i in names or place < start for place, i in enumerate(numbers))
    text, offsets = _spelt(numbers, special, reader, side)
    pieces = tuple((reader.piece(i) if reader is not None else None) or str(i) for i in numbers)
    segments = (0,) * len(numbers)
    found = Pieces(numbers, pieces, offsets, special, words_of(text, offsets), segments)
    return Encoded(
        numbers,
        pieces,
        offsets,
        special,
        found.words,
        segments,
        segments,
        text=text,
        shown=shown(found, (text, "")),
        notes=notes,
    )


def _spelt(
    ids: Sequence[int], special: Sequence[bool], reader: Reader | None, side: Side
) -> tuple[str, tuple[tuple[int, int] | None, ...]]:
    """Return the text of ids, and where in it each lies; ids that make one character together share its place."""
    if reader is None:
        return "", (None,) * len(ids)
    text = ""
    places: list[tuple[int, int] | None] = [None] * len(ids)
    real = [place for place, gone in enumerate(special) if not gone]
    before, first = 0, 0  # pieces whose text is known, and where the context begins that they are spelt in
    for end in range(1, len(real) + 1):
        context = reader.decode([ids[p] for p in real[first:before]], side)
        whole = reader.decode([ids[p] for p in real[first:end]], side)
        if whole.endswith("�") and end < len(real):  # half a character
            continue
        new = whole[len(context) :]
        lead = len(new) - len(new.lstrip()) if new.strip() else 0
        for place in real[before:end]:
            places[place] = (len(text) + lead, len(text) + len(new)) if new else None
        text += new
        first, before = before, end
    return text, tuple(places)


def words_of(text: str, offsets: Sequence[tuple[int, int] | None]) -> tuple[int | None, ...]:
    """Return the number of the word each token belongs to, words being what stands between spaces."""
    starts = [i for i, c in enumerate(text) if not c.isspace() and (i == 0 or text[i - 1].isspace())]
    out: list[int | None] = []
    for place in offsets:
        inside = None if place is None else next((i for i in range(*place) if not text[i].isspace()), None)
        out.append(None if inside is None else bisect_right(starts, inside) - 1)
    return tuple(out)


def shown(pieces: Pieces, texts: Sequence[str]) -> tuple[str, ...]:
    """Return what each token says on screen: its part of the text, spaces made visible; else its piece."""
    out: list[str] = []
    groups = itertools.groupby(zip(pieces.pieces, pieces.offsets, pieces.segments, strict=True), lambda row: row[1:])
    for (place, segment), rows in groups:
        names = [piece for piece, _, _ in rows]
        if place is None:
            out += [name.lstrip(SPACES) or name for name in names]
            continue
        said = texts[segment][slice(*place)]
        said = _signed(said.strip(), CONTROLS) if any(map(_seen, said)) else _signed(said, UNSEEN)
        out += [said] if len(names) == 1 else [f"{said} {i + 1}/{len(names)}" for i in range(len(names))]
    return tuple(out)


CONTROLS = ("Cc", "Zl", "Zp")
UNSEEN = (*CONTROLS, "Cf", "Zs")
"""Categories of Unicode that leave no mark; joiners among them belong to the letters around them."""


def _seen(letter: str) -> bool:
    return unicodedata.category(letter) not in UNSEEN


def _signed(said: str, hidden: Sequence[str]) -> str:
    """Return a text with signs for the characters of some categories."""
    return "".join(INVISIBLE.get(c, f"U+{ord(c):04X}") if unicodedata.category(c) in hidden else c for c in said)


def padded(encoded: Encoded, length: int, pad: int, reader: Reader | None) -> Encoded:
    """Return the tokens filled up to a length."""
    more = length - len(encoded)
    if more <= 0:
        return encoded
    piece = (reader.piece(pad) if reader is not None else None) or str(pad)
    return replace(
        encoded,
        ids=(*encoded.ids, *(pad,) * more),
        pieces=(*encoded.pieces, *(piece,) * more),
        offsets=(*encoded.offsets, *(None,) * more),
        special=(*encoded.special, *(True,) * more),
        words=(*encoded.words, *(None,) * more),
        segments=(*encoded.segments, *(0,) * more),
        types=(*encoded.types, *(0,) * more),
        shown=(*encoded.shown, *(piece,) * more),
        padding=more,
    )


def check_ids(ids: Sequence[int], vocabulary: int | None) -> None:
    """Hold that a model knows these numbers.

    Raises:
        EngineError: it does not know one of them.
    """
    for number in ids:
        if number < 0 or (vocabulary is not None and number >= vocabulary):
            raise EngineError("ids-range", number=number, last="?" if vocabulary is None else vocabulary - 1)

"""From what a person gave to the tokens a model reads: tokenized, cut to fit, with each token's place in the text."""

import itertools
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from engine.errors import EngineError, declare_errors
from engine.messages import Message, declare, translate
from engine.text.files import load_tokenizer
from engine.text.plan import TextPlan
from engine.text.reader import Pieces, Reader, Side
from engine.text.tokens import SPACES, Encoded, TextSource, TextTokens

MOST_CHARACTERS = 2_000_000
"""Characters that are looked at; nobody sees more tokens than these make."""
MOST_TOKENS = 4096
"""Tokens of a model without a limit of its own: patterns take tokens² numbers."""
INVISIBLE = {" ": "␣", "\n": "⏎", "\t": "⇥", "\r": "␍", "\u00a0": "␣", "\u200d": "‍"}

declare_errors(
    {
        "text-empty": translate("engine", "There is no text to run: it gives no token."),
        "text-empty.advice": translate("engine", "Type a word or more."),
        "tokenizer-missing": translate("engine", "No tokenizer lies beside “{name}”."),
        "tokenizer-missing.advice": translate(
            "engine", "Choose a tokenizer file, such as tokenizer.json, or type token numbers instead of text."
        ),
        "ids-range": translate("engine", "{number} is no token number of this model."),
        "ids-range.advice": translate("engine", "Its numbers are 0 to {last}."),
        "no-text-input": translate("engine", "“{name}” takes no text."),
        "no-text-input.advice": translate("engine", "Open a model with an input of token numbers."),
    }
)
declare(
    {
        "text-unreadable": translate("engine", "{count} characters that are no text were replaced by “�”."),
        "text-cut": translate(
            "engine", "The text has more tokens than the model takes ({limit}): the rest is cut off."
        ),
        "text-huge": translate("engine", "Only the first {count} characters of the text were read."),
        "text-start": translate("engine", "The text is empty: the model gets its start token alone."),
    }
)


def encode(plan: TextPlan, source: TextSource, *, name: str = "") -> TextTokens:
    """Return the tokens of a source: of the texts the model reads first, and of its decoder.

    Args:
        plan: how text enters the model.
        source: what was given.
        name: the model, for refusals.

    Raises:
        EngineError: no tokenizer, no token, or numbers that the model does not know.
    """
    path = source.tokenizer or plan.tokenizer
    typed = source.ids is not None or plan.ids is None
    typed_target = plan.target is None or source.target_ids is not None or source.target is None
    if path is None and not (typed and typed_target):
        raise EngineError("tokenizer-missing", name=name)
    quiet = typed and typed_target  # a tokenizer that cannot be read then costs only the pieces' names
    reader = load_quietly(path) if quiet or path is None else load_tokenizer(path)
    first = _sources(plan, source, reader) if plan.ids is not None else ()
    target = (_target(plan, source, reader),) * max(len(first), 1) if plan.target is not None else ()
    named = reader.specials() if reader is not None else {}
    return TextTokens(first, target, plan.ids, plan.target, tuple(sorted(named.items())), _masked(plan, named))


def load_quietly(path: str | None) -> Reader | None:
    """Return the tokenizer of a file; None where there is none or it cannot be read."""
    if path is None:
        return None
    try:
        return load_tokenizer(path)
    except EngineError:
        return None


def _masked(plan: TextPlan, named: dict[int, str]) -> int | None:
    wanted = (plan.mask_token,) if plan.mask_token else ("[MASK]", "<mask>")
    return next((number for number, piece in named.items() if piece in wanted), None)


def _sources(plan: TextPlan, source: TextSource, reader: Reader | None) -> tuple[Encoded, ...]:
    limit = most_tokens(plan.limit, plan.length)
    if source.ids is not None:
        found = [from_ids(source.ids, reader, plan.vocabulary, limit=limit)]
    else:
        if reader is None:
            raise EngineError("tokenizer-missing", name="")
        texts = ((source.text, source.pair), *((text, None) for text in source.more))
        found = [_from_text(reader, text, pair, plan, limit, special=source.special) for text, pair in texts]
    length = plan.length or max(map(len, found))
    return tuple(padded(encoded, length, plan.pad, reader) for encoded in found)


def _from_text(reader: Reader, text: str, pair: str | None, plan: TextPlan, limit: int, *, special: bool) -> Encoded:
    text, notes = readable(text)
    if pair is not None:
        pair, more = readable(pair)
        notes += more
    pieces = reader.split(text, pair, special=special, limit=limit, side="source")
    if not pieces.ids:
        start = plan.generation.start if plan.generation is not None and plan.target is None else ()
        if not start:
            raise EngineError("text-empty")
        return replace(from_ids(start[:1], reader, plan.vocabulary), notes=(Message.of("text-start"),))
    check_ids(pieces.ids, plan.vocabulary)
    if pieces.cut:
        notes += (Message.of("text-cut", limit=limit),)
    return _encoded(pieces, text, pair, notes)


def _encoded(pieces: Pieces, text: str, pair: str | None, notes: tuple[Message, ...]) -> Encoded:
    texts = (text, pair or "")
    ends = [
        max((o[1] for o, s in zip(pieces.offsets, pieces.segments, strict=True) if o is not None and s == i), default=0)
        if pieces.cut
        else len(texts[i])
        for i in (0, 1)
    ]
    cut = tuple(None if not texts[i][end:].strip() else end for i, end in enumerate(ends))
    return Encoded(
        ids=pieces.ids,
        pieces=pieces.pieces,
        offsets=pieces.offsets,
        special=pieces.special,
        words=pieces.words,
        segments=pieces.segments,
        types=pieces.types or pieces.segments,
        text=text,
        pair=pair,
        shown=shown(pieces, texts),
        cut=(cut[0], cut[1]),
        notes=notes,
    )


def _target(plan: TextPlan, source: TextSource, reader: Reader | None) -> Encoded:
    """What the decoder reads: its start tokens, then the target so far."""
    limit = most_tokens(plan.target_limit, plan.target_length)
    rules = plan.generation
    start = rules.start if rules is not None else (0,)
    if source.target_ids is not None:
        ids = source.target_ids or start
        notes: tuple[Message, ...] = ()
    elif source.target is None or reader is None:
        ids, notes = start, ()
    else:
        text, notes = readable(source.target)
        room = max(limit - len(start), 1)
        pieces = reader.split(text, None, special=False, limit=room, side="target")
        ids = (*start, *pieces.ids)
        notes += (Message.of("text-cut", limit=limit),) if pieces.cut else ()
    encoded = from_ids(ids, reader, plan.vocabulary, limit=limit, side="target", start=len(start))
    encoded = replace(encoded, notes=(*notes, *encoded.notes))
    return padded(encoded, plan.target_length or len(encoded), plan.pad, reader)


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
        said = said.strip() or "".join(INVISIBLE.get(c, c) for c in said)
        out += [said] if len(names) == 1 else [f"{said} {i + 1}/{len(names)}" for i in range(len(names))]
    return tuple(out)


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


def readable(text: str) -> tuple[str, tuple[Message, ...]]:
    """Return a text that tokenizers take: halves of characters replaced, what is endless cut."""
    notes: tuple[Message, ...] = ()
    if len(text) > MOST_CHARACTERS:
        text, notes = text[:MOST_CHARACTERS], (Message.of("text-huge", count=MOST_CHARACTERS),)
    lone = sum("\ud800" <= c <= "\udfff" for c in text)
    if lone:
        text = "".join("�" if "\ud800" <= c <= "\udfff" else c for c in text)
        notes += (Message.of("text-unreadable", count=lone),)
    return text, notes


def most_tokens(limit: int | None, length: int | None) -> int:
    """Return how many tokens are read at most; a length that the graph fixes fits its positions."""
    if length is not None:
        return length
    return MOST_TOKENS if limit is None else min(limit, MOST_TOKENS)


def check_ids(ids: Sequence[int], vocabulary: int | None) -> None:
    """Hold that a model knows these numbers.

    Raises:
        EngineError: it does not know one of them.
    """
    for number in ids:
        if number < 0 or (vocabulary is not None and number >= vocabulary):
            raise EngineError("ids-range", number=number, last="?" if vocabulary is None else vocabulary - 1)

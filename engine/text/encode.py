"""From what a person gave to the tokens a model reads: tokenized, cut to fit, with each token's place in the text."""

from dataclasses import replace

from engine.errors import EngineError, declare_errors
from engine.messages import Message, declare, translate
from engine.text.files import load_tokenizer
from engine.text.plan import TextPlan
from engine.text.reader import Pieces, Reader
from engine.text.spelt import check_ids, from_ids, padded, shown
from engine.text.tokens import Encoded, TextSource, TextTokens

MOST_CHARACTERS = 2_000_000
"""Characters that are looked at; nobody sees more tokens than these make."""
MOST_TOKENS = 4096
"""Tokens of a model without a limit of its own: patterns take tokens² numbers."""

declare_errors(
    {
        "tokenizer-missing": translate("engine", "No tokenizer lies beside “{name}”."),
        "tokenizer-missing.advice": translate(
            "engine", "Choose a tokenizer file, such as tokenizer.json, or type token numbers instead of text."
        ),
        "no-text-input": translate("engine", "“{name}” takes no text."),
        "no-text-input.advice": translate("engine", "Open a model with an input of token numbers."),
    }
)
declare(
    {
        "text-unreadable": translate("engine", "Characters that are no text were replaced by “�”: {count}."),
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

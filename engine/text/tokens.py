"""What the tokens of a text are: ids, pieces, their places in the text. Frozen, and the same in every process."""

from dataclasses import dataclass, field

from engine.messages import Message

SPACES = "▁Ġ"
"""What vocabularies write for a space in front of a piece: SentencePiece's and byte-level BPE's."""


@dataclass(frozen=True)
class Encoded:
    """One text, or a pair, as a model reads it. All tuples have one entry for each token.

    Attributes:
        ids: numbers in the vocabulary.
        pieces: as the vocabulary spells them.
        offsets: first and one past the last character in the text (of its segment); None for tokens that the
            tokenizer adds, and where it does not tell.
        special: whether a token was added by the tokenizer or stands for no text: [CLS], </s>, padding.
        words: number of the word a piece belongs to, counted through both texts; None for special tokens.
        segments: 0 for the first text, 1 for the second.
        types: segments as the model is told them (token_type_ids): not every model tells texts apart.
        text: the first text as it was read: unreadable characters replaced, nothing else changed.
        pair: the second text; None where there is one text only.
        shown: what each token says on screen; the text it stands for where that is known.
        cut: for each text, the character from which on the model sees nothing; None where it sees all of it.
        notes: what was done to the text, and what was guessed.
        padding: how many tokens at the end only fill a length that the graph fixes.
    """

    ids: tuple[int, ...]
    pieces: tuple[str, ...]
    offsets: tuple[tuple[int, int] | None, ...]
    special: tuple[bool, ...]
    words: tuple[int | None, ...]
    segments: tuple[int, ...]
    types: tuple[int, ...] = ()
    text: str = ""
    pair: str | None = None
    shown: tuple[str, ...] = ()
    cut: tuple[int | None, int | None] = (None, None)
    notes: tuple[Message, ...] = ()
    padding: int = 0

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def read(self) -> int:
        """Number of tokens that are no padding."""
        return len(self.ids) - self.padding

    def label(self, token: int) -> str:
        """Return what to call a token on screen."""
        return self.shown[token] if token < len(self.shown) else self.pieces[token]

    def texts(self) -> tuple[str, ...]:
        """Return the one or two texts."""
        return (self.text,) if self.pair is None else (self.text, self.pair)


@dataclass(frozen=True)
class TextTokens:
    """The texts of a run, for each item of its batch.

    Attributes:
        source: what an encoder, or a decoder alone, read; empty where the source is an image or sound.
        target: what a decoder behind an encoder read: its start token and the text so far; empty without one.
        source_input, target_input: the inputs of the model that these went into.
        named: names of the special tokens that the tokenizer knows, by id: (id, "[SEP]").
        masked: id of the token that stands for a word to be filled in, where there is one.
        spelt: spelling of the tokens that the model found likely: (id, piece, what to show).
    """

    source: tuple[Encoded, ...] = ()
    target: tuple[Encoded, ...] = ()
    source_input: str | None = None
    target_input: str | None = None
    named: tuple[tuple[int, str], ...] = ()
    masked: int | None = None
    spelt: tuple[tuple[int, str, str], ...] = ()

    @property
    def notes(self) -> tuple[Message, ...]:
        """All that was done to the texts, once each."""
        return tuple(dict.fromkeys(note for encoded in (*self.source, *self.target) for note in encoded.notes))


@dataclass(frozen=True)
class TextSource:
    """What a person gives to a model that reads text. Only what is wanted need be given.

    Attributes:
        text: the text; of an encoder–decoder what the encoder reads.
        pair: a second text, read together with the first.
        more: further texts, each an item of the batch: what CLIP compares an image with, the other sentence of an
            embedding model.
        ids: token numbers typed by hand, in place of `text`.
        tokenizer: a tokenizer file chosen by the user; None takes the one beside the model.
        target: the text of the decoder, without its start token; None: the start token alone.
        target_ids: token numbers of the decoder, start token included, in place of `target`.
        special: whether the tokenizer adds its special tokens.
    """

    text: str = ""
    pair: str | None = None
    more: tuple[str, ...] = ()
    ids: tuple[int, ...] | None = None
    tokenizer: str | None = None
    target: str | None = None
    target_ids: tuple[int, ...] | None = None
    special: bool = True
    name: str = field(default="", compare=False)

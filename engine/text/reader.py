"""What every kind of tokenizer can do, and what it gives back before anything is cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from engine.errors import declare_errors
from engine.messages import translate

Side = Literal["source", "target"]
"""Whose vocabulary: Marian's two languages are spelt by two models."""

declare_errors(
    {
        "tokenizer-broken": translate("engine", "The tokenizer “{name}” cannot be read: {reason}."),
        "tokenizer-broken.advice": translate(
            "engine", "Download or save it again, choose another one, or type token numbers instead of text."
        ),
        "tokenizer-unknown": translate("engine", "“{name}” is no tokenizer that Mirada knows."),
        "tokenizer-unknown.advice": translate(
            "engine",
            "Choose a tokenizer.json, a vocab.txt, a vocab.json beside its merges.txt, or a SentencePiece model.",
        ),
        "sentencepiece-missing": translate(
            "engine", "“{name}” needs the package “sentencepiece”, which is not installed."
        ),
        "sentencepiece-missing.advice": translate(
            "engine", "Install it (pip install sentencepiece), or put a tokenizer.json beside the model."
        ),
    }
)


@dataclass(frozen=True)
class Pieces:
    """One text, or a pair, in pieces; entries as in `engine.text.tokens.Encoded`.

    `cut` is whether something was left out at an end; `types` are segments as the model is told them, where they
    are not those of the texts.
    """

    ids: tuple[int, ...]
    pieces: tuple[str, ...]
    offsets: tuple[tuple[int, int] | None, ...]
    special: tuple[bool, ...]
    words: tuple[int | None, ...]
    segments: tuple[int, ...]
    cut: bool = False
    types: tuple[int, ...] = ()


class Reader(Protocol):
    """A tokenizer."""

    def __hash__(self) -> int:
        """A tokenizer is itself, whatever others are like it."""

    @property
    def name(self) -> str:
        """The file it was read from."""

    @property
    def size(self) -> int:
        """Number of ids."""

    def split(self, text: str, pair: str | None, *, special: bool, limit: int | None, side: Side) -> Pieces:
        """Return a text in pieces, at most `limit` of them."""

    def decode(self, ids: Sequence[int], side: Side = "source") -> str:
        """Return the text that ids stand for, special tokens left out."""

    def piece(self, number: int) -> str | None:
        """Return how the vocabulary spells an id; None where it has no such id."""

    def find(self, piece: str) -> int | None:
        """Return the id of a piece."""

    def specials(self) -> dict[int, str]:
        """Return the special tokens by id."""

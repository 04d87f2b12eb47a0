"""Read the sentence pairs, split them, and learn the vocabulary of word pieces."""

import gzip
import pathlib
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from tokenizers import (
    AddedToken,
    Encoding,
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)

from assets.recipes.data import DataMissingError

PAD, START, END, UNKNOWN = "<pad>", "<s>", "</s>", "<unk>"
PAD_ID, START_ID, END_ID = 0, 1, 2  # the vocabulary begins with the special pieces
LONGEST = 126  # pieces of a sentence with its end, so that it fits the table of 128 positions
# A word with the space before it, or what follows an apostrophe, or one digit, or one sign.
WORDS = r"['’]\p{L}+|▁?\p{L}+|▁?\p{N}|▁?[^▁\p{L}\p{N}]|▁"


class Pair(NamedTuple):
    """A sentence and its translation."""

    spanish: str
    english: str


class Pairs(NamedTuple):
    """Pairs to learn from, and pairs of which no sentence is among those, in either language."""

    train: list[Pair]
    held_out: list[Pair]


def read_pairs(folder: pathlib.Path) -> list[Pair]:
    """Return all pairs of ``spa-eng``, in the order of the file. Raises DataMissingError when it is not there."""
    file = folder / "spa-eng" / "spa.txt.gz"
    if not file.is_file():
        raise DataMissingError(
            f"There are no sentence pairs at {file}: give the folder that holds spa-eng/ with --data."
        )
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [Pair(spanish, english) for english, spanish in (line.rstrip("\n").split("\t") for line in lines)]


def split(pairs: list[Pair], seed: int, share: float = 0.02) -> Pairs:
    """Hold out a share of the pairs, such that no held-out sentence is learnt from in either language.

    Sentences have several translations: pairs that hang together by a common sentence (capitals and punctuation
    aside) go to the same side together.
    """
    spanish = _numbers([pair.spanish for pair in pairs])  # (pair,)
    english = _numbers([pair.english for pair in pairs]) + len(pairs)  # (pair,)
    size = 2 * len(pairs)
    links = coo_array((np.ones(len(pairs)), (spanish, english)), shape=(size, size))
    groups = connected_components(links, directed=False)[1][spanish]  # (pair,)
    lucky = np.random.default_rng(seed).random(groups.max() + 1) < share  # (group,)
    held_out = lucky[groups]  # (pair,)
    return Pairs(
        [pair for pair, out in zip(pairs, held_out, strict=True) if not out],
        [pair for pair, out in zip(pairs, held_out, strict=True) if out],
    )


def _numbers(sentences: list[str]) -> npt.NDArray[np.int64]:
    """Return a number for each sentence, the same where only capitals and punctuation differ: (sentence,)."""
    seen: dict[str, int] = {}
    plain = ("".join(letter for letter in sentence.casefold() if letter.isalnum()) for sentence in sentences)
    return np.array([seen.setdefault(text, len(seen)) for text in plain], dtype=np.int64)


def learn_vocabulary(pairs: list[Pair], size: int) -> Tokenizer:
    """Return a tokenizer whose word pieces serve both languages (byte-pair encoding, Sennrich et al. 2016).

    A piece that begins a word carries the space before it as ``▁``, so that pieces join to the same text again.
    """
    tokenizer = Tokenizer(models.BPE(unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Strip(), normalizers.Prepend("▁"), normalizers.Replace(Regex(r"\s+"), "▁")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(WORDS), "isolated")
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    special = [AddedToken(name, special=True) for name in (PAD, START, END, UNKNOWN)]
    trainer = trainers.BpeTrainer(vocab_size=size, special_tokens=special, min_frequency=2, show_progress=False)
    tokenizer.train_from_iterator((sentence for pair in pairs for sentence in pair), trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single=f"$A {END}", special_tokens=[(END, END_ID)])
    return tokenizer


def words(sentence: Encoding) -> list[str]:
    """Return the words of a sentence, in small letters."""
    parts: dict[int, str] = {}
    for number, piece in zip(sentence.word_ids, sentence.tokens, strict=True):
        if number is not None:
            parts[number] = parts.get(number, "") + piece.lstrip("▁").lower()
    return [parts[number] for number in sorted(parts)]

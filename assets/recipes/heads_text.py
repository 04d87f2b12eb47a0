"""What the heads of the bundled translator do, measured with Mirada's own engine."""

import dataclasses
import pathlib
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding, Tokenizer

import assets
import engine
from assets.recipes.pairs import START_ID, Pair, words

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
OFFSETS = (-2, -1, 0, 1, 2)


class Aligned(NamedTuple):
    """A pair of sentences, and for words of the English one the words of the Spanish one that they stand for."""

    pair: Pair
    links: dict[str, set[str]]


def aligned_pairs() -> list[Aligned]:
    """Return the pairs that were aligned by hand; no word comes twice in a sentence, signs are not counted."""
    read = []
    for line in assets.path("recipes", "aligned.tsv").read_text(encoding="utf-8").splitlines():
        spanish, english, listed = line.split("\t")
        links: dict[str, set[str]] = {}
        for link in listed.lower().split():
            from_word, to_word = link.split("=")
            links.setdefault(to_word, set()).add(from_word)
        read.append(Aligned(Pair(spanish, english), links))
    return read


class Reader:
    """The shipped encoder and decoder, opened by the engine, with the pattern of every head for one pair."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.encoder = engine.open_model(folder / "encoder_model.onnx")
        self.decoder = engine.open_model(folder / "decoder_model.onnx")
        self.worst = 0.0  # largest error of a recomputed pattern so far

    def patterns(self, source: list[int], written: list[int], check: bool = False) -> dict[tuple[str, int], Floats]:
        """Return the pattern (head, query, key) of each attention, by what it is and its layer.

        ``source`` holds the ids that the encoder reads, ``written`` those that the decoder has before it. ``check`` has
        each pattern compared with the model's own softmax.
        """
        ids = np.array([source], dtype=np.int64)  # (1, source token)
        mask = np.ones_like(ids)  # (1, source token)
        first = self.encoder.run({"input_ids": ids, "attention_mask": mask})
        feeds = {
            "input_ids": np.array([written], dtype=np.int64),  # (1, token)
            "encoder_hidden_states": first.outputs["last_hidden_state"],  # (1, source token, width)
            "encoder_attention_mask": mask,
        }
        found: dict[tuple[str, int], Floats] = {}
        for name, model, run in (("encoder", self.encoder, first), ("decoder", self.decoder, self.decoder.run(feeds))):
            count = {"self": 0, "cross": 0}
            for site in model.sites:
                found[f"{name} {site.kind}", count[site.kind]] = run.pattern(site)[0]  # (head, query, key)
                count[site.kind] += 1
                if check:
                    self.worst = max(self.worst, run.error(site))
        return found


def right_words(pattern: Floats, aligned: Aligned, source: Encoding, target: Encoding, late: int) -> Integers:
    """Return for each head how many linked English words look most at a word they stand for: (head,).

    ``pattern`` is (head, piece before the decoder, source piece). A word's attention is the mean over its pieces, taken
    where each piece is about to be written (``late`` 0) or has just been read (``late`` 1).
    """
    names = [*words(source), "</s>"]
    columns = np.array([*source.word_ids[:-1], len(names) - 1])  # (source piece,)
    right = np.zeros(len(pattern), dtype=np.int64)  # (head,)
    for number, word in enumerate(words(target)):
        if word not in aligned.links:
            continue
        rows = [row + late for row, of_word in enumerate(target.word_ids) if of_word == number]
        looked = pattern[:, rows].mean(1)  # (head, source piece)
        by_word = np.stack([looked[:, columns == column].sum(1) for column in range(len(names))], 1)  # (head, word)
        right += [names[best] in aligned.links[word] for best in by_word.argmax(1)]
    return right


def alignment(folder: pathlib.Path) -> Iterator[str]:
    """Yield the alignment accuracy of each head of the cross-attention, the best first."""
    tokenizer, pairs = _tokenizer(folder), aligned_pairs()
    reader = Reader(folder)
    total = sum(len(one.links) for one in pairs)
    right: dict[tuple[int, int, int], int] = {}
    for one in pairs:
        source, target = tokenizer.encode(one.pair.spanish), tokenizer.encode(one.pair.english)
        for (name, layer), pattern in reader.patterns(source.ids, [START_ID, *target.ids]).items():
            if name != "decoder cross":
                continue
            for late in (0, 1):
                for head, count in enumerate(right_words(pattern, one, source, target, late)):
                    right[layer, head, late] = right.get((layer, head, late), 0) + int(count)
    yield f"alignment of {total} words in {len(pairs)} pairs aligned by hand, by the word that a head looks at most:"
    heads = sorted({(layer, head) for layer, head, _ in right}, key=lambda key: -max(right[*key, 0], right[*key, 1]))
    for layer, head in heads:
        before, after = (right[layer, head, late] / total for late in (0, 1))
        yield f"  layer {layer} head {head}: {before:.0%} where the word is about to be written, {after:.0%} just after"


@dataclasses.dataclass(frozen=True)
class Habit:
    """The habits of one head, averaged over sentences and queries."""

    distance: float  # mean distance from a query to what it attends to, in tokens
    offset: int  # where among the nearest tokens it looks most: -1 the one before, 0 itself, 1 the next
    offset_mass: float  # share of the attention that goes there
    edge_mass: float  # share that goes to the end of the source, or to the start of what is written
    spread: float  # number of tokens over which a query spreads its attention: exp of the entropy

    def __str__(self) -> str:
        return (
            f"distance {self.distance:.1f}, token {self.offset:+d} {self.offset_mass:.0%}, "
            f"start or end {self.edge_mass:.0%}, spread over {self.spread:.1f}"
        )


def habits(patterns: list[Floats], edge: int) -> list[Habit]:
    """Return the habits of each head, from one pattern (head, query, key) for each sentence.

    ``edge`` is the key that is the special token: the first (0) or the last (-1).
    """
    sums = np.zeros((len(patterns[0]), 3 + len(OFFSETS)))  # (head, measure)
    queries = 0
    for pattern in patterns:
        step = np.arange(pattern.shape[2])[None, :] - np.arange(pattern.shape[1])[:, None]  # (query, key)
        entropy = -(pattern * np.log(np.maximum(pattern, 1e-12))).sum(-1)  # (head, query)
        far = (pattern * np.abs(step)).sum((1, 2))  # (head,)
        nearest = [(pattern * (step == offset)).sum((1, 2)) for offset in OFFSETS]  # (offset, head)
        sums += np.stack([far, pattern[:, :, edge].sum(1), np.exp(entropy).sum(1), *nearest], axis=1)
        queries += pattern.shape[1]
    means = sums / queries  # (head, measure)
    return [
        Habit(
            distance=float(row[0]),
            edge_mass=float(row[1]),
            spread=float(row[2]),
            offset=OFFSETS[int(row[3:].argmax())],
            offset_mass=float(row[3:].max()),
        )
        for row in means
    ]


def report(folder: pathlib.Path, pairs: list[Pair]) -> Iterator[str]:
    """Yield one line for each head, over these pairs."""
    tokenizer, reader = _tokenizer(folder), Reader(folder)
    gathered: dict[tuple[str, int], list[Floats]] = {}
    for pair in pairs:
        source, target = tokenizer.encode(pair.spanish).ids, tokenizer.encode(pair.english).ids
        for key, pattern in reader.patterns(source, [START_ID, *target[:-1]], check=True).items():
            gathered.setdefault(key, []).append(pattern)
    yield f"heads on {len(pairs)} held-out pairs:"
    for (name, layer), patterns in gathered.items():
        for head, habit in enumerate(habits(patterns, 0 if name == "decoder self" else -1)):
            yield f"  {name} layer {layer} head {head}: {habit}"
    yield f"  largest error of a recomputed pattern: {reader.worst:.1e}"


def _tokenizer(folder: pathlib.Path) -> Tokenizer:
    return Tokenizer.from_file(str(folder / "tokenizer.json"))

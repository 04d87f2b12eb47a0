"""Find out by counting which words of two languages belong together: the teacher of one attention head."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
Sentences = list[list[str]]

LAYER, HEAD = 1, 0  # the head of the cross-attention that is taught, counted from 0
ALONE = 0.08  # prior chance that a word stands for none of the other language
NEAR = 4.0  # how much a word prefers the place that lies as far along in the other sentence


class Cells(NamedTuple):
    """Every word of every target sentence beside every word of its source sentence."""

    kind: Integers  # which two words meet: an index into tables over the kinds, (cell,)
    source: Integers  # the source word of each kind, (kind,)
    row: Integers  # which target word of all sentences this is, (cell,)
    prior: npt.NDArray[np.float64]  # chance of the link by the two places alone, (cell,)
    shapes: list[tuple[int, int]]  # target words, source words of each pair


def posteriors(sources: Sentences, targets: Sentences, rounds: int = 5) -> list[Floats]:
    """Return for each pair the chance that a target word comes from a source word, (target word, source word).

    IBM model 2 with one number for all places, learnt by expectation maximisation: Dyer et al. 2013, "A Simple, Fast,
    and Effective Reparameterization of IBM Model 2".
    """
    cells, often = _cells(sources, targets)
    table = np.ones(len(cells.source))  # chance of the target word for a given source word, (kind,)
    none = ALONE * often  # (row,)
    for _ in range(rounds):
        chance = cells.prior * table[cells.kind]  # (cell,)
        total = np.bincount(cells.row, chance, len(none)) + none  # (row,)
        chance /= total[cells.row]  # (cell,)
        count = np.bincount(cells.kind, chance)  # (kind,)
        table = count / np.bincount(cells.source, count)[cells.source]  # (kind,)
    ends = np.cumsum([rows * columns for rows, columns in cells.shapes])
    parts = np.split(chance.astype(np.float32), ends[:-1])
    return [part.reshape(shape) for part, shape in zip(parts, cells.shapes, strict=True)]


def _cells(sources: Sentences, targets: Sentences) -> tuple[Cells, npt.NDArray[np.float64]]:
    """Return the cells of all pairs, and how frequent the target word of each row is."""
    source_ids, target_ids = _ids(sources), _ids(targets)
    widths = np.array([len(sentence) for sentence in sources])  # (pair,)
    heights = np.array([len(sentence) for sentence in targets])  # (pair,)
    sizes = widths * heights  # (pair,)
    pair = np.repeat(np.arange(len(sources)), sizes)  # (cell,)
    inside = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)  # (cell,)
    row, column = np.divmod(inside, widths[pair])  # (cell,), (cell,)
    source = source_ids[(np.cumsum(widths) - widths)[pair] + column]  # (cell,)
    row_of_all = (np.cumsum(heights) - heights)[pair] + row  # (cell,)
    words = int(target_ids.max()) + 1
    kinds, kind = np.unique(source * words + target_ids[row_of_all], return_inverse=True)  # (kind,), (cell,)
    near = np.exp(-NEAR * np.abs(row / heights[pair] - column / widths[pair]))  # (cell,)
    prior = (1 - ALONE) * near / np.bincount(row_of_all, near)[row_of_all]  # (cell,)
    often = np.bincount(target_ids)[target_ids] / len(target_ids)  # (row,)
    shapes = list(zip(heights.tolist(), widths.tolist(), strict=True))
    return Cells(kind, kinds // words, row_of_all, prior, shapes), often


def _ids(sentences: Sentences) -> Integers:
    """Return a number for each word of all sentences, one after the other: (word,)."""
    seen: dict[str, int] = {}
    return np.array([seen.setdefault(word, len(seen)) for words in sentences for word in words], dtype=np.int64)


def links(sources: Sentences, targets: Sentences, least: float = 0.2) -> list[Floats]:
    """Return for each pair how much each target word belongs to each source word, (target word, source word).

    Both directions must agree (after Liang et al. 2006, "Alignment by Agreement"): their chances are multiplied. Rows
    add up to 1, or to 0 where the two do not agree on anything.
    """
    forward, backward = posteriors(sources, targets), posteriors(targets, sources)
    agreed = []
    for there, back in zip(forward, backward, strict=True):
        both = there * back.T  # (target word, source word)
        total = both.sum(1, keepdims=True)  # (target word, 1)
        agreed.append(np.where(total >= least, both / np.maximum(total, least), 0).astype(np.float32))
    return agreed


def by_pieces(agreed: Floats, source: Encoding, target: Encoding) -> Floats:
    """Give links between words (target word, source word) to their pieces: (target piece, source piece).

    The end of the one sentence belongs to the end of the other.
    """
    rows = np.array(target.word_ids[:-1])  # (target piece - 1,)
    columns = np.array(source.word_ids[:-1])  # (source piece - 1,)
    shares = agreed / np.bincount(columns)  # (target word, source word)
    links = np.zeros((len(rows) + 1, len(columns) + 1), dtype=np.float32)  # (target piece, source piece)
    links[:-1, :-1] = shares[rows[:, None], columns[None, :]]
    links[-1, -1] = 1
    return links

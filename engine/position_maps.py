"""What positional encodings say, as maps and lines: similarity, components, distance, biases by offset.

Pure functions on the tables of `ModelDescription.positions`.
"""

from dataclasses import dataclass, field
from typing import cast

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.model.description import PositionalEncoding
from engine.model.patches import PatchGrid
from engine.patch_filters import principal_components
from engine.runtime.task import Context, Task
from engine.theory import t5_bucket

Floats = NDArray[np.float32]
HIDDEN = -1e4
"""Biases from here down hide keys; they say nothing about positions."""


@dataclass(frozen=True)
class ReadTable(Task):
    """Reads a table of positions that is too large to travel with the description.

    Attributes:
        index: which of the model's encodings.
    """

    index: int

    def work(self, context: Context) -> Floats:
        """Return the table, such as (token, dim), on its own axes.

        Raises:
            EngineError: the file no longer holds it.
        """
        found = context.model.positions
        if not 0 <= self.index < len(found):
            raise EngineError("table-unread", name=str(self.index))
        return found[self.index].table()


@dataclass(frozen=True)
class Relative:
    """Biases by the offset of key from query.

    Attributes:
        values: (head, row offset, column offset), or (head, 1, token offset); NaN where no pair has that offset.
        centre: place of offset (0, 0).
        spread: largest difference among pairs of one offset: 0 where the bias is a function of the offset alone.
    """

    values: Floats = field(compare=False)
    centre: tuple[int, int]
    spread: float = 0.0

    @property
    def flat(self) -> bool:
        """Whether offsets count tokens of a line, not rows and columns."""
        return bool(self.values.shape[1] == 1)


def similarity(table: Floats, rows: NDArray[np.intp] | None = None) -> Floats:
    """Return the cosine similarity of rows of a table with all others, (row, token) float32.

    Dosovitskiy et al. 2021, figure 7 (centre).

    Args:
        table: (token, dim).
        rows: which rows; all by default.
    """
    unit = _unit(table)
    return cast(Floats, (unit if rows is None else unit[rows]) @ unit.T)


def angle_similarity(angles: Floats, rows: NDArray[np.intp] | None = None) -> Floats:
    """Return the mean cosine of the difference of rotary angles, (row, token) float32.

    It is the score of a query and a key that are the same before they are turned, all dimensions alike, relative to
    their score at one place (Su et al. 2021, section 3.2).

    Args:
        angles: (token, dim) in radians.
        rows: which rows; all by default.
    """
    cosine, sine = np.cos(angles), np.sin(angles)
    here = slice(None) if rows is None else rows
    return cast(Floats, ((cosine[here] @ cosine.T + sine[here] @ sine.T) / np.float32(angles.shape[1])))


def offset_similarity(table: Floats) -> Floats:
    """Return the cosine similarity of rows k apart, its mean over all pairs, (k,) float32; 1 at k = 0.

    For the sinusoids of Vaswani et al. 2017 it is the same for every pair.

    Args:
        table: (token, dim).
    """
    unit = _unit(table).astype(np.float64)
    count = len(unit)
    size = 1 << (2 * count - 1).bit_length()
    wave = np.fft.rfft(unit, size, axis=0)  # sums over all pairs k apart are an autocorrelation
    sums = np.fft.irfft((wave * wave.conj()).sum(axis=1), size)[:count]
    return cast(Floats, (sums / np.arange(count, 0, -1)).astype(np.float32))


def component_scores(table: Floats, most: int = 24) -> tuple[Floats, Floats]:
    """Return where each token lies along the principal components of a table, and each one's share of the variance.

    Args:
        table: (token, dim).
        most: how many components at most.

    Returns:
        (component, token) scores and (component,) shares from 0 to 1.
    """
    directions, shares = principal_components(table, most)
    scores = directions @ (table - table.mean(axis=0)).T
    return cast(Floats, scores.astype(np.float32)), shares


def bias_by_offset(table: Floats, grid: PatchGrid | None = None) -> Relative:
    """Return a bias by the offset of key from query: rows and columns on a grid, else places in line.

    Args:
        table: (head, query, key).
        grid: how queries and keys lie on the image (of a window); special tokens are left out.
    """
    if grid is not None and table.shape[1:] == (grid.tokens, grid.tokens):
        patches = slice(grid.prefix, grid.prefix + grid.patches)
        kept = table[:, patches, patches]
        row, column = np.divmod(np.arange(grid.patches), grid.columns)
        down = row[None, :] - row[:, None] + grid.rows - 1  # key minus query
        right = column[None, :] - column[:, None] + grid.columns - 1
        return _gathered(
            kept, down, right, (2 * grid.rows - 1, 2 * grid.columns - 1), (grid.rows - 1, grid.columns - 1)
        )
    queries, keys = table.shape[1:]
    right = np.arange(keys)[None, :] - np.arange(queries)[:, None] + queries - 1
    return _gathered(table, np.zeros_like(right), right, (1, queries + keys - 1), (0, queries - 1))


def _gathered(
    table: Floats,
    down: NDArray[np.intp],
    right: NDArray[np.intp],
    shape: tuple[int, int],
    centre: tuple[int, int],
) -> Relative:
    """Mean, and largest difference, of the pairs of every offset."""
    flat = (down * shape[1] + right).reshape(-1)
    size = shape[0] * shape[1]
    shown = np.where(table > HIDDEN, table, np.nan).reshape(len(table), -1).astype(np.float64)
    values = np.empty((len(table), *shape), np.float32)
    spread = 0.0
    for head, numbers in enumerate(shown):
        told = np.isfinite(numbers)
        count = np.bincount(flat[told], minlength=size)
        total = np.bincount(flat[told], numbers[told], minlength=size)
        mean = np.divide(total, count, out=np.full(size, np.nan), where=count > 0)
        values[head] = mean.reshape(shape)
        if told.any():
            spread = max(spread, 2 * float(np.abs(numbers[told] - mean[flat[told]]).max()))
    return Relative(values, centre, spread)


def bias_of_window(table: Floats, grid: PatchGrid) -> Relative | None:
    """Return a window's table by offset; None where it is no such table.

    Liu et al. 2021 (Swin), section 3.2: one row for each offset of query from key, rows first. Tables of Bao et al.
    2022 (BEiT) hold three more rows for the class token, which are left out.

    Args:
        table: (bucket, head).
        grid: the patches of a window.
    """
    rows, columns = 2 * grid.rows - 1, 2 * grid.columns - 1
    if len(table) - rows * columns not in (0, 3):
        return None
    values = table[: rows * columns].T.reshape(-1, rows, columns)[:, ::-1, ::-1]  # key from query, not the reverse
    return Relative(np.ascontiguousarray(values), (grid.rows - 1, grid.columns - 1))


def bias_of_buckets(table: Floats, reach: int, *, bidirectional: bool, farthest: int = 128) -> Relative:
    """Return a table of buckets by the offset of key from query, as T5 assigns them (Raffel et al. 2020, 2.1).

    Args:
        table: (bucket, head).
        reach: offsets from -reach to reach.
        bidirectional: half the buckets are for keys after the query; else those share one.
        farthest: distance from which all share the last bucket; it is not in the file.
    """
    offsets = np.arange(-reach, reach + 1)
    bucket = t5_bucket(offsets, bidirectional=bidirectional, buckets=len(table), farthest=farthest)
    return Relative(np.ascontiguousarray(table[bucket].T[:, None, :]), (0, reach))


def alibi_bias(slopes: Floats, reach: int) -> Relative:
    """Return ALiBi's bias, -slope · distance, for keys up to `reach` before the query (Press et al. 2022, section 3).

    Args:
        slopes: (head,).
        reach: the largest distance.
    """
    distance = np.arange(reach, -1, -1, dtype=np.float32)
    return Relative((-slopes[:, None] * distance)[:, None, :].astype(np.float32), (0, reach))


def relative_of(encoding: PositionalEncoding, table: Floats, grid: PatchGrid | None, *, causal: bool) -> Relative:
    """Return a relative bias or ALiBi by offset, whatever its table looks like.

    Args:
        encoding: the encoding.
        table: its table, on its axes.
        grid: how the tokens of its first attention lie on the image (of a window); None for a line.
        causal: whether no key after the query is seen.
    """
    if encoding.axes == ("head", "query", "key"):
        return bias_by_offset(table, grid)
    if encoding.axes == ("head",):
        return alibi_bias(table, REACH)
    found = None if grid is None else bias_of_window(table, grid)
    return found or bias_of_buckets(table, REACH, bidirectional=not causal)


REACH = 160
"""Offsets that are shown of a bias that goes on for ever."""


def _unit(table: Floats) -> Floats:
    """Rows of length 1; rows of zeros stay."""
    norm = np.linalg.norm(table, axis=1, keepdims=True)
    return cast(Floats, np.divide(table, norm, out=np.zeros_like(table, np.float32), where=norm > 0))

"""What interventions make of the numbers of a positional encoding: pure functions on arrays."""

import numpy as np
from numpy.typing import NDArray

from engine.model.description import PositionalEncoding
from engine.runtime.interventions.edits import Positions
from engine.theory import resampled

Array = NDArray[np.generic]


def can_move(encoding: PositionalEncoding, change: str) -> bool:
    """Return whether an edit may apply to an encoding, as far as its description tells."""
    if change == "zero":
        return encoding.kind != "rotary" or encoding.axes == ("frequency",)
    if change == "shuffle" and encoding.axes == ("bucket", "head"):
        return True
    return encoding.kind in ("learned", "sinusoidal") and encoding.axes == ("token", "dim")


def moved(array: Array, encoding: PositionalEncoding, edit: Positions) -> Array | None:
    """Return the numbers of an encoding's tensor, (its own axes), as an edit leaves them; None where it cannot."""
    if not can_move(encoding, edit.change):
        return None
    if encoding.axes == ("bucket", "head") and edit.change == "shuffle":
        return _shuffled_buckets(array, encoding.shape[1], edit.seed)
    if encoding.axes != ("token", "dim"):
        turned = encoding.kind == "rotary" and array.size != encoding.shape[0]
        return None if turned else np.zeros_like(array)  # cosines and sines zero would turn nothing into nothing
    if array.ndim > 1 and array.size == len(array) * encoding.shape[0] * encoding.shape[1] and len(array) > 1:
        return _of_every_item(array, encoding, edit)
    found = _rows(array, encoding)
    if found is None:
        return _of_a_part(array, encoding, edit)
    rows, first = found  # (token, dim), or (dim, token) where channels come first
    table = (rows.T if first else rows).copy()
    prefix = edit.prefix if encoding.grid is None else encoding.grid.prefix
    table[prefix:] = _moved_rows(table[prefix:], encoding, edit)
    return np.asarray((table.T if first else table).reshape(array.shape))


def _of_every_item(array: Array, encoding: PositionalEncoding, edit: Positions) -> Array | None:
    """Return a table that is repeated for every item of the batch, changed."""
    if not (array == array[:1]).all():
        return None
    new = moved(array[0], encoding, edit)
    return None if new is None else np.broadcast_to(new, array.shape)


def _of_a_part(array: Array, encoding: PositionalEncoding, edit: Positions) -> Array | None:
    """Return a table of which a graph reads some rows, in one piece, with those rows changed."""
    tokens, dim = encoding.shape
    table = encoding.values
    if table is None or array.ndim != 2 or array.shape[1] != dim or len(array) <= tokens:
        return None
    starts = (first for first in range(len(array) - tokens + 1) if np.array_equal(array[first], table[0]))
    first = next((at for at in starts if np.array_equal(array[at : at + tokens], table)), None)
    part = None if first is None else moved(array[first : first + tokens], encoding, edit)
    if first is None or part is None:
        return None
    return np.concatenate([array[:first], part, array[first + tokens :]])


def _shuffled_buckets(array: Array, heads: int, seed: int) -> Array:
    """Return a table of buckets, (bucket, head) or (head, bucket), with its buckets in random order."""
    rng = np.random.default_rng(seed)
    return rng.permutation(array, axis=0 if array.shape[-1] == heads else -1)


def _moved_rows(rows: Array, encoding: PositionalEncoding, edit: Positions) -> Array:
    """Return (token, dim) of the tokens that are no special ones."""
    if edit.change == "zero":
        return np.zeros_like(rows)
    if edit.change == "shuffle":
        return np.random.default_rng(edit.seed).permutation(rows)
    if edit.change == "shift":
        return np.roll(rows, edit.by, axis=0)
    grid = encoding.grid
    suffix = 0 if grid is None else grid.suffix
    own = (len(rows), 1) if grid is None else (grid.rows, grid.columns)
    out = rows.copy()
    out[: len(rows) - suffix] = resampled(resampled(rows[: len(rows) - suffix], own, edit.grid), edit.grid, own)
    return out


def _rows(array: Array, encoding: PositionalEncoding) -> tuple[Array, bool] | None:
    """Return a tensor with one axis of tokens, and whether its channels come first; None where it is no such table."""
    tokens, dim = encoding.shape
    wide = [size for size in array.shape if size != 1]
    if array.size != tokens * dim or not wide:
        return None
    if wide[-1] == dim:
        return array.reshape(tokens, dim), False
    return (array.reshape(dim, tokens), True) if wide[0] == dim else None

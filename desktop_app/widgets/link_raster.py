"""Patterns as links, many at once: a head's tokens at the left and at the right, a line for each weight.

All heads are drawn together by numpy into pictures of a few pixels, so that a model's heads cost one picture and
no painter.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Places = NDArray[np.intp]

COARSE, FINE, MANY = 40, 96, 64
"""Pixels down and across: fine for no more than so many heads."""


def link_pictures(patterns: Floats, size: int = COARSE) -> Floats:
    """Return links of patterns (head, query, key) as pictures (head, size, size): queries left, keys right.

    A pixel shows the largest of the weights whose lines cross it.
    """
    heads, queries, keys = patterns.shape
    flat = patterns.reshape(heads, queries * keys)
    out = np.zeros((heads, size, size), np.float32)
    for column, (order, starts, rows) in enumerate(_crossings(queries, keys, size)):
        out[:, rows, column] = np.maximum.reduceat(flat[:, order], starts, axis=1)
    return out


@lru_cache(maxsize=8)
def _crossings(queries: int, keys: int, size: int) -> tuple[tuple[Places, Places, Places], ...]:
    """Return for each column of pixels the pairs sorted by the row they cross, where each row begins, and the rows."""
    left = (np.arange(queries) + 0.5) / queries  # (query,)
    right = (np.arange(keys) + 0.5) / keys  # (key,)
    found = []
    for column in range(size):
        t = column / (size - 1)
        height = (1 - t) * left[:, None] + t * right[None]  # (query, key)
        row = np.minimum((height * size).astype(np.intp), size - 1).ravel()
        order = np.argsort(row, kind="stable")
        rows, starts = np.unique(row[order], return_index=True)
        found.append((order, starts, rows))
    return tuple(found)

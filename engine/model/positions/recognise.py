"""Telling encodings by their numbers: sinusoids, ALiBi's slopes, rotary angles."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
EXACT = 2e-3
"""Deviation from a sinusoid up to which half-precision tables still count."""


def is_sinusoidal(table: Floats, grid: tuple[int, int, int] | None = None) -> bool:
    """Return whether nearly every column is a sinusoid of the position (Vaswani et al. 2017, section 3.5).

    Any three neighbours of a sinusoid obey x(n + 1) + x(n - 1) = 2 cos(w) x(n).

    Args:
        table: (token, dim).
        grid: (special tokens before, rows, columns) where tokens lie on an image: each column is then a sinusoid
            of the row or of the column, and the same along the other (He et al. 2022, "Masked Autoencoders").
    """
    lines = [table[2:]]
    if grid is not None:
        prefix, rows, columns = grid
        cells = table[prefix : prefix + rows * columns]
        if len(cells) == rows * columns:
            image = cells.reshape(rows, columns, -1)
            flat = [image[:, 0], image[0]]  # (row, dim), (column, dim)
            steady = [np.ptp(image, axis=1).max(axis=0) < EXACT, np.ptp(image, axis=0).max(axis=0) < EXACT]
            good = [_waves(line) & still for line, still in zip(flat, steady, strict=True)]
            if len(flat[0]) >= 4 and len(flat[1]) >= 4 and float(np.mean(good[0] | good[1])) > 0.9:
                return bool(np.abs(cells).max() <= 1 + EXACT)
    return any(len(x) >= 5 and float(np.mean(_waves(x))) > 0.9 and np.abs(x).max() <= 1 + EXACT for x in lines)


def _waves(x: Floats) -> NDArray[np.bool_]:
    """For each column of (token, dim) whether it is a sinusoid."""
    if len(x) < 4:
        return np.zeros(x.shape[1], bool)
    middle, sides = x[1:-1].astype(np.float64), (x[2:] + x[:-2]).astype(np.float64)
    power = np.maximum((middle**2).sum(axis=0), 1e-12)
    ratio = np.clip((middle * sides).sum(axis=0) / power, -2.0, 2.0)
    rest = np.abs(sides - ratio * middle).max(axis=0)
    return np.asarray(rest < EXACT * np.maximum(np.abs(x).max(axis=0), 0.1))


def alibi_slopes(bias: Floats) -> Floats | None:
    """Return the slopes, (head,), of a bias that grows evenly with the key's place; None where it does not.

    Press et al. 2022, "Train Short, Test Long". A constant for each query does not matter to the softmax.

    Args:
        bias: (head, query, key), or with one query for all.
    """
    if bias.shape[-1] < 3 or bias.shape[0] < 2:
        return None
    seen = np.where(bias <= -1e4, np.nan, bias)[:, -1]  # the last query sees every key; hidden keys do not count
    steps = np.diff(seen, axis=-1)
    slopes = steps[:, 0]
    if not np.isfinite(steps).all() or not (slopes > 0).all() or np.ptp(slopes) == 0:
        return None
    return slopes.astype(np.float32) if np.allclose(steps, slopes[:, None], rtol=1e-3, atol=1e-4) else None


def frequencies(cosine: Floats, sine: Floats) -> Floats | None:
    """Return the frequencies, (frequency,), of a rotary table over places 0, 1, 2 …; None for other tables.

    Su et al. 2021, "RoFormer", section 3.2.2: token n is turned by n times the frequency.

    Args:
        cosine: (token, dim) of the angles.
        sine: (token, dim) of the same angles.
    """
    if len(cosine) < 3 or cosine.shape != sine.shape:
        return None
    angle = np.arctan2(sine, cosine)
    rate = angle[1] - angle[0]
    expected = angle[0] + np.arange(len(cosine))[:, None] * rate
    off = np.abs(np.cos(expected) - cosine) + np.abs(np.sin(expected) - sine)
    if off.max() > 1e-2 or np.abs(rate).max() == 0:
        return None
    rate = np.abs(rate)
    half = len(rate) // 2  # every frequency serves two dimensions: neighbours, or the same place in either half
    if len(rate) == 2 * half and np.allclose(rate[::2], rate[1::2], atol=1e-6):
        rate = rate[::2]
    elif len(rate) == 2 * half and np.allclose(rate[:half], rate[half:], atol=1e-6):
        rate = rate[:half]
    return np.asarray(rate, np.float32)

"""Attention's arithmetic on its own: softmax under temperature, why scores are scaled, how positions are written.

Pure functions on arrays, for the softmax lab and the positions sandbox; no model is needed.
"""

import math
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Array = NDArray[np.float64]


def softmax(scores: NDArray[np.floating], temperature: float = 1.0, *, subtract_max: bool = True) -> Array:
    """Normalise scores / temperature over the last axis, float64; rows of minus infinities give zeros.

    Without `subtract_max` large scores overflow, as the textbook formula does: those rows hold NaN.

    Raises:
        ValueError: the temperature is not positive.
    """
    if temperature <= 0:
        raise ValueError("the temperature must be positive")
    x = np.asarray(scores, np.float64) / temperature
    if subtract_max:
        top = x.max(axis=-1, keepdims=True)
        x = x - np.where(np.isfinite(top), top, 0.0)
    with np.errstate(over="ignore", invalid="ignore"):
        e = np.exp(x)
        total = e.sum(axis=-1, keepdims=True)
        return cast(Array, np.divide(e, total, out=np.zeros_like(e), where=total != 0))


def entropy(p: NDArray[np.floating]) -> Array:
    """Return -Σ p ln p over the last axis, in nats."""
    p = np.asarray(p, np.float64)
    return cast(Array, -(p * np.log(np.where(p > 0, p, 1.0))).sum(axis=-1))


def effective_tokens(p: NDArray[np.floating]) -> Array:
    """Return exp(entropy): how many tokens a uniform row of the same entropy would cover."""
    return cast(Array, np.exp(entropy(p)))


def jacobian_norm(p: NDArray[np.floating]) -> Array:
    """Return the Frobenius norm of the softmax's Jacobian diag(p) - ppᵀ over the last axis.

    It vanishes as a row saturates: then no score moves the probabilities any more, and no gradient flows.
    ‖diag(p) - ppᵀ‖² = Σp² - 2Σp³ + (Σp²)².
    """
    p = np.asarray(p, np.float64)
    second, third = (p**2).sum(axis=-1), (p**3).sum(axis=-1)
    return cast(Array, np.sqrt(np.maximum(second - 2 * third + second**2, 0.0)))


@dataclass(frozen=True)
class ScaleStudy:
    """What independent N(0, 1) queries and keys give, with and without 1/√d.

    Attributes:
        dim, tokens, samples: d, n and the number of rows drawn.
        variance: of q·k over all samples; theory says d (Vaswani et al. 2017, footnote 4).
        largest, largest_scaled: mean largest weight of a row.
        entropy, entropy_scaled: mean entropy of a row, nats; ln n is the most there can be.
        products: the q·k drawn, for a histogram.
    """

    dim: int
    tokens: int
    samples: int
    variance: float
    largest: float
    largest_scaled: float
    entropy: float
    entropy_scaled: float
    products: Array


def scale_study(dim: int, tokens: int, samples: int = 400, seed: int = 0) -> ScaleStudy:
    """Draw independent standard normal queries and keys and measure their softmax rows.

    Given a query, its products with independent standard normal keys are independent normals of variance ‖q‖². They
    are drawn as such: the same distribution at a d-th of the cost, so that enough rows can be drawn.

    Args:
        dim: size d of queries and keys.
        tokens: keys per row, n.
        samples: rows drawn.
        seed: of the generator.

    Raises:
        ValueError: a size is not positive.
    """
    if min(dim, tokens, samples) < 1:
        raise ValueError("sizes must be positive")
    rng = np.random.default_rng(seed)
    norms = np.linalg.norm(rng.standard_normal((samples, dim)), axis=1)  # (sample,)
    products = norms[:, None] * rng.standard_normal((samples, tokens))  # keys anew for each row: rows are independent
    plain, scaled = softmax(products), softmax(products / math.sqrt(dim))
    return ScaleStudy(
        dim=dim,
        tokens=tokens,
        samples=samples,
        variance=float(products.var()),
        largest=float(plain.max(axis=-1).mean()),
        largest_scaled=float(scaled.max(axis=-1).mean()),
        entropy=float(entropy(plain).mean()),
        entropy_scaled=float(entropy(scaled).mean()),
        products=products,
    )


def sinusoidal(length: int, dim: int, base: float = 10_000.0) -> Array:
    """Return PE, (position, dim): sin on even, cos on odd columns (Vaswani et al. 2017, section 3.5).

    Raises:
        ValueError: a size is not positive, or `dim` is odd.
    """
    if length < 1 or dim < 2 or dim % 2:
        raise ValueError("length must be positive and dim even")
    angle = np.arange(length)[:, None] * frequencies(dim, base)[None]  # (position, dim / 2)
    out = np.empty((length, dim))
    out[:, 0::2], out[:, 1::2] = np.sin(angle), np.cos(angle)
    return out


def frequencies(dim: int, base: float = 10_000.0) -> Array:
    """Return base^(-2i/dim) for each pair i, (dim / 2,): angles per position, of sinusoids and of rotary alike."""
    return base ** (-np.arange(0, dim, 2) / dim)


def sinusoidal_similarity(offsets: NDArray[np.integer], dim: int, base: float = 10_000.0) -> Array:
    """Return PE(p)·PE(p+k) / (dim / 2) for each offset k: it depends on k alone, and is 1 at k = 0."""
    return cast(Array, np.cos(np.asarray(offsets)[..., None] * frequencies(dim, base)).mean(axis=-1))


def rotary_decay(offsets: NDArray[np.integer], dim: int, base: float = 10_000.0) -> Array:
    """Return the bound on rotary scores over distance, relative to distance 0 (Su et al. 2021, section 3.4.3)."""
    return decay(offsets, frequencies(dim, base))


def decay(offsets: NDArray[np.integer], rates: NDArray[np.floating]) -> Array:
    """Return the bound on the scores of queries and keys turned at any frequencies, relative to distance 0.

    Su et al. 2021, section 3.4.3: the mean size of the partial sums of exp(i k θ_j), |S_1| + … + |S_{d/2}| over d/2,
    divided by its value at 0.

    Args:
        offsets: distances in tokens.
        rates: (frequency,) θ in radians for each token, in the order of the dimensions.

    Returns:
        (offset,).
    """
    angle = np.asarray(offsets, np.float64)[..., None] * np.asarray(rates, np.float64)  # (offset, frequency)
    size = np.abs(np.cumsum(np.exp(1j * angle), axis=-1)).mean(axis=-1)
    return cast(Array, size / np.arange(1, len(rates) + 1).mean())


def turned(offsets: NDArray[np.integer], rates: NDArray[np.floating]) -> Array:
    """Return the score of a query and the same key turned apart by an offset, relative to offset 0: mean cos(k θ_j).

    All dimensions count alike. Arguments as `decay`.
    """
    return cast(Array, np.cos(np.asarray(offsets, np.float64)[..., None] * np.asarray(rates, np.float64)).mean(axis=-1))


def alibi_slopes(heads: int) -> Array:
    """Return ALiBi's slope of each head, (head,) (Press et al. 2022, section 3): 1/2 … 1/256 for 8 heads.

    Where the number of heads is no power of two, every other slope of the next power fills the rest, as the
    authors' code does.

    Raises:
        ValueError: no heads.
    """
    if heads < 1:
        raise ValueError("at least one head")
    power = 2 ** math.floor(math.log2(heads))
    slopes = 2.0 ** (-8.0 * np.arange(1, power + 1) / power)
    if power < heads:
        finer = 2.0 ** (-8.0 * np.arange(1, 2 * power + 1) / (2 * power))
        slopes = np.concatenate([slopes, finer[0::2][: heads - power]])
    return cast(Array, slopes)


def t5_bucket(
    offsets: NDArray[np.integer], *, bidirectional: bool = True, buckets: int = 32, farthest: int = 128
) -> NDArray[np.int64]:
    """Return T5's bucket of each offset (key - query) (Raffel et al. 2020, section 2.1): exact near, logarithmic far.

    Args:
        offsets: key position minus query position, any shape.
        bidirectional: half the buckets for keys after the query; else those share bucket 0.
        buckets: how many there are.
        farthest: distance from which all share the last bucket.
    """
    offset = np.asarray(offsets, np.int64)
    bucket = np.zeros_like(offset)
    if bidirectional:
        buckets //= 2
        bucket = np.where(offset > 0, buckets, 0)
        distance = np.abs(offset)
    else:
        distance = np.maximum(-offset, 0)
    exact = buckets // 2
    ratio = np.log(np.maximum(distance, 1) / exact) / math.log(farthest / exact)
    far = np.minimum(exact + (ratio * (buckets - exact)).astype(np.int64), buckets - 1)
    return bucket + np.where(distance < exact, distance, far)


def resampled(table: NDArray[np.generic], grid: tuple[int, int], to: tuple[int, int]) -> NDArray[np.float32]:
    """Return a table of positions, (token, dim), of one grid resampled to another, (token, dim) float32.

    Bicubic, smoothed where the grid shrinks, as tables are when a model is given images of another size (Dosovitskiy
    et al. 2021, section 3.2); a grid (n, 1) is a line of tokens.

    Raises:
        ValueError: the table has not a row for each place of `grid`, or a size is not positive.
    """
    if len(table) != grid[0] * grid[1] or min(*grid, *to) < 1:
        raise ValueError(f"{len(table)} rows are no grid of {grid[0]} × {grid[1]}")
    rows = np.asarray(table, np.float32)
    if grid == to:
        return rows.copy()
    planes = rows.T.reshape(-1, *grid)  # (dim, row, column)
    made = [Image.fromarray(plane).resize((to[1], to[0]), Image.Resampling.BICUBIC) for plane in planes]
    return np.stack([np.asarray(plane, np.float32).reshape(-1) for plane in made], axis=1)

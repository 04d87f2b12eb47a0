"""A prepared image changed before the model sees it: patches hidden, dropped, shuffled, moved; shifted; blurred.

Pure functions on arrays whose last two axes are rows and columns of pixels, in whatever numbers the model takes; the
number type is kept. Naseer et al. 2021, "Intriguing Properties of Vision Transformers", sections 3.1 and 3.3, drop
and shuffle patches to compare what transformers and convolutional networks rely on.
"""

from collections.abc import Sequence
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

Pixels = TypeVar("Pixels", bound=NDArray[np.generic])
Grid = tuple[int, int]
"""Rows and columns of patches. Pixels beyond the last whole patch belong to none and stay as they are."""


def hidden(pixels: Pixels, grid: Grid, patches: Sequence[int], fill: float = 0.0) -> Pixels:
    """Return the image with these patches filled with one number.

    Args:
        pixels: (…, row, column).
        grid: rows and columns of patches.
        patches: which, counted along rows.
        fill: what stands there instead: 0 is the mean colour of an image that was normalised, and else black.

    Raises:
        ValueError: the image has fewer pixels than the grid patches.
        IndexError: there is no such patch.
    """
    high, wide = patch_size(pixels, grid)
    out = pixels.copy()
    for patch in patches:
        row, column = _place(patch, grid)
        out[..., row * high : (row + 1) * high, column * wide : (column + 1) * wide] = fill
    return out


def dropped(pixels: Pixels, grid: Grid, fraction: float, seed: int = 0, fill: float = 0.0) -> Pixels:
    """Return the image with a random part of its patches filled with one number.

    Args:
        pixels: (…, row, column).
        grid: rows and columns of patches.
        fraction: of all patches, from 0 to 1; of a larger fraction with the same seed, the same ones are the first.
        seed: of the choice.
        fill: as in `hidden`.

    Raises:
        ValueError: the fraction lies outside 0 to 1, or the image has fewer pixels than the grid patches.
    """
    return hidden(pixels, grid, chosen(grid, fraction, seed), fill)


def chosen(grid: Grid, fraction: float, seed: int = 0) -> tuple[int, ...]:
    """Return the patches that `dropped` takes.

    Raises:
        ValueError: the fraction lies outside 0 to 1.
    """
    if not 0 <= fraction <= 1:
        raise ValueError("a fraction lies between 0 and 1")
    order = shuffled_order(grid, seed)
    return tuple(sorted(order[: round(fraction * len(order))]))


def permuted(pixels: Pixels, grid: Grid, order: Sequence[int]) -> Pixels:
    """Return the image with its patches in another order: place i holds what was patch `order[i]`.

    Args:
        pixels: (…, row, column).
        grid: rows and columns of patches.
        order: one patch for each place, counted along rows; a patch may stand in several places.

    Raises:
        ValueError: not one for each place, or the image has fewer pixels than the grid patches.
        IndexError: there is no such patch.
    """
    if len(order) != grid[0] * grid[1]:
        raise ValueError(f"{grid[0] * grid[1]} places need as many patches, not {len(order)}")
    for patch in (min(order), max(order)):
        _place(patch, grid)
    high, wide = patch_size(pixels, grid)
    out = pixels.copy()
    body = out[..., : high * grid[0], : wide * grid[1]]
    lead = body.shape[:-2]
    tiles = body.reshape(*lead, grid[0], high, grid[1], wide).swapaxes(-3, -2)  # (…, down, across, row, column)
    moved = tiles.reshape(*lead, -1, high, wide)[..., np.asarray(order, np.intp), :, :]
    body[...] = moved.reshape(*lead, *grid, high, wide).swapaxes(-3, -2).reshape(body.shape)
    return out


def shuffled(pixels: Pixels, grid: Grid, seed: int = 0) -> Pixels:
    """Return the image with its patches, (…, row, column), in random order; the same seed gives the same order.

    Raises:
        ValueError: the image has fewer pixels than the grid patches.
    """
    return permuted(pixels, grid, shuffled_order(grid, seed))


def shuffled_order(grid: Grid, seed: int = 0) -> tuple[int, ...]:
    """Return the order that `shuffled` takes."""
    return tuple(int(patch) for patch in np.random.default_rng(seed).permutation(grid[0] * grid[1]))


def shifted(pixels: Pixels, dx: int, dy: int, fill: float = 0.0) -> Pixels:
    """Return the image moved `dx` pixels right and `dy` down; what leaves is gone, what opens is filled.

    Args:
        pixels: (…, row, column).
        dx: pixels to the right; negative to the left.
        dy: pixels down; negative up.
        fill: as in `hidden`.
    """
    rows, columns = pixels.shape[-2:]
    out = np.full_like(pixels, fill)
    if abs(dx) < columns and abs(dy) < rows:
        to = pixels[..., max(-dy, 0) : rows - max(dy, 0), max(-dx, 0) : columns - max(dx, 0)]
        out[..., max(dy, 0) : rows - max(-dy, 0), max(dx, 0) : columns - max(-dx, 0)] = to
    return cast(Pixels, out)


def blurred(pixels: Pixels, sigma: float) -> Pixels:
    """Return the image, (…, row, column), under a Gaussian of standard deviation `sigma` pixels; 0 changes nothing.

    Raises:
        ValueError: `sigma` is negative.
    """
    if sigma < 0:
        raise ValueError("a standard deviation is not negative")
    widths = (0,) * (pixels.ndim - 2) + (sigma, sigma)
    from scipy import ndimage  # half a second that opening the window need not wait for

    soft = ndimage.gaussian_filter(pixels.astype(np.float32), widths, mode="nearest")
    if np.issubdtype(pixels.dtype, np.integer):
        soft = np.rint(soft)
    return cast(Pixels, soft.astype(pixels.dtype))


def patch_size(pixels: NDArray[np.generic], grid: Grid) -> tuple[int, int]:
    """Return (rows, columns) in pixels of one patch.

    Raises:
        ValueError: the image has fewer pixels than the grid patches.
    """
    high, wide = pixels.shape[-2] // grid[0], pixels.shape[-1] // grid[1]
    if not high or not wide:
        raise ValueError(f"{pixels.shape[-2]} × {pixels.shape[-1]} pixels make no {grid[0]} × {grid[1]} patches")
    return high, wide


def _place(patch: int, grid: Grid) -> tuple[int, int]:
    if not 0 <= patch < grid[0] * grid[1]:
        raise IndexError(f"patch {patch} is outside a {grid[0]} × {grid[1]} grid")
    return divmod(patch, grid[1])

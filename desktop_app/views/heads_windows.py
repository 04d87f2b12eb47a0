"""Attention within windows, laid on the whole photo: which window and token lie where somebody points."""

import numpy as np
from numpy.typing import NDArray

from engine import AttentionSite, Run
from engine.grid import PatchGrid, on_image

Floats = NDArray[np.float32]


def whole(grid: PatchGrid | None) -> PatchGrid | None:
    """Return the grid of the whole image, where windows tile one; else the grid itself."""
    if grid is None or grid.windows is None:
        return grid
    return PatchGrid(grid.image_rows, grid.image_columns)


def spread(row: Floats, grid: PatchGrid | None, batch: int) -> Floats:
    """Return numbers of one window's tokens, (token,), for every patch of the image, (patch,), NaN outside it."""
    if grid is None or grid.windows is None or len(row) != grid.windows.tokens:
        return row
    return on_image(row, grid, batch).reshape(-1)


def patch_of(grid: PatchGrid | None, token: int | None, batch: int) -> int | None:
    """Return the patch of the whole image that a token of a window stands for; None for padding."""
    if grid is None or grid.windows is None or token is None:
        return token
    place = grid.on_image(token, batch)
    return None if place is None else place[0] * grid.image_columns + place[1]


def token_of(grid: PatchGrid | None, patch: int, batch: int) -> tuple[int, int] | None:
    """Return (batch item, token) of a patch of the whole image, in the image that `batch` belongs to."""
    if grid is None or grid.windows is None:
        return batch, patch
    return grid.on_site(*divmod(patch, grid.image_columns), image=batch // grid.windows.count)


def means(run: Run, site: AttentionSite, grid: PatchGrid, batch: int, head: int | None) -> Floats:
    """Return the mean over the queries of every window of an image, (patch,); `head` None means over heads too."""
    if grid.windows is None:
        raise ValueError("these tokens lie in no windows")
    name = ("window means", site.index, batch // grid.windows.count, head)
    if name not in run.memo:
        first = batch // grid.windows.count * grid.windows.count
        items = slice(first, first + grid.windows.count)
        found = run.pattern(site, batch=items, head=slice(None) if head is None else slice(head, head + 1))
        rows = found.mean(axis=(1, 2))  # (window, key)
        out = np.full((grid.image_rows, grid.image_columns), np.nan, np.float32)
        for window, row in enumerate(rows):
            laid = on_image(row, grid, window)
            np.copyto(out, laid, where=~np.isnan(laid))
        run.memo[name] = out.reshape(-1)
    return np.asarray(run.memo[name], np.float32)

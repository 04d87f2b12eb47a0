"""How the tokens of a site lie on the image: a patch grid, and special tokens before or after it."""

import math

import numpy as np
from numpy.typing import NDArray

from engine.messages import Message, declare, translate
from engine.model.description import ConvLayer
from engine.model.patches import PatchGrid, SiteTokens, Windows
from engine.runtime.run import Run
from engine.sites.site import AttentionSite

MOST_SPECIAL_TOKENS = 32
"""More tokens than this outside the grid are taken for a sign that the grid is wrong."""

declare(
    {
        "grid-no-image": translate("engine", "The model takes no image."),
        "grid-not-on-image": translate("engine", "These tokens are not places on the image."),
        "grid-picked": translate(
            "engine", "Which patches these tokens are is picked by the input “{input}”, in every run anew."
        ),
        "grid-several": translate("engine", "These tokens lie on several images: {images}."),
        "grid-unknown": translate("engine", "How {tokens} tokens lie on the image could not be told."),
    }
)


def patch_grid(
    run: Run,
    site: AttentionSite,
    *,
    keys: bool = False,
    override: PatchGrid | None = None,
    image: str | None = None,
) -> PatchGrid | None:
    """Return how a site's query tokens (or key tokens) lie on the image; None where no grid fits.

    First what the graph tells: places of pixels followed to the tokens. Else the convolutions that the image
    passes give grid sizes, and the one that leaves the fewest tokens over is taken for the patch embedding. Else a
    grid in the image’s proportions, said to be guessed.

    Args:
        run: the run.
        site: one of its sites.
        keys: the key tokens instead of the query tokens.
        override: the user's own grid; taken where it has as many tokens as the site.
        image: of a model that takes several images, the input of the one they shall lie on; tokens of the others
            are special ones, "other".
    """
    shape = run.pattern_shape(site)
    tokens = shape[3] if keys else shape[2]
    if override is not None and override.tokens == tokens:
        return override
    if image is not None and (several := _images(run, site, keys=keys)):
        return next((grid for name, grid in several if name == image and grid.tokens == tokens), None)
    size = image_size(run)
    if size is None:
        return None
    told = _told(run, site, size)
    if told is not None and told.told[keys]:
        grid = told.keys if keys else told.queries
        if grid is None or grid.tokens == tokens:
            return grid
    best: PatchGrid | None = None
    for rows, columns in _grids(run.model.convolutions, size):
        special = tokens - rows * columns
        if 0 <= special <= MOST_SPECIAL_TOKENS and (best is None or special < best.prefix):
            best = PatchGrid(rows, columns, prefix=special)
    return best or (None if _picked(run, site, keys=keys) else _guess(tokens, size))


def on_image(values: NDArray[np.float32], grid: PatchGrid, batch: int = 0) -> NDArray[np.float32]:
    """Return numbers of tokens laid on the whole image, (row, column); NaN where none of these tokens lies.

    Args:
        values: one number for each token of one item of the pattern's batch axis, special tokens included.
        grid: how these tokens lie.
        batch: which item: the window, where there are windows.
    """
    if grid.windows is None:
        return values[grid.prefix : grid.prefix + grid.patches].reshape(grid.rows, grid.columns)
    out = np.full((grid.image_rows, grid.image_columns), np.nan, np.float32)
    for token, value in enumerate(values):
        place = grid.on_image(token, batch)
        if place is not None:
            out[place] = value
    return out


def no_grid_reason(run: Run, site: AttentionSite, *, keys: bool = False) -> Message:
    """Return why `patch_grid` is None for these tokens."""
    size = image_size(run)
    if size is None and (several := _images(run, site, keys=keys)):
        return Message.of("grid-several", images=", ".join(name for name, _ in several))
    if size is None:
        return Message.of("grid-no-image")
    told = _told(run, site, size)
    if told is not None and told.told[keys]:
        return Message.of("grid-not-on-image")
    if picked := _picked(run, site, keys=keys):
        return Message.of("grid-picked", input=picked)
    return Message.of("grid-unknown", tokens=run.pattern_shape(site)[3 if keys else 2])


def token_input(run: Run, site: AttentionSite, *, keys: bool = False) -> str | None:
    """Return the input that a site's query (or key) tokens came from, such as "input_ids"; None if not told."""
    if site.index >= len(run.model.tokens):
        return None
    found = run.model.tokens[site.index]
    return found.key_input if keys else found.query_input


def _images(run: Run, site: AttentionSite, *, keys: bool) -> tuple[tuple[str, PatchGrid], ...]:
    """The grids of a model that takes several images."""
    told = run.model.tokens[site.index] if site.index < len(run.model.tokens) else SiteTokens()
    return told.key_images if keys else told.query_images


def _picked(run: Run, site: AttentionSite, *, keys: bool) -> str:
    """The input whose numbers pick which patches the tokens are; "" where none does."""
    return run.model.tokens[site.index].chosen_by[keys] if site.index < len(run.model.tokens) else ""


def _told(run: Run, site: AttentionSite, size: tuple[int, int]) -> SiteTokens | None:
    """What the graph tells, where it was told for images of this size."""
    if run.model.token_image != size or site.index >= len(run.model.tokens):
        return None
    return run.model.tokens[site.index]


def image_size(run: Run) -> tuple[int, int] | None:
    """Return (rows, columns) in pixels of the image that ran, or None where the input is no image."""
    name, plan = run.model.image_input, run.model.image_plan
    if name is None or name not in run.inputs:
        return None
    shape = run.inputs[name].shape
    if len(shape) != 4:
        return None
    last = plan is not None and plan.layout == "NHWC"
    return (shape[1], shape[2]) if last else (shape[2], shape[3])


def _grids(convolutions: tuple[ConvLayer, ...], size: tuple[int, int]) -> list[tuple[int, int]]:
    """Grids that strided convolutions make of the image, one after the other from the input."""
    found: list[tuple[int, int]] = []
    rows, columns = size
    for layer in convolutions:
        if len(layer.kernel) != 2:
            continue
        out = tuple(
            (length + layer.pads[axis] + layer.pads[axis + 2] - layer.dilation[axis] * (layer.kernel[axis] - 1) - 1)
            // layer.stride[axis]
            + 1
            for axis, length in enumerate((rows, columns))
        )
        if min(out) < 1:
            break
        rows, columns = out
        if (rows, columns) not in found:
            found.append((rows, columns))
    return found


def _guess(tokens: int, size: tuple[int, int]) -> PatchGrid | None:
    """Return the grid nearest the image's proportions that leaves the fewest special tokens."""
    wanted = size[0] / size[1]
    for special in range(min(MOST_SPECIAL_TOKENS, tokens - 1) + 1):
        patches = tokens - special
        rows = round(math.sqrt(patches * wanted))
        if rows and patches % rows == 0 and abs(rows / (patches // rows) / wanted - 1) < 0.1:
            return PatchGrid(rows, patches // rows, prefix=special, guessed=True)
    return None


__all__ = ["PatchGrid", "Windows", "image_size", "no_grid_reason", "on_image", "patch_grid", "token_input"]

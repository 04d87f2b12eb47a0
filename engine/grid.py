"""How the tokens of a site lie on the image: a patch grid, and special tokens before or after it."""

import math
from dataclasses import dataclass

from engine.model.description import ConvLayer
from engine.runtime.run import Run
from engine.sites.site import AttentionSite

MOST_SPECIAL_TOKENS = 32
"""More tokens than this outside the grid are taken for a sign that the grid is wrong."""


@dataclass(frozen=True)
class PatchGrid:
    """Rows × columns of patches, row-major, after `prefix` special tokens and before `suffix` others.

    Attributes:
        rows, columns: size of the grid in patches.
        prefix: special tokens before the patches: class, distillation, registers.
        suffix: special tokens after the patches.
        guessed: the grid was inferred from the number of tokens alone.
    """

    rows: int
    columns: int
    prefix: int = 0
    suffix: int = 0
    guessed: bool = False

    @property
    def patches(self) -> int:
        """Number of patches."""
        return self.rows * self.columns

    @property
    def tokens(self) -> int:
        """Number of tokens, special ones included."""
        return self.prefix + self.patches + self.suffix

    def token_at(self, row: int, column: int) -> int:
        """Return the token of a patch.

        Raises:
            IndexError: the patch lies outside the grid.
        """
        if not (0 <= row < self.rows and 0 <= column < self.columns):
            raise IndexError(f"patch ({row}, {column}) is outside a {self.rows} × {self.columns} grid")
        return self.prefix + row * self.columns + column

    def place_of(self, token: int) -> tuple[int, int] | None:
        """Return (row, column) of a token, or None for a special token."""
        patch = token - self.prefix
        return divmod(patch, self.columns) if 0 <= patch < self.patches else None


def patch_grid(run: Run, site: AttentionSite, *, keys: bool = False) -> PatchGrid | None:
    """Return how a site's query tokens (or key tokens) lie on the image; None where no grid fits.

    First the graph: the convolutions that the image passes give grid sizes; the one that leaves the fewest
    tokens over is the patch embedding. Else a grid in the image's proportions, said to be guessed.
    """
    if run.model.image_input is None:
        return None
    shape = run.pattern_shape(site)
    tokens = shape[3] if keys else shape[2]
    size = image_size(run)
    if size is None:
        return None
    best: PatchGrid | None = None
    for rows, columns in _grids(run.model.convolutions, size):
        special = tokens - rows * columns
        if 0 <= special <= MOST_SPECIAL_TOKENS and (best is None or special < best.prefix):
            best = PatchGrid(rows, columns, prefix=special)
    return best or _guess(tokens, size)


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

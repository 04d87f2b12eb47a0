"""From places of queries and keys to patch grids: rows, columns, special tokens, windows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.model.patches import PatchGrid, Special, Windows
from engine.model.places.place import Floats

Ints = NDArray[np.intp]


@dataclass(frozen=True)
class TokenPlaces:
    """Where the tokens of one side of a site lie.

    Attributes:
        rows, columns: (batch, token) in pixels; NaN where a token has no place.
        special: (batch, token) number of the learned tensor behind a token, 0 for none.
    """

    rows: Floats
    columns: Floats
    special: Ints


def grid_of_places(found: TokenPlaces, images: int, sources: Sequence[tuple[str, int]]) -> PatchGrid | None:
    """Return the grid that tokens lie on; None where they lie on none.

    Args:
        found: places of the tokens.
        images: images in the batch.
        sources: what the numbers of special tokens stand for.
    """
    windows = len(found.rows) // images if len(found.rows) % images == 0 else len(found.rows)
    rows, columns, special = found.rows[:windows], found.columns[:windows], found.special[:windows]
    known = ~(np.isnan(rows) | np.isnan(columns))
    if not known.any():
        return None
    lines, row_of = np.unique(np.round(rows[known], 2), return_inverse=True)
    stands, column_of = np.unique(np.round(columns[known], 2), return_inverse=True)
    patch: Ints = np.full(rows.shape, -1, np.intp)  # (window, token): place in the image's grid
    patch[known] = row_of * len(stands) + column_of
    shape = (len(lines), len(stands))
    local = _window_shape(patch, special, shape[1])
    if local is None:
        return None
    prefix, height, width = local
    suffix = patch.shape[1] - prefix - height * width
    names = special_names(special[0], prefix, suffix, sources)
    if windows == 1 and (height, width) == shape and bool((patch[0, prefix : prefix + height * width] >= 0).all()):
        return PatchGrid(height, width, prefix, suffix, special=names)
    tiling = _tiling(patch, prefix, (height, width), shape)
    return None if tiling is None else PatchGrid(height, width, prefix, suffix, windows=tiling, special=names)


def _window_shape(patch: Ints, special: Ints, columns: int) -> tuple[int, int, int] | None:
    """(special tokens before, rows, columns) of a window, read off one without padding."""
    missing = (patch < 0) & (special == 0)
    whole = int(np.argmin(missing.sum(axis=1)))
    tokens = np.flatnonzero((patch[whole] >= 0) | missing[whole])
    if not len(tokens) or tokens[-1] - tokens[0] + 1 != len(tokens):
        return None
    row = patch[whole, tokens] // columns
    same = np.flatnonzero(row != row[0])
    width = int(same[0]) if len(same) else len(tokens)
    if len(tokens) % width or (missing[whole].any() and len(patch) == 1):
        return None
    cells = patch[whole, tokens].reshape(-1, width)
    if not missing[whole].any() and not (
        (cells // columns == cells[:, :1] // columns).all() and (cells % columns == cells[:1] % columns).all()
    ):
        return None  # no product of rows and columns
    return int(tokens[0]), len(tokens) // width, width


def _tiling(patch: Ints, prefix: int, window: tuple[int, int], image: tuple[int, int]) -> Windows | None:
    """How windows lie: counted across by where each one's first patch lies."""
    height, width = window
    across = -(-image[1] // width)
    if len(patch) % across:
        return None
    first = divmod(int(patch[0, prefix]), image[1]) if patch[0, prefix] >= 0 else (0, 0)
    below = divmod(int(patch[0, prefix + width]), image[1])[0] if height > 1 else first[0] + 1
    beside = divmod(int(patch[0, prefix + 1]), image[1])[1] if width > 1 else first[1] + 1
    stride = ((below - first[0]) % image[0] or 1, (beside - first[1]) % image[1] or 1)
    return Windows(
        rows=len(patch) // across,
        columns=across,
        image_rows=image[0],
        image_columns=image[1],
        shift=first,
        stride=stride,
        places=tuple(int(n) for n in patch.reshape(-1)),
    )


WORDS: Mapping[str, Special] = {"dist": "distillation", "reg": "register", "storage": "register", "cls": "class"}
"""What exporters keep of the tokens' names, where they keep any."""


def special_names(special: Ints, prefix: int, suffix: int, sources: Sequence[tuple[str, int]]) -> tuple[Special, ...]:
    """Return what the special tokens are: by their tensors' names where these tell, else by how they were joined.

    One learned token alone is the class token, a second one alone the distillation token, several of one tensor are
    registers (Dosovitskiy et al. 2021; Touvron et al. 2021; Darcet et al. 2024). () where nothing tells.
    """
    places = [*range(prefix), *range(len(special) - suffix, len(special))]
    origins = [sources[int(special[i])] for i in places]
    if any(int(special[i]) == 0 for i in places):
        return ()
    sizes: dict[str, int] = {}
    for name, at in origins:
        sizes[name] = max(sizes.get(name, 0), at + 1)
    out: list[Special] = []
    for name, at in origins:
        word = next((kind for part, kind in WORDS.items() if part in name.lower()), None)
        if word is not None and sizes[name] == 1:
            out.append(word)
        elif word == "register" or ("class" in out and sizes[name] > 1):
            out.append("register")
        elif "class" not in out and at == 0:
            out.append("class")
        else:
            out.append("distillation" if sizes[name] == 1 and "distillation" not in out else "register")
    return tuple(out)

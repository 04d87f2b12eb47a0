"""How the tokens of a site lie on the image: a patch grid, special tokens, windows."""

from dataclasses import dataclass
from typing import Literal

Special = Literal["class", "distillation", "register", "other"]
"""What a special token is: class (Dosovitskiy et al. 2021), distillation (Touvron et al. 2021), register (Darcet et
al. 2024), or another."""


@dataclass(frozen=True)
class Windows:
    """How the windows of a site tile the image's patch grid (Liu et al. 2021, section 3.2; Tu et al. 2022, 3.1).

    A window is an item of the pattern's batch axis; with several images in the batch, the windows of the first
    image come first.

    Attributes:
        rows, columns: windows down and across.
        image_rows, image_columns: the patch grid of the whole image.
        shift: patches (down, right) that the first window lies away from the image's corner.
        stride: patches from one row, and one column, of a window to the next: more than (1, 1) where a window is
            spread over the whole image.
        places: for each window and token, in this order, the patch (row * image_columns + column), or -1 for padding
            and special tokens.
    """

    rows: int
    columns: int
    image_rows: int
    image_columns: int
    shift: tuple[int, int] = (0, 0)
    stride: tuple[int, int] = (1, 1)
    places: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        """Number of windows."""
        return self.rows * self.columns

    @property
    def tokens(self) -> int:
        """Tokens of one window."""
        return len(self.places) // self.count


@dataclass(frozen=True)
class PatchGrid:
    """Rows × columns of patches, row-major, after `prefix` special tokens and before `suffix` others.

    Of a site with windows, rows and columns are those of one window, and `on_image` tells where on the image they lie.

    Attributes:
        rows, columns: size of the grid in patches.
        prefix: special tokens before the patches: class, distillation, registers.
        suffix: special tokens after the patches.
        guessed: the grid was inferred from the number of tokens alone.
        windows: how windows lie on the image; None where every token sees the whole image.
        special: what the special tokens are, those before the patches first; empty where the graph does not tell.
    """

    rows: int
    columns: int
    prefix: int = 0
    suffix: int = 0
    guessed: bool = False
    windows: Windows | None = None
    special: tuple[Special, ...] = ()

    @property
    def patches(self) -> int:
        """Number of patches (of one window)."""
        return self.rows * self.columns

    @property
    def tokens(self) -> int:
        """Number of tokens, special ones included."""
        return self.prefix + self.patches + self.suffix

    @property
    def image_rows(self) -> int:
        """Rows of patches of the whole image."""
        return self.rows if self.windows is None else self.windows.image_rows

    @property
    def image_columns(self) -> int:
        """Columns of patches of the whole image."""
        return self.columns if self.windows is None else self.windows.image_columns

    def token_at(self, row: int, column: int) -> int:
        """Return the token of a patch (of a window: row and column inside it).

        Raises:
            IndexError: the patch lies outside the grid.
        """
        if not (0 <= row < self.rows and 0 <= column < self.columns):
            raise IndexError(f"patch ({row}, {column}) is outside a {self.rows} × {self.columns} grid")
        return self.prefix + row * self.columns + column

    def place_of(self, token: int) -> tuple[int, int] | None:
        """Return (row, column) of a token in this grid (inside its window), or None for a special token."""
        patch = token - self.prefix
        return divmod(patch, self.columns) if 0 <= patch < self.patches else None

    def on_image(self, token: int, batch: int = 0) -> tuple[int, int] | None:
        """Return (row, column) in the image's patch grid, or None for a special token or padding.

        Args:
            token: place on the site's token axis.
            batch: place on the pattern's batch axis, which counts windows.
        """
        if self.windows is None:
            return self.place_of(token)
        if not 0 <= token < self.windows.tokens:
            return None
        patch = self.windows.places[(batch % self.windows.count) * self.windows.tokens + token]
        return None if patch < 0 else divmod(patch, self.windows.image_columns)

    def on_site(self, row: int, column: int, image: int = 0) -> tuple[int, int] | None:
        """Return (batch item, token) of a patch of the image: the inverse of `on_image`.

        None where no token stands for this patch. Row and column count in the image's patch grid; `image` says
        which image of the batch.
        """
        if not (0 <= row < self.image_rows and 0 <= column < self.image_columns):
            return None
        if self.windows is None:
            return image, self.token_at(row, column)
        patch = row * self.windows.image_columns + column
        if patch not in self.windows.places:
            return None
        window, token = divmod(self.windows.places.index(patch), self.windows.tokens)
        return image * self.windows.count + window, token

    def images(self, batch: int) -> int:
        """Return how many images a pattern's batch axis of this size holds."""
        return batch if self.windows is None else max(batch // self.windows.count, 1)


@dataclass(frozen=True)
class SiteTokens:
    """What the graph tells of a site's tokens.

    Attributes:
        queries, keys: how they lie on the image; None where they do not.
        told: whether (queries, keys) could be followed through the graph at all; else None above means nothing.
        query_input, key_input: the input of the model that the tokens came from, such as "input_ids"; None where
            it is the image, or was not told.
        query_images, key_images: of a model that takes several images, how they lie on each: its input, and the grid
            of those tokens that lie there; tokens of the other images are special ones, "other".
        chosen_by: the input whose numbers pick which patches the (queries, keys) are, in every run anew; "" for none.
    """

    queries: PatchGrid | None = None
    keys: PatchGrid | None = None
    told: tuple[bool, bool] = (False, False)
    query_input: str | None = None
    key_input: str | None = None
    query_images: tuple[tuple[str, PatchGrid], ...] = ()
    key_images: tuple[tuple[str, PatchGrid], ...] = ()
    chosen_by: tuple[str, str] = ("", "")

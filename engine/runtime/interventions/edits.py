"""Interventions as frozen data: what is changed, where, and in words. They compose in the order given."""

from dataclasses import dataclass
from typing import Literal

from engine.messages import Message, declare, translate
from engine.runtime.interventions.images import (
    BlurImage,
    DropPatches,
    HidePatches,
    MovePatches,
    ShiftImage,
    ShufflePatches,
)

declare(
    {
        "edit-heads-off": translate("engine", "layer {site}: head {heads} off"),
        "edit-only-heads": translate("engine", "layer {site}: only head {heads}"),
        "edit-uniform": translate("engine", "layer {site}: uniform attention"),
        "edit-uniform-all": translate("engine", "every layer: uniform attention"),
        "edit-temperature": translate("engine", "layer {site}: temperature {value}"),
        "edit-temperature-all": translate("engine", "every layer: temperature {value}"),
        "edit-no-scale": translate("engine", "layer {site}: scores not scaled"),
        "edit-no-scale-all": translate("engine", "every layer: scores not scaled"),
        "edit-hide-tokens": translate("engine", "layer {site}: token {tokens} hidden"),
        "edit-hide-tokens-all": translate("engine", "every layer: token {tokens} hidden"),
        "edit-zero-values": translate("engine", "layer {site}: value of token {tokens} zero"),
        "edit-zero-values-all": translate("engine", "every layer: value of token {tokens} zero"),
        "edit-positions-zero": translate("engine", "positions zero"),
        "edit-positions-shuffle": translate("engine", "positions shuffled (seed {seed})"),
        "edit-positions-shift": translate("engine", "positions shifted by {by}"),
        "edit-positions-interpolate": translate("engine", "positions resampled to {grid} and back"),
    }
)


def _somewhere(code: str, site: int | None, **details: object) -> Message:
    """Return the message for one layer, or the one for all."""
    return Message.of(f"{code}-all", **details) if site is None else Message.of(code, site=site, **details)


def _list(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers))


@dataclass(frozen=True)
class HeadsOff:
    """What these heads of a site give is set to zero (Michel et al. 2019, section 3.1)."""

    site: int
    heads: tuple[int, ...]

    def message(self) -> Message:
        """Return the intervention in words."""
        return Message.of("edit-heads-off", site=self.site, heads=_list(self.heads))


@dataclass(frozen=True)
class OnlyHeads:
    """What all other heads of a site give is set to zero."""

    site: int
    heads: tuple[int, ...]

    def message(self) -> Message:
        """Return the intervention in words."""
        return Message.of("edit-only-heads", site=self.site, heads=_list(self.heads))


@dataclass(frozen=True)
class Uniform:
    """Every allowed key gets the same weight, in one site or in all."""

    site: int | None = None

    def message(self) -> Message:
        """Return the intervention in words."""
        return _somewhere("edit-uniform", self.site)


@dataclass(frozen=True)
class Temperature:
    """Scores divided by `value` before the softmax, in one site or in all."""

    value: float
    site: int | None = None

    def message(self) -> Message:
        """Return the intervention in words."""
        return _somewhere("edit-temperature", self.site, value=f"{self.value:g}")


@dataclass(frozen=True)
class NoScale:
    """QKᵀ enters the softmax without 1/√d, in one site or in all; biases and masks stay."""

    site: int | None = None

    def message(self) -> Message:
        """Return the intervention in words."""
        return _somewhere("edit-no-scale", self.site)


@dataclass(frozen=True)
class HideTokens:
    """No query can attend to these tokens, in one site or in all; the other weights sum to 1 again."""

    tokens: tuple[int, ...]
    site: int | None = None

    def message(self) -> Message:
        """Return the intervention in words."""
        return _somewhere("edit-hide-tokens", self.site, tokens=_list(self.tokens))


@dataclass(frozen=True)
class ZeroValues:
    """The values of these tokens are zero: they are attended to and give nothing."""

    tokens: tuple[int, ...]
    site: int | None = None

    def message(self) -> Message:
        """Return the intervention in words."""
        return _somewhere("edit-zero-values", self.site, tokens=_list(self.tokens))


@dataclass(frozen=True)
class Positions:
    """Positions zero, or the rows of their table shuffled, shifted round or resampled; special tokens keep theirs.

    Every encoding whose numbers lie in the file can be zero; rows are those of a table with one for each token.

    Attributes:
        change: what is done to the rows.
        prefix: rows of special tokens at the front that stay, where the model does not tell.
        seed: of the shuffle.
        by: rows of the shift.
        grid: "interpolate" resamples the patches' rows to this grid and back to their own: what a model loses that
            was given another grid's positions (Dosovitskiy et al. 2021, section 3.2). (n, 1) of a line of n tokens.
    """

    change: Literal["zero", "shuffle", "shift", "interpolate"]
    prefix: int = 0
    seed: int = 0
    by: int = 1
    grid: tuple[int, int] = (1, 1)

    def message(self) -> Message:
        """Return the intervention in words."""
        grid = f"{self.grid[0]} × {self.grid[1]}" if self.grid[1] > 1 else str(self.grid[0])
        return Message.of(f"edit-positions-{self.change}", seed=self.seed, by=self.by, grid=grid)


Edit = (
    HeadsOff
    | OnlyHeads
    | Uniform
    | Temperature
    | NoScale
    | HideTokens
    | ZeroValues
    | Positions
    | HidePatches
    | DropPatches
    | MovePatches
    | ShufflePatches
    | ShiftImage
    | BlurImage
)
"""One intervention."""

"""What the rollout view shows, computed without a window."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from desktop_app.selection import Selection
from desktop_app.token_lines import TokenLine, line_of
from engine import EngineError, Run, attention
from engine.grid import PatchGrid
from engine.images.plan import Prepared
from engine.rolling import Recipe, Rolling
from engine.rollout import Fusion, rollout_sites
from engine.runtime.interventions.images import seen_image
from engine.value_norms import OutputForms, value_norms

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Settings:
    """How layers become matrices.

    Attributes:
        fusion: how the heads of a layer become one pattern.
        discard: share of the smallest weights of each row left out, 0 to 0.9.
        weighted: weights are multiplied by the norm of what is taken from each token.
        forms: W_O of the model's heads, once it was read.
    """

    fusion: Fusion = "mean"
    discard: float = 0.0
    weighted: bool = False
    forms: OutputForms | None = None


@dataclass(frozen=True)
class Rolled:
    """Rollouts of one token.

    Attributes:
        rows: (layer, token): row i is the rollout through layers 0 to i and sums to 1; None until all are there.
        reached: the layer under work, counted down to 0.
        norms: layers whose weights are multiplied by ‖v W_O‖, and by ‖v‖; both 0 where weights alone count.
        work: computes a little more and says whether anything is left; None when nothing is.
        again: gives the rollouts once more, with what was computed since.
    """

    rows: Floats | None
    reached: int
    norms: tuple[int, int] = (0, 0)
    work: Callable[[], bool] | None = field(default=None, compare=False)
    again: Callable[[], "Rolled"] | None = field(default=None, compare=False)


@dataclass(frozen=True)
class RolloutData:
    """What is rolled out.

    Attributes:
        selection: what was asked for, with what this run has not taken out.
        token: whose rollout is shown; None for the mean over all tokens.
        chosen: the user chose the token; else it is the class token, or the mean where there is none.
        sites: indices of the layers rolled through.
        tokens: how many tokens there are.
        grid: how they lie on the image.
        image: the photo that ran.
        line: the tokens.
        model: the file that the weights are in.
        refused: why attention cannot be rolled out through this model.
        roll: rolls out with other settings; None where that is refused.
    """

    selection: Selection
    token: int | None = None
    chosen: bool = False
    sites: tuple[int, ...] = ()
    tokens: int = 0
    grid: PatchGrid | None = None
    image: Prepared | None = None
    line: TokenLine | None = field(default=None, compare=False)
    model: str = ""
    refused: EngineError | None = None
    roll: Callable[[Settings], Rolled] | None = field(default=None, compare=False)


def compute(run: Run, selection: Selection) -> RolloutData:
    """Return whose attention is rolled out through which layers.

    Raises:
        EngineError: a tensor was not kept in this run and must be fetched first.
    """
    try:
        sites = rollout_sites(run)
        for site in sites:
            run.pattern(site, batch=0, head=0, query=0)  # what is not kept is asked for before the long work
    except EngineError as error:
        if error.code == "not-in-run":
            raise
        return RolloutData(selection, refused=error)
    tokens = run.pattern_shape(sites[0])[2]
    batch = attention.batch_of(run, sites[0], selection.batch)
    chosen = selection.token is not None and selection.token < tokens and selection.direction != "class"
    token = selection.token if chosen else attention.class_token(run, sites[0])
    return RolloutData(
        selection=replace(selection, batch=batch),
        token=token,
        chosen=chosen,
        sites=tuple(site.index for site in sites),
        tokens=tokens,
        grid=attention.grid_of(run, sites[0]),
        line=line_of(run, sites[0], batch=batch),
        image=seen_image(run),
        model=run.model.path,
        roll=partial(roll, run, token, tokens, batch),
    )


def roll(run: Run, token: int | None, tokens: int, batch: int, settings: Settings) -> Rolled:
    """Return the rollouts of a token (None: the mean over all tokens) up to every layer; `work` goes on."""
    start = np.full(tokens, 1 / tokens, np.float32)
    if token is not None:
        start = np.eye(1, tokens, token, dtype=np.float32)[0]
    weighted, forms = settings.weighted, settings.forms
    rolling = Rolling(run, start, Recipe(settings.fusion, settings.discard, 0.5, batch, weighted, forms))
    traced = [value_norms(run, site, batch, forms).traced for site in rollout_sites(run)] if weighted else []
    rolling.advance()
    return _state(rolling, (sum(traced), len(traced) - sum(traced)))


def _state(rolling: Rolling, norms: tuple[int, int]) -> Rolled:
    if rolling.finished:
        return Rolled(rolling.rows, 0, norms)
    return Rolled(None, rolling.reached, norms, rolling.advance, partial(_state, rolling, norms))


def patches(rows: Floats, grid: PatchGrid) -> Floats:
    """Return (layer, row, column) of rollouts (layer, token), special tokens left out."""
    return rows[:, grid.prefix : grid.prefix + grid.patches].reshape(len(rows), grid.rows, grid.columns)

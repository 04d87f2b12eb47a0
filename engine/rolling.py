"""Attention rollout up to every layer at once, in steps: what `engine.rollout` defines, without long waits.

The rollouts of one token up to each layer are carried down together, one block of queries of one layer at a time.
Blocks belong to the run and not to the token, so they are kept while they are small enough: the next token then
costs a few products of a vector with a matrix.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np

from engine.rollout import Fusion, fuse, mix, rollout_sites
from engine.runtime.run import Run
from engine.runtime.score_steps import Floats
from engine.sites.site import AttentionSite
from engine.value_norms import OutputForms, value_norms

AT_ONCE = 1 << 17
"""Probabilities, of all heads together, in one step: some ten milliseconds."""
MOST_KEPT = 1 << 25
"""Numbers of all layers kept with the run at most (128 MiB), once fused and once normalised."""


@dataclass(frozen=True)
class Recipe:
    """How layers become matrices; see `engine.rollout.rollout`.

    Attributes:
        fusion: how the heads of a layer become one pattern.
        discard: share of the smallest weights of each row set to zero, 0 to below 1.
        residual: weight of the identity.
        batch: item of the batch axis.
        weighted: weights are multiplied by the norm of the transformed values before heads are fused.
        forms: W_O W_Oᵀ of the model's heads; without them the norm is that of the value itself.
    """

    fusion: Fusion = "mean"
    discard: float = 0.0
    residual: float = 0.5
    batch: int = 0
    weighted: bool = False
    forms: OutputForms | None = None


class Rolling:
    """The rollouts of one starting row; `advance` until nothing is left, then read `rows`.

    Attributes:
        rows: (layer, token): row i is the rollout through layers 0 to i, summing to 1.
        layers: how many layers there are.
    """

    def __init__(self, run: Run, start: Floats, recipe: Recipe) -> None:
        """Begin.

        Args:
            run: the finished run.
            start: (token,): 1 on the token looked at, or weights that sum to 1.
            recipe: how layers become matrices.

        Raises:
            EngineError: attention cannot be rolled out through this model.
        """
        self._run, self._recipe = run, recipe
        self._sites = rollout_sites(run)
        self.layers = len(self._sites)
        self.rows: Floats = np.tile(start.astype(np.float32), (self.layers, 1))
        self._steps = self._walk()
        self.reached = self.layers
        self.finished = False

    def advance(self, most: int = AT_ONCE) -> bool:
        """Compute about `most` more probabilities, and everything that needs none; return whether anything is left.

        Raises:
            EngineError: a pattern cannot be read from this run.
        """
        done = 0
        while not self.finished and done < most:
            step = next(self._steps, None)
            if step is None:
                self.finished = True
            else:
                done += step
        return not self.finished

    def _walk(self) -> Iterator[int]:
        """Carry the rows through the layers from the last to the first; yield how much each block cost."""
        for at in range(self.layers - 1, -1, -1):
            self.reached = at
            site = self._sites[at]
            new = np.zeros_like(self.rows[at:])
            for block in _parts(self._run, site):
                matrix, cost = _matrix(self._run, site, self._recipe, block, self.layers)
                new += self.rows[at:, block] @ matrix
                yield cost
            self.rows[at:] = new


def _parts(run: Run, site: AttentionSite) -> Iterator[slice]:
    """Yield blocks of queries."""
    _, heads, queries, keys = run.pattern_shape(site)
    many = max(1, AT_ONCE // max(1, heads * keys))
    for start in range(0, queries, many):
        yield slice(start, min(queries, start + many))


def _matrix(run: Run, site: AttentionSite, recipe: Recipe, rows: slice, layers: int) -> tuple[Floats, int]:
    """Return rows of a layer's matrix, (query, key), and how many probabilities were computed for it."""
    _, heads, queries, keys = run.pattern_shape(site)
    if layers * queries * keys > MOST_KEPT:
        fused = _fused(run, site, recipe, rows)
        return mix(fused, discard=recipe.discard, residual=recipe.residual, first=rows.start), fused.size * heads
    cost, place = 0, (site.index, rows.start)
    kept = _kept(run, "fused", (recipe.fusion, recipe.batch, recipe.weighted, recipe.forms))
    if place not in kept:
        kept[place] = _fused(run, site, recipe, rows)
        cost = kept[place].size * heads
    ready = _kept(run, "mixed", recipe)
    if place not in ready:
        ready[place] = mix(kept[place], discard=recipe.discard, residual=recipe.residual, first=rows.start)
        cost = cost or kept[place].size
    return ready[place], cost


def _fused(run: Run, site: AttentionSite, recipe: Recipe, rows: slice) -> Floats:
    norms = value_norms(run, site, recipe.batch, recipe.forms).values if recipe.weighted else None
    return fuse(run, site, recipe.fusion, recipe.batch, rows, norms)


def _kept(run: Run, kind: str, asked: object) -> dict[tuple[int, int], Floats]:
    """Return the blocks of the last recipe asked for; those of another are let go."""
    name = ("rolling", kind)
    found = cast(tuple[object, dict[tuple[int, int], Floats]] | None, run.memo.get(name))
    if found is None or found[0] != asked:
        found = (asked, {})
        run.memo[name] = found
    return found[1]

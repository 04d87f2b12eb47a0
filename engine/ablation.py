"""Every head switched off once: what the model then says, against what it says with all heads.

Michel et al. 2019, "Are Sixteen Heads Really Better than One?", section 3.2 (what one head gives is set to zero,
everything else stays). The damage is told in the model's own terms: the logit and the probability of the class that
wins with all heads, and the Kullback-Leibler divergence KL(all heads ‖ one off) of what it says, in nats; of a model
that gives features alone, by how far its outputs move, ‖one off - all heads‖ / ‖all heads‖.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError, declare_errors
from engine.messages import translate
from engine.predictions import are_probabilities, class_values, token_scores
from engine.runtime.recompute import softmax
from engine.runtime.score_steps import Floats
from engine.runtime.task import Context, Task

Array = NDArray[np.generic]

declare_errors(
    {
        "no-heads-off": translate("engine", "No head of “{name}” can be switched off: its graph keeps them to itself."),
        "no-heads-off.advice": translate("engine", "Export the model without fused attention."),
        "no-input-yet": translate("engine", "Nothing has run through “{name}” yet."),
        "no-input-yet.advice": translate("engine", "Open an input first."),
    }
)


@dataclass(frozen=True)
class Said:
    """What a model says, as distributions.

    Attributes:
        scores: logits, or probabilities where it gives those, (row, class): one row for a classifier, one for the
            next token of a causal model, one for each token of another.
        logits: whether they are logits.
    """

    scores: Floats
    logits: bool

    @property
    def probabilities(self) -> Floats:
        """(row, class), each row summing to 1."""
        return softmax(self.scores) if self.logits else self.scores


@dataclass(frozen=True, eq=False)
class HeadDamage:
    """What the model loses with each head alone switched off; each array is (layer, head) float32.

    NaN stands where there is no such head, or it was not reached yet, or cannot be switched off.

    Attributes:
        change: ‖one off - all heads‖ / ‖all heads‖ over all outputs of real numbers.
        probability: change of the winning class's probability, below 0 where the head helps; None of a model that
            gives neither classes nor tokens.
        logit: change of its logit; None where the model gives no logits.
        divergence: KL(all heads ‖ this one off) in nats, mean over the rows of several tokens; None as `probability`.
        winner: index of the class that wins with all heads, in the last row; -1 without classes.
        before: its probability with all heads; NaN without classes.
        rows: how many distributions were compared.
    """

    change: Floats = field(repr=False)
    probability: Floats | None = field(default=None, repr=False)
    logit: Floats | None = field(default=None, repr=False)
    divergence: Floats | None = field(default=None, repr=False)
    winner: int = -1
    before: float = float("nan")
    rows: int = 0


@dataclass(frozen=True)
class AblateHeads(Task):
    """Switches every head off once, on the input of the run on screen; gives `HeadDamage`, and tells it as it grows.

    One graph takes a number for every head as an input, so that one session serves all heads.
    """

    def work(self, context: Context) -> HeadDamage:
        """Run once with all heads, and once for each.

        Raises:
            EngineError: nothing has run, no head can be switched off, or the task was cancelled.
        """
        description = context.model.description
        if not context.feeds:
            raise EngineError("no-input-yet", name=description.name)
        context.tell(0, 0)
        gained = context.model.gained()
        if not gained.sites:
            raise EngineError("no-heads-off", name=description.name)
        causal = any(site.causal for site in description.sites)
        outputs = gained(context.feeds, {})
        plain = said(outputs, description.labels, causal=causal)
        sites = {site.index: site.heads for site in description.sites}
        damage = _none(plain, list(sites.values()))
        todo = [(site, head) for site in gained.sites for head in range(sites[site])]
        for done, (site, head) in enumerate(todo):
            context.tell(done, len(todo), damage if done else None)
            gains = np.ones(sites[site], np.float32)
            gains[head] = 0.0
            changed = gained(context.feeds, {site: gains})
            damage.change[site, head] = moved(outputs, changed)
            found = said(changed, description.labels, causal=causal)
            if plain is not None and found is not None:
                _note(damage, (site, head), plain, found)
        return damage


def said(outputs: Mapping[str, Array], labels: Sequence[str] | None, *, causal: bool) -> Said | None:
    """Return what a model says in its outputs: its classes, else a token for each place; None where neither.

    Of several tokens a causal model's last one counts, which tells the next; of another model every one.
    """
    values = class_values(outputs, labels)
    if values is None:
        tokens = token_scores(outputs)
        if tokens is None:
            return None
        values = tokens[-1:] if causal else tokens
    rows = np.atleast_2d(values)
    return Said(rows, logits=not all(are_probabilities(row) for row in rows))


def moved(before: Mapping[str, Array], after: Mapping[str, Array]) -> float:
    """Return ‖after - before‖ / ‖before‖ over all outputs of real numbers; NaN where there are none."""
    names = [name for name, array in before.items() if np.issubdtype(array.dtype, np.floating)]
    pairs = [(before[name].astype(np.float64), after[name].astype(np.float64)) for name in names]
    size = sum(float(np.square(a).sum()) for a, _ in pairs)
    gap = sum(float(np.square(b - a).sum()) for a, b in pairs if a.shape == b.shape)
    return float(np.sqrt(gap / size)) if size > 0 else float("nan")


def divergence(before: Floats, after: Floats) -> float:
    """Return KL(before ‖ after) in nats, mean over rows, of probabilities (row, class)."""
    p, q = before.astype(np.float64), np.maximum(after.astype(np.float64), 1e-30)
    ratio = np.log(np.maximum(p, 1e-30)) - np.log(q)
    return float(np.where(p > 0, p * ratio, 0).sum(axis=-1).mean())


def _none(plain: Said | None, heads: list[int]) -> HeadDamage:
    """Return the damage before anything was measured."""
    nothing = np.full((len(heads), max(heads)), np.nan, np.float32)
    if plain is None:
        return HeadDamage(nothing)
    winner = int(plain.scores[-1].argmax())
    return HeadDamage(
        change=nothing,
        probability=nothing.copy(),
        logit=nothing.copy() if plain.logits else None,
        divergence=nothing.copy(),
        winner=winner,
        before=float(plain.probabilities[-1, winner]),
        rows=len(plain.scores),
    )


def _note(damage: HeadDamage, at: tuple[int, int], plain: Said, found: Said) -> None:
    """Write down what one head's absence does."""
    before, after = plain.probabilities, found.probabilities
    if damage.probability is not None:
        damage.probability[at] = after[-1, damage.winner] - before[-1, damage.winner]
    if damage.logit is not None:
        damage.logit[at] = found.scores[-1, damage.winner] - plain.scores[-1, damage.winner]
    if damage.divergence is not None:
        damage.divergence[at] = divergence(before, after)


__all__ = ["AblateHeads", "HeadDamage", "Said", "divergence", "moved", "said"]

"""Every head switched off once: what the model then says, against what it says with all heads.

Michel et al. 2019, "Are Sixteen Heads Really Better than One?", section 3.2 (what one head gives is set to zero,
everything else stays). The damage is told in the model's own terms: the logit and the probability of the class that
wins with all heads, and the Kullback-Leibler divergence KL(all heads ‖ one off) of what it says, in nats.
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
        "no-distribution": translate(
            "engine", "What switching heads off does to “{name}” cannot be measured: it gives no classes and no tokens."
        ),
        "no-distribution.advice": translate("engine", "Look at “What if” for single heads, or take a classifier."),
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
    """What the model loses with each head alone switched off.

    Attributes:
        probability: change of the winning class's probability, (layer, head), below 0 where the head helps; NaN where
            there is no such head, or it was not reached yet, or cannot be switched off.
        logit: change of its logit, (layer, head); None where the model gives probabilities.
        divergence: KL(all heads ‖ this one off) in nats, (layer, head), mean over the rows of several tokens.
        winner: index of the class that wins with all heads, in the last row.
        before: its probability with all heads.
        rows: how many distributions were compared.
    """

    probability: Floats = field(repr=False)
    logit: Floats | None = field(repr=False)
    divergence: Floats = field(repr=False)
    winner: int
    before: float
    rows: int


@dataclass(frozen=True)
class AblateHeads(Task):
    """Switches every head off once, on the input of the run on screen; gives `HeadDamage`, and tells it as it grows.

    One graph takes a number for every head as an input, so that one session serves all heads.
    """

    def work(self, context: Context) -> HeadDamage:
        """Run once with all heads, and once for each.

        Raises:
            EngineError: no head can be switched off, the model says nothing measurable, or the task was cancelled.
        """
        description = context.model.description
        if not context.feeds:
            raise EngineError("no-input-yet", name=description.name)
        context.tell(0, 0)
        gained = context.model.gained()
        if not gained.sites:
            raise EngineError("no-heads-off", name=description.name)
        causal = any(site.causal for site in description.sites)
        plain = said(gained(context.feeds, {}), description.labels, causal=causal)
        if plain is None:
            raise EngineError("no-distribution", name=description.name)
        sites = {site.index: site.heads for site in description.sites}
        damage = _none(plain, list(sites.values()))
        todo = [(site, head) for site in gained.sites for head in range(sites[site])]
        for done, (site, head) in enumerate(todo):
            context.tell(done, len(todo), damage if done else None)
            gains = np.ones(sites[site], np.float32)
            gains[head] = 0.0
            found = said(gained(context.feeds, {site: gains}), description.labels, causal=causal)
            if found is not None:
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


def divergence(before: Floats, after: Floats) -> float:
    """Return KL(before ‖ after) in nats, mean over rows, of probabilities (row, class)."""
    p, q = before.astype(np.float64), np.maximum(after.astype(np.float64), 1e-30)
    ratio = np.log(np.maximum(p, 1e-30)) - np.log(q)
    return float(np.where(p > 0, p * ratio, 0).sum(axis=-1).mean())


def _none(plain: Said, heads: list[int]) -> HeadDamage:
    """Return the damage before anything was measured."""
    shape = (len(heads), max(heads))
    winner = int(plain.scores[-1].argmax())
    return HeadDamage(
        probability=np.full(shape, np.nan, np.float32),
        logit=np.full(shape, np.nan, np.float32) if plain.logits else None,
        divergence=np.full(shape, np.nan, np.float32),
        winner=winner,
        before=float(plain.probabilities[-1, winner]),
        rows=len(plain.scores),
    )


def _note(damage: HeadDamage, at: tuple[int, int], plain: Said, found: Said) -> None:
    """Write down what one head's absence does."""
    before, after = plain.probabilities, found.probabilities
    damage.probability[at] = after[-1, damage.winner] - before[-1, damage.winner]
    if damage.logit is not None:
        damage.logit[at] = found.scores[-1, damage.winner] - plain.scores[-1, damage.winner]
    damage.divergence[at] = divergence(before, after)


__all__ = ["AblateHeads", "HeadDamage", "Said", "divergence", "said"]

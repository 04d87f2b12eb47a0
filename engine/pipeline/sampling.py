"""Which token comes next: the most likely one, or one drawn; with what the model's files forbid and force."""

import itertools
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.runtime.recompute import softmax
from engine.runtime.score_steps import Floats
from engine.text.plan import Generation


@dataclass(frozen=True)
class Sampling:
    """How the next token is chosen.

    Attributes:
        method: "greedy" takes the most likely; "sample" draws.
        temperature: what logits are divided by before drawing; below 1 the likely become likelier.
        top_k: draw among this many most likely (Fan et al. 2018, section 5.1); 0: among all.
        seed: of the draws. Each place has a draw of its own, so that a forced token leaves the others' alone.
    """

    method: Literal["greedy", "sample"] = "greedy"
    temperature: float = 1.0
    top_k: int = 0
    seed: int = 0


def permitted(logits: Floats, rules: Generation | None, place: int, start: int) -> Floats:
    """Return one row of logits, (id,), with what may not come at a place at minus infinity.

    Args:
        logits: of the next token.
        rules: what the model's files say of generating.
        place: of the token to come, counted from the first of the decoder's.
        start: place of the first token that is generated.
    """
    if rules is None:
        return logits
    out = logits.copy()
    later = dict(rules.forced)
    forced = later.get(place, ())
    first = next(p for p in itertools.count(start) if p not in later)  # where the model chooses freely at last
    if rules.longest is not None and rules.forced_end is not None and place == rules.longest - 1:
        forced = (rules.forced_end,)
    known = [i for i in forced if i < out.size]
    if known:
        only = np.full_like(out, -np.inf)
        only[known] = out[known]
        return only
    hidden = [*rules.suppressed, *(rules.suppressed_first if place == first else ())]
    out[[i for i in hidden if i < out.size]] = -np.inf
    return out if np.isfinite(out).any() else logits


def chances(logits: Floats, sampling: Sampling) -> Floats:
    """Return the chance of every token, (id,): a softmax at the temperature, over the top k."""
    if sampling.method == "greedy":
        found = np.zeros_like(logits)
        found[int(np.argmax(logits))] = 1.0
        return found
    scaled = logits / np.float32(max(sampling.temperature, 1e-4))
    if 0 < sampling.top_k < scaled.size:
        least = np.partition(scaled, -sampling.top_k)[-sampling.top_k]
        scaled = np.where(scaled >= least, scaled, np.float32(-np.inf))
    return softmax(scaled.astype(np.float32))


def drawn(chance: Floats, sampling: Sampling, place: int) -> int:
    """Return the token for a place."""
    if sampling.method == "greedy":
        return int(np.argmax(chance))
    exact = chance.astype(np.float64)
    return int(np.random.default_rng((abs(sampling.seed), place)).choice(exact.size, p=exact / exact.sum()))

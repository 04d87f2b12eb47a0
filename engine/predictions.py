"""What a classifier said: its best classes, with probabilities, from whichever output holds them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from engine.messages import Message, declare, translate
from engine.runtime.recompute import softmax
from engine.runtime.run import Run
from engine.runtime.score_steps import Floats

declare(
    {
        "class-numbered": translate("engine", "class {index}"),
        "token-numbered": translate("engine", "token {index}"),
    }
)

NOT_CLASSES = ("pool", "embed", "hidden", "feature", "cache", "past", "present", "attention", "box", "mask")
"""Words in the names of outputs that hold something else than classes."""

NAMED_CLASSES = ("logit", "prob", "class", "score", "predict", "softmax", "label")

SUM_TOLERANCE = 5e-3
"""How far the sum of a half-precision softmax over a thousand classes strays from one."""


@dataclass(frozen=True)
class Prediction:
    """One class of a classifier.

    Attributes:
        index: number of the class.
        label: its name, or "class 17" where the model names none.
        probability: from 0 to 1.
        logit: what the model put out before the softmax; None where it puts out probabilities.
        named: whether `label` is a name that the model's files give.
    """

    index: int
    label: str
    probability: float
    logit: float | None
    named: bool = True


def top_classes(run: Run, count: int = 5) -> tuple[Prediction, ...]:
    """Return the most probable classes of the first batch item, best first.

    Empty where no output is a classifier's: (1, class), floating point, and not an embedding by its name.
    """
    values = class_values(run.outputs, run.model.labels)
    if values is None:
        return ()
    ready = are_probabilities(values)
    probabilities = values if ready else softmax(values)
    best = np.argsort(-probabilities, kind="stable")[: max(count, 0)]
    names = run.model.labels if run.model.labels is not None and len(run.model.labels) == values.size else None
    return tuple(
        Prediction(
            index=int(i),
            label=names[i] if names else Message.of("class-numbered", index=i).text(),
            probability=float(probabilities[i]),
            logit=None if ready else float(values[i]),
            named=names is not None,
        )
        for i in best
    )


@dataclass(frozen=True)
class ClassChange:
    """One class before and after.

    Attributes:
        label: its name.
        before, after: probabilities.
        logit: change of the logit; None where the model gives probabilities.
    """

    label: str
    before: float
    after: float
    logit: float | None


def class_changes(original: Run, run: Run, count: int = 5) -> tuple[ClassChange, ...]:
    """Return the `count` best classes of either run with their probabilities in both, the original's best first."""
    every = 1 << 30
    before, after = ({p.index: p for p in top_classes(r, every)} for r in (original, run))
    best: dict[int, None] = {}
    for found in (before, after):
        ranked = sorted(found.values(), key=lambda p: -p.probability)
        best.update({p.index: None for p in ranked[:count]})
    return tuple(_change(before[i], after[i]) for i in best if i in before and i in after)


def _change(before: Prediction, after: Prediction) -> ClassChange:
    logit = None if before.logit is None or after.logit is None else after.logit - before.logit
    return ClassChange(before.label, before.probability, after.probability, logit)


def token_scores(outputs: Mapping[str, NDArray[np.generic]]) -> Floats | None:
    """Return what a model says of its tokens, (token, class) of the first batch item; None where no output does.

    It is an output (batch, token, class) named for its classes; others may be features.
    """
    for name, array in outputs.items():
        told = any(word in name.lower() for word in NAMED_CLASSES)
        if told and array.ndim == 3 and np.issubdtype(array.dtype, np.floating) and array.size and array.shape[2] > 1:
            return cast(Floats, array[0].astype(np.float32))
    return None


def token_changes(original: Run, run: Run, token: int | None = None, count: int = 5) -> tuple[ClassChange, ...]:
    """Return the `count` likeliest tokens of either run at a place (the last, where it is None), as `class_changes`.

    They are those that the run's text could spell, else numbers of the vocabulary.
    """
    scores = [token_scores(r.outputs) for r in (original, run)]
    before, after = scores
    if before is None or after is None or before.shape != after.shape:
        return ()
    place = len(before) - 1 if token is None else min(token, len(before) - 1)
    rows = before[place], after[place]
    logits = not all(are_probabilities(row) for row in rows)
    shares = [softmax(row) if logits else row for row in rows]
    best = dict.fromkeys(int(i) for share in shares for i in np.argsort(-share, kind="stable")[:count])
    spelt = {} if run.text is None else {number: shown for number, _, shown in run.text.spelt}
    return tuple(
        ClassChange(
            spelt.get(i) or Message.of("token-numbered", index=i).text(),
            float(shares[0][i]),
            float(shares[1][i]),
            float(rows[1][i] - rows[0][i]) if logits else None,
        )
        for i in best
    )


def are_probabilities(values: Floats) -> bool:
    """Return whether numbers are a distribution already: none below zero, and a sum of one."""
    return bool(values.min() >= 0 and abs(float(values.sum()) - 1) <= SUM_TOLERANCE)


def class_values(outputs: Mapping[str, NDArray[np.generic]], labels: Sequence[str] | None) -> Floats | None:
    """Return what the model says of its classes, (class,) float32; None where no output holds classes.

    An output named for it wins, then one with as many numbers as there are labels, then the only one left. Of a
    distilled pair of heads the mean is taken, as DeiT does at inference (Touvron et al. 2021, section 4).
    """
    found = {name: flat for name, array in outputs.items() if (flat := _flat(name, array)) is not None}
    if not found:
        return None
    exact = next((name for name in found if name.lower() == "logits"), None)
    if exact is not None:
        return found[exact]
    named = [name for name in found if any(word in name.lower() for word in NAMED_CLASSES)]
    sized = [name for name in found if labels is not None and found[name].size == len(labels)]
    chosen = named or sized or (list(found) if len(found) == len(outputs) else [])
    if not chosen:
        return None
    first = found[chosen[0]]
    pair = [found[name] for name in chosen if found[name].size == first.size]
    if len(pair) == 2 and len(chosen) == 2 and not any(are_probabilities(values) for values in pair):
        return cast(Floats, (pair[0] + pair[1]) / np.float32(2))
    return first


def _flat(name: str, array: NDArray[np.generic]) -> Floats | None:
    """Return (class,) of the first batch item if an output can hold classes: (batch, class) or (batch, class, 1, 1)."""
    if not np.issubdtype(array.dtype, np.floating) or any(word in name.lower() for word in NOT_CLASSES):
        return None
    if array.ndim < 2 or array.shape[0] == 0 or array.shape[1] < 2 or any(size != 1 for size in array.shape[2:]):
        return None
    flat = array[0].reshape(-1).astype(np.float32)
    return flat if bool(np.isfinite(flat).all()) else None

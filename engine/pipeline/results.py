"""What a text model says, read off a finished run: likely tokens, words filled in, vectors and how alike they are."""

from dataclasses import dataclass
from typing import cast

import numpy as np

from engine.errors import EngineError, declare_errors
from engine.messages import translate
from engine.pipeline.spelling import token_scores
from engine.runtime.recompute import softmax
from engine.runtime.run import Run
from engine.runtime.score_steps import Floats
from engine.text.plan import TextPlan
from engine.text.tokens import TextTokens

USUAL_SCALE = 100.0
"""What a trained CLIP multiplies cosines by (Radford et al. 2021, section 2.5: clipped at 100)."""

declare_errors(
    {
        "no-vectors": translate("engine", "“{name}” gives no vector for a text."),
        "no-vectors.advice": translate("engine", "Open a sentence embedding model, or CLIP."),
        "no-token-scores": translate("engine", "“{name}” says nothing about the tokens of its vocabulary."),
        "no-token-scores.advice": translate("engine", "Open a language model exported with its language head."),
    }
)


@dataclass(frozen=True)
class Choice:
    """One token that could stand at a place.

    Attributes:
        id: number in the vocabulary.
        piece: as the vocabulary spells it; the number where there is no tokenizer.
        shown: what to show for it: a leading space is “␣”.
        probability: from 0 to 1, before any temperature.
        logit: what the model put out before the softmax.
    """

    id: int
    piece: str
    shown: str
    probability: float
    logit: float


@dataclass(frozen=True)
class Match:
    """How well an image and a text go together.

    Attributes:
        text: number of the text in the batch.
        cosine: of their two vectors; NaN where the model gives only a score.
        probability: softmax over the texts.
        guessed: the scale of the cosines in that softmax is not in the model.
    """

    text: int
    cosine: float
    probability: float
    guessed: bool = False


def next_tokens(run: Run, count: int = 10, place: int = -1, batch: int = 0) -> tuple[Choice, ...]:
    """Return the most likely tokens after a place (of a masked model: at it), best first.

    Args:
        run: of a model that scores its vocabulary.
        count: how many; all that a run knows how to spell are about 20.
        place: a token of the decoder, or of the text where there is no decoder; -1 is the last one.
        batch: item of the batch.

    Raises:
        EngineError: the model scores no vocabulary.
        IndexError: there is no such place.
    """
    plan, text = _text(run)
    scores = token_scores(run, plan)
    if scores is None:
        raise EngineError("no-token-scores", name=run.model.name)
    read = text.target or text.source
    if place < 0 and read:
        place += read[batch % len(read)].read
    return choices(scores[batch, place], text, count)


def choices(logits: Floats, text: TextTokens, count: int) -> tuple[Choice, ...]:
    """Return the best of one row of logits, (id,), as choices."""
    probabilities = softmax(logits)
    best = np.argsort(-logits, kind="stable")[: max(count, 0)]
    names = {number: (piece, said) for number, piece, said in text.spelt}
    return tuple(
        Choice(int(i), *names.get(int(i), (str(i), str(i))), float(probabilities[i]), float(logits[i])) for i in best
    )


def masked_predictions(run: Run, count: int = 5, batch: int = 0) -> dict[int, tuple[Choice, ...]]:
    """Return what a masked language model would fill in, by the place of each mask token (Devlin et al. 2019, 3.1).

    Raises:
        EngineError: the model scores no vocabulary.
    """
    _, text = _text(run)
    encoded = text.source[batch]
    places = [place for place, number in enumerate(encoded.ids) if number == text.masked]
    return {place: next_tokens(run, count, place, batch) for place in places}


def sentence_vectors(run: Run) -> Floats:
    """Return one vector for each text of a run, (text, dim): pooled as the model's files say.

    Raises:
        EngineError: the model gives no vectors of its tokens or texts.
    """
    plan, text = _text(run)
    for name in ("sentence_embedding", "text_embeds"):
        if name in run.outputs:
            return run.outputs[name].astype(np.float32)
    for name in ("token_embeddings", "last_hidden_state"):
        if name in run.outputs and run.outputs[name].ndim == 3:
            return _pooled(run.outputs[name].astype(np.float32), plan, text)
    raise EngineError("no-vectors", name=run.model.name)


def _pooled(states: Floats, plan: TextPlan, text: TextTokens) -> Floats:
    """Return one vector for each text from those of its tokens, (text, token, dim) to (text, dim)."""
    rows = []
    for item, encoded in enumerate(text.source):
        own = states[item, : encoded.read]  # (token, dim)
        ways = {"cls": own[0], "last": own[-1], "max": own.max(axis=0)}
        rows.append(ways.get(plan.pooling or "", own.mean(axis=0)))
    vectors = np.stack(rows)
    return unit(vectors) if plan.normalised else vectors


def unit(vectors: Floats) -> Floats:
    """Return vectors, (text, dim), brought to length 1."""
    return cast(Floats, vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12))


def similarities(run: Run) -> Floats:
    """Return the cosine of every pair of texts of a run, (text, text).

    Raises:
        EngineError: the model gives no vectors.
    """
    vectors = unit(sentence_vectors(run))
    return cast(Floats, vectors @ vectors.T)


def image_text(run: Run, image: int = 0) -> tuple[Match, ...]:
    """Return how well one image goes with each text, in the texts' order (Radford et al. 2021, section 3.1.2).

    Raises:
        EngineError: the model compares no images with texts.
    """
    _, text = _text(run)
    cosines = None
    if {"image_embeds", "text_embeds"} <= set(run.outputs):
        images, texts = (unit(run.outputs[name].astype(np.float32)) for name in ("image_embeds", "text_embeds"))
        cosines = texts @ images[image]  # (text,)
    scores = run.outputs.get("logits_per_image")
    if scores is not None:
        logits = scores[image].astype(np.float32)  # (text,)
    elif cosines is not None:
        logits = cosines * np.float32(USUAL_SCALE)
    else:
        raise EngineError("no-vectors", name=run.model.name)
    count = len(text.source)
    probabilities = softmax(logits[:count])
    return tuple(
        Match(i, float("nan") if cosines is None else float(cosines[i]), float(probabilities[i]), scores is None)
        for i in range(count)
    )


def _text(run: Run) -> tuple[TextPlan, TextTokens]:
    if run.model.text is None or run.text is None:
        raise EngineError("no-text-input", name=run.model.name)
    return run.model.text, run.text

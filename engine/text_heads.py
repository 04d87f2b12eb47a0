"""What is known of heads that read text, by stated thresholds: which of the known kinds a head is on this input.

- previous, next: on average more than half of the weight lies on the token before, or behind (Clark et al. 2019,
  "What Does BERT Look At?", section 3.1), or the largest weight does in at least 90 % of the queries (Voita et al.
  2019, "Analyzing Multi-Head Self-Attention", section 5.1).
- separator: on average more than half of the weight lies on special tokens behind a text (Clark et al. 2019, 3.2).
- sink: on average at least half of the weight of later queries lies on the first token (Xiao et al. 2024, section 3.1).
- induction: on a random sequence that is repeated, at least half of the weight lies on the token that came after
  the present one's earlier occurrence (Olsson et al. 2022, "In-context Learning and Induction Heads").

The papers show the effects; where they give no threshold the half is Mirada's own.
"""

from dataclasses import dataclass, field
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError, declare_errors
from engine.messages import translate
from engine.pipeline.gather import gather, run_on
from engine.runtime.run import Run
from engine.runtime.score_steps import Floats
from engine.runtime.task import Context, Task
from engine.sites.site import AttentionSite
from engine.text.tokens import TextSource
from engine.tokens import tokens_of_site

TextLabel = Literal["previous", "next", "separator", "sink"]
HALF, MOST = 0.5, 0.9
"""Mean weight, and share of the queries."""
BLOCK = 1 << 22
"""Probabilities held at once."""

declare_errors(
    {
        "induction-short": translate(
            "engine", "“{name}” reads at most {limit} tokens, too few for a repeated sequence."
        ),
        "induction-short.advice": translate("engine", "Open a model that reads longer texts."),
        "induction-decoder": translate("engine", "“{name}” does not go on with a text, so it shows no induction."),
        "induction-decoder.advice": translate("engine", "Open a decoder, such as GPT-2."),
    }
)


@dataclass(frozen=True)
class TextHeads:
    """Means over queries of where the weight of each head lies, (head,) float32; NaN where no query has such a key.

    Attributes:
        own, previous, next: the token itself, the one before it and the one behind it.
        previous_share, next_share: in how many queries the largest weight lies there.
        separator: special tokens that are not the first token.
        first: the first token, over the queries behind it.
        later: the largest single weight on a token behind the query: 0 in a strictly causal head.
    """

    own: Floats
    previous: Floats
    next: Floats
    previous_share: Floats
    next_share: Floats
    separator: Floats
    first: Floats
    later: Floats


def text_heads(run: Run, site: AttentionSite, batch: int = 0) -> TextHeads:
    """Return where the weight of a self-attention's heads lies in a text; padding is left out.

    Raises:
        ValueError: queries and keys of the site are not the same tokens.
    """
    _, heads, queries, keys = run.pattern_shape(site)
    axis = tokens_of_site(run, site, batch)[1]
    if site.kind != "self" or keys < queries:
        raise ValueError(f"site {site.index} is no self-attention")
    encoded, past = axis.encoded, keys - queries
    read = queries if encoded is None else min(encoded.read, queries)
    marks = np.array(axis.special, bool)
    marks[:1] = False
    marks[past + read :] = False
    together = max(1, BLOCK // max(queries * keys, 1))
    rows = []
    for start in range(0, heads, together):
        pattern = run.pattern(site, batch=batch, head=slice(start, start + together))  # (head, query, key)
        rows.append(_means(pattern[:, :read, : past + read], past, marks[: past + read]))
    return TextHeads(*(np.concatenate(parts).astype(np.float32) for parts in zip(*rows, strict=True)))


def _means(pattern: Floats, past: int, marks: NDArray[np.bool_]) -> tuple[Floats, ...]:
    """Return the numbers of `TextHeads` in its order, for some heads: (head, query, key)."""
    _, queries, keys = pattern.shape
    at = np.arange(queries)
    best = pattern.argmax(axis=-1)  # (head, query)

    def diagonal(step: int) -> tuple[Floats, Floats]:
        places = at + past + step
        good = (places >= 0) & (places < keys)
        weights, hits = pattern[:, at[good], places[good]], best[:, good] == places[good]
        return _mean(weights), _mean(hits.astype(np.float32))

    own, _ = diagonal(0)
    previous, previous_share = diagonal(-1)
    following, next_share = diagonal(1)
    first = _mean(pattern[:, 1 if past == 0 else 0 :, 0])
    behind = np.triu(np.ones((queries, keys), bool), k=1 + past)
    later = np.where(behind, pattern, 0).max(axis=(1, 2), initial=0)
    separator = pattern[..., marks].sum(-1).mean(-1) if marks.any() else np.full(len(pattern), np.nan)
    return own, previous, following, previous_share, next_share, separator, first, later


def _mean(values: Floats) -> Floats:
    if values.shape[-1] == 0:
        return np.full(len(values), np.nan, np.float32)
    return cast(Floats, values.mean(axis=-1))


def text_labels(numbers: TextHeads) -> tuple[tuple[TextLabel, ...], ...]:
    """Return the kinds of each head, by the thresholds above."""
    met: dict[TextLabel, NDArray[np.bool_]] = {
        "previous": (numbers.previous > HALF) | (numbers.previous_share >= MOST),
        "next": (numbers.next > HALF) | (numbers.next_share >= MOST),
        "separator": numbers.separator > HALF,
        "sink": numbers.first >= HALF,
    }  # comparisons with NaN are false
    return tuple(tuple(name for name, heads in met.items() if heads[head]) for head in range(len(numbers.own)))


def toeplitz_error(scores: Floats) -> Floats:
    """Return how far scores, (head, query, key), are from depending on the distance alone, (head,).

    The largest difference along a diagonal, each row less its token's score for itself (a softmax does not see what
    a whole row has in common), over pairs whose score is finite. Of tokens that are all alike it is 0 up to rounding
    where positions enter as ALiBi (Press et al. 2022) or rotary turns (Su et al. 2021), and in no other way.
    """
    heads, queries, keys = scores.shape
    at = np.arange(queries)
    scores = scores - scores[:, at, at + keys - queries][..., None]
    worst = np.zeros(heads, np.float32)
    for step in range(-queries + 1, keys):
        line = np.diagonal(scores, step, axis1=1, axis2=2)  # (head, pair)
        known = np.isfinite(line) & (line > -1e4)
        high = np.where(known, line, -np.inf).max(axis=1, initial=-np.inf)
        low = np.where(known, line, np.inf).min(axis=1, initial=np.inf)
        worst = np.maximum(worst, np.where(known.any(axis=1), high - low, 0))
    return worst.astype(np.float32)


def induction_score(pattern: Floats, period: int) -> Floats:
    """Return the mean weight on the token that followed the present one's earlier occurrence, (head,).

    Olsson et al. 2022, “Prefix matching score”: of a sequence of random tokens that is repeated.

    Args:
        pattern: (head, query, key) of such a sequence, its last token that of a repetition.
        period: tokens before it is repeated.
    """
    queries = np.arange(period, pattern.shape[1])
    return _mean(pattern[:, queries, queries - period + 1])


@dataclass(frozen=True)
class InductionScores:
    """Induction scores of every self-attention: by site index, (head,); mean over the sequences tried."""

    scores: dict[int, Floats] = field(repr=False)
    period: int
    sequences: int


@dataclass(frozen=True)
class Induction(Task):
    """Find induction heads: run random sequences that are repeated once.

    Attributes:
        period: tokens before the repetition; fewer where the model reads fewer.
        sequences: how many are tried.
        seed: of the draws.
    """

    period: int = 25
    sequences: int = 4
    seed: int = 0

    def work(self, context: Context) -> InductionScores:
        """Run the sequences, and tell what there is after each.

        Raises:
            EngineError: the model is no decoder that goes on with a text, or reads too few tokens.
        """
        model, plan = context.model, context.model.description.text
        if plan is None or plan.ids is None or plan.task != "next" or not plan.vocabulary:
            raise EngineError("induction-decoder", name=model.description.name)
        limit = plan.length or plan.limit
        period = self.period if limit is None else min(self.period, limit // 2)
        if period < 4:
            raise EngineError("induction-short", name=model.description.name, limit=limit)
        avoid = {0, plan.pad, *(plan.generation.end if plan.generation else ())}
        known = np.array([i for i in range(plan.vocabulary) if i not in avoid])
        rng = np.random.default_rng(self.seed)
        sums: dict[int, Floats] = {}
        for done in range(self.sequences):
            context.tell(done, self.sequences)
            once = rng.choice(known, period, replace=len(known) < period)
            run = run_on(model, gather(model.description, text=TextSource(ids=tuple(map(int, [*once, *once])))))
            for site in run.model.sites:
                if site.kind == "self":
                    pattern = run.pattern(site, batch=0, query=slice(0, 2 * period))  # (head, query, key)
                    found = induction_score(pattern, period)
                    sums[site.index] = sums.get(site.index, np.zeros_like(found)) + found
        scores = {index: (total / np.float32(self.sequences)).astype(np.float32) for index, total in sums.items()}
        return InductionScores(scores, period, self.sequences)

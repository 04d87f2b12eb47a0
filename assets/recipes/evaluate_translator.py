"""Measure the shipped translator: BLEU on held-out pairs, the sample sentences, alignment, and what its heads do."""

import json
import pathlib
from collections.abc import Iterator

import sacrebleu

import assets
from assets.recipes import heads_text
from assets.recipes.pairs import Pair, read_pairs, split
from assets.recipes.translate import Interpreter

SHORT = 10  # words


def sentences() -> list[dict[str, str]]:
    """Return the shipped Spanish sentences, each with a right translation and what to look at."""
    listed: list[dict[str, str]] = json.loads(assets.path("samples", "sentences.json").read_text(encoding="utf-8"))
    return listed


def bleu(model: Interpreter, pairs: list[Pair]) -> Iterator[str]:
    """Yield BLEU over all pairs and over short ones (Papineni et al. 2002; one reference each)."""
    answers = model.translate([pair.spanish for pair in pairs])
    short = [number for number, pair in enumerate(pairs) if len(pair.spanish.split()) <= SHORT]
    scorer = sacrebleu.BLEU()
    for what, chosen in ((f"up to {SHORT} words", short), ("all lengths", list(range(len(pairs))))):
        score = scorer.corpus_score([answers[one] for one in chosen], [[pairs[one].english for one in chosen]])
        yield f"BLEU, {what}: {score.score:.1f} on {len(chosen)} held-out pairs"
    same = sum(answer == pair.english for answer, pair in zip(answers, pairs, strict=True))
    yield f"the very words of the reference: {same / len(pairs):.1%}"
    yield f"sacrebleu signature: {scorer.get_signature()}"
    for number in range(0, len(pairs), len(pairs) // 12):
        yield f"  {pairs[number].spanish} → {answers[number]}  [{pairs[number].english}]"


def report(folder: pathlib.Path, data: pathlib.Path, seed: int = 1) -> Iterator[str]:
    """Yield the lines of the translator's card; ``seed`` is the one it was trained with. Raises DataMissingError."""
    held_out = split(read_pairs(data), seed).held_out
    model = Interpreter(folder)
    yield from bleu(model, held_out)
    yield "samples:"
    listed = sentences()
    for entry, answer in zip(listed, model.translate([entry["spanish"] for entry in listed]), strict=True):
        yield f"  {entry['spanish']} → {answer}"
    yield from heads_text.alignment(folder)
    yield from heads_text.report(folder, held_out[:: max(1, len(held_out) // 200)])

"""Known findings on heads that read text, as checks."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from engine.blocks import Geometry
from engine.errors import EngineError
from engine.pipeline import gather, run_on
from engine.runtime.task import Context
from engine.text.tokens import TextSource
from engine.text_heads import Induction, induction_score, text_heads, text_labels, toeplitz_error

ROOT = Path(__file__).resolve().parents[1]
FOLDERS, GRAPHS = ROOT / "folders", ROOT / "conformance" / "graphs"
REAL = ROOT.parents[1] / "shared" / "models"
TEXT = "The black cat is sleeping in the house."


def read(path: Path, **source: Any) -> Any:
    model = engine.open_model(path)
    return run_on(model, gather(model.description, text=TextSource(**source)))


def handmade(run: Any, site: Any, patterns: dict[str, np.ndarray]) -> Any:
    """Return the run with a site's pattern replaced by one head of each kind."""

    class Made:
        text, model, memo = run.text, run.model, {}

        def pattern_shape(self, _: Any) -> tuple[int, ...]:
            return (1, len(patterns), *run.pattern_shape(site)[2:])

        def pattern(self, _: Any, *, batch: int, head: slice) -> np.ndarray:
            return np.stack(list(patterns.values())).astype(np.float32)[head]

    return Made()


def test_heads_of_each_kind_are_told_apart_by_the_thresholds() -> None:
    run = read(FOLDERS / "bert", text=TEXT)
    site = run.model.sites[0]
    n = run.pattern_shape(site)[2]
    eye = np.eye(n)
    previous, following = np.roll(eye, -1, axis=1), np.roll(eye, 1, axis=1)
    previous[0], following[-1] = eye[0], eye[-1]
    to_end, to_first = np.tile(eye[-1], (n, 1)), np.tile(eye[0], (n, 1))
    weak = 0.45 * previous + 0.55 * np.full((n, n), 1 / n)  # the largest weight, though less than half of it
    even = np.full((n, n), 1 / n)
    kinds = {"previous": previous, "next": following, "separator": to_end, "sink": to_first, "weak": weak, "even": even}
    labels = text_labels(text_heads(handmade(run, site, kinds), site))
    assert labels == (("previous",), ("next",), ("separator",), ("sink",), ("previous",), ())


def test_causal_patterns_are_strictly_lower_triangular() -> None:
    causal, both = read(FOLDERS / "gpt2", text=TEXT), read(FOLDERS / "bert", text=TEXT)
    for site in causal.model.sites:
        assert (text_heads(causal, site).later == 0).all()
        first = text_heads(causal, site).first
        np.testing.assert_allclose(first, causal.pattern(site, batch=0)[:, 1:, 0].mean(-1), atol=1e-6)
    for site in both.model.sites:
        numbers = text_heads(both, site)
        assert (numbers.later > 0).all()
        np.testing.assert_allclose(numbers.separator, both.pattern(site, batch=0)[:, :, -1].mean(-1), atol=1e-6)


def test_separators_count_as_special_tokens_in_head_metrics() -> None:
    run = read(FOLDERS / "bert", text=TEXT, pair="Where?")
    special = Geometry.of(run, run.model.sites[0]).special
    assert special.sum() == 3
    assert special[0]
    assert special[-1]


def test_padding_is_left_out() -> None:
    model = engine.open_model(FOLDERS / "sentence")
    source = TextSource("a cat", more=(TEXT,))
    run = run_on(model, gather(model.description, text=source))
    alone = run_on(model, gather(model.description, text=TextSource("a cat")))
    site = run.model.sites[0]
    for name in ("own", "previous", "separator", "first"):
        one, other = (getattr(text_heads(r, site), name) for r in (run, alone))
        np.testing.assert_allclose(one, other, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "alone"),
    [("hf_bloom_eager_ts17", True), ("hf_llama_eager_ts17_dynamic", True), ("hf_gpt2_eager_ts17_dynamic", False)],
    ids=["ALiBi", "rotary", "learned"],
)
def test_alibi_and_rotary_depend_on_the_distance_alone(name: str, alone: bool) -> None:
    """Of a text that repeats one token, the first layer's scores then are the same along every diagonal."""
    run = read(GRAPHS / f"{name}.onnx", ids=(5,) * 18)
    scores = run.scores(run.model.sites[0], batch=0)  # (head, query, key)
    spread = toeplitz_error(scores)
    size = np.abs(scores[scores > -1e4]).max()
    assert (spread < 1e-4 * size).all() == alone
    assert (spread < 1e-2 * size).any() == alone


def test_induction_is_weight_on_what_came_after_the_last_time() -> None:
    period = 6
    perfect = np.zeros((1, 12, 12), np.float32)
    for query in range(12):
        perfect[0, query, query - period + 1 if query >= period else 0] = 1
    even = np.tril(np.ones((12, 12), np.float32))[None]
    even /= even.sum(-1, keepdims=True)
    assert induction_score(perfect, period) == pytest.approx([1.0])
    assert induction_score(even, period) == pytest.approx([np.mean([1 / n for n in range(7, 13)])])


def test_induction_scores_of_a_model_are_reproducible_and_bounded() -> None:
    model = engine.open_model(FOLDERS / "gpt2")
    told: list[int] = []
    task = Induction(period=10, sequences=2)
    one = task.work(Context(model, report=lambda done, total, partial: told.append(done)))
    other = task.work(Context(model))
    assert told == [0, 1]
    assert set(one.scores) == {site.index for site in model.sites}
    for index, scores in one.scores.items():
        np.testing.assert_array_equal(scores, other.scores[index])
        assert ((scores >= 0) & (scores <= 1)).all()
    with pytest.raises(EngineError, match="go on"):
        Induction().work(Context(engine.open_model(FOLDERS / "bert")))


@pytest.mark.skipif(not (REAL / "stories260K_unfused.onnx").exists(), reason="the trained model is not here")
def test_a_trained_decoder_has_previous_token_heads() -> None:
    run = read(REAL / "stories260K_unfused.onnx", ids=(1, 403, 407, 261, 378, 432, 383, 286, 261, 376, 298, 315, 421))
    labels = [label for site in run.model.sites for head in text_labels(text_heads(run, site)) for label in head]
    assert "previous" in labels
    assert all((text_heads(run, site).later == 0).all() for site in run.model.sites)
    text = run.model.text
    assert text is not None
    assert text.limit == 512  # its angles have so many rows; a longer text is cut there, and not by the runtime

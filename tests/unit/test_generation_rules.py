"""What a model's files say of generating, and how the next token follows from it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import EngineError
from engine.model.description import TensorInfo
from engine.pipeline.sampling import Sampling, chances, drawn, permitted
from engine.text.config import text_plan
from engine.text.plan import Generation

LOGITS = np.array([0.0, 3.0, 2.0, 1.0, -1.0, 0.5], np.float32)
SOURCE = TensorInfo("input_ids", "int64", ("batch", "sequence"))
TARGET = TensorInfo("decoder_input_ids", "int64", ("batch", "target"))
SCORES = TensorInfo("logits", "float32", ("batch", "target", 6))


def plan(
    folder: Path, config: object = None, rules: object = None, inputs: tuple[TensorInfo, ...] = (SOURCE, TARGET)
) -> Any:
    for name, content in (("config.json", config), ("generation_config.json", rules)):
        if content is not None:
            (folder / name).write_text(json.dumps(content))
    return text_plan(inputs, (SCORES,), folder)


def test_what_may_not_come_does_not() -> None:
    rules = Generation(
        suppressed=(1, 99), suppressed_first=(2,), forced=((1, (4, 5)), (2, (3,))), longest=9, forced_end=0
    )
    assert np.flatnonzero(np.isfinite(permitted(LOGITS, rules, 1, 1))).tolist() == [4, 5]
    assert np.flatnonzero(np.isfinite(permitted(LOGITS, rules, 2, 1))).tolist() == [3]
    assert np.flatnonzero(np.isfinite(permitted(LOGITS, rules, 3, 1))).tolist() == [0, 3, 4, 5]  # the first free place
    assert np.flatnonzero(np.isfinite(permitted(LOGITS, rules, 4, 1))).tolist() == [0, 2, 3, 4, 5]
    assert np.flatnonzero(np.isfinite(permitted(LOGITS, rules, 8, 1))).tolist() == [0]
    np.testing.assert_array_equal(permitted(LOGITS, None, 1, 1), LOGITS)
    assert LOGITS[1] == 3.0  # not written into


def test_chances_follow_temperature_and_top_k() -> None:
    greedy = chances(LOGITS, Sampling())
    assert greedy.tolist() == [0, 1, 0, 0, 0, 0]
    warm = chances(LOGITS, Sampling("sample", temperature=2.0))
    expected = np.exp(LOGITS / 2) / np.exp(LOGITS / 2).sum()
    np.testing.assert_allclose(warm, expected, rtol=1e-5)
    few = chances(LOGITS, Sampling("sample", top_k=2))
    assert np.flatnonzero(few).tolist() == [1, 2]
    assert few.sum() == pytest.approx(1)
    counts = np.bincount([drawn(warm, Sampling("sample", seed=s), 5) for s in range(3000)], minlength=6) / 3000
    np.testing.assert_allclose(counts, warm, atol=0.04)


def test_files_say_how_a_target_begins_and_ends(tmp_path: Path) -> None:
    bart = {"decoder_start_token_id": 2, "forced_bos_token_id": 0, "eos_token_id": [2, 3], "max_length": 20}
    rules = plan(tmp_path, {"eos_token_id": 5, "pad_token_id": 1}, bart).generation
    assert (rules.start, rules.end, rules.longest) == ((2, 0), (2, 3), 20)
    assert not rules.guessed


def test_speech_begins_with_the_language_that_is_heard(tmp_path: Path) -> None:
    whisper = {
        "decoder_start_token_id": 10,
        "is_multilingual": True,
        "lang_to_id": {"<|en|>": 11, "<|es|>": 12},
        "task_to_id": {"transcribe": 13, "translate": 14},
        "no_timestamps_token_id": 15,
        "forced_decoder_ids": [[1, None], [2, 13]],
        "alignment_heads": [[1, 0], [2, 3]],
    }
    rules = plan(tmp_path, {}, whisper).generation
    assert rules.start == (10,)
    assert dict(rules.forced) == {1: (11, 12), 2: (13,), 3: (15,)}
    assert rules.alignment == ((1, 0), (2, 3))
    spanish = plan(tmp_path, {}, whisper | {"language": "<|es|>", "task": "translate"}).generation
    assert spanish.start == (10, 12, 14, 15)


def test_what_is_not_followed_and_what_is_guessed_is_said(tmp_path: Path) -> None:
    found = plan(
        tmp_path, {"bad_words_ids": [[7], [1, 2]]}, {"num_beams": 4, "no_repeat_ngram_size": 3, "min_length": 0}
    )
    said = [note.text() for note in found.notes]
    assert any("no_repeat_ngram_size, num_beams" in text for text in said)
    assert any("begins with" in text for text in said)
    assert found.generation.guessed
    assert found.generation.suppressed == (7,)
    (tmp_path / "generation_config.json").write_text("{")
    with pytest.raises(EngineError, match="JSON"):
        plan(tmp_path)


def test_limits_are_the_fewest_that_a_file_allows(tmp_path: Path) -> None:
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"model_max_length": 64}))
    assert plan(tmp_path, {"max_position_embeddings": 512}, inputs=(SOURCE,)).limit == 64
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"model_max_length": 1e30}))
    roberta = {"model_type": "roberta", "max_position_embeddings": 514, "pad_token_id": 1}
    assert plan(tmp_path, roberta, inputs=(SOURCE,)).limit == 512
    assert plan(tmp_path, {"model_type": "t5", "n_positions": 512}, inputs=(SOURCE,)).limit is None


@pytest.mark.parametrize("odd", ["x", [], {}, None, -5, 1.5, [["a"]], {"a": "b"}, True, 10**30])
def test_odd_values_in_files_refuse_no_model(odd: object, tmp_path: Path) -> None:
    keys = [
        "decoder_start_token_id",
        "bos_token_id",
        "eos_token_id",
        "max_length",
        "max_new_tokens",
        "forced_decoder_ids",
        "language",
        "suppress_tokens",
        "begin_suppress_tokens",
        "bad_words_ids",
        "lang_to_id",
        "task_to_id",
        "num_beams",
        "alignment_heads",
        "no_timestamps_token_id",
        "is_multilingual",
        "forced_bos_token_id",
        "forced_eos_token_id",
    ]
    config = dict.fromkeys(("max_position_embeddings", "pad_token_id", "vocab_size", "decoder", "text_config"), odd)
    found = plan(tmp_path, config | {"model_type": "roberta"}, dict.fromkeys(keys, odd))
    assert found.generation.start
    assert 0 <= found.pad < 2**31
    assert found.vocabulary == 6
    assert all(isinstance(number, int) for number in found.generation.start)

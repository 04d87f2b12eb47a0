"""Sounds: read, resampled, cut or filled, and turned into what a speech model takes."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.io import wavfile

import engine
from engine.audio.config import audio_plan
from engine.audio.features import log_mel, mel_bands, prepare_sound
from engine.audio.load import load_sound
from engine.audio.plan import AudioPlan, Sound
from engine.errors import EngineError
from engine.model.description import TensorInfo
from engine.pipeline import gather, run_on
from engine.tokens import tokens_of_site

GRAPHS = Path(__file__).resolve().parents[1] / "conformance" / "graphs"
TONE = np.sin(2 * np.pi * 440 * np.arange(8000) / 8000).astype(np.float32)


def noted(prepared: object) -> str:
    return " ".join(note.text() for note in prepared.notes)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("dtype", "largest"), [(np.int16, 2**15), (np.int32, 2**31), (np.uint8, None), (np.float32, 1), (np.float64, 1)]
)
def test_every_kind_of_wav_gives_the_same_samples(dtype: type, largest: int | None, tmp_path: Path) -> None:
    path = tmp_path / "a ñ.wav"
    stored = TONE / 2 * (largest or 1) if largest else TONE / 2 * 128 + 128
    wavfile.write(path, 8000, stored.astype(dtype))
    sound = load_sound(path)
    np.testing.assert_allclose(sound.samples, TONE / 2, atol=1e-2 if dtype == np.uint8 else 1e-4)
    assert (sound.name, sound.rate, sound.seconds) == ("a ñ.wav", 8000, 1.0)
    assert load_sound(path.read_bytes(), "pasted").name == "pasted"


def test_what_is_no_sound_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty, other = tmp_path / "empty.wav", tmp_path / "song.mp3"
    empty.touch()
    other.write_bytes(b"ID3" + bytes(100))
    silent = tmp_path / "silent.wav"
    wavfile.write(silent, 8000, np.zeros(0, np.int16))
    for path, words in (
        (empty, "no sound"),
        (silent, "no sound"),
        (tmp_path / "none.wav", "none"),
        (tmp_path, "no file"),
    ):
        with pytest.raises(EngineError, match=words):
            load_sound(path)
    monkeypatch.setitem(__import__("sys").modules, "soundfile", None)
    with pytest.raises(EngineError, match="pip install soundfile"):
        load_sound(other)


def test_another_rate_keeps_the_tone() -> None:
    plan = AudioPlan("input_values", "waveform", samples=None)
    prepared = prepare_sound(Sound(TONE, 8000, "tone"), plan)
    assert prepared.tensor.shape == (1, 16000)
    expected = np.sin(2 * np.pi * 440 * np.arange(16000) / 16000)
    np.testing.assert_allclose(prepared.tensor[0, 500:-500], expected[500:-500], atol=1e-2)
    assert "8000 to 16000" in noted(prepared)


def test_a_length_that_is_always_taken_is_cut_or_filled() -> None:
    plan = AudioPlan("input_features", rate=8000, samples=4000)
    long, short = (prepare_sound(Sound(TONE[:n], 8000, "tone"), plan) for n in (8000, 2000))
    assert long.tensor.shape == short.tensor.shape == (1, 80, 25)
    assert (long.heard, short.heard) == (0.5, 0.25)
    assert "first 0.5 s" in noted(long)
    assert "silence to 0.5 s" in noted(short)
    assert short.seconds == 0.5


def test_a_tone_lies_in_its_mel_band_and_the_floor_80_decibels_below() -> None:
    plan = AudioPlan("input_features", rate=16_000, samples=None)
    samples = np.sin(2 * np.pi * 1000 * np.arange(16_000) / 16_000).astype(np.float32)
    mel = log_mel(samples, plan)  # (mel, frame)
    bands = mel_bands(80, 400, 16_000)
    assert mel[:, 50].argmax() == bands[:, 25].argmax()  # 1,000 Hz is the 25th frequency of 40 Hz
    assert mel.shape == (80, 100)
    assert mel.max() - mel.min() == pytest.approx(2.0, abs=1e-5)
    areas = bands.sum(axis=1)
    np.testing.assert_allclose(areas[10:], areas[10:].mean(), rtol=0.25)  # bands of equal area


def test_files_say_how_a_sound_is_prepared(tmp_path: Path) -> None:
    info = (TensorInfo("input_features", "float32", ("batch", 128, 3000)),)
    guessed = audio_plan(info, tmp_path)
    assert guessed is not None
    assert (guessed.mels, guessed.samples, guessed.source) == (128, 480_000, "guess")
    assert "guess" in guessed.notes[0].text()
    said = {"feature_extractor_type": "WhisperFeatureExtractor", "sampling_rate": 8000, "hop_length": 80, "n_fft": 200}
    (tmp_path / "preprocessor_config.json").write_text(json.dumps(said))
    plan = audio_plan(info, tmp_path)
    assert plan is not None
    assert (plan.rate, plan.hop, plan.window, plan.samples, plan.notes) == (8000, 80, 200, 240_000, ())
    (tmp_path / "preprocessor_config.json").write_text(json.dumps(said | {"n_fft": "many"}))
    with pytest.raises(EngineError, match="n_fft"):
        audio_plan(info, tmp_path)
    assert audio_plan((TensorInfo("pixel_values", "float32", (1, 3, 4, 4)),), tmp_path) is None


def test_a_model_of_plain_samples_hears_frames() -> None:
    model = engine.open_model(GRAPHS / "hf_wav2vec2_eager_dyn18.onnx")
    run = run_on(model, gather(model.description, sound=Sound(TONE, 8000, "tone")))
    assert run.audio is not None
    assert run.audio.tensor.shape == (1, 400)
    queries, keys = tokens_of_site(run, run.model.sites[0])
    assert queries == keys
    assert queries.kind == "frame"
    assert queries.seconds[-1][1] == pytest.approx(400 / 16_000)
    with pytest.raises(EngineError, match="no sound"):
        gather(engine.open_model(GRAPHS / "hf_bert_eager_dyn18.onnx").description, sound=Sound(TONE, 8000, "tone"))

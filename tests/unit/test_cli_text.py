"""`mirada render --text` and `mirada translate`."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.io import wavfile

from engine.cli import main

FOLDERS = Path(__file__).resolve().parents[1] / "folders"
TEXT = "The black cat is sleeping in the house."


def run(capfd: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = main([str(a) for a in arguments])
    said = capfd.readouterr()
    return status, said.out, said.err


def test_a_text_is_drawn_and_its_numbers_saved(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    figure, data = tmp_path / "a.png", tmp_path / "a.npz"
    masked = TEXT.replace("cat", "[MASK]")
    asked = ("render", FOLDERS / "bert", "--text", masked, "--text-pair", "Where?", "--site", 0, "--head", 2)
    status, out, _ = run(capfd, *asked, "--query", 3, "-o", figure, "--data", data)
    assert status == 0
    assert "[MASK] at token 3: " in out
    assert "recomputed from Q and K" in out
    found = np.load(data)
    assert list(found["query_tokens"][:4]) == ["[CLS]", "The", "black", "[MASK]"]
    assert found["query_ids"][0] == 2
    assert found["pattern"].shape == (len(found["query_tokens"]), len(found["key_tokens"]))
    np.testing.assert_allclose(found["pattern"].sum(-1), 1, atol=1e-5)
    weights = np.exp(found["scores"] - found["scores"].max(-1, keepdims=True))
    np.testing.assert_allclose(weights / weights.sum(-1, keepdims=True), found["pattern"], atol=1e-5)
    with Image.open(figure) as image:
        colours = np.asarray(image.convert("RGB")).reshape(-1, 3)
        assert (colours == (214, 96, 37)).all(-1).any()  # the row that was asked for is marked


def test_a_translation_is_printed_alone_and_drawn_with_its_words(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with np.load(FOLDERS / "t5" / "reference.npz") as said:
        wanted, cross = said["generated"], said["cross.1"]
    status, out, err = run(capfd, "translate", FOLDERS / "t5", TEXT, "--most", 9)
    assert (status, err) == (0, "")
    assert out.count("\n") == 1
    figure, data = tmp_path / "a.png", tmp_path / "a.npz"
    status, more, _ = run(
        capfd, "translate", FOLDERS / "t5", TEXT, "--most", 9, "--cache", "--attention", figure, "--data", data
    )
    assert status == 0
    assert more.startswith(out)
    found = np.load(data)
    assert list(found["query_ids"]) == list(wanted[: len(found["query_ids"])])
    assert found["written"][-1] == ""
    np.testing.assert_allclose(found["pattern"], cross[0].mean(0)[: len(found["pattern"])], atol=1e-4)
    assert figure.stat().st_size > 1000
    drawn = run(capfd, "translate", FOLDERS / "t5", TEXT, "--sample", "--temperature", 3, "--seed", 5, "--most", 9)[1]
    assert drawn != out


def test_images_texts_and_both_are_said_in_words(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    photo, figure = tmp_path / "a.png", tmp_path / "b.png"
    Image.new("RGB", (40, 40), (200, 20, 20)).save(photo)
    texts = ("--text", "a red car", "--text", "the black cat")
    _, out, _ = run(capfd, "render", FOLDERS / "clip", photo, *texts, "-o", figure)
    assert "a red car: " in out
    assert "cosine" in out
    _, out, _ = run(capfd, "render", FOLDERS / "captioner", photo, "--text", "", "--site", 5, "-o", figure)
    assert "generated: " in out
    _, out, _ = run(capfd, "render", FOLDERS / "sentence", *texts, "-o", figure)
    assert "similarity of texts 0 and 1: " in out
    _, out, _ = run(capfd, "render", FOLDERS / "gpt2", "--ids", "7,8,9", "--mean-heads", "-o", figure)
    assert "next: " in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("render", FOLDERS / "bert", "-o", "x.png"), "--text TEXT or --sound FILE"),
        (("render", FOLDERS / "bert", "--text", "a", "-o", "x.png", "--query", "1,2"), "number of a token"),
        (("render", FOLDERS / "bert", "--text", "a", "-o", "x.png", "--site", "7"), "no site 7"),
        (("render", FOLDERS / "bert", "--text", "a", "-o", "x.png", "--query", "99"), "no token 99"),
        (("render", FOLDERS / "bert", "--ids", "5,9999", "-o", "x.png"), "no token number"),
        (("render", FOLDERS / "bert", "--text", "a", "--tokenizer", "nowhere.json", "-o", "x.png"), "nowhere.json"),
        (("render", FOLDERS / "captioner", "--text", "", "-o", "x.png"), "photo"),
        (("translate", FOLDERS / "bert", "a"), "no cross-attention"),
        (("translate", FOLDERS / "t5", "a", "--attention", "x.txt"), "x.txt"),
        (("translate", FOLDERS / "t5", "a", "--top-k", "0"), "above 0"),
    ],
)
def test_what_is_wrong_is_one_line(
    arguments: tuple[object, ...],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capfd, *arguments)
    assert status == 2
    assert words in err
    assert err.count("\n") == 1
    assert not out
    assert not list(tmp_path.iterdir())


def test_inspection_tells_how_texts_and_sounds_enter(capfd: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capfd, "inspect", FOLDERS / "whisper")
    assert "decoder_input_ids; keys input_features" in out
    assert "Sound: as preprocessor_config.json says" in out
    assert "decoder_model.onnx  4 sites" in out
    told = json.loads(run(capfd, "inspect", FOLDERS / "t5", "--json")[1])
    assert told["text"]["task"] == "translate"
    assert told["text"]["generation"] == {"start": [0], "end": [1], "longest": None}
    assert [part["sites"] for part in told["parts"]] == [[0, 1], [2, 3, 4, 5]]
    assert told["sound"] is None


def test_a_sound_is_written_down_and_drawn(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with np.load(FOLDERS / "whisper" / "reference.npz") as said:
        wave = said["wave"]
        wanted = said["generated"]
    sound, data = tmp_path / "a.wav", tmp_path / "a.npz"
    wavfile.write(sound, 16_000, wave)
    asked = ("render", FOLDERS / "whisper", "--sound", sound, "-o", tmp_path / "a.png", "--data", data)
    status, out, _ = run(capfd, *asked)
    assert status == 0
    assert "generated: " in out
    assert "note: Filled up with silence to 0.5 s" in out
    found = np.load(data)
    assert list(found["query_ids"][:5]) == list(wanted[:5])
    assert found["key_tokens"][0] == "0.01 s"
    assert set(found["key_ids"]) == {-1}

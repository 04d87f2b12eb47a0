"""The command line: what it prints, writes and refuses."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import engine
from engine.attention import attention_row
from engine.cli import COMMANDS, main
from engine.images.load import load_photo
from engine.images.prepare import prepare
from engine.predictions import top_classes

ROOT = Path(__file__).parent.parent.parent
GRAPHS = ROOT / "tests" / "conformance" / "graphs"
VIT = str(GRAPHS / "hf_vit_sdpa_ts17_dynamic.onnx")  # two sites of three heads, class token and 4 × 6 patches


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "pájaro.png"
    pixels = np.random.default_rng(5).integers(0, 255, (40, 60, 3), np.uint8)
    Image.fromarray(pixels).save(path)
    return str(path)


def _refused(capsys, *argv):
    """Run, and return the one line of standard error of a refusal."""
    assert main(list(argv)) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.endswith("\n")
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.err
    return said.err


def test_the_window_knows_which_commands_are_ours(capsys):
    assert COMMANDS == ("inspect", "render", "cam", "compare", "translate")
    for command in COMMANDS:
        assert main([command, "--help"]) == 0
        assert f"usage: mirada {command}" in capsys.readouterr().out


def test_inspect_text(capsys):
    assert main(["inspect", VIT]) == 0
    out = capsys.readouterr().out
    assert "Attention: 2 sites, 6 heads" in out
    assert "pixel_values  float32  (batch, 3, 16, 24)" in out
    assert "25 × 25" in out
    assert "Images: preprocessing is a guess" in out
    lines = out[out.index("Attention") :].splitlines()
    columns = [lines[1].index(word) for word in ("name", "kind", "head dim", "scale", "spelling")]
    for line in lines[2:4]:  # aligned: each column begins where its title does, or ends there
        assert all(line[at - 2 : at] == "  " for at in columns[:2] + columns[3:])


def test_inspect_json_agrees_with_the_engine(capsys):
    assert main(["inspect", "--json", VIT]) == 0
    found = json.loads(capsys.readouterr().out)
    description = engine.open_model(VIT).description
    assert list(found) == [
        "format", "name", "path", "opset", "producer", "parameters", "nodes", "inputs", "outputs", "sites",
        "near_misses", "convolutions", "positions", "pools", "head", "multiply_adds",
        "labels", "preprocessing", "text", "sound", "parts", "notes",
    ]  # fmt: skip
    assert found["format"] == 1
    assert found["inputs"] == [{"name": "pixel_values", "dtype": "float32", "shape": ["batch", 3, 16, 24]}]
    assert [site["heads"] for site in found["sites"]] == [3, 3]
    assert [site["scale"] for site in found["sites"]] == [site.scale for site in description.sites]
    assert [site["spelling"] for site in found["sites"]] == [site.op for site in description.sites]
    assert found["preprocessing"]["size"] == [16, 24]
    assert found["preprocessing"]["source"] == "guess"
    assert {note["code"] for note in found["preprocessing"]["notes"]} == {"guess-plan", "guess-stretch", "guess-half"}


@pytest.mark.parametrize("graph", ["not_cnn_ts17", "not_moe_soft_ts17", "encoder_padded_ts17", "mha_cross_ts17"])
def test_inspect_models_of_other_kinds(graph, capsys):
    path = str(GRAPHS / f"{graph}.onnx")
    description = engine.open_model(path).description
    assert main(["inspect", path]) == 0
    out = capsys.readouterr().out
    assert ("Attention: none found" in out) == (not description.sites)
    assert ("Softmaxes that are not attention" in out) == bool(description.near_misses)
    for miss in description.near_misses:
        assert miss.reason.text() in out
    assert main(["inspect", path, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [miss["code"] for miss in found["near_misses"]] == [miss.reason.code for miss in description.near_misses]
    assert len(found["sites"]) == len(description.sites)


@pytest.mark.parametrize("direction", ["from", "to", "class"])
def test_render_writes_the_engines_numbers(direction, photo, tmp_path, capsys):
    figure, data = tmp_path / "out.png", tmp_path / "numbers"
    argv = ["render", VIT, photo, "--site", "1", "--head", "2", "--query", "1,3", "--direction", direction]
    assert main([*argv, "-o", str(figure), "--data", str(data)]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert "site 1, head 2" in said.out
    assert f"wrote {figure}" in said.out
    with Image.open(figure) as image:
        assert image.format == "PNG"
        assert image.width > 600
    model = engine.open_model(VIT)
    run = model.run_image(prepare(load_photo(photo), model.description.image_plan))
    site, token = model.sites[1], 0 if direction == "class" else 1 + 6 + 3
    with np.load(data) as stored:
        assert stored["pattern"] == pytest.approx(attention_row(run, site, 2, token, direction))
        assert stored["grid"].tolist() == [4, 6, 1, 0]
        assert int(stored["token"]) == token
        assert str(stored["image"]) == "pájaro.png"
        assert stored["classes"].tolist() == [found.index for found in top_classes(run)]
        scores = stored["q"] @ stored["k"].T * stored["scale"]
        part = scores[:, token] if direction == "to" else scores[token]
        assert stored["scores"] == pytest.approx(part, abs=1e-5)
        assert float(stored["error"]) <= 1e-5
        if direction != "to":
            e = np.exp(stored["scores"] - stored["scores"].max())
            assert stored["pattern"] == pytest.approx(e / e.sum(), abs=1e-6)


def test_render_means_and_overrides(photo, tmp_path, capsys):
    data = tmp_path / "n.npz"
    argv = ["render", VIT, photo, "--mean-heads", "--query", "17", "--data", str(data)]
    assert main([*argv]) == 0
    with np.load(data) as stored:
        plain = stored["pattern"]
        assert stored["scores"].shape == (3, 25)
        assert stored["q"].shape[:2] == (3, 25)
        assert int(stored["head"]) == -1
        assert int(stored["site"]) == 1  # the last one
    capsys.readouterr()
    assert main([*argv, "--mean", "0,0,0", "--std", "1", "--resize", "fit-and-pad"]) == 0
    assert "guess" not in capsys.readouterr().out
    with np.load(data) as stored:
        assert np.abs(stored["pattern"] - plain).max() > 1e-4
        assert stored["region"].tolist() == pytest.approx([0, 0, 1, 1], abs=0.1)


@pytest.mark.parametrize("ending", ["jpg", "webp", "tiff", "bmp", "pdf", "PNG"])
def test_figures_in_every_format(ending, photo, tmp_path):
    out = tmp_path / f"figure.{ending}"
    assert main(["render", VIT, photo, "--query", "0", "-o", str(out)]) == 0
    assert out.stat().st_size > 1000
    if ending == "pdf":
        assert out.read_bytes().startswith(b"%PDF")
    else:
        with Image.open(out) as image:
            image.load()


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (["--site", "2", "--query", "1"], "has no site 2. Its sites are 0 to 1."),
        (["--site", "-1", "--query", "1"], "has no site -1. Its sites are 0 to 1."),
        (["--head", "3", "--query", "1"], "has no head 3. Its heads are 0 to 2."),
        (["--query", "25"], "has no token 25 here. Its tokens are 0 to 24."),
        (["--query", "4,0"], "no patch in row 4, column 0. Its rows are 0 to 3, its columns 0 to 5."),
        (["--query", "x"], "“x” is neither a token"),
        (["--query", "1,2,3"], "neither a token"),
        (["--query", "1", "--direction", "up"], "invalid choice"),
        (["--query", "1", "--head", "1", "--mean-heads"], "not allowed with"),
        (["--query", "1", "--size", "0"], "neither a size"),
        (["--query", "1", "--size", "30"], "takes images of 16 × 24 pixels only"),
        (["--query", "1", "--mean", "1,2"], "neither a number nor three"),
        (["--query", "1", "--std", "0"], "not above 0"),
        (["--query", "1", "--opacity", "2"], "not a number from 0 to 1"),
        (["--query", "1", "--colormap", "nonsense"], "no colour map called"),
        (["--que", "1"], "unrecognized arguments"),
        ([], "say which token"),
    ],
)
def test_wrong_arguments_get_their_valid_range(options, part, photo, tmp_path, capsys):
    assert part in _refused(capsys, "render", VIT, photo, *options, "-o", str(tmp_path / "o.png"))
    assert not (tmp_path / "o.png").exists()


def test_wrong_outputs(photo, tmp_path, capsys):
    argv = ["render", VIT, photo, "--query", "1"]
    assert "say where to write" in _refused(capsys, *argv)
    assert "cannot be saved as “o.txt”" in _refused(capsys, *argv, "-o", str(tmp_path / "o.txt"))
    assert "there is no folder" in _refused(capsys, *argv, "-o", str(tmp_path / "no" / "o.png"))
    before = Path(photo).read_bytes()
    assert "would be overwritten" in _refused(capsys, *argv, "-o", photo)
    assert Path(photo).read_bytes() == before
    (tmp_path / "folder.png").mkdir()
    said = _refused(capsys, *argv, "-o", str(tmp_path / "folder.png"))
    assert "cannot be written: is a directory" in said


def test_wrong_files(photo, tmp_path, capsys):
    text = tmp_path / "notes.onnx"
    text.write_text("just some text\n" * 20)
    empty = tmp_path / "empty.onnx"
    empty.touch()
    cut = tmp_path / "cut.onnx"
    cut.write_bytes(Path(VIT).read_bytes()[:9000])
    for path in (text, empty, cut, tmp_path / "missing.onnx", tmp_path / "missing folder"):
        assert path.name in _refused(capsys, "inspect", str(path))
    out = str(tmp_path / "o.png")
    assert "notes.onnx" in _refused(capsys, "render", VIT, str(text), "--query", "1", "-o", out)
    assert "missing.png" in _refused(capsys, "render", VIT, str(tmp_path / "missing.png"), "--query", "1", "-o", out)
    encoder = str(GRAPHS / "encoder_padded_ts17.onnx")
    assert "A photo cannot be run on" in _refused(capsys, "render", encoder, photo, "--query", "1", "-o", out)
    cnn = str(GRAPHS / "not_cnn_ts17.onnx")
    assert "No attention was found" in _refused(capsys, "render", cnn, photo, "--query", "1", "-o", out)


def test_arguments_missing_or_unknown(capsys):
    assert "mirada inspect" in _refused(capsys, "inspect")
    assert "COMMAND" in _refused(capsys)
    _refused(capsys, "paint", "x")


def test_a_bug_is_one_sentence_too(monkeypatch, capsys):
    def broken(_):
        raise RuntimeError("two\nlines")

    monkeypatch.setattr(engine, "open_model", broken)
    assert "Something went wrong inside Mirada: RuntimeError: two lines" in _refused(capsys, "inspect", VIT)


def _process(*argv, **environment):
    command = [sys.executable, "-W", "error", "-m", "engine.cli", *argv]
    full = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(command, capture_output=True, cwd=ROOT, env=full, check=False, timeout=120)


def test_a_process_of_its_own_prints_nothing_of_the_runtimes(photo, tmp_path):
    done = _process("render", VIT, photo, "--query", "1,1", "-o", str(tmp_path / "o.png"))
    assert (done.returncode, done.stderr) == (0, b"")
    missing = _process("inspect", str(tmp_path / "no.onnx"))
    assert missing.returncode == 2
    assert missing.stderr.count(b"\n") == 1


def test_a_terminal_without_unicode_and_a_closed_pipe():
    ascii_only = _process("inspect", VIT, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (ascii_only.returncode, ascii_only.stderr) == (0, b"")
    assert b"25 ? 25" in ascii_only.stdout
    as_json = _process("inspect", VIT, "--json", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert json.loads(as_json.stdout)["sites"][0]["spelling"] == engine.open_model(VIT).sites[0].op


def test_the_command_line_needs_no_qt():
    program = "import sys, engine.cli, engine.arguments; print([m for m in sys.modules if 'Qt' in m or 'Side' in m])"
    full = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, env=full, check=True, timeout=120)
    assert done.stdout.strip() == b"[]"

"""`mirada cam` and `mirada compare`: what they print, write and refuse; pages and sheets."""

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import engine
from desktop_app.translations.catalogue import LANGUAGES
from engine.arguments import METHODS as NAMED
from engine.cli import main
from engine.evidence.cam import activation
from engine.evidence.tasks import METHODS
from engine.images.load import load_photo
from engine.images.prepare import prepare
from engine.messages import CATALOGUE
from engine.report import words
from engine.report.document import Picture, Report, Section, Table
from engine.report.page import page
from engine.report.plot import Line, matrix, plot, ticks
from engine.report.sheet import WIDTH, sheet

ROOT = Path(__file__).parents[2]
CNN, VIT = str(ROOT / "assets" / "models" / "cnn"), str(ROOT / "assets" / "models" / "vit")
PHOTO = str(ROOT / "assets" / "samples" / "dog-and-cat.jpg")


def refused(capsys, *argv):
    assert main(list(argv)) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.err
    return said.err


def test_the_methods_of_the_help_are_those_there_are():
    assert tuple(METHODS) == NAMED


def test_cam_writes_the_engines_numbers(tmp_path, capsys):
    data, picture = tmp_path / "map.npz", tmp_path / "map.png"
    assert main(["cam", CNN, PHOTO, "--method", "cam", "--class", "cat", "-o", str(picture), "--data", str(data)]) == 0
    out = capsys.readouterr().out
    model = engine.open_model(CNN)
    run = model.run_image(prepare(load_photo(PHOTO), model.description.image_plan))
    exact = activation(run, 3)
    with np.load(data) as stored:
        np.testing.assert_array_equal(stored["map"], exact.evidence.values)
        assert str(stored["label"]) == "cat"
        assert int(stored["class"]) == 3
        assert str(stored["unit"]) == "logit"
        np.testing.assert_allclose(stored["region"], [0, 0, 1, 1])
    assert "CAM: cat (3)" in out
    assert f"logit: {exact.logit:.4f}" in out
    with Image.open(picture) as drawn:
        assert drawn.width > 600


def test_cam_of_tokens_with_curves(tmp_path, capsys):
    data = tmp_path / "map.npz"
    picture = tmp_path / "map.png"
    argv = ["cam", VIT, PHOTO, "--method", "ablation-cam", "--channels", "6", "--data", str(data), "-o", str(picture)]
    heights = []
    for more in ([], ["--trust"]):
        assert main([*argv, *more]) == 0
        with Image.open(picture) as drawn:
            heights.append(drawn.height)
    assert heights[1] == heights[0] + 240  # the curves stand below
    out = capsys.readouterr().out
    assert "Ablation-CAM: dog (5) · tokens 5, 6 images asked" in out
    assert re.search(r"random: area under deletion 0\.\d+, insertion 0\.\d+", out)
    with np.load(data) as stored:
        assert stored["map"].shape == (8, 8)
        assert stored["deletion"].shape == stored["random_insertion"].shape == stored["fractions"].shape == (29,)


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (["--method", "cam", "--class", "10"], "0 to 9"),
        (["--method", "cam", "--class", "dragon"], "airplane, automobile"),
        (["--method", "cam", "--masks", "9"], "--masks belongs to rise"),
        (["--method", "occlusion", "--layer", "x"], "--layer does not go with occlusion"),
        (["--method", "eigen-cam", "--class", "1"], "no class in particular"),
        (["--layer", "nothing"], "node_Conv_173"),
        (["--number", "logits"], "no place in an output"),
        (["--number", "logits:12", "--method", "occlusion"], "logits (batch×10)"),
        (["--colormap", "nothing"], "viridis, magma"),
        (["--method", "grad-cam"], "invalid choice"),
        (["--side", "0"], "not a whole number above 0"),
    ],
)
def test_cam_says_what_is_possible(options, part, tmp_path, capsys):
    said = refused(capsys, "cam", CNN, PHOTO, "-o", str(tmp_path / "out.png"), *options)
    assert part in said
    assert not (tmp_path / "out.png").exists()


def test_cam_wants_an_output_and_an_exact_head(tmp_path, capsys):
    assert "say where to write" in refused(capsys, "cam", CNN, PHOTO)
    assert "Score-CAM" in refused(capsys, "cam", VIT, PHOTO, "--method", "cam", "-o", str(tmp_path / "out.png"))


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.images, self.text, self.addresses = [], 0, "", []

    def handle_starttag(self, tag, attrs):
        self.images += tag == "img"
        self.addresses += [value for name, value in attrs if name in ("src", "href")]
        if tag not in ("img", "meta"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def read(text):
    found = Page()
    found.feed(text)
    assert not found.open
    assert all(address.startswith("data:image/png;base64,") for address in found.addresses)
    return found


@pytest.mark.parametrize(
    ("language", "title"), [("en", "How far their layers see"), ("es", "Hasta dónde ven sus capas")]
)
def test_a_report_is_one_page_in_either_language(language, title, tmp_path, capsys):
    out = tmp_path / "report.html"
    argv = ["compare", CNN, VIT, PHOTO, "--quick", "-o", str(out), "--language", language]
    assert main(argv, LANGUAGES) == 0
    assert re.search(r"^cnn: dog \d\d\.\d %", capsys.readouterr().out, re.MULTILINE)
    text = out.read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in text
    found = read(text)
    assert title in found.text
    assert found.images == 5  # two predictions, two maps, how far layers see
    assert ("76.7 million" if language == "en" else "76,7 millones") in found.text
    assert "800\u202f" in found.text
    assert ("attention rollout" in found.text) == (language == "en")


def test_a_report_is_a_sheet_with_everything_in_it(tmp_path, monkeypatch):
    """Fewer strengths than a person gets: each photo is run hundreds of times."""
    import engine.robustness

    monkeypatch.setattr(engine.robustness, "STRENGTHS", {"drop": (0, 0.5), "blur": (0, 2)})
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("cat", "dog", "toad", "horses", "moose"):
        (folder / f"{name}.jpg").write_bytes((ROOT / "assets" / "samples" / f"{name}.jpg").read_bytes())
    out = tmp_path / "report.png"
    assert main(["compare", CNN, VIT, PHOTO, "-o", str(out), "--folder", str(folder), "--most", "4"]) == 0
    with Image.open(out) as whole:
        assert whole.width == WIDTH
        assert whole.height > 2000


def test_compare_refuses_before_it_works(tmp_path, capsys):
    assert "output" in refused(capsys, "compare", CNN, VIT, PHOTO)
    assert ".png" in refused(capsys, "compare", CNN, VIT, PHOTO, "-o", str(tmp_path / "report.txt"))
    gpt = str(ROOT / "tests" / "conformance" / "graphs" / "hf_gpt2_eager_dyn18.onnx")
    assert "photo" in refused(capsys, "compare", CNN, gpt, PHOTO, "-o", str(tmp_path / "report.html"))
    text = refused(capsys, "compare", CNN, VIT, PHOTO, "-o", str(tmp_path / "r.html"), "--language", "es")
    assert "invalid choice" in text  # without the program around it, the engine speaks English


def test_every_sentence_of_the_reports_is_in_spanish():
    spanish = LANGUAGES["es"]()
    own = [code for code in CATALOGUE if code.startswith(("report-", "look-"))]
    assert len(own) > 40
    same = [code for code in own if spanish(CATALOGUE[code]) == CATALOGUE[code]]
    assert not same
    for code in own:
        assert set(re.findall(r"{\w+}", CATALOGUE[code])) == set(re.findall(r"{\w+}", spanish(CATALOGUE[code])))
    assert {f"report-fact-{name}" for name in words.FACTS} <= set(CATALOGUE)


def test_names_in_a_page_are_text_and_never_markup():
    table = Table(("", "<b>one</b>"), (("a & b", "“2”"),))
    picture = Picture(Image.new("RGB", (4, 4)), '"><script>')
    report = Report("<script>", ("x < y",), (Section("s", ("p",), ((picture,),), table),), "en")
    found = read(page(report))
    assert "<script>" in found.text
    assert "<b>one</b>" in found.text
    assert "script" not in found.open


def test_a_sheet_breaks_lines_and_rows():
    wide = Picture(Image.new("RGB", (700, 50), (255, 0, 0)), "caption " * 40)
    short = Report("t", (), (Section("s", (), ((wide,),)),))
    long = Report("t", ("word " * 200,), (Section("s", (), ((wide, wide, wide),)),))
    assert sheet(long).height > sheet(short).height + 200
    huge = Picture(Image.new("RGB", (4000, 100), (0, 0, 255)), "")
    assert sheet(Report("t", (), (Section("s", (), ((huge,),)),))).width == WIDTH


def test_plots_draw_what_they_are_given():
    empty = plot([], "x", "y")
    line = plot([Line("name", [0, 1, 2], [0.0, 5.0, float("nan")], [0, 4, 0], [1, 6, 0])], "x", "y")
    assert empty.size == line.size
    assert np.abs(np.asarray(empty, int) - np.asarray(line, int)).sum() > 0
    values = np.array([[0.0, 1.0], [np.nan, 0.5]])
    drawn = np.asarray(matrix(values, ["a", "b"], ["c", "d"], "x", "y"))
    assert (drawn == (200, 200, 200)).all(axis=-1).any()


@pytest.mark.parametrize("top", [0.93, 1, 50, 899, 0.004, 12345])
def test_ticks_are_round_and_reach_the_top(top):
    found = ticks(top)
    assert found[0] == 0
    assert found[-1] >= top * 0.999
    assert 4 <= len(found) <= 7
    assert ticks(0) == [0, 1]

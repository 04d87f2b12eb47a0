"""What cannot be opened or run: each gets one sentence that names the cause, and what to do."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import engine
from desktop_app.__main__ import main
from engine import EngineError
from engine.graph.read import find_model
from engine.messages import CATALOGUE
from engine.runtime.refusal import reason, refusal
from tests.unit import broken_models as made

ROOT = Path(__file__).resolve().parents[2]
GRAPHS = ROOT / "tests" / "conformance" / "graphs"
VIT = GRAPHS / "hf_vit_sdpa_ts17_dynamic.onnx"
GIBBERISH = re.compile(
    r"onnxruntime::|onnxruntime_src|\.(cc|h|py):\d+|\[ONNXRuntimeError\]|0x[0-9a-f]{6}|Traceback|std::"
)


TRIES = settings(
    deadline=None, derandomize=True, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(autouse=True)
def silence(capfd):
    """Nothing is printed by opening or running, neither by Python nor by the runtime."""
    yield
    said = capfd.readouterr()
    assert said.out + said.err == ""


def refused(code, *words):
    """Expect one refusal: right code, the words in it, plain to read."""
    return pytest.raises(EngineError, check=lambda error: is_plain(error, code, words))


def is_plain(error, code, words=()):
    text = str(error)
    sentence, advice = error.message.text(), error.advice.text()
    assert error.code == code, text
    assert all(word in text for word in words), text
    assert text == f"{sentence} {advice}"
    assert sentence.endswith(".")
    assert advice.endswith(".")
    assert ". " not in sentence.replace(" ….", "."), sentence
    assert "\n" not in text
    assert "{" not in CATALOGUE[code].format(**dict(error.message.details)).replace("{", "", text.count(":{"))
    assert not GIBBERISH.search(text), text
    assert len(text) < 500
    return True


def refused_by_the_command(path, capfd):
    """Run `mirada inspect`: status 2, one line on standard error and nothing else."""
    capfd.readouterr()
    assert main(["inspect", str(path)]) == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert re.fullmatch(r"mirada: [^\n]+\.\n", said.err), said.err
    assert not GIBBERISH.search(said.err)
    return said.err


@pytest.mark.parametrize("name", made.REFUSED)
def test_models_that_the_graph_or_the_runtime_refuses(name, tmp_path, capfd):
    content, code, words = made.REFUSED[name]
    path = made.write(tmp_path / "módel o.onnx", content)
    with refused(code, words, "módel o.onnx"):
        engine.open_model(path)
    assert words in refused_by_the_command(path, capfd)


@pytest.mark.parametrize("name", made.NO_MODEL)
def test_files_that_are_no_models(name, tmp_path, capfd):
    path = made.write(tmp_path / "x.onnx", made.NO_MODEL[name])
    with refused("not-onnx", "x.onnx", "not an ONNX model"):
        engine.open_model(path)
    refused_by_the_command(path, capfd)


def test_an_empty_file(tmp_path, capfd):
    path = made.write(tmp_path / "x.onnx", b"")
    with refused("file-empty", "“x.onnx” is empty"):
        engine.open_model(path)
    refused_by_the_command(path, capfd)


def test_a_pointer_of_git_lfs(tmp_path, capfd):
    path = made.write(tmp_path / "x.onnx", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n")
    with refused("lfs-pointer", "git lfs pull"):
        engine.open_model(path)
    refused_by_the_command(path, capfd)


@TRIES
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_model_cut_anywhere(share, tmp_path):
    content = VIT.read_bytes()
    path = made.write(tmp_path / "cut.onnx", content[: int(share * len(content))])
    with pytest.raises(EngineError) as caught:
        engine.open_model(path)
    assert caught.value.code in ("not-onnx", "file-empty", "no-nodes", "graph-broken")
    is_plain(caught.value, caught.value.code, ["cut.onnx"])


@TRIES
@given(content=st.binary(min_size=1, max_size=400))
def test_any_bytes_at_all(content, tmp_path):
    path = made.write(tmp_path / "any.onnx", content)
    with pytest.raises(EngineError) as caught:
        engine.open_model(path)
    is_plain(caught.value, caught.value.code, ["any.onnx"])


@TRIES
@given(data=st.data())
def test_a_model_with_flipped_bytes_opens_or_is_refused(data, tmp_path):
    content = bytearray(VIT.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = made.write(tmp_path / "flipped.onnx", bytes(content))
    said = ""
    try:
        engine.open_model(path)
    except EngineError as error:
        said = str(error)
    assert not GIBBERISH.search(said), said


# External weights


@pytest.fixture
def home(tmp_path):
    """A folder with a model's weights in it, some outside it, and links between the two."""
    folder = tmp_path / "model"
    (folder / "inner").mkdir(parents=True)
    for place in (tmp_path, folder, folder / "inner"):
        made.write(place / "w.bin", made.one_weight())
    made.write(folder / "short.bin", b"12345")
    (folder / "link.bin").symlink_to(tmp_path / "w.bin")
    (folder / "up").symlink_to(tmp_path)
    (folder / "inside.bin").symlink_to(folder / "w.bin")
    return folder


WHERE = [made.in_initializer, made.in_constant, made.in_branch, made.in_function]
where = pytest.mark.parametrize("where", WHERE, ids=lambda make: make.__name__)


@where
@pytest.mark.parametrize("location", ["w.bin", "inner/w.bin", "inner/../w.bin"])
def test_weights_beside_the_model_are_read(where, location, home):
    model = engine.open_model(made.write(home / "x.onnx", where(made.external(location))))
    feeds = {info.name: np.ones((1, 3)) if info.name == "x" else np.array(True) for info in model.inputs}
    np.testing.assert_array_equal(model.run(feeds).outputs["y"], [[2, 3, 4]])


@where
@pytest.mark.parametrize(
    "location", ["../w.bin", "inner/../../w.bin", "{up}/w.bin", "/dev/zero", "link.bin", "up/w.bin"]
)
def test_weights_outside_the_folder_are_not_followed(where, location, home, capfd):
    location = location.replace("{up}", str(home.parent))
    path = made.write(home / "x.onnx", where(made.external(location)))
    with refused("external-outside", "x.onnx", f"“{location}”"):
        engine.open_model(path)
    refused_by_the_command(path, capfd)


@where
@pytest.mark.parametrize("location", ["nope.bin", "inner", "inner/nope.bin", "."])
def test_missing_weights(where, location, home, capfd):
    path = made.write(home / "x.onnx", where(made.external(location)))
    with refused("external-missing", "x.onnx", f"“{location}”"):
        engine.open_model(path)
    refused_by_the_command(path, capfd)


@where
@pytest.mark.parametrize(
    ("location", "entries"),
    [
        ("short.bin", {}),
        ("short.bin", {"length": 12}),
        ("w.bin", {"offset": 8, "length": 12}),
        ("w.bin", {"offset": 8}),
    ],
)
def test_short_weights(where, location, entries, home, capfd):
    path = made.write(home / "x.onnx", where(made.external(location, **entries)))
    with refused("external-short", "x.onnx", f"“{location}”"):
        engine.open_model(path)
    refused_by_the_command(path, capfd)


def test_weights_larger_than_any_file(home):
    with refused("external-short", "w.bin"):
        engine.open_model(made.write(home / "x.onnx", made.in_initializer(made.external("w.bin", (2**40,)))))


@where
@pytest.mark.parametrize("entries", [{"offset": -4}, {"offset": "two"}, {"length": "x"}])
def test_places_that_are_no_numbers(where, entries, home):
    with refused("graph-broken", "x.onnx"):
        engine.open_model(made.write(home / "x.onnx", where(made.external("w.bin", **entries))))


def test_a_length_that_contradicts_the_shape(home):
    with refused("bad-graph", "size mismatch"):
        engine.open_model(made.write(home / "x.onnx", made.in_initializer(made.external("w.bin", length=8))))


# Files and folders


def test_nothing_there(tmp_path, capfd):
    for path in (tmp_path / "no.onnx", tmp_path / "no folder", Path("x" * 5000 + ".onnx"), Path("no\0.onnx")):
        with refused("file-missing", "does not exist"):
            engine.open_model(path)
    refused_by_the_command(tmp_path / "no.onnx", capfd)


def test_a_link_to_nowhere_and_a_link_to_itself(tmp_path):
    (tmp_path / "a.onnx").symlink_to(tmp_path / "gone.onnx")
    (tmp_path / "b.onnx").symlink_to(tmp_path / "b.onnx")
    for name in ("a.onnx", "b.onnx"):
        with refused("file-missing", name):
            engine.open_model(tmp_path / name)


def test_folders(tmp_path, capfd, monkeypatch):
    folder = tmp_path / "vit.onnx"
    folder.mkdir()
    with refused("folder-empty", "“vit.onnx” holds no .onnx model"):
        engine.open_model(folder)
    refused_by_the_command(folder, capfd)
    (folder / "model.onnx").mkdir()  # a folder in a file's place
    with refused("folder-empty"):
        engine.open_model(folder)
    monkeypatch.chdir(folder)
    with refused("folder-empty", "“.”"):
        engine.open_model(".")
    made.write(folder / "a.onnx", made.FIXED)
    assert engine.open_model(folder).path == folder / "a.onnx"
    made.write(folder / "b.onnx", made.FIXED)
    with refused("folder-many", "a.onnx, b.onnx"):
        engine.open_model(folder)
    refused_by_the_command(folder, capfd)


def test_the_model_of_a_folder_has_a_name_of_its_own(tmp_path):
    (tmp_path / "onnx").mkdir()
    made.write(tmp_path / "onnx" / "decoder_model.onnx", made.FIXED)
    made.write(tmp_path / "onnx" / "encoder_model.onnx", made.FIXED)
    assert find_model(tmp_path).name == "encoder_model.onnx"
    made.write(tmp_path / "onnx" / "model.onnx", made.FIXED)
    assert find_model(tmp_path).name == "model.onnx"
    made.write(tmp_path / "other.onnx", made.FIXED)
    assert find_model(tmp_path).name == "other.onnx"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_and_a_device_are_not_waited_for(tmp_path, capfd):
    os.mkfifo(tmp_path / "pipe.onnx")
    for path in (tmp_path / "pipe.onnx", Path("/dev/zero")):
        with refused("file-special", path.name):
            engine.open_model(path)
    refused_by_the_command(tmp_path / "pipe.onnx", capfd)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read everything")
def test_no_permission(tmp_path, capfd):
    path = made.write(tmp_path / "x.onnx", made.FIXED)
    path.chmod(0)
    with refused("file-unreadable", "permission denied"):
        engine.open_model(path)
    refused_by_the_command(path, capfd)
    path.chmod(stat.S_IRUSR)


@pytest.mark.parametrize("method", ["open", "exists", "glob"])
def test_no_permission_as_the_system_says_it(method, tmp_path, monkeypatch, capfd):
    path = tmp_path if method == "glob" else made.write(tmp_path / "x.onnx", made.FIXED)

    def denied(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, method, denied)
        with refused("file-unreadable", path.name, "permission denied"):
            engine.open_model(path)
        refused_by_the_command(path, capfd)


# Running


@pytest.mark.parametrize("name", made.FAILING)
def test_what_a_run_refuses(name, tmp_path):
    content, feeds, code, words = made.FAILING[name]
    model = engine.open_model(made.write(tmp_path / "x.onnx", content))
    with refused(code, words):
        model.run(feeds)


def test_a_model_that_failed_runs_again(tmp_path):
    model = engine.open_model(made.write(tmp_path / "x.onnx", made.GATHER))
    with refused("run-failed"):
        model.run({"x": [9]})
    assert model.run({"x": [2.0, -1.0]}).outputs["y"].shape == (2, 3)  # whole numbers will do for ids


def test_a_model_whose_input_is_no_image(tmp_path, capfd):
    path = made.write(tmp_path / "table.onnx", made.FIXED)
    photo = ROOT / "assets" / "samples"
    image = next(found for found in sorted(photo.iterdir()) if found.suffix in (".jpg", ".png", ".webp"))
    out = tmp_path / "o.png"
    assert main(["render", str(path), str(image), "--query", "1", "-o", str(out)]) == 2
    said = capfd.readouterr()
    assert re.fullmatch(r"mirada: A photo cannot be run on [^\n]+\.\n", said.err), said.err
    assert not out.exists()


def test_the_command_as_a_process_of_its_own(tmp_path):
    """The runtime writes past Python's streams: only another process shows all that is printed."""
    for content in (made.REFUSED["custom operator"][0], made.REFUSED["a value from nowhere"][0]):
        path = made.write(tmp_path / "x.onnx", content)
        command = [sys.executable, "-W", "error", "-m", "desktop_app", "inspect", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=120)
        assert done.returncode == 2
        assert done.stdout == ""
        assert re.fullmatch(r"mirada: [^\n]+\.\n", done.stderr), done.stderr


NOISY = (
    "Non-zero status code returned while running Add node. Name:'n' Status Message: "
    "/onnxruntime_src/a/b.h:563 void onnxruntime::It::Init(ptrdiff_t, const std::vector<int>&) "
    "axis == 1 || axis == largest was false. Cannot broadcast. 3 by 5\n"
)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("", "unknown reason"),
        ("[ONNXRuntimeError] : 1 : FAIL : plain words.", "plain words"),
        (NOISY, "Add: Cannot broadcast; 3 by 5"),
        ("matmul_helper.h:59 Compute MatMul dimension mismatch", "MatMul dimension mismatch"),
        ("word " * 100, "word " * 40 + "…"),
    ],
)
def test_the_runtimes_words_without_its_noise(said, meant):
    assert reason(said) == meant


def test_memory_that_does_not_suffice_to_open():
    is_plain(refusal("x.onnx", "[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : std::bad_alloc"), "out-of-memory")
    is_plain(refusal("x.onnx", "INVALID_PROTOBUF : Load model failed: Protobuf parsing failed."), "not-onnx")

"""`mirada` as it is typed: files in any order, options, a picture where there is no display."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage

from desktop_app.__main__ import TERMINAL
from desktop_app.arguments import Wishes, has_display, read
from engine.cli import COMMANDS
from tests.gui import makers


def mirada(folder: Path, *arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the program in a folder, without a display."""
    environment = {**os.environ, "PYTHONPATH": str(makers.GRAPHS.parents[2]), **variables}
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        environment.pop(name, None)
    return run("-m", "desktop_app", *map(str, arguments), cwd=folder, env=environment)


def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run Python and keep what it says."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, **options)


def colours(picture: Path) -> int:
    image = QImage(str(picture))
    return len({image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)})


def test_without_a_display_the_window_is_painted_into_a_file(tmp_path: Path) -> None:
    done = mirada(tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1
    assert "no display" in done.stdout
    assert str(tmp_path / "mirada.png") in done.stdout
    image = QImage(str(tmp_path / "mirada.png"))
    assert (image.width(), image.height()) == (1280, 800)
    assert colours(tmp_path / "mirada.png") > 100


def test_a_screenshot_of_given_files_in_spanish_and_dark(tmp_path: Path) -> None:
    options = ("--screenshot", "vista.png", "--lang", "es", "--theme", "dark", "--size", "1000x700")
    done = mirada(tmp_path, makers.OTHER_SAMPLE, makers.OTHER_MODEL, *options)
    assert done.returncode == 0, done.stderr
    assert "vista.png" in done.stdout
    assert "ventana" in done.stdout
    image = QImage(str(tmp_path / "vista.png"))
    assert (image.width(), image.height()) == (1000, 700)
    assert image.pixelColor(500, 697).lightness() < 80


def test_a_screenshot_of_what_cannot_be_opened_is_one_line_and_status_2(tmp_path: Path) -> None:
    (tmp_path / "letter.onnx").write_text("no model")
    done = mirada(tmp_path, "letter.onnx", "--screenshot", "a.png")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "letter.onnx" in done.stderr
    assert not (tmp_path / "a.png").exists()


def test_commands_for_the_terminal_load_no_qt() -> None:
    code = (
        "import sys; from desktop_app.__main__ import main; status = main(sys.argv[1:]);"
        "assert not [m for m in sys.modules if m.startswith(('PySide6', 'pyqtgraph'))]; sys.exit(status)"
    )
    done = run("-c", code, "inspect", str(makers.VIT))
    assert done.returncode == 0, done.stderr
    assert "site" in done.stdout.lower()


def test_the_commands_for_the_terminal_are_the_engines() -> None:
    assert TERMINAL == COMMANDS


def test_the_frame_waits_for_nothing_heavy() -> None:
    code = (
        "import sys; import desktop_app.app;"
        "slow = {'numpy', 'engine', 'multiprocessing', 'PIL', 'cmap', 'desktop_app.views'};"
        "heavy = slow & set(sys.modules);"
        "assert not heavy, heavy"
    )
    done = run("-c", code)
    assert done.returncode == 0, done.stderr


def test_the_windows_process_needs_no_onnx() -> None:
    code = (
        "import sys, importlib; from desktop_app.app import CLIENT, REST;"
        "[importlib.import_module(name) for name in (CLIENT, *REST)];"
        "slow = {'onnx', 'onnx_ir', 'onnxruntime', 'pyqtgraph', 'superqt', 'scipy'};"
        "heavy = slow & {m.split('.')[0] for m in sys.modules};"
        "assert not heavy, heavy"
    )
    done = run("-c", code)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("arguments", [["--lang", "fr"], ["--size", "big"], ["--size", "10x10"], ["--what"]])
def test_a_wrong_option_is_one_line_and_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert read(arguments) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_help_and_version_end_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert read(["--help"]) == 0
    assert "mirada inspect" in capsys.readouterr().out
    assert read(["--version"]) == 0
    assert capsys.readouterr().out.startswith("mirada ")


def test_files_and_options_in_any_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    assert read(["cat.jpg", "--lang", "es", "vit.onnx"]) == Wishes(("cat.jpg", "vit.onnx"), "es")


@pytest.mark.parametrize(
    ("environment", "platform", "there"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": ""}, "linux", False),
        ({"QT_QPA_PLATFORM": "vnc"}, "linux", True),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_where_a_window_can_be_opened(environment: dict[str, str], platform: str, there: bool) -> None:
    assert has_display(environment, platform) is there

"""What a person does on a desktop: start, drop, point. Real X events from a real file manager and pointer."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.desktop import Desktop, FileManager, missing_programs, until
from tests.e2e.program import ROOT, Program, Widget, changed, colours

MISSING = missing_programs()
SAMPLES = ROOT / "assets" / "samples"
OTHER_MODEL = ROOT / "tests" / "conformance" / "graphs" / "hf_vit_eager_ts17.onnx"

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("desktop")]
if MISSING:
    if os.environ.get("CI"):
        raise RuntimeError(f"a desktop needs: apt-get install -y {' '.join(MISSING)}")
    pytestmark.append(pytest.mark.skip(reason=f"a desktop needs: apt-get install -y {' '.join(MISSING)}"))


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    # Not pytest's own folder: a Unix socket's path must be short.
    with tempfile.TemporaryDirectory(prefix="mirada-e2e-") as folder, Desktop(Path(folder)) as one:
        yield one


@pytest.fixture
def program(desktop: Desktop) -> Program:
    """Mirada as it greets: the bundled ViT on the bundled sample, every head shown."""
    started = Program(desktop)
    started.widget("Mosaic")
    until(lambda: started.title.count("—") >= 2, f"no model and photo in the title: {started.title}")
    return started


def folder_with(desktop: Desktop, name: str, file: Path, called: str) -> Path:
    """Return a copy of `file`, alone in a folder."""
    folder = desktop.folder / name
    folder.mkdir()
    return Path(shutil.copy(file, folder / called))


def predictions(program: Program) -> str:
    """Return the classes and percentages that the window shows."""
    return program.widget("PredictionBars").description


def patches_down(desktop: Desktop, program: Program, canvas: Widget) -> dict[str, tuple[int, int]]:
    """Move the pointer down the middle of the canvas; return what the status bar calls each place, and the place."""
    found = {}
    for step in range(1, 30):
        place = canvas.at(0.5, step / 30)
        desktop.move(*place)
        time.sleep(0.2)
        for widget in program.widgets():
            if "patch (" in widget.text:
                found[widget.text] = place
    return found


def test_it_greets_with_every_head_and_a_prediction_and_ends_cleanly(desktop: Desktop, program: Program) -> None:
    assert "%" in predictions(program)
    assert colours(program.picture(program.widget("PredictionBars"))) > 4
    assert colours(program.picture(program.widget("Mosaic"))) > 100
    assert colours(program.picture(program.widget("ImageCanvas"))) > 1000
    desktop.xdotool("windowactivate", "--sync", program.window, "key", "--clearmodifiers", "ctrl+q")
    assert program.process.wait(30) == 0
    assert "Traceback" not in desktop.said()


def test_overlay_and_heads_follow_the_pointer(desktop: Desktop, program: Program) -> None:
    canvas, mosaic = program.widget("ImageCanvas"), program.widget("Mosaic")
    # A head of the first layer: there, what is attended to depends on the query as in no other.
    left, top, width, _ = mosaic.rect
    desktop.move(left + width // 2, top + 50)
    desktop.xdotool("click", 1)
    program.saying("Layer 0")
    places = patches_down(desktop, program, canvas)
    assert len(places) >= 4, places
    # Not the first and last rows: a pointer on a border may be half outside.
    names = list(places)
    seen = []
    for name in (names[1], names[-2]):
        desktop.move(*places[name])
        program.saying(name)
        seen.append((name, program.picture(canvas), program.picture(mosaic)))
    (first, first_overlay, first_heads), (second, second_overlay, second_heads) = seen
    assert first != second
    assert changed(first_overlay, second_overlay) > 0.02
    assert changed(first_heads, second_heads) > 0.05


def test_a_photo_dropped_from_the_file_manager_is_looked_at(desktop: Desktop, program: Program) -> None:
    before, shown = predictions(program), program.picture(program.widget("ImageCanvas"))
    files = FileManager(desktop, folder_with(desktop, "photos", SAMPLES / "truck.jpg", "camión (1).jpg"))
    canvas = program.widget("ImageCanvas")
    desktop.drag(files.item, canvas.at(0.5, 0.5))
    until(lambda: "camión (1)" in program.title, f"the title stayed {program.title!r}; {desktop.said()[-2000:]}")
    until(lambda: predictions(program) != before, "the prediction stayed as it was")
    assert predictions(program).startswith("truck")
    assert changed(shown, program.picture(canvas)) > 0.3


def test_a_model_dropped_from_the_file_manager_takes_over(desktop: Desktop, program: Program) -> None:
    heads = program.picture(program.widget("Mosaic"))
    files = FileManager(desktop, folder_with(desktop, "models", OTHER_MODEL, "otro modelo.onnx"))
    desktop.drag(files.item, program.widget("Mosaic").at(0.5, 0.5))
    until(lambda: "otro modelo" in program.title, f"the title stayed {program.title!r}; {desktop.said()[-2000:]}")
    assert changed(heads, program.picture(program.widget("Mosaic"))) > 0.1


def test_a_dropped_file_that_is_no_model_leaves_the_screen_as_it_was(desktop: Desktop, program: Program) -> None:
    title, before = program.title, predictions(program)
    letter = desktop.folder / "letter.txt"
    letter.write_text("Dear reader, this is not a model.\n" * 40)
    files = FileManager(desktop, folder_with(desktop, "letters", letter, "letter.onnx"))
    desktop.drag(files.item, program.widget("ImageCanvas").at(0.5, 0.5))
    program.saying("letter.onnx")
    program.widget("NoticeRow")
    assert (program.title, predictions(program)) == (title, before)
    assert colours(program.picture(program.widget("Mosaic"))) > 100

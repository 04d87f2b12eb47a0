"""Everything that can be opened, and everything that cannot: dropped, pasted, chosen, typed."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from desktop_app import intake
from desktop_app.main_window import MainWindow
from desktop_app.process.protocol import PhotoBytes, PhotoFile
from tests.gui import makers
from tests.gui.conftest import PATIENCE_MS, look

ACTIONS = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def files(*paths: Path) -> QMimeData:
    """Return what a file manager drags."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def drag_over(window: MainWindow, mime: QMimeData) -> bool:
    """Drag over the window, and return whether it would take a drop."""
    enter = QDragEnterEvent(QPoint(200, 200), ACTIONS, mime, LEFT, NONE)
    QApplication.sendEvent(window, enter)
    return enter.isAccepted()


def drop(window: MainWindow, mime: QMimeData) -> None:
    """Drag over the window and let go."""
    assert drag_over(window, mime)
    event = QDropEvent(QPointF(200, 200), ACTIONS, mime, LEFT, NONE, QEvent.Type.Drop)
    QApplication.sendEvent(window, event)
    assert event.isAccepted()
    assert event.dropAction() == Qt.DropAction.CopyAction


def drop_and_wait(window: MainWindow, qtbot: QtBot, *paths: Path) -> None:
    with qtbot.waitSignal(window.controller.succeeded, timeout=PATIENCE_MS):
        drop(window, files(*paths))


def names(window: MainWindow) -> tuple[str, str]:
    """Return the names of model and photo on screen."""
    run = window.controller.run
    assert run is not None
    assert run.image is not None
    return run.model.name, run.image.photo.name


def said(window: MainWindow) -> str:
    return "\n".join(row.text for row in window.notices.rows)


def test_an_image_is_dropped(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    rows = window.panel.bars.rows()
    picture = tmp_path / "ñandú del país.JPG"
    shutil.copy(makers.OTHER_SAMPLE, picture)
    drop_and_wait(window, qtbot, picture)
    assert names(window) == ("vit", "ñandú del país.JPG")
    assert "ñandú del país.JPG" in window.windowTitle()
    assert window.panel.bars.rows() != rows
    assert window.panel.bars.rows()[0][0] == "truck"
    assert window.hint.isHidden()


def test_a_model_is_dropped(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    model = tmp_path / "otro año.onnx"
    shutil.copy(makers.OTHER_MODEL, model)
    drop_and_wait(window, qtbot, model)
    assert names(window) == ("otro año", "airplane.jpg")
    assert window.view is not None


def test_a_folder_with_a_model_is_dropped(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "carpeta ñ"
    shutil.copytree(makers.VIT, folder)
    drop_and_wait(window, qtbot, folder)
    assert names(window)[0] == "carpeta ñ"


def test_model_and_image_are_dropped_together(window: MainWindow, qtbot: QtBot) -> None:
    drop_and_wait(window, qtbot, makers.OTHER_SAMPLE, makers.OTHER_MODEL)
    assert names(window) == ("hf_vit_eager_ts17", "truck.jpg")


def test_of_several_files_the_first_are_opened_and_the_rest_is_named(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    second, letter = makers.photo(tmp_path / "second.png"), tmp_path / "letter.txt"
    letter.write_text("Dear reader")
    drop_and_wait(window, qtbot, makers.OTHER_SAMPLE, second, letter)
    assert names(window)[1] == "truck.jpg"
    assert "second.png" in said(window)
    assert "letter.txt" in said(window)


def test_the_hint_says_what_a_drop_will_do(window: MainWindow) -> None:
    assert drag_over(window, files(makers.SAMPLE))
    assert window.hint.isVisible()
    assert "airplane.jpg" in window.hint.text
    assert drag_over(window, files(makers.OTHER_MODEL))
    assert "hf_vit_eager_ts17.onnx" in window.hint.text
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert window.hint.isHidden()


def test_words_are_told_to_be_read_by_other_models(window: MainWindow) -> None:
    mime = QMimeData()
    mime.setText("not a file")
    assert drag_over(window, mime)
    assert window.hint.text == "Drop to read this text"
    drop(window, mime)
    assert "“vit” reads none" in said(window)


def test_what_is_nothing_is_not_taken(window: MainWindow) -> None:
    assert not drag_over(window, QMimeData())
    assert window.hint.isHidden()


def test_an_image_is_pasted(window: MainWindow, qtbot: QtBot) -> None:
    image = QImage(50, 40, QImage.Format.Format_ARGB32)
    image.fill(QColor(0, 0, 0, 0))
    QGuiApplication.clipboard().setImage(image)
    with qtbot.waitSignal(window.controller.succeeded, timeout=PATIENCE_MS):
        window.menus.commands["paste"].trigger()
    run = window.controller.run
    assert run is not None
    assert run.image is not None
    assert run.image.photo.name == "pasted image"
    assert run.image.photo.pixels.shape == (40, 50, 3)
    assert (run.image.photo.pixels == 255).all(), "what is transparent lies on white"
    assert window.recent.files() == ()


def test_a_copied_file_is_pasted(window: MainWindow, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setMimeData(files(makers.OTHER_SAMPLE))
    with qtbot.waitSignal(window.controller.succeeded, timeout=PATIENCE_MS):
        window.menus.commands["paste"].trigger()
    assert names(window)[1] == "truck.jpg"


def test_pasting_nothing_says_so(window: MainWindow) -> None:
    QGuiApplication.clipboard().setText("   ")
    window.menus.commands["paste"].trigger()
    assert "holds no image" in said(window)


def test_files_are_chosen_in_the_dialog(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_, **__: ([str(makers.OTHER_SAMPLE)], ""))
    with qtbot.waitSignal(window.controller.succeeded, timeout=PATIENCE_MS):
        window.menus.commands["open"].trigger()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(makers.VIT))
    with qtbot.waitSignal(window.controller.succeeded, timeout=PATIENCE_MS):
        window.menus.commands["open_folder"].trigger()
    assert window.settings.folder == str(makers.VIT.parent)


def test_what_was_opened_is_offered_again(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    first, second = makers.photo(tmp_path / "first.png"), makers.photo(tmp_path / "second.png")
    for file in (first, second, first):
        drop_and_wait(window, qtbot, file)
    assert [file.path for file in window.recent.files()] == [first, second]
    second.unlink()
    assert [file.there for file in window.recent.files()] == [True, False]
    window.menus.retranslate()
    actions = [a for a in window.menus._recent_menu.actions() if "png" in a.text()]
    assert [action.isEnabled() for action in actions] == [True, False]
    look(window, qtbot, None, makers.SAMPLE)
    with qtbot.waitSignal(window.controller.succeeded, timeout=PATIENCE_MS):
        actions[0].trigger()
    assert names(window)[1] == "first.png"
    window.recent.forget()
    assert window.recent.files() == ()


def text_file(folder: Path) -> Path:
    path = folder / "carta.onnx"
    path.write_text("This is not a model.")
    return path


def empty_file(folder: Path) -> Path:
    path = folder / "empty.onnx"
    path.touch()
    return path


def truncated_model(folder: Path) -> Path:
    path = folder / "cut short.onnx"
    path.write_bytes((makers.VIT / "model.onnx").read_bytes()[:200_000])
    return path


def empty_folder(folder: Path) -> Path:
    path = folder / "vacía"
    path.mkdir()
    return path


def missing_file(folder: Path) -> Path:
    return folder / "gone.onnx"


def not_an_image(folder: Path) -> Path:
    path = folder / "broken.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 50)
    return path


def letter(folder: Path) -> Path:
    path = folder / "letter.txt"
    path.write_text("Dear reader")
    return path


def model_without_image_input(folder: Path) -> Path:
    return makers.not_for_images(folder / "numbers.onnx")


def unreadable(folder: Path) -> Path:
    path = makers.photo(folder / "secret.png")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    return path


BAD = (text_file, empty_file, truncated_model, empty_folder, missing_file, not_an_image, letter,
       model_without_image_input, unreadable)  # fmt: skip


@pytest.mark.parametrize("make", BAD, ids=lambda make: make.__name__)
def test_what_cannot_be_opened_is_refused_and_the_screen_stays(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    path = make(tmp_path)
    run, title = window.controller.run, window.windowTitle()
    before = window.tabs.grab().toImage()
    drop(window, files(path))
    qtbot.waitUntil(lambda: bool(window.notices.rows) and not window.controller.busy, timeout=PATIENCE_MS)
    assert path.stem in said(window)
    assert "Traceback" not in said(window)
    assert "Something went wrong" not in said(window)
    assert said(window).count(".") >= 2, "a cause, and what to do"
    assert window.controller.run is run
    assert window.windowTitle() == title
    assert path not in [file.path for file in window.recent.files()]
    window.notices.rows[0].closed.emit()
    qtbot.wait(1)
    assert window.tabs.grab().toImage() == before
    look(window, qtbot, None, makers.OTHER_SAMPLE)
    assert names(window) == ("vit", "truck.jpg")


def test_a_success_takes_old_refusals_away(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(window.controller.refused, timeout=PATIENCE_MS):
        drop(window, files(text_file(tmp_path)))
    assert window.notices.rows
    look(window, qtbot, None, makers.OTHER_SAMPLE)
    assert not window.notices.rows


def test_a_model_without_attention_shows_its_prediction_and_says_why(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    drop_and_wait(window, qtbot, makers.without_attention(tmp_path / "plain.onnx"))
    shown = {view.name for index, view in enumerate(window.views) if window.tabs.isTabVisible(index)}
    assert not shown & {"heads", "tokens", "microscope", "softmax", "metrics", "rollout"}
    assert window.controller.model is not None
    assert len(window.controller.model.near_misses) == 1
    assert len(window.panel.bars.rows()) == 5
    assert not window.menus.commands["export"].isEnabled()
    look(window, qtbot, makers.VIT)
    assert window.view is not None


def test_an_image_without_a_model_asks_for_one(empty_window: MainWindow) -> None:
    drop(empty_window, files(makers.SAMPLE))
    assert "Open a model first" in said(empty_window)


def test_the_image_that_came_first_is_run_when_a_model_comes(empty_window: MainWindow, qtbot: QtBot) -> None:
    drop(empty_window, files(makers.SAMPLE))
    drop_and_wait(empty_window, qtbot, makers.VIT)
    assert names(empty_window) == ("vit", "airplane.jpg")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.onnx", b"", "model"),
        ("a.ONNX", b"", "model"),
        ("a.jpeg", b"", "image"),
        ("no-suffix", b"\xff\xd8\xff\xe0....", "image"),
        ("no-suffix-model", b"\x08\x08\x12\x07pytorch", "model"),
        ("a.pt", b"PK\x03\x04", None),
    ],
)
def test_files_are_told_by_name_then_by_content(tmp_path: Path, name: str, content: bytes, kind: str | None) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert intake.kind_of(path) == kind


def test_paths_become_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    makers.photo(tmp_path / "here.png")
    found = intake.from_paths(["here.png", "model.onnx"])
    assert found.photo == PhotoFile(str(tmp_path / "here.png"))
    assert found.model == tmp_path / "model.onnx"


def test_a_picture_that_another_program_hands_over_as_png_is_taken_as_it_is() -> None:
    mime = QMimeData()
    mime.setData("image/png", b"\x89PNG...")
    assert intake.from_mime(mime, "pasted").photo == PhotoBytes(b"\x89PNG...", "pasted")

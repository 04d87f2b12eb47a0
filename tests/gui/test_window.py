"""The window itself: what it says, how it looks, what it remembers, and that everything speaks of one selection."""

import math
from collections.abc import Hashable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QMenu, QMessageBox, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_app import bundle
from desktop_app.main_window import MainWindow
from desktop_app.process.client import EngineClient
from desktop_app.selection import Selection
from desktop_app.settings import Forgetful, Settings
from desktop_app.views.base import View
from engine import ModelDescription, Run
from tests.gui import makers
from tests.gui.conftest import PATIENCE_MS, discard, look, settle


def texts(widget: QWidget) -> set[str]:
    """Return everything that labels, buttons and menus say."""
    found = {label.text() for label in widget.findChildren(QLabel)}
    found |= {button.text() for button in widget.findChildren(QToolButton)}
    for menu in widget.findChildren(QMenu):
        found |= {menu.title()} | {action.text() for action in menu.actions()}
    return {text for text in found if text}


class Recorder(View):
    """A view that keeps what it is asked."""

    name: ClassVar[str] = "recorder"
    computed: ClassVar[list[Selection]] = []
    trouble: ClassVar[Exception | None] = None

    @classmethod
    def title(cls) -> str:
        return "Recorder"

    @classmethod
    def supports(cls, model: ModelDescription) -> bool:
        return bool(model.sites)

    @classmethod
    def depends(cls, selection: Selection) -> Hashable:
        return selection.site

    @staticmethod
    def compute(run: Run, selection: Selection) -> Any:
        Recorder.computed.append(selection)
        if Recorder.trouble is not None:
            raise Recorder.trouble
        return selection.site

    def draw(self, data: Any) -> None:
        self.drawn = data

    def clear(self, model: ModelDescription | None = None) -> None:
        self.drawn = None

    def retranslate(self) -> None:
        pass


@pytest.fixture
def recorder(window: MainWindow) -> Iterator[Recorder]:
    """A second view of the window, on top of it."""
    Recorder.computed, Recorder.trouble = [], None
    view = Recorder(window)
    window.controller.add_view(view)
    view.show()
    yield view
    Recorder.trouble = None


def test_heads_and_prediction_are_shown(window: MainWindow) -> None:
    assert window.view is not None
    assert window.view.isVisible()
    assert window.placeholder.isHidden()
    rows = window.panel.bars.rows()
    assert len(rows) == 5
    assert rows[0][0] == "airplane"
    assert rows[0][1] == max(p for _, p in rows)
    facts = dict(window.panel.facts.rows())
    run = window.controller.run
    assert run is not None
    assert facts["Attention"] == f"{len(run.model.sites)} layers × {run.model.sites[0].heads} heads"
    assert str(run.model.opset) == facts["Opset"]
    assert all(label.text() for label in window.panel.facts.findChildren(QLabel) if label.isVisible())


def test_pointing_is_said_in_words_and_linked_everywhere(window: MainWindow, qtbot: QtBot) -> None:
    view = window.view
    assert view is not None
    run = window.controller.run
    assert run is not None
    last = len(run.model.sites) - 1
    view.selection_wanted.emit(Selection(site=last, head=2, token=1 + 3 * 8 + 5))
    assert window.controller.selection.token == 30
    assert window.pointed == f"Layer {last} · head 2 · patch (3, 5)"
    view.selection_wanted.emit(Selection(site=0, head=1, token=0, pinned=True))
    assert window.pointed == "Layer 0 · head 1 · class token · pinned"
    view.selection_wanted.emit(Selection(mean_heads=True))
    assert window.pointed == "Layer 0 · mean over heads"


def test_views_follow_once_per_turn_and_only_for_what_they_depend_on(recorder: Recorder, window: MainWindow) -> None:
    window.controller.refresh()
    Recorder.computed.clear()
    for site in (0, 1, 2, 3):
        window.controller.select(Selection(site=site))
    QApplication.processEvents()
    assert [s.site for s in Recorder.computed] == [3]
    assert recorder.drawn == 3
    for token in range(5):
        window.controller.select(Selection(site=3, token=token))
        QApplication.processEvents()
    assert len(Recorder.computed) == 1, "the token does not matter to this view"


def test_a_hidden_view_computes_nothing(recorder: Recorder, window: MainWindow) -> None:
    window.controller.refresh()
    recorder.hide()
    Recorder.computed.clear()
    window.controller.select(Selection(site=1))
    QApplication.processEvents()
    assert not Recorder.computed
    recorder.show()
    window.controller.refresh()
    assert recorder.drawn == 1


def test_a_view_that_fails_becomes_a_notice(recorder: Recorder, window: MainWindow) -> None:
    window.controller.refresh()
    Recorder.trouble = ZeroDivisionError("by nothing")
    for site in (0, 1, 2):
        window.controller.select(Selection(site=site))
        QApplication.processEvents()
    (row,) = window.notices.rows
    assert "“Recorder”" in row.text
    assert "by nothing" in row.text
    Recorder.trouble = None
    window.controller.select(Selection(site=3))
    QApplication.processEvents()
    assert recorder.drawn == 3


def test_the_language_changes_while_it_runs(window: MainWindow) -> None:
    english = texts(window)
    window.menus.language_wanted.emit("es")
    QApplication.processEvents()
    spanish = texts(window)
    assert window.settings.language == "es"
    assert "&Archivo" in spanish
    assert "Predicción" in spanish
    facts = dict(window.panel.facts.rows())
    assert facts["Atención"] == "6 capas × 6 cabezas"
    same = english & spanish
    worded = {text for text in same if sum(letter.isalpha() for letter in text) > 3}
    allowed = {
        "vit",
        "airplane.jpg",
        "English",
        "Español",
        "Viridis",
        "ImageNet",
        "CLIP",
        "Token",
        "Tokens",
        "Opset",
        "Softmax",
        "Logit",
        "Base",
        "Matrices",
        *bundle.sentences(),
        *("Eigen-CAM", "Score-CAM", "Ablation-CAM", "RISE"),
    }
    names = {text for text in worded if "." in text or "×" in text or "_" in text}
    assert worded - allowed - names <= model_words(window)
    window.menus.language_wanted.emit("en")
    QApplication.processEvents()
    assert texts(window) == english


def model_words(window: MainWindow) -> set[str]:
    """Return what comes from the model's file and is the same in every language."""
    model = window.controller.model
    assert model is not None
    named = {f"{info.name}" for info in (*model.inputs, *model.outputs)}
    shaped = {text for text in texts(window.panel) if any(text.startswith(name) for name in named)}
    return (
        shaped
        | {model.name, model.producer, "pytorch"}
        | {text for text in texts(window) if text.startswith("pytorch")}
    )


def test_notices_are_said_again_in_the_new_language(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "nothing.onnx"
    path.write_text("no model")
    with qtbot.waitSignal(window.controller.refused, timeout=PATIENCE_MS):
        window.controller.open(path)
    (row,) = window.notices.rows
    english = row.text
    window.set_language("es")
    QApplication.processEvents()
    assert row.text != english
    assert "nothing.onnx" in row.text


def test_the_theme_changes_while_it_runs(window: MainWindow) -> None:
    light = window.palette().color(QPalette.ColorRole.Window)
    window.menus.theme_wanted.emit("dark")
    QApplication.processEvents()
    dark = window.palette().color(QPalette.ColorRole.Window)
    assert dark.lightness() < 80 < light.lightness()
    assert window.settings.theme == "dark"
    picture = window.grab().toImage()
    corner = picture.pixelColor(picture.width() // 2, picture.height() - 3)
    assert corner.lightness() < 80
    window.menus.theme_wanted.emit("light")
    QApplication.processEvents()
    assert window.palette().color(QPalette.ColorRole.Window) == light


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("size", [(1280, 800), (1024, 700)])
def test_nothing_in_the_panel_is_cut(window: MainWindow, language: Any, size: tuple[int, int]) -> None:
    window.set_language(language)
    window.resize(*size)
    settle()
    page = window.panel.widget()
    assert page is not None
    assert page.minimumSizeHint().width() <= window.panel.viewport().width()
    for label in page.findChildren(QLabel):
        if label.isVisible() and not label.wordWrap():
            assert label.width() >= label.sizeHint().width(), label.text()


def test_the_arrangement_is_remembered(client: EngineClient, qtbot: QtBot, tmp_path: Path) -> None:
    def store() -> QSettings:
        return QSettings(str(tmp_path / "mirada.ini"), QSettings.Format.IniFormat)

    kept = store()
    first = MainWindow(client, Settings(kept))
    first.show()
    first.resize(first.width(), 720)  # the screen of the tests is narrower than the window
    first.set_theme("dark")
    first.recent.add(makers.SAMPLE)
    discard(first)
    kept.sync()
    second = MainWindow(client, Settings(store()))
    assert second.height() == 720
    assert second.settings.theme == "dark"
    assert [file.path for file in second.recent.files()] == [makers.SAMPLE]
    discard(second)


def test_settings_that_make_no_sense_count_as_absent() -> None:
    store = Forgetful()
    for key in ("window/theme", "window/language", "files/recent", "layout/window", "views/heads", "files/folder"):
        store.setValue(key, 7)
    settings = Settings(store)
    assert (settings.theme, settings.language, settings.recent) == ("system", "system", ())
    assert settings.layout("window") is None
    assert settings.view_state("heads") == {}
    assert Path(settings.folder).is_dir()


def test_preprocessing_is_stated_and_can_be_changed(window: MainWindow, qtbot: QtBot) -> None:
    panel, run = window.panel.preprocessing, window.controller.run
    assert run is not None
    own = run.model.image_plan
    assert own is not None
    assert panel.edited_plan() == own
    assert not panel._again.isEnabled()
    assert "preprocessor_config.json" in panel._source.text()
    panel._mean.set_value((0.0, 0.0, 0.0))
    assert panel._again.isEnabled()
    with qtbot.waitSignal(window.controller.succeeded, timeout=PATIENCE_MS):
        qtbot.mouseClick(panel._again, Qt.MouseButton.LeftButton)
    after = window.controller.run
    assert after is not None
    assert after.image is not None
    assert after.image.plan.mean == (0.0, 0.0, 0.0)
    assert after.image.plan.source == "user"
    name = after.model.image_input or ""
    shift = np.asarray(own.mean, np.float32) / np.asarray(own.std, np.float32)
    difference = (after.inputs[name].astype(np.float32) - run.inputs[name].astype(np.float32)).mean(axis=(0, 2, 3))
    np.testing.assert_allclose(difference, shift, rtol=1e-3)
    look(window, qtbot, None, makers.OTHER_SAMPLE)
    assert window.controller.run is not None
    assert window.controller.run.image is not None
    assert window.controller.run.image.plan.source == "user", "the change holds for the next photo"
    with qtbot.waitSignal(window.controller.succeeded, timeout=PATIENCE_MS):
        qtbot.mouseClick(panel._reset, Qt.MouseButton.LeftButton)
    assert panel.edited_plan() == own


def test_a_size_that_the_model_does_not_take_is_said_before_it_is_run(window: MainWindow) -> None:
    panel = window.panel.preprocessing
    own = panel.edited_plan()
    assert own is not None
    panel._size._fields[0].setValue(own.size[0] + 8)
    assert not panel._again.isEnabled()
    assert panel._warning.isVisibleTo(panel)
    assert str(own.size[0]) in panel._warning.text()
    panel._size._fields[0].setValue(own.size[0])
    assert not panel._warning.isVisibleTo(panel)


def test_a_normalisation_is_named_and_can_be_chosen_by_name(window: MainWindow) -> None:
    panel = window.panel.preprocessing
    panel._preset.setCurrentIndex(0)
    panel._preset.activated.emit(0)
    plan = panel.edited_plan()
    assert plan is not None
    assert plan.mean == pytest.approx((0.485, 0.456, 0.406))
    assert plan.std == pytest.approx((0.229, 0.224, 0.225))
    panel._mean._fields[0].setValue(0.3)
    assert panel._preset.currentText() == "Own numbers"


def test_the_picture_and_the_numbers_can_be_saved(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    picture, numbers = tmp_path / "vista ñ.png", tmp_path / "numbers"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(picture), ""))
    window.menus.commands["save_picture"].trigger()
    assert picture.stat().st_size > 10_000
    drawing = tmp_path / "vista"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(drawing), "SVG drawing (*.svg)"))
    window.menus.commands["save_picture"].trigger()
    assert "</text>" in drawing.with_suffix(".svg").read_text(encoding="utf-8")
    window.controller.select(Selection(site=2, head=1, token=9))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(numbers), ""))
    window.menus.commands["export"].trigger()
    run = window.controller.run
    assert run is not None
    qtbot.waitUntil(lambda: any("numbers.npz" in row.text for row in window.notices.rows), timeout=PATIENCE_MS)
    with np.load(tmp_path / "numbers.npz") as found:
        whole = run.pattern(run.model.sites[2], batch=0, head=1)
        np.testing.assert_array_equal(found["attention"], whole)
        np.testing.assert_allclose(found["pattern"], whole[9], atol=1e-6)
        assert int(found["site"]) == 2
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(tmp_path / "no" / "x.npz"), ""))
    window.menus.commands["export"].trigger()
    assert any("cannot be written" in row.text for row in window.notices.rows)


def test_help_lists_the_keys_as_they_are(window: MainWindow) -> None:
    window.menus.commands["shortcuts"].trigger()
    (dialog,) = (d for d in window.findChildren(QDialog) if not isinstance(d, QMessageBox))
    said = texts(dialog)
    assert {"Ctrl+O", "Ctrl+V", "Open"} <= said
    dialog.reject()
    window.menus.commands["about"].trigger()
    (box,) = window.findChildren(QMessageBox)
    assert "Mirada" in box.text()
    box.close()


def test_bundled_models_and_images_are_in_the_menus(window: MainWindow, qtbot: QtBot) -> None:
    samples = {action.text(): action for action in window.menus.samples.actions()}
    with qtbot.waitSignal(window.controller.succeeded, timeout=PATIENCE_MS):
        samples["truck"].trigger()
    assert window.panel.bars.rows()[0][0] == "truck"
    window.menus.samples.aboutToShow.emit()
    for shipped in bundle.samples():
        icon = samples[shipped.title()].icon()
        assert icon.actualSize(QSize(20, 20)) == QSize(20, 20), f"{shipped.path.name} has no square picture"
    offered = {action.text(): action for action in window.menus.models.actions()}
    for shipped in bundle.models():
        assert not offered[shipped.title()].icon().isNull(), f"{shipped.path.name} has no picture"
    assert any("ViT" in title for title in offered)
    assert window.recent.files() == (), "what is bundled needs no place among the recent files"


def test_notices_stay_few_and_can_be_closed(window: MainWindow) -> None:
    from desktop_app.notices import Notice

    for number in range(6):
        window.notices.say(Notice(lambda number=number: f"notice {number}"))
    assert [row.text for row in window.notices.rows] == ["notice 3", "notice 4", "notice 5"]
    for row in window.notices.rows:
        row.closed.emit()
    assert window.notices.isHidden()


def test_every_control_has_a_name_for_those_who_cannot_see_it(window: MainWindow) -> None:
    for button in window.findChildren(QToolButton):
        if button.isVisible():
            assert button.text() or button.accessibleName() or button.toolTip(), button.objectName()


def test_a_token_that_a_new_run_does_not_have_is_let_go(window: MainWindow, qtbot: QtBot) -> None:
    window.controller.select(replace(window.controller.selection, token=60, pinned=True))
    look(window, qtbot, None, makers.OTHER_SAMPLE)
    assert window.controller.selection.token == 60
    look(window, qtbot, makers.OTHER_MODEL)
    assert window.controller.selection.token is None
    assert not math.isnan(window.controller.selection.site)

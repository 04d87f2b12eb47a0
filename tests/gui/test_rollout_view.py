"""The rollout view: what it computes without a window, what it shows, how it is set and pointed at."""

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication

from desktop_app import i18n
from desktop_app.selection import Selection
from desktop_app.task_news import TaskNews
from desktop_app.views import rollout_data
from desktop_app.views.rollout import RolloutView
from desktop_app.views.rollout_data import Settings
from desktop_app.views.rollout_layers import LayerGrid
from engine import rolling
from engine.rollout import rollout
from engine.value_norms import OutputForms, output_form
from tests.synthetic import make_run


@pytest.fixture
def view(qtbot):
    made = RolloutView()
    qtbot.addWidget(made)
    made.resize(960, 740)
    made.show()
    qtbot.waitExposed(made)
    return made


def shown(view, qtbot, run, selection=None):
    view.draw(rollout_data.compute(run, selection or Selection()))
    qtbot.waitUntil(lambda: view.settled)
    return view._data


def rolled(run, selection, settings=None):
    out = rollout_data.compute(run, selection).roll(settings or Settings())
    while out.work is not None:
        out.work()
        out = out.again()
    return out.rows


@pytest.mark.parametrize("settings", [Settings(), Settings("max", 0.5), Settings("min", 0.9)])
def test_every_row_is_the_engine_s_rollout(settings):
    run = make_run()
    rows = rolled(run, Selection(token=7), settings)
    for layer in range(3):
        wanted = rollout(run, 7, fusion=settings.fusion, discard=settings.discard, last=layer)
        np.testing.assert_allclose(rows[layer], wanted, atol=1e-6)
    np.testing.assert_allclose(rows.sum(1), 1, atol=1e-5)


def test_without_a_token_it_is_the_class_token_s_else_the_mean():
    run = make_run()
    assert rollout_data.compute(run, Selection()).token == 0
    assert rollout_data.compute(run, Selection(token=7, direction="class")).token == 0
    plain = make_run(prefix=0)
    assert rollout_data.compute(plain, Selection()).token is None
    np.testing.assert_allclose(
        rolled(plain, Selection())[-1], np.mean([rollout(plain, i) for i in range(15)], axis=0), atol=1e-6
    )


def test_a_pyramid_is_refused_in_one_sentence_in_the_view(view):
    view.draw(rollout_data.compute(make_run(sites=2, grid=[(4, 4), (2, 2)], prefix=0), Selection()))
    assert "do not share their tokens" in view.sentence.text()
    assert "single layers" in view.sentence.text()
    assert view.sentence.isVisible()
    i18n.use("es")
    view.retranslate()
    assert "do not" not in view.sentence.text()


def test_the_large_picture_goes_up_to_the_chosen_layer(view, qtbot):
    run = make_run()
    shown(view, qtbot, run, Selection(token=5))
    np.testing.assert_allclose(view.row(), rollout(run, 5), atol=1e-6)
    assert "layers 0–2" in view.page.title_line.text()
    view.controls.layer.setValue(1)
    np.testing.assert_allclose(view.row(), rollout(run, 5, last=1), atol=1e-6)
    place = view.layers.rect_of(0).center().toPoint()
    qtbot.mouseClick(view.layers, Qt.MouseButton.LeftButton, pos=place)
    np.testing.assert_allclose(view.row(), rollout(run, 5, last=0), atol=1e-6)
    assert view.canvas.value_of(5) == pytest.approx(float(rollout(run, 5, last=0)[5]), abs=1e-6)
    assert view.controls.layer.value() == 0


def test_fusion_and_discard_roll_out_anew(view, qtbot):
    run = make_run()
    shown(view, qtbot, run, Selection(token=5))
    view.controls.fusion.button("max").click()
    qtbot.waitUntil(lambda: view.settled)
    np.testing.assert_allclose(view.row(), rollout(run, 5, fusion="max"), atol=1e-6)
    view.controls.discard.setValue(90)
    qtbot.waitUntil(lambda: view.settled)
    np.testing.assert_allclose(view.row(), rollout(run, 5, fusion="max", discard=0.9), atol=1e-6)
    assert view.state()["fusion"] == "max"
    view.restore({"fusion": "none", "discard": "?", "opacity": 20})
    assert (view.state()["fusion"], view.state()["discard"], view.state()["opacity"]) == ("max", 90, 20)


def test_long_work_is_done_in_slices_and_says_how_far_it_is(view, qtbot, monkeypatch):
    monkeypatch.setattr(rolling, "AT_ONCE", 64)
    monkeypatch.setattr(rolling.Rolling.advance, "__defaults__", (64,))
    run = make_run()
    view.draw(rollout_data.compute(run, Selection(token=5)))
    assert not view.settled
    assert "of 3 layers" in view.page.said.text()
    view.hide()
    assert not view._slice.isActive()
    view.show()
    qtbot.waitUntil(lambda: view.settled)
    np.testing.assert_allclose(view.row(), rollout(run, 5), atol=1e-6)


def test_pointing_and_pinning_ask_for_the_token(view, qtbot):
    shown(view, qtbot, make_run())
    with qtbot.waitSignal(view.selection_wanted) as wanted:
        view.canvas.hovered.emit(9)
    assert (wanted.args[0].token, wanted.args[0].pinned) == (9, False)
    with qtbot.waitSignal(view.selection_wanted) as wanted:
        view.canvas.clicked.emit(9)
    assert (wanted.args[0].token, wanted.args[0].pinned) == (9, True)
    with qtbot.waitSignal(view.selection_wanted) as wanted:
        qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert wanted.args[0].token is None


def test_choosing_a_patch_ends_the_class_token_s_turn(view, qtbot):
    shown(view, qtbot, make_run(), Selection(direction="class"))
    with qtbot.assertNotEmitted(view.selection_wanted):
        view.canvas.hovered.emit(4)
    with qtbot.waitSignal(view.selection_wanted) as wanted:
        view.canvas.clicked.emit(4)
    assert (wanted.args[0].direction, wanted.args[0].token, wanted.args[0].pinned) == ("from", 4, True)


def test_text_is_shown_as_strips_one_for_each_layer(view, qtbot):
    run = make_run(image=False)
    shown(view, qtbot, run, Selection(token=3))
    assert view.table.isVisible()
    assert not view.canvas.isVisible()
    assert [strip.label for strip in view.table.strips] == ["Layer 0", "Layer 1", "Layer 2"]
    np.testing.assert_allclose(view.table.strips[2].values, rollout(run, 3), atol=1e-6)
    view.table.pointed.emit("token", 6)
    assert f"{float(rollout(run, 3)[6]):.6f}" in view.page.said.text()
    with qtbot.waitSignal(view.selection_wanted) as wanted:
        view.controls.token.setValue(8)
    assert (wanted.args[0].token, wanted.args[0].pinned) == (8, True)
    with qtbot.waitSignal(view.selection_wanted) as wanted:
        view.controls.token.setValue(-1)
    assert wanted.args[0].token is None


def test_numbers_are_taken_out(view, qtbot, monkeypatch):
    monkeypatch.setattr("desktop_app.copy_menu.show", lambda menu, at: None)
    run = make_run()
    shown(view, qtbot, run, Selection(token=5))
    takeaway = view.canvas.takeaway
    takeaway.open(view.canvas.tokens_layout().rect_of(2).center(), QPoint())
    number, table, *_ = takeaway.menu.actions()
    assert f"{view.row()[2]:.9g}" in number.text()
    table.trigger()
    cells = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert [len(line) for line in cells] == [5, 5, 5, 2]
    np.testing.assert_allclose([float(n) for line in cells[:3] for n in line], view.row()[1:], rtol=1e-6)


def test_layers_are_walked_over_and_described(qtbot):
    grid = LayerGrid()
    qtbot.addWidget(grid)
    grid.resize(300, 300)
    grid.show()
    grid.set_maps(np.ones((6, 4, 4), np.float32), [str(i) for i in range(6)], [f"tip {i}" for i in range(6)])
    places = [grid.rect_of(i) for i in range(6)]
    assert all(grid.rect().contains(place.toAlignedRect()) for place in places)
    assert [grid.place_at(place.center()) for place in places] == list(range(6))
    for key, to in ((Qt.Key.Key_End, 5), (Qt.Key.Key_Right, 1), (Qt.Key.Key_Down, grid.columns())):
        with qtbot.waitSignal(grid.picked) as picked:
            qtbot.keyClick(grid, key)
        assert picked.args == [to]
    grid.set_chosen(3)
    assert grid.accessibleDescription() == "tip 3"


def test_clearing_says_what_to_do(view, qtbot):
    shown(view, qtbot, make_run())
    view.clear()
    assert "Drop an image" in view.sentence.text()
    assert view.row() is None


def test_what_was_not_kept_is_asked_for():
    from engine import EngineError

    run = make_run()
    tensors = {name: value for name, value in run.tensors.items() if name != "k1"}
    with pytest.raises(EngineError) as caught:
        rollout_data.compute(dataclasses.replace(run, tensors=tensors), Selection())
    assert caught.value.code == "not-in-run"


def test_weighing_by_values_asks_for_the_output_projection_once(view, qtbot):
    run = make_run()
    asked = []
    view.task_wanted.connect(asked.append)
    shown(view, qtbot, run, Selection(token=5))
    before = view.row()
    assert not asked
    view.controls.weighted.setChecked(True)
    qtbot.waitUntil(lambda: view.settled)
    plain = view.row()
    assert not np.allclose(plain, before)
    assert plain.sum() == pytest.approx(1, abs=1e-5)
    assert "‖v‖" in view.page.how.text()
    rng = np.random.default_rng(2)
    weights = {site.index: rng.standard_normal((4, 8, 32), dtype=np.float32) for site in run.model.sites}
    forms = OutputForms({index: output_form(weight) for index, weight in weights.items()})
    (task,) = asked
    view.task_moved(TaskNews(task, "done", result=forms))
    qtbot.waitUntil(lambda: view.settled)
    np.testing.assert_allclose(view.row(), rollout(run, 5, weighted=True, forms=forms), atol=1e-6)
    assert not np.allclose(view.row(), plain)
    assert "‖v W_O‖" in view.page.how.text()
    view.controls.discard.setValue(30)
    assert len(asked) == 1


def test_a_long_rollout_has_a_bar_and_can_be_ended(view, qtbot, monkeypatch):
    advance = rolling.Rolling.advance
    monkeypatch.setattr(rolling, "AT_ONCE", 1)
    monkeypatch.setattr(rolling.Rolling, "advance", lambda self: advance(self, 1))
    view.draw(rollout_data.compute(make_run(), Selection(token=5)))
    bar = view.page.progress
    qtbot.waitUntil(bar.isVisible)
    view._work()
    bar.button.click()
    assert not bar.isVisible()
    assert "Stopped" in view.page.said.text()
    assert view.settled
    stopped = view._rolled
    qtbot.wait(50)
    assert view._rolled is stopped
    view.hide()
    view.show()
    qtbot.wait(50)
    assert view._rolled is stopped
    monkeypatch.setattr(rolling.Rolling, "advance", advance)
    view.controls.discard.setValue(20)
    qtbot.waitUntil(lambda: view.row() is not None)
    assert view.row().sum() == pytest.approx(1, abs=1e-5)
    assert not bar.isVisible()

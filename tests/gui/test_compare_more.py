"""What units see by depth, how alike layers are, what damage leaves: of two models, with progress and an end."""

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

import assets
from desktop_app import i18n
from desktop_app.views.compare_damage import DamageView
from desktop_app.views.compare_depth import DepthView
from desktop_app.views.compare_layers import LayersView
from desktop_app.widgets.heat_grid import HeatGrid
from engine import EngineError
from engine.metrics import head_metrics
from engine.robustness import STRENGTHS, Curve, Robustness, RobustnessCurves
from engine.similarity import LayerSimilarity, Similarity
from tests.gui.pairs import Host, pair

__all__ = ["pair"]
SAMPLES = str(assets.path("samples"))


def shown(qtbot, kind):
    made = kind()
    qtbot.addWidget(made)
    made.resize(960, 740)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_receptive_fields_and_attention_s_distance_lie_on_one_axis_in_pixels(qtbot, pair):
    view = shown(qtbot, DepthView)
    Host(view, pair.vit_run, pair.cnn_run)
    assert not view.settled
    qtbot.waitUntil(lambda: view.settled)
    curves = {one.name: one for one in view.plot.series()}
    fields = curves["cnn: receptive field"]
    np.testing.assert_allclose(fields.y, [4, 8, 12, 16, 26, 34, 42, 50])
    np.testing.assert_allclose(fields.x[[0, -1]], [0, 1])
    far = curves["vit: mean distance of attention"]
    for place, site in enumerate(pair.vit_run.model.sites):
        wanted = head_metrics(pair.vit_run, site, names=("distance",))["distance"]
        assert far.y[place] == pytest.approx(float(wanted.mean()), rel=1e-4)
        assert far.high[place] == pytest.approx(float(wanted.max()), rel=1e-4)
    assert curves["vit: a patch"].y.tolist() == [4]
    view.scale.button("share").click()
    np.testing.assert_allclose(view.plot.series()[-1].y, fields.y / 32)
    assert "“cnn”: 50 pixels at last, of 32" in view.lines[1].text()


def test_distances_are_computed_while_somebody_looks_alone(qtbot, pair):
    view = shown(qtbot, DepthView)
    view.hide()
    Host(view, dataclasses.replace(pair.vit_run), None)
    assert not view._slice.isActive()
    view.show()
    qtbot.waitUntil(lambda: view.settled)
    assert len(view.plot.series()) == 2


def test_a_layer_whose_pattern_was_not_kept_is_left_out(qtbot, pair, monkeypatch):
    view = shown(qtbot, DepthView)
    view.hide()
    Host(view, dataclasses.replace(pair.vit_run), None)

    def refuse():
        raise EngineError("not-in-run", name="x")

    monkeypatch.setattr(view._data, "advance", refuse)
    for _ in pair.vit_run.model.sites:
        view._work()
    assert view.settled
    assert [one.name for one in view.plot.series()] == ["vit: a patch"]


def robustness(damage="drop", *, finished=True, shift=0.0):
    strengths = np.array(STRENGTHS[damage], np.float32)
    fall = np.linspace(0.8, 0.2, len(strengths), dtype=np.float32)
    nan = np.full_like(fall, np.nan)
    curves = (Curve("vit", fall, fall + shift, nan), Curve("cnn", fall / 2, fall / 4, nan))
    return Robustness(damage, strengths, curves, (8, 8), 1, 5, finished)


def test_damage_is_a_task_whose_curves_grow_on_one_plot(qtbot, pair):
    view = shown(qtbot, DamageView)
    host = Host(view, pair.vit_run, pair.cnn_run)
    view.controls.run.click()
    (task,) = host.tasks
    assert isinstance(task, RobustnessCurves)
    assert (task.damage, task.other, task.folder) == ("drop", pair.cnn_run.model.path, "")
    assert view.task.isVisible()
    host.tell(task, state="running", done=2, total=9, partial=robustness(finished=False))
    assert [one.name for one in view.plot.series()] == ["vit", "cnn"]
    host.tell(task, state="done", result=robustness(shift=0.1))
    assert not view.task.isVisible()
    np.testing.assert_allclose(view.plot.series()[0].y[0], 0.9)
    said = view.said[0].text()
    assert said.startswith("At 50 %: “vit” keeps 63 %")
    assert "Naseer" in view.said[2].text()
    view.controls.measure.button("agreement").click()
    np.testing.assert_allclose(view.plot.series()[1].y[0], 0.4)
    view.controls.measure.button("accuracy").click()
    assert "no true classes are known" in view.said[0].text()
    view.controls.damage.button("blur").click()
    assert view.plot.series() == ()
    assert "“Run”" in view.said[0].text()


def test_cancel_ends_the_damage_and_half_curves_go(qtbot, pair):
    view = shown(qtbot, DamageView)
    host = Host(view, pair.vit_run, pair.cnn_run)
    view.controls.run.click()
    host.tell(host.tasks[0], state="running", done=2, total=9, partial=robustness(finished=False))
    view.task.button.click()
    assert host.ended == host.tasks
    assert view.plot.series() == ()
    assert view.settled
    view.controls.run.click()
    host.put(None)
    assert host.ended == host.tasks, "another pair ends it too"


def test_a_folder_s_pictures_are_damaged_where_one_is_chosen(qtbot, pair, monkeypatch):
    view = shown(qtbot, DamageView)
    host = Host(view, pair.vit_run, model=pair.vit)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: SAMPLES)
    view.controls.choose.click()
    assert "“samples”" in view.controls.on.text()
    view.controls.damage.button("shift").click()
    view.controls.trials.setValue(1)
    view.controls.run.click()
    host.work(host.tasks[0])
    assert view.found().images >= 8
    assert view.plot.series()[0].y[0] > 0.3
    view.controls.photo.click()
    assert view.found() is None


def test_a_model_without_classes_has_no_answer_to_lose(qtbot, pair):
    view = shown(qtbot, DamageView)
    bare = dataclasses.replace(pair.cnn_run, outputs={}, model=dataclasses.replace(pair.cnn_run.model, labels=None))
    Host(view, bare)
    assert not view.controls.run.isEnabled()
    assert "names no classes" in view.said[0].text()


def test_layers_are_compared_on_a_folder_and_read_by_the_pointer(qtbot, pair, monkeypatch):
    view = shown(qtbot, LayersView)
    host = Host(view, pair.vit_run, pair.cnn_run)
    assert "Choose a folder" in view.said[1].text()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: SAMPLES)
    view.choose.click()
    (task,) = host.tasks
    assert isinstance(task, LayerSimilarity)
    assert (task.folder, task.other) == (SAMPLES, pair.cnn_run.model.path)
    values = np.array([[0.9, 0.1], [0.2, 0.95], [0.3, np.nan]], np.float32)
    half = Similarity(("a", "b", "c"), ("x", "y"), values, 32, False)
    host.tell(task, state="running", done=1, total=2, partial=half)
    assert view.grid.values() is values
    assert "b · y: 0.9500" in view.said[2].text()
    host.tell(task, state="done", result=dataclasses.replace(half, finished=True, images=64))
    assert "64" in view.said[1].text()
    area = view.grid.area()
    QTest.mouseMove(view.grid, QPoint(round(area.left() + 3), round(area.top() + 3)))
    assert "a · x: 0.9000" in view.said[2].text()
    view.run_again.click()
    assert len(host.tasks) == 2
    view.task.button.click()
    assert host.ended == [host.tasks[1]]


def test_another_pair_forgets_the_similarities_of_the_last(qtbot, pair):
    view = shown(qtbot, LayersView)
    host = Host(view, pair.vit_run, pair.cnn_run)
    view.compare(SAMPLES)
    host.tell(host.tasks[0], state="done", result=Similarity(("a",), ("x",), np.ones((1, 1), np.float32), 32))
    host.put(pair.vit_elsewhere)
    assert view.grid.values().size == 0
    assert "With another model beside it" in view.said[2].text()


def test_cells_lie_where_they_are_read_and_are_walked_over(qtbot):
    grid = HeatGrid("cka")
    qtbot.addWidget(grid)
    grid.resize(400, 300)
    grid.show()
    qtbot.waitExposed(grid)
    values = np.arange(6, dtype=np.float32).reshape(3, 2) / 5
    grid.set_values(values, ("one", "two", "three"), ("x", "y"), ("rows", "columns"))
    area = grid.area()
    assert grid.rect().contains(area.toAlignedRect())
    for row in range(3):
        for column in range(2):
            point = grid._cell((row, column), area).center()
            assert grid.cell_at(point) == (row, column)
            assert grid.exhibit(point).number == pytest.approx(float(values[row, column]))
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        QTest.keyClick(grid, key)
    assert grid.accessibleDescription() == "two · y: 0.6000"
    assert grid.exhibit(None).labels["row"] == ("one", "two", "three")
    grid.set_values(np.zeros((0, 0), np.float32), (), (), ("", ""))
    assert grid.exhibit(None) is None
    grid.grab()


@pytest.mark.parametrize("kind", [DepthView, DamageView, LayersView])
def test_every_view_that_compares_speaks_the_language_and_says_what_to_do(qtbot, pair, kind):
    view = shown(qtbot, kind)
    Host(view, dataclasses.replace(pair.cnn_run), None)
    assert view.bar.partner.isVisible()
    english = kind.title()
    i18n.use("es")
    view.retranslate()
    assert kind.title() != english
    i18n.use("en")
    view.clear(None)
    assert "Drop an image" in view.sentence.text()
    view.clear(dataclasses.replace(pair.cnn_run.model, image_input=None))
    assert "does not look at images" in view.sentence.text()
    state = view.state()
    view.restore(dict.fromkeys(state, "nothing"))
    assert view.state() == state

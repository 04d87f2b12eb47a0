"""The softmax lab: what it computes without a window, and what its switches do."""

import dataclasses
import math

import numpy as np
import pytest
from PySide6.QtCore import Qt

from desktop_app.selection import Selection
from desktop_app.views import softmax_data
from desktop_app.views.softmax import SoftmaxView
from desktop_app.views.softmax_data import Settings
from desktop_app.widgets.bars import Bars
from engine import theory
from engine.sites.layout import Operand, axes
from engine.sites.site import Step
from tests.synthetic import full_pattern, make_run


@pytest.fixture
def view(qtbot):
    made = SoftmaxView()
    qtbot.addWidget(made)
    made.resize(960, 740)
    made.show()
    return made


def biased_run():
    """Return a run whose first site adds a bias that hides the last key."""
    run = make_run(sites=1)
    site = run.model.sites[0]
    bias = np.random.default_rng(1).standard_normal((16, 16)).astype(np.float32)
    bias[:, -1] = -np.inf
    step = Step("add", operand=Operand("bias", axes("query key")))
    plan = dataclasses.replace(site.plan, steps=(*site.plan.steps, step))
    model = dataclasses.replace(run.model, sites=(dataclasses.replace(site, plan=plan),))
    return dataclasses.replace(run, model=model, tensors={**run.tensors, "bias": bias}), bias


def test_as_in_the_model_the_weights_are_the_pattern():
    run = make_run()
    data = softmax_data.compute(run, Selection(site=1, head=2, token=5))
    np.testing.assert_allclose(
        softmax_data.weights(data, Settings()), full_pattern(run, run.model.sites[1])[0, 2], atol=1e-6
    )


def test_scale_and_mask_are_taken_apart():
    run, bias = biased_run()
    site = run.model.sites[0]
    data = softmax_data.compute(run, Selection(head=1, token=3))
    q, k = run.query(site)[0, 1], run.key(site)[0, 1]
    for settings, wanted in (
        (Settings(scale=False, mask=False), q @ k.T),
        (Settings(mask=False), q @ k.T * site.scale),
        (Settings(), q @ k.T * site.scale + bias),
    ):
        np.testing.assert_allclose(softmax_data.scores(data, settings), wanted, rtol=1e-4, atol=1e-5)
    assert not softmax_data.weights(data, Settings())[:, -1].any()
    assert softmax_data.weights(data, Settings(mask=False))[:, -1].all()


def test_temperature_flattens_and_sharpens():
    data = softmax_data.compute(make_run(), Selection(token=3))
    cold, warm = (softmax_data.measure(softmax_data.weights(data, Settings(temperature=t))) for t in (0.1, 10))
    assert cold.entropy < warm.entropy <= math.log(16)
    assert cold.largest > warm.largest
    assert warm.effective == pytest.approx(16, rel=0.05)
    assert cold.rows == 16


def test_one_row_alone_is_measured_where_a_head_is_large(monkeypatch):
    monkeypatch.setattr(softmax_data, "MOST_SCORES", 10)
    run = make_run()
    data = softmax_data.compute(run, Selection(token=6))
    assert data.products.shape == (1, 16)
    np.testing.assert_allclose(
        softmax_data.weights(data, Settings())[data.row], full_pattern(run, run.model.sites[0])[0, 0, 6], atol=1e-6
    )


def test_the_histogram_is_a_density_near_the_normal_curve():
    density, normal, edge = softmax_data.histogram(theory.scale_study(64, 100, samples=400))
    width = 2 * edge / density.size
    assert density.sum() * width == pytest.approx(1, abs=0.01)
    assert np.abs(density - normal).max() < 0.1 * normal.max()


def test_the_switches_answer_at_once(view, qtbot):
    view.draw(softmax_data.compute(make_run(), Selection(token=3)))
    before = view.cells[1][1].text()
    view.controls.slider.setValue(100)
    assert view.cells[1][1].text() != before
    assert "10.00" in view.controls._label.text()
    view.controls.scale.setChecked(False)
    assert view.controls.settings() == Settings(temperature=10.0, scale=False)
    qtbot.mouseClick(view.controls.reset, Qt.MouseButton.LeftButton)
    assert view.controls.settings() == Settings()
    assert view.cells[1][1].text() == before
    np.testing.assert_allclose(view.after.values.sum(), 1, atol=1e-6)


def test_pointing_at_a_bar_reads_score_and_weight(view):
    view.draw(softmax_data.compute(make_run(), Selection(token=3)))
    view.before.pointed.emit(4)
    assert f"{view.before.values[4]:.6g}" in view.said.text()
    assert f"{view.after.values[4]:.6g}" in view.said.text()
    view.before.pointed.emit(None)
    assert view.said.text() == ""


def test_the_study_is_drawn_anew_at_another_size(view, qtbot):
    qtbot.waitUntil(lambda: view.study.study is not None)
    view.study.dim.setValue(16)
    qtbot.waitUntil(lambda: view.study.study.dim == 16)
    assert "d = 16" in view.study.words.text()


def test_the_chooser_asks_for_another_head(view, qtbot):
    view.draw(softmax_data.compute(make_run(), Selection(token=3)))
    with qtbot.waitSignal(view.selection_wanted) as wanted:
        view.chooser.spins[0].setValue(2)
    assert wanted.args[0].site == 2


def test_a_site_without_scores_says_why(view):
    run = make_run(sites=1)
    site = run.model.sites[0]
    plan = dataclasses.replace(site.plan, query=None, key=None, pattern=Operand("p", axes("batch head query key")))
    only = dataclasses.replace(site, factored=False, plan=plan)
    pattern = np.full((1, 4, 16, 16), 1 / 16, np.float32)
    model = dataclasses.replace(run.model, sites=(only,))
    run = dataclasses.replace(run, model=model, tensors={**run.tensors, "p": pattern})
    view.draw(softmax_data.compute(run, Selection()))
    assert "only its pattern can be read" in view.said.text()


def test_bars_walk_by_keys_and_know_what_lies_under_the_pointer(qtbot):
    bars = Bars()
    qtbot.addWidget(bars)
    bars.set_values(np.array([1.0, -2.0, np.inf, 3.0]), ("a", "b", "c", "d"))
    bars.resize(400, 120)
    bars.show()
    assert bars.limits() == (-2.0, 3.0)
    assert bars.describe(1) == "b: -2"
    area = bars.area()
    assert bars.place_at(area.center()) == 2
    with qtbot.waitSignal(bars.pointed) as pointed:
        qtbot.keyClick(bars, Qt.Key.Key_Right)
    assert pointed.args == [1]

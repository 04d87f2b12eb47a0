"""What-ifs: computed without a window, and run by the real engine process on the bundled model."""

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import Qt

from desktop_app.selection import Selection
from desktop_app.task_news import TaskNews
from desktop_app.views import whatif_data
from desktop_app.views.whatif import WhatIfView
from engine.ablation import HeadDamage
from engine.runtime.interventions import HeadsOff, HideTokens, OnlyHeads, Temperature, Uniform
from engine.runtime.recompute import softmax
from tests.gui.conftest import PATIENCE_MS, look
from tests.gui.makers import SAMPLE, VIT
from tests.synthetic import full_pattern, make_run


def test_an_untouched_run_differs_from_itself_nowhere():
    data = whatif_data.compute(make_run(), Selection(site=1, head=2, token=4))
    assert data.edits == ()
    np.testing.assert_array_equal(data.before, data.after)
    assert all(not tile.values.any() for tile in data.changes)


@pytest.mark.parametrize("token", [None, 5])
def test_heads_that_moved_are_measured_by_total_variation(token):
    original, other = make_run(seed=1), make_run(seed=2)
    run = dataclasses.replace(other, original=original)
    data = whatif_data.compute(run, Selection(site=2, head=1, token=token))
    patterns = [full_pattern(r, r.model.sites[2])[0] for r in (original, run)]  # (head, query, key)
    rows = [p.mean(1) if token is None else p[:, token] for p in patterns]
    np.testing.assert_allclose(data.before, rows[0][1], atol=1e-6)
    np.testing.assert_allclose(data.after, rows[1][1], atol=1e-6)
    wanted = np.abs(rows[0] - rows[1]).sum(-1) / 2
    np.testing.assert_allclose(data.changes[2].values[:, 0, 0], wanted, atol=1e-5)


def test_classes_of_either_run_are_listed_with_the_change_of_their_logit():
    run = make_run()
    logits = np.array([[3.0, 1.0, 0.0, -1.0, -2.0, -3.0, -4.0]], np.float32)
    moved = logits + np.array([[-5, 0, 0, 0, 0, 0, 9]], np.float32)
    before = dataclasses.replace(run, outputs={"logits": logits})
    after = dataclasses.replace(run, outputs={"logits": moved})
    found = whatif_data.class_changes(before, after)
    assert [c.label for c in found] == ["class 0", "class 1", "class 2", "class 3", "class 4", "class 6"]
    assert found[0].logit == pytest.approx(-5)
    assert found[-1].logit == pytest.approx(9)
    assert found[-1].after > 0.9


def shown(window):
    view = next(v for v in window.views if isinstance(v, WhatIfView))
    window.tabs.setCurrentWidget(view)
    return view


def test_interventions_run_in_the_engine_process_and_are_taken_back(window, qtbot):
    look(window, qtbot, VIT, SAMPLE)
    view = shown(window)
    qtbot.waitUntil(lambda: view._data is not None, timeout=PATIENCE_MS)
    plain = window.controller.run
    site = view._data.site.index
    qtbot.mouseClick(view.controls.buttons["off"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.controller.run.original is not None, timeout=PATIENCE_MS)
    run = window.controller.run
    assert window.controller.shown.edits == (HeadsOff(site, (view._data.selection.head,)),)
    for name, array in plain.outputs.items():
        np.testing.assert_allclose(run.original.outputs[name], array, atol=1e-6)
        assert np.abs(run.outputs[name] - array).max() > 1e-4
    qtbot.waitUntil(lambda: view._data.edits != (), timeout=PATIENCE_MS)
    assert any(cells[3].text() not in ("", "+0.000", "Δ logit") for cells in view.cells)
    view.controls.scope.set_choice("everywhere")
    qtbot.mouseClick(view.controls.buttons["uniform"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(window.controller.shown.edits) == 2, timeout=PATIENCE_MS)
    np.testing.assert_allclose(view._data.after, 1 / view._data.after.size, atol=1e-6)
    qtbot.mouseClick(view.controls.clear, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.controller.run.original is None, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: view._data.edits == (), timeout=PATIENCE_MS)
    assert view.controls.edits == ()


def test_every_button_makes_its_intervention(qtbot):
    view = WhatIfView()
    qtbot.addWidget(view)
    view.draw(whatif_data.compute(make_run(), Selection(site=1, head=2, token=4)))
    made = {}
    view.edits_wanted.connect(lambda edits: made.update({len(made): edits[-1]}))
    for name in ("off", "only", "uniform", "temperature", "hide"):
        view.controls.add(name)
    assert list(made.values()) == [
        HeadsOff(1, (2,)),
        OnlyHeads(1, (2,)),
        Uniform(1),
        Temperature(2.0, 1),
        HideTokens((4,), 1),
    ]
    assert not view.controls.buttons["positions zero"].isEnabled()


def test_an_intervention_that_cannot_be_made_is_a_notice_and_leaves_the_screen(window, qtbot):
    look(window, qtbot, VIT, SAMPLE)
    before = window.controller.run
    with qtbot.waitSignal(window.controller.refused, timeout=PATIENCE_MS):
        window.controller.intervene((HeadsOff(0, (99,)),))
    assert window.controller.run is before
    assert window.controller.shown.edits == ()
    assert "no head 99" in " ".join(row.text for row in window.notices.rows)
    assert shown(window).controls.edits == ()


def test_every_head_is_ablated_once_by_the_engine_process(window, qtbot):
    look(window, qtbot, VIT, SAMPLE)
    view = shown(window)
    qtbot.waitUntil(lambda: view._data is not None, timeout=PATIENCE_MS)
    view.shown.button("damage").click()
    panel = view.damage
    panel.start.click()
    assert not panel.start.isEnabled()
    qtbot.waitUntil(lambda: panel._task is None, timeout=PATIENCE_MS)
    assert panel.damage.logit.shape == (6, 6)
    assert np.isfinite(panel.damage.divergence).all()
    assert "airplane" in panel.said.text()
    with qtbot.waitSignal(view.selection_wanted) as wanted:
        qtbot.mouseClick(panel.map, Qt.MouseButton.LeftButton, pos=panel.map.rect_of(1, 4).center().toPoint())
    assert (wanted.args[0].site, wanted.args[0].head) == (1, 4)
    assert f"{panel.damage.logit[1, 4]:.6g}" in panel.map.describe(1, 4)
    found = panel.map.exhibit(panel.map.rect_of(2, 3).center())
    assert found.axes == ("layer", "head")
    assert found.number == pytest.approx(panel.damage.logit[2, 3])
    panel.measure.button("divergence").click()
    assert "nats" in panel.map.describe(1, 4)
    panel.start.click()
    panel.bar.cancel_wanted.emit()
    qtbot.waitUntil(lambda: panel._task is None, timeout=PATIENCE_MS)
    assert panel.start.isEnabled()


def test_damage_of_another_run_is_let_go(qtbot):
    view = WhatIfView()
    qtbot.addWidget(view)
    run = dataclasses.replace(make_run(), outputs={"logits": np.zeros((1, 4), np.float32)})
    view.draw(view.compute(run, Selection()))
    asked = []
    view.task_wanted.connect(asked.append)
    view.damage.begin()
    values = np.array([[0.25, np.nan, -0.5, 0.0]] * 3, np.float32)
    damage = HeadDamage(np.abs(values), values, None, np.abs(values), 2, 0.75, 1)
    view.task_moved(TaskNews(asked[0], "running", 3, 12, damage))
    view.task_moved(TaskNews(asked[0], "done", result=damage))
    assert view.damage.measure.choice() == "probability"
    assert "layer 0, head 2" in view.damage.said.text()
    assert view.damage.map.describe(0, 1) == ""
    features = HeadDamage(np.abs(values))
    view.damage.begin()
    view.task_moved(TaskNews(asked[1], "done", result=features))
    assert view.damage.measure.choice() == "change"
    assert "0.5 of their size" in view.damage.said.text()
    view.damage.begin()
    view.task_moved(TaskNews(asked[2], "done", result=damage))
    view.draw(view.compute(run, Selection(head=1)))
    assert view.damage.damage is damage
    view.draw(view.compute(dataclasses.replace(run, outputs={"logits": np.ones((1, 4), np.float32)}), Selection()))
    assert view.damage.damage is None


def test_text_shows_the_tokens_expected_and_the_row_before_and_after(qtbot):
    view = WhatIfView()
    qtbot.addWidget(view)
    view.resize(900, 700)
    rng = np.random.default_rng(8)
    said = [rng.standard_normal((1, 16, 9), dtype=np.float32) for _ in range(2)]
    plain = make_run(image=False, seed=1)
    runs = [dataclasses.replace(make_run(image=False, seed=s), outputs={"logits": said[s - 1]}) for s in (1, 2)]
    run = dataclasses.replace(runs[1], original=runs[0])
    view.draw(view.compute(run, Selection(site=1, head=2, token=4)))
    view.show()
    data = view._data
    assert data.expects == "here"
    best = softmax(said[0][0, 4]).argmax()
    assert data.classes[0].label == f"token {best}"
    assert data.classes[0].before == pytest.approx(softmax(said[0][0, 4])[best], abs=1e-6)
    assert data.classes[0].logit == pytest.approx(said[1][0, 4, best] - said[0][0, 4, best], abs=1e-5)
    before, after, change = view.rows.strips
    rows_of = [full_pattern(r, r.model.sites[1])[0, 2, 4] for r in runs]
    np.testing.assert_allclose(before.values, rows_of[0], atol=1e-6)
    np.testing.assert_allclose(change.values, rows_of[1] - rows_of[0], atol=1e-6)
    assert before.high == after.high == pytest.approx(np.max(rows_of), abs=1e-6)
    view.rows.pointed.emit("key", 9)
    assert view.rows.strips[1].number == f"{after.values[9]:.4g}"
    with qtbot.waitSignal(view.selection_wanted) as wanted:
        view.chooser.spins[2].setValue(6)
    assert (wanted.args[0].token, wanted.args[0].pinned) == (6, True)
    assert view.compute(plain, Selection()).classes == ()


def test_how_far_heads_moved_is_read_off_a_map(qtbot):
    view = WhatIfView()
    qtbot.addWidget(view)
    view.resize(900, 700)
    run = dataclasses.replace(make_run(seed=2), original=make_run(seed=1))
    view.draw(view.compute(run, Selection(site=2, head=1, token=5)))
    view.show()
    wanted = view._data.changes[2].values[3, 0, 0]
    found = view.moved.exhibit(view.moved.rect_of(2, 3).center())
    assert found.number == pytest.approx(wanted)
    assert found.values.shape == (3, 4)
    assert f"{wanted:.6g}" in found.told
    with qtbot.waitSignal(view.selection_wanted) as wanted_signal:
        qtbot.keyClick(view.moved, Qt.Key.Key_Up)
    assert (wanted_signal.args[0].site, wanted_signal.args[0].head) == (1, 1)

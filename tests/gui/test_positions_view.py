"""The positions view and its sandbox: computed without a window, and run by the real engine process."""

import dataclasses
import pathlib

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

import engine
from desktop_app import i18n
from desktop_app.selection import Selection
from desktop_app.task_news import TaskNews
from desktop_app.views import positions_data
from desktop_app.views.positions import PositionsView
from desktop_app.views.positions_page import PARTS
from desktop_app.views.positions_sandbox import SinusoidSandbox
from desktop_app.widgets.curves import Curves
from desktop_app.widgets.heat_map import HeatMap
from engine import theory
from engine.position_maps import ReadTable, similarity
from engine.runtime.interventions import HeadsOff, Positions
from tests.gui.conftest import PATIENCE_MS

GRAPHS = pathlib.Path(__file__).parents[1] / "conformance" / "graphs"


def ran(graph, *edits):
    model = engine.open_model(GRAPHS / f"{graph}.onnx")
    arrays = np.load(GRAPHS / f"{graph}.npz")
    run = model.run({name[6:]: arrays[name] for name in arrays.files if name.startswith("input.")})
    return dataclasses.replace(model.intervene(*edits).run(run.inputs), original=run) if edits else run


@pytest.fixture
def view(qtbot):
    made = PositionsView()
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    return made


def drawn(view, graph, *edits):
    view.draw(PositionsView.compute(ran(graph, *edits), Selection()))
    return view.page


def visible(segmented, keys):
    return [key for key in keys if segmented.button(key).isVisible()]


KINDS = {
    "hf_vit_eager_dyn18": ["similarity", "components", "table", "sandbox"],
    "hf_bert_eager_dyn18": ["similarity", "components", "table", "distance", "sandbox"],
    "hf_llama_eager_dyn18": ["distance", "frequencies", "sandbox"],
    "timm_eva02_plain_dyn18": ["similarity", "table", "sandbox"],
    "hf_swin_eager_dyn18": ["bias", "sandbox"],
    "hf_t5_sdpa_ts17_dynamic": ["bias", "sandbox"],
    "hf_bloom_eager_ts17": ["bias", "slopes", "sandbox"],
    "hf_sam_eager_dyn18": ["similarity", "table", "sandbox"],
}


@pytest.mark.parametrize("graph", KINDS)
def test_every_kind_has_its_parts_and_each_is_shown_with_an_explanation(view, graph):
    page = drawn(view, graph)
    kinds = [found.kind for found in page.data.model.positions]
    learned = graph in ("hf_vit_eager_dyn18", "hf_bert_eager_dyn18")
    page.controls.which.setCurrentIndex(next(i for i, kind in enumerate(kinds) if (kind == "learned") == learned))
    assert visible(page.parts, PARTS) == KINDS[graph]
    for part in KINDS[graph]:
        page.parts.button(part).click()
        assert page.part == part
        assert page.explained.text()
        assert page.stack.currentWidget() is not page.sentence
        assert not view.grab().isNull()


def test_small_maps_lie_as_the_patches_and_the_one_under_the_pointer_is_large(view):
    page = drawn(view, "hf_vit_eager_dyn18")
    encoding = page.encoding
    wanted = similarity(encoding.table())
    grid = encoding.grid
    assert page.maps.mosaic.layout_now().columns == grid.columns
    for row, column in ((0, 0), (grid.rows - 1, 1)):
        number = row * grid.columns + column
        token = grid.token_at(row, column)
        rect = page.maps.mosaic.rect_of(number)
        QTest.mouseMove(page.maps.mosaic.viewport(), rect.center().toPoint())
        shown = wanted[token, grid.prefix : grid.prefix + grid.patches].reshape(grid.rows, grid.columns)
        np.testing.assert_allclose(page.maps.large.values, shown, atol=1e-6)
    assert f"({row}, {column})" in page.said.text()
    point = QPointF(rect.left() + 0.5, rect.top() + 0.5)
    exhibit = page.maps.mosaic.takeaway.give(point)
    assert exhibit.number == pytest.approx(wanted[token, grid.prefix], abs=1e-6)


def test_pointing_elsewhere_enlarges_the_map_and_a_click_pins_the_patch(view):
    run = ran("hf_vit_eager_dyn18")
    view.draw(PositionsView.compute(run, Selection()))
    grid = view.page.encoding.grid
    token = grid.token_at(1, 2)
    view.draw(PositionsView.compute(run, Selection(token=token)))
    assert view.page.maps.chosen == grid.columns + 2
    wanted = []
    view.selection_wanted.connect(wanted.append)
    view.page.maps.mosaic.picked.emit(3)
    assert (wanted[0].token, wanted[0].pinned) == (grid.token_at(0, 3), True)


def test_before_after_and_resampled_are_what_they_say(view):
    edit = Positions("shuffle", seed=4)
    page = drawn(view, "hf_vit_eager_dyn18", edit)
    table, encoding = page.encoding.table(), page.encoding
    page.parts.button("table").click()
    for look, wanted in {
        "before": table,
        "after": positions_data.changed_table(encoding, table, [edit]),
        "resampled": theory.resampled(table[1:], (encoding.grid.rows, encoding.grid.columns), (7, 7)),
    }.items():
        page.looks.button(look).click()
        np.testing.assert_allclose(page.table.heat.values, wanted, atol=1e-6)
    page = drawn(view, "hf_vit_eager_dyn18")
    assert page.look != "after"
    assert not page.looks.button("after").isVisible()


def test_buttons_add_interventions_and_the_same_kind_takes_the_last_ones_place(view):
    page = drawn(view, "hf_vit_eager_dyn18", HeadsOff(0, (0,)), Positions("shift", 1, by=1))
    wanted = []
    view.edits_wanted.connect(wanted.append)
    page.controls.by.setValue(3)
    for name in ("shift", "zero", "interpolate"):
        page.controls.buttons[name].click()
    first, last = HeadsOff(0, (0,)), page.data.edits[-1]
    assert wanted[0] == (first, Positions("shift", 1, 0, 3, (7, 7)))
    assert [edits[:2] for edits in wanted[1:]] == [(first, last)] * 2
    assert [edits[2].change for edits in wanted[1:]] == ["zero", "interpolate"]
    assert page.controls.moved.text().endswith("of its size")


def test_how_far_outputs_moved_is_their_relative_size():
    run = ran("hf_bert_eager_dyn18")
    other = dataclasses.replace(run, outputs={name: array * np.float32(1.5) for name, array in run.outputs.items()})
    found = positions_data.output_changes(run, other)
    assert [one.name for one in found] == list(run.outputs)
    assert [one.share for one in found] == pytest.approx([0.5] * len(found), rel=1e-5)


def test_a_large_table_is_read_by_a_task(view):
    run = ran("hf_vit_eager_dyn18")
    encoding = run.model.positions[0]
    table = encoding.table()
    away = dataclasses.replace(run.model, positions=(dataclasses.replace(encoding, values=None),))
    tasks = []
    view.task_wanted.connect(tasks.append)
    view.draw(PositionsView.compute(dataclasses.replace(run, model=away), Selection()))
    assert tasks == [ReadTable(0)]
    assert "being read" in view.page.sentence.text()
    view.task_moved(TaskNews(tasks[0], "done", 1, 1, result=table))
    assert len(view.page.maps.mosaic.numbers()) == encoding.grid.patches


def test_the_real_engine_runs_with_changed_positions(window, qtbot):
    view = next(v for v in window.views if isinstance(v, PositionsView))
    window.tabs.setCurrentWidget(view)
    qtbot.waitUntil(lambda: view.page.data is not None, timeout=PATIENCE_MS)
    qtbot.mouseClick(view.controls.buttons["interpolate"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.page.data.edits != (), timeout=PATIENCE_MS)
    assert view.controls.list.texts == ("positions resampled to 7 × 7 and back",)
    assert view.page.data.outputs[0].share > 1e-4
    qtbot.mouseClick(view.controls.list.clear, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.page.data.edits == (), timeout=PATIENCE_MS)


def test_the_sandbox_makes_the_encoding_of_the_paper(qtbot):
    sandbox = SinusoidSandbox()
    qtbot.addWidget(sandbox)
    sandbox.dim.setValue(512)
    sandbox.length.setValue(60)
    np.testing.assert_allclose(sandbox.map.values, theory.sinusoidal(60, 512), atol=1e-6)
    assert "1: 0.973; 2: 0.905; 5: 0.741; 10: 0.679; 50: 0.512" in sandbox.said.text()
    sandbox.map.clicked.emit(0, 101)
    np.testing.assert_allclose(sandbox.curves.lines[-1], theory.sinusoidal(60, 512)[:, 101], atol=1e-6)
    sandbox.map.pointed.emit((3, 4))
    assert f"{np.float32(theory.sinusoidal(60, 512)[3, 4]):.9g}" in sandbox.said.text()
    sandbox.dim.setValue(8)
    assert sandbox.map.values.shape == (60, 8)


def test_the_sandbox_needs_no_model(empty_window, qtbot):
    assert empty_window.controller.model is None
    empty_window.menus.commands["sandbox"].trigger()
    dialog = empty_window.findChild(object, "positions-sandbox")
    assert dialog.isVisible()
    empty_window.menus.commands["sandbox"].trigger()
    assert empty_window.findChild(object, "positions-sandbox") is dialog, "one is enough"
    i18n.use("es")
    qtbot.waitUntil(lambda: dialog.windowTitle() != "Sinusoidal positions", timeout=PATIENCE_MS)
    dialog.close()


def test_a_heat_map_tells_the_number_under_the_pointer_and_walks_by_keys(qtbot):
    values = np.arange(6, dtype=np.float32).reshape(2, 3) - 3
    heat = HeatMap(lambda row, column: f"{row},{column}: {values[row, column]:g}")
    qtbot.addWidget(heat)
    heat.resize(300, 200)
    heat.set_map(values, 3.0, firsts=(-1, 0), axes=("down", "right"))
    seen = []
    heat.pointed.connect(seen.append)
    heat.pointed.connect(heat.set_mark)
    point = heat.rect_of((1, 2)).center()
    assert heat.cell_at(point) == (1, 2)
    exhibit = heat.exhibit(point)
    assert exhibit.number == 2
    assert list(exhibit.labels["down"]) == ["-1", "0"]
    QTest.keyClick(heat, Qt.Key.Key_Right)
    QTest.keyClick(heat, Qt.Key.Key_Down)
    QTest.keyClick(heat, Qt.Key.Key_Down)
    assert seen == [(0, 1), (1, 1), (1, 1)]
    assert heat.accessibleDescription() == "1,1: 1"


def test_curves_tell_the_nearest_line_and_break_where_there_is_no_number(qtbot):
    lines = np.array([[0, 1, np.nan, 3], [0, 0, 0, 0]])
    curves = Curves()
    qtbot.addWidget(curves)
    curves.resize(300, 200)
    curves.set_lines(lines, ("a", "b"), first=-1, title="offset")
    area = curves.area()
    assert curves.at(QPointF(area.right(), area.top())) == (3, 0)
    assert curves.at(QPointF(area.right(), area.bottom())) == (3, 1)
    assert curves.at(QPointF(area.left() + area.width() * 2 / 3, area.top())) == (2, 1), "none there but b"
    assert curves.describe(3, 0) == "a, offset 2: 3"
    assert len(curves._parts(0, area, 0, 3)) == 2
    assert curves.exhibit(QPointF(area.right(), area.top())).number == 3
    assert not curves.grab().isNull()

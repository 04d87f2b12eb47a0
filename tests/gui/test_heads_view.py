"""The Heads view: how pointing, keys and controls are linked."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from desktop_app import i18n
from desktop_app.selection import Selection
from desktop_app.task_news import TaskNews
from desktop_app.views import heads_data
from desktop_app.views.heads import HeadsView
from engine import row_sums
from engine.grid import PatchGrid
from engine.model.description import ConvLayer
from engine.value_norms import OutputForms
from tests.gui.pointer import move
from tests.synthetic import full_pattern, make_run

GRID = PatchGrid(3, 5, prefix=1)


class Bench:
    """A view and a controller in one: keeps the selection, computes, draws."""

    def __init__(self, qtbot, run):
        self.run, self.view, self.selection, self.turns = run, HeadsView(), Selection(), 0
        qtbot.addWidget(self.view)
        self.view.resize(900, 600)
        self.view.selection_wanted.connect(self.select)
        self.view.show()
        qtbot.waitExposed(self.view)
        self.select(Selection())
        qtbot.waitUntil(lambda: self.view.settled)

    def select(self, selection):
        self.selection = selection
        self.turns += 1
        self.view.draw(HeadsView.compute(self.run, selection))

    def point(self, token):
        move(self.view.canvas, self.place(token))

    def place(self, token):
        return self.view.canvas.tokens_layout().rect_of(token).center().toPoint()

    def pattern(self, site=0):
        return full_pattern(self.run, self.run.model.sites[site])[0]

    @property
    def data(self):
        return self.view.page.data


@pytest.fixture
def bench(qtbot):
    return Bench(qtbot, make_run())


@pytest.fixture(autouse=True)
def _no_hurry(monkeypatch):
    """A busy machine must not leave sums for later."""
    monkeypatch.setattr(heads_data, "SLICE_SECONDS", 60)


def rows_close(found, wanted):
    np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_the_window_fills_itself_with_what_was_missing(qtbot, monkeypatch):
    monkeypatch.setattr(heads_data, "SLICE_SECONDS", 0)
    monkeypatch.setattr(row_sums, "BLOCK", 16 * 16)
    bench = Bench(qtbot, make_run())
    assert not any(np.isnan(values).any() for values in bench.data.values)
    assert bench.turns == 1


def test_pointing_shows_what_the_patch_attends_to_everywhere(bench):
    token = GRID.token_at(1, 3)
    bench.point(token)
    assert bench.selection.token == token
    rows_close(bench.data.row, bench.pattern()[0, token])
    rows_close(bench.view.canvas._values, bench.pattern()[0, token])
    rows_close(bench.view.mosaic._tiles[2].values[3].ravel(), bench.pattern(2)[3, token, 1:])
    QApplication.sendEvent(bench.view.canvas, QEvent(QEvent.Type.Leave))
    assert bench.selection.token is None


def test_one_turn_for_each_patch_the_pointer_enters(bench):
    before = bench.turns
    for step in range(5):
        move(bench.view.canvas, bench.place(GRID.token_at(1, 3)) + QPoint(step, 0))
    assert bench.turns == before + 1


def test_a_click_pins_and_the_pointer_no_longer_moves_it(bench):
    token = GRID.token_at(0, 1)
    QTest.mouseClick(bench.view.canvas, Qt.MouseButton.LeftButton, pos=bench.place(token))
    assert (bench.selection.token, bench.selection.pinned) == (token, True)
    bench.point(GRID.token_at(2, 4))
    assert bench.selection.token == token
    value = bench.pattern()[0, token, GRID.token_at(2, 4)]
    assert bench.view.page.readout.text() == f"Row 2, column 4: {value:.6f}"
    QTest.keyClick(bench.view.canvas, Qt.Key.Key_Escape)
    assert not bench.selection.pinned


def test_a_second_click_lets_go(bench):
    token = GRID.token_at(0, 1)
    for pinned in (True, False):
        QTest.mouseClick(bench.view.canvas, Qt.MouseButton.LeftButton, pos=bench.place(token))
        assert bench.selection.pinned is pinned


def test_arrows_carry_a_pinned_patch_along(bench):
    QTest.mouseClick(bench.view.canvas, Qt.MouseButton.LeftButton, pos=bench.place(GRID.token_at(1, 1)))
    QTest.keyClick(bench.view.canvas, Qt.Key.Key_Right)
    QTest.keyClick(bench.view.canvas, Qt.Key.Key_Down)
    assert (bench.selection.token, bench.selection.pinned) == (GRID.token_at(2, 2), True)


def test_a_thumbnail_becomes_the_large_picture_and_keeps_the_patch(bench):
    token = GRID.token_at(1, 1)
    QTest.mouseClick(bench.view.canvas, Qt.MouseButton.LeftButton, pos=bench.place(token))
    mosaic = bench.view.mosaic
    QTest.mouseClick(mosaic.viewport(), Qt.MouseButton.LeftButton, pos=mosaic.place_of(2, 3).center())
    assert (bench.selection.site, bench.selection.head, bench.selection.token) == (2, 3, token)
    rows_close(bench.view.canvas._values, bench.pattern(2)[3, token])
    QTest.keyClick(mosaic, Qt.Key.Key_Up)
    assert (bench.selection.site, bench.selection.head) == (1, 3)


def test_escape_works_from_the_controls_too(bench):
    QTest.mouseClick(bench.view.canvas, Qt.MouseButton.LeftButton, pos=bench.place(3))
    QTest.keyClick(bench.view.controls.opacity, Qt.Key.Key_Escape)
    assert bench.selection.token is None


def test_the_controls_change_direction_and_mean(bench):
    controls = bench.view.controls
    bench.point(6)
    QTest.mouseClick(controls.direction.button("to"), Qt.MouseButton.LeftButton)
    rows_close(bench.data.row, bench.pattern()[0, :, 6])
    QTest.mouseClick(controls.heads.button(True), Qt.MouseButton.LeftButton)
    rows_close(bench.data.row, bench.pattern()[:, :, 6].mean(axis=0))
    QTest.mouseClick(controls.direction.button("class"), Qt.MouseButton.LeftButton)
    rows_close(bench.data.row, bench.pattern()[:, 0].mean(axis=0))


def test_the_class_token_stays_while_the_pointer_moves_until_a_patch_is_chosen(bench):
    QTest.mouseClick(bench.view.controls.direction.button("class"), Qt.MouseButton.LeftButton)
    bench.point(8)
    rows_close(bench.data.row, bench.pattern()[0, 0])
    assert bench.view.page.readout.text().endswith(f"{bench.pattern()[0, 0, 8]:.6f}")
    QTest.mouseClick(bench.view.canvas, Qt.MouseButton.LeftButton, pos=bench.place(8))
    assert (bench.selection.direction, bench.selection.token, bench.selection.pinned) == ("from", 8, True)


def test_a_chip_can_be_pointed_at(bench):
    bench.point(0)
    rows_close(bench.data.row, bench.pattern()[0, 0])
    assert "class" in bench.view.page.subtitle.text()


def test_one_scale_for_all_or_one_for_each(bench):
    bench.point(6)
    view = bench.view
    assert view.bar.high() == pytest.approx(bench.data.highs[0])
    QTest.mouseClick(view.controls.scale.button("shared"), Qt.MouseButton.LeftButton)
    assert view.bar.high() == pytest.approx(bench.data.highs[1])
    assert {float(h) for tiles in view.mosaic._tiles for h in tiles.high} == {np.float32(bench.data.highs[1])}


def test_how_things_look_is_remembered(qtbot, bench):
    bench.view.controls.maps.set_name("magma")
    bench.view.controls.opacity.setValue(35)
    bench.view.controls.smooth.setChecked(True)
    QTest.mouseClick(bench.view.controls.scale.button("shared"), Qt.MouseButton.LeftButton)
    other = HeadsView()
    qtbot.addWidget(other)
    other.restore({name: str(value) for name, value in bench.view.state().items()})  # as an INI file gives it back
    assert other.state() == bench.view.state()
    assert other.canvas._opacity == 0.35
    other.restore({"map": "jet", "opacity": "much", "scale": 3})
    assert other.controls.maps.name() == "magma"


def test_tokens_without_an_image_get_a_matrix(qtbot):
    bench = Bench(qtbot, make_run(image=False, grid=(1, 9), prefix=0))
    view = bench.view
    assert view.page.pictures.currentWidget() is view.matrix
    assert view.controls.direction.button("from").text() == "From this token"
    assert not view.controls.direction.button("class").isEnabled()
    assert view.controls.opacity.isHidden() or not view.controls.opacity.isVisible()
    rows_close(bench.data.matrix, bench.pattern()[0])
    area = view.matrix.tokens_layout().area
    move(view.matrix, QPoint(int(area.center().x()), int(area.top() + 4.5 * area.height() / 9)))
    assert bench.selection.token == 4
    rows_close(bench.data.row, bench.pattern()[0, 4])
    assert bench.data.tiles[0].values.shape == (4, 1, 9)


def test_it_says_why_it_is_empty(qtbot):
    view = HeadsView()
    qtbot.addWidget(view)
    run = make_run()
    for model, word in ((None, ".onnx"), (run.model, "image"), (replace(run.model, sites=()), "No attention")):
        view.clear(model)
        assert word in view.sentence.text()
        assert view._pages.currentIndex() == 0
    view.draw(HeadsView.compute(run, Selection()))
    assert view._pages.currentIndex() == 1


def test_a_new_run_brings_its_own_photo(bench):
    before = bench.view.canvas.picture()
    bench.run = make_run(seed=5)
    bench.select(bench.selection)
    assert bench.view.canvas.picture() != before


def test_every_text_follows_the_language(bench):
    i18n.use("es")
    bench.view.retranslate()
    page = bench.view.page
    assert page.title.text() == "Capa 0, cabeza 0"
    assert page.all_title.text() == "Todas las cabezas"
    assert page.controls.direction.button("to").text() == "Hacia este parche"
    bench.point(GRID.token_at(2, 1))
    assert page.subtitle.text() == "A qué dirige su atención el parche de la fila 2, columna 1."


def menu_of(bench, takeaway, point):
    takeaway.open(QPointF(point), QPoint(0, 0))
    menus = [m for m in bench.view.findChildren(QMenu) if m.isVisible()]
    assert menus == [takeaway.menu]
    return menus[0]


def test_numbers_and_pictures_can_be_taken_out(bench, qtbot):
    QTest.mouseClick(bench.view.canvas, Qt.MouseButton.LeftButton, pos=bench.place(6))
    menu = menu_of(bench, bench.view.canvas.takeaway, bench.place(4))
    copy_number, copy_table, copy_picture, *_ = [a for a in menu.actions() if not a.isSeparator()]
    clipboard = QGuiApplication.clipboard()
    copy_number.trigger()
    assert float(clipboard.text()) == pytest.approx(bench.pattern()[0, 6, 4], abs=1e-6)
    copy_table.trigger()
    lines = [line.split("\t") for line in clipboard.text().splitlines()]
    rows_close(np.array(lines[:3], float), bench.pattern()[0, 6, 1:].reshape(3, 5))
    assert lines[3][0] == "class"
    copy_picture.trigger()
    assert not clipboard.image().isNull()
    menu.close()


def test_the_table_of_a_thumbnail_is_its_own(bench):
    bench.point(6)
    menu = menu_of(bench, bench.view.mosaic.takeaway, bench.view.mosaic.place_of(2, 3).center())
    next(a for a in menu.actions() if "table" in a.text()).trigger()
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    rows_close(np.array(lines[:3], float), bench.pattern(2)[3, 6, 1:].reshape(3, 5))
    assert lines[3][0] == "class"
    menu.close()


def pooled_keys(run, rows, columns):
    """Return the run with keys and values of the first site on a coarser grid, as pyramid models have them."""
    rng = np.random.default_rng(9)
    site = run.model.sites[0]
    few = rng.standard_normal((1, site.heads, rows * columns, 8), dtype=np.float32)
    tensors = {**run.tensors, site.plan.key.value: few, site.plan.value.value: few}
    pool = ConvLayer("pool", 1, "p", 3, 3, (2, 2), (2, 2), (1, 1), (0, 0, 0, 0), 1)
    model = replace(run.model, sites=(site,), convolutions=(*run.model.convolutions, pool))
    return replace(run, model=model, tensors=tensors)


def test_where_keys_lie_coarser_one_points_at_queries(qtbot):
    bench = Bench(qtbot, pooled_keys(make_run(sites=1, grid=(4, 8), prefix=0), 2, 4))
    fine = PatchGrid(4, 8)
    assert (bench.data.pointing, bench.data.grid) == (fine, PatchGrid(2, 4))
    bench.point(fine.token_at(3, 5))
    wanted = bench.run.pattern(bench.run.model.sites[0], batch=0, head=0, query=fine.token_at(3, 5))
    rows_close(bench.data.row, wanted)
    assert bench.view.canvas.value_of(fine.token_at(3, 5)) == pytest.approx(wanted[PatchGrid(2, 4).token_at(1, 2)])
    QTest.mouseClick(bench.view.controls.direction.button("to"), Qt.MouseButton.LeftButton)
    assert (bench.data.pointing, bench.data.grid) == (PatchGrid(2, 4), PatchGrid(2, 4))  # nothing pointed at: means
    bench.point(3)
    assert bench.data.grid == fine
    rows_close(bench.data.row, bench.run.pattern(bench.run.model.sites[0], batch=0, head=0, key=3))


def test_queries_that_lie_elsewhere_are_not_pointed_at_on_the_image(bench):
    bench.view.page.show_data(replace(bench.data, pointing=None))
    before = bench.turns
    bench.point(8)
    QTest.mouseClick(bench.view.canvas, Qt.MouseButton.LeftButton, pos=bench.place(9))
    assert bench.turns == before
    assert bench.view.page.readout.text().startswith("Row 1, column 3: 0.")


def test_weights_times_the_norms_of_values(bench):
    bench.point(6)
    bench.view.controls.weighted.setChecked(True)
    norms = np.linalg.norm(bench.run.value(bench.run.model.sites[0])[0], axis=-1)  # (head, key)
    rows_close(bench.data.row, bench.pattern()[0, 6] * norms[0])
    assert "‖v‖" in bench.view.page.title.text()
    bench.select(replace(bench.selection, mean_heads=True))
    rows_close(bench.data.row, (bench.pattern()[:, 6] * norms).mean(axis=0))
    bench.select(replace(bench.selection, mean_heads=False, direction="to"))
    rows_close(bench.data.row, bench.pattern()[0, :, 6] * norms[0, 6])
    forms = OutputForms({site.index: np.stack([np.eye(8, dtype=np.float32) * 4] * 4) for site in bench.run.model.sites})
    bench.view.task_moved(TaskNews(bench.view._forms._task, "done", result=forms))
    rows_close(bench.data.row, bench.pattern()[0, :, 6] * norms[0, 6] * 2)
    assert "‖v W_O‖" in bench.view.page.title.text()
    bench.view.controls.weighted.setChecked(False)
    rows_close(bench.data.row, bench.pattern()[0, :, 6])


def test_a_long_overview_has_a_bar_and_can_be_ended(qtbot, monkeypatch):
    monkeypatch.setattr(heads_data, "SLICE_SECONDS", 0)
    monkeypatch.setattr(row_sums, "BLOCK", 16 * 16)
    view = HeadsView()
    qtbot.addWidget(view)
    view.resize(900, 600)
    run = make_run()
    view.draw(HeadsView.compute(run, Selection()))
    view.show()
    bar = view.page.progress
    assert bar.isVisible()
    assert (bar._bar.value(), bar._bar.maximum()) == view.page.data.reached
    bar.button.click()
    assert view.settled
    assert not bar.isVisible()
    missing = sum(int(np.isnan(values).any()) for values in view.page.data.values)
    qtbot.wait(80)
    assert sum(int(np.isnan(values).any()) for values in view.page.data.values) == missing > 0
    view.draw(HeadsView.compute(run, Selection()))
    qtbot.waitUntil(lambda: view.settled)
    assert not np.isnan(view.page.data.values[2]).any()
    assert not bar.isVisible()

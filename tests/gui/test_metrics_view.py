"""The head metrics view: its numbers, how they are sorted, filtered, plotted, pointed at and taken out."""

import csv
import dataclasses
import math

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication

from desktop_app import i18n
from desktop_app.copy_menu import Takeaway
from desktop_app.selection import Selection
from desktop_app.views import metrics_data, metrics_text
from desktop_app.views.metrics import MetricsView
from desktop_app.views.metrics_data import NUMBERS, HeadRow
from desktop_app.views.metrics_table import COLUMNS
from engine.metrics import METRICS, head_metrics
from tests.synthetic import make_run


def finished(run, selection=None):
    data = metrics_data.compute(run, selection or Selection())
    while data.work is not None and data.again is not None:
        while data.work():
            pass
        data = data.again()
    return data


@pytest.fixture
def view(qtbot):
    made = MetricsView()
    qtbot.addWidget(made)
    made.resize(960, 740)
    made.show()
    qtbot.waitExposed(made)
    return made


def drawn(view, run, selection=None):
    view.draw(finished(run, selection))
    return view._data


def test_the_table_holds_every_head_and_the_engine_s_numbers():
    run = make_run()
    data = finished(run)
    assert [(row.site, row.head) for row in data.rows] == [(site, head) for site in range(3) for head in range(4)]
    wanted = head_metrics(run, run.model.sites[2])
    for name in METRICS:
        assert data.rows[9].number(name) == pytest.approx(float(wanted[name][1]), rel=1e-5)
    assert (data.done, data.layers, data.in_pixels) == (3, 3, True)


def test_what_is_computed_is_remembered_and_what_is_not_says_so():
    run = make_run()
    first = metrics_data.compute(run, Selection())
    assert (first.done, first.rows[0].numbers) == (0, {})
    done = finished(run)
    again = metrics_data.compute(run, Selection(site=99, head=99))
    assert again.rows is done.rows
    assert again.work is None
    assert (again.selection.site, again.selection.head) == (2, 3)


def test_a_layer_that_cannot_be_read_stays_empty_and_the_others_come(monkeypatch):
    from engine import EngineError
    from engine.head_table import HeadTally

    advance = HeadTally.advance

    def refuse(self):
        if self._site.index == 1:
            raise EngineError("no-factors", site=1, part="scores")
        return advance(self)

    monkeypatch.setattr(HeadTally, "advance", refuse)
    data = finished(make_run())
    assert math.isnan(data.rows[4].number("entropy"))
    assert not math.isnan(data.rows[8].number("entropy"))


def test_numbers_arrive_while_the_view_is_seen_and_rest_while_it_is_stopped(view, qtbot):
    view.draw(metrics_data.compute(make_run(), Selection()))
    assert view.page.working.isVisible()
    assert "0 of 3" in view.page.bar.format()
    view.page.stop.click()
    assert "Stopped" in view.page.bar.format()
    assert not view._slice.isActive()
    view.page.stop.click()
    qtbot.waitUntil(lambda: view.settled)
    assert not view.page.working.isVisible()
    assert view.table.heads.rows[0].numbers


def test_a_click_on_a_row_or_a_point_chooses_the_head(view, qtbot):
    data = drawn(view, make_run())
    index = view.table.filter.index(6, 3)
    with qtbot.waitSignal(view.selection_wanted) as wanted:
        qtbot.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=view.table.visualRect(index).center())
    assert (wanted.args[0].site, wanted.args[0].head) == (1, 2)
    point = view.scatter.point_of(data.rows[9]).toPoint()
    with qtbot.waitSignal(view.selection_wanted) as wanted:
        qtbot.mouseClick(view.scatter, Qt.MouseButton.LeftButton, pos=point)
    assert (wanted.args[0].site, wanted.args[0].head) == (2, 1)
    assert view.table.currentIndex().row() == 9


def test_arrows_walk_over_the_points(view, qtbot):
    drawn(view, make_run(), Selection(site=1, head=1))
    view.scatter.setFocus()
    for key, to in ((Qt.Key.Key_Right, (2, 1)), (Qt.Key.Key_Up, (2, 0)), (Qt.Key.Key_Left, (1, 0))):
        with qtbot.waitSignal(view.selection_wanted) as wanted:
            qtbot.keyClick(view.scatter, key)
        assert (wanted.args[0].site, wanted.args[0].head) == to


def test_a_new_selection_is_shown_and_asks_for_nothing(view, qtbot):
    run = make_run()
    drawn(view, run)
    with qtbot.assertNotEmitted(view.selection_wanted):
        view.draw(finished(run, Selection(site=2, head=3)))
    assert view.table.currentIndex().row() == 11
    assert "layer 2, head 3" in view.page.title_line.text()


@pytest.mark.parametrize("name", ["entropy", "agreement", "layer"])
@pytest.mark.parametrize("order", [Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder])
def test_any_column_sorts_by_its_numbers(view, name, order):
    drawn(view, make_run())
    view.table.sortByColumn(COLUMNS.index(name), order)
    found = [row.site if name == "layer" else row.number(name) for row in view.table.filter.kept()]
    assert found == sorted(found, reverse=order == Qt.SortOrder.DescendingOrder)


@pytest.mark.parametrize("order", [Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder])
def test_heads_without_a_number_come_last_either_way(view, order):
    data = finished(make_run())
    rows = list(data.rows)
    rows[3] = dataclasses.replace(rows[3], numbers={**rows[3].numbers, "distance": math.nan})
    view.draw(dataclasses.replace(data, rows=tuple(rows)))
    view.table.sortByColumn(COLUMNS.index("distance"), order)
    assert view.table.filter.kept()[-1] is rows[3]


def test_layers_and_labels_filter_the_table_and_fade_the_points(view):
    data = finished(make_run())
    rows = [dataclasses.replace(row, labels=("sink",) if row.head == 1 else ()) for row in data.rows]
    view.draw(dataclasses.replace(data, rows=tuple(rows)))
    view.page.layers.setCurrentIndex(2)
    assert [(row.site, row.head) for row in view.table.filter.kept()] == [(1, head) for head in range(4)]
    view.page.labels.setCurrentIndex(view.page.labels.findData("sink"))
    assert [(row.site, row.head) for row in view.table.filter.kept()] == [(1, 1)]
    assert view.scatter._shown == {(1, 1)}
    view.page.layers.setCurrentIndex(0)
    view.page.labels.setCurrentIndex(view.page.labels.findData(""))
    assert len(view.table.filter.kept()) == 9


def test_columns_that_hold_nothing_are_hidden(view):
    drawn(view, make_run(heads=1, prefix=0))
    assert view.table.isColumnHidden(COLUMNS.index("agreement"))
    assert view.table.isColumnHidden(COLUMNS.index("special_mass"))
    assert not view.table.isColumnHidden(COLUMNS.index("entropy"))


def test_a_point_is_read_exactly_under_the_pointer(view, qtbot):
    data = drawn(view, make_run())
    view.page.set_column("max_weight")
    qtbot.mouseMove(view.scatter, view.scatter.point_of(data.rows[5]).toPoint())
    assert f"{data.rows[5].number('max_weight'):.6g}" in view.page.said.text()
    assert "Layer 1, head 1" in view.page.said.text()
    assert view.state() == {"metric": "max_weight"}
    view.restore({"metric": "nonsense"})
    assert view.page.column() == "max_weight"


def test_the_table_is_copied_and_saved_as_it_is_shown(view, qtbot, tmp_path, monkeypatch):
    from PySide6.QtWidgets import QFileDialog

    data = drawn(view, make_run())
    view.table.sortByColumn(COLUMNS.index("entropy"), Qt.SortOrder.DescendingOrder)
    target = tmp_path / "heads"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), "Table (*.csv)"))
    monkeypatch.setattr("desktop_app.copy_menu.show", lambda menu, at: None)
    takeaway = view.table.findChild(Takeaway)
    cell = view.table.visualRect(view.table.filter.index(2, COLUMNS.index("entropy")))
    takeaway.open(QPointF(cell.center()), QPoint())
    number, table, *_, save = takeaway.menu.actions()
    third = sorted((row.number("entropy") for row in data.rows), reverse=True)[2]
    assert f"{third:.9g}" in number.text()
    table.trigger()
    lines = list(csv.reader(QGuiApplication.clipboard().text().splitlines(), delimiter="\t"))
    assert len(lines) == 13
    assert len(lines[0]) == len(NUMBERS) + 3
    entropies = [float(line[3]) for line in lines[1:]]
    assert entropies == sorted(entropies, reverse=True)
    with qtbot.waitSignal(view.noticed):
        save.trigger()
    saved = list(csv.reader((tmp_path / "heads.csv").read_text().splitlines()))
    assert saved == lines
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no" / "x.csv"), ""))
    with qtbot.waitSignal(view.noticed) as noticed:
        save.trigger()
    assert "could not be written" in noticed.args[0].text()


def test_labels_say_their_relative_position_and_why():
    numbers = dict.fromkeys(NUMBERS, 0.25)
    row = HeadRow(0, 1, numbers, ("positional", "local"), (-1, 0), 0.95, 2.0)
    assert metrics_text.labels(row) == "positional (−1, 0), local"
    assert "Voita" in metrics_text.why(row)
    assert "95.0 %" in metrics_text.why(row)
    assert "Here: distance 0.12" in metrics_text.why(row)
    assert metrics_text.why(HeadRow(0, 0)) == "Not computed yet."


def test_text_lies_on_a_line_and_is_measured_in_tokens(view):
    data = drawn(view, make_run(image=False))
    assert data.in_pixels is False
    assert "tokens" in view.table.heads.headerData(COLUMNS.index("distance"), Qt.Orientation.Horizontal)


def test_both_languages_have_every_word(view):
    drawn(view, make_run())
    english = [view.table.heads.headerData(at, Qt.Orientation.Horizontal) for at in range(len(COLUMNS))]
    i18n.use("es")
    view.retranslate()
    spanish = [view.table.heads.headerData(at, Qt.Orientation.Horizontal) for at in range(len(COLUMNS))]
    assert all(one != other for one, other in zip(english, spanish, strict=True)), spanish
    assert view.title() == "Métricas de las cabezas"


def test_clearing_says_what_to_do(view):
    drawn(view, make_run())
    view.clear()
    assert "Drop an image" in view.sentence.text()
    assert view.table.heads.rowCount() == 0
    assert np.isfinite(view.scatter.high())

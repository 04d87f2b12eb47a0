"""The microscope: what it computes without a window, what it shows, how it is pointed at and stepped through."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from desktop_app.selection import Selection
from desktop_app.views import microscope_data, microscope_text
from desktop_app.views.microscope import MicroscopeView
from desktop_app.widgets.strips import Strip, StripTable, entries, reduced
from tests.synthetic import full_pattern, make_run


@pytest.fixture
def view(qtbot):
    made = MicroscopeView()
    qtbot.addWidget(made)
    made.resize(960, 740)
    made.show()
    return made


def test_the_rows_lead_from_q_to_the_output_and_add_up():
    run = make_run()
    data = microscope_data.compute(run, Selection(site=1, head=2, token=7))
    rows = {(r.axis, i): r for i, r in enumerate(microscope_text.rows(data, 4, None))}
    values = [r.values for r in rows.values()]
    q, k, product, raw, scaled, weights, v, part, out = values
    np.testing.assert_allclose(product, q * k, rtol=1e-6)
    np.testing.assert_allclose(product.sum(), raw[4], rtol=1e-4)
    np.testing.assert_allclose(weights, full_pattern(run, run.model.sites[1])[0, 2, 7], atol=1e-6)
    np.testing.assert_allclose(scaled, raw * run.model.sites[1].scale, rtol=1e-5)
    np.testing.assert_allclose(part, v * weights[4], rtol=1e-5)
    np.testing.assert_allclose(out, weights @ run.value(run.model.sites[1])[0, 2], atol=1e-5)


def test_what_the_run_has_not_is_taken_out_of_the_selection():
    data = microscope_data.compute(make_run(), Selection(site=99, head=99, token=999))
    assert (data.site.index, data.selection.head, data.token) == (2, 3, 15)


def test_pointing_at_a_key_shows_that_key_and_leaving_shows_the_largest(view, qtbot):
    run = make_run()
    view.draw(microscope_data.compute(run, Selection(site=0, head=1, token=3)))
    largest = view.table.strips[1].values.copy()
    keys = run.key(run.model.sites[0])[0, 1]
    weights = full_pattern(run, run.model.sites[0])[0, 1, 3]
    np.testing.assert_allclose(largest, keys[weights.argmax()], rtol=1e-6)
    row = next(i for i, strip in enumerate(view.table.strips) if strip.axis == "key")
    rect = view.table.strip_rect(row)
    at = QPointF(rect.left() + rect.width() * 5.5 / 16, rect.center().y())
    qtbot.mouseMove(view.table, at.toPoint())
    np.testing.assert_allclose(view.table.strips[1].values, keys[5], rtol=1e-6)
    assert view.table.strips[row].number == f"{view.table.strips[row].values[5]:.4g}"
    view.table.pointed.emit("key", None)
    np.testing.assert_allclose(view.table.strips[1].values, largest, rtol=1e-6)


def test_up_and_down_step_through_the_stages(view, qtbot):
    view.draw(microscope_data.compute(make_run(), Selection(token=3)))
    view.table.setFocus()
    before = view.meaning.text()
    for _ in range(3):
        qtbot.keyClick(view.table, Qt.Key.Key_Down)
    assert view.table.row == 3
    assert view.meaning.text() != before
    qtbot.keyClick(view.table, Qt.Key.Key_Up)
    assert view.table.row == 2
    for _ in range(20):
        qtbot.keyClick(view.table, Qt.Key.Key_Down)
    assert view.table.row == len(view.table.strips) - 1


def test_the_spins_and_the_photo_ask_for_another_query(view, qtbot):
    view.draw(microscope_data.compute(make_run(), Selection(token=3)))
    with qtbot.waitSignal(view.selection_wanted) as wanted:
        view.chooser.spins[1].setValue(2)
    assert wanted.args[0].head == 2
    with qtbot.waitSignal(view.selection_wanted) as wanted:
        view.canvas.clicked.emit(9)
    assert (wanted.args[0].token, wanted.args[0].pinned) == (9, True)


def test_a_site_without_queries_says_why(view):
    import dataclasses

    from engine.sites.layout import Operand, axes

    run = make_run(sites=1)
    site = run.model.sites[0]
    plan = dataclasses.replace(site.plan, query=None, key=None, pattern=Operand("p", axes("batch head query key")))
    only = dataclasses.replace(site, factored=False, plan=plan)
    pattern = np.full((1, 4, 16, 16), 1 / 16, np.float32)
    run = dataclasses.replace(
        run, model=dataclasses.replace(run.model, sites=(only,)), tensors={**run.tensors, "p": pattern}
    )
    view.draw(microscope_data.compute(run, Selection()))
    assert "only its pattern can be read" in view.difference.text()
    assert view.table.strips == ()


def test_clearing_says_what_to_do(view):
    view.clear()
    assert "Drop an image" in view.sentence.text()


def test_strips_lose_no_peak_and_show_zero_in_the_middle():
    values = np.zeros(1000, np.float32)
    values[777] = -5
    assert reduced(values, 100).min() == -5
    row = entries(np.array([-2, 0, 2, -np.inf], np.float32), signed=True)
    assert row[0] == 0
    assert 125 <= row[1] <= 128
    assert row[2] == 253
    assert row[3] == 254


def test_a_strip_answers_the_pointer_and_the_menu(qtbot):
    table = StripTable()
    qtbot.addWidget(table)
    table.set_strips(
        [Strip("a", np.arange(8, dtype=np.float32), "dim", heading="first"), Strip("b", np.ones(4), "key")]
    )
    table.resize(500, 200)
    table.show()
    rect = table.strip_rect(1)
    assert table.place_at(rect.center()) == (1, 2)
    assert table.place_at(QPointF(3, rect.center().y())) == (1, None)
    with qtbot.waitSignal(table.stepped) as stepped:
        qtbot.mouseClick(table, Qt.MouseButton.LeftButton, pos=rect.center().toPoint())
    assert stepped.args == [1]
    image = table.grab().toImage()
    first = table.strip_rect(0)
    left = image.pixelColor(QPoint(int(first.left()) + 6, int(first.center().y())))
    right = image.pixelColor(QPoint(int(first.right()) - 6, int(first.center().y())))
    assert left != right

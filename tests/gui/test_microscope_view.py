"""The microscope: what it computes without a window, what it shows, how it is pointed at and stepped through."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from desktop_app import theme
from desktop_app.selection import Selection
from desktop_app.task_news import TaskNews
from desktop_app.views import microscope_data, microscope_text
from desktop_app.views.microscope import MicroscopeView
from desktop_app.widgets.strips import Strip, StripTable, entries, reduced
from engine.messages import Message
from engine.projected import Projected, Sides, TraceInputs
from tests.gui.conftest import PATIENCE_MS
from tests.gui.pointer import move
from tests.gui.texts import pair_run
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


def sides_of(run, site, then=()):
    """Return made-up projections whose queries and keys are those of the run."""
    rng = np.random.default_rng(4)
    read = {name: getattr(run, name)(site) for name in ("query", "key", "value")}
    _, heads, tokens, dim = read["query"].shape
    x = rng.standard_normal((1, tokens, 40), dtype=np.float32)
    made = {}
    for name, tensor in read.items():
        weight = np.linalg.lstsq(x[0], tensor[0].transpose(1, 0, 2).reshape(tokens, -1), rcond=None)[0]
        weight = weight.reshape(40, heads, dim).transpose(1, 0, 2)
        made[name] = Projected(x, weight, None, then, None if then else 1e-6)
    return Sides(site.index, **made)


def test_where_q_k_and_v_come_from_is_asked_for_once_and_adds_up(view):
    run = make_run()
    asked = []
    view.task_wanted.connect(asked.append)
    data = microscope_data.compute(run, Selection(site=1, head=2, token=7))
    view.draw(data)
    before = len(view.table.strips)
    view.draw(microscope_data.compute(run, Selection(site=1, head=3, token=5)))
    view.draw(data)
    assert asked == [TraceInputs(1)]
    sides = sides_of(run, run.model.sites[1])
    view.task_moved(TaskNews(asked[0], "done", result=sides))
    rows = {strip.label: strip for strip in view.table.strips}
    assert len(view.table.strips) == before + 5  # the key's vector makes its value too
    np.testing.assert_array_equal(rows["x of the query"].values, sides.query.inputs[0, 7])
    for label, then in (("x · W_Q", "q"), ("x · W_K", "k"), ("x · W_V", "v")):
        np.testing.assert_allclose(rows[label].values, rows[then].values, atol=1e-4)
    assert rows["x · W_Q"].number == "Δ ≤ 1e-06"
    view.table.stepped.emit(1)
    assert "1.0e-06" in view.meaning.text()
    view.draw(microscope_data.compute(run, Selection(site=2, head=3, token=5)))
    assert asked[1:] == [TraceInputs(2)]
    assert len(view.table.strips) == before


def test_what_lies_between_projection_and_product_is_named(view):
    run = make_run()
    view.draw(microscope_data.compute(run, Selection(site=0, token=3)))
    then = (Message.of("then-norm"), Message.of("then-rotary"))
    view.task_moved(TaskNews(view._asked[1], "done", result=sides_of(run, run.model.sites[0], then)))
    assert "q: normalised, rotary turn" in [strip.label for strip in view.table.strips]


def test_the_engine_process_traces_the_bundled_model(window, qtbot):
    view = next(v for v in window.views if isinstance(v, MicroscopeView))
    window.tabs.setCurrentWidget(view)
    qtbot.waitUntil(lambda: view._sides is not None, timeout=PATIENCE_MS)
    assert view._sides.query.difference < 1e-4
    assert "x · W_Q + b_Q" in [strip.label for strip in view.table.strips]


def test_the_largest_weights_are_underlined(view):
    data = microscope_data.compute(make_run(), Selection(site=1, head=2, token=7))
    view.draw(data)
    weights = next(strip for strip in view.table.strips if strip.axis == "key" and not strip.signed)
    assert set(weights.best) == set(np.argsort(-weights.values)[:5])
    image = view.table.grab().toImage()
    rect = view.table.strip_rect(view.table.strips.index(weights))
    ratio, width = image.devicePixelRatio(), rect.width() / weights.values.size
    best, plain = ((rect.left() + (p + 0.5) * width) * ratio for p in (weights.best[-1], np.argmin(weights.values)))
    under = int((rect.bottom() + 2) * ratio)
    assert image.pixelColor(int(best), under) == theme.colours(view.table).accent
    assert image.pixelColor(int(plain), under) != theme.colours(view.table).accent


def test_words_stand_where_a_photo_would_and_choose_query_and_key(view, qtbot):
    run = pair_run()
    site = run.model.sites[5]
    data = microscope_data.compute(run, Selection(site=5, head=1, token=1, pinned=True))
    view.draw(data)
    assert view.words.isVisible()
    assert not view.canvas.isVisible()
    assert (view.words.queries.pieces[0], view.words.keys.pieces[0]) == ("<s>", "El")
    np.testing.assert_allclose(view.words.keys.values, run.pattern(site, batch=0, head=1, query=1), atol=1e-6)
    asked = []
    view.selection_wanted.connect(asked.append)
    view.words.queries.clicked.emit(2)
    assert (asked[-1].token, asked[-1].pinned) == (2, True)
    other = (data.largest[0] + 1) % data.close.weights.size
    move(view.words.keys, view.words.keys.tokens_layout().rect_of(other).center().toPoint())
    key = next(strip for strip in view.table.strips if strip.axis == "dim" and strip.label == "k")
    np.testing.assert_allclose(key.values, run.key(site)[0, 1, other], atol=1e-6)

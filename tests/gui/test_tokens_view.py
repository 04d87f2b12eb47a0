"""The Tokens view: pointing, combining heads, pictures of all heads, and what can be taken out."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app import i18n, pattern_tiles
from desktop_app.selection import Selection
from desktop_app.views.tokens import TokensView
from desktop_app.widgets.matrix_canvas import MatrixCanvas
from tests.gui.pointer import move
from tests.gui.texts import pair_run, text_run
from tests.synthetic import full_pattern, make_run


class Bench:
    """A view and a controller in one: keeps the selection, computes, draws."""

    def __init__(self, qtbot, run, selection=None):
        self.run, self.view = run, TokensView()
        qtbot.addWidget(self.view)
        self.view.resize(1000, 700)
        self.view.selection_wanted.connect(self.select)
        self.view.show()
        qtbot.waitExposed(self.view)
        self.select(selection or Selection())
        qtbot.waitUntil(lambda: self.view.settled)

    def select(self, selection):
        self.selection = selection
        self.view.draw(TokensView.compute(self.run, selection))

    def place(self, token, canvas=None):
        rect = (canvas or self.view.text).tokens_layout().rect_of(token)
        return rect.center().toPoint()

    def pattern(self, site=0):
        return full_pattern(self.run, self.run.model.sites[site])[0]


@pytest.fixture
def bench(qtbot):
    return Bench(qtbot, text_run())


def close(found, wanted):
    np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_pointing_colours_the_text(bench):
    view = bench.view
    assert view.text.pieces == ("El", "ga", "to", "duerme", "</s>")
    close(view.text.values, bench.pattern()[0].mean(axis=0))
    move(view.text, bench.place(2))
    assert bench.selection.token == 2
    close(view.text.values, bench.pattern()[0, 2])
    close(view.page.matrix._values, bench.pattern()[0])
    assert "to" in view.page.subtitle.text()
    assert view.page.strongest.text().startswith("Most: “")


def test_a_click_pins_and_esc_lets_go(bench):
    view = bench.view
    QTest.mouseClick(view.text, Qt.MouseButton.LeftButton, pos=bench.place(1))
    assert (bench.selection.token, bench.selection.pinned) == (1, True)
    move(view.text, bench.place(3))
    assert bench.selection.token == 1
    QTest.keyClick(view.text, Qt.Key.Key_Right)
    assert bench.selection.token == 2
    QTest.keyClick(view.controls, Qt.Key.Key_Escape)
    assert bench.selection.token is None


def test_columns_show_who_attends_to_a_token(bench):
    view = bench.view
    QTest.mouseClick(view.controls.direction.button("to"), Qt.MouseButton.LeftButton)
    move(view.text, bench.place(1))
    close(view.text.values, bench.pattern()[0, :, 1])
    assert view.page.subtitle.text().startswith("What attends to “ga”")


def test_heads_are_combined(bench):
    view, controls = bench.view, bench.view.controls
    QTest.mouseClick(controls.heads.button("mean"), Qt.MouseButton.LeftButton)
    assert bench.selection.mean_heads
    close(view.picture.matrix, bench.pattern().mean(axis=0))
    QTest.mouseClick(controls.heads.button("max"), Qt.MouseButton.LeftButton)
    close(view.picture.matrix, bench.pattern().max(axis=0))
    QTest.mouseClick(controls.heads.button("subset"), Qt.MouseButton.LeftButton)
    assert controls.subset.isVisible()
    for button, pressed in zip(controls.subset._buttons, (False, True, False, True), strict=True):
        button.setChecked(pressed)
    close(view.picture.matrix, bench.pattern()[[1, 3]].mean(axis=0))
    assert "heads 1, 3" in view.page.title.text()
    QTest.mouseClick(controls.heads.button("head"), Qt.MouseButton.LeftButton)
    assert not bench.selection.mean_heads
    close(view.picture.matrix, bench.pattern()[0])


def test_words_and_special_tokens(bench):
    view, controls = bench.view, bench.view.controls
    controls.words.setChecked(True)
    assert view.text.pieces == ("El", "gato", "duerme", "</s>")
    move(view.text, bench.place(1))
    assert bench.selection.token == 1  # the first piece stands for the word
    controls.special.setCurrentIndex(2)
    assert view.text.pieces == ("El", "gato", "duerme")
    controls.renormalise.setChecked(True)
    close(view.picture.matrix.sum(axis=1), np.ones(3))
    controls.special.setCurrentIndex(0)
    assert not controls.renormalise.isEnabled()
    close(view.picture.matrix[0].sum(), 1)


@pytest.mark.parametrize("kind", ["patterns", "links", "rows"])
def test_every_picture_of_all_heads_chooses_heads(bench, qtbot, kind):
    view = bench.view
    QTest.mouseClick(view.page.grid_kind.button(kind), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.settled)
    assert len(view.mosaic._tiles) == 3
    assert not any(np.isnan(tiles.values).any() for tiles in view.mosaic._tiles)
    QTest.mouseClick(view.mosaic.viewport(), Qt.MouseButton.LeftButton, pos=view.mosaic.place_of(2, 3).center())
    assert (bench.selection.site, bench.selection.head) == (2, 3)
    close(view.picture.matrix, bench.pattern(2)[3])


def test_links_point_at_queries_and_at_keys(bench):
    view, links = bench.view, bench.view.page.links
    QTest.mouseClick(view.page.kind.button("links"), Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    move(links, bench.place(links.token_of(query=3), links))
    assert (bench.selection.token, bench.selection.direction) == (3, "from")
    move(links, bench.place(links.token_of(key=1), links))
    assert (bench.selection.token, bench.selection.direction) == (1, "to")
    close(view.text.values, bench.pattern()[0, :, 1])
    assert links.exhibit(None).values.shape == (5, 5)
    assert {second for _, second, _ in links._strongest()} == {1}


def test_a_long_text_is_drawn_piece_by_piece(qtbot, monkeypatch):
    monkeypatch.setattr(pattern_tiles, "AT_ONCE", 1 << 14)
    bench = Bench(qtbot, make_run(image=False, grid=(1, 96), prefix=0))
    assert bench.view._patterns.finished
    close(bench.view.mosaic._tiles[2].values[1], bench.pattern(2)[1].reshape(48, 2, 48, 2).max(axis=(1, 3)))


def test_cross_attention_shows_both_sides(qtbot):
    run = pair_run()
    bench = Bench(qtbot, run, Selection(site=3))
    view = bench.view
    assert view.text.pieces[0] == "<s>"
    assert view.page.other.pieces[1] == "ga"
    move(view.text, bench.place(2))
    close(view.page.other.values, run.pattern(run.model.sites[3], batch=0, head=0, query=2))
    bench.select(replace(bench.selection, site=0, token=None))
    assert not view.page.other_scroll.isVisible()


def test_patches_are_tokens_too(qtbot):
    bench = Bench(qtbot, make_run(), Selection(direction="class"))
    assert bench.view.text.pieces[:2] == ("class", "(0, 0)")
    close(bench.view.text.values, bench.pattern()[0, 0])
    assert not bench.view.controls.words.isVisible()


def test_how_things_look_is_remembered(qtbot, bench):
    bench.view.controls.words.setChecked(True)
    bench.view.controls.special.setCurrentIndex(2)
    bench.view.page.grid_kind.set_choice("rows")
    other = TokensView()
    qtbot.addWidget(other)
    other.restore({name: str(value) for name, value in bench.view.state().items()})
    assert other.state() == bench.view.state()
    other.restore({"special": "?", "grid": 3, "map": "jet"})
    assert other.state() == bench.view.state()


def test_the_numbers_of_a_text_can_be_taken(bench):
    move(bench.view.text, bench.place(2))
    shown = bench.view.text.exhibit(QPointF(bench.place(1)))
    assert shown.number == pytest.approx(bench.pattern()[0, 2, 1], abs=1e-6)
    assert shown.labels["token"][1] == "ga"
    assert "ga\t" in shown.as_sheet()


def test_it_speaks_spanish(bench):
    i18n.use("es")
    bench.view.retranslate()
    assert bench.view.page.title.text() == "Capa 0, cabeza 0"
    assert bench.view.controls.words.text() == "Palabras enteras"


def wheel(canvas, at, turns):
    point = QPointF(at)
    event = QWheelEvent(
        point, canvas.mapToGlobal(point), QPoint(), QPoint(0, 120 * turns), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)


def test_the_wheel_magnifies_and_what_is_under_the_pointer_stays(qtbot):
    canvas = MatrixCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(400, 400)
    canvas.set_matrix(np.random.default_rng(0).random((40, 40), np.float32), 1.0, by_key=False)
    canvas.show()
    at = QPoint(300, 120)
    before = canvas.tokens_layout().cell_at(QPointF(at))
    wheel(canvas, at, 5)
    assert canvas.seen.width() < 0.4
    assert canvas.tokens_layout().cell_at(QPointF(at)) == before
    assert canvas.tip(QPointF(at)).startswith(f"Query {before[0]}, key {before[1]}")
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=at)
    move(canvas, at + QPoint(40, 0))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=at + QPoint(40, 0))
    assert canvas.tokens_layout().cell_at(QPointF(at + QPoint(40, 0))) == before
    clicked = []
    canvas.clicked.connect(clicked.append)
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at)
    assert len(clicked) == 1
    QTest.keyClick(canvas, Qt.Key.Key_0)
    assert canvas.seen.width() == 1

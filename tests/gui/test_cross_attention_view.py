"""The Cross-attention view: both sides, the three parts with one selection, the alignment, the growing target."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app import i18n
from desktop_app.selection import Selection
from desktop_app.views import cross_attention_data
from desktop_app.views.cross_attention import CrossAttentionView
from desktop_app.widgets.boxed_image import BoxedImage
from engine.grid import PatchGrid
from tests.gui.pointer import move
from tests.gui.texts import pair_run, text_run


class Bench:
    """A view and a controller in one."""

    def __init__(self, qtbot, run, selection):
        self.run, self.view = run, CrossAttentionView()
        qtbot.addWidget(self.view)
        self.view.resize(1000, 700)
        self.view.selection_wanted.connect(self.select)
        self.view.show()
        qtbot.waitExposed(self.view)
        self.select(selection)
        self.page = self.view.page

    def select(self, selection):
        self.selection = selection
        self.view.draw(CrossAttentionView.compute(self.run, selection))

    def pattern(self, site, head=0):
        return self.run.pattern(self.run.model.sites[site], batch=0, head=head)

    def point(self, side, token):
        text = (self.page.source if side == "source" else self.page.target).text
        move(text, text.tokens_layout().rect_of(token).center().toPoint())


@pytest.fixture
def bench(qtbot):
    return Bench(qtbot, pair_run(), Selection(site=5))


def close(found, wanted):
    np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_the_three_parts_are_told_apart():
    run = pair_run()
    found = cross_attention_data.places(run)
    assert found.sites == {"encoder": (0, 1), "decoder": (2, 4), "cross": (3, 5)}
    assert (found.source.pieces[0], found.target.pieces[0]) == ("El", "<s>")
    assert CrossAttentionView.supports(run.model)
    assert not CrossAttentionView.supports(text_run().model)


def test_a_target_token_shows_its_source_and_its_past(bench):
    bench.point("target", 2)
    assert (bench.selection.site, bench.selection.direction, bench.selection.token) == (5, "from", 2)
    close(bench.page.source.text.values, bench.pattern(5)[2])
    close(bench.page.target.text.values, bench.pattern(4)[2])
    assert bench.page.target.text.values[3] == 0  # what is to come is hidden


def test_a_source_token_shows_who_reads_it(bench):
    bench.point("source", 1)
    assert (bench.selection.direction, bench.selection.token) == ("to", 1)
    close(bench.page.target.text.values, bench.pattern(5)[:, 1])
    close(bench.page.source.text.values, bench.pattern(1)[1])


def test_parts_share_one_selection(bench):
    bench.point("target", 2)
    QTest.mouseClick(bench.view.controls.part.button("decoder"), Qt.MouseButton.LeftButton)
    assert (bench.selection.site, bench.selection.token) == (4, 2)
    close(bench.page.links.links.T, bench.pattern(4))
    QTest.mouseClick(bench.view.controls.part.button("encoder"), Qt.MouseButton.LeftButton)
    assert (bench.selection.site, bench.selection.token) == (1, None)
    bench.point("target", 1)  # the encoder knows no target: cross-attention is shown
    assert (bench.selection.site, bench.selection.token) == (5, 1)


def test_layers_heads_and_means(bench):
    controls = bench.view.controls
    controls.layer.setValue(0)
    controls.head.setValue(1)
    assert (bench.selection.site, bench.selection.head) == (3, 1)
    close(bench.page.links.links.T, bench.pattern(3, 1))
    QTest.mouseClick(controls.average.button("layer"), Qt.MouseButton.LeftButton)
    assert bench.selection.mean_heads
    close(bench.page.links.links.T, (bench.pattern(3, 0) + bench.pattern(3, 1)) / 2)
    QTest.mouseClick(controls.average.button("all"), Qt.MouseButton.LeftButton)
    everything = np.mean([bench.pattern(site, head) for site in (3, 5) for head in (0, 1)], axis=0)
    close(bench.page.links.links.T, everything)
    mosaic = bench.page.mosaic
    QTest.mouseClick(mosaic.viewport(), Qt.MouseButton.LeftButton, pos=mosaic.place_of(1, 1).center())
    assert (bench.selection.site, bench.selection.head) == (5, 1)


def test_the_alignment_is_the_argmax_without_special_tokens(bench):
    found = cross_attention_data.places(bench.run)
    cross = np.full((4, 5), 0.1, np.float32)
    cross[:, 4] = 0.9  # the end mark
    cross[0, 2] = 0.3
    cross[3, 1] = 0.2
    links = cross_attention_data.alignment(cross, found)
    assert [link.source for link in links] == [2, 0, 0, 1]
    assert links[0].weight == pytest.approx(0.3)
    table = bench.page.table
    assert table.rowCount() == 4
    assert (table.item(0, 0).text(), table.item(0, 1).text()) == ("<s>", "The")
    plain = bench.pattern(5)[:, :4]
    names = ("El", "ga", "to", "duerme")
    assert [table.item(row, 2).text() for row in range(4)] == [names[i] for i in plain.argmax(axis=1)]
    table.selectRow(2)
    assert (bench.selection.token, bench.selection.direction) == (2, "from")


def test_the_target_grows(bench):
    controls = bench.view.controls
    controls.grown.setValue(2)
    assert bench.page.table.rowCount() == 2
    assert bench.page.links.links.shape == (5, 2)
    controls._on_play()
    for _ in range(3):
        controls._step()
    assert bench.page.table.rowCount() == 4
    assert not controls._clock.isActive()
    QTest.mouseClick(controls.part.button("decoder"), Qt.MouseButton.LeftButton)
    controls.grown.setValue(3)
    assert bench.page.links.links.shape == (3, 3)


def test_the_matrix_points_at_both_sides(bench):
    QTest.mouseClick(bench.view.controls.picture.button("matrix"), Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    matrix = bench.page.matrix
    close(matrix._values, bench.pattern(5))
    move(matrix, matrix.tokens_layout().rect_of(1).center().toPoint())
    assert (bench.selection.token, bench.selection.direction) == (1, "from")


def test_a_click_pins_and_esc_lets_go(bench):
    text = bench.page.target.text
    QTest.mouseClick(text, Qt.MouseButton.LeftButton, pos=text.tokens_layout().rect_of(1).center().toPoint())
    assert bench.selection.pinned
    bench.point("source", 0)
    assert (bench.selection.token, bench.selection.direction) == (1, "from")
    QTest.keyClick(bench.view, Qt.Key.Key_Escape)
    assert bench.selection.token is None


def test_it_speaks_spanish(bench):
    i18n.use("es")
    bench.view.retranslate()
    assert bench.page.title.text() == "Atención cruzada 1, cabeza 0"
    assert bench.page.table.horizontalHeaderItem(2).text() == "Origen"
    bench.view.clear(None)
    assert bench.page.table.rowCount() == 0


def test_the_box_of_an_object_is_outlined_on_the_image(qtbot):
    canvas = BoxedImage()
    qtbot.addWidget(canvas)
    canvas.resize(300, 200)
    canvas.set_photo(np.zeros((40, 40, 3), np.uint8))
    canvas.set_tokens(PatchGrid(4, 4))
    assert canvas.box_rect() is None
    canvas.set_box((0.25, 0.5, 0.75, 1.5))
    seen, rect = canvas.tokens_layout().region, canvas.box_rect()
    assert rect.left() == pytest.approx(seen.left() + seen.width() / 4)
    assert rect.bottom() == pytest.approx(seen.bottom())
    before = canvas.grab().toImage()
    canvas.set_box(None)
    assert canvas.grab().toImage() != before

"""The patches view: computed without a window, and run by the real engine process on the bundled models."""

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

import assets
from desktop_app.selection import Selection
from desktop_app.views import patches_data, patches_text
from desktop_app.views.patches import PatchesView
from desktop_app.widgets.patch_canvas import PatchCanvas
from engine.grid import PatchGrid
from engine.model.patches import SiteTokens
from engine.runtime.interventions import BlurImage, DropPatches, HeadsOff, HidePatches, MovePatches, ShufflePatches
from engine.token_norms import LayerNorms, TokenNorms
from tests.gui.conftest import PATIENCE_MS, look
from tests.gui.makers import OTHER_SAMPLE, SAMPLE
from tests.synthetic import make_run

CNN = assets.path("models", "cnn")
GRID = (2, 3)


def test_patches_are_cut_in_the_order_of_tokens():
    pixels = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
    tiles = patches_data.cut(pixels, GRID)
    assert tiles.shape == (6, 2, 2, 3)
    for patch in range(6):
        row, column = divmod(patch, 3)
        np.testing.assert_array_equal(tiles[patch], pixels[2 * row : 2 * row + 2, 2 * column : 2 * column + 2])


def test_what_a_place_holds_follows_every_change_in_order():
    edits = (
        HidePatches(GRID, (0,)),
        MovePatches(GRID, (3, 1, 2, 0, 4, 5)),
        HidePatches(GRID, (1,)),
        BlurImage(1),
        HeadsOff(0, (0,)),
    )
    np.testing.assert_array_equal(patches_data.holds(edits, GRID), [3, -1, 2, -1, 4, 5])
    np.testing.assert_array_equal(patches_data.places_of(edits, GRID), [3, 1, 2, 0, 4, 5], "blank, yet they went there")
    np.testing.assert_array_equal(patches_data.holds((ShufflePatches((9, 9), 0),), GRID), range(6))


def test_a_click_blanks_a_place_and_another_shows_it_again():
    other = (HeadsOff(0, (1,)),)
    once = patches_data.with_hidden(other, GRID, 4)
    twice = patches_data.with_hidden(once, GRID, 2)
    assert twice == (*other, HidePatches(GRID, (2, 4)))
    assert patches_data.with_hidden(twice, GRID, 4) == (*other, HidePatches(GRID, (2,)))
    assert patches_data.with_hidden(once, GRID, 4) == other


def test_exchanges_that_follow_each_other_are_one_and_undo_each_other():
    once = patches_data.with_exchanged((), GRID, 0, 5)
    assert once == (MovePatches(GRID, (5, 1, 2, 3, 4, 0)),)
    twice = patches_data.with_exchanged(once, GRID, 0, 1)
    np.testing.assert_array_equal(patches_data.holds(twice, GRID), [1, 5, 2, 3, 4, 0])
    assert patches_data.with_exchanged(once, GRID, 0, 5) == ()


def test_filters_are_grey_at_zero_and_full_at_their_largest():
    filters = np.zeros((2, 3, 1, 2), np.float32)
    filters[0, 0, 0, 0], filters[0, 2, 0, 1] = -2, 1
    pixels = patches_data.as_colours(filters)
    np.testing.assert_array_equal(pixels[0], [[[0, 128, 128], [128, 128, 191]]])
    assert (pixels[1] == 128).all()


def test_norms_of_coarser_layers_are_as_fine_as_the_finest_and_special_tokens_apart():
    fine, coarse = PatchGrid(4, 6, prefix=1), PatchGrid(2, 3)
    tokens = tuple(SiteTokens(grid, grid, (True, True)) for grid in (fine, coarse))
    model = dataclasses.replace(make_run(sites=2).model, tokens=tokens)
    values = np.arange(25, dtype=np.float32)
    layers = (LayerNorms(0, "a", values, 8), LayerNorms(1, "b", values[:6], 8), LayerNorms(None, "c", values[:5], 8))
    first, second = patches_data.norm_maps(TokenNorms(layers), model)
    np.testing.assert_array_equal(first.special, [0])
    np.testing.assert_array_equal(first.values.reshape(-1), values[1:])
    np.testing.assert_array_equal(second.values, values[:6].reshape(2, 3).repeat(2, 0).repeat(2, 1))
    assert "row 1, column 2: 5" in patches_text.norm_at(second, 3, 5)


@pytest.fixture
def canvas(qtbot):
    widget = PatchCanvas()
    qtbot.addWidget(widget)
    widget.resize(300, 200)
    widget.set_photo(np.zeros((20, 30, 3), np.uint8))
    widget.set_tokens(PatchGrid(*GRID))
    widget.show()
    return widget


def centre(canvas, patch):
    return canvas.tokens_layout().rect_of(patch).center().toPoint()


def drag(canvas, first, second):
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=first)
    QTest.mouseMove(canvas, (first + second) / 2)
    QTest.mouseMove(canvas, second)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=second)


def test_a_press_is_a_click_or_a_drag_by_where_it_ends(canvas):
    seen = []
    canvas.clicked.connect(lambda patch: seen.append(patch))
    canvas.exchanged.connect(lambda a, b: seen.append((a, b)))
    drag(canvas, centre(canvas, 1), centre(canvas, 1) + QPoint(2, 2))
    drag(canvas, centre(canvas, 1), centre(canvas, 5))
    drag(canvas, centre(canvas, 1), QPoint(1, 1))
    canvas.set_marks(0, pinned=False)
    QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    assert seen == [1, (1, 5), (0, 1), 0]


def test_pixels_are_given_away_exactly(canvas):
    pixels = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
    canvas.set_photo(pixels)
    exhibit = canvas.takeaway.give(None)
    np.testing.assert_array_equal(exhibit.arrays()["values"], pixels)
    assert exhibit.axes == ("row", "column", "colour")


def opened(window):
    view = next(v for v in window.views if isinstance(v, PatchesView))
    window.show_view(view) if hasattr(window, "show_view") else window.tabs.setCurrentWidget(view)
    return view


def changed(window, qtbot, *edits):
    qtbot.waitUntil(lambda: window.controller.shown.edits == edits, timeout=PATIENCE_MS)


def test_clicks_drags_and_buttons_run_the_model_again(window, qtbot):
    view = opened(window)
    qtbot.waitUntil(lambda: view.page.data is not None, timeout=PATIENCE_MS)
    grid = view.page.data.grid
    assert grid == (8, 8)
    plain = view.page.data.classes
    drag(view.after, centre(view.after, 27), centre(view.after, 27))
    changed(window, qtbot, HidePatches(grid, (27,)))
    qtbot.waitUntil(lambda: view.page.data.edits != (), timeout=PATIENCE_MS)
    data = view.page.data
    tiles = patches_data.cut(data.after, grid)
    assert np.ptp(tiles[27].reshape(-1, 3), axis=0).max() == 0
    assert np.ptp(patches_data.cut(data.before, grid)[27].reshape(-1, 3), axis=0).max() > 0
    assert [c.before for c in data.classes][:3] == pytest.approx([c.before for c in plain][:3], abs=1e-6)
    assert any(c.before != c.after for c in data.classes)
    assert view.controls.table.rows[0][1:] == (data.classes[0].before, data.classes[0].after, data.classes[0].logit)
    drag(view.after, centre(view.after, 0), centre(view.after, 63))
    moved = MovePatches(grid, (63, *range(1, 63), 0))
    changed(window, qtbot, HidePatches(grid, (27,)), moved)
    qtbot.waitUntil(lambda: len(view.page.data.edits) == 2, timeout=PATIENCE_MS)
    assert view.controls.list.texts == ("image: patch 27 blank", "image: 2 patches in another place")
    assert "place 0 holds patch 63" in view.page._describe(0)
    qtbot.mouseClick(view.controls.list.remove, Qt.MouseButton.LeftButton)
    changed(window, qtbot, HidePatches(grid, (27,)))
    qtbot.waitUntil(lambda: len(view.page.data.edits) == 1, timeout=PATIENCE_MS)
    qtbot.mouseClick(view.controls.drop, Qt.MouseButton.LeftButton)
    changed(window, qtbot, HidePatches(grid, (27,)), DropPatches(grid, 0.5, 0))
    qtbot.waitUntil(lambda: len(view.page.data.edits) == 2, timeout=PATIENCE_MS)
    qtbot.mouseClick(view.controls.list.clear, Qt.MouseButton.LeftButton)
    changed(window, qtbot)


def test_shuffling_again_takes_another_seed(window, qtbot):
    view = opened(window)
    qtbot.waitUntil(lambda: view.page.data is not None, timeout=PATIENCE_MS)
    for seed in (0, 1):
        qtbot.mouseClick(view.controls.shuffle, Qt.MouseButton.LeftButton)
        changed(window, qtbot, ShufflePatches((8, 8), seed))
        qtbot.waitUntil(lambda: view.page.data.edits != (), timeout=PATIENCE_MS)
        qtbot.waitUntil(lambda seed=seed: view.page.data.edits[0].seed == seed, timeout=PATIENCE_MS)


def test_filters_and_norms_come_from_the_engine_and_norms_again_for_another_image(window, qtbot):
    view = opened(window)
    page = view.page
    qtbot.waitUntil(lambda: page.data is not None, timeout=PATIENCE_MS)
    page.parts.button("components").click()
    qtbot.waitUntil(lambda: page.filters is not None and view.settled, timeout=PATIENCE_MS)
    assert len(page.mosaic.numbers()) == len(page.filters.components)
    page.parts.button("norms").click()
    qtbot.waitUntil(lambda: bool(page.norms) and view.settled, timeout=PATIENCE_MS)
    model = window.controller.model
    assert [one.layer.site for one in page.norms] == [*range(len(model.sites)), None]
    first = page.norms[0].values
    rect = page.mosaic.rect_of(2)
    exhibit = page.mosaic.takeaway.give(QPointF(rect.left() + 1, rect.top() + 1))
    assert exhibit.number == float(page.norms[2].values[0, 0])
    look(window, qtbot, photo=OTHER_SAMPLE)
    qtbot.waitUntil(lambda: view.settled and page.norms[0].values is not first, timeout=PATIENCE_MS)
    assert np.abs(page.norms[0].values - first).max() > 1e-3


def test_pointing_at_a_patch_points_at_its_token_everywhere(window, qtbot):
    view = opened(window)
    qtbot.waitUntil(lambda: view.page.data is not None, timeout=PATIENCE_MS)
    prefix = view.page.data.site_grid.prefix
    view.before.hovered.emit(12)
    assert window.controller.selection.token == prefix + 12


def test_a_network_without_attention_is_cut_as_one_likes(empty_window, qtbot):
    look(empty_window, qtbot, CNN, SAMPLE)
    view = opened(empty_window)
    qtbot.waitUntil(lambda: view.page.data is not None, timeout=PATIENCE_MS)
    assert view.page.data.grid is None
    view.controls.rows.setValue(4)
    view.controls.columns.setValue(2)
    assert len(view.page.mosaic.numbers()) == 8
    qtbot.mouseClick(view.controls.shuffle, Qt.MouseButton.LeftButton)
    changed(empty_window, qtbot, ShufflePatches((4, 2), 0))
    qtbot.waitUntil(lambda: view.page.data.edits != (), timeout=PATIENCE_MS)
    assert any(c.before != c.after for c in view.page.data.classes)
    view.page.parts.button("norms").click()
    assert "without attention" in view.page.below[0].text()


def test_a_model_of_text_is_not_supported():
    assert not PatchesView.supports(make_run(image=False).model)
    assert PatchesView.depends(Selection(site=1)) != PatchesView.depends(Selection(site=2))

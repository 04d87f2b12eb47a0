"""The mosaic: where heads lie, what clicks and keys ask for, what is painted."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from desktop_app import theme
from desktop_app.widgets import colour_maps
from desktop_app.widgets.mosaic import Mosaic
from desktop_app.widgets.mosaic_layout import LEAST, MOST, Tiles, mosaic_layout
from desktop_app.widgets.mosaic_paint import pooled


def tiles(heads=(3, 3), shape=(4, 4), seed=0):
    rng = np.random.default_rng(seed)
    out = []
    for site, count in enumerate(heads):
        values = rng.random((count, *shape), dtype=np.float32)
        out.append(Tiles(str(site), f"block.{site}.attention", values, values.max(axis=(1, 2))))
    return out


@pytest.fixture
def mosaic(qtbot):
    widget = Mosaic()
    qtbot.addWidget(widget)
    widget.resize(400, 300)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def colour_at(widget, point):
    image = widget.viewport().grab().toImage()
    return image.pixelColor(point * image.devicePixelRatio())


def cell_centre(widget, site, head, row, column, shape=(4, 4)):
    rect = widget.place_of(site, head)
    x = rect.left() + (column + 0.5) * rect.width() / shape[1]
    return QPoint(int(x), int(rect.top() + (row + 0.5) * rect.height() / shape[0]))


def near(first, second, by=2):
    return all(abs(a - b) <= by for a, b in zip(first.getRgb(), second.getRgb(), strict=True))


@pytest.mark.parametrize("heads", [(12,) * 12, (3, 6, 12, 24), (1,), (16,) * 24])
@pytest.mark.parametrize("room", [QSize(500, 600), QSize(1000, 900), QSize(200, 200)])
def test_no_two_heads_overlap_and_each_is_found(heads, room):
    layout = mosaic_layout([(count, 14, 14) for count in heads], room, 24, 20)
    assert LEAST <= layout.width <= MOST
    seen = []
    for site, count in enumerate(heads):
        for head in range(count):
            rect = layout.rect(site, head)
            assert layout.at(rect.center().x(), rect.center().y()) == (site, head)
            seen.append(rect)
        assert layout.at(layout.rect(site, count).center().x(), layout.tops[site]) is None
    assert not any(a.intersects(b) for i, a in enumerate(seen[:80]) for b in seen[:i])


def test_it_fills_the_room_and_grows_past_it_only_when_it_must():
    assert mosaic_layout([(12, 14, 14)] * 12, QSize(700, 700), 24, 20).size.width() > 600
    fits = mosaic_layout([(12, 14, 14)] * 12, QSize(400, 400), 24, 20).size
    assert fits.width() <= 400
    assert fits.height() <= 400
    assert mosaic_layout([(16, 14, 14)] * 24, QSize(400, 400), 24, 20).size.height() > 400


def test_thumbnails_keep_the_proportions_of_their_patches():
    layout = mosaic_layout([(4, 10, 20), (4, 20, 10)], QSize(600, 600), 24, 20)
    assert layout.heights[0] * 4 == pytest.approx(layout.heights[1], rel=0.1)


@pytest.mark.parametrize("ratio", [1.0])
@pytest.mark.parametrize("shared", [False, True])
def test_each_thumbnail_shows_its_own_numbers(mosaic, shared, ratio):
    shown = tiles()
    if shared:
        shown = [Tiles(t.label, t.name, t.values, np.full(3, 2.0, np.float32)) for t in shown]
    mosaic.set_tiles(shown)
    mosaic.set_chosen(1, 2)
    for site in range(2):
        for head in range(3):
            values, high = shown[site].values[head], shown[site].high[head]
            for row, column in ((0, 0), (1, 3), (3, 1)):
                entry = int(colour_maps.levels(values[row, column : column + 1], float(high))[0])
                wanted = QColor(colour_maps.map_colours("viridis")[entry])
                assert near(colour_at(mosaic, cell_centre(mosaic, site, head, row, column)), wanted)


def test_a_new_map_recolours_what_is_shown(mosaic):
    mosaic.set_tiles(tiles())
    place = cell_centre(mosaic, 1, 1, 2, 2)
    before = colour_at(mosaic, place)
    mosaic.set_colour_map("gray")
    after = colour_at(mosaic, place)
    assert after != before
    assert after.red() == after.green() == after.blue()


def test_heads_without_numbers_look_empty_and_say_so(mosaic):
    shown = tiles()
    shown[0].values[1] = np.nan
    mosaic.set_tiles(shown)
    assert near(colour_at(mosaic, mosaic.place_of(0, 1).center()), theme.colours(mosaic).missing)
    assert "Nothing to show here yet" in mosaic.describe(0, 1)


def test_a_click_picks_its_head_and_a_gap_none(mosaic, qtbot):
    mosaic.set_tiles(tiles((3, 2)))
    with qtbot.waitSignal(mosaic.picked) as caught:
        QTest.mouseClick(mosaic.viewport(), Qt.MouseButton.LeftButton, pos=mosaic.place_of(1, 1).center())
    assert caught.args == [1, 1]
    with qtbot.assertNotEmitted(mosaic.picked):
        QTest.mouseClick(mosaic.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
        QTest.mouseClick(mosaic.viewport(), Qt.MouseButton.LeftButton, pos=mosaic.place_of(1, 2).center())


def test_arrows_walk_over_heads_and_layers(mosaic):
    mosaic.set_tiles(tiles((3, 2)))
    picked = []
    mosaic.picked.connect(lambda site, head: (picked.append((site, head)), mosaic.set_chosen(site, head)))
    keys = Qt.Key
    for key in (
        keys.Key_Right,
        keys.Key_Right,
        keys.Key_Right,
        keys.Key_Down,
        keys.Key_Down,
        keys.Key_Left,
        keys.Key_Up,
    ):
        QTest.keyClick(mosaic, key)
    assert picked == [(0, 1), (0, 2), (1, 1), (1, 0), (0, 0)]


def test_escape_unpins(mosaic, qtbot):
    with qtbot.waitSignal(mosaic.unpinned):
        QTest.keyClick(mosaic, Qt.Key.Key_Escape)


def test_the_chosen_head_is_outlined_and_described(mosaic):
    mosaic.set_tiles(tiles())
    mosaic.set_chosen(1, 2)
    rect = mosaic.place_of(1, 2)
    assert near(colour_at(mosaic, QPoint(rect.left() - 1, rect.center().y())), theme.colours(mosaic).accent)
    assert "Layer 1, head 2" in mosaic.accessibleDescription()
    assert "block.1.attention" in mosaic.accessibleDescription()


def test_the_tooltip_gives_the_exact_largest_number(mosaic):
    shown = tiles()
    shown[1].values[0, 2, 3] = 1.5
    mosaic.set_tiles(shown)
    assert "Largest: 1.5 at row 2, column 3" in mosaic.describe(1, 0)


def test_a_large_model_scrolls_and_the_chosen_head_comes_into_sight(mosaic):
    mosaic.set_tiles(tiles((16,) * 24, (14, 14)))
    assert mosaic.verticalScrollBar().maximum() > 0
    mosaic.set_chosen(23, 15)
    assert mosaic.viewport().rect().contains(mosaic.place_of(23, 15))
    high = mosaic.place_of(23, 15).center()
    assert not near(colour_at(mosaic, high), theme.colours(mosaic).window)
    mosaic.set_chosen(0, 0)
    assert mosaic.place_of(0, 0).top() >= mosaic.layout_now().top


def test_the_picture_holds_what_is_out_of_sight(mosaic):
    mosaic.set_tiles(tiles((16,) * 24, (14, 14)))
    image = mosaic.picture()
    assert image.height() / image.devicePixelRatio() == mosaic.layout_now().size.height() > mosaic.viewport().height()
    place = mosaic.layout_now().rect(23, 0).center() * image.devicePixelRatio()
    assert not near(image.pixelColor(place), theme.colours(mosaic).window)


@pytest.mark.parametrize(("height", "width"), [(5, 5), (3, 7), (16, 2), (1, 1), (32, 32)])
def test_no_patch_is_lost_when_a_thumbnail_has_fewer_pixels(height, width):
    values = np.zeros((1, 16, 16), np.float32)
    for row, column in ((0, 0), (15, 15), (7, 14)):
        values[:] = 0
        values[0, row, column] = 1
        small = pooled(values, height, width)
        assert small.shape[1] <= height
        assert small.shape[2] <= width
        assert small.max() == 1


def test_pooling_agrees_with_the_largest_of_each_group():
    values = np.random.default_rng(2).random((2, 7, 9), dtype=np.float32)
    small = pooled(values, 3, 4)
    for row in range(small.shape[1]):
        for column in range(small.shape[2]):
            block = values[:, 3 * row : 3 * row + 3, 3 * column : 3 * column + 3]
            np.testing.assert_array_equal(small[:, row, column], block.max(axis=(1, 2)))


def test_an_empty_mosaic_is_quiet(mosaic, qtbot):
    mosaic.set_tiles(())
    with qtbot.assertNotEmitted(mosaic.picked):
        QTest.keyClick(mosaic, Qt.Key.Key_Right)
        QTest.mouseClick(mosaic.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    assert mosaic.describe(0, 0) == ""
    mosaic.grab()

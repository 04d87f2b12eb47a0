"""Maps of one layer as one picture: where they lie, what is drawn, how they are chosen; and colours around zero."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from desktop_app import theme
from desktop_app.widgets import colour_maps
from desktop_app.widgets.field_canvas import FieldCanvas
from desktop_app.widgets.map_layout import assemble, map_layout, reduced
from desktop_app.widgets.map_mosaic import MapMosaic
from desktop_app.widgets.signed import SIGNED, signed_levels
from desktop_app.widgets.signed_bar import SignedBar
from engine.grid import PatchGrid


def mosaic_of(qtbot, size=(480, 440)):
    made = MapMosaic(lambda number: f"map {number}")
    qtbot.addWidget(made)
    made.resize(*size)
    made.show()
    qtbot.waitExposed(made)
    return made


def colour_at(widget, x, y):
    return widget.grab().toImage().pixelColor(QPoint(round(x), round(y)))


@pytest.mark.parametrize(
    ("count", "shape"), [(2048, (7, 7)), (64, (112, 112)), (1, (5, 5)), (96, (3, 40)), (7, (1, 99))]
)
def test_maps_fit_the_room_and_every_one_is_found_where_it_lies(count, shape):
    layout = map_layout(count, shape, (480, 440))
    assert layout.size[1] - layout.gap <= 440
    for place in range(count):
        left, top = layout.corner(place)
        assert layout.at(left + layout.width / 2, top + layout.height / 2) == place
        assert left + layout.width <= 480
    assert layout.at(0, layout.lines * (layout.height + layout.gap) + 1) is None


def test_more_maps_than_can_be_told_apart_hang_out_at_the_bottom():
    layout = map_layout(20_000, (7, 7), (300, 200))
    assert min(layout.width, layout.height) >= 8
    assert layout.size[1] > 200


def test_a_picture_of_maps_holds_every_number_where_it_belongs():
    tiles = np.arange(5 * 2 * 3, dtype=np.uint8).reshape(5, 2, 3)
    layout = map_layout(5, (2, 3), (100, 60))
    picture = assemble(tiles, layout, 0, layout.lines)
    assert picture.shape == (layout.size[1], layout.size[0])
    for place in range(5):
        left, top = layout.corner(place)
        for row in range(2):
            for column in range(3):
                x = left + int((column + 0.5) * layout.width / 3)
                y = top + int((row + 0.5) * layout.height / 2)
                assert picture[y, x] == tiles[place, row, column]


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize(("height", "width"), [(5, 5), (3, 7), (16, 2), (1, 1), (32, 32)])
def test_no_peak_is_lost_where_a_map_has_fewer_pixels(height, width, signed):
    middle = 127 if signed else 0
    for row, column in ((0, 0), (15, 15), (7, 14)):
        for peak in (253, 0) if signed else (253,):
            entries = np.full((1, 16, 16), middle, np.uint8)
            entries[0, row, column] = peak
            small = reduced(entries, height, width, signed=signed)
            assert small.shape[1] <= height
            assert small.shape[2] <= width
            assert peak in small


def test_zero_is_the_middle_colour_and_what_is_no_number_is_missing():
    values = np.array([-2, -1, 0, 1, 2, 9, np.nan], np.float32)
    entries = signed_levels(values, 2.0)
    assert entries.tolist() == [0, 63, 127, 190, 253, 253, colour_maps.MISSING]
    assert signed_levels(np.zeros(2, np.float32), 0.0).tolist() == [127, 127]


def test_maps_are_drawn_in_the_order_asked_and_chosen_by_click(qtbot):
    mosaic = mosaic_of(qtbot)
    maps = np.stack([np.full((4, 4), value, np.float32) for value in (-1, 0, 1)])
    mosaic.set_maps(maps, np.ones(3, np.float32), [2, 0, 1], signed=True)
    mosaic.set_chosen(1)
    ends = colour_maps.map_colours(SIGNED)
    for number, colour in ((2, ends[-1]), (0, ends[0])):
        centre = mosaic.rect_of(number).center()
        assert colour_at(mosaic.viewport(), centre.x(), centre.y()) == QColor(colour)
    with qtbot.waitSignal(mosaic.picked) as picked:
        QTest.mouseClick(mosaic.viewport(), Qt.MouseButton.LeftButton, pos=mosaic.rect_of(0).center().toPoint())
    assert picked.args == [0]
    with qtbot.waitSignal(mosaic.picked) as picked:
        QTest.keyClick(mosaic, Qt.Key.Key_Home)
    assert picked.args == [2]
    assert mosaic.accessibleDescription() == "map 1"


def test_scrolling_shows_the_rest_and_the_chosen_map_comes_into_sight(qtbot):
    mosaic = mosaic_of(qtbot, (200, 150))
    maps = np.zeros((3000, 2, 2), np.float32)
    maps[2999] = 1
    mosaic.set_maps(maps, np.ones(3000, np.float32), range(3000), signed=False)
    assert mosaic.verticalScrollBar().maximum() > 0
    mosaic.set_chosen(2999)
    rect = mosaic.rect_of(2999)
    assert mosaic.viewport().rect().contains(rect.toAlignedRect().adjusted(1, 1, -1, -1))
    centre = rect.center()
    assert colour_at(mosaic.viewport(), centre.x(), centre.y()) == QColor(colour_maps.map_colours("viridis")[-1])
    ratio = mosaic.devicePixelRatioF()
    assert mosaic.picture().height() > 150 * ratio


def test_pictures_keep_their_own_colours_and_gaps_the_ground(qtbot):
    mosaic = mosaic_of(qtbot)
    pixels = np.zeros((3, 3, 3, 3), np.uint8)
    pixels[1] = (200, 30, 10)
    mosaic.set_pictures(pixels, range(3))
    mosaic.set_chosen(0)
    rect = mosaic.rect_of(1)
    assert colour_at(mosaic.viewport(), rect.center().x(), rect.center().y()) == QColor(200, 30, 10)
    assert colour_at(mosaic.viewport(), rect.right() + 2, rect.center().y()) == theme.colours(mosaic).window


def test_nothing_to_show_is_quiet(qtbot):
    mosaic = mosaic_of(qtbot)
    with qtbot.assertNotEmitted(mosaic.picked):
        QTest.keyClick(mosaic, Qt.Key.Key_Right)
        QTest.mouseClick(mosaic.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    mosaic.grab()


@pytest.fixture
def canvas(qtbot):
    made = FieldCanvas()
    qtbot.addWidget(made)
    made.resize(300, 300)
    made.set_photo(np.full((100, 100, 3), 255, np.uint8), (0.0, 0.0, 1.0, 1.0))
    made.set_tokens(PatchGrid(2, 2))
    made.show()
    qtbot.waitExposed(made)
    return made


def test_numbers_below_zero_have_colours_of_their_own(canvas):
    canvas.set_opacity(1.0)
    canvas.set_signed(True)
    canvas.set_overlay(np.array([-1, 0, 0.5, 1], np.float32), 1.0)
    colours = colour_maps.map_colours(SIGNED)
    layout = canvas.tokens_layout()
    for token, entry in ((0, 0), (1, 127), (3, 253)):
        place = layout.rect_of(token).center()
        assert colour_at(canvas, place.x() + 9, place.y() + 9) == QColor(colours[entry])
    assert canvas.value_of(0) == -1
    canvas.set_signed(False)
    place = layout.rect_of(3).center()
    assert colour_at(canvas, place.x() + 9, place.y() + 9) == QColor(colour_maps.map_colours("viridis")[-1])


def test_the_photo_shines_through_signed_numbers_too(canvas):
    canvas.set_signed(True)
    canvas.set_overlay(np.array([-1, 0, 0.5, 1], np.float32), 1.0)
    place = canvas.tokens_layout().rect_of(0).center()
    shown = []
    for opacity in (1.0, 0.4, 0.0):
        canvas.set_opacity(opacity)
        shown.append(colour_at(canvas, place.x() + 9, place.y() + 9).lightness())
    assert shown[0] < shown[1] < shown[2] == 255


def test_a_receptive_field_is_framed_where_it_lies_and_the_rest_darkened(canvas):
    canvas.set_field((0.25, 0.5, 0.5, 1.25))
    region, frame = canvas.tokens_layout().region, canvas.field_rect()
    assert frame.left() == pytest.approx(region.left() + region.width() / 4)
    assert frame.bottom() == pytest.approx(region.top() + region.height() * 1.25)
    inside = colour_at(canvas, frame.center().x() + 7, frame.top() + 20)
    outside = colour_at(canvas, region.right() - 20, region.top() + 20)
    assert inside == QColor("white")
    assert outside.lightness() < 200
    assert canvas.picture().width() > 0
    canvas.set_field(None)
    assert colour_at(canvas, region.right() - 20, region.top() + 20) == QColor("white")


def test_the_scale_goes_below_zero_where_it_is_told_to(qtbot):
    bar = SignedBar()
    qtbot.addWidget(bar)
    bar.resize(bar.sizeHint())
    bar.set_range(3.0)
    bar.set_signed(True)
    assert "−3" in bar.toolTip()
    bar.show()
    qtbot.waitExposed(bar)
    colours = colour_maps.map_colours(SIGNED)
    low = bar.grab().toImage().pixelColor(6, bar.height() - 14)
    assert abs(low.red() - QColor(colours[0]).red()) < 12
    bar.set_signed(False)
    assert "from 0" in bar.toolTip()

"""Curves: where points lie, what is read at a place, what is given away; and several photos side by side."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from desktop_app import theme
from desktop_app.widgets.line_plot import Axes, LinePlot, Series
from desktop_app.widgets.photo_gallery import Card, PhotoGallery
from desktop_app.widgets.plot_ink import DARK, LIGHT
from desktop_app.widgets.plot_legend import PlotLegend


def curve(name, y, **more):
    return Series(name, np.arange(len(y), dtype=np.float32), np.array(y, np.float32), **more)


@pytest.fixture
def plot(qtbot):
    made = LinePlot("curves")
    qtbot.addWidget(made)
    made.resize(480, 300)
    made.show()
    qtbot.waitExposed(made)
    made.set_series([curve("first", [4, 2, 1]), curve("second", [0, np.nan, 3], ink=1)], Axes("x", "y", 2, 4))
    return made


def test_points_lie_between_zero_and_the_far_ends(plot):
    area = plot.area()
    assert plot.place(0, 0) == area.bottomLeft()
    assert plot.place(2, 4).x() == pytest.approx(area.right(), abs=1)
    assert plot.place(2, 4).y() == pytest.approx(area.top(), abs=1)
    assert plot.rect().contains(area.toAlignedRect())


def test_all_curves_are_read_at_the_nearest_place_that_has_a_number(plot):
    assert plot.read(1.2) == [("first", 1.0, 2.0), ("second", 2.0, 3.0)]
    assert "second: 2 → 3" in plot.exhibit(plot.place(1.9, 3)).told
    assert plot.exhibit(plot.place(1.9, 3)).number == 3
    assert plot.exhibit(plot.place(0, 0)).lines == [
        ["x", "first", "second"], [0.0, 4.0, 0.0], [1.0, 2.0, pytest.approx(np.nan, nan_ok=True)], [2.0, 1.0, 3.0],
    ]  # fmt: skip


def test_the_pointer_and_the_arrows_read_places(plot, qtbot):
    with qtbot.waitSignal(plot.pointed) as pointed:
        QTest.mouseMove(plot, plot.place(1.05, 1).toPoint())
    assert pointed.args == [1.0]
    with qtbot.waitSignal(plot.pointed) as pointed:
        QTest.keyClick(plot, Qt.Key.Key_Right)
    assert pointed.args == [2.0]
    assert "first: 1" in plot.accessibleDescription()
    with qtbot.waitSignal(plot.pointed) as pointed:
        QTest.mouseMove(plot, QPoint(2, 2))
    assert pointed.args == [None]


def test_a_curve_and_its_band_are_drawn_in_its_colour(plot):
    flat = [2, 2, 2]
    plot.set_series(
        [curve("only", flat, low=np.ones(3, np.float32), high=np.full(3, 3, np.float32))], Axes("", "", 2, 4)
    )
    image = plot.grab().toImage()
    at = plot.place(0.5, 2).toPoint()
    assert image.pixelColor(at).name() == LIGHT[0]
    band = image.pixelColor(plot.place(0.5, 2.6).toPoint())
    assert band.blue() > band.red()
    assert image.pixelColor(plot.place(0.5, 3.7).toPoint()) == theme.LIGHT.surface


def test_no_curves_are_quiet(plot, qtbot):
    plot.set_series((), Axes())
    with qtbot.assertNotEmitted(plot.pointed):
        QTest.keyClick(plot, Qt.Key.Key_Right)
    assert plot.exhibit(None) is None
    plot.grab()


def test_inks_of_both_grounds_are_seen_on_them():
    from PySide6.QtGui import QColor

    for inks, worn in ((LIGHT, theme.LIGHT), (DARK, theme.DARK)):
        assert len(set(inks)) == len(inks)
        for ink in inks:
            assert abs(QColor(ink).lightness() - worn.surface.lightness()) > 60, ink


def test_the_legend_takes_as_many_lines_as_it_needs(qtbot):
    legend = PlotLegend()
    qtbot.addWidget(legend)
    legend.resize(600, 10)
    legend.show()
    qtbot.waitExposed(legend)
    assert legend.height() <= 10
    legend.set_series([curve(f"a rather long name {i}", [1], ink=i) for i in range(6)])
    wide = legend.height()
    legend.resize(160, wide)
    assert legend.height() >= 3 * wide / 2


@pytest.fixture
def gallery(qtbot):
    made = PhotoGallery("maps")
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    qtbot.waitExposed(made)
    made.set_photo(np.full((60, 80, 3), 255, np.uint8), (0.0, 0.0, 0.5, 1.0))
    values = np.array([[0, 1]], np.float32)
    made.set_cards(
        [Card("a", "A", "note", "tip", values), Card("b", "B"), Card("c", "C", values=-values, signed=True)], "a"
    )
    return made


def test_cards_lie_inside_and_are_found_where_they_lie(gallery):
    for place, key in enumerate("abc"):
        rect = gallery.rect_of(place)
        assert gallery.rect().contains(rect.toAlignedRect())
        assert gallery.key_at(rect.center()) == key
        assert rect.width() / rect.height() == pytest.approx(80 / 60, rel=0.01)


def test_a_map_lies_on_what_the_model_sees_alone(gallery):
    gallery.set_look("gray", 1.0, smooth=False)
    image, rect = gallery.grab().toImage(), gallery.rect_of(0)
    black = image.pixelColor(QPoint(round(rect.left() + rect.width() * 0.12), round(rect.center().y())))
    unseen = image.pixelColor(QPoint(round(rect.left() + rect.width() * 0.8), round(rect.center().y())))
    assert black.lightness() < 20
    assert unseen.lightness() > 240


def test_cards_are_clicked_walked_over_and_given_away(gallery, qtbot):
    with qtbot.waitSignal(gallery.picked) as picked:
        QTest.mouseClick(gallery, Qt.MouseButton.LeftButton, pos=gallery.rect_of(2).center().toPoint())
    assert picked.args == ["c"]
    with qtbot.waitSignal(gallery.picked) as picked:
        QTest.keyClick(gallery, Qt.Key.Key_Right)
    assert picked.args == ["b"]
    assert gallery.accessibleDescription() == "A. note"
    assert gallery.exhibit(None).told == "tip"
    assert gallery.exhibit(gallery.rect_of(1).center()).values is None

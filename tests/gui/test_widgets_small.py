"""Colour maps, scale, prediction bars, chooser, segments, lines of text, flow of controls, dress."""

import itertools

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from desktop_app import theme
from desktop_app.widgets import colour_maps
from desktop_app.widgets.colour_bar import ColorBar, number, ticks
from desktop_app.widgets.flow import FlowLayout
from desktop_app.widgets.image_paint import readable_on
from desktop_app.widgets.map_chooser import MapChooser
from desktop_app.widgets.prediction_bars import PredictionBars
from desktop_app.widgets.segmented import Segmented
from desktop_app.widgets.text_line import TextLine


def contrast(first, second):
    def bright(colour):
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.getRgbF()[:3]]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted((bright(first), bright(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", colour_maps.MAPS)
def test_maps_grow_lighter_from_the_first_colour_to_the_last(name):
    light = [QColor(c).toHsl().lightnessF() for c in colour_maps.map_colours(name)]
    grey = [
        0.2126 * QColor(c).redF() + 0.7152 * QColor(c).greenF() + 0.0722 * QColor(c).blueF()
        for c in colour_maps.map_colours(name)
    ]
    assert len(light) == colour_maps.STEPS
    assert all(b >= a - 0.005 for a, b in itertools.pairwise(grey))
    assert grey[-1] - grey[0] > 0.6


def test_numbers_become_entries_of_the_table():
    values = np.array([0, 0.5, 1, 2, -1, np.nan], np.float32)
    assert colour_maps.levels(values, 1.0).tolist() == [0, 127, 253, 253, 0, colour_maps.MISSING]
    assert colour_maps.levels(values[:3], 0.0).tolist() == [0, 0, 0]
    high = np.array([[1.0], [2.0]], np.float32)
    assert colour_maps.levels(np.array([[1.0], [1.0]], np.float32), high).tolist() == [[253], [127]]


@pytest.mark.parametrize("width", [1, 3, 14, 197])
def test_pictures_of_any_width_keep_their_pixels(width):
    entries = np.arange(3 * width).reshape(3, width).astype(np.uint8)
    image = colour_maps.indexed(entries, [QColor(i, 0, 0).rgba() for i in range(256)])
    assert [[image.pixelColor(x, y).red() for x in range(width)] for y in range(3)] == entries.tolist()


@pytest.mark.parametrize("high", [1.0, 0.0604, 0.00012, 7.3, 350.0, 1e-9])
@pytest.mark.parametrize("most", [2, 6])
def test_ticks_are_round_and_within_the_scale(high, most):
    found = ticks(high, most)
    assert found[0] == 0
    assert 1 < len(found) <= most + 1
    assert found[-1] <= high * (1 + 1e-9)
    step = found[1]
    assert round(step / 10 ** np.floor(np.log10(step) + 1e-9)) in (1, 2, 5)
    assert len({number(tick, high) for tick in found}) == len(found)


def test_nothing_to_scale_is_no_crash(qtbot):
    assert ticks(0.0, 5) == [0.0]
    assert number(0.0, 0.0) == "0"
    bar = ColorBar()
    qtbot.addWidget(bar)
    bar.set_range(0.0)
    bar.grab()


def test_the_bar_says_its_range_and_whether_more_is_cut_off(qtbot):
    bar = ColorBar()
    qtbot.addWidget(bar)
    bar.set_range(0.125)
    assert "0.125" in bar.toolTip()
    assert "last colour too" not in bar.toolTip()
    bar.set_range(0.125, over=True)
    assert "last colour too" in bar.accessibleDescription()


def test_the_bar_has_the_last_colour_on_top_and_spans_what_it_explains(qtbot):
    bar = ColorBar()
    qtbot.addWidget(bar)
    bar.resize(80, 300)
    bar.set_span(50, 250)
    bar.set_colour_map("gray")
    image = bar.grab().toImage()
    assert image.pixelColor(7, 55).lightness() > 240
    assert image.pixelColor(7, 245).lightness() < 15
    assert image.pixelColor(7, 20) == image.pixelColor(7, 290)


def test_the_longest_bar_belongs_to_the_likeliest_class(qtbot):
    bars = PredictionBars()
    qtbot.addWidget(bars)
    bars.set_rows([("cat", 0.9), ("dog", 0.1), ("a very long name of a class that never ends", 0.0001)])
    bars.resize(200, bars.sizeHint().height())
    image = bars.grab().toImage()
    worn = theme.colours(bars)
    filled = [0, 0, 0]
    for row in range(3):
        for colour in (worn.accent, worn.quiet):
            top = row * image.height() // 3
            count = max(
                sum(image.pixelColor(x, y) == colour for x in range(image.width()))
                for y in range(top + image.height() // 6, top + image.height() // 3)
            )
            filled[row] = max(filled[row], count)
    assert filled[0] > 150 > 40 > filled[1] > filled[2]
    assert "cat: 90.0 %" in bars.accessibleDescription()
    assert "< 0.1 %" in bars.accessibleDescription()
    bars.set_rows([])
    assert bars.sizeHint().height() == 0


def test_the_chooser_names_the_chosen_map(qtbot):
    chooser = MapChooser()
    qtbot.addWidget(chooser)
    with qtbot.waitSignal(chooser.chosen) as caught:
        chooser.set_name("magma")
    assert caught.args == ["magma"]
    chooser.set_name("jet")
    assert chooser.name() == "magma"


def test_a_segment_is_chosen_by_click_and_by_key(qtbot):
    segments = Segmented(("a", "b", "c"))
    qtbot.addWidget(segments)
    for key in "abc":
        segments.set_text(key, key, key)
    segments.set_choice("a")
    segments.show()
    heard = []
    segments.chosen.connect(heard.append)
    QTest.mouseClick(segments.button("b"), Qt.MouseButton.LeftButton)
    QTest.keyClick(segments.button("c"), Qt.Key.Key_Space)
    assert heard == ["b", "c"]
    assert segments.choice() == "c"
    segments.set_choice("a")
    assert heard == ["b", "c"]
    assert segments.choice() == "a"


def test_a_line_that_does_not_fit_is_whole_in_the_tooltip(qtbot):
    line = TextLine()
    qtbot.addWidget(line)
    line.resize(60, 20)
    line.set_text("a sentence that is longer than sixty pixels")
    assert line.toolTip() == line.text()
    line.resize(600, 20)
    QApplication.sendPostedEvents()
    line.show()
    assert line.toolTip() == ""


def test_controls_flow_into_as_many_lines_as_they_need(qtbot):
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(holder, across=10, down=5)
    labels = [QLabel() for _ in range(4)]
    for label in labels:
        label.setFixedSize(QSize(100, 20))
        flow.addWidget(label)
    assert flow.heightForWidth(430) == 20
    assert flow.heightForWidth(429) == 45
    assert flow.heightForWidth(100) == 95
    flow.setGeometry(QRect(0, 0, 220, 100))
    assert [label.pos().toTuple() for label in labels] == [(0, 0), (110, 0), (0, 25), (110, 25)]
    assert flow.count() == 4
    assert flow.itemAt(9) is None


@pytest.mark.parametrize("worn", [theme.LIGHT, theme.DARK])
def test_text_can_be_read(worn):
    assert contrast(worn.text, worn.window) > 10
    for text, ground in ((worn.quiet, worn.window), (worn.quiet, worn.surface), (worn.on_accent, worn.accent)):
        assert contrast(text, ground) > 4.5
    assert contrast(worn.accent, worn.window) > 3


@pytest.mark.parametrize("name", colour_maps.MAPS)
def test_numbers_on_every_colour_of_a_map_can_be_read(name):
    for colour in colour_maps.map_colours(name):
        assert contrast(readable_on(QColor(colour)), QColor(colour)) > 4.4


def test_dark_and_light_are_worn_at_once(qtbot, qapp):
    label = QLabel("x")
    qtbot.addWidget(label)
    assert theme.apply(qapp, "dark") == "dark"
    assert theme.colours(label) == theme.DARK
    assert theme.apply(qapp, "light") == "light"
    assert theme.colours(label) == theme.LIGHT
    assert theme.apply(qapp, "system") in ("light", "dark")


def test_names_follow_the_language(qtbot, qapp):
    from desktop_app import i18n

    bars, bar, chooser = PredictionBars(), ColorBar(), MapChooser()
    for widget in (bars, bar, chooser):
        qtbot.addWidget(widget)
    i18n.use("es")
    QApplication.sendPostedEvents(None, QEvent.Type.LanguageChange.value)
    assert bars.accessibleName() == "Predicción"
    assert bar.accessibleName() == "Escala de color"
    assert chooser.accessibleName() == "Mapa de color"

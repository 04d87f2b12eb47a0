"""The image canvas and the matrix canvas: where tokens lie, what the pointer and the keys ask for, what is painted."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app import theme
from desktop_app.widgets import colour_maps
from desktop_app.widgets.canvas_layout import MatrixLayout, image_layout
from desktop_app.widgets.image_canvas import ImageCanvas
from desktop_app.widgets.matrix_canvas import MatrixCanvas
from engine.grid import PatchGrid
from tests.gui.pointer import move

GRID = PatchGrid(3, 4, prefix=2, suffix=1)
CHIP = QSizeF(60, 40)


@pytest.fixture
def canvas(qtbot):
    widget = ImageCanvas()
    qtbot.addWidget(widget)
    widget.resize(500, 400)
    widget.set_photo(np.full((300, 400, 3), 128, np.uint8))
    widget.set_tokens(GRID, ("class", "register", "last"))
    widget.set_overlay(np.linspace(0, 1, GRID.tokens, dtype=np.float32), 1.0)
    widget.set_opacity(1.0)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def centre(widget, token):
    return widget.tokens_layout().rect_of(token).center().toPoint()


def colour_at(widget, point):
    image = widget.grab().toImage()
    return image.pixelColor(point * image.devicePixelRatio())


def near(first, second, by=3):
    return all(abs(a - b) <= by for a, b in zip(first.getRgb(), second.getRgb(), strict=True))


def map_colour(value, high=1.0, name="viridis"):
    entry = int(colour_maps.levels(np.array([value], np.float32), high)[0])
    return QColor(colour_maps.map_colours(name)[entry])


@pytest.mark.parametrize("region", [(0, 0, 1, 1), (0.25, 0.0, 0.75, 1.0), (-0.5, 0.0, 1.5, 1.0)])
@pytest.mark.parametrize("size", [QSizeF(500, 400), QSizeF(200, 700), QSizeF(900, 250)])
def test_every_token_is_found_where_it_lies(region, size):
    layout = image_layout(size, (400, 300), region, GRID, CHIP, 8)
    for token in range(GRID.tokens):
        assert layout.token_at(layout.rect_of(token).center()) == token
    whole = QRectF(QPointF(0, 0), size).adjusted(-0.01, -0.01, 0.01, 0.01)
    assert whole.contains(layout.extent())
    assert layout.photo.width() / layout.photo.height() == pytest.approx(4 / 3)


def test_the_region_is_the_part_of_the_photo_the_model_sees():
    layout = image_layout(QSizeF(400, 300), (400, 300), (0.25, 0.0, 0.75, 1.0), PatchGrid(2, 2), CHIP, 8)
    assert layout.photo == QRectF(0, 0, 400, 300)
    assert layout.region == QRectF(100, 0, 200, 300)
    assert layout.token_at(QPointF(50, 150)) is None  # the model does not see it


def test_padding_the_model_sees_is_part_of_the_picture():
    layout = image_layout(QSizeF(400, 400), (400, 200), (0.0, -0.5, 1.0, 1.5), PatchGrid(2, 2), CHIP, 8)
    assert layout.region == QRectF(0, 0, 400, 400)
    assert layout.photo == QRectF(0, 100, 400, 200)


def test_chips_go_where_they_leave_the_photo_larger():
    tall = image_layout(QSizeF(300, 800), (400, 300), (0, 0, 1, 1), GRID, CHIP, 8)
    wide = image_layout(QSizeF(900, 300), (400, 300), (0, 0, 1, 1), GRID, CHIP, 8)
    assert tall.above
    assert not wide.above
    assert all(chip.bottom() <= tall.region.top() for chip in tall.chips)
    assert all(chip.right() <= wide.region.left() for chip in wide.chips)


def test_thirty_special_tokens_still_fit():
    grid = PatchGrid(3, 4, prefix=30)
    layout = image_layout(QSizeF(400, 300), (400, 300), (0, 0, 1, 1), grid, CHIP, 8)
    assert layout.extent().bottom() <= 300.01
    assert [layout.token_at(chip.center()) for chip in layout.chips] == list(range(30))


@pytest.mark.parametrize("size", [QSizeF(300, 800), QSizeF(900, 300)])
def test_walking_reaches_every_token_and_never_leaves(size):
    layout = image_layout(size, (400, 300), (0, 0, 1, 1), GRID, CHIP, 8)
    seen, todo = set(), [layout.step(None, 1, 0)]
    while todo:
        token = todo.pop()
        if token not in seen:
            seen.add(token)
            todo += [layout.step(token, *way) for way in ((1, 0), (-1, 0), (0, 1), (0, -1))]
    assert seen == set(range(GRID.tokens))
    assert layout.step(GRID.token_at(1, 1), 1, 0) == GRID.token_at(1, 2)
    assert layout.step(GRID.token_at(1, 1), 0, 1) == GRID.token_at(2, 1)


def test_the_pointer_names_the_token_under_it_once(canvas):
    heard = []
    canvas.hovered.connect(heard.append)
    for token in (GRID.token_at(0, 0), GRID.token_at(2, 3), 0, 1, GRID.tokens - 1):
        move(canvas, centre(canvas, token))
        move(canvas, centre(canvas, token) + QPoint(1, 0))
    assert heard == [GRID.token_at(0, 0), GRID.token_at(2, 3), 0, 1, GRID.tokens - 1]
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    assert heard[-1] is None


def test_a_click_names_its_token_and_a_click_beside_none(canvas, qtbot):
    with qtbot.waitSignal(canvas.clicked) as caught:
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=centre(canvas, 7))
    assert caught.args == [7]
    with qtbot.assertNotEmitted(canvas.clicked):
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
        QTest.mouseClick(canvas, Qt.MouseButton.RightButton, pos=centre(canvas, 7))


def test_keys_walk_pin_and_unpin(canvas, qtbot):
    canvas.set_marks(GRID.token_at(1, 1), pinned=False)
    walked, clicked, unpinned = [], [], []
    canvas.walked.connect(walked.append)
    canvas.clicked.connect(clicked.append)
    canvas.unpinned.connect(lambda: unpinned.append(1))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Up):
        QTest.keyClick(canvas, key)
    assert walked == [GRID.token_at(*place) for place in ((1, 2), (1, 0), (2, 1), (0, 1))]
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert clicked == [GRID.token_at(1, 1)] * 2
    assert unpinned == [1]


def test_each_patch_has_the_colour_of_its_number(canvas):
    values = np.linspace(0, 1, GRID.tokens)
    for token in range(GRID.prefix, GRID.prefix + GRID.patches):
        assert near(colour_at(canvas, centre(canvas, token)), map_colour(values[token]))
    canvas.set_colour_map("cividis")
    assert near(colour_at(canvas, centre(canvas, 13)), map_colour(values[13], name="cividis"))


def test_opacity_lets_the_photo_through(canvas):
    canvas.set_opacity(0.0)
    assert near(colour_at(canvas, centre(canvas, 5)), QColor(128, 128, 128))
    canvas.set_opacity(0.5)
    over = map_colour(5 / (GRID.tokens - 1))
    mixed = QColor(*((a + b) // 2 for a, b in zip(over.getRgb()[:3], (128, 128, 128), strict=True)))
    assert near(colour_at(canvas, centre(canvas, 5)), mixed)


def test_a_smooth_overlay_has_colours_between_those_of_its_patches(canvas):
    values = np.zeros(GRID.tokens, np.float32)
    values[GRID.token_at(1, 1)] = 1
    canvas.set_overlay(values, 1.0)
    layout = canvas.tokens_layout()
    edge = layout.rect_of(GRID.token_at(1, 1)).center() * 0.55 + layout.rect_of(GRID.token_at(1, 2)).center() * 0.45
    assert near(colour_at(canvas, edge.toPoint()), map_colour(1.0))
    canvas.set_smooth(True)
    assert not near(colour_at(canvas, edge.toPoint()), map_colour(1.0), by=20)


def test_what_the_model_does_not_see_fades(canvas):
    canvas.set_overlay(None)
    canvas.set_photo(np.zeros((300, 400, 3), np.uint8), (0.25, 0.0, 0.75, 1.0))
    layout = canvas.tokens_layout()
    outside = QPointF(layout.photo.left() + 10, layout.photo.center().y()).toPoint()
    assert colour_at(canvas, outside).lightness() > 100
    assert colour_at(canvas, centre(canvas, GRID.token_at(1, 1))).lightness() < 60


def test_marks_are_seen_on_dark_and_light(canvas):
    for level in (0, 255):
        canvas.set_photo(np.full((300, 400, 3), level, np.uint8))
        canvas.set_overlay(None)
        canvas.set_marks(None, pinned=False)
        plain = canvas.grab().toImage()
        canvas.set_marks(6, pinned=False)
        pointed = canvas.grab().toImage()
        canvas.set_marks(6, pinned=True)
        assert (
            len({image.cacheKey() and bytes(image.constBits()) for image in (plain, pointed, canvas.grab().toImage())})
            == 3
        )


def test_tooltip_and_description_give_the_exact_number(canvas):
    values = np.full(GRID.tokens, 0.123456, np.float32)
    canvas.set_overlay(values, 1.0)
    token = GRID.token_at(1, 2)
    assert canvas.tip(QPointF(centre(canvas, token))) == "Row 1, column 2 (token 8): 0.123456"
    assert canvas.tip(QPointF(centre(canvas, 1))).startswith("register (token 1")
    assert canvas.tip(QPointF(1, 1)) == ""
    canvas.set_marks(token, pinned=True)
    assert "0.123456" in canvas.accessibleDescription()


def test_a_missing_number_is_neither_zero_nor_a_crash(canvas):
    values = np.full(GRID.tokens, np.nan, np.float32)
    canvas.set_overlay(values, 1.0)
    assert near(colour_at(canvas, centre(canvas, 6)), theme.colours(canvas).missing)
    assert canvas.value_of(6) is None
    assert canvas.describe(6) == "Row 1, column 0 (token 6)"


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (5000, 3), (4000, 3000)])
def test_photos_of_any_shape_are_shown(canvas, shape):
    canvas.set_photo(np.zeros((*shape, 3), np.uint8))
    image = canvas.picture()
    assert isinstance(image, QImage)
    assert not image.isNull()
    rect = canvas.tokens_layout().photo
    assert rect.width() / rect.height() == pytest.approx(shape[1] / shape[0], rel=1e-3)


def test_the_picture_has_no_marks(canvas):
    canvas.set_marks(6, pinned=True)
    marked = canvas.picture()
    canvas.set_marks(None, pinned=False)
    assert canvas.picture() == marked


def test_without_tokens_nothing_is_pointed_at(qtbot):
    widget = ImageCanvas()
    qtbot.addWidget(widget)
    widget.show()
    with qtbot.assertNotEmitted(widget.walked):
        QTest.keyClick(widget, Qt.Key.Key_Right)
    move(widget, QPoint(50, 50))
    assert widget.under_pointer() is None


def test_the_theme_reaches_the_canvas(canvas, qapp):
    light = colour_at(canvas, QPoint(1, 398))
    theme.apply(qapp, "dark")
    assert colour_at(canvas, QPoint(1, 398)).lightness() < 60 < light.lightness()


@pytest.fixture
def matrix(qtbot):
    widget = MatrixCanvas()
    qtbot.addWidget(widget)
    widget.resize(400, 400)
    values = np.zeros((5, 7), np.float32)
    values[3, 2] = 1.0
    widget.set_matrix(values, 1.0, by_key=False)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def cell(widget, query, key):
    area = widget.tokens_layout().area
    return QPoint(
        round(area.left() + (key + 0.5) * area.width() / 7), round(area.top() + (query + 0.5) * area.height() / 5)
    )


def test_a_matrix_has_queries_down_and_keys_across(matrix):
    assert near(colour_at(matrix, cell(matrix, 3, 2)), map_colour(1.0))
    assert near(colour_at(matrix, cell(matrix, 2, 3)), map_colour(0.0))
    assert matrix.tip(QPointF(cell(matrix, 3, 2))) == "Query 3, key 2: 1"


@pytest.mark.parametrize(("by_key", "token"), [(False, 4), (True, 6)])
def test_in_a_matrix_the_pointer_chooses_a_query_or_a_key(matrix, qtbot, by_key, token):
    matrix.set_matrix(np.zeros((5, 7), np.float32), 1.0, by_key=by_key)
    with qtbot.waitSignal(matrix.hovered) as caught:
        move(matrix, cell(matrix, 4, 6))
    assert caught.args == [token]


def test_matrix_steps_stay_inside():
    layout = MatrixLayout(QRectF(0, 0, 70, 50), 5, 7, by_key=True)
    assert [layout.step(None, 1, 0), layout.step(6, 1, 0), layout.step(0, -1, 0), layout.step(2, 0, 1)] == [0, 6, 0, 3]
    assert layout.rect_of(7) is None

import csv
import io

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QHelpEvent, QImage, QPainter
from PySide6.QtWidgets import QApplication, QFileDialog, QToolTip, QWidget

from desktop_app import copy_menu
from desktop_app.views import VIEWS
from desktop_app.widgets.bars import Bars
from desktop_app.widgets.colour_bar import ColorBar
from desktop_app.widgets.exhibit import Exhibit, on_grid
from desktop_app.widgets.image_canvas import ImageCanvas
from desktop_app.widgets.matrix_canvas import MatrixCanvas
from desktop_app.widgets.mosaic import Mosaic
from desktop_app.widgets.mosaic_layout import Tiles
from desktop_app.widgets.prediction_bars import PredictionBars
from desktop_app.widgets.strips import Strip, StripTable
from desktop_app.widgets.text_line import TextLine
from engine.grid import PatchGrid

GRID = PatchGrid(2, 3, prefix=1)


def floats(*shape):
    return np.random.default_rng(5).random(shape, dtype=np.float32)


def lines(text, separator=","):
    return list(csv.reader(io.StringIO(text), delimiter=separator))


class Plot(QWidget):
    """What somebody writes who adds a plot: an array, a place for a point, a painting."""

    def __init__(self):
        super().__init__()
        self.values = floats(4)
        copy_menu.join(self, self.exhibit)

    def exhibit(self, point):
        place = 0 if point is None else int(point.x() / self.width() * 4)
        return Exhibit("plot", self.values, ("step",), float(self.values[place]), told=f"step {place}")

    def paintEvent(self, event):  # noqa: N802
        painter = QPainter(self)
        painter.drawText(10, 20, "entropy")
        painter.fillRect(QRectF(30, 30, 20, 20), Qt.GlobalColor.red)
        painter.end()


@pytest.fixture
def plot(qtbot, monkeypatch):
    monkeypatch.setattr(copy_menu, "show", lambda menu, at: None)
    widget = Plot()
    qtbot.addWidget(widget)
    widget.resize(200, 100)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def right_click(widget, x, reason=QContextMenuEvent.Reason.Mouse):
    at = QPoint(x, 50)
    QApplication.sendEvent(widget, QContextMenuEvent(reason, at, widget.mapToGlobal(at)))
    return widget.findChild(copy_menu.Takeaway).menu.actions()


def test_a_plot_of_a_few_lines_gives_number_table_and_picture(plot):
    number, table, picture, *_ = right_click(plot, 110)
    number.trigger()
    assert np.float32(QGuiApplication.clipboard().text()) == plot.values[2]
    table.trigger()
    assert [np.float32(cell) for cell in lines(QGuiApplication.clipboard().text(), "\t")[0]] == list(plot.values)
    picture.trigger()
    image = QGuiApplication.clipboard().image()
    assert image.size() == plot.size() * 2
    assert image.pixelColor(80, 80) == Qt.GlobalColor.red
    number, *_ = right_click(plot, 110, QContextMenuEvent.Reason.Keyboard)
    assert f"{plot.values[0]:.9g}" in number.text()


def test_what_a_plot_is_saved_as(plot, tmp_path, monkeypatch):
    picture, numbers = right_click(plot, 10)[-2:]

    def save(action, name, kind):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / name), kind))
        action.trigger()

    save(picture, "a.png", "")
    assert QImage(str(tmp_path / "a.png")).size() == plot.size() * 2
    save(picture, "cabeza 1.2 ñ", "SVG drawing (*.svg)")
    drawing = (tmp_path / "cabeza 1.2 ñ.svg").read_text(encoding="utf-8")
    assert ">entropy</text>" in drawing
    assert "#ff0000" in drawing
    assert "<image" not in drawing
    save(numbers, "a", "")
    assert lines((tmp_path / "a.csv").read_text())[1] == ["0", f"{plot.values[0]:.9g}"]
    save(numbers, "b", "NumPy arrays (*.npz)")
    with np.load(tmp_path / "b.npz") as saved:
        np.testing.assert_array_equal(saved["values"], plot.values)
        assert list(saved["axes"]) == ["step"]


def test_a_file_that_cannot_be_written_is_said(tmp_path):
    assert "nowhere" in copy_menu.write(tmp_path / "nowhere" / "x.csv", lambda: b"").text()


def test_the_pointer_is_told_the_number(plot):
    at = QPoint(160, 40)
    QApplication.sendEvent(plot, QHelpEvent(QHelpEvent.Type.ToolTip, at, plot.mapToGlobal(at)))
    assert QToolTip.text() == "step 3"
    QToolTip.hideText()


def test_what_a_view_says_replaces_what_its_widget_said(plot):
    first = plot.findChild(copy_menu.Takeaway)
    assert copy_menu.join(plot, lambda _: None) is first
    assert not first.open(QPointF(1, 1), QPoint())


def test_tables_have_headings_and_all_digits():
    values = floats(2, 3)
    table = lines(Exhibit("x", values, ("query", "key"), labels={"key": "abc"}).as_csv())
    assert table[0] == ["query/key", "a", "b", "c"]
    assert [np.float32(row[1:]).tolist() for row in table[1:]] == values.tolist()
    assert lines(Exhibit("x", values, ("query", "key")).as_sheet(), "\t")[0][0] == f"{values[0, 0]:.9g}"
    cube = floats(2, 2, 2)
    table = lines(Exhibit("x", cube, ("head", "query", "key")).as_csv())
    assert table[0] == ["head", "query", "key", "value"]
    assert np.float32(table[-1][-1]) == cube[1, 1, 1]
    double = np.array([0.1 + 0.2])
    assert float(lines(Exhibit("x", double, ("step",)).as_csv())[1][1]) == double[0]
    assert lines(Exhibit("x", np.array([np.nan, 1.0], np.float32), ("k",)).as_csv())[1:] == [["0", ""], ["1", "1"]]
    with pytest.raises(ValueError, match="axes"):
        Exhibit("x", values, ("query",))


def test_patches_lie_on_the_clipboard_as_on_the_image():
    values = floats(7)
    found = on_grid("x", values, GRID, ("class",))
    sheet = lines(found.as_sheet(), "\t")
    assert [len(row) for row in sheet] == [3, 3, 2]
    assert sheet[2][0] == "class"
    table = lines(found.as_csv())
    assert table[1][0] == "class"
    assert table[5] == ["(1, 0)", f"{values[4]:.9g}"]


def make_bars():
    bars = Bars()
    bars.set_values(floats(5), axis="key")
    return bars, bars.area().center(), bars.values[2], ("key",)


def make_matrix():
    matrix = MatrixCanvas()
    values = floats(3, 3)
    matrix.resize(300, 300)
    matrix.set_matrix(values, 1.0, by_key=False)
    return matrix, matrix.tokens_layout().area.center(), values[1, 1], ("query", "key")


def make_canvas():
    canvas, values = ImageCanvas(), floats(7)
    canvas.resize(300, 300)
    canvas.set_tokens(GRID, ("class",))
    canvas.set_overlay(values, 1.0)
    return canvas, canvas.tokens_layout().rect_of(4).center(), values[4], ("token",)


def make_mosaic():
    mosaic, values = Mosaic(), floats(3, 2, 2)
    mosaic.resize(300, 300)
    mosaic.set_tiles([Tiles("0", "attn", values, values.max(axis=(1, 2)))])
    corner = mosaic.place_of(0, 1).bottomRight() - QPoint(2, 2)
    return mosaic, QPointF(corner), values[1, 1, 1], ("row", "column")


def make_singles():
    mosaic, values = Mosaic(), floats(3, 1, 1)
    mosaic.resize(300, 300)
    mosaic.set_tiles([Tiles("0", "attn", values, np.ones(3, np.float32))])
    return mosaic, QPointF(mosaic.place_of(0, 2).center()), values[2, 0, 0], ("layer", "head")


def make_strips():
    table = StripTable()
    rows = [Strip("q", floats(4), "dim"), Strip("k", floats(4) * 2, "dim"), Strip("row", floats(9), "key")]
    table.resize(400, 200)
    table.set_strips(rows)
    rect = table.strip_rect(1)
    return table, rect.topLeft() + QPointF(rect.width() * 0.9, 3), rows[1].values[3], ("row", "dim")


def make_prediction():
    bars = PredictionBars()
    bars.set_rows([("cat", 0.75), ("dog", 0.25)])
    return bars, QPointF(5, bars.sizeHint().height() * 0.75), 0.25, ("class",)


@pytest.mark.parametrize(
    "make", [make_bars, make_matrix, make_canvas, make_mosaic, make_singles, make_strips, make_prediction]
)
def test_every_widget_gives_its_array_number_and_pictures(qtbot, make):
    widget, point, number, axes = make()
    qtbot.addWidget(widget)
    found = widget.exhibit(point)
    assert found.axes == axes
    assert found.number == pytest.approx(number)
    assert found.values is not None
    assert np.isclose(found.values, number).any()
    takeaway = widget.findChild(copy_menu.Takeaway)
    assert takeaway.image().width() > 0
    assert takeaway.svg("x").startswith(b"<?xml")
    assert found.as_npz()
    found = widget.exhibit(None)
    assert found is not None
    assert found.axes == axes


def paints_itself(widget):
    """Return whether a class of this program paints the widget."""
    return any("paintEvent" in vars(kind) for kind in type(widget).__mro__ if kind.__module__.startswith("desktop_app"))


@pytest.mark.parametrize("kind", VIEWS, ids=lambda kind: kind.name)
def test_every_plot_and_map_of_every_view_has_joined(qtbot, kind):
    """Words, legends, and the colours beside a map, are no plots."""
    view = kind()
    qtbot.addWidget(view)
    painted = [w for w in view.findChildren(QWidget) if paints_itself(w) and not isinstance(w, TextLine | ColorBar)]
    missing = {
        type(widget).__name__
        for widget in painted
        if not type(widget).__name__.endswith("Legend")
        and not any(found.parent() is widget for found in widget.findChildren(copy_menu.Takeaway))
    }
    assert not missing

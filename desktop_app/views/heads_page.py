"""The Heads view's page: controls, large picture with its colour scale, thumbnails of all heads."""

from dataclasses import replace

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.views import heads_text
from desktop_app.views.heads_controls import HeadsControls
from desktop_app.views.heads_data import HeadsData
from desktop_app.widgets.colour_bar import ColorBar
from desktop_app.widgets.columns import column, split
from desktop_app.widgets.image_canvas import ImageCanvas
from desktop_app.widgets.matrix_canvas import MatrixCanvas
from desktop_app.widgets.mosaic import Mosaic
from desktop_app.widgets.task_bar import TaskBar
from desktop_app.widgets.text_line import TextLine
from engine.images.plan import Prepared


class HeadsPage(QWidget):
    """Shows what `compute` gave; who points at what is the view's business."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: HeadsData | None = None
        self._photo: Prepared | None = None
        self.controls = HeadsControls()
        self.canvas, self.matrix, self.mosaic, self.bar = ImageCanvas(), MatrixCanvas(), Mosaic(), ColorBar()
        self.pictures = QStackedWidget()
        self.title, self.all_title = TextLine(size=theme.HEADING), TextLine(size=theme.HEADING)
        self.subtitle, self.readout, self.all_subtitle = (TextLine(quiet=True) for _ in range(3))
        self.progress = TaskBar()
        self._build()
        self.controls.look_changed.connect(self._on_look)
        for canvas in (self.canvas, self.matrix):
            canvas.placed.connect(lambda area: self.bar.set_span(area.top(), area.bottom()))
        self.setFocusProxy(self.canvas)
        self._on_look()

    @property
    def data(self) -> HeadsData | None:
        """What is shown."""
        return self._data

    def show_data(self, data: HeadsData) -> None:
        """Show a picture of all heads."""
        self._data = data
        shared, high = self.controls.shared, data.highs[1 if self.controls.shared else 0]
        tiles = data.tiles
        if shared:
            tiles = tuple(replace(t, high=t.high * 0 + data.highs[1]) for t in tiles)
        self.mosaic.set_tiles(tiles)
        self.mosaic.set_chosen(data.site.index, data.selection.head)
        fixed = data.selection.pinned or data.selection.direction == "class"
        if data.grid is not None:
            self._show_image(data, high)
            self.canvas.set_marks(data.token, pinned=fixed)
        elif data.matrix is not None:
            line = len(data.matrix) == 1
            self.matrix.set_names(*(heads_text.names(side) for side in data.lines))
            self.matrix.set_matrix(data.matrix, high, by_key=line or data.selection.direction == "to")
            self.matrix.set_marks(data.token, pinned=fixed)
        self.pictures.setCurrentIndex(0 if data.grid is not None else 1)
        self.bar.set_range(high, over=bool((data.row > high).any()))
        if data.work is None:
            self.progress.finish()
        else:
            self.progress.show_progress("", *data.reached)
        self.controls.set_selection(data.selection, classes=data.classes)
        self.controls.set_on_image(data.grid is not None)
        self._write(data)

    def forget(self) -> None:
        """Let go of everything shown."""
        self._data = self._photo = None
        self.progress.finish()
        self.mosaic.set_tiles(())
        self.canvas.set_tokens(None)
        self.canvas.set_photo(None)

    def picture(self) -> QImage:
        """Return the large picture as it is painted."""
        return self.canvas.picture() if self.pictures.currentIndex() == 0 else self.matrix.picture()

    def read_out(self) -> None:
        """Show the number under the pointer."""
        if self._data is not None:
            under = self.canvas.under_pointer() if self._data.grid is not None else None
            value = self.canvas.value_of(under) if under is not None else None
            self.readout.set_text(heads_text.readout(self._data, under, value))

    def retranslate(self) -> None:
        """Set every text again."""
        self.controls.retranslate()
        self.progress.retranslate()
        self.all_title.set_text(self.tr("All heads"))
        self.canvas.setAccessibleName(self.tr("Image and what the chosen head attends to"))
        self.matrix.setAccessibleName(self.tr("Attention pattern of the chosen head"))
        self.mosaic.setAccessibleName(self.tr("All heads of all layers"))
        if self._data is not None:
            self.show_data(self._data)

    def _build(self) -> None:
        self.pictures.addWidget(self.canvas)
        self.pictures.addWidget(self.matrix)
        middle = QHBoxLayout()
        middle.setSpacing(theme.NEAR)
        middle.addWidget(self.pictures, 1)
        middle.addWidget(self.bar)
        heading = QWidget()
        row = QHBoxLayout(heading)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.NEAR)
        row.addWidget(self.all_title, 1)
        row.addWidget(self.progress, 1)
        left = column((self.title, self.subtitle, self.readout), middle)
        halves = split((left, 11), (column((heading, self.all_subtitle), self.mosaic), 10))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.APART, theme.APART, theme.APART, theme.NEAR)
        whole.setSpacing(theme.APART)
        whole.addWidget(self.controls)
        whole.addWidget(halves, 1)

    def _on_look(self) -> None:
        for widget in (self.canvas, self.matrix, self.mosaic, self.bar):
            widget.set_colour_map(self.controls.maps.name())
        self.canvas.set_opacity(self.controls.opacity.value() / 100)
        self.canvas.set_smooth(self.controls.smooth.isChecked())
        if self._data is not None:
            self.show_data(self._data)

    def _show_image(self, data: HeadsData, high: float) -> None:
        if data.image is None:
            self.canvas.set_photo(None)
        elif data.image is not self._photo:
            self.canvas.set_photo(data.image.photo.pixels, data.image.region)
        self._photo = data.image
        assert data.grid is not None  # noqa: S101 - the caller asked
        grid = data.pointing or data.grid
        self.canvas.set_tokens(grid, heads_text.special_names(grid))
        self.canvas.set_overlay(data.row, high, data.grid)

    def _write(self, data: HeadsData) -> None:
        self.title.set_text(heads_text.title(data))
        self.subtitle.set_text(heads_text.subtitle(data))
        self.all_subtitle.set_text(heads_text.extent(data))
        self.read_out()

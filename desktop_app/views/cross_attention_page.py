"""The Cross-attention view's page: source above, target below, between them the pattern; alignment and heads beside."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop_app import copy_menu, theme
from desktop_app.views import cross_attention_text as words
from desktop_app.views.cross_attention_controls import CrossControls
from desktop_app.views.cross_attention_data import CrossData, CrossPicture, Floats, Places
from desktop_app.widgets.columns import split
from desktop_app.widgets.exhibit import Exhibit
from desktop_app.widgets.link_canvas import LinkCanvas, ScrolledLinks
from desktop_app.widgets.matrix_canvas import MatrixCanvas
from desktop_app.widgets.mosaic import Mosaic
from desktop_app.widgets.side_picture import SidePicture
from desktop_app.widgets.text_line import TextLine

MOST_LINKED = 300
"""Tokens on a side beyond which links would be a grey mass: the matrix is shown instead."""


class CrossPage(QWidget):
    """Shows what was computed; who points at what is the view's business."""

    aligned = Signal(int)
    """A line of the alignment was chosen: its target token."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controls = CrossControls()
        self.source, self.target = SidePicture(), SidePicture()
        self.links, self.matrix = LinkCanvas(down=False, keys_first=True), MatrixCanvas()
        self.mosaic, self.table = Mosaic(), QTableWidget(0, 4)
        self.too_large = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.title = TextLine(size=theme.HEADING)
        self.align_title, self.all_title = TextLine(size=theme.HEADING), TextLine(size=theme.HEADING)
        self.subtitle, self.source_label, self.target_label, self.align_note = (TextLine(quiet=True) for _ in range(4))
        self.pictures = QStackedWidget()
        self._rows: tuple[tuple[str, str, str, str], ...] = ()
        self._build()
        self.controls.look_changed.connect(self._on_look)
        self.table.itemSelectionChanged.connect(self._on_row)
        copy_menu.join(self.table, self._exhibit)
        self._on_look()

    def show_data(self, data: CrossData, picture: CrossPicture) -> None:
        """Show both sides, the pattern between them, the alignment."""
        places = data.places
        if places is None:
            return
        count = self.controls.shown_tokens if places.target.kind == "text" else len(places.target)
        self.source.set_side(places.source, data.image, data.audio)
        self.target.set_side(places.target, data.image, data.audio)
        self.source.set_numbers(picture.source_row, places.source)
        self.target.set_numbers(picture.target_row, places.target)
        marks = {data.pointed[0]: data.pointed[1]} if data.pointed is not None else {}
        self.source.set_mark(marks.get("source"), pinned=data.selection.pinned)
        self.target.set_mark(marks.get("target"), pinned=data.selection.pinned)
        sought = marks.get("target")
        boxes = places.target.boxes
        self.source.image.set_box(boxes[sought] if sought is not None and sought < len(boxes) else None)
        if self.target.kind == "text":
            self.target.text.set_shown(count)
        self._show_pattern(data, places, picture, count)
        self.title.set_text(words.title(data, self.controls.averaged))
        self.subtitle.set_text(words.subtitle(data))
        self.source_label.set_text(words.side(places.source, target=False))
        self.target_label.set_text(words.side(places.target, target=True))
        self._show_links(data, places, picture, count)

    def show_heads(self, data: CrossData) -> None:
        """Show the heads of the chosen part."""
        if data.tiles is not None:
            self.mosaic.set_tiles(data.tiles())
            self.mosaic.set_chosen(data.layer, data.selection.head)

    def forget(self) -> None:
        """Let go of everything shown."""
        self.controls.stop()
        for side in (self.source, self.target):
            side.forget()
        self.mosaic.set_tiles(())
        self.table.setRowCount(0)
        self._rows = ()

    def retranslate(self) -> None:
        """Set every text again."""
        self.controls.retranslate()
        self.source.set_name(self.tr("Source, coloured by attention"))
        self.target.set_name(self.tr("Target, coloured by attention"))
        self.links.setAccessibleName(self.tr("Attention as links"))
        self.matrix.setAccessibleName(self.tr("Attention pattern"))
        self.mosaic.setAccessibleName(self.tr("Heads of this part"))
        self.table.setAccessibleName(self.tr("Alignment"))
        self.table.setHorizontalHeaderLabels(self._headings())
        tip = self.tr("What the model writes after this token; attention of a token serves the one that follows.")
        heading = self.table.horizontalHeaderItem(1)
        if heading is not None:
            heading.setToolTip(tip)
        self.align_title.set_text(self.tr("Alignment"))
        self.align_note.set_text(self.tr("The source token with the largest weight, special ones left out"))
        self.all_title.set_text(self.tr("Heads of this part"))
        self.too_large.setText(self.tr("This pattern is too large to be drawn whole. Point at a token instead."))

    def _show_pattern(self, data: CrossData, places: Places, picture: CrossPicture, count: int) -> None:
        queries = places.source if data.part == "encoder" else places.target
        keys = places.target if data.part == "decoder" else places.source
        matrix = picture.matrix
        if matrix is None:
            self.pictures.setCurrentWidget(self.too_large)
            return
        matrix = _grown(matrix, data.part, count)
        high = float(matrix.max(initial=0.0))
        rows, columns = queries.pieces[: matrix.shape[0]], keys.pieces[: matrix.shape[1]]
        self.can_link = {queries.kind, keys.kind} == {"text"} and max(matrix.shape) <= MOST_LINKED
        self.controls.picture.setVisible(self.can_link)
        token = data.selection.token
        to = data.selection.direction == "to"
        if token is not None and token >= matrix.shape[to]:
            token = None
        if self.can_link and self.controls.picture.choice() == "links":
            self.links.set_links(rows, columns, matrix, high)
            self.links.set_pale(queries.special[: len(rows)], keys.special[: len(columns)])
            at = self.links.token_of(key=token) if to else self.links.token_of(query=token)
            self.links.set_marks(None if token is None else at, pinned=data.selection.pinned)
            self.pictures.setCurrentWidget(self.links_scroll)
            return
        named = max(matrix.shape) <= 256
        self.matrix.set_names(
            rows if named and queries.kind == "text" else (), columns if named and keys.kind == "text" else ()
        )
        self.matrix.set_matrix(matrix, high, by_key=to)
        self.matrix.set_marks(token, pinned=data.selection.pinned)
        self.pictures.setCurrentWidget(self.matrix)

    def _show_links(self, data: CrossData, places: Places, picture: CrossPicture, count: int) -> None:
        rows = tuple(words.row(link, places.target, places.source) for link in picture.links[:count])
        with QSignalBlocker(self.table):
            if rows != self._rows:
                self._rows = rows
                self.table.setRowCount(len(rows))
                for at, cells in enumerate(rows):
                    for column, text in enumerate(cells):
                        self.table.setItem(at, column, QTableWidgetItem(text))
                self.table.setColumnHidden(1, places.target.kind != "text")
            pointed = data.pointed
            if pointed is not None and pointed[0] == "target" and pointed[1] < len(rows):
                self.table.selectRow(pointed[1])
            else:
                self.table.clearSelection()

    def _on_row(self) -> None:
        rows = {index.row() for index in self.table.selectedIndexes()}
        if len(rows) == 1:
            self.aligned.emit(rows.pop())

    def _exhibit(self, point: object) -> Exhibit | None:  # noqa: ARG002 - the whole table
        if not self._rows:
            return None
        return Exhibit("alignment", None, lines=(self._headings(), *self._rows))

    def _headings(self) -> list[str]:
        return [self.tr("Target"), self.tr("Next"), self.tr("Source"), self.tr("Weight")]

    def _build(self) -> None:
        self.too_large.setProperty("quiet", "true")
        self.links_scroll = ScrolledLinks(self.links)
        self.can_link = True
        for widget in (self.links_scroll, self.matrix, self.too_large):
            self.pictures.addWidget(widget)
        table = self.table
        table.verticalHeader().hide()
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + theme.NEAR)
        left, right = QWidget(), QWidget()
        column, beside = QVBoxLayout(left), QVBoxLayout(right)
        for box in (column, beside):
            box.setContentsMargins(0, 0, 0, 0)
            box.setSpacing(theme.TIGHT)
        for line in (self.title, self.subtitle, self.source_label):
            column.addWidget(line)
        column.addWidget(self.source, 2)
        column.addWidget(self.pictures, 3)
        column.addWidget(self.target_label)
        column.addWidget(self.target)
        for line in (self.align_title, self.align_note):
            beside.addWidget(line)
        beside.addWidget(self.table, 1)
        beside.addSpacing(theme.NEAR)
        beside.addWidget(self.all_title)
        beside.addWidget(self.mosaic, 1)
        halves = split((left, 5), (right, 3))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.APART, theme.APART, theme.APART, theme.NEAR)
        whole.setSpacing(theme.NEAR)
        whole.addWidget(self.controls)
        whole.addWidget(halves, 1)

    def _on_look(self) -> None:
        for widget in (self.source, self.target, self.matrix, self.mosaic):
            widget.set_colour_map(self.controls.maps.name())


def _grown(matrix: Floats, part: str, count: int) -> Floats:
    """Return the rows (and columns) of the target tokens that are shown."""
    if part == "encoder":
        return matrix
    return matrix[:count, :count] if part == "decoder" else matrix[:count]

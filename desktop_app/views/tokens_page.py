"""The Tokens view's page: the text in colours, the pattern as matrix or links, and all heads beside it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.pattern_tiles import PatternTiles
from desktop_app.token_lines import TokenLine
from desktop_app.views import tokens_text
from desktop_app.views.tokens_controls import TokensControls
from desktop_app.views.tokens_data import Picture, TokensData
from desktop_app.widgets.colour_bar import ColorBar
from desktop_app.widgets.columns import split
from desktop_app.widgets.link_canvas import LinkCanvas, ScrolledLinks
from desktop_app.widgets.link_raster import COARSE, FINE, MANY, link_pictures
from desktop_app.widgets.matrix_canvas import MatrixCanvas
from desktop_app.widgets.mosaic import Mosaic
from desktop_app.widgets.mosaic_layout import Tiles
from desktop_app.widgets.segmented import Segmented
from desktop_app.widgets.text_line import TextLine
from desktop_app.widgets.token_text import ScrolledText, TokenText


class TokensPage(QWidget):
    """Shows what was computed; who points at what is the view's business."""

    grid_wanted = Signal()
    """Another kind of thumbnails was chosen."""
    picture_wanted = Signal()
    """Matrix or links were chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controls = TokensControls()
        self.text, self.other = TokenText(), TokenText()
        self.matrix, self.links, self.mosaic = MatrixCanvas(), LinkCanvas(down=True), Mosaic()
        self.bar, self.too_long = ColorBar(), QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.kind, self.grid_kind = Segmented(("matrix", "links")), Segmented(("patterns", "links", "rows"))
        self.title, self.all_title = TextLine(size=theme.HEADING), TextLine(size=theme.HEADING)
        self.subtitle, self.strongest, self.all_subtitle, self.other_label = (TextLine(quiet=True) for _ in range(4))
        self.pictures = QStackedWidget()
        self._lines: dict[TokenText, TokenLine] = {}
        self.kind.set_choice("matrix")
        self.grid_kind.set_choice("patterns")
        self.too_long.setProperty("quiet", "true")
        self._build()
        self.matrix.placed.connect(lambda area: self.bar.set_span(area.top(), area.bottom()))
        self.kind.chosen.connect(lambda _: self.picture_wanted.emit())
        self.grid_kind.chosen.connect(lambda _: self.grid_wanted.emit())
        self.controls.look_changed.connect(self._on_look)
        self.setFocusProxy(self.text)
        self._on_look()

    def show_picture(self, data: TokensData, picture: Picture) -> None:
        """Show the text and the pattern."""
        pointing, coloured = (picture.keys, picture.queries) if data.by_key else (picture.queries, picture.keys)
        if picture.place is None:
            coloured = picture.keys
        together = pointing.line == coloured.line
        self._set_line(self.text, pointing.line)
        self.other_scroll.setVisible(not together)
        self.other_label.setVisible(not together)
        dim = self.controls.settings().fold.special == "dimmed"
        if together:
            self.text.set_values(picture.row, picture.high, dim=dim)
        else:
            self.text.set_values(None)
            self._set_line(self.other, coloured.line)
            self.other.set_values(picture.row, picture.high, dim=dim)
            self.other_label.set_text(self.tr("Queries") if data.by_key else self.tr("Keys"))
        self.text.set_marks(picture.place, pinned=data.selection.pinned)
        self._show_pattern(data, picture, dim=dim)
        self.title.set_text(tokens_text.title(data, self.controls.settings()))
        self.subtitle.set_text(tokens_text.subtitle(data, picture))
        self.strongest.set_text(tokens_text.strongest(picture, by_key=data.by_key))

    def show_rows(self, tiles: Sequence[Tiles], data: TokensData, *, working: bool) -> None:
        """Show one row of every head."""
        self.mosaic.set_tiles(tiles)
        self._finish_grid(data, working=working)

    def show_patterns(self, made: PatternTiles, data: TokensData) -> None:
        """Show the patterns of all heads, as matrices or as links."""
        links = self.grid_kind.choice() == "links"
        size = FINE if sum(len(values) for values in made.tiles) <= MANY else COARSE
        tiles = []
        for site, values in zip(made.run.model.sites, made.tiles, strict=True):
            cells = link_pictures(values, size) if links else values
            tiles.append(Tiles(str(site.index), site.name, cells, values.max(axis=(1, 2))))
        self.mosaic.set_tiles(tiles)
        self._finish_grid(data, working=not made.finished)

    def set_chosen(self, data: TokensData) -> None:
        """Outline the chosen head."""
        self.mosaic.set_chosen(data.site.index, data.selection.head)

    def forget(self) -> None:
        """Let go of everything shown."""
        self.mosaic.set_tiles(())
        self._lines = {}
        for text in (self.text, self.other):
            text.set_tokens((), (), ())

    def retranslate(self) -> None:
        """Set every text again."""
        self.controls.retranslate()
        self.kind.set_text("matrix", self.tr("Matrix"), self.tr("Queries down, keys across; the wheel magnifies."))
        self.kind.set_text("links", self.tr("Links"), self.tr("Queries left, keys right, a line for each weight."))
        self.kind.setAccessibleName(self.tr("Picture of the pattern"))
        self.grid_kind.set_text("patterns", self.tr("Matrices"), self.tr("The whole pattern of every head."))
        self.grid_kind.set_text("links", self.tr("Links"), self.tr("Every head as lines from queries to keys."))
        self.grid_kind.set_text("rows", self.tr("Rows"), self.tr("What the token you point at attends to, per head."))
        self.grid_kind.setAccessibleName(self.tr("Pictures of all heads"))
        self.all_title.set_text(self.tr("All heads"))
        self.text.setAccessibleName(self.tr("Text, coloured by attention"))
        self.other.setAccessibleName(self.tr("The other side of the attention, coloured"))
        self.matrix.setAccessibleName(self.tr("Attention pattern"))
        self.links.setAccessibleName(self.tr("Attention as links"))
        self.mosaic.setAccessibleName(self.tr("All heads of all layers"))

    def _set_line(self, text: TokenText, line: TokenLine) -> None:
        if self._lines.get(text) is not line:
            self._lines[text] = line
            text.set_tokens(line.pieces, line.joined, line.special, line.ids)
            (self.text_scroll if text is self.text else self.other_scroll).fit()

    def _show_pattern(self, data: TokensData, picture: Picture, *, dim: bool) -> None:
        links = self.kind.choice() == "links"
        sides = picture.queries.line, picture.keys.line
        if picture.matrix is None:
            self.too_long.setText(tokens_text.too_long(max(len(data.queries), len(data.keys))))
            self.pictures.setCurrentWidget(self.too_long)
        elif links:
            self.links.set_links(sides[0].pieces, sides[1].pieces, picture.matrix, picture.matrix_high)
            self.links.set_pale(*(side.special if dim else () for side in sides))
            on = {"key": picture.place} if data.by_key else {"query": picture.place}
            self.links.set_marks(self.links.token_of(**on), pinned=data.selection.pinned)
            self.pictures.setCurrentWidget(self.links_scroll)
        else:
            named = max(len(sides[0]), len(sides[1])) <= 256
            self.matrix.set_names(*(side.pieces if named and side.kind != "numbers" else () for side in sides))
            self.matrix.set_matrix(picture.matrix, picture.matrix_high, by_key=data.by_key)
            self.matrix.set_marks(picture.place, pinned=data.selection.pinned)
            self.pictures.setCurrentWidget(self.matrix)
        self.bar.setVisible(picture.matrix is None or not links)
        high = picture.high if picture.matrix is None else picture.matrix_high
        self.bar.set_range(high, over=dim and picture.matrix is not None)

    def _finish_grid(self, data: TokensData, *, working: bool) -> None:
        self.set_chosen(data)
        kind = str(self.grid_kind.choice())
        self.all_subtitle.set_text(tokens_text.grid_text(len(self.mosaic.layout_now().heads), kind, working=working))

    def _build(self) -> None:
        self.text_scroll, self.other_scroll = ScrolledText(self.text, 6), ScrolledText(self.other, 5)
        self.links_scroll = ScrolledLinks(self.links)
        for widget in (self.matrix, self.links_scroll, self.too_long):
            self.pictures.addWidget(widget)
        middle = QHBoxLayout()
        middle.setSpacing(theme.NEAR)
        middle.addWidget(self.pictures, 1)
        middle.addWidget(self.bar)
        left, right = QWidget(), QWidget()
        column = QVBoxLayout(left)
        beside = QVBoxLayout(right)
        for box in (column, beside):
            box.setContentsMargins(0, 0, 0, 0)
            box.setSpacing(theme.TIGHT)
        above = (self.title, self.subtitle, self.text_scroll, self.other_label, self.other_scroll, self.strongest)
        for part in above:
            column.addWidget(part)
        column.addWidget(self.kind)
        column.addLayout(middle, 1)
        for line in (self.all_title, self.all_subtitle, self.grid_kind):
            beside.addWidget(line)
        beside.addWidget(self.mosaic, 1)
        halves = split((left, 11), (right, 10))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.APART, theme.APART, theme.APART, theme.NEAR)
        whole.setSpacing(theme.NEAR)
        whole.addWidget(self.controls)
        whole.addWidget(halves, 1)

    def _on_look(self) -> None:
        for widget in (self.text, self.other, self.matrix, self.mosaic, self.bar):
            widget.set_colour_map(self.controls.maps.name())

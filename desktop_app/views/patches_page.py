"""The patches view's page: controls, the image before and after, and below it tokens, filters, components or norms."""

from typing import Literal

import numpy as np
from PySide6.QtCore import QPointF, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app import copy_menu, theme
from desktop_app.views import patches_data, patches_text
from desktop_app.views.patches_controls import PatchesControls
from desktop_app.views.patches_data import Floats, Grid, NormMap, PatchesData, Pixels
from desktop_app.widgets.cell_mosaic import CellMosaic
from desktop_app.widgets.exhibit import Exhibit
from desktop_app.widgets.patch_canvas import PatchCanvas
from desktop_app.widgets.segmented import Segmented
from desktop_app.widgets.side_scroll import SideScroll
from desktop_app.widgets.task_bar import TaskBar
from desktop_app.widgets.text_line import TextLine
from engine.grid import PatchGrid
from engine.patch_filters import PatchFilters

Part = Literal["tokens", "filters", "components", "norms"]
PARTS: tuple[Part, ...] = ("tokens", "filters", "components", "norms")


class PatchesPage(QWidget):
    """Shows what was computed; who asks for what is the view's business."""

    part_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.data: PatchesData | None = None
        self.filters: PatchFilters | None = None
        self.norms: tuple[NormMap, ...] = ()
        self.refused = ""
        self._shown: tuple[Pixels, Grid] | None = None
        self.held = np.zeros(0, np.intp)
        self.places = np.zeros(0, np.intp)
        self._tiles: Pixels = np.zeros((0, 1, 1, 3), np.uint8)
        self._rgb: tuple[Floats, Floats] = (np.zeros((0, 1, 1, 1), np.float32),) * 2
        self._chosen = dict.fromkeys(PARTS, 0)
        self.controls, self.before, self.after = PatchesControls(), PatchCanvas(), PatchCanvas()
        self.mosaic = CellMosaic(self._describe, self._tell)
        self.parts, self.task = Segmented(PARTS), TaskBar()
        self.cut_line, self.said, self.cell_line = (TextLine(quiet=i > 0) for i in range(3))
        self.below = tuple(TextLine(quiet=i > 0) for i in range(2))
        self._titles = tuple(TextLine(size=theme.HEADING) for _ in range(2))
        self.parts.set_choice("tokens")
        self._build()
        copy_menu.join(self.mosaic, self._exhibit, picture=self.mosaic.picture)
        self.mosaic.picked.connect(self._on_picked)
        self.mosaic.pointed.connect(self._on_cell)
        self.parts.chosen.connect(lambda _: self.show_part())
        self.parts.chosen.connect(lambda _: self.part_changed.emit())

    @property
    def part(self) -> Part:
        """What is shown below."""
        return next(part for part in PARTS if part == self.parts.choice())

    def show_data(self, data: PatchesData) -> None:
        """Show the image before and after; what only pointing changes is not drawn anew."""
        again = self.data is not None and self.data.stamp is data.stamp and self.data.edits == data.edits
        self.data = data
        if not again:
            self.controls.set_data(data)
            self.show_grid()
        self.mark(data.token)

    def show_grid(self) -> None:
        """Cut the image into the patches that are chosen now."""
        data = self.data
        if data is None:
            return
        grid = self.controls.grid()
        for canvas, pixels in ((self.before, data.before), (self.after, data.after)):
            canvas.set_photo(pixels)
            canvas.set_tokens(PatchGrid(*grid))
        self._tiles = patches_data.cut(data.after, grid)
        self.held, self.places = patches_data.holds(data.edits, grid), patches_data.places_of(data.edits, grid)
        self.cut_line.set_text(patches_text.counted(data, grid, self._tiles.shape[1:3]))
        self.show_part()

    def mark(self, patch: int | None) -> None:
        """Mark a patch of the original, and the place it lies at now."""
        if self.data is None:
            return
        grid = self.controls.grid()
        if patch is not None and patch >= grid[0] * grid[1]:
            patch = None
        pinned = self.data.selection.pinned
        self.before.set_marks(patch, pinned=pinned)
        at = None if patch is None else int(self.places[patch])
        self.after.set_marks(at, pinned=pinned)
        if patch is None or at is None:
            self.said.set_text(patches_text.how())
        else:
            self.said.set_text(patches_text.place(grid, at, self.held))
        if self.part == "tokens" and at is not None:
            self.mosaic.set_chosen(at)

    def show_part(self) -> None:
        """Show tokens, filters, components or norms."""
        data, part = self.data, self.part
        if data is None:
            return
        order: range
        if part == "tokens":
            self.mosaic.set_captions([str(place) for place in range(len(self._tiles))])
            self.mosaic.set_pictures(self._tiles, range(len(self._tiles)))
        elif part == "norms":
            maps = np.stack([one.values for one in self.norms]) if self.norms else np.zeros((0, 1, 1), np.float32)
            order = range(len(maps))
            self.mosaic.set_captions([patches_text.caption(one) for one in self.norms])
            self.mosaic.set_maps(maps, maps.max(axis=(1, 2), initial=0), order, signed=False)
        else:
            found = self._rgb[0 if part == "filters" else 1]
            self.mosaic.set_captions(())
            self.mosaic.set_pictures(patches_data.as_colours(found), range(len(found)))
        self._chosen[part] = min(self._chosen[part], max(0, len(self.mosaic.numbers()) - 1))
        self.mosaic.set_chosen(self._chosen[part])
        self._say()

    def take_filters(self, found: PatchFilters | None) -> None:
        """Show these filters."""
        self.filters = found
        if found is not None and self.data is not None:
            self._rgb = patches_data.in_rgb(found, self.data.model)
        self.show_part()

    def take_norms(self, norms: tuple[NormMap, ...]) -> None:
        """Show these norms; the last layer's first, where artefacts are."""
        self.norms = norms
        last = max(0, len(norms) - 1)
        self._chosen["norms"] = min(self._chosen["norms"] or last, last)
        self.show_part()

    def refuse(self, sentence: str) -> None:
        """Say why there is nothing below."""
        self.refused = sentence
        self._say()

    def forget(self) -> None:
        """Let go of everything shown."""
        self.data, self.filters, self.norms, self.refused = None, None, (), ""
        for canvas in (self.before, self.after):
            canvas.set_tokens(None)
            canvas.set_photo(None)

    def retranslate(self) -> None:
        """Set every text again."""
        self.controls.retranslate()
        self.task.retranslate()
        for line, text in zip(self._titles, (self.tr("As it is"), self.tr("What the model sees")), strict=True):
            line.set_text(text)
        words = {
            "tokens": (self.tr("Tokens"), self.tr("The patches in the order in which the model reads them")),
            "filters": (self.tr("Filters"), self.tr("What turns the pixels of a patch into features")),
            "components": (self.tr("Components"), self.tr("Principal components of the filters")),
            "norms": (self.tr("Token norms"), self.tr("How large each token is in every layer")),
        }
        for part, (text, tip) in words.items():
            self.parts.set_text(part, text, tip)
        self.before.setAccessibleName(self.tr("The image as it is, in patches"))
        self.after.setAccessibleName(self.tr("The image as the model sees it, in patches"))
        self.mosaic.setAccessibleName(self.tr("Tokens, filters, components or norms"))
        if self.data is not None:
            self.show_grid()
            self.mark(self.data.token)

    def _build(self) -> None:
        pair = QHBoxLayout()
        pair.setSpacing(theme.APART)
        for title, canvas in zip(self._titles, (self.before, self.after), strict=True):
            one = QVBoxLayout()
            one.setSpacing(theme.TIGHT)
            one.addWidget(title)
            one.addWidget(canvas, 1)
            pair.addLayout(one, 1)
        telling = QHBoxLayout()
        telling.setSpacing(theme.APART)
        telling.addWidget(self.cell_line, 1)
        telling.addWidget(self.task)
        right = QVBoxLayout()
        right.setSpacing(theme.TIGHT)
        right.addWidget(self.cut_line)
        right.addLayout(pair, 5)
        right.addWidget(self.said)
        right.addSpacing(theme.NEAR)
        right.addWidget(self.parts)
        for line in self.below:
            right.addWidget(line)
        right.addWidget(self.mosaic, 3)
        right.addLayout(telling)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(theme.APART, theme.APART, theme.APART, theme.NEAR)
        whole.setSpacing(theme.APART)
        whole.addWidget(SideScroll(self.controls), 3)
        whole.addLayout(right, 8)

    def _say(self) -> None:
        """Say what is shown below, or why nothing is."""
        texts = (self.refused, "")
        if self.part == "tokens":
            texts = (self.tr("The patches in the order in which the model reads them, as it gets them"), "")
        elif self.part == "norms" and self.norms:
            texts = patches_text.norms(self.norms[self._chosen["norms"]])
        elif self.part == "filters" and self.filters is not None and self.data is not None:
            texts = patches_text.filters_from(self.filters, self.data)
        elif self.part == "components" and self.filters is not None:
            texts = patches_text.components_from(self.filters)
        for line, text in zip(self.below, texts, strict=True):
            line.set_text(text)
        self.cell_line.set_text(self._describe(self._chosen[self.part]))

    def _on_picked(self, number: int) -> None:
        self._chosen[self.part] = number
        self.mosaic.set_chosen(number)
        self._say()

    def _on_cell(self, cell: tuple[int, int, int] | None) -> None:
        self.cell_line.set_text(self._describe(self._chosen[self.part]) if cell is None else self._tell(*cell))

    def _describe(self, number: int) -> str:
        """Return what a tile is."""
        part, data = self.part, self.data
        if data is None:
            return ""
        if part == "tokens" and number < len(self._tiles):
            return patches_text.place(self.controls.grid(), number, self.held)
        if part == "norms" and number < len(self.norms):
            return patches_text.layer(self.norms[number])
        if self.filters is not None and part == "filters" and number < len(self._rgb[0]):
            return patches_text.filter_name(number, self.filters.filters[number])
        if self.filters is not None and part == "components" and number < len(self._rgb[1]):
            return patches_text.component_name(number, float(self.filters.shares[number]))
        return ""

    def _tell(self, number: int, row: int, column: int) -> str:
        """Return what a cell of a tile is, exactly."""
        part = self.part
        if part == "tokens" and number < len(self._tiles):
            return f"{self._describe(number)}; {patches_text.colour(self._tiles[number, row, column])}"
        if part == "norms" and number < len(self.norms):
            return patches_text.norm_at(self.norms[number], row, column)
        found = self._rgb[0 if part == "filters" else 1]
        if part in ("filters", "components") and number < len(found):
            return f"{self._describe(number)}; {patches_text.weights(row, column, found[number, :, row, column])}"
        return ""

    def _exhibit(self, point: QPointF | None) -> Exhibit | None:
        """Return the numbers behind what is shown below, and the one at a point."""
        cell = None if point is None else self.mosaic.cell_at(point.toPoint())
        if self.part == "norms" and self.norms:
            values = np.stack([one.values for one in self.norms])
            labels = {"layer": [patches_text.layer(one) for one in self.norms]}
            number = None if cell is None else float(values[cell])
            return Exhibit("token-norms", values, ("layer", "row", "column"), number, labels=labels)
        if self.part == "tokens" and self.data is not None:
            return Exhibit("patches", self._tiles, ("patch", "row", "column", "colour"))
        if self.filters is None:
            return None
        name, axes = f"patch-{self.part}", ("filter", "channel", "row", "column")
        values = self.filters.filters if self.part == "filters" else self.filters.components
        more = {} if self.part == "filters" else {"shares": self.filters.shares}
        return Exhibit(name, values, axes, more=more)

"""The Heads view: what one head looks at, large, and every head of every layer beside it."""

from collections.abc import Hashable
from dataclasses import replace
from typing import Any, ClassVar

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QPointF, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop_app import copy_menu
from desktop_app.forms_asked import FormsAsked
from desktop_app.selection import Direction, Selection
from desktop_app.task_news import TaskNews
from desktop_app.views import heads_data, heads_text
from desktop_app.views.heads_data import HeadsData
from desktop_app.views.heads_page import HeadsPage
from desktop_app.views.paged import AttentionView
from desktop_app.widgets.exhibit import Exhibit, on_grid
from engine import EngineError, ModelDescription, Run

_REST_MS = 30
"""After the pointer moved, missing numbers wait so long before they are worked on."""
_REDRAW_MS = 200
"""Missing numbers are shown so often while they arrive."""


class HeadsView(AttentionView):
    """Point at a patch: the large picture and every thumbnail show what it attends to."""

    name: ClassVar[str] = "heads"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection = Selection()
        self._plain: HeadsData | None = None
        self._stopped = False
        self._forms = FormsAsked(self)
        self.page = HeadsPage()
        self.controls, self.canvas, self.matrix = self.page.controls, self.page.canvas, self.page.matrix
        self.mosaic, self.bar = self.page.mosaic, self.page.bar
        self._slice, self._since = QTimer(self), QElapsedTimer()
        self._slice.setSingleShot(True)
        self.set_page(self.page)
        self._connect()
        self.retranslate()

    @classmethod
    def title(cls) -> str:
        """Return the tab's title."""
        return QCoreApplication.translate("HeadsView", "Heads")

    @classmethod
    def depends(cls, selection: Selection) -> Hashable:
        """Return everything of the selection but what belongs to convolutions."""
        return replace(selection, layer=0, channel=0)

    @staticmethod
    def compute(run: Run, selection: Selection) -> HeadsData:
        """Return every thumbnail and the large picture."""
        return heads_data.compute(run, selection)

    def draw(self, data: HeadsData) -> None:
        """Show a picture of all heads, and go on with what it still misses."""
        self._stopped = False
        self._show(data)
        self._slice.stop()
        if data.work is not None:
            self._since.start()
            self._slice.start(_REST_MS)

    def clear(self, model: ModelDescription | None = None) -> None:
        """Show what to do when there is nothing to look at."""
        self._slice.stop()
        self._plain = None
        self.page.forget()
        super().clear(model)

    @property
    def settled(self) -> bool:
        """Whether every number that belongs to the picture is there."""
        return self.page.data is None or self.page.data.work is None or self._stopped

    def state(self) -> dict[str, Any]:
        """Return how things look."""
        return self.controls.state()

    def restore(self, state: dict[str, Any]) -> None:
        """Set how things look."""
        self.controls.restore(state)

    def retranslate(self) -> None:
        """Set every text again."""
        self.say_why()
        self.page.retranslate()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Unpin with Esc wherever the focus is."""
        if event.key() == Qt.Key.Key_Escape:
            self._on_unpinned()
        else:
            super().keyPressEvent(event)

    def _connect(self) -> None:
        for canvas in (self.canvas, self.matrix):
            canvas.hovered.connect(self._on_hovered)
            canvas.clicked.connect(self._on_clicked)
            canvas.walked.connect(self._on_walked)
            canvas.unpinned.connect(self._on_unpinned)
        self.mosaic.picked.connect(self._on_picked)
        self.mosaic.unpinned.connect(self._on_unpinned)
        copy_menu.join(self.mosaic, self._thumbnail)
        self.controls.direction_wanted.connect(self._on_direction)
        self.controls.mean_wanted.connect(lambda mean: self._want(replace(self._selection, mean_heads=mean)))
        self.controls.weighted.toggled.connect(self._on_weighted)
        self._slice.timeout.connect(self._work)
        self.page.progress.cancel_wanted.connect(self._on_cancel)

    def _want(self, selection: Selection) -> None:
        self._selection = selection
        self.selection_wanted.emit(selection)

    def _pointable(self) -> Selection | None:
        """Return the selection where tokens can be chosen; choosing a patch ends the class token's turn."""
        data, now = self.page.data, self._selection
        if data is None or (data.grid is not None and data.pointing is None):
            return None  # the picture shows keys on the image, but the queries lie elsewhere
        return replace(now, direction="from", token=None, pinned=False) if now.direction == "class" else now

    def _on_clicked(self, token: int) -> None:
        now, chosen = self._pointable(), self._chosen(token)
        if now is None or chosen is None:
            return
        batch, at = chosen
        self._want(replace(now, batch=batch, token=at, pinned=True) if batch != now.batch else now.pin(at))

    def _on_walked(self, token: int) -> None:
        now, chosen = self._pointable(), self._chosen(token)
        if now is not None and chosen is not None:
            self._want(replace(now, batch=chosen[0], token=chosen[1]))

    def _on_hovered(self, token: int | None) -> None:
        if self._selection.direction != "class" and self._pointable() is not None:
            chosen = None if token is None else self._chosen(token)
            batch, at = (self._selection.batch, None) if chosen is None else chosen
            self._want(self._selection if self._selection.pinned else replace(self._selection, batch=batch, token=at))
        self.page.read_out()

    def _chosen(self, token: int) -> tuple[int, int] | None:
        """Return (batch item, token) of what was pointed at; None where no token lies."""
        return None if self.page.data is None else self.page.data.chosen(token)

    def _on_picked(self, site: int, head: int) -> None:
        """Show another head, of the token at the same place."""
        moves = self.page.data.moves if self.page.data is not None else ()
        now = replace(self._selection, site=site, head=head)
        if site < len(moves) and (place := moves[site]) is not None:
            now = replace(now, batch=place[0], token=place[1])
        self._want(now)

    def _on_unpinned(self) -> None:
        self._want(self._selection.unpin())

    def _on_direction(self, direction: Direction) -> None:
        self._want(replace(self._selection, direction=direction))

    def task_moved(self, news: TaskNews) -> None:
        """Show the norms through W_O once it was read."""
        if self._forms.take(news):
            self._on_weighted()

    def _on_cancel(self) -> None:
        """End what is computed for this picture; the next one begins anew."""
        self._slice.stop()
        self._stopped = True
        self.page.progress.finish()

    def _on_weighted(self) -> None:
        """Show weights alone, or times ‖value‖."""
        if self._plain is not None:
            self._show(self._plain)

    def _show(self, data: HeadsData) -> None:
        self._selection, self._plain = data.selection, data
        if self.controls.weighted.isChecked() and data.weigh is not None:
            data = data.weigh(data, self._forms.of(data.model))
        self.page.show_data(data)
        for canvas in (self.canvas, self.matrix):
            canvas.takeaway.name = heads_text.file_name(data)
        self.show_page()

    def _work(self) -> None:
        """Compute a little of what is missing; draw it now and then."""
        data = self.page.data
        if data is None or data.work is None or data.again is None:
            return
        try:
            left = data.work()
            if not left or self._since.elapsed() > _REDRAW_MS:
                data = data.again()
                self._since.restart()
                self._show(data)
        except EngineError:  # the numbers are not in this run; the heads concerned stay empty
            return
        if data.work is not None:
            self._slice.start(0)

    def _thumbnail(self, point: QPointF | None) -> Exhibit | None:
        """Return the numbers of a thumbnail, special tokens included."""
        found, at, data = self.mosaic.exhibit(point), self.mosaic.at(point), self.page.data
        if found is None or at is None or data is None:
            return found
        grid = data.grids[at[0]]
        names = heads_text.special_names(grid) if grid is not None else ()
        tokens = on_grid(found.name, data.values[at[0]][at[1]], grid, names, found.number)
        return replace(tokens, more=found.more)

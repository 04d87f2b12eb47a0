"""The Tokens view: a text in the colours of its attention, the pattern beside it, and every head."""

from collections.abc import Hashable
from dataclasses import replace
from typing import Any, ClassVar

from PySide6.QtCore import QCoreApplication, QElapsedTimer, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from desktop_app.pattern_tiles import PatternTiles
from desktop_app.selection import Selection
from desktop_app.views import tokens_data
from desktop_app.views.paged import AttentionView
from desktop_app.views.tokens_data import Picture, TokensData
from desktop_app.views.tokens_page import TokensPage
from engine import EngineError, ModelDescription, Run

_REST_MS = 30
"""After the pointer moved, missing numbers wait so long before they are worked on."""
_REDRAW_MS = 250


class TokensView(AttentionView):
    """Point at a token: the text shows what it attends to, or what attends to it."""

    name: ClassVar[str] = "tokens"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: TokensData | None = None
        self._picture: Picture | None = None
        self._patterns: PatternTiles | None = None
        self._patterns_of: Hashable = None
        self._left = False
        self._grid_shown: tuple[int, object] = (0, None)
        self.page = TokensPage()
        self.controls, self.text, self.mosaic = self.page.controls, self.page.text, self.page.mosaic
        self._slice, self._since = QTimer(self), QElapsedTimer()
        self._slice.setSingleShot(True)
        self._slice.timeout.connect(self._work)
        self.set_page(self.page)
        self._connect()
        self.retranslate()

    @classmethod
    def title(cls) -> str:
        """Return the tab's title."""
        return QCoreApplication.translate("Tokens", "Tokens")

    @classmethod
    def depends(cls, selection: Selection) -> Hashable:
        """Return everything of the selection but what belongs to convolutions."""
        return replace(selection, layer=0, channel=0)

    @staticmethod
    def compute(run: Run, selection: Selection) -> TokensData:
        """Return what is pointed at."""
        return tokens_data.compute(run, selection)

    def draw(self, data: TokensData) -> None:
        """Show what is pointed at."""
        self._data = data
        self.controls.show_data(data)
        self.show_page()
        self._show()

    def clear(self, model: ModelDescription | None = None) -> None:
        """Show what to do when there is nothing to look at."""
        self._slice.stop()
        self._data = self._picture = self._patterns = None
        self._patterns_of = None
        self.page.forget()
        super().clear(model)

    @property
    def picture(self) -> Picture | None:
        """What the large picture shows."""
        return self._picture

    @property
    def settled(self) -> bool:
        """Whether every number that belongs to the picture is there."""
        return not self._slice.isActive()

    def state(self) -> dict[str, Any]:
        """Return how things look."""
        return {
            **self.controls.state(),
            "picture": self.page.kind.choice(),
            "grid": self.page.grid_kind.choice(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Set how things look."""
        self.controls.restore(state)
        for chooser, name, known in (
            (self.page.kind, "picture", ("matrix", "links")),
            (self.page.grid_kind, "grid", ("patterns", "links", "rows")),
        ):
            if state.get(name) in known:
                chooser.set_choice(state[name])

    def retranslate(self) -> None:
        """Set every text again."""
        self.page.retranslate()
        if self._data is None:
            self.say_why()
        else:
            self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Unpin with Esc wherever the focus is."""
        if event.key() == Qt.Key.Key_Escape:
            self._want(self._selection().unpin())
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Go on computing when somebody looks."""
        super().showEvent(event)
        if self._left:
            self._slice.start(0)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Rest while nobody looks."""
        self._slice.stop()
        super().hideEvent(event)

    def _connect(self) -> None:
        page = self.page
        for canvas in (page.text, page.matrix):
            canvas.hovered.connect(self._on_hovered)
            canvas.clicked.connect(lambda place: self._on_place(place, pin=True))
            canvas.walked.connect(lambda place: self._on_place(place, pin=False))
            canvas.unpinned.connect(lambda: self._want(self._selection().unpin()))
        page.links.hovered.connect(self._on_link)
        page.links.clicked.connect(lambda token: self._on_link(token, pin=True))
        page.links.walked.connect(lambda token: self._on_link(token, walked=True))
        page.links.unpinned.connect(lambda: self._want(self._selection().unpin()))
        page.mosaic.picked.connect(lambda site, head: self._want(replace(self._selection(), site=site, head=head)))
        page.mosaic.unpinned.connect(lambda: self._want(self._selection().unpin()))
        page.grid_wanted.connect(self._show)
        page.picture_wanted.connect(self._show)
        self.controls.direction_wanted.connect(lambda to: self._want(replace(self._selection(), direction=to)))
        self.controls.mean_wanted.connect(lambda mean: self._want(replace(self._selection(), mean_heads=mean)))
        self.controls.text_wanted.connect(
            lambda item: self._want(replace(self._selection(), batch=item, token=None, pinned=False))
        )
        self.controls.changed.connect(self._show)

    def _selection(self) -> Selection:
        return Selection() if self._data is None else self._data.selection

    def _want(self, selection: Selection) -> None:
        if self._data is not None:
            self._data = replace(self._data, selection=selection)
            self.selection_wanted.emit(selection)

    def _token(self, place: int, *, keys: bool) -> int | None:
        """Return the token that stands for a place."""
        if self._picture is None:
            return None
        side = self._picture.keys if keys else self._picture.queries
        return int(side.first[place]) if place < len(side.first) else None

    def _on_hovered(self, place: int | None) -> None:
        now = _free(self._selection())
        if place is None or (token := self._token(place, keys=now.direction == "to")) is not None:
            self._want(now.pointing(None if place is None else token))

    def _on_place(self, place: int, *, pin: bool) -> None:
        now = _free(self._selection())
        token = self._token(place, keys=now.direction == "to")
        if token is not None:
            self._want(now.pin(token) if pin else replace(now, token=token))

    def _on_link(self, at: int | None, *, pin: bool = False, walked: bool = False) -> None:
        """Point at a query or at a key of the links."""
        now, links = _free(self._selection()), self.page.links
        if at is None:
            self._want(now.pointing(None))
            return
        if now.pinned and not pin and not walked:
            return
        query, key = links.query_of(at), links.key_of(at)
        place = query if query is not None else key
        token = None if place is None else self._token(place, keys=query is None)
        if token is not None:
            turned = replace(now, direction="from" if query is not None else "to")
            if turned.direction != now.direction:
                turned = replace(turned, pinned=False)
            self._want(turned.pin(token) if pin else replace(turned, token=token))

    def _show(self) -> None:
        """Draw the pattern and the thumbnails with what is set now."""
        data = self._data
        if data is None:
            return
        settings = self.controls.settings()
        try:
            self._picture = data.picture(settings)
        except EngineError as error:  # another head or layer may need what was not kept
            if error.code != "not-in-run":
                raise
            self.tensor_wanted.emit(dict(error.message.details).get("name", ""))
            return
        self.page.show_picture(data, self._picture)
        if self.page.grid_kind.choice() == "rows":
            self._grid_shown = (0, None)
            self._left = data.work() if data.token is None or data.by_key else False
            self.page.show_rows(data.rows(settings), data, working=self._left)
        else:
            self._show_patterns(data)
        self._slice.stop()
        if self._left and self.isVisible():
            self._since.start()
            self._slice.start(_REST_MS)

    def _show_patterns(self, data: TokensData) -> None:
        """Show the thumbnails of patterns; they do not depend on where the pointer is."""
        settings = self.controls.settings()
        kind = self.page.grid_kind.choice()
        made = self._patterns
        wanted = (data.selection.batch, settings.fold)
        if made is None or made.run is not data.run or self._patterns_of != wanted:
            made = self._patterns = data.patterns(settings)
            self._patterns_of = wanted
        elif self._grid_shown == (id(made), kind):
            self.page.set_chosen(data)
            self._left = not made.finished
            return
        self.page.show_patterns(made, data)
        self._grid_shown = (id(made), kind)
        self._left = not made.finished

    def _work(self) -> None:
        """Compute a little of what is missing; draw it now and then."""
        data, rows = self._data, self.page.grid_kind.choice() == "rows"
        if data is None:
            return
        try:
            self._left = data.work() if rows else self._patterns is not None and self._patterns.advance()
            if not self._left or self._since.elapsed() > _REDRAW_MS:
                self._since.restart()
                if rows:
                    self.page.show_rows(data.rows(self.controls.settings()), data, working=self._left)
                elif self._patterns is not None:
                    self.page.show_patterns(self._patterns, data)
        except EngineError:  # the numbers are not in this run; the heads concerned stay as they are
            self._left = False
            return
        if self._left:
            self._slice.start(0)


def _free(selection: Selection) -> Selection:
    """Return the selection with a token's turn instead of the class token's."""
    if selection.direction == "class":
        return replace(selection, direction="from", token=None, pinned=False)
    return selection

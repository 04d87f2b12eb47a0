"""The Cross-attention view: what each target token takes from the source, and what both sides do among themselves."""

from collections.abc import Hashable
from dataclasses import replace
from typing import Any, ClassVar

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop_app.selection import Direction, Selection
from desktop_app.views import cross_attention_data, cross_attention_text
from desktop_app.views.cross_attention_data import CrossData, Side
from desktop_app.views.cross_attention_page import CrossPage
from desktop_app.views.paged import AttentionView
from engine import EngineError, ModelDescription, Run


class CrossAttentionView(AttentionView):
    """Point at a token of either side: both sides show what belongs to it."""

    name: ClassVar[str] = "cross-attention"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: CrossData | None = None
        self._heads: Hashable = None
        self.page = CrossPage()
        self.controls = self.page.controls
        self.set_page(self.page)
        self._connect()
        self.retranslate()

    @classmethod
    def title(cls) -> str:
        """Return the tab's title."""
        return QCoreApplication.translate("Cross", "Cross-attention")

    @classmethod
    def supports(cls, model: ModelDescription) -> bool:
        """Return whether the model has cross-attention."""
        return cross_attention_data.supports(model)

    @classmethod
    def depends(cls, selection: Selection) -> Hashable:
        """Return everything of the selection but what belongs to convolutions."""
        return replace(selection, layer=0, channel=0)

    @staticmethod
    def compute(run: Run, selection: Selection) -> CrossData:
        """Return what is pointed at."""
        return cross_attention_data.compute(run, selection)

    def draw(self, data: CrossData) -> None:
        """Show what is pointed at."""
        before, self._data = self._data, data
        if data.places is None:
            self.show_sentence(cross_attention_text.none_found())
            return
        if before is None or before.run is not data.run:
            self._heads = None
        self.controls.show_data(data)
        self.show_page()
        self._show()

    def clear(self, model: ModelDescription | None = None) -> None:
        """Show what to do when there is nothing to look at."""
        self._data, self._heads = None, None
        self.page.forget()
        super().clear(model)

    def state(self) -> dict[str, Any]:
        """Return how things look."""
        return self.controls.state()

    def restore(self, state: dict[str, Any]) -> None:
        """Set how things look."""
        self.controls.restore(state)

    def retranslate(self) -> None:
        """Set every text again."""
        self.page.retranslate()
        if self._data is None:
            self.say_why()
        else:
            self.draw(self._data)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Unpin with Esc wherever the focus is."""
        if event.key() == Qt.Key.Key_Escape:
            self._want(self._selection().unpin())
        else:
            super().keyPressEvent(event)

    def _connect(self) -> None:
        page, control = self.page, self.controls
        pairs: tuple[tuple[Side, Any], ...] = (("source", page.source), ("target", page.target))
        for side, picture in pairs:
            picture.hovered.connect(lambda token, side=side: self._on_side(side, token))
            picture.clicked.connect(lambda token, side=side: self._on_side(side, token, pin=True))
            picture.walked.connect(lambda token, side=side: self._on_side(side, token, walked=True))
            picture.unpinned.connect(lambda: self._want(self._selection().unpin()))
        page.links.hovered.connect(self._on_link)
        page.links.clicked.connect(lambda at: self._on_link(at, pin=True))
        page.links.walked.connect(lambda at: self._on_link(at, walked=True))
        page.matrix.hovered.connect(lambda token: self._want(self._selection().pointing(token)))
        page.matrix.clicked.connect(lambda token: self._want(self._selection().pin(token)))
        page.matrix.walked.connect(lambda token: self._want(replace(self._selection(), token=token)))
        for canvas in (page.links, page.matrix, page.mosaic):
            canvas.unpinned.connect(lambda: self._want(self._selection().unpin()))
        page.mosaic.picked.connect(self._on_head)
        page.aligned.connect(lambda token: self._on_side("target", token, walked=True))
        control.part_wanted.connect(self._on_part)
        control.layer_wanted.connect(lambda layer: self._to_site(self._part(), layer))
        control.head_wanted.connect(lambda head: self._want(replace(self._selection(), head=head)))
        control.mean_wanted.connect(lambda mean: self._want(replace(self._selection(), mean_heads=mean)))
        control.changed.connect(self._show)

    def _selection(self) -> Selection:
        return Selection() if self._data is None else self._data.selection

    def _part(self) -> cross_attention_data.Part:
        return "cross" if self._data is None else self._data.part

    def _want(self, selection: Selection) -> None:
        if self._data is not None:
            self._data = replace(self._data, selection=selection)
            self.selection_wanted.emit(selection)

    def _on_side(self, side: Side, token: int | None, *, pin: bool = False, walked: bool = False) -> None:
        """Point at a token of a side; where the chosen part knows no such tokens, cross-attention is chosen."""
        now, data = self._selection(), self._data
        if data is None or data.places is None:
            return
        if token is None:
            self._want(now.pointing(None))
            return
        if now.pinned and not pin and not walked:
            return
        own: Side = "source" if data.part == "encoder" else "target"
        site = data.selection.site
        direction: Direction = "from"
        if data.part == "cross":
            direction = "from" if side == "target" else "to"
        elif side != own:
            cross = data.places.site("cross", data.layer)
            site = data.selection.site if cross is None else cross
            direction = "from" if side == "target" else "to"
        turned = replace(now, site=site, direction=direction)
        if (site, direction) != (now.site, now.direction):
            turned = replace(turned, pinned=False)
        self._want(turned.pin(token) if pin else replace(turned, token=token))

    def _on_link(self, at: int | None, *, pin: bool = False, walked: bool = False) -> None:
        links, part = self.page.links, self._part()
        if at is None:
            self._want(self._selection().pointing(None))
            return
        query, key = links.query_of(at), links.key_of(at)
        if part == "cross":
            side: Side = "target" if query is not None else "source"
            self._on_side(side, query if query is not None else key, pin=pin, walked=walked)
            return
        now = self._selection()
        if now.pinned and not pin and not walked:
            return
        direction: Direction = "from" if query is not None else "to"
        token = query if query is not None else key
        turned = replace(now, direction=direction, pinned=now.pinned and direction == now.direction)
        if token is not None:
            self._want(turned.pin(token) if pin else replace(turned, token=token))

    def _on_head(self, layer: int, head: int) -> None:
        data = self._data
        if data is None or data.places is None:
            return
        site = data.places.site(data.part, layer)
        if site is not None:
            self._want(replace(data.selection, site=site, head=head))

    def _on_part(self, part: object) -> None:
        """Go to the same layer of another part; the token pointed at stays where the part has it."""
        data = self._data
        if data is None or data.places is None or part not in cross_attention_data.PARTS:
            return
        chosen = next(known for known in cross_attention_data.PARTS if known == part)
        site = data.places.site(chosen, data.layer)
        if site is None:
            return
        sides: dict[str, Side] = {"encoder": "source", "decoder": "target"}
        own = sides.get(chosen)
        kept = data.pointed if data.pointed is not None and own in (None, data.pointed[0]) else None
        direction: Direction = "to" if kept is not None and kept[0] == "source" and chosen == "cross" else "from"
        token = None if kept is None else kept[1]
        now = data.selection
        self._want(replace(now, site=site, direction=direction, token=token, pinned=now.pinned and token is not None))

    def _to_site(self, part: cross_attention_data.Part, layer: int) -> None:
        data = self._data
        site = None if data is None or data.places is None else data.places.site(part, layer)
        if site is not None:
            self._want(replace(self._selection(), site=site))

    def _show(self) -> None:
        """Draw with what is set now."""
        data = self._data
        if data is None or data.picture is None:
            return
        try:
            picture = data.picture(self.controls.averaged)
        except EngineError as error:
            if error.code != "not-in-run":
                raise
            self.tensor_wanted.emit(dict(error.message.details).get("name", ""))
            return
        self.page.show_data(data, picture)
        heads = (data.part, data.selection.batch)
        if heads != self._heads:
            self.page.show_heads(data)
            self._heads = heads
        self.page.mosaic.set_chosen(data.layer, data.selection.head)

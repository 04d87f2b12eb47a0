"""The rollout view: how attention flows through all layers to one token."""

from collections.abc import Hashable
from dataclasses import replace
from typing import Any, ClassVar

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from desktop_app.forms_asked import FormsAsked
from desktop_app.selection import Selection
from desktop_app.task_news import TaskNews
from desktop_app.views import rollout_data, rollout_text
from desktop_app.views.paged import AttentionView
from desktop_app.views.rollout_data import Floats, Rolled, RolloutData
from desktop_app.views.rollout_page import RolloutPage
from engine import EngineError, ModelDescription, Run


class RolloutView(AttentionView):
    """Point at a patch: what reaches it through all layers, residual connections included."""

    name: ClassVar[str] = "rollout"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: RolloutData | None = None
        self._rolled: Rolled | None = None
        self._stopped: Rolled | None = None
        self._layer: int | None = None
        self._forms = FormsAsked(self)
        self.page = RolloutPage()
        self.controls, self.canvas, self.layers = self.page.controls, self.page.canvas, self.page.layers
        self.table = self.page.table
        self._slice = QTimer(self)
        self._slice.setSingleShot(True)
        self._slice.timeout.connect(self._work)
        self.set_page(self.page)
        self._connect()
        self.retranslate()

    @classmethod
    def title(cls) -> str:
        """Return the tab's title."""
        return QCoreApplication.translate("Rollout", "Rollout")

    @classmethod
    def depends(cls, selection: Selection) -> Hashable:
        """Return the token."""
        return selection.token, selection.pinned, selection.direction == "class", selection.batch

    @staticmethod
    def compute(run: Run, selection: Selection) -> RolloutData:
        """Return whose attention is rolled out."""
        return rollout_data.compute(run, selection)

    def draw(self, data: RolloutData) -> None:
        """Show the rollout of a token."""
        self._data, self._rolled = data, None
        if data.refused is not None:
            self._slice.stop()
            self.show_sentence(rollout_text.refused(data))
            return
        self.show_page()
        self._roll()

    def clear(self, model: ModelDescription | None = None) -> None:
        """Show what to do when there is nothing to look at."""
        self._slice.stop()
        self._data = self._rolled = None
        self.page.forget()
        text = self.tr("Drop an image or an .onnx file here, or choose one with File ▸ Open.")
        if model is not None and not model.sites:
            text = self.tr("No attention was found in “{name}”. Open another model.").format(name=model.name)
        self.show_sentence(text)

    @property
    def settled(self) -> bool:
        """Whether the rollout is there."""
        return self._rolled is None or self._rolled.work is None or self._rolled is self._stopped

    def row(self) -> Floats | None:
        """Return the rollout shown, (token,)."""
        rows = None if self._rolled is None else self._rolled.rows
        return None if rows is None else rows[self._up_to()]

    def state(self) -> dict[str, Any]:
        """Return what is set."""
        return self.controls.state()

    def restore(self, state: dict[str, Any]) -> None:
        """Set what was set."""
        self.controls.restore(state)

    def retranslate(self) -> None:
        """Set every text again."""
        self.page.retranslate()
        if self._data is not None:
            self.draw(self._data)
        else:
            self.clear()

    def task_moved(self, news: TaskNews) -> None:
        """Roll out anew once W_O was read."""
        if self._forms.take(news):
            self._roll()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Go on computing when somebody looks."""
        super().showEvent(event)
        self._go_on()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Rest while nobody looks."""
        self._slice.stop()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Unpin with Esc wherever the focus is."""
        if event.key() == Qt.Key.Key_Escape:
            self._want(self._selection().unpin())
        else:
            super().keyPressEvent(event)

    def _connect(self) -> None:
        self.canvas.hovered.connect(self._on_hovered)
        self.canvas.clicked.connect(lambda token: self._want(_free(self._selection()).pin(token)))
        self.canvas.walked.connect(lambda token: self._want(replace(_free(self._selection()), token=token)))
        self.canvas.unpinned.connect(lambda: self._want(self._selection().unpin()))
        self.layers.picked.connect(self._on_layer)
        self.table.stepped.connect(self._on_layer)
        self.table.pointed.connect(lambda _, place: self.page.point(place))
        self.controls.changed.connect(self._roll)
        self.page.progress.cancel_wanted.connect(self._on_cancel)
        self.controls.layer_wanted.connect(self._on_layer)
        self.controls.token_wanted.connect(self._on_token)

    def _selection(self) -> Selection:
        return Selection() if self._data is None else self._data.selection

    def _want(self, selection: Selection) -> None:
        if self._data is not None:
            self._data = replace(self._data, selection=selection)
            self.selection_wanted.emit(selection)

    def _up_to(self) -> int:
        """Return the place of the last layer taken: the one chosen, else the last there is."""
        last = len(self._data.sites) - 1 if self._data is not None else 0
        return last if self._layer is None else min(self._layer, last)

    def _roll(self) -> None:
        """Roll out with what is set now."""
        if self._data is None or self._data.roll is None:
            return
        try:
            settings = self.controls.settings()
            forms = self._forms.of(self._data.model) if settings.weighted else None
            self._rolled = self._data.roll(replace(settings, forms=forms))
        except EngineError as error:
            self.draw(replace(self._data, refused=error))
            return
        self._show()
        self._go_on()

    def _on_cancel(self) -> None:
        """End the computation; what is on screen stays."""
        if self._data is not None and self._rolled is not None:
            self._stopped = self._rolled
            self._slice.stop()
            self.page.say_stopped(self._data, self._rolled.reached)

    def _go_on(self) -> None:
        self._slice.stop()
        if self._rolled is not None and self._rolled.work is not None and self._rolled is not self._stopped:
            self._slice.start(0)

    def _work(self) -> None:
        """Compute a little of what is missing."""
        rolled, data = self._rolled, self._data
        if rolled is None or rolled.work is None or rolled.again is None or data is None:
            return
        try:
            rolled.work()
        except EngineError as error:
            self.draw(replace(data, refused=error))
            return
        self._rolled = rolled.again()
        if self._rolled.work is None:
            self._show()
        else:
            self.page.say_progress(data, self._rolled.reached)
        self._go_on()

    def _show(self) -> None:
        if self._data is not None and self._rolled is not None:
            self.page.show_data(self._data, self._rolled, self._up_to())
            if self._rolled is self._stopped:
                self.page.say_stopped(self._data, self._rolled.reached)

    def _on_layer(self, layer: int) -> None:
        last = len(self._data.sites) - 1 if self._data is not None else 0
        self._layer = None if layer >= last else layer
        self._show()

    def _on_hovered(self, token: int | None) -> None:
        if self._selection().direction != "class":
            self._want(self._selection().pointing(token))
        self.page.point(token)

    def _on_token(self, token: int | None) -> None:
        now = _free(self._selection())
        self._want(now.unpin() if token is None else replace(now, token=token, pinned=True))


def _free(selection: Selection) -> Selection:
    """Return the selection with a token's turn instead of the class token's."""
    if selection.direction == "class":
        return replace(selection, direction="from", token=None, pinned=False)
    return selection

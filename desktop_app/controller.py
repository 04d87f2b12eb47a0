"""The only owner of model, run and selection: asks the engine, and has the visible views compute and draw."""

import logging
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app import sentences
from desktop_app.notices import Notice
from desktop_app.process import reader
from desktop_app.process.client import EngineClient, Stop
from desktop_app.process.protocol import Failed, Look, PhotoSource, SoundFile
from desktop_app.selection import Selection
from desktop_app.task_desk import TaskDesk
from desktop_app.views.base import PairView, View
from engine import EngineError, ModelDescription, Run
from engine.images.plan import ImagePlan
from engine.runtime.interventions.edits import Edit
from engine.runtime.task import Task
from engine.text.tokens import TextSource

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wanted:
    """What the user asked to see: a model, what it is given, preprocessing that replaces its own, interventions."""

    model: str | None = None
    photo: PhotoSource | None = None
    plan: ImagePlan | None = None
    edits: tuple[Edit, ...] = ()
    text: TextSource | None = None
    sound: SoundFile | None = None


class Controller(QObject):
    """Holds what is on screen; everything on it is replaced as a whole, after the engine has answered."""

    model_changed = Signal(object)
    """The new `ModelDescription`; a run of it, or None, follows in `run_changed`."""
    run_changed = Signal(object)
    selection_changed = Signal(object)
    phase_changed = Signal(object)
    """`Phase`, or None when nothing is under way."""
    noticed = Signal(object)
    """A `Notice` to show."""
    succeeded = Signal(object)
    """A request was answered; carries the `Wanted` that is now on screen."""
    refused = Signal()
    """A request ended without an answer; the screen is as it was."""
    beside_wanted = Signal(object)
    """A view asks for a second run beside the first: a `Beside`, or None for none."""
    beside_changed = Signal(object)
    """There is another second run, or None."""

    def __init__(self, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._model: ModelDescription | None = None
        self._run: Run | None = None
        self._other: Run | None = None
        self.fetch_beside: Callable[[str], bool] = lambda _: False
        self._selection = Selection()
        self._shown = Wanted()
        self._wanted = Wanted()
        self._views: list[View] = []
        self._drawn: dict[View, tuple[Run, Run | None, Hashable]] = {}
        self._fetching: frozenset[str] = frozenset()
        self._then: Callable[[], None] | None = None
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self.refresh)
        self._desk = TaskDesk(client, self)
        self._desk.noticed.connect(self.noticed)
        client.looked.connect(self._on_looked)
        client.fetched.connect(self._on_fetched)
        client.failed.connect(self._on_failed)
        client.cancelled.connect(self._on_cancelled)
        client.stopped.connect(self._on_stopped)
        client.phase_changed.connect(self.phase_changed)

    @property
    def model(self) -> ModelDescription | None:
        """The model on screen."""
        return self._model

    @property
    def run(self) -> Run | None:
        """The run on screen."""
        return self._run

    @property
    def other(self) -> Run | None:
        """The second run, beside the first."""
        return self._other

    @property
    def selection(self) -> Selection:
        """What the user points at."""
        return self._selection

    @property
    def shown(self) -> Wanted:
        """The files on screen."""
        return self._shown

    @property
    def wanted(self) -> Wanted:
        """The files asked for; those on screen while nothing is under way."""
        return self._wanted

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited."""
        return self._client.busy

    def add_view(self, view: View) -> None:
        """Take a view into care."""
        self._views.append(view)
        view.selection_wanted.connect(self.select)
        view.noticed.connect(self.noticed)
        view.edits_wanted.connect(self.intervene)
        view.text_wanted.connect(lambda text: self.open(text=text))
        view.tensor_wanted.connect(lambda name: self._fetch_for_view(EngineError("not-in-run", name=name)))
        if isinstance(view, PairView):
            view.beside_wanted.connect(self.beside_wanted)
        view.task_wanted.connect(partial(self.undertake, view))
        view.task_unwanted.connect(partial(self._desk.abandon, view))

    def open(
        self,
        model: str | Path | None = None,
        photo: PhotoSource | None = None,
        text: TextSource | None = None,
        sound: SoundFile | None = None,
    ) -> None:
        """Open a model, a photo, a text, a sound; what is not given stays as it is."""
        asked = self._wanted
        if model is not None:
            asked = replace(asked, model=str(model), plan=None, edits=())
            asked = replace(asked, text=None)  # its words or ids may mean nothing here; the panel gives what fits
        if photo is not None:
            asked = replace(asked, photo=photo, text=_without_target(asked.text))
        if text is not None:
            asked = replace(asked, text=text)
        if sound is not None:
            asked = replace(asked, sound=sound, text=_without_target(asked.text))
        self._ask(asked)

    def rerun(self, plan: ImagePlan | None) -> None:
        """Run the photo again with other preprocessing; None goes back to the model's own."""
        self._ask(replace(self._shown, plan=plan))

    def intervene(self, edits: tuple[Edit, ...]) -> None:
        """Run the photo through the model changed by these interventions; none gives the model as it is."""
        self._ask(replace(self._shown, edits=edits))

    def put_beside(self, run: Run | None) -> None:
        """Show a second run beside the first, in the views that compare; None shows the first alone."""
        self._other = run
        self.beside_changed.emit(run)
        self.refresh()

    def undertake(self, view: View, task: Task) -> None:
        """Have a long task done on what is on screen, beside everything else; the view hears how it goes."""
        shown = self._shown
        if shown.model is not None:
            self._desk.undertake(view, task, shown.model, shown.photo, shown.plan, shown.edits, shown.text, shown.sound)

    def cancel(self) -> None:
        """End what is under way; the screen stays."""
        self._client.cancel()

    def select(self, selection: Selection) -> None:
        """Point at something else; views follow once per turn of the event loop."""
        if selection != self._selection:
            self._selection = selection
            self.selection_changed.emit(selection)
            self._turn.start()

    def refresh(self) -> None:
        """Have the visible views compute and draw what has changed for them."""
        self._turn.stop()
        for view in self._views:
            if view.isVisible():
                self._bring_up_to_date(view)

    def fetch_missing(self, error: EngineError, then: Callable[[], None] | None = None) -> bool:
        """Ask the engine for the tensor that a refusal says was not kept.

        Args:
            error: the refusal.
            then: called once the tensor is in the run; never, if it does not come.

        Returns:
            Whether it was asked for; not if it was before, or if the engine is busy.
        """
        name = dict(error.message.details).get("name", "")
        if error.code != "not-in-run" or not name or name in self._fetching or self._client.busy:
            return False
        self._fetching |= {name}
        self._then = then
        self._client.fetch((name,))
        return True

    def _ask(self, wanted: Wanted) -> None:
        self._wanted, self._then = wanted, None
        if wanted.model is not None:
            self._client.look(wanted.model, wanted.photo, wanted.plan, wanted.edits, wanted.text, wanted.sound)

    def _bring_up_to_date(self, view: View) -> None:
        run, selection = self._run, self._selection
        if run is None or not view.supports(run.model):
            self._drawn.pop(view, None)
            view.clear(self._model)
            return
        pair = view if isinstance(view, PairView) else None
        other = None if pair is None else self._other
        state = (run, other, view.depends(selection))
        before = self._drawn.get(view)
        if before is not None and before[0] is run and before[1] is other and before[2] == state[2]:
            return
        self._drawn[view] = state
        try:
            data = view.compute(run, selection) if pair is None else pair.compute_pair(run, other, selection)
            view.draw(data)
        except EngineError as error:
            if not self._fetch_for_view(error):
                self.noticed.emit(Notice.of(error))
        except Exception as error:  # a view must never take the window down
            log.debug("view %s", view.name, exc_info=True)
            self.noticed.emit(sentences.view_failed(view.title, view.name, error))

    def _fetch_for_view(self, error: EngineError) -> bool:
        """Ask for the tensor that a view lacks, from the engine that has its run."""
        details = dict(error.message.details)
        if error.code == "not-in-run" and "beside" in details:
            return self.fetch_beside(details.get("name", ""))
        if error.code == "not-in-run" and self._client.busy:
            return True  # the answer that is awaited changes the run, and then the view is asked again
        return self.fetch_missing(error)

    def _on_looked(self, look: reader.Look) -> None:
        new_model = self._model is None or self._shown.model != self._wanted.model
        self._shown = self._wanted
        self._desk.abandon_all()
        self._model, self._run, self._fetching = look.model, look.run, frozenset()
        self._selection = first_selection(look.model) if new_model else _fitting(self._selection, look)
        self.model_changed.emit(look.model)
        self.run_changed.emit(look.run)
        self.selection_changed.emit(self._selection)
        self.succeeded.emit(self._shown)  # it takes old errors away; a view that cannot be drawn says so after it
        self._turn.start()  # the panels above have taken their time already: the pointer is answered in between

    def _on_fetched(self, found: reader.Tensors) -> None:
        if self._run is not None:
            self._run = replace(self._run, tensors={**self._run.tensors, **found.tensors})
            self.refresh()
            then, self._then = self._then, None
            if then is not None:
                then()

    def _on_failed(self, failed: Failed) -> None:
        self._wanted = self._shown
        self.noticed.emit(Notice.of(failed.error))
        self.refused.emit()

    def _on_cancelled(self) -> None:
        self._wanted = self._shown
        self.refused.emit()

    def _on_stopped(self, stop: Stop) -> None:
        wanted, self._wanted = self._wanted, self._shown
        again: Callable[[], None] = self._client.start
        if isinstance(stop.request, Look):
            again = partial(self._ask, wanted)
        self.noticed.emit(sentences.engine_stopped(stop, again))
        self.refused.emit()


def _without_target(text: TextSource | None) -> TextSource | None:
    """Return a text without what a decoder shall read: it belongs to the input it was made for."""
    return None if text is None else replace(text, target=None, target_ids=None)


def first_selection(model: ModelDescription) -> Selection:
    """Return where to look first in a model: its last attention, where meaning is."""
    return Selection(site=max(0, len(model.sites) - 1))


def _fitting(selection: Selection, look: reader.Look) -> Selection:
    """Return the selection without a token that the new run does not have."""
    run = look.run
    if selection.token is None or run is None or selection.site >= len(look.model.sites):
        return selection
    try:
        tokens = run.pattern_shape(look.model.sites[selection.site])[2]
    except EngineError:
        return selection.unpin()
    return selection if selection.token < tokens else selection.unpin()

"""What the engine process does with a request: open, decode, prepare, run, pack."""

from collections.abc import Callable, Hashable
from dataclasses import replace
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.process import giving
from desktop_app.process.blocks import pack
from desktop_app.process.protocol import (
    Fetch,
    Fetched,
    FromChild,
    Look,
    Looked,
    OriginalMeta,
    PhotoBytes,
    PhotoSource,
    PreparedMeta,
    Progress,
    Request,
    RunMeta,
    SoundMeta,
)
from engine import Run, open_model
from engine.errors import EngineError, declare_errors
from engine.images.plan import ImagePlan, Photo, Prepared
from engine.messages import translate
from engine.runtime.interventions.edits import Edit

if TYPE_CHECKING:
    from engine.runtime.model import Model

declare_errors(
    {
        "no-memory": translate("engine", "There is not enough memory for this."),
        "no-memory.advice": translate("engine", "Close other programs, or use a smaller image or model."),
        "nothing-ran": translate("engine", "The engine has no run to read from."),
        "nothing-ran.advice": translate("engine", "Run the photo again."),
    }
)

Stamp = tuple[str, int, int]
"""Path, time of the last change and size: the same stamp is the same file."""


class Worker:
    """Holds the open model and the last photo, so that a change of one does not cost the other."""

    def __init__(self, send: Callable[[FromChild], None]) -> None:
        self._send = send
        self._model: Model | None = None
        self._model_stamp: Stamp | None = None
        self._photo: Photo | None = None
        self._photo_stamp: Stamp | None = None
        self._changed: tuple[Model, tuple[Edit, ...], Model] | None = None
        self._running: Model | None = None
        self._run: Run | None = None
        self._ran_for: tuple[Model, Hashable] | None = None
        self._current = 0
        self._cancelled = 0

    def load(self) -> None:
        """Import what every request needs, before the first one comes."""

    def cancel(self, ticket: int) -> None:
        """End a request; called from the listening thread."""
        self._cancelled = max(self._cancelled, ticket)
        model = self._running
        if model is not None and ticket == self._current:
            model.stop()

    def standing(self, look: Look) -> tuple["Model", Run | None]:
        """Return the model and run that a task works on: those at hand where they are the ones meant, else anew.

        Called from the thread of tasks; nothing here is changed by it.

        Raises:
            EngineError: the engine refuses a file, or the run failed.
        """
        model, stamp, run, ran = self._model, self._model_stamp, self._run, self._ran_for
        if run is not None and ran is not None and ran[0] is model and _meant(look) == ran[1]:
            changed = self._changed
            if not look.edits and model is not None:
                return model, run
            if changed is not None and changed[1] == look.edits:
                return changed[2], run
        if model is None or stamp is None or stamp != _stamp(look.model):
            model = open_model(look.model, spin=False)
        if look.edits:
            model = model.intervene(*look.edits)
        if not giving.complete(model.description, look):
            return model, None
        image = None
        if look.photo is not None and giving.needs(model.description).image:
            image = _decoded(look.photo, giving.image_plan(model.description, look))
        return model, giving.run(model, giving.given(look, image))

    def cancelled(self, ticket: int) -> bool:
        """Return whether a request was cancelled."""
        return ticket <= self._cancelled

    def work(self, request: Request) -> tuple[FromChild, SharedMemory | None]:
        """Do what a request asks.

        Raises:
            EngineError: the engine refuses a file, or the run failed.
        """
        self._current = request.ticket
        if isinstance(request, Fetch):
            return self._fetch(request)
        return self._look(request)

    def _look(self, look: Look) -> tuple[FromChild, SharedMemory | None]:
        opened = model = self._opened(look)
        if self.cancelled(look.ticket) or not giving.complete(model.description, look):
            return Looked(look.ticket, model.description, None), None
        self._send(Progress(look.ticket, "reading"))
        prepared = None
        if look.photo is not None and giving.needs(model.description).image:
            prepared = self._prepared(look.photo, giving.image_plan(model.description, look))
        given = giving.given(look, prepared)
        if self.cancelled(look.ticket):
            return Looked(look.ticket, model.description, None), None
        self._send(Progress(look.ticket, "running"))
        run = self._ran(model, given)
        if look.edits:
            changed = self._edited(model, look.edits)
            run = replace(self._ran(changed, giving.same_text(given, run)), original=run)
            model = changed
        meta, memory = packed_run(run, look.block)
        self._run, self._ran_for = run, (opened, _meant(look))
        return Looked(look.ticket, model.description, meta), memory

    def _ran(self, model: "Model", given: giving.Given) -> Run:
        self._running = model
        return giving.run(model, given, lambda: self.cancelled(self._current))

    def _edited(self, model: "Model", edits: tuple[Edit, ...]) -> "Model":
        """Return the model changed by these edits; the last changed one if they are the same."""
        if self._changed is None or self._changed[0] is not model or self._changed[1] != edits:
            self._changed = None  # free it before the next one takes as much
            self._changed = (model, edits, model.intervene(*edits))
        return self._changed[2]

    def _opened(self, look: Look) -> "Model":
        """Return the model of a request; the open one if it is the same file."""
        stamp = _stamp(look.model)
        if self._model is None or stamp is None or stamp != self._model_stamp:
            self._send(Progress(look.ticket, "opening"))
            fresh = open_model(look.model, spin=False)  # the window has to stay smooth during a run
            self._model, self._model_stamp, self._run = fresh, stamp, None
        return self._model

    def _prepared(self, source: PhotoSource, plan: ImagePlan) -> Prepared:
        """Decode a photo, unless it was the last one, and make it ready."""
        from engine.images.load import load_photo
        from engine.images.prepare import prepare

        if isinstance(source, PhotoBytes):
            stamp: Stamp | None = (source.name, hash(source.data), len(source.data))
        else:
            stamp = _stamp(source.path)
        if self._photo is None or stamp is None or stamp != self._photo_stamp:
            photo = load_photo(source.data, source.name) if isinstance(source, PhotoBytes) else load_photo(source.path)
            self._photo, self._photo_stamp = photo, stamp
        return prepare(self._photo, plan)

    def _fetch(self, fetch: Fetch) -> tuple[FromChild, SharedMemory | None]:
        if self._run is None or self._run.fetch is None:
            raise EngineError("nothing-ran")
        self._send(Progress(fetch.ticket, "running"))
        packed, memory = pack(fetch.block, {"tensors": self._run.fetch(fetch.names)})
        return Fetched(fetch.ticket, packed), memory


def _meant(look: Look) -> Hashable:
    """Return what tells one run from another."""
    return look.model, look.photo, repr(look.plan), look.edits, look.text, look.sound


def _decoded(source: PhotoSource, plan: ImagePlan) -> Prepared:
    """Decode a photo and make it ready, keeping nothing."""
    from engine.images.load import load_photo
    from engine.images.prepare import prepare

    photo = load_photo(source.data, source.name) if isinstance(source, PhotoBytes) else load_photo(source.path)
    return prepare(photo, plan)


def packed_run(run: Run, block: str) -> tuple[RunMeta, SharedMemory | None]:
    """Pack a run, and the photo and sound it was made on, into a block.

    Raises:
        EngineError: the system has no room for the block.
    """
    groups = {"inputs": run.inputs, "outputs": run.outputs, "tensors": run.tensors}
    prepared, audio = run.image, run.audio
    image, sound = None, None
    if prepared is not None:
        photo = prepared.photo
        groups["image"] = {"tensor": prepared.tensor, "pixels": photo.pixels}
        image = PreparedMeta(photo.name, photo.original_size, photo.notes, prepared.region, prepared.plan)
    if audio is not None:
        groups["sound"] = {"tensor": audio.tensor, "samples": audio.sound.samples}
        heard = audio.sound
        sound = SoundMeta(heard.name, heard.rate, heard.notes, audio.plan, audio.heard, audio.notes)
    original, before = None, run.original
    if before is not None:
        groups |= {"original outputs": before.outputs, "original tensors": before.tensors}
        original = OriginalMeta(before.model, dict(before.errors), before.materialised, before.seconds)
    packed, memory = pack(block, groups)
    meta = RunMeta(
        packed,
        dict(run.errors),
        run.materialised,
        run.seconds,
        image,
        run.edits,
        original,
        run.text,
        sound,
    )
    return meta, memory


def _stamp(path: str) -> Stamp | None:
    """Return what tells a file from its next version; None where it is not there."""
    try:
        stat = Path(path).stat()
    except OSError:
        return None
    return str(path), stat.st_mtime_ns, stat.st_size

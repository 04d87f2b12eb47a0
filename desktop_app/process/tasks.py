"""Long tasks in the engine process: one after the other, in a thread of their own, beside the requests."""

import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from desktop_app.process.protocol import FromChild, TaskEnded, TaskMoved, Undertake
from desktop_app.process.worker import Worker
from engine import open_model
from engine.errors import EngineError
from engine.runtime.task import Context

if TYPE_CHECKING:
    from engine.runtime.model import Model


class Tasks:
    """The tasks that wait, and the one that is being done.

    Args:
        worker: has the open model.
        send: says how it goes.
    """

    def __init__(self, worker: Worker, send: Callable[[FromChild], None]) -> None:
        self._worker, self._send = worker, send
        self._waiting: queue.SimpleQueue[Undertake] = queue.SimpleQueue()
        self._cancelled: set[int] = set()
        self._thread: threading.Thread | None = None
        self._others: dict[str, Model] = {}

    def add(self, order: Undertake) -> None:
        """Take an order; called from the listening thread."""
        self._waiting.put(order)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="mirada-tasks", daemon=True)
            self._thread.start()

    def cancel(self, ticket: int) -> None:
        """End a task at its next report, or before it begins; called from the listening thread."""
        self._cancelled.add(ticket)

    def _work(self) -> None:
        while True:
            order = self._waiting.get()
            with suppress(OSError):  # the window is gone; the listener ends this process
                self._send(self._done(order))

    def _done(self, order: Undertake) -> TaskEnded:
        """Do a task, whatever happens."""
        ticket = order.ticket

        def report(done: int, total: int, partial: object) -> None:
            if ticket in self._cancelled:
                raise EngineError("cancelled")
            self._send(TaskMoved(ticket, done, total, partial))

        try:
            report(0, 0, None)
            model, run = self._worker.standing(order.look)
            feeds = {} if run is None else run.inputs
            image = None if run is None else run.image
            result = order.task.work(Context(model, feeds, image, run, report, self._open))
        except Exception as error:  # whatever a stranger's file provokes becomes one sentence
            if ticket in self._cancelled:
                return TaskEnded(ticket, cancelled=True)
            return TaskEnded(ticket, error=worded(error))
        return TaskEnded(ticket, cancelled=True) if ticket in self._cancelled else TaskEnded(ticket, result)

    def _open(self, path: str) -> "Model":
        if path not in self._others:
            self._others = {path: open_model(path, spin=False)}  # one at a time: weights are large
        return self._others[path]


def worded(error: Exception) -> EngineError:
    """Return an error as one that has a sentence."""
    if isinstance(error, EngineError):
        return error
    if isinstance(error, MemoryError):
        return EngineError("no-memory")
    reason = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}".rstrip(": .")
    return EngineError("internal", reason=reason)

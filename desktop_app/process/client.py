"""The window's end of the engine process: one request at a time, the latest wins, and the process may die."""

import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Literal

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desktop_app.process import reader
from desktop_app.process.blocks import discard
from desktop_app.process.child import serve
from desktop_app.process.link import Link
from desktop_app.process.protocol import (
    Abandon,
    Cancel,
    Cancelled,
    Failed,
    Fetch,
    Look,
    Phase,
    PhotoSource,
    Progress,
    Ready,
    Request,
    SoundFile,
    TaskEnded,
    TaskMoved,
    Undertake,
)
from engine.images.plan import ImagePlan
from engine.runtime.interventions.edits import Edit
from engine.runtime.task import Task
from engine.text.tokens import TextSource

GRACE_MS = 1500
"""How long a cancelled request may take to end by itself before the process is killed."""

Fate = Literal["wanted", "replaced", "cancelled"]
"""Whether somebody still waits for the request in flight."""


@dataclass(frozen=True)
class Stop:
    """The process ended by itself.

    Attributes:
        exit_code: its exit code; minus the signal's number where a signal ended it.
        request: what it was working on.
        early: it never came to be ready.
    """

    exit_code: int | None
    request: Request | None
    early: bool


class EngineClient(QObject):
    """Starts the engine process, asks it, and tells by signals what came of it.

    Every request ends in exactly one of `looked`, `fetched`, `failed`, `cancelled` or `stopped`, unless a later
    request replaced it: then nothing is heard of it any more.
    """

    looked = Signal(object)
    """`reader.Look`"""
    fetched = Signal(object)
    """`reader.Tensors`"""
    failed = Signal(object)
    """`protocol.Failed`"""
    cancelled = Signal()
    stopped = Signal(object)
    """`Stop`; the next request starts the process anew."""
    phase_changed = Signal(object)
    """`Phase`, or None when nothing is going on."""
    task_moved = Signal(object)
    """`protocol.TaskMoved`"""
    task_ended = Signal(object)
    """`protocol.TaskEnded`; every task that was undertaken ends so, once, even when the process dies."""

    _arrived = Signal(int, object)

    def __init__(self, parent: QObject | None = None, target: Callable[[Connection], None] = serve) -> None:
        super().__init__(parent)
        self._target = target
        self._link: Link | None = None
        self._generation = 0
        self._tickets = itertools.count(1)
        self._ready = False
        self._killed = False
        self._flight: Request | None = None
        self._fate: Fate = "wanted"
        self._next: Request | None = None
        self._tasks: dict[int, Undertake] = {}
        self._phase: Phase | None = None
        self._grace = QTimer(self, singleShot=True, interval=GRACE_MS)
        self._grace.timeout.connect(self.kill)
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    @property
    def pid(self) -> int | None:
        """Process id while the process lives."""
        return None if self._link is None else self._link.pid

    @property
    def busy(self) -> bool:
        """Whether a request is under way."""
        return self._flight is not None or self._next is not None

    def start(self) -> None:
        """Start the process, unless it runs."""
        if self._link is None:
            generation = self._generation = self._generation + 1
            self._ready = self._killed = False
            self._link = Link(self._target, lambda arrival: self._arrived.emit(generation, arrival))

    def look(
        self,
        model: str,
        photo: PhotoSource | None,
        plan: ImagePlan | None = None,
        edits: tuple[Edit, ...] = (),
        text: TextSource | None = None,
        sound: SoundFile | None = None,
    ) -> int:
        """Open a model and run what it takes; replaces whatever was asked before. Return the ticket."""
        ticket = next(self._tickets)
        self._replace(Look(ticket, model, photo, plan, self._block(ticket), edits, text, sound))
        return ticket

    def fetch(self, names: tuple[str, ...]) -> int:
        """Compute further tensors on the last photo. Return the ticket."""
        ticket = next(self._tickets)
        self._replace(Fetch(ticket, names, self._block(ticket)))
        return ticket

    def undertake(
        self,
        task: Task,
        model: str,
        photo: PhotoSource | None,
        plan: ImagePlan | None,
        edits: tuple[Edit, ...],
        text: TextSource | None = None,
        sound: SoundFile | None = None,
    ) -> int:
        """Have a long task done beside the requests, on this model and what it was given. Return its ticket."""
        ticket = next(self._tickets)
        order = Undertake(ticket, Look(ticket, model, photo, plan, "", edits, text, sound), task)
        self._tasks[ticket] = order
        self.start()
        if self._ready and self._link is not None:
            self._link.send(order)
        return ticket

    def abandon(self, ticket: int) -> None:
        """End a task; `task_ended` says when it has."""
        if ticket in self._tasks and self._link is not None:
            self._link.send(Abandon(ticket))

    def cancel(self) -> None:
        """End what is under way; the process is killed when it does not end by itself."""
        waiting, self._next = self._next, None
        if self._flight is not None:
            self._let_go("cancelled")
        elif waiting is not None:
            self._set_phase(None)
            self.cancelled.emit()

    def kill(self) -> None:
        """End the process at once; a new one takes over."""
        if self._link is not None:
            self._killed = True
            self._link.kill()

    def close(self) -> None:
        """End the process and wait until everything that belongs to it is gone."""
        self._grace.stop()
        self._next = None
        self._tasks.clear()
        if self._link is not None:
            self._take_down(gently=self._ready and self._flight is None)

    def _block(self, ticket: int) -> str:
        return f"mirada-{os.getpid()}-{id(self) % 0xFFFF:x}-{ticket}"

    def _replace(self, request: Request) -> None:
        """Put a request in the place of all before it."""
        self._next = request
        flight = self._flight
        if flight is None:
            self._advance()
        elif self._phase == "opening" and isinstance(request, Look) and _same_model(flight, request):
            self._fate = "replaced"  # let it finish: the next request needs that model open
        else:
            self._let_go("replaced")

    def _let_go(self, fate: Fate) -> None:
        """Ask the runtime to end the request in flight; insist after a while."""
        self._fate = fate
        if self._link is not None and self._flight is not None:
            self._link.send(Cancel(self._flight.ticket))
        if not self._grace.isActive():
            self._grace.start()

    def _advance(self) -> None:
        """Send the next request when the process is free."""
        if self._flight is not None:
            return
        if self._next is None:
            self._set_phase(None)
            return
        self.start()
        self._set_phase("starting")
        if self._ready and self._link is not None:
            self._flight, self._next, self._fate = self._next, None, "wanted"
            self._link.send(self._flight)

    def _set_phase(self, phase: Phase | None) -> None:
        if phase != self._phase:
            self._phase = phase
            self.phase_changed.emit(phase)

    def _on_arrived(self, generation: int, arrival: object) -> None:
        if generation != self._generation or self._link is None:
            return
        match arrival:
            case Ready():
                self._ready = True
                for order in self._tasks.values():
                    if self._link is not None:
                        self._link.send(order)
                self._advance()
            case Progress(phase=phase):
                self._set_phase(phase)
            case TaskMoved(ticket=ticket):
                if ticket in self._tasks:
                    self.task_moved.emit(arrival)
            case TaskEnded(ticket=ticket):
                if self._tasks.pop(ticket, None) is not None:
                    self.task_ended.emit(arrival)
            case reader.Ended():
                self._on_ended()
            case reader.Look() | reader.Tensors() | Failed() | Cancelled():
                self._on_answer(arrival)

    def _on_answer(self, arrival: reader.Look | reader.Tensors | Failed | Cancelled) -> None:
        """Take the next request, and hand the answer on unless nobody waits for it any more."""
        self._grace.stop()
        fate, self._flight = self._fate, None
        self._advance()
        if fate == "replaced":
            return
        if fate == "cancelled" or isinstance(arrival, Cancelled):
            self.cancelled.emit()
        elif isinstance(arrival, reader.Look):
            self.looked.emit(arrival)
        elif isinstance(arrival, reader.Tensors):
            self.fetched.emit(arrival)
        else:
            self.failed.emit(arrival)

    def _on_ended(self) -> None:
        """Clear up after a process that died, and have another take over."""
        flight, fate, killed, early = self._flight, self._fate, self._killed, not self._ready
        lost = flight
        if early and not killed:
            lost, self._next = self._next, None  # it cannot even start: do not try for ever
        exit_code = self._take_down()
        tasks, self._tasks = self._tasks, {}
        for ticket in tasks:
            self.task_ended.emit(TaskEnded(ticket, cancelled=True))
        if not early:
            self.start()
        self._advance()
        if fate == "cancelled":
            self.cancelled.emit()
        elif not killed and fate == "wanted":
            self.stopped.emit(Stop(exit_code, lost, early))

    def _take_down(self, *, gently: bool = False) -> int | None:
        """Part from a process, and remove what it may have left in shared memory."""
        self._grace.stop()
        link, self._link, self._ready = self._link, None, False
        exit_code = None if link is None else link.close(gently=gently)
        self._generation += 1  # what it said last is not heard
        if self._flight is not None:
            discard(self._flight.block)
        self._flight, self._fate = None, "wanted"
        return exit_code


def _same_model(flight: Request, request: Look) -> bool:
    return isinstance(flight, Look) and flight.model == request.model

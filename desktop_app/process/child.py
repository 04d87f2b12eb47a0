"""The engine process: opens models, runs photos, and dies alone when a model kills the runtime.

The main thread works, one request at a time; a second thread listens, so that a cancel arrives while the
runtime runs. When the window is gone, so is this process.
"""

import os
import queue
import signal
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

from desktop_app.process.protocol import (
    Abandon,
    Cancel,
    Cancelled,
    Failed,
    FromChild,
    Quit,
    Ready,
    Request,
    ToChild,
    Undertake,
    Words,
)
from desktop_app.process.tasks import Tasks, worded
from desktop_app.process.worker import Worker
from engine.messages import CATALOGUE

OUT_OF_MEMORY_FIRST = "800"
"""Of 1000: when memory runs out, the system should end this process and not the window."""


class Line:
    """The child's end of the line: sends replies, and before each the words that the window lacks."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._told: set[str] = set()
        self._turn = threading.Lock()  # tasks speak from a thread of their own

    def send(self, reply: FromChild) -> None:
        """Send a reply."""
        with self._turn:
            new = tuple((code, text) for code, text in CATALOGUE.items() if code not in self._told)
            if new:
                self._told.update(code for code, _ in new)
                self._connection.send(Words(new))
            self._connection.send(reply)


def serve(connection: Connection) -> None:
    """Answer requests until told to quit, or until the window is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in the terminal is for the window
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(OUT_OF_MEMORY_FIRST, encoding="ascii")
    inbox: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
    line = Line(connection)
    worker = Worker(line.send)
    tasks = Tasks(worker, line.send)
    listener = threading.Thread(target=_listen, args=(connection, inbox, worker, tasks), daemon=True)
    listener.start()
    worker.load()
    line.send(Ready())
    block: SharedMemory | None = None
    while (request := inbox.get()) is not None:
        if block is not None:  # the window has taken it, or never will
            block.close()
        block = _answer(request, worker, line)
    if block is not None:
        block.close()
    os._exit(0)  # nothing here needs an orderly end, and the window waits for it


def _answer(request: Request, worker: Worker, line: Line) -> SharedMemory | None:
    """Work on one request and reply, whatever happens."""
    try:
        reply, block = worker.work(request)
    except Exception as error:  # whatever a stranger's file provokes becomes one sentence
        reply, block = Failed(request.ticket, worded(error)), None
    if worker.cancelled(request.ticket):
        if block is not None:
            block.close()
            block.unlink()
        reply, block = Cancelled(request.ticket), None
    with suppress(OSError):  # the window is gone; the listener ends this process
        line.send(reply)
    return block


def _listen(connection: Connection, inbox: "queue.SimpleQueue[Request | None]", worker: Worker, tasks: Tasks) -> None:
    """Pass requests and tasks on; a cancel goes straight to the runtime."""
    while True:
        try:
            message: ToChild = connection.recv()
        except (EOFError, OSError):
            os._exit(0)  # the window is gone: nobody is left to answer, and a run may still be busy
        if isinstance(message, Quit):
            inbox.put(None)
            return
        if isinstance(message, Cancel):
            worker.cancel(message.ticket)
        elif isinstance(message, Abandon):
            tasks.cancel(message.ticket)
        elif isinstance(message, Undertake):
            tasks.add(message)
        else:
            inbox.put(message)

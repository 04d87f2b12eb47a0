"""One living engine process: the process, the line to it, and the thread that reads it."""

import multiprocessing
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection

from desktop_app.process.protocol import Quit, ToChild
from desktop_app.process.reader import Arrival, Reader

QUIT_S = 1.0
"""How long an idle process may take to quit before it is killed."""


class Link:
    """Starts a process on creation; `close` leaves nothing of it behind.

    Args:
        target: what the process runs, given its end of the line.
        arrived: called in the reading thread with everything that arrives.
    """

    def __init__(self, target: Callable[[Connection], None], arrived: Callable[[Arrival], None]) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=target, args=(theirs,), name="mirada-engine", daemon=True)
        self._process.start()
        theirs.close()
        self._reader = Reader(self._connection, arrived)
        self._reader.start()

    @property
    def pid(self) -> int | None:
        """Process id."""
        return self._process.pid

    def send(self, message: ToChild) -> None:
        """Send a message; one to a process that has just died is lost, and the reader will say that it died."""
        with suppress(OSError):
            self._connection.send(message)

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()

    def close(self, *, gently: bool = False) -> int | None:
        """Wait until process and reader are gone, and return the exit code.

        Args:
            gently: let the process quit by itself first.
        """
        if gently:
            self.send(Quit())
            self._process.join(QUIT_S)
        self._process.kill()
        self._process.join()
        exit_code = self._process.exitcode
        self._reader.join()
        self._connection.close()
        self._process.close()
        return exit_code

"""One launch, timed from outside: `python -m tests.benchmarks.launch bare|mirada STARTED` prints the seconds until the
first window was painted, counted from `STARTED` on the monotonic clock, and ends there.
"""

import os
import runpy
import sys
import time
from typing import Any

from PySide6 import QtWidgets
from PySide6.QtCore import QEvent, QObject

STARTED = float(sys.argv[2])


class Timed(QtWidgets.QApplication):
    """Ends the program once its first window and all that is in it have been painted."""

    _depth = 0
    _seen = False

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        """Pass every event on; look at the first paint of a window."""
        painted = event.type() == QEvent.Type.Paint and isinstance(receiver, QtWidgets.QMainWindow)
        self._depth += 1
        done = super().notify(receiver, event)
        self._depth -= 1
        self._seen = self._seen or painted
        # The paint events of a window and its children come nested in the one that exposed it.
        if self._seen and self._depth == 0:
            report()
        return bool(done)


def report() -> None:
    """Print the time and leave at once."""
    print(time.monotonic() - STARTED, flush=True)
    os._exit(0)


def bare() -> None:
    """Open the smallest window that Qt can."""
    app = Timed([])
    window = QtWidgets.QMainWindow()
    window.resize(1280, 800)
    window.show()
    app.exec()


def mirada() -> None:
    """Open Mirada's own window, by its own start."""
    qt: Any = QtWidgets
    qt.QApplication = Timed
    sys.argv = ["mirada"]
    runpy.run_module("desktop_app", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    {"bare": bare, "mirada": mirada}[sys.argv[1]]()

"""The longest time the window's thread cannot answer: `python -m tests.benchmarks.stall MODEL IMAGE` prints JSON.

A timer that wants to fire every few milliseconds is late by as long as the thread was busy with something else.
"""

import json
import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from desktop_app import intake
from desktop_app.main_window import MainWindow
from desktop_app.process.client import EngineClient
from desktop_app.settings import Forgetful, Settings

BEAT_MS = 2
LINGER_MS = 1000


class Heartbeat:
    """Notes how late each beat comes."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self._timer = QTimer(interval=BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._last = 0.0

    def start(self) -> None:
        """Begin to count."""
        self._last = time.perf_counter()
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.late.append(now - self._last - BEAT_MS / 1000)
        self._last = now


def main() -> None:
    """Show the window, wait until it rests, then open the model and the image and run them."""
    app = QApplication([])
    client = EngineClient()
    client.start()
    window = MainWindow(client, Settings(Forgetful()))
    window.show()
    heart = Heartbeat()

    def begin() -> None:
        heart.start()
        window.take(intake.from_paths([sys.argv[1], sys.argv[2]]))

    window.controller.succeeded.connect(lambda _: QTimer.singleShot(LINGER_MS, app.quit))
    window.controller.refused.connect(lambda: app.exit(1))
    QTimer.singleShot(3 * LINGER_MS, begin)
    status = app.exec()
    window.close()
    client.close()
    if status == 0:
        print(json.dumps({"longest": max(heart.late), "beats": len(heart.late), "model": Path(sys.argv[1]).name}))
    sys.exit(status)


if __name__ == "__main__":
    main()

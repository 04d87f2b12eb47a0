"""The longest time a window's thread cannot answer: printed as JSON.

    python -m tests.benchmarks.stall mirada|bare MODEL IMAGE


`mirada` opens the model in Mirada; `bare` shows an empty window while another process opens and runs the model by ONNX
Runtime alone: what the machine itself does to a thread that has nothing to do.

A timer that wants to fire every few milliseconds is late by as long as the thread was busy with something else.
"""

import json
import os
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the program does, before NumPy is loaded

from PySide6.QtCore import QProcess, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

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


def bare() -> int:
    """Wait in an empty window while another process works."""
    app = QApplication([])
    window = QMainWindow()
    window.resize(1280, 800)
    window.show()
    code = "import sys; from tests.benchmarks.child import plain_run; plain_run(sys.argv[1], BASE.feed(), 1)"
    worker = QProcess()
    worker.finished.connect(lambda: QTimer.singleShot(LINGER_MS, app.quit))
    heart = Heartbeat()

    def begin() -> None:
        heart.start()
        worker.start(sys.executable, ["-c", f"from tests.benchmarks.transformers import BASE; {code}", sys.argv[2]])

    QTimer.singleShot(LINGER_MS, begin)
    return report(heart, app.exec())


def mirada() -> int:
    """Show the window, wait until it rests, then open the model and the image and run them."""
    app = QApplication([])
    client = EngineClient()
    client.start()
    window = MainWindow(client, Settings(Forgetful()))
    window.show()
    heart = Heartbeat()

    def begin() -> None:
        heart.start()
        window.take(intake.from_paths([sys.argv[2], sys.argv[3]]))

    window.controller.succeeded.connect(lambda _: QTimer.singleShot(LINGER_MS, app.quit))
    window.controller.refused.connect(lambda: app.exit(1))
    QTimer.singleShot(3 * LINGER_MS, begin)
    status = app.exec()
    window.close()
    client.close()
    return report(heart, status)


def report(heart: Heartbeat, status: int) -> int:
    """Print what the heartbeat noticed."""
    if status == 0:
        print(json.dumps({"longest": max(heart.late), "beats": len(heart.late)}))
    return status


if __name__ == "__main__":
    sys.exit({"bare": bare, "mirada": mirada}[sys.argv[1]]())

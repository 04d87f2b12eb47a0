"""From choosing a bundled model in the menu to its heads painted: seconds of each, printed as JSON.

python -m tests.benchmarks.choose ROUNDS
"""

import json
import os
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the program does, before NumPy is loaded

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from desktop_app import bundle, intake
from desktop_app.main_window import MainWindow
from desktop_app.process.client import EngineClient
from desktop_app.settings import Forgetful, Settings

LINGER_MS = 1500


class Chooser:
    """Chooses one bundled model after the other, and waits between them until the window rests."""

    def __init__(self, window: MainWindow, rounds: int) -> None:
        self._window = window
        models = bundle.models()
        self._left = [shipped.path for _ in range(rounds) for shipped in (*models[1:], models[0])]
        self._started = 0.0
        self.seconds: dict[str, list[float]] = {shipped.path.name: [] for shipped in models}
        window.controller.succeeded.connect(lambda _: QTimer.singleShot(0, self._painted))
        window.controller.refused.connect(lambda: QApplication.exit(1))

    def _painted(self) -> None:
        """Paint all that the window shows, and stop the clock."""
        self._window.grab()
        if self._started:
            self.seconds[self._left.pop(0).name].append(time.perf_counter() - self._started)
        QTimer.singleShot(LINGER_MS, self._choose)

    def _choose(self) -> None:
        if not self._left:
            QApplication.quit()
            return
        wanted = next(shipped for shipped in bundle.models() if shipped.path == self._left[0])
        action = next(one for one in self._window.menus.models.actions() if one.text() == wanted.title())
        self._started = time.perf_counter()
        action.trigger()


def main() -> int:
    """Show the window with the first model and the first picture, then choose."""
    app = QApplication([])
    client = EngineClient()
    client.start()
    window = MainWindow(client, Settings(Forgetful()))
    window.show()
    chooser = Chooser(window, int(sys.argv[1]))
    first = (bundle.first_model(), bundle.first_sample())
    QTimer.singleShot(LINGER_MS, lambda: window.take(intake.from_paths([str(path) for path in first if path])))
    status = app.exec()
    window.close()
    client.close()
    if status == 0:
        print(json.dumps(chooser.seconds))
    return status


if __name__ == "__main__":
    sys.exit(main())

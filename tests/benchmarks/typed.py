"""From a changed text to its heads painted: seconds of each change, printed as JSON.

python -m tests.benchmarks.typed MODEL TOKENS ROUNDS
"""

import json
import os
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the program does, before NumPy is loaded

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from desktop_app import intake
from desktop_app.main_window import MainWindow
from desktop_app.process.client import EngineClient
from desktop_app.settings import Forgetful, Settings

LINGER_MS = 2500


class Typist:
    """Types texts of token numbers into the window, the next one when the heads of the last have been painted."""

    def __init__(self, window: MainWindow, tokens: int, rounds: int) -> None:
        self._window = window
        self._left = [" ".join(str(1 + (turn + i) % 200) for i in range(tokens)) for turn in range(rounds + 1)]
        self._started = 0.0
        self.seconds: list[float] = []
        window.controller.succeeded.connect(lambda _: QTimer.singleShot(0, self._painted))
        window.controller.refused.connect(lambda: QApplication.exit(1))

    def _painted(self) -> None:
        """Paint all that the window shows, and stop the clock."""
        if self._window.controller.run is None:
            return  # the model is open, and the panel is about to give it an example
        self._window.grab()
        if self._started:
            self.seconds.append(time.perf_counter() - self._started)
        QTimer.singleShot(LINGER_MS, self._type)

    def _type(self) -> None:
        if not self._left:
            QApplication.quit()
            return
        text = self._left.pop()
        self._started = time.perf_counter()
        self._window.panel.text.editor.setPlainText(text)


def main() -> int:
    """Show the window with the model, then type."""
    model, tokens, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    app = QApplication([])
    client = EngineClient()
    client.start()
    window = MainWindow(client, Settings(Forgetful()))
    window.show()
    typist = Typist(window, tokens, rounds)
    QTimer.singleShot(LINGER_MS, lambda: window.take(intake.from_paths([model])))
    status = app.exec()
    window.close()
    client.close()
    if status == 0:
        print(json.dumps(typist.seconds[1:]))  # the first text of a length warms the session up
    return status


if __name__ == "__main__":
    sys.exit(main())

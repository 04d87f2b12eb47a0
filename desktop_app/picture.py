"""Painting the whole window into a file, off screen, once heads are shown."""

import sys
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from desktop_app.arguments import Wishes
from desktop_app.main_window import MainWindow
from desktop_app.notices import Notice

translate = QCoreApplication.translate

SETTLE_MS = 200
"""Time for layouts; a view that is still computing gets it again and again."""

LONGEST_S = 60.0
"""After this long the picture is painted with what is there."""


class Portrait(QObject):
    """Waits for the first answer, paints the window, says so in one sentence, and ends the program.

    Attributes:
        status: the exit status: 0 when the picture was painted, else 2.
    """

    def __init__(self, window: MainWindow, wishes: Wishes) -> None:
        super().__init__(window)
        self.status = 2
        self._window, self._wishes = window, wishes
        self._path: Path = wishes.picture or Path("mirada.png")
        self._trouble: Notice | None = None
        self._latest = time.monotonic() + LONGEST_S
        control = window.controller
        control.succeeded.connect(self._settle)
        control.noticed.connect(self._on_notice)
        control.refused.connect(self._give_up)
        QTimer.singleShot(0, self._check_that_there_is_something)

    def _check_that_there_is_something(self) -> None:
        """Without a model nothing will ever be answered: paint the empty window."""
        if self._window.controller.wanted.model is None:
            self._settle()

    def _settle(self) -> None:
        QTimer.singleShot(SETTLE_MS, self._paint)

    def _paint(self) -> None:
        waiting = self._window.controller.busy or not getattr(self._window.view, "settled", True)
        if waiting and time.monotonic() < self._latest:
            self._settle()
            return
        if self._window.grab().save(str(self._path), "PNG"):
            self.status = 0
            self._say(self._success())
        else:
            text = translate("Portrait", "mirada: “{path}” cannot be written. Choose another folder.")
            self._complain(text.format(path=self._path))
        QCoreApplication.quit()

    def _success(self) -> str:
        path = self._path.absolute()
        if self._wishes.no_display:
            return translate(
                "Portrait",
                "There is no display here, so Mirada painted its window off screen and saved it as {path}.",
            ).format(path=path)
        return translate("Portrait", "Mirada painted its window and saved it as {path}.").format(path=path)

    def _on_notice(self, notice: Notice) -> None:
        if notice.kind == "error":
            self._trouble = notice

    def _give_up(self) -> None:
        if self._trouble is not None:
            self._complain(f"mirada: {self._trouble.text()}")
        QCoreApplication.quit()

    def _say(self, text: str) -> None:
        sys.stdout.write(text + "\n")

    def _complain(self, text: str) -> None:
        sys.stderr.write(text + "\n")

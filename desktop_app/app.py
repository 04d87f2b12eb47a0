"""Builds the application: one window and its engine process, on the screen or painted into a file."""

import os
import signal
import sys
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

import assets
from desktop_app import bundle, i18n, intake, sentences, theme
from desktop_app.arguments import Wishes
from desktop_app.main_window import MainWindow
from desktop_app.picture import Portrait
from desktop_app.process.client import EngineClient
from desktop_app.process.protocol import PhotoFile
from desktop_app.settings import Forgetful, Language, Settings, Theme


def run(wishes: Wishes) -> int:
    """Open the window, or paint it into a file, and return the exit status."""
    if wishes.picture is not None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")  # "this plugin does not support …"
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C ends the program; the engine process notices
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)  # noqa: S101 - it was made here, or by a test
    app.setApplicationName("mirada")
    app.setApplicationDisplayName("Mirada")
    app.setDesktopFileName("mirada")
    app.setWindowIcon(QIcon(str(assets.path("icons", "mirada.png"))))
    settings = Settings(Forgetful() if wishes.picture is not None else None)
    dress(app, settings, wishes)
    client = EngineClient()
    window = MainWindow(client, settings)
    if wishes.size is not None:
        window.resize(*wishes.size)
    sys.excepthook = _to_notices(window)
    try:
        if wishes.picture is not None:
            portrait = Portrait(window, wishes)
            window.show()
            open_first(window, wishes)
            app.exec()
            return portrait.status
        starter = _AfterFirstPaint(window, wishes)
        window.installEventFilter(starter)
        window.show()
        return app.exec()
    finally:
        client.close()


def dress(app: QApplication, settings: Settings, wishes: Wishes) -> None:
    """Put on language and theme: those of the command line, else those chosen last."""
    language: Language = wishes.language or settings.language  # type: ignore[assignment]  # argparse has checked it
    worn: Theme = wishes.theme or settings.theme  # type: ignore[assignment]
    i18n.use(language)
    theme.apply(app, worn)


def open_first(window: MainWindow, wishes: Wishes) -> None:
    """Open the files of the command line; what is not given there comes from the bundle."""
    found = intake.from_paths(wishes.files)
    if left := (*found.spare, *found.strange):
        window.notices.say(sentences.left_aside(left) if not found.empty else sentences.neither_model_nor_image(left))
    sample = bundle.first_sample()
    model = found.model or bundle.first_model()
    photo = found.photo or (PhotoFile(str(sample)) if sample is not None else None)
    window.controller.open(model, photo)


class _AfterFirstPaint(QObject):
    """Starts the engine process and the first request once the window has been painted."""

    def __init__(self, window: MainWindow, wishes: Wishes) -> None:
        super().__init__(window)
        self._window, self._wishes = window, wishes

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Wait for the paint event."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, lambda: open_first(self._window, self._wishes))
        return False


def _to_notices(window: MainWindow) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """Return an exception hook that says so in the window; a traceback is for those who ask for it."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        if os.environ.get("MIRADA_DEBUG"):
            sys.__excepthook__(kind, error, trace)
        window.notices.say(sentences.unexpected(error))

    return hook

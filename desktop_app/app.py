"""Builds the application: one window and its engine process, on the screen or painted into a file."""

import importlib
import os
import signal
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

import assets
from desktop_app import bundle, i18n, theme
from desktop_app.arguments import Wishes
from desktop_app.main_window import MainWindow
from desktop_app.settings import Forgetful, Language, Settings, Theme

if TYPE_CHECKING:
    from desktop_app.process.client import EngineClient

CLIENT = "desktop_app.process.client"
REST = ("desktop_app.controller", "desktop_app.panels.side_panel", "desktop_app.views", "desktop_app.saving")
"""What the window still needs after its first paint, in this order: the engine process starts after the first one."""


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
    window = MainWindow(None, settings)
    if wishes.size is not None:
        window.resize(*wishes.size)
    sys.excepthook = _to_notices(window)
    if wishes.picture is not None:
        return _paint(app, window, wishes)
    starter = Starter(window, wishes)
    window.show()
    try:
        return app.exec()
    finally:
        starter.close()


def dress(app: QApplication, settings: Settings, wishes: Wishes) -> None:
    """Put on language and theme: those of the command line, else those chosen last."""
    language: Language = wishes.language or settings.language  # type: ignore[assignment]  # argparse has checked it
    worn: Theme = wishes.theme or settings.theme  # type: ignore[assignment]
    i18n.use(language)
    theme.apply(app, worn)


def open_first(window: MainWindow, wishes: Wishes) -> None:
    """Open the files of the command line; what is not given there comes from the bundle."""
    from desktop_app import intake, sentences
    from desktop_app.process.protocol import PhotoFile

    found = intake.from_paths(wishes.files)
    if left := (*found.spare, *found.strange):
        window.notices.say(sentences.left_aside(left) if not found.empty else sentences.neither_model_nor_image(left))
    sample = bundle.first_sample()
    model = found.model or bundle.first_model()
    photo = found.photo or (PhotoFile(str(sample)) if sample is not None else None)
    if found.text is not None:
        window.panel.text.take(found.text)
    window.controller.open(model, photo, sound=found.sound)


def _paint(app: QApplication, window: MainWindow, wishes: Wishes) -> int:
    """Paint the window into a file once it shows heads."""
    from desktop_app.picture import Portrait
    from desktop_app.process.client import EngineClient

    client = EngineClient()
    try:
        client.start()
        window.complete(client)
        portrait = Portrait(window, wishes)
        window.show()
        open_first(window, wishes)
        app.exec()
    finally:
        client.close()
    return portrait.status


class Starter(QObject):
    """Once the window has been painted: imports what is missing, starts the engine process, opens the first files.

    Imports happen in a thread, so that the window answers while they last.
    """

    _client_imported = Signal()
    _all_imported = Signal()
    _failed = Signal(object)

    def __init__(self, window: MainWindow, wishes: Wishes) -> None:
        super().__init__(window)
        self._window, self._wishes = window, wishes
        self._client: EngineClient | None = None
        self._importer = threading.Thread(target=self._import, name="mirada-importer", daemon=True)
        self._client_imported.connect(self._start_engine)
        self._all_imported.connect(self._complete)
        self._failed.connect(_raise)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Wait for the paint event."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._importer.start)
        return False

    def close(self) -> None:
        """End the engine process."""
        if self._importer.is_alive():
            self._importer.join()
        if self._client is not None:
            self._client.close()

    def _import(self) -> None:
        try:
            importlib.import_module(CLIENT)
            self._client_imported.emit()
            for name in REST:
                importlib.import_module(name)
            self._all_imported.emit()
        except Exception as error:  # shown by the window; a thread has nobody to tell
            self._failed.emit(error)

    def _start_engine(self) -> None:
        from desktop_app.process.client import EngineClient

        self._client = EngineClient(self._window)
        self._client.start()

    def _complete(self) -> None:
        if self._client is not None:
            self._window.complete(self._client)
            open_first(self._window, self._wishes)


def _raise(error: Exception) -> None:
    raise error


def _to_notices(window: MainWindow) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """Return an exception hook that says so in the window; a traceback is for those who ask for it."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        from desktop_app import sentences

        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        if os.environ.get("MIRADA_DEBUG"):
            sys.__excepthook__(kind, error, trace)
        window.notices.say(sentences.unexpected(error))

    return hook

"""One engine process for the tests of a module; and after every test nothing may be left behind."""

import gc
import multiprocessing
import threading
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_app import i18n, theme
from desktop_app.main_window import MainWindow
from desktop_app.process.client import EngineClient
from desktop_app.process.protocol import PhotoFile
from desktop_app.settings import Forgetful, Settings
from desktop_app.translations import build as translations
from tests.gui.makers import SAMPLE, VIT

PATIENCE_MS = 60_000
"""Not a budget: how long a test waits before it gives up on a machine that does other things too."""

_clients: "weakref.WeakSet[EngineClient]" = weakref.WeakSet()


@pytest.fixture(scope="session", autouse=True)
def _translations() -> None:
    """Compile the translations where that has not been done since the last edit."""
    for ts in translations.HERE.glob("*.ts"):
        qm = ts.with_suffix(".qm")
        if not qm.exists() or qm.stat().st_mtime < ts.stat().st_mtime:
            assert translations.build() == 0


@pytest.fixture(autouse=True)
def _dressed(qapp: QApplication) -> Iterator[None]:
    """Begin every test in English and light."""
    i18n.use("en")
    theme.apply(qapp, "light")
    yield
    i18n.use("en")


@pytest.fixture(autouse=True)
def _nothing_left_behind(qapp: QApplication, _dressed: None) -> Iterator[None]:
    """A test leaves no window, no thread and no process of its own."""
    windows = {id(widget) for widget in qapp.topLevelWidgets()}
    threads = set(threading.enumerate())
    yield
    settle()
    left = [widget for widget in qapp.topLevelWidgets() if id(widget) not in windows and widget.parent() is None]
    assert not left, f"left open: {left}"
    readers = {client._link._reader for client in _clients if client._link is not None}
    dangling = [thread for thread in threading.enumerate() if thread not in threads | readers]
    assert not dangling, f"still running: {dangling}"
    known = {client.pid for client in _clients}
    orphans = [child for child in multiprocessing.active_children() if child.pid not in known]
    assert not orphans, f"still running: {orphans}"


def settle() -> None:
    """Let Qt delete what was handed over for deletion, and Python what nobody holds."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QCoreApplication.processEvents()
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def new_client() -> EngineClient:
    """Return a client that the checks know of."""
    client = EngineClient()
    _clients.add(client)
    return client


@pytest.fixture(scope="module")
def shared_client(qapp_cls: type[QApplication]) -> Iterator[EngineClient]:
    """The engine process of a module; it survives its tests, and may be restarted by one."""
    client = new_client()
    client.start()
    yield client
    client.close()


@pytest.fixture
def client(shared_client: EngineClient, qtbot: QtBot) -> Iterator[EngineClient]:
    """The module's client, idle before and after the test."""
    yield shared_client
    shared_client.cancel()
    qtbot.waitUntil(lambda: not shared_client.busy, timeout=PATIENCE_MS)


@pytest.fixture
def settings() -> Settings:
    """Settings of this test alone."""
    return Settings(Forgetful())


OpenWindow = Callable[[], MainWindow]


@pytest.fixture
def empty_window(client: EngineClient, settings: Settings, qtbot: QtBot) -> Iterator[MainWindow]:
    """A window with nothing open."""
    window = MainWindow(client, settings)
    window.show()
    qtbot.waitExposed(window)
    yield window
    discard(window)


@pytest.fixture
def window(empty_window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A window with the bundled ViT and a sample, heads shown."""
    look(empty_window, qtbot, VIT, SAMPLE)
    return empty_window


def look(window: MainWindow, qtbot: QtBot, model: Path | None = None, photo: Path | None = None) -> None:
    """Open files and wait for the answer."""
    answers: list[bool] = []
    ends = ((window.controller.succeeded, lambda _: answers.append(True)),
            (window.controller.refused, lambda: answers.append(False)))  # fmt: skip
    for signal, note in ends:
        signal.connect(note)
    window.controller.open(model, None if photo is None else PhotoFile(str(photo)))
    qtbot.waitUntil(lambda: bool(answers), timeout=PATIENCE_MS)
    for signal, note in ends:
        signal.disconnect(note)
    assert answers[-1], [row.text for row in window.notices.rows]
    QApplication.processEvents()  # views follow in the next turn


def discard(widget: QWidget) -> None:
    """Close a widget and have Qt delete it."""
    widget.close()
    widget.deleteLater()

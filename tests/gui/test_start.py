"""How the window starts: painted first, filled after, and ended at any moment without a trace."""

import importlib

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.app import Starter
from desktop_app.arguments import Wishes
from desktop_app.main_window import MainWindow
from desktop_app.settings import Settings
from tests.gui import conftest, makers
from tests.gui.conftest import PATIENCE_MS, discard


@pytest.fixture
def frame(settings: Settings, qtbot: QtBot) -> MainWindow:
    """A window that has not been painted yet."""
    return MainWindow(None, settings)


def test_it_is_filled_after_the_first_paint(frame: MainWindow, qtbot: QtBot) -> None:
    starter = Starter(frame, Wishes((str(makers.OTHER_SAMPLE),)))
    assert not frame.is_complete
    frame.show()
    qtbot.waitUntil(lambda: frame.is_complete, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: frame.controller.run is not None, timeout=PATIENCE_MS)
    assert frame.panel.bars.rows()[0][0] == "truck"
    assert frame.view is not None
    discard(frame)
    starter.close()


def test_it_says_that_it_is_getting_ready(frame: MainWindow) -> None:
    assert "One moment" in frame.placeholder.text
    frame.set_language("es")
    conftest.settle()
    assert "Un momento" in frame.placeholder.text
    discard(frame)


def test_it_can_be_closed_before_it_is_filled(frame: MainWindow, qtbot: QtBot) -> None:
    starter = Starter(frame, Wishes())
    frame.show()
    qtbot.waitExposed(frame)
    frame.close()
    starter.close()
    conftest.settle()
    discard(frame)
    starter.close()


def test_files_that_are_nothing_are_named_and_the_bundle_is_opened(frame: MainWindow, qtbot: QtBot) -> None:
    starter = Starter(frame, Wishes((__file__,)))
    frame.show()
    qtbot.waitUntil(lambda: frame.is_complete and frame.controller.run is not None, timeout=PATIENCE_MS)
    assert frame.controller.model is not None
    assert frame.controller.model.name == "vit"
    discard(frame)
    starter.close()


def test_what_cannot_be_imported_is_said(frame: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise ImportError(f"no {name}")

    monkeypatch.setattr(importlib, "import_module", broken)
    starter = Starter(frame, Wishes())
    with qtbot.captureExceptions() as caught:
        frame.show()
        qtbot.waitUntil(lambda: bool(caught), timeout=PATIENCE_MS)
    assert "no desktop_app.process.client" in str(caught[0][1])
    discard(frame)
    starter.close()

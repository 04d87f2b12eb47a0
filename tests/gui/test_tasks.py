"""Long tasks: done beside the requests, followed, ended, and never the end of the window."""

import os
import signal
import time
from dataclasses import dataclass

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from desktop_app.main_window import MainWindow
from desktop_app.process.client import EngineClient
from desktop_app.task_news import TaskNews
from desktop_app.views.base import View
from engine import EngineError
from engine.runtime.task import Context, Task
from tests.gui import makers
from tests.gui.conftest import PATIENCE_MS, look


@dataclass(frozen=True)
class Sums(Task):
    """Runs the model some times and adds up what it says."""

    times: int

    def work(self, context: Context) -> object:
        total = 0.0
        for step in range(self.times):
            (logits,) = context.model.forward(context.feeds).values()
            total += float(np.sum(logits))
            context.tell(step + 1, self.times, total)
            time.sleep(0.01)
        return total


@dataclass(frozen=True)
class Refusing(Task):
    """Cannot be done."""

    def work(self, context: Context) -> object:
        raise EngineError("nothing-ran")


@dataclass(frozen=True)
class Broken(Task):
    """Has a fault."""

    def work(self, context: Context) -> object:
        raise ValueError("a fault\nand its details")


@pytest.fixture
def news(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> list[TaskNews]:
    """What the first view hears."""
    heard: list[TaskNews] = []
    monkeypatch.setattr(type(window.views[0]), "task_moved", lambda self, what: heard.append(what), raising=True)
    return heard


def asker(window: MainWindow) -> View:
    """Return the view that asks in these tests."""
    return window.views[0]


def ended(news: list[TaskNews]) -> bool:
    """Return whether the last news was heard."""
    return bool(news) and news[-1].state != "running"


def test_a_task_reports_and_gives_its_result(window: MainWindow, qtbot: QtBot, news: list[TaskNews]) -> None:
    task = Sums(3)
    asker(window).task_wanted.emit(task)
    qtbot.waitUntil(lambda: ended(news), timeout=PATIENCE_MS)
    assert news[-1].state == "done"
    run = window.controller.run
    assert run is not None
    assert news[-1].result == pytest.approx(3 * float(np.sum(run.outputs["logits"])), abs=1e-3)
    assert [(n.done, n.total) for n in news if n.state == "running"][-3:] == [(1, 3), (2, 3), (3, 3)]
    assert all(n.task is task for n in news)


def test_the_window_can_be_used_while_a_task_works(window: MainWindow, qtbot: QtBot, news: list[TaskNews]) -> None:
    asker(window).task_wanted.emit(Sums(10_000))
    qtbot.waitUntil(lambda: len(news) > 2, timeout=PATIENCE_MS)
    look(window, qtbot, None, makers.OTHER_SAMPLE)
    assert news[-1].state == "cancelled", "what it worked on is no longer on screen"
    heard = len(news)
    qtbot.wait(100)
    assert len(news) == heard


def test_a_task_is_ended_by_its_view(window: MainWindow, qtbot: QtBot, news: list[TaskNews]) -> None:
    task = Sums(10_000)
    asker(window).task_wanted.emit(task)
    qtbot.waitUntil(lambda: len(news) > 2, timeout=PATIENCE_MS)
    asker(window).task_unwanted.emit(task)
    qtbot.waitUntil(lambda: ended(news), timeout=PATIENCE_MS)
    assert news[-1].state == "cancelled"
    assert not window.notices.rows


@pytest.mark.parametrize(("task", "words"), [(Refusing(), "no run to read from"), (Broken(), "a fault")])
def test_what_goes_wrong_in_a_task_is_one_sentence(
    window: MainWindow, qtbot: QtBot, news: list[TaskNews], task: Task, words: str
) -> None:
    asker(window).task_wanted.emit(task)
    qtbot.waitUntil(lambda: ended(news), timeout=PATIENCE_MS)
    assert news[-1].state == "failed"
    (row,) = window.notices.rows
    assert words in row.text
    assert "details" not in row.text


def test_a_task_is_over_when_its_process_dies(
    window: MainWindow, client: EngineClient, qtbot: QtBot, news: list[TaskNews]
) -> None:
    asker(window).task_wanted.emit(Sums(10_000))
    qtbot.waitUntil(lambda: len(news) > 2, timeout=PATIENCE_MS)
    assert client.pid is not None
    os.kill(client.pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: ended(news), timeout=PATIENCE_MS)
    assert [n.state for n in news if n.state != "running"] == ["cancelled"]
    news.clear()
    asker(window).task_wanted.emit(Sums(2))
    qtbot.waitUntil(lambda: ended(news), timeout=PATIENCE_MS)
    last = [n.state for n in news if n.state != "running"]
    assert last == ["done"], "the next process opens the model and runs the photo by itself"

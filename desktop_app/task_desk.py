"""Hands tasks of views to the engine, and what becomes of them back to those views."""

from PySide6.QtCore import QObject, Signal

from desktop_app.notices import Notice
from desktop_app.process.client import EngineClient
from desktop_app.process.protocol import PhotoSource, SoundFile, TaskEnded, TaskMoved
from desktop_app.task_news import TaskNews
from desktop_app.views.base import View
from engine.images.plan import ImagePlan
from engine.runtime.interventions.edits import Edit
from engine.runtime.task import Task
from engine.text.tokens import TextSource


class TaskDesk(QObject):
    """Knows which view asked for which task."""

    noticed = Signal(object)
    """A `Notice`: why a task failed."""

    def __init__(self, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._orders: dict[int, tuple[View, Task]] = {}
        client.task_moved.connect(self._on_moved)
        client.task_ended.connect(self._on_ended)

    @property
    def busy(self) -> bool:
        """Whether a task is awaited."""
        return bool(self._orders)

    def undertake(
        self,
        view: View,
        task: Task,
        model: str,
        photo: PhotoSource | None,
        plan: ImagePlan | None,
        edits: tuple[Edit, ...],
        text: TextSource | None = None,
        sound: SoundFile | None = None,
    ) -> None:
        """Have a task done on what is on screen."""
        ticket = self._client.undertake(task, model, photo, plan, edits, text, sound)
        self._orders[ticket] = (view, task)

    def abandon(self, view: View, task: Task) -> None:
        """End a task of a view."""
        for ticket, (asker, order) in self._orders.items():
            if asker is view and order is task:
                self._client.abandon(ticket)

    def abandon_all(self) -> None:
        """End every task: what they work on is no longer on screen. Their views hear of it at once."""
        orders, self._orders = self._orders, {}
        for ticket, (view, task) in orders.items():
            self._client.abandon(ticket)
            view.task_moved(TaskNews(task, "cancelled"))

    def _on_moved(self, moved: TaskMoved) -> None:
        if moved.ticket in self._orders:
            view, task = self._orders[moved.ticket]
            view.task_moved(TaskNews(task, "running", moved.done, moved.total, moved.partial))

    def _on_ended(self, ended: TaskEnded) -> None:
        view, task = self._orders.pop(ended.ticket, (None, None))
        if view is None or task is None:
            return
        if ended.error is not None:
            view.task_moved(TaskNews(task, "failed", error=ended.error))
            self.noticed.emit(Notice.of(ended.error))
        elif ended.cancelled:
            view.task_moved(TaskNews(task, "cancelled"))
        else:
            view.task_moved(TaskNews(task, "done", 1, 1, result=ended.result))

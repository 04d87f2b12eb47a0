"""What a view hears of the long tasks that it asked for."""

from dataclasses import dataclass
from typing import Literal

from engine.errors import EngineError
from engine.runtime.task import Task


@dataclass(frozen=True)
class TaskNews:
    """How a task goes.

    Attributes:
        task: the very task that was asked for.
        state: "running" until the last news, which is one of the others.
        done, total: how far it is; a total of 0 is not known yet.
        partial: what there is so far, of the last report.
        result: what the task gave, where it is done.
        error: why there is no result, where it failed.
    """

    task: Task
    state: Literal["running", "done", "failed", "cancelled"] = "running"
    done: int = 0
    total: int = 0
    partial: object = None
    result: object = None
    error: EngineError | None = None

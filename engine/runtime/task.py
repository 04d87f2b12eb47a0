"""Long work on an opened model: frozen orders that can be sent to the engine's process, followed and ended.

A task says what shall be done; `work` does it with a `Context`. It reports as it goes, and is ended by the report:
`Context.tell` raises once somebody has cancelled. Nothing here needs onnx, so that a window can make tasks.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.images.plan import Prepared

if TYPE_CHECKING:
    from engine.runtime.model import Model
    from engine.runtime.run import Run

Array = NDArray[np.generic]
Tell = Callable[[int, int, object], None]
"""Takes how much is done, of how much, and what there is so far; raises `EngineError` "cancelled" to end the task."""


def unheard(done: int, total: int, partial: object) -> None:
    """Report to nobody."""


@dataclass(frozen=True)
class Context:
    """What a task works with.

    Attributes:
        model: the model on screen, with the interventions made on it.
        feeds: an array for each input that was given, as the run on screen had them; empty before the first run.
        image: the photo that the feeds were made of; None where there is none.
        run: the run on screen, whole; None before the first.
        report: told of every step, see `Tell`.
        opener: opens another model by its path; the same one once.
    """

    model: "Model"
    feeds: Mapping[str, Array] = field(default_factory=dict)
    image: Prepared | None = None
    run: "Run | None" = None
    report: Tell = unheard
    opener: "Callable[[str], Model] | None" = None

    def tell(self, done: int, total: int, partial: object = None) -> None:
        """Report progress, and what can be shown already; anything picklable.

        Raises:
            EngineError: the task was cancelled, code "cancelled".
        """
        self.report(done, total, partial)

    def open(self, path: str) -> "Model":
        """Return another model, opened once for all tasks.

        Raises:
            EngineError: as `engine.open_model`.
        """
        if self.opener is not None:
            return self.opener(path)
        from engine.runtime.open import open_model

        return open_model(path)


class Task(ABC):
    """A long piece of work. Subclasses are frozen dataclasses of plain values: they travel between processes."""

    @abstractmethod
    def work(self, context: Context) -> object:
        """Do it, and return a frozen result of plain values and arrays.

        Raises:
            EngineError: it cannot be done, or was cancelled.
        """

"""A second run beside the first: another model on the same photo, or the same model on another photo."""

from dataclasses import replace
from typing import NoReturn

from PySide6.QtCore import QObject, Signal

from desktop_app.beside import Beside
from desktop_app.controller import Controller, Wanted
from desktop_app.process.client import EngineClient
from engine import EngineError, Run


class Companion(QObject):
    """Follows the first controller with an engine process of its own, which starts when it is first asked for.

    Args:
        first: the window's controller; it is given every new second run.
    """

    noticed = Signal(object)
    """A `Notice`: the second model or photo was refused; the one before stays."""
    phase_changed = Signal(object)
    """As `Controller.phase_changed`."""

    def __init__(self, first: Controller, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._first = first
        self._second: Controller | None = None
        self._client: EngineClient | None = None
        self._beside: Beside | None = None
        first.beside_wanted.connect(self.ask)
        first.succeeded.connect(self._follow)
        first.fetch_beside = self._fetch

    @property
    def beside(self) -> Beside | None:
        """What is asked for; None while there is no second run."""
        return self._beside

    def ask(self, beside: Beside | None) -> None:
        """Show something else beside; None takes it away and ends its process."""
        self._beside = beside
        if beside is None:
            self._first.put_beside(None)
            self.close()
            return
        self._follow(self._first.shown)

    def cancel(self) -> None:
        """End what is under way."""
        if self._second is not None:
            self._second.cancel()

    def close(self) -> None:
        """End the second process, if there is one."""
        second, self._second = self._second, None
        client, self._client = self._client, None
        if client is not None:
            client.close()
            client.deleteLater()
        if second is not None:
            second.deleteLater()

    def _follow(self, shown: Wanted) -> None:
        """Open what belongs beside what is on screen now."""
        beside = self._beside
        if beside is None or (model := beside.model or shown.model) is None:
            return
        photo = beside.photo or shown.photo
        second = self._controller()
        if (second.shown.model, second.shown.photo) != (model, photo) or second.run is None:
            second.open(model, photo)

    def _controller(self) -> Controller:
        if self._second is None:
            self._client = EngineClient(self)
            self._second = Controller(self._client, self)
            self._second.run_changed.connect(self._on_run)
            self._second.noticed.connect(self.noticed)
            self._second.phase_changed.connect(self.phase_changed)
        return self._second

    def _on_run(self, run: Run | None) -> None:
        self._first.put_beside(None if run is None else replace(run, fetch=_not_here))

    def _fetch(self, name: str) -> bool:
        """Ask the second engine for a tensor; the first controller is given the run with it."""
        second = self._second
        if second is None:
            return False
        return second.fetch_missing(EngineError("not-in-run", name=name), lambda: self._on_run(second.run))


def _not_here(names: tuple[str, ...]) -> NoReturn:
    """Say that a tensor of the second run is missing, so that the first controller knows whom to ask."""
    raise EngineError("not-in-run", name=names[0], beside="yes")

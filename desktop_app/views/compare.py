"""The side-by-side view: two models on one photo, or one model on two photos."""

from collections.abc import Hashable
from dataclasses import replace
from typing import Any, ClassVar

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop_app.selection import Selection
from desktop_app.task_news import TaskNews
from desktop_app.views import compare_data
from desktop_app.views.compare_data import CompareData, Look, Place, Side
from desktop_app.views.compare_page import ComparePage
from desktop_app.views.paired import PairedView
from engine import ModelDescription, Run
from engine.comparison import Measure, Measured


class CompareView(PairedView):
    """Point at a place of one picture: the other marks what it shows of the same thing."""

    name: ClassVar[str] = "compare"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: CompareData | None = None
        self._place: tuple[int, Place] | None = None  # of which side, pinned
        self._costs: dict[tuple[str, str], tuple[Measured, ...]] = {}
        self._measuring: Measure | None = None
        self.page = ComparePage()
        self.set_page(self.page)
        for at, side in enumerate(self.page.sides):
            side.kind_wanted.connect(lambda at=at: self._on_kind(at))
            side.pointed.connect(lambda place, at=at: self._on_pointed(at, place))
            side.pinned.connect(lambda place, at=at: self._on_pinned(at, place))
        self.page.head_wanted.connect(self._on_head)
        self.page.measure.clicked.connect(self._measure)
        self.page.task.cancel_wanted.connect(self._stop)
        self.retranslate()

    @classmethod
    def title(cls) -> str:
        """Return the tab's title."""
        return QCoreApplication.translate("Compare", "Side by side")

    @classmethod
    def depends(cls, selection: Selection) -> Hashable:
        """Return the head and the pinned token."""
        token = selection.token if selection.pinned else None
        return selection.site, selection.head, selection.batch, token

    @staticmethod
    def compute_pair(run: Run, other: Run | None, selection: Selection) -> CompareData:
        """Return what both runs show."""
        return compare_data.compute(run, other, selection)

    def draw(self, data: CompareData) -> None:
        """Show two runs side by side."""
        before, self._data = self._data, data
        if before is None or self._pair(before) != self._pair(data):
            self._stop()
        place = compare_data.place_of(data.first, data.selection)
        if place is not None and not (self._place is not None and self._place[0] == 1):
            self._place = (0, place)
        elif place is None and not data.selection.pinned and data.first.grid is not None:
            self._place = None
        names = data.first.name, "" if data.second is None else data.second.name
        self.show_pair(data.first.path, names)
        self.page.show_data(data, self._costs.get(self._pair(data), ()))
        self._show()

    def clear(self, model: ModelDescription | None = None) -> None:
        """Show what to do when there is nothing to look at."""
        super().clear(model)
        self._data = self._place = None
        self._stop()
        self.page.forget()

    def task_moved(self, news: TaskNews) -> None:
        """Show what the models cost."""
        if news.task is not self._measuring or self._data is None:
            return
        found = news.partial if news.state == "running" else news.result
        if isinstance(found, tuple):
            self._costs[self._pair(self._data)] = tuple(one for one in found if isinstance(one, Measured))
            self.page.show_costs(self._costs[self._pair(self._data)])
        if news.state == "running":
            self.page.task.show_progress(self.tr("Measuring…"), news.done, news.total)
        else:
            self._measuring = None
            self.page.task.finish()

    @property
    def settled(self) -> bool:
        """Whether nothing is under way."""
        return self._measuring is None

    def looks(self) -> tuple[Look | None, Look | None]:
        """Return what is shown of both."""
        data = self._data
        if data is None:
            return None, None
        return self._look(0, data.first), self._look(1, data.second)

    def state(self) -> dict[str, Any]:
        """Return how things look."""
        return {"map": self.page.maps.name(), "opacity": self.page.opacity.value()}

    def restore(self, state: dict[str, Any]) -> None:
        """Set how things look."""
        self.page.maps.set_name(str(state.get("map", "")))
        try:
            self.page.opacity.setValue(int(state.get("opacity", self.page.opacity.value())))
        except (TypeError, ValueError):
            self.page.opacity.setValue(60)

    def retranslate(self) -> None:
        """Set every text again."""
        super().retranslate()
        self.page.retranslate()
        if self._data is not None:
            self.draw(self._data)

    def _pair(self, data: CompareData) -> tuple[str, str]:
        return data.first.path, "" if data.second is None or data.same else data.second.path

    def _sides(self) -> tuple[Side | None, Side | None]:
        return (None, None) if self._data is None else (self._data.first, self._data.second)

    def _places(self, at: int, place: Place | None) -> tuple[Place | None, Place | None]:
        """Return the same place on both pictures, given on one."""
        sides = self._sides()
        here, there = sides[at], sides[1 - at]
        if place is None or here is None or self._data is None:
            return None, None
        other = None
        if there is not None:
            other = compare_data.across(place, here, there, same_photo=not self._data.same)
        return (place, other) if at == 0 else (other, place)

    def _pinned_places(self) -> tuple[Place | None, Place | None]:
        return (None, None) if self._place is None else self._places(*self._place)

    def _look(self, at: int, side: Side | None) -> Look | None:
        kind = self.page.sides[at].kind()
        return None if side is None or kind is None else side.look(kind, self._pinned_places()[at])

    def _show(self) -> None:
        self.page.show_looks(self.looks())
        self.page.mark(self._pinned_places(), pinned=self._place is not None)

    def _on_pointed(self, at: int, place: Place | None) -> None:
        if self._place is None:
            self.page.mark(self._places(at, place), pinned=False)

    def _on_pinned(self, at: int, place: Place | None) -> None:
        """Pin a place on both; where the first has attention, its token is pinned everywhere."""
        data = self._data
        if data is None:
            return
        again = self._place is not None and place is not None and self._place == (at, place)
        self._place = None if place is None or again else (at, place)
        first = self._pinned_places()[0]
        token = None if first is None else compare_data.token_at(data.first, first)
        now = data.selection.unpin() if token is None else replace(data.selection, token=token, pinned=True)
        self._show()
        if data.first.grid is not None and now != data.selection:
            self._data = replace(data, selection=now)
            self.selection_wanted.emit(now)

    def _on_kind(self, at: int) -> None:
        """Show something else; of one model, of both photos."""
        kind = self.page.sides[at].kind()
        if self._data is not None and self._data.same and kind is not None:
            self.page.sides[1 - at].set_kind(kind)
        self._show()

    def _on_head(self, head: int) -> None:
        if self._data is not None:
            self.selection_wanted.emit(replace(self._data.selection, head=head))

    def _measure(self) -> None:
        if self._data is not None and self._measuring is None:
            self._measuring = Measure(other=self._pair(self._data)[1])
            self.page.task.show_progress(self.tr("Measuring…"), 0, 0)
            self.task_wanted.emit(self._measuring)

    def _stop(self) -> None:
        task, self._measuring = self._measuring, None
        self.page.task.finish()
        if task is not None:
            self.task_unwanted.emit(task)

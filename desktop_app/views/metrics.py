"""The head metrics view: every head as numbers, as a table and as points."""

from collections.abc import Hashable
from dataclasses import replace
from typing import Any, ClassVar

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from desktop_app import copy_menu
from desktop_app.selection import Selection
from desktop_app.views import metrics_data, metrics_text
from desktop_app.views.metrics_data import HeadRow, MetricsData
from desktop_app.views.metrics_page import MetricsPage
from desktop_app.views.metrics_table import COLUMNS
from desktop_app.views.paged import AttentionView
from desktop_app.widgets.exhibit import Exhibit
from engine import ModelDescription, Run

_REST_MS = 30
"""After the selection changed, the table is worked on after so long."""
_REDRAW_MS = 200
"""New numbers are shown so often while they arrive."""


class MetricsView(AttentionView):
    """Sort, filter, point: a click on a row or a point chooses that head everywhere."""

    name: ClassVar[str] = "metrics"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: MetricsData | None = None
        self._stopped = False
        self.page = MetricsPage()
        self.table, self.scatter = self.page.table, self.page.scatter
        self._slice, self._since = QTimer(self), QElapsedTimer()
        self._slice.setSingleShot(True)
        self._slice.timeout.connect(self._work)
        self.set_page(self.page)
        self.table.picked.connect(self._on_picked)
        self.scatter.picked.connect(self._on_picked)
        copy_menu.join(self.table, lambda point: self._exhibit(*self.table.marked(point)))
        copy_menu.join(self.scatter, lambda point: self._exhibit(self.scatter.marked(point), self.page.column()))
        self.page.stop.clicked.connect(self._on_stop)
        self.retranslate()

    @classmethod
    def title(cls) -> str:
        """Return the tab's title."""
        return QCoreApplication.translate("Metrics", "Head metrics")

    @classmethod
    def depends(cls, selection: Selection) -> Hashable:
        """Return the head."""
        return selection.site, selection.head, selection.batch

    @staticmethod
    def compute(run: Run, selection: Selection) -> MetricsData:
        """Return the table as far as it is known."""
        return metrics_data.compute(run, selection)

    def draw(self, data: MetricsData) -> None:
        """Show the table, and go on with what it misses."""
        before = self._data
        if before is None or [(r.site, r.head) for r in before.rows] != [(r.site, r.head) for r in data.rows]:
            self._stopped = False
        self._show(data)
        self._begin()

    def clear(self, model: ModelDescription | None = None) -> None:
        """Show what to do when there is nothing to look at."""
        self._slice.stop()
        self._data = None
        self.page.forget()
        text = self.tr("Drop an image or an .onnx file here, or choose one with File ▸ Open.")
        if model is not None and not model.sites:
            text = self.tr("No attention was found in “{name}”. Open another model.").format(name=model.name)
        self.show_sentence(text)

    @property
    def settled(self) -> bool:
        """Whether every number is there."""
        return self._data is None or self._data.work is None

    def state(self) -> dict[str, Any]:
        """Return what is plotted."""
        return {"metric": self.page.column()}

    def restore(self, state: dict[str, Any]) -> None:
        """Set what is plotted."""
        self.page.set_column(str(state.get("metric", "")))

    def retranslate(self) -> None:
        """Set every text again."""
        self.page.retranslate()
        if self._data is not None:
            self._show(self._data)
        else:
            self.clear()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Go on computing when somebody looks."""
        super().showEvent(event)
        self._begin()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Rest while nobody looks."""
        self._slice.stop()
        super().hideEvent(event)

    def _begin(self) -> None:
        self._slice.stop()
        if self._data is not None and self._data.work is not None and not self._stopped:
            self._since.start()
            self._slice.start(_REST_MS)

    def _show(self, data: MetricsData) -> None:
        self._data = data
        self.page.show_data(data, stopped=self._stopped)
        self.show_page()

    def _work(self) -> None:
        """Compute a little of what is missing; show it now and then."""
        data = self._data
        if data is None or data.work is None or data.again is None:
            return
        left = data.work()
        if not left or self._since.elapsed() > _REDRAW_MS:
            self._since.restart()
            self._show(data.again())
        if left:
            self._slice.start(0)

    def _on_stop(self) -> None:
        self._stopped = not self._stopped
        if self._data is not None:
            self._show(self._data)
        self._begin()

    def _on_picked(self, site: int, head: int) -> None:
        if self._data is not None and (site, head) != (self._data.selection.site, self._data.selection.head):
            now = replace(self._data.selection, site=site, head=head)
            self._show(replace(self._data, selection=now))
            self.selection_wanted.emit(now)

    def _exhibit(self, row: HeadRow | None, column: str) -> Exhibit | None:
        """Return the heads shown, in the order shown, and one number of a head."""
        if self._data is None:
            return None
        told = column if column in metrics_data.NUMBERS else self.page.column()
        value = row.number(told) if row is not None else float("nan")
        heading = tuple(metrics_text.heading(name, self._data) for name in COLUMNS)
        kept = self.table.filter.kept()
        return Exhibit(
            f"head-metrics-{self.page.column()}",
            None,
            number=None if value != value else value,
            lines=metrics_data.as_lines(kept, heading),
            more=metrics_data.as_arrays(kept),
        )

"""The reach view: what one unit can see, layer by layer; receptive fields and the distance of attention on one axis."""

from typing import Any, ClassVar

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.selection import Selection
from desktop_app.views import compare_depth_data, compare_depth_text
from desktop_app.views.compare_depth_data import DepthData
from desktop_app.views.paired import PairedView
from desktop_app.widgets.line_plot import Axes, LinePlot
from desktop_app.widgets.segmented import Segmented
from desktop_app.widgets.text_line import TextLine
from engine import EngineError, ModelDescription, Run


class DepthView(PairedView):
    """How far units see as depth grows: at most for convolutions, in fact for attention."""

    name: ClassVar[str] = "reach"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: DepthData | None = None
        self.plot, self.scale = LinePlot("reach-by-depth"), Segmented(("pixels", "share"))
        self.title_line, self.bar_done = TextLine(size=theme.HEADING), QProgressBar(textVisible=False)
        self.lines = tuple(TextLine(quiet=True) for _ in range(3))
        self.scale.set_choice("pixels")
        self.scale.chosen.connect(lambda _: self._show())
        self._slice = QTimer(self)
        self._slice.setSingleShot(True)
        self._slice.timeout.connect(self._work)
        self.set_page(self._build())
        self.retranslate()

    @classmethod
    def title(cls) -> str:
        """Return the tab's title."""
        return QCoreApplication.translate("CompareDepth", "What units see")

    @staticmethod
    def compute_pair(run: Run, other: Run | None, selection: Selection) -> DepthData:
        """Return how far each layer sees, as far as it is known."""
        return compare_depth_data.compute(run, other, selection)

    def draw(self, data: DepthData) -> None:
        """Show what is known, and go on with what is not."""
        self._data = data
        self.show_pair(data.path, data.names)
        self._show()
        self._go_on()

    def clear(self, model: ModelDescription | None = None) -> None:
        """Show what to do when there is nothing to look at."""
        super().clear(model)
        self._slice.stop()
        self._data = None

    @property
    def settled(self) -> bool:
        """Whether every distance is there."""
        return self._data is None or self._data.finished

    def state(self) -> dict[str, Any]:
        """Return in what distances are told."""
        return {"scale": self.scale.choice()}

    def restore(self, state: dict[str, Any]) -> None:
        """Set in what distances are told."""
        if state.get("scale") in ("pixels", "share"):
            self.scale.set_choice(state["scale"])

    def retranslate(self) -> None:
        """Set every text again."""
        super().retranslate()
        self.title_line.set_text(self.tr("What one unit sees, layer by layer"))
        self.scale.set_text("pixels", self.tr("Pixels"), self.tr("In pixels of each model’s own image."))
        self.scale.set_text("share", self.tr("Share of the image"), self.tr("As a share of the image’s longer side."))
        self.scale.setAccessibleName(self.tr("Unit"))
        self.plot.setAccessibleName(self.tr("What one unit sees, by depth"))
        self.bar_done.setAccessibleName(self.tr("Measuring attention’s distance"))
        self._show()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Go on computing when somebody looks."""
        super().showEvent(event)
        self._go_on()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Rest while nobody looks."""
        self._slice.stop()
        super().hideEvent(event)

    def _build(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.TIGHT)
        top = QHBoxLayout()
        top.setSpacing(theme.NEAR)
        top.addWidget(self.title_line, 1)
        self.bar_done.setFixedHeight(4)
        self.bar_done.setFixedWidth(120)
        policy = self.bar_done.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.bar_done.setSizePolicy(policy)
        top.addWidget(self.bar_done)
        top.addWidget(self.scale)
        column.addLayout(top)
        for line in self.lines:
            column.addWidget(line)
        column.addSpacing(theme.NEAR)
        column.addWidget(self.plot, 1)
        return page

    def _go_on(self) -> None:
        self._slice.stop()
        if self._data is not None and not self._data.finished and self.isVisible():
            self._slice.start(0)

    def _work(self) -> None:
        data = self._data
        if data is None:
            return
        try:
            done = data.advance()
        except EngineError:
            done = data.skip()  # a pattern that this run did not keep: the layer is left out
        if done:
            self._show()
        self._go_on()

    def _show(self) -> None:
        data = self._data
        if data is None:
            return
        share = self.scale.choice() == "share"
        series = compare_depth_text.series(data, share=share)
        top = max((float(max(one.high if one.high is not None else one.y, default=0)) for one in series), default=0.0)
        up = self.tr("Share of the image’s longer side") if share else self.tr("Pixels")
        self.plot.set_series(
            series, Axes(self.tr("Depth: from the first layer to the last"), up, 1.0, 1.06 * top or 1.0, percent=True)
        )
        told = compare_depth_text.sentences(data)
        for line, text in zip(self.lines, (*told, *("" for _ in self.lines)), strict=False):
            line.set_text(text)
        reached, layers = data.progress()
        self.bar_done.setRange(0, max(1, layers))
        self.bar_done.setValue(reached)
        self.bar_done.setVisible(not data.finished)

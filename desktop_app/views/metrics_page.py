"""The head metrics view's page: controls, points, table, and how far the computation is."""

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app import theme
from desktop_app.views import metrics_text
from desktop_app.views.metrics_data import NUMBERS, HeadRow, MetricsData, columns_told
from desktop_app.views.metrics_scatter import HeadScatter
from desktop_app.views.metrics_table import HeadTable
from desktop_app.widgets.columns import split
from desktop_app.widgets.flow import FlowLayout
from desktop_app.widgets.text_line import TextLine
from engine.head_labels import LABELS, Label


class MetricsPage(QWidget):
    """Shows what `compute` gave; what a click asks for is the view's business."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: MetricsData | None = None
        self._under: HeadRow | None = None
        self.metrics, self.layers, self.labels = QComboBox(), QComboBox(), QComboBox()
        self._names = tuple(QLabel() for _ in range(3))
        self.scatter, self.table = HeadScatter(self._describe), HeadTable()
        self.title_line, self.said = TextLine(size=theme.HEADING), TextLine(quiet=True)
        self.bar, self.stop = QProgressBar(), QPushButton()
        for name in NUMBERS:
            self.metrics.addItem("", name)
        for key in (None, *LABELS, ""):
            self.labels.addItem("", key)
        self._build()
        self.metrics.currentIndexChanged.connect(self._on_controls)
        for chooser in (self.layers, self.labels):
            chooser.currentIndexChanged.connect(self._on_filter)
        self.scatter.pointed.connect(self._on_pointed)

    def column(self) -> str:
        """Return the column that is plotted."""
        return str(self.metrics.currentData())

    def set_column(self, name: str) -> None:
        """Plot another column; an unknown name changes nothing."""
        at = self.metrics.findData(name)
        if at >= 0:
            self.metrics.setCurrentIndex(at)

    def show_data(self, data: MetricsData, *, stopped: bool) -> None:
        """Show a table of heads."""
        new = self._data is None or data.rows is not self._data.rows
        fewer = self._data is None or self._data.layers != data.layers
        self._data = data
        if fewer:
            self._fill_layers()
        if new:
            self.table.heads.set_data(data)
            self.table.fit(columns_told(data.rows))
            self._plot()
        self.table.set_chosen(data.selection.site, data.selection.head)
        self.scatter.set_chosen(data.selection.site, data.selection.head)
        self.title_line.set_text(metrics_text.title(data))
        self._show_progress(data, stopped=stopped)
        self._say()

    def forget(self) -> None:
        """Let go of everything shown."""
        self._data = self._under = None
        self.table.heads.set_data(None)
        self.scatter.set_rows((), self.column(), frozenset())

    def retranslate(self) -> None:
        """Set every text again."""
        texts = (self.tr("Plot"), self.tr("Layers"), self.tr("Labels"))
        for label, chooser, text in zip(self._names, (self.metrics, self.layers, self.labels), texts, strict=True):
            label.setText(text)
            chooser.setAccessibleName(text)
        for at, name in enumerate(NUMBERS):
            self.metrics.setItemText(at, metrics_text.column(name))
            self.metrics.setItemData(at, metrics_text.meaning(name), Qt.ItemDataRole.ToolTipRole)
        self.labels.setItemText(0, self.tr("All heads"))
        for at, kind in enumerate(LABELS, start=1):
            self.labels.setItemText(at, metrics_text.label(kind))
            self.labels.setItemData(at, metrics_text.threshold(kind), Qt.ItemDataRole.ToolTipRole)
        self.labels.setItemText(self.labels.count() - 1, self.tr("without label"))
        self.labels.setToolTip("\n".join(metrics_text.threshold(kind) for kind in LABELS))
        if self.layers.count():
            self.layers.setItemText(0, self.tr("All layers"))
        self.table.setAccessibleName(self.tr("Numbers of all heads"))
        self.scatter.setAccessibleName(self.tr("Numbers of all heads, by layer"))
        self.table.heads.retranslate()
        if self._data is not None:
            self.table.fit(columns_told(self._data.rows))
        self._plot()
        self._say()

    def _build(self) -> None:
        controls = QWidget()
        flow = FlowLayout(controls, across=theme.APART, down=theme.NEAR)
        for label, chooser in zip(self._names, (self.metrics, self.layers, self.labels), strict=True):
            chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            label.setBuddy(chooser)
            pair = QWidget()
            row = QHBoxLayout(pair)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(theme.NEAR)
            row.addWidget(label)
            row.addWidget(chooser)
            flow.addWidget(pair)
        self.table.setFont(theme.sized(self.table.font(), theme.SMALL))
        self.bar.setFixedHeight(self.fontMetrics().height() + theme.NEAR)
        self.working = QWidget()
        line = QHBoxLayout(self.working)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.NEAR)
        line.addWidget(self.bar, 1)
        line.addWidget(self.stop)
        upper = QWidget()
        above = QVBoxLayout(upper)
        above.setContentsMargins(0, 0, 0, 0)
        above.setSpacing(theme.TIGHT)
        above.addWidget(self.scatter, 1)
        above.addWidget(self.said)
        parts = split((upper, 9), (self.table, 10), vertical=True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.APART, theme.APART, theme.APART, theme.NEAR)
        whole.setSpacing(theme.NEAR)
        for widget in (controls, self.title_line, self.working):
            whole.addWidget(widget)
        whole.addWidget(parts, 1)

    def _fill_layers(self) -> None:
        with QSignalBlocker(self.layers):
            self.layers.clear()
            self.layers.addItem(self.tr("All layers"), None)
            for layer in range(self._data.layers if self._data is not None else 0):
                self.layers.addItem(str(layer), layer)
        self._on_filter()

    def _on_controls(self) -> None:
        self._plot()
        self._say()

    def _on_filter(self) -> None:
        self.table.filter.set_filter(self.layers.currentData(), self.labels.currentData())
        self._plot()
        if self._data is not None:
            self.table.set_chosen(self._data.selection.site, self._data.selection.head)
        self._say()

    def _on_pointed(self, row: HeadRow | None) -> None:
        self._under = row
        self._say()

    def _describe(self, row: HeadRow) -> str:
        return metrics_text.describe(row, self.column(), self._data)

    def _plot(self) -> None:
        rows = () if self._data is None else self._data.rows
        shown = frozenset((row.site, row.head) for row in rows if self.table.filter.keeps(row))
        self.scatter.set_rows(rows, self.column(), shown)
        legend: dict[Label | None, str] = {
            None: self.tr("no label"),
            **{kind: metrics_text.label(kind) for kind in LABELS},
        }
        up = metrics_text.heading(self.column(), self._data)
        self.scatter.set_words((self.tr("Layer, its heads side by side"), up), legend)

    def _say(self) -> None:
        """Show the number under the pointer, else what the plotted column means."""
        if self._under is not None:
            self.said.set_text(self._describe(self._under))
        else:
            self.said.set_text(metrics_text.meaning(self.column()))

    def _show_progress(self, data: MetricsData, *, stopped: bool) -> None:
        self.working.setVisible(data.work is not None)
        self.bar.setRange(0, data.layers)
        self.bar.setValue(data.done)
        self.bar.setFormat(metrics_text.progress(data, stopped=stopped).replace("%", "%%"))
        self.stop.setText(self.tr("Go on") if stopped else self.tr("Stop"))

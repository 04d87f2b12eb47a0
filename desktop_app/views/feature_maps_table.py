"""The list of convolutions: what each does, how large its maps are, what its units can see."""

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSignalBlocker,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop_app import theme
from desktop_app.views import feature_maps_text as words
from engine import ConvLayer

COLUMNS = ("layer", "name", "kernel", "stride", "maps", "size", "sees", "jump")
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_LEFT = {"name"}


class LayerModel(QAbstractTableModel):
    """The convolutions of a model, one to a row."""

    def __init__(self) -> None:
        super().__init__()
        self.layers: tuple[ConvLayer, ...] = ()

    def set_layers(self, layers: tuple[ConvLayer, ...]) -> None:
        """Show the layers of another model."""
        if layers != self.layers:
            self.beginResetModel()
            self.layers = layers
            self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        """Return how many layers there are."""
        return 0 if parent.isValid() else len(self.layers)

    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text; a long name is whole in the tooltip."""
        layer, name = self.layers[index.row()], COLUMNS[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if name in _LEFT else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.DisplayRole:
            return cell(layer, name)
        if role == Qt.ItemDataRole.ToolTipRole:
            return words.sees(layer) if name == "sees" else cell(layer, name)
        return None

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's heading and what it means."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.heading(COLUMNS[section])
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.meaning(COLUMNS[section])
        return None

    def heading(self, name: str) -> str:
        """Return a column's heading."""
        return {
            "layer": self.tr("Layer"),
            "name": self.tr("Name"),
            "kernel": self.tr("Kernel"),
            "stride": self.tr("Stride"),
            "maps": self.tr("Maps in → out"),
            "size": self.tr("Size of a map"),
            "sees": self.tr("Receptive field"),
            "jump": self.tr("Step"),
        }[name]

    def meaning(self, name: str) -> str:
        """Return what a column says."""
        return {
            "layer": self.tr("Place in the order of execution"),
            "name": self.tr("Name of the operator in the graph"),
            "kernel": self.tr("Rows and columns of the kernel, in places of its input"),
            "stride": self.tr("Places of its input from one place of the map to the next"),
            "maps": self.tr("How many maps come in and go out"),
            "size": self.tr("Rows and columns of a map, at the model’s image size"),
            "sees": self.tr("Pixels of the image that one unit can see at most, rows and columns"),
            "jump": self.tr("Pixels of the image from one unit to the next"),
        }[name]

    def retranslate(self) -> None:
        """Have every text read again."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        if self.layers:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.layers) - 1, len(COLUMNS) - 1))


class LayerTable(QTableView):
    """The table; it shows one layer as chosen and asks for others."""

    picked = Signal(int)
    """The layer that was clicked or walked to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.layers = LayerModel()
        self._least: dict[int, int] = {}
        self.setModel(self.layers)
        self.setFont(theme.sized(self.font(), theme.SMALL))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setMinimumHeight(92)
        self.selectionModel().currentRowChanged.connect(self._on_row)

    def show_layers(self, layers: tuple[ConvLayer, ...], chosen: int) -> None:
        """Show the layers of a model and which one is chosen."""
        if layers != self.layers.layers:
            with QSignalBlocker(self.selectionModel()):
                self.layers.set_layers(layers)
            self.fit()
        if layers and self.currentIndex().row() != chosen:
            flags = QItemSelectionModel.SelectionFlag
            with QSignalBlocker(self.selectionModel()):
                index = self.layers.index(chosen, 0)
                self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
                self.scrollTo(index)
            self.viewport().update()

    def fit(self) -> None:
        """Make the columns as wide as their words and numbers need."""
        metrics = QFontMetrics(self.font())
        for at, name in enumerate(COLUMNS):
            texts = [self.layers.heading(name), *(cell(layer, name) for layer in self.layers.layers)]
            widest = max(metrics.horizontalAdvance(text) for text in texts)
            self._least[at] = min(widest, 260) + 2 * theme.NEAR + 2
        self.verticalHeader().setDefaultSectionSize(metrics.height() + 6)
        self._spread()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Leave no ground bare, and keep the chosen layer in sight."""
        super().resizeEvent(event)
        self._spread()
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def _spread(self) -> None:
        """Give the room that words and numbers leave to the name."""
        left = self.viewport().width() - sum(self._least.values())
        for at, name in enumerate(COLUMNS):
            self.setColumnWidth(at, self._least.get(at, 40) + (max(0, left) if name == "name" else 0))

    def _on_row(self, now: QModelIndex, _: QModelIndex) -> None:
        if now.isValid():
            self.picked.emit(now.row())


def cell(layer: ConvLayer, name: str) -> str:
    """Return the text of a cell."""
    match name:
        case "layer":
            return str(layer.index)
        case "name":
            return layer.name
        case "kernel":
            return words.kernel(layer)
        case "stride":
            return words.by(layer.stride)
        case "maps":
            return f"{layer.in_channels} → {layer.out_channels}"
        case "size":
            return "?" if layer.size is None else words.by(layer.size)
        case "sees":
            return "?" if layer.receptive is None else words.by(layer.receptive.size)
        case _:
            return "?" if layer.receptive is None else words.by(layer.receptive.jump)


def as_lines(layers: tuple[ConvLayer, ...], model: LayerModel) -> list[list[str]]:
    """Return the list as a heading and lines."""
    return [[model.heading(name) for name in COLUMNS], *([cell(layer, name) for name in COLUMNS] for layer in layers)]

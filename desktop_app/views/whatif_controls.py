"""The interventions of the what-if view: a list of those made, and buttons that add one."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QListWidget, QPushButton, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.i18n import lookup
from desktop_app.views.whatif_data import WhatIfData
from desktop_app.widgets.flow import FlowLayout
from desktop_app.widgets.segmented import Segmented
from engine.runtime.interventions import (
    Edit,
    HeadsOff,
    HideTokens,
    NoScale,
    OnlyHeads,
    Positions,
    Temperature,
    Uniform,
    ZeroValues,
)

translate = QCoreApplication.translate


class WhatIfControls(QWidget):
    """What is interfered with; the model runs again at once after each change."""

    edits_wanted = Signal(object)
    """The whole tuple of interventions."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edits: tuple[Edit, ...] = ()
        self._data: WhatIfData | None = None
        self.made, self.remove, self.clear = QListWidget(), QPushButton(), QPushButton()
        self.scope, self._scope_label, self._title = Segmented(("here", "everywhere")), QLabel(), QLabel()
        self._title.setProperty("heading", "true")
        self.temperature = QDoubleSpinBox()
        self.temperature.setRange(0.05, 20)
        self.temperature.setSingleStep(0.5)
        self.temperature.setValue(2.0)
        self.scope.set_choice("here")
        self.made.setMaximumHeight(110)
        self.buttons = {name: QPushButton() for name in _MAKERS}
        self._build()
        self.remove.clicked.connect(self._on_remove)
        self.clear.clicked.connect(lambda: self.edits_wanted.emit(()))
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _=False, name=name: self.add(name))
        self.retranslate()

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The interventions that are shown."""
        return self._edits

    def set_data(self, data: WhatIfData) -> None:
        """Know what is selected and which interventions the run was made with."""
        self._data = data
        if data.edits != self._edits:
            self._set_edits(data.edits)
        for name in ("hide", "value"):
            self.buttons[name].setEnabled(data.token is not None)
        for name in ("positions zero", "positions shuffle", "positions shift"):
            self.buttons[name].setEnabled(data.positions)

    def add(self, name: str) -> None:
        """Add an intervention on what is selected."""
        if self._data is not None:
            site = self._data.site.index if self.scope.choice() == "here" else None
            self.edits_wanted.emit((*self._edits, _MAKERS[name](self._data, site, self.temperature.value())))

    def retranslate(self) -> None:
        """Set every text again."""
        self._title.setText(self.tr("Interventions"))
        self._scope_label.setText(self.tr("Where"))
        self.scope.set_text("here", self.tr("This layer"), self.tr("Softmaxes, scales and tokens of the chosen layer"))
        self.scope.set_text("everywhere", self.tr("Every layer"), self.tr("Softmaxes, scales and tokens of all layers"))
        self.remove.setText(self.tr("Take back"))
        self.clear.setText(self.tr("Take all back"))
        self.temperature.setAccessibleName(self.tr("Temperature"))
        self.made.setAccessibleName(self.tr("Interventions made"))
        for name, text in _texts().items():
            self.buttons[name].setText(text)
        self._set_edits(self._edits)

    def _build(self) -> None:
        back = QHBoxLayout()
        back.setSpacing(theme.NEAR)
        back.addWidget(self.remove)
        back.addWidget(self.clear)
        back.addStretch(1)
        where = QHBoxLayout()
        where.setSpacing(theme.NEAR)
        where.addWidget(self._scope_label)
        where.addWidget(self.scope)
        where.addStretch(1)
        adds = QWidget()
        flow = FlowLayout(adds, across=theme.NEAR, down=theme.NEAR)
        for name, button in self.buttons.items():
            flow.addWidget(button)
            if name == "temperature":
                flow.addWidget(self.temperature)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.NEAR)
        column.addWidget(self._title)
        column.addWidget(self.made)
        column.addLayout(back)
        column.addLayout(where)
        column.addWidget(adds)

    def _set_edits(self, edits: tuple[Edit, ...]) -> None:
        self._edits = edits
        with QSignalBlocker(self.made):
            self.made.clear()
            self.made.addItems([edit.message().text(lookup) for edit in edits] or [self.tr("None: the model as it is")])
        self.made.setEnabled(bool(edits))
        self.remove.setEnabled(bool(edits))
        self.clear.setEnabled(bool(edits))

    def _on_remove(self) -> None:
        row = self.made.currentRow() if self.made.currentRow() >= 0 else len(self._edits) - 1
        self.edits_wanted.emit(self._edits[:row] + self._edits[row + 1 :])


def _head_of(data: WhatIfData) -> tuple[int, tuple[int, ...]]:
    return data.site.index, (data.selection.head,)


def _tokens_of(data: WhatIfData) -> tuple[int, ...]:
    return () if data.token is None else (data.token,)


def _prefix(data: WhatIfData) -> int:
    return data.grid.prefix if data.grid is not None else 0


Maker = Callable[[WhatIfData, int | None, float], Edit]

_MAKERS: dict[str, Maker] = {
    "off": lambda data, _site, _t: HeadsOff(*_head_of(data)),
    "only": lambda data, _site, _t: OnlyHeads(*_head_of(data)),
    "uniform": lambda _data, site, _t: Uniform(site),
    "scale": lambda _data, site, _t: NoScale(site),
    "temperature": lambda _data, site, value: Temperature(value, site),
    "hide": lambda data, site, _t: HideTokens(_tokens_of(data), site),
    "value": lambda data, site, _t: ZeroValues(_tokens_of(data), site),
    "positions zero": lambda data, _site, _t: Positions("zero", _prefix(data)),
    "positions shuffle": lambda data, _site, _t: Positions("shuffle", _prefix(data)),
    "positions shift": lambda data, _site, _t: Positions("shift", _prefix(data)),
}
"""One line for each intervention that can be added."""


def _texts() -> dict[str, str]:
    return {
        "off": translate("WhatIf", "This head off"),
        "only": translate("WhatIf", "Only this head"),
        "uniform": translate("WhatIf", "Uniform attention"),
        "scale": translate("WhatIf", "Scores not scaled"),
        "temperature": translate("WhatIf", "Temperature"),
        "hide": translate("WhatIf", "Hide this token"),
        "value": translate("WhatIf", "Zero its value"),
        "positions zero": translate("WhatIf", "Positions zero"),
        "positions shuffle": translate("WhatIf", "Positions shuffled"),
        "positions shift": translate("WhatIf", "Positions shifted"),
    }

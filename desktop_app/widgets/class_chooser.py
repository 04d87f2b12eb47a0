"""Choosing one class of many: the likeliest first, any other by typing part of its name."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QWidget

from engine.predictions import Prediction

_CHARACTERS = 22


class ClassChooser(QComboBox):
    """The classes of a model with their probabilities; it keeps a class through images, else takes the likeliest."""

    chosen = Signal(int)
    """The number of the class the user chose."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes: tuple[Prediction, ...] = ()
        self._kept: int | None = None  # the one the user chose; None for the likeliest
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_CHARACTERS)
        self.setMaxVisibleItems(16)
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCompleter(completer)
        self.activated.connect(self._on_activated)
        self._retranslate()

    def set_classes(self, classes: Sequence[Prediction]) -> None:
        """Offer classes, the likeliest first."""
        classes = tuple(classes)
        if classes == self._classes:
            return
        if [one.label for one in self._sorted(classes)] != [one.label for one in self._sorted(self._classes)]:
            self._kept = None  # another model
        self._classes = classes
        with QSignalBlocker(self):
            self.clear()
            self.addItems([f"{one.label}  {_percent(one.probability)}" for one in classes])  # one by one is slow
            at = self._place_of(self._kept) if self._kept is not None else 0
            self.setCurrentIndex(at or 0)
        self._show_beginning()

    def target(self) -> int:
        """Return the number of the chosen class; 0 where there are none."""
        at = self.currentIndex()
        return self._classes[at].index if 0 <= at < len(self._classes) else 0

    def label(self) -> str:
        """Return the name of the chosen class."""
        return self.label_of(self.target())

    def label_of(self, index: int) -> str:
        """Return the name of a class."""
        return next((one.label for one in self._classes if one.index == index), str(index))

    def choose(self, index: int) -> None:
        """Choose a class as the user would; an unknown one changes nothing."""
        at = self._place_of(index)
        if at is not None:
            self.setCurrentIndex(at)
            self._on_activated(at)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _on_activated(self, at: int) -> None:
        if not 0 <= at < len(self._classes):
            return
        index = self._classes[at].index
        self._kept = index if at else None
        self._show_beginning()
        self.chosen.emit(index)

    def _show_beginning(self) -> None:
        line = self.lineEdit()
        if line is not None:
            line.setCursorPosition(0)

    def _place_of(self, index: int) -> int | None:
        return next((at for at, one in enumerate(self._classes) if one.index == index), None)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Class"))
        self.setToolTip(self.tr("The class that is asked about, likeliest first; type part of a name to find another."))

    @staticmethod
    def _sorted(classes: Sequence[Prediction]) -> list[Prediction]:
        return sorted(classes, key=lambda one: one.index)


def _percent(probability: float) -> str:
    return "< 0.1 %" if 0 < probability < 0.0005 else f"{100 * probability:.1f} %"

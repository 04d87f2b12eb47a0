"""Tabs in two rows: what one looks at, and the ways of looking at it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget


@dataclass
class _Page:
    """One tab."""

    widget: QWidget
    title: str
    group: str
    visible: bool = True


class GroupedTabs(QWidget):
    """Pages under tabs, the tabs under groups; a row with a single tab is not shown.

    Pages have one numbering, whatever their group. Coming back to a group shows the page that was seen there last.
    """

    currentChanged = Signal(int)  # noqa: N815 - as every tab widget of Qt says it
    """The number of the page on top."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages: list[_Page] = []
        self._titles: dict[str, str] = {}
        self._last: dict[str, int] = {}
        self._groups, self._views = (_bar(name) for name in ("groups", "views"))
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self._groups, self._views):
            column.addWidget(part)
        column.addWidget(self._stack, 1)
        self._groups.currentChanged.connect(self._on_group)
        self._views.currentChanged.connect(self._on_view)
        self._stack.currentChanged.connect(self.currentChanged)

    @property
    def group_bar(self) -> QTabBar:
        """The upper row."""
        return self._groups

    @property
    def view_bar(self) -> QTabBar:
        """The lower row."""
        return self._views

    def addTab(self, widget: QWidget, title: str, group: str = "") -> int:  # noqa: N802 - as Qt says it
        """Add a page; `group` is the name of the group that it belongs to. Return its number."""
        self._pages.append(_Page(widget, title, group))
        self._stack.addWidget(widget)
        self._rebuild()
        return len(self._pages) - 1

    def set_group_titles(self, titles: dict[str, str]) -> None:
        """Write what the groups are called, in the order in which they shall stand."""
        self._titles = dict(titles)
        self._rebuild()

    def setTabText(self, index: int, title: str) -> None:  # noqa: N802
        """Write a tab anew."""
        self._pages[index].title = title
        self._rebuild()

    def show_tabs(self, visible: Sequence[bool]) -> None:
        """Show tabs and hide the others; a page whose tab is hidden gives way to one of its group, else to the first.

        Args:
            visible: for each page, whether its tab is shown.
        """
        for page, shown in zip(self._pages, visible, strict=True):
            page.visible = shown
        current = self.currentIndex()
        if current >= 0 and not self._pages[current].visible:
            others = [i for i, page in enumerate(self._pages) if page.visible]
            near = [i for i in others if self._pages[i].group == self._pages[current].group] or others
            if near:
                self._stack.setCurrentIndex(near[0])
        self._rebuild()

    def isTabVisible(self, index: int) -> bool:  # noqa: N802
        """Return whether a tab is shown."""
        return self._pages[index].visible

    def count(self) -> int:
        """Return how many pages there are."""
        return len(self._pages)

    def currentIndex(self) -> int:  # noqa: N802
        """Return the number of the page on top."""
        return self._stack.currentIndex()

    def currentWidget(self) -> QWidget | None:  # noqa: N802
        """Return the page on top."""
        return self._stack.currentWidget()

    def setCurrentIndex(self, index: int) -> None:  # noqa: N802
        """Bring a page to the top."""
        if 0 <= index < len(self._pages):
            self._last[self._pages[index].group] = index
            self._stack.setCurrentIndex(index)
            self._rebuild()

    def setCurrentWidget(self, widget: QWidget) -> None:  # noqa: N802
        """Bring a page to the top."""
        self.setCurrentIndex(self._stack.indexOf(widget))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the least size: a page in the background does not widen the window."""
        return QSize(0, 0)

    def _order(self) -> list[str]:
        """Return the groups that have a page to show, in order."""
        present = dict.fromkeys(page.group for page in self._pages if page.visible)
        named = [group for group in self._titles if group in present]
        return named + [group for group in present if group not in named]

    def _rebuild(self) -> None:
        """Make both rows say what there is."""
        current = self.currentIndex()
        group = self._pages[current].group if 0 <= current < len(self._pages) else ""
        groups = self._order()
        _fill(self._groups, [(self._titles.get(name, name), name) for name in groups], group)
        inside = [(page.title, i) for i, page in enumerate(self._pages) if page.visible and page.group == group]
        _fill(self._views, inside, current)

    def _on_group(self, at: int) -> None:
        group = self._groups.tabData(at)
        inside = [i for i, page in enumerate(self._pages) if page.visible and page.group == group]
        if inside:
            last = self._last.get(group, inside[0])
            self.setCurrentIndex(last if last in inside else inside[0])

    def _on_view(self, at: int) -> None:
        self.setCurrentIndex(int(self._views.tabData(at)))


def _bar(name: str) -> QTabBar:
    bar = QTabBar(drawBase=False, expanding=False, usesScrollButtons=True, elideMode=Qt.TextElideMode.ElideNone)
    bar.setProperty("row", name)
    return bar


def _fill(bar: QTabBar, tabs: Sequence[tuple[str, object]], current: object) -> None:
    """Make a row have these tabs, with as little change as can be; a row with a single one is hidden."""
    bar.blockSignals(True)
    while bar.count() > len(tabs):
        bar.removeTab(bar.count() - 1)
    while bar.count() < len(tabs):
        bar.addTab("")
    for at, (title, data) in enumerate(tabs):
        if bar.tabText(at) != title:
            bar.setTabText(at, title)
        bar.setTabData(at, data)
        if data == current:
            bar.setCurrentIndex(at)
    bar.blockSignals(False)
    bar.setVisible(len(tabs) > 1)

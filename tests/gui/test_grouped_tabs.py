"""Tabs in two rows: one numbering of pages, and every page is reached through its group."""

import pytest
from PySide6.QtWidgets import QLabel, QTabBar
from pytestqt.qtbot import QtBot

from desktop_app.grouped_tabs import GroupedTabs


@pytest.fixture
def tabs(qtbot: QtBot) -> GroupedTabs:
    """Three pages in two groups, the second group standing first."""
    widget = GroupedTabs()
    qtbot.addWidget(widget)
    for title, group in (("a", "one"), ("b", "two"), ("c", "one")):
        widget.addTab(QLabel(title), title, group)
    widget.set_group_titles({"two": "Second", "one": "First"})
    widget.show()
    return widget


def titles(bar: QTabBar) -> list[str]:
    """Return what a row says."""
    return [bar.tabText(i) for i in range(bar.count())]


def test_groups_stand_in_their_order_and_pages_in_theirs(tabs: GroupedTabs) -> None:
    assert titles(tabs.group_bar) == ["Second", "First"]
    assert titles(tabs.view_bar) == ["a", "c"]
    assert tabs.group_bar.tabText(tabs.group_bar.currentIndex()) == "First"


def test_a_group_comes_back_with_the_page_that_was_last_seen_there(tabs: GroupedTabs) -> None:
    seen: list[int] = []
    tabs.currentChanged.connect(seen.append)
    tabs.view_bar.setCurrentIndex(1)
    tabs.group_bar.setCurrentIndex(0)
    tabs.group_bar.setCurrentIndex(1)
    assert seen == [2, 1, 2]


def test_a_row_with_one_tab_is_not_shown(tabs: GroupedTabs) -> None:
    assert tabs.view_bar.isVisible()
    tabs.group_bar.setCurrentIndex(0)
    assert not tabs.view_bar.isVisible()
    assert tabs.group_bar.isVisible()


def test_a_hidden_page_gives_way_within_its_group_first(tabs: GroupedTabs) -> None:
    tabs.show_tabs([False, True, True])
    assert tabs.currentIndex() == 2
    assert not tabs.isTabVisible(0)
    tabs.show_tabs([False, True, False])
    assert tabs.currentIndex() == 1
    assert not tabs.group_bar.isVisible()
    tabs.show_tabs([True, True, False])
    assert titles(tabs.group_bar) == ["Second", "First"]
    assert tabs.currentIndex() == 1

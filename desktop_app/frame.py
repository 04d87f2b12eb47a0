"""The window without what needs the engine: it is on the screen while the rest is still being imported.

Nothing here, nor in what this module imports, loads NumPy, the engine, the views or multiprocessing.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app import i18n, theme
from desktop_app.activity import Activity
from desktop_app.drop_hint import DropHint
from desktop_app.grouped_tabs import GroupedTabs
from desktop_app.menus import Menus
from desktop_app.notices import NoticeBar
from desktop_app.placeholder import Placeholder
from desktop_app.recent import RecentFiles
from desktop_app.settings import Language, Settings, Theme

SIZE = (1280, 800)
LEAST = (560, 400)
"""What the views need together, in logical pixels; a tab in the background does not widen the window."""

PANEL_WIDTH = 320
"""Logical pixels; every sentence of both languages fits without being cut."""


class Frame(QMainWindow):
    """Menu bar, notices, the place for views and panel, status bar; language, theme and arrangement."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.recent = RecentFiles(settings, self)
        self.menus = Menus(self, settings, self.recent)
        self.notices, self.activity, self.placeholder = NoticeBar(), Activity(), Placeholder()
        self.tabs = GroupedTabs()
        self.hint = DropHint(self)
        self._pointed = QLabel()
        self._stack = QStackedWidget()
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._arrange_frame()
        self._restore_frame()
        self.menus.theme_wanted.connect(self.set_theme)
        self.menus.language_wanted.connect(self.set_language)
        self.menus.commands["quit"].triggered.connect(self.close)
        self.menus.commands["full_screen"].toggled.connect(self._set_full_screen)
        self.placeholder.show_phase("starting")
        self.setWindowTitle("Mirada")

    @property
    def pointed(self) -> str:
        """What the status bar says is pointed at."""
        return self._pointed.text()

    def set_theme(self, name: Theme) -> None:
        """Wear a theme, and remember it."""
        self.settings.theme = name
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, name)
        self.menus.mark_choices()

    def set_language(self, name: Language) -> None:
        """Speak a language, and remember it; the text follows by a `LanguageChange` event."""
        self.settings.language = name
        i18n.use(name)
        self.menus.mark_choices()

    def retranslate(self) -> None:
        """Write everything again in the current language."""
        self.menus.retranslate()
        self.activity.retranslate()
        self.placeholder.retranslate()
        self.tabs.set_group_titles(
            {
                "attention": self.tr("Attention"),
                "text": self.tr("Text"),
                "tokens": self.tr("Tokens and positions"),
                "maps": self.tr("Convolution"),
                "change": self.tr("What if"),
                "compare": self.tr("Compare"),
            }
        )

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the drop hint over the whole window."""
        super().resizeEvent(event)
        self.hint.setGeometry(self.rect())

    def _arrange_frame(self) -> None:
        self.tabs.setMinimumSize(*LEAST)
        self._stack.addWidget(self.tabs)
        self._stack.addWidget(self.placeholder)
        self._stack.setCurrentWidget(self.placeholder)
        later = QWidget()
        later.setMinimumWidth(PANEL_WIDTH)
        self._splitter.addWidget(self._stack)
        self._splitter.addWidget(later)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setCollapsible(0, False)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notices)
        column.addWidget(self._splitter, 1)
        self.setCentralWidget(centre)
        status = self.statusBar()
        status.setSizeGripEnabled(False)
        self._pointed.setContentsMargins(theme.APART, theme.TIGHT, 0, theme.TIGHT)
        status.addWidget(self._pointed, 1)
        status.addPermanentWidget(self.activity)
        status.setMinimumHeight(self.activity.sizeHint().height() + theme.NEAR)  # nothing moves when it appears

    def _restore_frame(self) -> None:
        self.resize(*SIZE)
        self._splitter.setSizes([SIZE[0] - PANEL_WIDTH, PANEL_WIDTH])
        if (geometry := self.settings.layout("window")) is not None:
            self.restoreGeometry(geometry)
        if (state := self.settings.layout("splitter")) is not None:
            self._splitter.restoreState(state)
        self.menus.commands["side_panel"].setChecked(True)
        self.menus.mark_choices()

    def _set_full_screen(self, on: bool) -> None:
        self.setWindowState(Qt.WindowState.WindowFullScreen if on else Qt.WindowState.WindowNoState)

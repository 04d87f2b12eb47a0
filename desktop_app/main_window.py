"""Mirada's window: menus, views, side panel, notices, and what is dropped onto it."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app import help_texts, i18n, intake, sentences, theme
from desktop_app.activity import Activity
from desktop_app.controller import Controller, Wanted
from desktop_app.drop_hint import DropHint
from desktop_app.files import ask_folder, ask_open
from desktop_app.menus import Menus
from desktop_app.notices import NoticeBar
from desktop_app.panels.side_panel import SidePanel
from desktop_app.placeholder import Placeholder
from desktop_app.pointing import Pointer
from desktop_app.process.client import EngineClient
from desktop_app.process.protocol import PhotoFile
from desktop_app.recent import RecentFiles
from desktop_app.saving import export_numbers, save_picture
from desktop_app.settings import Language, Settings, Theme
from desktop_app.views import VIEWS
from desktop_app.views.base import View

SIZE = (1280, 800)


class MainWindow(QMainWindow):
    """One window: one model, one photo, one selection."""

    def __init__(self, client: EngineClient, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.controller = Controller(client, self)
        self.recent = RecentFiles(settings, self)
        self.menus = Menus(self, settings, self.recent)
        self.notices, self.activity, self.panel = NoticeBar(), Activity(), SidePanel()
        self.placeholder = Placeholder()
        self.views: list[View] = [view() for view in VIEWS]
        self.tabs = QTabWidget(documentMode=True)
        self.hint = DropHint(self)
        self._pointer = Pointer()
        self._pointed = QLabel()
        self._stack = QStackedWidget()
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self.setAcceptDrops(True)
        self._arrange()
        self._connect()
        self.retranslate()
        self._restore()
        self._show_model()

    @property
    def view(self) -> View | None:
        """The view on top; None while there is nothing to look at."""
        current = self.tabs.currentWidget()
        return current if self._stack.currentWidget() is self.tabs and isinstance(current, View) else None

    @property
    def pointed(self) -> str:
        """What the status bar says is pointed at."""
        return self._pointed.text()

    def take(self, found: intake.Intake) -> None:
        """Open what was dropped, pasted, chosen or typed."""
        if found.empty:
            names = found.strange
            self.notices.say(sentences.neither_model_nor_image(names) if names else sentences.nothing_to_open())
            return
        if left := (*found.spare, *found.strange):
            self.notices.say(sentences.left_aside(left))
        if found.photo is not None and found.model is None and self.controller.wanted.model is None:
            self.notices.say(sentences.no_model_yet())
        self.controller.open(found.model, found.photo)

    def take_mime(self, mime: QMimeData) -> None:
        """Open what was dropped or pasted."""
        self.take(intake.from_mime(mime, self.tr("pasted image")))

    def choose(self) -> None:
        """Ask for files, and open them."""
        if paths := ask_open(self, self.settings):
            self.take(intake.from_paths(paths))

    def choose_folder(self) -> None:
        """Ask for a folder, and open the model in it."""
        if path := ask_folder(self, self.settings):
            self.take(intake.from_paths([path]))

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
        self.panel.retranslate()
        self.activity.retranslate()
        self.placeholder.retranslate()
        for index, view in enumerate(self.views):
            view.retranslate()
            self.tabs.setTabText(index, view.title())
        self._title()
        self._point()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Remember the arrangement."""
        self.settings.set_layout("window", self.saveGeometry())
        self.settings.set_layout("splitter", self._splitter.saveState())
        for view in self.views:
            self.settings.set_view_state(view.name, view.state())
        super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the drop hint over the whole window."""
        super().resizeEvent(event)
        self.hint.setGeometry(self.rect())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Say what a drop would do."""
        if intake.could_be_opened(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.hint.show_intake(intake.preview(event.mimeData(), self.tr("pasted image")))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802 - Qt's name
        """Take the hint away."""
        self.hint.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Open what was let go."""
        self.hint.hide()
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.take_mime(event.mimeData())

    def _arrange(self) -> None:
        for view in self.views:
            self.tabs.addTab(view, view.title())
            self.controller.add_view(view)
        self.tabs.setTabBarAutoHide(True)
        self.panel.set_menus(self.menus.models, self.menus.samples)
        self.menus.set_views([view.title for view in self.views])
        self._stack.addWidget(self.tabs)
        self._stack.addWidget(self.placeholder)
        self._splitter.addWidget(self._stack)
        self._splitter.addWidget(self.panel)
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

    def _connect(self) -> None:
        control = self.controller
        control.run_changed.connect(self._show_model)
        control.selection_changed.connect(self._point)
        control.phase_changed.connect(self._show_phase)
        control.noticed.connect(self.notices.say)
        control.succeeded.connect(self._on_success)
        self.activity.cancel_wanted.connect(control.cancel)
        self.panel.preprocessing.rerun_wanted.connect(control.rerun)
        self.placeholder.open_wanted.connect(self.choose)
        self.tabs.currentChanged.connect(self._on_tab)
        self.menus.path_wanted.connect(lambda path: self.take(intake.from_paths([path])))
        self.menus.theme_wanted.connect(self.set_theme)
        self.menus.language_wanted.connect(self.set_language)
        self.menus.view_wanted.connect(self.tabs.setCurrentIndex)
        clipboard = QGuiApplication.clipboard()
        for name, slot in {
            "open": self.choose,
            "open_folder": self.choose_folder,
            "paste": lambda: self.take_mime(clipboard.mimeData()),
            "save_picture": partial(save_picture, self),
            "export": partial(export_numbers, self),
            "quit": self.close,
            "rerun": self.panel.preprocessing.run_again,
            "cancel": control.cancel,
            "shortcuts": partial(help_texts.show_shortcuts, self),
            "about": partial(help_texts.show_about, self),
        }.items():
            self.menus.commands[name].triggered.connect(lambda _=False, slot=slot: slot())
        self.menus.commands["side_panel"].toggled.connect(self.panel.setVisible)
        self.menus.commands["full_screen"].toggled.connect(self._set_full_screen)

    def _restore(self) -> None:
        self.resize(*SIZE)
        self._splitter.setSizes([SIZE[0] - self.panel.minimumWidth(), self.panel.minimumWidth()])
        if (geometry := self.settings.layout("window")) is not None:
            self.restoreGeometry(geometry)
        if (state := self.settings.layout("splitter")) is not None:
            self._splitter.restoreState(state)
        for view in self.views:
            view.restore(self.settings.view_state(view.name))
        self.menus.commands["side_panel"].setChecked(True)
        self.menus.mark_choices()

    def _show_model(self) -> None:
        """Show facts and views of the model and run that the controller has now."""
        model, run = self.controller.model, self.controller.run
        supported = [model is not None and run is not None and view.supports(model) for view in self.views]
        for index, is_supported in enumerate(supported):
            self.tabs.setTabVisible(index, is_supported)
        self._stack.setCurrentWidget(self.tabs if any(supported) else self.placeholder)
        self.placeholder.show_model(model, run)
        self.panel.show_run(model, run)
        self.menus.mark_view(self.tabs.currentIndex(), supported)
        for name in ("save_picture", "export"):
            self.menus.commands[name].setEnabled(any(supported))
        self.menus.commands["rerun"].setEnabled(run is not None)
        self._title()
        self._point()

    def _show_phase(self, phase: object) -> None:
        self.activity.show_phase(phase)  # type: ignore[arg-type]  # a signal carries any object
        self.placeholder.show_phase(phase)  # type: ignore[arg-type]
        self.menus.commands["cancel"].setEnabled(phase is not None)

    def _on_tab(self, index: int) -> None:
        self.menus.mark_view(index, [self.tabs.isTabVisible(i) for i in range(self.tabs.count())])
        self.controller.refresh()

    def _on_success(self, shown: Wanted) -> None:
        """Take old errors away, and remember what was opened."""
        self.notices.dismiss_errors()
        bundled = self.menus.bundled_paths
        files = [shown.photo.path if isinstance(shown.photo, PhotoFile) else None, shown.model]
        for file in files:
            if file is not None and Path(file) not in bundled:
                self.recent.add(file)

    def _set_full_screen(self, on: bool) -> None:
        self.setWindowState(Qt.WindowState.WindowFullScreen if on else Qt.WindowState.WindowNoState)

    def _title(self) -> None:
        model, run = self.controller.model, self.controller.run
        names = [] if run is None or run.image is None else [run.image.photo.name]
        names += [] if model is None else [model.name]
        self.setWindowTitle(" — ".join([*names, "Mirada"]))

    def _point(self) -> None:
        self._pointed.setText(self._pointer.words(self.controller.run, self.controller.selection))

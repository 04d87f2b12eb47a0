"""The menu bar: every command of the window, with its shortcut, in the current language."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtGui import QAction, QActionGroup, QIcon, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from desktop_app import bundle, i18n
from desktop_app.menu_pictures import SMALL, thumbnail, with_pictures
from desktop_app.recent import RecentFiles
from desktop_app.settings import Language, Settings, Theme

THEMES: tuple[Theme, ...] = ("system", "light", "dark")
LANGUAGES: tuple[Language, ...] = ("system", *i18n.TONGUES)

Keys = QKeySequence.StandardKey
SHORTCUTS: dict[str, QKeySequence.StandardKey | str] = {
    "open": Keys.Open,
    "open_folder": "Ctrl+Shift+O",
    "paste": Keys.Paste,
    "save_picture": Keys.Save,
    "export": "Ctrl+E",
    "quit": Keys.Quit,
    "rerun": Keys.Refresh,
    "cancel": "Ctrl+.",
    "side_panel": "Ctrl+B",
    "full_screen": "F11",
    "shortcuts": Keys.HelpContents,
}


class Menus(QObject):
    """Owns the actions.

    Attributes:
        commands: those with a plain meaning; the window connects them by name.
        bundled_paths: what ships with Mirada; it needs no place among the recent files.
    """

    path_wanted = Signal(object)
    """A `Path` of a model or image to open."""
    theme_wanted = Signal(str)
    language_wanted = Signal(str)
    view_wanted = Signal(int)
    sentence_wanted = Signal(str)
    """A bundled sentence to read."""

    def __init__(self, window: QMainWindow, settings: Settings, recent: RecentFiles) -> None:
        super().__init__(window)
        self._settings, self._recent = settings, recent
        self.commands: dict[str, QAction] = {}
        for name, keys in (dict.fromkeys(("about", "sandbox"), "") | SHORTCUTS).items():
            action = QAction(window)
            action.setShortcut(QKeySequence(keys))
            self.commands[name] = action
        for name in ("side_panel", "full_screen"):
            self.commands[name].setCheckable(True)
        self.commands["quit"].setMenuRole(QAction.MenuRole.QuitRole)
        self.commands["about"].setMenuRole(QAction.MenuRole.AboutRole)
        bar = window.menuBar()
        self._file, self._view, self._model, self._help = (bar.addMenu("") for _ in range(4))
        self._recent_menu, self._theme_menu, self._language_menu = QMenu(window), QMenu(window), QMenu(window)
        self.models, self.samples, self.sentences = QMenu(window), QMenu(window), QMenu(window)
        self._views: list[tuple[QAction, Callable[[], str]]] = []
        self._bundled: list[tuple[QAction, Callable[[], str]]] = []
        self._themes = self._choice(self._theme_menu, THEMES, self.theme_wanted)
        self._languages = self._choice(self._language_menu, LANGUAGES, self.language_wanted)
        self._view_group = QActionGroup(self)
        self._fill()
        recent.changed.connect(self._fill_recent)
        self.retranslate()

    def set_views(self, titles: list[Callable[[], str]]) -> None:
        """Offer the views, in the order of the tabs."""
        for number, title in enumerate(titles):
            action = QAction(self._view_group)
            action.setCheckable(True)
            if number < 9:
                action.setShortcut(QKeySequence(f"Ctrl+{number + 1}"))
            action.triggered.connect(lambda _, number=number: self.view_wanted.emit(number))
            self._view.insertAction(self._after_views, action)
            self._views.append((action, title))
        self.retranslate()

    def mark_view(self, current: int, supported: list[bool]) -> None:
        """Show which view is on top, and which have something to show."""
        for number, (action, _) in enumerate(self._views):
            action.setEnabled(supported[number])
            action.setChecked(number == current)

    def retranslate(self) -> None:
        """Write every menu again in the current language."""
        texts = {
            "open": self.tr("&Open…"),
            "open_folder": self.tr("Open &folder…"),
            "paste": self.tr("&Paste"),
            "save_picture": self.tr("&Save picture…"),
            "export": self.tr("&Export data…"),
            "quit": self.tr("&Quit"),
            "rerun": self.tr("&Rerun"),
            "cancel": self.tr("&Cancel what is running"),
            "side_panel": self.tr("Side &panel"),
            "full_screen": self.tr("&Full screen"),
            "sandbox": self.tr("Si&nusoidal positions…"),
            "shortcuts": self.tr("&Shortcuts"),
            "about": self.tr("&About Mirada"),
        }
        for name, text in texts.items():
            self.commands[name].setText(text)
        titles = (
            (self._file, self.tr("&File")),
            (self._view, self.tr("&View")),
            (self._model, self.tr("&Model")),
            (self._help, self.tr("&Help")),
            (self._recent_menu, self.tr("Open &recent")),
            (self._theme_menu, self.tr("&Theme")),
            (self._language_menu, self.tr("&Language")),
            (self.samples, self.tr("Sample &images")),
            (self.sentences, self.tr("Sample &sentences")),
        )
        for menu, title in titles:
            menu.setTitle(title)
        system = self.tr("As the &system")
        for action, text in zip(self._themes, (system, self.tr("&Light"), self.tr("&Dark")), strict=True):
            action.setText(text)
        for action, text in zip(self._languages, (system, *i18n.NAMES.values()), strict=True):
            action.setText(text)
        for action, words in (*self._views, *self._bundled):
            action.setText(words())
        self._fill_recent()

    def mark_choices(self) -> None:
        """Tick the theme and the language in use."""
        self._themes[THEMES.index(self._settings.theme)].setChecked(True)
        self._languages[LANGUAGES.index(self._settings.language)].setChecked(True)

    def _fill(self) -> None:
        """Put the actions into their menus."""
        act = self.commands
        for name in ("open", "open_folder"):
            self._file.addAction(act[name])
        self._file.addMenu(self._recent_menu)
        self._file.addAction(act["paste"])
        self._file.addSeparator()
        self._file.addActions([act["save_picture"], act["export"]])
        self._file.addSeparator()
        self._file.addAction(act["quit"])
        self._after_views = self._view.addSeparator()
        self._view.addActions([act["side_panel"], act["full_screen"], act["sandbox"]])
        self._view.addSeparator()
        self._view.addMenu(self._theme_menu)
        self._view.addMenu(self._language_menu)
        models, samples = bundle.models(), bundle.samples()
        self.bundled_paths = {shipped.path for shipped in (*models, *samples)}
        for menu, offered in ((self.models, models), (self.samples, samples)):
            for shipped in offered:
                self._offer(menu, shipped)
        for menu in (self.models, self._model):
            with_pictures(menu)
        with_pictures(self.samples, SMALL)
        self.samples.aboutToShow.connect(partial(self._picture, samples))
        for menu in (self.models, self.samples):
            menu.addSeparator()
            menu.addAction(act["open"])
        self._model.addActions(self.models.actions()[:-2])
        self._model.addSeparator()
        self._model.addMenu(self.samples)
        for sentence in bundle.sentences():
            self.sentences.addAction(sentence, partial(self.sentence_wanted.emit, sentence))
        if not self.sentences.isEmpty():
            self._model.addMenu(self.sentences)
        self._model.addSeparator()
        self._model.addActions([act["rerun"], act["cancel"]])
        self._help.addActions([act["shortcuts"], act["about"]])

    def _offer(self, menu: QMenu, shipped: bundle.Shipped) -> None:
        action = menu.addAction("")
        if shipped.picture is not None:
            action.setIcon(QIcon(str(shipped.picture)))
            action.setIconVisibleInMenu(True)  # also where the desktop shows menus without icons
        action.triggered.connect(lambda _=False: self.path_wanted.emit(shipped.path))
        self._bundled.append((action, shipped.title))

    def _picture(self, samples: tuple[bundle.Shipped, ...]) -> None:
        """Show the bundled images small beside their names, from the first time that somebody looks."""
        for action, shipped in zip(self.samples.actions(), samples, strict=False):  # the commands come after them
            if action.icon().isNull():
                action.setIcon(thumbnail(shipped.path, SMALL))
                action.setIconVisibleInMenu(True)

    def _fill_recent(self) -> None:
        """List the files opened lately; those that are gone cannot be chosen."""
        self._recent_menu.clear()
        files = self._recent.files()
        for file in files:
            action = self._recent_menu.addAction(file.label.replace("&", "&&"))
            action.setEnabled(file.there)
            action.triggered.connect(lambda _=False, path=file.path: self.path_wanted.emit(path))
            if not file.there:
                action.setText(self.tr("{file} (not there any more)").format(file=file.label.replace("&", "&&")))
        if files:
            self._recent_menu.addSeparator()
            self._recent_menu.addAction(self.tr("&Clear this list"), self._recent.forget)
        else:
            nothing = self._recent_menu.addAction(self.tr("Nothing opened yet"))
            nothing.setEnabled(False)

    def _choice(self, menu: QMenu, values: tuple[str, ...], wanted: SignalInstance) -> list[QAction]:
        """Fill a menu with one action for each value, one of which is ticked."""
        group = QActionGroup(self)
        actions = []
        for value in values:
            action = menu.addAction("")
            action.setCheckable(True)
            group.addAction(action)
            action.triggered.connect(lambda _=False, value=value: wanted.emit(value))
            actions.append(action)
        return actions

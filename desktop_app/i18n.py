"""The language of the window: loaded at start, changed while it runs."""

from pathlib import Path
from typing import Literal

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from desktop_app.settings import Language

Tongue = Literal["en", "es"]
TONGUES: tuple[Tongue, ...] = ("en", "es")
NAMES: dict[Tongue, str] = {"en": "English", "es": "Español"}
"""Each language in its own words."""

_installed: list[QTranslator] = []


def tongue(language: Language) -> Tongue:
    """Return the language to speak: the one chosen, or the first of the system's that Mirada speaks."""
    if language != "system":
        return language
    for name in QLocale.system().uiLanguages():
        for candidate in TONGUES:
            if name.split("-")[0].split("_")[0] == candidate:
                return candidate
    return "en"


def use(language: Language) -> Tongue:
    """Speak a language from now on; Qt tells every widget by a `LanguageChange` event."""
    chosen = tongue(language)
    QLocale.setDefault(QLocale.system() if tongue("system") == chosen else QLocale(chosen))
    for old in _installed:
        QCoreApplication.removeTranslator(old)
    _installed.clear()
    qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    own = Path(__file__).parent / "translations"
    for name, folder in ((f"qtbase_{chosen}", qt), (f"mirada_{chosen}", str(own))):
        translator = QTranslator()
        if translator.load(name, folder):
            QCoreApplication.installTranslator(translator)
            _installed.append(translator)
    return chosen


def lookup(template: str) -> str:
    """Return a template of the engine's catalogue in the current language."""
    return QCoreApplication.translate("engine", template)

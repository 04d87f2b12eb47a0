"""What the window remembers from one day to the next."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Protocol, cast, get_args

from PySide6.QtCore import QByteArray, QSettings

Theme = Literal["system", "light", "dark"]
Language = Literal["system", "en", "es"]


class Store(Protocol):
    """The part of `QSettings` that is used here."""

    def value(self, key: str, /) -> Any:
        """Return what was stored, or None."""

    def setValue(self, key: str, value: Any, /) -> None:  # noqa: N802 - Qt's name
        """Store a value."""


class Forgetful:
    """A store that lasts as long as the program: for pictures taken without a display."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def value(self, key: str, /) -> Any:
        """Return what was stored, or None."""
        return self._values.get(key)

    def setValue(self, key: str, value: Any, /) -> None:  # noqa: N802 - Qt's name
        """Store a value."""
        self._values[key] = value


class Settings:
    """Typed settings over a store; a value that makes no sense counts as absent.

    Args:
        store: where they are kept; the user's own place if not given.
    """

    def __init__(self, store: Store | None = None) -> None:
        self._store: Store = store if store is not None else user_store()

    @property
    def theme(self) -> Theme:
        """Light, dark, or as the system has it."""
        value = self._store.value("window/theme")
        return cast(Theme, value) if value in get_args(Theme) else "system"

    @theme.setter
    def theme(self, value: Theme) -> None:
        self._store.setValue("window/theme", value)

    @property
    def language(self) -> Language:
        """The language of the window."""
        value = self._store.value("window/language")
        return cast(Language, value) if value in get_args(Language) else "system"

    @language.setter
    def language(self, value: Language) -> None:
        self._store.setValue("window/language", value)

    @property
    def recent(self) -> tuple[str, ...]:
        """Paths of files opened lately, the latest first."""
        value = self._store.value("files/recent")
        if isinstance(value, str):  # an INI file gives a list of one as a string
            return (value,)
        return tuple(str(item) for item in value) if isinstance(value, Sequence) else ()

    @recent.setter
    def recent(self, value: Sequence[str]) -> None:
        self._store.setValue("files/recent", list(value))

    @property
    def folder(self) -> str:
        """Where the file dialogs begin."""
        value = self._store.value("files/folder")
        return value if isinstance(value, str) and Path(value).is_dir() else str(Path.home())

    @folder.setter
    def folder(self, value: str) -> None:
        self._store.setValue("files/folder", value)

    def view_state(self, name: str) -> dict[str, Any]:
        """Return how things looked in the view called `name`: plain values by name."""
        try:
            value = json.loads(str(self._store.value(f"views/{name}")))
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}

    def set_view_state(self, name: str, state: dict[str, Any]) -> None:
        """Save how things look in a view."""
        self._store.setValue(f"views/{name}", json.dumps(state))

    def layout(self, name: str) -> QByteArray | None:
        """Return the saved geometry or state called `name`."""
        value = self._store.value(f"layout/{name}")
        return value if isinstance(value, QByteArray) and not value.isEmpty() else None

    def set_layout(self, name: str, value: QByteArray) -> None:
        """Save the geometry or state called `name`."""
        self._store.setValue(f"layout/{name}", value)


def user_store() -> QSettings:
    """Return the user's own settings file."""
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "Mirada", "mirada")

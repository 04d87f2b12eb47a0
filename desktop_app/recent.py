"""The files opened lately."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop_app.settings import Settings

MOST = 10


@dataclass(frozen=True)
class RecentFile:
    """A file or folder opened before, and whether it is still there."""

    path: Path
    there: bool

    @property
    def label(self) -> str:
        """Its name and the folder it lies in, short enough for a menu."""
        folder = str(self.path.parent)
        home = str(Path.home())
        folder = "~" + folder[len(home) :] if folder.startswith(home) else folder
        return f"{self.path.name}  —  {folder}" if len(folder) < 48 else f"{self.path.name}  —  …{folder[-46:]}"


class RecentFiles(QObject):
    """The latest files, the last one first, kept in the settings."""

    changed = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings

    def files(self) -> tuple[RecentFile, ...]:
        """Return the files; those that are gone are marked."""
        return tuple(RecentFile(Path(p), _is_there(Path(p))) for p in self._settings.recent)

    def add(self, path: str | Path) -> None:
        """Put a file first."""
        text = str(Path(path).absolute())
        rest = [p for p in self._settings.recent if p != text]
        self._settings.recent = [text, *rest][:MOST]
        self.changed.emit()

    def forget(self, path: str | Path | None = None) -> None:
        """Forget one file, or all."""
        text = None if path is None else str(path)
        self._settings.recent = [] if text is None else [p for p in self._settings.recent if p != text]
        self.changed.emit()


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False

"""Runs Qt's own tools: lupdate over the sources, lrelease over the .ts files. Needs PySide6 and nothing of Mirada."""

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SOURCES = ("desktop_app", "engine")
PLURALS_ONLY = ("mirada_en",)
"""English is the language of the sources: its file holds only the forms of what is counted."""


def sources() -> list[Path]:
    """Return every Python file that may hold a string for the user."""
    return sorted(path for folder in SOURCES for path in (ROOT / folder).rglob("*.py"))


def update(folder: Path = HERE) -> int:
    """Take new strings into the .ts files of a folder, and drop those that are gone. Return the exit status."""
    files = [str(path.relative_to(ROOT)) for path in sources()]
    for ts in sorted(folder.glob("*.ts")):
        options = ["-no-obsolete", "-locations", "none", "-silent"]
        options += ["-pluralonly"] if ts.stem in PLURALS_ONLY else []
        status = _run("lupdate", [*options, *files, "-ts", str(ts)])
        if status:
            return status
    return 0


def build(folder: Path = HERE) -> int:
    """Compile every .ts file of a folder into a .qm beside it. Return the exit status."""
    for ts in sorted(folder.glob("*.ts")):
        status = _run("lrelease", ["-silent", str(ts), "-qm", str(ts.with_suffix(".qm"))])
        if status:
            return status
    return 0


def _run(tool: str, arguments: Sequence[str]) -> int:
    return subprocess.run([str(_tool(tool)), *arguments], cwd=ROOT, check=False).returncode  # noqa: S603 - Qt's own


def _tool(name: str) -> Path:
    """Return a program of Qt's Linguist tools, which PySide6-Essentials brings.

    Raises:
        FileNotFoundError: it is not there.
    """
    spec = importlib.util.find_spec("PySide6")
    folders = list(spec.submodule_search_locations or []) if spec is not None else []
    for folder in folders:
        for candidate in (name, f"{name}.exe", f"libexec/{name}"):
            path = Path(folder) / candidate
            if path.is_file():
                return path
    found = shutil.which(name) or shutil.which(f"pyside6-{name}", path=str(Path(sys.executable).parent))
    if found is None:
        raise FileNotFoundError(f"Qt's {name} is not installed; PySide6-Essentials brings it")
    return Path(found)

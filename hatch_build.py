"""Puts the compiled translations into the wheel; compiles them with Qt's own tool where that has not been done."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = "desktop_app/translations"


class TranslationsHook(BuildHookInterface):  # type: ignore[type-arg]  # its type argument is hatchling's own business
    """Runs before hatchling collects the files."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for Qt's tools only where there is something to compile."""
        return ["PySide6-Essentials>=6.8.3"] if self._stale() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Compile what is missing or older than its source, and add it to the wheel although git ignores it."""
        if self.target_name != "wheel":
            return
        if self._stale() and self._build_module().build():
            sys.exit("The translations could not be compiled.")
        build_data["artifacts"] += [f"{FOLDER}/{ts.stem}.qm" for ts in self._sources()]

    def _sources(self) -> list[Path]:
        return sorted((Path(self.root) / FOLDER).glob("*.ts"))

    def _stale(self) -> bool:
        return any(
            not (qm := ts.with_suffix(".qm")).is_file() or qm.stat().st_mtime < ts.stat().st_mtime
            for ts in self._sources()
        )

    def _build_module(self) -> Any:
        """Load the compiler by its path: the package around it is what is being built."""
        path = Path(self.root) / FOLDER / "build.py"
        spec = importlib.util.spec_from_file_location("mirada_translations_build", path)
        if spec is None or spec.loader is None:
            raise FileNotFoundError(path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

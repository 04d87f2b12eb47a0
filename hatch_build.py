"""What a wheel needs that the repository does not hold: the translations, compiled for Qt."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TranslationsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Compiles every .ts into the .qm that the window loads, before files are collected."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run the same command as `make translations` and add what it made."""
        command = [sys.executable, "-m", "desktop_app.translations", "build"]
        subprocess.run(command, cwd=self.root, check=True)  # noqa: S603 - our own module
        folder = Path(self.root, "desktop_app", "translations")
        made = sorted(file.relative_to(self.root).as_posix() for file in folder.glob("*.qm"))
        if len(made) != len(list(folder.glob("*.ts"))):
            raise RuntimeError(f"{folder.name}: not every .ts became a .qm, only {made}")
        build_data["artifacts"] += made

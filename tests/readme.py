"""The README's examples are what the program prints: `python -m tests.readme` runs them and writes them anew."""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
SCREENSHOT = ROOT / "assets" / "screenshot.png"
EXAMPLE = re.compile(r"(?<=```console\n)\$ mirada (?P<command>[^\n]*)\n(?P<answer>.*?)(?=```)", re.DOTALL)


def examples() -> list[tuple[str, str]]:
    """Return the commands in the README and what it says they answer."""
    return [(match["command"], match["answer"]) for match in EXAMPLE.finditer(README.read_text())]


def answer(command: str) -> str:
    """Run `mirada COMMAND` in an empty folder that has the repository's assets, and return what it prints."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "assets").symlink_to(ROOT / "assets")
        done = subprocess.run(
            [sys.executable, "-m", "desktop_app", *shlex.split(command)],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


def rewritten(text: str, run: Callable[[str], str] = answer) -> str:
    """Return the README with every answer replaced by what `run` gives."""
    return EXAMPLE.sub(lambda match: f"$ mirada {match['command']}\n{run(match['command'])}", text)


def main() -> None:
    """Write examples and screenshot."""
    README.write_text(rewritten(README.read_text()))
    words = ["--lang", "en", "--theme", "light", "--size", "1280x800", "--screenshot", str(SCREENSHOT)]
    subprocess.run([sys.executable, "-m", "desktop_app", *words], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()

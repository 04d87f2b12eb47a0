"""The window's command line. Knows no Qt, so that `--help` is instant."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, cast

PICTURE = Path("mirada.png")
"""Where the window is painted when there is no display."""

DESCRIPTION = """\
Open a window that shows what an ONNX model looks at: every head of every attention, on your own image.
Without files it opens a bundled vision transformer and a sample image."""

MORE = """\
In the terminal, without a window:
  mirada inspect MODEL [--json]              what is in a model
  mirada render MODEL IMAGE -o FIGURE.png    one head, as a figure
"""


@dataclass(frozen=True)
class Wishes:
    """What the command line asks of the window.

    Attributes:
        files: a model, and an image, a text or a sound, in any order.
        language: "en" or "es"; None as it was chosen last.
        theme: "light", "dark" or "system"; None as it was chosen last.
        picture: paint the window off screen into this file and end.
        no_display: the picture is painted because there is nowhere to open a window.
    """

    files: tuple[str, ...] = ()
    language: str | None = None
    theme: str | None = None
    picture: Path | None = None
    no_display: bool = False
    size: tuple[int, int] | None = None


class _Parser(argparse.ArgumentParser):
    """An argument parser whose refusals take one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}. Try “{self.prog} --help”.\n")


def read(arguments: Sequence[str]) -> Wishes | int:
    """Return what is wished for, or the exit status where everything has been said."""
    parser = _Parser(
        prog="mirada", description=DESCRIPTION, epilog=MORE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    told = "a model (.onnx or folder), and an image, a .txt or a .wav file"
    parser.add_argument("files", nargs="*", metavar="FILE", help=told)
    parser.add_argument("--lang", choices=("en", "es"), help="language of the window")
    parser.add_argument("--theme", choices=("light", "dark", "system"), help="how the window looks")
    parser.add_argument("--screenshot", type=Path, metavar="FILE.png", help="paint the window into a file and end")
    parser.add_argument("--size", type=_size, metavar="WxH", help="size of the window, such as 1920x1080")
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and end")
    try:
        found = parser.parse_intermixed_args(arguments)
    except SystemExit as end:  # argparse has said what was wrong, or printed the help
        return end.code if isinstance(end.code, int) else 2
    picture, no_display = cast("Path | None", found.screenshot), False
    if picture is None and not has_display(os.environ, sys.platform):
        picture, no_display = PICTURE, True
    return Wishes(tuple(found.files), found.lang, found.theme, picture, no_display, found.size)


def has_display(environment: Mapping[str, str], platform: str) -> bool:
    """Return whether a window can be opened; a platform named for Qt is the user's own word."""
    if platform in ("win32", "darwin") or environment.get("QT_QPA_PLATFORM"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def _size(text: str) -> tuple[int, int]:
    sides = text.lower().replace("×", "x").split("x")
    if len(sides) != 2 or not all(side.isdecimal() and 200 <= int(side) <= 10000 for side in sides):
        raise argparse.ArgumentTypeError("a size is written as 1280x800, each side from 200 to 10000")
    return int(sides[0]), int(sides[1])


class _Version(argparse.Action):
    """Looks the version up only when somebody asks: the engine takes its time to import."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Print it and end."""
        from engine import __version__

        sys.stdout.write(f"mirada {__version__}\n")
        parser.exit(0)

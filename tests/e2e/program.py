"""The real program on a desktop, and what a person would see of it."""

import json
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops

from tests.e2e.desktop import Desktop, until

ROOT = Path(__file__).resolve().parents[2]
PROBE = Path(__file__).with_name("probe")
PLACE = (440, 30, 1140, 900)
"""Left, top, width and height of the window; the file manager has the left of the screen."""


@dataclass(frozen=True)
class Widget:
    """One visible widget; `rect` is left, top, width, height on the screen."""

    kind: str
    name: str
    accessible: str
    description: str
    text: str
    rect: tuple[int, int, int, int]

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom, as Pillow crops."""
        left, top, width, height = self.rect
        return (left, top, left + width, top + height)

    def at(self, across: float, down: float) -> tuple[int, int]:
        """Return a place of the screen by fractions of the widget's size."""
        left, top, width, height = self.rect
        return (round(left + across * width), round(top + down * height))


class Program:
    """`python -m desktop_app`, running on `desktop`."""

    def __init__(self, desktop: Desktop, *arguments: str | Path) -> None:
        self.desktop = desktop
        self.socket = desktop.folder / "probe"
        self.process: subprocess.Popen[bytes] = desktop.start(
            [sys.executable, "-m", "desktop_app", *map(str, arguments)],
            MIRADA_PROBE=str(self.socket),
            PYTHONPATH=f"{PROBE}:{ROOT}",
        )
        self.window = desktop.window("Mirada")
        desktop.place(self.window, *PLACE)

    @property
    def title(self) -> str:
        """The window's title."""
        return self.desktop.xdotool("getwindowname", self.window)

    def widgets(self) -> list[Widget]:
        """Return every visible widget."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self.socket))
            answer = b"".join(iter(lambda: connection.recv(1 << 16), b""))
        return [
            Widget(one["class"], one["name"], one["accessible"], one["description"], one["text"], tuple(one["rect"]))
            for one in json.loads(answer)
        ]

    def widget(self, kind: str) -> Widget:
        """Wait for the largest visible widget of class `kind`."""

        def find() -> Widget | None:
            found = [widget for widget in self.widgets() if widget.kind == kind]
            return max(found, key=lambda widget: widget.rect[2] * widget.rect[3], default=None)

        return until(find, f"no visible {kind}; the program said: {self.desktop.said()[-2000:]}")

    def saying(self, words: str) -> Widget:
        """Wait for a visible widget with `words` in what it says or is described as."""

        def find() -> Widget | None:
            for widget in self.widgets():
                if words in f"{widget.text}\n{widget.accessible}\n{widget.description}":
                    return widget
            return None

        return until(find, f"nothing on screen says {words!r}; the program said: {self.desktop.said()[-2000:]}")

    def picture(self, widget: Widget) -> Image.Image:
        """Return how a widget looks once its picture has come to rest."""
        return self.desktop.settled(widget.box).crop(widget.box)


def colours(picture: Image.Image) -> int:
    """Return how many different colours a picture has."""
    return len(picture.getcolors(picture.width * picture.height) or [])


def changed(before: Image.Image, after: Image.Image) -> float:
    """Return the fraction of pixels that differ visibly between two pictures of one place."""
    difference = ImageChops.difference(before, after).convert("L")
    counts = difference.histogram()
    return sum(counts[12:]) / sum(counts)

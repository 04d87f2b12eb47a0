"""A desktop for one test: an X server, a window manager, a pointer that a program can move, and screenshots."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

from PIL import Image, ImageChops, ImageGrab

NEEDED = {"Xvfb": "xvfb", "openbox": "openbox", "xdotool": "xdotool", "pcmanfm": "pcmanfm"}
SCREEN = (1600, 1000)
PATIENCE = 60.0
"""Seconds until something that should happen is given up; nothing is timed, so slow machines pass."""

Found = TypeVar("Found")


def missing_programs() -> list[str]:
    """Return the Debian packages that this machine lacks for a desktop."""
    return [package for program, package in NEEDED.items() if shutil.which(program) is None]


def until(question: Callable[[], Found | None], what: str, patience: float = PATIENCE) -> Found:
    """Ask `question` again and again until it answers with something true.

    Raises:
        AssertionError: it never did.
    """
    end = time.monotonic() + patience
    while True:
        if answer := question():
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"waited {patience:.0f} s in vain: {what}")
        time.sleep(0.1)


class Desktop:
    """An X server with a window manager; what it starts ends with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = (folder / "desktop.log").open("w+")
        self.processes = ExitStack()
        self.display = self._start_server()
        home = folder / "home"
        home.mkdir()
        runtime = folder / "runtime"
        runtime.mkdir(mode=0o700)
        drop = ("WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "QT_QPA_PLATFORM")
        self.environment = {name: value for name, value in os.environ.items() if name not in drop} | {
            "DISPLAY": self.display,
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_STATE_HOME": str(home / "state"),
            "XDG_RUNTIME_DIR": str(runtime),
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
        }
        try:
            self._manage()
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self) -> "Desktop":
        return self

    def __exit__(self, *error: object) -> None:
        self.processes.close()
        self.log.close()

    def _manage(self) -> None:
        """Start the window manager, and wait until it runs: windows mapped before that would go unmanaged.

        Raises:
            AssertionError: it does not; the message has what it said.
        """
        openbox = self.start(["openbox", "--sm-disable"])

        def taken() -> bool:
            nonlocal openbox
            if openbox.poll() is not None:  # it gives up where the server is not ready for it yet
                openbox = self.start(["openbox", "--sm-disable"])
            return "_NET_SUPPORTING_WM_CHECK" in self._root_properties()

        try:
            until(taken, "openbox never took the display")
        except AssertionError as waited:
            raise AssertionError(f"{waited}; the desktop said: {self.said() or 'nothing'}") from waited

    def _start_server(self) -> str:
        read, write = os.pipe()
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "{}x{}x24".format(*SCREEN), "-nolisten", "tcp"]
        server = subprocess.Popen(command, pass_fds=[write], stdout=self.log, stderr=self.log)
        self.processes.callback(_end, server)
        os.close(write)
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        assert number, f"Xvfb did not start; see {self.log.name}"
        return f":{number}"

    def _root_properties(self) -> str:
        return subprocess.run(
            ["xprop", "-root"], env=self.environment, capture_output=True, text=True, check=False
        ).stdout

    def start(self, command: Sequence[str], **more: str) -> subprocess.Popen[bytes]:
        """Start a program on this desktop; it ends with the desktop."""
        process = subprocess.Popen(
            command,
            env=self.environment | more,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        self.processes.callback(_end, process)
        return process

    def said(self) -> str:
        """Return what all programs have written so far."""
        return Path(self.log.name).read_text(errors="replace")

    def xdotool(self, *words: object) -> str:
        """Run one xdotool command and return what it prints."""
        done = subprocess.run(
            ["xdotool", *map(str, words)], env=self.environment, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    def window(self, title: str) -> str:
        """Wait for a visible window with `title` in its name; return its id."""
        found = until(
            lambda: self.xdotool("search", "--onlyvisible", "--name", title).split(), f"no window named {title!r}"
        )
        return found[-1]

    def place(self, window: str, left: int, top: int, width: int, height: int) -> None:
        """Move and size `window`, and bring it forward."""
        self.xdotool("windowsize", "--sync", window, width, height)
        self.xdotool("windowmove", "--sync", window, left, top)
        self.xdotool("windowactivate", "--sync", window)

    def screenshot(self) -> Image.Image:
        """Return what the display shows: RGB, all of the screen."""
        return ImageGrab.grab(xdisplay=self.display).convert("RGB")

    def settled(self, box: tuple[int, int, int, int] | None = None) -> Image.Image:
        """Return a screenshot once two in a row agree (inside `box`, where given)."""
        before = self.screenshot()

        def still() -> Image.Image | None:
            nonlocal before
            time.sleep(0.2)
            now = self.screenshot()
            same = ImageChops.difference(now.crop(box), before.crop(box)).getbbox() is None
            before = now
            return now if same else None

        return until(still, "the screen never came to rest")

    def move(self, x: int, y: int) -> None:
        """Put the pointer at a place of the screen."""
        self.xdotool("mousemove", x, y)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Drag from one place of the screen to another, as a hand would.

        Toolkits begin a drag only after some small moves, and targets answer only moves they have seen.
        """
        self.move(*start)
        self.xdotool("mousedown", 1)
        for _ in range(6):
            self.xdotool("mousemove_relative", "--", 3, 2)
            time.sleep(0.05)
        steps = 12
        for step in range(1, steps + 1):
            self.move(*(round(a + (b - a) * step / steps) for a, b in zip(start, end, strict=True)))
            time.sleep(0.05)
        self.xdotool("mousemove_relative", "--", 2, 2)
        time.sleep(0.3)
        self.xdotool("mouseup", 1)


class FileManager:
    """pcmanfm on one folder, and where in its window the folder's only file lies."""

    def __init__(self, desktop: Desktop, file: Path) -> None:
        assert list(file.parent.iterdir()) == [file], "the folder must hold this file and no other"
        self.desktop = desktop
        desktop.start(["pcmanfm", "--new-win", str(file.parent)])
        self.window = desktop.window(file.parent.name)
        desktop.place(self.window, 0, 0, 420, 420)
        desktop.move(10, SCREEN[1] - 10)
        self.item = self._find()

    def _find(self) -> tuple[int, int]:
        """Select everything: what changes its colour is the file."""
        plain = self.desktop.settled()

        def chosen() -> tuple[int, int, int, int] | None:
            self.desktop.xdotool("key", "--window", self.window, "ctrl+a")
            now = self.desktop.settled()
            return ImageChops.difference(now, plain).crop((0, 60, 420, 380)).getbbox()

        left, top, right, bottom = until(chosen, "pcmanfm shows no file")
        # The icon is the upper part; the name below it starts a drag as well.
        return (left + right) // 2, 60 + top + (bottom - top) // 4


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program that this desktop started."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

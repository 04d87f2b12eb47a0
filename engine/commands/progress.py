"""How far a long command is, on one line of a terminal that somebody watches."""

import sys


class Line:
    """Tells on standard error, where that is a terminal, and leaves nothing behind."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._shown = ""
        self._watched = sys.stderr.isatty()

    def __call__(self, done: int, total: int, _partial: object) -> None:
        """Show how much is done."""
        text = f"{self._what}: {100 * done // max(total, 1)} %"
        if self._watched and text != self._shown:
            self._write(text)

    def clear(self) -> None:
        """Remove the line."""
        if self._shown:
            self._write("")

    def _write(self, text: str) -> None:
        sys.stderr.write(f"\r{text.ljust(len(self._shown))}\r{text}")
        sys.stderr.flush()
        self._shown = text

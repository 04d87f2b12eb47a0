"""What a line of the table is, and how two things are measured side by side."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Row:
    """One budget, measured."""

    what: str
    plain: str
    mirada: str
    ratio: str
    budget: str
    kept: bool

    def cells(self) -> tuple[str, ...]:
        """Return the line's cells as text."""
        return (self.what, self.plain, self.mirada, self.ratio, self.budget, "yes" if self.kept else "**no**")


AS_THE_PROGRAM = {"ORT_DISABLE_TELEMETRY": "1", "OPENBLAS_NUM_THREADS": "1"}
"""What the program sets before it loads these libraries; plain ONNX Runtime has no use for the second."""

HEADINGS = ("what", "beside it", "Mirada", "measured", "budget", "kept")


@dataclass(frozen=True)
class Sample:
    """What one measuring process found."""

    seconds: tuple[float, ...]
    peak: int = 0


def python(*words: object, **more: str) -> str:
    """Run `python WORDS` in the checkout and return what it prints.

    Raises:
        RuntimeError: it failed; with its own last words.
    """
    done = subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=ROOT,
        env=os.environ | AS_THE_PROGRAM | more,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"python {' '.join(map(str, words))}\n{done.stderr[-2000:]}")
    return done.stdout


def sample(what: str, model: Path, repeats: int, feed: Path) -> Sample:
    """Measure in a fresh process."""
    answer = json.loads(python("-m", "tests.benchmarks.child", what, model, repeats, feed).splitlines()[-1])
    return Sample(tuple(answer["seconds"]), answer["peak"])


def side_by_side(first: Callable[[], Sample], second: Callable[[], Sample], rounds: int) -> list[list[Sample]]:
    """Return `rounds` samples of both, taken in turn, so that what else the machine does falls on both."""
    turns = [(first(), second()) for _ in range(rounds)]
    return [list(column) for column in zip(*turns, strict=True)]


def median_seconds(samples: Sequence[Sample]) -> float:
    """Return the median over all repeats of all samples."""
    return statistics.median(second for one in samples for second in one.seconds)


def compare(what: str, plain: float, mirada: float, budget: float, show: Callable[[float], str]) -> Row:
    """Return the row for a ratio that should stay under `budget`."""
    ratio = mirada / plain
    return Row(what, show(plain), show(mirada), f"{ratio:.2f}", f"≤ {budget:g}", ratio <= budget)


def as_time(seconds: float) -> str:
    """Return seconds as text."""
    return f"{seconds * 1000:,.0f} ms" if seconds < 10 else f"{seconds:,.1f} s"


def as_memory(size: float) -> str:
    """Return bytes as text."""
    return f"{size / 2**20:,.0f} MiB"

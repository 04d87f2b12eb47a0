"""The window's budgets: launch, stalls of its thread, hovering."""

import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from tests.benchmarks.rows import ROOT, Row, Sample, as_time, compare, median_seconds, python, sample, side_by_side
from tests.benchmarks.transformers import BASE, GPT2, write
from tests.e2e.desktop import Desktop, missing_programs

LAUNCH_RATIO = 2.5
STALL_SECONDS = 0.050
HOVER_SECONDS = {14: 0.016, 64: 0.033}
"""Side of the patch grid -> p95 allowed."""
CHOOSE_SECONDS = 1.0
TYPED_RATIO = 1.3
LAUNCHES = 5
"""A launch is short, and what else a machine does falls on it hard: take turns more often."""


class Screen:
    """The display that windows are measured on: an X server where it can be had, else memory."""

    def __init__(self, stack: ExitStack) -> None:
        self.environment = {"QT_QPA_PLATFORM": "offscreen"}
        self.name = "offscreen"
        if not missing_programs():
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="mirada-bench-"))
            desktop = stack.enter_context(Desktop(Path(folder)))
            self.environment = {**desktop.environment, "QT_QPA_PLATFORM": "xcb"}
            self.name = "Xvfb"


def launch_rows(_folder: Path, rounds: int) -> Iterator[Row]:
    """Measure the first painted window beside a bare one."""
    with ExitStack() as stack:
        screen = Screen(stack)

        def launch(what: str) -> Sample:
            started = time.monotonic()
            answer = python("-m", "tests.benchmarks.launch", what, started, **screen.environment)
            return Sample((float(answer),))

        launch("mirada")  # writes the bytecode, fills the system's caches
        bare, mirada = side_by_side(lambda: launch("bare"), lambda: launch("mirada"), max(rounds, LAUNCHES))
        what = f"window painted after launch, beside a bare PySide6 window ({screen.name})"
        yield compare(what, median_seconds(bare), median_seconds(mirada), LAUNCH_RATIO, as_time)


def stall_rows(folder: Path, rounds: int) -> Iterator[Row]:
    """Measure the longest time the window's thread could not answer while a model opened and ran."""
    model = write(BASE, folder)
    image = ROOT / "assets" / "samples" / "cat.jpg"
    with ExitStack() as stack:
        screen = Screen(stack)

        def longest(what: str) -> Sample:
            answer = python("-m", "tests.benchmarks.stall", what, model, image, **screen.environment)
            return Sample((json.loads(answer.splitlines()[-1])["longest"],))

        bare, mirada = (
            median_seconds(s) for s in side_by_side(lambda: longest("bare"), lambda: longest("mirada"), rounds)
        )
        what = f"longest stall of the window's thread while a model opens and runs ({BASE.title}, {screen.name})"
        budget = f"≤ {as_time(STALL_SECONDS)}"
        yield Row(what, as_time(bare), as_time(mirada), as_time(mirada), budget, mirada <= STALL_SECONDS)
    model.unlink()


def choose_rows(_folder: Path, rounds: int) -> Iterator[Row]:
    """Measure from choosing a bundled model in the menu to its heads painted."""
    with ExitStack() as stack:
        screen = Screen(stack)
        answer = python("-m", "tests.benchmarks.choose", rounds, **screen.environment)
        for name, seconds in json.loads(answer.splitlines()[-1]).items():
            median = statistics.median(seconds)
            what = f"from choosing the bundled {name} to its first heads painted ({screen.name})"
            budget = f"≤ {as_time(CHOOSE_SECONDS)}"
            yield Row(what, "", as_time(median), as_time(median), budget, median <= CHOOSE_SECONDS)


def typed_rows(folder: Path, rounds: int) -> Iterator[Row]:
    """Measure from a changed text to its heads painted, beside a plain run of the same text."""
    model, feed = write(GPT2, folder), folder / "typed.npz"
    np.savez(feed, **GPT2.feed())
    with ExitStack() as stack:
        screen = Screen(stack)

        def typed() -> Sample:
            answer = python("-m", "tests.benchmarks.typed", model, GPT2.tokens, 2, **screen.environment)
            return Sample(tuple(json.loads(answer.splitlines()[-1])))

        bare, mirada = side_by_side(lambda: sample("plain_run", model, 2, feed), typed, rounds)
        what = f"from a changed text to its heads painted, beside the plain run ({GPT2.title}, {screen.name})"
        yield compare(what, median_seconds(bare), median_seconds(mirada), TYPED_RATIO, as_time)
    model.unlink()


def hover_rows(_folder: Path, rounds: int) -> Iterator[Row]:
    """Measure from a pointer move to the painted overlay and 144 thumbnails."""
    with ExitStack() as stack:
        screen = Screen(stack)
        for side, budget in HOVER_SECONDS.items():
            question = f"import numpy; from tests.benchmarks.hover import hover_ms; print(*hover_ms({side}))"
            worst = []
            for _ in range(rounds):
                turns = sorted(float(word) / 1000 for word in python("-c", question, **screen.environment).split())
                worst.append(turns[int(0.95 * len(turns))])
            late = statistics.median(worst)
            what = (
                f"hover: pointer to painted overlay and 144 thumbnails, {side * side + 1:,} tokens, p95 ({screen.name})"
            )
            yield Row(
                what, "", f"{late * 1000:.1f} ms", f"{late * 1000:.1f} ms", f"≤ {as_time(budget)}", late <= budget
            )

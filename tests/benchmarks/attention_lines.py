"""Budgets of the views of attention: numbers of all heads beside the run, their memory, and hovering in every view.

python -m tests.benchmarks.attention_lines numbers MODEL FEED REPEATS
python -m tests.benchmarks.attention_lines memory
python -m tests.benchmarks.attention_lines hover VIEW
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the window does: two threads wait for each other
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np

from tests.benchmarks.rows import Row, as_memory, as_time, compare, python
from tests.benchmarks.transformers import BASE, write

NUMBERS_RATIO = 1.5
NUMBERS_MEMORY = 500 * 10**6
HOVER_SECONDS = 0.033
VIEWS = ("microscope", "softmax", "metrics", "rollout", "whatif")
"""Those whose hovering is measured here; the heads view has lines of its own."""


def rows(folder: Path, rounds: int) -> Iterator[Row]:
    """Measure every line."""
    from tests.benchmarks.window_lines import Screen

    yield numbers_row(folder, rounds)
    peak = int(python("-m", "tests.benchmarks.attention_lines", "memory").split()[-1])
    what = "numbers of all heads, 4,097 tokens: memory at once"
    kept, budget = peak <= NUMBERS_MEMORY, f"≤ {as_memory(NUMBERS_MEMORY)}"
    yield Row(what, "", as_memory(peak), as_memory(peak), budget, kept)
    with ExitStack() as stack:
        screen = Screen(stack)
        for view in VIEWS:
            answers = [
                json.loads(python("-m", "tests.benchmarks.attention_lines", "hover", view, **screen.environment))
                for _ in range(rounds)
            ]
            late = statistics.median(float(np.percentile(turns, 95)) for turns in answers)
            what = f"hover: pointer to painted {view} view, 197 tokens, p95 ({screen.name})"
            told = f"{late * 1000:.1f} ms"
            yield Row(what, "", told, told, f"≤ {as_time(HOVER_SECONDS)}", late <= HOVER_SECONDS)


def numbers_row(folder: Path, rounds: int) -> Row:
    """Measure all numbers of all heads of a ViT-B beside the run that they are computed from."""
    model = write(BASE, folder)
    feed = folder / f"{model.stem}.npz"
    np.savez(feed, **BASE.feed())
    words = ("-m", "tests.benchmarks.attention_lines", "numbers", model, feed, 3)
    answers = [json.loads(python(*words).splitlines()[-1]) for _ in range(rounds)]
    model.unlink()
    run, numbers = (statistics.median(s for answer in answers for s in answer[name]) for name in ("run", "numbers"))
    return compare(f"numbers of all heads, beside the run ({BASE.title})", run, numbers, NUMBERS_RATIO, as_time)


def seconds_of_numbers(model: Path, feed: Path, repeats: int) -> dict[str, list[float]]:
    """Return seconds of runs, and of all numbers of all heads on each of them."""
    import engine
    from engine.head_table import HeadTally

    with np.load(feed) as file:
        feeds = {name: file[name] for name in file.files}
    opened = engine.open_model(model, spin=False)
    opened.run(feeds)
    found: dict[str, list[float]] = {"run": [], "numbers": []}
    for _ in range(repeats):
        began = time.perf_counter()
        run = opened.run(feeds)
        found["run"].append(time.perf_counter() - began)
        began = time.perf_counter()
        for site in run.model.sites:
            tally = HeadTally(run, site)
            while tally.advance():
                pass
            tally.numbers()
        found["numbers"].append(time.perf_counter() - began)
    return found


def bytes_of_numbers() -> int:
    """Return the most memory that the numbers of one layer's heads hold at once; layers come one after the other."""
    import tracemalloc

    from engine.head_table import HeadTally
    from engine.metrics import agreement, head_metrics
    from tests.synthetic import make_run

    run = make_run(sites=1, heads=6, grid=(64, 64), dim=64, patch=16)
    site = run.model.sites[0]
    peaks = []
    for work in (lambda: _tally(HeadTally(run, site)), lambda: head_metrics(run, site), lambda: agreement(run, site)):
        tracemalloc.start()
        work()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    return max(peaks)


def _tally(tally):
    while tally.advance():
        pass


def hover_seconds(name: str, turns: int = 120, size: tuple[int, int] = (1280, 800)) -> list[float]:
    """Return seconds of each turn: from the pointer's move to the painted view, 12 × 12 heads, 197 tokens."""
    from PySide6.QtCore import QPointF
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from desktop_app import theme
    from desktop_app.selection import Selection
    from desktop_app.views import VIEWS as ALL
    from tests.synthetic import make_run

    app = QApplication.instance() or QApplication([])
    theme.apply(app, "light")
    run = make_run(sites=12, heads=12, grid=(14, 14), dim=64, patch=16, layout="batch head dim token")
    kind = next(view for view in ALL if view.name == name)
    view = kind()
    view.resize(*size)
    view.selection_wanted.connect(lambda selection: view.draw(view.compute(run, selection)))
    view.show()
    view.draw(view.compute(run, Selection(site=5, token=30)))
    while not getattr(view, "settled", True):
        QTest.qWait(20)
    widget, place = _pointable(view, name)
    rng, times = np.random.default_rng(0), []
    for _ in range(turns):
        point = place(rng)
        began = time.perf_counter()
        QTest.mouseMove(widget, QPointF(point).toPoint())
        app.processEvents()
        while not getattr(view, "settled", True):
            app.processEvents()
        times.append(time.perf_counter() - began)
    view.close()
    return times[5:]


def _pointable(view, name):
    """Return the widget of a view that is pointed at, and a function that draws a place on it."""
    if name in ("softmax", "metrics"):
        widget = view.before if name == "softmax" else view.scatter
        area = widget.area()
        return widget, lambda rng: area.topLeft() + rng.random() * (area.bottomRight() - area.topLeft())
    canvas = view.before if name == "whatif" else view.canvas
    return canvas, lambda rng: canvas.tokens_layout().rect_of(1 + int(rng.integers(196))).center()


def main() -> None:
    """Measure one thing and print it."""
    what, *words = sys.argv[1:]
    if what == "numbers":
        print(json.dumps(seconds_of_numbers(Path(words[0]), Path(words[1]), int(words[2]))))
    elif what == "memory":
        print(bytes_of_numbers())
    else:
        print(json.dumps(hover_seconds(words[0])))


if __name__ == "__main__":
    main()

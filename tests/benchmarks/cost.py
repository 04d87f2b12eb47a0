"""What a look costs once a run is there: a row, a head, a mosaic, by the number of tokens.

Processor time of one thread, since all of it happens while somebody points: `python -m tests.benchmarks.cost`.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the program does, before NumPy is loaded

import statistics
import time
from collections.abc import Callable, Sequence

from engine import Run, attention
from tests.benchmarks.rows import as_time
from tests.synthetic import make_run

SIDES = (14, 24, 37, 64)
"""Patch grids of 197, 577, 1,370 and 4,097 tokens."""
LAYERS, HEADS, DIM = 12, 12, 64
HEADINGS = (
    "tokens",
    "one query row, all heads of a layer",
    "one head, whole",
    "mosaic: one token's row in all 144 heads",
    "means over all queries, all heads of a layer",
)


def looks(run: Run) -> Sequence[Callable[[int], object]]:
    """Return what is measured, each for a token."""
    site = run.model.sites[5]

    def means(_token: int) -> object:
        run.memo.clear()  # sums are kept with a run: what counts is the first time
        return attention.mean_over_queries(run, site)

    return (
        lambda token: run.pattern(site, batch=0, query=token),
        lambda token: run.pattern(site, batch=0, head=token % HEADS),
        lambda token: attention.thumbnails(run, token, "from"),
        means,
    )


def seconds(look: Callable[[int], object], tokens: int, repeats: int) -> float:
    """Return the median processor time of a look, the first one left out."""
    times = []
    for i in range(repeats + 1):
        start = time.thread_time()
        look(1 + i * 37 % (tokens - 1))
        times.append(time.thread_time() - start)
    return statistics.median(times[1:])


def table(rounds: int) -> list[tuple[str, ...]]:
    """Return the cells of each line."""
    lines = []
    for side in SIDES:
        tokens = side * side + 1
        run = make_run(sites=LAYERS, heads=HEADS, grid=(side, side), dim=DIM, patch=16, layout="batch head dim token")
        repeats = (9 * rounds, 3 * rounds, 5 * rounds, 1)
        times = [seconds(look, tokens, n) for look, n in zip(looks(run), repeats, strict=True)]
        lines.append((f"{tokens:,}", *(_shown(t) for t in times)))
    return lines


def _shown(taken: float) -> str:
    return f"{taken * 1000:.2f} ms" if taken < 0.1 else as_time(taken)


if __name__ == "__main__":
    for cells in (HEADINGS, *table(3)):
        print(" | ".join(cells))

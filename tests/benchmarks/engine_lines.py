"""The engine's budgets: a tapped run and an opened model beside plain ONNX Runtime."""

import statistics
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from tests.benchmarks.rows import Row, as_memory, as_time, compare, median_seconds, sample, side_by_side
from tests.benchmarks.transformers import BASE, BERT, GPT2, LONG, TINY, Shape, TextShape, write

RUN_TIME, RUN_MEMORY, OPEN_TIME = 1.05, 1.2, 2.0


def rows(folder: Path, rounds: int) -> Iterator[Row]:
    """Measure every line; the models are written into `folder`."""
    for shape, repeats in ((BASE, 7), (LONG, 2), (GPT2, 2), (BERT, 4)):
        model = write(shape, folder)
        feed = folder / f"{model.stem}.npz"
        np.savez(feed, **shape.feed())
        yield from run_rows(shape, model, feed, repeats, rounds)
        yield open_row(shape, model, feed, rounds)
        model.unlink()
    model, feed = write(TINY, folder), folder / "tiny.npz"
    np.savez(feed, **TINY.feed())
    yield open_row(TINY, model, feed, rounds)
    model.unlink()


def run_rows(shape: Shape | TextShape, model: Path, feed: Path, repeats: int, rounds: int) -> Iterator[Row]:
    """Measure a run with every site tapped: time, then peak memory of the whole process."""
    plain, mirada = side_by_side(
        partial(sample, "plain_run", model, repeats, feed), partial(sample, "tapped_run", model, repeats, feed), rounds
    )
    what = f"run with every site tapped ({shape.title})"
    yield compare(f"{what}: time", median_seconds(plain), median_seconds(mirada), RUN_TIME, as_time)
    peaks = [statistics.median(one.peak for one in samples) for samples in (plain, mirada)]
    yield compare(f"{what}: peak memory", *peaks, RUN_MEMORY, as_memory)


def open_row(shape: Shape | TextShape, model: Path, feed: Path, rounds: int) -> Row:
    """Measure opening a model, the first time in a process that has loaded the libraries."""
    plain, mirada = side_by_side(
        partial(sample, "plain_open", model, 1, feed), partial(sample, "mirada_open", model, 1, feed), rounds
    )
    what = f"opening a model ({shape.title})"
    return compare(what, median_seconds(plain), median_seconds(mirada), OPEN_TIME, as_time)

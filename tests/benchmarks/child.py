"""One measurement in a process of its own: `python -m tests.benchmarks.child WHAT MODEL REPEATS FEED` prints JSON."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Feed = dict[str, NDArray[np.generic]]


def peak_bytes() -> int:
    """Return the most memory this process ever held.

    Not `ru_maxrss`: on Linux that one starts from what the parent held.
    """
    if sys.platform.startswith("linux"):
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def timed(act: Callable[[], object], repeats: int) -> list[float]:
    """Return the seconds that each of `repeats` calls took."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - start)
    return seconds


def plain_run(model: str, feed: Feed, repeats: int) -> list[float]:
    """Run the model as ONNX Runtime alone does."""
    import onnxruntime

    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    session.run(None, feed)
    return timed(lambda: session.run(None, feed), repeats)


def tapped_run(model: str, feed: Feed, repeats: int) -> list[float]:
    """Run the model with every site tapped."""
    import engine

    opened = engine.open_model(model)
    assert opened.sites
    opened.run(feed)
    return timed(lambda: opened.run(feed), repeats)


def plain_open(model: str, feed: Feed, repeats: int) -> list[float]:
    """Open the model as ONNX Runtime alone does."""
    import onnxruntime

    return timed(lambda: onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"]), repeats)


def mirada_open(model: str, feed: Feed, repeats: int) -> list[float]:
    """Open the model and find its attention; the libraries are already loaded, as in the engine process."""
    import onnx  # noqa: F401
    import onnx_ir  # noqa: F401
    import onnxruntime  # noqa: F401

    from engine.runtime.open import open_model

    return timed(lambda: open_model(model), repeats)


MEASUREMENTS = {
    "plain_run": plain_run,
    "tapped_run": tapped_run,
    "plain_open": plain_open,
    "mirada_open": mirada_open,
}


def main() -> None:
    """Measure what the command line names."""
    what, model, repeats, feed_path = sys.argv[1:]
    with np.load(feed_path) as stored:
        feed = dict(stored.items())
    seconds = MEASUREMENTS[what](model, feed, int(repeats))
    print(json.dumps({"seconds": seconds, "peak": peak_bytes()}))


if __name__ == "__main__":
    main()

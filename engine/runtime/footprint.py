"""How much memory a model takes on this machine: opened and run once in a process of its own, whose peak is read.

`python -m engine.runtime.footprint MODEL INPUTS`, with INPUTS as JSON: [[name, type, [size, …]], …]. It prints two
numbers, the peak in bytes before and after.
"""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MOST_SECONDS = 300.0


def footprint(path: Path, feeds: dict[str, NDArray[np.generic]]) -> int | None:
    """Return the bytes that ONNX Runtime takes for a model and one run of it; None where that cannot be measured.

    Args:
        path: the .onnx file.
        feeds: inputs, of which the sizes and types count.
    """
    if getattr(sys, "frozen", False):
        return None
    inputs = json.dumps([[name, array.dtype.name, list(array.shape)] for name, array in feeds.items()])
    home = str(Path(__file__).resolve().parents[2])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([home, os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-m", "engine.runtime.footprint", str(path.resolve()), inputs]
    try:
        done = subprocess.run(  # noqa: S603 - this very interpreter and module
            command, env=environment, capture_output=True, text=True, timeout=MOST_SECONDS, check=True
        )
        before, after = (int(number) for number in done.stdout.split())
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return max(after - before, 0)


def peak() -> int:
    """Return the largest amount of memory that this process has held, in bytes; 0 where the system does not say."""
    try:  # Linux counts what the parent held in `ru_maxrss`
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
    except (OSError, ValueError, StopIteration):
        pass
    try:
        import resource
    except ImportError:  # Windows
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def main(path: str, inputs: str) -> int:
    """Measure, print and return the exit status."""
    import onnxruntime as ort

    feeds = {name: np.zeros(shape, dtype) for name, dtype, shape in json.loads(inputs)}
    with contextlib.suppress(OSError):  # forget what importing took for a moment
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = peak()
    if not before:
        return 1
    options = ort.SessionOptions()
    options.log_severity_level = 4
    session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    session.run(None, feeds)
    sys.stdout.write(f"{before} {peak()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))

"""Opening a model: read, describe, tap, check on a first small run."""

from os import PathLike
from pathlib import Path

from engine.errors import EngineError
from engine.graph.flatten import is_flat
from engine.graph.read import find_files, read_model
from engine.model.describe import describe
from engine.model.description import ModelDescription
from engine.runtime.choices import Chooser, neutral_feeds
from engine.runtime.composite import Composite
from engine.runtime.model import Model
from engine.runtime.probe import can_probe
from engine.runtime.session import Session


def open_model(path: str | PathLike[str], *, threads: int = 0, spin: bool = True) -> Model:
    """Open an .onnx file, or a folder as Optimum exports it: its graphs are one model.

    The recomputation of each site is checked against the model's own softmax on a small made-up input where that
    is cheap, else on the first run.

    Args:
        path: the file or folder.
        threads: for one operator; 0 lets ONNX Runtime choose.
        spin: whether idle threads wait busily: a tenth faster, at the cost of everything else on the machine.

    Raises:
        EngineError: one plain sentence with the cause, and what to do.
    """
    found = find_files(Path(path))

    def opened(file: Path) -> Model:
        return _open_file(file, threads, spin=spin)

    if not found.parts:
        return opened(found.main)
    parts = {name: opened(file) for name, file in found.parts}
    return Composite(parts, Path(path), cached=found.cached)


def _open_file(file: Path, threads: int, *, spin: bool) -> Model:
    chooser = Chooser(file, lambda: neutral_feeds(file))
    content = read_model(file, chooser)
    try:
        description = describe(content, file, chooser.choices)
        model = Model(description, threads=threads, spin=spin, flat=is_flat(content))
    except EngineError:
        raise
    except Exception as cause:  # a graph so broken that it cannot be walked: the runtime says what is wrong
        Session(file, ())
        raise EngineError("internal", reason=f"{type(cause).__name__}: {cause}") from cause
    if can_probe(description):
        model.complete()
    return model


__all__ = ["ModelDescription", "open_model"]

"""Mirada's engine: open an ONNX file, find its attention, run it, read every head.

    import engine

    model = engine.open_model("vit.onnx")
    run = model.run({"pixel_values": x})
    run.pattern(model.sites[3], batch=0, head=3, query=17)  # (key,)

Importing this package loads neither onnx nor onnxruntime; opening a model does.
"""

from typing import TYPE_CHECKING

from engine.errors import EngineError
from engine.model.description import ConvLayer, ModelDescription, PositionalEncoding, TensorInfo
from engine.runtime.run import Run
from engine.sites.site import AttentionSite, NearMiss

if TYPE_CHECKING:
    from os import PathLike

    from engine.runtime.model import Model


def open_model(path: "str | PathLike[str]", *, spin: bool = True) -> "Model":
    """Open an .onnx file, or a folder as Optimum exports it.

    Args:
        path: the file or folder.
        spin: whether idle threads wait busily: a tenth faster, at the cost of everything else on the machine.

    Raises:
        EngineError: one plain sentence with the cause, and what to do.
    """
    from engine.runtime.open import open_model as _open

    return _open(path, spin=spin)


__version__ = "0.1.0"
"""Mirada's version, the only place that states it."""

__all__ = [
    "AttentionSite",
    "ConvLayer",
    "EngineError",
    "ModelDescription",
    "NearMiss",
    "PositionalEncoding",
    "Run",
    "TensorInfo",
    "open_model",
]

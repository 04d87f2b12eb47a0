"""A model as its file has it, without taps and interventions: what is asked many times in a row."""

from pathlib import Path

from engine.graph.read import read_model
from engine.model.describe import info_of
from engine.model.description import TensorInfo
from engine.runtime.forward import Forward
from engine.runtime.session import Session


class Plain:
    """An .onnx file ready to run; branches stay branches.

    Args:
        path: the file.

    Raises:
        EngineError: it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        graph = read_model(path).graph
        self.inputs: tuple[TensorInfo, ...] = tuple(info_of(v) for v in graph.inputs if not v.is_initializer())
        self._session = Session(path, (), spin=False)
        self.forward = Forward(self._session, self.inputs, [value.name or "" for value in graph.outputs])

    def stop(self) -> None:
        """Ask a run in another thread to end."""
        self._session.stop()

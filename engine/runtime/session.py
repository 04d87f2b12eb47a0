"""ONNX Runtime behind one small class: open, run, stop; its messages turned into sentences."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from engine.errors import EngineError, declare_errors
from engine.messages import translate
from engine.runtime.taps import tap_bytes

Tensors = Mapping[str, NDArray[np.generic]]

declare_errors(
    {
        "opset": translate(
            "engine", "“{name}” uses a newer ONNX operator set than this version of ONNX Runtime knows."
        ),
        "opset.advice": translate("engine", "Export it again for opset {known} or lower, or update Mirada."),
        "custom-op": translate("engine", "“{name}” uses an operator that ONNX Runtime does not have: {operator}."),
        "custom-op.advice": translate("engine", "Export the model without custom operators."),
        "bad-graph": translate("engine", "ONNX Runtime refuses “{name}”: {reason}."),
        "bad-graph.advice": translate("engine", "Check the model with onnx.checker, or export it again."),
        "out-of-memory": translate("engine", "There is not enough memory to run “{name}” on this input."),
        "out-of-memory.advice": translate("engine", "Close other programs, or take a smaller image or a shorter text."),
        "run-failed": translate("engine", "“{name}” failed while running: {reason}."),
        "run-failed.advice": translate("engine", "Check that the input has the size and type the model expects."),
        "cancelled": translate("engine", "The run was cancelled."),
        "cancelled.advice": translate("engine", "Run it again whenever you like."),
        "input-missing": translate("engine", "The model needs the input “{name}”, which was not given."),
        "input-missing.advice": translate("engine", "Give an array of shape {shape} for it."),
        "input-unknown": translate("engine", "The model has no input “{name}”."),
        "input-unknown.advice": translate("engine", "Its inputs are: {known}."),
    }
)

QUIET = 4
"""Log only fatal messages: refusals are said in the window or on one line, never by the runtime."""


class Session:
    """A model with its taps, ready to run; one run at a time.

    Args:
        path: the .onnx file.
        taps: names of inner tensors to expose as outputs.
        threads: for one operator; 0 lets ONNX Runtime choose.
        content: a rewritten graph to open in place of the file's own.
    """

    def __init__(self, path: Path, taps: Sequence[str], threads: int = 0, content: bytes | None = None) -> None:
        self.path = path
        options = ort.SessionOptions()
        options.log_severity_level = QUIET
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(path.parent))
        content = (path.read_bytes() if content is None else content) + tap_bytes(taps)
        try:
            self._session = ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        except Exception as cause:  # onnxruntime's classes share no public base
            raise _refusal(path.name, str(cause)) from cause
        self.outputs = tuple(output.name for output in self._session.get_outputs())
        self._options: ort.RunOptions | None = None

    def run(self, feeds: Tensors, names: Sequence[str], *, partial: bool = False) -> dict[str, NDArray[np.generic]]:
        """Run and return the named outputs or taps.

        Args:
            feeds: an array for each input.
            names: what to return.
            partial: compute only what leads to `names`.

        Raises:
            EngineError: cancelled, out of memory, or the runtime refuses the input.
        """
        options = ort.RunOptions()
        options.log_severity_level = QUIET
        options.only_execute_path_to_fetches = partial
        self._options = options
        try:
            results = self._session.run(list(names), dict(feeds), options)
        except Exception as cause:
            raise _failure(self.path.name, str(cause), stopped=options.terminate) from cause
        finally:
            self._options = None
        return dict(zip(names, results, strict=True))

    def stop(self) -> None:
        """Ask a run in another thread to end; it raises "cancelled" there."""
        options = self._options
        if options is not None:
            options.terminate = True


def _refusal(name: str, text: str) -> EngineError:
    if found := re.search(r"(?:guaranteed support for|is till|[Oo]pset) .*?opset (\d+)|till opset (\d+)", text):
        return EngineError("opset", name=name, known=found.group(1) or found.group(2))
    if "support" in text and "opset" in text.lower() and (found := re.search(r"(\d+)\D*$", text)):
        return EngineError("opset", name=name, known=found.group(1))
    found = re.search(
        r"(?:not a registered function/op|No Op registered for|Could not find an implementation for) ?"
        r"\W*([\w.:]*)",
        text,
    )
    if "not a registered function/op" in text:
        found = re.search(r"([\w.:]+)\(-?\d+\) is not a registered function/op", text)
    if found:
        return EngineError("custom-op", name=name, operator=found.group(1) or "?")
    if "Protobuf parsing failed" in text:
        return EngineError("not-onnx", name=name)
    if _is_memory(text):
        return EngineError("out-of-memory", name=name)
    return EngineError("bad-graph", name=name, reason=_short(text))


def _failure(name: str, text: str, *, stopped: bool) -> EngineError:
    if stopped:
        return EngineError("cancelled")
    if _is_memory(text):
        return EngineError("out-of-memory", name=name)
    return EngineError("run-failed", name=name, reason=_short(text))


def _is_memory(text: str) -> bool:
    return "bad_alloc" in text or "Failed to allocate memory" in text or "Available memory" in text


def _short(text: str) -> str:
    """The last clause of the runtime's message, without codes, addresses and source lines."""
    text = re.sub(r"\[ONNXRuntimeError\] : \d+ : \w+ : ", "", text)
    text = re.sub(r"(/\S+/)?\S+\.(cc|h):\d+ [^:]*?(\(.*?\))? ", "", text)
    line = next((part.strip() for part in text.splitlines() if part.strip()), "unknown reason")
    return line.rstrip(". ")[:200]

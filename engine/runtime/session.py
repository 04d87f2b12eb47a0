"""ONNX Runtime behind one small class: open, run, stop; its messages turned into sentences."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from engine.errors import EngineError, declare_errors
from engine.graph.external import beside
from engine.graph.skeleton import skeleton
from engine.messages import translate
from engine.runtime.refusal import failure, refusal
from engine.runtime.taps import tap_bytes
from engine.sites.site import Derived

declare_errors(
    {
        "file-changed": translate("engine", "“{name}” has been written anew since it was opened."),
        "file-changed.advice": translate("engine", "Open it again to see the model that is there now."),
    }
)

Tensors = Mapping[str, NDArray[np.generic]]

OPTIMISER = "Attempt to replace the existing tensor"
"""What the runtime says when its own optimiser stumbles over names that an earlier optimisation gave."""
QUIET = 4
"""Log only fatal messages: refusals are said in the window or on one line, never by the runtime."""


class Session:
    """A model with its taps, ready to run; several threads may run it at once.

    Args:
        path: the .onnx file.
        taps: names of inner tensors to expose as outputs.
        threads: for one operator; 0 lets ONNX Runtime choose.
        spin: whether idle threads wait busily: a tenth faster, at the cost of everything else on the machine.
        content: a rewritten graph to open in place of the file's own.
        derived: operators to append, which compute taps that no tensor of the graph holds.
    """

    def __init__(
        self,
        path: Path,
        taps: Sequence[str],
        threads: int = 0,
        spin: bool = True,
        content: bytes | None = None,
        derived: Sequence[Derived] = (),
    ) -> None:
        self.path = path
        options = ort.SessionOptions()
        options.log_severity_level = QUIET
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", str(int(spin)))
        content, folder = beside(skeleton(path) if content is None else content, path)
        options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(folder))
        content += tap_bytes(taps, derived)
        try:
            self._session = _create(content, options)
        except Exception as cause:  # onnxruntime's classes share no public base
            raise refusal(path.name, str(cause), content) from cause
        self._written = _written(path)
        self.outputs = tuple(output.name for output in self._session.get_outputs())
        self._live: set[ort.RunOptions] = set()

    def run(self, feeds: Tensors, names: Sequence[str], *, partial: bool = False) -> dict[str, NDArray[np.generic]]:
        """Run and return the named outputs or taps.

        Args:
            feeds: an array for each input.
            names: what to return.
            partial: compute only what leads to `names`.

        Raises:
            EngineError: cancelled, out of memory, the file has changed, or the runtime refuses the input.
        """
        now = _written(self.path)
        if now != self._written and now[:1] == self._written[:1]:  # weights are read where they lie in the file
            raise EngineError("file-changed", name=self.path.name)
        options = ort.RunOptions()
        options.log_severity_level = QUIET
        options.only_execute_path_to_fetches = partial
        self._live.add(options)
        try:
            results = self._session.run(list(names), dict(feeds), options)
        except Exception as cause:
            raise failure(self.path.name, str(cause), stopped=options.terminate) from cause
        finally:
            self._live.discard(options)
        return dict(zip(names, results, strict=True))

    def stop(self) -> None:
        """Ask the runs in other threads to end; they raise "cancelled" there."""
        for options in tuple(self._live):
            options.terminate = True


def _written(path: Path) -> tuple[int, ...]:
    """Return which file a path means, its length and when it was last written; empty where it is gone."""
    try:
        found = path.stat()
    except OSError:  # deleted or replaced files stay as they were for those who have them open
        return ()
    return (found.st_ino, found.st_size, found.st_mtime_ns)


def _create(content: bytes, options: ort.SessionOptions) -> ort.InferenceSession:
    """Open a session; a graph that was optimised before and is refused for that is opened as it is."""
    # The fallback would try the same provider again, and print that it does.
    settings = {"providers": ["CPUExecutionProvider"], "enable_fallback": False}
    try:
        return ort.InferenceSession(content, options, **settings)
    except Exception as cause:  # onnxruntime's classes share no public base
        if OPTIMISER not in str(cause):
            raise
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    return ort.InferenceSession(content, options, **settings)

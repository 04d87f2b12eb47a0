"""Interventions on the tensors of a graph that hold positions."""

import numpy as np
import onnx_ir as ir
from numpy.typing import NDArray

from engine.errors import EngineError, declare_errors
from engine.graph.graph import Graph
from engine.messages import translate
from engine.model.description import ModelDescription
from engine.model.positions.tables import read
from engine.runtime.interventions.edits import Positions
from engine.runtime.interventions.moves import moved
from engine.runtime.interventions.surgery import Surgeon

declare_errors(
    {
        "edit-no-positions": translate("engine", "The model has no table of positions that can be changed like this."),
        "edit-no-positions.advice": translate("engine", "Take a model whose positions are a table in its file."),
    }
)
Array = NDArray[np.generic]


def move_positions(surgeon: Surgeon, description: ModelDescription, edit: Positions) -> None:
    """Change every table of positions that an edit applies to.

    Raises:
        EngineError: there is none.
    """
    changed = False
    for encoding in description.positions:
        value = surgeon.graph.initializers.get(encoding.name) or surgeon.find(encoding.name)
        array = None if value is None else _numbers(surgeon, value)
        new = None if array is None else moved(array, encoding, edit)
        if value is None or array is None or new is None:
            continue
        kind = array.dtype if value.dtype is None else value.dtype.numpy()
        new = np.ascontiguousarray(new.astype(kind))
        if value.producer() is None:
            value.const_value = ir.tensor(new)
        else:
            surgeon.replace(value, surgeon.uses(value), surgeon.constant(new))
        changed = True
    if not changed:
        raise EngineError("edit-no-positions")


def _numbers(surgeon: Surgeon, value: ir.Value) -> Array | None:
    """Return the numbers of an initializer, or of what operators make of weights alone."""
    if value.const_value is not None:
        return value.const_value.numpy().copy()
    return read(Graph(surgeon.model), value)

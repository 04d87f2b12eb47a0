"""What the finders of positions give back, before it is put together for the whole model."""

from dataclasses import dataclass

import numpy as np
import onnx_ir as ir
from numpy.typing import NDArray

from engine.model.description import PositionKind
from engine.model.patches import PatchGrid


@dataclass(frozen=True)
class FoundPositions:
    """One table in one place.

    Attributes:
        kind: the family.
        tensor: the weights, or the tensor made of them.
        axes: what the table's axes are.
        table: its numbers; None where it is too large to keep.
        where: "tokens", "queries and keys", "turned" or "scores".
        site: the index of the site; None for all that follow.
        grid: how the table's rows lie on the image.
        most: tokens that the tensor has a row for, where the table is made of it.
    """

    kind: PositionKind
    tensor: ir.Value
    axes: tuple[str, ...]
    table: NDArray[np.float32] | None
    where: str
    site: int | None = None
    grid: PatchGrid | None = None
    most: int | None = None

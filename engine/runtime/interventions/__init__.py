"""What-ifs: a model rerun with heads off, softmaxes changed, tokens hidden, positions moved, the image changed."""

from engine.runtime.interventions.edits import (
    Edit,
    HeadsOff,
    HideTokens,
    NoScale,
    OnlyHeads,
    Positions,
    Temperature,
    Uniform,
    ZeroValues,
)
from engine.runtime.interventions.images import (
    BlurImage,
    DropPatches,
    HidePatches,
    ImageEdit,
    MovePatches,
    ShiftImage,
    ShufflePatches,
)

__all__ = [
    "BlurImage",
    "DropPatches",
    "Edit",
    "HeadsOff",
    "HidePatches",
    "HideTokens",
    "ImageEdit",
    "MovePatches",
    "NoScale",
    "OnlyHeads",
    "Positions",
    "ShiftImage",
    "ShufflePatches",
    "Temperature",
    "Uniform",
    "ZeroValues",
]

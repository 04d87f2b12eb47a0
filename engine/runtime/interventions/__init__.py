"""What-ifs: a model rerun with heads off, softmaxes changed, tokens hidden, positions moved."""

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

__all__ = [
    "Edit",
    "HeadsOff",
    "HideTokens",
    "NoScale",
    "OnlyHeads",
    "Positions",
    "Temperature",
    "Uniform",
    "ZeroValues",
]

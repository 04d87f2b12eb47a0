"""Reading the reference graphs: `graphs/<case>.onnx` and, beside it, what the framework computed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import onnx

import engine
from engine.runtime.model import Model
from tests.conformance.own_softmax import own_patterns

GRAPHS = Path(__file__).parent / "graphs"
GAPS = Path(__file__).parent / "gaps.txt"


@dataclass(frozen=True)
class Reference:
    """One case: feeds, outputs and the patterns (batch, head, query, key) in execution order."""

    name: str

    @property
    def path(self) -> Path:
        return GRAPHS / f"{self.name}.onnx"

    @cached_property
    def _arrays(self) -> dict[str, np.ndarray]:
        with np.load(GRAPHS / f"{self.name}.npz") as stored:
            return dict(stored)

    @cached_property
    def meta(self) -> dict[str, Any]:
        return dict(json.loads(str(self._arrays["meta"])))

    def _named(self, group: str) -> dict[str, np.ndarray]:
        return {key.removeprefix(group): value for key, value in self._arrays.items() if key.startswith(group)}

    @property
    def feeds(self) -> dict[str, np.ndarray]:
        return self._named("input.")

    @property
    def outputs(self) -> dict[str, np.ndarray]:
        return self._named("output.")

    @property
    def patterns(self) -> list[np.ndarray]:
        if self.meta["reference"] == "graph":
            return own_patterns(onnx.load(self.path), self.feeds)
        return [self._arrays[f"pattern.{i}"] for i in range(len(self._named("pattern.")))]


def opened(case: Reference) -> Model:
    """Open a case; where inputs decide how its graph is written out, as the case's own decide."""
    model = engine.open_model(case.path)
    if any(choice.inputs for choice in model.description.choices):
        model.run(case.feeds)
    return model


def references() -> list[Reference]:
    return [Reference(path.stem) for path in sorted(GRAPHS.glob("*.npz"))]


def known_gaps() -> dict[str, str]:
    """Cases that the engine does not pass yet, and what is wrong. `tests.conformance.report --write` keeps the list."""
    lines = GAPS.read_text(encoding="utf-8").splitlines() if GAPS.exists() else []
    return dict(line.split(": ", 1) for line in lines)

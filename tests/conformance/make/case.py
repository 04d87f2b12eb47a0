"""What a reference case is: a network with inputs, and the route by which it becomes a graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import onnx
from torch import Tensor, nn


@dataclass
class Subject:
    """A network ready to be exported.

    `forward` of the module takes the inputs by position and returns one tensor or a tuple of them.
    `arrange` turns the softmaxes that the network really computed, in execution order, into its patterns
    (batch, head, query, key); what it leaves out is not attention.
    """

    module: nn.Module
    inputs: dict[str, Tensor]
    outputs: Sequence[str] = ("output",)
    kinds: Sequence[str] | None = None  # None: all "self"
    arrange: Callable[[list[Tensor]], list[Tensor]] | None = None  # None: every softmax, see capture.as_patterns
    # Other values to run on than the graph was exported with, and which of them the npz leaves out.
    run_on: dict[str, Tensor] | None = None
    unfed: Sequence[str] = ()
    # The same network and weights with torch.softmax where `module` spells it otherwise: the reference is read there.
    twin: nn.Module | None = None
    heads: int | None = None  # needed only where heads are folded into the batch
    dynamic: dict[str, dict[int, str]] = field(default_factory=dict)
    meta: dict[str, Any] = field(default_factory=dict)


class Route(Protocol):
    @property
    def label(self) -> str: ...

    @property
    def short(self) -> str: ...

    def __call__(self, subject: Subject, dynamic: bool) -> onnx.ModelProto: ...


Rewrite = Callable[[onnx.ModelProto, Subject], onnx.ModelProto]


@dataclass(frozen=True)
class Case:
    """One file of `graphs/`."""

    name: str
    family: str
    build: Callable[[], Subject]
    route: Route
    spelling: str = ""
    dynamic: bool = False
    rewrites: tuple[Rewrite, ...] = ()
    names: bool = False  # keep the exporter's names of nodes and inner values
    unlike: float = 0.02  # how much heads, layers and batch items must differ at least
    external: bool = False  # weights in <case>.onnx.data
    tolerance: float = 1e-5
    # "torch": patterns of the framework. "graph": of the graph's own softmaxes (int8, where no framework has the
    # same arithmetic).
    reference: str = "torch"
    expect: dict[str, Any] = field(default_factory=dict)  # overrides that the test reads from the meta


def family(
    short: str,
    title: str,
    spelling: str,
    build: Callable[[], Subject],
    fixed: Sequence[Route] = (),
    dynamic: Sequence[Route] = (),
    **more: Any,
) -> list[Case]:
    """One network by several routes, with a fixed and with a dynamic batch."""
    fixed_cases = [Case(f"{short}_{r.short}", title, build, r, spelling, **more) for r in fixed]
    return fixed_cases + [Case(f"{short}_{r.short}_dynamic", title, build, r, spelling, True, **more) for r in dynamic]

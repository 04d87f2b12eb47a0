"""What a finder gives back: a site without its place in the model, or a near miss."""

from dataclasses import dataclass

import onnx_ir as ir

from engine.sites.site import Kind, NearMiss, SitePlan


@dataclass(frozen=True)
class Candidate:
    """An attention as found, before it is numbered and named."""

    anchor: ir.Node
    kind: Kind
    heads: int
    op: str
    scale: float | None
    nodes: tuple[ir.Node, ...]
    plan: SitePlan
    query_tokens: int | None = None
    key_tokens: int | None = None
    head_dim: int | None = None


@dataclass(frozen=True)
class Miss:
    """A softmax looked at and not taken, at its place in the graph."""

    anchor: ir.Node
    near_miss: NearMiss


Finding = Candidate | Miss

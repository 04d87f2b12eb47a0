"""What the fused attention operators of ONNX Runtime share: sizes, masks, pasts, and the candidate made of them.

None of them shows queries, keys and pattern as tensors at once. What they keep inside is computed beside them by
appended operators (`engine.sites.derive`), and pattern · V is compared with what they give.
"""

import math
from dataclasses import dataclass, field, replace

import onnx_ir as ir

from engine.graph.dims import Dims
from engine.graph.graph import Graph, attribute
from engine.sites.candidate import Candidate
from engine.sites.derive import Recipe
from engine.sites.factors import projection_input, trace
from engine.sites.kind import kind_of
from engine.sites.layout import Operand, axes
from engine.sites.site import Reveal, SitePlan, Step

MICROSOFT = "com.microsoft"
OLDEST = 11
"""Operator set from which on the appended operators mean what they say."""
TOKENS = axes("batch token head*dim")
SCORES = axes("batch head query key")
SPLIT = axes("batch head token dim")
GROUPED_SPLIT = axes("batch head.kv token dim")


def given(node: ir.Node, index: int) -> ir.Value | None:
    """Return an input, or None where it is left out."""
    return node.inputs[index] if len(node.inputs) > index else None


def name_of(node: ir.Node, index: int) -> str:
    """Return an input's name; "" where it is left out."""
    value = given(node, index)
    return "" if value is None else value.name or ""


def output_name(node: ir.Node, index: int) -> str:
    """Return an output's name; "" where it is left out."""
    return (node.outputs[index].name or "") if len(node.outputs) > index else ""


def size(dims: Dims | None, axis: int, rank: int | None = None) -> int | None:
    """Return a size that the graph fixes, or None."""
    if dims is None or (rank is not None and len(dims) != rank) or not -len(dims) <= axis < len(dims):
        return None
    found = dims[axis]
    return found if isinstance(found, int) else None


def real(node: ir.Node, name: str, default: float) -> float:
    """Return a number among the attributes."""
    return float(str(attribute(node, name, default)))


def scale_of(node: ir.Node, head_dim: int | None) -> float | None:
    """Return the scale: as given, else one by the square root of a head's width."""
    return real(node, "scale", 0.0) or (1 / math.sqrt(head_dim) if head_dim else None)


def with_past(recipe: Recipe, node: ir.Node, present: int, past: str, value: str, heads: int) -> str:
    """Return keys or values with their past, (batch, head, token, dim): as they leave, else joined here."""
    if shown := output_name(node, present):
        return shown
    split = recipe.heads(value, heads)
    return recipe.join(past, split, 2) if past else split


def mask_steps(graph: Graph, recipe: Recipe, mask: ir.Value | None, rows: str, keys: str, fill: float) -> list[Step]:
    """Return what a mask of ones and zeros adds to the scores.

    Its shape tells its meaning: (batch, key); (batch, query, key); (batch,), where each item's keys end;
    (2 · batch,), where they end and begin; (3 · batch + 2,), where they end (ONNX Runtime, "Attention").

    Args:
        graph: the graph, for shapes.
        recipe: takes the operators appended.
        mask: the mask, or None.
        rows: a tensor with one entry for each item of the batch on its first axis.
        keys: a tensor with one entry for each key on its third axis.
        fill: what is added where the mask is zero.
    """
    if mask is None:
        return []
    dims, name = graph.shape(mask), mask.name or ""
    rank = 2 if dims is None else len(dims)
    if rank == 1:
        ends, starts = _ends(recipe, dims, size(graph.shape(_first(graph, rows)), 0), name)
        bias = recipe.penalty_ends(ends, starts, keys, fill)
        return [Step("add", operand=Operand(bias, axes("batch key")))]
    layout = {2: "batch key", 3: "batch query key"}.get(rank, "batch head query key")
    return [Step("add", operand=Operand(recipe.penalty(name, fill), axes(layout)))]


def _first(graph: Graph, name: str) -> ir.Value | None:
    return next((v for node in graph.nodes for v in node.inputs if v is not None and v.name == name), None)


def _ends(recipe: Recipe, dims: Dims | None, batch: int | None, mask: str) -> tuple[str, str | None]:
    """Tell the forms of a mask of one axis apart by its length; where it is open, one end for each item."""
    length = size(dims, 0, 1)
    if length is None or batch is None or length == batch:
        return mask, None
    if length == 2 * batch:
        return recipe.part(mask, 0, 0, batch), recipe.part(mask, 0, batch, None)
    return recipe.part(mask, 0, 0, batch), None


@dataclass
class Fused:
    """What one fused operator turned out to hold, before it becomes a candidate."""

    node: ir.Node
    recipe: Recipe
    op: str
    heads: int
    key_heads: int
    scale: float | None
    query: Operand | None
    key: Operand | None
    value: Operand | None
    streams: tuple[ir.Value, ir.Value]
    steps: list[Step] = field(default_factory=list)
    reveal: Reveal | None = None
    replayed: bool = True
    query_tokens: int | None = None
    key_tokens: int | None = None
    head_dim: int | None = None

    def candidate(self, graph: Graph) -> Candidate:
        """Return the attention found."""
        node = self.node
        plan = SitePlan(
            query=self.query,
            key=self.key,
            value=self.value,
            steps=tuple(self.steps),
            pattern=None
            if self.reveal is None
            else Operand(f"{self.recipe.prefix}.pattern", axes("batch head query key")),
            reveal=self.reveal,
            output=Operand(node.outputs[0].name or "", TOKENS),
            derived=tuple(self.recipe.nodes),
            replayed=self.replayed and self.scale is not None,
            factor_sizes=(("head", self.heads), ("head.kv", self.key_heads)),
        )
        if _opset(graph) < OLDEST:
            plan = replace(plan, derived=(), query=None, key=None, value=None, steps=())
        streams = [projection_input(trace(graph, value)) or value for value in self.streams]
        return Candidate(
            anchor=node,
            kind=kind_of(graph, streams[0], streams[1]),
            heads=self.heads,
            op=self.op,
            scale=self.scale,
            nodes=(node,),
            plan=plan,
            query_tokens=self.query_tokens,
            key_tokens=self.key_tokens,
            head_dim=self.head_dim,
        )


def _opset(graph: Graph) -> int:
    imports = graph.model.opset_imports
    return imports.get("", imports.get("ai.onnx", OLDEST))

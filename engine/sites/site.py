"""One attention of the graph, and how its numbers are read from a run."""

from dataclasses import dataclass, field
from typing import Literal

from engine.messages import Message
from engine.sites.layout import Operand

Kind = Literal["self", "cross"]
StepKind = Literal["scale", "divide", "add", "mask", "tanh", "where", "maximum", "causal", "window", "round", "mix"]


@dataclass(frozen=True)
class Step:
    """One elementwise step between QKᵀ and the softmax.

    scale: x · factor; divide: x / factor; add: x + operand (or factor); tanh: tanh(x);
    where: x where the operand is true (false, if `inverted`), `fill` elsewhere; maximum: max(x, factor).
    mask: x + operand, or x where the operand is true if it is boolean, `fill` elsewhere;
    causal: later keys hidden; the last query sees the last key if `factor` is 1, the first only the first if 0;
    with an operand, (batch,), each item's first query sees that many keys and its own;
    window: keys that many places (`factor`) or more before a query hidden, its place given as for causal;
    round: rounded to multiples of `factor`, no fewer nor more than `limits` of them, as quantised numbers are;
    mix: heads mixed by the operand, (head, head) with the heads of the result in columns.
    An operand is a tensor that broadcasts to (batch, head, query, key).
    """

    kind: StepKind
    factor: float | None = None
    operand: Operand | None = None
    fill: float | None = None
    fill_operand: Operand | None = None
    inverted: bool = False
    limits: tuple[int, int] | None = None


@dataclass(frozen=True)
class Reveal:
    """How a fused operator is made to show its pattern: which node (by its first output), output and attributes."""

    output: str
    index: int
    attributes: tuple[tuple[str, int], ...] = ()


Setting = int | float | tuple[int, ...]
"""An attribute of an appended operator."""


@dataclass(frozen=True)
class Derived:
    """An operator appended to the tapped graph: it computes what a fused operator keeps inside."""

    op: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    domain: str = ""
    attributes: tuple[tuple[str, Setting], ...] = ()


@dataclass(frozen=True)
class SitePlan:
    """Which tensors to tap for a site, and how to compute scores from them.

    Attributes:
        query, key, value: read as (batch, head, token, dim); None where no such tensor was found.
        query_factor, key_factor: numbers the graph multiplies into Q or K before the product (SDPA splits the
            scale over both); the tapped tensors are those before.
        steps: from QKᵀ to the softmax's input, in order.
        pattern: the model's own softmax, read as (batch, head, query, key); None where nothing shows it.
        reveal: how a fused operator is made to give `pattern`, which its graph does not hold; None otherwise.
        product: name of QKᵀ as the graph computes it, before any step; "" in a fused operator.
        output: what each head gives, pattern · V, read as (batch, head, token, dim); None where no such tensor is.
        derived: operators appended to the graph, which compute operands that no tensor of the graph holds.
        replayed: whether `steps` tell all that happens between QKᵀ and the softmax.
        factor_sizes: sizes of layout factors that no axis shows alone.
    """

    query: Operand | None
    key: Operand | None
    value: Operand | None
    steps: tuple[Step, ...] = ()
    pattern: Operand | None = None
    reveal: Reveal | None = None
    product: str = ""
    output: Operand | None = None
    derived: tuple[Derived, ...] = ()
    replayed: bool = True
    query_factor: float = 1.0
    key_factor: float = 1.0
    factor_sizes: tuple[tuple[str, int], ...] = ()

    def operands(self) -> tuple[Operand, ...]:
        """Return every tensor that must be tapped to compute scores and values."""
        found = [self.query, self.key, self.value]
        for step in self.steps:
            found += [step.operand, step.fill_operand]
        return tuple(operand for operand in found if operand is not None)


@dataclass(frozen=True)
class AttentionSite:
    """One attention in the graph: softmax(scale · QKᵀ + bias) V (Vaswani et al. 2017, section 3.2.1).

    Attributes:
        name: a short name made from the graph, unique in the model.
        index: place in execution order, from 0.
        kind: "self" where queries and keys come from the same tokens, else "cross".
        heads: number of query heads.
        op: the spelling it was found in, such as "MatMul–Softmax–MatMul" or "ai.onnx Attention".
        scale: what multiplies QKᵀ; None where it is computed by the graph and not constant.
        causal: whether the bias was seen to hide later tokens; None where no run has shown it yet.
        factored: recomputed from Q, K and bias; else read from the model's softmax.
        nodes: names of the graph's nodes that make it up.
        query_tokens, key_tokens, head_dim: sizes where the graph fixes them.
        key_heads: number of key heads, where a run has shown it; fewer than `heads` in grouped queries.
        checked: largest |recomputed - the model's own softmax| on a first small run; None where not compared.
    """

    name: str
    index: int
    kind: Kind
    heads: int
    op: str
    scale: float | None
    causal: bool | None
    factored: bool
    nodes: tuple[str, ...]
    query_tokens: int | None = None
    key_tokens: int | None = None
    head_dim: int | None = None
    key_heads: int | None = None
    checked: float | None = None
    plan: SitePlan = field(repr=False, default=SitePlan(None, None, None))


@dataclass(frozen=True)
class NearMiss:
    """A softmax that is not attention: which node, and why it was not taken."""

    node: str
    op: str
    reason: Message

"""Where queries, keys and values come from: a token's vector x, and x · W + b of each head.

Vaswani et al. 2017, section 3.2.2. The weights are those of the graph, as `engine.model.weights` traces them; what
comes out is compared with the tensor that the attention reads. What lies between the two in some models, norms of
queries and keys or rotary turns, is named.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.messages import Message, declare, translate
from engine.model.description import ModelDescription
from engine.runtime.run import Run
from engine.runtime.score_steps import Floats
from engine.runtime.task import Context, Task
from engine.sites.site import AttentionSite

if TYPE_CHECKING:
    from engine.model.weights import Projection

MOST_OFF = 1e-2
"""Largest difference, relative to the largest number, at which x · W + b is taken for what the attention reads."""
NORMS = frozenset(
    {"LayerNormalization", "SimplifiedLayerNormalization", "RMSNormalization", "LpNormalization", "ReduceL2"}
    | {"InstanceNormalization", "GroupNormalization", "Pow", "ReduceMean", "Sqrt", "Reciprocal"}
)

declare(
    {
        "then-norm": translate("engine", "normalised"),
        "then-rotary": translate("engine", "rotary turn"),
        "then-other": translate("engine", "then {operators}"),
    }
)


@dataclass(frozen=True, eq=False)
class Projected:
    """How queries, keys or values are made of vectors.

    Attributes:
        inputs: x, (batch, token, in) float32.
        weight: W, (head, in, dim).
        bias: b, (head, dim) or None.
        then: what is done to x · W + b before the attention reads it, in words; none where it reads just that.
        difference: largest |x · W + b - what the attention reads|; None where something is done in between.
    """

    inputs: Floats = field(repr=False)
    weight: Floats = field(repr=False)
    bias: Floats | None = field(repr=False)
    then: tuple[Message, ...]
    difference: float | None

    def row(self, batch: int, token: int) -> Floats | None:
        """Return x of a token, (in,); None where the input has no such token, such as one of the past."""
        at = min(batch, len(self.inputs) - 1)
        return self.inputs[at, token] if token < self.inputs.shape[1] else None

    def apply(self, x: Floats, head: int, heads: int) -> Floats:
        """Return x · W + b, (dim,), of x (in,) for one of `heads` query heads; grouped queries share the others."""
        at = head * len(self.weight) // heads
        out = x @ self.weight[at]
        return cast(Floats, out if self.bias is None else out + self.bias[at])


@dataclass(frozen=True, eq=False)
class Sides:
    """Where queries, keys and values of a site come from; None where one could not be traced to weights."""

    site: int
    query: Projected | None
    key: Projected | None
    value: Projected | None


@dataclass(frozen=True)
class TraceInputs(Task):
    """Reads the projections of one site from the model's file, and x from the run; gives `Sides`.

    Attributes:
        site: index of the attention.
    """

    site: int

    def work(self, context: Context) -> Sides:
        """Trace, fetch, compare.

        Raises:
            EngineError: the file can no longer be read, or the task was cancelled.
        """
        from engine.model.weights import weights_of  # needs onnx-ir, which reading a run does not

        description, run = context.model.description, context.run
        if run is None:
            return Sides(self.site, None, None, None)
        site = description.sites[self.site]
        context.tell(0, 2)
        found = weights_of(description, site)
        context.tell(1, 2)
        names = {p.source for p in (found.query, found.key, found.value) if p is not None} - {""}
        tensors = _fetched(context, run, tuple(sorted(names)))
        query, key, value = (
            _projected(description, site, projection, tensors, reader, run)
            for projection, reader in ((found.query, "query"), (found.key, "key"), (found.value, "value"))
        )
        return Sides(self.site, query, key, value)


def _fetched(context: Context, run: Run, names: tuple[str, ...]) -> dict[str, NDArray[np.generic]]:
    """Return tensors of the run on screen by name; those of them that the run did not keep are computed again."""
    kept = {name: source[name] for source in (run.tensors, run.inputs, run.outputs) for name in names if name in source}
    missing = tuple(name for name in names if name not in kept)
    return {**kept, **(context.model.fetch(context.feeds, missing) if missing else {})}


def _projected(
    description: ModelDescription,
    site: AttentionSite,
    projection: "Projection | None",
    tensors: dict[str, NDArray[np.generic]],
    side: str,
    run: Run,
) -> Projected | None:
    """Return one side, checked against what the attention reads; None where it cannot be laid out like that."""
    if projection is None or projection.source not in tensors:
        return None
    try:
        read: Floats = getattr(run, side)(site)  # (batch, head, token, dim)
    except EngineError:
        return None
    x = np.moveaxis(tensors[projection.source].astype(np.float32), projection.axis, -1)
    rows = x.reshape(-1, x.shape[-1])
    batches, heads, tokens, dim = read.shape
    if len(rows) != batches * tokens or projection.weight.shape != (heads, rows.shape[1], dim):
        return None  # keys of the past, or tokens in another order
    inputs = np.ascontiguousarray(rows.reshape(batches, tokens, -1))
    bias = projection.bias
    if projection.then:
        return Projected(inputs, projection.weight, bias, _then(description, site, projection.then), None)
    gap = _gap(projection, inputs, read)
    if batches > 1 and tokens > 1:  # PyTorch's own attention has the tokens first
        other = np.ascontiguousarray(rows.reshape(tokens, batches, -1).swapaxes(0, 1))
        if (second := _gap(projection, other, read)) < gap:
            inputs, gap = other, second
    if gap > MOST_OFF * float(np.abs(read).max(initial=1e-6)):
        return None
    return Projected(inputs, projection.weight, bias, (), gap)


def _gap(projection: "Projection", inputs: Floats, read: Floats) -> float:
    """Return the largest |x · W + b - what the attention reads|."""
    made = projection.apply(inputs).transpose(0, 2, 1, 3)
    return float(np.abs(made - read).max(initial=0.0))


def _then(description: ModelDescription, site: AttentionSite, operators: tuple[str, ...]) -> tuple[Message, ...]:
    """Return what is done after a projection, in words."""
    out = [Message.of("then-norm")] if NORMS & set(operators) else []
    if any(p.kind == "rotary" and site.index in p.sites for p in description.positions):
        out.append(Message.of("then-rotary"))
    return tuple(out) or (Message.of("then-other", operators=", ".join(dict.fromkeys(operators))),)

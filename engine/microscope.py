"""One query of one head, stage by stage: q · k, scale, bias, softmax, values, the head's output.

softmax(scale · QKᵀ + bias) V, Vaswani et al. 2017, section 3.2.1, read from the graph's own tensors. Nothing is
left out: the stages are the graph's own steps in their order, and the last one is compared with its tensor.
"""

from dataclasses import dataclass

import numpy as np

from engine.errors import EngineError
from engine.messages import Message, declare, translate
from engine.runtime.recompute import softmax
from engine.runtime.run import Run
from engine.runtime.score_steps import Floats
from engine.sites.site import AttentionSite, Step

declare(
    {
        "stage-product": translate("engine", "q · k"),
        "stage-scale": translate("engine", "× {factor}"),
        "stage-divide": translate("engine", "÷ {factor}"),
        "stage-scale-tensor": translate("engine", "× a number of the graph"),
        "stage-divide-tensor": translate("engine", "÷ a number of the graph"),
        "stage-add": translate("engine", "+ bias"),
        "stage-mask": translate("engine", "+ mask"),
        "stage-where": translate("engine", "masked"),
        "stage-causal": translate("engine", "later keys hidden"),
        "stage-window": translate("engine", "far keys hidden"),
        "stage-tanh": translate("engine", "soft cap (tanh)"),
        "stage-maximum": translate("engine", "kept above {factor}"),
        "stage-mix": translate("engine", "heads mixed"),
        "stage-weights": translate("engine", "softmax"),
    }
)


@dataclass(frozen=True)
class Stage:
    """A row over the keys at one point between q · k and the weights.

    Attributes:
        name: what was done, in words and numbers.
        row: (key,) float32.
    """

    name: Message
    row: Floats


@dataclass(frozen=True)
class Close:
    """One query of one head under the microscope.

    Attributes:
        query: q, (dim,), as it enters the product.
        keys: K, (key, dim).
        values: V, (key, value dim).
        stages: rows over the keys, from q · k to the weights; the last is the weights.
        output: Σ weight · v, (value dim).
        graph_output: the same in the graph's own tensor; None where it has none.
    """

    query: Floats
    keys: Floats
    values: Floats
    stages: tuple[Stage, ...]
    output: Floats
    graph_output: Floats | None

    @property
    def weights(self) -> Floats:
        """The last stage, (key,)."""
        return self.stages[-1].row

    @property
    def products(self) -> Floats:
        """Elementwise q · k for every key, (key, dim): each row sums to that key's q · k."""
        return self.keys * self.query

    @property
    def contributions(self) -> Floats:
        """What every key gives, weight · v, (key, value dim): they sum to the output."""
        return self.values * self.weights[:, None]

    @property
    def difference(self) -> float | None:
        """Largest |output - the graph's|, or None where the graph has no such tensor."""
        if self.graph_output is None:
            return None
        return float(np.abs(self.output - self.graph_output).max(initial=0.0))


def look_close(run: Run, site: AttentionSite, head: int, query: int, batch: int = 0) -> Close:
    """Return one query of one head, stage by stage.

    Args:
        run: the finished run; tensors it did not keep are fetched, or named by the error.
        site: the attention.
        head: query head.
        query: query token.
        batch: item of the batch axis.

    Raises:
        EngineError: the site shows no queries and keys, or a tensor was not kept in this run.
        IndexError: an index lies outside its axis.
    """
    rows = run.score_stages(site, batch, head, query)
    stages = [Stage(stage_name(step), row) for step, row in rows]
    weights = softmax(rows[-1][1])
    stages.append(Stage(Message.of("stage-weights"), weights))
    values = _head(run.value(site), site, head, batch)  # (key, dim)
    return Close(
        query=_head(run.query(site), site, head, batch)[query],
        keys=_head(run.key(site), site, head, batch),
        values=values,
        stages=tuple(stages),
        output=weights @ values,
        graph_output=_graph_output(run, site, head, query, batch),
    )


def stage_name(step: Step | None) -> Message:
    """Return a step in words."""
    if step is None:
        return Message.of("stage-product")
    if step.kind in ("scale", "divide") and step.operand is not None:
        return Message.of(f"stage-{step.kind}-tensor")
    return Message.of(f"stage-{step.kind}", factor="" if step.factor is None else f"{step.factor:.4g}")


def _head(array: Floats, site: AttentionSite, head: int, batch: int) -> Floats:
    """Return one head's part of (batch, head or key head, token, dim)."""
    found: Floats = array[min(batch, array.shape[0] - 1), head * array.shape[1] // site.heads]
    return found


def _graph_output(run: Run, site: AttentionSite, head: int, query: int, batch: int) -> Floats | None:
    if site.plan.output is None:
        return None
    try:
        found: Floats = _head(run.head_output(site), site, head, batch)[query]
        return found
    except EngineError as error:
        if error.code == "not-in-run":
            raise
        return None

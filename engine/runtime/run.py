"""One execution on one input: frozen and complete. Reading it needs neither onnx nor onnxruntime."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

import numpy as np
from numpy.typing import NDArray

from engine.audio.plan import PreparedSound
from engine.errors import EngineError, declare_errors
from engine.images.plan import Prepared
from engine.messages import translate
from engine.model.description import ConvLayer, ModelDescription
from engine.runtime.compare import error
from engine.runtime.interventions.edits import Edit
from engine.runtime.recompute import scores, softmax, stages, tokens_of
from engine.runtime.score_steps import Floats, Slices, Tensors, operand_of
from engine.sites.layout import SCORES, TOKENS, Operand
from engine.sites.site import AttentionSite, Step
from engine.text.tokens import TextTokens

declare_errors(
    {
        "not-in-run": translate("engine", "“{name}” was not kept in this run."),
        "not-in-run.advice": translate("engine", "Run the model again and ask for it there."),
        "no-factors": translate("engine", "Site {site} shows no {part}: only its pattern can be read."),
        "no-factors.advice": translate("engine", "Look at its pattern, or at another site."),
    }
)

Fetch = Callable[[tuple[str, ...]], Mapping[str, NDArray[np.generic]]]
"""Computes named tensors of the graph on the same input, when a view asks for what was not tapped."""


@dataclass(frozen=True)
class Run:
    """What one execution left: outputs, tapped tensors, and the model they belong to.

    Attributes:
        model: the description of the model that ran.
        inputs, outputs: arrays by name.
        tensors: tapped tensors by name.
        errors: for each site index whose own softmax was compared: largest |recomputed - own|.
        materialised: indices of sites read from the model's own softmax because recomputation disagreed.
        seconds: wall time of the execution alone.
        image: the photo that was run, if one was.
        text: the tokens of the texts that were run, if any were.
        audio: the sound that was run, if one was.
        edits: the interventions made on the model that ran.
        original: the run before interventions, on the same input; None where nothing was changed.
        fetch: computes further tensors on the same input; None in a run read from another process.
        memo: what analyses remember of this run; only pure functions of the run may be kept here.
    """

    model: ModelDescription
    inputs: Tensors
    outputs: Tensors
    tensors: Tensors
    errors: Mapping[int, float] = field(default_factory=dict)
    materialised: frozenset[int] = frozenset()
    seconds: float = 0.0
    image: Prepared | None = None
    text: TextTokens | None = None
    audio: PreparedSound | None = None
    edits: tuple[Edit, ...] = ()
    original: "Run | None" = field(default=None, repr=False, compare=False)
    fetch: Fetch | None = field(default=None, repr=False, compare=False)
    memo: dict[object, object] = field(default_factory=dict, init=False, repr=False, compare=False)

    def query(self, site: AttentionSite) -> Floats:
        """Return queries, (batch, head, token, head_dim) float32, before any scale: scores are scale · QKᵀ + bias.

        Raises:
            EngineError: the site was found by its pattern alone.
        """
        return self._tokens(site, site.plan.query, "query")

    def key(self, site: AttentionSite) -> Floats:
        """Return keys, (batch, key head, token, head_dim) float32; grouped queries share key heads."""
        return self._tokens(site, site.plan.key, "key")

    def value(self, site: AttentionSite) -> Floats:
        """Return values, (batch, key head, token, head_dim) float32."""
        return self._tokens(site, site.plan.value, "value")

    def scores(
        self,
        site: AttentionSite,
        *,
        batch: int | slice | None = None,
        head: int | slice | None = None,
        query: int | slice | None = None,
        key: int | slice | None = None,
    ) -> Floats:
        """Return scale · QKᵀ + bias, (batch, head, query, key) float32, just before the softmax.

        An integer removes its axis, a slice keeps it, None takes all; only that part is computed.

        Raises:
            EngineError: the site is read from the model's softmax and has no scores.
            IndexError: an index lies outside its axis.
        """
        if not self.is_factored(site):
            raise EngineError("no-factors", site=site.index, part="scores")
        asked = (batch, head, query, key)
        shape = self.pattern_shape(site)
        parts = tuple(_as_slice(index, size) for index, size in zip(asked, shape, strict=True))
        out = scores(site, self._kept(site), cast(Slices, parts), self.memo)
        return _drop(out, asked)

    def score_stages(self, site: AttentionSite, batch: int, head: int, query: int) -> list[tuple[Step | None, Floats]]:
        """Return one row of QKᵀ, and of the scores after each step of the graph, (key,) each, with the step.

        Raises:
            EngineError: the site is read from the model's softmax, or it mixes heads before it.
            IndexError: an index lies outside its axis.
        """
        if not self.is_factored(site) or any(step.kind == "mix" for step in site.plan.steps):
            raise EngineError("no-factors", site=site.index, part="scores")
        shape = self.pattern_shape(site)
        parts = tuple(_as_slice(i, n) for i, n in zip((batch, head, query, None), shape, strict=True))
        found = stages(site, self._kept(site), cast(Slices, parts), self.memo)
        return [(step, array[0, 0, 0]) for step, array in found]

    def head_output(self, site: AttentionSite) -> Floats:
        """Return what each head gives as the graph computes it, (batch, head, token, head_dim) float32.

        Raises:
            EngineError: the graph holds no such tensor, or it was not kept and cannot be fetched.
        """
        return self._tokens(site, site.plan.output, "output")

    def pattern(
        self,
        site: AttentionSite,
        *,
        batch: int | slice | None = None,
        head: int | slice | None = None,
        query: int | slice | None = None,
        key: int | slice | None = None,
    ) -> Floats:
        """Return probabilities after softmax, (batch, head, query, key) float32.

        An integer removes its axis, a slice keeps it, None takes all. Only the rows asked for are computed;
        a part of the keys still needs whole rows, since the softmax normalises over them.

        Raises:
            IndexError: an index lies outside its axis.
        """
        asked = (batch, head, query, key)
        shape = self.pattern_shape(site)
        parts = tuple(_as_slice(index, size) for index, size in zip(asked, shape, strict=True))
        if self.is_factored(site):
            rows = cast(Slices, (*parts[:3], slice(None)))
            full = softmax(scores(site, self._kept(site), rows, self.memo), own=True)
            return _drop(full[..., parts[3]], asked)
        return _drop(self._own(site, parts), asked)

    def own_pattern(self, site: AttentionSite) -> Floats:
        """Return the model's own softmax, (batch, head, query, key), NaN rows as zeros.

        Raises:
            EngineError: the graph holds no softmax for this site, or it was not kept and cannot be fetched.
        """
        return self._own(site, (slice(None),) * 4)

    def _own(self, site: AttentionSite, parts: tuple[slice, ...]) -> Floats:
        operand = site.plan.pattern
        if operand is None:
            raise EngineError("no-factors", site=site.index, part="softmax")
        full = operand_of(operand, site.plan, {operand.value: self.tensor(operand.value)}, SCORES, None)
        return np.nan_to_num(full[parts].astype(np.float32, copy=False), nan=0.0)

    def is_factored(self, site: AttentionSite) -> bool:
        """Return whether patterns of this site are recomputed from Q, K and bias in this run."""
        return site.factored and site.index not in self.materialised

    def error(self, site: AttentionSite) -> float:
        """Return the largest |recomputed - the model's own| on this run.

        Patterns are compared where the graph holds them; of a fused operator, pattern · V with what it gives.
        0.0 where the model's own softmax is what is shown; NaN where there is nothing to compare with.
        """
        if site.index in self.errors:
            return self.errors[site.index]
        if not self.is_factored(site):
            return 0.0
        return error(self, site)

    def pattern_shape(self, site: AttentionSite) -> tuple[int, int, int, int]:
        """Return (batch, head, query, key) sizes of a site in this run."""
        name = ("shape", site.index)
        if name not in self.memo:
            self.memo[name] = self._pattern_shape(site)
        return cast(tuple[int, int, int, int], self.memo[name])

    def _pattern_shape(self, site: AttentionSite) -> tuple[int, int, int, int]:
        plan = site.plan
        if self.is_factored(site) and plan.query is not None and plan.key is not None:
            tensors = self._kept(site)
            q, k = (operand_of(o, plan, tensors, TOKENS, self.memo) for o in (plan.query, plan.key))
            return max(q.shape[0], k.shape[0]), q.shape[1], q.shape[2], k.shape[2]
        shape = self.own_pattern(site).shape
        return shape[0], shape[1], shape[2], shape[3]

    def feature_maps(self, layer: ConvLayer) -> Floats:
        """Return a convolution's output, (batch, channel, row, column) float32.

        Raises:
            EngineError: the layer was not tapped and this run cannot fetch it.
        """
        return self.tensor(layer.output).astype(np.float32, copy=False)

    def _tokens(self, site: AttentionSite, operand: Operand | None, part: str) -> Floats:
        if operand is None:
            raise EngineError("no-factors", site=site.index, part=part)
        return tokens_of(operand, site.plan, {operand.value: self.tensor(operand.value)})

    def _kept(self, site: AttentionSite) -> Tensors:
        """Return the tensors of a site's scores, fetching what was not tapped."""
        if all(o.value in self.tensors for o in site.plan.operands()):
            return self.tensors
        return {o.value: self.tensor(o.value) for o in site.plan.operands()}

    def tensor(self, name: str) -> NDArray[np.generic]:
        """Return a tensor of the graph by name, any shape: kept in this run, or fetched now.

        Raises:
            EngineError: it was not kept and this run cannot fetch it.
        """
        for kept in (self.tensors, self.outputs, self.inputs):
            if name in kept:
                return kept[name]
        last = self.memo.get("fetched")  # one tensor at a time: patterns of many tokens are large
        if isinstance(last, tuple) and last[0] == name:
            return cast(NDArray[np.generic], last[1])
        if self.fetch is None:
            raise EngineError("not-in-run", name=name)
        array = self.fetch((name,))[name]
        self.memo["fetched"] = (name, array)
        return array


def _as_slice(index: int | slice | None, size: int) -> slice:
    """Turn an index into a slice that keeps its axis."""
    if index is None:
        return slice(None)
    if isinstance(index, slice):
        return index
    if not -size <= index < size:
        raise IndexError(f"index {index} is outside an axis of {size}")
    at = index % size
    return slice(at, at + 1)


def _drop(array: Floats, asked: tuple[int | slice | None, ...]) -> Floats:
    """Remove the axes that were asked for by an integer."""
    return array[tuple(0 if isinstance(index, int) else slice(None) for index in asked)]

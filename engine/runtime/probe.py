"""A first small run on made-up input: what the graph leaves open, and whether recomputation is exact.

The graph often fixes heads and scale; a run always shows them. Where the model's own softmax is at hand, each
site's recomputed pattern is compared with it; a site that disagrees is read from the model's softmax from then on.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.images.plan import ImagePlan
from engine.model.description import ModelDescription, TensorInfo
from engine.runtime.run import Run
from engine.runtime.score_steps import Floats
from engine.sites.site import AttentionSite
from engine.text.config import settled
from engine.text.plan import TextPlan

if TYPE_CHECKING:
    from engine.runtime.model import Model

MOST_PATTERN_BYTES = 64 * 2**20
"""Patterns of all sites together that may be kept to compare with."""
SEQUENCE = 7
TOLERANCE = {"float16": 2e-2, "bfloat16": 5e-2}
EXACT = 1e-4
"""Difference from the model's own softmax up to which recomputation is trusted, in float32."""


def can_probe(description: ModelDescription) -> bool:
    """Return whether a made-up input costs little: few tokens, and every input can be made up."""
    return bool(description.sites) and pattern_bytes(description) <= MOST_PATTERN_BYTES


def pattern_bytes(description: ModelDescription) -> int:
    """Bytes of all patterns at the sizes the graph fixes, open sizes taken as those of the probe."""
    total = 0
    for site in description.sites:
        query, key = site.query_tokens or SEQUENCE, site.key_tokens or SEQUENCE
        total += (site.heads or 1) * query * key * 4
    return total


def compares_cheaply(description: ModelDescription) -> bool:
    """Return whether comparing with the model's own softmaxes costs little: at hand anyway, or a light model."""
    return not has_open_tokens(description) or Path(description.path).stat().st_size <= MOST_PATTERN_BYTES


def has_open_tokens(description: ModelDescription) -> bool:
    """Return whether the input decides the number of tokens."""
    return any(site.query_tokens is None or site.key_tokens is None for site in description.sites)


def growth(description: ModelDescription, feeds: Mapping[str, NDArray[np.generic]]) -> float:
    """Return how many times more tokens these inputs may have than a first small run: at most so many."""
    batch, tokens = 1.0, 1.0
    for info in description.inputs:
        photo = info.name == description.image_input
        plan = description.image_plan if photo else None
        area = 1.0
        for axis, (dim, size) in enumerate(zip(info.shape, feeds[info.name].shape, strict=False)):
            if isinstance(dim, int):
                continue
            times = size / max(_size(dim, axis, plan), 1)
            if axis == 0:
                batch = max(batch, times)
            else:
                area *= times if photo else 1.0
                tokens = max(tokens, area if photo else times)
    return batch * tokens


def probe(model: "Model") -> Run | None:
    """Return one small run on made-up input; None where none succeeds."""
    image, plan = model.description.image_input, model.description.image_plan
    try:
        feeds = {info.name: made_up(info, image, plan) for info in model.inputs if not is_optional(info)}
        more = own_softmaxes(model.description) if compares_cheaply(model.description) else frozenset()
        return model.execute(feeds, more=more)
    except (EngineError, ValueError):
        return None


def run_bytes(run: Run) -> int:
    """Return the bytes that the recomputed patterns of a run take together."""
    return sum(4 * math.prod(run.pattern_shape(site)) for site in run.model.sites if run.is_factored(site))


def checked(run: Run, *, compare: bool = True) -> ModelDescription:
    """Return the run's model with heads, tokens, causality and, if compared, error as this run shows them."""
    if compare:
        run = with_own_patterns(run)
    sites = tuple(_check(run, site, compare=compare) for site in run.model.sites)
    return replace(run.model, sites=sites, text=_settled_text(run.model, sites))


def _settled_text(model: ModelDescription, sites: tuple[AttentionSite, ...]) -> TextPlan | None:
    """Return what a text model does, now that it shows whether its tokens see later ones."""
    seen = [site.causal for site in sites if site.causal is not None]
    if model.text is None or not seen:
        return model.text
    return settled(model.text, model.outputs, causal=all(seen), folder=Path(model.path).parent)


def own_softmaxes(description: ModelDescription) -> frozenset[str]:
    """Return the names of the model's own softmaxes of all recomputed sites."""
    sites = (site for site in description.sites if site.factored and site.plan.reveal is None)
    return frozenset(site.plan.pattern.value for site in sites if site.plan.pattern is not None)


def with_own_patterns(run: Run) -> Run:
    """Return the run with the model's own softmaxes of all recomputed sites, fetched at once and not one by one."""
    missing = tuple(sorted(own_softmaxes(run.model) - {*run.tensors, *run.outputs, *run.inputs}))
    if not missing or run.fetch is None or run_bytes(run) > MOST_PATTERN_BYTES:
        return run
    try:
        return replace(run, tensors={**run.tensors, **run.fetch(missing)})
    except EngineError:  # one of them cannot be computed: each site finds out for itself
        return run


def _check(run: Run, site: AttentionSite, *, compare: bool) -> AttentionSite:
    try:
        _, heads, queries, keys = run.pattern_shape(site)
        site = replace(
            site, heads=heads, head_dim=site.head_dim or _head_dim(run, site), key_heads=_key_heads(run, site)
        )
        error = run.error(site) if compare else math.nan
        pattern = run.pattern(site, batch=0)  # (head, query, key)
    except (ValueError, IndexError, EngineError):
        return _materialised(site)
    if compare and not np.isfinite(error) and site.plan.pattern is not None:
        return _materialised(site)
    if np.isfinite(error) and error > _tolerance(run, site):
        return _materialised(site)
    causal = bool(queries > 1 and keys >= queries and _is_causal(pattern)) if site.causal is None else site.causal
    return replace(site, causal=causal, checked=error if np.isfinite(error) else None)


def _is_causal(pattern: Floats) -> bool:
    """Whether each query sees itself and no later key; (head, query, key)."""
    _, queries, keys = pattern.shape
    later = np.triu(np.ones((queries, keys), bool), k=1 + keys - queries)
    own = pattern[:, np.arange(queries), np.arange(queries) + keys - queries]  # (head, query)
    return not pattern[:, later].any() and bool(own.any(axis=0).all())


def _head_dim(run: Run, site: AttentionSite) -> int | None:
    return None if site.plan.query is None else run.query(site).shape[-1]


def _key_heads(run: Run, site: AttentionSite) -> int | None:
    return None if site.plan.key is None else run.key(site).shape[1]


def _materialised(site: AttentionSite) -> AttentionSite:
    return replace(site, factored=False, checked=None)


def _tolerance(run: Run, site: AttentionSite) -> float:
    """A model that computes in half precision differs from a float32 recomputation by its own rounding."""
    known = {**run.inputs, **run.outputs, **run.tensors}
    tensors = [known[operand.value] for operand in site.plan.operands() if operand.value in known]
    return max((TOLERANCE.get(tensor.dtype.name, EXACT) for tensor in tensors), default=EXACT)


def is_optional(info: TensorInfo) -> bool:
    """Return whether an input has a neutral value: a mask, positions or a past by its name, or a flag."""
    name = info.name.lower()
    flag = info.dtype == "bool" and all(size == 1 for size in info.shape)
    return flag or any(word in name for word in ("mask", "position", "token_type", "past", "cache", "segment"))


def made_up(info: TensorInfo, image: str | None, plan: ImagePlan | None) -> NDArray[np.generic]:
    """Return a small seeded input, any shape that fits: noise for pixels and features, low ids for text.

    Args:
        info: the input.
        image: the name of the input that takes photos, if one does.
        plan: how it takes them.
    """
    shape = [_size(d, axis, plan if info.name == image else None) for axis, d in enumerate(info.shape)]
    rng = np.random.default_rng(math.prod(shape) + 1)
    dtype = np.dtype(info.dtype)
    if dtype.kind in "iu":
        return rng.integers(0, 200 if len(shape) == 4 else 20, shape).astype(dtype)
    if dtype.kind == "b":
        return np.ones(shape, dtype)
    return rng.standard_normal(shape).astype(dtype)


def _size(dim: int | str | None, axis: int, plan: ImagePlan | None) -> int:
    """Return the size of an axis; `plan` is None of inputs that are no photo."""
    if isinstance(dim, int):
        return dim
    if axis > 0 and plan is not None:
        rows = 1 if plan.layout == "NHWC" else 2
        return plan.output_size[axis - rows] if rows <= axis < rows + 2 else plan.channels
    return 1 if axis == 0 else SEQUENCE

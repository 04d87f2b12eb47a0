"""Projections of a site, per head: W_Q, W_K, W_V and W_O, and the two circuits they make.

Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits": a head reads through W_Q W_K^T (which token
looks at which) and writes W_V W_O (what is moved). Which column of a fused matrix belongs to which head is not read
from names: column numbers are carried from the projection through every reshape, split and transpose to the heads.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import numpy as np
import onnx_ir as ir
from numpy.typing import NDArray

from engine.graph.cone import as_taken
from engine.graph.graph import Graph
from engine.graph.read import read_model
from engine.model.description import ModelDescription
from engine.model.outputs import trace_output
from engine.model.places.bound import BoundGraph
from engine.model.places.sites import bind
from engine.model.places.sizes import settle
from engine.model.projections import Traced, fused_projection, trace_projection
from engine.sites.site import AttentionSite

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Projection:
    """One of W_Q, W_K, W_V: x · weight + bias, per head.

    Attributes:
        source: the tensor x, whose axis `axis` holds the features.
        weight: (head, in, dim), as `Run.query` reads it, before any scale; for W_O (head, dim, out).
        bias: (head, dim) or None; for W_O (out,) or None.
        axis: of `source` (of the result, for W_O): -1, or 1 for channels of an image.
        then: operators between it and the tensor that the site reads, such as a norm or rotary turns; () where
            x · weight + bias is that tensor.
    """

    source: str
    weight: Floats = field(repr=False)
    bias: Floats | None = field(repr=False)
    axis: int = -1
    then: tuple[str, ...] = ()

    def apply(self, x: Floats) -> Floats:
        """Return x · weight + bias, (token, head, dim), of x (token, in); more leading axes are kept."""
        out = np.einsum("...i,hid->...hd", x, self.weight)
        return cast(Floats, out if self.bias is None else out + self.bias)


@dataclass(frozen=True)
class SiteWeights:
    """The projections of a site; None where one could not be traced to weights.

    Attributes:
        query, key, value: into the heads; keys and values may have fewer heads (grouped queries).
        output: out of the heads, the one linear layer that follows the values.
    """

    query: Projection | None
    key: Projection | None
    value: Projection | None
    output: Projection | None

    def qk(self, head: int) -> Floats:
        """Return W_Q W_K^T of a head, (in, in), queries' features first: the bilinear form behind its scores.

        Raises:
            ValueError: a projection was not traced.
        """
        if self.query is None or self.key is None:
            raise ValueError("the projections of queries and keys were not traced")
        key = _shared(head, self.query.weight, self.key.weight)
        return cast(Floats, self.query.weight[head] @ self.key.weight[key].T)

    def ov(self, head: int) -> Floats:
        """Return W_V W_O of a head, (in, out): what it writes for what it reads.

        Raises:
            ValueError: a projection was not traced.
        """
        if self.value is None or self.output is None:
            raise ValueError("the projections of values and outputs were not traced")
        value = _shared(head, self.output.weight, self.value.weight)
        return cast(Floats, self.value.weight[value] @ self.output.weight[head])


def _shared(head: int, many: Floats, few: Floats) -> int:
    """Which key head serves a query head (Ainslie et al. 2023)."""
    return head * len(few) // len(many)


def weights_of(description: ModelDescription, site: AttentionSite) -> SiteWeights:
    """Return the projections of one site; the file is read again.

    Raises:
        EngineError: the file can no longer be read.
    """
    return weights_of_sites(description, (site,))[site.index]


def weights_of_sites(
    description: ModelDescription, sites: tuple[AttentionSite, ...] | None = None
) -> dict[int, SiteWeights]:
    """Return the projections of several sites (all, by default) by index; the file is read once.

    Raises:
        EngineError: the file can no longer be read.
    """
    wanted = description.sites if sites is None else sites
    if description.parts:
        return _of_parts(description, wanted)
    graph = Graph(read_model(Path(description.path), as_taken(description.choices)))
    plan = description.image_plan
    last = plan is not None and plan.layout == "NHWC"
    bound = bind(graph, description.image_input, description.token_image, last)
    settle(bound)
    made = {value.name or "": value for node in graph.nodes for value in node.outputs}
    found: dict[int, SiteWeights] = {}
    for site in wanted:
        operands = (site.plan.query, site.plan.key, site.plan.value)
        sides = []
        for index, operand in enumerate(operands):
            value = None if operand is None else made.get(operand.value)
            traced = (
                trace_projection(bound, site, operand, value) if operand is not None and value is not None else None
            )
            traced = traced or _fused(bound, site, made, index)
            sides.append(None if traced is None else _projection(traced))
        output = trace_output(bound, site, made)
        found[site.index] = SiteWeights(sides[0], sides[1], sides[2], None if output is None else _out(output))
    return found


def _of_parts(description: ModelDescription, sites: tuple[AttentionSite, ...]) -> dict[int, SiteWeights]:
    """Return the projections of sites of a model of several graphs, under its names and numbers."""
    found: dict[int, SiteWeights] = {}
    for part in description.parts:
        own = tuple(part.model.sites[site.index - part.first_site] for site in sites if site.index in part.sites)
        for index, weights in weights_of_sites(part.model, own).items() if own else ():
            sides = (weights.query, weights.key, weights.value, weights.output)
            moved = [None if p is None else replace(p, source=f"{part.name}/{p.source}") for p in sides]
            found[part.first_site + index] = SiteWeights(*moved)
    return found


def _fused(graph: BoundGraph, site: AttentionSite, made: Mapping[str, ir.Value], index: int) -> Traced | None:
    name = site.plan.reveal.output if site.plan.reveal is not None else None
    if name is None and site.plan.output is not None:
        name = site.plan.output.value
    result = None if name is None else made.get(name)
    node = None if result is None else result.producer()
    return None if node is None else fused_projection(graph, site, node, index)


def _projection(traced: Traced) -> Projection:
    """Pick each head's columns: (in, out) becomes (head, in, dim)."""
    scale = np.float32(traced.factor)
    weight = traced.matrix[:, traced.columns].transpose(1, 0, 2) * scale  # (head, in, dim)
    bias = None if traced.bias is None else traced.bias[traced.columns] * scale
    return Projection(traced.source, np.ascontiguousarray(weight), bias, traced.axis, traced.then)


def _out(traced: Traced) -> Projection:
    """Pick each head's rows: (in, out) becomes (head, dim, out)."""
    weight = traced.matrix[traced.columns]  # (head, dim, out)
    return Projection(traced.source, np.ascontiguousarray(weight), traced.bias, traced.axis, traced.then)

"""What a patch embedding looks for: its filters as pictures, and their principal components.

Dosovitskiy et al. 2021, section 4.5 and figure 7 (left), show the components of ViT's embedding: they resemble
plausible basis functions for the fine structure within a patch.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError, declare_errors
from engine.messages import translate
from engine.model.description import ConvLayer, ModelDescription
from engine.runtime.task import Context, Task

if TYPE_CHECKING:
    import onnx_ir as ir

    from engine.graph.graph import Graph
    from engine.runtime.model import Model

Floats = NDArray[np.float32]
COMPONENTS = 64
"""Components that are kept, the strongest."""

declare_errors(
    {
        "no-filters": translate("engine", "How “{name}” turns pixels into tokens was not found."),
        "no-filters.advice": translate("engine", "Its patches can be changed all the same."),
    }
)
SHAPES = frozenset({"Reshape", "Transpose", "Squeeze", "Unsqueeze", "Flatten", "Identity", "Cast"})
SAME = frozenset({"LayerNormalization", "Identity", "Cast"})


@dataclass(frozen=True)
class PatchFilters:
    """The filters that turn pixels into features.

    Attributes:
        name: the tensor that holds them.
        kind: a convolution, or a linear layer on unfolded patches.
        whole: whether they make the tokens; else they are the first layer of several that do.
        filters: (feature, channel, row, column).
        components: principal directions of the filters, unit length, (component, channel, row, column), the strongest
            first; their signs have no meaning, the largest number of each is made positive.
        shares: (component,) part of the filters' variance along each, 0 to 1.
    """

    name: str
    kind: Literal["convolution", "linear"]
    whole: bool
    filters: Floats = field(compare=False, repr=False)
    components: Floats = field(compare=False, repr=False)
    shares: Floats = field(compare=False, repr=False)


@dataclass(frozen=True)
class ReadPatchFilters(Task):
    """Reads the patch embedding of the model on screen."""

    def work(self, context: Context) -> PatchFilters:
        """Return its filters.

        Raises:
            EngineError: there are none, or the file can no longer be read.
        """
        return patch_filters(context.model)


def principal_components(filters: Floats, most: int = COMPONENTS) -> tuple[Floats, Floats]:
    """Return principal directions of rows, the strongest first, and each one's share of their variance.

    Args:
        filters: (row, …); axes after the first are one vector.
        most: how many to return at most.

    Returns:
        (component, …) of unit length, the largest number of each positive; (component,) shares from 0 to 1.
    """
    flat = filters.reshape(len(filters), -1).astype(np.float64)
    flat = flat - flat.mean(axis=0)
    _, strength, directions = np.linalg.svd(flat, full_matrices=False)
    power = strength**2
    kept = directions[:most]
    largest = np.take_along_axis(kept, np.abs(kept).argmax(axis=1)[:, None], axis=1)
    kept = kept * np.where(largest < 0, -1.0, 1.0)
    shares = power[:most] / max(float(power.sum()), 1e-30)
    return kept.reshape(-1, *filters.shape[1:]).astype(np.float32), shares.astype(np.float32)


def patch_filters(model: "Model") -> PatchFilters:
    """Return the filters of a model's patch embedding; of its first convolution where several layers embed.

    Raises:
        EngineError: neither a convolution nor a linear layer reads the pixels, or the file cannot be read.
    """
    from engine.graph.cone import as_taken
    from engine.graph.graph import Graph
    from engine.graph.read import read_model

    model = _part(model)
    description = model.description
    graph = Graph(read_model(Path(description.path), as_taken(description.choices)))
    found = _convolution(description, graph) or _linear(model, graph)
    if found is None:
        raise EngineError("no-filters", name=description.name)
    name, kind, whole, filters = found
    components, shares = principal_components(filters)
    return PatchFilters(name, kind, whole, filters, components, shares)


def _part(model: "Model") -> "Model":
    """Return the graph that takes the image, of a model of several."""
    parts = model.description.parts
    name = next((part.name for part in parts if part.model.image_input is not None), None)
    graphs: Mapping[str, Model] = getattr(model, "parts", {})
    return graphs.get(name or "", model)


Found = tuple[str, Literal["convolution", "linear"], bool, Floats]


def _convolution(description: ModelDescription, graph: "Graph") -> Found | None:
    """The first convolution, where it reads the pixels themselves."""
    from engine.model.positions.tables import read

    plan = description.image_plan
    first = next(iter(description.convolutions), None)
    if first is None or plan is None or first.in_channels != plan.channels or len(first.kernel) != 2:
        return None
    weight = _value(graph, first.weight)
    array = None if weight is None else read(graph, weight)
    if array is None or array.ndim != 4 or first.groups != 1:
        return None
    return first.weight, "convolution", _makes_tokens(first, description), array


def _makes_tokens(layer: ConvLayer, description: ModelDescription) -> bool:
    """Whether a convolution's output has a place for every patch of the first attention."""
    grid = next((t.queries for t in description.tokens if t.queries is not None), None)
    return grid is not None and layer.size == (grid.image_rows, grid.image_columns)


def _linear(model: "Model", graph: "Graph") -> Found | None:
    """The matrix that unfolded patches are multiplied by; which pixel is where is asked of the graph itself."""
    from engine.graph.graph import int_attribute, op
    from engine.model.positions.tables import read

    description = model.description
    plan, name = description.image_plan, description.image_input
    pixels = next((v for v in graph.model.graph.inputs if v.name == name), None)
    if plan is None or name is None or pixels is None:
        return None
    for unfolded, node in _products(graph, pixels):
        weight = node.inputs[1]
        matrix = None if weight is None else read(graph, weight)
        if weight is None or matrix is None or matrix.ndim != 2:
            continue
        matrix = matrix.T if op(node) == "Gemm" and int_attribute(node, "transB", 0) else matrix  # (in, feature)
        places = _places(model, name, unfolded.name or "")
        if places is None or len(places) != len(matrix):
            continue
        channel, row, column = places.T
        shape = tuple(int(axis.max()) + 1 for axis in (channel, row, column))
        if np.prod(shape) != len(matrix):
            continue
        filters = np.zeros((matrix.shape[1], *shape), np.float32)
        filters[:, channel, row, column] = matrix.T
        return weight.name or "", "linear", True, filters
    return None


def _products(graph: "Graph", pixels: "ir.Value") -> Iterator[tuple["ir.Value", "ir.Node"]]:
    """Yield products of what the pixels become by reshaping alone, perhaps normalised: (the reshaped, the product)."""
    from engine.graph.graph import op

    stack = [(pixels, pixels)]
    while stack:
        here, unfolded = stack.pop()
        for node, index in graph.users(here):
            if op(node) in SHAPES and index == 0 and here is unfolded:
                stack.append((node.outputs[0], node.outputs[0]))
            elif op(node) in SAME and index == 0:
                stack.append((node.outputs[0], unfolded))
            elif op(node) in ("MatMul", "Gemm") and index == 0 and graph.is_constant(node.inputs[1]):
                yield unfolded, node


def _places(model: "Model", name: str, unfolded: str) -> NDArray[np.intp] | None:
    """Return (channel, row, column) within its patch of each number of the first patch, (number, 3)."""
    plan = model.description.image_plan
    if plan is None:
        return None
    rows, columns = plan.output_size
    shape = (plan.channels, rows, columns)
    image = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)  # each pixel its own number, exact to 2^24
    fed = image[None] if plan.layout == "NCHW" else image.transpose(1, 2, 0)[None]
    fed = np.repeat(fed, plan.batch, axis=0)
    from engine.runtime.neutral import complete

    try:
        array = np.asarray(model.fetch(complete(model.inputs, {name: fed}), (unfolded,))[unfolded])
    except EngineError:
        return None
    if array.dtype != np.float32 or array.ndim < 2:
        return None
    first = array.reshape(-1, array.shape[-1])[0]
    if len(np.unique(first)) != len(first):
        return None
    places = np.stack(np.unravel_index(first.astype(np.intp), shape), axis=1)
    return cast(NDArray[np.intp], places - places.min(axis=0))


def _value(graph: "Graph", name: str) -> "ir.Value | None":
    found = graph.model.graph.initializers.get(name)
    return found or next((v for node in graph.nodes for v in node.outputs if v.name == name), None)

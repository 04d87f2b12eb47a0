"""From a graph to a description: inputs, outputs, sites, convolutions, positions, how a photo gets in."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx_ir as ir

from engine.audio.config import audio_plan
from engine.graph.choice import Choice
from engine.graph.cone import as_taken
from engine.graph.graph import Graph, op
from engine.graph.read import read_model
from engine.images.guess import is_image_input, plan_for
from engine.messages import Message, declare, translate
from engine.model.convolutions import fields_of, find_convolutions, find_head, find_pools, multiply_adds
from engine.model.description import Dim, ModelDescription, PositionalEncoding, TensorInfo
from engine.model.geometry import CONVOLUTIONS
from engine.model.places.sites import bind, tokens_of_sites, tokens_on_images
from engine.model.places.sizes import settle
from engine.model.positions import find_positions
from engine.sites.find import find_sites
from engine.text.config import text_plan

declare(
    {
        "branch-true": translate(
            "engine", "{inputs} decides which branch of “{node}” runs; what is shown runs when the condition holds"
        ),
        "branch-false": translate(
            "engine",
            "{inputs} decides which branch of “{node}” runs; what is shown runs when the condition does not hold",
        ),
        "turns-shown": translate("engine", "{inputs} decides how often “{node}” turns; {turns} turns are shown"),
    }
)


def describe(model: ir.Model, path: Path, choices: tuple[Choice, ...] = ()) -> ModelDescription:
    """Return all that is known of a model without running it.

    Args:
        model: its graph, written out.
        path: its file.
        choices: how it was written out where inputs decide about it.

    Raises:
        EngineError: a configuration file beside the model cannot be used.
    """
    graph = Graph(model)
    sites, near_misses = find_sites(graph)
    inputs = tuple(info_of(value) for value in model.graph.inputs if not value.is_initializer())
    prepared = plan_for(inputs, path.parent)
    image = None if prepared.plan is None else prepared.plan.output_size
    last = prepared.plan is not None and prepared.plan.layout == "NHWC"
    bound = bind(graph, prepared.image_input, image, last)
    several = _several_images(inputs) if prepared.image_input is None else []
    tokens = (
        tokens_on_images(bound, sites, several)
        if several
        else tokens_of_sites(bound, sites, prepared.image_input, last)
    )
    if image is not None or _has_convolutions(graph):
        settle(bound)
    fields = fields_of(bound, prepared.image_input, last) if _has_convolutions(graph) else {}
    outputs = tuple(info_of(value) for value in model.graph.outputs)
    positions = find_positions(graph, sites, tokens, path)
    audio = audio_plan(inputs, path.parent)
    text = text_plan(
        inputs,
        outputs,
        path.parent,
        image=prepared.image_input,
        audio=None if audio is None else audio.input,
        positions=None if prepared.image_input else most_positions(positions),
    )
    return ModelDescription(
        name=path.parent.name if path.stem == "model" and path.parent.name else path.stem,
        path=str(path),
        inputs=inputs,
        outputs=outputs,
        sites=sites,
        near_misses=near_misses,
        convolutions=find_convolutions(bound, fields),
        pools=find_pools(bound, fields),
        head=find_head(bound),
        multiply_adds=multiply_adds(bound, prepared.image_input),
        positions=positions,
        opset=model.opset_imports.get("", model.opset_imports.get("ai.onnx", 0)),
        producer=" ".join(part for part in (model.producer_name, model.producer_version) if part),
        parameters=count_parameters(model),
        nodes=len(graph.nodes),
        image_input=prepared.image_input,
        image_plan=prepared.plan,
        labels=prepared.labels,
        notes=(*prepared.notes, *(_shown(choice) for choice in choices if choice.inputs)),
        tokens=tokens,
        token_image=image,
        text=text,
        audio=audio,
        choices=choices,
    )


def most_positions(positions: Sequence[PositionalEncoding]) -> int | None:
    """Return how many tokens a table of positions has rows for, the longest of several; None where there is none.

    RoBERTa's and BART's tables begin with two rows that no token gets. A table of rotary angles is as long as it is.
    """
    tables = [p.shape[0] for p in positions if p.kind in ("learned", "sinusoidal") and p.axes[:1] == ("token",)]
    rows = max((n for n in tables if n > 1), default=None)
    if rows is None:
        return min((p.most for p in positions if p.most is not None and p.most > 1), default=None)
    return rows - 2 if rows > 4 and (rows - 2) & (rows - 3) == 0 else rows


def tokens_at(description: ModelDescription, size: tuple[int, int]) -> ModelDescription:
    """Return the description with the tokens of images of another size; the file is read again.

    Args:
        description: of a model that takes images of any size.
        size: (rows, columns) in pixels.
    """
    graph = Graph(read_model(Path(description.path), as_taken(description.choices)))
    last = description.image_plan is not None and description.image_plan.layout == "NHWC"
    bound = bind(graph, description.image_input, size, last)
    found = tokens_of_sites(bound, description.sites, description.image_input, last)
    return replace(description, tokens=found, token_image=size)


def _several_images(inputs: Sequence[TensorInfo]) -> list[str]:
    """The inputs that take images, channels first and of fixed sizes, where there are several."""
    fixed = [i.name for i in inputs if is_image_input(i) and all(isinstance(d, int) for d in i.shape[1:])]
    first = [i.name for i in inputs if i.name in fixed and i.shape[1] in (1, 3)]
    return first if len(first) > 1 else []


def _shown(choice: Choice) -> Message:
    """Say which of the ways that inputs leave open is shown."""
    inputs = ", ".join(choice.inputs)
    if choice.op == "If":
        return Message.of("branch-true" if choice.taken else "branch-false", inputs=inputs, node=choice.node)
    return Message.of("turns-shown", inputs=inputs, node=choice.node, turns=choice.taken)


def _has_convolutions(graph: Graph) -> bool:
    return any(op(node) in CONVOLUTIONS for node in graph.nodes)


def count_parameters(model: ir.Model) -> int:
    """Return the number of weights: floating-point and quantised initializers, not scalars of the graph."""
    tensors = (value.const_value for value in model.graph.initializers.values())
    return sum(int(tensor.size) for tensor in tensors if tensor is not None and tensor.size > 1)


def info_of(value: ir.Value) -> TensorInfo:
    """Return an input or output of a graph as data."""
    shape = () if value.shape is None else tuple(value.shape)
    return TensorInfo(value.name or "", _dtype(value.dtype), tuple(_dim(d) for d in shape))


def _dim(dim: object) -> Dim:
    return dim if isinstance(dim, int) else getattr(dim, "value", None)


def _dtype(dtype: ir.DataType | None) -> str:
    if dtype is None:
        return "float32"
    if dtype == ir.DataType.STRING:
        return "str"
    return np.dtype(dtype.numpy()).name

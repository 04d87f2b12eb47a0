"""How alike two layers represent the same photos: linear CKA, streamed in mini-batches.

Kornblith et al. 2019, "Similarity of Neural Network Representations Revisited", section 3: centred kernel alignment
with linear kernels does not change under rotation and scaling of either representation. In mini-batches it takes the
unbiased estimator HSIC₁ (Song et al. 2012; Nguyen, Raghu and Kornblith 2021, "Do Wide and Deep Networks Learn the Same
Things?", section 3), whose mean over batches does not depend on their size.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError, declare_errors
from engine.images.folder import pictures_in
from engine.messages import translate
from engine.model.description import ModelDescription
from engine.runtime.score_steps import Floats
from engine.runtime.task import Context, Task

if TYPE_CHECKING:
    from engine.runtime.model import Model

Doubles = NDArray[np.float64]

LEAST = 4
"""Pictures of a batch at least: the unbiased estimator divides by n - 3."""
SMALL = 112 * 112
"""Pixels of an image up to which batches are as large as wished."""
MOST_NUMBERS = 1 << 26
"""Numbers of all layers of one pass held at a time (256 MiB)."""

declare_errors(
    {
        "no-layers": translate("engine", "“{name}” has no layers to compare: neither convolutions nor attention."),
        "no-layers.advice": translate("engine", "Choose another model."),
    }
)


@dataclass(frozen=True)
class Similarity:
    """Linear CKA between layers.

    Attributes:
        first, second: names of the layers of both models, in execution order.
        values: (first, second) float32: 1 for the same up to rotation and scale, about 0 for unrelated ones; the
            unbiased estimate may fall slightly below 0. NaN for a layer that is the same for all pictures, or that
            does not keep them apart.
        images: how many pictures were used.
        finished: False in what a task shows on its way.
    """

    first: tuple[str, ...]
    second: tuple[str, ...]
    values: Floats = field(repr=False)
    images: int
    finished: bool = True


@dataclass(frozen=True)
class LayerSimilarity(Task):
    """Compare all layers of the model on screen with those of another; the result is `Similarity`, so is what is told.

    Attributes:
        folder: path of a folder of pictures.
        other: path of the other model; "" compares the model with itself.
        most: pictures taken at most; 0 takes all.
        batch: pictures of a batch at most; more make the estimate steadier. Of images above 112 × 112 pixels fewer are
            taken, so that their activations fit into memory.
    """

    folder: str
    other: str = ""
    most: int = 512
    batch: int = 64

    def work(self, context: Context) -> Similarity:
        """Return the similarities.

        Raises:
            EngineError: too few pictures, a model without layers or that takes no photo, or cancelled.
        """
        from engine.images.stream import streamed

        pictures = pictures_in(self.folder, self.most, least=LEAST)
        models = [context.model, context.open(self.other)] if self.other else [context.model]
        sides = [Side(model) for model in models]
        batch = fitting(self.batch, [model.description for model in models])
        tally = Alignment()
        done = 0
        for part in streamed(pictures, tuple(model.description for model in models), batch):
            done += len(part.pictures)
            if len(part.pictures) >= LEAST:
                grams = [side.grams(feeds) for side, feeds in zip(sides, part.feeds, strict=True)]
                tally.add(grams[0], grams[-1])
                context.tell(done, len(pictures), self._shown(sides, tally, finished=False))
        if not tally.images:
            raise EngineError("folder-few", name=Path(self.folder).name, count=done, least=LEAST)
        return self._shown(sides, tally, finished=True)

    def _shown(self, sides: "list[Side]", tally: "Alignment", *, finished: bool) -> Similarity:
        return Similarity(sides[0].names, sides[-1].names, tally.values(), tally.images, finished)


def fitting(batch: int, models: Sequence[ModelDescription]) -> int:
    """Return how many pictures go into a batch: as many as wished of small images, fewer of large ones."""
    sizes = [math.prod(model.image_plan.output_size) for model in models if model.image_plan is not None]
    room = batch * SMALL // max(sizes, default=SMALL)
    return max(min(batch, max(room, 2 * LEAST)), LEAST)


class Side:
    """One of the two models: its layers, and what they make of a batch of pictures."""

    def __init__(self, model: "Model") -> None:
        layers = representations(model.description)
        if not layers:
            raise EngineError("no-layers", name=model.description.name)
        self.names = tuple(name for _, name in layers)
        self._tensors = tuple(tensor for tensor, _ in layers)
        self._inference = model.exposing(self._tensors)
        self._sizes: dict[str, int] = {}
        self._items: dict[str, int] = {}

    def grams(self, feeds: Mapping[str, NDArray[np.generic]]) -> Doubles:
        """Return how alike pictures are to each layer, (layer, picture, picture)."""
        count = len(next(iter(feeds.values())))
        if not self._sizes:
            alone = self._inference({name: array[:1] for name, array in feeds.items()}, self._tensors)
            self._sizes = {name: array.size for name, array in alone.items()}
            self._items = {name: array.shape[0] if array.ndim else 0 for name, array in alone.items()}
        found: dict[str, Doubles] = {}
        for names in self._parts(count):
            for name, array in self._inference(feeds, names).items():
                whole = array.ndim > 0 and array.shape[0] == count * self._items[name]  # pictures come first
                found[name] = gram(array.reshape(count, -1)) if whole else np.full((count, count), np.nan)
        return np.stack([found[name] for name in self._tensors])

    def _parts(self, count: int) -> Iterator[tuple[str, ...]]:
        """Part the layers so that one pass holds no more numbers than it may."""
        part: list[str] = []
        room = MOST_NUMBERS
        for name in dict.fromkeys(self._tensors):
            need = self._sizes[name] * count
            if part and need > room:
                yield tuple(part)
                part, room = [], MOST_NUMBERS
            part.append(name)
            room -= need
        yield tuple(part)


def representations(model: ModelDescription) -> tuple[tuple[str, str], ...]:
    """Return (tensor, name) of the layers to compare, in execution order; the file is read for those of tokens.

    Convolutions after their activation; of transformers the residual stream before and after each attention and at
    the end; where it cannot be told, the tokens that each attention projects; last the output.

    Raises:
        EngineError: the file can no longer be read.
    """
    if model.parts:
        inner = ((part.name, *layer) for part in model.parts for layer in representations(part.model))
        return tuple((f"{part}/{tensor}", f"{part}/{name}") for part, tensor, name in inner)
    found = [(layer.activation or layer.output, layer.name) for layer in model.convolutions]
    orders = {layer.activation or layer.output: layer.order for layer in model.convolutions}
    outputs = [info.name for info in model.outputs[:1]] if found or model.sites else []
    if not model.sites:
        return (*found, *((name, name) for name in outputs))
    from engine.graph.cone import as_taken
    from engine.graph.graph import Graph
    from engine.graph.read import read_model
    from engine.model.stream import last, stream

    graph = Graph(read_model(Path(model.path), as_taken(model.choices)))
    made = {value.name or "": graph.order[node] for node in graph.nodes for value in node.outputs}
    ends = ""
    for index, (before, after) in stream(graph, model.sites).items():
        found += [(before, f"block {index}"), (after, f"block {index}, after attention")]
        ends = last(graph, before, after) or ""
    if ends:
        found.append((ends, "last block"))
    kept = {tensor: name for tensor, name in reversed(found) if tensor in made}
    ordered = sorted(kept.items(), key=lambda item: orders.get(item[0], made[item[0]]))
    return (*ordered, *((name, name) for name in outputs if name not in kept))


def gram(features: NDArray[np.generic]) -> Doubles:
    """Return inner products of pictures, (picture, picture), from (picture, feature): centred, zero on the diagonal.

    Centring changes nothing in the unbiased estimate, and keeps large means from swallowing small differences.
    """
    x = features.astype(np.float32)
    x = x - x.mean(axis=0, dtype=np.float64).astype(np.float32)
    products = (x @ x.T).astype(np.float64)
    np.fill_diagonal(products, 0.0)
    return cast(Doubles, products)


def hsic(first: Doubles, second: Doubles) -> Doubles:
    """Return the unbiased estimates of all pairs, (first, second), from (layer, picture, picture) without diagonals.

    Song et al. 2012, "Feature Selection via Dependence Maximization", equation 5.

    Raises:
        ValueError: fewer than four pictures.
    """
    count = first.shape[-1]
    if count < LEAST:
        raise ValueError("the unbiased estimator needs four pictures")
    traces = first.reshape(len(first), -1) @ second.reshape(len(second), -1).T
    rows = first.sum(axis=2), second.sum(axis=2)  # (layer, picture)
    totals = np.outer(rows[0].sum(axis=1), rows[1].sum(axis=1))
    middle = rows[0] @ rows[1].T
    found = traces + totals / ((count - 1) * (count - 2)) - 2 * middle / (count - 2)
    return cast(Doubles, found / (count * (count - 3)))


class Alignment:
    """Sums over mini-batches, from which CKA follows."""

    def __init__(self) -> None:
        self.images = 0
        self._cross: Doubles | float = 0.0
        self._own: list[Doubles | float] = [0.0, 0.0]

    def add(self, first: Doubles, second: Doubles) -> None:
        """Count a batch: `gram` of every layer of both sides, (layer, picture, picture)."""
        self._cross = self._cross + hsic(first, second)
        for side, grams in enumerate((first, second)):
            own = np.array([hsic(one[None], one[None])[0, 0] for one in grams])
            self._own[side] = self._own[side] + own
        self.images += first.shape[-1]

    def values(self) -> Floats:
        """Return CKA of all pairs, (first, second) float32; NaN where a layer does not change at all."""
        norms = [np.sqrt(np.maximum(np.asarray(own), 0.0)) for own in self._own]
        below = np.outer(*norms)
        cross = np.asarray(self._cross, np.float64)
        nothing = np.full_like(cross, np.nan)
        return cast(Floats, np.divide(cross, below, out=nothing, where=below > 0).astype(np.float32))


def cka(first: Sequence[NDArray[np.generic]], second: Sequence[NDArray[np.generic]]) -> Floats:
    """Return CKA of representations held whole, (first, second) float32; each is (picture, feature)."""
    tally = Alignment()
    tally.add(np.stack([gram(x) for x in first]), np.stack([gram(x) for x in second]))
    return tally.values()

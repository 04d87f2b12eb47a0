"""How large each token is in every layer: norms of the residual stream.

In large image transformers a few patches of plain background come to have far larger norms than all others: the
model keeps global notes there. Registers take the notes away from the image (Darcet et al. 2024, "Vision
Transformers Need Registers", sections 2.1 and 2.2).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError, declare_errors
from engine.messages import translate
from engine.model.description import ModelDescription
from engine.runtime.task import Context, Task, Tell, unheard

if TYPE_CHECKING:
    from engine.runtime.model import Model
    from engine.runtime.run import Run

Floats = NDArray[np.float32]
ARTEFACT = 3.0
"""A token is marked whose norm exceeds the layer's median by more than so many interquartile ranges."""

Forwards = Callable[[Mapping[str, NDArray[np.generic]], tuple[str, ...]], Mapping[str, NDArray[np.generic]]]
MOST_BYTES = 128 * 2**20
"""Streams that are held at a time."""

declare_errors(
    {
        "no-run-yet": translate("engine", "There is no run whose tokens could be measured."),
        "no-run-yet.advice": translate("engine", "Open an image first."),
        "no-stream": translate("engine", "No stream of tokens that blocks add to was found in “{name}”."),
        "no-stream.advice": translate("engine", "Its predictions and patterns can be looked at all the same."),
    }
)


@dataclass(frozen=True)
class LayerNorms:
    """Norms of all tokens at one place.

    Attributes:
        site: the attention that the tokens enter; None after the last block.
        tensor: the stream there.
        values: (token,) Euclidean norms; of an image without special tokens its patches row by row.
        dim: features of a token.
    """

    site: int | None
    tensor: str
    values: Floats = field(compare=False)
    dim: int

    @property
    def outliers(self) -> tuple[int, ...]:
        """Tokens whose norm lies far above the others', see `ARTEFACT`."""
        low, middle, high = np.percentile(self.values, (25, 50, 75))
        limit = middle + ARTEFACT * max(high - low, 1e-6 * abs(middle))
        return tuple(int(i) for i in np.flatnonzero(self.values > limit))


@dataclass(frozen=True)
class TokenNorms:
    """Norms of all tokens, entering every block and after the last one, of the first image or text of the batch."""

    layers: tuple[LayerNorms, ...]


@dataclass(frozen=True)
class MeasureTokens(Task):
    """Measures the tokens of the run on screen in every layer."""

    def work(self, context: Context) -> TokenNorms:
        """Return their norms.

        Raises:
            EngineError: there is no run, or no stream was found.
        """
        if context.run is None:
            raise EngineError("no-run-yet")
        return token_norms(context.model, context.run, context.tell)


def token_norms(model: "Model", run: "Run", tell: Tell = unheard) -> TokenNorms:
    """Return the norms of a run's tokens in every layer; the model runs again, some layers at a time.

    Args:
        model: the model that ran, interventions included.
        run: its run.
        tell: told of every step.

    Raises:
        EngineError: no stream was found, the task was cancelled, or the file can no longer be read.
    """
    places = _places(run.model)
    if not places:
        raise EngineError("no-stream", name=run.model.name)
    forward: Forwards = model.fetch if run.model.parts else model.exposing([name for _, name in places])
    layers: list[LayerNorms] = []
    at, step = 0, 1
    while at < len(places):
        tell(at, len(places), None)
        part = places[at : at + step]
        arrays = forward(run.inputs, tuple(dict.fromkeys(name for _, name in part)))
        layers += [found for site, name in part if (found := _layer(run, site, name, arrays[name])) is not None]
        at += step
        step = max(1, MOST_BYTES // max(array.nbytes for array in arrays.values()))
    if not layers:
        raise EngineError("no-stream", name=run.model.name)
    return TokenNorms(tuple(layers))


def _layer(run: "Run", site: int | None, name: str, array: NDArray[np.generic]) -> LayerNorms | None:
    """Return the norms of a stream's tokens; None where it cannot be told which axis counts tokens."""
    tokens = run.model.tokens
    at = len(run.model.sites) - 1 if site is None else site
    grid = tokens[at].queries if at < len(tokens) else None
    windowed = grid is not None and grid.windows is not None
    count = None if windowed else run.pattern_shape(run.model.sites[at])[2]
    flat = _by_token(np.asarray(array, np.float32), count, run.model)
    if flat is None:
        return None
    values = np.sqrt(np.einsum("td,td->t", flat, flat, dtype=np.float64)).astype(np.float32)
    return LayerNorms(site, name, values, flat.shape[1])


def _places(model: ModelDescription) -> list[tuple[int | None, str]]:
    """Where the stream is measured: before each self-attention, and after the last block; graph by graph."""
    if model.parts:
        return [
            (None if site is None else part.first_site + site, f"{part.name}/{name}")
            for part in model.parts
            for site, name in _places(part.model)
            if site is not None or part is model.parts[-1]
        ]
    from engine.graph.cone import as_taken
    from engine.graph.graph import Graph
    from engine.graph.read import read_model
    from engine.model.stream import last, stream

    graph = Graph(read_model(Path(model.path), as_taken(model.choices)))
    found = stream(graph, [site for site in model.sites if site.kind == "self"])
    if not found:
        return []
    places: list[tuple[int | None, str]] = [(site, before) for site, (before, _) in sorted(found.items())]
    end = last(graph, *found[max(found)])
    return places if end is None else [*places, (None, end)]


def _by_token(array: Floats, tokens: int | None, model: ModelDescription) -> Floats | None:
    """Return the first item's tokens, (token, dim), wherever its tokens lie; None where that cannot be told.

    Args:
        array: the stream.
        tokens: how many there are; None where a site sees them window by window.
        model: whose widths tell features from tokens.
    """
    if array.ndim == 3:
        if tokens is None or array.shape[1] == tokens:
            return cast(Floats, array[0])
        return array[:, 0] if array.shape[0] == tokens else None
    if array.ndim == 2 and tokens == array.shape[0]:
        return array
    if array.ndim != 4:
        return None
    patches = {g.image_rows * g.image_columns for t in model.tokens if (g := t.queries) is not None}
    if tokens is not None:
        patches.add(tokens)
    if array.shape[1] * array.shape[2] in patches:
        return cast(Floats, array[0].reshape(-1, array.shape[-1]))
    if array.shape[2] * array.shape[3] in patches:
        return cast(Floats, array[0].reshape(array.shape[1], -1).T)
    return None

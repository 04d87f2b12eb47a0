"""A model of several graphs, run as one: an encoder and its decoder, or two towers."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError, declare_errors
from engine.images.plan import Prepared
from engine.messages import translate
from engine.model.description import ModelDescription, Part
from engine.model.joints import RENAMED, STATES, STATES_MASK
from engine.model.merge import inputs_of, merge, output_name
from engine.runtime.forward import Forward
from engine.runtime.gains import Gained
from engine.runtime.interventions.edits import Edit, Positions
from engine.runtime.interventions.images import ImageEdit
from engine.runtime.model import Model
from engine.runtime.neutral import complete
from engine.runtime.parts_gained import PartsGained
from engine.runtime.plain import Plain
from engine.runtime.run import Run

declare_errors(
    {
        "parts-apart": translate("engine", "“{name}” is made of several graphs, and this works on one graph only."),
        "parts-apart.advice": translate("engine", "Open one of its files, such as {file}."),
        "no-states": translate("engine", "The encoder of “{name}” gives no hidden states that its decoder could read."),
        "no-states.advice": translate("engine", "Export both again, from one model."),
    }
)

Array = NDArray[np.generic]


class Composite(Model):
    """Several graphs as one model: run in order, what one gives handed to the next. Made by `engine.open_model`.

    Args:
        parts: the opened graphs by name.
        folder: where they lie.
        cached: the file of the decoder that takes keys and values of earlier steps, where it is one of its own.
        edits: interventions made on the parts.

    Attributes:
        parts: the opened graphs by name, in order of execution.
    """

    def __init__(  # the graphs have sessions of their own: nothing of Model's is opened here
        self,
        parts: Mapping[str, Model],
        folder: Path,
        *,
        cached: Path | None = None,
        edits: tuple[Edit, ...] = (),
    ) -> None:
        self.parts = MappingProxyType(dict(parts))
        self.edits = edits
        self._folder, self._cached_file = folder, cached
        self._cached: Plain | None = None
        self._stopped = False
        self._seen_parts: tuple[ModelDescription, ...] = ()
        self.description = self._merged()

    def _merged(self) -> ModelDescription:
        """Return the description of the whole, made anew where a run has told more about a part."""
        now = tuple(model.description for model in self.parts.values())
        if not self._seen_parts or any(a is not b for a, b in zip(now, self._seen_parts, strict=True)):
            self._seen_parts = now
            described = {name: model.description for name, model in self.parts.items()}
            self.description = merge(described, self._folder, past=self.caches)
        return self.description

    @property
    def caches(self) -> bool:
        """Whether there is a decoder that takes keys and values of earlier steps."""
        decoder = self.parts.get("decoder")
        return decoder is not None and self._cached_file is not None

    def cached(self) -> Plain | None:
        """Return the decoder that takes keys and values of earlier steps; None where there is none.

        It is opened when first asked for, as its file has it: without taps, without interventions.

        Raises:
            EngineError: its file cannot be opened.
        """
        if self._cached is None and self._cached_file is not None:
            self._cached = Plain(self._cached_file)
        return self._cached

    def complete(self) -> None:
        """Nothing is left to learn: each graph has been run on a made-up input of its own."""

    def run(self, feeds: Mapping[str, object], *, image: Prepared | None = None) -> Run:
        """Run all graphs once with every site tapped; a decoder without tokens gets its start token.

        Args:
            feeds: arrays by input name of the whole model.
            image: the photo the pixels came from, kept in the run.

        Raises:
            EngineError: an input is missing or unknown, the run was stopped, or the runtime refuses.
        """
        return self._ran(feeds, image, lambda part, given: part.run(given))

    def execute(self, feeds: Mapping[str, object], *, image: Prepared | None = None, more: Collection[str] = ()) -> Run:
        """Run once as `run` does, without comparing anything on a first run; keep `more` where it is exposed."""
        wanted = {name: [m.removeprefix(f"{name}/") for m in more if m.startswith(f"{name}/")] for name in self.parts}
        names = {id(model): name for name, model in self.parts.items()}
        return self._ran(feeds, image, lambda part, given: part.execute(given, more=wanted[names[id(part)]]))

    def _ran(
        self, feeds: Mapping[str, object], image: Prepared | None, run: Callable[[Model, Mapping[str, object]], Run]
    ) -> Run:
        given = self.started(feeds)
        self._stopped = False
        start = time.perf_counter()
        runs: dict[str, Run] = {}
        for name, part in self.parts.items():
            if self._stopped:
                raise EngineError("cancelled")
            runs[name] = run(part, self.feeds_of(name, given, runs))
        seconds = time.perf_counter() - start
        return self._joined(runs, image, seconds)

    def started(self, feeds: Mapping[str, object]) -> dict[str, object]:
        """Return the feeds with the start token for a decoder that was given none.

        Raises:
            EngineError: a name that is none of the model's inputs.
        """
        known = {info.name for info in self.inputs}
        for name in feeds:
            if name not in known:
                raise EngineError("input-unknown", name=name, known=", ".join(sorted(known)))
        given = dict(feeds)
        text = self.description.text
        if text is not None and text.target is not None and text.target not in given and text.generation is not None:
            sizes = (np.asarray(array).shape for array in given.values())
            batch = next((shape[0] for shape in sizes if shape), 1)
            given[text.target] = np.full((batch, 1), text.generation.start[0])
        return given

    def feeds_of(self, name: str, feeds: Mapping[str, object], runs: Mapping[str, Run]) -> dict[str, object]:
        """Return what one graph is fed: its share of the feeds, and what the encoder gave.

        Args:
            name: of the graph.
            feeds: of the whole model.
            runs: of the graphs before it.
        """
        model = self.parts[name]
        own = {i.name for i in model.inputs}
        asked = {info.name for info in inputs_of(name, model.description)}
        back = {new: old for old, new in RENAMED.items() if old in own} if name == "decoder" else {}
        given = {back.get(n, n): array for n, array in feeds.items() if n in asked}
        encoder = runs.get("encoder")
        if name == "decoder" and encoder is not None and STATES in own:
            states = encoder.outputs.get("last_hidden_state")
            if states is None:
                states = next((a for a in encoder.outputs.values() if a.ndim == 3), None)
            if states is None:
                raise EngineError("no-states", name=self.description.name)
            given[STATES] = states
            if STATES_MASK in own:
                mask = encoder.inputs.get("attention_mask")
                fits = mask is not None and mask.shape == states.shape[:2]
                given[STATES_MASK] = mask if fits else np.ones(states.shape[:2], np.int64)
        return given

    def _joined(self, runs: Mapping[str, Run], image: Prepared | None, seconds: float) -> Run:
        """Put the runs of the graphs together: every name with its graph's in front."""
        whole = self._merged()
        inputs: dict[str, Array] = {}
        outputs: dict[str, Array] = {}
        tensors: dict[str, Array] = {}
        moved: set[int] = set()
        for part in whole.parts:
            run = runs[part.name]
            renamed = RENAMED if part.name == "decoder" else {}
            asked = {info.name for info in inputs_of(part.name, self.parts[part.name].description)}
            inputs |= {n: a for old, a in run.inputs.items() if (n := renamed.get(old, old)) in asked}
            named = {output_name(part.name, name, whole): array for name, array in run.outputs.items()}
            outputs |= {name: array for name, array in named.items() if name is not None}
            for arrays in (run.inputs, run.outputs, run.tensors):
                tensors |= {f"{part.name}/{name}": array for name, array in arrays.items() if "present" not in name}
            moved |= {part.first_site + index for index in run.materialised}
        return Run(
            model=whole,
            inputs=inputs,
            outputs=outputs,
            tensors=tensors,
            materialised=frozenset(moved),
            seconds=seconds,
            image=image,
            edits=self.edits,
            fetch=lambda names: _fetched(whole.parts, runs, names),
        )

    def forward(self, feeds: Mapping[str, Array], names: Sequence[str] = ()) -> dict[str, Array]:
        """Return outputs by name and keep nothing: plain inference, for methods that ask a model many times.

        Args:
            feeds: arrays by input name, (batch, ...), any batch: what the graph fixes runs in parts.
            names: what to return, of the outputs and of what is tapped; all outputs where nothing is named.

        Raises:
            EngineError: an input is missing or unknown, or the runtime refuses.
        """
        given = self.started(feeds)
        asked = tuple(names) or tuple(info.name for info in self.outputs)
        results: dict[str, Array] = {}
        runs: dict[str, Run] = {}
        for part in self.description.parts:
            model = self.parts[part.name]
            full = complete(model.inputs, self.feeds_of(part.name, given, runs))
            own = [info.name for info in model.outputs]
            wanted = [n for n in own if output_name(part.name, n, self.description) in asked]
            inner = [part.own(n) for n in asked if n.startswith(f"{part.name}/") and part.own(n) not in own]
            states = own if part.name == "encoder" else []
            found = model.forward(full, tuple(dict.fromkeys((*wanted, *inner, *states))) or own[:1])
            runs[part.name] = Run(model.description, full, found, {})
            for name, array in found.items():
                results[output_name(part.name, name, self.description) or f"{part.name}/{name}"] = array
        return {name: results[name] for name in asked}

    def fetch(self, feeds: Mapping[str, Array], names: tuple[str, ...]) -> dict[str, Array]:
        """Compute tensors of the graphs by name; what leads to a decoder is run before it.

        Raises:
            EngineError: the runtime refuses.
        """
        run = self.execute(feeds)
        return {name: run.tensor(name) for name in names}

    def intervene(self, *edits: Edit) -> "Composite":
        """Return the model with its graphs changed; see `Model.intervene`. What concerns no one site changes all.

        Raises:
            EngineError: an edit names a site or head that is not there, or cannot be made on these graphs.
        """
        changed = dict(self.parts)
        for edit in edits:
            for part, own in self._shares(edit):
                changed[part.name] = changed[part.name].intervene(own)
        return Composite(changed, self._folder, cached=self._cached_file, edits=(*self.edits, *edits))

    def _shares(self, edit: Edit) -> list[tuple[Part, Edit]]:
        """Return which graphs an edit is made on, and how they would word it."""
        parts = self.description.parts
        if isinstance(edit, ImageEdit):
            return [(part, edit) for part in parts if part.model.image_input is not None]
        if isinstance(edit, Positions):
            having = [part for part in parts if part.model.positions]
            return [(part, edit) for part in having or parts]
        if edit.site is None:
            return [(part, edit) for part in parts if part.model.sites]
        for part in parts:
            if edit.site in part.sites:
                return [(part, replace(edit, site=edit.site - part.first_site))]
        count = len(self.sites)
        raise EngineError("edit-site", site=edit.site, count=count, last=count - 1)

    def gained(self) -> Gained:
        """Return plain inference with an input for every head, which what it gives is multiplied by.

        Raises:
            EngineError: a file cannot be read, or the runtime refuses.
        """
        return PartsGained(self)

    def exposing(self, names: Sequence[str]) -> Forward:  # noqa: ARG002 - a refusal
        """Refused: see `Model.exposing`.

        Raises:
            EngineError: always, for plain inference that gives inner tensors takes one graph.
        """
        raise self._apart()

    def after(self, tensor: str, like: Array) -> Forward:  # noqa: ARG002 - a refusal
        """Refused: see `Model.after`.

        Raises:
            EngineError: always, for a model cannot be cut across graphs.
        """
        raise self._apart()

    def _apart(self) -> EngineError:
        file = Path(next(iter(self.parts.values())).description.path).name
        return EngineError("parts-apart", name=self.description.name, file=file)

    def stop(self) -> None:
        """Ask a run in another thread to end; it raises there with code "cancelled"."""
        self._stopped = True
        for part in self.parts.values():
            part.stop()
        if self._cached is not None:
            self._cached.stop()


def _fetched(parts: Sequence[Part], runs: Mapping[str, Run], names: Sequence[str]) -> dict[str, Array]:
    """Fetch tensors from the runs of the graphs that hold them."""
    found: dict[str, Array] = {}
    for part in parts:
        own = tuple(name for name in names if name.startswith(f"{part.name}/"))
        fetch = runs[part.name].fetch
        if own and fetch is not None:
            found |= {f"{part.name}/{name}": array for name, array in fetch(tuple(map(part.own, own))).items()}
    return found

"""An opened model: its description and a tapped session."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from engine.images.plan import Prepared
from engine.model.describe import tokens_at
from engine.model.description import ConvLayer, ModelDescription, PositionalEncoding, TensorInfo
from engine.runtime.choices import still_hold, written_for
from engine.runtime.exposure import derived, exposed, fetchable, kept
from engine.runtime.forward import Forward
from engine.runtime.gains import Gained, with_gains
from engine.runtime.interventions.edits import Edit
from engine.runtime.interventions.images import ImageEdit, changed_tensor, no_image, of_image
from engine.runtime.interventions.rewrite import described
from engine.runtime.neutral import complete
from engine.runtime.probe import (
    MOST_PATTERN_BYTES,
    can_probe,
    checked,
    compares_cheaply,
    growth,
    has_open_tokens,
    probe,
    run_bytes,
)
from engine.runtime.rest import cut, inputs_left
from engine.runtime.reveal import changed
from engine.runtime.run import Run
from engine.runtime.session import Session
from engine.sites.site import AttentionSite, NearMiss

Array = NDArray[np.generic]
_Sessions = WeakValueDictionary[tuple[tuple[Edit, ...], tuple[str, ...]], Session]
"""Sessions of one file by the changes of its graph and what they expose; changes of the image share theirs."""


class Model:
    """A model ready to run. Made by `engine.open_model`.

    Args:
        description: all that is known of the file.
        threads: for one operator; 0 lets ONNX Runtime choose.
        spin: whether idle threads wait busily between operators.
        edits: interventions, in order.
        original: the model that they were made on.
        flat: whether the graph is not as the file has it, but with its functions and branches written out.

    Attributes:
        description: all that is known of it, as frozen data.
        edits: interventions made on it, in order.
    """

    def __init__(
        self,
        description: ModelDescription,
        *,
        threads: int = 0,
        spin: bool = True,
        edits: tuple[Edit, ...] = (),
        original: Self | None = None,
        flat: bool = False,
    ) -> None:
        self.description = description
        self.edits = edits
        self._original: ModelDescription = original._original if original is not None else description
        self._flat = flat
        self._threads, self._spin = threads, spin
        self._verified = bool(edits)  # a changed graph is taken as its original was
        self._graph_edits = tuple(edit for edit in edits if not isinstance(edit, ImageEdit))
        if of_image(edits) and description.image_input is None:
            raise no_image(description.name)
        self._compares = not edits and can_probe(description) and compares_cheaply(description)
        self._small_bytes = 0  # patterns of the first small run, where their size is open
        names = exposed(self.description, comparing=self._compares)
        self._sessions: _Sessions = WeakValueDictionary() if original is None else original._sessions
        shared = self._sessions.get((self._graph_edits, names)) if original is not None else None
        self._session = shared or self._open(names)
        self._sessions[self._graph_edits, names] = self._session
        self._spare: Session | None = None  # exposes what a view asked for later
        self._running = self._session
        self._forward: Forward | None = None

    def complete(self) -> None:
        """Run once on a small made-up input: it tells heads and causality, and whether recomputation is exact."""
        run = probe(self)
        if run is not None:
            self._small_bytes = run_bytes(run) if has_open_tokens(self.description) else 0
            self._learn(run, compare=compares_cheaply(self.description))

    def _learn(self, run: Run, *, compare: bool) -> Run:
        """Take over what a run shows; sites that disagree with the model's own softmax are read from it from now on."""
        before = self.description.sites
        self.description = checked(run, compare=compare)
        self._verified = compare
        self._spare = None  # held the softmaxes to compare with
        if not set(exposed(self.description)) <= set(self._session.outputs):
            self._session = self._running = self._open(exposed(self.description))
            self._sessions[self._graph_edits, exposed(self.description)] = self._session
            self._forward = None
        pairs = zip(before, self.sites, strict=True)
        moved = frozenset(new.index for old, new in pairs if old.factored and not new.factored)
        return replace(run, model=self.description, materialised=moved)

    def _open(self, names: Sequence[str]) -> Session:
        """Open a session that exposes these tensors; fused operators are rewritten only if their pattern is asked."""
        wanted = set(names)
        fused = [s for s in self.sites if s.plan.reveal and s.plan.pattern and s.plan.pattern.value in wanted]
        rewritten = fused or self._graph_edits or self._flat
        content = changed(self.path, fused, self._original, self._graph_edits) if rewritten else None
        return Session(self.path, names, self._threads, self._spin, content, derived(self.sites, wanted))

    def intervene(self, *edits: Edit) -> "Model":
        """Return the model with its graph, or what it is shown, changed; edits compose with those made, in order.

        The changed model has the same sites under the same indices. Where an edit changes weights, its pattern is
        what the changed model computes. `model.edits` lists them; `edit.message().text()` says each in words.

        Raises:
            EngineError: an edit names a site or head that is not there, or cannot be made on this graph.
        """
        return Model(
            described(self.description, edits),
            threads=self._threads,
            spin=self._spin,
            edits=(*self.edits, *edits),
            original=self,
            flat=self._flat,
        )

    def _kept(self) -> tuple[str, ...]:
        return tuple(name for name in kept(self.description) if name in self._session.outputs)

    @property
    def sites(self) -> tuple[AttentionSite, ...]:
        """Attention sites in execution order."""
        return self.description.sites

    @property
    def near_misses(self) -> tuple[NearMiss, ...]:
        """Softmaxes that were not taken for attention, each with its reason."""
        return self.description.near_misses

    @property
    def convolutions(self) -> tuple[ConvLayer, ...]:
        """Convolutions in execution order."""
        return self.description.convolutions

    @property
    def positions(self) -> tuple[PositionalEncoding, ...]:
        """Positional encodings found."""
        return self.description.positions

    @property
    def inputs(self) -> tuple[TensorInfo, ...]:
        """Inputs: name, dtype, shape with symbolic dimensions."""
        return self.description.inputs

    @property
    def outputs(self) -> tuple[TensorInfo, ...]:
        """Outputs: name, dtype, shape with symbolic dimensions."""
        return self.description.outputs

    def run(self, feeds: Mapping[str, object], *, image: Prepared | None = None) -> Run:
        """Run once with every site tapped.

        Args:
            feeds: arrays by input name, cast to the model's types; missing masks, positions and pasts get their
                neutral value.
            image: the photo the pixels came from, kept in the run.

        Raises:
            EngineError: an input is missing or unknown, the run was stopped, or the runtime refuses.
        """
        run = self.execute(feeds, image=image)
        if self._verified or run_bytes(run) > MOST_PATTERN_BYTES:
            return run
        return self._learn(run, compare=True)

    def execute(self, feeds: Mapping[str, object], *, image: Prepared | None = None, more: Collection[str] = ()) -> Run:
        """Run once as `run` does, without comparing anything on a first run; keep `more` where it is exposed."""
        full = complete(self.inputs, feeds)
        self._follow(full)
        self._make_room(full)
        outputs, kept_taps = tuple(info.name for info in self.outputs), self._kept()
        taps = tuple(dict.fromkeys((*kept_taps, *sorted(set(more) & set(self._session.outputs) - set(outputs)))))
        start = time.perf_counter()
        self._running = self._session
        results = self._session.run(self._seen(full), (*outputs, *taps))
        seconds = time.perf_counter() - start
        return Run(
            model=self._described(full),
            inputs=full,
            outputs={name: results[name] for name in outputs},
            tensors={name: results[name] for name in taps},
            seconds=seconds,
            image=image,
            edits=self.edits,
            fetch=lambda names: self.fetch(full, names),
        )

    def _follow(self, feeds: Mapping[str, object]) -> None:
        """Write the graph out anew where these inputs decide otherwise about its branches and turns."""
        choices = self.description.choices
        if not choices or still_hold(self.path, choices, full := complete(self.inputs, feeds)):
            return
        self._original = written_for(self.path, full)
        self.description = described(self._original, self.edits)
        self._verified, self._flat, self._compares = False, True, False
        self._spare = self._forward = None
        self._sessions = WeakValueDictionary()  # of the other way
        self._session = self._running = self._open(exposed(self.description))

    def _make_room(self, feeds: Mapping[str, Array]) -> None:
        """Before a run on many tokens, stop exposing the softmaxes that a first small run was compared with."""
        if self._compares and self._small_bytes * growth(self.description, feeds) ** 2 > MOST_PATTERN_BYTES:
            self._compares, self._forward = False, None
            self._session = self._running = self._open(exposed(self.description))

    def _described(self, feeds: Mapping[str, Array]) -> ModelDescription:
        """The description, with the tokens of the image that ran where it is of another size than the last one's."""
        name, plan = self.description.image_input, self.description.image_plan
        if name is None or plan is None or feeds[name].ndim != 4 or not self.sites:
            return self.description
        first = 1 if plan.layout == "NHWC" else 2
        size = (feeds[name].shape[first], feeds[name].shape[first + 1])
        if size != self.description.token_image:
            self.description = tokens_at(self.description, size)
        return self.description

    def forward(self, feeds: Mapping[str, Array], names: Sequence[str] = ()) -> dict[str, Array]:
        """Return outputs by name and keep nothing: plain inference, for methods that ask a model many times.

        Args:
            feeds: arrays by input name, (batch, ...), any batch: what the graph fixes runs in parts.
            names: what to return, of the outputs and of what is tapped; all outputs where nothing is named.

        Raises:
            EngineError: an input is missing or unknown, or the runtime refuses.
        """
        self._follow(feeds)
        if self._forward is None:
            self._forward = Forward(self._session, self.inputs, [info.name for info in self.outputs])
        self._running = self._session
        return self._forward(self._seen({name: np.asarray(array) for name, array in feeds.items()}), names)

    def exposing(self, names: Sequence[str]) -> Forward:
        """Return plain inference, on any batch, that gives these inner tensors too; in a session of its own.

        Raises:
            EngineError: the runtime refuses.
        """
        own = {info.name for info in (*self.inputs, *self.outputs)}
        session = self._open(tuple(name for name in dict.fromkeys(names) if name not in own))
        return Forward(session, self.inputs, [info.name for info in self.outputs], self._watched(session))

    def after(self, tensor: str, like: Array) -> Forward:
        """Return plain inference from an inner tensor on: a model that takes it as the input `rest.NAME`.

        Args:
            tensor: name of the inner tensor.
            like: its value on some input, (batch, ...): its number type and sizes.

        Raises:
            EngineError: there is no such tensor, or the runtime refuses.
        """
        names = tuple(info.name for info in self.outputs)
        whole = changed(self.path, [], self._original, self._graph_edits)
        content = cut(whole, tensor, like, names, self.description.name)
        session = Session(self.path, (), self._threads, self._spin, content)
        return Forward(session, inputs_left(content, self.inputs, like), names, self._watched(session))

    def gained(self) -> Gained:
        """Return plain inference with an input for every head, which what it gives is multiplied by.

        Raises:
            EngineError: the file cannot be read, or the runtime refuses.
        """
        content, sites = with_gains(self.path, self._original, self._graph_edits)
        session = Session(self.path, (), self._threads, self._spin, content)
        return Gained(session, sites, self.inputs, [info.name for info in self.outputs], self._watched(session))

    def fetch(self, feeds: Mapping[str, Array], names: tuple[str, ...]) -> dict[str, Array]:
        """Compute tensors of the graph by name, and nothing that does not lead to them.

        Raises:
            EngineError: the runtime refuses.
        """
        self._follow(feeds)
        session = self._session
        if not set(names) <= set(session.outputs):
            if self._spare is None or not set(names) <= set(self._spare.outputs):
                self._spare = None  # free its weights before the next one takes as much
                self._spare = self._open(fetchable(self.description, names))
            session = self._spare
        self._running = session
        return session.run(self._seen(feeds), names, partial=True)

    def _watched(self, session: Session) -> Callable[[Mapping[str, Array]], Mapping[str, Array]]:
        """Return `_seen` for a session of its own, which `stop` ends from then on."""

        def seen(feeds: Mapping[str, Array]) -> Mapping[str, Array]:
            self._running = session
            return self._seen(feeds)

        return seen

    def _seen(self, feeds: Mapping[str, Array]) -> Mapping[str, Array]:
        """Return what the graph is given: the feeds, the image as interventions leave it."""
        name = self.description.image_input
        if name is None or name not in feeds or not of_image(self.edits):
            return feeds
        return {**feeds, name: changed_tensor(feeds[name], self.description.image_plan, self.edits)}

    def run_image(self, image: Prepared) -> Run:
        """Run on a prepared photo.

        Raises:
            EngineError: the model takes no image, or the runtime refuses it.
        """
        name = self.description.image_input or self.inputs[0].name
        return self.run({name: image.tensor}, image=image)

    def stop(self) -> None:
        """Ask a run in another thread to end; it raises there with code "cancelled"."""
        self._running.stop()

    @property
    def path(self) -> Path:
        """The .onnx file."""
        return Path(self.description.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

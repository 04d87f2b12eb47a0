"""An opened model: its description and a tapped session."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from engine.images.plan import Prepared
from engine.model.describe import tokens_at
from engine.model.description import ConvLayer, ModelDescription, PositionalEncoding, TensorInfo
from engine.runtime.interventions.edits import Edit
from engine.runtime.interventions.rewrite import described
from engine.runtime.neutral import complete
from engine.runtime.probe import MOST_PATTERN_BYTES, pattern_bytes
from engine.runtime.reveal import changed
from engine.runtime.run import Run
from engine.runtime.session import Session
from engine.sites.layout import Operand
from engine.sites.site import AttentionSite, NearMiss, SitePlan

Array = NDArray[np.generic]


class Model:
    """A model ready to run. Made by `engine.open_model`.

    Args:
        description: all that is known of the file.
        threads: for one operator; 0 lets ONNX Runtime choose.
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
        edits: tuple[Edit, ...] = (),
        original: Self | None = None,
        flat: bool = False,
    ) -> None:
        self.description = description
        self.edits = edits
        self._original: ModelDescription = original._original if original is not None else description
        self._flat = flat
        self._threads = threads
        self._session = self._open(self._exposed())
        self._spare: Session | None = None  # exposes what a view asked for later
        self._running = self._session

    def adopt(self, description: ModelDescription) -> None:
        """Take over a description completed by a first run; sites may have moved to the model's own softmax."""
        self.description = description
        if not set(self._kept()) <= set(self._session.outputs):
            self._session = self._running = self._open(self._exposed())

    def _open(self, names: Sequence[str]) -> Session:
        """Open a session that exposes these tensors; fused operators are rewritten only if their pattern is asked."""
        wanted = set(names)
        fused = [s for s in self.sites if s.plan.reveal and s.plan.pattern and s.plan.pattern.value in wanted]
        content = changed(self.path, fused, self._original, self.edits) if fused or self.edits or self._flat else None
        derived = [node for s in self.sites if _serves(s, wanted) for node in s.plan.derived]
        return Session(self.path, names, self._threads, content, derived)

    def intervene(self, *edits: Edit) -> "Model":
        """Return the model with its graph changed; edits compose with those already made, in order.

        The changed model has the same sites under the same indices. Where an edit changes weights, its pattern is
        what the changed model computes. `model.edits` lists them; `edit.message().text()` says each in words.

        Raises:
            EngineError: an edit names a site or head that is not there, or cannot be made on this graph.
        """
        return Model(
            described(self.description, edits),
            threads=self._threads,
            edits=(*self.edits, *edits),
            original=self,
            flat=self._flat,
        )

    def _exposed(self) -> tuple[str, ...]:
        """Tensors to expose: what sites need, and the model's own softmaxes where keeping them costs little."""
        plans = [site.plan for site in self.sites]
        names = {operand.value for plan in plans for operand in (*plan.operands(), *_given(plan))}
        small = pattern_bytes(self.description) <= MOST_PATTERN_BYTES and not self._open_tokens()
        names |= {
            site.plan.pattern.value
            for site in self.sites
            if site.plan.pattern is not None and (not site.factored or (small and site.plan.reveal is None))
        }
        return tuple(sorted(names - {info.name for info in (*self.inputs, *self.outputs)}))

    def _open_tokens(self) -> bool:
        """Whether the input decides the number of tokens."""
        return any(site.query_tokens is None or site.key_tokens is None for site in self.sites)

    def _kept(self) -> tuple[str, ...]:
        """Tensors that every run keeps: queries, keys, values, biases; the softmax where there is nothing else."""
        names: dict[str, None] = {}
        for site in self.sites:
            plan = site.plan
            wanted = (*plan.operands(), *_given(plan)) if site.factored else (plan.pattern, plan.value)
            names.update({operand.value: None for operand in wanted if operand is not None})
        given = {info.name for info in (*self.inputs, *self.outputs)}
        return tuple(name for name in names if name not in given)

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
        full = complete(self.inputs, feeds)
        outputs, kept = tuple(info.name for info in self.outputs), self._kept()
        start = time.perf_counter()
        self._running = self._session
        results = self._session.run(full, (*outputs, *kept))
        seconds = time.perf_counter() - start
        return Run(
            model=self._described(full),
            inputs=full,
            outputs={name: results[name] for name in outputs},
            tensors={name: results[name] for name in kept},
            seconds=seconds,
            image=image,
            fetch=lambda names: self.fetch(full, names),
        )

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

    def fetch(self, feeds: Mapping[str, Array], names: tuple[str, ...]) -> dict[str, Array]:
        """Compute tensors of the graph by name, and nothing that does not lead to them.

        Raises:
            EngineError: the runtime refuses.
        """
        session = self._session
        if not set(names) <= set(session.outputs):
            if self._spare is None or not set(names) <= set(self._spare.outputs):
                self._spare = None  # free its weights before the next one takes as much
                self._spare = self._open(self._anything(names))
            session = self._spare
        self._running = session
        return session.run(feeds, names, partial=True)

    def _anything(self, names: tuple[str, ...]) -> list[str]:
        """What views may ask for after a run: exposing more costs nothing where only paths to fetches execute."""
        own = [site.plan.pattern.value for site in self.sites if site.plan.pattern is not None]
        maps = [layer.output for layer in self.convolutions]
        known = {info.name for info in (*self.inputs, *self.outputs)}
        return [name for name in dict.fromkeys((*names, *own, *maps)) if name not in known]

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


def _given(plan: SitePlan) -> tuple[Operand, ...]:
    """What a fused operator gives, to compare with: pattern · V."""
    hidden = plan.pattern is None or plan.reveal is not None
    return (plan.output,) if hidden and plan.output is not None else ()


def _serves(site: AttentionSite, names: set[str]) -> bool:
    """Whether any of these tensors is computed by operators appended for this site."""
    return any(name in names for node in site.plan.derived for name in node.outputs)

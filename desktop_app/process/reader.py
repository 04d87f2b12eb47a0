"""The thread that listens to the engine process and turns what it sends into arrays and runs."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection

import numpy as np
from numpy.typing import NDArray

from desktop_app.process.blocks import unpack
from desktop_app.process.protocol import Fetched, FromChild, Looked, PreparedMeta, RunMeta, SoundMeta, Words
from engine import ModelDescription, Run
from engine.audio.plan import PreparedSound, Sound
from engine.images.plan import Photo, Prepared
from engine.messages import declare

Groups = Mapping[str, Mapping[str, NDArray[np.generic]]]


@dataclass(frozen=True)
class Look:
    """A request answered: the model, and the run where a photo was given."""

    ticket: int
    model: ModelDescription
    run: Run | None


@dataclass(frozen=True)
class Tensors:
    """Tensors that were asked for after the run."""

    ticket: int
    tensors: dict[str, NDArray[np.generic]]


@dataclass(frozen=True)
class Ended:
    """The process is gone; nothing more will come."""


Arrival = object
"""What the window gets: `Look`, `Tensors`, `Ended`, or one of the protocol's small replies."""


class Reader(threading.Thread):
    """Reads one process until it ends.

    Args:
        connection: the window's end of the line.
        arrived: called in this thread with every arrival; `Ended` is the last one.
    """

    def __init__(self, connection: Connection, arrived: Callable[[Arrival], None]) -> None:
        super().__init__(name="mirada-engine-reader", daemon=True)
        self._connection = connection
        self._arrived = arrived

    def run(self) -> None:
        """Read until the line is cut."""
        while True:
            try:
                reply: FromChild = self._connection.recv()
                if isinstance(reply, Words):
                    declare(dict(reply.templates))
                else:
                    self._arrived(_with_arrays(reply))
            except (EOFError, OSError, RuntimeError):  # RuntimeError: the window is being taken down
                break
        try:
            self._arrived(Ended())
        except RuntimeError:
            return


def _with_arrays(reply: FromChild) -> Arrival:
    """Attach the shared arrays of a reply."""
    if isinstance(reply, Looked):
        run = None if reply.run is None else read_run(reply.run, reply.description)
        return Look(reply.ticket, reply.description, run)
    if isinstance(reply, Fetched):
        return Tensors(reply.ticket, unpack(reply.block).get("tensors", {}))
    return reply


def read_run(meta: RunMeta, model: ModelDescription) -> Run:
    """Return the run that a block holds, its arrays in place."""
    groups = unpack(meta.block)
    prepared, audio = _image(meta.image, groups), _sound(meta.audio, groups)
    inputs, before = groups.get("inputs", {}), meta.original
    original = (
        None
        if before is None
        else Run(
            model=before.description,
            inputs=inputs,
            outputs=groups.get("original outputs", {}),
            tensors=groups.get("original tensors", {}),
            errors=before.errors,
            materialised=before.materialised,
            seconds=before.seconds,
            image=prepared,
            text=meta.text,
            audio=audio,
        )
    )
    return Run(
        model=model,
        inputs=inputs,
        outputs=groups.get("outputs", {}),
        tensors=groups.get("tensors", {}),
        errors=meta.errors,
        materialised=meta.materialised,
        seconds=meta.seconds,
        image=prepared,
        text=meta.text,
        audio=audio,
        edits=meta.edits,
        original=original,
    )


def _image(meta: PreparedMeta | None, groups: Groups) -> Prepared | None:
    if meta is None:
        return None
    photo = Photo(groups["image"]["pixels"].view(np.uint8), meta.photo_name, meta.original_size, meta.notes)
    return Prepared(groups["image"]["tensor"], photo, meta.region, meta.plan)


def _sound(meta: SoundMeta | None, groups: Groups) -> PreparedSound | None:
    if meta is None:
        return None
    samples = groups["sound"]["samples"].view(np.float32)
    sound = Sound(samples, meta.rate, meta.name, meta.sound_notes)
    return PreparedSound(groups["sound"]["tensor"], sound, meta.plan, meta.heard, meta.notes)

"""What the window and the engine process say to each other: frozen, picklable, nothing that needs Qt or onnx.

One `Look` is in flight at a time. It names everything it needs, model included, so that a restarted process
answers it like the one before: there is no state to restore.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from desktop_app.process.blocks import Packed
from engine import EngineError, ModelDescription
from engine.audio.plan import AudioPlan
from engine.images.plan import ImagePlan
from engine.messages import Message
from engine.runtime.interventions.edits import Edit
from engine.runtime.task import Task
from engine.text.tokens import TextSource, TextTokens

Phase = Literal["starting", "opening", "reading", "running"]


@dataclass(frozen=True)
class PhotoFile:
    """A picture on disk."""

    path: str


@dataclass(frozen=True)
class PhotoBytes:
    """A picture that came without a file: pasted, or dragged out of another program."""

    data: bytes
    name: str


PhotoSource = PhotoFile | PhotoBytes


@dataclass(frozen=True)
class SoundFile:
    """A sound on disk."""

    path: str


@dataclass(frozen=True)
class Look:
    """Open `model` unless it is the open one, and run what it takes through it: a photo, a text, a sound.

    Attributes:
        ticket: number of the request; replies carry it.
        model: path of an .onnx file or of a folder.
        photo: the picture to run. A model that lacks something it takes is opened alone.
        plan: preprocessing that replaces the model's own; None keeps that.
        edits: interventions; the photo runs through the model as it is and through the changed one.
        block: name of the shared memory for the reply, chosen by the window so that it can always remove it.
        text, sound: what models of text and of sound are given.
    """

    ticket: int
    model: str
    photo: PhotoSource | None
    plan: ImagePlan | None
    block: str
    edits: tuple[Edit, ...] = ()
    text: TextSource | None = None
    sound: SoundFile | None = None


@dataclass(frozen=True)
class Fetch:
    """Compute further tensors of the graph on the photo of the last run."""

    ticket: int
    names: tuple[str, ...]
    block: str


@dataclass(frozen=True)
class Undertake:
    """Do a long task beside the requests, on what `look` would put on screen.

    Tasks wait for each other and not for requests. The task's own ticket follows it through every reply.
    """

    ticket: int
    look: Look
    task: Task


@dataclass(frozen=True)
class Abandon:
    """End a task at its next step."""

    ticket: int


@dataclass(frozen=True)
class Cancel:
    """End the request as soon as the runtime allows."""

    ticket: int


@dataclass(frozen=True)
class Quit:
    """End the process."""


Request = Look | Fetch
ToChild = Look | Fetch | Undertake | Abandon | Cancel | Quit


@dataclass(frozen=True)
class Ready:
    """The engine is imported and waits."""


@dataclass(frozen=True)
class Words:
    """Templates that only the engine process has loaded, so that the window can word its messages."""

    templates: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Progress:
    """What the process is doing now."""

    ticket: int
    phase: Phase


@dataclass(frozen=True)
class PreparedMeta:
    """A `Prepared` without its arrays."""

    photo_name: str
    original_size: tuple[int, int]
    notes: tuple[Message, ...]
    region: tuple[float, float, float, float]
    plan: ImagePlan


@dataclass(frozen=True)
class SoundMeta:
    """A `PreparedSound` without its arrays."""

    name: str
    rate: int
    sound_notes: tuple[Message, ...]
    plan: AudioPlan
    heard: float
    notes: tuple[Message, ...]


@dataclass(frozen=True)
class OriginalMeta:
    """The run before interventions, without its arrays; these lie in the same block, in groups of their own."""

    description: ModelDescription
    errors: Mapping[int, float]
    materialised: frozenset[int]
    seconds: float


@dataclass(frozen=True)
class RunMeta:
    """A `Run` without its arrays; these lie in the shared block."""

    block: Packed
    errors: Mapping[int, float]
    materialised: frozenset[int]
    seconds: float
    image: PreparedMeta | None
    edits: tuple[Edit, ...] = ()
    original: OriginalMeta | None = None
    text: TextTokens | None = None
    audio: SoundMeta | None = None


@dataclass(frozen=True)
class Looked:
    """The model is open and, where everything it takes was given, has run."""

    ticket: int
    description: ModelDescription
    run: RunMeta | None


@dataclass(frozen=True)
class Fetched:
    """The tensors that were asked for."""

    ticket: int
    block: Packed


@dataclass(frozen=True)
class Failed:
    """The engine refuses."""

    ticket: int
    error: EngineError


@dataclass(frozen=True)
class Cancelled:
    """The request ended because it was cancelled."""

    ticket: int


@dataclass(frozen=True)
class TaskMoved:
    """How far a task is, and what there is so far."""

    ticket: int
    done: int
    total: int
    partial: object


@dataclass(frozen=True)
class TaskEnded:
    """A task is over: its result, or why there is none; neither where it was cancelled."""

    ticket: int
    result: object = None
    error: EngineError | None = None
    cancelled: bool = False


FromChild = TaskMoved | TaskEnded | Ready | Words | Progress | Looked | Fetched | Failed | Cancelled


def photo_name(photo: PhotoSource | SoundFile) -> str:
    """Return the name to call a photo or a sound by."""
    if isinstance(photo, PhotoBytes):
        return photo.name
    return photo.path.replace("\\", "/").rsplit("/", 1)[-1]


__all__ = [
    "Abandon",
    "Cancel",
    "Cancelled",
    "Failed",
    "Fetch",
    "Fetched",
    "FromChild",
    "Look",
    "Looked",
    "OriginalMeta",
    "Phase",
    "PhotoBytes",
    "PhotoFile",
    "PhotoSource",
    "PreparedMeta",
    "Progress",
    "Quit",
    "Ready",
    "Request",
    "RunMeta",
    "SoundFile",
    "SoundMeta",
    "TaskEnded",
    "TaskMoved",
    "ToChild",
    "Undertake",
    "Words",
    "photo_name",
]

"""Which input is the image, and how images are prepared for it: declared by files, else guessed and said so."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, Protocol

from engine.errors import EngineError, declare_errors
from engine.images.config import Declared, read_declared
from engine.images.plan import ImagePlan, Layout
from engine.images.processors import HALF, IMAGENET_MEAN, IMAGENET_STD
from engine.messages import Message, declare, translate

DEFAULT_SIDE = 224
"""Side of the square guessed where neither the graph nor a file gives one."""

MOST_COPIES = 256
"""The largest fixed batch that is filled with copies of one photo."""

DTYPES = ("float32", "float16", "float64", "uint8", "int32", "int64")

NOT_IMAGES = ("mask", "past", "key_values", "cache", "bias", "position", "latent", "state", "embed")
"""Words in names of inputs with four axes that hold something else."""

declare_errors(
    {
        "no-image-input": translate("engine", "A photo cannot be run on “{name}”: its inputs are {inputs}."),
        "no-image-input.advice": translate("engine", "Open a model with exactly one input that takes an image."),
    }
)
declare(
    {
        "guess-plan": translate("engine", "No file beside the model says how images are prepared: this is a guess."),
        "guess-size": translate("engine", "The model takes any size: {rows} × {columns} pixels is a guess."),
        "size-from-config": translate("engine", "The model takes any size: {rows} × {columns} is from config.json."),
        "guess-half": translate(
            "engine",
            "Mean and deviation 0.5 are a guess: usual for Hugging Face ViTs, whose input is “{name}”.",
        ),
        "guess-imagenet": translate("engine", "ImageNet’s mean and deviation are a guess: most models use them."),
        "guess-grey": translate("engine", "The input has one channel: the image becomes grey, from 0 to 1 (a guess)."),
        "guess-integers": translate("engine", "The input takes whole numbers ({dtype}): pixels go in as 0 to 255."),
        "guess-layout": translate("engine", "Channels are taken to come {place} (a guess)."),
        "guess-stretch": translate("engine", "The whole image is stretched to the model’s size (a guess)."),
        "size-overruled": translate(
            "engine", "The files say {said_rows} × {said_columns} pixels, but the model takes {rows} × {columns}."
        ),
        "crop-added": translate(
            "engine", "The middle {rows} × {columns} pixels are cut out: all that the model takes."
        ),
        "channels-overruled": translate(
            "engine", "The model has {channels} channel(s): mean and deviation are averaged."
        ),
        "batch-filled": translate("engine", "The model takes {batch} images at once: it gets this one {batch} times."),
        "several-images": translate(
            "engine", "The model takes several images ({names}): a single photo cannot fill them."
        ),
    }
)


class InputLike(Protocol):
    """An input of a graph: its name, NumPy dtype name, and shape with symbolic sizes by name."""

    @property
    def name(self) -> str:
        """Name in the graph."""

    @property
    def dtype(self) -> str:
        """NumPy's name of the element type."""

    @property
    def shape(self) -> tuple[int | str | None, ...]:
        """Sizes, names of sizes, or None."""


class Preprocessing(NamedTuple):
    """How photos enter a model: which input, by what plan, and the names of its classes.

    `image_input` and `plan` are None where no input can be an image, or more than one can.
    """

    image_input: str | None
    plan: ImagePlan | None
    labels: tuple[str, ...] | None
    notes: tuple[Message, ...] = ()


def plan_for(inputs: Sequence[InputLike], folder: Path | None) -> Preprocessing:
    """Return how photos enter a model with these inputs, whose files lie in `folder`.

    Files beside the model win over guesses; what the graph fixes (size, channels, layout, dtype) wins over both.

    Raises:
        EngineError: a file beside the model is not JSON or holds a value that cannot be used.
    """
    declared = read_declared(folder) if folder is not None else Declared()
    images = [info for info in inputs if is_image_input(info)]
    if len(images) != 1:
        names = ", ".join(info.name for info in images)
        notes = (Message.of("several-images", names=names),) if images else ()
        return Preprocessing(None, None, declared.labels, notes)
    info = images[0]
    plan = conform(declared.plan, info) if declared.plan else guess_plan(info, declared.image_size)
    return Preprocessing(info.name, plan, declared.labels)


def no_image_input(model: str, inputs: Sequence[InputLike]) -> EngineError:
    """Return the refusal to run a photo on a model that has no place for it."""
    shapes = (f"{info.name} ({' × '.join(str(size or '?') for size in info.shape)})" for info in inputs)
    return EngineError("no-image-input", name=model, inputs=", ".join(shapes) or "none")


def is_image_input(info: InputLike) -> bool:
    """Return whether an input can be an image: four axes, of which one has 1 or 3 channels (or is left open)."""
    if len(info.shape) != 4 or info.dtype not in DTYPES or any(word in info.name.lower() for word in NOT_IMAGES):
        return False
    batch, first, *_, last = info.shape
    if isinstance(batch, int) and not 1 <= batch <= MOST_COPIES:
        return False
    channels = first if _layout(info)[0] == "NCHW" else last
    rows, columns = _sides(info)
    return (not isinstance(channels, int) or channels in (1, 3)) and all(
        not isinstance(side, int) or side > 1 for side in (rows, columns)
    )


def guess_plan(info: InputLike, image_size: tuple[int, int] | None = None) -> ImagePlan:
    """Return a stated guess from an input's name, dtype and shape; `notes` say every guess and its reason.

    Args:
        info: the image input.
        image_size: (rows, columns) that a file gives for a model that takes any size.
    """
    notes = [Message.of("guess-plan")]
    layout, certain = _layout(info)
    rows, columns = _sides(info)
    if isinstance(rows, int) and isinstance(columns, int):
        size = rows, columns
    elif image_size is not None:
        size = image_size
        notes.append(Message.of("size-from-config", rows=size[0], columns=size[1]))
    else:
        side = next((side for side in (rows, columns) if isinstance(side, int)), DEFAULT_SIDE)
        size = (rows if isinstance(rows, int) else side), (columns if isinstance(columns, int) else side)
        notes.append(Message.of("guess-size", rows=size[0], columns=size[1]))
    plan = ImagePlan(size, layout=layout, dtype=info.dtype, channels=_channels(info), batch=_batch(info))
    if plan.batch > 1:
        notes.append(Message.of("batch-filled", batch=plan.batch))
    if not certain:
        notes.append(Message.of("guess-layout", place="first" if layout == "NCHW" else "last"))
    notes.append(Message.of("guess-stretch"))
    plan, why = _guess_numbers(plan, info)
    return replace(plan, notes=(*notes, why))


def conform(plan: ImagePlan, info: InputLike) -> ImagePlan:
    """Return the plan changed to what the graph fixes: layout, dtype, channels, and the size if it must.

    Also to be used after a user edited a plan: the tensor made by the result fits the model's input.
    """
    plan = replace(plan, layout=_layout(info)[0], dtype=info.dtype, batch=_batch(info))
    notes = list(plan.notes)
    if plan.batch > 1:
        notes.append(Message.of("batch-filled", batch=plan.batch))
    channels = _channels(info)
    if len(plan.mean) != channels or len(plan.std) != channels:
        if len(plan.mean) > 1 or len(plan.std) > 1:
            notes.append(Message.of("channels-overruled", channels=channels))
        plan = replace(plan, mean=_spread(plan.mean, channels), std=_spread(plan.std, channels))
    plan = replace(plan, channels=channels, bgr=plan.bgr and channels == 3)
    rows, columns = _sides(info)
    said = plan.crop or plan.size
    fixed = (rows if isinstance(rows, int) else said[0]), (columns if isinstance(columns, int) else said[1])
    if fixed != said:
        notes.append(
            Message.of("size-overruled", rows=fixed[0], columns=fixed[1], said_rows=said[0], said_columns=said[1])
        )
        plan = resized(plan, fixed)
    # Without a crop the photo's proportions would decide the size, and this graph takes one size only.
    exact = isinstance(rows, int) and isinstance(columns, int)
    if exact and plan.crop is None and plan.resize in ("shortest edge", "none"):
        notes.append(Message.of("crop-added", rows=fixed[0], columns=fixed[1]))
        plan = replace(plan, crop=fixed)
    return replace(plan, notes=tuple(dict.fromkeys(notes)))


def resized(plan: ImagePlan, fixed: tuple[int, int]) -> ImagePlan:
    """Return a plan for another output size, keeping the share of the photo that a crop keeps."""
    if plan.crop is not None:
        rows, columns = (_scaled(plan.size[axis], plan.crop[axis], fixed[axis]) for axis in (0, 1))
        if plan.resize == "shortest edge" and plan.size[0] == plan.size[1]:
            rows = columns = max(rows, columns)
        return replace(plan, size=(rows, columns), crop=fixed, longest=None)
    if plan.resize == "shortest edge":
        return replace(plan, size=(max(fixed), max(fixed)), longest=None)
    return replace(plan, size=fixed)


def _scaled(size: int, crop: int, fixed: int) -> int:
    """Return the resized side that a crop to `fixed` needs; one that covered the crop covers it still."""
    scaled = max(round(size * fixed / crop), 1)
    return max(scaled, fixed) if size >= crop else scaled


def _spread(values: tuple[float, ...], channels: int) -> tuple[float, ...]:
    return (sum(values) / len(values),) * channels


def _layout(info: InputLike) -> tuple[Layout, bool]:
    """Return where the channels are, and whether the shape says so."""
    _, first, _, last = info.shape
    if isinstance(first, int):
        if first in (1, 3):
            return "NCHW", True
        return ("NHWC", last in (1, 3)) if not isinstance(last, int) or last in (1, 3) else ("NCHW", True)
    if last in (1, 3):
        return "NHWC", True
    if "chan" in str(first).lower():
        return "NCHW", True
    return ("NHWC", True) if "chan" in str(last).lower() else ("NCHW", False)


def _sides(info: InputLike) -> tuple[int | str | None, int | str | None]:
    """Return (rows, columns) of the input."""
    shape = info.shape
    return (shape[2], shape[3]) if _layout(info)[0] == "NCHW" else (shape[1], shape[2])


def _batch(info: InputLike) -> int:
    return info.shape[0] if isinstance(info.shape[0], int) else 1


def _channels(info: InputLike) -> int:
    channels = info.shape[1] if _layout(info)[0] == "NCHW" else info.shape[3]
    return channels if isinstance(channels, int) else 3


def _guess_numbers(plan: ImagePlan, info: InputLike) -> tuple[ImagePlan, Message]:
    """Return the plan with a normalisation, and the reason for it."""
    nothing, one = (0.0,) * plan.channels, (1.0,) * plan.channels
    if "int" in info.dtype:
        why = Message.of("guess-integers", dtype=info.dtype)
        return replace(plan, rescale=1.0, mean=nothing, std=one), why
    if plan.channels == 1:
        return replace(plan, mean=nothing, std=one), Message.of("guess-grey")
    if "pixel_values" in info.name:
        return replace(plan, mean=HALF, std=HALF), Message.of("guess-half", name=info.name)
    return replace(plan, mean=IMAGENET_MEAN, std=IMAGENET_STD), Message.of("guess-imagenet")

"""A model as data: inputs, outputs, attention sites, convolutions, positions. It travels between processes."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.audio.plan import AudioPlan
from engine.errors import EngineError, declare_errors
from engine.graph.choice import Choice
from engine.images.plan import ImagePlan
from engine.messages import Message, translate
from engine.model.patches import PatchGrid, SiteTokens
from engine.sites.site import AttentionSite, NearMiss
from engine.text.plan import TextPlan

declare_errors(
    {
        "table-unread": translate("engine", "The table of positions “{name}” could not be read from the file."),
        "table-unread.advice": translate("engine", "Open the model again; its file may have been moved."),
    }
)

Dim = int | str | None
"""A size, the name of a symbolic size, or nothing known."""


@dataclass(frozen=True)
class TensorInfo:
    """An input or output: its name, NumPy dtype name and shape with symbolic dimensions by name."""

    name: str
    dtype: str
    shape: tuple[Dim, ...]


@dataclass(frozen=True)
class AxisField:
    """What the units of a layer see along one axis of the image: unit i from i * jump + first to i * jump + last.

    Attributes:
        axis: 0 for rows, 1 for columns.
        jump: pixels from one unit to the next.
        first, last: the first and last pixel that unit 0 sees; below 0 in the padding.
        whole: something made of the whole image comes in, such as a squeeze-excite gate.
        gone: units no longer lie along this axis: all of it was pooled.
    """

    axis: int
    jump: float = 1.0
    first: float = 0.0
    last: float = 0.0
    whole: bool = False
    gone: bool = False


@dataclass(frozen=True)
class ReceptiveField:
    """The part of the image that a unit of a layer can see at most (Araujo et al. 2019).

    Attributes:
        axes: along rows and columns.
        whole: besides, something made of the whole image comes in (squeeze-excite, global context).
    """

    axes: tuple[AxisField, ...]
    whole: bool = False

    @property
    def size(self) -> tuple[float, ...]:
        """Pixels seen along each axis; infinite where all of it was pooled."""
        return tuple(float("inf") if f.gone else f.last - f.first + 1 for f in self.axes)

    @property
    def jump(self) -> tuple[float, ...]:
        """Pixels from one unit to the next, along each axis."""
        return tuple(f.jump for f in self.axes)

    @property
    def start(self) -> tuple[float, ...]:
        """Centre of the first unit's field, in pixels, along each axis."""
        return tuple((f.first + f.last) / 2 for f in self.axes)

    def region(self, *unit: int) -> tuple[tuple[float, float], ...]:
        """Return (first, last) pixel seen by a unit (row, column) along each axis; padding included."""
        return tuple((i * f.jump + f.first, i * f.jump + f.last) for i, f in zip(unit, self.axes, strict=True))


@dataclass(frozen=True)
class PoolLayer:
    """One pooling layer: sizes are (rows, columns), those of its output at the model's usual image size.

    `order` is its place among the operators of the graph.
    """

    name: str
    index: int
    output: str
    kind: Literal["max", "average"]
    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    pads: tuple[int, ...]
    size: tuple[int, ...] | None = None
    receptive: ReceptiveField | None = None
    order: int = 0


@dataclass(frozen=True)
class ClassifierHead:
    """Global average pooling and at most one linear layer: logits = weight · mean(maps) + bias.

    Attributes:
        maps: the tensor that is averaged over rows and columns, (batch, channel, row, column), or (batch, row,
            column, channel) where `channels_last` says so.
        pooled: its mean.
        logits: the scores of the classes, before any softmax.
        output: the model's output that they lead to.
        classes: number of classes; None where the averaged maps are the classes' own.
        weight_name: the linear layer's weights.
        weight: (class, channel); None where there is no linear layer, or it is too large to travel.
        bias: (class,) or None.
        channels_last: how `maps` lie.
    """

    maps: str
    pooled: str
    logits: str
    output: str
    classes: int | None = None
    weight_name: str = ""
    weight: NDArray[np.float32] | None = field(default=None, repr=False, compare=False)
    bias: NDArray[np.float32] | None = field(default=None, repr=False, compare=False)
    channels_last: bool = False


@dataclass(frozen=True)
class ConvLayer:
    """One convolution: sizes are (rows, columns); `pads` is (top, left, bottom, right).

    `weight` names the kernel, (out channel, in channel, row, column); `size` is that of the output at the model's
    usual image size, `receptive` what its units see; both None where the graph does not tell. `activation` names the
    tensor after its normalisation and nonlinearity, of the same shape; "" where none follows before it meets another
    path. `order` is its place among the operators of the graph.
    """

    name: str
    index: int
    output: str
    in_channels: int
    out_channels: int
    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    pads: tuple[int, ...]
    groups: int
    weight: str = ""
    size: tuple[int, ...] | None = None
    receptive: ReceptiveField | None = None
    activation: str = ""
    order: int = 0


PositionKind = Literal["learned", "sinusoidal", "rotary", "relative bias", "ALiBi", "decomposed"]


@dataclass(frozen=True)
class PositionalEncoding:
    """Where order enters a model.

    Attributes:
        kind: the family of the encoding.
        name: the tensor that holds it.
        shape: the table's shape, as `axes` name it.
        where: in plain words, where it enters: "added to the tokens", "added to the scores of 0–11".
        axes: what the table's axes are: ("token", "dim"), special tokens first; ("frequency",) in radians for each
            token; ("token", "dim") of rotary angles in radians; ("head", "query", "key") or ("bucket", "head") of a
            relative bias; ("head",) of ALiBi's slopes; ("offset", "dim") of a decomposed one, one table for rows
            and one for columns.
        sites: indices of the sites it enters; empty where it is added to the tokens once and for all.
        grid: how a table's rows lie on the image, where they do.
        most: of a rotary encoding, how many tokens the model has angles for; None where it computes them for any.
        values: the table; None where it is too large to travel, and read from the file by `table`.
        path: the model's file.
    """

    kind: PositionKind
    name: str
    shape: tuple[int, ...]
    where: Message
    axes: tuple[str, ...] = ("token", "dim")
    sites: tuple[int, ...] = ()
    grid: PatchGrid | None = None
    most: int | None = None
    values: NDArray[np.float32] | None = field(default=None, repr=False, compare=False)
    path: str = field(default="", repr=False, compare=False)

    def table(self) -> NDArray[np.float32]:
        """Return the table, on the axes of `axes`, float32.

        Raises:
            EngineError: it is too large to be kept and the file no longer holds it.
        """
        if self.values is not None:
            return self.values
        from engine.model.positions.tables import read_named

        try:
            return read_named(Path(self.path), self.name).reshape(self.shape)
        except (KeyError, ValueError) as cause:
            raise EngineError("table-unread", name=self.name) from cause


@dataclass(frozen=True)
class ModelDescription:
    """All that is known of a model without running it.

    `tokens` tells of each site how its tokens lie on an image of `token_image` (rows, columns) pixels. `head` is the
    classifier of a convolutional network, `multiply_adds` what one image costs; None where the graph does not tell.
    `choices` says how branches and loops were written out where inputs decide about them.
    `text` says how text enters the model and leaves it, `audio` how a sound enters it; None where none does. A model
    of several graphs has `parts`: the tensors of each carry its name in front, "encoder/…", and `path` is their folder.
    """

    name: str
    path: str
    inputs: tuple[TensorInfo, ...]
    outputs: tuple[TensorInfo, ...]
    sites: tuple[AttentionSite, ...]
    near_misses: tuple[NearMiss, ...]
    convolutions: tuple[ConvLayer, ...]
    positions: tuple[PositionalEncoding, ...]
    opset: int
    producer: str
    parameters: int
    nodes: int
    image_input: str | None = None
    image_plan: ImagePlan | None = None
    labels: tuple[str, ...] | None = None
    notes: tuple[Message, ...] = ()
    tokens: tuple[SiteTokens, ...] = ()
    token_image: tuple[int, int] | None = None
    pools: tuple[PoolLayer, ...] = ()
    head: ClassifierHead | None = None
    multiply_adds: int | None = None
    choices: tuple[Choice, ...] = ()
    text: TextPlan | None = None
    audio: AudioPlan | None = None
    parts: "tuple[Part, ...]" = ()

    def part_of(self, name: str) -> "Part | None":
        """Return the part that a tensor's name belongs to; None in a model of one graph."""
        return next((part for part in self.parts if name.startswith(f"{part.name}/")), None)


@dataclass(frozen=True)
class Part:
    """One graph of a model that has several.

    Attributes:
        name: what the names of its tensors, sites and layers begin with in the whole model.
        model: the graph alone, under its own names and numbers.
        first_site, first_layer: numbers in the whole model of its first site and convolution.
    """

    name: str
    model: ModelDescription
    first_site: int = 0
    first_layer: int = 0

    @property
    def sites(self) -> range:
        """Numbers of its sites in the whole model."""
        return range(self.first_site, self.first_site + len(self.model.sites))

    def own(self, name: str) -> str:
        """Return what the part itself calls a tensor."""
        return name.removeprefix(f"{self.name}/")

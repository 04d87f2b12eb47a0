"""A model as data: inputs, outputs, attention sites, convolutions, positions. It travels between processes."""

from dataclasses import dataclass
from typing import Literal

from engine.images.plan import ImagePlan
from engine.messages import Message
from engine.model.patches import SiteTokens
from engine.sites.site import AttentionSite, NearMiss

Dim = int | str | None
"""A size, the name of a symbolic size, or nothing known."""


@dataclass(frozen=True)
class TensorInfo:
    """An input or output: its name, NumPy dtype name and shape with symbolic dimensions by name."""

    name: str
    dtype: str
    shape: tuple[Dim, ...]


@dataclass(frozen=True)
class ConvLayer:
    """One convolution: sizes are (rows, columns); `pads` is (top, left, bottom, right)."""

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


PositionKind = Literal["learned", "sinusoidal", "rotary", "relative bias", "ALiBi", "decomposed"]


@dataclass(frozen=True)
class PositionalEncoding:
    """Where order enters a model.

    Attributes:
        kind: the family of the encoding.
        name: the tensor that holds it.
        shape: its shape, such as (1, token, dim).
        where: in plain words, where it enters: "added to the tokens", "site 3".
    """

    kind: PositionKind
    name: str
    shape: tuple[int, ...]
    where: Message


@dataclass(frozen=True)
class ModelDescription:
    """All that is known of a model without running it.

    `tokens` tells of each site how its tokens lie on an image of `token_image` (rows, columns) pixels.
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

"""What the heads of a bundled Vision Transformer do, measured with Mirada's own engine on images it never saw."""

import dataclasses
import pathlib
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

import engine

Floats = npt.NDArray[np.float32]


@dataclasses.dataclass(frozen=True)
class Head:
    """The habits of one head, averaged over images and queries. Layers and heads count from 0."""

    layer: int
    head: int
    distance: float  # mean distance from a query patch to what it attends to, in patches
    class_mass: float  # share of a patch's attention that goes to the class token
    offset: tuple[int, int]  # the neighbour that patches attend to most: patches down, patches right
    offset_mass: float  # share of a patch's attention to patches that goes there, where the neighbour exists
    content: float  # how far a pattern is from the mean over images: 0 positions alone decide, 1 the image alone
    class_spread: float  # number of patches over which the class token spreads its attention: exp of the entropy

    def __str__(self) -> str:
        down, right = self.offset
        return (
            f"layer {self.layer} head {self.head}: distance {self.distance:.1f}, class token {self.class_mass:.0%}, "
            f"neighbour ({down:+d}, {right:+d}) {self.offset_mass:.0%}, content {self.content:.2f}, "
            f"class token looks at {self.class_spread:.0f} patches"
        )


def habits(pattern: Floats, layer: int) -> Iterator[Head]:
    """Yield the habits of each head of one pattern (image, head, token, token); token 0 is the class token."""
    side = round((pattern.shape[2] - 1) ** 0.5)
    place = np.stack(np.divmod(np.arange(side**2), side), axis=1)  # (patch, axis)
    step = place[None, :, :] - place[:, None, :]  # (query, key, axis)
    far = np.sqrt((step**2).sum(-1))  # (query, key)
    for head in range(pattern.shape[1]):
        patches = pattern[:, head, 1:, 1:]  # (image, query, key)
        patches = patches / patches.sum(-1, keepdims=True)  # (image, query, key)
        mean = patches.mean(0)  # (query, key)
        masses = {
            (down, right): mean[(step == (down, right)).all(-1)].mean()
            for down in range(-2, 3)
            for right in range(-2, 3)
        }
        offset = max(masses, key=lambda key: masses[key])
        of_class = pattern[:, head, 0, 1:]  # (image, key)
        of_class = of_class / of_class.sum(-1, keepdims=True)  # (image, key)
        entropy = -(of_class * np.log(np.maximum(of_class, 1e-12))).sum(-1)  # (image,)
        yield Head(
            layer=layer,
            head=head,
            distance=float((mean * far).sum(-1).mean()),
            class_mass=float(pattern[:, head, 1:, 0].mean()),
            offset=offset,
            offset_mass=float(masses[offset]),
            content=float(np.abs(patches - mean).sum(-1).mean() / 2),  # total variation distance
            class_spread=float(np.exp(entropy).mean()),
        )


def table(layers: list[list[Head]]) -> Iterator[str]:
    """Yield the lines of a card's table: from the least to the most of the heads of each layer."""

    def span(numbers: Iterable[float], form: str, unit: str = "") -> str:
        least, most = (format(pick(numbers), form).rstrip("%") for pick in (min, max))
        return (least if least == most else f"{least} to {most}") + unit

    names = ("mean distance", "favourite neighbour", "class token gets", "depends on the picture", "class token sees")
    yield f"| layer | {' | '.join(names)} |"
    yield "|---" * (len(names) + 1) + "|"
    for number, heads in enumerate(layers):
        cells = (
            span([head.distance for head in heads], ".1f"),
            span([head.offset_mass for head in heads], ".0%", " %"),
            span([head.class_mass for head in heads], ".0%", " %"),
            span([head.content for head in heads], ".2f"),
            span([head.class_spread for head in heads], ".0f"),
        )
        yield f"| {number} | {' | '.join(cells)} |"


def report(folder: pathlib.Path, pixels: Floats) -> Iterator[str]:
    """Yield a line for each head and the table of layers, on normalised images (image, channel, row, column).

    A model without attention has nothing to report.
    """
    model = engine.open_model(folder)
    if not model.sites:
        return
    run = model.run({model.inputs[0].name: pixels})
    worst = max(run.error(site) for site in model.sites)
    side = round((run.pattern_shape(model.sites[0])[-1] - 1) ** 0.5)
    place = np.stack(np.divmod(np.arange(side**2), side), axis=1)  # (patch, axis)
    even = np.sqrt(((place[None] - place[:, None]) ** 2).sum(-1)).mean()
    yield f"heads on {len(pixels)} held-out images (an even look over all patches has distance {even:.1f}):"
    layers = [list(habits(run.pattern(site), site.index)) for site in model.sites]
    yield from (f"  {head}" for heads in layers for head in heads)
    yield from table(layers)
    yield f"  largest error of a recomputed pattern: {worst:.1e}"

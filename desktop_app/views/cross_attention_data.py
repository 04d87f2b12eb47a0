"""What the Cross-attention view shows, computed without a window."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from desktop_app import token_lines
from desktop_app.selection import Selection
from desktop_app.token_lines import TokenLine
from desktop_app.widgets.mosaic_layout import Tiles
from desktop_app.widgets.mosaic_paint import pooled
from engine import AttentionSite, EngineError, ModelDescription, Run
from engine.audio.plan import PreparedSound
from engine.images.plan import Prepared
from engine.runtime.interventions.images import seen_image

Floats = NDArray[np.float32]
Part = Literal["encoder", "decoder", "cross"]
Average = Literal["head", "layer", "all"]
Side = Literal["source", "target"]

PARTS: tuple[Part, ...] = ("encoder", "decoder", "cross")
MOST_CELLS = 1 << 22
"""Larger patterns are not drawn whole."""


@dataclass(frozen=True)
class Places:
    """Where encoder, decoder and cross-attention lie in a model.

    Attributes:
        sites: indices of the sites of each part, in order.
        source, target: the tokens that cross-attention's keys and queries stand for.
    """

    sites: dict[Part, tuple[int, ...]]
    source: TokenLine
    target: TokenLine

    def part_of(self, site: int) -> Part:
        """Return the part that a site belongs to; cross-attention where it belongs to none."""
        return next((part for part in PARTS if site in self.sites[part]), "cross")

    def layer_of(self, site: int) -> int:
        """Return the place of a site within its part; the last where it belongs to none."""
        found = next((sites.index(site) for sites in self.sites.values() if site in sites), None)
        return len(self.sites["cross"]) - 1 if found is None else found

    def site(self, part: Part, layer: int) -> int | None:
        """Return the site of a part at a layer, its last one where it has fewer; None where it has none."""
        sites = self.sites[part]
        return sites[min(layer, len(sites) - 1)] if sites else None


@dataclass(frozen=True)
class Link:
    """A target token and the source token that it attends to most."""

    target: int
    source: int
    weight: float


@dataclass(frozen=True)
class CrossPicture:
    """Everything that is drawn.

    Attributes:
        matrix: the pattern of the chosen part, (query, key); None where it is too large.
        source_row, target_row: a number for each token of either side; None where there is none.
        links: the alignment of every target token.
    """

    matrix: Floats | None
    source_row: Floats | None
    target_row: Floats | None
    links: tuple[Link, ...]


@dataclass(frozen=True)
class CrossData:
    """What is pointed at.

    Attributes:
        run: what it is computed from.
        selection: what was asked for, with what this run has not taken out.
        places: the three parts; None where no cross-attention was found between two sides.
        part, layer: what the selected site is.
        pointed: the side and the token that are pointed at.
        heads: of the selected site.
        image, audio: what was run.
        picture: the numbers, averaged as asked.
        tiles: the patterns of all heads of the chosen part.
    """

    run: Run = field(repr=False, compare=False)
    selection: Selection
    places: Places | None
    part: Part = "cross"
    layer: int = 0
    pointed: tuple[Side, int] | None = None
    heads: int = 0
    image: Prepared | None = None
    audio: PreparedSound | None = None
    picture: Callable[[Average], CrossPicture] | None = field(default=None, compare=False)
    tiles: Callable[[], tuple[Tiles, ...]] | None = field(default=None, compare=False)


def supports(model: ModelDescription) -> bool:
    """Return whether a model has cross-attention."""
    return any(site.kind == "cross" for site in model.sites)


def places(run: Run) -> Places | None:
    """Return where the three parts lie; remembered for the run."""
    if "cross places" not in run.memo:
        run.memo["cross places"] = _places(run)
    return cast(Places | None, run.memo["cross places"])


def _places(run: Run) -> Places | None:
    sides = {site.index: _sides(run, site) for site in run.model.sites}
    cross = [site for site in run.model.sites if site.kind == "cross" and sides[site.index] is not None]
    if not cross:
        return None
    target, source = cast(tuple[TokenLine, TokenLine], sides[cross[-1].index])
    sites: dict[Part, tuple[int, ...]] = {
        "encoder": tuple(i for i, pair in sides.items() if pair == (source, source) and not _is_cross(run, i)),
        "decoder": tuple(i for i, pair in sides.items() if pair == (target, target) and not _is_cross(run, i)),
        "cross": tuple(site.index for site in cross if sides[site.index] == (target, source)),
    }
    return Places(sites, source, target)


def _is_cross(run: Run, index: int) -> bool:
    return run.model.sites[index].kind == "cross"


def _sides(run: Run, site: AttentionSite) -> tuple[TokenLine, TokenLine] | None:
    try:
        return token_lines.line_of(run, site), token_lines.line_of(run, site, keys=True)
    except EngineError as error:
        if error.code == "not-in-run":
            raise
        return None


def compute(run: Run, selection: Selection) -> CrossData:
    """Return what is pointed at.

    Raises:
        EngineError: a tensor was not kept in this run and must be fetched first.
    """
    found = places(run)
    if found is None:
        return CrossData(run, selection, None)
    index = min(selection.site, len(run.model.sites) - 1)
    if not any(index in sites for sites in found.sites.values()):
        index = found.sites["cross"][-1]
    site = run.model.sites[index]
    batches, heads, queries, keys = run.pattern_shape(site)
    part, layer = found.part_of(index), found.layer_of(index)
    selection = replace(
        selection, site=index, head=min(selection.head, heads - 1), batch=min(selection.batch, batches - 1)
    )
    to = selection.direction == "to"
    token = selection.token
    if token is not None and token >= (keys if to else queries):
        token = None
    side: Side = "target" if part == "decoder" or (part == "cross" and not to) else "source"
    return CrossData(
        run=run,
        selection=selection,
        places=found,
        part=part,
        layer=layer,
        pointed=None if token is None else (side, token),
        heads=heads,
        image=seen_image(run),
        audio=run.audio,
        picture=partial(picture, run, selection, found, None if token is None else (side, token)),
        tiles=partial(tiles, run, selection, found),
    )


def picture(
    run: Run, selection: Selection, found: Places, pointed: tuple[Side, int] | None, average: Average
) -> CrossPicture:
    """Return the numbers of both sides, the pattern of the chosen part and the alignment."""
    layer, part = found.layer_of(selection.site), found.part_of(selection.site)
    cross = _pattern(run, selection, found, "cross", layer, average)
    source_row: Floats | None = None
    target_row: Floats | None = None
    to_self = selection.direction == "to" and part != "cross"
    if pointed is None:
        source_row = None if cross is None else cast(Floats, cross.mean(axis=0))
    elif pointed[0] == "target":
        source_row = _line(cross, pointed[1], 0)
        target_row = _line(_pattern(run, selection, found, "decoder", layer, average), pointed[1], int(to_self))
    else:
        source_row = _line(_pattern(run, selection, found, "encoder", layer, average), pointed[1], int(to_self))
        target_row = _line(cross, pointed[1], 1)
    matrix = cross if part == "cross" else _pattern(run, selection, found, part, layer, average)
    return CrossPicture(matrix, source_row, target_row, alignment(cross, found))


def alignment(cross: Floats | None, found: Places) -> tuple[Link, ...]:
    """Return for every target token the source token with the largest weight, special source tokens left out."""
    if cross is None:
        return ()
    plain = ~np.array(found.source.special, bool)
    if not plain.any():
        plain[:] = True
    weights = np.where(plain, cross, -1.0)
    best = weights.argmax(axis=1)
    return tuple(Link(i, int(b), float(cross[i, b])) for i, b in enumerate(best))


def tiles(run: Run, selection: Selection, found: Places) -> tuple[Tiles, ...]:
    """Return the patterns of all heads of the chosen part as thumbnails."""
    part = found.part_of(selection.site)
    out = []
    for number, index in enumerate(found.sites[part]):
        site = run.model.sites[index]
        name = ("cross tiles", index, selection.batch)
        if name not in run.memo:
            shape = run.pattern_shape(site)
            batch = min(selection.batch, shape[0] - 1)
            made = [pooled(run.pattern(site, batch=batch, head=h)[None], 48, 48)[0] for h in range(shape[1])]
            run.memo[name] = np.stack(made)
        values = cast(Floats, run.memo[name])
        out.append(Tiles(str(number), site.name, values, values.max(axis=(1, 2))))
    return tuple(out)


def _pattern(run: Run, selection: Selection, found: Places, part: Part, layer: int, average: Average) -> Floats | None:
    """Return a part's pattern at a layer: one head, the mean over its heads, or over heads and layers."""
    index = found.site(part, layer)
    if index is None:
        return None
    sites = found.sites[part] if average == "all" else (index,)
    name = ("cross pattern", sites, selection.batch, selection.head if average == "head" else average)
    last = run.memo.setdefault("cross patterns", {})
    kept = cast(dict[object, Floats], last)
    if name not in kept:
        shape = run.pattern_shape(run.model.sites[index])
        if shape[2] * shape[3] > MOST_CELLS:
            return None
        if len(kept) > 6:
            kept.clear()
        kept[name] = _averaged(run, selection, sites, average)
    return kept[name]


def _averaged(run: Run, selection: Selection, sites: tuple[int, ...], average: Average) -> Floats:
    total: Floats | None = None
    count = 0
    for index in sites:
        site = run.model.sites[index]
        shape = run.pattern_shape(site)
        batch = min(selection.batch, shape[0] - 1)
        heads = (min(selection.head, shape[1] - 1),) if average == "head" else tuple(range(shape[1]))
        for head in heads:
            pattern = run.pattern(site, batch=batch, head=head)  # (query, key)
            total = pattern if total is None else total + pattern
            count += 1
    assert total is not None  # noqa: S101 - a part has a site and a site a head
    return cast(Floats, total / np.float32(count))


def _line(pattern: Floats | None, token: int, axis: int) -> Floats | None:
    if pattern is None or token >= pattern.shape[axis]:
        return None
    return pattern[token] if axis == 0 else pattern[:, token]

"""What the tokens of a site stand for: pieces of a text, patches of a photo, frames of a sound, objects sought."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, cast

import numpy as np

from engine.grid import patch_grid
from engine.model.patches import PatchGrid, SiteTokens
from engine.runtime.run import Run
from engine.sites.site import AttentionSite
from engine.text.tokens import Encoded

Kind = Literal["piece", "patch", "frame", "object", "token"]
Stream = Literal["source", "target", "image", "audio", "objects", "unknown"]


@dataclass(frozen=True)
class TokenAxis:
    """The tokens along one axis of a pattern. All tuples have one entry for each token.

    Attributes:
        kind: what a token is; "token" where nothing tells.
        stream: what they belong to. Two axes of one stream are the same tokens.
        labels: short and without words of a language: "▁cat", "2, 3" (row, column), "0.34 s", "7".
        special: tokens that stand for no text and no place: [CLS], </s>, class and register tokens, padding.
        words: number of the word that a piece belongs to; None elsewhere.
        encoded: the text; `labels[i]` is its token `i - before`.
        before: tokens of a past, in front of the text, of which nothing is known.
        grid: how patches lie on the image.
        seconds: beginning and end of each frame of a sound.
        boxes: (left, top, right, bottom) found for each object, in fractions of what the model sees of the image.
    """

    kind: Kind
    stream: Stream
    labels: tuple[str, ...]
    special: tuple[bool, ...]
    words: tuple[int | None, ...]
    encoded: Encoded | None = None
    before: int = 0
    grid: PatchGrid | None = None
    seconds: tuple[tuple[float, float], ...] = ()
    boxes: tuple[tuple[float, float, float, float], ...] = ()

    def __len__(self) -> int:
        return len(self.labels)


def tokens_of_site(run: Run, site: AttentionSite, batch: int = 0) -> tuple[TokenAxis, TokenAxis]:
    """Return what a site's (queries, keys) stand for, for one item of its batch axis.

    Told by the graph where the tokens could be followed to an input; else by the number of tokens and by what ran.
    """
    name = ("tokens", site.index, batch)
    if name not in run.memo:
        run.memo[name] = _axis(run, site, batch, keys=False), _axis(run, site, batch, keys=True)
    return cast(tuple[TokenAxis, TokenAxis], run.memo[name])


def _axis(run: Run, site: AttentionSite, batch: int, *, keys: bool) -> TokenAxis:
    count = run.pattern_shape(site)[3 if keys else 2]
    stream = _stream(run, site, count, keys=keys)
    if stream == "image":
        grid = patch_grid(run, site, keys=keys)
        if grid is not None and grid.tokens == count:
            return _patches(grid)
    if stream in ("source", "target") and run.text is not None:
        texts = run.text.source if stream == "source" else run.text.target
        if texts:
            return _pieces(texts[batch % len(texts)], stream, count)
    if stream == "audio" and run.audio is not None:
        return _frames(run.audio.seconds, count)
    if stream == "objects":
        return _objects(run, count, batch)
    return _unknown(count, stream)


def _stream(run: Run, site: AttentionSite, count: int, *, keys: bool) -> Stream:
    """What an axis belongs to: told by the graph, else by how many tokens it has."""
    told = run.model.tokens[site.index] if site.index < len(run.model.tokens) else SiteTokens()
    name = told.key_input if keys else told.query_input
    text, audio = run.text, run.model.audio
    if (told.keys if keys else told.queries) is not None:
        return "image"
    if text is not None and name is not None:
        if name == text.target_input:
            return "target"
        if name == text.source_input:
            return "source"
    if audio is not None and name == audio.input:
        return "audio"
    guess = _by_count(run, site, count, keys=keys)
    if guess is not None:
        return guess
    if patch_grid(run, site, keys=keys) is not None:
        return "image"
    seeks = "pred_boxes" in run.outputs or (run.image is not None and text is None)
    return "objects" if seeks and told.told[keys] else "unknown"


def _by_count(run: Run, site: AttentionSite, count: int, *, keys: bool) -> Stream | None:
    """The text with as many tokens: where both have, the target is what queries of causal and cross sites are."""
    if run.text is None:
        return None
    source, target = (texts[0] if texts else None for texts in (run.text.source, run.text.target))
    decodes = target is not None and (bool(site.causal) or (site.kind == "cross" and not keys))
    if target is not None and len(target) == count and (decodes or source is None or len(source) != count):
        return "target"
    if source is not None and (len(source) == count or (site.causal and keys and count > len(source))):
        return "source"
    return None


def _pieces(encoded: Encoded, stream: Stream, count: int) -> TokenAxis:
    """A text's tokens, behind those of a past if there are more."""
    before = max(count - len(encoded), 0)
    nothing = ("…",) * before
    return TokenAxis(
        kind="piece",
        stream=stream,
        labels=(*nothing, *(encoded.label(i) for i in range(len(encoded))))[:count],
        special=(*(True,) * before, *encoded.special)[:count],
        words=(*(None,) * before, *encoded.words)[:count],
        encoded=encoded,
        before=before,
    )


def _patches(grid: PatchGrid) -> TokenAxis:
    places = [grid.place_of(token) for token in range(grid.tokens)]
    labels = tuple(str(i) if place is None else f"{place[0]}, {place[1]}" for i, place in enumerate(places))
    special = tuple(place is None for place in places)
    return TokenAxis("patch", "image", labels, special, (None,) * len(labels), grid=grid)


def _frames(length: float, count: int) -> TokenAxis:
    edges = np.linspace(0.0, length, count + 1)
    seconds = tuple((float(a), float(b)) for a, b in pairwise(edges))
    labels = tuple(f"{(a + b) / 2:.2f} s" for a, b in seconds)
    return TokenAxis("frame", "audio", labels, (False,) * count, (None,) * count, seconds=seconds)


def _objects(run: Run, count: int, batch: int) -> TokenAxis:
    """Object queries, with the boxes that a detector gives each (Carion et al. 2020, section 3.2)."""
    boxes: tuple[tuple[float, float, float, float], ...] = ()
    found = run.outputs.get("pred_boxes")
    if found is not None and found.ndim == 3 and found.shape[1:] == (count, 4):
        centre = found[min(batch, found.shape[0] - 1)].astype(float)  # (object, 4): centre x, y, width, height
        half = centre[:, 2:] / 2
        corners = np.concatenate([centre[:, :2] - half, centre[:, :2] + half], axis=1)
        boxes = tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in corners)
    labels = tuple(map(str, range(count)))
    return TokenAxis("object", "objects", labels, (False,) * count, (None,) * count, boxes=boxes)


def _unknown(count: int, stream: Stream) -> TokenAxis:
    kind: Kind = "token"
    return TokenAxis(kind, stream, tuple(map(str, range(count))), (False,) * count, (None,) * count)

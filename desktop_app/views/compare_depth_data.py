"""How far the layers of two runs see, computed little by little without a window."""

from dataclasses import dataclass, field, replace

import numpy as np

from desktop_app.selection import Selection
from desktop_app.views.paired import names_of
from engine import AttentionSite, Run, attention
from engine.comparison import Reach, reach
from engine.grid import image_size
from engine.head_table import HeadTally


@dataclass
class DepthSide:
    """One run: its convolutions at once, its attention site by site.

    Attributes:
        name: what tells it from the other.
        image: the longer side of the model's image in pixels; 0 where it takes none.
        fields: of its convolutions.
        sites: attention that has places on the image.
        found: how far these look, as far as it is known.
    """

    name: str
    image: int
    fields: tuple[Reach, ...]
    sites: tuple[AttentionSite, ...]
    found: list[Reach] = field(default_factory=list)


class DepthData:
    """Two runs; `advance` until `finished`.

    Attributes:
        path: of the model on screen.
        names: of both; the second is empty where there is none.
        sides: what is known of them.
    """

    def __init__(self, path: str, names: tuple[str, str], runs: tuple[Run, ...], batch: int) -> None:
        self.path, self.names, self._runs, self._batch = path, names, runs, batch
        self.sides = tuple(_side(run, name) for run, name in zip(runs, names, strict=False))
        self._reached = [0] * len(runs)
        self._tally: HeadTally | None = None

    @property
    def finished(self) -> bool:
        """Whether every layer is known."""
        return all(reached == len(side.sites) for reached, side in zip(self._reached, self.sides, strict=True))

    def progress(self) -> tuple[int, int]:
        """Return how many attention layers are known, and how many there are."""
        return sum(self._reached), sum(len(side.sites) for side in self.sides)

    def advance(self) -> bool:
        """Compute a little; return whether another layer is known now.

        Raises:
            EngineError: a pattern was not kept in this run.
        """
        at = self._next()
        if at is None:
            return False
        side, run = self.sides[at], self._runs[at]
        site = side.sites[self._reached[at]]
        if self._tally is None:
            self._tally = HeadTally(run, site, attention.batch_of(run, site, self._batch))
        if self._tally.advance():
            return False
        numbers, self._tally = self._tally.numbers(), None
        far = numbers.means["distance"]
        told = far[np.isfinite(far)]
        if told.size and numbers.in_pixels and side.image:
            depth = self._reached[at] / max(len(side.sites) - 1, 1)
            mean, low, high = float(told.mean()), float(told.min()), float(told.max())
            side.found.append(Reach(site.name, "attention", depth, mean, low, high, mean / side.image))
        self._reached[at] += 1
        return True

    def skip(self) -> bool:
        """Leave a layer out; return that something changed."""
        at = self._next()
        self._tally = None
        if at is not None:
            self._reached[at] += 1
        return True

    def _next(self) -> int | None:
        known = zip(self._reached, self.sides, strict=True)
        return next((at for at, (reached, side) in enumerate(known) if reached < len(side.sites)), None)


def compute(run: Run, other: Run | None, selection: Selection) -> DepthData:
    """Return how far the layers see; attention is followed by `advance`."""
    runs = (run,) if other is None else (run, other)
    return DepthData(run.model.path, names_of(run, other), runs, selection.batch)


def _side(run: Run, name: str) -> DepthSide:
    size = image_size(run)
    fields = reach(replace(run, model=replace(run.model, sites=(), tokens=())))
    return DepthSide(name, max(size) if size is not None else 0, fields, run.model.sites if size is not None else ())

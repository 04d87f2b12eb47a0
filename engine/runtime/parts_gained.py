"""Plain inference of a model of several graphs, with what each head gives multiplied by a number."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.model.merge import output_name
from engine.runtime.gains import Gained
from engine.runtime.neutral import complete
from engine.runtime.run import Run

if TYPE_CHECKING:
    from engine.runtime.composite import Composite

Array = NDArray[np.generic]


class PartsGained(Gained):
    """The graphs one after the other, each with an input for its heads.

    Args:
        whole: the model.

    Attributes:
        sites: indices, in the whole model, of the sites whose heads can be turned down.
    """

    def __init__(self, whole: "Composite") -> None:  # its graphs have sessions of their own
        self._whole = whole
        self._parts = {name: model.gained() for name, model in whole.parts.items()}
        places = [(part.first_site, self._parts[part.name]) for part in whole.description.parts]
        self.sites = tuple(first + site for first, gained in places for site in gained.sites)
        self._before: dict[str, tuple[tuple[int, ...], dict[str, Array]]] = {}

    def __call__(self, feeds: Mapping[str, Array], gains: Mapping[int, NDArray[np.float32]]) -> dict[str, Array]:
        """Return the model's outputs; a graph that is fed and asked the same as before is not run again.

        Args:
            feeds: arrays by input name of the whole model.
            gains: site index -> what each of its heads is multiplied by, (head,); 1 where a site is not named.

        Raises:
            EngineError: a site has no such input, or the runtime refuses.
        """
        whole = self._whole
        given = whole.started(feeds)
        runs: dict[str, Run] = {}
        results: dict[str, Array] = {}
        for part in whole.description.parts:
            full = complete(whole.parts[part.name].inputs, whole.feeds_of(part.name, given, runs))
            own = {site - part.first_site: array for site, array in gains.items() if site in part.sites}
            found = self._ran(part.name, full, own)
            runs[part.name] = Run(part.model, full, found, {})
            named = ((output_name(part.name, name, whole.description), array) for name, array in found.items())
            results |= {name: array for name, array in named if name is not None}
        return results

    def _ran(self, name: str, feeds: Mapping[str, Array], gains: Mapping[int, NDArray[np.float32]]) -> dict[str, Array]:
        if gains:
            return self._parts[name](feeds, gains)
        fed = tuple(hash(array.tobytes()) for array in feeds.values())
        before = self._before.get(name)
        if before is None or before[0] != fed:
            before = self._before[name] = fed, self._parts[name](feeds, {})
        return before[1]

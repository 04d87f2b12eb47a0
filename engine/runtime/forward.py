"""Plain inference, as many items at a time as the graph takes."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.model.description import TensorInfo
from engine.runtime.neutral import complete
from engine.runtime.session import Session

Array = NDArray[np.generic]


class Forward:
    """Runs a session for its outputs alone: no tap is computed that they do not need.

    Args:
        session: an open session; its outputs hold the model's.
        inputs: what the model takes.
        outputs: names of what to return where nothing else is asked.
        seen: what feeds become before the graph gets them.
    """

    def __init__(
        self,
        session: Session,
        inputs: tuple[TensorInfo, ...],
        outputs: Sequence[str],
        seen: Callable[[Mapping[str, Array]], Mapping[str, Array]] = lambda feeds: feeds,
    ) -> None:
        self._session, self._inputs, self._outputs, self._seen = session, inputs, tuple(outputs), seen
        self._one_by_one = False  # learnt: the graph says it takes any batch, and does not

    @property
    def takes(self) -> tuple[str, ...]:
        """Names of what has to be, or can be, given."""
        return tuple(info.name for info in self._inputs)

    def __call__(self, feeds: Mapping[str, Array], names: Sequence[str] = ()) -> dict[str, Array]:
        """Return outputs by name, their first axis as long as that of the feeds.

        Args:
            feeds: arrays by input name, (batch, ...); where the graph fixes the batch they run in parts of that size.
            names: what to return; the model's outputs where nothing is named.

        Raises:
            EngineError: an input is missing or unknown, or the runtime refuses.
        """
        asked = tuple(names) or self._outputs
        given = self._seen({name: np.asarray(array) for name, array in feeds.items()})
        count = max((array.shape[0] for array in given.values() if array.ndim), default=1)
        size = self._batch(given, count)
        if size != count:
            return self._in_parts(given, asked, count, size)
        try:
            return self._once(given, asked)
        except EngineError as error:
            if count == 1 or error.code == "cancelled":
                raise
            results = self._in_parts(given, asked, count, 1)
            self._one_by_one = True
            return results

    def _batch(self, given: Mapping[str, Array], count: int) -> int:
        """Return how many items run at a time: fewer than there are, or more, where the graph fixes it."""
        if self._one_by_one:
            return 1
        sizes = {info.name: info.shape[0] for info in self._inputs if info.shape}
        items = [name for name, array in given.items() if array.ndim and array.shape[0] == count]
        fixed = (sizes.get(name) for name in items)
        return next((size for size in fixed if isinstance(size, int) and size > 0), count)

    def _once(self, feeds: Mapping[str, Array], names: tuple[str, ...]) -> dict[str, Array]:
        return self._session.run(complete(self._inputs, feeds), names, partial=True)

    def _in_parts(self, feeds: Mapping[str, Array], names: tuple[str, ...], count: int, size: int) -> dict[str, Array]:
        """Run part by part; what has no batch of that length goes into every part whole."""
        parts = []
        for start in range(0, count, size):
            stop = min(start + size, count)
            part = {
                name: array[start:stop] if array.ndim and array.shape[0] == count else array
                for name, array in feeds.items()
            }
            parts.append(self._once(_filled(part, size, stop - start), names))
        joined = {}
        for name in names:
            arrays = [part[name] for part in parts]
            if arrays[0].ndim:  # an item may have several rows of it, such as one for each window
                joined[name] = np.concatenate(arrays)[: count * max(arrays[0].shape[0] // size, 1)]
            else:
                joined[name] = arrays[0]
        return joined


def _filled(part: Mapping[str, Array], size: int, have: int) -> dict[str, Array]:
    """Return a last, shorter part made up to the size that the graph wants, by repeating its last item."""
    if have == size:
        return dict(part)
    return {
        name: np.concatenate([array, np.repeat(array[-1:], size - have, axis=0)])
        if array.ndim and array.shape[0] == have
        else array
        for name, array in part.items()
    }

"""Inputs that nobody gave: masks of ones, positions counted, empty pasts, flags off."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.model.description import TensorInfo

Array = NDArray[np.generic]


def complete(inputs: tuple[TensorInfo, ...], feeds: Mapping[str, object]) -> dict[str, Array]:
    """Return an array for every input: those given, cast to the model's types, and neutral ones for the rest.

    Raises:
        EngineError: an input that is not one of the model's, or one that has no neutral value is missing.
    """
    known = {info.name: info for info in inputs}
    for name in feeds:
        if name not in known:
            raise EngineError("input-unknown", name=name, known=", ".join(known))
    given = {name: np.asarray(array).astype(known[name].dtype, copy=False) for name, array in feeds.items()}
    sizes = symbol_sizes(inputs, given)
    out: dict[str, Array] = {}
    for info in inputs:
        array = given.get(info.name)
        out[info.name] = neutral(info, sizes, given) if array is None else array
    return out


def symbol_sizes(inputs: tuple[TensorInfo, ...], given: Mapping[str, Array]) -> dict[str, int]:
    """Sizes of symbolic dimensions, from the arrays given."""
    sizes: dict[str, int] = {}
    for info in inputs:
        array = given.get(info.name)
        if array is not None and array.ndim == len(info.shape):
            sizes.update({d: n for d, n in zip(info.shape, array.shape, strict=True) if isinstance(d, str)})
    return sizes


def neutral(info: TensorInfo, sizes: Mapping[str, int], given: Mapping[str, Array]) -> Array:
    """Return the value that leaves the model as if the input were not there.

    Raises:
        EngineError: the input carries content and has no neutral value.
    """
    name = info.name.lower()
    dtype = np.dtype(info.dtype)
    if "past" in name or ("cache" in name and len(info.shape) >= 3):
        return np.zeros([_past_size(d, i, info, sizes, given) for i, d in enumerate(info.shape)], dtype)
    if dtype == np.bool_ or "use_cache" in name:
        return np.zeros([d if isinstance(d, int) else 1 for d in info.shape], dtype)
    batch, length = _text_shape(given)
    shape = [
        sizes.get(d or "", _fallback(d, i, batch, length)) if not isinstance(d, int) else d
        for i, d in enumerate(info.shape)
    ]
    if "mask" in name:
        return np.ones(shape, dtype)
    if "position" in name:
        return np.broadcast_to(np.arange(shape[-1], dtype=dtype), shape).copy()
    if "token_type" in name or "segment" in name:
        return np.zeros(shape, dtype)
    if "cache_position" in name:
        return np.arange(shape[-1], dtype=dtype)
    raise EngineError("input-missing", name=info.name, shape="×".join(str(d) for d in info.shape))


def _text_shape(given: Mapping[str, Array]) -> tuple[int, int]:
    """(batch, length) of the first two-dimensional integer input, else of the first input."""
    for array in given.values():
        if array.ndim == 2 and array.dtype.kind in "iu":
            return array.shape[0], array.shape[1]
    first = next(iter(given.values()), np.zeros((1, 1)))
    return (first.shape[0] if first.ndim else 1), (first.shape[1] if first.ndim > 1 else 1)


def _past_size(
    dim: int | str | None, axis: int, info: TensorInfo, sizes: Mapping[str, int], given: Mapping[str, Array]
) -> int:
    """An empty past: batch as given, other fixed sizes kept, the open axis after the batch empty."""
    if isinstance(dim, int):
        return dim
    text = (dim or "").lower()
    if axis == 0 or "batch" in text:
        return sizes.get(dim or "", _text_shape(given)[0])
    if "past" in text or "seq" in text or "len" in text or axis == len(info.shape) - 2:
        return 0
    return sizes.get(dim or "", 0)


def _fallback(dim: int | str | None, axis: int, batch: int, length: int) -> int:
    text = dim.lower() if isinstance(dim, str) else ""
    return batch if axis == 0 or "batch" in text else length

"""Inputs that nobody gave: masks of ones, positions counted, empty pasts, flags off."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError, declare_errors
from engine.messages import translate
from engine.model.description import TensorInfo

declare_errors(
    {
        "input-missing": translate("engine", "The model needs the input “{name}”, which was not given."),
        "input-missing.advice": translate("engine", "Give an array of shape {shape} for it."),
        "input-unknown": translate("engine", "The model has no input “{name}”."),
        "input-unknown.advice": translate("engine", "Its inputs are: {known}."),
        "input-shape": translate("engine", "The input “{name}” was given with shape {given}; the model takes {shape}."),
        "input-shape.advice": translate("engine", "Give an array of that shape; sizes with a name are free."),
        "input-type": translate("engine", "What was given for the input “{name}” cannot be read as {dtype}."),
        "input-type.advice": translate("engine", "Give an array of that type."),
    }
)

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
    given = {name: fitted(known[name], array) for name, array in feeds.items()}
    sizes = symbol_sizes(inputs, given)
    out: dict[str, Array] = {}
    for info in inputs:
        array = given.get(info.name)
        out[info.name] = neutral(info, sizes, given) if array is None else array
    return out


def fitted(info: TensorInfo, array: object) -> Array:
    """Return an array of an input's type; its shape is held to what the model says.

    Raises:
        EngineError: numbers that the type cannot hold, or a shape that the model does not take.
    """
    wrong = EngineError("input-type", name=info.name, dtype=info.dtype)
    try:
        given = np.asarray(array)
        if given.dtype.kind in "cOSU" and info.dtype != "str":
            raise wrong
        with np.errstate(over="ignore", invalid="ignore"):
            cast = given.astype(info.dtype, copy=False)
    except (ValueError, TypeError, OverflowError) as cause:
        raise wrong from cause
    if cast.dtype.kind in "iu" and cast.dtype != given.dtype and not np.array_equal(cast, given):
        raise wrong
    sizes = tuple(zip(info.shape, cast.shape, strict=False))
    if info.shape and (len(info.shape) != cast.ndim or any(isinstance(d, int) and d != n for d, n in sizes)):
        raise EngineError("input-shape", name=info.name, given=by_times(cast.shape), shape=by_times(info.shape))
    return cast


def by_times(shape: Sequence[int | str | None]) -> str:
    """Write a shape as people read it: 1×3×224×224; "()" for a single number."""
    return "×".join("?" if size is None else str(size) for size in shape) or "()"


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
    hiding = "padding" in name or "masked" in name  # true there means left out
    if "use_cache" in name or (dtype == np.bool_ and ("mask" not in name or hiding)):
        return np.zeros([d if isinstance(d, int) else 1 for d in info.shape], dtype)
    batch, length = _text_shape(given)
    past = _past_length(given)
    reach = past + length if "mask" in name else length  # a mask speaks of the past too
    shape = [
        d if isinstance(d, int) else sizes.get(d or "", _fallback(d, i, batch, reach)) for i, d in enumerate(info.shape)
    ]
    if "masked" in name:
        return np.zeros(shape, dtype)
    if "mask" in name:
        return np.ones(shape, dtype)
    if "position" in name:
        return np.broadcast_to(np.arange(past, past + shape[-1], dtype=dtype), shape).copy()
    if "token_type" in name or "segment" in name:
        return np.zeros(shape, dtype)
    raise EngineError("input-missing", name=info.name, shape=by_times(info.shape))


def _text_shape(given: Mapping[str, Array]) -> tuple[int, int]:
    """(batch, length) of the first two-dimensional integer input, else of the first input."""
    for array in given.values():
        if array.ndim == 2 and array.dtype.kind in "iu":
            return array.shape[0], array.shape[1]
    first = next(iter(given.values()), np.zeros((1, 1)))
    return (first.shape[0] if first.ndim else 1), (first.shape[1] if first.ndim > 1 else 1)


def _past_length(given: Mapping[str, Array]) -> int:
    """Tokens in the past that was given, (batch, head, token, dim); 0 where none was."""
    lengths = [array.shape[2] for name, array in given.items() if "past" in name.lower() and array.ndim == 4]
    return max(lengths, default=0)


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

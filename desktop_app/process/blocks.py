"""Arrays in one block of shared memory: packed by the engine process, read in place by the window."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError, declare_errors
from engine.messages import translate

declare_errors(
    {
        "no-shared-memory": translate(
            "engine", "This run needs {need} MB of shared memory, and the system has {free} MB to give."
        ),
        "no-shared-memory.advice": translate(
            "engine", "Use a smaller image, or give /dev/shm more room (in a container: --shm-size=2g)."
        ),
    }
)

SHARED = Path("/dev/shm")  # noqa: S108 - looked at for its free room only
ALIGNMENT = 64
"""Bytes; a cache line, and enough for any vector unit."""

Arrays = Mapping[str, NDArray[np.generic]]


@dataclass(frozen=True)
class Entry:
    """Where one array lies in the block."""

    group: str
    name: str
    dtype: str
    shape: tuple[int, ...]
    offset: int


@dataclass(frozen=True)
class Packed:
    """What lies in a block; `name` is None where nothing needed memory."""

    name: str | None
    entries: tuple[Entry, ...]


def pack(name: str, groups: Mapping[str, Arrays]) -> tuple[Packed, SharedMemory | None]:
    """Copy arrays into a new block called `name`.

    One array under two names is stored once. Arrays of Python objects (string outputs) are left out.

    Raises:
        EngineError: the system has no room for the block.
    """
    entries: list[Entry] = []
    placed: dict[int, int] = {}
    sources: list[tuple[int, NDArray[np.generic]]] = []
    size = 0
    for group, arrays in groups.items():
        for key, array in arrays.items():
            if array.dtype.hasobject:
                continue
            offset = placed.get(id(array))
            if offset is None:
                offset = placed[id(array)] = size
                sources.append((offset, array))
                size += -(-array.nbytes // ALIGNMENT) * ALIGNMENT
            entries.append(Entry(group, key, array.dtype.str, array.shape, offset))
    if size == 0:
        return Packed(None, tuple(entries)), None
    _need(size)
    memory = SharedMemory(name=name, create=True, size=size)
    for offset, array in sources:
        target: NDArray[Any] = np.ndarray(array.shape, array.dtype, buffer=memory.buf, offset=offset)
        target[...] = array
        del target  # a live view would keep the block from closing
    return Packed(name, tuple(entries)), memory


def _need(size: int) -> None:
    """Refuse a block that does not fit: writing past the room of /dev/shm kills the process that writes."""
    if SHARED.is_dir():
        free = shutil.disk_usage(SHARED).free
        if size > free:
            raise EngineError("no-shared-memory", need=-(-size // 10**6), free=free // 10**6)


class _Held:
    """Keeps a block mapped as long as an array looks into it, and closes it after the last one."""

    def __init__(self, memory: SharedMemory) -> None:
        self._memory = memory
        probe: NDArray[np.uint8] = np.ndarray(memory.size, np.uint8, buffer=memory.buf)
        self.__array_interface__ = probe.__array_interface__ | {"data": (probe.ctypes.data, True)}
        del probe

    def __del__(self) -> None:
        self._memory.close()


def unpack(packed: Packed) -> dict[str, dict[str, NDArray[np.generic]]]:
    """Return the arrays of a block by group and name, read-only and in place, and remove the block's name.

    The memory is given back when the last array is gone.

    Raises:
        FileNotFoundError: the block is not there any more.
    """
    found: dict[str, dict[str, NDArray[np.generic]]] = {}
    whole: NDArray[np.uint8] = np.empty(0, np.uint8)
    if packed.name is not None:
        memory = SharedMemory(name=packed.name)
        memory.unlink()
        whole = np.asarray(_Held(memory))
    for entry in packed.entries:
        dtype = np.dtype(entry.dtype)
        count = int(np.prod(entry.shape, dtype=np.int64)) * dtype.itemsize
        part = whole[entry.offset : entry.offset + count].view(dtype).reshape(entry.shape)
        found.setdefault(entry.group, {})[entry.name] = part
    return found


def discard(name: str) -> None:
    """Remove a block that nobody will read; one that is not there is fine."""
    try:
        memory = SharedMemory(name=name)
    except (OSError, ValueError):  # not there; or the process died between making the block and sizing it
        return
    memory.close()
    memory.unlink()

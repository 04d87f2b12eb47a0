"""What a plot or map gives away: its numbers with the names of their axes, as text, CSV or NPZ."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.grid import PatchGrid

Array = NDArray[np.generic]
Line = Sequence[object]


@dataclass(frozen=True, eq=False)
class Exhibit:
    """The numbers of a plot or map, and the one under the pointer.

    Attributes:
        name: of files, without ending.
        values: what is shown, one axis for each of `axes`; None where a picture has no numbers.
        axes: what the axes of `values` are, such as ("query", "key").
        number: the one pointed at, exact; None where there is none.
        told: what the pointer is told; empty where the widget has a tooltip of its own.
        labels: names along an axis, where its places are not just counted.
        lines: the numbers as a table with its heading, where `values` alone does not tell it.
        sheet: what the clipboard gets, where a picture lies otherwise than its array, such as a patch grid.
        more: further arrays for NPZ, by name.
    """

    name: str
    values: Array | None
    axes: tuple[str, ...] = ()
    number: float | None = None
    told: str = ""
    labels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    lines: Sequence[Line] | None = None
    sheet: Sequence[Line] | None = None
    more: Mapping[str, Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.values is not None and self.values.ndim != len(self.axes):
            raise ValueError(f"{self.values.ndim} axes are named {self.axes}")

    @property
    def exact(self) -> str:
        """The number pointed at, with every digit that counts; empty where there is none."""
        return "" if self.number is None else told(self.number)

    def as_sheet(self) -> str:
        """Return the numbers for the clipboard: tab-separated, laid out as they are shown, named where they are."""
        if self.sheet is not None:
            return _written(self.sheet, "\t")
        if self.lines is None and self.values is not None and self.values.ndim <= 2 and not self.labels:
            return "".join(_plain(row, "\t") for row in np.atleast_2d(self.values))
        return _written(self._table(), "\t", like=self.values)

    def as_csv(self) -> str:
        """Return the numbers as comma-separated values under a heading."""
        if self.lines is None and self.values is not None and self.values.ndim == 2:
            heading = _written([[f"{self.axes[0]}/{self.axes[1]}", *self._names(1)]], ",")
            names = (_written([[name]], ",").rstrip("\n") for name in self._names(0))
            return heading + "".join(f"{name},{_plain(row, ',')}" for name, row in zip(names, self.values, strict=True))
        return _written(self._table(), ",", like=self.values)

    def arrays(self) -> dict[str, Array]:
        """Return what an NPZ holds: `values`, `axes`, the names along each axis as `<axis>_names`, and `more`."""
        out: dict[str, Array] = {}
        if self.values is not None:
            out["values"] = self.values
            out["axes"] = np.array(self.axes, np.str_)
        out.update({f"{axis}_names": np.array(list(names), np.str_) for axis, names in self.labels.items()})
        return {**out, **self.more}

    def as_npz(self) -> bytes:
        """Return the numbers as NumPy arrays, compressed."""
        buffer = io.BytesIO()
        np.savez_compressed(buffer, allow_pickle=False, **self.arrays())
        return buffer.getvalue()

    def _table(self) -> Iterator[Line]:
        """Yield a heading and lines: two axes as rows and columns, any other number of axes as one number a line."""
        values = self.values
        if self.lines is not None:
            yield from self.lines
        elif values is not None and values.ndim == 2:
            down, across = (self._names(axis) for axis in range(2))
            yield [f"{self.axes[0]}/{self.axes[1]}", *across]
            for name, row in zip(down, values.tolist(), strict=True):
                yield [name, *row]
        elif values is not None:
            yield [*self.axes, "value"]
            names = [self._names(axis) for axis in range(values.ndim)]
            for place in np.ndindex(values.shape):
                yield [*(names[axis][at] for axis, at in enumerate(place)), values[place].item()]

    def _names(self, axis: int) -> Sequence[object]:
        size = 0 if self.values is None else self.values.shape[axis]
        return self.labels.get(self.axes[axis]) or range(size)


def on_grid(
    name: str, values: Array, grid: PatchGrid | None, names: Sequence[str] = (), number: float | None = None
) -> Exhibit:
    """Return numbers of tokens, (token,): on the clipboard the patches lie row by row, special tokens follow by name.

    Args:
        name: of files.
        values: (token,).
        grid: how the tokens lie on an image; None where they do not.
        names: those of the special tokens, in order.
        number: the one pointed at.
    """
    if grid is None or values.shape != (grid.tokens,):
        return Exhibit(name, values, ("token",), number)
    first, last = grid.prefix, grid.prefix + grid.patches
    special = dict(zip((*range(first), *range(last, grid.tokens)), names, strict=False))
    places = [grid.place_of(token) for token in range(grid.tokens)]
    told_names = [
        special.get(token, str(token)) if place is None else f"({place[0]}, {place[1]})"
        for token, place in enumerate(places)
    ]
    sheet: list[Line] = [*values[first:last].reshape(grid.rows, grid.columns).tolist()]
    sheet += [[told_names[at], values[at]] for at in (*range(first), *range(last, grid.tokens))]
    return Exhibit(name, values, ("token",), number, labels={"token": told_names}, sheet=sheet)


def told(value: object, *, digits: int = 9) -> str:
    """Return a number with every digit that counts, nothing where it is none, and anything else as it is."""
    if not isinstance(value, float | np.floating):
        return str(value)
    return "" if np.isnan(value) else f"{value:.{digits}g}"


def _plain(row: Array, separator: str) -> str:
    """Return a line of numbers, (place,), fast: a pattern of a thousand tokens has a million."""
    if not np.issubdtype(row.dtype, np.floating):
        return separator.join(map(str, row.tolist())) + "\n"
    digits = ".17g" if row.dtype == np.float64 else ".9g"
    cells = [format(value, digits) for value in row.tolist()]
    if np.isnan(row).any():
        cells = ["" if cell == "nan" else cell for cell in cells]
    return separator.join(cells) + "\n"


def _written(lines: Sequence[Line] | Iterator[Line], separator: str, *, like: Array | None = None) -> str:
    digits = 17 if like is not None and like.dtype == np.float64 else 9
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerows([told(cell, digits=digits) for cell in line] for line in lines)
    return out.getvalue()

"""A report as data, before it becomes a page or a sheet."""

from dataclasses import dataclass, field

from PIL import Image


@dataclass(frozen=True)
class Picture:
    """A picture with what is said under it."""

    image: Image.Image = field(repr=False)
    caption: str


@dataclass(frozen=True)
class Table:
    """A table: its first column names the rows."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """A part of a report.

    Attributes:
        title: of the part.
        lines: paragraphs under it.
        pictures: row after row.
        table: after the pictures, or None.
    """

    title: str
    lines: tuple[str, ...] = ()
    pictures: tuple[tuple[Picture, ...], ...] = ()
    table: Table | None = None


@dataclass(frozen=True)
class Report:
    """A whole report.

    Attributes:
        title: of it.
        lines: under the title.
        sections: its parts.
        language: tag of the language that it is written in, such as "es".
    """

    title: str
    lines: tuple[str, ...]
    sections: tuple[Section, ...]
    language: str = "en"

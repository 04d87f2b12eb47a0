"""The words of the positions view."""

import math

import numpy as np
from PySide6.QtCore import QCoreApplication

from desktop_app import token_words
from desktop_app.i18n import lookup
from desktop_app.views.positions_data import Floats, OutputChange, Part, expected_slopes
from engine.grid import PatchGrid
from engine.model.description import PositionalEncoding
from engine.position_maps import Relative

translate = QCoreApplication.translate


def kind(encoding: PositionalEncoding) -> str:
    """Return the family of an encoding."""
    return {
        "learned": translate("Positions", "learned"),
        "sinusoidal": translate("Positions", "sinusoidal"),
        "rotary": translate("Positions", "rotary"),
        "relative bias": translate("Positions", "relative bias"),
        "ALiBi": translate("Positions", "ALiBi"),
        "decomposed": translate("Positions", "decomposed by rows and columns"),
    }[encoding.kind]


def title(index: int, encoding: PositionalEncoding) -> str:
    """Return an encoding in a list of several."""
    return f"{index}: {kind(encoding)}, {encoding.where.text(lookup)}"


def facts(encoding: PositionalEncoding) -> str:
    """Return what an encoding is, where it enters, and how its table lies in the file."""
    axes = " × ".join(axis(name) for name in encoding.axes)
    shape = " × ".join(map(str, encoding.shape))
    text = translate("Positions", "“{name}”: {shape} ({axes}), {where}.")
    out = text.format(name=encoding.name, shape=shape, axes=axes, where=encoding.where.text(lookup))
    grid = encoding.grid
    if grid is not None:
        text = translate("Positions", "Its rows lie on a grid of {rows} × {columns} patches")
        out += " " + text.format(rows=grid.rows, columns=grid.columns)
        if grid.prefix + grid.suffix:
            text = translate("Positions", ", after {names}")
            out += text.format(names=", ".join(token_words.special_names(grid)))
        out += "."
    return out


def axis(name: str) -> str:
    """Return the name of an axis."""
    return {
        "token": translate("Positions", "token"),
        "dim": translate("Positions", "dimension"),
        "frequency": translate("Positions", "frequency"),
        "head": translate("Positions", "head"),
        "query": translate("Positions", "query"),
        "key": translate("Positions", "key"),
        "bucket": translate("Positions", "bucket"),
        "offset": translate("Positions", "offset"),
    }.get(name, name)


def part(name: Part) -> tuple[str, str]:
    """Return the name of a part and what it shows."""
    return {
        "similarity": (
            translate("Positions", "Similarity"),
            translate("Positions", "How alike the places are"),
        ),
        "components": (
            translate("Positions", "Components"),
            translate("Positions", "Principal components of the table"),
        ),
        "table": (translate("Positions", "Table"), translate("Positions", "The numbers themselves")),
        "distance": (translate("Positions", "Distance"), translate("Positions", "How alike places are by distance")),
        "frequencies": (
            translate("Positions", "Frequencies"),
            translate("Positions", "How fast each pair of dimensions turns"),
        ),
        "bias": (translate("Positions", "Bias"), translate("Positions", "What is added to the scores by offset")),
        "slopes": (translate("Positions", "Slopes"), translate("Positions", "How fast each head forgets distance")),
        "sandbox": (
            translate("Positions", "Sandbox"),
            translate("Positions", "A sinusoidal encoding of any size, without a model"),
        ),
    }[name]


def explained(name: Part, encoding: PositionalEncoding, relative: Relative | None = None) -> str:
    """Return what is to be seen."""
    if name == "similarity" and encoding.kind == "rotary":
        return translate(
            "Positions", "Each map: the score of a query at this place with the same key at every place, 1 at its own."
        )
    if name == "similarity" and encoding.grid is not None:
        return translate(
            "Positions",
            "Each map: the cosine similarity of one patch’s row with all others’, where the patches lie. "
            "Point at a map to enlarge it.",
        )
    if name == "similarity":
        return translate("Positions", "The cosine similarity of every row with every other.")
    if name == "components":
        return translate("Positions", "Where the tokens lie along each principal component; signs have no meaning.")
    if name == "distance" and encoding.kind == "rotary":
        return translate(
            "Positions",
            "The score of a query and the same key turned apart, and the bound on any two (Su et al. 2021), "
            "both 1 at distance 0.",
        )
    if name == "distance":
        return translate("Positions", "The cosine similarity of rows k apart, its mean over all such pairs.")
    if name == "frequencies":
        return translate("Positions", "The wavelength of each frequency in tokens, as a power of ten.")
    if name == "slopes":
        return translate("Positions", "Slope of each head; the line is what the paper gives to so many heads.")
    if name == "bias":
        return _bias(encoding, relative)
    return translate("Positions", "Click a column to draw it below.")


def _bias(encoding: PositionalEncoding, relative: Relative | None) -> str:
    if relative is None:
        return ""
    if encoding.kind == "ALiBi":
        return translate("Positions", "What each head adds to the score of a key so many places before the query.")
    if relative.flat:
        out = translate("Positions", "What each head adds to the score of a key by its place after the query.")
        if encoding.axes == ("bucket", "head"):
            out += translate("Positions", " Distances are put into buckets as T5 does, up to 128: a guess.")
    else:
        out = translate("Positions", "What each head adds to the score of a key by rows down and columns right of it.")
    if relative.spread > 1e-4 * max(1e-6, float(np.nanmax(np.abs(relative.values)))):
        text = translate("Positions", " Pairs of one offset differ by up to {spread}; means are shown.")
        out += text.format(spread=f"{relative.spread:.3g}")
    return out


def pair(grid: PatchGrid, token: int, row: int, column: int, value: float) -> str:
    """Return how alike two patches are."""
    text = translate("Positions", "{token} and ({row}, {column}): {value}")
    return text.format(token=token_words.short(grid, token), row=row, column=column, value=f"{value:.9g}")


def rows(first: int, second: int, value: float) -> str:
    """Return how alike two rows of a table are."""
    text = translate("Positions", "rows {first} and {second}: {value}")
    return text.format(first=first, second=second, value=f"{value:.9g}")


def component(number: int, share: float) -> str:
    """Return a component and its share."""
    text = translate("Positions", "Component {number}: {share} of the variance")
    return text.format(number=number, share=f"{share:.3%}")


def at(what: str, row: int, column: int, value: float) -> str:
    """Return a number at a place of a grid."""
    text = translate("Positions", "{what}, row {row}, column {column}: {value}")
    return text.format(what=what, row=row, column=column, value=f"{value:.9g}")


def offset(head: int, down: int, right: int, value: float) -> str:
    """Return the bias of a head at an offset."""
    text = translate("Positions", "Head {head}, key {down:+d} rows and {right:+d} columns from the query: {value}")
    return text.format(head=head, down=down, right=right, value=f"{value:.9g}")


def head(number: int) -> str:
    """Return the name of a head."""
    return translate("Positions", "Head {head}").format(head=number)


def cell(encoding: PositionalEncoding, row: int, column: int, value: float) -> str:
    """Return a number of a table."""
    first, second = (axis(name) for name in encoding.axes[:2])
    return f"{first} {row}, {second} {column}: {value:.9g}"


def frequency(number: int, rate: float) -> str:
    """Return a frequency and its wavelength."""
    text = translate("Positions", "Frequency {number}: {rate} radians for each token, once round in {length} tokens")
    length = f"{2 * math.pi / rate:.4g}" if rate else "∞"
    return text.format(number=number, rate=f"{rate:.6g}", length=length)


def slope(number: int, slopes: Floats) -> str:
    """Return a slope and what the paper gives."""
    text = translate("Positions", "Head {head}: slope {slope}; the paper’s is {wanted}")
    wanted = float(expected_slopes(len(slopes))[number])
    return text.format(head=number, slope=f"{float(slopes[number]):.6g}", wanted=f"{wanted:.6g}")


def output(change: OutputChange) -> str:
    """Return how far an output moved."""
    text = translate("Positions", "{name} moved by {share} of its size")
    return text.format(name=change.name, share=f"{change.share:.2%}")

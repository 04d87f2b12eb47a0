"""The words of the side-by-side view."""

import numpy as np
from PySide6.QtCore import QCoreApplication

from desktop_app.views.compare_data import CompareData, Floats, Kind, Look, Side
from engine.comparison import Measured, ModelFacts

translate = QCoreApplication.translate

Row = tuple[str, str, str]
"""What a row of the table says, of the first and of the second."""


def kind(name: Kind) -> str:
    """Return what is shown of what a model looked at."""
    return {
        "cam": "CAM",
        "eigen-cam": "Eigen-CAM",
        "rollout": translate("Compare", "Rollout"),
        "head": translate("Compare", "Chosen head"),
    }[name]


def looked(side: Side, name: Kind | None, look: Look | None) -> str:
    """Return what a picture shows, in one line."""
    if name is None or look is None:
        return translate("Compare", "Nothing of this model lies on the image at once; see Class evidence.")
    if name == "cam":
        return translate("Compare", "What speaks for “{label}”, exactly").format(label=look.label)
    if name == "eigen-cam":
        return translate("Compare", "Where its last maps differ most")
    who = translate("Compare", "all tokens (mean)") if look.token is None else _who(side, look.token)
    if name == "rollout":
        return translate("Compare", "Through all layers: {token}").format(token=who)
    text = translate("Compare", "Layer {layer}, head {head}: {token}")
    return text.format(layer=look.site, head=look.head, token=who)


def _who(side: Side, token: int) -> str:
    spot = None if side.grid is None else side.grid.place_of(token)
    if spot is None:
        return translate("Compare", "class token") if token == 0 else str(token)
    return translate("Compare", "patch ({row}, {column})").format(row=spot[0], column=spot[1])


def number(look: Look, place: tuple[int, int] | None) -> str:
    """Return the number at a place of a picture, else its largest."""
    rows, columns = look.values.shape
    if place is None:
        row, column = divmod(int(np.nan_to_num(look.values, nan=-np.inf).argmax()), columns)
        text = translate("Compare", "Largest: {value} at ({row}, {column}) of {rows} × {columns}")
        value = float(look.values[row, column])
    else:
        row, column = place
        text = translate("Compare", "({row}, {column}) of {rows} × {columns}: {value}")
        value = float(look.values[row, column])
    return text.format(value=signed(value), row=row, column=column, rows=rows, columns=columns)


def differs(values: Floats) -> str:
    """Return how large a difference is."""
    text = translate("Compare", "{low} to {high}; mean size {mean}")
    return text.format(
        low=signed(float(np.nanmin(values))),
        high=signed(float(np.nanmax(values))),
        mean=signed(float(np.nanmean(abs(values)))),
    )


def heads(values: Floats, data: CompareData, chosen: int) -> str:
    """Return how much the patterns of the chosen head differ."""
    one = values[min(chosen, len(values) - 1)]
    query, key = divmod(int(abs(one).argmax()), one.shape[1])
    text = translate(
        "Compare",
        "Layer {layer}, left patterns minus right. Head {head}: {mean} on average, most {most} at query {query}, "
        "key {key}.",
    )
    return text.format(
        layer=data.selection.site,
        head=min(chosen, len(values) - 1),
        mean=signed(float(abs(one).mean())),
        most=signed(float(one[query, key])),
        query=query,
        key=key,
    )


def head_tip(values: Floats, head: int) -> str:
    """Return the tooltip of a head's difference."""
    if not 0 <= head < len(values):
        return ""
    text = translate("Compare", "Head {head}: mean size {mean}, largest {most}")
    size = abs(values[head])
    return text.format(head=head, mean=signed(float(size.mean())), most=signed(float(size.max())))


def facts(first: ModelFacts, second: ModelFacts | None, costs: tuple[Measured, ...]) -> list[Row]:
    """Return the rows of the table."""
    known = [first] if second is None else [first, second]
    rows: list[list[str]] = [
        [translate("Compare", "Made of"), *(family(one) for one in known)],
        [translate("Compare", "Input"), *(_tensors(one.inputs) for one in known)],
        [translate("Compare", "Output"), *(_tensors(one.outputs) for one in known)],
        [translate("Compare", "Image"), *(_size(one.image) for one in known)],
        [translate("Compare", "Parameters"), *(f"{one.parameters:,}".replace(",", " ") for one in known)],
        [translate("Compare", "Multiply-adds for an image"), *(_count(one.multiply_adds) for one in known)],
        [translate("Compare", "Convolutions, pooling layers"), *(f"{one.convolutions}, {one.pools}" for one in known)],
        [translate("Compare", "Attention layers, heads"), *(f"{one.sites}, {one.heads}" for one in known)],
        [translate("Compare", "Classes"), *("?" if one.classes is None else str(one.classes) for one in known)],
        [translate("Compare", "Time for an image, here"), *(_time(costs, at) for at in range(len(known)))],
        [translate("Compare", "Memory, here"), *(_memory(costs, at) for at in range(len(known)))],
        [translate("Compare", "File"), *(_file(costs, at) for at in range(len(known)))],
    ]
    return [(row[0], row[1], row[2] if len(row) > 2 else "") for row in rows]


def family(model: ModelFacts) -> str:
    """Return what a model is made of."""
    return {
        "convolution": translate("Compare", "convolutions"),
        "attention": translate("Compare", "attention"),
        "both": translate("Compare", "convolutions and attention"),
        "neither": translate("Compare", "neither convolutions nor attention"),
    }[model.family]


def signed(value: float) -> str:
    """Return a number with a true minus sign."""
    return f"{value:.4g}".replace("-", "−")


def _tensors(infos: tuple[tuple[str, tuple[object, ...]], ...]) -> str:
    return "; ".join(f"{name} {' × '.join('?' if d is None else str(d) for d in shape)}" for name, shape in infos)


def _size(size: tuple[int, int] | None) -> str:
    if size is None:
        return translate("Compare", "none")
    return translate("Compare", "{rows} × {columns} pixels").format(rows=size[0], columns=size[1])


def _count(number_: int | None) -> str:
    if number_ is None:
        return "?"
    for unit, size in (("G", 1e9), ("M", 1e6)):
        if number_ >= size:
            return f"{number_ / size:.3g} {unit}"
    return str(number_)


def _time(costs: tuple[Measured, ...], at: int) -> str:
    return f"{1e3 * costs[at].seconds:.3g} ms" if at < len(costs) else "—"


def _memory(costs: tuple[Measured, ...], at: int) -> str:
    memory = costs[at].memory if at < len(costs) else None
    return "—" if memory is None else f"{memory / 1e6:.3g} MB"


def _file(costs: tuple[Measured, ...], at: int) -> str:
    return f"{costs[at].file / 1e6:.3g} MB" if at < len(costs) else "—"

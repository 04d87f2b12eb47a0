"""Naming the axes of scores: which are batch, which are heads, which the queries and which the keys."""

from dataclasses import replace

from engine.graph.graph import Graph
from engine.sites.factors import FEATURE, Axis, Factor, Trace, trace
from engine.sites.product import Product

ROW, COLUMN = "row", "column"


def score_axes(graph: Graph, product: Product) -> tuple[Axis, ...]:
    """Label the axes of Q·K: rows, columns, and leading axes as batch or head by where they come from."""
    shape = graph.shape(product.node.outputs[0])
    lead = lead_axes(graph, product)
    out = []
    for place, letter in enumerate(product.out):
        size = shape[place] if shape is not None and len(shape) == len(product.out) else None
        if letter in lead:
            out.append(lead[letter])
        else:
            out.append((Factor(ROW if letter in product.rows else COLUMN, size),))
    return tuple(out)


def lead_axes(graph: Graph, product: Product) -> dict[str, Axis]:
    """Leading axes by letter: those made of a projection's features are heads, the others batch.

    Letters that only one operand has because the other broadcasts count as leading too.
    """
    leads = [c for c in product.out if c not in product.rows[-1:] and c not in product.columns[-1:]]
    best: dict[str, Axis] = {}
    heads = -1
    resolved = False
    for side, letters in zip(product.sides, product.letters, strict=True):
        found = trace(graph, side)
        if found is None or found.projection is None or len(found.axes) != len(letters):
            continue
        resolved = True
        axes = {c: axis for c, axis in zip(letters, found.axes, strict=True) if c in leads}
        count = sum(f.kind == FEATURE for axis in axes.values() for f in axis)
        if count > heads:
            heads, best = count, axes
    if resolved and (heads > 0 or len(leads) < 2):
        sizes = _sizes(graph, product)
        return {c: _named(best.get(c, (Factor("batch", sizes.get(c)),))) for c in leads}
    return _by_place(graph, product, leads, resolved)


def _named(axis: Axis) -> Axis:
    return tuple(Factor("head" if f.kind in (FEATURE, "head") else "batch", f.size) for f in axis)


def _by_place(graph: Graph, product: Product, leads: list[str], resolved: bool) -> dict[str, Axis]:
    """Where no projection tells: the last of several leading axes is the head, as every exporter writes it."""
    sizes = _sizes(graph, product)
    many = len(leads) > 1 and not resolved
    return {c: (Factor("head" if many and c == leads[-1] else "batch", sizes.get(c)),) for c in leads}


def _sizes(graph: Graph, product: Product) -> dict[str, int | str | None]:
    shape = graph.shape(product.node.outputs[0])
    if shape is None or len(shape) != len(product.out):
        return {}
    return dict(zip(product.out, shape, strict=True))


def name_rows(axes: tuple[Axis, ...], axis: int) -> tuple[tuple[Axis, ...], bool] | None:
    """Rename row and column to query and key: the softmax runs over keys. True where the product was transposed."""
    if not -len(axes) <= axis < len(axes):
        return None
    kinds = {f.kind for f in axes[axis]}
    if kinds == {COLUMN}:
        names, transposed = {ROW: "query", COLUMN: "key"}, False
    elif kinds == {ROW}:
        names, transposed = {ROW: "key", COLUMN: "query"}, True
    else:
        return None
    named = tuple(tuple(replace(f, kind=names.get(f.kind, f.kind)) for f in part) for part in axes)
    return named, transposed


def side_axes(product: Product, side: int, lead: dict[str, Axis], own: str) -> tuple[Axis, ...]:
    """Axes of an operand of a product: leading ones as given, contracted ones "dim", its own one `own`."""
    out: list[Axis] = []
    for letter in product.letters[side]:
        if letter in lead:
            out.append(lead[letter])
        else:
            out.append((Factor("dim" if letter in product.contracted else own, None),))
    return tuple(out)


__all__ = ["Trace", "lead_axes", "name_rows", "score_axes", "side_axes"]

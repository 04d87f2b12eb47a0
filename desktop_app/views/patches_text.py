"""The words of the patches view."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from desktop_app import token_words
from desktop_app.views.patches_data import Floats, Grid, NormMap, PatchesData
from engine.patch_filters import PatchFilters

translate = QCoreApplication.translate
MOST_NAMED = 4


def where(grid: Grid, patch: int) -> str:
    """Return where a patch lies."""
    row, column = divmod(patch, grid[1])
    return translate("Patches", "patch {patch}: row {row}, column {column}").format(patch=patch, row=row, column=column)


def place(grid: Grid, at: int, held: NDArray[np.intp]) -> str:
    """Return what lies at a place now."""
    patch = int(held[at])
    if patch < 0:
        return translate("Patches", "place {place}: blank").format(place=at)
    if patch == at:
        return where(grid, at)
    text = translate("Patches", "place {place} holds patch {patch} of the image")
    return text.format(place=at, patch=patch)


def counted(data: PatchesData, grid: Grid, size: tuple[int, int]) -> str:
    """Return how the image is cut."""
    text = translate("Patches", "{rows} × {columns} patches of {high} × {wide} pixels, in the order of their tokens")
    out = text.format(rows=grid[0], columns=grid[1], high=size[0], wide=size[1])
    if data.guessed:
        out += translate("Patches", " (guessed from the number of tokens)")
    if data.grid is None:
        out += translate("Patches", " (the model itself has none)")
    return out


def how() -> str:
    """Return what can be done with the mouse and the keys."""
    return translate("Patches", "Click a patch to blank it, drag it onto another to exchange the two.")


def colour(pixel: NDArray[np.uint8]) -> str:
    """Return a colour, as exactly as it is stored."""
    return translate("Patches", "R {red}, G {green}, B {blue}").format(
        red=int(pixel[0]), green=int(pixel[1]), blue=int(pixel[2])
    )


def filters_from(found: PatchFilters, data: PatchesData) -> tuple[str, str]:
    """Return what the filters are, and how they are shown."""
    count, _, rows, columns = found.filters.shape
    if found.kind == "linear":
        text = translate("Patches", "{count} rows of the linear embedding “{name}”, {rows} × {columns} pixels each")
    elif found.whole:
        text = translate("Patches", "{count} filters of the patch embedding “{name}”, {rows} × {columns} pixels each")
    else:
        text = translate("Patches", "{count} filters of the first convolution “{name}”, {rows} × {columns} pixels each")
        if data.model.sites:
            text += translate("Patches", "; further layers make tokens of what it gives")
    first = text.format(count=count, name=found.name, rows=rows, columns=columns)
    return first, translate("Patches", "Grey is zero; each has its own scale.")


def components_from(found: PatchFilters) -> tuple[str, str]:
    """Return what the components are, and how they are shown."""
    text = translate("Patches", "{count} principal components of {filters} filters: {share} of their variance")
    share = f"{float(found.shares.sum()):.1%}"
    first = text.format(count=len(found.components), filters=len(found.filters), share=share)
    return first, translate("Patches", "The strongest first. Grey is zero; signs have no meaning.")


def filter_name(number: int, values: Floats) -> str:
    """Return a filter's number and size."""
    text = translate("Patches", "Filter {number}; norm {norm}")
    return text.format(number=number, norm=f"{float(np.linalg.norm(values)):.6g}")


def component_name(number: int, share: float) -> str:
    """Return a component's number and share."""
    text = translate("Patches", "Component {number}: {share} of the variance")
    return text.format(number=number, share=f"{share:.4%}")


def weights(row: int, column: int, values: Floats) -> str:
    """Return the numbers of one pixel of a filter, (channel,)."""
    if len(values) == 1:
        text = translate("Patches", "row {row}, column {column}: {value}")
        return text.format(row=row, column=column, value=f"{values[0]:.6g}")
    text = translate("Patches", "row {row}, column {column}: R {red}, G {green}, B {blue}")
    red, green, blue = (f"{value:.6g}" for value in values[:3])
    return text.format(row=row, column=column, red=red, green=green, blue=blue)


def layer(norm: NormMap) -> str:
    """Return the name of a place in the network."""
    if norm.layer.site is None:
        return translate("Patches", "after the last block")
    return translate("Patches", "entering layer {layer}").format(layer=norm.layer.site)


def caption(norm: NormMap) -> str:
    """Return the same, as briefly as can be."""
    return translate("Patches", "end") if norm.layer.site is None else str(norm.layer.site)


def norms(norm: NormMap) -> tuple[str, str]:
    """Return what the norms of a layer are, and who stands out."""
    values = norm.layer.values
    low, middle, high = (f"{float(v):.4g}" for v in (values.min(), np.median(values), values.max()))
    text = translate("Patches", "Norms of the tokens {layer}: smallest {low}, median {middle}, largest {high}")
    first = text.format(layer=layer(norm), low=low, middle=middle, high=high)
    far = norm.layer.outliers
    parts = [special_norms(norm)]
    if far:
        best = sorted(far, key=lambda token: -values[token])[:MOST_NAMED]
        named = "; ".join(f"{token_words.short(norm.grid, t)} {float(values[t]):.4g}" for t in best)
        if len(far) > len(best):
            named += "; …"
        text = translate("Patches", "Far above the others, perhaps artefacts ({count}): {named}.")
        parts.insert(0, text.format(count=len(far), named=named))
    return first, " ".join(filter(None, parts))


def special_norms(norm: NormMap) -> str:
    """Return the norms of special tokens; empty where there are none."""
    names = token_words.special_names(norm.grid)
    pairs = zip(names, norm.special.tolist(), strict=False)
    return "; ".join(f"{name}: {value:.6g}" for name, value in pairs)


def norm_at(norm: NormMap, row: int, column: int) -> str:
    """Return the exact norm of a patch."""
    text = translate("Patches", "{layer}, row {row}, column {column}: {value}")
    value = f"{float(norm.values[row, column]):.9g}"
    return text.format(layer=layer(norm), row=row // norm.repeat, column=column // norm.repeat, value=value)

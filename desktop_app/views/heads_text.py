"""The words of the Heads view."""

from PySide6.QtCore import QCoreApplication

from desktop_app import token_words
from desktop_app.token_lines import TokenLine
from desktop_app.token_words import special_names
from desktop_app.views.heads_data import HeadsData

translate = QCoreApplication.translate

MOST_NAMED = 256
"""More tokens are numbered beside a matrix."""


def title(data: HeadsData) -> str:
    """Return what the large picture shows."""
    if data.selection.mean_heads:
        text = translate("Heads", "Layer {layer}, mean over heads").format(layer=data.site.index)
    else:
        text = translate("Heads", "Layer {layer}, head {head}").format(layer=data.site.index, head=data.selection.head)
    return " · ".join(filter(None, (text, weighing(data))))


def weighing(data: HeadsData) -> str:
    """Return what the weights are multiplied by; nothing where they count alone."""
    traced, plain = data.norms
    if not traced + plain:
        return ""
    if not plain:
        return translate("Heads", "weight × ‖v W_O‖")
    if not traced:
        return translate("Heads", "weight × ‖v‖ (W_O not known)")
    text = translate("Heads", "weight × ‖v W_O‖ (‖v‖ in {plain} layers)")
    return text.format(plain=plain)


def subtitle(data: HeadsData) -> str:
    """Return of which token the large picture speaks."""
    if data.token is None and data.grid is None:
        return translate("Heads", "Mean over all queries. Point at a token to see its own.")
    if data.token is None:
        return translate("Heads", "Mean over all queries. Point at a patch to see its own.")
    where = place(data, data.token)
    if data.selection.direction == "class":
        return translate("Heads", "What the class token attends to.")
    if data.selection.direction == "to":
        text = translate("Heads", "What attends to {token}.")
    else:
        text = translate("Heads", "What {token} attends to.")
    if data.selection.pinned:
        text += " " + translate("Heads", "Pinned; Esc lets go.")
    return text.format(token=where)


def place(data: HeadsData, token: int) -> str:
    """Return where a token lies, in words."""
    line = data.lines[data.selection.direction == "to"]
    return token_words.place(data.pointing or data.grid or line, token)


def names(line: TokenLine | None) -> tuple[str, ...]:
    """Return what tokens say, to stand beside a matrix; nothing where they have but numbers, or are too many."""
    return () if line is None or line.kind == "numbers" or len(line) > MOST_NAMED else line.pieces


def readout(data: HeadsData, token: int | None, value: float | None = None) -> str:
    """Return the exact number under the pointer, else how exact the numbers are."""
    if token is not None and value is not None:
        where = place(data, token)
        return f"{where[:1].upper()}{where[1:]}: {value:.6f}"
    return " ".join(filter(None, (_exactness(data), _guess(data))))


def _exactness(data: HeadsData) -> str:
    if data.own:
        return translate("Heads", "Read from the model’s own softmax.")
    if data.error is not None:
        text = translate("Heads", "Checked against the model’s own softmax: largest difference {error}.")
        return text.format(error=f"{data.error:.1e}")
    return translate("Heads", "Recomputed from queries and keys.")


def _guess(data: HeadsData) -> str:
    if data.grid is None or not data.grid.guessed:
        return ""
    text = translate("Heads", "Patch grid guessed from the number of tokens: {rows} × {columns}.")
    return text.format(rows=data.grid.rows, columns=data.grid.columns)


def extent(data: HeadsData) -> str:
    """Return how many layers and heads there are, and what is still computed."""
    layers, heads = len(data.values), {len(values) for values in data.values}
    many = str(*heads) if len(heads) == 1 else f"{min(heads)}–{max(heads)}"
    text = translate("Heads", "Rows: layers ({layers}) · Columns: heads ({heads})").format(layers=layers, heads=many)
    return text if data.work is None else text + " · " + translate("Heads", "computing…")


def file_name(data: HeadsData) -> str:
    """Return a name for a saved picture, without ending."""
    head = "mean" if data.selection.mean_heads else f"head-{data.selection.head}"
    who = "mean-over-queries" if data.token is None else f"{data.selection.direction}-{data.token}"
    return f"layer-{data.site.index}-{head}-{who}"


__all__ = ["extent", "file_name", "place", "readout", "special_names", "subtitle", "title", "weighing"]

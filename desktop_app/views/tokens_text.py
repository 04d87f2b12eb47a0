"""The words of the Tokens view."""

from PySide6.QtCore import QCoreApplication

from desktop_app.views.tokens_data import Picture, Settings, TokensData
from desktop_app.widgets.text_layout import visible

translate = QCoreApplication.translate


def title(data: TokensData, settings: Settings) -> str:
    """Return which heads are shown."""
    layer = data.site.index
    if settings.combine == "max":
        return translate("Tokens", "Layer {layer}, maximum over heads").format(layer=layer)
    if settings.combine == "subset":
        heads = ", ".join(str(head) for head in sorted(settings.subset))
        return translate("Tokens", "Layer {layer}, mean over heads {heads}").format(layer=layer, heads=heads)
    if data.selection.mean_heads:
        return translate("Tokens", "Layer {layer}, mean over heads").format(layer=layer)
    return translate("Tokens", "Layer {layer}, head {head}").format(layer=layer, head=data.selection.head)


def subtitle(data: TokensData, picture: Picture) -> str:
    """Return what the colours say."""
    if picture.place is None:
        return translate("Tokens", "Mean over all queries. Point at a token to see its own.")
    side = picture.keys if data.by_key else picture.queries
    name = visible(side.line.pieces[picture.place])
    if data.by_key:
        text = translate("Tokens", "What attends to “{token}” (key {number}).")
    else:
        text = translate("Tokens", "What “{token}” (query {number}) attends to.")
    if data.selection.pinned:
        text += " " + translate("Tokens", "Pinned; Esc lets go.")
    return text.format(token=name, number=data.token)


def strongest(picture: Picture, *, by_key: bool) -> str:
    """Return the largest numbers with their tokens."""
    shown = (picture.queries if by_key and picture.place is not None else picture.keys).line
    order = (-picture.row).argsort()[:4]
    pair = translate("Tokens", "“{token}” {weight}")
    told = [i for i in order if i < len(shown)]
    parts = [pair.format(token=visible(shown.pieces[i]), weight=f"{picture.row[i]:.3f}") for i in told]
    return translate("Tokens", "Most: {tokens}").format(tokens=" · ".join(parts))


def grid_text(layers: int, kind: str, *, working: bool) -> str:
    """Return what the thumbnails show."""
    texts = {
        "patterns": translate("Tokens", "Rows: layers ({layers}) · Columns: heads · Each: query down, key across"),
        "links": translate("Tokens", "Rows: layers ({layers}) · Columns: heads · Each: queries left, keys right"),
        "rows": translate("Tokens", "Rows: layers ({layers}) · Columns: heads · Each: the row of the token"),
    }
    text = texts[kind].format(layers=layers)
    return text + (" · " + translate("Tokens", "computing…") if working else "")


def too_long(count: int) -> str:
    """Return why there is no matrix."""
    text = translate("Tokens", "{count} tokens are too many for a matrix. The text above shows the row of each token.")
    return text.format(count=count)

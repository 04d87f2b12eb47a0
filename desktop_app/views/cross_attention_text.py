"""The words of the Cross-attention view."""

from PySide6.QtCore import QCoreApplication

from desktop_app.token_lines import TokenLine
from desktop_app.views.cross_attention_data import Average, CrossData, Link
from desktop_app.widgets.text_layout import visible

translate = QCoreApplication.translate


def title(data: CrossData, average: Average) -> str:
    """Return what is shown."""
    names = {
        "encoder": translate("Cross", "Encoder self-attention"),
        "decoder": translate("Cross", "Decoder self-attention"),
        "cross": translate("Cross", "Cross-attention"),
    }
    if average == "all":
        return translate("Cross", "{part}, mean over all layers and heads").format(part=names[data.part])
    if average == "layer":
        text = translate("Cross", "{part} {layer}, mean over heads")
    else:
        text = translate("Cross", "{part} {layer}, head {head}")
    return text.format(part=names[data.part], layer=data.layer, head=data.selection.head)


def subtitle(data: CrossData) -> str:
    """Return what the colours say."""
    if data.places is None:
        return ""
    if data.pointed is None:
        return translate("Cross", "The source shows the mean over the target. Point at a token on either side.")
    side, token = data.pointed
    line = data.places.target if side == "target" else data.places.source
    name = visible(line.pieces[token])
    if side == "target":
        text = translate("Cross", "What “{token}” attends to: in the source, and in the target so far.")
    else:
        text = translate("Cross", "What “{token}” attends to in the source, and which target tokens attend to it.")
    if data.selection.pinned:
        text += " " + translate("Cross", "Pinned; Esc lets go.")
    return text.format(token=name)


def side(line: TokenLine, *, target: bool) -> str:
    """Return what a side is."""
    names = {
        "text": translate("Cross", "Target") if target else translate("Cross", "Source"),
        "patches": translate("Cross", "Image"),
        "frames": translate("Cross", "Sound"),
        "objects": translate("Cross", "Object queries"),
        "numbers": translate("Cross", "Queries") if target else translate("Cross", "Keys"),
    }
    return translate("Cross", "{name}: {count} tokens").format(name=names[line.kind], count=len(line))


def row(link: Link, target: TokenLine, source: TokenLine) -> tuple[str, str, str, str]:
    """Return the cells of one line of the alignment: the target token, the one it helps to write, source, weight."""
    after = link.target + 1
    follows = visible(target.pieces[after]) if target.kind == "text" and after < len(target) else ""
    return visible(target.pieces[link.target]), follows, visible(source.pieces[link.source]), f"{link.weight:.3f}"


def none_found() -> str:
    """Return why there is nothing to show."""
    return translate(
        "Cross",
        "This run shows no attention from one side to another: the queries and keys of its cross-attention could not "
        "be told apart. Look at the Tokens view instead.",
    )

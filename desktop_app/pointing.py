"""What is pointed at, in words."""

from PySide6.QtCore import QCoreApplication

from desktop_app.selection import Selection
from desktop_app.token_lines import TokenLine, line_of
from desktop_app.widgets.text_layout import visible
from engine import EngineError, Run

translate = QCoreApplication.translate


class Pointer:
    """Words for a selection."""

    def words(self, run: Run | None, selection: Selection) -> str:
        """Return such as "Layer 4 · head 2 · patch (3, 5)"; empty where nothing can be pointed at."""
        if run is not None and not run.model.sites and selection.layer < len(run.model.convolutions):
            text = translate("Pointer", "Layer {layer} · map {map}")
            return text.format(layer=selection.layer, map=selection.channel)
        if run is None or selection.site >= len(run.model.sites):
            return ""
        parts = [translate("Pointer", "Layer {layer}").format(layer=selection.site)]
        if selection.mean_heads:
            parts.append(translate("Pointer", "mean over heads"))
        else:
            parts.append(translate("Pointer", "head {head}").format(head=selection.head))
        if selection.token is not None:
            parts.append(self._token(run, selection, selection.token))
        if selection.pinned:
            parts.append(translate("Pointer", "pinned"))
        return " · ".join(parts)

    def _token(self, run: Run, selection: Selection, token: int) -> str:
        """Return what a token is: a patch by row and column, a piece of a text, a special token, or its number."""
        line = self._line(run, selection.site, selection.direction == "to")
        if line is None or token >= len(line):
            return translate("Pointer", "token {token}").format(token=token)
        place = None if line.grid is None else line.grid.on_image(token, selection.batch)
        if place is not None:
            return translate("Pointer", "patch ({row}, {column})").format(row=place[0], column=place[1])
        if line.kind == "patches":
            if token == 0:
                return translate("Pointer", "class token")
            return translate("Pointer", "special token {token}").format(token=token)
        if line.kind == "numbers":
            return translate("Pointer", "token {token}").format(token=token)
        return translate("Pointer", "token {token} “{piece}”").format(token=token, piece=visible(line.pieces[token]))

    def _line(self, run: Run, site: int, keys: bool) -> TokenLine | None:
        try:
            return line_of(run, run.model.sites[site], keys=keys)
        except EngineError:
            return None

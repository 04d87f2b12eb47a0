"""What is pointed at, in words."""

from PySide6.QtCore import QCoreApplication

from desktop_app.selection import Selection
from engine import EngineError, Run
from engine.grid import PatchGrid, patch_grid

translate = QCoreApplication.translate


class Pointer:
    """Words for a selection; the patch grid of a site is worked out once for each run."""

    def __init__(self) -> None:
        self._run: Run | None = None
        self._grids: dict[int, PatchGrid | None] = {}

    def words(self, run: Run | None, selection: Selection) -> str:
        """Return such as "Layer 4 · head 2 · patch (3, 5)"; empty where nothing can be pointed at."""
        if run is None or selection.site >= len(run.model.sites):
            return ""
        parts = [translate("Pointer", "Layer {layer}").format(layer=selection.site)]
        if selection.mean_heads:
            parts.append(translate("Pointer", "mean over heads"))
        else:
            parts.append(translate("Pointer", "head {head}").format(head=selection.head))
        if selection.token is not None:
            parts.append(self._token(run, selection.site, selection.token))
        if selection.pinned:
            parts.append(translate("Pointer", "pinned"))
        return " · ".join(parts)

    def _token(self, run: Run, site: int, token: int) -> str:
        """Return what a token is: a patch by row and column, or a special token."""
        grid = self._grid(run, site)
        place = None if grid is None else grid.place_of(token)
        if grid is None:
            return translate("Pointer", "token {token}").format(token=token)
        if place is None:
            if token == 0:
                return translate("Pointer", "class token")
            return translate("Pointer", "special token {token}").format(token=token)
        return translate("Pointer", "patch ({row}, {column})").format(row=place[0], column=place[1])

    def _grid(self, run: Run, site: int) -> PatchGrid | None:
        if run is not self._run:
            self._run, self._grids = run, {}
        if site not in self._grids:
            try:
                self._grids[site] = patch_grid(run, run.model.sites[site])
            except EngineError:
                self._grids[site] = None
        return self._grids[site]

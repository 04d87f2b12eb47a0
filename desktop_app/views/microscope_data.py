"""What the microscope shows, computed without a window."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from desktop_app.selection import Selection
from desktop_app.token_lines import TokenLine, line_of
from engine import AttentionSite, EngineError, Run, attention
from engine.grid import PatchGrid
from engine.images.plan import Prepared
from engine.microscope import Close, look_close
from engine.runtime.interventions.images import seen_image

Floats = NDArray[np.float32]
MOST_MARKED = 5


@dataclass(frozen=True)
class MicroscopeData:
    """One query of one head.

    Attributes:
        selection: what was asked for, with what this run has not taken out.
        site: the chosen site.
        token: the query token.
        close: the stages; None where the site shows no queries and keys.
        refused: why there are no stages.
        grid, key_grid: how queries and keys lie on the image.
        image: the photo that ran.
        sites, heads, tokens: how many there are to choose from.
        outputs: what the model said; another object for every run.
        lines: the tokens, queries and keys.
    """

    selection: Selection
    site: AttentionSite
    token: int
    close: Close | None
    refused: EngineError | None
    grid: PatchGrid | None
    key_grid: PatchGrid | None
    image: Prepared | None
    sites: int
    heads: int
    tokens: int
    outputs: Mapping[str, NDArray[np.generic]] = field(default_factory=dict, compare=False)
    lines: tuple[TokenLine | None, TokenLine | None] = field(default=(None, None), compare=False)

    @property
    def largest(self) -> tuple[int, ...]:
        """The keys with the largest weights, largest first."""
        if self.close is None:
            return ()
        return tuple(int(i) for i in np.argsort(-self.close.weights)[:MOST_MARKED])


def compute(run: Run, selection: Selection) -> MicroscopeData:
    """Return one query of one head, stage by stage.

    Raises:
        EngineError: a tensor was not kept in this run and must be fetched first.
    """
    site = run.model.sites[min(selection.site, len(run.model.sites) - 1)]
    _, heads, queries, _ = run.pattern_shape(site)
    batch = attention.batch_of(run, site, selection.batch)
    token = 0 if selection.token is None else min(selection.token, queries - 1)
    found = replace(selection, site=site.index, head=min(selection.head, heads - 1), batch=batch)
    close, refused = None, None
    try:
        close = look_close(run, site, found.head, token, batch)
    except EngineError as error:
        if error.code == "not-in-run":
            raise
        refused = error
    return MicroscopeData(
        selection=found,
        site=site,
        token=token,
        close=close,
        refused=refused,
        grid=attention.grid_of(run, site),
        key_grid=attention.grid_of(run, site, keys=True),
        lines=(line_of(run, site, batch=batch), line_of(run, site, keys=True, batch=batch)),
        image=seen_image(run),
        sites=len(run.model.sites),
        heads=heads,
        tokens=queries,
        outputs=run.outputs,
    )

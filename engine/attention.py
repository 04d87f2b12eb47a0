"""What a token attends to, head by head: single rows and columns of patterns, and means over queries.

Only what is shown is computed. A row needs one product of a query with all keys. A column needs the sum over
the keys of every row it crosses; these sums belong to the run, not to the token, so they are kept
(`engine.row_sums`), and after that a column costs as much as a row.
"""

from typing import Literal, cast

import numpy as np

from engine.errors import EngineError, declare_errors
from engine.grid import PatchGrid, patch_grid
from engine.messages import translate
from engine.row_sums import advance, batch_of, complete, finish, row_sums
from engine.runtime.run import Run
from engine.runtime.score_steps import Floats
from engine.sites.site import AttentionSite
from engine.tokens import tokens_of_site

Direction = Literal["from", "to", "class"]
"""From a token to all others, from all others to it, or from the class token."""

declare_errors(
    {
        "no-class-token": translate("engine", "Site {site} has no class token."),
        "no-class-token.advice": translate("engine", "Point at a patch instead."),
    }
)


def attention_row(
    run: Run,
    site: AttentionSite,
    head: int,
    token: int,
    direction: Direction,
    *,
    mean_heads: bool = False,
    batch: int = 0,
    wait: bool = True,
) -> Floats:
    """Return one row or column of a pattern, float32.

    Args:
        run: the finished run.
        site: the site to read.
        head: head within the site; not looked at with `mean_heads`.
        token: query token ("from") or key token ("to"); not looked at for "class".
        direction: "from" gives pattern[head, token, :], "to" gives pattern[head, :, token], "class" the row of
            the class token, which is the first special token before the patches.
        mean_heads: the mean over the heads of the site.
        batch: item of the batch axis; the first where the site has fewer.
        wait: compute the sums that a column needs; else heads whose sums are missing come back as NaN.

    Returns:
        (key,) or, for "to", (query,).

    Raises:
        EngineError: "class" where the site has no class token.
        IndexError: head or token lie outside the pattern.
    """
    heads = slice(None) if mean_heads else _only(head, site.heads)
    rows = _rows(run, site, heads, token, direction, batch_of(run, site, batch), wait)  # (head, key)
    return cast(Floats, rows.mean(axis=0)) if mean_heads else rows[0]


def thumbnails(
    run: Run,
    token: int,
    direction: Direction,
    batch: int = 0,
    *,
    counted_in: AttentionSite | None = None,
    wait: bool = True,
) -> tuple[Floats, ...]:
    """Return, for every site, one row (or column) per head: (head, key) float32.

    Sites may differ in their tokens. `token` counts in `counted_in` (by default the first site); elsewhere the
    token at the same place of the image is taken. Rows are NaN where a site has no such token, and, without
    `wait`, where the sums a column needs are not there yet.
    """
    if not run.model.sites:
        return ()
    source = counted_in or run.model.sites[0]
    found = []
    for site in run.model.sites:
        if direction == "class":
            first = class_token(run, site)
            here = None if first is None else (batch_of(run, site, batch), first)
        else:
            here = alike(run, source, token, batch, site, direction)
        if here is None:
            found.append(_nothing(run, site, direction))
        else:
            grid = grid_of(run, site)
            small = grid is not None and grid.windows is not None  # a window's sums take no time
            found.append(_rows(run, site, slice(None), here[1], direction, here[0], wait or small))
    return tuple(found)


def overview(run: Run, batch: int = 0, *, wait: bool = True) -> tuple[Floats, ...]:
    """Return, for every site, the mean of the pattern over its queries: (head, key) float32.

    It is what each head attends to on average. Without `wait`, heads not computed yet are NaN.
    """
    return tuple(mean_over_queries(run, site, batch, wait=wait) for site in run.model.sites)


def mean_over_queries(run: Run, site: AttentionSite, batch: int = 0, *, wait: bool = True) -> Floats:
    """Return the mean of a site's pattern over its queries: (head, key) float32, NaN as in `overview`."""
    sums = row_sums(run, site, batch_of(run, site, batch))
    if wait:
        finish(run, site, slice(None), sums)
    ready = sums.ready()
    return np.where(ready[:, None], sums.columns / np.float32(sums.top.shape[1]), np.float32(np.nan))


def class_token(run: Run, site: AttentionSite) -> int | None:
    """Return the class token: the first special token before the patches; None where there is none."""
    grid = grid_of(run, site)
    return 0 if grid is not None and grid.prefix else None


def grid_of(run: Run, site: AttentionSite, *, keys: bool = False) -> PatchGrid | None:
    """Return `patch_grid`, remembered for the run."""
    name = ("grid", site.index, keys)
    if name not in run.memo:
        run.memo[name] = patch_grid(run, site, keys=keys)
    return cast(PatchGrid | None, run.memo[name])


def counterpart(
    run: Run, source: AttentionSite, token: int, site: AttentionSite, direction: Direction = "from"
) -> int | None:
    """Return the token of `site` at the place where `token` lies in `source`; None where there is none."""
    axis = 3 if direction == "to" else 2
    tokens = run.pattern_shape(site)[axis]
    if run.text is not None and site.index != source.index and not _same_stream(run, source, site, direction):
        return None
    if site.index == source.index or run.pattern_shape(source)[axis] == tokens:
        return token if 0 <= token < tokens else None
    old, new = (grid_of(run, s, keys=direction == "to") for s in (source, site))
    if old is None or new is None:
        return None
    place = old.place_of(token)
    if place is None:
        return token if token < min(old.prefix, new.prefix) else None
    row = int((place[0] + 0.5) * new.rows / old.rows)
    column = int((place[1] + 0.5) * new.columns / old.columns)
    return new.token_at(row, column)


def _same_stream(run: Run, one: AttentionSite, other: AttentionSite, direction: Direction) -> bool:
    """Return whether tokens of two sites may be the same: those of a source and its target are not."""
    streams = {tokens_of_site(run, site)[direction == "to"].stream for site in (one, other)}
    return len(streams) == 1 or "unknown" in streams


def alike(
    run: Run, source: AttentionSite, token: int, batch: int, site: AttentionSite, direction: Direction = "from"
) -> tuple[int, int] | None:
    """Return (batch item, token) of `site` at the place where a token of an item lies in `source`.

    Windows are items of the batch axis: the one is found that holds the place. None where there is none.
    """
    old, new = (grid_of(run, s, keys=direction == "to") for s in (source, site))
    if site.index == source.index or old is None or new is None or (old.windows is None and new.windows is None):
        here = counterpart(run, source, token, site, direction)
        return None if here is None else (batch_of(run, site, batch), here)
    place = old.on_image(token, batch)
    if place is None:
        return None
    row = int((place[0] + 0.5) * new.image_rows / old.image_rows)
    column = int((place[1] + 0.5) * new.image_columns / old.image_columns)
    return new.on_site(row, column, image=batch if old.windows is None else batch // old.windows.count)


def _rows(
    run: Run, site: AttentionSite, heads: slice, token: int, direction: Direction, batch: int, wait: bool
) -> Floats:
    """Return rows or columns of one token, (head, key)."""
    if direction == "from":
        return run.pattern(site, batch=batch, head=heads, query=token)
    if direction == "class":
        first = class_token(run, site)
        if first is None:
            raise EngineError("no-class-token", site=site.index)
        return run.pattern(site, batch=batch, head=heads, query=first)
    if not run.is_factored(site):
        return run.pattern(site, batch=batch, head=heads, key=token)
    sums = row_sums(run, site, batch)
    if wait:
        finish(run, site, heads, sums)
    scores = run.scores(site, batch=batch, head=heads, key=token)  # (head, query)
    total = sums.total[heads]
    e = np.exp(scores - sums.top[heads])
    out = np.divide(e, total, out=np.zeros_like(e), where=total != 0)
    out[~sums.ready()[heads]] = np.nan
    return cast(Floats, out)


def _only(index: int, size: int) -> slice:
    if not 0 <= index < size:
        raise IndexError(f"head {index} is outside a site of {size} heads")
    return slice(index, index + 1)


def _nothing(run: Run, site: AttentionSite, direction: Direction) -> Floats:
    _, heads, queries, keys = run.pattern_shape(site)
    return np.full((heads, queries if direction == "to" else keys), np.nan, np.float32)


__all__ = [
    "Direction",
    "advance",
    "alike",
    "attention_row",
    "batch_of",
    "class_token",
    "complete",
    "counterpart",
    "grid_of",
    "mean_over_queries",
    "overview",
    "thumbnails",
]

"""What all rows of a pattern have in common: the sums that columns and means over queries need.

A column of a pattern crosses every row, and each row is normalised by the sum over all its keys. These sums
belong to the run, not to the token pointed at, so they are computed once, block by block, and kept with the run.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from engine.runtime.run import Run
from engine.runtime.score_steps import Floats
from engine.sites.site import AttentionSite

BLOCK = 1 << 18
"""Scores computed at once (1 MiB): small enough to stay in the cache and to answer the pointer in between."""


@dataclass
class RowSums:
    """What all rows of a site have in common; rows of a head are filled from the first query on."""

    batch: int
    top: Floats  # (head, query): the largest score of the row
    total: Floats  # (head, query): sum over the keys of exp(score - top)
    columns: Floats  # (head, key): sum over the queries of the pattern
    done: NDArray[np.intp]  # (head,): queries computed so far

    def ready(self) -> NDArray[np.bool_]:
        """Which heads are complete, (head,)."""
        return np.greater_equal(self.done, self.top.shape[1])


def row_sums(run: Run, site: AttentionSite, batch: int) -> RowSums:
    """Return the sums of a site as far as they are computed; `finish` and `advance` fill them."""
    name = ("sums", site.index, batch)
    if name not in run.memo:
        _, heads, queries, keys = run.pattern_shape(site)
        top, total = np.zeros((2, heads, queries), np.float32)
        run.memo[name] = RowSums(batch, top, total, np.zeros((heads, keys), np.float32), np.zeros(heads, np.intp))
    return cast(RowSums, run.memo[name])


def finish(run: Run, site: AttentionSite, heads: slice, sums: RowSums) -> None:
    """Compute every block that the given heads still miss."""
    for head in range(*heads.indices(site.heads)):
        while not sums.ready()[head]:
            _block(run, site, sums, head)


def _block(run: Run, site: AttentionSite, sums: RowSums, head: int) -> int:
    """Compute the next block of a head, of several heads at once where rows are short; return its size."""
    queries, keys = sums.top.shape[1], sums.columns.shape[1]
    together = max(1, BLOCK // max(1, queries * keys))
    start = head // together * together
    heads = slice(start, min(start + together, sums.top.shape[0]))
    at = int(sums.done[head])
    rows = slice(at, min(queries, at + max(1, BLOCK // max(1, keys))))
    if run.is_factored(site):
        scores = run.scores(site, batch=sums.batch, head=heads, query=rows)  # (head, query, key)
        top = scores.max(axis=-1, keepdims=True)
        np.copyto(top, 0.0, where=~np.isfinite(top))
        e = np.exp(scores - top)
        total = e.sum(axis=-1)
        weight = np.divide(1, total, out=np.zeros_like(total), where=total != 0)
        sums.top[heads, rows], sums.total[heads, rows] = top[..., 0], total
        sums.columns[heads] += np.matmul(weight[:, None], e)[:, 0]
    else:
        sums.columns[heads] += run.pattern(site, batch=sums.batch, head=heads, query=rows).sum(axis=1)
    sums.done[heads] = rows.stop
    return int((heads.stop - heads.start) * (rows.stop - rows.start) * keys)


def advance(run: Run, batch: int = 0, first: tuple[int, int] = (0, 0)) -> int:
    """Compute one more block (about `BLOCK` scores) of the sums behind columns and overviews.

    Args:
        run: the finished run.
        batch: item of the batch axis.
        first: the site and head that somebody looks at; the others follow in order.

    Returns:
        How many scores were computed; 0 when nothing is left.
    """
    sites = run.model.sites
    for site in (*sites[first[0] : first[0] + 1], *sites):
        sums = row_sums(run, site, batch_of(run, site, batch))
        missing = np.flatnonzero(~sums.ready())
        if missing.size:
            wanted = first[1] if site.index == first[0] and first[1] in missing else int(missing[0])
            return _block(run, site, sums, wanted)
    return 0


def complete(run: Run, batch: int = 0) -> bool:
    """Return whether the sums of every site are there."""
    return all(row_sums(run, site, batch_of(run, site, batch)).ready().all() for site in run.model.sites)


def batch_of(run: Run, site: AttentionSite, batch: int) -> int:
    """Return `batch`, or the first item where the site's batch axis is shorter."""
    return batch if batch < run.pattern_shape(site)[0] else 0

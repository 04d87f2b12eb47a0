"""What the metrics view shows, computed without a window."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import cast

import numpy as np
from numpy.typing import NDArray

from desktop_app.selection import Selection
from engine import AttentionSite, EngineError, Run, attention
from engine.head_labels import Label, head_labels
from engine.head_table import HeadTally
from engine.metrics import METRICS

NUMBERS = (*METRICS, "agreement")
"""The columns that hold numbers, in order."""


@dataclass(frozen=True)
class HeadRow:
    """One head.

    Attributes:
        site, head: which one.
        numbers: by column of `NUMBERS`; NaN where a number means nothing; empty while not computed.
        labels: what kind of head it is, most telling first.
        offset: the relative position that the largest weight falls on most often; empty where there is none.
        share: in how many of the queries that have a token there.
        uniform: mean distance of uniform attention on the same tokens.
    """

    site: int
    head: int
    numbers: dict[str, float] = field(default_factory=dict)
    labels: tuple[Label, ...] = ()
    offset: tuple[int, ...] = ()
    share: float = math.nan
    uniform: float = math.nan

    def number(self, column: str) -> float:
        """Return a number of the table; NaN where there is none."""
        return self.numbers.get(column, math.nan)


@dataclass(frozen=True)
class MetricsData:
    """All heads.

    Attributes:
        selection: what was asked for, with what this run has not taken out.
        rows: every head, layer by layer; the same object as long as no number was added.
        done, layers: how many layers are computed, of how many.
        in_pixels: distances are in pixels; in tokens; None where layers differ.
        work: computes a little more and says whether anything is left; None when nothing is.
        again: gives this table with what was computed since.
    """

    selection: Selection
    rows: tuple[HeadRow, ...]
    done: int
    layers: int
    in_pixels: bool | None
    work: Callable[[], bool] | None = field(default=None, compare=False)
    again: Callable[[], "MetricsData"] | None = field(default=None, compare=False)


def compute(run: Run, selection: Selection) -> MetricsData:
    """Return the table as far as it is computed; `work` goes on.

    Raises:
        EngineError: a pattern was not kept in this run and must be fetched first.
    """
    site = run.model.sites[min(selection.site, len(run.model.sites) - 1)]
    head = min(selection.head, run.pattern_shape(site)[1] - 1)
    batch = attention.batch_of(run, site, selection.batch)
    found = replace(selection, site=site.index, head=head, batch=batch)
    tallies = _tallies(run, selection.batch)
    done = sum(tally.finished for tally in tallies)
    kept = cast(tuple[int, tuple[HeadRow, ...], bool | None] | None, run.memo.get(("head rows", selection.batch)))
    if kept is None or kept[0] != done:
        kept = (done, *_rows(run.model.sites, tallies))
        run.memo["head rows", selection.batch] = kept
    left = done < len(tallies)
    return MetricsData(
        selection=found,
        rows=kept[1],
        done=done,
        layers=len(tallies),
        in_pixels=kept[2],
        work=partial(_work, tallies) if left else None,
        again=partial(compute, run, selection) if left else None,
    )


def as_lines(rows: Iterable[HeadRow], heading: tuple[str, ...]) -> list[tuple[object, ...]]:
    """Return heads as lines of a table under a heading; NaN where there is no number."""
    told = ((row.site, row.head, " ".join(row.labels), *(row.number(name) for name in NUMBERS)) for row in rows)
    return [heading, *told]


def as_arrays(rows: Sequence[HeadRow]) -> dict[str, NDArray[np.generic]]:
    """Return each column of the table as an array by its name, (head,); NaN where there is no number."""
    out: dict[str, NDArray[np.generic]] = {
        "layer": np.array([row.site for row in rows], np.int64),
        "head": np.array([row.head for row in rows], np.int64),
        "labels": np.array([" ".join(row.labels) for row in rows], np.str_),
    }
    out.update({name: np.array([row.number(name) for row in rows], np.float32) for name in NUMBERS})
    return out


def columns_told(rows: Iterable[HeadRow]) -> tuple[str, ...]:
    """Return the columns in which at least one head has a number; all while nothing is computed.

    Special tokens are left out where there are none: the weight on them is zero everywhere.
    """
    some = [row for row in rows if row.numbers]
    told = tuple(name for name in NUMBERS if any(_tells(row.number(name), name) for row in some))
    return told or NUMBERS


def _tells(value: float, name: str) -> bool:
    return value > 0 if name == "special_mass" else not math.isnan(value)


def _tallies(run: Run, batch: int) -> tuple[HeadTally, ...]:
    """Return the sums of every site, begun or finished, remembered for the run."""
    name = ("head tallies", batch)
    if name not in run.memo:
        for site in run.model.sites:
            _probe(run, site, attention.batch_of(run, site, batch))
        made = (HeadTally(run, site, attention.batch_of(run, site, batch)) for site in run.model.sites)
        run.memo[name] = tuple(made)
    return cast(tuple[HeadTally, ...], run.memo[name])


def _probe(run: Run, site: AttentionSite, batch: int) -> None:
    """Read one row, so that a tensor that must be fetched is asked for before the long work."""
    try:
        run.pattern(site, batch=batch, head=0, query=0)
    except EngineError as error:
        if error.code == "not-in-run":
            raise


def _rows(sites: tuple[AttentionSite, ...], tallies: tuple[HeadTally, ...]) -> tuple[tuple[HeadRow, ...], bool | None]:
    """Return every head, and whether distances are in pixels."""
    rows: list[HeadRow] = []
    units: set[bool] = set()
    for site, tally in zip(sites, tallies, strict=True):
        if not tally.finished:
            rows += [HeadRow(site.index, head) for head in range(site.heads)]
            continue
        found = tally.numbers()
        units.add(found.in_pixels)
        labels = head_labels(found)
        for head in range(site.heads):
            numbers = {name: float(found.means[name][head]) for name in METRICS}
            numbers["agreement"] = float(found.agreement[head])
            offset = found.offsets[head] if found.offsets else ()
            share = float(found.offset_share[head])
            rows.append(HeadRow(site.index, head, numbers, labels[head], offset, share, found.uniform))
    return tuple(rows), units.pop() if len(units) == 1 else None


def _work(tallies: tuple[HeadTally, ...]) -> bool:
    """Compute a little more; return whether anything is left. A layer that cannot be read stays empty."""
    for tally in tallies:
        if not tally.finished:
            try:
                tally.advance()
            except EngineError:
                tally.give_up()
            break
    return not all(tally.finished for tally in tallies)

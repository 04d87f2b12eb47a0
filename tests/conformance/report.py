"""Measure the engine on every reference graph: `python -m tests.conformance.report [--write]`, from the root.

Prints one line for each case. With --write, puts the table into README.md and the cases that the engine does not
pass yet into gaps.txt.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.conformance.references import GAPS, Reference, opened, references

README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


@dataclass(frozen=True)
class Row:
    case: Reference
    sites: int = 0
    factored: int = 0
    error: float = 0.0  # against the framework
    checked: float = 0.0  # what run.error says
    gap: str = ""  # why the case is not passed


def measure(case: Reference) -> Row:
    """Find out how far the engine gets."""
    meta = case.meta
    try:
        model = opened(case)
        if len(model.sites) != len(meta["heads"]):
            return Row(case, len(model.sites), gap=f"{len(model.sites)} sites found")
        kinds = [site.kind for site in model.sites]
        if not all(kind in wanted.split("|") for kind, wanted in zip(kinds, meta["kinds"], strict=True)):
            return Row(case, len(kinds), gap=f"kinds {', '.join(kinds)}")
        heads = [site.heads for site in model.sites]
        if heads != meta["heads"]:
            return Row(case, len(kinds), gap=f"heads {heads}")
        run = model.run(case.feeds)
        error = max(
            (_difference(run.pattern(s), p) for s, p in zip(model.sites, case.patterns, strict=True)), default=0
        )
        checked = [run.error(site) for site in model.sites]
        factored = sum(run.is_factored(site) for site in model.sites)
    except Exception as failure:  # a report goes on
        return Row(case, gap=f"{type(failure).__name__}: {str(failure).splitlines()[0][:150]}")
    own = max((e for e in checked if not math.isnan(e)), default=math.nan)
    gap = "" if error <= meta["tolerance"] else f"patterns differ by {error:.1g}"
    return Row(case, len(heads), factored, error, own, gap)


def _difference(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a - b).max(initial=0)) if a.shape == b.shape else math.inf


def table(rows: list[Row]) -> str:
    lines = [
        "| case | family | route | spelling | sites | factored | error | own check |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        meta = row.case.meta
        expected = len(meta["heads"])
        found = f"{row.sites} of {expected}" if row.gap else str(expected)
        cells = [f"`{row.case.name}`", meta["family"], meta["route"], meta["spelling"], found]
        if row.gap or not expected:
            cells += ["", row.gap, ""]
        else:
            cells += [
                str(row.factored),
                f"{row.error:.0e}",
                "none" if math.isnan(row.checked) else f"{row.checked:.0e}",
            ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def summary(rows: list[Row]) -> str:
    passed = [row for row in rows if not row.gap]
    sites = sum(len(row.case.meta["heads"]) for row in rows)
    return (
        f"{len(passed)} of {len(rows)} graphs pass; of {sites} attentions "
        f"{sum(len(row.case.meta['heads']) for row in passed)} are exact, "
        f"{sum(row.factored for row in passed)} of them factored."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="update README.md and gaps.txt")
    arguments = parser.parse_args()
    rows = []
    for case in references():
        rows.append(measure(case))
        if rows[-1].gap:
            print(f"{case.name:44} {rows[-1].gap}", flush=True)
    print(summary(rows))
    if arguments.write:
        text = README.read_text(encoding="utf-8")
        head, rest = text.split(BEGIN)
        tail = rest.split(END)[1]
        README.write_text(f"{head}{BEGIN}\n{summary(rows)}\n\n{table(rows)}\n{END}{tail}", encoding="utf-8")
        GAPS.write_text("".join(f"{row.case.name}: {row.gap}\n" for row in rows if row.gap), encoding="utf-8")


if __name__ == "__main__":
    main()

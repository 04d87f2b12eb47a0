"""`make bench`: measure every budget side by side with what it is compared to, and print the table.

--write       keep the table in tests/benchmarks/README.md
--only WORD   measure only the groups with WORD in their name
--rounds N    take turns N times (3)
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks import attention_lines, cost, engine_lines, finder, maps_lines, window_lines
from tests.benchmarks.rows import HEADINGS, Row

README = Path(__file__).with_name("README.md")
MARKS = ("<!-- table -->\n", "<!-- end of table -->")

GROUPS: dict[str, Callable[[Path, int], Iterator[Row]]] = {
    "engine": engine_lines.rows,
    "finder": finder.rows,
    "launch": window_lines.launch_rows,
    "stall": window_lines.stall_rows,
    "choose": window_lines.choose_rows,
    "typed": window_lines.typed_rows,
    "hover": window_lines.hover_rows,
    "attention": attention_lines.rows,
    "maps": maps_lines.rows,
}


def machine() -> str:
    """Name this machine by its cores and kind of processor."""
    family = platform.machine()
    cpu = Path("/proc/cpuinfo")
    if cpu.exists():
        lines = [line.partition(":") for line in cpu.read_text().splitlines()]
        facts = {name.strip(): value.strip() for name, _, value in lines}
        vendor = {"GenuineIntel": "Intel", "AuthenticAMD": "AMD"}.get(facts.get("vendor_id", ""), "")
        family = " ".join(filter(None, (vendor, family, f"family {facts.get('cpu family', '?')}")))
    return f"{os.cpu_count()} cores, {family}, {platform.system()}, Python {platform.python_version()}"


def line(cells: tuple[str, ...]) -> str:
    """Return one line of a Markdown table."""
    return "| " + " | ".join(cells) + " |"


def main() -> int:
    """Measure, print, and keep the table where that is asked for."""
    parser = argparse.ArgumentParser(prog="make bench", description="Measure every budget.")
    parser.add_argument("--write", action="store_true", help="keep the table in tests/benchmarks/README.md")
    parser.add_argument("--only", default="", choices=["", *GROUPS, "cost"], help="measure this group alone")
    parser.add_argument("--rounds", type=int, default=3, help="how often the two sides take turns")
    options = parser.parse_args()
    if options.write and options.only:
        parser.error("--write keeps a whole table: leave --only out")
    head = [f"Measured on {machine()}.", "", line(HEADINGS), line(("---",) * len(HEADINGS))]
    print("\n".join(head), flush=True)
    body = []
    with tempfile.TemporaryDirectory() as folder:
        for name, measure in GROUPS.items():
            if options.only in ("", name):
                for row in measure(Path(folder), options.rounds):
                    body.append(line(row.cells()))
                    print(body[-1], flush=True)
    if options.only in ("", "cost"):
        costs = ["", "What a look costs once a run is there, in processor time:", ""]
        costs += [line(cost.HEADINGS), line(("---",) * len(cost.HEADINGS))]
        costs += [line(cells) for cells in cost.table(options.rounds)]
        print("\n".join(costs), flush=True)
        body += costs
    if options.write:
        before, _, rest = README.read_text().partition(MARKS[0])
        after = rest.partition(MARKS[1])[2]
        README.write_text(before + MARKS[0] + "\n".join([*head, *body]) + "\n" + MARKS[1] + after)
    return 0


if __name__ == "__main__":
    sys.exit(main())

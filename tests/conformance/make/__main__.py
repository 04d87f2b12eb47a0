"""Write the reference graphs: `python -m tests.conformance.make [case or pattern ...]`, from the repository's root."""

from __future__ import annotations

import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import argparse
import fnmatch
import sys
import time
import traceback
import warnings

import torch
import transformers

from tests.conformance.make.case import Case
from tests.conformance.make.save import GRAPHS, make


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.make", description=__doc__)
    parser.add_argument("patterns", nargs="*", help="names of cases, * and ? allowed; all cases where none is given")
    parser.add_argument("--missing", action="store_true", help="only cases that have no file yet")
    parser.add_argument("--list", action="store_true", help="print the names and stop")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    transformers.logging.set_verbosity_error()
    torch.set_num_threads(1)
    from tests.conformance.make.cases import CASES

    chosen = [case for case in CASES if _wanted(case, arguments.patterns)]
    if arguments.missing:
        chosen = [case for case in chosen if not (GRAPHS / f"{case.name}.npz").exists()]
    if arguments.list:
        print("\n".join(case.name for case in chosen))
        return 0
    return 1 if sum(not _made(case) for case in chosen) else 0


def _wanted(case: Case, patterns: list[str]) -> bool:
    return not patterns or any(fnmatch.fnmatch(case.name, pattern) for pattern in patterns)


def _made(case: Case) -> bool:
    start = time.monotonic()
    torch.manual_seed(0)
    try:
        made = make(case)
    except Exception as error:
        if os.environ.get("TRACE"):
            traceback.print_exc()
        while error.__cause__ is not None:  # exporters say the cause last
            error = error.__cause__  # type: ignore[assignment]
        print(f"{case.name:48} FAILED {type(error).__name__}: {str(error).strip()[:400]}", flush=True)
        return False
    own = "-" if made.softmax_error is None else f"{made.softmax_error:.1e}"
    print(
        f"{case.name:48} {made.sites:3d} sites {made.size / 1000:6.0f} kB  output {made.output_error:.1e}"
        f"  softmax {own:>7}  likeness {made.likeness:.2f}  {time.monotonic() - start:.0f} s",
        flush=True,
    )
    return True


if __name__ == "__main__":
    sys.exit(main())

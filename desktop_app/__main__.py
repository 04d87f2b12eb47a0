"""`mirada`: the window, or a command for the terminal. Nothing heavy is imported before it is known which."""

import multiprocessing
import os
import sys
from collections.abc import Sequence

TERMINAL = ("inspect", "render", "cam", "compare", "translate")
"""`engine.cli.COMMANDS`, without the import: a test holds that they are the same."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run Mirada and return the exit status."""
    multiprocessing.freeze_support()
    # A row of attention is too small to share: threads of the matrix library wait for each other fifty times longer.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments and arguments[0] in TERMINAL:
        from desktop_app.translations.catalogue import LANGUAGES
        from engine.cli import main as command

        return command(arguments, LANGUAGES)
    from desktop_app.arguments import read

    wishes = read(arguments)
    if isinstance(wishes, int):
        return wishes
    from desktop_app.app import run

    return run(wishes)


if __name__ == "__main__":
    sys.exit(main())

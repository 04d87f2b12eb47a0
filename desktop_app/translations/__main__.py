"""`python -m desktop_app.translations update` takes new strings into the .ts files; `build` compiles them to .qm."""

import argparse
import sys

from desktop_app.translations.build import build, update


def main() -> int:
    """Run one of the two commands and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m desktop_app.translations", description=__doc__)
    parser.add_argument("command", choices=("update", "build"))
    return update() if parser.parse_args().command == "update" else build()


if __name__ == "__main__":
    sys.exit(main())

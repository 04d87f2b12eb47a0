"""The words of the command line: options, their help and how they are read."""

import argparse
from collections.abc import Callable
from typing import NoReturn

INSPECT_HELP = """\
Say what an ONNX model is made of: inputs, outputs, attention sites (heads, spelling, scale, shapes), softmaxes that
are not attention and why, convolutions, positions, and how photos are prepared for it (with what was guessed)."""

INSPECT_MORE = """\
JSON: one object with format (1), name, path, opset, producer, parameters, nodes, inputs, outputs, sites,
near_misses, convolutions, positions, labels, preprocessing, notes. Within one format, keys are only ever added.
Sizes are numbers, names (of sizes that the graph leaves open) or null."""

RENDER_HELP = "Run a model on a photo and draw what one token attends to in one head, or save the numbers."

RENDER_MORE = """\
The file of --data is read by numpy.load. It holds
  pattern        (key,) probabilities after softmax, as drawn; (query,) with --direction to
  scores         the same before softmax; (head, key) or (head, query) with --mean-heads
  q, k           (query, head_dim), (key, head_dim) of the head; a head axis comes first with --mean-heads
  scale          what multiplies their product to give the scores, before a bias: 1 where q and k are scaled
                 themselves, NaN where the graph computes it
  token          the token shown; grid: rows, columns, special tokens before and after the patches
  region         left, top, right, bottom of what the model saw, in fractions of the photo
  site, head     their numbers (head is -1 with --mean-heads); direction; model; image
  error          largest difference between the recomputed pattern and the model's own on this run
  classes, labels, probabilities   the best five, where the model is a classifier
A site that shows only its softmax has no scores, q, k and scale; a run whose tokens lie on no grid has no grid.

Sites, heads, tokens, rows and columns are counted from 0. Where a token is no patch, give its number."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose refusals take one line."""

    def error(self, message: str) -> NoReturn:
        """Leave with status 2 after one line."""
        self.exit(2, f"{self.prog}: {message}. Try “{self.prog} --help”.\n")


Command = Callable[[argparse.Namespace], None]


def parser(inspect_model: Command, render_model: Command) -> argparse.ArgumentParser:
    """Return the parser of all commands; what it returns has the chosen one as `run`."""
    top = Parser(prog="mirada", description="See what any ONNX attention model or CNN looks at.", allow_abbrev=False)
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    inspect = commands.add_parser(
        "inspect",
        help="what a model is made of",
        description=INSPECT_HELP,
        epilog=INSPECT_MORE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    inspect.add_argument("model", metavar="MODEL", help="an .onnx file, or a folder that holds one")
    inspect.add_argument("--json", action="store_true", help="print JSON instead of text")
    inspect.set_defaults(run=inspect_model)
    _add_render(commands, render_model)
    return top


def _add_render(commands: "argparse._SubParsersAction[Parser]", run: Command) -> None:
    """Declare `mirada render`."""
    render = commands.add_parser(
        "render",
        help="draw one head on a photo",
        description=RENDER_HELP,
        epilog=RENDER_MORE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    render.add_argument("model", metavar="MODEL", help="an .onnx file, or a folder that holds one")
    render.add_argument("image", metavar="IMAGE", help="a PNG, JPEG, WebP, BMP, GIF or TIFF file")
    what = render.add_argument_group("what to draw")
    what.add_argument("--site", type=int, metavar="N", help="attention site (default: the last)")
    heads = what.add_mutually_exclusive_group()
    heads.add_argument("--head", type=int, default=0, metavar="N", help="head of the site (default: 0)")
    heads.add_argument("--mean-heads", action="store_true", help="the mean over the heads of the site")
    what.add_argument("--query", type=_query, metavar="N|ROW,COL", help="token, or row and column of its patch")
    directions = {"from": "what the token attends to", "to": "what attends to it", "class": "the class token’s row"}
    said = "; ".join(f"{name}: {words}" for name, words in directions.items())
    what.add_argument("--direction", choices=list(directions), default="from", help=f"{said} (default: from)")
    look = render.add_argument_group("how it looks")
    look.add_argument("--colormap", default="viridis", metavar="NAME", help="colour map (default: viridis)")
    look.add_argument(
        "--opacity", type=_fraction, default=0.6, metavar="X", help="of the overlay, 0 to 1 (default: 0.6)"
    )
    plan = render.add_argument_group("how the photo is prepared (default: as the model’s files say, else guessed)")
    plan.add_argument("--size", type=_size, metavar="N|ROWSxCOLS", help="pixels that the model gets")
    plan.add_argument("--resize", choices=["stretch", "shortest-edge", "fit-and-pad", "none"], help="how to get there")
    plan.add_argument("--mean", type=_numbers, metavar="X[,X,X]", help="for each channel, in units of 0 to 1")
    plan.add_argument("--std", type=_positive, metavar="X[,X,X]", help="for each channel, above 0")
    out = render.add_argument_group("output (at least one)")
    out.add_argument("-o", "--output", metavar="FILE", help="figure: .png, .jpg, .webp, .tiff, .bmp or .pdf")
    out.add_argument("--data", metavar="FILE.npz", help="numbers, see below")
    render.set_defaults(run=run, parser=render)


def _query(text: str) -> int | tuple[int, int]:
    """Read a token ("17") or a patch ("3,5")."""
    parts = text.split(",")
    if len(parts) not in (1, 2) or not all(part.strip().isdecimal() for part in parts):
        raise argparse.ArgumentTypeError(f"“{text}” is neither a token such as 17 nor a patch such as 3,5")
    numbers = [int(part) for part in parts]
    return numbers[0] if len(numbers) == 1 else (numbers[0], numbers[1])


def _size(text: str) -> tuple[int, int]:
    """Read "224" or "224x320"."""
    parts = text.lower().replace("×", "x").split("x")
    if len(parts) not in (1, 2) or not all(part.isdecimal() and 1 <= int(part) <= 16_384 for part in parts):
        raise argparse.ArgumentTypeError(f"“{text}” is neither a size such as 224 nor one such as 224x320")
    return int(parts[0]), int(parts[-1])


def _numbers(text: str) -> tuple[float, ...]:
    """Read "0.5" or "0.485,0.456,0.406"."""
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if len(numbers) not in (1, 3) or not all(abs(number) < 1e9 for number in numbers):
        raise argparse.ArgumentTypeError(f"“{text}” is neither a number nor three of them, such as 0.485,0.456,0.406")
    return numbers


def _positive(text: str) -> tuple[float, ...]:
    """Read numbers above 0."""
    numbers = _numbers(text)
    if min(numbers) <= 0:
        raise argparse.ArgumentTypeError(f"“{text}” is not above 0")
    return numbers


def _fraction(text: str) -> float:
    """Read a number from 0 to 1."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number from 0 to 1")
    return number

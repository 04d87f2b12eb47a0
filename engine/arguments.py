"""The words of the command line: options, their help and how they are read."""

import argparse
from collections.abc import Callable, Sequence
from typing import NoReturn

from engine.arguments_text import TEXT_MORE, add_text, add_translate

INSPECT_HELP = """\
Say what an ONNX model is made of: inputs, outputs, attention sites (heads, spelling, scale, shapes), softmaxes that
are not attention and why, convolutions, positions, and how photos are prepared for it (with what was guessed)."""

INSPECT_MORE = """\
JSON: one object with format (1), name, path, opset, producer, parameters, nodes, inputs, outputs, sites,
near_misses, convolutions, positions, labels, preprocessing, text, sound, parts, notes. Within one format, keys are
only ever added. Sizes are numbers, names (of sizes that the graph leaves open) or null."""

RENDER_HELP = "Run a model on a photo or a text and draw what tokens attend to in one head, or save the numbers."

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


CAM_HELP = "Draw what speaks for a class on a photo, without gradients, or save the numbers."

CAM_MORE = """\
Methods
  cam           exact: needs maps averaged over all places and one linear layer (Zhou et al. 2016)
  eigen-cam     where a layer’s maps differ most, of no class in particular (Muhammad and Yeasin 2020)
  score-cam     maps weighed by the class’s score on what they cover (Wang et al. 2020)
  ablation-cam  maps weighed by what the score loses without them (Desai and Ramaswamy 2020)
  occlusion     what the probability loses while a square is hidden (Zeiler and Fergus 2014)
  rise          random masks weighed by the probability (Petsiuk et al. 2018)
Of a vision transformer, maps are its tokens as they enter the last attention.

The file of --data is read by numpy.load. It holds
  map           (row, column) over what the model saw of the photo, whatever its resolution
  method, class (-1: none), label, score (of the class on the intact image), unit (of the map’s numbers)
  layer         whose maps were used; model; image
  region        left, top, right, bottom of what the model saw, in fractions of the photo
  fractions, deletion, insertion, random_deletion, random_insertion   with --trust: (step,)"""

COMPARE_HELP = """\
Write a report on two models and one photo: what they say of it, what each looked at, how far their layers see, what
is left of their answers as the photo is damaged, what they are made of, and what they cost on this machine.
With --folder, how alike their layers are, and robustness over many photos."""

METHODS = ("cam", "eigen-cam", "score-cam", "ablation-cam", "occlusion", "rise")
"""`engine.evidence.tasks.METHODS`, without the import: a test holds that they are the same."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose refusals take one line."""

    def error(self, message: str) -> NoReturn:
        """Leave with status 2 after one line."""
        self.exit(2, f"{self.prog}: {message}. Try “{self.prog} --help”.\n")


Command = Callable[[argparse.Namespace], None]


def parser(
    inspect_model: Command,
    render_model: Command,
    cam: Command,
    compare: Command,
    translate: Command,
    languages: Sequence[str] = ("en",),
) -> argparse.ArgumentParser:
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
    _add_cam(commands, cam)
    _add_compare(commands, compare, languages)
    add_translate(commands, translate)
    return top


def _add_render(commands: "argparse._SubParsersAction[Parser]", run: Command) -> None:
    """Declare `mirada render`."""
    render = commands.add_parser(
        "render",
        help="draw one head on a photo or a text",
        description=RENDER_HELP,
        epilog=RENDER_MORE + "\n" + TEXT_MORE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    render.add_argument("model", metavar="MODEL", help="an .onnx file, or a folder that holds one")
    render.add_argument("image", nargs="?", metavar="IMAGE", help="a PNG, JPEG, WebP, BMP, GIF or TIFF file")
    add_text(render)
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
    _add_opacity(look)
    _add_plan(render)
    _add_output(render)
    render.set_defaults(run=run, parser=render)


def _add_cam(commands: "argparse._SubParsersAction[Parser]", run: Command) -> None:
    """Declare `mirada cam`."""
    cam = commands.add_parser(
        "cam",
        help="draw what speaks for a class on a photo",
        description=CAM_HELP,
        epilog=CAM_MORE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    cam.add_argument("model", metavar="MODEL", help="an .onnx file, or a folder that holds one")
    cam.add_argument("image", metavar="IMAGE", help="a PNG, JPEG, WebP, BMP, GIF or TIFF file")
    what = cam.add_argument_group("what to draw")
    what.add_argument("--method", choices=METHODS, default="score-cam", help="see below (default: score-cam)")
    target = what.add_mutually_exclusive_group()
    target.add_argument(
        "--class", dest="target_class", metavar="N|NAME", help="the class to explain (default: the most probable one)"
    )
    target.add_argument(
        "--number", type=_place, metavar="OUTPUT:I,J", help="one number of an output instead, such as a box’s score"
    )
    what.add_argument("--layer", metavar="NAME", help="layer to start from (default: the last one that fits)")
    what.add_argument("--channels", type=_count, metavar="N", help="score-cam, ablation-cam: only the N that vary most")
    what.add_argument("--masks", type=_count, metavar="N", help="rise: number of random masks (default: 1000)")
    what.add_argument("--side", type=_count, metavar="N", help="occlusion: side of the square, in pixels of the model")
    what.add_argument("--stride", type=_count, metavar="N", help="occlusion: pixels from one place to the next")
    what.add_argument("--trust", action="store_true", help="deletion and insertion curves: how much to trust the map")
    look = cam.add_argument_group("how it looks")
    look.add_argument(
        "--colormap", metavar="NAME", help="colour map (default: viridis; coolwarm where maps have signs)"
    )
    _add_opacity(look)
    look.add_argument("--cells", action="store_true", help="draw the map’s own cells, not smoothed")
    _add_plan(cam)
    _add_output(cam)
    cam.set_defaults(run=run, parser=cam)


def _add_compare(commands: "argparse._SubParsersAction[Parser]", run: Command, languages: Sequence[str]) -> None:
    """Declare `mirada compare`."""
    compare = commands.add_parser(
        "compare",
        help="two models, one photo: a report",
        description=COMPARE_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    compare.add_argument("first", metavar="A", help="an .onnx file, or a folder that holds one")
    compare.add_argument("second", metavar="B", help="another")
    compare.add_argument("image", metavar="IMAGE", help="a PNG, JPEG, WebP, BMP, GIF or TIFF file")
    what = compare.add_argument_group("what it tells")
    what.add_argument(
        "--class", dest="target_class", metavar="N|NAME", help="the class to explain (default: each model’s answer)"
    )
    what.add_argument(
        "--folder", metavar="DIR", help="photos for robustness and for the similarity of layers (default: IMAGE alone)"
    )
    what.add_argument("--most", type=_count, default=100, metavar="N", help="photos of the folder (default: 100)")
    what.add_argument("--quick", action="store_true", help="leave out what takes many runs")
    out = compare.add_argument_group("output")
    out.add_argument(
        *("-o", "--output"), required=True, metavar="FILE", help="report: .html, or a figure: .png, .jpg, .webp, .pdf …"
    )
    out.add_argument("--language", choices=list(languages), default="en", help="of the report (default: en)")
    compare.set_defaults(run=run, parser=compare)


def _add_opacity(group: "argparse._ArgumentGroup") -> None:
    group.add_argument(
        "--opacity", type=_fraction, default=0.6, metavar="X", help="of the overlay, 0 to 1 (default: 0.6)"
    )


def _add_plan(command: argparse.ArgumentParser) -> None:
    plan = command.add_argument_group("how the photo is prepared (default: as the model’s files say, else guessed)")
    plan.add_argument("--size", type=_size, metavar="N|ROWSxCOLS", help="pixels that the model gets")
    plan.add_argument("--resize", choices=["stretch", "shortest-edge", "fit-and-pad", "none"], help="how to get there")
    plan.add_argument("--mean", type=_numbers, metavar="X[,X,X]", help="for each channel, in units of 0 to 1")
    plan.add_argument("--std", type=_positive, metavar="X[,X,X]", help="for each channel, above 0")


def _add_output(command: argparse.ArgumentParser) -> None:
    out = command.add_argument_group("output (at least one)")
    out.add_argument("-o", "--output", metavar="FILE", help="figure: .png, .jpg, .webp, .tiff, .bmp or .pdf")
    out.add_argument("--data", metavar="FILE.npz", help="numbers, see below")


def _count(text: str) -> int:
    """Read a whole number above 0."""
    if not text.isdecimal() or not 0 < int(text) < 10**9:
        raise argparse.ArgumentTypeError(f"“{text}” is not a whole number above 0")
    return int(text)


def _place(text: str) -> tuple[str, tuple[int, ...]]:
    """Read "output:3,4": a place in an output, without its batch axis."""
    name, colon, places = text.rpartition(":")
    parts = places.split(",")
    if not colon or not name or not all(part.strip().isdecimal() for part in parts):
        raise argparse.ArgumentTypeError(f"“{text}” is no place in an output, such as boxes:7,4")
    return name, tuple(int(part) for part in parts)


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

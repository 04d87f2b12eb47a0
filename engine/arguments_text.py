"""The options of commands that read text."""

import argparse
from collections.abc import Callable
from typing import TypeVar

Command = Callable[[argparse.Namespace], None]
P = TypeVar("P", bound=argparse.ArgumentParser)

TRANSLATE_HELP = """\
Write the target of an encoder–decoder, token by token: a translation, a summary. Prints the text alone; with
--attention, draws which source tokens each written token looked at."""

TRANSLATE_MORE = """\
The figure has a row for each token as it was written, a column for each source token. Without --site and --head it
is the mean over the heads that generation_config.json names for alignment, else over all heads of the last
cross-attention.

The file of --data is read by numpy.load. It holds
  pattern          (query, key) probabilities after softmax, as drawn
  written          (query,) the token written after each query; query_tokens, key_tokens: what was read
  query_ids, key_ids   their numbers; site, head (-1: a mean), text, translation, model"""

TEXT_MORE = """
With --text, the figure is the whole pattern, queries down and keys across; --query marks one token. The file of
--data holds then
  pattern        (query, key) probabilities after softmax, as drawn
  scores, q, k   of the head, (query, key), (query, head_dim), (key, head_dim), where the site shows them
  query_tokens, key_tokens, query_ids, key_ids   names and numbers (-1: no token of a text)
  site, head (-1: a mean), model, error, text"""


def add_text(render: argparse.ArgumentParser) -> None:
    """Declare what `mirada render` reads besides a photo."""
    text = render.add_argument_group("text and sound, in place of a photo or beside it")
    text.add_argument("--text", metavar="TEXT", action="append", help="what to read; again for further texts (CLIP)")
    text.add_argument("--text-pair", metavar="TEXT", help="a second text, read together with the first")
    text.add_argument("--target", metavar="TEXT", help="what a decoder reads (default: what it generates itself)")
    text.add_argument("--ids", type=_ids, metavar="N,N,…", help="token numbers in place of --text")
    text.add_argument("--sound", metavar="FILE", help="a WAV file, for speech models")
    text.add_argument("--tokenizer", metavar="FILE", help="tokenizer (default: the one beside the model)")


def add_translate(commands: "argparse._SubParsersAction[P]", run: Command) -> None:
    """Declare `mirada translate`."""
    translate = commands.add_parser(
        "translate",
        help="write what an encoder–decoder makes of a text",
        description=TRANSLATE_HELP,
        epilog=TRANSLATE_MORE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    translate.add_argument("model", metavar="MODEL", help="a folder of graphs, or an .onnx file")
    translate.add_argument("text", metavar="TEXT", help="what to translate")
    how = translate.add_argument_group("how tokens are chosen")
    how.add_argument("--most", type=_positive, default=128, metavar="N", help="tokens at most (default: 128)")
    how.add_argument("--sample", action="store_true", help="draw tokens instead of taking the most likely")
    how.add_argument("--temperature", type=_above_nothing, default=1.0, metavar="X", help="of the draw (default: 1)")
    how.add_argument("--top-k", type=_positive, metavar="N", help="draw among this many (default: all)")
    how.add_argument("--seed", type=int, default=0, metavar="N", help="of the draw (default: 0)")
    how.add_argument("--cache", action="store_true", help="keep keys and values of earlier steps")
    how.add_argument("--tokenizer", metavar="FILE", help="tokenizer (default: the one beside the model)")
    look = translate.add_argument_group("attention")
    look.add_argument("--attention", metavar="FILE", help="figure: .png, .jpg, .webp, .tiff, .bmp or .pdf")
    look.add_argument("--data", metavar="FILE.npz", help="numbers, see below")
    look.add_argument("--site", type=int, metavar="N", help="attention site (default: see below)")
    look.add_argument("--head", type=int, metavar="N", help="head of the site (default: the mean)")
    look.add_argument("--colormap", default="viridis", metavar="NAME", help="colour map (default: viridis)")
    translate.set_defaults(run=run, parser=translate)


def _ids(text: str) -> tuple[int, ...]:
    """Read token numbers: "101,7,102" or "101 7 102"."""
    parts = text.replace(",", " ").split()
    if not parts or not all(part.isdecimal() for part in parts):
        raise argparse.ArgumentTypeError(f"“{text}” are no token numbers, such as 101,7,102")
    return tuple(map(int, parts))


def _positive(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 10**6:
        raise argparse.ArgumentTypeError(f"“{text}” is not a whole number above 0")
    return int(text)


def _above_nothing(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < 1e6:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number above 0")
    return number

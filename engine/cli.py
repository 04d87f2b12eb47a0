"""The command line: `mirada inspect`, `render`, `cam`, `compare` and `translate`. No Qt, no display.

Errors are one line on standard error and exit status 2.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from io import TextIOWrapper
from pathlib import Path

from engine.arguments import parser
from engine.errors import EngineError
from engine.runtime.run import Run
from engine.sites.site import AttentionSite

COMMANDS = ("inspect", "render", "cam", "compare", "translate")
"""First words of a command line that are for `main`, not for the window."""


Lookup = Callable[[str], str]
"""Turns an English template of the catalogue into another language."""


def main(argv: Sequence[str] | None = None, languages: Mapping[str, Callable[[], Lookup]] | None = None) -> int:
    """Run one command and return the exit status: 0, or 2 after one line on standard error.

    Args:
        argv: the command and what follows it; None takes the program's own.
        languages: besides English, in which reports can be written: what loads each.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal of another alphabet gets “?” instead of a crash
            stream.reconfigure(errors="replace")
    try:
        known = dict(languages or {})
        arguments = parser(_inspect, _render, _cam, _compare, _translate, ("en", *known)).parse_args(argv)
        arguments.languages = known
        arguments.run(arguments)
        sys.stdout.flush()
    except SystemExit as end:  # argparse has said what was wrong, or printed the help
        return end.code if isinstance(end.code, int) else 2
    except EngineError as error:
        return _refuse(str(error))
    except BrokenPipeError:  # the reader of a pipe went away: `mirada inspect … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # the last resort: a person gets a sentence, never a traceback
        return _refuse(str(EngineError("internal", reason=f"{type(error).__name__}: {error}")))
    return 0


def _refuse(sentence: str) -> int:
    sys.stderr.write("mirada: " + " ".join(sentence.split()) + "\n")
    return 2


def _unicode() -> bool:
    """Return whether standard output can write any character; else JSON escapes them."""
    return (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") == "utf8"


def _inspect(arguments: argparse.Namespace) -> None:
    """Print what a model is made of."""
    import engine
    from engine.inspection import as_json, as_text

    model = engine.open_model(arguments.model).description
    if arguments.json:
        sys.stdout.write(json.dumps(as_json(model), indent=2, ensure_ascii=not _unicode()) + "\n")
    else:
        sys.stdout.write(as_text(model))


def _render(arguments: argparse.Namespace) -> None:
    """Draw a head, or save its numbers."""
    if arguments.output is None and arguments.data is None:
        arguments.parser.error("say where to write: -o FILE or --data FILE.npz")
    if any(given is not None for given in (arguments.text, arguments.ids, arguments.target, arguments.sound)):
        from engine.commands.text import render_text

        render_text(arguments)
        return
    if arguments.image is None:
        arguments.parser.error("give an IMAGE, --text TEXT or --sound FILE")
    if arguments.query is None and arguments.direction != "class":
        arguments.parser.error("say which token: --query N, --query ROW,COL, or --direction class")
    import engine
    from engine.attention import grid_of
    from engine.commands.plan import chosen_plan
    from engine.export import check_output, numbers, write_figure, write_numbers
    from engine.images.load import load_photo
    from engine.images.overlay import Look, colour_table
    from engine.images.prepare import prepare
    from engine.pointing import check_head, find_site, find_token
    from engine.render import direction_words, render_head

    output, data = (None if path is None else Path(path) for path in (arguments.output, arguments.data))
    for path, figure in ((output, True), (data, False)):
        if path is not None:
            check_output(path, (Path(arguments.model), Path(arguments.image)), figure=figure)
    colour_table(arguments.colormap)
    photo = load_photo(arguments.image)
    model = engine.open_model(arguments.model)
    description = model.description
    plan = chosen_plan(description, arguments)
    site = find_site(description, arguments.site)
    head = check_head(site, arguments.head)
    run = model.run_image(prepare(photo, plan))
    token = find_token(run, site, arguments.query, arguments.direction)
    direction, mean = arguments.direction, arguments.mean_heads
    if output is not None:
        look = Look(arguments.colormap, arguments.opacity)
        write_figure(render_head(run, site, head, token, direction, mean_heads=mean, look=look), output)
    if data is not None:
        write_numbers(numbers(run, site, head, token, direction, mean_heads=mean), data)
    shown = direction_words(direction, token, grid_of(run, site, keys=direction == "to"))
    which = f"mean over {site.heads} heads" if mean else f"head {head}"
    said = [f"site {site.index}, {which}, {shown}", *_said(run, site)]
    said += [f"note: {note.text()}" for note in (*photo.notes, *plan.notes)]
    said += [f"wrote {path}" for path in (output, data) if path is not None]
    sys.stdout.write("\n".join(said) + "\n")


def _said(run: Run, site: AttentionSite) -> list[str]:
    """Say what the model predicts, and how far its attention was recomputed exactly."""
    from engine.predictions import top_classes

    classes = [f"{found.label} {100 * found.probability:.1f} %" for found in top_classes(run, 3)]
    lines = [f"prediction: {', '.join(classes)}"] if classes else []
    error = run.error(site)
    if not run.is_factored(site):
        lines.append("pattern: the model’s own softmax")
    elif error == error:  # not NaN: there was something to compare with
        lines.append(f"pattern: recomputed from Q and K, at most {error:.1e} off the model’s own softmax")
    return lines


def _cam(arguments: argparse.Namespace) -> None:
    """Draw what speaks for a class."""
    from engine.commands.cam import cam

    cam(arguments)


def _translate(arguments: argparse.Namespace) -> None:
    """Write what an encoder–decoder makes of a text."""
    from engine.commands.translate import translate_text

    translate_text(arguments)


def _compare(arguments: argparse.Namespace) -> None:
    """Write a report on two models and one photo."""
    from engine.commands.compare import compare

    compare(arguments)


if __name__ == "__main__":
    raise SystemExit(main())

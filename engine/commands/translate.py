"""`mirada translate`: what an encoder–decoder makes of a text, and where it looked."""

import argparse
import sys
from typing import TYPE_CHECKING

import numpy as np

from engine.commands.progress import Line
from engine.commands.tokens import draw, notes_of, outputs, ran, save, title_of, values_of
from engine.errors import EngineError, declare_errors
from engine.messages import translate

if TYPE_CHECKING:
    from engine.pipeline.generate import Generated
    from engine.runtime.run import Run
    from engine.runtime.score_steps import Floats
    from engine.sites.site import AttentionSite

declare_errors(
    {
        "no-cross": translate("engine", "“{name}” has no cross-attention from a target to a source."),
        "no-cross.advice": translate("engine", "Open a folder with an encoder and its decoder."),
    }
)


def translate_text(arguments: argparse.Namespace) -> None:
    """Print what an encoder–decoder makes of a text, and draw where it looked."""
    import engine
    from engine.images.overlay import colour_table
    from engine.pipeline.generate import Generate
    from engine.pipeline.sampling import Sampling
    from engine.pointing import check_head, find_site
    from engine.runtime.task import Context
    from engine.text.tokens import TextSource

    figure, data = outputs(arguments, arguments.attention)
    colour_table(arguments.colormap)
    model = engine.open_model(arguments.model)
    plan = model.description.text
    if plan is None or plan.target is None or plan.ids is None:
        raise EngineError("no-cross", name=model.description.name)
    site = None if arguments.site is None else find_site(model.description, arguments.site)
    sampling = Sampling(
        "sample" if arguments.sample else "greedy", arguments.temperature, arguments.top_k or 0, arguments.seed
    )
    task = Generate(
        TextSource(arguments.text, tokenizer=arguments.tokenizer), sampling, arguments.most, past=arguments.cache
    )
    line = Line("translate")
    made = task.work(Context(model, report=line))
    line.clear()
    sys.stdout.write(made.text + "\n")
    if figure is None and data is None:
        return
    run, _ = ran(model, made.source, None, None, generate=False)
    if site is not None or arguments.head is not None:
        site = site or _last_cross(run)
        head = None if arguments.head is None else check_head(site, arguments.head)
        values, title = values_of(run, site, head), title_of(site, head)
    else:
        site, head = _last_cross(run), None
        values, title = _aligned(run, site)
    written = _written(run, made)
    if figure is not None:
        cross = site.kind == "cross"
        draw(run, site, values, title, arguments.colormap, figure, rows=written if cross else None, below=(made.text,))
    if data is not None:
        more = {"written": np.array(written), "translation": np.array(made.text)}
        save(run, site, head, values, data, more)
    notes = [f"note: {note.text()}" for note in notes_of(run)]
    sys.stdout.write("\n".join([title, *notes, *(f"wrote {p}" for p in (figure, data) if p is not None)]) + "\n")


def _last_cross(run: "Run") -> "AttentionSite":
    cross = [site for site in run.model.sites if site.kind == "cross"]
    if not cross:
        raise EngineError("no-cross", name=run.model.name)
    return cross[-1]


def _aligned(run: "Run", last: "AttentionSite") -> "tuple[Floats, str]":
    """Return the mean over the heads that are named for alignment, else over those of the last cross-attention."""
    cross = [site for site in run.model.sites if site.kind == "cross"]
    plan = run.model.text
    named = plan.generation.alignment if plan is not None and plan.generation is not None else ()
    good = [(cross[layer], head) for layer, head in named if layer < len(cross) and head < cross[layer].heads]
    if not good:
        return values_of(run, last, None), title_of(last, None)
    values = np.mean([run.pattern(site, batch=0, head=head) for site, head in good], axis=0)
    which = ", ".join(f"site {site.index} head {head}" for site, head in good)
    return values.astype(np.float32), f"alignment: {which}"


def _written(run: "Run", made: "Generated") -> tuple[str, ...]:
    """Return the token written after each token that the decoder read."""
    read = run.text.target[0] if run.text is not None and run.text.target else None
    shown = {step.place: step.shown.lstrip("␣") for step in made.steps}
    count = 0 if read is None else len(read)
    return tuple(
        shown.get(i + 1, read.label(i + 1) if read is not None and i + 1 < count else "") for i in range(count)
    )

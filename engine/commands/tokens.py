"""What the commands that read text share: running, drawing a pattern with its words, saving its numbers."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.commands.progress import Line
from engine.messages import Message

if TYPE_CHECKING:
    from engine.audio.plan import Sound
    from engine.images.plan import Prepared
    from engine.pipeline.generate import Generated
    from engine.runtime.model import Model
    from engine.runtime.run import Run
    from engine.runtime.score_steps import Floats
    from engine.sites.site import AttentionSite
    from engine.text.tokens import TextSource
    from engine.tokens import TokenAxis

Arrays = dict[str, NDArray[np.generic]]


def outputs(arguments: argparse.Namespace, figure: str | None) -> tuple[Path | None, Path | None]:
    """Return where figure and numbers go; refused before any work is done."""
    from engine.export import check_output

    output, data = (None if path is None else Path(path) for path in (figure, arguments.data))
    others = (arguments.tokenizer, *(getattr(arguments, name, None) for name in ("image", "sound")))
    read = [Path(path) for path in (arguments.model, *others) if path]
    for path, drawn in ((output, True), (data, False)):
        if path is not None:
            check_output(path, tuple(read), figure=drawn)
    return output, data


def ran(
    model: "Model", source: "TextSource", image: "Prepared | None", sound: "Sound | None", *, generate: bool
) -> "tuple[Run, Generated | None]":
    """Run a model; a decoder behind an encoder reads what it generates itself, unless it was given a target."""
    from engine.pipeline import gather, run_on
    from engine.pipeline.generate import Generate
    from engine.runtime.task import Context

    feeds = gather(model.description, image=image, text=source, sound=sound)
    plan = model.description.text
    if not generate or plan is None or plan.target is None or source.target_ids is not None:
        return run_on(model, feeds), None
    line = Line("generate")
    made = Generate(source).work(Context(model, feeds.arrays, image, None, line))
    line.clear()
    return run_on(model, gather(model.description, image=image, text=made.source, sound=sound)), made


def values_of(run: "Run", site: "AttentionSite", head: int | None) -> "Floats":
    """Return a head's pattern, or the mean over heads, (query, key), of the first text."""
    if head is None:
        return np.asarray(run.pattern(site, batch=0).mean(axis=0), np.float32)
    return run.pattern(site, batch=0, head=head)


def title_of(site: "AttentionSite", head: int | None) -> str:
    """Say which pattern it is."""
    which = f"mean over {site.heads} heads" if head is None else f"head {head}"
    return f"site {site.index}, {which}, {site.kind}-attention"


def draw(
    run: "Run",
    site: "AttentionSite",
    values: "Floats",
    title: str,
    colormap: str,
    path: Path,
    *,
    rows: tuple[str, ...] | None = None,
    row: int | None = None,
    column: int | None = None,
    below: tuple[str, ...] = (),
) -> None:
    """Draw a pattern with its words into a file; `rows` are other names for its queries."""
    from engine.export import write_figure
    from engine.images.overlay import Look
    from engine.report.token_figure import TokenPicture, draw_tokens
    from engine.tokens import tokens_of_site

    queries, keys = tokens_of_site(run, site)
    picture = TokenPicture(
        run.model.name,
        (title,),
        values,
        rows or queries.labels,
        keys.labels,
        "written" if rows else _named(queries),
        _named(keys),
        row,
        column,
        below,
    )
    write_figure(draw_tokens(picture, Look(colormap)), path)


def _named(axis: "TokenAxis") -> str:
    """Say what the tokens of an axis are."""
    words = {"source": "text", "target": "target", "image": "patches", "audio": "sound", "objects": "objects"}
    return words.get(axis.stream, "tokens")


def save(
    run: "Run",
    site: "AttentionSite",
    head: int | None,
    values: "Floats",
    path: Path,
    more: Arrays | None = None,
) -> None:
    """Save a pattern, (query, key), and what it was made of, as the help of the commands says."""
    from engine.export import write_numbers
    from engine.tokens import tokens_of_site

    queries, keys = tokens_of_site(run, site)
    found: Arrays = {
        "pattern": values,
        "query_tokens": np.array(queries.labels),
        "key_tokens": np.array(keys.labels),
        "query_ids": np.array(_numbers(queries)),
        "key_ids": np.array(_numbers(keys)),
        "site": np.array(site.index),
        "head": np.array(-1 if head is None else head),
        "model": np.array(run.model.name),
        "error": np.array(run.error(site), np.float64),
        "text": np.array("" if run.text is None or not run.text.source else run.text.source[0].text),
    }
    if head is not None and run.is_factored(site):
        query, key = run.query(site)[0, head], run.key(site)[0]
        found |= {"scores": run.scores(site, batch=0, head=head), "q": query}
        found["k"] = key[head * key.shape[0] // site.heads]  # grouped queries share key heads
    write_numbers(found | (more or {}), path)


def _numbers(axis: "TokenAxis") -> list[int]:
    """Return the numbers of an axis's tokens in the vocabulary; -1 where they are of no text."""
    if axis.encoded is None:
        return [-1] * len(axis)
    return [*(-1,) * axis.before, *axis.encoded.ids][: len(axis)]


def notes_of(run: "Run") -> tuple[Message, ...]:
    """Return what was done to text and sound, and what the model's files leave to guess."""
    plan = run.model.text
    own = () if plan is None else plan.notes
    heard = run.audio.notes if run.audio is not None else ()
    return (*(run.text.notes if run.text is not None else ()), *heard, *own)

"""`mirada render --text` and `mirada translate`: attention over text, drawn or as numbers, and generated text."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.commands.progress import Line
from engine.errors import EngineError, declare_errors
from engine.messages import Message, translate

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

declare_errors(
    {
        "no-cross": translate("engine", "“{name}” has no cross-attention from a target to a source."),
        "no-cross.advice": translate("engine", "Open a folder with an encoder and its decoder."),
    }
)

Arrays = dict[str, NDArray[np.generic]]


def render_text(arguments: argparse.Namespace) -> None:
    """Draw a pattern over text, or save its numbers."""
    import engine
    from engine.images.overlay import colour_table
    from engine.pointing import check_head, find_site, find_token

    output, data = _outputs(arguments, arguments.output)
    colour_table(arguments.colormap)
    if isinstance(arguments.query, tuple):
        arguments.parser.error("with --text, --query is the number of a token")
    if arguments.direction == "class":
        arguments.parser.error("--direction class belongs to photos")
    model = engine.open_model(arguments.model)
    site = find_site(model.description, arguments.site)
    head = None if arguments.mean_heads else check_head(site, arguments.head)
    image = _image(model, arguments)
    source = _source(arguments)
    run, made = _ran(model, source, image, _sound(arguments), generate=arguments.target is None)
    direction = arguments.direction
    token = None if arguments.query is None else find_token(run, site, arguments.query, direction)
    values = _values(run, site, head)
    if output is not None:
        row, column = (token, None) if direction == "from" else (None, token)
        _draw(run, site, values, _title(site, head), arguments.colormap, output, row=row, column=column)
    if data is not None:
        _save(run, site, head, values, data)
    said = [_title(site, head), *_says(run, made), *_exactness(run, site)]
    said += [f"note: {note.text()}" for note in _notes(run)]
    said += [f"wrote {path}" for path in (output, data) if path is not None]
    sys.stdout.write("\n".join(said) + "\n")


def translate_text(arguments: argparse.Namespace) -> None:
    """Print what an encoder–decoder makes of a text, and draw where it looked."""
    import engine
    from engine.images.overlay import colour_table
    from engine.pipeline.generate import Generate
    from engine.pipeline.sampling import Sampling
    from engine.pointing import check_head, find_site
    from engine.runtime.task import Context
    from engine.text.tokens import TextSource

    figure, data = _outputs(arguments, arguments.attention)
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
    run, _ = _ran(model, made.source, None, None, generate=False)
    if site is not None or arguments.head is not None:
        site = site or _last_cross(run)
        head = None if arguments.head is None else check_head(site, arguments.head)
        values, title = _values(run, site, head), _title(site, head)
    else:
        site, head = _last_cross(run), None
        values, title = _aligned(run, site)
    written = _written(run, made)
    if figure is not None:
        cross = site.kind == "cross"
        _draw(run, site, values, title, arguments.colormap, figure, rows=written if cross else None, below=(made.text,))
    if data is not None:
        more = {"written": np.array(written), "translation": np.array(made.text)}
        _save(run, site, head, values, data, more)
    notes = [f"note: {note.text()}" for note in _notes(run)]
    sys.stdout.write("\n".join([title, *notes, *(f"wrote {p}" for p in (figure, data) if p is not None)]) + "\n")


def _outputs(arguments: argparse.Namespace, figure: str | None) -> tuple[Path | None, Path | None]:
    """Return where figure and numbers go; refused before any work is done."""
    from engine.export import check_output

    output, data = (None if path is None else Path(path) for path in (figure, arguments.data))
    others = (arguments.tokenizer, *(getattr(arguments, name, None) for name in ("image", "sound")))
    read = [Path(path) for path in (arguments.model, *others) if path]
    for path, drawn in ((output, True), (data, False)):
        if path is not None:
            check_output(path, tuple(read), figure=drawn)
    return output, data


def _image(model: "Model", arguments: argparse.Namespace) -> "Prepared | None":
    """Prepare the photo that stands beside the text, if there is one."""
    if arguments.image is None:
        return None
    from engine.commands.plan import chosen_plan
    from engine.images.load import load_photo
    from engine.images.prepare import prepare

    return prepare(load_photo(arguments.image), chosen_plan(model.description, arguments))


def _sound(arguments: argparse.Namespace) -> "Sound | None":
    if arguments.sound is None:
        return None
    from engine.audio.load import load_sound

    return load_sound(arguments.sound)


def _source(arguments: argparse.Namespace) -> "TextSource":
    from engine.text.tokens import TextSource

    first, *more = arguments.text or [""]
    return TextSource(
        text=first,
        pair=arguments.text_pair,
        more=tuple(more),
        ids=arguments.ids,
        tokenizer=arguments.tokenizer,
        target=arguments.target,
    )


def _ran(
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


def _values(run: "Run", site: "AttentionSite", head: int | None) -> "Floats":
    """Return a head's pattern, or the mean over heads, (query, key), of the first text."""
    if head is None:
        return np.asarray(run.pattern(site, batch=0).mean(axis=0), np.float32)
    return run.pattern(site, batch=0, head=head)


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
        return _values(run, last, None), _title(last, None)
    values = np.mean([run.pattern(site, batch=0, head=head) for site, head in good], axis=0)
    which = ", ".join(f"site {site.index} head {head}" for site, head in good)
    return values.astype(np.float32), f"alignment: {which}"


def _title(site: "AttentionSite", head: int | None) -> str:
    which = f"mean over {site.heads} heads" if head is None else f"head {head}"
    return f"site {site.index}, {which}, {site.kind}-attention"


def _written(run: "Run", made: "Generated") -> tuple[str, ...]:
    """Return the token written after each token that the decoder read."""
    read = run.text.target[0] if run.text is not None and run.text.target else None
    shown = {step.place: step.shown.lstrip("␣") for step in made.steps}
    count = 0 if read is None else len(read)
    return tuple(
        shown.get(i + 1, read.label(i + 1) if read is not None and i + 1 < count else "") for i in range(count)
    )


def _draw(
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


def _save(
    run: "Run",
    site: "AttentionSite",
    head: int | None,
    values: "Floats",
    path: Path,
    more: Arrays | None = None,
) -> None:
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


def _says(run: "Run", made: "Generated | None") -> list[str]:
    """Say what the model makes of the text."""
    from engine.pipeline.results import image_text, masked_predictions, next_tokens, similarities
    from engine.predictions import top_classes

    plan, text = run.model.text, run.text
    if plan is None or text is None:
        return []
    if made is not None:
        return [f"generated: {made.text}"]

    def likely(choices: object) -> str:
        return ", ".join(f"{c.shown} {100 * c.probability:.1f} %" for c in choices)  # type: ignore[attr-defined]

    match plan.task:
        case "masked":
            found = masked_predictions(run, 5)
            return [f"{text.source[0].label(place)} at token {place}: {likely(c)}" for place, c in found.items()]
        case "next" | "translate":
            return [f"next: {likely(next_tokens(run, 5))}"]
        case "compare" if run.image is not None:
            matches = image_text(run)
            return [f"{text.source[m.text].text}: {100 * m.probability:.1f} % (cosine {m.cosine:.3f})" for m in matches]
        case "embed" if len(text.source) > 1:
            table = similarities(run)
            return [f"similarity of texts 0 and {i}: {table[0, i]:.4f}" for i in range(1, len(table))]
        case "classify":
            classes = [f"{found.label} {100 * found.probability:.1f} %" for found in top_classes(run, 3)]
            return [f"prediction: {', '.join(classes)}"] if classes else []
    return []


def _exactness(run: "Run", site: "AttentionSite") -> list[str]:
    error = run.error(site)
    if not run.is_factored(site):
        return ["pattern: the model’s own softmax"]
    if error != error:  # nothing to compare with
        return []
    return [f"pattern: recomputed from Q and K, at most {error:.1e} off the model’s own softmax"]


def _notes(run: "Run") -> tuple[Message, ...]:
    plan = run.model.text
    own = () if plan is None else plan.notes
    heard = run.audio.notes if run.audio is not None else ()
    return (*(run.text.notes if run.text is not None else ()), *heard, *own)

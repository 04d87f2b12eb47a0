"""`mirada render --text` and `--sound`: attention over what was read or heard, drawn or as numbers."""

import argparse
import sys
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.commands.tokens import draw, notes_of, outputs, ran, save, title_of, values_of

if TYPE_CHECKING:
    from engine.audio.plan import Sound
    from engine.images.plan import Prepared
    from engine.pipeline.generate import Generated
    from engine.runtime.model import Model
    from engine.runtime.run import Run
    from engine.sites.site import AttentionSite
    from engine.text.tokens import TextSource

Arrays = dict[str, NDArray[np.generic]]


def render_text(arguments: argparse.Namespace) -> None:
    """Draw a pattern over text, or save its numbers."""
    import engine
    from engine.images.overlay import colour_table
    from engine.pointing import check_head, find_site, find_token

    output, data = outputs(arguments, arguments.output)
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
    run, made = ran(model, source, image, _sound(arguments), generate=arguments.target is None)
    direction = arguments.direction
    token = None if arguments.query is None else find_token(run, site, arguments.query, direction)
    values = values_of(run, site, head)
    if output is not None:
        row, column = (token, None) if direction == "from" else (None, token)
        draw(run, site, values, title_of(site, head), arguments.colormap, output, row=row, column=column)
    if data is not None:
        save(run, site, head, values, data)
    said = [title_of(site, head), *_says(run, made), *_exactness(run, site)]
    said += [f"note: {note.text()}" for note in notes_of(run)]
    said += [f"wrote {path}" for path in (output, data) if path is not None]
    sys.stdout.write("\n".join(said) + "\n")


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

"""`mirada compare`: a report on two models and one photo."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.commands.cam import class_number
from engine.commands.progress import Line
from engine.errors import EngineError

if TYPE_CHECKING:
    from engine.comparison import Measured
    from engine.evidence.evidence import Evidence
    from engine.images.plan import Photo
    from engine.messages import Message
    from engine.report.comparison import Findings, Looked
    from engine.robustness import Robustness
    from engine.runtime.model import Model
    from engine.runtime.run import Run
    from engine.runtime.task import Context
    from engine.similarity import Similarity

PAGES = (".html", ".htm")


def compare(arguments: argparse.Namespace) -> None:
    """Write the report."""
    import engine
    from engine.export import check_output, write_figure, write_text
    from engine.images.load import load_photo
    from engine.report.comparison import Voice, comparison_report
    from engine.report.page import page
    from engine.report.sheet import sheet

    output = Path(arguments.output)
    is_page = output.suffix.lower() in PAGES
    check_output(output, (Path(arguments.first), Path(arguments.second), Path(arguments.image)), figure=not is_page)
    photo = load_photo(arguments.image)
    models = [engine.open_model(path) for path in (arguments.first, arguments.second)]
    contexts = [_context(model, photo) for model in models]
    line = Line("comparing")
    try:
        found = _both(contexts, arguments, line)
        robustness = _robustness(contexts, models, arguments, line)
        similarity = _similarity(contexts, models, arguments, line)
    finally:
        line.clear()
    lookup = arguments.languages[arguments.language]() if arguments.language != "en" else str
    report = comparison_report(found, robustness, similarity, Voice(arguments.language, lookup))
    if is_page:
        write_text(page(report), output)
    else:
        write_figure(sheet(report), output)
    said = [f"{one.facts.name}: {_answer(one)}" for one in found]
    sys.stdout.write("\n".join([*said, f"wrote {output}"]) + "\n")


def _context(model: "Model", photo: "Photo") -> "Context":
    """Run a model on the photo.

    Raises:
        EngineError: the model takes no photo.
    """
    from engine.images.guess import no_image_input
    from engine.images.prepare import prepare
    from engine.runtime.task import Context

    plan = model.description.image_plan
    if plan is None or model.description.image_input is None:
        raise no_image_input(model.description.name, model.inputs)
    run = model.run_image(prepare(photo, plan))
    return Context(model, run.inputs, run.image, run)


def _both(contexts: "list[Context]", arguments: argparse.Namespace, line: Line) -> "tuple[Findings, Findings]":
    measured = _measured(contexts, line)
    first, second = (_found(context, cost, arguments, line) for context, cost in zip(contexts, measured, strict=True))
    return first, second


def _measured(contexts: "list[Context]", line: Line) -> "list[Measured]":
    from dataclasses import replace

    from engine.comparison import Measure

    return [Measure().work(replace(context, report=line))[0] for context in contexts]


def _found(context: "Context", measured: "Measured", arguments: argparse.Namespace, line: Line) -> "Findings":
    from engine.comparison import model_facts, reach
    from engine.predictions import top_classes
    from engine.report.comparison import Findings

    run = context.run
    if run is None or run.image is None:
        raise EngineError("not-on-image", name=context.model.description.name)
    looked, reasons = _looked(context, run, arguments, line)
    return Findings(
        facts=model_facts(run.model),
        photo=run.image,
        classes=top_classes(run),
        looked=tuple(looked),
        reach=reach(run),
        notes=(*run.image.plan.notes, *(reason.message for reason in reasons)),
        measured=measured,
    )


def _looked(
    context: "Context", run: "Run", arguments: argparse.Namespace, line: Line
) -> "tuple[list[Looked], list[EngineError]]":
    """Return what a model looked at, in every way that fits it, and why others do not."""
    from dataclasses import replace

    from engine.evidence.cam import activation, has_cam
    from engine.evidence.evidence import Target
    from engine.evidence.tasks import EigenCam, Occlusion
    from engine.messages import Message
    from engine.report.comparison import Looked

    index = class_number(run.model, arguments.target_class)
    found: list[Looked] = []
    reasons: list[EngineError] = []
    if has_cam(run.model):
        exact = activation(run, index).evidence
        found.append(Looked(_named("look-cam", exact), exact.values))
    elif run.model.convolutions and not run.model.sites:
        found.append(Looked(Message.of("look-eigen"), EigenCam().work(context).values))
    try:
        found += [] if not run.model.sites else [_rolled(run)]
        if not arguments.quick:
            hidden = Occlusion(Target(index)).work(replace(context, report=line))
            found.append(Looked(_named("look-occlusion", hidden), hidden.values))
    except EngineError as error:
        if error.code in ("class-missing", "cancelled"):
            raise
        reasons.append(error)
    return found, reasons


def _named(code: str, found: "Evidence") -> "Message":
    """Say what a map is of: the class by its name, or by its number."""
    from engine.messages import Message

    return Message.of(code, label=found.label) if found.label else Message.of(f"{code}-number", index=found.index)


def _rolled(run: "Run") -> "Looked":
    """Return attention rollout from the class token, or the mean over all tokens where there is none.

    Raises:
        EngineError: attention cannot be rolled out through this model.
    """
    from engine.attention import class_token, grid_of
    from engine.grid import on_image
    from engine.messages import Message
    from engine.report.comparison import Looked
    from engine.rolling import Recipe, Rolling
    from engine.rollout import rollout_sites

    site = rollout_sites(run)[0]
    grid, token = grid_of(run, site), class_token(run, site)
    tokens = run.pattern_shape(site)[3]
    start = np.zeros(tokens, np.float32)
    start[slice(None) if token is None else token] = 1 / tokens if token is None else 1
    if grid is None:
        raise EngineError("no-grid", tokens=tokens, site=site.index)
    rolling = Rolling(run, start, Recipe())
    while rolling.advance():
        pass
    what = Message.of("look-rollout-mean" if token is None else "look-rollout")
    return Looked(what, on_image(rolling.rows[-1], grid))


def _robustness(
    contexts: "list[Context]", models: "list[Model]", arguments: argparse.Namespace, line: Line
) -> "tuple[Robustness, ...]":
    """Return curves of both models; none for models that give no classes."""
    from dataclasses import replace

    from engine.robustness import STRENGTHS, RobustnessCurves

    if arguments.quick:
        return ()
    context = replace(contexts[0], report=line, opener=lambda _path: models[1])
    found = []
    try:
        for damage in STRENGTHS:
            trials = 3 if arguments.folder else 8  # one photo alone needs more of them
            task = RobustnessCurves(
                damage, arguments.second, arguments.folder or "", trials=trials, most=arguments.most
            )
            found.append(task.work(context))
    except EngineError as error:
        if error.code != "no-classes":
            raise
    return tuple(found)


def _similarity(
    contexts: "list[Context]", models: "list[Model]", arguments: argparse.Namespace, line: Line
) -> "Similarity | None":
    """Return how alike the layers are, over the folder that was given."""
    from dataclasses import replace

    from engine.similarity import LayerSimilarity

    if arguments.folder is None or arguments.quick:
        return None
    context = replace(contexts[0], report=line, opener=lambda _path: models[1])
    return LayerSimilarity(arguments.folder, arguments.second, most=arguments.most).work(context)


def _answer(found: "Findings") -> str:
    return ", ".join(f"{one.label} {100 * one.probability:.1f} %" for one in found.classes[:3]) or "no classes"

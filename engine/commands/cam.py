"""`mirada cam`: what speaks for a class, drawn over the photo, or as numbers."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.commands.plan import chosen_plan
from engine.commands.progress import Line
from engine.errors import EngineError, declare_errors
from engine.messages import translate

if TYPE_CHECKING:
    from engine.evidence.evidence import Evidence, Target, Trust
    from engine.evidence.tasks import Explain
    from engine.model.description import ModelDescription
    from engine.runtime.run import Run
    from engine.runtime.task import Context

declare_errors(
    {
        "class-unknown": translate("engine", "“{name}” has no class called “{label}”."),
        "class-unknown.advice": translate("engine", "Its classes are {known}."),
        "class-unnamed": translate("engine", "“{name}” names no classes, so there is none called “{label}”."),
        "class-unnamed.advice": translate("engine", "Give the class by its number."),
    }
)

ONLY = {"masks": ("rise",), "side": ("occlusion",), "stride": ("occlusion",), "channels": ("score-cam", "ablation-cam")}
"""Options that belong to some methods alone."""
SETTINGS = {"channels": "most"}


def cam(arguments: argparse.Namespace) -> None:
    """Draw a map, or save its numbers."""
    method = arguments.method
    if arguments.output is None and arguments.data is None:
        arguments.parser.error("say where to write: -o FILE or --data FILE.npz")
    for option, methods in ONLY.items():
        if getattr(arguments, option) is not None and method not in methods:
            arguments.parser.error(f"--{option} belongs to {' and '.join(methods)}")
    if arguments.layer is not None and method in ("cam", "occlusion", "rise"):
        arguments.parser.error(f"--layer does not go with {method}")
    if method == "eigen-cam" and (arguments.target_class is not None or arguments.number is not None):
        arguments.parser.error("eigen-cam is of no class in particular")
    import engine
    from engine.evidence.tasks import METHODS
    from engine.export import check_output, write_figure, write_numbers
    from engine.images.load import load_photo
    from engine.images.overlay import Look, colour_table
    from engine.images.prepare import prepare
    from engine.predictions import top_classes
    from engine.report.evidence_figure import render_evidence, signed_look
    from engine.runtime.task import Context

    output, data = (None if path is None else Path(path) for path in (arguments.output, arguments.data))
    for path, figure in ((output, True), (data, False)):
        if path is not None:
            check_output(path, (Path(arguments.model), Path(arguments.image)), figure=figure)
    if arguments.colormap is not None:
        colour_table(arguments.colormap)
    photo = load_photo(arguments.image)
    model = engine.open_model(arguments.model)
    plan = chosen_plan(model.description, arguments)
    run = model.run_image(prepare(photo, plan))
    line = Line(method)
    context = Context(model, run.inputs, run.image, run, line)
    target = _target(model.description, arguments)
    found = _task(METHODS[method], arguments, target).work(context)
    trust = _trusted(context, found, target) if arguments.trust else ()
    line.clear()
    if output is not None and run.image is not None:
        colours = arguments.colormap or signed_look(None, found.values).colormap
        look = Look(colours, arguments.opacity)
        shown = top_classes(run)
        write_figure(
            render_evidence(run.image, found, run.model.name, shown, look, smooth=not arguments.cells, trust=trust),
            output,
        )
    if data is not None:
        write_numbers(_numbers(run, found, trust), data)
    said = [*_said(run, found, trust), *(f"note: {note.text()}" for note in (*photo.notes, *plan.notes))]
    said += [f"wrote {path}" for path in (output, data) if path is not None]
    sys.stdout.write("\n".join(said) + "\n")


def _target(model: "ModelDescription", arguments: argparse.Namespace) -> "Target":
    """Return what shall be explained.

    Raises:
        EngineError: no class has that name.
    """
    from engine.evidence.evidence import Target

    if arguments.number is not None:
        output, at = arguments.number
        return Target(output=output, at=at)
    return Target(class_number(model, arguments.target_class))


def class_number(model: "ModelDescription", wanted: str | None) -> int | None:
    """Return a class by its number or name; None for none.

    Raises:
        EngineError: no class has that name.
    """
    if wanted is None or wanted.isdecimal():
        return None if wanted is None else int(wanted)
    if model.labels is None:
        raise EngineError("class-unnamed", name=model.name, label=wanted)
    names = [label.casefold() for label in model.labels]
    if wanted.casefold() not in names:
        known = ", ".join(model.labels[:12]) + (" …" if len(model.labels) > 12 else "")
        raise EngineError("class-unknown", name=model.name, label=wanted, known=known)
    return names.index(wanted.casefold())


def _task(kind: "type[Explain]", arguments: argparse.Namespace, target: "Target") -> "Explain":
    given = {SETTINGS.get(option, option): getattr(arguments, option) for option in ONLY}
    settings = {name: value for name, value in given.items() if value is not None}
    return kind(target=target, layer=arguments.layer, **settings)


def _trusted(context: "Context", found: "Evidence", target: "Target") -> "tuple[Trust, ...]":
    """Return the deletion and insertion curves of a map, and of chance."""
    from engine.evidence.tasks import TrustCurves

    return TrustCurves(((found.method, found.values),), target, chance=3).work(context)


def _said(run: "Run", found: "Evidence", trust: "tuple[Trust, ...]") -> list[str]:
    """Say what was explained, by what, and how much to trust it."""
    from engine.predictions import top_classes
    from engine.report.evidence_figure import NAMES, subject

    classes = [f"{one.label} {100 * one.probability:.1f} %" for one in top_classes(run, 3)]
    lines = [f"{NAMES[found.method]}: {subject(found)}"]
    if found.asked > 1:
        lines[0] += f", {found.asked} images asked"
    if classes:
        lines.append(f"prediction: {', '.join(classes)}")
    if found.method == "cam":
        from engine.evidence.cam import activation

        exact = activation(run, found.index)
        lines.append(
            f"logit: {exact.logit:.4f} = mean of the map {exact.logit - exact.bias:.4f} + bias {exact.bias:.4f}"
        )
    areas = ((one.name, one.deletion_area, one.insertion_area) for one in trust)
    lines += [
        f"{name}: area under deletion {deletion:.3f}, insertion {insertion:.3f}" for name, deletion, insertion in areas
    ]
    return lines


def _numbers(run: "Run", found: "Evidence", trust: "tuple[Trust, ...]") -> "dict[str, np.ndarray]":
    """Return arrays by name; `mirada cam --help` documents them."""
    arrays = {
        "map": found.values,
        "method": np.array(found.method),
        "class": np.array(found.index),
        "label": np.array(found.label),
        "score": np.array(found.score),
        "unit": np.array(found.unit),
        "layer": np.array(found.layer),
        "model": np.array(run.model.name),
    }
    if run.image is not None:
        arrays |= {"image": np.array(run.image.photo.name), "region": np.array(run.image.region)}
    for one in trust:
        name = "" if one.name == found.method else "random_"
        arrays |= {
            "fractions": one.fractions,
            f"{name}deletion": one.deletion,
            f"{name}insertion": one.insertion,
        }
    return arrays

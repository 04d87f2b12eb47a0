"""How a photo is prepared when the command line says something about it."""

import argparse
from dataclasses import replace
from typing import Any

from engine.errors import EngineError, declare_errors
from engine.images.plan import ImagePlan
from engine.messages import translate
from engine.model.description import ModelDescription

declare_errors(
    {
        "size-fixed": translate("engine", "“{name}” takes images of {rows} × {columns} pixels only."),
        "size-fixed.advice": translate("engine", "Leave the size out, or export the model with another one."),
    }
)


def chosen_plan(model: ModelDescription, arguments: argparse.Namespace) -> ImagePlan:
    """Return the model's plan with what the command line overrides.

    Raises:
        EngineError: the model takes no photo, or none of that size.
    """
    from engine.images.guess import conform, no_image_input, resized

    plan = model.image_plan
    if plan is None or model.image_input is None:
        raise no_image_input(model.name, model.inputs)
    changes: dict[str, Any] = {}
    if arguments.resize is not None:
        changes["resize"] = arguments.resize.replace("-", " ")
    for name in ("mean", "std"):
        given = getattr(arguments, name)
        if given is not None:
            changes[name] = given * plan.channels if len(given) == 1 else given
    if arguments.size is not None:
        plan = resized(plan, arguments.size)
    if not changes and arguments.size is None:
        return plan
    info = next(info for info in model.inputs if info.name == model.image_input)
    fitted = conform(replace(plan, source="user", notes=(), **changes), info)
    if arguments.size is not None and fitted.output_size != arguments.size:
        rows, columns = fitted.output_size
        raise EngineError("size-fixed", name=model.name, rows=rows, columns=columns)
    return fitted

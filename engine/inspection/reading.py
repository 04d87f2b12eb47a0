"""How texts and sounds enter a model, for people and as JSON."""

from pathlib import Path
from typing import Any

from engine.audio.plan import AudioPlan
from engine.model.description import ModelDescription
from engine.text.plan import TextPlan

TASKS = {
    "masked": "fills in masked tokens",
    "next": "goes on with a text",
    "translate": "writes a target",
    "embed": "one vector for a text",
    "compare": "compares images with texts",
    "classify": "classes of a text",
    "read": "reads a text",
}


def text_lines(plan: TextPlan) -> list[str]:
    """Return a heading, and (name, value) rows as aligned lines."""
    tokenizer = ", ".join(plan.files) if plan.files else "none beside the model"
    rows = [("task", TASKS[plan.task]), ("source", plan.ids or plan.source), ("tokenizer", tokenizer)]
    if plan.target is not None:
        rows.append(("target", plan.target))
    rows += [("tokens", tokens) for tokens in [_limits(plan)] if tokens]
    if plan.generation is not None:
        rows.append(("begins with", ", ".join(map(str, plan.generation.start)) or "the text"))
        rows.append(("ends with", ", ".join(map(str, plan.generation.end)) or "nothing known"))
        rows.append(("cache", "keys and values of earlier steps" if plan.past else "none"))
    if plan.pooling is not None:
        rows.append(("pooling", plan.pooling + (", length 1" if plan.normalised else "")))
    return ["Text", *_aligned(rows), *("  note: " + note.text() for note in plan.notes)]


def _limits(plan: TextPlan) -> str:
    said = []
    if plan.length or plan.limit:
        said.append(f"{plan.length} exactly" if plan.length else f"at most {plan.limit}")
    if plan.target_length or plan.target_limit:
        target = f"{plan.target_length} exactly" if plan.target_length else f"at most {plan.target_limit}"
        said.append(f"target {target}")
    return "; ".join(said)


def sound_lines(plan: AudioPlan) -> list[str]:
    """Return a heading, and (name, value) rows as aligned lines."""
    rows = [("input", plan.input), ("rate", f"{plan.rate} samples per second")]
    if plan.features == "log-mel":
        rows.append(("frames", f"{plan.mels} mel bands, {plan.window} samples every {plan.hop}"))
    rows.append(("length", "any" if plan.seconds is None else f"{plan.seconds:g} s"))
    title = "Sound: preprocessing is a guess" if plan.source == "guess" else f"Sound: as {plan.source} says"
    return [title, *_aligned(rows), *("  note: " + note.text() for note in plan.notes)]


def _aligned(rows: list[tuple[str, str]]) -> list[str]:
    width = max(len(name) for name, _ in rows)
    return [f"  {name.ljust(width)}  {value}" for name, value in rows]


def reading_json(model: ModelDescription) -> dict[str, Any]:
    """Return the keys text, sound and parts."""
    return {
        "text": None if model.text is None else _text(model.text),
        "sound": None if model.audio is None else _sound(model.audio),
        "parts": [
            {"name": part.name, "file": Path(part.model.path).name, "sites": list(part.sites)} for part in model.parts
        ],
    }


def _text(plan: TextPlan) -> dict[str, Any]:
    rules = plan.generation
    return {
        "task": plan.task,
        "source": plan.source,
        "input": plan.ids,
        "target": plan.target,
        "tokenizer": list(plan.files),
        "limit": plan.length or plan.limit,
        "target_limit": plan.target_length or plan.target_limit,
        "pooling": plan.pooling,
        "cache": plan.past,
        "generation": None
        if rules is None
        else {"start": list(rules.start), "end": list(rules.end), "longest": rules.longest},
        "notes": [{"code": note.code, "text": note.text()} for note in plan.notes],
    }


def _sound(plan: AudioPlan) -> dict[str, Any]:
    return {
        "input": plan.input,
        "features": plan.features,
        "rate": plan.rate,
        "window": plan.window,
        "hop": plan.hop,
        "mels": plan.mels,
        "seconds": plan.seconds,
        "source": plan.source,
        "notes": [{"code": note.code, "text": note.text()} for note in plan.notes],
    }

"""Reading the JSON files that lie beside a model."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.errors import EngineError, declare_errors
from engine.messages import translate

declare_errors(
    {
        "config-not-json": translate("engine", "“{name}” beside the model is not valid JSON ({reason})."),
        "config-not-json.advice": translate("engine", "Correct the file, or move it away to let Mirada guess."),
    }
)


def places_of(folder: Path) -> list[Path]:
    """Return where the files of a model in this folder may lie: there, or above it where it is called "onnx"."""
    return [folder, folder.parent] if folder.name == "onnx" else [folder]


def first_json(places: Sequence[Path], name: str) -> dict[str, Any] | None:
    """Return the JSON object in the first of these folders that has the file; None where none has.

    Raises:
        EngineError: the file cannot be read, or is not a JSON object.
    """
    for place in places:
        try:
            text = (place / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            continue
        except OSError:
            raise EngineError("file-unreadable", name=name) from None
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise EngineError("config-not-json", name=name, reason=str(error)[:120]) from None
        if not isinstance(found, dict):
            raise EngineError("config-not-json", name=name, reason="not an object")
        return found
    return None

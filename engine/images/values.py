"""Values of a configuration file, checked as they are read."""

import json
import math
from collections.abc import Mapping
from typing import Any, cast, get_args

from PIL import Image

from engine.errors import EngineError, declare_errors
from engine.images.plan import Resample
from engine.messages import translate

LARGEST_SIDE = 16_384
"""No model's side is longer than this in pixels; a file that says so is taken for wrong."""

declare_errors(
    {
        "config-invalid": translate("engine", "In “{name}” beside the model, “{key}” cannot be used: {value}."),
        "config-invalid.advice": translate("engine", "Correct it, or move the file away to let Mirada guess."),
    }
)


class Values:
    """Values of one file; each method raises an EngineError that names the file, the key and the value."""

    def __init__(self, values: Mapping[str, Any], name: str) -> None:
        self.values = values
        self.name = name

    def wrong(self, key: str, value: object) -> EngineError:
        """Return the refusal of a value."""
        return EngineError("config-invalid", name=self.name, key=key, value=json.dumps(value, default=str)[:80])

    def flag(self, key: str) -> bool:
        """Read yes or no; absent means no."""
        value = self.values.get(key, False)
        if not isinstance(value, bool | int):
            raise self.wrong(key, value)
        return bool(value)

    def number(self, key: str, value: object = None) -> float:
        """Read a finite number."""
        value = self.values.get(key) if value is None else value
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self.wrong(key, value)
        return float(value)

    def fraction(self, key: str) -> float:
        """Read a number above 0 and up to 1."""
        value = self.number(key)
        if not 0 < value <= 1:
            raise self.wrong(key, value)
        return value

    def side(self, key: str, value: object) -> int:
        """Read a side in pixels."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not 1 <= value <= LARGEST_SIDE:
            raise self.wrong(key, value)
        return int(value)

    def pair(self, key: str, value: object) -> tuple[int, int]:
        """Read (rows, columns) from 224, [224, 224] or {"height": 224, "width": 224}."""
        if isinstance(value, Mapping) and {"height", "width"} <= set(value):
            return self.side(key, value["height"]), self.side(key, value["width"])
        if isinstance(value, list | tuple) and len(value) in (1, 2):
            return self.side(key, value[0]), self.side(key, value[-1])
        if isinstance(value, Mapping):
            raise self.wrong(key, dict(value))
        side = self.side(key, value)
        return side, side

    def channels(self, key: str, positive: bool = False) -> tuple[float, ...]:
        """Read one number per channel, or one for all."""
        value = self.values.get(key)
        values = value if isinstance(value, list | tuple) else [value] * 3
        numbers = tuple(self.number(key, item) for item in values)
        if len(numbers) not in (1, 3) or (positive and min(numbers) <= 0):
            raise self.wrong(key, value)
        return numbers

    def filter(self, key: str) -> Resample:
        """Read Pillow's number or name of a filter."""
        value = self.values.get(key)
        names = get_args(Resample)
        if isinstance(value, int):
            value = next((name for name, code in Image.Resampling.__members__.items() if code == value), value)
        if not isinstance(value, str) or value.lower() not in names:
            raise self.wrong(key, value)
        return cast(Resample, value.lower())

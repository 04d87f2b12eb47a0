"""Which input takes a sound, and what is made of it: as preprocessor_config.json says, else guessed and said so."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from engine.audio.plan import AudioPlan
from engine.errors import EngineError, declare_errors
from engine.json_files import first_json, places_of
from engine.messages import Message, declare, translate

NAME = "preprocessor_config.json"
SAMPLES = ("input_values", "waveform", "audio", "speech")
FLOATS = ("float32", "float16", "float64")

declare(
    {
        "sound-guessed": translate(
            "engine", "No file beside the model says how sounds are prepared: {rate} samples per second is a guess."
        ),
    }
)
declare_errors(
    {
        "sound-config": translate("engine", "In “{name}” beside the model, “{key}” cannot be used: {value}."),
        "sound-config.advice": translate("engine", "Correct it, or move the file away to let Mirada guess."),
    }
)


class InputLike(Protocol):
    """An input of a graph: its name, NumPy dtype name, and shape with symbolic sizes by name."""

    @property
    def name(self) -> str:
        """Name in the graph."""

    @property
    def dtype(self) -> str:
        """NumPy's name of the element type."""

    @property
    def shape(self) -> tuple[int | str | None, ...]:
        """Sizes, names of sizes, or None."""


def audio_plan(inputs: Sequence[InputLike], folder: Path | None) -> AudioPlan | None:
    """Return how a sound enters a model with these inputs, whose files lie in `folder`; None where none does.

    Raises:
        EngineError: the file beside the model holds a value that cannot be used.
    """
    info = next((i for i in inputs if i.name == "input_features" and len(i.shape) == 3 and i.dtype in FLOATS), None)
    if info is None:
        info = next((i for i in inputs if i.name in SAMPLES and len(i.shape) == 2 and i.dtype in FLOATS), None)
    if info is None:
        return None
    said = (first_json(places_of(folder), NAME) if folder is not None else None) or {}
    source = NAME if "feature_extractor_type" in said or "sampling_rate" in said else "guess"
    rate = _number(said, "sampling_rate", 16_000)
    notes = () if source == NAME else (Message.of("sound-guessed", rate=rate),)
    if len(info.shape) == 2:
        fixed = info.shape[1] if isinstance(info.shape[1], int) else None
        plain = bool(said.get("do_normalize", True))
        return AudioPlan(info.name, "waveform", rate, 1, 1, 0, fixed, plain, info.dtype, source, notes)
    hop = _number(said, "hop_length", 160)
    samples = _number(said, "n_samples", _number(said, "chunk_length", 30) * rate)
    frames = info.shape[2]
    return AudioPlan(
        input=info.name,
        rate=rate,
        window=_number(said, "n_fft", 400),
        hop=hop,
        mels=info.shape[1] if isinstance(info.shape[1], int) else _number(said, "feature_size", 80),
        samples=frames * hop if isinstance(frames, int) else samples,
        normalised=bool(said.get("do_normalize", False)),
        dtype=info.dtype,
        source=source,
        notes=notes,
    )


def _number(said: Mapping[str, Any], key: str, otherwise: int) -> int:
    value = said.get(key, otherwise)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 100_000_000:
        raise EngineError("sound-config", name=NAME, key=key, value=str(value)[:80])
    return value

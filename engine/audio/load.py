"""From a file to samples: WAV always, other formats where `soundfile` is installed."""

import io
import warnings
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from engine.audio.plan import Floats, Sound
from engine.errors import EngineError, declare_errors
from engine.messages import Message, declare, translate

LARGEST = 1 << 30
"""Bytes; more than an hour of any usual sound."""

declare_errors(
    {
        "sound-unreadable": translate("engine", "“{name}” is no sound that Mirada can read: {reason}."),
        "sound-unreadable.advice": translate("engine", "Save it as a WAV file."),
        "soundfile-missing": translate(
            "engine", "“{name}” is no WAV file, and the package “soundfile” that reads others is not installed."
        ),
        "soundfile-missing.advice": translate("engine", "Save it as a WAV file, or run: pip install soundfile."),
        "sound-empty": translate("engine", "“{name}” holds no sound."),
        "sound-empty.advice": translate("engine", "Choose another file."),
    }
)
declare({"sound-mixed": translate("engine", "Its {count} channels were mixed into one.")})


def load_sound(source: str | Path | bytes, name: str | None = None) -> Sound:
    """Read a sound, its channels mixed into one.

    Args:
        source: the file, or its bytes.
        name: what to call it; by default the file's name.

    Raises:
        EngineError: not there, not readable, or empty.
    """
    called = name or ("sound" if isinstance(source, bytes) else Path(source).name)
    data = source if isinstance(source, bytes) else _bytes(Path(source), called)
    if not data:
        raise EngineError("sound-empty", name=called)
    riff = data[:4] in (b"RIFF", b"RIFX", b"RF64") and data[8:12] == b"WAVE"
    samples, rate = _wav(data, called) if riff else _other(data, called)  # (sample, channel)
    if samples.size == 0 or rate <= 0:
        raise EngineError("sound-empty", name=called)
    notes = (Message.of("sound-mixed", count=samples.shape[1]),) if samples.shape[1] > 1 else ()
    mono = samples.mean(axis=1, dtype=np.float64).astype(np.float32)
    return Sound(np.nan_to_num(mono, posinf=1.0, neginf=-1.0), rate, called, notes)


def _bytes(path: Path, name: str) -> bytes:
    try:
        if not path.is_file():
            raise EngineError("sound-unreadable" if path.exists() else "file-missing", name=name, reason="no file")
        if path.stat().st_size > LARGEST:
            raise EngineError("sound-unreadable", name=name, reason="it is larger than 1 GB")
        return path.read_bytes()
    except PermissionError as cause:
        raise EngineError("file-unreadable", name=name) from cause
    except OSError as cause:
        raise EngineError("file-missing", name=name[:80]) from cause


def _wav(data: bytes, name: str) -> tuple[Floats, int]:
    """Read a WAV file of integers or floats, (sample, channel) from -1 to 1."""
    from scipy.io import wavfile

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # chunks with texts and cue points, and files cut short
            rate, raw = wavfile.read(io.BytesIO(data))
    except Exception as error:  # a damaged header raises whatever it leads to
        raise EngineError("sound-unreadable", name=name, reason=_reason(error)) from None
    samples = np.atleast_2d(raw.T).T
    return _scaled(samples), int(rate)


def _scaled(samples: NDArray[np.generic]) -> Floats:
    """Integers as numbers from -1 to 1; 8 bits are unsigned."""
    if samples.dtype == np.uint8:
        return cast(Floats, (samples.astype(np.float32) - 128) / np.float32(128))
    if samples.dtype.kind == "i":
        full = float(2 ** (8 * samples.dtype.itemsize - 1))
        return (samples.astype(np.float64) / full).astype(np.float32)
    return samples.astype(np.float32)


def _other(data: bytes, name: str) -> tuple[Floats, int]:
    try:
        import soundfile
    except (ImportError, OSError):  # the package without its library is as good as none
        raise EngineError("soundfile-missing", name=name) from None
    try:
        samples, rate = soundfile.read(io.BytesIO(data), dtype="float32", always_2d=True)
    except Exception as error:  # the library's own errors, and those of damaged files
        raise EngineError("sound-unreadable", name=name, reason=_reason(error)) from None
    return samples, int(rate)


def _reason(error: Exception) -> str:
    return str(error).split("\n")[0].rstrip(".")[:120] or type(error).__name__

"""From samples to what a speech model takes: resampled, cut or filled, and turned into log-mel frames.

Whisper's front end (Radford et al. 2022, section 2.2): windows of 25 ms every 10 ms, their power in mel bands,
logarithm, the quietest 80 dB below the loudest, brought near -1 to 1. Frames as Transformers' WhisperFeatureExtractor.
"""

import math
from typing import cast

import numpy as np
from numpy.typing import NDArray

from engine.audio.plan import AudioPlan, Floats, PreparedSound, Sound
from engine.messages import Message, declare, translate

BLOCK = 4096
"""Frames transformed at once."""

declare(
    {
        "sound-resampled": translate("engine", "Resampled from {given} to {wanted} samples per second."),
        "sound-cut": translate("engine", "Only the first {seconds} s are heard: the model takes no more."),
        "sound-filled": translate("engine", "Filled up with silence to {seconds} s, which the model always takes."),
    }
)


def prepare_sound(sound: Sound, plan: AudioPlan) -> PreparedSound:
    """Make a sound ready for one model."""
    notes = list(sound.notes)
    samples = resampled(sound.samples, sound.rate, plan.rate)
    if sound.rate != plan.rate:
        notes.append(Message.of("sound-resampled", given=sound.rate, wanted=plan.rate))
    heard = samples.size / plan.rate
    if plan.samples is not None:
        said = f"{plan.samples / plan.rate:g}"
        if samples.size > plan.samples:
            samples, heard = samples[: plan.samples], plan.samples / plan.rate
            notes.append(Message.of("sound-cut", seconds=said))
        elif samples.size < plan.samples:
            notes.append(Message.of("sound-filled", seconds=said))
    tensor = _waveform(samples, plan) if plan.features == "waveform" else _frames(samples, plan)
    return PreparedSound(tensor.astype(plan.dtype, copy=False), sound, plan, heard, tuple(notes))


def resampled(samples: Floats, given: int, wanted: int) -> Floats:
    """Return samples, (sample,), at another rate: a polyphase filter keeps what both rates can hold."""
    if given == wanted:
        return samples
    from scipy.signal import resample_poly

    common = math.gcd(given, wanted)
    return cast(Floats, resample_poly(samples.astype(np.float64), wanted // common, given // common).astype(np.float32))


def _standard(samples: Floats) -> Floats:
    """Mean 0, variance 1 (Transformers' Wav2Vec2FeatureExtractor)."""
    return cast(Floats, ((samples - samples.mean()) / np.sqrt(samples.var() + 1e-7)).astype(np.float32))


def _filled(samples: Floats, plan: AudioPlan) -> Floats:
    return samples if plan.samples is None else np.pad(samples, (0, max(plan.samples - samples.size, 0)))


def _waveform(samples: Floats, plan: AudioPlan) -> NDArray[np.generic]:
    return _filled(_standard(samples) if plan.normalised else samples, plan)[None]  # (1, sample)


def _frames(samples: Floats, plan: AudioPlan) -> NDArray[np.generic]:
    """Log-mel frames, (1, mel, frame)."""
    filled = _filled(_standard(samples) if plan.normalised else samples, plan)
    return log_mel(filled, plan)[None]


def log_mel(samples: Floats, plan: AudioPlan) -> Floats:
    """Return log-mel frames, (mel, frame) float32: one frame every `plan.hop` samples.

    Args:
        samples: (sample,), as many as the model takes.
        plan: window, hop, rate and number of bands.
    """
    half = plan.window // 2
    mode = "reflect" if samples.size > half else "constant"  # a reflection needs as many samples as it adds
    around = np.pad(samples.astype(np.float64), half, mode=cast("object", mode))  # type: ignore[call-overload]
    windows = np.lib.stride_tricks.sliding_window_view(around, plan.window)[:: plan.hop]  # (frame, sample)
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(plan.window) / plan.window)  # periodic
    bands = mel_bands(plan.mels, plan.window, plan.rate)  # (band, frequency)
    power = [
        (np.abs(np.fft.rfft(windows[i : i + BLOCK] * hann, axis=1)) ** 2) @ bands.T
        for i in range(0, len(windows), BLOCK)
    ]
    loud = np.log10(np.maximum(np.concatenate(power), 1e-10))[: max(len(windows) - 1, 1)].T  # (mel, frame)
    loud = np.maximum(loud, loud.max() - 8.0)
    return cast(Floats, ((loud + 4.0) / 4.0).astype(np.float32))


def mel_bands(count: int, window: int, rate: int) -> NDArray[np.float64]:
    """Return triangular mel bands of equal area, (band, frequency): Slaney's (Auditory Toolbox, 1998)."""
    edges = _hertz(np.linspace(0.0, _mels(rate / 2), count + 2))  # (band edge,)
    frequencies = np.linspace(0, rate / 2, window // 2 + 1)
    slopes = edges[:, None] - frequencies[None]
    width = np.diff(edges)[:, None]
    bands = np.maximum(0.0, np.minimum(-slopes[:-2] / width[:-1], slopes[2:] / width[1:]))
    return cast(NDArray[np.float64], bands * (2.0 / (edges[2:] - edges[:-2]))[:, None])


LINEAR = 200.0 / 3
"""Hertz of a mel below 1,000 Hz."""
KNEE = 1000.0
STEP = math.log(6.4) / 27.0
"""Logarithm of the ratio of a mel above."""


def _mels(hertz: float) -> float:
    return hertz / LINEAR if hertz < KNEE else KNEE / LINEAR + math.log(hertz / KNEE) / STEP


def _hertz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    knee = KNEE / LINEAR
    return np.where(mels < knee, mels * LINEAR, KNEE * np.exp(STEP * (np.maximum(mels, knee) - knee)))

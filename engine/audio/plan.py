"""How a sound becomes a model's input: stated, frozen."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.messages import Message

Features = Literal["log-mel", "waveform"]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class AudioPlan:
    """What is made of a sound: log-mel frames (Whisper: Radford et al. 2022, section 2.2) or plain samples (wav2vec 2).

    Attributes:
        input: the model's input.
        features: "log-mel", (batch, mel, frame), or "waveform", (batch, sample).
        rate: samples per second that the model is made for.
        window: samples of a frame's window (n_fft).
        hop: samples from one frame to the next.
        mels: number of mel bands.
        samples: samples that the sound is cut or filled to; None where any length goes.
        normalised: brought to mean 0 and variance 1 before anything else.
        dtype: of the tensor.
        source: the file that says so, or "guess".
        notes: what was guessed.
    """

    input: str
    features: Features = "log-mel"
    rate: int = 16_000
    window: int = 400
    hop: int = 160
    mels: int = 80
    samples: int | None = 480_000
    normalised: bool = False
    dtype: str = "float32"
    source: str = "guess"
    notes: tuple[Message, ...] = ()

    @property
    def seconds(self) -> float | None:
        """Length that a sound is cut or filled to, in seconds."""
        return None if self.samples is None else self.samples / self.rate


@dataclass(frozen=True)
class Sound:
    """A decoded sound, one channel.

    Attributes:
        samples: (sample,) float32, -1 to 1.
        rate: samples per second.
        name: what the user knows it by: the file's name.
        notes: what was done to it: channels mixed, reduced.
    """

    samples: Floats = field(repr=False)
    rate: int
    name: str
    notes: tuple[Message, ...] = ()

    @property
    def seconds(self) -> float:
        """Length."""
        return self.samples.size / self.rate


@dataclass(frozen=True)
class PreparedSound:
    """A sound made ready for one model.

    Attributes:
        tensor: what the model gets, (batch, mel, frame) or (batch, sample).
        sound: what it was made of, at its own rate.
        plan: how.
        heard: seconds of the sound that the model hears; the rest of its input is silence.
        notes: what was done: resampled, cut, filled up.
    """

    tensor: NDArray[np.generic] = field(repr=False)
    sound: Sound
    plan: AudioPlan
    heard: float
    notes: tuple[Message, ...] = ()

    @property
    def seconds(self) -> float:
        """Length of what the model gets, silence included."""
        frames = self.tensor.shape[-1]
        return float(frames * (self.plan.hop if self.plan.features == "log-mel" else 1) / self.plan.rate)

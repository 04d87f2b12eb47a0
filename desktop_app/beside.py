"""What shall be seen beside what is on screen."""

from dataclasses import dataclass

from desktop_app.process.protocol import PhotoSource


@dataclass(frozen=True)
class Beside:
    """A second run: another model on the same photo, or the same model on another photo.

    Attributes:
        model: path of the other model; None is the one on screen.
        photo: the other photo; None is the one on screen.
    """

    model: str | None = None
    photo: PhotoSource | None = None

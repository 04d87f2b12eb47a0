"""The tokens on one side of an attention as what they are: a text, an image with patches, a sound, or names."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_app import token_words
from desktop_app.token_lines import TokenLine
from desktop_app.widgets.boxed_image import BoxedImage
from desktop_app.widgets.sound_canvas import SoundCanvas
from desktop_app.widgets.token_canvas import TokenCanvas
from desktop_app.widgets.token_text import ScrolledText, TokenText
from engine.audio.plan import PreparedSound
from engine.images.plan import Prepared

Floats = NDArray[np.float32]


class SidePicture(QStackedWidget):
    """One side. It shows numbers for its tokens, and says which one is pointed at."""

    hovered = Signal(object)
    clicked = Signal(int)
    walked = Signal(int)
    unpinned = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text, self.image, self.sound = TokenText(), BoxedImage(), SoundCanvas()
        self.scrolled = ScrolledText(self.text, 5)
        self._line: TokenLine | None = None
        self._photo: Prepared | None = None
        for page in (self.scrolled, self.image, self.sound):
            self.addWidget(page)
        for canvas in self._canvases():
            canvas.hovered.connect(self.hovered)
            canvas.clicked.connect(self.clicked)
            canvas.walked.connect(self.walked)
            canvas.unpinned.connect(self.unpinned)

    @property
    def kind(self) -> str:
        """What kind of picture is shown: "text", "image" or "sound"."""
        return ("text", "image", "sound")[self.currentIndex()]

    def canvas(self) -> TokenCanvas:
        """Return the canvas that is shown."""
        return self._canvases()[self.currentIndex()]

    def set_side(self, line: TokenLine, image: Prepared | None, audio: PreparedSound | None) -> None:
        """Show the tokens of a side."""
        if line.kind == "patches" and line.grid is not None and image is not None:
            self.setCurrentIndex(1)
            if image is not self._photo:
                self.image.set_photo(image.photo.pixels, image.region)
                self._photo = image
            self.image.set_tokens(line.grid, token_words.special_names(line.grid))
        elif line.kind == "frames" and audio is not None:
            self.setCurrentIndex(2)
            if line is not self._line:
                bands = np.asarray(audio.tensor[0], np.float32)  # (mel, frame) or (sample,)
                self.sound.set_sound(bands, line.seconds)
        else:
            self.setCurrentIndex(0)
            if line is not self._line:
                self.text.set_tokens(line.pieces, line.joined, line.special, line.ids)
                self.scrolled.fit()
        self._line = line
        self._fit()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size that the shown page asks for; those out of sight ask for nothing."""
        page = self.currentWidget()
        return super().sizeHint() if page is None else page.sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the least size of the shown page."""
        page = self.currentWidget()
        return super().minimumSizeHint() if page is None else page.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Take no more height than a text needs."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        most = self.scrolled.maximumHeight() if self.kind == "text" else 190 if self.kind == "sound" else 16777215
        if most != self.maximumHeight():
            self.setMaximumHeight(most)
            self.updateGeometry()

    def set_numbers(self, values: Floats | None, line: TokenLine) -> None:
        """Colour the tokens; special ones are left out of the scale and pale."""
        high = 0.0
        if values is not None and len(values):
            plain = values[~np.array(line.special[: len(values)], bool)]
            high = float(np.nanmax(plain if plain.size else values))
        if self.kind == "text":
            self.text.set_values(values, high, dim=True)
        elif self.kind == "image":
            self.image.set_overlay(values, high, line.grid)
        else:
            self.sound.set_overlay(values, high)

    def set_mark(self, token: int | None, *, pinned: bool) -> None:
        """Mark the token that is pointed at."""
        self.canvas().set_marks(token, pinned=pinned)

    def set_colour_map(self, name: str) -> None:
        """Colour by another map."""
        for canvas in (self.text, self.image, self.sound):
            canvas.set_colour_map(name)

    def set_name(self, name: str) -> None:
        """Name it for screen readers."""
        for canvas in self._canvases():
            canvas.setAccessibleName(name)

    def forget(self) -> None:
        """Let go of what is shown."""
        self._line = self._photo = None
        self.text.set_tokens((), (), ())
        self.image.set_tokens(None)
        self.image.set_photo(None)
        self.sound.set_sound(None, ())

    def _canvases(self) -> tuple[TokenCanvas, TokenCanvas, TokenCanvas]:
        return self.text, self.image, self.sound

"""One photo several times, each with another map over it, as large as fit; a click chooses one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app import copy_menu, theme
from desktop_app.widgets import colour_maps, image_paint
from desktop_app.widgets.canvas_layout import WHOLE, Region
from desktop_app.widgets.exhibit import Exhibit
from desktop_app.widgets.frames import paint_frame
from desktop_app.widgets.signed import SIGNED, signed_levels
from desktop_app.widgets.token_canvas import by_keyboard

_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


@dataclass(frozen=True, eq=False)
class Card:
    """One picture.

    Attributes:
        key: by which it is chosen.
        caption, note: stand below it; `told` is its tooltip.
        values: (row, column) over what the model sees; None for the photo alone.
        signed: coloured around zero.
    """

    key: str
    caption: str
    note: str = ""
    told: str = ""
    values: NDArray[np.float32] | None = field(default=None, repr=False)
    signed: bool = False


class PhotoGallery(QWidget):
    """Cards in lines; it shows which one is chosen and asks for another."""

    picked = Signal(str)
    """The key of the card that was clicked or walked to."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._photo: QImage | None = None
        self._region: Region = WHOLE
        self._cards: tuple[Card, ...] = ()
        self._chosen, self._ring = "", False
        self._map, self._opacity, self._smooth = colour_maps.MAPS[0], 0.6, True
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(150, 110)
        self.takeaway = copy_menu.join(self, self.exhibit)

    def set_photo(self, pixels: NDArray[np.uint8] | None, region: Region = WHOLE) -> None:
        """Show another photo, (row, column, 3), of which the model sees `region`."""
        self._photo, self._region = None, region
        if pixels is not None:
            skip = max(1, min(pixels.shape[:2]) // 512)
            self._photo = image_paint.reduced(np.ascontiguousarray(pixels[::skip, ::skip]))
        self.update()

    def set_cards(self, cards: Sequence[Card], chosen: str) -> None:
        """Show cards, and which one is chosen."""
        self._cards, self._chosen = tuple(cards), chosen
        here = next((card for card in self._cards if card.key == chosen), None)
        self.setAccessibleDescription("" if here is None else f"{here.caption}. {here.note}".strip())
        self.update()

    def set_look(self, colour_map: str, opacity: float, *, smooth: bool) -> None:
        """Colour the maps by another map, and let them hide more or less of the photo."""
        self._map, self._opacity, self._smooth = colour_map, opacity, smooth
        self.update()

    def rect_of(self, place: int) -> QRectF:
        """Return where a card's picture lies."""
        columns, wide, high = self._grid()
        row, column = divmod(place, columns)
        pitch = high + self._text_height() + theme.NEAR
        return QRectF(column * (wide + theme.NEAR), row * pitch, wide, high)

    def key_at(self, point: QPointF) -> str | None:
        """Return the card at a point, its caption included."""
        for place, card in enumerate(self._cards):
            if self.rect_of(place).adjusted(0, 0, 0, self._text_height()).contains(point):
                return card.key
        return None

    def exhibit(self, point: QPointF | None) -> Exhibit | None:
        """Return the map at a point, the chosen one where there is none."""
        key = self._chosen if point is None else self.key_at(point)
        card = next((card for card in self._cards if card.key == key), None)
        if card is None:
            return None
        axes = ("row", "column") if card.values is not None else ()
        return Exhibit(f"{self._name}-{card.key}", card.values, axes, told=card.told)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size at which six pictures can be told apart."""
        return QSize(400, 300)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint the cards."""
        painter, worn = QPainter(self), theme.colours(self)
        painter.setFont(theme.sized(self.font(), theme.SMALL))
        line = painter.fontMetrics().height()
        for place, card in enumerate(self._cards):
            rect, chosen = self.rect_of(place), card.key == self._chosen
            self._paint_card(painter, rect, card)
            if chosen:
                paint_frame(painter, rect, worn.accent, 2)
            for row, (text, ink) in enumerate(((card.caption, worn.text), (card.note, worn.quiet))):
                painter.setPen(worn.accent if chosen and row == 0 else ink)
                box = QRectF(rect.left(), rect.bottom() + 2 + row * line, rect.width(), line)
                shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
                painter.drawText(box, Qt.AlignmentFlag.AlignLeft, shown)
        if self._ring and self.hasFocus():
            paint_frame(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), worn.accent, 2)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Choose a card."""
        key = self.key_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and key is not None:
            self.picked.emit(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Walk with the arrows."""
        self._ring = True
        keys = [card.key for card in self._cards]
        if event.key() in _KEYS and self._chosen in keys:
            to = min(max(keys.index(self._chosen) + _KEYS[Qt.Key(event.key())], 0), len(keys) - 1)
            if keys[to] != self._chosen:
                self.picked.emit(keys[to])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the focus ring to who came by keyboard."""
        self._ring = by_keyboard(event)
        super().focusInEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow theme and font."""
        self.update()
        super().changeEvent(event)

    def _ratio(self) -> float:
        """Height of a picture whose width is 1."""
        return 1.0 if self._photo is None else self._photo.height() / self._photo.width()

    def _text_height(self) -> float:
        return 2.0 * self.fontMetrics().height() + 2

    def _grid(self) -> tuple[int, float, float]:
        """Return columns, width and height of the pictures, so that they are as large as can be."""
        count, best = max(1, len(self._cards)), (1, 20.0, 20.0)
        for columns in range(1, count + 1):
            lines = math.ceil(count / columns)
            wide = (self.width() - theme.NEAR * (columns - 1)) / columns
            high = (self.height() - theme.NEAR * (lines - 1)) / lines - self._text_height()
            wide = max(20.0, min(wide, high / self._ratio(), 320.0))
            if wide > best[1]:
                best = columns, wide, wide * self._ratio()
        return best

    def _paint_card(self, painter: QPainter, rect: QRectF, card: Card) -> None:
        worn = theme.colours(self)
        painter.fillRect(rect, worn.missing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._photo is not None:
            painter.drawImage(rect, self._photo)
        values = card.values
        if values is None:
            return
        left, top, right, bottom = self._region
        seen = QRectF(rect.left() + left * rect.width(), rect.top() + top * rect.height(), 0, 0)
        seen.setWidth((right - left) * rect.width())
        seen.setHeight((bottom - top) * rect.height())
        high = float(np.nanmax(np.abs(values), initial=0.0))
        entries = signed_levels(values, high) if card.signed else colour_maps.levels(values, high)
        table = colour_maps.table(SIGNED if card.signed else self._map, worn.missing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._smooth)
        painter.setClipRect(rect)
        painter.setOpacity(self._opacity)
        painter.drawImage(seen, colour_maps.indexed(entries, table).convertToFormat(QImage.Format.Format_RGB32))
        painter.setOpacity(1.0)
        painter.setClipping(False)

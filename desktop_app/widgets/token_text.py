"""A text whose tokens are coloured by numbers; the pointer chooses one."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from desktop_app import copy_menu, theme
from desktop_app.widgets import colour_maps
from desktop_app.widgets.exhibit import Exhibit
from desktop_app.widgets.text_layout import PAD, TextLayout, leans_right, text_layout, visible
from desktop_app.widgets.token_canvas import TokenCanvas

Floats = NDArray[np.float32]


class TokenText(TokenCanvas):
    """Tokens set in lines as a text; words stay together, special tokens are set apart by a frame."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pieces: tuple[str, ...] = ()
        self._shown: tuple[str, ...] = ()
        self._joined: tuple[bool, ...] = ()
        self._special: tuple[bool, ...] = ()
        self._ids: tuple[int, ...] = ()
        self._values: Floats | None = None
        self._high, self._dim, self._mirrored = 1.0, False, False
        self._count: int | None = None
        self._map = colour_maps.MAPS[0]
        self._placed: dict[int, TextLayout] = {}  # by width
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumSize(120, 30)
        self.takeaway = copy_menu.join(self, self.exhibit, picture=self.picture)

    @property
    def pieces(self) -> tuple[str, ...]:
        """What is shown."""
        return self._pieces

    @property
    def values(self) -> Floats | None:
        """The numbers that colour the tokens, (token,)."""
        return self._values

    def set_tokens(
        self, pieces: Sequence[str], joined: Sequence[bool], special: Sequence[bool], ids: Sequence[int] = ()
    ) -> None:
        """Show other tokens; `joined` go on with the word before."""
        new = (tuple(pieces), tuple(joined), tuple(special))
        self._ids = tuple(ids)
        if new == (self._pieces, self._joined, self._special):
            return
        self._pieces, self._joined, self._special = new
        self._mirrored = leans_right(new[0])
        self._shown = tuple(visible(piece) for piece in new[0])
        self._values = None
        self._arrange()

    def set_values(self, values: Floats | None, high: float = 1.0, *, dim: bool = False) -> None:
        """Colour the tokens by numbers, (token,); `high` gets the last colour; `dim` leaves special tokens pale."""
        self._values, self._high, self._dim = values, high, dim
        self.update()

    def set_shown(self, count: int | None) -> None:
        """Paint the first `count` tokens alone; the others keep their room."""
        if count != self._count:
            self._count = count
            self.update()

    def set_colour_map(self, name: str) -> None:
        """Colour by another map."""
        self._map = name
        self.update()

    def tokens_layout(self) -> TextLayout | None:
        """Return where the tokens lie now."""
        if not self._pieces:
            return None
        return self._set(self.width())

    def exhibit(self, point: QPointF | None) -> Exhibit | None:
        """Return the tokens with their numbers."""
        if not self._pieces:
            return None
        layout = self.tokens_layout()
        token = self._token if point is None or layout is None else layout.token_at(point)
        values = np.full(len(self._pieces), np.nan, np.float32) if self._values is None else self._values
        number = None if token is None or token >= len(values) else float(values[token])
        return Exhibit("tokens", values, ("token",), number, labels={"token": self._pieces})

    def describe(self, token: int) -> str:
        """Return a token, its place, its id and its number."""
        if not 0 <= token < len(self._pieces):
            return ""
        text = self.tr("“{piece}”, token {token}").format(piece=self._shown[token], token=token)
        if token < len(self._ids):
            text += ", " + self.tr("id {id}").format(id=self._ids[token])
        if self._values is not None and token < len(self._values):
            text += f": {self._values[token]:.6g}"
        return text

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a good width, and the height the text needs there."""
        return QSize(480, self.heightForWidth(480))

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """Say that fewer columns need more lines."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """Return the height of all lines at a width."""
        return round(self._set(width).height + 2 * PAD) if self._pieces else 30

    def picture(self) -> QImage:
        """Return what is painted now, without marks and focus, at the screen's resolution."""
        ratio = self.devicePixelRatioF()
        image = QImage(self.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        image.fill(theme.colours(self).window)
        painter = QPainter(image)
        self._paint_tokens(painter, QRectF(self.rect()))
        painter.end()
        return image

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the tokens in sight, and the marked one."""
        painter, layout = QPainter(self), self.tokens_layout()
        self._paint_tokens(painter, QRectF(event.rect()))
        if layout is not None and self._token is not None and (rect := layout.rect_of(self._token)) is not None:
            self.paint_mark(painter, rect, strong=self._pinned)
        self.paint_focus(painter)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._arrange()

    def _arrange(self) -> None:
        self._placed = {}
        self.updateGeometry()
        self.update()

    def _set(self, width: int) -> TextLayout:
        """Return where the tokens lie at a width; the last few widths are remembered."""
        if width not in self._placed:
            if len(self._placed) > 3:
                self._placed = {}
            self._placed[width] = self._lines_at(width)
        return self._placed[width]

    def _lines_at(self, width: int) -> TextLayout:
        metrics = QFontMetricsF(self.font())
        widths = [metrics.horizontalAdvance(piece) for piece in self._shown]
        breaks = ["\n" in piece for piece in self._pieces]
        room = max(60.0, width - 2 * PAD)
        layout = text_layout(widths, self._joined, breaks, metrics.height(), room, mirrored=self._mirrored)
        rects = tuple(rect.translated(PAD, PAD) for rect in layout.rects)
        return TextLayout(rects, layout.firsts, tuple(top + PAD for top in layout.tops), layout.height)

    def _paint_tokens(self, painter: QPainter, band: QRectF) -> None:
        layout, worn = self.tokens_layout(), theme.colours(self)
        if layout is None:
            return
        painter.setFont(self.font())
        metrics = painter.fontMetrics()
        table = _table(self._map)
        levels = None if self._values is None else colour_maps.levels(self._values, self._high)
        for token in layout.between(band.top(), band.bottom()):
            if self._count is not None and token >= self._count:
                break
            rect, special = layout.rects[token], self._special[token]
            ground, ink = worn.surface, worn.text
            if levels is not None and token < len(levels) and levels[token] < colour_maps.STEPS:
                ground, ink = table[int(levels[token])]
            elif levels is not None:
                ground = worn.missing
            if special and self._dim:
                ground, ink = worn.window, worn.quiet
            painter.fillRect(rect, ground)
            painter.setPen(ink)
            shown = metrics.elidedText(self._shown[token], Qt.TextElideMode.ElideRight, int(rect.width() - PAD))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, shown)
            if special:
                painter.setPen(worn.quiet)
                painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))


class ScrolledText(QScrollArea):
    """A `TokenText` that scrolls where it is longer than its room; it asks for a few lines."""

    def __init__(self, text: TokenText, lines: int = 7, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._lines = text, lines
        self.setWidget(text)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumHeight(36)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the height of the text, at most a few lines."""
        line = self.fontMetrics().height() + 2 * PAD
        need = self._text.heightForWidth(max(200, self.width()))
        return QSize(480, round(min(need + 4, self._lines * line)))

    def fit(self) -> None:
        """Take no more height than the text needs, and no more than a few lines."""
        height = max(36, self.sizeHint().height())
        if height != self.maximumHeight():
            self.setMaximumHeight(height)
            self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Fit anew where lines broke elsewhere."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()


_TABLES: dict[str, list[tuple[QColor, QColor]]] = {}


def _table(name: str) -> list[tuple[QColor, QColor]]:
    """Return for each colour of a map the ink that can be read on it."""
    if name not in _TABLES:
        grounds = [QColor.fromRgb(value) for value in colour_maps.map_colours(name)]
        _TABLES[name] = [(g, QColor("#101214" if _light(g) else "#ffffff")) for g in grounds]
    return _TABLES[name]


def _light(colour: QColor) -> bool:
    """Return whether black is easier to read on a colour than white (WCAG 2.2, relative luminance)."""
    red, green, blue = (_linear(value) for value in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

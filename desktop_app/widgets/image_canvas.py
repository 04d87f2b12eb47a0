"""A photo with its patches, and what a head attends to laid over it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop_app import copy_menu, theme
from desktop_app.widgets import colour_maps, image_paint
from desktop_app.widgets.canvas_layout import WHOLE, ImageLayout, Region, image_layout
from desktop_app.widgets.exhibit import Exhibit, on_grid
from desktop_app.widgets.token_canvas import TokenCanvas
from engine.grid import PatchGrid

Floats = NDArray[np.float32]
_MARGIN = 3.0


class ImageCanvas(TokenCanvas):
    """A photo fitted to the widget, the region the model sees, its patches, special tokens as chips, an overlay."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._photo: QImage | None = None
        self._pixels: NDArray[np.uint8] | None = None
        self._photo_size = (1, 1)
        self._region: Region = WHOLE
        self._grid: PatchGrid | None = None
        self._names: tuple[str, ...] = ()
        self._values: Floats | None = None
        self._high = 1.0
        self._shown: PatchGrid | None = None
        self._overlay: QImage | None = None
        self._map = colour_maps.MAPS[0]
        self._opacity = 0.6
        self._smooth = False
        self._layers: tuple[QPixmap, QPixmap] | None = None
        self._placed: ImageLayout | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        copy_menu.join(self, self.exhibit, paint=self.paint_picture)

    def set_photo(self, pixels: NDArray[np.uint8] | None, region: Region = WHOLE) -> None:
        """Show a photo, (row, column, 3) uint8, and outline `region` of it where that is not the whole."""
        if pixels is not None and pixels is self._pixels and region == self._region:
            return
        self._pixels, self._region = pixels, region
        self._photo_size = (1, 1) if pixels is None else (pixels.shape[1], pixels.shape[0])
        self._photo = None if pixels is None else image_paint.reduced(pixels)
        self._recolour()
        self._forget()

    def set_tokens(self, grid: PatchGrid | None, names: Sequence[str] = ()) -> None:
        """Lay tokens on the region; `names` are those of the special tokens, in order."""
        if grid != self._grid or tuple(names) != self._names:
            self._grid, self._names = grid, tuple(names)
            self._values = self._overlay = None
            self._forget()

    def set_overlay(self, values: Floats | None, high: float = 1.0, grid: PatchGrid | None = None) -> None:
        """Lay numbers over the image, (token,); `high` gets the last colour.

        They lie as `grid` says, where that is not the grid of the tokens that can be pointed at.
        """
        self._values, self._high, self._shown = values, high, grid or self._grid
        self._overlay = self._make_overlay()
        if self._token is not None:
            self.setAccessibleDescription(self.describe(self._token))
        self.update()

    def set_colour_map(self, name: str) -> None:
        """Colour the overlay by another map."""
        self._map = name
        self._recolour()

    def set_opacity(self, opacity: float) -> None:
        """Set how much of the photo the overlay hides, 0 to 1."""
        self._opacity = opacity
        self._recolour()

    def set_smooth(self, smooth: bool) -> None:
        """Draw the overlay as a smooth surface; else one flat square for each patch, as the numbers are."""
        self._smooth = smooth
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size at which patches can be told apart."""
        return QSize(520, 520)

    def tokens_layout(self) -> ImageLayout | None:
        """Return where the tokens lie now."""
        if self._grid is not None and self._placed is None:
            metrics = QFontMetricsF(theme.sized(self.font(), theme.SMALL))
            wide = max((metrics.horizontalAdvance(name) for name in self._names), default=0.0)
            wide = max(wide, metrics.horizontalAdvance("0.0000")) + 2 * theme.NEAR
            size = QSizeF(self.width() - 2 * _MARGIN, self.height() - 2 * _MARGIN)
            photo = self._photo_size if self._photo is not None else (self._grid.columns, self._grid.rows)
            chip = QSizeF(wide, 2 * metrics.height() + theme.NEAR)
            placed = image_layout(size, photo, self._region, self._grid, chip, theme.NEAR)
            self._placed = placed.moved(_MARGIN, _MARGIN)
            self.placed.emit(self._placed.region)
        return self._placed

    def describe(self, token: int) -> str:
        """Return the place of a token and its exact number."""
        place = self._grid.place_of(token) if self._grid else None
        if place is not None:
            text = self.tr("Row {row}, column {column} (token {token})")
            where = text.format(row=place[0], column=place[1], token=token)
        else:
            where = self.tr("{name} (token {token}; its role is guessed)").format(
                name=self._name_of(token), token=token
            )
        value = self.value_of(token)
        return where if value is None else self.tr("{where}: {value}").format(where=where, value=f"{value:.6g}")

    def value_of(self, token: int) -> float | None:
        """Return the number laid over the place of a token; None where there is none."""
        at = self._shown_token(token)
        if self._values is None or at is None or at >= len(self._values) or np.isnan(self._values[at]):
            return None
        return float(self._values[at])

    def exhibit(self, point: QPointF | None) -> Exhibit | None:
        """Return the numbers laid over the image, and that of the token at a point."""
        layout, grid, values = self.tokens_layout(), self._shown, self._values
        if layout is None:
            return None
        token = self._token if point is None else layout.token_at(point)
        number = None if token is None else self.value_of(token)
        return Exhibit("image", None) if values is None else on_grid("image", values, grid, self._names, number)

    def picture(self) -> QImage:
        """Return what is painted now, without marks and focus, at the screen's resolution."""
        ratio = self.devicePixelRatioF()
        image = QImage(self.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        image.fill(theme.colours(self).window)
        painter = QPainter(image)
        self.paint_picture(painter)
        painter.end()
        layout = self.tokens_layout()
        if layout is None:
            return image
        used = layout.extent()
        box = QRectF(used.x() * ratio, used.y() * ratio, used.width() * ratio, used.height() * ratio)
        return image.copy(box.toAlignedRect().intersected(image.rect()))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Paint the photo, the overlay, the lines, the marks."""
        painter = QPainter(self)
        self.paint_picture(painter)
        layout = self.tokens_layout()
        rect = layout.rect_of(self._token) if layout is not None and self._token is not None else None
        if rect is not None:
            self.paint_mark(painter, rect, strong=self._pinned)
        self.paint_focus(painter)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Place everything anew."""
        self._forget()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow theme and font."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._forget()
            self._recolour()
        super().changeEvent(event)

    def _forget(self) -> None:
        self._placed = self._layers = None
        self.update()

    def _recolour(self) -> None:
        if self._overlay is not None:
            self._overlay.setColorTable(self._table())
        self.update()

    def _table(self) -> list[int]:
        alpha = round(255 * self._opacity) if self._photo is not None else 255
        return [alpha << 24 | colour & 0xFFFFFF for colour in self._colours()]

    def _colours(self) -> list[int]:
        """The colour table of the overlay, before its opacity."""
        return colour_maps.table(self._map, theme.colours(self).missing)

    def _name_of(self, token: int) -> str:
        layout = self.tokens_layout()
        special = layout.special() if layout else ()
        at = special.index(token) if token in special else len(self._names)
        return self._names[at] if at < len(self._names) else self.tr("special token")

    def _shown_token(self, token: int) -> int | None:
        """Return the token of the overlay at the place of a token that can be pointed at."""
        grid, shown = self._grid, self._shown
        if grid is None or shown is None or grid == shown:
            return token
        place = grid.place_of(token)
        if place is None:
            return token if token < min(grid.prefix, shown.prefix) else None
        row, column = (2 * place[0] + 1) * shown.rows // (2 * grid.rows), place[1]
        return shown.token_at(row, (2 * column + 1) * shown.columns // (2 * grid.columns))

    def _make_overlay(self) -> QImage | None:
        grid, values = self._shown, self._values
        if grid is None or values is None or len(values) != grid.tokens:
            return None
        patches = values[grid.prefix : grid.prefix + grid.patches].reshape(grid.rows, grid.columns)
        return colour_maps.indexed(colour_maps.levels(patches, self._high), self._table())

    def paint_picture(self, painter: QPainter) -> None:
        """Paint what is shown, without marks and focus."""
        layout, worn, ratio = self.tokens_layout(), theme.colours(self), self.devicePixelRatioF()
        if layout is None:
            painter.fillRect(self.rect(), worn.window)
            return
        if self._layers is None or self._layers[0].devicePixelRatio() != ratio:
            self._layers = image_paint.layer(self.size(), ratio, worn.window), image_paint.layer(self.size(), ratio)
            image_paint.paint_ground(self._layers[0], layout, self._photo, worn)
            image_paint.paint_lines(self._layers[1], layout, worn)
        painter.drawPixmap(0, 0, self._layers[0])
        if self._overlay is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._smooth)
            # Opacity lies in the colour table: a painter that blends as it scales takes three times as long.
            painter.drawImage(layout.region, self._overlay.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied))
        painter.drawPixmap(0, 0, self._layers[1])
        small = theme.sized(self.font(), theme.SMALL)
        for token, rect in zip(layout.special(), layout.chips, strict=True):
            image_paint.paint_chip(painter, rect, self._chip(token), (small, small), worn)

    def _chip(self, token: int) -> image_paint.Chip:
        value = self.value_of(token)
        if value is None:
            return image_paint.Chip(self._name_of(token), "", None)
        entry = int(colour_maps.levels(np.array([value], np.float32), self._high)[0])
        return image_paint.Chip(self._name_of(token), f"{value:.4f}", QColor(colour_maps.map_colours(self._map)[entry]))

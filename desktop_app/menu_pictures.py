"""Menus whose pictures are large enough to show something."""

from pathlib import Path

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QIcon, QImageReader, QPixmap
from PySide6.QtWidgets import QMenu, QProxyStyle, QStyle, QStyleOption, QWidget

LARGE, SMALL = 40, 28
"""Pixels of a picture in a menu of few entries and of many, before the screen's scale."""


class _Roomy(QProxyStyle):
    """The style of the window, but for the size of icons: a menu takes it from there."""

    def __init__(self, side: int) -> None:
        super().__init__("Fusion")
        self._side = side

    def pixelMetric(  # noqa: N802 - Qt's name
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        """Return the size of something in pixels."""
        if metric == QStyle.PixelMetric.PM_SmallIconSize:
            return self._side
        return super().pixelMetric(metric, option, widget)


def with_pictures(menu: QMenu, side: int = LARGE) -> None:
    """Give the pictures of a menu's entries room."""
    style = _Roomy(side)
    style.setParent(menu)  # a widget does not keep its style
    menu.setStyle(style)


def thumbnail(file: Path, side: int) -> QIcon:
    """Return the middle of an image, as wide as high, sharp up to a screen scale of 2; no picture if it has none.

    A JPEG is decoded at about the size that is wanted, which takes a millisecond or so.
    """
    reader = QImageReader(str(file))
    whole = reader.size()
    least = min(whole.width(), whole.height())
    reader.setClipRect(QRect((whole.width() - least) // 2, (whole.height() - least) // 2, least, least))
    reader.setScaledSize(QSize(2 * side, 2 * side))
    return QIcon(QPixmap.fromImage(reader.read()))

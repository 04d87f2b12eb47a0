"""Menus whose pictures are large enough to show something."""

from PySide6.QtWidgets import QMenu, QProxyStyle, QStyle, QStyleOption, QWidget

SIDE = 40
"""Pixels of a picture in a menu, before the screen's scale."""


class _Roomy(QProxyStyle):
    """The style of the window, but for the size of icons: a menu takes it from there."""

    def pixelMetric(  # noqa: N802 - Qt's name
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        """Return the size of something in pixels."""
        if metric == QStyle.PixelMetric.PM_SmallIconSize:
            return SIDE
        return super().pixelMetric(metric, option, widget)


def with_pictures(menu: QMenu) -> None:
    """Give the pictures of a menu's entries room."""
    style = _Roomy("Fusion")
    style.setParent(menu)  # a widget does not keep its style
    menu.setStyle(style)

"""A column of controls beside a picture: scrolled where it is too tall, never cut at the side."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QStyle, QWidget


class SideScroll(QScrollArea):
    """Shows a widget at least as wide as it has to be, in whatever language.

    Args:
        content: what is shown.
        most: logical pixels; wider than this only where the content has to be.
    """

    def __init__(self, content: QWidget, most: int = 360, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most = most
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setWidget(content)
        content.installEventFilter(self)
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Follow what the content needs."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._follow()
        return super().eventFilter(watched, event)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the width that the content needs beside a scroll bar."""
        content = self.widget()
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        wide = 0 if content is None else content.minimumSizeHint().width() + bar
        return QSize(max(290, wide), 120)

    def _follow(self) -> None:
        wide = self.minimumSizeHint().width()
        self.setMinimumWidth(wide)
        self.setMaximumWidth(max(wide, self._most))

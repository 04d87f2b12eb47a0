"""Taking numbers and pictures out of any plot or map.

A widget joins with one line, `copy_menu.join(self, self.exhibit)`, where `exhibit(point)` returns an `Exhibit`: the
array that is shown, the names of its axes, and the number at the point (of what is marked, where the point is None).
A right-click or the menu key then copies and saves; a widget without tooltip gets one from `Exhibit.told`.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QCoreApplication,
    QEvent,
    QIODevice,
    QObject,
    QPoint,
    QPointF,
    QRect,
    SignalInstance,
)
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QHelpEvent, QImage, QPainter, QRegion
from PySide6.QtWidgets import QAbstractScrollArea, QFileDialog, QMenu, QToolTip, QWidget

from desktop_app import sentences, theme
from desktop_app.files import picture_of
from desktop_app.notices import Notice, NoticeBar
from desktop_app.widgets.exhibit import Exhibit

translate = QCoreApplication.translate

Give = Callable[[QPointF | None], Exhibit | None]


def join(
    widget: QWidget,
    give: Give,
    *,
    picture: Callable[[], QImage] | None = None,
    paint: Callable[[QPainter], None] | None = None,
) -> "Takeaway":
    """Let numbers and pictures of a widget be copied and saved; what a view says later replaces what its widget said.

    Args:
        widget: the plot or map.
        give: returns what there is at a point of the widget (of its viewport, where it scrolls), or of what is
            marked where the point is None; None for no menu.
        picture: paints it where its own painting is not it, such as what is scrolled out of sight.
        paint: paints it into a vector picture, without marks and focus; `picture` is embedded else.
    """
    found = widget.findChild(Takeaway)
    if found is None or found.parent() is not widget:
        return Takeaway(widget, give, picture, paint)
    found.give = give
    found.picture, found.paint = picture or found.picture, paint or found.paint
    return found


class Takeaway(QObject):
    """Answers the context menu of a widget, and the tooltip where its exhibit tells one.

    Attributes:
        give: what there is at a point.
        name: of files, where the view knows a better one than the widget.
        menu: the one that was opened last.
    """

    def __init__(
        self,
        widget: QWidget,
        give: Give,
        picture: Callable[[], QImage] | None = None,
        paint: Callable[[QPainter], None] | None = None,
    ) -> None:
        super().__init__(widget)
        self.widget, self.give, self.name = widget, give, ""
        self.picture, self.paint = picture, paint
        self.menu: QMenu | None = None
        widget.installEventFilter(self)
        if isinstance(widget, QAbstractScrollArea):
            widget.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Open the menu, tell the number."""
        kind = event.type()
        if kind == QEvent.Type.ContextMenu and isinstance(event, QContextMenuEvent):
            keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
            return self.open(None if keyboard else QPointF(event.pos()), event.globalPos())
        if kind == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and isinstance(watched, QWidget):
            found = self.give(QPointF(event.pos()))
            if found is not None and found.told:
                QToolTip.showText(event.globalPos(), found.told, watched)
                return True
        return False

    def open(self, point: QPointF | None, at: QPoint) -> bool:
        """Open the menu for a point, at a place of the screen; return whether there is anything to take."""
        found = self.give(point)
        if found is None:
            return False
        self.menu = self.menu_of(found)
        show(self.menu, at)
        return True

    def menu_of(self, found: Exhibit) -> QMenu:
        """Return the menu of what there is; its pictures are as they are now, the pointer leaves when it opens."""
        out, clipboard = QMenu(self.widget), QGuiApplication.clipboard()
        name = self.name or found.name
        image, drawing = self.image(), self.svg(name)
        if found.exact:
            text = translate("CopyMenu", "Copy the number {number}").format(number=found.exact)
            out.addAction(text, lambda: clipboard.setText(found.exact))
        if found.values is not None or found.lines is not None:
            text = translate("CopyMenu", "Copy the numbers as a table")
            out.addAction(text, lambda: clipboard.setText(found.as_sheet()))
        out.addAction(translate("CopyMenu", "Copy the picture"), lambda: clipboard.setImage(image))
        out.addSeparator()
        kinds = {"png": translate("CopyMenu", "PNG image"), "svg": translate("CopyMenu", "SVG drawing")}
        makers: dict[str, Callable[[], bytes]] = {"png": lambda: png(image), "svg": lambda: drawing}
        out.addAction(
            translate("CopyMenu", "Save the picture (PNG, SVG)…"),
            lambda: self._save(translate("CopyMenu", "Save the picture"), name, kinds, makers),
        )
        if found.values is not None or found.lines is not None:
            sorts = {"csv": translate("CopyMenu", "Table"), "npz": translate("CopyMenu", "NumPy arrays")}
            writers = {"csv": lambda: found.as_csv().encode(), "npz": found.as_npz}
            out.addAction(
                translate("CopyMenu", "Save the numbers (CSV, NPZ)…"),
                lambda: self._save(translate("CopyMenu", "Save the numbers"), name, sorts, writers),
            )
        return out

    def image(self) -> QImage:
        """Return the picture, twice as fine as the screen."""
        return self.picture() if self.picture is not None else picture_of(self.widget)

    def svg(self, title: str) -> bytes:
        """Return the picture as an SVG drawing: plots as shapes and text, maps as images within it."""
        if self.paint is not None:
            return svg(_area(self.widget), self.paint, self.widget, title)
        if self.picture is None:
            return svg_of(self.widget, title)
        image = self.picture()
        return svg(_extent(image), lambda painter: painter.drawImage(_extent(image), image), self.widget, title)

    def _save(self, title: str, name: str, kinds: dict[str, str], makers: dict[str, Callable[[], bytes]]) -> None:
        filters = [f"{kind} (*.{ending})" for ending, kind in kinds.items()]
        first = next(iter(kinds))
        chosen, kind = QFileDialog.getSaveFileName(self.widget, title, f"{name}.{first}", ";;".join(filters))
        if chosen:
            path = with_ending(Path(chosen), kind, filters, tuple(kinds))
            say(self.widget, write(path, makers[path.suffix[1:].lower()]))


def with_ending(path: Path, kind: str, filters: list[str], endings: tuple[str, ...]) -> Path:
    """Return a path with an ending that can be written: its own, else that of the kind chosen, else the first."""
    if path.suffix[1:].lower() in endings:
        return path
    ending = endings[filters.index(kind)] if kind in filters else endings[0]
    return path.with_name(f"{path.name}.{ending}")


def write(path: Path, make: Callable[[], bytes]) -> Notice:
    """Write a file and return what there is to say about it."""
    try:
        path.write_bytes(make())
    except OSError as error:
        return sentences.not_saved(path, error.strerror or str(error))
    return sentences.saved(path)


def say(widget: QWidget, notice: Notice) -> None:
    """Have a notice shown: by the view that holds the widget, else by the window."""
    here: QObject | None = widget
    while here is not None:
        noticed = getattr(here, "noticed", None)
        if isinstance(noticed, SignalInstance):
            noticed.emit(notice)
            return
        here = here.parent()
    bar = widget.window().findChild(NoticeBar)
    if isinstance(bar, NoticeBar):
        bar.say(notice)


def show(shown: QMenu, at: QPoint) -> None:
    """Open a menu that goes away for good when it closes."""
    shown.aboutToHide.connect(shown.deleteLater)
    shown.popup(at)


def png(image: QImage) -> bytes:
    """Return a picture as a PNG file."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub wants bytes, Qt takes a string
    return bytes(data.data())


def svg_of(widget: QWidget, title: str) -> bytes:
    """Return a widget and all that is in it as an SVG drawing."""
    flags = QWidget.RenderFlag.DrawChildren
    return svg(_area(widget), lambda painter: widget.render(painter, QPoint(), QRegion(), flags), widget, title)


def svg(area: QRect, paint: Callable[[QPainter], None], widget: QWidget, title: str) -> bytes:
    """Return what `paint` paints in an area as an SVG drawing on the widget's ground."""
    from PySide6.QtSvg import QSvgGenerator  # only who saves needs it

    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(widget.logicalDpiX())
    generator.setSize(area.size())
    generator.setViewBox(area)
    generator.setTitle(title)
    generator.setDescription("Mirada")
    painter = QPainter(generator)
    painter.fillRect(area, theme.colours(widget).window)
    paint(painter)
    painter.end()
    return bytes(data.data())


def _area(widget: QWidget) -> QRect:
    return QRect(QPoint(), widget.size())


def _extent(image: QImage) -> QRect:
    """Return the size of a picture in logical pixels."""
    return QRect(QPoint(), (image.size() / image.devicePixelRatio()))

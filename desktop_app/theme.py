"""How Mirada looks: two palettes, one accent, three distances, and type sizes. Every widget takes them from here."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

Theme = Literal["light", "dark", "system"]

TIGHT, NEAR, APART = 4, 8, 16
"""Distances in logical pixels: inside a control, between controls, between groups."""

SMALL, NORMAL, HEADING = 0.88, 1.0, 1.25
"""Type sizes, as multiples of the application's."""

_LEAST_POINTS = 10.0
_CHOICE = "mirada-theme"


@dataclass(frozen=True)
class Colours:
    """The colours of one theme, by what they are for.

    Attributes:
        window: behind everything.
        surface: behind pictures, fields and lists.
        text, quiet: what is read first, and what is read after.
        line: borders and separators.
        accent, on_accent: what is selected, and text on it.
        missing: where there is no number.
    """

    window: QColor
    surface: QColor
    text: QColor
    quiet: QColor
    line: QColor
    accent: QColor
    on_accent: QColor
    missing: QColor


def _colours(*names: str) -> Colours:
    return Colours(*(QColor(name) for name in names))


LIGHT = _colours("#f5f6f7", "#ffffff", "#1d2125", "#5b636c", "#d3d8dd", "#0b66c2", "#ffffff", "#e4e7ea")
DARK = _colours("#1a1c1f", "#232629", "#e8eaed", "#a0a7af", "#3d4349", "#62aeff", "#0c1722", "#33383d")


def apply(app: QApplication, theme: Theme) -> Literal["light", "dark"]:
    """Dress the application; "system" follows the desktop where it says what it wants, else light.

    Returns:
        The theme that is worn.
    """
    hints = app.styleHints()
    if app.property(_CHOICE) is None:
        hints.colorSchemeChanged.connect(lambda _: _follow(app))
    app.setProperty(_CHOICE, theme)
    wanted = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark, "system": Qt.ColorScheme.Unknown}[theme]
    if hints.colorScheme() != wanted:
        hints.setColorScheme(wanted)  # title bars and dialogs of the desktop; without a desktop it does nothing
    dark = theme == "dark" or (theme == "system" and hints.colorScheme() == Qt.ColorScheme.Dark)
    _dress(app, DARK if dark else LIGHT)
    return "dark" if dark else "light"


def _follow(app: QApplication) -> None:
    """Change with the desktop where that was chosen."""
    if app.property(_CHOICE) == "system":
        dark = app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        _dress(app, DARK if dark else LIGHT)


def _dress(app: QApplication, worn: Colours) -> None:
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(_palette(worn))
    font = app.font()
    if font.pointSizeF() < _LEAST_POINTS:
        font.setPointSizeF(_LEAST_POINTS)
        app.setFont(font)
    app.setStyleSheet(_style(worn, font.pointSizeF()))


def colours(widget: QWidget) -> Colours:
    """Return the colours a widget shall paint with."""
    return DARK if widget.palette().color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def sized(font: QFont, size: float, *, bold: bool = False) -> QFont:
    """Return a font of one of the type sizes."""
    out = QFont(font)
    out.setPointSizeF(font.pointSizeF() * size)
    out.setBold(bold)
    return out


def _palette(worn: Colours) -> QPalette:
    """Spread the few colours over Qt's many roles."""
    role = QPalette.ColorRole
    palette = QPalette()
    roles = (
        (worn.window, (role.Window,)),
        (worn.surface, (role.Base, role.Button, role.ToolTipBase)),
        (worn.window.darker(102), (role.AlternateBase,)),
        (worn.text, (role.Text, role.WindowText, role.ButtonText, role.ToolTipText, role.BrightText)),
        (worn.quiet, (role.PlaceholderText,)),
        (worn.line, (role.Mid, role.Midlight, role.Dark)),
        (worn.accent, (role.Highlight, role.Link, role.Accent)),
        (worn.on_accent, (role.HighlightedText,)),
    )
    for colour, names in roles:
        for name in names:
            palette.setColor(name, colour)
    palette.setColor(role.Light, worn.surface.lighter(110))
    palette.setColor(role.Shadow, QColor(0, 0, 0, 90))
    palette.setColor(role.LinkVisited, worn.accent)
    pale = QColor(worn.quiet)
    pale.setAlpha(130)
    for name in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, pale)
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, worn.line)
    return palette


def _style(worn: Colours, points: float) -> str:
    """The few things Fusion does not take from a palette.

    Labels say what they are by a property, `quiet` or `heading`: a font set on a label is lost when a widget with a
    style sheet gets another parent.
    """
    c = {name: colour.name() for name, colour in vars(worn).items()}
    return f"""
    QToolTip {{ background: {c["surface"]}; color: {c["text"]}; border: 1px solid {c["line"]}; padding: 4px; }}
    QSplitter::handle {{ background: {c["window"]}; }}
    QSplitter::handle:hover {{ background: {c["line"]}; }}
    QToolButton[segment="true"] {{
        border: 1px solid {c["line"]}; border-left-width: 0; padding: 4px 10px;
        background: {c["surface"]}; color: {c["text"]}; }}
    QToolButton[segment="true"][place="first"] {{
        border-left-width: 1px; border-top-left-radius: 5px; border-bottom-left-radius: 5px; }}
    QToolButton[segment="true"][place="last"] {{ border-top-right-radius: 5px; border-bottom-right-radius: 5px; }}
    QToolButton[segment="true"]:hover {{ background: {c["missing"]}; }}
    QToolButton[segment="true"]:checked {{
        background: {c["accent"]}; color: {c["on_accent"]}; border-color: {c["accent"]}; }}
    QToolButton[segment="true"]:focus {{ border: 2px solid {c["text"]}; padding: 3px 9px; }}
    QToolButton[segment="true"]:disabled {{ color: {c["quiet"]}; background: {c["window"]}; }}
    QTabBar[row] {{ background: {c["window"]}; }}
    QTabBar[row]::tab {{
        border: none; border-bottom: 2px solid transparent; padding: 6px 12px; background: transparent;
        color: {c["quiet"]}; }}
    QTabBar[row]::tab:hover {{ color: {c["text"]}; }}
    QTabBar[row]::tab:selected {{ color: {c["text"]}; border-bottom-color: {c["accent"]}; }}
    QTabBar[row]::tab:focus {{ color: {c["accent"]}; }}
    QTabBar[row="groups"]::tab {{ padding: 8px 12px 5px 12px; font-weight: bold; }}
    QTabBar[row="groups"]::tab:selected {{ border-bottom-color: transparent; color: {c["accent"]}; }}
    QLabel[quiet="true"] {{ color: {c["quiet"]}; }}
    QLabel[heading="true"] {{ font-size: {points * HEADING:.1f}pt; font-weight: bold; }}
    """

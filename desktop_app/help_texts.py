"""What the Help menu shows."""

from PySide6.QtCore import QCoreApplication, Qt, qVersion
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QMainWindow, QMessageBox, QVBoxLayout

from desktop_app import theme

translate = QCoreApplication.translate


def show_about(window: QMainWindow) -> None:
    """Say what Mirada is."""
    from engine import __version__

    box = QMessageBox(window)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(translate("Help", "About Mirada"))
    box.setText(f"<h3>Mirada {__version__}</h3>")
    box.setInformativeText(
        translate(
            "Help",
            "Mirada opens any ONNX attention model and shows what it looks at: every head, exactly, offline, "
            "on the very file that ships.\n\n"
            "Free software under the Apache License 2.0. Made with Qt {qt}, ONNX Runtime and NumPy.",
        ).format(qt=qVersion())
    )
    box.open()


def show_shortcuts(window: QMainWindow) -> None:
    """List the keys, those of the menus as they are set."""
    dialog = QDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(translate("Help", "Shortcuts"))
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.APART * 2)
    grid.setVerticalSpacing(theme.TIGHT)
    for row, (keys, meaning) in enumerate(shortcuts(window)):
        key = QLabel(keys)
        key.setFont(theme.sized(key.font(), theme.NORMAL, bold=True))
        grid.addWidget(key, row, 0)
        grid.addWidget(QLabel(meaning), row, 1)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(theme.APART, theme.APART, theme.APART, theme.APART)
    column.setSpacing(theme.APART)
    column.addLayout(grid)
    column.addWidget(buttons)
    dialog.open()


def shortcuts(window: QMainWindow) -> list[tuple[str, str]]:
    """Return keys and what they do: in the pictures, then in the menus."""
    native = QKeySequence.SequenceFormat.NativeText
    rows = [
        (translate("Help", "Point at a patch"), translate("Help", "see what it attends to, in every head")),
        (translate("Help", "Click a patch"), translate("Help", "pin it; again, or Esc, unpins it")),
        (translate("Help", "Click a thumbnail"), translate("Help", "see that head large")),
        (translate("Help", "Arrows"), translate("Help", "walk over patches, or over heads")),
        (translate("Help", "Drag a patch, Ctrl and arrows"), translate("Help", "exchange two patches (Patches)")),
    ]
    for action in window.findChildren(QAction):
        keys = action.shortcut().toString(native)
        if keys and action.text():
            rows.append((keys, action.text().replace("&", "").rstrip("…")))
    return list(dict.fromkeys(rows))

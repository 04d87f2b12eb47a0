"""Lets a test see inside the real program: which widgets are visible, what they say and where they are.

Python imports this module at start when its folder is on PYTHONPATH. The program itself is started by its own
command and knows nothing of it. `MIRADA_PROBE` names a Unix socket; each connection gets one JSON answer, made
on the thread of the window between two of its events.
"""

import json
import os
import socket
import sys
import threading
import time
from typing import Any


def widgets() -> list[dict[str, Any]]:
    """Describe every visible widget; rectangles are left, top, width, height on the screen."""
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

    def seen(widget: QWidget) -> bool:
        """Whether any of it can be seen; what scrolls shows itself through its viewport."""
        shown = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
        return bool(widget.isVisible() and not shown.visibleRegion().isEmpty())

    return [
        {
            "class": type(widget).__name__,
            "name": widget.objectName(),
            "accessible": widget.accessibleName(),
            "description": widget.accessibleDescription(),
            "text": text_of(widget),
            "rect": [*widget.mapToGlobal(QPoint(0, 0)).toTuple(), widget.width(), widget.height()],
        }
        for widget in QApplication.allWidgets()
        if seen(widget)
    ]


def text_of(widget: Any) -> str:
    """Return what a widget says, or its title where it is a window."""
    text = getattr(widget, "text", None)
    said = text() if callable(text) else None
    return said if isinstance(said, str) else str(widget.windowTitle())


def answer() -> None:
    """Wait for the program's window, then answer questions about it until it ends."""
    while not (qt := sys.modules.get("PySide6.QtWidgets")) or qt.QApplication.instance() is None:
        time.sleep(0.05)
    from PySide6.QtCore import QObject, Qt, Signal

    class Bridge(QObject):
        """Runs on the window's thread what the socket's thread asks for."""

        asked = Signal(object)

    def reply(connection: socket.socket) -> None:
        with connection:
            connection.sendall(json.dumps(widgets()).encode())

    bridge = Bridge()
    bridge.moveToThread(qt.QApplication.instance().thread())
    bridge.asked.connect(reply, Qt.ConnectionType.QueuedConnection)
    server = socket.socket(socket.AF_UNIX)
    server.bind(os.environ["MIRADA_PROBE"])
    server.listen()
    while True:
        bridge.asked.emit(server.accept()[0])


# The program's other processes inherit the environment but are no window.
if "MIRADA_PROBE" in os.environ and sys.orig_argv[1:3] == ["-m", "desktop_app"]:
    threading.Thread(target=answer, name="probe", daemon=True).start()

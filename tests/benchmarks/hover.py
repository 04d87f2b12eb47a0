"""How long a turn of the pointer takes: from the mouse event to 144 thumbnails and an overlay on the screen.

python -m tests.benchmarks.hover
"""

import os
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the window does: two threads wait for each other
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

BUDGETS_MS = {197: 16.0, 4097: 33.0}
"""p95 that DESIGN allows, by tokens."""


def hover_ms(side: int, direction: str = "from", turns: int = 150, size: tuple[int, int] = (1280, 800)) -> np.ndarray:
    """Return milliseconds of each turn over `turns` patches of a side × side grid with 12 × 12 heads."""
    from desktop_app import theme
    from desktop_app.selection import Selection
    from desktop_app.views.heads import HeadsView
    from tests.synthetic import make_run

    app = QApplication.instance() or QApplication([])
    theme.apply(app, "light")
    run = make_run(sites=12, heads=12, grid=(side, side), dim=64, patch=16, layout="batch head dim token")
    view = HeadsView()
    view.resize(*size)
    view.selection_wanted.connect(lambda selection: view.draw(view.compute(run, selection)))
    view.show()
    view.draw(view.compute(run, Selection(direction=direction, site=5)))
    while direction == "to" and not view.settled:
        QTest.qWait(20)
    rng, times = np.random.default_rng(0), []
    for _ in range(turns):
        target = view.canvas.tokens_layout().rect_of(1 + int(rng.integers(side * side))).center()
        before = view.canvas.under_pointer()
        began = time.perf_counter()
        QTest.mouseMove(view.canvas, QPointF(target).toPoint())
        app.processEvents()
        if view.canvas.under_pointer() != before:
            times.append(time.perf_counter() - began)
    view.close()
    view.deleteLater()
    app.processEvents()
    return 1000 * np.array(times[5:])


def main() -> None:
    """Print p50 and p95 beside their budgets."""
    print(f"{'hover turn, 144 heads':<34}{'p50 ms':>9}{'p95 ms':>9}{'budget':>9}")
    for side, direction in ((14, "from"), (14, "to"), (64, "from"), (64, "to")):
        tokens = side * side + 1
        turns = hover_ms(side, direction)
        name = f"{tokens} tokens, {direction} the patch"
        print(f"{name:<34}{np.percentile(turns, 50):9.1f}{np.percentile(turns, 95):9.1f}{BUDGETS_MS[tokens]:9.0f}")


if __name__ == "__main__":
    main()

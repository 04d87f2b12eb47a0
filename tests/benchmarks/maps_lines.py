"""The budget of feature maps: all maps of a layer, from the numbers to the painted mosaic."""

import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks.rows import Row, as_time, python
from tests.benchmarks.window_lines import Screen

SECONDS = 0.016
LAYERS = ((2048, 7), (64, 112))
"""Maps and their side: the last layer of a ResNet-50, the first one of most networks at 224 pixels."""
TURNS = 40


def mosaic_ms(maps: int, side: int) -> list[float]:
    """Return how long each of some turns took: other maps in another order, the whole mosaic made and painted."""
    import numpy as np
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from desktop_app import theme
    from desktop_app.widgets.map_mosaic import MapMosaic

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.apply(app, "light")
    mosaic = MapMosaic(str)
    mosaic.resize(480, 440)
    mosaic.show()
    assert QTest.qWaitForWindowExposed(mosaic), "a window that nobody sees is not painted"
    rng = np.random.default_rng(0)
    layers = [rng.standard_normal((maps, side, side), dtype=np.float32) for _ in range(2)]
    highs, taken = [np.abs(values).max(axis=(1, 2)) for values in layers], []
    for turn in range(TURNS):
        values, high, order = layers[turn % 2], highs[turn % 2], rng.permutation(maps)
        start = time.perf_counter()
        mosaic.set_maps(values, high, order, signed=True)
        mosaic.viewport().repaint()
        taken.append(1000 * (time.perf_counter() - start))
        app.processEvents()
    return taken[TURNS // 8 :]


def rows(_folder: Path, rounds: int) -> Iterator[Row]:
    """Measure the mosaics of large layers."""
    with ExitStack() as stack:
        screen = Screen(stack)
        for maps, side in LAYERS:
            question = f"from tests.benchmarks.maps_lines import mosaic_ms; print(*mosaic_ms({maps}, {side}))"
            worst = []
            for _ in range(rounds):
                turns = sorted(float(word) / 1000 for word in python("-c", question, **screen.environment).split())
                worst.append(turns[int(0.95 * len(turns))])
            late = statistics.median(worst)
            told = f"{late * 1000:.1f} ms"
            what = f"{maps:,} feature maps of {side} × {side} as one mosaic, p95 ({screen.name})"
            yield Row(what, "", told, told, f"≤ {as_time(SECONDS)}", late <= SECONDS)

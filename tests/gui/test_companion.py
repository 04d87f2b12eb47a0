"""A second run beside the first: it follows the photo, fetches its own tensors, and goes when it is not wanted."""

from collections.abc import Hashable, Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.beside import Beside
from desktop_app.main_window import MainWindow
from desktop_app.process.protocol import PhotoFile
from desktop_app.selection import Selection
from desktop_app.views.base import PairView
from engine import ModelDescription, Run
from tests.gui import makers
from tests.gui.conftest import PATIENCE_MS, look


class Both(PairView):
    """Shows the names of two models, and the size of a map of each."""

    name = "both"

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[Any] = []

    @classmethod
    def title(cls) -> str:
        return "Both"

    @classmethod
    def supports(cls, model: ModelDescription) -> bool:
        return True

    @classmethod
    def depends(cls, selection: Selection) -> Hashable:
        return selection.layer

    @staticmethod
    def compute_pair(run: Run, other: Run | None, selection: Selection) -> Any:
        if other is None:
            return (run.model.name, None, None)
        maps = other.feature_maps(other.model.convolutions[0]).shape
        photo = other.image.photo.name if other.image is not None else ""
        return (run.model.name, other.model.name, photo, maps)

    def draw(self, data: Any) -> None:
        self.drawn.append(data)

    def clear(self, model: ModelDescription | None = None) -> None:
        self.drawn.clear()

    def retranslate(self) -> None:
        pass


@pytest.fixture
def both(window: MainWindow) -> Iterator[Both]:
    """A view of pairs on top of the window."""
    view = Both()
    window.views.append(view)
    window.tabs.addTab(view, "Both")
    window.controller.add_view(view)
    window.tabs.setCurrentWidget(view)
    window.controller.refresh()
    yield view
    window.companion.ask(None)


def wait_for(qtbot: QtBot, view: Both, model: str, photo: str) -> Any:
    """Wait until a pair is drawn."""
    qtbot.waitUntil(lambda: bool(view.drawn) and view.drawn[-1][1:3] == (model, photo), timeout=PATIENCE_MS)
    return view.drawn[-1]


def test_another_model_sees_the_same_photo_and_follows_it(window: MainWindow, both: Both, qtbot: QtBot) -> None:
    assert both.drawn[-1] == ("vit", None, None)
    both.beside_wanted.emit(Beside(model=str(makers.OTHER_MODEL)))
    first = wait_for(qtbot, both, makers.OTHER_MODEL.stem, makers.SAMPLE.name)
    assert len(first[3]) == 4, "its feature maps were fetched from its own engine"
    look(window, qtbot, None, makers.OTHER_SAMPLE)
    wait_for(qtbot, both, makers.OTHER_MODEL.stem, makers.OTHER_SAMPLE.name)


def test_another_photo_goes_through_the_same_model(window: MainWindow, both: Both, qtbot: QtBot) -> None:
    both.beside_wanted.emit(Beside(photo=PhotoFile(str(makers.OTHER_SAMPLE))))
    drawn = wait_for(qtbot, both, "vit", makers.OTHER_SAMPLE.name)
    assert drawn[0] == "vit"
    assert window.controller.run is not None
    assert window.controller.run.image is not None
    assert window.controller.run.image.photo.name == makers.SAMPLE.name


def test_a_second_model_that_is_refused_is_one_sentence(
    window: MainWindow, both: Both, qtbot: QtBot, tmp_path_factory: pytest.TempPathFactory
) -> None:
    bad = tmp_path_factory.mktemp("bad") / "bad.onnx"
    bad.write_bytes(b"no model")
    both.beside_wanted.emit(Beside(model=str(bad)))
    qtbot.waitUntil(lambda: bool(window.notices.rows), timeout=PATIENCE_MS)
    assert "bad.onnx" in window.notices.rows[0].text
    assert both.drawn[-1] == ("vit", None, None)


def test_taken_away_the_second_engine_ends(window: MainWindow, both: Both, qtbot: QtBot) -> None:
    both.beside_wanted.emit(Beside(model=str(makers.OTHER_MODEL)))
    wait_for(qtbot, both, makers.OTHER_MODEL.stem, makers.SAMPLE.name)
    both.beside_wanted.emit(None)
    assert both.drawn[-1] == ("vit", None, None)
    assert window.controller.other is None

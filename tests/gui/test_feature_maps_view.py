"""The feature maps view: what it computes of a real network, what it shows, how it is sorted, pointed at and asked."""

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

import assets
import engine
from desktop_app import i18n
from desktop_app.pointing import Pointer
from desktop_app.selection import Selection
from desktop_app.task_news import TaskNews
from desktop_app.views import feature_maps_data
from desktop_app.views.feature_maps import FeatureMapsView
from desktop_app.views.feature_maps_data import kernel_pictures
from engine import EngineError
from engine.effective import Effective
from engine.images.load import load_photo
from engine.images.prepare import prepare
from engine.runtime.task import Context
from tests.gui.makers import SAMPLE, VIT


@pytest.fixture(scope="module")
def opened():
    """The bundled network, and its run on a sample; maps are fetched as they are asked for."""
    model = engine.open_model(assets.path("models", "cnn"))
    return model, model.run_image(prepare(load_photo(SAMPLE), model.description.image_plan))


@pytest.fixture
def run(opened):
    return opened[1]


def keeping(run, *names):
    """Return the run as the window has it: with some tensors, and nothing to fetch others by."""
    return dataclasses.replace(run, fetch=None, tensors={name: run.tensor(name) for name in names})


class Host:
    """Does what the controller does: gives tensors and does tasks."""

    def __init__(self, view, model, run, selection):
        self.view, self.model, self.run, self.selection = view, model, run, selection
        self.asked, self.tasks, self.ended = [], [], []
        view.tensor_wanted.connect(self.fetch)
        view.selection_wanted.connect(self.select)
        view.task_wanted.connect(self.tasks.append)
        view.task_unwanted.connect(self.ended.append)
        self.draw()

    def draw(self):
        self.view.draw(self.view.compute(self.run, self.selection))

    def fetch(self, name):
        self.asked.append(name)
        self.run = dataclasses.replace(self.run, tensors={**self.run.tensors, name: self.run.tensor(name)})
        self.draw()

    def select(self, selection):
        self.selection = selection
        self.draw()

    def work(self, task):
        def report(done, total, partial):
            self.view.task_moved(TaskNews(task, "running", done, total, partial))

        result = task.work(Context(self.model, self.run.inputs, self.run.image, self.run, report))
        self.view.task_moved(TaskNews(task, "done", 1, 1, result=result))


@pytest.fixture
def view(qtbot):
    made = FeatureMapsView()
    qtbot.addWidget(made)
    made.resize(960, 740)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def host(view, opened):
    return Host(view, *opened, Selection(layer=2, channel=5))


def test_the_numbers_are_those_of_the_layer(run):
    data = feature_maps_data.compute(run, Selection(layer=2, channel=5))
    maps = run.feature_maps(run.model.convolutions[2])[0]
    np.testing.assert_array_equal(data.maps, maps)
    np.testing.assert_allclose(data.numbers.found.mean, maps.mean(axis=(1, 2)), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(data.numbers.low, maps.min(axis=(1, 2)))
    np.testing.assert_allclose(data.numbers.positive, (maps > 0).mean(axis=(1, 2)))


def test_a_layer_and_a_map_that_are_not_there_become_the_last_ones(run):
    data = feature_maps_data.compute(run, Selection(layer=99, channel=9999))
    assert (data.layer.index, data.channel) == (7, 255)


def test_what_the_maps_add_to_a_class_and_its_bias_are_its_logit(run):
    data = feature_maps_data.compute(run, Selection(layer=7))
    logits = run.outputs["logits"][0]
    for target in (0, 3):
        total = float(data.contribute(target).sum()) + float(run.model.head.bias[target])
        assert total == pytest.approx(float(logits[target]), abs=1e-4)
    assert feature_maps_data.compute(run, Selection(layer=3)).contribute is None


@pytest.mark.parametrize("by", ["mean", "max", "variance"])
def test_maps_are_sorted_by_what_is_asked(view, host, by):
    at = view.controls.order.findData(by)
    view.controls.order.setCurrentIndex(at)
    maps = host.run.feature_maps(host.run.model.convolutions[2])[0].astype(np.float64)
    wanted = {"mean": maps.mean((1, 2)), "max": maps.max((1, 2)), "variance": maps.var((1, 2))}[by]
    order = view.mosaic.numbers()
    assert sorted(order) == list(range(64))
    assert (np.diff(wanted[order]) <= 1e-6).all()


def test_a_click_on_a_layer_and_on_a_map_chooses_it_everywhere(view, host):
    view.table.picked.emit(6)
    assert (host.selection.layer, host.selection.channel) == (6, 0)
    assert "node_Conv_171" in view.page.title.text()
    place = view.mosaic.rect_of(17).center().toPoint()
    QTest.mouseClick(view.mosaic.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert host.selection.channel == 17
    assert view.controls.channel.value() == 17
    assert "Map 17" in view.page.said.text()
    view.controls.channel.setValue(3)
    assert host.selection.channel == 3


def test_the_pointed_at_unit_is_read_out_and_its_field_framed_exactly(view, host):
    view.canvas.hovered.emit(6 * 16 + 8)
    value = host.run.feature_maps(host.run.model.convolutions[2])[0, 5, 6, 8]
    said = view.page.unit_said.text()
    assert f"{value:.6g}".replace("-", "−") in said
    assert "rows 7 to 18 and columns 11 to 22 of 32 × 32" in said
    assert view.canvas.field() == pytest.approx((11 / 32, 7 / 32, 23 / 32, 19 / 32))
    view.canvas.hovered.emit(None)
    assert view.canvas.field() is None
    assert "Point at a place" in view.page.unit_said.text()


def test_a_pinned_unit_stays_and_escape_lets_go(view, host):
    view.canvas.clicked.emit(5)
    view.canvas.hovered.emit(99)
    assert "Row 0, column 5" in view.page.unit_said.text()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.canvas.field() is None


def test_what_a_unit_really_looks_at_is_measured_with_progress_and_can_be_ended(view, host):
    assert not view.page.measure.isEnabled()
    view.canvas.clicked.emit(6 * 16 + 8)
    view.page.measure.click()
    task = host.tasks[-1]
    assert (task.row, task.column, task.channel) == (6, 8, 5)
    assert not view.settled
    assert view.page.task.isVisible()
    host.work(task)
    assert view.settled
    assert not view.page.task.isVisible()
    shown = view.canvas._values.reshape(32, 32)
    assert shown.max() > 0
    assert not shown[:7].any(), "nothing outside of what it can see"
    assert not shown[:, 23:].any()
    view.page.measure.click()
    view.page.task.button.click()
    assert host.ended == [host.tasks[-1]]
    assert view.settled
    np.testing.assert_array_equal(view.canvas._values, view.page.chosen_map().reshape(-1))


def test_the_measured_field_goes_when_the_pointer_asks_for_something_else(view, host):
    view.canvas.clicked.emit(40)
    view.page.measure.click()
    task = host.tasks[-1]
    host.view.task_moved(
        TaskNews(task, "running", 3, 9, Effective(np.ones((32, 32), np.float32), (0, 0, 9, 9), 0.95, 0.5))
    )
    assert view.canvas._values.size == 32 * 32
    view.canvas.clicked.emit(41)
    assert host.ended == [task]
    assert view.canvas._values.size == 16 * 16


def test_dead_maps_are_looked_for_in_a_folder_with_progress_and_an_end(view, host, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(assets.path("samples")))
    view.page.count.click()
    task = host.tasks[-1]
    assert view.page.task.isVisible()
    host.select(Selection(layer=2, channel=7))
    assert view.page.task.isVisible(), "another map does not hide it"
    layer = host.run.model.convolutions[2]
    numbers = feature_maps_data.compute(host.run, Selection(layer=2)).numbers.found
    gone = np.zeros(64, bool)
    gone[[3, 40]] = True
    found = {layer.activation or layer.output: dataclasses.replace(numbers, dead=gone, images=14)}
    view.task_moved(TaskNews(task, "done", 1, 1, result=found))
    assert "on every picture: 2 (3, 40). Over 14 images." in view.page.silent_said.text()
    assert view.settled
    view.page.count.click()
    view.page.task.button.click()
    assert host.ended == [host.tasks[-1]]
    assert not view.page.task.isVisible()


def test_kernels_are_read_once_and_shown_as_pictures_or_planes(view, host):
    view.controls.what.button("kernels").click()
    assert [task.layer for task in host.tasks] == [2]
    assert "being read" in view.page.all_said.text()
    host.work(host.tasks[0])
    kernel = host.run.tensor("layers.2.first.0.weight")
    np.testing.assert_allclose(view.mosaic._maps, kernel[5], rtol=1e-6)
    host.select(Selection(layer=2, channel=9))
    np.testing.assert_allclose(view.mosaic._maps, kernel[9], rtol=1e-6)
    assert len(host.tasks) == 1
    host.select(Selection(layer=0, channel=9))
    host.work(host.tasks[1])
    assert view.mosaic._maps.shape == (96, 4, 4, 3)
    assert "image’s colours" in view.page.all_said.text()


def test_grey_is_zero_in_kernels_over_colours_and_blue_first_is_turned():
    kernel = np.zeros((1, 3, 2, 2), np.float32)
    kernel[0, 0, 0, 0], kernel[0, 2, 1, 1] = 2, -2
    shown = kernel_pictures(kernel, bgr=False)
    assert shown[0, 0, 0].tolist() == [255, 128, 128]
    assert shown[0, 1, 1].tolist() == [128, 128, 0]
    assert kernel_pictures(kernel, bgr=True)[0, 0, 0].tolist() == [128, 128, 255]


def test_maps_after_the_activation_are_asked_for_when_they_are_wanted(view, host):
    layer = host.run.model.convolutions[2]
    assert layer.activation
    assert host.asked == []
    view.controls.stage.button(True).click()
    assert host.asked == [layer.activation]
    np.testing.assert_array_equal(view.page.chosen_map(), host.run.tensor(layer.activation)[0, 5])
    assert view.settled


def test_what_was_not_kept_is_asked_for(run):
    with pytest.raises(EngineError) as caught:
        feature_maps_data.compute(keeping(run), Selection(layer=2))
    assert caught.value.code == "not-in-run"
    layer = run.model.convolutions[2]
    data = feature_maps_data.compute(keeping(run, layer.output), Selection(layer=2))
    assert data.active is None


def test_the_scale_and_sign_of_colours_are_set_and_remembered(view, host):
    maps = host.run.feature_maps(host.run.model.convolutions[2])[0]
    assert view.page.bar.high() == pytest.approx(float(np.abs(maps[5]).max()))
    view.controls.scale.button("shared").click()
    assert view.page.bar.high() == pytest.approx(float(np.abs(maps).max()))
    view.controls.sign.button(False).click()
    assert view.page.bar.high() == pytest.approx(float(maps.max()))
    state = view.state()
    view.restore({"order": "?", "signed": "true", "scale": 3, "opacity": "x", "map": "none"})
    assert view.state() == {**state, "signed": True}


def test_contribution_is_offered_where_the_maps_feed_the_classes(view, host):
    at = view.controls.order.findData("contribution")
    assert not view.controls.order.model().flags(view.controls.order.model().index(at, 0)) & Qt.ItemFlag.ItemIsEnabled
    host.select(Selection(layer=7, channel=0))
    view.controls.order.setCurrentIndex(at)
    assert view.controls.classes.isVisible()
    view.controls.classes.choose(3)
    parts = feature_maps_data.compute(host.run, Selection(layer=7)).contribute(3)
    assert view.mosaic.numbers()[0] == int(np.argmax(parts))
    host.select(Selection(layer=2))
    assert view.controls.sorting() == "index"


def test_numbers_are_taken_out(view, host):
    exhibit = view.mosaic.exhibit(None)
    np.testing.assert_array_equal(exhibit.values, host.run.feature_maps(host.run.model.convolutions[2])[0, 5])
    rect = view.mosaic.rect_of(3)
    assert view.mosaic.exhibit(rect.topLeft() + QPoint(1, 1)).number == pytest.approx(
        float(exhibit.values[0, 0]), abs=9
    )
    assert view._list().lines[3][1] == "node_Conv_163"


def test_every_text_follows_the_language(view, host):
    english = view.page.about.text()
    i18n.use("es")
    view.retranslate()
    assert view.page.about.text() != english


def test_an_attention_model_s_patch_embedding_is_shown_too(view):
    model = engine.open_model(VIT)
    run = model.run_image(prepare(load_photo(SAMPLE), model.description.image_plan))
    Host(view, model, run, Selection())
    assert "A unit sees 4 × 4 pixels" in view.page.about.text()


def test_the_status_bar_names_layer_and_map_where_there_is_no_attention(run):
    assert Pointer().words(run, Selection(layer=2, channel=5)) == "Layer 2 · map 5"


def test_clearing_says_what_to_do(view, host):
    view.clear()
    assert "Drop an image" in view.sentence.text()
    view.clear(dataclasses.replace(host.run.model, convolutions=()))
    assert "has no convolutions" in view.sentence.text()

"""The class evidence view: exact maps at once, long methods as tasks, curves, and what an attention model offers."""

import dataclasses

import numpy as np
import pytest

import assets
import engine
from desktop_app import i18n
from desktop_app.selection import Selection
from desktop_app.task_news import TaskNews
from desktop_app.views.evidence import EvidenceView
from engine import EngineError
from engine.evidence.evidence import Evidence, Trust
from engine.evidence.tasks import AblationCam, EigenCam, Occlusion, Rise, ScoreCam, TrustCurves
from engine.images.load import load_photo
from engine.images.prepare import prepare
from engine.runtime.task import Context
from tests.gui.makers import SAMPLE, VIT


def opened(path):
    model = engine.open_model(path)
    return model, model.run_image(prepare(load_photo(SAMPLE), model.description.image_plan))


@pytest.fixture(scope="module")
def cnn():
    return opened(assets.path("models", "cnn"))


@pytest.fixture(scope="module")
def vit():
    return opened(VIT)


@pytest.fixture
def view(qtbot):
    made = EvidenceView()
    qtbot.addWidget(made)
    made.resize(960, 740)
    made.show()
    qtbot.waitExposed(made)
    made.tasks, made.ended = [], []
    made.task_wanted.connect(made.tasks.append)
    made.task_unwanted.connect(made.ended.append)
    return made


def draw(view, run):
    view.draw(view.compute(run, Selection()))


def work(view, opened, task):
    model, run = opened

    def report(done, total, partial):
        view.task_moved(TaskNews(task, "running", done, total, partial))

    result = task.work(Context(model, run.inputs, run.image, run, report))
    view.task_moved(TaskNews(task, "done", 1, 1, result=result))


def test_the_exact_map_is_there_at_once_and_its_mean_and_bias_are_the_logit(view, cnn):
    draw(view, cnn[1])
    found, head = view.evidence(), cnn[1].model.head
    best = int(np.argmax(cnn[1].outputs["logits"][0]))
    assert (found.method, found.index) == ("cam", best)
    total = float(found.values.mean()) + float(head.bias[best])
    assert total == pytest.approx(float(cnn[1].outputs["logits"][0, best]), abs=1e-4)
    assert "= logit" in view.page.about.text()
    assert view.tasks == []
    assert view.settled


def test_another_class_has_another_map(view, cnn):
    draw(view, cnn[1])
    first = view.evidence()
    view.controls.classes.choose(3)
    assert view.evidence().index == 3
    assert not np.array_equal(view.evidence().values, first.values)
    assert f"“{cnn[1].model.labels[3]}”" in view.page.title.text()
    view.controls.methods.button("eigen-cam").click()
    assert view.evidence().index == -1
    assert "no class in particular" in view.page.title.text()


@pytest.mark.parametrize(
    ("name", "kind"), [("score-cam", ScoreCam), ("ablation-cam", AblationCam), ("occlusion", Occlusion), ("rise", Rise)]
)
def test_long_methods_are_tasks_with_progress_whose_maps_are_shown_as_they_grow(view, cnn, name, kind):
    draw(view, cnn[1])
    view.controls.channels.setValue(32)
    view.controls.masks.setValue(100)
    view.controls.methods.button(name).click()
    (task,) = view.tasks
    assert isinstance(task, kind)
    assert task.target.index == view.controls.classes.target()
    assert view.page.task.isVisible()
    half = Evidence(name, np.ones((4, 4), np.float32), "share", False, task.target.index, finished=False)
    view.task_moved(TaskNews(task, "running", 3, 9, half))
    assert view.evidence() is half
    work(view, cnn, task)
    assert view.evidence().finished
    assert view.evidence().method == name
    assert not view.page.task.isVisible()
    view.controls.methods.button("cam").click()
    view.controls.methods.button(name).click()
    assert len(view.tasks) == 1, "what was found is not asked again"


def test_cancel_ends_everything_and_drops_what_is_not_whole(view, cnn):
    draw(view, cnn[1])
    view.controls.all.click()
    assert len(view.tasks) == 4
    running = view.tasks[0]
    half = Evidence("score-cam", np.ones((4, 4), np.float32), "share", False, running.target.index, finished=False)
    view.task_moved(TaskNews(running, "running", 3, 9, half))
    view.page.task.button.click()
    assert view.ended == view.tasks
    assert view.settled
    assert ("score-cam", running.target) not in view._found
    view.task_moved(TaskNews(running, "cancelled"))
    view.controls.methods.button("score-cam").click()
    assert len(view.tasks) == 5, "it can be run again"


def test_another_run_begins_anew_and_a_fetched_tensor_does_not(view, cnn):
    draw(view, cnn[1])
    view.controls.methods.button("rise").click()
    again = dataclasses.replace(cnn[1], tensors={**cnn[1].tensors, "more": np.zeros(1)})
    draw(view, again)
    assert view.ended == []
    draw(view, dataclasses.replace(cnn[1], outputs=dict(cnn[1].outputs)))
    assert view.ended == [view.tasks[0]]
    assert len(view.tasks) == 1, "what takes long waits to be asked"
    assert "click the method" in view.page.said.text()
    view.controls.methods.button("rise").click()
    assert len(view.tasks) == 2


def test_curves_are_measured_of_every_map_made_and_of_chance(view, cnn):
    draw(view, cnn[1])
    view.controls.methods.button("eigen-cam").click()
    view.controls.trust.click()
    (task,) = view.tasks
    assert isinstance(task, TrustCurves)
    assert [name for name, _ in task.maps] == ["cam", "eigen-cam"]
    curve = Trust("cam", *(np.array(x, np.float32) for x in ([0, 1], [0.9, 0], [0, 0.9])), 0.2, 0.7)
    chance = dataclasses.replace(curve, name="random", deletion_area=0.4)
    view.task_moved(TaskNews(task, "running", 1, 4, (curve,)))
    assert [one.name for one in view.page.deletion.series()] == ["CAM"]
    view.task_moved(TaskNews(task, "done", 1, 1, result=(curve, dataclasses.replace(curve, name="eigen-cam"), chance)))
    assert [one.name for one in view.page.insertion.series()] == ["CAM", "Eigen-CAM", "chance"]
    assert view.page.deletion.series()[2].dashed
    assert "↓ 0.20" in view.gallery._cards[0].note
    view.controls.trust.click()
    assert len(view.tasks) == 1, "what was tested is not tested again"


def test_an_attention_model_has_no_exact_map_and_the_others_are_tasks(view, vit):
    draw(view, vit[1])
    button = view.controls.methods.button("cam")
    assert not button.isEnabled()
    assert "does not average maps" in button.toolTip()
    (task,) = view.tasks
    assert isinstance(task, EigenCam)
    work(view, vit, task)
    assert view.evidence().values.shape == (8, 8)


def test_of_a_model_without_classes_any_number_of_its_outputs_is_explained(view, cnn):
    outputs = {"boxes": np.zeros((1, 5, 3), np.float32), "count": np.zeros((1,), np.int64)}
    outputs["boxes"][0, 4, 1] = 9
    view.draw(dataclasses.replace(view.compute(cnn[1], Selection()), classes=(), cam=None, outputs=outputs))
    assert view.evidence().method == "eigen-cam"
    assert not view.controls.classes.isVisible()
    assert view.controls.label() == "boxes[4, 1]"
    view.controls.outputs.place.setText("2, 0")
    view.controls.outputs.place.editingFinished.emit()
    view.controls.methods.button("occlusion").click()
    assert (view.tasks[-1].target.output, view.tasks[-1].target.at) == ("boxes", (2, 0))
    assert "boxes[2, 0]" in view.page.title.text()
    for wrong in ("7, 0", "x", "1"):
        view.controls.outputs.place.setText(wrong)
        view.controls.outputs.place.editingFinished.emit()
        assert view.controls.outputs.place.text() == "2, 0"


def test_a_model_that_gives_no_numbers_cannot_be_asked(view, cnn):
    data = view.compute(cnn[1], Selection())
    view.draw(dataclasses.replace(data, classes=(), cam=None, outputs={"count": np.zeros((1,), np.int64)}))
    assert view.evidence().method == "eigen-cam"
    assert not view.controls.methods.button("rise").isEnabled()
    assert not view.controls.all.isEnabled()
    assert "no numbers" in view.controls.methods.button("rise").toolTip()


def test_the_pointer_reads_numbers_of_the_map(view, cnn):
    draw(view, cnn[1])
    assert "Largest" in view.page.said.text()
    view.canvas.hovered.emit(8 * 2 + 5)
    assert "Row 2, column 5 of 8 × 8" in view.page.said.text()
    assert f"{view.evidence().values[2, 5]:.6g}".replace("-", "−") in view.page.said.text()


def test_what_speaks_against_has_colours_of_its_own_where_that_is_wanted(view, cnn):
    draw(view, cnn[1])
    view.controls.classes.choose(int(np.argmin(cnn[1].outputs["logits"][0])))
    assert view.evidence().values.min() < 0
    assert view.page.bar._signed
    view.controls.sign.click()
    assert not view.page.bar._signed
    state = view.state()
    assert state["signed"] is False
    view.restore({"signed": "true", "masks": "x", "method": "none", "opacity": 20})
    assert (view.state()["signed"], view.state()["masks"], view.state()["opacity"]) == (True, 1000, 20)


def test_cards_choose_methods_and_give_their_maps_away(view, cnn, qtbot):
    draw(view, cnn[1])
    place = view.gallery.rect_of(1).center()
    assert view.gallery.key_at(place) == "eigen-cam"
    view.gallery.picked.emit("eigen-cam")
    assert view.evidence().method == "eigen-cam"
    np.testing.assert_array_equal(view.gallery.exhibit(place).values, view.evidence().values)
    assert view.gallery.exhibit(view.gallery.rect_of(4).center()).values is None


def test_maps_that_must_be_fetched_are_asked_for(cnn):
    with pytest.raises(EngineError) as caught:
        EvidenceView.compute(dataclasses.replace(cnn[1], fetch=None, tensors={}), Selection())
    assert caught.value.code == "not-in-run"


def test_clearing_and_the_language(view, cnn):
    draw(view, cnn[1])
    english = view.page.about.text()
    i18n.use("es")
    view.retranslate()
    assert view.page.about.text() != english
    i18n.use("en")
    view.clear(dataclasses.replace(cnn[1].model, image_input=None))
    assert "does not look at images" in view.sentence.text()
    assert view.evidence() is None

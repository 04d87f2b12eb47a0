"""The Generation view: places and what could stand there, the mask, forced tokens, steps."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop_app.selection import Selection
from desktop_app.task_news import TaskNews
from desktop_app.views import generation_data
from desktop_app.views.generation import GenerationView
from engine.pipeline.generate import Generated, Step
from engine.pipeline.results import Choice
from tests.gui.texts import pair_run, text_run


class Bench:
    """A view, and what it asked for."""

    def __init__(self, qtbot, run):
        self.run, self.view, self.tasks, self.texts, self.unwanted = run, GenerationView(), [], [], []
        qtbot.addWidget(self.view)
        self.view.resize(1000, 700)
        self.view.task_wanted.connect(self.tasks.append)
        self.view.task_unwanted.connect(self.unwanted.append)
        self.view.text_wanted.connect(self.texts.append)
        self.view.show()
        qtbot.waitExposed(self.view)
        self.view.draw(GenerationView.compute(run, Selection()))


@pytest.fixture
def bench(qtbot):
    return Bench(qtbot, pair_run())


def made_of(source, ids, start, ended=""):
    steps = tuple(
        Step(place, i, str(i), str(i), 0.5, 1.0, (Choice(i, str(i), str(i), 0.5, 1.0),))
        for place, i in enumerate(ids[start:], start)
    )
    return Generated(ids, start, steps, "", ended, source)


def test_only_models_that_make_text_are_supported(qtbot):
    assert GenerationView.supports(pair_run().model)
    assert not GenerationView.supports(text_run().model)
    view = GenerationView()
    qtbot.addWidget(view)
    view.draw(None)
    assert "Type a text" in view.sentence.text()


def test_every_token_has_the_probability_that_the_model_gave_it(bench):
    logits = bench.run.outputs["logits"][0].astype(np.float64)
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    wanted = [chances[place - 1, i] for place, i in enumerate((11, 12, 13), 1)]
    assert np.isnan(bench.view.text.values[0])
    np.testing.assert_allclose(bench.view.text.values[1:], wanted, rtol=1e-5)


def test_the_bars_tell_what_could_come_at_the_place(bench):
    view, logits = bench.view, bench.run.outputs["logits"][0]
    assert view.bars_title.text() == "Next token (place 4)"
    assert [bar.label for bar in view.bars.bars] == [str(i) for i in np.argsort(-logits[3])]
    rect = view.text.tokens_layout().rect_of(2)
    QTest.mouseClick(view.text, Qt.MouseButton.LeftButton, pos=rect.center().toPoint())
    assert view.bars_title.text() == "Token at place 2"
    taken = [bar for bar in view.bars.bars if bar.taken]
    assert [bar.label for bar in taken] == ["12"]
    QTest.keyClick(view.text, Qt.Key.Key_Escape)
    assert view.bars_title.text() == "Next token (place 4)"


def test_the_mask_is_the_models_own(bench):
    data = GenerationView.compute(bench.run, Selection())
    mask = generation_data.mask(data, 3, past=False)
    np.testing.assert_array_equal(mask, np.tril(np.ones((3, 3))))
    kept = generation_data.mask(data, 3, past=True)
    np.testing.assert_array_equal(kept[2], [1, 1, 1])
    assert kept[1, 0] == np.float32(generation_data.KEPT)
    assert kept[0, 2] == 0
    assert generation_data.mask(data, 0, past=False) is None


def test_going_on_begins_at_the_end(bench):
    QTest.mouseClick(bench.view.controls.next, Qt.MouseButton.LeftButton)
    (task,) = bench.tasks
    assert task.most == 1
    assert task.source.target_ids == (10, 11, 12, 13)
    assert task.source.ids == (10, 11, 12, 13, 14)
    assert not bench.view.controls.generate.isEnabled()
    QTest.mouseClick(bench.view.controls.stop, Qt.MouseButton.LeftButton)
    assert bench.unwanted == [task]
    bench.view.task_moved(TaskNews(task, "cancelled"))
    assert bench.view.controls.generate.isEnabled()


def test_what_is_generated_is_shown_as_it_comes_and_then_run(bench):
    view = bench.view
    view.controls.method.button("sample").click()
    view.controls.temperature.setValue(0.7)
    view.controls.top_k.setValue(5)
    view.controls.seed.setValue(3)
    QTest.mouseClick(view.controls.generate, Qt.MouseButton.LeftButton)
    (task,) = bench.tasks
    assert (task.sampling.method, task.sampling.temperature, task.sampling.top_k, task.sampling.seed) == (
        "sample", 0.7, 5, 3,
    )  # fmt: skip
    part = made_of(task.source, (10, 11, 12, 13, 7), 4)
    view.task_moved(TaskNews(task, "running", 1, 32, part))
    assert view.text.pieces[-1] == "7"
    assert view.controls.progress.isVisible()
    source = generation_data.source_until(GenerationView.compute(bench.run, Selection()), 4)
    done = made_of(source, (10, 11, 12, 13, 99), 4, "end")
    view.task_moved(TaskNews(task, "done", 1, 1, result=done))
    assert not view.controls.progress.isVisible()
    assert "by itself" in view.said.text()
    assert bench.texts == []  # the end token alone came: the run on screen is that of the whole text


def test_another_token_is_made_to_come(bench):
    view = bench.view
    rect = view.text.tokens_layout().rect_of(2)
    QTest.mouseClick(view.text, Qt.MouseButton.LeftButton, pos=rect.center().toPoint())
    line = next(i for i, bar in enumerate(view.bars.bars) if bar.label == "5")
    QTest.mouseClick(view.bars, Qt.MouseButton.LeftButton, pos=view.bars.rect_of(line).center().toPoint())
    (task,) = bench.tasks
    assert task.forced == ((2, 5),)
    assert task.source.target_ids == (10, 11)
    view.task_moved(TaskNews(task, "done", 1, 1, result=made_of(task.source, (10, 11, 5, 6), 2, "most")))
    assert [text.target_ids for text in bench.texts] == [(10, 11)]


def test_back_to_the_start_takes_everything_back(bench):
    QTest.mouseClick(bench.view.controls.back, Qt.MouseButton.LeftButton)
    assert [text.target_ids for text in bench.texts] == [(10,)]


def test_the_cache_is_offered_where_there_is_one(bench):
    assert not bench.view.controls.past.isEnabled()
    bench.view.controls.offer_past(True)
    assert bench.view.controls.past.isEnabled()


def test_settings_are_remembered(qtbot, bench):
    bench.view.controls.method.set_choice("sample")
    bench.view.controls.seed.setValue(9)
    other = GenerationView()
    qtbot.addWidget(other)
    other.restore({name: str(value) for name, value in bench.view.state().items()})
    assert other.state() == bench.view.state()
    other.restore({"seed": "?", "temperature": None})
    assert other.state()["seed"] == 9

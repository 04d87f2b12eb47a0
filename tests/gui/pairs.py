"""Two runs for the views that compare, and what does their tasks."""

import dataclasses

import pytest

import assets
import engine
from desktop_app.selection import Selection
from desktop_app.task_news import TaskNews
from engine.images.load import load_photo
from engine.images.prepare import prepare
from engine.runtime.task import Context
from tests.gui.makers import OTHER_SAMPLE, SAMPLE, VIT

CNN = assets.path("models", "cnn")


def ran(model, photo=SAMPLE):
    """Run a photo through a model."""
    return model.run_image(prepare(load_photo(photo), model.description.image_plan))


class Pair:
    """The bundled models and their runs; `view` is set by `show`."""

    def __init__(self):
        self.vit, self.cnn = engine.open_model(VIT), engine.open_model(CNN)
        self.vit_run, self.cnn_run = ran(self.vit), ran(self.cnn)
        self.vit_elsewhere = ran(self.vit, OTHER_SAMPLE)


@pytest.fixture(scope="session")
def pair():
    """The bundled models on a sample, and the first on another one."""
    return Pair()


class Host:
    """Does for a view what the controller does."""

    def __init__(self, view, run, other=None, selection=None, model=None):
        self.view, self.run, self.other, self.model = view, run, other, model
        self.selection = selection or Selection(site=5)
        self.tasks, self.ended, self.beside = [], [], []
        view.selection_wanted.connect(self.select)
        view.task_wanted.connect(self.tasks.append)
        view.task_unwanted.connect(self.ended.append)
        view.beside_wanted.connect(self.beside.append)
        self.draw()

    def draw(self):
        self.view.draw(self.view.compute_pair(self.run, self.other, self.selection))

    def select(self, selection):
        self.selection = selection
        self.draw()

    def put(self, other):
        self.other = other
        self.draw()

    def tell(self, task, **news):
        self.view.task_moved(TaskNews(task, **news))

    def work(self, task):
        def report(done, total, partial):
            self.tell(task, state="running", done=done, total=total, partial=partial)

        result = task.work(Context(self.model, self.run.inputs, self.run.image, self.run, report))
        self.tell(task, state="done", done=1, total=1, result=result)


def keeping(run, *names):
    """Return a run as the window has it: with some tensors, and nothing to fetch others by."""
    return dataclasses.replace(run, fetch=None, tensors={name: run.tensor(name) for name in names})

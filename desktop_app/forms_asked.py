"""W_O of the heads of the model on screen, read from its file once a view asks for it."""

from desktop_app.task_news import TaskNews
from desktop_app.views.base import View
from engine.value_norms import FindOutputForms, OutputForms


class FormsAsked:
    """What a view knows of W_O; the view hands it what `task_moved` brings."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._path = ""
        self._forms: OutputForms | None = None
        self._task: FindOutputForms | None = None

    def of(self, path: str) -> OutputForms | None:
        """Return what is known of a model, by its file; what is not known is asked for, and comes by `take`."""
        if path != self._path:
            self._path, self._forms, self._task = path, None, FindOutputForms()
            self._view.task_wanted.emit(self._task)
        return self._forms

    def take(self, news: TaskNews) -> bool:
        """Take news of a task; return whether W_O is known now."""
        if news.task is not self._task or news.state == "running":
            return False
        self._task = None
        if isinstance(news.result, OutputForms):
            self._forms = news.result
        elif news.state == "cancelled":
            self._path = ""  # the model was changed meanwhile: the next who asks asks anew
        return self._forms is not None

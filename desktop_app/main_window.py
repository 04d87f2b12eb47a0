"""Mirada's window: the frame, and in it the views, the side panel, and what is dropped onto it."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication

from desktop_app import help_texts
from desktop_app.files import ask_folder, ask_open
from desktop_app.frame import Frame
from desktop_app.settings import Settings

if TYPE_CHECKING:  # what needs the engine is imported by `complete`, after the first paint
    from desktop_app.companion import Companion
    from desktop_app.controller import Controller, Wanted
    from desktop_app.intake import Intake
    from desktop_app.panels.side_panel import SidePanel
    from desktop_app.pointing import Pointer
    from desktop_app.process.client import EngineClient
    from desktop_app.views.base import View


class MainWindow(Frame):
    """One window: one model, one photo, one selection.

    Args:
        client: the engine process; without one the window is the bare frame until `complete` is called.
        settings: what it remembers.
    """

    controller: "Controller"
    companion: "Companion"
    panel: "SidePanel"
    _pointer: "Pointer"

    def __init__(self, client: "EngineClient | None", settings: Settings) -> None:
        super().__init__(settings)
        self.views: list[View] = []
        self.is_complete = False
        if client is not None:
            self.complete(client)

    def complete(self, client: "EngineClient") -> None:
        """Put in what needs the engine."""
        from desktop_app.companion import Companion
        from desktop_app.controller import Controller
        from desktop_app.panels.side_panel import SidePanel
        from desktop_app.pointing import Pointer
        from desktop_app.views import VIEWS

        self.controller, self.panel, self._pointer = Controller(client, self), SidePanel(), Pointer()
        self.companion = Companion(self.controller, self)
        self.views = [view() for view in VIEWS]
        for view in self.views:
            self.tabs.addTab(view, view.title(), view.group)
            self.controller.add_view(view)
            view.restore(self.settings.view_state(view.name))
        self.panel.set_menus(self.menus.models, self.menus.samples)
        self.menus.set_views([view.title for view in self.views])
        if (empty := self._splitter.replaceWidget(1, self.panel)) is not None:
            empty.deleteLater()
        self.panel.setVisible(self.menus.commands["side_panel"].isChecked())
        self._connect()
        self.is_complete = True
        self.retranslate()
        self._show_phase(None)
        self._show_model()
        self.setAcceptDrops(True)

    @property
    def view(self) -> "View | None":
        """The view on top; None while there is nothing to look at."""
        current = self.tabs.currentWidget()
        on_top = self._stack.currentWidget() is self.tabs
        return next((view for view in self.views if on_top and view is current), None)

    def take(self, found: "Intake") -> None:
        """Open what was dropped, pasted, chosen or typed."""
        from desktop_app import sentences

        if found.empty:
            names = found.strange
            self.notices.say(sentences.neither_model_nor_image(names) if names else sentences.nothing_to_open())
            return
        text, model = found.text, self.controller.model
        unread = text is not None and found.model is None and model is not None and not self.panel.reads_text
        if unread and text is not None and model is not None and found.photo is None and found.sound is None:
            self.notices.say(sentences.reads_no_text(model.name, text.name))
            return
        if left := (*found.spare, *found.strange, *((text.name,) if unread and text is not None else ())):
            self.notices.say(sentences.left_aside(left))
        blind = model is not None and model.image_input is None and (model.text is not None or model.audio is not None)
        if found.photo is not None and found.model is None and model is not None and blind:
            self.notices.say(sentences.sees_no_image(model.name))
            return
        if found.photo is not None and found.model is None and self.controller.wanted.model is None:
            self.notices.say(sentences.no_model_yet())
        if text is not None and not unread:
            self.panel.text.take(text)
            if found.model is None and found.photo is None and found.sound is None:
                return
        self.controller.open(found.model, found.photo, sound=found.sound)

    def take_paths(self, paths: list[str] | list[Path]) -> None:
        """Open files and folders."""
        from desktop_app import intake

        self.take(intake.from_paths(paths))

    def take_mime(self, mime: QMimeData) -> None:
        """Open what was dropped or pasted."""
        from desktop_app import intake

        self.take(intake.from_mime(mime, self.tr("pasted image")))

    def choose(self) -> None:
        """Ask for files, and open them."""
        if paths := ask_open(self, self.settings):
            self.take_paths(paths)

    def choose_folder(self) -> None:
        """Ask for a folder, and open the model in it."""
        if path := ask_folder(self, self.settings):
            self.take_paths([path])

    def read_sentence(self, sentence: str) -> None:
        """Read a sentence: with the model on screen, else with the bundled translator."""
        from desktop_app import bundle
        from desktop_app.intake import Intake
        from engine.text.tokens import TextSource

        translator = bundle.translator()
        if self.panel.reads_text or translator is None:
            self.take(Intake(text=TextSource(sentence)))
        else:
            self.take(Intake(model=translator, text=TextSource(sentence)))

    def run_again(self) -> None:
        """Run what is on screen once more."""
        model = self.controller.model
        if model is not None and model.text is not None:
            self.panel.text.run_again()
        else:
            self.panel.preprocessing.run_again()

    def cancel(self) -> None:
        """End what is under way; the screen stays."""
        self.controller.cancel()
        self.companion.cancel()

    def retranslate(self) -> None:
        """Write everything again in the current language."""
        super().retranslate()
        if not self.is_complete:
            return
        self.panel.retranslate()
        for index, view in enumerate(self.views):
            view.retranslate()
            self.tabs.setTabText(index, view.title())
        self._title()
        self._point()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Remember the arrangement."""
        self.settings.set_layout("window", self.saveGeometry())
        self.settings.set_layout("splitter", self._splitter.saveState())
        for view in self.views:
            self.settings.set_view_state(view.name, view.state())
        if self.is_complete:
            self.companion.close()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Say what a drop would do."""
        from desktop_app import intake

        if intake.could_be_opened(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.hint.show_intake(intake.preview(event.mimeData(), self.tr("pasted image")))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802 - Qt's name
        """Take the hint away."""
        self.hint.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Open what was let go."""
        self.hint.hide()
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.take_mime(event.mimeData())

    def _connect(self) -> None:
        from desktop_app.saving import export_numbers, save_picture
        from desktop_app.views.positions_sandbox import show_sandbox

        control = self.controller
        control.run_changed.connect(self._show_model)
        control.selection_changed.connect(self._point)
        control.phase_changed.connect(self._show_phase)
        control.noticed.connect(self.notices.say)
        control.succeeded.connect(self._on_success)
        self.companion.noticed.connect(self.notices.say)
        self.companion.phase_changed.connect(self.activity.show_phase)
        self.activity.cancel_wanted.connect(self.cancel)
        self.panel.preprocessing.rerun_wanted.connect(control.rerun)
        self.panel.text.text_wanted.connect(lambda text: control.open(text=text))
        self.placeholder.open_wanted.connect(self.choose)
        self.tabs.currentChanged.connect(self._on_tab)
        self.menus.path_wanted.connect(lambda path: self.take_paths([path]))
        self.menus.view_wanted.connect(self.tabs.setCurrentIndex)
        self.menus.sentence_wanted.connect(self.read_sentence)
        self.menus.commands["side_panel"].toggled.connect(self.panel.setVisible)
        clipboard = QGuiApplication.clipboard()
        for name, slot in {
            "open": self.choose,
            "open_folder": self.choose_folder,
            "paste": lambda: self.take_mime(clipboard.mimeData()),
            "save_picture": partial(save_picture, self),
            "export": partial(export_numbers, self),
            "rerun": self.run_again,
            "cancel": self.cancel,
            "sandbox": partial(show_sandbox, self),
            "shortcuts": partial(help_texts.show_shortcuts, self),
            "about": partial(help_texts.show_about, self),
        }.items():
            self.menus.commands[name].triggered.connect(lambda _=False, slot=slot: slot())

    def _show_model(self) -> None:
        """Show facts and views of the model and run that the controller has now."""
        model, run = self.controller.model, self.controller.run
        supported = [model is not None and run is not None and view.supports(model) for view in self.views]
        self.tabs.show_tabs(supported)
        self._stack.setCurrentWidget(self.tabs if any(supported) else self.placeholder)
        self.placeholder.show_model(model, run)
        self.panel.show_run(model, run)
        self.menus.mark_view(self.tabs.currentIndex(), supported)
        self.menus.commands["save_picture"].setEnabled(any(supported))
        self.menus.commands["export"].setEnabled(any(supported) and model is not None and bool(model.sites))
        self.menus.commands["rerun"].setEnabled(run is not None)
        self._title()
        self._point()

    def _show_phase(self, phase: object) -> None:
        self.activity.show_phase(phase)  # type: ignore[arg-type]  # a signal carries any object
        self.placeholder.show_phase(phase)  # type: ignore[arg-type]
        self.menus.commands["cancel"].setEnabled(phase is not None)

    def _on_tab(self, index: int) -> None:
        self.menus.mark_view(index, [self.tabs.isTabVisible(i) for i in range(self.tabs.count())])
        self.controller.refresh()

    def _on_success(self, shown: "Wanted") -> None:
        """Take old errors away, and remember what was opened."""
        self.notices.dismiss_errors()
        bundled = self.menus.bundled_paths
        for file in (getattr(shown.photo, "path", None), getattr(shown.sound, "path", None), shown.model):
            if file is not None and Path(file) not in bundled:
                self.recent.add(file)

    def _title(self) -> None:
        model, run = self.controller.model, self.controller.run
        names = [] if run is None or run.image is None else [run.image.photo.name]
        names += [] if run is None or run.audio is None else [run.audio.sound.name]
        names += [] if model is None else [model.name]
        self.setWindowTitle(" — ".join([*names, "Mirada"]))

    def _point(self) -> None:
        self._pointed.setText(self._pointer.words(self.controller.run, self.controller.selection))

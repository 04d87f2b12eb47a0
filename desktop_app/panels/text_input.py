"""Text for a model: typed, pasted, chosen; its tokens as chips, and what the model does not see of it."""

from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app import bundle, theme
from desktop_app.i18n import lookup
from desktop_app.panels import text_source
from desktop_app.widgets.token_text import ScrolledText, TokenText
from engine import ModelDescription, Run
from engine.text.plan import TextPlan
from engine.text.tokens import Encoded, TextSource

_LINES, _FEW = 4, 2
MOST_CHIPS = 400
"""Tokens shown as chips; the views show all of them."""


class TextInput(QWidget):
    """The text that a model reads. Every change asks for a run; the latest one wins."""

    text_wanted = Signal(object)
    """A `TextSource` to run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan: TextPlan | None = None
        self._run: Run | None = None
        self._model = ""
        self._tokenizer: str | None = None
        self._name = ""
        self.editor, self.second, self.target = (QPlainTextEdit() for _ in range(3))
        self.chips, self.target_chips = TokenText(), TokenText()
        self.with_second, self.with_ids = QCheckBox(), QCheckBox()
        self.samples, self.choose, self.again = QToolButton(), QPushButton(), QPushButton()
        self._second_label, self._target_label = QLabel(), QLabel()
        self._said, self._chips_label = QLabel(wordWrap=True), QLabel()
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._ask)
        self._build()
        self._connect()
        self.retranslate()

    def show_run(self, model: ModelDescription | None, run: Run | None) -> None:
        """Show the fields that a model reads, and what a run made of them."""
        plan = None if model is None else model.text
        new = model is not None and model.path != self._model
        if new and model is not None:
            self._model, self._tokenizer = model.path, None
            with QSignalBlocker(self.target):
                self.target.clear()
        self._plan, self._run = plan, run
        self._offer_fields()
        self._show_chips()
        if plan is not None and plan.ids is not None and run is None and new:
            self._begin(plan)

    def source(self) -> TextSource | None:
        """Return what is typed now; None where it is nothing, or no list of ids."""
        if self._plan is None:
            return None
        typed = text_source.Typed(
            self.editor.toPlainText(),
            self.second.toPlainText() if self._has_second() else None,
            self.target.toPlainText(),
            self._tokenizer,
            self._name,
        )
        return text_source.source_of(self._plan, typed)

    def take(self, source: TextSource) -> None:
        """Take a text that was dropped, pasted or chosen, and run it."""
        with QSignalBlocker(self.editor), QSignalBlocker(self.target):
            self.editor.setPlainText(source.text)
            self.target.clear()
        self._name = source.name
        if self._plan is not None:
            self._turn.start()

    def run_again(self) -> None:
        """Run what is typed once more."""
        self._turn.start()

    def retranslate(self) -> None:
        """Write everything again in the current language."""
        self.editor.setAccessibleName(self.tr("Text"))
        self.second.setAccessibleName(self.tr("Second text"))
        self.target.setAccessibleName(self.tr("Target text"))
        self.target.setPlaceholderText(self.tr("left empty, the model writes it"))
        self.with_second.setText(self.tr("With a second text"))
        self.with_ids.setText(self.tr("Show ids"))
        self.samples.setText(self.tr("Examples"))
        self.choose.setText(self.tr("Choose a tokenizer file…"))
        self.again.setText(self.tr("Have the model write it"))
        self._chips_label.setText(self.tr("Tokens"))
        self.chips.setAccessibleName(self.tr("Tokens of the text"))
        self.target_chips.setAccessibleName(self.tr("Tokens of the target"))
        self._offer_fields()
        self._show_chips()

    def _has_second(self) -> bool:
        plan = self._plan
        return plan is not None and plan.tokenizer is not None and not self.second.isHidden()

    def _offer_fields(self) -> None:
        """Show what this model can be given, and name it."""
        plan = self._plan
        if plan is None:
            return
        ids = plan.tokenizer is None and self._tokenizer is None
        reads = plan.ids is not None
        pairs = reads and not ids and plan.task in ("read", "classify", "masked", "embed")
        self.editor.setVisible(reads)
        self.with_second.setVisible(pairs)
        self.second.setVisible(pairs and self.with_second.isChecked())
        self._second_label.setVisible(not self.second.isHidden())
        for widget in (self.target, self._target_label):
            widget.setVisible(plan.target is not None)
        self.again.setVisible(plan.target is not None and plan.generates)
        self.again.setEnabled(bool(self.target.toPlainText()))
        self.choose.setVisible(plan.tokenizer is None)
        self.samples.setVisible(reads and plan.task == "translate" and bool(bundle.sentences()))
        hints = {
            "compare": self.tr("One text on each line; the image is compared with every one."),
            "translate": self.tr("The text that is read; the target is written below."),
        }
        hint = hints.get(plan.task, self.tr("Type or paste a text, or drop a .txt file."))
        if ids:
            hint = self.tr("This model has no tokenizer beside it: type token ids, such as 12 7 99.")
        self.editor.setPlaceholderText(hint)
        second = self.tr("Compared with") if plan.task == "embed" else self.tr("Second text")
        self._second_label.setText(second)
        self._target_label.setText(self.tr("Target") if plan.source == "text" else self.tr("What the model writes"))

    def _show_chips(self) -> None:
        texts = None if self._run is None else self._run.text
        source = texts.source[0] if texts is not None and texts.source else None
        target = texts.target[0] if texts is not None and texts.target else None
        for chips, scroll, encoded in (
            (self.chips, self._chips_scroll, source),
            (self.target_chips, self._target_scroll, target),
        ):
            scroll.setVisible(encoded is not None)
            if encoded is not None:
                text_source.fill_chips(chips, encoded, MOST_CHIPS, ids=self.with_ids.isChecked())
                scroll.fit()
        shown = source is not None or target is not None
        self._chips_label.setVisible(shown)
        self.with_ids.setVisible(shown)
        if target is not None and not self.target.toPlainText():
            self.target.setPlaceholderText(target.text or self.tr("left empty, the model writes it"))
        self._strike(source)
        self._say(source)

    def _strike(self, source: Encoded | None) -> None:
        """Strike out what the model does not see."""
        for field, place in ((self.editor, 0), (self.second, 1)):
            marks = []
            cut = None if source is None else source.cut[place]
            text = source.texts()[place] if source is not None and place < len(source.texts()) else ""
            if cut is not None and field.toPlainText() == text:
                mark, form = QTextEdit.ExtraSelection(), QTextCharFormat()
                form.setForeground(theme.colours(self).quiet)
                form.setFontStrikeOut(True)
                cursor = QTextCursor(field.document())
                cursor.setPosition(text_source.utf16(text[:cut]))
                cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
                mark.cursor, mark.format = cursor, form
                marks.append(mark)
            field.setExtraSelections(marks)

    def _say(self, source: Encoded | None) -> None:
        """Say how many tokens there are, what was cut, and what was guessed."""
        lines: list[str] = []
        if source is not None:
            lines.append(self.tr("%n token(s)", "", source.read))
            if any(cut is not None for cut in source.cut):
                limit = None if self._plan is None else self._plan.limit
                text = self.tr("Too long: the model reads {count} tokens. What it does not see is struck out.")
                lines.append(text.format(count=source.read if limit is None else limit))
        elif self._plan is not None and self._plan.ids is not None and not self.editor.toPlainText().strip():
            lines.append(self.tr("Type something: it runs while you type."))
        if self._wrong_ids():
            lines.append(self.tr("These are no token ids: write whole numbers, apart by spaces or commas."))
        texts = None if self._run is None else self._run.text
        notes = (*(texts.notes if texts is not None else ()), *(self._plan.notes if self._plan is not None else ()))
        lines += [note.text(lookup) for note in notes if note.code != "text-cut"]  # said above, with what to see
        self._said.setText("\n".join(lines))
        self._said.setVisible(bool(lines))

    def _wrong_ids(self) -> bool:
        plan, text = self._plan, self.editor.toPlainText().strip()
        if plan is None or plan.tokenizer is not None or self._tokenizer is not None or not text:
            return False
        return text_source.ids_of(text) is None

    def _begin(self, plan: TextPlan) -> None:
        """Run what is typed already, else an example, so that a model that is opened shows something."""
        typed, ids = self.editor.toPlainText(), plan.tokenizer is None and self._tokenizer is None
        if not typed.strip() or ids == (not text_source.ids_of(typed)):
            with QSignalBlocker(self.editor):
                self.editor.setPlainText(text_source.example(plan, tokenizer=self._tokenizer is not None))
        self._turn.start()

    def _ask(self) -> None:
        source = self.source()
        if source is not None:
            self.text_wanted.emit(source)
        else:
            self._say(None)

    def _choose(self) -> None:
        title, kinds = self.tr("Choose a tokenizer file"), self.tr("Tokenizers") + " (*.json *.model *.spm *.txt)"
        path, _ = QFileDialog.getOpenFileName(self, title, "", kinds)
        if path:
            self._tokenizer = path
            self._offer_fields()
            self._turn.start()

    def _on_typed(self) -> None:
        self._name = ""
        self._turn.start()

    def _on_second(self) -> None:
        self._offer_fields()
        self._on_typed()

    def _on_target(self) -> None:
        self.again.setEnabled(bool(self.target.toPlainText()))
        self._turn.start()

    def _on_source_typed(self) -> None:
        """A new source has a new target, which the model writes again."""
        if self.target.toPlainText():
            with QSignalBlocker(self.target):
                self.target.clear()
            self.again.setEnabled(False)
        self._on_typed()

    def _fill_samples(self) -> None:
        menu = self.samples.menu()
        menu.clear()
        for sentence in bundle.sentences():
            menu.addAction(sentence.replace("&", "&&"), partial(self.take, TextSource(sentence)))

    def _connect(self) -> None:
        self.editor.textChanged.connect(self._on_source_typed)
        self.second.textChanged.connect(self._on_typed)
        self.target.textChanged.connect(self._on_target)
        self.with_second.toggled.connect(self._on_second)
        self.with_ids.toggled.connect(lambda _: self._show_chips())
        self.choose.clicked.connect(self._choose)
        self.again.clicked.connect(self.target.clear)
        self.samples.menu().aboutToShow.connect(self._fill_samples)

    def _build(self) -> None:
        for field, lines in ((self.editor, _LINES), (self.second, _FEW), (self.target, _FEW)):
            field.setTabChangesFocus(True)
            field.setAcceptDrops(False)  # a file that is dropped is read by the window, not named in the field
            field.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
            field.setFixedHeight(round(field.fontMetrics().lineSpacing() * lines + 3 * theme.NEAR))
        self.samples.setMenu(QMenu(self))
        self.samples.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        for label in (self._second_label, self._target_label, self._said, self._chips_label):
            label.setProperty("quiet", True)
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self._chips_scroll, self._target_scroll = ScrolledText(self.chips, 4), ScrolledText(self.target_chips, 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.TIGHT)
        column.addWidget(self.editor)
        row = QHBoxLayout()
        row.setSpacing(theme.NEAR)
        for widget in (self.with_second, self.choose, self.samples):
            row.addWidget(widget)
        row.addStretch(1)
        column.addLayout(row)
        below = (self._second_label, self.second, self._target_label, self.target, self.again, self._said)
        for part in below:
            column.addWidget(part)
        heading = QHBoxLayout()
        heading.addWidget(self._chips_label)
        heading.addStretch(1)
        heading.addWidget(self.with_ids)
        column.addLayout(heading)
        column.addWidget(self._chips_scroll)
        column.addWidget(self._target_scroll)

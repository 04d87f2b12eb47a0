"""Text as input: typed, dropped, pasted, as ids; its tokens as chips; and what models make of it in the window."""

import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop_app import bundle, intake
from desktop_app.main_window import MainWindow
from desktop_app.panels import text_source
from desktop_app.panels.text_input import TextInput
from desktop_app.panels.text_source import Typed, ids_of, source_of, utf16
from desktop_app.process.protocol import SoundFile
from engine.text.plan import TextPlan
from engine.text.tokens import TextSource
from tests.gui.conftest import PATIENCE_MS, look
from tests.gui.makers import SAMPLE, VIT
from tests.gui.texts import encoded, pair_run, text_run

FOLDERS = Path(__file__).resolve().parents[1] / "folders"
PLAN = TextPlan(tokenizer="tokenizer.json")


@pytest.mark.parametrize(
    ("typed", "ids"),
    [("12 7 99", (12, 7, 99)), ("[1, 2,\n3]", (1, 2, 3)), ("", ()), ("1 two", None), ("-4", None), ("٣", None)],
)
def test_ids_are_read_as_people_write_them(typed, ids):
    assert ids_of(typed) == ids


def test_what_is_typed_becomes_what_the_model_reads():
    assert source_of(PLAN, Typed("  ")) is None
    assert source_of(PLAN, Typed("a", "b")) == TextSource("a", "b")
    assert source_of(PLAN, Typed("a", " ")) == TextSource("a")
    compare = replace(PLAN, task="compare")
    assert source_of(compare, Typed("a cat\n\na dog\n")) == TextSource("a cat", more=("a dog",))
    assert source_of(replace(PLAN, task="embed"), Typed("a", "b")) == TextSource("a", more=("b",))
    bare = replace(PLAN, tokenizer=None)
    assert source_of(bare, Typed("3 4")) == TextSource(ids=(3, 4))
    assert source_of(bare, Typed("three")) is None
    assert source_of(bare, Typed("three", tokenizer="t.json")) == TextSource("three", tokenizer="t.json")
    assert source_of(replace(PLAN, ids=None), Typed("", target="a cat ")) == TextSource(target="a cat")
    assert source_of(replace(PLAN, task="translate"), Typed("a", target="b")).target == "b"


def test_every_kind_of_model_has_something_to_begin_with():
    assert text_source.example(replace(PLAN, task="translate")) in bundle.sentences()
    assert ids_of(text_source.example(replace(PLAN, tokenizer=None, vocabulary=5))) == (1, 2, 3, 4)
    assert len(text_source.example(replace(PLAN, task="compare")).splitlines()) == 3


def test_characters_are_counted_as_the_editor_counts_them():
    assert utf16("aé") == 2
    assert utf16("👩‍🚀") == 5


def test_texts_and_sounds_are_told_by_their_names(tmp_path):
    letter, tone, odd = tmp_path / "letter.txt", tmp_path / "tone.wav", tmp_path / "old.txt"
    letter.write_bytes("\ufeffquerido año".encode("utf-8"))
    odd.write_bytes("año".encode("cp1252"))
    tone.write_bytes(b"RIFF")
    found = intake.from_paths([letter, tone, odd])
    assert found.text == TextSource("querido año")
    assert found.text.name == "letter.txt"
    assert found.sound == SoundFile(str(tone))
    assert found.spare == ("old.txt",)
    assert intake.from_paths([odd]).text.text == "año"
    assert intake.from_paths([tmp_path / "gone.txt"]).strange == ("gone.txt",)


def test_pasted_words_are_a_text():
    mime = QMimeData()
    mime.setText("hello")
    assert intake.from_mime(mime, "x").text == TextSource("hello")
    mime.setText(" \n ")
    assert intake.from_mime(mime, "x").empty


@pytest.fixture
def panel(qtbot):
    """A panel and what it asked to run."""
    panel = TextInput()
    qtbot.addWidget(panel)
    panel.asked = []
    panel.text_wanted.connect(panel.asked.append)
    panel.show()
    return panel


def test_typing_asks_for_the_latest_text_once_a_turn(panel, qtbot):
    run = pair_run()
    panel.show_run(run.model, None)
    qtbot.waitUntil(lambda: bool(panel.asked))  # a model that is opened gets an example
    panel.asked.clear()
    for text in ("Ho", "Hol", "Hola"):
        panel.editor.setPlainText(text)
    qtbot.waitUntil(lambda: bool(panel.asked))
    assert [source.text for source in panel.asked] == ["Hola"]
    panel.asked.clear()
    panel.target.setPlainText("Hello")
    qtbot.waitUntil(lambda: bool(panel.asked))
    assert panel.asked[-1].target == "Hello"
    panel.editor.setPlainText("Adiós")
    qtbot.waitUntil(lambda: len(panel.asked) > 1)
    assert panel.asked[-1] == TextSource("Adiós")  # another source has another target


def test_chips_show_pieces_special_marks_and_ids(panel):
    run = pair_run()
    panel.show_run(run.model, run)
    assert panel.chips.pieces == ("El", "ga", "to", "duerme", "</s>")
    assert panel.target_chips.pieces[0] == "<s>"
    assert "id 11" in panel.chips.describe(1)
    panel.with_ids.setChecked(True)
    assert panel.chips.pieces[1] == "ga 11"
    assert "5 tokens" in panel._said.text()


def test_what_is_too_long_is_struck_out(panel):
    run = pair_run()
    text = "El gato 👩‍🚀 duerme en casa"
    cut = replace(encoded(("▁El", "▁gato")), text=text, cut=(14, None))
    panel.editor.setPlainText(text)
    panel.show_run(run.model, replace(run, text=replace(run.text, source=(cut,))))
    (mark,) = panel.editor.extraSelections()
    assert mark.cursor.selectedText() == text[14:]
    assert "Too long" in panel._said.text()


def test_wrong_ids_are_said(panel):
    run = text_run()
    model = replace(run.model, text=TextPlan())
    panel.show_run(model, None)
    panel.editor.setPlainText("one two")
    panel._ask()
    assert "no token ids" in panel._said.text()
    assert panel.source() is None
    assert panel.choose.isVisible()


def opened(window: MainWindow, qtbot: QtBot, name: str) -> None:
    """Open a folder and wait until what the panel gives it has run."""
    look(window, qtbot, FOLDERS / name)
    qtbot.waitUntil(lambda: window.controller.run is not None and not window.controller.busy, timeout=PATIENCE_MS)


def typed(window: MainWindow, qtbot: QtBot, text: str) -> None:
    """Type a text and wait until it is on screen."""
    window.panel.text.editor.setPlainText(text)

    def shown() -> bool:
        run = window.controller.run
        return run is not None and run.text is not None and run.text.source[0].text == text

    qtbot.waitUntil(shown, timeout=PATIENCE_MS)


def test_a_masked_word_is_filled_in_while_one_types(empty_window: MainWindow, qtbot: QtBot) -> None:
    window = empty_window
    opened(window, qtbot, "bert")
    assert window.view is not None
    typed(window, qtbot, "The black [MASK] is sleeping.")
    assert len(window.panel.bars.rows()) == 5
    assert window.panel.photo_button.isHidden()
    typed(window, qtbot, "The black cat")
    assert window.panel.bars.rows() == ()
    run = window.controller.run
    window.panel.text.editor.setPlainText("")
    qtbot.wait(50)
    assert window.controller.run is run  # nothing to read: what is on screen stays


def test_a_target_is_generated_and_dropped_texts_are_read(
    empty_window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = empty_window
    opened(window, qtbot, "t5")
    assert len(window.controller.run.text.target[0]) > 1
    letter = tmp_path / "letter.txt"
    letter.write_text("the black cat", encoding="utf-8")
    window.take_paths([letter])
    qtbot.waitUntil(lambda: window.controller.run.text.source[0].text == "the black cat", timeout=PATIENCE_MS)
    assert window.panel.text.editor.toPlainText() == "the black cat"
    window.take_paths([SAMPLE])
    assert "takes no image" in window.notices.rows[-1].text
    QGuiApplication.clipboard().setText("a red car")
    window.menus.commands["paste"].trigger()
    qtbot.waitUntil(lambda: window.controller.run.text.source[0].text == "a red car", timeout=PATIENCE_MS)


def test_generation_goes_through_the_engine(empty_window: MainWindow, qtbot: QtBot) -> None:
    window = empty_window
    opened(window, qtbot, "gpt2")
    view = next(view for view in window.views if view.name == "generation")
    window.tabs.setCurrentWidget(view)
    before = window.controller.run.text.source[0].ids
    view.controls.next.click()
    qtbot.waitUntil(lambda: view._task is None and not window.controller.busy, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: len(window.controller.run.text.source[0].ids) > len(before), timeout=PATIENCE_MS)
    after = window.controller.run.text.source[0].ids
    assert after[: len(before)] == before
    assert len(after) == len(before) + 1


def test_speech_is_heard_and_written_down(empty_window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window, tone = empty_window, tmp_path / "tone.wav"
    samples = (8000 * np.sin(np.arange(8000) / 5)).astype("<i2")
    with wave.open(str(tone), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(samples.tobytes())
    look(window, qtbot, FOLDERS / "whisper")
    assert "Now a sound" in window.placeholder.text
    window.take_paths([tone])
    qtbot.waitUntil(lambda: window.controller.run is not None, timeout=PATIENCE_MS)
    run = window.controller.run
    assert run.audio.sound.name == "tone.wav"
    np.testing.assert_allclose(run.audio.sound.samples, samples / 32768, atol=1e-6)
    assert window.panel.sound_button.isVisible()
    view = next(view for view in window.views if view.name == "cross-attention")
    window.tabs.setCurrentWidget(view)
    qtbot.waitUntil(lambda: view.page.source.kind == "sound", timeout=PATIENCE_MS)
    assert view.page.target.kind == "text"


def test_images_are_compared_with_several_texts(empty_window: MainWindow, qtbot: QtBot) -> None:
    window = empty_window
    look(window, qtbot, VIT, SAMPLE)
    opened(window, qtbot, "clip")
    typed_run = window.controller.run
    assert [text.text for text in typed_run.text.source] == text_source.LABELS.splitlines()
    assert len(window.panel.bars.rows()) == 3
    assert {name for name, _ in window.panel.bars.rows()} == set(text_source.LABELS.splitlines())


def test_words_and_ids_are_not_taken_for_each_other(panel, qtbot):
    run = pair_run()
    panel.editor.setPlainText("el gato")
    panel.show_run(run.model, None)
    assert panel.editor.toPlainText() == "el gato"
    bare = replace(text_run().model, path="bare.onnx", text=TextPlan(vocabulary=6))
    panel.show_run(bare, None)
    assert panel.editor.toPlainText() == "1 2 3 4 5"
    panel.show_run(run.model, None)
    assert panel.editor.toPlainText() in bundle.sentences()


def test_a_bundled_sentence_is_read_by_what_is_open(empty_window: MainWindow, qtbot: QtBot) -> None:
    window = empty_window
    opened(window, qtbot, "bert")
    sentence = bundle.sentences()[3]
    window.menus.sentence_wanted.emit(sentence)
    qtbot.waitUntil(lambda: window.controller.run.text.source[0].text == sentence, timeout=PATIENCE_MS)
    look(window, qtbot, VIT, SAMPLE)
    if bundle.translator() is None:
        window.menus.sentence_wanted.emit(sentence)
        assert "reads none" in window.notices.rows[-1].text

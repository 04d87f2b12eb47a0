"""No string reaches a user untranslated, and no translation loses a detail."""

import ast
import re
import string
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLibraryInfo, QObject
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QWidget
from pytestqt.qtbot import QtBot

from desktop_app import i18n
from desktop_app.panels.facts import ModelFacts
from desktop_app.translations import build
from engine.messages import CATALOGUE

HERE = build.HERE
SHOWN_BY = {
    "setText", "setToolTip", "setStatusTip", "setWhatsThis", "setWindowTitle", "setTitle", "setPlaceholderText",
    "setAccessibleName", "setAccessibleDescription", "addAction", "addMenu", "addTab", "setTabText", "addItem",
    "addItems", "setInformativeText", "setItemText", "QLabel", "QPushButton", "QCheckBox", "QAction", "QMenu", "say",
    "drawText", "showMessage", "set_title", "set_name", "set_names",
}  # fmt: skip
"""Functions whose text a user reads."""


class Entry:
    """One message of a .ts file."""

    def __init__(self, context: str, message: ET.Element) -> None:
        self.context = context
        self.source = message.findtext("source") or ""
        translation = message.find("translation")
        assert translation is not None
        self.state = translation.get("type")
        self.plural = message.get("numerus") == "yes"
        self.forms = [form.text or "" for form in translation.findall("numerusform")] or [translation.text or ""]


def entries(name: str, folder: Path = HERE) -> list[Entry]:
    root = ET.parse(folder / f"{name}.ts").getroot()
    return [Entry(c.findtext("name") or "", m) for c in root.findall("context") for m in c.findall("message")]


def details(text: str) -> set[str]:
    """Return what a template is filled with."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name} | set(re.findall(r"%n", text))


def calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield node, name


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def has_words(text: str) -> bool:
    """Return whether a text is for reading: not a symbol, a unit, a style or mark-up."""
    bare = re.sub(r"<[^>]*>|\{[^}]*\}|&", "", text)
    return bool(re.search(r"[A-Za-zÀ-ÿ]{3,}", bare))


@pytest.mark.parametrize("name", ["mirada_es", "mirada_en"])
def test_the_files_are_up_to_date_with_the_sources(name: str, tmp_path: Path) -> None:
    copy = tmp_path / f"{name}.ts"
    copy.write_bytes((HERE / copy.name).read_bytes())
    assert build.update(tmp_path) == 0
    here = {(e.context, e.source) for e in entries(name)}
    there = {(e.context, e.source) for e in entries(name, tmp_path)}
    assert here == there, "run: make translations"


def test_lupdate_saw_every_string() -> None:
    """Strings in places that lupdate does not read, such as f-strings, would never be translated."""
    known = {(e.context, e.source) for e in entries("mirada_es")}
    sources = {source for _, source in known}
    for path in build.sources():
        for call, name in calls(path):
            if name == "translate" and len(call.args) >= 2 and literal(call.args[1]) is not None:
                assert (literal(call.args[0]), literal(call.args[1])) in known, f"{path}:{call.lineno}"
            if name == "tr" and call.args and literal(call.args[0]) is not None:
                assert literal(call.args[0]) in sources, f"{path}:{call.lineno}"


def test_every_string_is_translated() -> None:
    unfinished = [e.source for e in entries("mirada_es") if e.state is not None or not all(e.forms)]
    assert not unfinished
    assert not [e.source for e in entries("mirada_en") if e.state is not None or not all(e.forms)]


def test_plurals_have_both_forms() -> None:
    for name in ("mirada_es", "mirada_en"):
        for entry in entries(name):
            assert len(entry.forms) == (2 if entry.plural else 1), entry.source


def test_translations_keep_every_detail() -> None:
    for entry in entries("mirada_es"):
        for form in entry.forms:
            assert details(form) == details(entry.source), entry.source


def test_translations_keep_how_a_sentence_ends_and_the_mnemonic() -> None:
    for entry in entries("mirada_es"):
        for form in entry.forms:
            for end in (".", "…", ":"):
                assert form.endswith(end) == entry.source.endswith(end), entry.source
            assert form.count("&") == entry.source.count("&"), entry.source


def test_spanish_is_the_one_that_is_taught() -> None:
    """Courses in Spanish say consulta, clave and parche; and the window says tú throughout."""
    taught = {"query": "consulta", "queries": "consultas", "key": "clave", "keys": "claves", "patch": "parche",
              "patches": "parches", "head": "cabeza", "heads": "cabezas", "layer": "capa"}  # fmt: skip
    for entry in entries("mirada_es"):
        words = set(re.findall(r"[a-z]+", re.sub(r"\{[^}]*\}", "", entry.source.lower())))
        for english, spanish in taught.items():
            if english in words and not entry.plural:
                assert spanish in entry.forms[0].lower(), entry.source
        formal = r"\b(usted|[Ss]eñale|[Ss]uelte|[Ee]lija|[Aa]bra|[Gg]uarde|[Cc]opie|[Uu]se|[Cc]ompruebe|[Rr]evise)\b"
        assert not re.search(formal, " ".join(entry.forms)), entry.source


def test_mnemonics_of_one_menu_differ() -> None:
    by_language = {"en": [e.source for e in entries("mirada_es") if e.context == "Menus"]}
    by_language["es"] = [e.forms[0] for e in entries("mirada_es") if e.context == "Menus"]
    for titles in by_language.values():
        bar = [t for t in titles if t.replace("&", "") in
               {"File", "View", "Model", "Help", "Archivo", "Ver", "Modelo", "Ayuda"}]  # fmt: skip
        letters = [t[t.index("&") + 1].lower() for t in bar]
        assert len(letters) == 4
        assert len(set(letters)) == 4, letters


def test_no_literal_is_shown_without_being_translated() -> None:
    shown: list[str] = []
    allowed = {"Mirada", "NumPy", "ONNX", "<h3>Mirada {}</h3>"}
    for path in sorted((build.ROOT / "desktop_app").rglob("*.py")):
        for call, name in calls(path):
            if name not in SHOWN_BY:
                continue
            for argument in call.args:
                parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
                for part in parts:
                    text = literal(part)
                    if text is not None and has_words(text) and not any(word in text for word in allowed):
                        shown.append(f"{path.name}:{call.lineno}: {text!r}")
    assert not shown


def test_every_message_of_the_engine_can_be_translated() -> None:
    import engine.cli
    import engine.export
    import engine.inspection
    import engine.pointing
    import engine.predictions
    import engine.render
    import engine.runtime.open  # noqa: F401

    known = {e.source for e in entries("mirada_es") if e.context == "engine"}
    assert set(CATALOGUE.values()) <= known


def test_messages_whose_words_come_from_the_child_are_translated(qapp: QApplication) -> None:
    i18n.use("es")
    assert i18n.lookup("“{name}” is empty.") == "«{name}» está vacío."


def test_counted_things_have_their_form(qtbot: QtBot) -> None:
    facts = ModelFacts()
    qtbot.addWidget(facts)
    assert [facts.tr("%n head(s)", "", n) for n in (1, 2)] == ["1 head", "2 heads"]
    i18n.use("es")
    assert [facts.tr("%n head(s)", "", n) for n in (1, 2)] == ["1 cabeza", "2 cabezas"]


def test_the_dialogs_of_qt_speak_the_same_language(qtbot: QtBot) -> None:
    if not (Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)) / "qtbase_es.qm").exists():
        pytest.skip("this Qt came without its own translations")
    i18n.use("es")
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(buttons)
    assert buttons.button(QDialogButtonBox.StandardButton.Cancel).text().replace("&", "") == "Cancelar"


def test_the_system_decides_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    class System:
        def uiLanguages(self) -> list[str]:  # noqa: N802
            return ["ca-ES", "es-ES", "en-US"]

    with monkeypatch.context() as patch:
        patch.setattr(i18n.QLocale, "system", staticmethod(System))
        assert i18n.tongue("system") == "es"
        assert i18n.tongue("en") == "en"
        patch.setattr(System, "uiLanguages", lambda self: ["fr-FR"])
        assert i18n.tongue("system") == "en"


def test_a_context_is_the_class_that_says_it(qtbot: QtBot) -> None:
    class Special(ModelFacts):
        pass

    widget: QWidget = Special()
    qtbot.addWidget(widget)
    i18n.use("es")
    assert isinstance(widget, QObject)
    assert widget.tr("Input") == "Entrada"
    assert QCoreApplication.translate("ModelFacts", "Input") == "Entrada"

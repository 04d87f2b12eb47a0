"""The engine's sentences in other languages, for the command line: read from the translation files, without Qt."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from xml.etree import ElementTree as ET

HERE = Path(__file__).resolve().parent
CONTEXT = "engine"


def lookup(language: str) -> Callable[[str], str]:
    """Return what turns an English template of the engine into a language; those not translated stay English."""
    known: dict[str, str] = {}
    root = ET.parse(HERE / f"mirada_{language}.ts").getroot()  # noqa: S314 - the program's own file
    for context in root.iter("context"):
        if context.findtext("name") == CONTEXT:
            for message in context.iter("message"):
                known[message.findtext("source", "")] = message.findtext("translation", "")
    return lambda template: known.get(template) or template


LANGUAGES: Mapping[str, Callable[[], Callable[[str], str]]] = {"es": partial(lookup, "es")}
"""Languages besides English, and what loads each."""

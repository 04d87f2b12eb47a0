"""What the engine says to people: every sentence in one catalogue, in English, ready to be translated.

The engine never formats a sentence where something happens; it names a message and its details. The command
line prints the English text. The window looks the same template up in its translation files: `translate` is
only a marker that Qt's extraction tool recognises.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


def translate(context: str, text: str) -> str:  # noqa: ARG001 - the extraction tool wants Qt's signature
    """Mark `text` for translation and give it back unchanged."""
    return text


CATALOGUE: dict[str, str] = {}
"""Message code -> English template with `{named}` details."""


def declare(messages: Mapping[str, str]) -> None:
    """Add `messages` to the catalogue; a module declares its own beside the code that uses them.

    Raises:
        ValueError: a code was declared twice with different texts.
    """
    for code, text in messages.items():
        if CATALOGUE.setdefault(code, text) != text:
            raise ValueError(f"message {code!r} is declared twice")


@dataclass(frozen=True)
class Message:
    """One thing to say: a code of the catalogue and the details that fill its template."""

    code: str
    details: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, code: str, **details: object) -> "Message":
        """Build a message; details are kept as text so that it can travel between processes."""
        return cls(code, tuple((name, str(value)) for name, value in details.items()))

    def text(self, lookup: Callable[[str], str] = lambda template: template) -> str:
        """Return the sentence; `lookup` turns the English template into another language."""
        return lookup(CATALOGUE[self.code]).format(**dict(self.details))

"""Refusals: one plain sentence with the cause, and what the user can do about it."""

from collections.abc import Callable

from engine.messages import CATALOGUE, Message, declare, translate


class EngineError(Exception):
    """The engine refuses: `str(error)` is one sentence with the cause, then what to do.

    Args:
        code: a code of the catalogue; `code` is the sentence and `code.advice` what to do.
        details: what fills the templates.
    """

    def __init__(self, code: str, /, **details: object) -> None:
        self.message = Message.of(code, **details)
        self.advice = Message(f"{code}.advice", self.message.details)
        super().__init__(self.text())

    @property
    def code(self) -> str:
        """The stable name of this refusal."""
        return self.message.code

    def text(self, lookup: Callable[[str], str] = lambda template: template) -> str:
        """Return the sentence and the advice; `lookup` translates the templates."""
        return f"{self.message.text(lookup)} {self.advice.text(lookup)}"

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (self.code, self.message.details)


def _rebuild(code: str, details: tuple[tuple[str, str], ...]) -> EngineError:
    return EngineError(code, **dict(details))


def _checked(messages: dict[str, str]) -> dict[str, str]:
    """Hold that every refusal of this table says what to do."""
    missing = [c for c in messages if not c.endswith(".advice") and f"{c}.advice" not in messages]
    if missing:
        raise ValueError(f"refusals without advice: {missing}")
    return messages


def declare_errors(messages: dict[str, str]) -> None:
    """Add refusals to the catalogue: each needs its `code` and `code.advice`.

    Raises:
        ValueError: a refusal has no advice, or a code is declared twice.
    """
    declare(_checked(messages))


declare_errors(
    {
        "file-missing": translate("engine", "“{name}” does not exist."),
        "file-missing.advice": translate("engine", "Check the path, or choose the file again."),
        "file-unreadable": translate("engine", "“{name}” cannot be read: permission denied."),
        "file-unreadable.advice": translate("engine", "Give yourself permission to read it, or copy it elsewhere."),
        "internal": translate("engine", "Something went wrong inside Mirada: {reason}."),
        "internal.advice": translate("engine", "What is on screen is kept; please report this with the file’s name."),
    }
)

__all__ = ["CATALOGUE", "EngineError", "declare_errors"]

"""Tokens in words: which special token, which patch, which place of a text."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop_app.widgets.text_layout import visible
from engine.grid import PatchGrid

if TYPE_CHECKING:
    from desktop_app.token_lines import TokenLine

translate = QCoreApplication.translate


def special_names(grid: PatchGrid) -> tuple[str, ...]:
    """Return names of the special tokens: what the graph tells of them, else guessed from their number.

    One more token is the class token, two are those of DeiT (Touvron et al. 2021), more are registers (Darcet et
    al. 2024).
    """
    if grid.special:
        return _told_names(grid)
    names = [translate("Heads", "class")] if grid.prefix else []
    if grid.prefix == 2:
        names.append(translate("Heads", "distillation"))
    names += [translate("Heads", "register {number}").format(number=i) for i in range(1, grid.prefix - len(names) + 1)]
    names += [translate("Heads", "special {number}").format(number=i) for i in range(1, grid.suffix + 1)]
    return tuple(names)


def _told_names(grid: PatchGrid) -> tuple[str, ...]:
    """Names of special tokens whose kind the graph tells; registers and others are numbered."""
    names, counts = [], dict.fromkeys(grid.special, 0)
    for kind in grid.special:
        counts[kind] += 1
        words = {
            "class": translate("Heads", "class"),
            "distillation": translate("Heads", "distillation"),
            "register": translate("Heads", "register {number}").format(number=counts[kind]),
            "other": translate("Heads", "special {number}").format(number=counts[kind]),
        }
        names.append(words[kind])
    return tuple(names)


def place(where: "PatchGrid | TokenLine | None", token: int) -> str:
    """Return where a token lies, in words; of a text its number and what it says."""
    piece, grid = _piece(where, token), _grid(where)
    if piece:
        return translate("Heads", "token {token} “{piece}”").format(token=token, piece=piece)
    if grid is None:
        return translate("Heads", "token {token}").format(token=token)
    spot = grid.place_of(token)
    if spot is None:
        names = special_names(grid)
        at = token if token < grid.prefix else token - grid.patches
        name = names[at] if 0 <= at < len(names) else str(token)
        return translate("Heads", "special token “{name}”").format(name=name)
    return translate("Heads", "row {row}, column {column}").format(row=spot[0], column=spot[1])


def short(where: "PatchGrid | TokenLine | None", token: int) -> str:
    """Return where a token lies, as briefly as can be: (row, column), the name of a special token, or a number.

    Of a text it is the number with what the token says.
    """
    piece, grid = _piece(where, token), _grid(where)
    if piece:
        return translate("Heads", "{token} “{piece}”").format(token=token, piece=piece)
    spot = None if grid is None else grid.place_of(token)
    if spot is not None:
        return f"({spot[0]}, {spot[1]})"
    names = () if grid is None else special_names(grid)
    at = token if grid is None or token < grid.prefix else token - grid.patches
    return names[at] if 0 <= at < len(names) else str(token)


def _grid(where: "PatchGrid | TokenLine | None") -> PatchGrid | None:
    return where if where is None or isinstance(where, PatchGrid) else where.grid


def _piece(where: "PatchGrid | TokenLine | None", token: int) -> str:
    """Return what a token of a text, a sound or a list of objects says; nothing where it has but a number."""
    if where is None or isinstance(where, PatchGrid) or where.kind in ("patches", "numbers"):
        return ""
    return visible(where.pieces[token]) if 0 <= token < len(where) else ""

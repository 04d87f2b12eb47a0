"""Which files beside a model make up its tokenizer, and reading them once."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine.errors import EngineError
from engine.json_files import first_json
from engine.text.reader import Reader

WHOLE = ("tokenizer.json", "source.spm")
"""Files that say everything, or that decide what the others are; the first one there is taken."""
PARTS = ("spiece.model", "sentencepiece.bpe.model", "sentencepiece.model", "tokenizer.model", "spm.model", "vocab.txt")
SENTENCE = (".model", ".spm")
ROLES = ("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token")
LARGEST = 200 * 2**20
"""Bytes; a larger file is no tokenizer."""


def find_tokenizer(places: Sequence[Path]) -> Path | None:
    """Return the file that a tokenizer is read from: tokenizer.json first; None where there is none."""
    for place in places:
        for name in (*WHOLE, *PARTS):
            if (place / name).is_file():
                return place / name
        if (place / "vocab.json").is_file() and (place / "merges.txt").is_file():
            return place / "vocab.json"
    return None


def files_of(path: Path) -> tuple[str, ...]:
    """Return the names of the files that a tokenizer is made of."""
    beside = {"source.spm": ("target.spm", "vocab.json"), "vocab.json": ("merges.txt",)}.get(path.name, ())
    more = ("tokenizer_config.json", "special_tokens_map.json")
    return (path.name, *(name for name in (*beside, *more) if (path.parent / name).is_file()))


def special_names(places: Sequence[Path]) -> dict[str, str]:
    """Return the special tokens by role, such as {"mask_token": "[MASK]"}, as the files beside a model name them."""
    found: dict[str, str] = {}
    for name in ("special_tokens_map.json", "tokenizer_config.json"):
        for role, token in (first_json(places, name) or {}).items():
            text = token.get("content") if isinstance(token, dict) else token
            if role in ROLES and isinstance(text, str):
                found.setdefault(role, text)
    return found


def load_tokenizer(path: str) -> Reader:
    """Return the tokenizer of a file; one that was read before, and has not changed, at once.

    Raises:
        EngineError: there is no such file, or it is no tokenizer.
    """
    file = Path(path)
    try:
        stat = file.stat()
    except OSError:
        raise EngineError("file-missing", name=file.name or path) from None
    if stat.st_size > LARGEST or not file.is_file():
        raise EngineError("tokenizer-unknown", name=file.name)
    return _read(file, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int, _size: int) -> Reader:
    places = [path.parent]
    config: Mapping[str, Any] = first_json(places, "tokenizer_config.json") or {}
    specials = special_names(places)
    if path.suffix in SENTENCE:
        from engine.text.sentence import read_sentence

        return read_sentence(path, config, specials)
    from engine.text.fast import read_json, read_vocabulary

    if path.suffix == ".txt" and path.name != "merges.txt":
        return read_vocabulary(path, config, specials)
    if path.suffix != ".json":
        raise EngineError("tokenizer-unknown", name=path.name)
    try:
        whole = isinstance(json.loads(path.read_bytes()).get("model"), dict)
    except (ValueError, AttributeError, RecursionError):
        raise EngineError("tokenizer-unknown", name=path.name) from None
    if whole:
        return read_json(path)
    if path.with_name("merges.txt").is_file():
        return read_vocabulary(path, config, specials)
    if path.with_name("source.spm").is_file():
        return load_tokenizer(str(path.with_name("source.spm")))
    raise EngineError("tokenizer-unknown", name=path.name)

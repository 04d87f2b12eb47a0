"""SentencePiece models (Kudo and Richardson 2018), read by the optional package `sentencepiece`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.errors import EngineError
from engine.text.reader import Pieces, Side

SPACE = "▁"


@dataclass(frozen=True)
class Family:
    """What a family of models puts around the pieces, and how it numbers them.

    Attributes:
        before, after: special pieces in front of a text and behind it.
        between: special pieces between the texts of a pair.
        offset: what is added to SentencePiece's numbers.
        renamed: numbers of pieces that the family moved.
    """

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ("</s>",)
    between: tuple[str, ...] = ("</s>",)
    offset: int = 0
    renamed: Mapping[str, int] = field(default_factory=dict)


FAIRSEQ = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3}
FAMILIES = {
    "XLMRoberta": Family(before=("<s>",), between=("</s>", "</s>"), offset=1, renamed=FAIRSEQ),
    "Llama": Family(before=("<s>",), after=(), between=()),
    "Albert": Family(before=("[CLS]",), after=("[SEP]",), between=("[SEP]",)),
    "DebertaV2": Family(before=("[CLS]",), after=("[SEP]",), between=("[SEP]",)),
}
"""Families whose frame is not T5's and Marian's, an </s> behind each text."""


class SentenceReader:
    """A SentencePiece model, or Marian's two with the vocabulary that they share.

    Args:
        name: the file it was read from.
        source, target: processors of `sentencepiece`.
        family: what is put around the pieces.
        vocabulary: ids by piece, where they are not SentencePiece's own.
        specials: special tokens by role.
        extra: added pieces by id (T5's sentinels).
    """

    def __init__(
        self,
        name: str,
        source: Any,
        target: Any,
        family: Family,
        vocabulary: Mapping[str, int] | None,
        specials: Mapping[str, str],
        extra: Mapping[int, str],
    ) -> None:
        self._name, self._family, self._vocabulary = name, family, vocabulary
        self._models = {"source": source, "target": target}
        self._extra = dict(extra)
        self._back = {} if vocabulary is None else {number: piece for piece, number in vocabulary.items()}
        marks = {*specials.values(), *family.before, *family.after}
        numbered = {self.find(piece): piece for piece in marks}
        self._specials = {i: piece for i, piece in numbered.items() if i is not None} | self._extra

    @property
    def name(self) -> str:
        """The file it was read from."""
        return self._name

    @property
    def size(self) -> int:
        """Number of ids."""
        if self._vocabulary is not None:
            return max(self._vocabulary.values(), default=-1) + 1
        return max([int(self._models["source"].get_piece_size()) + self._family.offset, *(i + 1 for i in self._extra)])

    def split(self, text: str, pair: str | None, *, special: bool, limit: int | None, side: Side) -> Pieces:
        """Return a text in pieces; the longer text of a pair is cut first."""
        texts = [self._split(part, side) for part in ((text,) if pair is None else (text, pair))]
        family = self._family if special else Family(after=(), between=())
        frame = len(family.before) + len(family.after) + (len(family.between) if pair is not None else 0)
        cut = False
        while limit is not None and frame + sum(map(len, texts)) > max(limit, frame + 1):
            longest = max(texts, key=len)
            over = frame + sum(map(len, texts)) - max(limit, frame + 1)
            shorter = min(map(len, texts)) if len(texts) > 1 else 0
            del longest[max(len(longest) - max(min(over, len(longest) - shorter), 1), 0) :]
            cut = True
        rows: list[tuple[int, str, tuple[int, int] | None, bool, int]] = []
        rows += [self._mark(piece, 0) for piece in family.before]
        for segment, found in enumerate(texts):
            rows += [self._mark(piece, 0) for piece in family.between] if segment else []
            rows += [(i, piece, place, False, segment) for i, piece, place in found]
        rows += [self._mark(piece, len(texts) - 1) for piece in family.after]
        return Pieces(
            ids=tuple(row[0] for row in rows),
            pieces=tuple(row[1] for row in rows),
            offsets=tuple(row[2] for row in rows),
            special=tuple(row[3] for row in rows),
            words=_words(rows),
            segments=tuple(row[4] for row in rows),
            cut=cut,
        )

    def _split(self, text: str, side: Side) -> list[tuple[int, str, tuple[int, int] | None]]:
        """Pieces of one text: id, spelling, place in the text."""
        out: list[tuple[int, str, tuple[int, int] | None]] = []
        for piece, start, stop in _placed(self._models[side], text):
            lead = len(text[start:stop]) - len(text[start:stop].lstrip())
            start = start + lead if start + lead < stop else start
            out.append((self._number(piece), piece, (start, stop) if stop > start else None))
        return out

    def _mark(self, piece: str, segment: int) -> tuple[int, str, None, bool, int]:
        return self._number(piece), piece, None, True, segment

    def _number(self, piece: str) -> int:
        found = self.find(piece)
        if found is not None:
            return found
        unknown = self.find("<unk>")
        return 0 if unknown is None else unknown

    def find(self, piece: str) -> int | None:
        """Return the id of a piece."""
        if self._vocabulary is not None:
            return self._vocabulary.get(piece)
        if piece in self._family.renamed:
            return self._family.renamed[piece]
        for number, name in self._extra.items():
            if name == piece:
                return number
        model = self._models["source"]
        number = int(model.piece_to_id(piece))
        known = number != model.unk_id() or piece == model.id_to_piece(number)
        return number + self._family.offset if known else None

    def piece(self, number: int) -> str | None:
        """Return how the vocabulary spells an id."""
        if self._vocabulary is not None:
            return self._back.get(number)
        for piece, moved in self._family.renamed.items():
            if moved == number:
                return piece
        if number in self._extra:
            return self._extra[number]
        model, at = self._models["source"], number - self._family.offset
        return str(model.id_to_piece(at)) if 0 <= at < model.get_piece_size() else None

    def decode(self, ids: Sequence[int], side: Side = "source") -> str:
        """Return the text that ids stand for, special tokens left out."""
        pieces = [self.piece(i) for i in ids if i not in self._specials]
        return str(self._models[side].decode_pieces([piece for piece in pieces if piece is not None]))

    def specials(self) -> dict[int, str]:
        """Return the special tokens by id."""
        return dict(self._specials)


def _placed(model: Any, text: str) -> list[tuple[str, int, int]]:
    """Return pieces with the first and one past the last character each stands for."""
    if hasattr(model, "EncodeAsOffsetMapping"):  # since 0.2.2
        found = model.encode(text, return_type="offset_mapping")
        return [(str(p), int(a), int(b)) for p, (a, b) in zip(found["pieces"], found["offsets"], strict=True)]
    return [(str(p.piece), int(p.begin), int(p.end)) for p in model.encode(text, out_type="immutable_proto").pieces]


def _words(rows: Sequence[tuple[int, str, tuple[int, int] | None, bool, int]]) -> tuple[int | None, ...]:
    """A word begins with a piece that carries a space; special tokens belong to none."""
    words: list[int | None] = []
    word, fresh = -1, True
    for _, piece, _, special, _ in rows:
        if special:
            words.append(None)
            fresh = True
            continue
        if fresh or piece.startswith(SPACE):
            word, fresh = word + 1, False
        words.append(word)
    return tuple(words)


def read_sentence(path: Path, config: Mapping[str, Any], specials: Mapping[str, str]) -> SentenceReader:
    """Read a SentencePiece model; of Marian's source.spm also target.spm and vocab.json beside it.

    Raises:
        EngineError: `sentencepiece` is not installed, or a file cannot be read.
    """
    try:
        from sentencepiece import SentencePieceProcessor
    except ImportError:
        raise EngineError("sentencepiece-missing", name=path.name) from None

    def load(file: Path) -> Any:
        try:
            return SentencePieceProcessor(model_proto=file.read_bytes())
        except Exception as error:  # the library raises plain RuntimeErrors
            raise EngineError("tokenizer-broken", name=file.name, reason=str(error).split("\n")[0][:120]) from None

    source = load(path)
    kind = str(config.get("tokenizer_class") or "").removesuffix("Fast").removesuffix("Tokenizer")
    family = FAMILIES.get(kind, Family())
    if path.name in ("source.spm", "target.spm"):
        other = path.with_name("target.spm")
        target = load(other) if other.exists() else source
        return SentenceReader(path.name, source, target, Family(), _vocabulary(path), specials, {})
    extra: dict[int, str] = {}
    if kind.startswith("T5"):  # sentinels lie behind the pieces, the last one first (Raffel et al. 2020)
        said, size = config.get("extra_ids"), int(source.get_piece_size())
        count = said if isinstance(said, int) and 0 <= said <= 10_000 else 100
        extra = {size + count - 1 - i: f"<extra_id_{i}>" for i in range(count)}
    return SentenceReader(path.name, source, source, family, None, specials, extra)


def _vocabulary(path: Path) -> dict[str, int]:
    file = path.with_name("vocab.json")
    try:
        return {str(piece): int(number) for piece, number in json.loads(file.read_bytes()).items()}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise EngineError("tokenizer-broken", name=file.name, reason=str(error)[:120]) from None

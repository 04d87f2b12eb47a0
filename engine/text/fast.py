"""Tokenizers that Hugging Face's library reads: tokenizer.json, or the vocabulary files of older exports."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tokenizers import (
    AddedToken,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
)

from engine.errors import EngineError
from engine.text.reader import Pieces, Side

MASKS = ("[MASK]", "<mask>")
"""Special tokens that stand for a word of the text."""


class FastReader:
    """A tokenizer of the `tokenizers` library.

    Args:
        name: the file it was read from.
        tokenizer: the tokenizer; its own truncation and padding are switched off.
    """

    def __init__(self, name: str, tokenizer: Tokenizer) -> None:
        self._name, self._tokenizer = name, tokenizer
        tokenizer.no_truncation()
        tokenizer.no_padding()
        added = tokenizer.get_added_tokens_decoder()
        self._specials = {int(i): token.content for i, token in added.items() if token.special}

    @property
    def name(self) -> str:
        """The file it was read from."""
        return self._name

    @property
    def size(self) -> int:
        """Number of ids."""
        return int(self._tokenizer.get_vocab_size(with_added_tokens=True))

    def split(self, text: str, pair: str | None, *, special: bool, limit: int | None, side: Side) -> Pieces:  # noqa: ARG002 - one vocabulary for both sides
        """Return a text in pieces; the longer text of a pair is cut first."""
        tokenizer = self._tokenizer
        tokenizer.no_truncation()
        found = tokenizer.encode(text, pair, add_special_tokens=special)
        cut = limit is not None and len(found.ids) > limit
        if cut:
            added = tokenizer.num_special_tokens_to_add(pair is not None) if special else 0
            tokenizer.enable_truncation(max(limit or 0, added + 1))
            found = tokenizer.encode(text, pair, add_special_tokens=special)
            tokenizer.no_truncation()
        sequences = [t if s is None else s for s, t in zip(found.sequence_ids, found.type_ids, strict=True)]
        texts = (text, pair or "")
        written = [texts[s][a:b] for (a, b), s in zip(found.offsets, sequences, strict=True)]
        marked = [
            bool(added) or (i in self._specials and said == piece and piece not in MASKS)
            for added, i, piece, said in zip(found.special_tokens_mask, found.ids, found.tokens, written, strict=True)
        ]
        return Pieces(
            ids=tuple(found.ids),
            pieces=tuple(found.tokens),
            offsets=tuple((a, b) if b > a else None for a, b in found.offsets),
            special=tuple(marked),
            words=_words(found.word_ids, sequences, marked),
            segments=tuple(sequences),
            cut=cut,
            types=tuple(found.type_ids),
        )

    def decode(self, ids: Sequence[int], side: Side = "source") -> str:  # noqa: ARG002 - one vocabulary for both sides
        """Return the text that ids stand for, special tokens left out."""
        return str(self._tokenizer.decode(list(ids), skip_special_tokens=True))

    def piece(self, number: int) -> str | None:
        """Return how the vocabulary spells an id."""
        found = self._tokenizer.id_to_token(number)
        return None if found is None else str(found)

    def find(self, piece: str) -> int | None:
        """Return the id of a piece."""
        found = self._tokenizer.token_to_id(piece)
        return None if found is None else int(found)

    def specials(self) -> dict[int, str]:
        """Return the special tokens by id."""
        return dict(self._specials)


def _words(words: Sequence[int | None], sequences: Sequence[int], special: Sequence[bool]) -> tuple[int | None, ...]:
    """Count words through both texts."""
    base = max((w for w, s in zip(words, sequences, strict=True) if w is not None and s == 0), default=-1) + 1
    return tuple(
        None if w is None or gone else w + base * s for w, s, gone in zip(words, sequences, special, strict=True)
    )


def read_json(path: Path) -> FastReader:
    """Read a tokenizer.json.

    Raises:
        EngineError: it is none, or of a kind that the library does not know.
    """
    try:
        tokenizer = Tokenizer.from_buffer(path.read_bytes())
    except Exception as error:  # the library raises plain Exceptions
        raise EngineError("tokenizer-broken", name=path.name, reason=_reason(error)) from None
    return FastReader(path.name, tokenizer)


def read_vocabulary(path: Path, config: Mapping[str, Any], specials: Mapping[str, str]) -> FastReader:
    """Read a WordPiece vocab.txt (BERT), or a vocab.json beside its merges.txt (GPT-2, RoBERTa, BART, CLIP).

    Args:
        path: vocab.txt or vocab.json.
        config: what tokenizer_config.json says; may be empty.
        specials: special tokens by role, such as {"sep_token": "[SEP]"}.

    Raises:
        EngineError: the files do not fit each other.
    """
    try:
        tokenizer = _wordpiece(path, config) if path.suffix == ".txt" else _byte_pairs(path, config)
    except Exception as error:  # the library raises plain Exceptions
        raise EngineError("tokenizer-broken", name=path.name, reason=_reason(error)) from None
    named = {**_usual(tokenizer, path), **specials}
    known = {role: token for role, token in named.items() if tokenizer.token_to_id(token) is not None}
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in known.values()])
    _framed(tokenizer, known, str(config.get("tokenizer_class") or ""), path)
    return FastReader(path.name, tokenizer)


def _wordpiece(path: Path, config: Mapping[str, Any]) -> Tokenizer:
    lower = config.get("do_lower_case")
    vocabulary = models.WordPiece.read_file(str(path))
    if lower is None:  # a cased vocabulary has pieces in upper case
        lower = not any(piece[:1].isupper() for piece in vocabulary if not piece.startswith("["))
    unknown = str(config.get("unk_token") or "[UNK]") if not isinstance(config.get("unk_token"), dict) else "[UNK]"
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token=unknown))
    tokenizer.normalizer = normalizers.BertNormalizer(
        lowercase=bool(lower),
        strip_accents=config.get("strip_accents"),
        handle_chinese_chars=bool(config.get("tokenize_chinese_chars", True)),
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece(prefix="##")
    return tokenizer


def _byte_pairs(path: Path, config: Mapping[str, Any]) -> Tokenizer:
    vocabulary, merges = models.BPE.read_file(str(path), str(path.with_name("merges.txt")))
    if "hello</w>" in vocabulary or "the</w>" in vocabulary:  # CLIP (Radford et al. 2021): lower case, ends marked
        tokenizer = Tokenizer(
            models.BPE(vocabulary, merges, unk_token="<|endoftext|>", end_of_word_suffix="</w>", fuse_unk=False)  # noqa: S106 - a token, no password
        )
        tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
        parts = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(_pattern(parts), behavior="removed", invert=True),
                pre_tokenizers.ByteLevel(add_prefix_space=False),
            ]
        )
        tokenizer.decoder = decoders.ByteLevel()
        return tokenizer
    tokenizer = Tokenizer(models.BPE(vocabulary, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=bool(config.get("add_prefix_space", False)))
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def _pattern(text: str) -> Any:
    from tokenizers import Regex

    return Regex(text)


def _usual(tokenizer: Tokenizer, path: Path) -> dict[str, str]:
    """Special tokens under their usual names, where the vocabulary has them."""
    if path.suffix == ".txt":
        names = {"cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]", "mask_token": "[MASK]"}
        return names | {"unk_token": "[UNK]"}
    if tokenizer.token_to_id("<|startoftext|>") is not None:
        return {"bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>"}
    if tokenizer.token_to_id("<s>") is not None and tokenizer.token_to_id("</s>") is not None:
        return {"cls_token": "<s>", "sep_token": "</s>", "pad_token": "<pad>", "mask_token": "<mask>"}
    return {"eos_token": "<|endoftext|>"}


def _framed(tokenizer: Tokenizer, named: Mapping[str, str], kind: str, path: Path) -> None:
    """Put the special tokens of a family around a text: BERT's, RoBERTa's and BART's, CLIP's."""

    def token(role: str) -> tuple[str, int]:
        number = tokenizer.token_to_id(named[role])
        return named[role], 0 if number is None else int(number)

    pair = "cls_token" in named and "sep_token" in named
    if path.suffix == ".txt" and pair:
        tokenizer.post_processor = processors.BertProcessing(token("sep_token"), token("cls_token"))
    elif named.get("bos_token") == "<|startoftext|>":
        tokenizer.post_processor = processors.RobertaProcessing(
            token("eos_token"), token("bos_token"), trim_offsets=False, add_prefix_space=False
        )
    elif pair and not kind.startswith("GPT2"):
        tokenizer.post_processor = processors.RobertaProcessing(token("sep_token"), token("cls_token"))
    else:
        tokenizer.post_processor = processors.ByteLevel(trim_offsets=True)


def _reason(error: Exception) -> str:
    return str(error).split("\n")[0].rstrip(".")[:120] or type(error).__name__

"""Texts in pieces: what lies where, what is cut, and what bad text becomes."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import EngineError
from engine.text.encode import MOST_TOKENS, encode
from engine.text.files import find_tokenizer, load_tokenizer
from engine.text.plan import Generation, TextPlan
from engine.text.spelt import from_ids
from engine.text.tokens import Encoded, TextSource

FOLDERS = Path(__file__).resolve().parents[1] / "folders"
WORDPIECE, BYTES, UNIGRAM = (str(FOLDERS / name / "tokenizer.json") for name in ("bert", "bart", "t5"))
OLD_WORDPIECE, OLD_BYTES = str(FOLDERS / "bert" / "vocab.txt"), str(FOLDERS / "gpt2" / "vocab.json")
ALL = (WORDPIECE, BYTES, UNIGRAM, OLD_WORDPIECE, OLD_BYTES)

BAD = {
    "empty": "",
    "spaces": "  \n\t  ",
    "half characters": "a\ud83d b\ude00",
    "right to left": "שלום עולם، مرحبا",
    "joined emoji": "👩‍👩‍👧‍👦 ok 🏳️‍🌈",
    "chinese": "黑猫在睡觉。东京",
    "combining": "e\u0301a\u0308 Zalgo\u0336\u0337",
    "controls": "a\x00b\x1bc\u200b\u202ed",
    "one long word": "x" * 5_000,
    "special tokens": "[SEP] <s> </s> <|endoftext|> [MASK]",
}


def check(encoded: Encoded) -> None:
    """Hold what every encoding promises."""
    count = len(encoded.ids)
    rows = (encoded.pieces, encoded.offsets, encoded.special, encoded.words, encoded.segments, encoded.types)
    assert count > 0
    assert {len(row) for row in (*rows, encoded.shown)} == {count}
    texts = encoded.texts()
    for i, (place, segment) in enumerate(zip(encoded.offsets, encoded.segments, strict=True)):
        assert encoded.label(i)
        if place is not None:
            assert 0 <= place[0] < place[1] <= len(texts[segment])
    assert all(cut is None or 0 <= cut < len(text) for cut, text in zip(encoded.cut, texts, strict=False))
    encoded.text.encode("utf-8")  # no halves of characters are left


@pytest.mark.parametrize("tokenizer", ALL, ids=lambda path: "/".join(Path(path).parts[-2:]))
@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_bad_text_gives_tokens_or_one_sentence(tokenizer: str, text: str) -> None:
    plan = TextPlan(tokenizer=tokenizer)
    refused = None
    try:
        (encoded,) = encode(plan, TextSource(text)).source
    except EngineError as error:
        refused = error.code
    if refused is not None:
        assert (refused, text.strip()) == ("text-empty", "")
        return
    check(encoded)
    bare = encoded.text
    if "\ud83d" in text:
        assert encoded.notes[0].text().endswith(": 2.")
        assert encoded.text == "a� b�"
    bare = bare[: encoded.cut[0]] if encoded.cut[0] is not None else bare
    seen = {i for place in encoded.offsets if place is not None for i in range(*place)}
    unseen = {c for i, c in enumerate(bare) if i not in seen and c.isalnum()}
    assert not unseen, "letters that no token stands for"


@pytest.mark.parametrize("tokenizer", [WORDPIECE, BYTES, UNIGRAM], ids=["wordpiece", "bytes", "unigram"])
def test_a_megabyte_is_cut_and_said_so(tokenizer: str) -> None:
    text = "The black cat is sleeping. " * 39_000
    (whole,) = encode(TextPlan(tokenizer=tokenizer), TextSource(text)).source
    check(whole)
    assert len(whole) == MOST_TOKENS
    assert whole.cut[0] is not None
    assert whole.text[: whole.cut[0]].count(".") > 100
    assert str(MOST_TOKENS) in whole.notes[-1].text()
    (short,) = encode(TextPlan(tokenizer=tokenizer, limit=12), TextSource(text[:200])).source
    assert len(short) == 12
    last = max(place[1] for place in short.offsets if place is not None)
    assert short.cut == (last, None)
    (fits,) = encode(TextPlan(tokenizer=tokenizer, limit=90), TextSource(text[:27])).source
    assert fits.cut == (None, None)
    assert not fits.notes


def test_of_a_pair_the_longer_text_is_cut() -> None:
    source = TextSource("the cat", pair="the black cat is sleeping in the house " * 3)
    (encoded,) = encode(TextPlan(tokenizer=WORDPIECE, limit=14), source).source
    assert encoded.cut[0] is None
    assert encoded.cut[1] is not None
    assert encoded.types == encoded.segments
    assert [p for p, s in zip(encoded.pieces, encoded.special, strict=True) if s] == ["[CLS]", "[SEP]", "[SEP]"]
    words = {w for w, s in zip(encoded.words, encoded.segments, strict=True) if s == 0 and w is not None}
    others = {w for w, s in zip(encoded.words, encoded.segments, strict=True) if s == 1 and w is not None}
    assert words == {0, 1}
    assert min(others) == 2
    assert encode(TextPlan(tokenizer=BYTES), TextSource("a", pair="b")).source[0].types == (0,) * 6


def test_old_vocabulary_files_make_the_same_tokens() -> None:
    for text in ("The black cat, sleeping!", "estación [MASK] mañana", *BAD.values()):
        if text.strip():
            source = TextSource(text, pair="a cat")
            one, other = (encode(TextPlan(tokenizer=path), source).source[0] for path in (OLD_WORDPIECE, WORDPIECE))
            assert one.ids == other.ids
    (snow,) = encode(TextPlan(tokenizer=OLD_BYTES), TextSource("ñ ☃")).source
    assert load_tokenizer(OLD_BYTES).decode(snow.ids) == "ñ ☃"


def test_pieces_of_one_character_share_its_place() -> None:
    (encoded,) = encode(TextPlan(tokenizer=OLD_BYTES), TextSource("a ☃")).source
    snow = [i for i, place in enumerate(encoded.offsets) if place == (2, 3) or place == (1, 3)]
    assert len(snow) > 1
    labels = [encoded.label(i) for i in snow]
    assert labels[0].endswith(f"1/{len([x for x in labels if '/' in x])}")
    typed = from_ids(encoded.ids, load_tokenizer(OLD_BYTES))
    assert typed.text == "a ☃"
    assert len({typed.offsets[i] for i in range(len(typed)) if "/" in typed.label(i)}) == 1


def test_numbers_typed_by_hand_need_no_tokenizer() -> None:
    plan = TextPlan(vocabulary=40)
    (encoded,) = encode(plan, TextSource(ids=(3, 39))).source
    assert encoded.pieces == ("3", "39")
    for wrong in ((3, 40), (-1,)):
        with pytest.raises(EngineError, match="no token number"):
            encode(plan, TextSource(ids=wrong))
    with pytest.raises(EngineError, match="No tokenizer"):
        encode(plan, TextSource("a text"))
    chosen = encode(plan, TextSource(ids=(5, 6), tokenizer=WORDPIECE)).source[0]
    assert chosen.pieces != ("5", "6")
    with pytest.raises(EngineError, match="no tokenizer that Mirada knows"):
        encode(plan, TextSource("a text", tokenizer=str(FOLDERS / "bert" / "config.json")))


def test_a_fixed_length_is_filled_and_a_start_token_begins_a_target() -> None:
    plan = TextPlan(tokenizer=UNIGRAM, length=24, target="decoder_input_ids", generation=Generation(start=(0,)))
    tokens = encode(plan, TextSource("El gato", target="the cat"))
    assert len(tokens.source[0]) == 24
    assert tokens.source[0].padding == 24 - tokens.source[0].read
    assert tokens.target[0].ids[0] == 0
    assert tokens.target[0].special[0]
    assert tokens.target[0].text == "the cat"
    assert encode(plan, TextSource("El gato")).target[0].ids == (0,)
    goes_on = replace(plan, target=None, length=None, tokenizer=OLD_BYTES, generation=Generation(start=(7,)))
    assert encode(goes_on, TextSource("")).source[0].ids == (7,)


def test_what_a_folder_holds_decides_the_tokenizer(tmp_path: Path) -> None:
    names = ["vocab.txt", "spiece.model", "source.spm", "tokenizer.json"]
    assert find_tokenizer([tmp_path]) is None
    (tmp_path / "vocab.json").touch()
    assert find_tokenizer([tmp_path]) is None
    (tmp_path / "merges.txt").touch()
    assert find_tokenizer([tmp_path]) == tmp_path / "vocab.json"
    for name in names:
        (tmp_path / name).touch()
        assert find_tokenizer([tmp_path]) == tmp_path / name
    with pytest.raises(EngineError, match=r"tokenizer\.json"):
        load_tokenizer(str(tmp_path / "tokenizer.json"))


@pytest.mark.parametrize("name", ["marian", "spiece"])
def test_sentencepiece_numbers_are_those_of_transformers(name: str) -> None:
    pytest.importorskip("sentencepiece")
    folder = FOLDERS / name
    said = json.loads((folder / "reference.json").read_text(encoding="utf-8"))
    found = find_tokenizer([folder])
    assert found is not None
    reader = load_tokenizer(str(found))
    for text, ids in zip(said["texts"], said["source"], strict=True):
        (encoded,) = encode(TextPlan(tokenizer=str(found)), TextSource(text)).source
        assert list(encoded.ids) == ids
        check(encoded)
    for text, ids in zip(said["texts"], said.get("target", ()), strict=False):
        assert [*reader.split(text, None, special=True, limit=None, side="target").ids] == ids
    for ids in said.get("target", ())[:1]:
        assert reader.decode(ids, "target") == said["texts"][0]
    for piece, number in said.get("sentinels", {}).items():
        assert (reader.find(piece), reader.piece(number)) == (number, piece)
    pair = TextSource(said["texts"][0], pair=said["texts"][1])
    (short,) = encode(TextPlan(tokenizer=str(found), limit=6), pair).source
    assert len(short) == 6
    assert short.cut[0] is not None


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sentencepiece", None)
    (tmp_path / "spiece.model").write_bytes((FOLDERS / "spiece" / "spiece.model").read_bytes())
    with pytest.raises(EngineError, match="pip install sentencepiece"):
        load_tokenizer(str(tmp_path / "spiece.model"))


def test_what_cannot_be_seen_has_a_name() -> None:
    (encoded,) = encode(TextPlan(tokenizer=UNIGRAM), TextSource("a\u200d\n👩\u200d👧")).source
    labels = [encoded.label(i) for i in range(len(encoded))]
    assert not [label for label in labels if "\n" in label or not label.strip("\u200d")]
    alone = from_ids(
        load_tokenizer(OLD_BYTES).split("\n", None, special=False, limit=None, side="source").ids,
        load_tokenizer(OLD_BYTES),
    )
    assert alone.label(0) == "⏎"

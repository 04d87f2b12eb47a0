"""The bundled translator: what ships, what it says, where it looks; and the parts of its recipe that need no torch."""

import json
import re
from pathlib import Path

import numpy as np
import onnx
import pytest
from tokenizers import Tokenizer

import assets
import engine
from assets.recipes import align, heads_text
from assets.recipes.data import DataMissingError
from assets.recipes.evaluate_translator import sentences
from assets.recipes.pairs import END, PAD, START, UNKNOWN, Pair, learn_vocabulary, read_pairs, split, words
from assets.recipes.translate import Interpreter

FOLDER = assets.path("models", "translator")
LARGEST_MODEL = 15_000_000
CONFIG = json.loads((FOLDER / "config.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def interpreter() -> Interpreter:
    return Interpreter(FOLDER)


def feeds(interpreter: Interpreter, name: str) -> dict[str, np.ndarray]:
    """Two sentences of unlike length, so that padding and a batch are there."""
    ids, mask = interpreter.encode(["El gato negro duerme.", "Te quiero."])
    if name == "encoder":
        return {"input_ids": ids, "attention_mask": mask}
    (memory,) = interpreter.encoder.run(None, {"input_ids": ids, "attention_mask": mask})
    written = np.array([[1, 20, 300, 40], [1, 7, 8, 9]], dtype=np.int64)
    return {"input_ids": written, "encoder_hidden_states": memory, "encoder_attention_mask": mask}


def test_it_is_small_and_of_the_ordinary_exporter() -> None:
    files = [FOLDER / f"{name}_model.onnx" for name in ("encoder", "decoder")]
    assert sum(file.stat().st_size for file in files) <= LARGEST_MODEL
    for file, output in zip(files, ("last_hidden_state", "logits"), strict=True):
        model = onnx.load(file, load_external_data=False)
        assert model.producer_name == "pytorch"
        assert {opset.domain for opset in model.opset_import} == {""}
        assert model.opset_import[0].version >= 18
        assert [out.name for out in model.graph.output] == [output]  # the heads are for Mirada to find
        for given in model.graph.input:
            dims = given.type.tensor_type.shape.dim
            assert dims[0].dim_param, f"{given.name}: a batch of any size"
            assert dims[1].dim_param, f"{given.name}: sentences of any length"
        embeddings = [one for one in model.graph.initializer if CONFIG["vocab_size"] in one.dims]
        assert len(embeddings) == 1, "the embedding also reads the answer: it is stored once"


def test_the_card_says_what_it_must() -> None:
    card = (FOLDER / "card.md").read_text(encoding="utf-8")
    for heading in ("Data", "Terms", "Recipe", "Measured", "Heads", "Known failures"):
        assert re.search(rf"^## {heading}", card, re.MULTILINE), heading
    for due in ("CC BY 2.0", "tatoeba.org", "manythings.org/anki"):
        assert due in card


@pytest.mark.parametrize(("name", "kinds"), [("encoder", ["self"]), ("decoder", ["self", "cross"])])
def test_every_attention_is_found_and_exact(interpreter: Interpreter, name: str, kinds: list[str]) -> None:
    model = engine.open_model(FOLDER / f"{name}_model.onnx")
    assert [site.kind for site in model.sites] == kinds * CONFIG[f"{name}_layers"]
    assert {site.heads for site in model.sites} == {CONFIG[f"{name}_attention_heads"]}
    assert all(site.factored for site in model.sites)
    assert [site.causal for site in model.sites] == [name == "decoder" and s.kind == "self" for s in model.sites]
    assert not model.near_misses
    run = model.run(feeds(interpreter, name))
    for site in model.sites:
        assert run.error(site) <= 1e-5
        pattern = run.pattern(site)  # (batch, head, query, key)
        np.testing.assert_allclose(pattern.sum(-1), 1, atol=1e-5)
        if site.kind == "cross" or name == "encoder":
            np.testing.assert_array_equal(pattern[1, ..., 4:], 0)  # padding
        else:
            np.testing.assert_array_equal(pattern * np.triu(np.ones(pattern.shape[2:]), 1), 0)  # what is to come


def test_text_comes_back_from_its_pieces(interpreter: Interpreter) -> None:
    texts = [entry["spanish"] for entry in sentences()]
    texts += [text for one in heads_text.aligned_pairs() for text in one.pair]
    texts += ["¡Qué «sorpresa»! Pingüinos, ñandúes: 1.234 €.", "It's 5 o'clock; don't go."]
    for text in texts:
        encoded = interpreter.tokenizer.encode(text)
        assert encoded.tokens[-1] == END
        assert UNKNOWN not in encoded.tokens
        assert interpreter.tokenizer.decode(encoded.ids) == text


def test_special_pieces_have_the_ids_that_the_configuration_says(interpreter: Interpreter) -> None:
    settings = json.loads((FOLDER / "generation_config.json").read_text(encoding="utf-8"))
    for name, piece in (("decoder_start", START), ("eos", END), ("pad", PAD)):
        assert settings[f"{name}_token_id"] == CONFIG[f"{name}_token_id"] == interpreter.tokenizer.token_to_id(piece)
    assert interpreter.tokenizer.get_vocab_size() == CONFIG["vocab_size"]


def test_it_translates(interpreter: Interpreter) -> None:
    expected = {
        "Mi hermano habla francés.": "My brother speaks French.",
        "¿Puedes ayudarme?": "Can you help me?",
        "El gato negro está durmiendo.": "The black cat is sleeping.",
        "Vivimos en una ciudad pequeña.": "We live in a small town.",
    }
    assert interpreter.translate(list(expected)) == list(expected.values())


def test_together_is_as_alone(interpreter: Interpreter) -> None:
    texts = [entry["spanish"] for entry in sentences()]
    assert interpreter.translate(texts) == [interpreter.translate([text])[0] for text in texts]


def test_a_head_aligns_words() -> None:
    best = list(heads_text.alignment(FOLDER))[1]
    assert best.startswith(f"  layer {align.LAYER} head {align.HEAD}: ")
    share = re.search(r"(\d+)% where the word is about to be written", best)
    assert share is not None
    assert int(share[1]) >= 70


def test_pairs_aligned_by_hand_are_of_words_that_are_there() -> None:
    pairs = heads_text.aligned_pairs()
    assert len(pairs) == 50
    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    for one in pairs:
        spanish, english = (words(tokenizer.encode(text)) for text in one.pair)
        assert set(one.links) <= set(english), one
        assert set().union(*one.links.values()) <= set(spanish), one
        assert len(set(english)) == len(english), one


def test_no_held_out_sentence_is_learnt_from() -> None:
    pairs = [Pair(f"frase {n}", f"sentence {n // 2}") for n in range(400)]
    pairs += [Pair("Hola.", "Hi."), Pair("¡Hola!", "Hello."), Pair("Buenas", "hello")]  # hang together
    parts = split(pairs, seed=1, share=0.3)
    assert sorted(parts.train + parts.held_out) == sorted(pairs)
    assert 60 < len(parts.held_out) < 180
    for side in ("spanish", "english"):
        learnt = {getattr(pair, side).strip("¡!.").casefold() for pair in parts.train}
        unseen = {getattr(pair, side).strip("¡!.").casefold() for pair in parts.held_out}
        assert not learnt & unseen
    assert split(pairs, seed=1, share=0.3) == parts
    assert split(pairs, seed=2, share=0.3) != parts


def test_absent_pairs_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataMissingError, match=r"^There are no sentence pairs at .*: give the folder"):
        read_pairs(tmp_path)


def test_words_that_cross_are_linked_by_counting() -> None:
    things = {"gato": "cat", "perro": "dog", "libro": "book", "coche": "car"}
    colours = {"negro": "black", "blanco": "white", "rojo": "red"}
    spanish = [["el", thing, colour] for thing in things for colour in colours]
    english = [["the", colours[colour], things[thing]] for thing in things for colour in colours]
    words_alone = [[word] for word in (*things, *colours)]
    meanings = [[meaning] for meaning in (*things.values(), *colours.values())]
    for link in align.links(spanish + words_alone, english + meanings)[: len(spanish)]:
        assert link.argmax(1).tolist() == [0, 2, 1]  # (target word,): of which source word
        np.testing.assert_allclose(link.sum(1), 1, atol=1e-5)


def test_links_of_words_go_to_their_pieces() -> None:
    pairs = [Pair("gato negro", "black cat"), Pair("gato", "cat"), Pair("negro", "black")] * 5
    tokenizer = learn_vocabulary(pairs, 24)  # small: words fall into pieces
    source, target = tokenizer.encode("gato negro"), tokenizer.encode("black cat")
    links = align.by_pieces(np.eye(2, dtype=np.float32)[::-1], source, target)  # (target piece, source piece)
    assert links.shape == (len(target.ids), len(source.ids))
    np.testing.assert_allclose(links.sum(1), 1, atol=1e-6)
    for row, of_word in enumerate(target.word_ids[:-1]):
        places = [source.word_ids[column] for column in np.flatnonzero(links[row])]
        assert set(places) == {1 - of_word}
    assert links[-1, -1] == 1


def test_the_habits_of_text_heads_made_by_hand() -> None:
    tokens = 6
    before = np.eye(tokens, k=-1, dtype=np.float32)  # each looks at the one before, the first at itself
    before[0, 0] = 1
    end = np.zeros((tokens, tokens), np.float32)
    end[:, -1] = 1
    first, last = heads_text.habits([np.stack([before, end])], edge=-1)
    assert (first.offset, last.edge_mass) == (-1, 1)
    assert first.offset_mass == pytest.approx((tokens - 1) / tokens)
    assert first.distance == pytest.approx((tokens - 1) / tokens)
    assert first.spread == pytest.approx(1)
    assert last.distance == pytest.approx(np.arange(tokens).mean())

"""SentencePiece models and what Transformers' own tokenizers make of a text: Marian's two, T5's one."""

from __future__ import annotations

import io
import json
from pathlib import Path

import sentencepiece
import transformers as tf

from tests.folders.make.corpus import SENTENCES

HERE = Path(__file__).resolve().parent.parent
TEXTS = ("The black cat is sleeping.", "¿Dónde  está la estación?", "naïve ☃ text")


def trained(sentences: tuple[str, ...], size: int, **more: object) -> bytes:
    made = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences),
        model_writer=made,
        vocab_size=size,
        model_type="unigram",
        normalization_rule_name="identity",  # the usual rules are a table of 240 kB
        hard_vocab_limit=False,
        minloglevel=2,
        **more,
    )
    return made.getvalue()


def marian() -> None:
    """source.spm and target.spm share the numbers of vocab.json."""
    folder = HERE / "marian"
    folder.mkdir(exist_ok=True)
    models = {"source": trained(SENTENCES, 120), "target": trained(SENTENCES[::-1][:6], 100)}
    vocabulary = {"</s>": 0, "<unk>": 1}
    for side, data in models.items():
        (folder / f"{side}.spm").write_bytes(data)
        model = sentencepiece.SentencePieceProcessor(model_proto=data)
        for i in range(model.get_piece_size()):
            vocabulary.setdefault(model.id_to_piece(i), len(vocabulary))
    vocabulary["<pad>"] = len(vocabulary)
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    config = {"tokenizer_class": "MarianTokenizer", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
    (folder / "tokenizer_config.json").write_text(json.dumps(config), encoding="utf-8")
    own = tf.MarianTokenizer(*(str(folder / n) for n in ("source.spm", "target.spm", "vocab.json")))
    said = {"source": [own(t).input_ids for t in TEXTS], "target": [own(text_target=t).input_ids for t in TEXTS]}
    _said(folder, said)


def spiece() -> None:
    """T5's: </s> behind the text, sentinels behind the pieces."""
    folder = HERE / "spiece"
    folder.mkdir(exist_ok=True)
    ids = {"pad_id": 0, "eos_id": 1, "unk_id": 2, "bos_id": -1}
    data = trained(SENTENCES, 120, **ids)
    (folder / "spiece.model").write_bytes(data)
    config = {"tokenizer_class": "T5Tokenizer", "eos_token": "</s>", "pad_token": "<pad>", "extra_ids": 100}
    (folder / "tokenizer_config.json").write_text(json.dumps(config), encoding="utf-8")
    model = sentencepiece.SentencePieceProcessor(model_proto=data)
    size = model.get_piece_size()
    said = {"source": [[*model.encode(t), 1] for t in TEXTS], "sentinels": {"<extra_id_0>": size + 99}}
    _said(folder, said)


def _said(folder: Path, said: dict[str, object]) -> None:
    (folder / "reference.json").write_text(json.dumps({"texts": TEXTS, **said}, ensure_ascii=False), encoding="utf-8")


FOLDERS = {f.__name__: f for f in (marian, spiece)}

"""A few sentences, and the tokenizers trained on them."""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

SENTENCES = (
    "The black cat is sleeping in the house.",
    "The old woman lost her hat near the station.",
    "Where is the station? I will go to school tomorrow.",
    "A cat and a dog sit on the mat, and the dog is happy.",
    "We live in a small town; my brother speaks French.",
    "El gato negro duerme en la casa.",
    "La mujer vieja perdió su sombrero cerca de la estación.",
    "¿Dónde está la estación? Mañana iré a la escuela.",
    "Vivimos en una ciudad pequeña; mi hermano habla francés.",
    "She has blue eyes, he has a red car, they have nothing.",
)
SIZE = 220


def wordpiece(folder: Path, size: int = SIZE) -> Tokenizer:
    """BERT's: vocab.txt, as old exports have it, and tokenizer.json."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(SENTENCES, trainers.WordPieceTrainer(vocab_size=size, special_tokens=special))
    ids = {token: tokenizer.token_to_id(token) for token in special}
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", ids["[CLS]"]), ("[SEP]", ids["[SEP]"])],
    )
    vocabulary = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    (folder / "vocab.txt").write_text("\n".join(piece for piece, _ in vocabulary) + "\n", encoding="utf-8")
    return tokenizer


def byte_pairs(special: list[str], frame: tuple[str, str] | None = None, size: int = 330) -> Tokenizer:
    """GPT-2's, BART's and Whisper's: byte-level pairs, every byte in the vocabulary."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=size, special_tokens=special, initial_alphabet=sorted(alphabet))
    tokenizer.train_from_iterator(SENTENCES, trainer)
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=True)
    if frame is not None:
        first, last = ((token, tokenizer.token_to_id(token)) for token in frame)
        tokenizer.post_processor = processors.RobertaProcessing(last, first)
    return tokenizer


def unigram(size: int = 120) -> Tokenizer:
    """T5's: SentencePiece pieces in a tokenizer.json."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=size, special_tokens=["<pad>", "</s>", "<unk>"], unk_token="<unk>")
    tokenizer.train_from_iterator(SENTENCES, trainer)
    end = tokenizer.token_to_id("</s>")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", end)]
    )
    return tokenizer

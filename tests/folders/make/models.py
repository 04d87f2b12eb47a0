"""The folders: what each holds, and what Transformers itself computes from it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
import transformers as tf
from tokenizers import Tokenizer
from torch import Tensor, nn

from tests.conformance.make.hf import Positional
from tests.conformance.make.weights import distinctive, noise
from tests.folders.make import corpus
from tests.folders.make.parts import SOURCE, Axes, exported, graphs, merged

HERE = Path(__file__).resolve().parent.parent
Arrays = dict[str, np.ndarray]
TEXT = "The black cat is sleeping in the house."
PAIR = "Where is the station?"
SMALL = {
    "d_model": 12,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 3,
    "decoder_attention_heads": 2,
    "encoder_ffn_dim": 20,
    "decoder_ffn_dim": 20,
}


def built(kind: Any, config: Any, gain: float = 1.7) -> Any:
    torch.manual_seed(0)
    config._attn_implementation = "eager"
    return distinctive(kind(config), 0, gain)


def write(name: str, models: dict[str, onnx.ModelProto], config: Any, tokenizer: Tokenizer | None, **more: Any) -> Path:
    """Write graphs, configuration and tokenizer of one folder; `more` are JSON files by their stem."""
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    for stem, model in models.items():
        onnx.checker.check_model(model)
        (folder / f"{stem}.onnx").write_bytes(model.SerializeToString())
    said = json.loads(config.to_json_string(use_diff=True)) if hasattr(config, "to_json_string") else config
    said.pop("transformers_version", None)
    _json(folder / "config.json", said)
    if tokenizer is not None:
        tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    for stem, content in more.items():
        _json(folder / f"{stem}.json", content)
    return folder


def _json(path: Path, content: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def save(folder: Path, arrays: dict[str, Any]) -> None:
    """Write what the framework itself gives."""
    plain = {n: (v.detach().numpy() if isinstance(v, Tensor) else np.asarray(v)) for n, v in arrays.items()}
    np.savez_compressed(folder / "reference.npz", **{n: _short(v) for n, v in plain.items()})


def _short(array: np.ndarray) -> np.ndarray:
    if array.dtype != np.float32:
        return array
    return (np.round(array * np.float32(2**20)) / np.float32(2**20)).astype(np.float32)


def patterns(prefix: str, found: Sequence[Tensor] | None) -> dict[str, Tensor]:
    return {f"{prefix}.{i}": pattern for i, pattern in enumerate(found or ())}


def bert() -> None:
    """Masked-token prediction; WordPiece."""
    folder = HERE / "bert"
    folder.mkdir(exist_ok=True)
    tokenizer = corpus.wordpiece(folder)
    config = tf.BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=12,
        num_hidden_layers=2,
        num_attention_heads=3,
        intermediate_size=20,
        max_position_embeddings=40,
        architectures=["BertForMaskedLM"],
    )
    model = built(tf.BertForMaskedLM, config)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    encoding = tokenizer.encode(TEXT.replace("cat", "[MASK]"), PAIR)
    inputs = {
        "input_ids": torch.tensor([encoding.ids]),
        "attention_mask": torch.tensor([encoding.attention_mask]),
        "token_type_ids": torch.tensor([encoding.type_ids]),
    }
    axes = {name: {0: "batch_size", 1: "sequence_length"} for name in names}
    graph = exported(Positional(model, names, ["logits"]), inputs, ["logits"], axes)
    special = {"mask_token": "[MASK]", "cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]"}
    write(
        "bert",
        {"model": graph},
        config,
        tokenizer,
        tokenizer_config={"tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": 40},
        special_tokens_map=special | {"unk_token": "[UNK]"},
    )
    with torch.no_grad():
        out = model(**inputs, output_attentions=True)
    save(folder, {"ids": encoding.ids, "logits": out.logits, **patterns("self", out.attentions)})


def sentence() -> None:
    """A sentence embedding model: mean pooling as 1_Pooling says, then length 1."""
    folder = HERE / "sentence"
    folder.mkdir(exist_ok=True)
    tokenizer = corpus.wordpiece(folder)
    (folder / "vocab.txt").unlink()
    config = tf.BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=12,
        num_hidden_layers=1,
        num_attention_heads=3,
        intermediate_size=20,
        max_position_embeddings=40,
    )
    model = built(tf.BertModel, config)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    rows = [tokenizer.encode(text) for text in (TEXT, PAIR)]
    length = max(len(row.ids) for row in rows)
    padded = [(row.ids + [0] * length)[:length] for row in rows]
    mask = [([1] * len(row.ids) + [0] * length)[:length] for row in rows]
    inputs = {"input_ids": torch.tensor(padded), "attention_mask": torch.tensor(mask)}
    inputs["token_type_ids"] = torch.zeros_like(inputs["input_ids"])
    axes = {name: {0: "batch_size", 1: "sequence_length"} for name in names}
    graph = exported(Positional(model, names, ["last_hidden_state"]), inputs, ["last_hidden_state"], axes)
    write(
        "sentence",
        {"model": graph},
        config,
        tokenizer,
        **{"1_Pooling/config": {"word_embedding_dimension": 12, "pooling_mode_mean_tokens": True}},
    )
    with torch.no_grad():
        states = model(**inputs).last_hidden_state
    weights = inputs["attention_mask"][..., None].float()
    vectors = (states * weights).sum(1) / weights.sum(1)
    save(folder, {"vectors": vectors, "cosine": torch.nn.functional.cosine_similarity(vectors[:1], vectors[1:])})


class Causal(nn.Module):
    """A decoder alone whose past keys and values are inputs."""

    def __init__(self, model: nn.Module, layers: int) -> None:
        super().__init__()
        self.model, self.layers = model, layers

    def forward(self, input_ids: Tensor, attention_mask: Tensor, *past: Tensor) -> tuple[Tensor, ...]:
        cache = tf.DynamicCache()
        for layer in range(self.layers):
            cache.update(past[2 * layer], past[2 * layer + 1], layer)
        result = self.model(input_ids=input_ids, attention_mask=attention_mask, past_key_values=cache, use_cache=True)
        present = [t for layer in result.past_key_values.layers for t in (layer.keys, layer.values)]
        return (result.logits, *present)


def gpt2() -> None:
    """A decoder alone with its past as inputs; vocab.json and merges.txt, no tokenizer.json."""
    tokenizer = corpus.byte_pairs(["<|endoftext|>"])
    end = tokenizer.token_to_id("<|endoftext|>")
    config = tf.GPT2Config(
        vocab_size=tokenizer.get_vocab_size(),
        n_positions=48,
        n_embd=12,
        n_layer=2,
        n_head=3,
        n_inner=20,
        bos_token_id=end,
        eos_token_id=end,
        architectures=["GPT2LMHeadModel"],
    )
    model = built(tf.GPT2LMHeadModel, config)
    ids = torch.tensor([tokenizer.encode("The black cat").ids])
    names = [f"past_key_values.{i}.{part}" for i in range(2) for part in ("key", "value")]
    inputs = {"input_ids": ids[:, -2:], "attention_mask": torch.ones(1, 5, dtype=torch.int64)}
    inputs |= {name: noise(1, 3, 3, 4, seed=i) for i, name in enumerate(names)}
    axes: Axes = {name: {0: "batch_size", 2: "past_sequence_length"} for name in names}
    axes["input_ids"] = {0: "batch_size", 1: "sequence_length"}
    axes["attention_mask"] = {0: "batch_size", 1: "total_sequence_length"}
    outputs = ["logits", *(name.replace("past_key_values", "present") for name in names)]
    graph = exported(Causal(model, 2), inputs, outputs, axes)
    folder = write("gpt2", {"model": graph}, config, None, generation_config={"bos_token_id": end, "eos_token_id": end})
    tokenizer.model.save(str(folder))
    with torch.no_grad():
        out = model(ids, output_attentions=True)
        made = model.generate(ids, max_new_tokens=12, do_sample=False, pad_token_id=end)
    save(folder, {"ids": ids, "logits": out.logits, "generated": made[0], **patterns("self", out.attentions)})


class First(nn.Module):
    """A decoder alone at its first step: no past goes in, keys and values come out."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, ...]:
        result = self.model(input_ids=input_ids, attention_mask=attention_mask, use_cache=True)
        present = [t for layer in result.past_key_values.layers for t in (layer.keys, layer.values)]
        return (result.logits, *present)


def gpt2_merged() -> None:
    """The same decoder with both of its steps in one If."""
    folder = HERE / "gpt2"
    tokenizer = corpus.byte_pairs(["<|endoftext|>"])
    model = built(tf.GPT2LMHeadModel, tf.GPT2Config.from_pretrained(folder))
    ids = torch.tensor([tokenizer.encode("The black cat").ids])
    names = [f"past_key_values.{i}.{part}" for i in range(2) for part in ("key", "value")]
    outputs = ["logits", *(name.replace("past_key_values", "present") for name in names)]
    axes: Axes = {name: {0: "batch_size", 2: "past_sequence_length"} for name in names}
    axes["input_ids"] = {0: "batch_size", 1: "sequence_length"}
    axes["attention_mask"] = {0: "batch_size", 1: "total_sequence_length"}
    whole = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    first = exported(First(model), whole, outputs, {n: axes[n] for n in whole})
    later = {"input_ids": ids[:, -1:], "attention_mask": torch.ones(1, 4, dtype=torch.int64)}
    later |= {name: noise(1, 3, 3, 4, seed=i) for i, name in enumerate(names)}
    second = exported(Causal(model, 2), later, outputs, axes)
    config = json.loads((folder / "config.json").read_text())
    made = write("gpt2_merged", {"decoder_model_merged": merged(first, second)}, config, tokenizer)
    (made / "reference.npz").write_bytes((folder / "reference.npz").read_bytes())


def _encoder_decoder(
    name: str,
    model: Any,
    tokenizer: Tokenizer,
    rules: dict[str, Any],
    choose: Callable[[dict[str, onnx.ModelProto]], dict[str, onnx.ModelProto]],
    **more: Any,
) -> None:
    """A model of two texts: its graphs, its greedy target, and all patterns over that target."""
    ids = torch.tensor([tokenizer.encode(TEXT).ids])
    inputs = {"input_ids": ids.repeat(2, 1), "attention_mask": torch.ones(2, ids.shape[1], dtype=torch.int64)}
    axes = {n: {0: "batch_size", 1: SOURCE} for n in inputs}
    made = graphs(model, model.get_encoder(), inputs, axes, 2, mask=True)
    folder = write(name, choose(made), model.config, tokenizer, generation_config=rules, **more)
    known = {k: v for k, v in rules.items() if k != "max_length"}
    with torch.no_grad():
        target = model.generate(ids, max_new_tokens=9, do_sample=False, num_beams=1, **known)
        out = model(input_ids=ids, decoder_input_ids=target, output_attentions=True)
    save(
        folder,
        {
            "ids": ids,
            "generated": target[0],
            "logits": out.logits,
            **patterns("encoder", out.encoder_attentions),
            **patterns("decoder", out.decoder_attentions),
            **patterns("cross", out.cross_attentions),
        },
    )


def t5() -> None:
    """Encoder, decoder, and a decoder with its past; no scale, relative bias; Unigram."""
    tokenizer = corpus.unigram()
    config = tf.T5Config(
        vocab_size=tokenizer.get_vocab_size(),
        d_model=12,
        d_kv=5,
        d_ff=20,
        num_layers=2,
        num_heads=3,
        decoder_start_token_id=0,
        eos_token_id=tokenizer.token_to_id("</s>"),
        pad_token_id=0,
    )
    model = built(tf.T5ForConditionalGeneration, config, gain=1.2)
    rules = {"decoder_start_token_id": 0, "eos_token_id": config.eos_token_id, "pad_token_id": 0}
    _encoder_decoder("t5", model, tokenizer, rules, lambda made: made)


def bart() -> None:
    """Encoder, and both decoders merged in one If; forced first token."""
    tokenizer = corpus.byte_pairs(["<s>", "<pad>", "</s>", "<unk>", "<mask>"], ("<s>", "</s>"))
    config = tf.BartConfig(
        vocab_size=tokenizer.get_vocab_size(),
        max_position_embeddings=48,
        bos_token_id=0,
        pad_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=2,
        forced_bos_token_id=None,
        forced_eos_token_id=None,
        **SMALL,
    )
    model = built(tf.BartForConditionalGeneration, config)
    rules = {"decoder_start_token_id": 2, "eos_token_id": 2, "forced_bos_token_id": 0, "pad_token_id": 1}

    def one(made: dict[str, onnx.ModelProto]) -> dict[str, onnx.ModelProto]:
        both = merged(made["decoder_model"], made["decoder_with_past_model"])
        return {"encoder_model": made["encoder_model"], "decoder_model_merged": both}

    _encoder_decoder("bart", model, tokenizer, rules, one)


def captioner() -> None:
    """An image encoder and a text decoder: ViT and GPT-2 in VisionEncoderDecoder."""
    tokenizer = corpus.byte_pairs(["<|endoftext|>"])
    end = tokenizer.token_to_id("<|endoftext|>")
    vit = tf.ViTConfig(
        hidden_size=12, num_hidden_layers=2, num_attention_heads=3, intermediate_size=20, image_size=32, patch_size=8
    )
    gpt = tf.GPT2Config(
        vocab_size=tokenizer.get_vocab_size(),
        n_positions=48,
        n_embd=12,
        n_layer=2,
        n_head=2,
        n_inner=20,
        add_cross_attention=True,
        bos_token_id=end,
        eos_token_id=end,
    )
    config = tf.VisionEncoderDecoderConfig.from_encoder_decoder_configs(vit, gpt)
    config.decoder_start_token_id, config.pad_token_id, config.eos_token_id = end, end, end
    for part in (config.encoder, config.decoder):
        part._attn_implementation = "eager"
    model = built(tf.VisionEncoderDecoderModel, config)
    pixels = noise(2, 3, 32, 32, seed=4)
    made = graphs(model, model.encoder, {"pixel_values": pixels}, {"pixel_values": {0: "batch_size"}}, 2, mask=False)
    folder = write(
        "captioner",
        {name: graph for name, graph in made.items() if name != "decoder_with_past_model"},
        config,
        tokenizer,
        generation_config={"decoder_start_token_id": end, "eos_token_id": end, "max_length": 16},
        preprocessor_config={
            "image_processor_type": "ViTImageProcessor",
            "size": {"height": 32, "width": 32},
            "image_mean": [0.5] * 3,
            "image_std": [0.5] * 3,
        },
    )
    with torch.no_grad():
        target = model.generate(pixels[:1], max_new_tokens=7, do_sample=False, pad_token_id=end)
        out = model(pixel_values=pixels[:1], decoder_input_ids=target, output_attentions=True)
    save(
        folder,
        {
            "pixels": pixels[:1],
            "generated": target[0],
            "logits": out.logits,
            **patterns("encoder", out.encoder_attentions),
            **patterns("decoder", out.decoder_attentions),
            **patterns("cross", out.cross_attentions),
        },
    )


def _clip(kind: Any = tf.CLIPModel) -> tuple[Any, Tokenizer]:
    tokenizer = corpus.byte_pairs(["<s>", "</s>"], ("<s>", "</s>"))
    inner = {"hidden_size": 12, "num_hidden_layers": 2, "intermediate_size": 20, "projection_dim": 10}
    text = tf.CLIPTextConfig(
        **inner,
        vocab_size=tokenizer.get_vocab_size(),
        num_attention_heads=2,
        max_position_embeddings=40,
        bos_token_id=0,
        eos_token_id=1,
        pad_token_id=1,
    )
    vision = tf.CLIPVisionConfig(**inner, num_attention_heads=3, image_size=32, patch_size=8)
    config = tf.CLIPConfig(text_config=text.to_dict(), vision_config=vision.to_dict(), projection_dim=10)
    for part in (config.text_config, config.vision_config):
        part._attn_implementation = "eager"
    return built(kind, config), tokenizer


TEXTS = ("the black cat", "a red car", "the old station of the town")
CLIP_PROCESSOR = {
    "image_processor_type": "CLIPImageProcessor",
    "size": {"shortest_edge": 32},
    "crop_size": {"height": 32, "width": 32},
}


def _clip_inputs(tokenizer: Tokenizer) -> dict[str, Tensor]:
    rows = [tokenizer.encode(text).ids for text in TEXTS]
    length = max(map(len, rows))
    return {
        "input_ids": torch.tensor([row + [1] * (length - len(row)) for row in rows]),
        "pixel_values": noise(1, 3, 32, 32, seed=5),
        "attention_mask": torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in rows]),
    }


def clip() -> None:
    """An image against several texts, in one graph."""
    model, tokenizer = _clip()
    inputs = _clip_inputs(tokenizer)
    axes: Axes = {name: {0: "text_batch_size", 1: "sequence_length"} for name in ("input_ids", "attention_mask")}
    axes["pixel_values"] = {0: "image_batch_size"}
    names = ["logits_per_image", "text_embeds", "image_embeds"]
    graph = exported(Positional(model, list(inputs), names), inputs, names, axes)
    folder = write("clip", {"model": graph}, model.config, tokenizer, preprocessor_config=CLIP_PROCESSOR)
    with torch.no_grad():
        out = model(**inputs)
    save(folder, {**inputs, **{name: out[name] for name in names}})


def towers() -> None:
    """The same model as two graphs that do not depend on each other."""
    model, tokenizer = _clip()
    inputs = _clip_inputs(tokenizer)
    text = tf.CLIPTextModelWithProjection(model.config.text_config).eval()
    text.load_state_dict(model.state_dict(), strict=False)
    vision = tf.CLIPVisionModelWithProjection(model.config.vision_config).eval()
    vision.load_state_dict(model.state_dict(), strict=False)
    words = {name: inputs[name] for name in ("input_ids", "attention_mask")}
    axes: Axes = {name: {0: "text_batch_size", 1: "sequence_length"} for name in words}
    first = ["text_embeds", "last_hidden_state"]
    second = ["image_embeds", "last_hidden_state"]
    pixels = {"pixel_values": inputs["pixel_values"]}
    made = {
        "text_model": exported(Positional(text, list(words), first), words, first, axes),
        "vision_model": exported(
            Positional(vision, list(pixels), second), pixels, second, {"pixel_values": {0: "image_batch_size"}}
        ),
    }
    folder = write("towers", made, model.config, tokenizer, preprocessor_config=CLIP_PROCESSOR)
    with torch.no_grad():
        embeds = {"text_embeds": text(**words).text_embeds, "image_embeds": vision(**pixels).image_embeds}
    save(folder, {**inputs, **embeds})


def whisper() -> None:
    """Speech to text: log-mel frames of half a second, language and task forced."""
    special = ["<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|es|>", "<|transcribe|>", "<|notimestamps|>"]
    tokenizer = corpus.byte_pairs(special)
    config = tf.WhisperConfig(
        vocab_size=tokenizer.get_vocab_size(),
        num_mel_bins=8,
        max_source_positions=25,
        max_target_positions=24,
        pad_token_id=0,
        bos_token_id=0,
        eos_token_id=0,
        decoder_start_token_id=1,
        **SMALL,
    )
    model = built(tf.WhisperForConditionalGeneration, config)
    features = {
        "feature_extractor_type": "WhisperFeatureExtractor",
        "feature_size": 8,
        "sampling_rate": 16000,
        "hop_length": 160,
        "n_fft": 400,
        "chunk_length": 1,
        "n_samples": 8000,
        "nb_max_frames": 50,
    }
    time = np.arange(6400) / 16000
    wave = (0.4 * np.sin(2 * np.pi * (220 + 300 * time) * time) + 0.1 * np.sin(2 * np.pi * 90 * time)).astype(
        np.float32
    )
    extractor = tf.WhisperFeatureExtractor(feature_size=8, chunk_length=1)
    extractor.n_samples, extractor.nb_max_frames = 8000, 50
    mel = torch.from_numpy(np.asarray(extractor._np_extract_fbank_features(np.pad(wave, (0, 1600))[None], "cpu")))
    inputs = {"input_features": mel.float().repeat(2, 1, 1)}
    made = graphs(model, model.get_encoder(), inputs, {"input_features": {0: "batch_size"}}, 2, mask=False)
    rules = {
        "decoder_start_token_id": 1,
        "eos_token_id": 0,
        "is_multilingual": True,
        "lang_to_id": {"<|en|>": 2, "<|es|>": 3},
        "task_to_id": {"transcribe": 4},
        "no_timestamps_token_id": 5,
        "begin_suppress_tokens": [0, 6],
        "suppress_tokens": [7, 8],
        "max_length": 20,
    }
    folder = write("whisper", made, config, tokenizer, generation_config=rules, preprocessor_config=features)
    heard = inputs["input_features"][:1]
    with torch.no_grad():
        ids = [1]
        for place in range(1, 12):  # greedy by hand: the library's own loop wants a processor beside it
            logits = model(input_features=heard, decoder_input_ids=torch.tensor([ids])).logits[0, -1]
            allowed = {1: [2, 3], 2: [4], 3: [5]}.get(place)
            hidden = [7, 8, *([0, 6] if place == 4 else [])]
            logits[hidden] = -float("inf")
            if allowed:
                logits = torch.full_like(logits, -float("inf")).index_copy(0, torch.tensor(allowed), logits[allowed])
            ids.append(int(logits.argmax()))
            if ids[-1] == 0:
                break
        out = model(input_features=heard, decoder_input_ids=torch.tensor([ids]), output_attentions=True)
    save(
        folder,
        {
            "wave": wave,
            "features": heard,
            "generated": np.array(ids),
            "logits": out.logits,
            **patterns("encoder", out.encoder_attentions),
            **patterns("decoder", out.decoder_attentions),
            **patterns("cross", out.cross_attentions),
        },
    )


FOLDERS = {f.__name__: f for f in (bert, sentence, gpt2, gpt2_merged, t5, bart, captioner, clip, towers, whisper)}

"""Text models of Transformers: encoders, decoders with and without past keys and values, encoder-decoders, speech."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
import transformers as tf
from torch import Tensor

from tests.conformance.make.case import Case, Route, Subject, family
from tests.conformance.make.hf import Positional, built
from tests.conformance.make.routes import DYN18, DYN25, TS14, TS17
from tests.conformance.make.weights import noise, words

BATCH, TOKENS, VOCABULARY = 2, 18, 40
BERT = {
    "vocab_size": VOCABULARY,
    "hidden_size": 12,
    "num_hidden_layers": 2,
    "num_attention_heads": 3,
    "intermediate_size": 20,
    "max_position_embeddings": 32,
}
LLAMA = BERT | {"hidden_size": 24, "num_attention_heads": 6, "num_key_value_heads": 2, "pad_token_id": 0, "head_dim": 4}


def padding() -> Tensor:
    mask = torch.ones(BATCH, TOKENS, dtype=torch.int64)
    mask[1, 14:] = 0
    return mask


def text(
    model: torch.nn.Module, outputs: Sequence[str] = ("last_hidden_state",), mask: bool = True, **fixed: Any
) -> Subject:
    inputs = {"input_ids": words(BATCH, TOKENS, below=VOCABULARY)}
    if mask:
        inputs["attention_mask"] = padding()
    axes = {name: {0: "batch", 1: "sequence"} for name in inputs}
    return Subject(Positional(model, list(inputs), outputs, **fixed), inputs, outputs, dynamic=axes)


def encoder(kind: Any, config_kind: Any, attention: str, gain: float = 1.7, **sizes: Any) -> Subject:
    return text(built(kind, config_kind(**BERT | sizes), attention, gain=gain))


def bert_with_types(attention: str) -> Subject:
    subject = encoder(tf.BertModel, tf.BertConfig, attention, num_hidden_layers=3)
    subject.inputs["token_type_ids"] = torch.arange(TOKENS).ge(9).long().expand(BATCH, -1).contiguous()
    subject.module = Positional(subject.module.model, list(subject.inputs), ["last_hidden_state"])  # type: ignore[arg-type]
    subject.dynamic["token_type_ids"] = {0: "batch", 1: "sequence"}
    return subject


def deberta(**sizes: Any) -> Subject:
    subject = encoder(tf.DebertaV2Model, tf.DebertaV2Config, "eager", **sizes)
    subject.heads = 3  # folded into the batch
    return subject


def decoder(kind: Any, config: Any, attention: str, mask: bool = True, gain: float = 1.7) -> Subject:
    return text(built(kind, config, attention, gain=gain), ("logits",), mask, use_cache=False)


def gpt2(attention: str) -> Subject:
    config = tf.GPT2Config(vocab_size=VOCABULARY, n_positions=32, n_embd=12, n_layer=2, n_head=3, n_inner=20)
    return decoder(tf.GPT2LMHeadModel, config, attention)


def opt(attention: str) -> Subject:
    config = tf.OPTConfig(**_only(BERT, "intermediate_size"), ffn_dim=20, word_embed_proj_dim=12)
    return decoder(tf.OPTForCausalLM, config, attention, mask=True)


def bloom(attention: str) -> Subject:
    config = tf.BloomConfig(vocab_size=VOCABULARY, hidden_size=12, n_layer=2, n_head=3)
    return decoder(tf.BloomForCausalLM, config, attention, mask=True)


def falcon(attention: str) -> Subject:
    config = tf.FalconConfig(
        vocab_size=VOCABULARY,
        hidden_size=24,
        num_hidden_layers=2,
        num_attention_heads=3,
        ffn_hidden_size=20,
        alibi=False,  # with alibi neither exporter writes a graph that ONNX Runtime can run
        multi_query=True,
        new_decoder_architecture=False,
    )
    return decoder(tf.FalconForCausalLM, config, attention)


def llama_like(kind: Any, config_kind: Any, attention: str, mask: bool = True, **sizes: Any) -> Subject:
    return decoder(kind, config_kind(**LLAMA | sizes), attention, mask)


def neox(attention: str) -> Subject:
    config = tf.GPTNeoXConfig(**BERT | {"hidden_size": 24, "num_attention_heads": 3}, rotary_pct=0.5)
    return decoder(tf.GPTNeoXForCausalLM, config, attention)


def _only(sizes: dict[str, Any], *without: str) -> dict[str, Any]:
    return {name: value for name, value in sizes.items() if name not in without}


SEQ2SEQ = ["self", "self", "self", "cross", "self", "cross"]


def encoder_decoder(model: torch.nn.Module, target: int = 9) -> Subject:
    inputs = {
        "input_ids": words(BATCH, TOKENS, below=VOCABULARY),
        "attention_mask": padding(),
        "decoder_input_ids": words(BATCH, target, below=VOCABULARY, seed=2),
    }
    axes = {name: {0: "batch", 1: "sequence"} for name in ("input_ids", "attention_mask")}
    axes["decoder_input_ids"] = {0: "batch", 1: "target"}
    return Subject(
        Positional(model, list(inputs), ["logits"], use_cache=False), inputs, ["logits"], SEQ2SEQ, dynamic=axes
    )


def t5(attention: str, gated: bool) -> Subject:
    config = tf.T5Config(
        vocab_size=VOCABULARY,
        d_model=12,
        d_kv=5,
        d_ff=20,
        num_layers=2,
        num_heads=3,
        feed_forward_proj="gated-gelu" if gated else "relu",
        decoder_start_token_id=0,
    )
    # T5 has no scale: weights are small enough not to need one.
    return encoder_decoder(built(tf.T5ForConditionalGeneration, config, attention, gain=1.2))


def bart(kind: Any, config_kind: Any, attention: str, **more: Any) -> Subject:
    config = config_kind(
        vocab_size=VOCABULARY,
        d_model=12,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=3,
        decoder_attention_heads=2,
        encoder_ffn_dim=20,
        decoder_ffn_dim=20,
        max_position_embeddings=32,
        pad_token_id=0,
        decoder_start_token_id=2,
        **more,
    )
    return encoder_decoder(built(kind, config, attention))


def whisper(attention: str) -> Subject:
    config = tf.WhisperConfig(
        vocab_size=VOCABULARY,
        num_mel_bins=8,
        d_model=12,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=3,
        decoder_attention_heads=2,
        encoder_ffn_dim=20,
        decoder_ffn_dim=20,
        max_source_positions=20,
        max_target_positions=16,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=1,
    )
    model = built(tf.WhisperForConditionalGeneration, config, attention)
    inputs = {"input_features": noise(BATCH, 8, 40), "decoder_input_ids": words(BATCH, 9, below=VOCABULARY)}
    inputs["decoder_attention_mask"] = torch.ones(BATCH, 9, dtype=torch.int64)  # without it, tracing needs aten::diff
    axes = {"input_features": {0: "batch"}, "decoder_input_ids": {0: "batch", 1: "target"}}
    axes["decoder_attention_mask"] = axes["decoder_input_ids"]
    return Subject(
        Positional(model, list(inputs), ["logits"], use_cache=False), inputs, ["logits"], SEQ2SEQ, dynamic=axes
    )


def wav2vec2(attention: str) -> Subject:
    config = tf.Wav2Vec2Config(
        **_only(BERT, "max_position_embeddings"),
        conv_dim=(6, 8),
        conv_stride=(4, 4),
        conv_kernel=(8, 6),
        num_feat_extract_layers=2,
        num_conv_pos_embeddings=6,
        num_conv_pos_embedding_groups=2,
        do_stable_layer_norm=True,
        feat_extract_norm="layer",
    )
    model = built(tf.Wav2Vec2Model, config, attention)
    inputs = {"input_values": noise(BATCH, 400)}
    return Subject(Positional(model, list(inputs), ["last_hidden_state"]), inputs, ["last_hidden_state"])


class WithPast(torch.nn.Module):
    """A decoder whose past keys and values are inputs, one pair for each layer, and whose new ones are outputs."""

    def __init__(self, model: torch.nn.Module, layers: int) -> None:
        super().__init__()
        self.model, self.layers = model, layers

    def forward(self, input_ids: Tensor, attention_mask: Tensor, *past: Tensor) -> tuple[Tensor, ...]:
        cache = tf.DynamicCache()
        for layer in range(self.layers):
            cache.update(past[2 * layer], past[2 * layer + 1], layer)
        result = self.model(input_ids=input_ids, attention_mask=attention_mask, past_key_values=cache, use_cache=True)
        present = [t for layer in result.past_key_values.layers for t in (layer.keys, layer.values)]
        return (result.logits, *present)


def with_past(build: Callable[[str], Subject], heads: int, dim: int, attention: str, empty: bool) -> Subject:
    """empty: exported with a past, run without one, which the npz leaves out."""
    model = build(attention).module.model
    layers, past, new = 2, 7, 6
    names = [f"past_key_values.{layer}.{part}" for layer in range(layers) for part in ("key", "value")]

    def feeds(before: int) -> dict[str, Tensor]:
        ids = words(BATCH, new, below=VOCABULARY)
        mask = torch.ones(BATCH, before + new, dtype=torch.int64)
        return {"input_ids": ids, "attention_mask": mask} | {
            name: noise(BATCH, heads, before, dim, seed=i) for i, name in enumerate(names)
        }

    axes: dict[str, dict[int, str]] = {name: {0: "batch", 2: "past"} for name in names}
    axes["input_ids"] = {0: "batch", 1: "sequence"}
    axes["attention_mask"] = {0: "batch", 1: "total"}
    outputs = ["logits", *(name.replace("past_key_values", "present") for name in names)]
    subject = Subject(WithPast(model, layers), feeds(past), outputs, dynamic=axes)
    if empty:
        subject.run_on = feeds(0)
        subject.unfed = [*names, "attention_mask"]
    return subject


LLAMAS: tuple[tuple[str, str, Any, Any, dict[str, Any]], ...] = (
    ("llama", "Llama, grouped queries, rotary", tf.LlamaForCausalLM, tf.LlamaConfig, {}),
    ("mistral", "Mistral, sliding window", tf.MistralForCausalLM, tf.MistralConfig, {"sliding_window": 5}),
    (
        "gemma2",
        "Gemma 2, soft cap",
        tf.Gemma2ForCausalLM,
        tf.Gemma2Config,
        {"attn_logit_softcapping": 4.0, "query_pre_attn_scalar": 3, "sliding_window": 6},
    ),
    ("qwen2", "Qwen 2", tf.Qwen2ForCausalLM, tf.Qwen2Config, {}),
    ("qwen3", "Qwen 3", tf.Qwen3ForCausalLM, tf.Qwen3Config, {}),
)


def _routes(short: str, attention: str) -> tuple[list[Route], list[Route]]:
    """Fixed and dynamic: every way for the best known, two for those that differ in little."""
    if short in ("bert", "gpt2", "llama"):
        return [DYN18], [TS17]
    if short in ("roberta", "electra", "qwen2", "mistral", "opt") and attention == "eager":
        return [], []
    return ([DYN18], []) if attention == "eager" else ([], [TS17])


def _encoders() -> list[Case]:
    cases = []
    for short, title, kind, config, sizes in (
        ("bert", "BERT", tf.BertModel, tf.BertConfig, {}),
        ("roberta", "RoBERTa", tf.RobertaModel, tf.RobertaConfig, {"pad_token_id": 1}),
        ("electra", "ELECTRA", tf.ElectraModel, tf.ElectraConfig, {"embedding_size": 8}),
        (
            "albert",
            "ALBERT, shared layers",
            tf.AlbertModel,
            tf.AlbertConfig,
            {"embedding_size": 8, "num_hidden_groups": 1},
        ),
    ):
        for attention in ("eager", "sdpa"):
            build = partial(encoder, kind, config, attention, **sizes)
            routes = _routes(short, attention)
            cases += family(f"hf_{short}_{attention}", title, attention, build, *routes, names=short == "bert")
    cases += family("hf_bert_types_sdpa", "BERT", "sdpa", partial(bert_with_types, "sdpa"), [TS14], [DYN25])
    distil = {"dim": 12, "n_layers": 2, "n_heads": 3, "hidden_dim": 20, "vocab_size": VOCABULARY}
    for attention in ("eager", "sdpa"):
        build = partial(encoder, tf.DistilBertModel, tf.DistilBertConfig, attention, **distil)
        cases += family(f"hf_distilbert_{attention}", "DistilBERT", attention, build, *_routes("", attention))
    cases += family(
        "hf_mpnet",
        "MPNet, relative bias",
        "eager",
        partial(encoder, tf.MPNetModel, tf.MPNetConfig, "eager"),
        [TS17, DYN18],
    )
    disentangled = {
        "relative_attention": True,
        "pos_att_type": ["p2c", "c2p"],
        "position_buckets": 8,
        "norm_rel_ebd": "layer_norm",
    }
    build = partial(deberta, share_att_key=True, **disentangled)
    cases += family("hf_deberta_v2", "DeBERTa-v2, disentangled", "eager", build, [TS17])
    modern = {"local_attention": 8, "global_attn_every_n_layers": 2, "pad_token_id": 0, "hidden_size": 24}
    for attention in ("eager", "sdpa"):
        build = partial(encoder, tf.ModernBertModel, tf.ModernBertConfig, attention, **modern)
        cases += family(
            f"hf_modernbert_{attention}", "ModernBERT, local and rotary", attention, build, *_routes("", attention)
        )
    return cases


def _decoders() -> list[Case]:
    cases = []
    for short, title, build in (
        ("gpt2", "GPT-2", gpt2),
        ("opt", "OPT", opt),
        ("neox", "GPT-NeoX, rotary", neox),
        ("falcon", "Falcon, one key head, rotary", falcon),
    ):
        for attention in ("eager", "sdpa"):
            cases += family(
                f"hf_{short}_{attention}", title, attention, partial(build, attention), *_routes(short, attention)
            )
    cases += family("hf_bloom_eager", "BLOOM, ALiBi", "eager", partial(bloom, "eager"), [TS17, DYN18])
    for short, title, kind, config, sizes in LLAMAS:
        for attention in ("eager",) if short == "gemma2" else ("eager", "sdpa"):
            build = partial(llama_like, kind, config, attention, **sizes)
            cases += family(f"hf_{short}_{attention}", title, attention, build, *_routes(short, attention))
    build = partial(llama_like, tf.LlamaForCausalLM, tf.LlamaConfig, "sdpa")
    cases += family("hf_llama_sdpa", "Llama, grouped queries, rotary", "sdpa", build, [DYN25])
    pasts: tuple[tuple[str, str, Callable[[str], Subject], int, int], ...] = (
        ("gpt2", "GPT-2", gpt2, 3, 4),
        ("llama", "Llama", partial(llama_like, tf.LlamaForCausalLM, tf.LlamaConfig), 2, 4),
    )
    for short, title, model, heads, dim in pasts:
        for attention, empty, route in (("eager", False, DYN18), ("sdpa", False, TS17), ("sdpa", True, DYN18)):
            word = "emptypast" if empty else "past"
            build = partial(with_past, model, heads, dim, attention, empty)
            cases += family(f"hf_{short}_{word}_{attention}", f"{title} with past", attention, build, [], [route])
    return cases


def _encoder_decoders() -> list[Case]:
    cases = []
    marian = partial(bart, tf.MarianMTModel, tf.MarianConfig)
    for attention in ("eager", "sdpa"):
        for short, title, build in (
            ("bart", "BART", partial(bart, tf.BartForConditionalGeneration, tf.BartConfig)),
            ("whisper", "Whisper", whisper),
            ("wav2vec2", "Wav2Vec2", wav2vec2),
            ("t5", "T5, relative bias", partial(t5, gated=False)),
        ):
            cases += family(
                f"hf_{short}_{attention}", title, attention, partial(build, attention), *_routes(short, attention)
            )
    cases += family("hf_marian_eager", "Marian", "eager", partial(marian, "eager"), [DYN18])
    cases += family("hf_t5_gated", "T5, relative bias", "eager", partial(t5, "eager", gated=True), [DYN25])
    return cases


CASES = (*_encoders(), *_decoders(), *_encoder_decoders())

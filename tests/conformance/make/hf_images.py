"""Other image models of Transformers: CLIP, SigLIP, SegFormer, SAM's encoder, DETR, masked autoencoders, BEiT, Swin."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
import transformers as tf
from torch import Tensor

from tests.conformance.make.case import Case, Subject, family
from tests.conformance.make.hf import Positional, built
from tests.conformance.make.routes import DYN18, DYN25, TS17
from tests.conformance.make.weights import calibrate, noise, words

SMALL = {"hidden_size": 12, "num_hidden_layers": 2, "num_attention_heads": 3, "intermediate_size": 20}
VISION = SMALL | {"image_size": 16, "patch_size": 4}
TEXT = SMALL | {"vocab_size": 40, "max_position_embeddings": 12}
PICTURE = {"grid": [4, 4], "patch": 4}


def clip(attention: str) -> Subject:
    """Both towers; the text tower is causal and padded, and has other heads."""
    text = TEXT | {"num_attention_heads": 2, "eos_token_id": 39}
    config = tf.CLIPConfig(vision_config=VISION, text_config=text, projection_dim=8)
    model = built(tf.CLIPModel, config, attention)
    ids = words(2, 9, below=39)
    ids[:, -1] = 39
    mask = torch.ones(2, 9, dtype=torch.int64)
    inputs = {"input_ids": ids, "pixel_values": noise(2, 3, 16, 16), "attention_mask": mask}
    outputs = ["logits_per_image", "image_embeds"]
    return Subject(Positional(model, list(inputs), outputs), inputs, outputs, meta=PICTURE | {"prefix": 1})


def clip_vision(attention: str) -> Subject:
    model = built(tf.CLIPVisionModel, tf.CLIPVisionConfig(**VISION), attention)
    return _image(model, ["last_hidden_state", "pooler_output"], meta=PICTURE | {"prefix": 1})


def siglip_vision(attention: str) -> Subject:
    """Pooled by an attention that a learned query asks."""
    model = built(tf.SiglipVisionModel, tf.SiglipVisionConfig(**VISION), attention)
    outputs = ["last_hidden_state", "pooler_output"]
    return _image(model, outputs, kinds=["self", "self", "cross"], heads=3, meta=PICTURE | {"prefix": 0})


def segformer(attention: str) -> Subject:
    config = tf.SegformerConfig(
        num_encoder_blocks=2,
        depths=[1, 2],
        sr_ratios=[4, 2],
        hidden_sizes=[8, 12],
        num_attention_heads=[2, 3],
        patch_sizes=[7, 3],
        strides=[4, 2],
        mlp_ratios=[2, 2],
        decoder_hidden_size=8,
    )
    model = built(tf.SegformerForImageClassification, config, attention)
    return _image(model, ["logits"], 32, 48)


def sam(attention: str) -> Subject:
    config = tf.SamVisionConfig(
        hidden_size=12,
        num_hidden_layers=2,
        num_attention_heads=3,
        image_size=24,
        patch_size=4,
        window_size=4,
        global_attn_indexes=[1],
        output_channels=8,
        mlp_dim=20,
    )
    model = built(tf.SamVisionModel, config, attention)
    return _image(model, ["last_hidden_state"], 24, 24, heads=3, meta={"grid": [6, 6], "patch": 4, "prefix": 0})


def detr(attention: str, folded: bool) -> Subject:
    """folded: the exporter computes the decoder's first self-attention, of learned queries alone, once and for all."""
    backbone = tf.ResNetConfig(
        embedding_size=8, hidden_sizes=[8, 12], depths=[1, 1], layer_type="basic", out_features=["stage2"]
    )
    config = tf.DetrConfig(
        use_timm_backbone=False,
        backbone=None,
        backbone_config=backbone,
        num_queries=7,
        d_model=12,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=3,
        decoder_attention_heads=2,
        encoder_ffn_dim=20,
        decoder_ffn_dim=20,
        num_labels=4,
    )
    model = built(tf.DetrForObjectDetection, config, attention, gain=1.3)
    subject = _image(model, ["logits", "pred_boxes"], 32, 48)
    subject.kinds = ["self", "self", "self", "cross", "self", "cross"]
    if folded:
        subject.kinds = ["self", "self", "cross", "self", "cross"]
        subject.arrange = lambda found: found[:2] + found[3:]
    calibrate(subject.module, *subject.inputs.values())
    return subject


def masked_autoencoder(attention: str) -> Subject:
    decoder = {"decoder_hidden_size": 8, "decoder_num_hidden_layers": 1, "decoder_num_attention_heads": 2}
    config = tf.ViTMAEConfig(**VISION, **decoder, decoder_intermediate_size=16, mask_ratio=0.5)
    model = built(tf.ViTMAEForPreTraining, config, attention)
    inputs = {"pixel_values": noise(2, 3, 16, 16), "noise": noise(2, 16, seed=3)}
    return Subject(Positional(model, list(inputs), ["logits"]), inputs, ["logits"], meta={"prefix": 1, "patch": 4})


def beit(attention: str) -> Subject:
    config = tf.BeitConfig(**VISION, use_relative_position_bias=True, use_absolute_position_embeddings=False)
    return _image(built(tf.BeitModel, config, attention), ["last_hidden_state"], meta=PICTURE | {"prefix": 1})


def swin(attention: str) -> Subject:
    config = tf.SwinConfig(
        image_size=16, patch_size=2, embed_dim=6, depths=[2, 2], num_heads=[2, 3], window_size=4, mlp_ratio=2
    )
    return _image(built(tf.SwinModel, config, attention), ["last_hidden_state"], meta={"grid": [8, 8], "patch": 2})


def _image(model: torch.nn.Module, outputs: list[str], rows: int = 16, columns: int = 16, **more: Any) -> Subject:
    inputs: dict[str, Tensor] = {"pixel_values": noise(2, 3, rows, columns)}
    return Subject(Positional(model, ["pixel_values"], outputs), inputs, outputs, **more)


def _cases() -> list[Case]:
    cases: list[Case] = []
    table: tuple[tuple[str, str, Callable[[str], Subject], str, Any], ...] = (
        ("clip", "CLIP, both towers", clip, "sdpa", TS17),
        ("clip", "CLIP, both towers", clip, "eager", DYN18),
        ("clip_vision", "CLIP, image tower", clip_vision, "sdpa", DYN25),
        ("siglip_vision", "SigLIP, attention pooling", siglip_vision, "sdpa", TS17),
        ("siglip_vision", "SigLIP, attention pooling", siglip_vision, "eager", DYN18),
        ("segformer", "SegFormer, reduced keys", segformer, "eager", TS17),
        ("segformer", "SegFormer, reduced keys", segformer, "sdpa", DYN18),
        ("sam", "SAM's encoder, decomposed positions", sam, "eager", DYN18),
        ("sam", "SAM's encoder, decomposed positions", sam, "sdpa", TS17),
        ("mae", "ViTMAE", masked_autoencoder, "sdpa", TS17),
        ("mae", "ViTMAE", masked_autoencoder, "eager", DYN18),
        ("beit", "BEiT, relative bias", beit, "sdpa", TS17),
        ("swin", "Swin, shifted windows", swin, "eager", DYN18),
    )
    # The first self-attention of the decoder sees learned queries alone: it is the same for every image.
    for folded, route in ((False, TS17), (True, DYN18)):
        build = partial(detr, "eager", folded)
        cases += family("hf_detr_eager", "DETR (Transformers)", "eager", build, [route], unlike=0)
    for short, title, build, attention, route in table:
        cases += family(
            f"hf_{short}_{attention}", f"{title} (Transformers)", attention, partial(build, attention), [route]
        )
    return cases


CASES = tuple(_cases())

"""Vision transformers of Transformers: ViT, DeiT with its distillation token, DINOv2 with and without registers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from transformers import (
    DeiTConfig,
    DeiTForImageClassificationWithTeacher,
    Dinov2Config,
    Dinov2ForImageClassification,
    Dinov2WithRegistersConfig,
    Dinov2WithRegistersForImageClassification,
    ViTConfig,
    ViTForImageClassification,
    ViTModel,
)

from tests.conformance.make.case import Case, Subject, family
from tests.conformance.make.hf import Positional, built
from tests.conformance.make.routes import DYN18, DYN20, DYN23, DYN25, TS14, TS17, Dynamo, TorchScript
from tests.conformance.make.weights import noise

SMALL = {
    "hidden_size": 12,
    "num_hidden_layers": 2,
    "num_attention_heads": 3,
    "intermediate_size": 20,
    "patch_size": 4,
    "num_labels": 7,
}


def vit(attention: str, image: tuple[int, int] = (16, 24), qkv_bias: bool = True, gain: float = 1.7) -> Subject:
    config = ViTConfig(**SMALL, image_size=image, qkv_bias=qkv_bias)
    model = built(ViTForImageClassification, config, attention, gain=gain)
    return _subject(model, image, prefix=1)


def vit_pooled(attention: str) -> Subject:
    config = ViTConfig(**SMALL | {"num_attention_heads": 4, "num_hidden_layers": 3}, image_size=(20, 12))
    model = Positional(
        built(ViTModel, config, attention, seed=5), ["pixel_values"], ["last_hidden_state", "pooler_output"]
    )
    return Subject(
        model,
        {"pixel_values": noise(2, 3, 20, 12)},
        ["last_hidden_state", "pooler_output"],
        meta={"grid": [5, 3], "prefix": 1, "patch": 4},
    )


def deit(attention: str) -> Subject:
    config = DeiTConfig(**SMALL | {"num_attention_heads": 2, "num_hidden_layers": 3}, image_size=(16, 20))
    model = built(DeiTForImageClassificationWithTeacher, config, attention, seed=1)
    return _subject(model, (16, 20), prefix=2)


def dinov2(attention: str) -> Subject:
    sizes = SMALL | {"num_attention_heads": 4}
    sizes.pop("intermediate_size")
    config = Dinov2Config(**sizes, image_size=16, mlp_ratio=2)
    return _subject(built(Dinov2ForImageClassification, config, attention, seed=2), (16, 16), prefix=1)


def dinov2_registers(attention: str, image: tuple[int, int] = (16, 16), swiglu: bool = False) -> Subject:
    """Trained at 16 × 16; another size makes the graph resize its position table."""
    sizes = SMALL | {"num_attention_heads": 3, "num_hidden_layers": 3}
    sizes.pop("intermediate_size")
    config = Dinov2WithRegistersConfig(
        **sizes, image_size=16, mlp_ratio=2, num_register_tokens=3, use_swiglu_ffn=swiglu
    )
    model = built(Dinov2WithRegistersForImageClassification, config, attention, seed=3)
    if image == (16, 16):
        # When traced, the table is always resized, by an operator that TorchScript cannot write. At the trained size
        # the resized table is the table.
        embeddings = model.dinov2_with_registers.embeddings
        embeddings.interpolate_pos_encoding = lambda tokens, rows, columns: embeddings.position_embeddings
    return _subject(model, image, prefix=4)


def _subject(model: object, image: tuple[int, int], prefix: int) -> Subject:
    rows, columns = image
    return Subject(
        Positional(model, ["pixel_values"], ["logits"]),  # type: ignore[arg-type]
        {"pixel_values": noise(2, 3, rows, columns)},
        ["logits"],
        meta={"grid": [rows // 4, columns // 4], "prefix": prefix, "patch": 4},
    )


def half(build: Callable[[], Subject]) -> Subject:
    """Weights, input and arithmetic in float16."""
    subject = build()
    subject.module.half()
    subject.inputs = {name: value.half() for name, value in subject.inputs.items()}
    return subject


def _cases() -> list[Case]:
    cases = []
    for attention in ("eager", "sdpa"):
        eager = attention == "eager"
        routes = {"fixed": (TS14, TS17, DYN18, DYN25)} if eager else {"fixed": (TS14, DYN18), "dynamic": (TS17, DYN25)}
        cases += family(
            f"hf_vit_{attention}", "ViT (Transformers)", attention, partial(vit, attention), **routes, names=True
        )
        routes = {"fixed": (TS17,), "dynamic": (DYN18,)} if eager else {"fixed": (DYN25,), "dynamic": (TS17,)}
        for short, title, build in (
            ("hf_deit", "DeiT distilled (Transformers)", deit),
            ("hf_dinov2reg", "DINOv2 with registers (Transformers)", dinov2_registers),
        ):
            cases += family(f"{short}_{attention}", title, attention, partial(build, attention), **routes)
        cases += family(
            f"hf_vit_fp16_{attention}",
            "ViT float16 (Transformers)",
            attention,
            partial(half, partial(vit, attention, gain=1.3)),
            (TS17, DYN18),
            tolerance=5e-3,
        )
    title = "ViT (Transformers)"
    cases += family("hf_vit_nobias_sdpa", title, "sdpa", partial(vit, "sdpa", qkv_bias=False), [TS17])
    cases += family("hf_vit_eager", title, "eager", partial(vit, "eager"), [], [TorchScript(11, fold=False)])
    cases += family("hf_vit_sdpa", title, "sdpa", partial(vit, "sdpa"), [Dynamo(18, optimize=False)])
    cases += family("hf_vit_pooled_eager", title, "eager", partial(vit_pooled, "eager"), [], [TS17])
    cases += family("hf_vit_pooled_sdpa", title, "sdpa", partial(vit_pooled, "sdpa"), [], [DYN18])
    title = "DINOv2 (Transformers)"
    cases += family("hf_dinov2_eager", title, "eager", partial(dinov2, "eager"), [TS17])
    cases += family("hf_dinov2_sdpa", title, "sdpa", partial(dinov2, "sdpa"), [DYN20, DYN23])
    resized = partial(dinov2_registers, "sdpa", image=(12, 20), swiglu=True)
    return cases + family("hf_dinov2reg_resized_sdpa", "DINOv2 with registers (Transformers)", "sdpa", resized, [DYN18])


CASES = tuple(_cases())

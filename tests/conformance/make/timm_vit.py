"""Vision transformers of timm: class token, none, register tokens, distilled; fused attention on and off."""

from __future__ import annotations

from functools import partial
from typing import Any

import transformers  # noqa: F401  before the stand-in for torchvision, which it must not see
from torch import nn

from tests.conformance.make.case import Case, Subject, family
from tests.conformance.make.fake_torchvision import fake_torchvision
from tests.conformance.make.routes import DYN18, DYN20, DYN25, TS14, TS17
from tests.conformance.make.weights import distinctive, noise

with fake_torchvision():
    import timm


def network(
    architecture: str | type[nn.Module], fused: bool, seed: int = 0, gain: float = 1.7, **sizes: Any
) -> nn.Module:
    """A timm model. fused: through scaled_dot_product_attention, else by matmul and softmax."""
    timm.layers.set_fused_attn(fused)
    created = timm.create_model(architecture, **sizes) if isinstance(architecture, str) else architecture(**sizes)
    model = distinctive(created, seed, gain)
    for layer in model.modules():
        if hasattr(layer, "fused_attn"):
            layer.fused_attn = fused
    return model


def images(model: nn.Module, rows: int, columns: int, batch: int = 2, **meta: Any) -> Subject:
    return Subject(model, {"input": noise(batch, 3, rows, columns)}, ["logits"], meta=meta)


def vit(fused: bool, *, prefix: int = 1, rows: int = 16, columns: int = 24, seed: int = 0, **sizes: Any) -> Subject:
    small = {"patch_size": 4, "embed_dim": 12, "depth": 2, "num_heads": 3, "mlp_ratio": 1.5, "num_classes": 7}
    small["img_size"] = (rows, columns)
    model = network("vit_tiny_patch16_224", fused, seed, **small | sizes)
    return images(model, rows, columns, grid=[rows // 4, columns // 4], prefix=prefix, patch=4)


def distilled(fused: bool) -> Subject:
    model = network(
        "deit_tiny_distilled_patch16_224",
        fused,
        seed=4,
        patch_size=4,
        embed_dim=12,
        depth=3,
        num_heads=2,
        mlp_ratio=1.25,
        num_classes=7,
        img_size=(16, 20),
    )
    return images(model, 16, 20, grid=[4, 5], prefix=2, patch=4)


def attention_pooled(fused: bool) -> Subject:
    """The last attention is asked by a learned query."""
    subject = vit(fused, prefix=0, class_token=False, global_pool="map", seed=7)
    subject.kinds = ["self", "self", "cross"]
    return subject


def _cases() -> list[Case]:
    gap = {"prefix": 0, "class_token": False, "global_pool": "avg", "num_heads": 4, "depth": 3, "seed": 1}
    registers = {"prefix": 5, "reg_tokens": 4, "no_embed_class": True, "init_values": 0.5, "num_heads": 2, "depth": 3}
    registers |= {"seed": 2, "rows": 20, "columns": 12}
    cases = []
    for fused, word in ((False, "plain"), (True, "fused")):
        spelling = "sdpa" if fused else "matmul, softmax"
        build = partial(vit, fused)
        cases += family(f"timm_vit_{word}", "ViT (timm)", spelling, build, (TS14, DYN25), (TS17, DYN18), names=True)
        for short, title, sizes in (
            ("vit_gap", "ViT without class token (timm)", gap),
            ("vit_reg", "ViT with registers (timm)", registers),
        ):
            build = partial(vit, fused, **sizes)
            routes = ([DYN25], [DYN18]) if fused else ([], [TS17])
            cases += family(f"timm_{short}_{word}", title, spelling, build, *routes)
        title = "ViT with attention pooling (timm)"
        build = partial(attention_pooled, fused)
        cases += family(f"timm_vit_map_{word}", title, spelling, build, [TS17 if fused else DYN18])
        build = partial(distilled, fused)
        cases += family(f"timm_deit_{word}", "DeiT distilled (timm)", spelling, build, [TS17 if fused else DYN18])
    for short, title, fused, sizes, route in (
        ("nobias_fused", "ViT without qkv bias (timm)", True, {"qkv_bias": False}, DYN18),
        ("qknorm_fused", "ViT with qk norm (timm)", True, {"qk_norm": True, "seed": 3}, TS17),
        ("prenorm_plain", "ViT with pre norm (timm)", False, {"pre_norm": True, "fc_norm": True, "seed": 6}, DYN20),
    ):
        spelling = "sdpa" if fused else "matmul, softmax"
        cases += family(f"timm_vit_{short}", title, spelling, partial(vit, fused, **sizes), [route])
    return cases


CASES = tuple(_cases())

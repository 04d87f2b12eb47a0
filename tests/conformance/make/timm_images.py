"""timm's other image transformers: windows, pyramids, relative and rotary positions, class attention, hybrids."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from torch import Tensor, nn

from tests.conformance.make.case import Case, Subject, family
from tests.conformance.make.routes import DYN18, DYN25, TS14, TS17
from tests.conformance.make.timm_vit import images, network, timm
from tests.conformance.make.weights import calibrate

models = timm.models


def net(
    kind: type[nn.Module],
    fused: bool = False,
    rows: int = 16,
    columns: int = 24,
    kinds: list[str] | None = None,
    arrange: Callable[[list[Tensor]], list[Tensor]] | None = None,
    seed: int = 0,
    gain: float = 1.7,
    meta: dict[str, Any] | None = None,
    **sizes: Any,
) -> Subject:
    subject = images(network(kind, fused, seed, gain, num_classes=5, **sizes), rows, columns, **meta or {})
    subject.kinds, subject.arrange = kinds, arrange
    return subject


def _grid(rows: int, columns: int, patch: int, prefix: int = 0) -> dict[str, Any]:
    return {"grid": [rows // patch, columns // patch], "patch": patch, "prefix": prefix}


SMALL = {"patch_size": 4, "embed_dim": 12, "depth": 2, "num_heads": 3, "mlp_ratio": 1.5}


def beit(fused: bool, shared: bool = False) -> Subject:
    relative = {"use_shared_rel_pos_bias": True} if shared else {"use_rel_pos_bias": True}
    sizes = SMALL | relative | {"use_abs_pos_emb": False, "init_values": 0.5, "img_size": (16, 24)}
    return net(models.beit.Beit, fused, meta=_grid(16, 24, 4, 1), **sizes)


def swin(fused: bool) -> Subject:
    sizes = {"img_size": (16, 32), "patch_size": 2, "embed_dim": 8, "depths": (2, 2), "num_heads": (2, 4)}
    kind = models.swin_transformer.SwinTransformer
    return net(kind, fused, 16, 32, window_size=4, mlp_ratio=1.5, meta=_grid(16, 32, 2), **sizes)


def swin_v2() -> Subject:
    sizes = {"img_size": (16, 32), "patch_size": 2, "embed_dim": 9, "depths": (2,), "num_heads": (3,)}
    kind = models.swin_transformer_v2.SwinTransformerV2
    return net(kind, rows=16, columns=32, window_size=(2, 4), mlp_ratio=1.5, gain=1.4, meta=_grid(16, 32, 2), **sizes)


def eva(fused: bool, registers: int = 0, rotate_half: bool = False, attention: str = "eva") -> Subject:
    sizes = SMALL | {"embed_dim": 24, "img_size": (16, 24), "use_rot_pos_emb": True, "swiglu_mlp": True}
    sizes |= {"num_reg_tokens": registers, "rope_rotate_half": rotate_half, "attn_type": attention}
    return net(models.eva.Eva, fused, meta=_grid(16, 24, 4, 1 + registers), **sizes)


def cait() -> Subject:
    sizes = SMALL | {"img_size": 16, "depth_token_only": 2, "mlp_ratio_token_only": 1.5}
    return net(models.cait.Cait, rows=16, columns=16, meta=_grid(16, 16, 4, 0), **sizes)


def xcit() -> Subject:
    sizes = SMALL | {"img_size": (32, 48), "patch_size": 8, "embed_dim": 24, "cls_attn_layers": 1}
    return net(models.xcit.Xcit, rows=32, columns=48, meta=_grid(32, 48, 8, 0), **sizes)


def pvt(fused: bool) -> Subject:
    sizes = {"depths": (1, 2, 1), "embed_dims": (8, 12, 16), "num_heads": (1, 3, 2), "mlp_ratios": (1.5, 1.5, 1.5)}
    kind = models.pvt_v2.PyramidVisionTransformerV2
    return net(kind, fused, 32, 48, sr_ratios=(4, 2, 1), meta=_grid(32, 48, 4), **sizes)


def mvit(class_token: bool) -> Subject:
    cfg = models.mvitv2.MultiScaleVitCfg(
        depths=(1, 2),
        embed_dim=(8, 12),
        num_heads=(2, 3),
        mlp_ratio=1.5,
        stride_q=((1, 1), (2, 2)),
        stride_kv_adaptive=(2, 2),
        patch_kernel=(3, 3),
        patch_stride=(2, 2),
        patch_padding=(1, 1),
        use_cls_token=class_token,
    )
    return net(
        models.mvitv2.MultiScaleVit,
        rows=16,
        columns=16,
        cfg=cfg,
        img_size=(16, 16),
        meta=_grid(16, 16, 2, int(class_token)),
    )


def levit() -> Subject:
    sizes = {"img_size": (32, 48), "embed_dim": (12, 16), "key_dim": 4, "depth": (1, 2), "num_heads": (2, 3)}
    meta = _grid(32, 48, 8)
    subject = net(models.levit.Levit, rows=32, columns=48, stem_type="s8", mlp_ratio=1.5, meta=meta, **sizes)
    calibrate(subject.module, subject.inputs["input"])
    return subject


def twins(fused: bool, windows: bool) -> Subject:
    sizes = {"img_size": (32, 48), "patch_size": 4, "embed_dims": (8, 12), "num_heads": (2, 3), "depths": (2, 2)}
    sizes |= {"sr_ratios": (4, 2), "mlp_ratios": (1.5, 1.5), "wss": (4, 2) if windows else None}
    return net(models.twins.Twins, fused, 32, 48, meta=_grid(32, 48, 4), **sizes)


def crossvit() -> Subject:
    sizes = {"img_size": 24, "img_scale": (1.0, 2 / 3), "patch_size": (4, 4), "embed_dim": (12, 16)}
    sizes |= {"depth": ((1, 2, 1),), "num_heads": (3, 2), "mlp_ratio": (1.5, 1.5, 1.5)}
    # Each branch's class token asks the other branch's patches and itself, all from one tensor: either word will do.
    kinds = ["self"] * 3 + ["self|cross"] * 2
    return net(models.crossvit.CrossVit, rows=24, columns=24, kinds=kinds, **sizes)


def sam(fused: bool) -> Subject:
    sizes = SMALL | {
        "img_size": 24,
        "window_size": 4,
        "global_attn_indexes": (1,),
        "use_rel_pos": True,
        "neck_chans": 8,
    }
    kind = models.vision_transformer_sam.VisionTransformerSAM
    subject = net(kind, fused, 24, 24, meta=_grid(24, 24, 4), **sizes)
    subject.heads = 3  # folded into the batch
    return subject


def maxxvit(blocks: tuple[str, ...], fused: bool = False, **attention: Any) -> Subject:
    module = models.maxxvit
    cfg = module.MaxxVitCfg(
        embed_dim=(8, 16),
        depths=(1, 1),
        block_type=blocks,
        stem_width=8,
        conv_cfg=module.MaxxVitConvCfg(expand_ratio=1.5),
        transformer_cfg=module.MaxxVitTransformerCfg(dim_head=4, window_size=(2, 3), expand_ratio=1.5, **attention),
    )
    # Squeeze-excite gates are sigmoids here; every softmax is attention.
    return net(module.MaxxVit, fused, 16, 24, cfg=cfg, img_size=(16, 24))


def hieradet() -> Subject:
    sizes = {
        "embed_dim": 8,
        "num_heads": 2,
        "stages": (1, 2),
        "q_pool": 1,
        "window_spec": (4, 2),
        "global_att_blocks": (2,),
    }
    sizes |= {"patch_kernel": (3, 3), "patch_stride": (2, 2), "patch_padding": (1, 1), "global_pos_size": (2, 2)}
    kind = models.hieradet_sam2.HieraDet
    return net(kind, rows=16, columns=24, meta=_grid(16, 24, 2), **sizes)


def davit() -> Subject:
    """Windows attend by places, then channels to channels, where the softmax is of Kᵀ V and Q comes last."""
    sizes = {"depths": (1, 1), "embed_dims": (8, 12), "num_heads": (2, 3), "window_size": 2, "mlp_ratio": 1.5}
    return net(models.davit.DaVit, rows=16, columns=32, **sizes)


def hiera() -> Subject:
    """Units of the mask on an axis of their own, after the heads."""
    sizes = {"img_size": (16, 16), "embed_dim": 8, "num_heads": 2, "stages": (1, 2), "q_pool": 1}
    sizes |= {"mask_unit_size": (2, 2), "mask_unit_attn": (True, False), "mlp_ratio": 1.5}
    sizes |= {"patch_kernel": (3, 3), "patch_stride": (2, 2), "patch_padding": (1, 1)}
    subject = net(models.hiera.Hiera, rows=16, columns=16, **sizes)
    subject.arrange = lambda found: [
        p.movedim(2, 1) if p.ndim == 5 else p for p in found
    ]  # (batch, unit, head, query, key)
    return subject


def gcvit() -> Subject:
    """Every second attention is asked by queries of the whole image."""
    sizes = {"img_size": (32, 32), "embed_dim": 8, "depths": (2, 2), "num_heads": (2, 2), "window_size": (4, 4)}
    kinds = ["self", "cross", "self", "self|cross"]
    return net(models.gcvit.GlobalContextVit, rows=32, columns=32, kinds=kinds, mlp_ratio=1.5, gain=1.2, **sizes)


class MobileViT(nn.Module):
    """A convolution and one block of MobileViT: attention among the pixels at one place of every 2 × 2 patch."""

    def __init__(self, num_classes: int) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, 2, 1)
        block = models.mobilevit.MobileVitBlock
        self.block = block(8, transformer_dim=12, transformer_depth=2, num_heads=3, mlp_ratio=1.5, patch_size=2)
        self.head = nn.Linear(8, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.block(self.stem(x)).mean((2, 3)))


def _cases() -> list[Case]:
    sdpa, plain = "sdpa", "matmul, softmax"
    cases: list[Case] = []

    def add(short: str, title: str, spelling: str, build: Callable[[], Subject], *routes: Any, **more: Any) -> None:
        cases.extend(family(short, f"{title} (timm)", spelling, build, routes, **more))

    # The dynamo exporter cannot write scaled_dot_product_attention with a mask here, nor with five axes.
    for short, title, build, dynamo, script in (
        ("beit", "BEiT, relative bias", beit, [False], [True]),
        ("swin", "Swin, shifted windows", swin, [False], [True]),
        ("eva02", "EVA02, rotary", eva, [False, True], []),  # when traced, fused hands a tensor to is_causal
        ("pvtv2", "PVTv2, reduced keys", pvt, [True], [False]),
        ("twins", "Twins-SVT, local windows", partial(twins, windows=True), [False], [True]),
        ("sam", "SAM, decomposed positions", sam, [False], [True]),
        ("maxvit", "MaxViT, windows and grids", partial(maxxvit, ("M", "M")), [False], [True]),
        ("coatnet", "CoAtNet", partial(maxxvit, ("C", "T")), [False], [True]),
    ):
        for fused in (False, True):
            routes = [route for route, where in ((TS17, script), (DYN18, dynamo)) if fused in where]
            spelling, word = (sdpa, "fused") if fused else (plain, "plain")
            add(f"timm_{short}_{word}", title, spelling, partial(build, fused=fused), *routes)
    add("timm_beit_shared", "BEiT, one bias for all layers", sdpa, partial(beit, True, True), DYN25)
    add("timm_swinv2", "SwinV2, cosine", plain, swin_v2, DYN18)
    add("timm_eva02_registers", "EVA, rotary halves, registers", sdpa, partial(eva, True, 3, True), DYN25)
    add("timm_eva_rope", "EVA, rotary, plain attention", sdpa, partial(eva, True, 2, False, "rope"), DYN18)
    add("timm_cait", "CaiT, talking heads, class attention", plain, cait, TS17, DYN18)
    add("timm_xcit", "XCiT, channels attend to channels", plain, xcit, DYN18)
    add("timm_mvitv2", "MViTv2, pooled, decomposed positions", plain, partial(mvit, False), DYN18)
    add("timm_mvitv2_class", "MViTv2 with class token", plain, partial(mvit, True), TS17)
    add("timm_levit", "LeViT, subsampled queries", plain, levit, TS14)
    add("timm_twins_pcpvt", "Twins-PCPVT", sdpa, partial(twins, True, False), DYN18)
    add("timm_crossvit", "CrossViT, two branches", plain, crossvit, DYN18)
    nchw = partial(maxxvit, ("M", "M"), True, use_nchw_attn=True, rel_pos_type="mlp", rel_pos_dim=16)
    add("timm_maxvit_nchw", "MaxViT, channels first", sdpa, nchw, DYN18)
    add("timm_mobilevit", "MobileViT", sdpa, partial(net, MobileViT, True, 8, 16), DYN18)
    add("timm_hieradet", "SAM 2's encoder, pooled queries", plain, hieradet, TS17, DYN18)
    add("timm_davit", "DaViT, windows and channels", plain, davit, TS17)
    add("timm_hiera", "Hiera, units after heads", plain, hiera, DYN18)
    add("timm_gcvit", "GCViT, queries of the whole image", plain, gcvit, TS17)
    return cases


CASES = tuple(_cases())

"""The table of all cases."""

from __future__ import annotations

from tests.conformance.make import (
    branches,
    fused,
    gates,
    hf_images,
    hf_text,
    hf_vit,
    negatives,
    networks,
    plain,
    rewritten,
    timm_images,
    timm_vit,
    torch_nn,
)
from tests.conformance.make.case import Case

CASES: tuple[Case, ...] = (
    *hf_vit.CASES,
    *timm_vit.CASES,
    *timm_images.CASES,
    *hf_images.CASES,
    *hf_text.CASES,
    *plain.CASES,
    *torch_nn.CASES,
    *fused.CASES,
    *rewritten.CASES,
    *negatives.CASES,
    *gates.CASES,
    *branches.CASES,
    *networks.CASES,
)

_names = [case.name for case in CASES]
assert len(set(_names)) == len(_names), "two cases of one name"

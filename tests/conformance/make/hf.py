"""Transformers models from configurations alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from tests.conformance.make.weights import distinctive


class Positional(nn.Module):
    """A Transformers model that takes its inputs by position and returns only the named outputs."""

    def __init__(self, model: nn.Module, inputs: Sequence[str], outputs: Sequence[str], **fixed: Any) -> None:
        super().__init__()
        self.model = model
        self.names = tuple(inputs)
        self.wanted = tuple(outputs)
        self.fixed = fixed

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        result = self.model(**dict(zip(self.names, inputs, strict=True)), **self.fixed)
        return tuple(result[name] for name in self.wanted)


def built(model_class: Any, config: Any, attention: str, seed: int = 0, gain: float = 1.7) -> nn.Module:
    """attention: "eager" or "sdpa"."""
    torch.manual_seed(seed)
    config._attn_implementation = attention
    model = model_class(config)
    assert model.config._attn_implementation == attention
    return distinctive(model, seed, gain)

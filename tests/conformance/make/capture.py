"""The framework's own attention: every softmax that a network computes, seen below all of its Python code."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils._python_dispatch import TorchDispatchMode

_SOFTMAXES = (torch.ops.aten._softmax.default, torch.ops.aten._safe_softmax.default)


class _Recorder(TorchDispatchMode):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Tensor] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        if func in _SOFTMAXES:
            dim = args[1] % result.ndim
            # Of a softmax along another axis (channels first) the pattern is the transpose.
            self.found.append(result.detach().clone().movedim(dim, -1).float())
        return result


@torch.no_grad()
def run_and_record(module: torch.nn.Module, inputs: tuple[Tensor, ...]) -> tuple[list[Tensor], list[Tensor]]:
    """Outputs, and the softmaxes in execution order.

    Fused kernels are switched off, so that scaled_dot_product_attention and nn.MultiheadAttention go through a softmax
    that can be seen; that they give the same outputs is checked.
    """
    fast = as_tuple(module(*inputs))
    was = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with sdpa_kernel([SDPBackend.MATH]), _Recorder() as recorder:
            outputs = as_tuple(module(*inputs))
    finally:
        torch.backends.mha.set_fastpath_enabled(was)
    slack = 1e-4 if outputs[0].dtype == torch.float32 else 5e-2
    for a, b in zip(fast, outputs, strict=True):
        torch.testing.assert_close(a, b, rtol=slack, atol=slack, equal_nan=True)
    return outputs, recorder.found


def as_tuple(value: Any) -> list[Tensor]:
    return list(value) if isinstance(value, (tuple, list)) else [value]


def as_patterns(found: list[Tensor], heads: int | None) -> list[Tensor]:
    """(batch, head, query, key): heads unfolded from the batch, windows folded into it."""
    patterns = []
    for softmax in found:
        if softmax.ndim == 3:
            folded = heads or 1
            softmax = softmax.reshape(-1, folded, *softmax.shape[1:])
        if softmax.ndim == 2:
            softmax = softmax[None]
        patterns.append(softmax.reshape(-1, *softmax.shape[-3:]))
    return patterns

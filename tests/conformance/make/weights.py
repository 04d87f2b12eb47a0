"""Random weights with which no two heads, layers or batches attend alike."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def coarse(value: Tensor) -> Tensor:
    """Eight bits of mantissa: nothing is lost for a random weight, and the repository packs to half the size."""
    return value.to(torch.bfloat16).to(torch.float32)


def _drawn(name: str, value: Tensor, gain: float, generator: torch.Generator) -> Tensor:
    noise = torch.randn(value.shape, generator=generator)
    last = name.rsplit(".", 1)[-1]
    if last in ("temperature", "logit_scale"):  # what cosines are multiplied by, or its logarithm
        return 6 + 2 * noise if last == "temperature" else 1 + 0.5 * noise
    if value.ndim >= 2 and last.endswith("weight") and "embed" not in name.lower().split(".")[-2:][0]:
        fan_in = value[0].numel()
        return noise * gain / fan_in**0.5
    if value.ndim >= 2:  # embeddings, tokens, position and relative-bias tables
        return noise * 0.7
    if last == "weight" or "gamma" in last:  # normalisations, layer scales
        return 1 + 0.25 * noise
    return noise * 0.3


@torch.no_grad()
def distinctive(module: nn.Module, seed: int = 0, gain: float = 1.7) -> nn.Module:
    """Fill every parameter. With unit-variance inputs the scores get a spread of about gain², so patterns peak.

    Nothing that positions or biases do can hide: they are all drawn away from zero, and so are the statistics
    of batch normalisation.
    """
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in module.named_parameters():
        parameter.copy_(coarse(_drawn(name, parameter, gain, generator)))
    for layer in module.modules():
        if isinstance(layer, nn.modules.batchnorm._BatchNorm) and layer.running_mean is not None:
            layer.running_mean.copy_(coarse(0.2 * torch.randn(layer.running_mean.shape, generator=generator)))
            layer.running_var.copy_(coarse(0.7 + 0.6 * torch.rand(layer.running_var.shape, generator=generator)))
    return module.eval()


@torch.no_grad()
def calibrate(module: nn.Module, *inputs: Tensor) -> nn.Module:
    """Set batch normalisation to the statistics of these inputs, where deep stacks of it would run away."""
    for layer in module.modules():
        if isinstance(layer, nn.modules.batchnorm._BatchNorm):
            layer.momentum = 1.0
    module.train()(*inputs)
    return module.eval()


def noise(*shape: int, seed: int = 1) -> Tensor:
    return coarse(torch.randn(shape, generator=torch.Generator().manual_seed(seed)))


def words(*shape: int, below: int, seed: int = 1, above: int = 3) -> Tensor:
    """Token ids in [above, below), special ids avoided."""
    return torch.randint(above, below, shape, generator=torch.Generator().manual_seed(seed))

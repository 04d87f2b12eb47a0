"""Muon, an optimiser for the weight matrices of a network."""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor


def orthogonal(matrix: Tensor, steps: int = 5) -> Tensor:
    """Return nearly the closest orthogonal matrix, (row, column), by Newton-Schulz iteration."""
    a, b, c = 3.4445, -4.7750, 2.0315  # chosen by the method's author for speed, not for exactness
    x = matrix / (matrix.norm() + 1e-7)  # (row, column), every singular value at most 1
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x  # (short, long)
    for _ in range(steps):
        gram = x @ x.T  # (short, short)
        x = a * x + (b * gram + c * gram @ gram) @ x  # (short, long)
    return x.T if tall else x  # (row, column)


class Muon(torch.optim.Optimizer):
    """Momentum whose step is made orthogonal: every direction of a weight matrix learns equally fast.

    Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks". A convolution's weight
    (out, in, 3, 3) counts as the matrix (out, in·3·3).
    """

    def __init__(self, parameters: Iterable[Tensor], lr: float, momentum: float = 0.9, decay: float = 0.0) -> None:
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "decay": decay})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> Any:
        """Change every weight once; return what the closure, if any, returns."""
        loss = closure() if closure else None
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                state = self.state[weight]
                mean = state.setdefault("mean", torch.zeros_like(weight))
                mean.mul_(group["momentum"]).add_(weight.grad)
                ahead = weight.grad + group["momentum"] * mean  # Nesterov
                change = orthogonal(ahead.flatten(1))  # (row, column)
                size = max(1.0, change.shape[0] / change.shape[1]) ** 0.5
                weight.mul_(1 - group["lr"] * group["decay"])
                weight.add_(change.view_as(weight), alpha=-group["lr"] * size)
        return loss

"""Convolutional networks: what every convolution gives, and the part of the image that a unit of it can see.

A field is read off the gradient of a unit with respect to the image, in a twin of the network where nothing can cancel
or be cut off: weights above zero, means for maxima, no nonlinearities, gates open.
"""

from __future__ import annotations

import copy
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.conformance.make.case import Case, Subject, family
from tests.conformance.make.rewrites import Int8Static, half_floats
from tests.conformance.make.routes import DYN18, TS17
from tests.conformance.make.weights import distinctive, noise

ROWS, COLUMNS = 36, 44
CLASSES = 5


class Head(nn.Module):
    """Features, their mean over all places, one linear layer."""

    def __init__(self, features: nn.Module, channels: int) -> None:
        super().__init__()
        self.features = features
        self.classes = nn.Linear(channels, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        return self.classes(self.features(x).mean((2, 3)))


class Branches(nn.Module):
    """A stem padded on two sides, grouped and dilated convolutions around a residual, then 1×1 beside 5×5."""

    def __init__(self) -> None:
        super().__init__()
        self.pad = nn.ZeroPad2d((0, 1, 0, 1))  # as TensorFlow pads where the stride is two
        self.stem = nn.Conv2d(3, 8, 3, 2)
        self.grouped = nn.Conv2d(8, 8, 3, padding=1, groups=4)
        self.norm = nn.BatchNorm2d(8)
        self.dilated = nn.Conv2d(8, 8, 3, padding=2, dilation=2)
        self.pool = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.narrow, self.wide = nn.Conv2d(8, 4, 1), nn.Conv2d(8, 6, 5, padding=2)
        self.last = nn.Conv2d(10, 12, (3, 1), padding=(1, 0))

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(self.pad(x)).relu()
        x = (x + self.dilated(self.norm(self.grouped(x)).relu())).relu()
        x = self.pool(x)
        x = torch.cat([self.narrow(x).relu(), self.wide(x).relu()], 1)
        return self.last(x).relu()


class Mobile(nn.Module):
    """Inverted residual with squeeze-excite (Sandler et al. 2018; Hu et al. 2018): depthwise, pointwise, SiLU."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 6, 3, 2, 1)
        self.expand, self.depthwise = nn.Conv2d(6, 18, 1), nn.Conv2d(18, 18, 5, padding=2, groups=18)
        self.squeeze, self.excite = nn.Conv2d(18, 4, 1), nn.Conv2d(4, 18, 1)
        self.project = nn.Conv2d(18, 6, 1)
        self.down = nn.Conv2d(6, 10, 3, 2, 1)
        self.gates = True

    def forward(self, x: Tensor) -> Tensor:
        x = functional.silu(self.stem(x))
        y = functional.silu(self.depthwise(functional.silu(self.expand(x))))
        gate = torch.sigmoid(self.excite(functional.silu(self.squeeze(y.mean((2, 3), keepdim=True)))))
        return functional.silu(self.down(x + self.project(y * gate if self.gates else y)))


class Upward(nn.Module):
    """Down by average pooling, up again by nearest neighbours, beside the finer maps, as in segmentation."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 6, 3, padding=1, stride=2)
        self.pool = nn.AvgPool2d(2)
        self.deep = nn.Conv2d(6, 8, 3, padding=1)
        self.join = nn.Conv2d(14, 8, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        fine = functional.gelu(self.first(x))
        coarse = functional.gelu(self.deep(self.pool(fine)))
        coarse = functional.interpolate(coarse, scale_factor=2.0, mode="nearest")
        return functional.gelu(self.join(torch.cat([fine, coarse], 1)))


def convolutions(module: nn.Module, x: Tensor) -> list[tuple[nn.Conv2d, Tensor]]:
    """Return every convolution of a network and what it gives, in execution order.

    A batch norm belongs to the convolution before it: exporters fold it in.
    """
    found: list[tuple[nn.Conv2d, Tensor]] = []

    def seen(layer: nn.Module, _: object, out: Tensor) -> None:
        if isinstance(layer, nn.Conv2d):
            found.append((layer, out))
        else:
            found[-1] = (found[-1][0], out)

    layers = [layer for layer in module.modules() if isinstance(layer, nn.Conv2d | nn.BatchNorm2d)]
    hooks = [layer.register_forward_hook(seen) for layer in layers]
    try:
        module(x)
    finally:
        for hook in hooks:
            hook.remove()
    return found


def twin(module: nn.Module) -> nn.Module:
    """Return the network without anything that hides a path from the gradient."""
    plain = copy.deepcopy(module)
    for parent in list(plain.modules()):
        for name, child in parent.named_children():
            if isinstance(child, nn.MaxPool2d):
                size, stride = child.kernel_size, child.stride
                pool = nn.AvgPool2d(size, stride, child.padding, ceil_mode=child.ceil_mode, count_include_pad=False)
                setattr(parent, name, pool)
            elif isinstance(child, nn.BatchNorm2d):
                setattr(parent, name, nn.Identity())
        if isinstance(parent, Mobile):
            parent.gates = False
    with torch.no_grad():
        for parameter in plain.parameters():
            parameter.abs_().clamp_(min=0.05)
    return plain


def fields(module: nn.Module) -> list[list[int]]:
    """Return, for each convolution, a unit and the first and last row and column it sees: [row, column, t, b, l, r]."""
    found = []
    for place, (_, maps) in enumerate(convolutions(module, torch.ones(1, 3, ROWS, COLUMNS))):
        if min(maps.shape[2:]) < 2:  # behind a global mean
            found.append([])
            continue
        row, column = maps.shape[2] // 2, maps.shape[3] // 3
        image = torch.ones(1, 3, ROWS, COLUMNS, requires_grad=True)
        convolutions(module, image)[place][1][0, :, row, column].sum().backward()
        assert image.grad is not None
        hit = image.grad[0].abs().sum(0) > 0
        rows, columns = torch.nonzero(hit.any(1)).flatten(), torch.nonzero(hit.any(0)).flatten()
        edges = [int(v) for v in (rows[0], rows[-1], columns[0], columns[-1])]
        found.append([row, column, *edges])
    return found


def network(features: nn.Module, channels: int) -> Subject:
    module = distinctive(Head(features, channels))
    x = noise(2, 3, ROWS, COLUMNS)
    layers = []
    with torch.no_grad():
        for layer, maps in convolutions(module, x):
            layers.append(
                {
                    "shape": list(maps.shape),
                    "groups": layer.groups,
                    "kernel": list(layer.kernel_size),
                    "stride": list(layer.stride),
                    "dilation": list(layer.dilation),
                    "mean": [float(v) for v in maps[0].mean((1, 2))],
                    "spread": [float(v) for v in maps[0].std((1, 2))],
                }
            )
    for layer, field in zip(layers, fields(twin(module)), strict=True):
        layer["field"] = field
    return Subject(module, {"x": x}, ["logits"], arrange=lambda _found: [], meta={"layers": layers})


def _cases() -> list[Case]:
    what = "no attention"
    cases = [
        *family("cnn_branches", "CNN, branches", what, partial(network, Branches(), 12), [TS17], [DYN18]),
        *family("cnn_mobile", "CNN, squeeze-excite", what, partial(network, Mobile(), 10), [TS17], [DYN18]),
        *family("cnn_upward", "CNN, up and down", what, partial(network, Upward(), 8), [TS17, DYN18]),
    ]
    mobile = partial(network, Mobile(), 10)
    cases.append(Case("cnn_mobile_fp16", "CNN, fp16", mobile, TS17, what, rewrites=(half_floats,), tolerance=5e-3))
    eight = Int8Static(("Conv", "Gemm"))
    cases.append(Case("cnn_mobile_int8", "CNN, int8 QDQ", mobile, TS17, what, rewrites=(eight,), tolerance=5e-3))
    return cases


CASES = tuple(_cases())

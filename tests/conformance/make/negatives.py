"""Networks whose softmaxes (or gates) are not attention: nothing may be found in them."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor, nn

from tests.conformance.make.case import Case, Subject, family
from tests.conformance.make.routes import DYN18, TS17
from tests.conformance.make.timm_vit import images, network, timm
from tests.conformance.make.weights import distinctive, noise


class SmallCNN(nn.Module):
    """Convolutions, pooling, a classifier that ends in a softmax."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3, padding=1),
            nn.BatchNorm2d(8),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(8, 12, 3, 2),
            nn.ReLU(),
        )
        self.head = nn.Linear(12, 5)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.features(x).mean((2, 3))).softmax(-1)


class SqueezeExcite(nn.Module):
    """Channels weighted by a sigmoid, and in the second block by a softmax over the channels."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, 2, 1)
        self.down = nn.ModuleList(nn.Conv2d(8, 4, 1) for _ in range(2))
        self.up = nn.ModuleList(nn.Conv2d(4, 8, 1) for _ in range(2))
        self.head = nn.Linear(8, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x).relu()
        for i, gate in enumerate((torch.sigmoid, partial(torch.softmax, dim=1))):
            x = x * gate(self.up[i](self.down[i](x.mean((2, 3), keepdim=True)).relu())) + x
        return self.head(x.mean((2, 3)))


class Mixture(nn.Module):
    """A router mixes the outputs of experts: softmax of a projection, then a product with an activation."""

    def __init__(self, top: int | None) -> None:
        super().__init__()
        self.top = top
        self.router = nn.Linear(16, 4)
        self.w1 = nn.Parameter(torch.empty(4, 16, 24))
        self.w2 = nn.Parameter(torch.empty(4, 24, 16))

    def forward(self, x: Tensor) -> Tensor:
        gates = self.router(x).softmax(-1)  # (batch, token, expert)
        if self.top:
            values, chosen = gates.topk(self.top, -1)
            gates = torch.zeros_like(gates).scatter(-1, chosen, values / values.sum(-1, keepdim=True))
        hidden = torch.einsum("btd,edh->bteh", x, self.w1).relu()
        experts = torch.einsum("bteh,ehd->bted", hidden, self.w2)  # (batch, token, expert, dim)
        return x + (gates.unsqueeze(-2) @ experts).squeeze(-2)


def sequences(module: nn.Module, seed: int = 0) -> Subject:
    return Subject(distinctive(module, seed), {"x": noise(2, 20, 16)}, ["output"], arrange=_none)


def pictures(module: nn.Module) -> Subject:
    return Subject(distinctive(module), {"x": noise(2, 3, 24, 32)}, ["output"], arrange=_none)


def _none(found: list[Tensor]) -> list[Tensor]:
    return []


def timm_net(architecture: str | type[nn.Module], rows: int = 16, columns: int = 24, **sizes: object) -> Subject:
    model = network(architecture, fused=False, num_classes=5, **sizes)
    subject = images(model, rows, columns)
    subject.arrange = _none
    return subject


class Transition(nn.Module):
    """A softmax with three axes that multiplies one activation: mixing by a table, no query meets a key."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.empty(20, 20))
        self.proj = nn.Linear(16, 16)

    def forward(self, x: Tensor) -> Tensor:
        return self.table.softmax(-1) @ self.proj(x)


_WHY = {
    "cnn": "softmax over the classes",
    "se": "softmax over the channels",
    "moe": "softmax of a router over experts",
    "mixer": "no softmax",
    "table": "softmax of a table of weights",
}


def _cases() -> list[Case]:
    mixer = partial(
        timm_net, timm.models.mlp_mixer.MlpMixer, img_size=(16, 24), patch_size=4, embed_dim=12, num_blocks=2
    )
    return [
        *family("not_cnn", "CNN classifier", _WHY["cnn"], partial(pictures, SmallCNN()), [TS17], [DYN18]),
        *family("not_se", "squeeze-excite", _WHY["se"], partial(pictures, SqueezeExcite()), [TS17, DYN18]),
        *family("not_moe_soft", "mixture of experts", _WHY["moe"], partial(sequences, Mixture(None)), [TS17, DYN18]),
        *family("not_moe_top2", "mixture of experts", _WHY["moe"], partial(sequences, Mixture(2)), [TS17]),
        *family("not_table", "learned mixing table", _WHY["table"], partial(sequences, Transition()), [DYN18]),
        *family("not_mixer", "MLP-Mixer", _WHY["mixer"], mixer, [TS17]),
    ]


CASES = tuple(_cases())

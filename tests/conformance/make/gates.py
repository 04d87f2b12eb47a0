"""More networks with a softmax that is no attention, and some with none."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor, nn

from tests.conformance.make.case import Case, Subject, family
from tests.conformance.make.negatives import pictures, sequences, timm_net
from tests.conformance.make.routes import DYN18, TS17
from tests.conformance.make.timm_vit import timm
from tests.conformance.make.weights import calibrate


class SelectiveKernel(nn.Module):
    """Two kernels, mixed channel by channel (Li et al. 2019)."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, 2, 1)
        self.paths = nn.ModuleList(nn.Conv2d(8, 8, k, padding=k // 2) for k in (3, 5))
        self.down, self.up = nn.Linear(8, 4), nn.Linear(4, 16)

    def forward(self, x: Tensor) -> Tensor:
        paths = torch.stack([path(self.stem(x)) for path in self.paths], 1)  # (batch, path, channel, row, column)
        pooled = self.down(paths.sum(1).mean((2, 3))).relu()
        weights = self.up(pooled).view(-1, 2, 8).softmax(1)
        return (paths * weights[..., None, None]).sum(1)


class GlobalContext(nn.Module):
    """One map of weights for all places: a pooling that nothing asks (Cao et al. 2019)."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, 2, 1)
        self.mask, self.transform = nn.Conv2d(8, 1, 1), nn.Conv2d(8, 8, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        weights = self.mask(x).flatten(2).softmax(-1)  # (batch, 1, place)
        context = x.flatten(2) @ weights.transpose(1, 2)  # (batch, channel, 1)
        return x + self.transform(context.unsqueeze(-1))


class DistributionFocal(nn.Module):
    """Box sides as distributions over sixteen distances, their mean by a fixed product (Li et al. 2020)."""

    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Conv2d(3, 4 * 16, 3, 4, 1)
        self.register_buffer("distances", torch.arange(16, dtype=torch.float32).view(1, 16, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        sides = self.head(x).flatten(2)  # (batch, 4 · 16, place)
        weights = sides.view(x.shape[0], 4, 16, -1).transpose(1, 2).softmax(1)
        return nn.functional.conv2d(weights, self.distances).squeeze(1)


class SoftArgmax(nn.Module):
    """The mean place of a heat map: softmax times a table of coordinates."""

    def __init__(self) -> None:
        super().__init__()
        self.heat = nn.Conv2d(3, 5, 3, 2, 1)
        grid = torch.stack(torch.meshgrid(torch.linspace(-1, 1, 12), torch.linspace(-1, 1, 16), indexing="ij"), -1)
        self.register_buffer("places", grid.flatten(0, 1))

    def forward(self, x: Tensor) -> Tensor:
        return self.heat(x).flatten(2).softmax(-1) @ self.places  # (batch, joint, 2)


class Clusters(nn.Module):
    """NetVLAD: tokens softly assigned to clusters by a linear layer (Arandjelović et al. 2016)."""

    def __init__(self) -> None:
        super().__init__()
        self.assign = nn.Linear(16, 6)
        self.centres = nn.Parameter(torch.empty(6, 16))

    def forward(self, x: Tensor) -> Tensor:
        weights = self.assign(x).softmax(-1)  # (batch, token, cluster)
        return weights.transpose(1, 2) @ x - weights.sum(1).unsqueeze(-1) * self.centres


class AttentivePooling(nn.Module):
    """Weights over time from the tokens alone; no query."""

    def __init__(self) -> None:
        super().__init__()
        self.score = nn.Sequential(nn.Linear(16, 8), nn.Tanh(), nn.Linear(8, 1))

    def forward(self, x: Tensor) -> Tensor:
        return (self.score(x).softmax(1) * x).sum(1)


class Efficient(nn.Module):
    """Linear attention: softmaxes of Q and of K apart, no tokens × tokens (Shen et al. 2021)."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(16, 48)

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = self.qkv(x).chunk(3, -1)
        return q.softmax(-1) @ (k.softmax(1).transpose(1, 2) @ v)


class SelectiveScan(nn.Module):
    """A state space in the manner of Mamba (Gu and Dao 2023), its scan unrolled."""

    def __init__(self) -> None:
        super().__init__()
        self.proj = nn.Linear(16, 16 + 2 * 4)
        self.decay = nn.Parameter(torch.empty(16, 4))

    def forward(self, x: Tensor) -> Tensor:
        step, into, out = self.proj(x).split([16, 4, 4], -1)
        step = nn.functional.softplus(step)
        state = torch.zeros(x.shape[0], 16, 4)
        answers = []
        for t in range(x.shape[1]):
            keep = torch.exp(-step[:, t, :, None] * self.decay.abs())
            state = state * keep + step[:, t, :, None] * into[:, t, None] * x[:, t, :, None]
            answers.append((state * out[:, t, None]).sum(-1))
        return torch.stack(answers, 1)


class Recurrent(nn.Module):
    """An LSTM and a GRU, and a softmax over the words at every step."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(16, 8, bidirectional=True, batch_first=True)
        self.gru = nn.GRU(16, 12, batch_first=True)
        self.words = nn.Linear(12, 30)

    def forward(self, x: Tensor) -> Tensor:
        return self.words(self.gru(self.lstm(x)[0])[0]).softmax(-1)


class LayerMix(nn.Module):
    """Layers averaged with learned weights (Peters et al. 2018)."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(16, 16) for _ in range(3))
        self.mix = nn.Parameter(torch.empty(3))

    def forward(self, x: Tensor) -> Tensor:
        outputs = []
        for layer in self.layers:
            x = layer(x).tanh()
            outputs.append(x)
        return (torch.stack(outputs, -1) * self.mix.softmax(0)).sum(-1)


class DynamicKernels(nn.Module):
    """A kernel for each image, mixed from four (Chen et al. 2020)."""

    def __init__(self) -> None:
        super().__init__()
        self.route = nn.Linear(3, 4)
        self.kernels = nn.Parameter(torch.empty(4, 8 * 3 * 9))

    def forward(self, x: Tensor) -> Tensor:
        weights = self.route(x.mean((2, 3))).softmax(-1)  # (batch, kernel)
        kernels = (weights @ self.kernels).view(-1, 8, 3, 3, 3)
        return torch.cat([nn.functional.conv2d(x[i : i + 1], kernels[i], padding=1) for i in range(x.shape[0])])


def convnext() -> Subject:
    kind = timm.models.convnext.ConvNeXt
    return timm_net(kind, 32, 48, depths=(1, 1, 1, 1), dims=(4, 6, 8, 8), stem_type="patch")


def resnet(**attention: object) -> Subject:
    kind = timm.models.resnet.ResNet
    sizes = {"layers": (1, 1, 1, 1), "channels": (4, 6, 8, 8), "stem_width": 4}
    block = timm.models.resnet.BasicBlock
    subject = timm_net(kind, 32, 48, block=block, block_args=dict(attention) or None, **sizes)
    calibrate(subject.module, *subject.inputs.values())
    return subject


def separable() -> Subject:
    """MobileViTv2: a softmax of one projection weighs the keys; queries and keys never meet."""

    class Net(nn.Module):
        def __init__(self, num_classes: int) -> None:
            super().__init__()
            self.stem = nn.Conv2d(3, 8, 3, 2, 1)
            self.block = timm.models.mobilevit.MobileVitV2Block(
                8, transformer_dim=12, transformer_depth=2, patch_size=2
            )
            self.head = nn.Linear(8, num_classes)

        def forward(self, x: Tensor) -> Tensor:
            return self.head(self.block(self.stem(x)).mean((2, 3)))

    return timm_net(Net, 16, 24)


def _cases() -> list[Case]:
    table: tuple[tuple[str, str, str, object], ...] = (
        ("sk", "selective kernels", "softmax over the paths", partial(pictures, SelectiveKernel())),
        ("gc", "global context", "softmax over places, no query", partial(pictures, GlobalContext())),
        ("dfl", "distribution focal loss", "softmax over distances", partial(pictures, DistributionFocal())),
        ("soft_argmax", "soft argmax", "softmax times a table of places", partial(pictures, SoftArgmax())),
        ("netvlad", "NetVLAD", "softmax over clusters", partial(sequences, Clusters())),
        ("pooling", "attentive pooling", "softmax over time, no query", partial(sequences, AttentivePooling())),
        ("efficient", "efficient attention", "softmaxes of Q and of K apart", partial(sequences, Efficient())),
        ("scan", "Mamba-like scan", "no softmax", partial(sequences, SelectiveScan())),
        ("lstm", "LSTM and GRU", "softmax over the words", partial(sequences, Recurrent())),
        ("layer_mix", "scalar mix", "softmax of learned weights", partial(sequences, LayerMix())),
        ("dynamic_conv", "dynamic convolution", "softmax over kernels", partial(pictures, DynamicKernels())),
        ("convnext", "ConvNeXt (timm)", "no softmax", convnext),
        ("resnet", "ResNet (timm)", "no softmax", resnet),
        ("separable", "MobileViTv2 (timm)", "softmax of a projection over tokens", separable),
    )
    cases: list[Case] = []
    for short, title, why, build in table:
        routes = [TS17, DYN18] if short in ("sk", "gc", "dfl", "netvlad", "pooling", "efficient") else [TS17]
        cases += family(f"not_{short}", title, why, build, routes)  # type: ignore[arg-type]
    return cases


CASES = tuple(_cases())

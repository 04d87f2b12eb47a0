"""The two image classifiers: a Vision Transformer and a residual convolutional network.

Vision Transformer: Dosovitskiy et al. 2021, "An Image is Worth 16x16 Words", with layer norm before each block.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

# Where each head starts out looking, in patches down and right of the query; the network is free to unlearn it.
OFFSETS = ((0, 0), (0, 1), (1, 0), (0, -1), (-1, 0))


class Attention(nn.Module):
    """Multi-head self-attention (Vaswani et al. 2017, section 3.2)."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """Mix the tokens: (batch, token, width), the same shape."""
        batch, tokens, width = x.shape
        q = self.query(x).view(batch, tokens, self.heads, -1).transpose(1, 2)  # (batch, head, token, head_dim)
        k = self.key(x).view(batch, tokens, self.heads, -1).transpose(1, 2)  # (batch, head, token, head_dim)
        v = self.value(x).view(batch, tokens, self.heads, -1).transpose(1, 2)  # (batch, head, token, head_dim)
        mixed = functional.scaled_dot_product_attention(q, k, v)  # (batch, head, token, head_dim)
        return self.out(mixed.transpose(1, 2).reshape(batch, tokens, width))  # (batch, token, width)


class Block(nn.Module):
    """One Transformer layer: attention, then a two-layer perceptron, each added to its input."""

    def __init__(self, width: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, hidden), nn.GELU(), nn.Linear(hidden, width))

    def forward(self, x: Tensor) -> Tensor:
        """Mix the tokens, then change each by itself: (batch, token, width), the same shape."""
        x = x + self.attention(self.norm1(x))  # (batch, token, width)
        return x + self.mlp(self.norm2(x))  # (batch, token, width)


class ViT(nn.Module):
    """Vision Transformer with a class token and learned positions."""

    def __init__(
        self,
        image: int,
        classes: int,
        *,
        patch: int = 4,
        width: int = 96,
        depth: int = 6,
        heads: int = 6,
        hidden: int = 192,
    ) -> None:
        super().__init__()
        sizes = {"patch": patch, "width": width, "depth": depth, "heads": heads, "hidden": hidden}
        self.config = {"image": image, "classes": classes, **sizes}
        self.grid = image // patch
        self.patches = nn.Conv2d(3, width, kernel_size=patch, stride=patch)
        self.class_token = nn.Parameter(torch.zeros(1, 1, width))
        self.positions = nn.Parameter(torch.zeros(1, 1 + self.grid**2, width))
        self.blocks = nn.ModuleList(Block(width, heads, hidden) for _ in range(depth))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, classes)
        self._start()

    def forward(self, pixel_values: Tensor) -> Tensor:
        """Return the logits (batch, class) of normalised images (batch, 3, row, column)."""
        x = self.patches(pixel_values)  # (batch, width, row, column)
        x = x.flatten(2).transpose(1, 2)  # (batch, patch, width)
        x = torch.cat([self.class_token.expand(x.shape[0], -1, -1), x], dim=1)  # (batch, 1 + patch, width)
        x = x + self.positions  # (batch, token, width)
        for block in self.blocks:
            x = block(x)  # (batch, token, width)
        return self.head(self.norm(x[:, 0]))  # (batch, class)

    @torch.no_grad()
    def look_at(self, pixels: Tensor) -> None:
        """Let the first filters start as whitening of these normalised images, (batch, 3, row, column)."""
        filters = whitening(pixels, self.patches.kernel_size[0])  # (filter, 3, patch, patch)
        count = min(len(filters), self.patches.out_channels // 2)
        self.patches.weight[:count] = filters[:count]

    @torch.no_grad()
    def _start(self) -> None:
        """Start from small weights, wave-like positions, and heads that look at a neighbouring patch.

        A Transformer knows nothing of images: on a small data set it spends most of its training finding out that
        near patches belong together. Positions start as sines and cosines of row and column, and the queries of most
        heads as the same waves shifted by one patch: the product of query and key is then largest at that neighbour.
        After Trockman and Kolter 2023, "Mimetic Initialization of Self-Attention Layers", and Cordonnier et al. 2020,
        "On the Relationship between Self-Attention and Convolutional Layers", section 3.
        """
        nn.init.normal_(self.patches.weight, std=0.02)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.trunc_normal_(module.weight, std=0.02)
                nn.init.zeros_(module.bias)
        nn.init.normal_(self.class_token, std=0.5)
        head_dim = self.class_token.shape[-1] // self.blocks[0].attention.heads
        self.positions[0, 1:, -head_dim:] = self._waves(0, 0, head_dim)  # the last dimensions of the token
        # With waves w(p) at patch p and w shifted by d, w(p + d) = w(p) @ turn: solve for that turn.
        here = self._waves(0, 0, head_dim)  # (patch, head_dim)
        for layer, block in enumerate(self.blocks[: len(self.blocks) - 1]):
            attention = block.attention
            for head in range(attention.heads - 1):  # the last head, and the last layer, start free
                down, right = OFFSETS[(head + layer) % len(OFFSETS)]
                turn = torch.linalg.lstsq(here, self._waves(down, right, head_dim)).solution  # (head_dim, head_dim)
                rows = slice(head * head_dim, (head + 1) * head_dim)
                attention.query.weight[rows, -head_dim:] += 1.4 * turn.T
                attention.key.weight[rows, -head_dim:] += 1.4 * torch.eye(head_dim)

    def _waves(self, down: int, right: int, size: int) -> Tensor:
        """Return sines and cosines of each patch's row and column, moved by so many patches: (patch, size)."""
        row, column = torch.meshgrid(torch.arange(self.grid), torch.arange(self.grid), indexing="ij")
        frequency = torch.arange(1, size // 4 + 1) * math.pi / self.grid  # (wave,) in radians per patch
        rows = (row.flatten() + down)[:, None] * frequency  # (patch, wave)
        columns = (column.flatten() + right)[:, None] * frequency  # (patch, wave)
        return torch.cat([rows.sin(), rows.cos(), columns.sin(), columns.cos()], dim=1)  # (patch, 4 * wave)


class ConvNorm(nn.Sequential):
    """A 3x3 convolution, batch norm and GELU."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__(
            nn.Conv2d(channels_in, channels_out, 3, padding=1, bias=False), nn.BatchNorm2d(channels_out), nn.GELU()
        )


class Residual(nn.Module):
    """Two convolutions added to their input (He et al. 2016)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = ConvNorm(channels, channels)
        self.second = ConvNorm(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        """Add what the convolutions find: (batch, channel, row, column), the same shape."""
        return x + self.second(self.first(x))  # (batch, channel, row, column)


class CNN(nn.Module):
    """Residual network for small images, whose last maps lie on the patch grid of the Vision Transformer.

    The first layer whitens 4x4 patches and is not trained (Jordan 2024, "94% on CIFAR-10 in 3.29 Seconds on a Single
    GPU", section 3.2). Global average pooling and one linear layer: class activation maps are exact (Zhou et al. 2016).
    """

    def __init__(self, image: int, classes: int, widths: tuple[int, int, int] = (64, 128, 256)) -> None:
        super().__init__()
        self.config = {"image": image, "classes": classes, "widths": list(widths)}
        small, middle, large = widths
        self.whiten = nn.Conv2d(3, 96, kernel_size=4, stride=2, padding=1)
        self.whiten.weight.requires_grad_(False)
        self.layers = nn.Sequential(
            nn.GELU(),
            ConvNorm(96, small),
            Residual(small),
            nn.MaxPool2d(2),
            ConvNorm(small, middle),
            Residual(middle),
            ConvNorm(middle, large),
        )
        self.head = nn.Linear(large, classes)

    @torch.no_grad()
    def look_at(self, pixels: Tensor) -> None:
        """Set the whitening layer from these normalised images, (batch, 3, row, column)."""
        filters = whitening(pixels, 4)  # (48, 3, 4, 4)
        self.whiten.weight.copy_(torch.cat([filters, -filters]))

    def forward(self, pixel_values: Tensor) -> Tensor:
        """Return the logits (batch, class) of normalised images (batch, 3, row, column)."""
        x = self.whiten(pixel_values)  # (batch, 96, row/2, column/2)
        x = self.layers(x)  # (batch, large, row/4, column/4)
        return self.head(x.mean(dim=(2, 3)))  # (batch, class)


@torch.no_grad()
def whitening(pixels: Tensor, size: int) -> Tensor:
    """Return filters that turn patches of pixels into uncorrelated numbers of variance 1: (3·size², 3, size, size).

    ``pixels`` is a normalised batch, (batch, 3, row, column). Filters come in order of falling patch variance.
    """
    patches = functional.unfold(pixels, size, stride=size).transpose(1, 2).reshape(-1, 3 * size**2)  # (patch, 3·size²)
    variance, directions = torch.linalg.eigh(patches.T.cov())  # (3·size²,), (3·size², 3·size²)
    filters = directions / (variance + 0.0005 * variance[-1]).sqrt()  # (3·size², filter)
    return filters.T.flip(0).reshape(-1, 3, size, size)

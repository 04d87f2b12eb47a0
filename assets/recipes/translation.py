"""The translator: an encoder-decoder Transformer (Vaswani et al. 2017, "Attention Is All You Need").

Layer norm stands before each part of a layer and not after it, which learns more steadily (Xiong et al. 2020, "On
Layer Normalization in the Transformer Architecture"). The rest is as in the paper, sections 3.1 to 3.5.
"""

import math
from typing import Any

import torch
from torch import Tensor, nn


class Attention(nn.Module):
    """Multi-head attention from one sequence to itself or to another (section 3.2)."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor, memory: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Let each token of x (batch, query, width) look at memory (batch, key, width); also return the pattern.

        ``mask`` is added to the scores: 0 where a token may look, a very negative number where it may not.
        """
        q, k, v = self.split(self.query(x)), self.split(self.key(memory)), self.split(self.value(memory))
        scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])  # (batch, head, query, key)
        pattern = torch.softmax(scores + mask, dim=-1)  # (batch, head, query, key)
        mixed = (pattern @ v).transpose(1, 2).flatten(2)  # (batch, query, width)
        return self.out(mixed), pattern  # (batch, query, width), (batch, head, query, key)

    def split(self, x: Tensor) -> Tensor:
        """Give each head its part of every token: (batch, token, width) to (batch, head, token, head_dim)."""
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)  # (batch, head, token, head_dim)


class Perceptron(nn.Sequential):
    """Two layers that change each token by itself (section 3.3)."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__(nn.Linear(width, hidden), nn.ReLU(), nn.Linear(hidden, width))


class EncoderBlock(nn.Module):
    """Self-attention and a perceptron, each added to its input."""

    def __init__(self, width: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(width), Attention(width, heads)
        self.norm2, self.mlp = nn.LayerNorm(width), Perceptron(width, hidden)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Mix the tokens, then change each: (batch, token, width), the same shape."""
        y = self.norm1(x)  # (batch, token, width)
        x = x + self.attention(y, y, mask)[0]  # (batch, token, width)
        return x + self.mlp(self.norm2(x))  # (batch, token, width)


class DecoderBlock(nn.Module):
    """Self-attention, cross-attention to the encoder and a perceptron, each added to its input."""

    def __init__(self, width: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(width), Attention(width, heads)
        self.norm2, self.cross = nn.LayerNorm(width), Attention(width, heads)
        self.norm3, self.mlp = nn.LayerNorm(width), Perceptron(width, hidden)

    def forward(self, x: Tensor, memory: Tensor, mask: Tensor, memory_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Change tokens (batch, token, width), the same shape; also return the pattern of the cross-attention."""
        y = self.norm1(x)  # (batch, token, width)
        x = x + self.attention(y, y, mask)[0]  # (batch, token, width)
        change, pattern = self.cross(self.norm2(x), memory, memory_mask)
        x = x + change  # (batch, token, width)
        return x + self.mlp(self.norm3(x)), pattern  # (batch, token, width), (batch, head, token, source token)


def blocked(allowed: Tensor) -> Tensor:
    """Return what to add to scores: 0 where a token may look, else the most negative number; the same shape."""
    return torch.where(allowed, 0.0, torch.finfo(torch.float32).min)


def waves(length: int, width: int) -> Tensor:
    """Return the sinusoidal positions (section 3.5): (token, width), sine and cosine in turn."""
    place = torch.arange(length)[:, None]  # (token, 1)
    angle = place * torch.exp(torch.arange(0, width, 2) * (-math.log(10000) / width))  # (token, width / 2)
    return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)  # (token, width)


class Encoder(nn.Module):
    """Reads the sentence to translate."""

    positions: Tensor

    def __init__(self, embedding: nn.Embedding, positions: Tensor, depth: int, heads: int, hidden: int) -> None:
        super().__init__()
        width = embedding.embedding_dim
        self.embedding = embedding
        self.register_buffer("positions", positions, persistent=False)
        self.blocks = nn.ModuleList(EncoderBlock(width, heads, hidden) for _ in range(depth))
        self.norm = nn.LayerNorm(width)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Return what the decoder looks at, (batch, token, width), for token ids and a mask of (batch, token)."""
        x = self.embedding(input_ids) * math.sqrt(self.embedding.embedding_dim)  # (batch, token, width)
        x = x + self.positions[: input_ids.shape[1]]  # (batch, token, width)
        mask = blocked(attention_mask[:, None, None, :] > 0)  # (batch, 1, 1, token)
        for block in self.blocks:
            x = block(x, mask)  # (batch, token, width)
        return self.norm(x)  # (batch, token, width)


class Decoder(nn.Module):
    """Writes the translation, each piece from the pieces before it and the encoder's tokens."""

    positions: Tensor

    def __init__(self, embedding: nn.Embedding, positions: Tensor, depth: int, heads: int, hidden: int) -> None:
        super().__init__()
        width = embedding.embedding_dim
        self.embedding = embedding
        self.register_buffer("positions", positions, persistent=False)
        self.blocks = nn.ModuleList(DecoderBlock(width, heads, hidden) for _ in range(depth))
        self.norm = nn.LayerNorm(width)

    def forward(self, input_ids: Tensor, encoder_hidden_states: Tensor, encoder_attention_mask: Tensor) -> Tensor:
        """Return the logits of each next piece, (batch, token, piece), for token ids (batch, token)."""
        x, _ = self.hidden(input_ids, encoder_hidden_states, encoder_attention_mask)  # (batch, token, width)
        return self.logits(x)  # (batch, token, piece)

    def hidden(self, input_ids: Tensor, memory: Tensor, memory_mask: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Return tokens (batch, token, width) and each layer's cross-attention (batch, head, token, source token)."""
        tokens = input_ids.shape[1]
        x = self.embedding(input_ids) * math.sqrt(self.embedding.embedding_dim)  # (batch, token, width)
        x = x + self.positions[:tokens]  # (batch, token, width)
        place = torch.arange(tokens, device=input_ids.device)  # (token,)
        past = blocked(place[None, :] <= place[:, None])  # (token, token)
        there = blocked(memory_mask[:, None, None, :] > 0)  # (batch, 1, 1, source token)
        patterns = []
        for block in self.blocks:
            x, pattern = block(x, memory, past, there)  # (batch, token, width), (batch, head, token, source token)
            patterns.append(pattern)
        return self.norm(x), patterns

    def logits(self, x: Tensor) -> Tensor:
        """Compare with the embedding of every piece (section 3.4): (..., width) to (..., piece)."""
        return x @ self.embedding.weight.T  # (..., piece)


class Translator(nn.Module):
    """Encoder and decoder with one embedding for both languages, also used to read the answer (section 3.4)."""

    def __init__(
        self,
        pieces: int,
        *,
        width: int = 128,
        depth: int = 3,
        heads: int = 4,
        hidden: int = 512,
        length: int = 128,
    ) -> None:
        super().__init__()
        sizes = {"width": width, "depth": depth, "heads": heads, "hidden": hidden, "length": length}
        self.config: dict[str, Any] = {"pieces": pieces, **sizes}
        embedding, positions = nn.Embedding(pieces, width), waves(length, width)  # (piece, width), (token, width)
        self.encoder = Encoder(embedding, positions, depth, heads, hidden)
        self.decoder = Decoder(embedding, positions, depth, heads, hidden)
        nn.init.normal_(embedding.weight, std=width**-0.5)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias)

    def forward(self, source: Tensor, mask: Tensor, target: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Return tokens (batch, token, width) and cross-attention of each layer for ids that are known already."""
        return self.decoder.hidden(target, self.encoder(source, mask), mask)

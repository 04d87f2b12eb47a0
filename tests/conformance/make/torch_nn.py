"""PyTorch's own layers: nn.MultiheadAttention and nn.Transformer."""

from __future__ import annotations

from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from tests.conformance.make.case import Case, Subject, family
from tests.conformance.make.routes import DYN18, DYN25, TS14, TS17
from tests.conformance.make.weights import distinctive, noise

WIDTH, HEADS = 12, 3


class Attention(nn.Module):
    """Two nn.MultiheadAttention, one after the other."""

    def __init__(self, weights: bool = False, batch_first: bool = True, **options: Any) -> None:
        super().__init__()
        self.first, self.second = (
            nn.MultiheadAttention(WIDTH, HEADS, batch_first=batch_first, **options) for _ in range(2)
        )
        self.norm = nn.LayerNorm(WIDTH)
        self.weights = weights

    def forward(self, x: Tensor, memory: Tensor | None = None) -> Any:
        answers = []
        for layer in (self.first, self.second):
            y = self.norm(x)
            keys = y if memory is None else memory
            y, weights = layer(y, keys, keys, need_weights=self.weights, average_attn_weights=False)
            x = x + y
            answers.append(weights)
        return (x, *answers) if self.weights else x


def attention(cross: bool = False, weights: bool = False, **options: Any) -> Subject:
    inputs = {"x": noise(2, 15, WIDTH)} | ({"memory": noise(2, 11, WIDTH, seed=2)} if cross else {})
    if not options.get("batch_first", True):
        inputs = {name: value.transpose(0, 1).contiguous() for name, value in inputs.items()}
    outputs = ["output", "weights.0", "weights.1"] if weights else ["output"]
    axis = 0 if options.get("batch_first", True) else 1
    return Subject(
        distinctive(Attention(weights, **options)),
        inputs,
        outputs,
        kinds=["cross" if cross else "self"] * 2,
        heads=HEADS,
        dynamic={name: {axis: "batch"} for name in inputs},
    )


class EncoderDecoder(nn.Module):
    def __init__(self, norm_first: bool) -> None:
        super().__init__()
        self.transformer = nn.Transformer(WIDTH, HEADS, 2, 2, 16, norm_first=norm_first, batch_first=True)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        mask = nn.Transformer.generate_square_subsequent_mask(target.shape[1])
        return self.transformer(source, target, tgt_mask=mask, tgt_is_causal=True)


def transformer(norm_first: bool) -> Subject:
    inputs = {"source": noise(2, 13, WIDTH), "target": noise(2, 8, WIDTH, seed=2)}
    kinds = ["self", "self", "self", "cross", "self", "cross"]
    return Subject(distinctive(EncoderDecoder(norm_first)), inputs, kinds=kinds, heads=HEADS)


class Encoder(nn.Module):
    """nn.TransformerEncoder with padding."""

    def __init__(self) -> None:
        super().__init__()
        layer = nn.TransformerEncoderLayer(WIDTH, HEADS, 16, activation="gelu", batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)

    def forward(self, x: Tensor, padding: Tensor) -> Tensor:
        return self.encoder(x, src_key_padding_mask=padding)


def encoder() -> Subject:
    padding = torch.zeros(2, 16, dtype=torch.bool)
    padding[0, 12:] = True
    return Subject(distinctive(Encoder()), {"x": noise(2, 16, WIDTH), "padding": padding}, heads=HEADS)


def _cases() -> list[Case]:
    title = "nn.MultiheadAttention"
    mine = partial(attention, weights=True)
    return [
        *family("mha_self", title, "sdpa", attention, [TS14, TS17, DYN25], [DYN18]),
        *family("mha_weights", title, "baddbmm, weights returned", mine, [TS17, DYN18]),
        *family("mha_cross", title, "sdpa", partial(attention, cross=True), [TS17, DYN18]),
        *family("mha_cross_weights", title, "bmm, weights returned", partial(mine, cross=True), [TS17, DYN18]),
        *family(
            "mha_tokens_first", title, "sdpa, token axis first", partial(attention, batch_first=False), [TS17, DYN18]
        ),
        *family("mha_bias_kv", title, "learned key added", partial(attention, add_bias_kv=True), [TS17, DYN18]),
        *family("mha_zero", title, "zero key added", partial(mine, add_zero_attn=True), [TS17]),
        *family("transformer", "nn.Transformer", "sdpa, causal", partial(transformer, False), [TS17, DYN18, DYN25]),
        *family("transformer_prenorm", "nn.Transformer", "sdpa, causal", partial(transformer, True), [TS17]),
        *family("encoder_padded", "nn.TransformerEncoder", "sdpa, padding", encoder, [TS17, DYN18]),
    ]


CASES = tuple(_cases())

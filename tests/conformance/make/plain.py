"""Attention as people write it in plain PyTorch: one small module for each spelling."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention as sdpa

from tests.conformance.make.case import Case, Subject, family
from tests.conformance.make.routes import DYN18, DYN20, DYN23, DYN25, TS11, TS14, TS17, TorchScript
from tests.conformance.make.weights import distinctive, noise

WIDTH, HEADS = 12, 3

Attend = Callable[[Tensor, Tensor, Tensor], Tensor]  # (batch, head, token, dim) of Q, K, V to the same of the output
Softmax = Callable[[Tensor], Tensor]


class Block(nn.Module):
    """Projections, heads, an attention given as a function, a residual."""

    def __init__(self, attend: Attend, heads: int = HEADS, key_heads: int | None = None, width: int = WIDTH) -> None:
        super().__init__()
        self.attend, self.heads, self.key_heads = attend, heads, key_heads or heads
        dim = width // heads
        self.norm = nn.LayerNorm(width)
        self.q = nn.Linear(width, width)
        self.k = nn.Linear(width, dim * self.key_heads)
        self.v = nn.Linear(width, dim * self.key_heads)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor, memory: Tensor | None = None) -> Tensor:
        y = self.norm(x)
        memory = y if memory is None else memory
        q, k, v = (
            layer(t).view(*t.shape[:2], heads, -1).transpose(1, 2)
            for layer, t, heads in (
                (self.q, y, self.heads),
                (self.k, memory, self.key_heads),
                (self.v, memory, self.key_heads),
            )
        )
        return x + self.out(self.attend(q, k, v).transpose(1, 2).flatten(2))


class Stack(nn.Module):
    """Two blocks; the first of two inputs asks, the second, if there is one, answers."""

    def __init__(self, *blocks: nn.Module) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(blocks)

    def forward(self, x: Tensor, memory: Tensor | None = None) -> Tensor:
        for block in self.blocks:
            x = block(x) if memory is None else block(x, memory)
        return x


def swapped(t: Tensor) -> Tensor:
    return t.transpose(-1, -2)


def softmax(scores: Tensor) -> Tensor:
    return scores.softmax(-1)


def exp_sum_div(scores: Tensor) -> Tensor:
    weights = (scores - scores.amax(-1, keepdim=True)).exp()
    return weights / weights.sum(-1, keepdim=True)


def bare_exp(scores: Tensor) -> Tensor:
    weights = scores.exp()
    return weights * (1 / weights.sum(-1, keepdim=True))


def by_logsumexp(scores: Tensor) -> Tensor:
    return (scores - scores.logsumexp(-1, keepdim=True)).exp()


def by_log_softmax(scores: Tensor) -> Tensor:
    return scores.log_softmax(-1).exp()


def upcast(scores: Tensor) -> Tensor:
    return scores.double().softmax(-1).float()


def matmul(q: Tensor, k: Tensor, v: Tensor, normalise: Softmax = softmax) -> Tensor:
    return normalise(q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])) @ v


def query_scaled(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return (q * q.shape[-1] ** -0.5 @ k.transpose(-1, -2)).softmax(-1) @ v


def unscaled(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return (q @ swapped(k)).softmax(-1) @ v


def keys_first(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Scores (batch, head, key, query), softmax over the keys, V multiplied from the other side."""
    scores = k @ swapped(q) * q.shape[-1] ** -0.5
    return swapped(swapped(v) @ scores.softmax(-2))


def folded(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    batch, heads = q.shape[:2]
    q, k, v = (t.flatten(0, 1) for t in (q, k, v))
    scores = torch.bmm(q, k.transpose(1, 2)) * q.shape[-1] ** -0.5
    return torch.bmm(scores.softmax(-1), v).unflatten(0, (batch, heads))


def folded_baddbmm(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    batch, heads = q.shape[:2]
    q, k, v = (t.flatten(0, 1) for t in (q, k, v))
    ramp = 0.3 * torch.arange(k.shape[1], dtype=q.dtype).expand(q.shape[0], q.shape[1], -1)
    scores = torch.baddbmm(ramp, q, k.transpose(1, 2), alpha=q.shape[-1] ** -0.5)
    return torch.bmm(scores.softmax(-1), v).unflatten(0, (batch, heads))


def einsum(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    scores = torch.einsum("bhqd,bhkd->bhqk", q, k) * q.shape[-1] ** -0.5
    return torch.einsum("bhqk,bhkd->bhqd", scores.softmax(-1), v)


def einsum_heads_last(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Scores (batch, query, key, head), softmax over the middle."""
    q, k, v = (t.transpose(1, 2) for t in (q, k, v))
    scores = torch.einsum("bqhd,bkhd->bqkh", q, k) * q.shape[-1] ** -0.5
    return torch.einsum("bqkh,bkhd->bhqd", scores.softmax(2), v)


def einsum_keys_first(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    scores = torch.einsum("bhqd,bhkd->bkhq", q, k) * q.shape[-1] ** -0.5
    return torch.einsum("bkhq,bhkd->bhqd", scores.softmax(1), v)


def causal_filled(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    scores = q @ swapped(k) * q.shape[-1] ** -0.5
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(later, float("-inf")).softmax(-1) @ v


def causal_where(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    scores = q @ swapped(k) * q.shape[-1] ** -0.5
    seen = torch.ones(scores.shape[-2:]).tril() == 1
    return torch.where(seen, scores, torch.tensor(-1e4)).softmax(-1) @ v


def soft_capped(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    scores = torch.tanh(q @ swapped(k) * q.shape[-1] ** -0.5 / 3) * 3
    return scores.softmax(-1) @ v


def cosine(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    q, k = nn.functional.normalize(q, dim=-1), nn.functional.normalize(k, dim=-1)
    return (q @ swapped(k) * 8).softmax(-1) @ v


def multi_query(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """One head of keys and values, broadcast."""
    return (q @ swapped(k) * q.shape[-1] ** -0.5).softmax(-1) @ v


def grouped(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Queries (batch, key head, group, query, dim) against keys (batch, key head, 1, key, dim)."""
    q = q.unflatten(1, (k.shape[1], -1))
    weights = (q @ swapped(k.unsqueeze(2)) * q.shape[-1] ** -0.5).softmax(-1)
    return (weights @ v.unsqueeze(2)).flatten(1, 2)


def repeated(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    times = q.shape[1] // k.shape[1]
    return matmul(q, k.repeat_interleave(times, 1), v.repeat_interleave(times, 1))


class Biased(nn.Module):
    """A bias of its own for each head, learned, and a slope over distance."""

    def __init__(self, tokens: int) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.empty(HEADS, tokens, tokens))

    def forward(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        return (q @ swapped(k) * q.shape[-1] ** -0.5 + self.table).softmax(-1) @ v


class TalkingHeads(nn.Module):
    """Heads mixed before and after the softmax (Shazeer et al. 2020): the pattern is the softmax's output."""

    def __init__(self) -> None:
        super().__init__()
        self.before = nn.Linear(HEADS, HEADS)
        self.after = nn.Linear(HEADS, HEADS)

    def forward(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        scores = q @ swapped(k) * q.shape[-1] ** -0.5
        weights = self.before(scores.permute(0, 2, 3, 1)).permute(0, 3, 1, 2).softmax(-1)
        return self.after(weights.permute(0, 2, 3, 1)).permute(0, 3, 1, 2) @ v


class SingleHead(nn.Module):
    """No axis of heads: (batch, query, key); and without a batch (query, key)."""

    def __init__(self, width: int = WIDTH) -> None:
        super().__init__()
        self.qkv = nn.Linear(width, 3 * width)

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = self.qkv(x).chunk(3, -1)
        return x + (q @ k.transpose(-1, -2) / math.sqrt(x.shape[-1])).softmax(-1) @ v


class SharedQK(nn.Module):
    """One projection for queries and keys."""

    def __init__(self) -> None:
        super().__init__()
        self.qk, self.v = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        qk, v = (t(x).view(*x.shape[:2], HEADS, -1).transpose(1, 2) for t in (self.qk, self.v))
        return x + matmul(qk, qk, v).transpose(1, 2).flatten(2)


class NonLocal(nn.Module):
    """Attention over the places of a feature map, channels first (Wang et al. 2018)."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, 2, 1)
        self.q, self.k, self.v, self.out = (nn.Conv2d(a, b, 1) for a, b in ((8, 6), (8, 6), (8, 6), (6, 8)))

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        q, k, v = (layer(x).flatten(2) for layer in (self.q, self.k, self.v))  # (batch, channel, token)
        weights = (swapped(q) @ k).softmax(-1)
        return x + self.out((v @ swapped(weights)).unflatten(-1, x.shape[-2:]))


class LearnedQueries(nn.Module):
    """Latents ask, tokens answer (attention pooling, Perceiver)."""

    def __init__(self) -> None:
        super().__init__()
        self.latents = nn.Parameter(torch.empty(1, 5, WIDTH))
        self.block = Block(matmul)

    def forward(self, x: Tensor) -> Tensor:
        return self.block(self.latents.expand(x.shape[0], -1, -1), x)


class Additive(nn.Module):
    """w · tanh(Q + K) (Bahdanau et al. 2014): there is no product of queries and keys."""

    def __init__(self) -> None:
        super().__init__()
        self.q, self.k = nn.Linear(WIDTH, 10), nn.Linear(WIDTH, 10, bias=False)
        self.w = nn.Linear(10, 1)

    def forward(self, x: Tensor, memory: Tensor) -> Tensor:
        scores = self.w(torch.tanh(self.q(x).unsqueeze(2) + self.k(memory).unsqueeze(1))).squeeze(-1)
        return x + scores.softmax(-1) @ memory  # (batch, query, key) (batch, key, dim)


def _two(attend: Attend, **sizes: Any) -> nn.Module:
    return Stack(Block(attend, **sizes), Block(attend, **sizes))


def selfs(
    make: Callable[[], nn.Module], tokens: int = 17, twin: Callable[[], nn.Module] | None = None, **more: Any
) -> Subject:
    other = distinctive(twin()) if twin else None
    return Subject(distinctive(make()), {"x": noise(2, tokens, WIDTH)}, twin=other, **more)


def crosses(make: Callable[[], nn.Module], sites: int = 2, **more: Any) -> Subject:
    inputs = {"x": noise(2, 9, WIDTH), "memory": noise(2, 14, WIDTH, seed=2)}
    return Subject(distinctive(make()), inputs, kinds=["cross"] * sites, **more)


def _heads_second(found: list[Tensor]) -> list[Tensor]:
    """From (batch, query, head, key)."""
    return [pattern.transpose(1, 2) for pattern in found]


def _grouped_heads(found: list[Tensor]) -> list[Tensor]:
    return [pattern.flatten(1, 2) for pattern in found]


def _cases() -> list[Case]:
    title = "plain PyTorch"
    table: Sequence[tuple[str, str, Callable[[], Subject], Sequence[Any]]] = (
        ("matmul", "matmul, softmax, matmul", partial(selfs, partial(_two, matmul)), [TorchScript(9), TS11, DYN18]),
        ("query_scaled", "scaled queries", partial(selfs, partial(_two, query_scaled)), [TS17, DYN18]),
        ("unscaled", "no scale", partial(selfs, partial(_two, unscaled)), [TS17]),
        ("keys_first", "K Qᵀ, softmax over rows, Vᵀ", partial(selfs, partial(_two, keys_first)), [TS17, DYN18]),
        ("folded", "heads folded, bmm", partial(selfs, partial(_two, folded), heads=HEADS), [TS17, DYN18]),
        ("baddbmm", "heads folded, baddbmm", partial(selfs, partial(_two, folded_baddbmm), heads=HEADS), [TS17, DYN18]),
        ("einsum", "einsum", partial(selfs, partial(_two, einsum)), [TS17, DYN18]),
        (
            "einsum_heads_last",
            "einsum, heads last",
            partial(selfs, partial(_two, einsum_heads_last), arrange=_heads_second),
            [TS17, DYN18],
        ),
        # (batch, head, query, key) once the softmax's axis is last
        (
            "einsum_keys_first",
            "einsum, keys before heads",
            partial(selfs, partial(_two, einsum_keys_first)),
            [TS17, DYN18],
        ),
        ("causal_filled", "masked_fill with -inf", partial(selfs, partial(_two, causal_filled)), [TS17, DYN18]),
        ("causal_where", "where with -1e4", partial(selfs, partial(_two, causal_where)), [TS17]),
        ("softcap", "tanh cap", partial(selfs, partial(_two, soft_capped)), [TS17, DYN20]),
        ("cosine", "cosine", partial(selfs, partial(_two, cosine)), [TS17, DYN18]),
        (
            "multi_query",
            "one key head, broadcast",
            partial(selfs, partial(_two, multi_query, key_heads=1)),
            [TS17, DYN18],
        ),
        (
            "grouped",
            "query groups on an axis",
            partial(selfs, partial(_two, grouped, heads=6, key_heads=2), arrange=_grouped_heads),
            [TS17, DYN18],
        ),
        ("repeated", "keys repeated", partial(selfs, partial(_two, repeated, heads=6, key_heads=3)), [TS17, DYN18]),
        ("bias", "learned bias", partial(selfs, lambda: _two(Biased(17))), [TS17, DYN18]),
        (
            "talking",
            "talking heads",
            partial(selfs, lambda: Stack(Block(TalkingHeads()), Block(TalkingHeads()))),
            [TS17, DYN18],
        ),
        (
            "single_head",
            "no head axis",
            partial(selfs, lambda: Stack(SingleHead(), SingleHead()), heads=1),
            [TS17, DYN18],
        ),
        ("no_batch", "no batch axis", _no_batch, [TS17]),
        (
            "shared_qk",
            "one projection for Q and K",
            partial(selfs, lambda: Stack(SharedQK(), SharedQK())),
            [TS17, DYN18],
        ),
        ("nonlocal", "feature map, channels first", _nonlocal, [TS17, DYN18]),
        ("learned_queries", "learned queries", partial(selfs, LearnedQueries, kinds=["cross"]), [TS17, DYN18]),
        ("additive", "additive", partial(crosses, Additive, sites=1, heads=1), [TS17, DYN18]),
        ("cross", "two inputs", partial(crosses, partial(_two, matmul)), [TS17, DYN18]),
        (
            "upcast",
            "softmax in double",
            partial(selfs, partial(_two, partial(matmul, normalise=upcast))),
            [TS17, DYN18],
        ),
    )
    cases = [
        case for short, words, build, routes in table for case in family(f"plain_{short}", title, words, build, routes)
    ]
    for spelt in (exp_sum_div, bare_exp, by_logsumexp, by_log_softmax):
        words = spelt.__name__.replace("_", " ")
        build = partial(selfs, partial(_two, partial(matmul, normalise=spelt)), twin=partial(_two, matmul))
        cases += family(f"plain_{spelt.__name__}", title, words, build, [TS17, DYN18])
    return cases + _sdpa_cases()


def _no_batch() -> Subject:
    return Subject(distinctive(Stack(SingleHead(), SingleHead())), {"x": noise(17, WIDTH)})


def _nonlocal() -> Subject:
    return Subject(distinctive(NonLocal()), {"image": noise(2, 3, 8, 12)}, heads=1, meta={"grid": [4, 6], "patch": 2})


class MaskedStack(nn.Module):
    """Blocks whose attention reads a mask that is an input of the graph."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = Block(self.attend), Block(self.attend)
        self.mask: Tensor | None = None

    def attend(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        return sdpa(q, k, v, attn_mask=self.mask)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        self.mask = mask[:, None, None]
        return self.second(self.first(x))


def _masked(additive: bool) -> Subject:
    mask = torch.ones(2, 17, dtype=torch.bool)
    mask[0, 13:] = mask[1, 3:5] = False
    given = noise(2, 17, seed=3) * 2 if additive else mask
    return Subject(distinctive(MaskedStack()), {"x": noise(2, 17, WIDTH), "mask": given})


def _sdpa_cases() -> list[Case]:
    title = "scaled_dot_product_attention"
    causal = partial(sdpa, is_causal=True)
    scaled = partial(sdpa, scale=0.7)
    gqa = partial(sdpa, enable_gqa=True)
    routes = (TS14, TS17, DYN18, DYN23, DYN25)
    newer = (TS17, DYN18, DYN25)
    return [
        *family("sdpa_plain", title, "sdpa", partial(selfs, partial(_two, sdpa)), routes),
        *family("sdpa_causal", title, "sdpa is_causal", partial(selfs, partial(_two, causal)), routes),
        *family("sdpa_scale", title, "sdpa scale=0.7", partial(selfs, partial(_two, scaled)), newer),
        *family(
            "sdpa_gqa",
            title,
            "sdpa enable_gqa",
            partial(selfs, partial(_two, gqa, heads=6, key_heads=2)),
            (DYN18, DYN25),
        ),
        *family("sdpa_bool_mask", title, "sdpa, bool mask", partial(_masked, False), newer),
        *family("sdpa_float_mask", title, "sdpa, float mask", partial(_masked, True), newer),
        *family("sdpa_cross", title, "sdpa", partial(crosses, partial(_two, sdpa)), newer),
    ]


CASES = tuple(_cases())

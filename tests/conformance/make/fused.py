"""Fused operators, put into graphs by hand: ai.onnx Attention and the com.microsoft family.

The reference is a PyTorch network of the same weights that spells the operator's definition out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from tests.conformance.make.case import Case, Subject
from tests.conformance.make.weights import distinctive, noise

WIDTH, HEADS, TOKENS, BATCH = 12, 3, 13, 2
MICROSOFT = "com.microsoft"


class Layer(nn.Module):
    """Weights of one attention, and what it computes from queries, keys and values (batch, head, token, dim)."""

    def __init__(self, key_heads: int = HEADS, heads: int = HEADS, width: int = WIDTH) -> None:
        super().__init__()
        self.heads, self.key_heads, self.dim = heads, key_heads, width // heads
        self.q = nn.Linear(width, width)
        self.k, self.v = (nn.Linear(width, self.dim * key_heads) for _ in range(2))
        self.out = nn.Linear(width, width)


Bias = Callable[[Tensor], Tensor]  # scaled scores to biased scores, both (batch, head, query, key)


def attend(layer: Layer, q: Tensor, k: Tensor, v: Tensor, scale: float | None, bias: Bias) -> Tensor:
    k, v = (t.repeat_interleave(layer.heads // layer.key_heads, 1) for t in (k, v))
    scores = q @ k.transpose(-1, -2) * (layer.dim**-0.5 if scale is None else scale)
    return (bias(scores).softmax(-1) @ v).transpose(1, 2).flatten(2)


def split(t: Tensor, heads: int) -> Tensor:
    return t.unflatten(-1, (heads, -1)).transpose(1, 2)


def as_is(scores: Tensor) -> Tensor:
    return scores


def causal(scores: Tensor, window: int | None = None) -> Tensor:
    queries, keys = scores.shape[-2:]
    age = torch.arange(keys - queries, keys)[:, None] - torch.arange(keys)
    hidden = age < 0 if window is None else (age < 0) | (age >= window)
    return scores.masked_fill(hidden, float("-inf"))


class Builder:
    """A graph, node by node."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def add(self, op: str, *inputs: str, domain: str = "", outputs: int = 1, **attributes: Any) -> Any:
        names = [f"{op.lower()}_{len(self.nodes)}_{i}" for i in range(outputs)]
        attributes = {name: value for name, value in attributes.items() if value is not None}
        self.nodes.append(
            helper.make_node(op, list(inputs), names, f"{op}_{len(self.nodes)}", domain=domain, **attributes)
        )
        return names[0] if outputs == 1 else names

    def weight(self, value: np.ndarray | Tensor) -> str:
        array = np.ascontiguousarray(value.detach().numpy() if isinstance(value, Tensor) else value)
        self.weights.append(numpy_helper.from_array(array, f"weight_{len(self.weights)}"))
        return self.weights[-1].name

    def linear(self, x: str, layer: nn.Linear) -> str:
        return str(self.add("Add", self.add("MatMul", x, self.weight(layer.weight.T)), self.weight(layer.bias)))

    def heads(self, x: str, heads: int) -> str:
        shaped = self.add("Reshape", x, self.weight(np.array([0, 0, heads, -1])))
        return str(self.add("Transpose", shaped, perm=[0, 2, 1, 3]))

    def joined(self, x: str) -> str:
        flat = self.add("Transpose", x, perm=[0, 2, 1, 3])
        return str(self.add("Reshape", flat, self.weight(np.array([0, 0, -1]))))

    def model(self, subject: Subject, results: list[str], opset: int) -> onnx.ModelProto:
        for given, wanted in zip(results, subject.outputs, strict=True):
            self.nodes.append(helper.make_node("Identity", [given], [wanted]))
        kinds = {torch.float32: TensorProto.FLOAT, torch.int64: TensorProto.INT64, torch.int32: TensorProto.INT32}
        kinds[torch.bool] = TensorProto.BOOL
        inputs = [helper.make_tensor_value_info(n, kinds[t.dtype], list(t.shape)) for n, t in subject.inputs.items()]
        outputs = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, list(subject.inputs["x"].shape))
            for name in subject.outputs
        ]
        graph = helper.make_graph(self.nodes, "fused", inputs, outputs, self.weights)
        opsets = [helper.make_opsetid("", opset), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10 if opset < 24 else 11)


Emit = Callable[[Builder, Layer, str, str], str]  # builder, layer, tokens, memory: the output before its projection


class Network(nn.Module):
    """Two layers with residuals. Further inputs (masks, pasts) are read by `bias` through `given`."""

    def __init__(self, names: list[str], bias: Any, scale: float | None = None, **sizes: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer(**sizes) for _ in range(2))
        self.names, self.bias, self.scale = names, bias, scale
        self.rotate: Callable[[Tensor], Tensor] = as_is

    def forward(self, *inputs: Tensor) -> Tensor:
        given = dict(zip(self.names, inputs, strict=True))
        x = given["x"]
        for index, layer in enumerate(self.layers):
            memory = given.get("memory", x)
            q = self.rotate(split(layer.q(x), layer.heads))
            k = self.rotate(split(layer.k(memory), layer.key_heads))
            v = split(layer.v(memory), layer.key_heads)
            if f"past_key_{index}" in given:
                k = torch.cat([given[f"past_key_{index}"], k], 2)
                v = torch.cat([given[f"past_value_{index}"], v], 2)
            x = x + layer.out(attend(layer, q, k, v, self.scale, partial(self.bias, given)))
        return x


@dataclass(frozen=True)
class ByHand:
    """A route: the graph is written node by node around the operator."""

    operator: str
    opset: int
    emit: Callable[..., str] = field(repr=False)

    @property
    def label(self) -> str:
        return f"by hand, {self.operator}, opset {self.opset}"

    @property
    def short(self) -> str:
        return "hand"

    def __call__(self, subject: Subject, dynamic: bool) -> onnx.ModelProto:
        builder, x = Builder(), "x"
        network: Any = subject.module
        for index, layer in enumerate(network.layers):
            memory = "memory" if "memory" in subject.inputs else x
            answer = self.emit(builder, layer, x, memory, index)
            x = builder.add("Add", x, builder.linear(answer, layer.out))
        return builder.model(subject, [x], self.opset)


def subject(
    bias: Any = None, inputs: dict[str, Tensor] | None = None, gain: float = 1.5, tokens: int = TOKENS, **more: Any
) -> Subject:
    width = more.get("width", WIDTH)
    given = {"x": noise(BATCH, tokens, width)} | (inputs or {})
    network = Network(list(given), bias or (lambda _, scores: scores), **more)
    kinds = ["cross" if "memory" in given else "self"] * 2
    return Subject(distinctive(network, gain=gain), given, kinds=kinds)


# ai.onnx Attention (opset 23)


def onnx_attention(
    b: Builder,
    layer: Layer,
    x: str,
    memory: str,
    index: int,
    *,
    four: bool = False,
    mask: str = "",
    past: bool = False,
    **attributes: Any,
) -> str:
    q, k, v = b.linear(x, layer.q), b.linear(memory, layer.k), b.linear(memory, layer.v)
    if four:
        q, k, v = b.heads(q, layer.heads), b.heads(k, layer.key_heads), b.heads(v, layer.key_heads)
    else:
        attributes |= {"q_num_heads": layer.heads, "kv_num_heads": layer.key_heads}
    inputs = [q, k, v, mask] + ([f"past_key_{index}", f"past_value_{index}"] if past else [])
    while not inputs[-1]:
        inputs.pop()
    answer = b.add("Attention", *inputs, outputs=3 if past else 1, **attributes)
    answer = answer[0] if past else answer
    return b.joined(answer) if four else answer


def masks() -> dict[str, Tensor]:
    seen = torch.rand(BATCH, 1, TOKENS, TOKENS, generator=torch.Generator().manual_seed(3)) > 0.4
    seen |= torch.eye(TOKENS, dtype=torch.bool)
    return {"mask": seen}


def by_mask(given: dict[str, Tensor], scores: Tensor) -> Tensor:
    mask = given["mask"]
    return scores.masked_fill(~mask, float("-inf")) if mask.dtype == torch.bool else scores + mask


def soft_cap(given: dict[str, Tensor], scores: Tensor) -> Tensor:
    return torch.tanh(scores / 2.5) * 2.5


def pasts(key_heads: int = HEADS, dim: int = WIDTH // HEADS, tokens: int = 5) -> dict[str, Tensor]:
    names = [f"past_{part}_{index}" for index in range(2) for part in ("key", "value")]
    return {name: noise(BATCH, key_heads, tokens, dim, seed=7 + i) for i, name in enumerate(names)}


def _onnx_cases() -> list[Case]:
    float_mask = {"mask": noise(HEADS, TOKENS, TOKENS, seed=4) * 2}
    flat = {"mask": noise(TOKENS, TOKENS, seed=5) * 2}
    memory = {"memory": noise(BATCH, 9, WIDTH, seed=6)}
    only_causal = lambda _, scores: causal(scores)  # noqa: E731
    table: tuple[tuple[str, str, Callable[[], Subject], dict[str, Any]], ...] = (
        ("3d", "three axes", subject, {}),
        ("4d", "four axes", subject, {"four": True}),
        ("scale", "scale", partial(subject, scale=0.8), {"scale": 0.8}),
        ("causal", "is_causal", partial(subject, only_causal), {"is_causal": 1}),
        ("softcap", "softcap", partial(subject, soft_cap), {"softcap": 2.5}),
        ("bool_mask", "bool mask", partial(subject, by_mask, masks()), {"mask": "mask"}),
        (
            "float_mask",
            "float mask for each head",
            partial(subject, by_mask, float_mask),
            {"mask": "mask", "four": True},
        ),
        ("flat_mask", "float mask, two axes", partial(subject, by_mask, flat), {"mask": "mask"}),
        ("gqa", "grouped queries", partial(subject, key_heads=2, heads=6, width=24), {}),
        ("gqa_4d", "grouped queries, four axes", partial(subject, key_heads=1, heads=3), {"four": True}),
        ("cross", "two inputs", partial(subject, None, memory), {}),
        ("past", "past and present", partial(subject, None, pasts()), {"past": True}),
        (
            "past_causal",
            "past, causal",
            partial(subject, only_causal, pasts()),
            {"past": True, "is_causal": 1, "four": True},
        ),
    )
    return [
        Case(
            f"op_attention_{short}",
            "ai.onnx Attention",
            build,
            ByHand("Attention", opset, partial(onnx_attention, **options)),
            words,
        )
        for short, words, build, options in table
        for opset in ((24,) if short in ("past", "gqa_4d") else (23,))
    ]


# com.microsoft


def fused_qkv(
    b: Builder, layer: Layer, x: str, memory: str, index: int, *, mask: str = "", bias: str = "", **attributes: Any
) -> str:
    """Attention: the projections of Q, K and V are inside."""
    weights = b.weight(torch.cat([t.weight for t in (layer.q, layer.k, layer.v)]).T)
    offsets = b.weight(torch.cat([t.bias for t in (layer.q, layer.k, layer.v)]))
    inputs = [x, weights, offsets, mask, "", bias]
    while not inputs[-1]:
        inputs.pop()
    return str(b.add("Attention", *inputs, domain=MICROSOFT, num_heads=layer.heads, **attributes))


def multi_head(
    b: Builder,
    layer: Layer,
    x: str,
    memory: str,
    index: int,
    *,
    form: str = "separate",
    mask: str = "",
    bias: str = "",
    **attributes: Any,
) -> str:
    if form == "biased":  # the operator adds the biases
        q, k, v = (
            b.add("MatMul", t, b.weight(w.weight.T)) for t, w in ((x, layer.q), (memory, layer.k), (memory, layer.v))
        )
        offsets = b.weight(torch.cat([t.bias for t in (layer.q, layer.k, layer.v)]))
    else:
        q, k, v = b.linear(x, layer.q), b.linear(memory, layer.k), b.linear(memory, layer.v)
        offsets = ""
    if form == "heads":  # keys and values (batch, head, token, dim)
        k, v = b.heads(k, layer.heads), b.heads(v, layer.heads)
    past = [f"past_key_{index}", f"past_value_{index}"] if form == "past" else []
    inputs = [q, k, v, offsets, mask, bias, *past]
    while not inputs[-1]:
        inputs.pop()
    attributes["num_heads"] = layer.heads
    outputs = 3 if past else 1
    answer = b.add("MultiHeadAttention", *inputs, domain=MICROSOFT, outputs=outputs, **attributes)
    return str(answer[0] if past else answer)


def grouped(
    b: Builder, layer: Layer, x: str, memory: str, index: int, *, past: int = 0, rotary: bool = False, **attributes: Any
) -> str:
    q, k, v = b.linear(x, layer.q), b.linear(memory, layer.k), b.linear(memory, layer.v)
    total = past + (1 if past else TOKENS)
    before = [f"past_key_{index}", f"past_value_{index}"] if past else ["", ""]
    lengths = b.weight(np.full((BATCH,), total - 1, np.int32))
    inputs = [q, k, v, *before, lengths, b.weight(np.array(total, np.int32))]
    if rotary:
        cosine, sine = angles(layer.dim, 32)
        inputs += [b.weight(cosine), b.weight(sine)]
        attributes["do_rotary"] = 1
    attributes |= {"num_heads": layer.heads, "kv_num_heads": layer.key_heads}
    return str(b.add("GroupQueryAttention", *inputs, domain=MICROSOFT, outputs=3, **attributes)[0])


def angles(dim: int, tokens: int) -> tuple[Tensor, Tensor]:
    turns = torch.outer(torch.arange(tokens, dtype=torch.float32), 50.0 ** (-torch.arange(0, dim, 2) / dim))
    return turns.cos(), turns.sin()


def rotated(t: Tensor) -> Tensor:
    """Halves turned against each other (Su et al. 2021, as GPT-NeoX lays them out)."""
    cosine, sine = (a[: t.shape[2]] for a in angles(t.shape[-1], 32))
    first, second = t.chunk(2, -1)
    return torch.cat([first * cosine - second * sine, second * cosine + first * sine], -1)


def rotary_subject() -> Subject:
    made = subject(lambda _, scores: causal(scores), gain=1.3, key_heads=1, heads=2, width=32)
    made.module.rotate = rotated
    return made


def padding(given: dict[str, Tensor], scores: Tensor) -> Tensor:
    return scores.masked_fill(given["mask"][:, None, None] == 0, -10000.0)


def _microsoft_cases() -> list[Case]:
    mask = torch.ones(BATCH, TOKENS, dtype=torch.int32)
    mask[0, 10:] = mask[1, 2:4] = 0
    padded = partial(subject, padding, {"mask": mask})
    biased = partial(subject, by_mask, {"mask": noise(1, HEADS, TOKENS, TOKENS, seed=4) * 2})
    memory = {"memory": noise(BATCH, 9, WIDTH, seed=6)}
    one_way = partial(subject, lambda _, scores: causal(scores))
    table: tuple[tuple[str, str, str, Callable[[], Subject], Any, dict[str, Any]], ...] = (
        ("attention", "Attention", "fused QKV", subject, fused_qkv, {}),
        ("attention_mask", "Attention", "key mask", padded, fused_qkv, {"mask": "mask", "mask_filter_value": -10000.0}),
        ("attention_bias", "Attention", "attention_bias", biased, fused_qkv, {"bias": "mask"}),
        ("attention_causal", "Attention", "unidirectional", one_way, fused_qkv, {"unidirectional": 1}),
        ("attention_scale", "Attention", "scale", partial(subject, scale=0.8), fused_qkv, {"scale": 0.8}),
        ("mha", "MultiHeadAttention", "separate Q, K, V", subject, multi_head, {}),
        ("mha_biased", "MultiHeadAttention", "with projection biases", subject, multi_head, {"form": "biased"}),
        ("mha_cross", "MultiHeadAttention", "two inputs", partial(subject, None, memory), multi_head, {}),
        (
            "mha_heads",
            "MultiHeadAttention",
            "K, V with four axes",
            partial(subject, None, memory),
            multi_head,
            {"form": "heads"},
        ),
        (
            "mha_mask",
            "MultiHeadAttention",
            "key padding mask",
            padded,
            multi_head,
            {"mask": "mask", "mask_filter_value": -10000.0},
        ),
        ("mha_bias", "MultiHeadAttention", "attention_bias", biased, multi_head, {"bias": "mask"}),
        ("mha_past", "MultiHeadAttention", "past", partial(subject, None, pasts()), multi_head, {"form": "past"}),
        ("mha_causal", "MultiHeadAttention", "unidirectional", one_way, multi_head, {"unidirectional": 1}),
    )
    cases = [
        Case(f"ms_{short}", f"com.microsoft {op}", build, ByHand(op, 17, partial(emit, **options)), words)
        for short, op, words, build, emit, options in table
    ]
    sizes = {"key_heads": 2, "heads": 6, "width": 48}
    one_way = partial(subject, lambda _, scores: causal(scores), gain=1.3, **sizes)
    window = partial(subject, lambda _, scores: causal(scores, 4), gain=1.3, **sizes)
    capped = partial(subject, lambda _, scores: causal(soft_cap(_, scores)), gain=1.3, **sizes)
    before = partial(one_way, inputs=pasts(2, 8, 11), tokens=1)
    for short, words, build, options in (
        ("gqa", "causal", one_way, {}),
        ("gqa_window", "sliding window", window, {"local_window_size": 4}),
        ("gqa_softcap", "softcap", capped, {"softcap": 2.5}),
        ("gqa_past", "past", before, {"past": 11}),
        ("gqa_rotary", "rotary inside", rotary_subject, {"rotary": True}),
    ):
        route = ByHand("GroupQueryAttention", 17, partial(grouped, **options))
        cases.append(Case(f"ms_{short}", "com.microsoft GroupQueryAttention", build, route, words))
    return cases


CASES = (*_onnx_cases(), *_microsoft_cases())

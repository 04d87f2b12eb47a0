"""Attention inside If, Loop and Scan, where the input decides which branch runs or how often a body turns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import onnx
import torch
import transformers as tf
from onnx import TensorProto, helper
from torch import Tensor, nn

from tests.conformance.make import hf_text
from tests.conformance.make.case import Case, Route, Subject
from tests.conformance.make.plain import Block, matmul
from tests.conformance.make.routes import DYN18, TS17
from tests.conformance.make.weights import distinctive, noise, words

FLAG = "use_cache_branch"


class Cached(nn.Module):
    """A decoder by position: with a past (keys and values of every layer) or without one, as `flag` says."""

    def __init__(self, model: nn.Module, layers: int, flag: bool) -> None:
        super().__init__()
        self.model, self.layers, self.flag = model, layers, flag

    def forward(self, input_ids: Tensor, attention_mask: Tensor, *past: Tensor) -> tuple[Tensor, ...]:
        cache = tf.DynamicCache()
        for layer in range(self.layers if self.flag else 0):
            cache.update(past[2 * layer], past[2 * layer + 1], layer)
        result = self.model(input_ids=input_ids, attention_mask=attention_mask, past_key_values=cache, use_cache=True)
        return (result.logits, *(t for layer in result.past_key_values.layers for t in (layer.keys, layer.values)))


class CachedCross(nn.Module):
    """BART's decoder by position; its keys and values of the encoder's states come from the past, once there is one."""

    def __init__(self, model: nn.Module, layers: int, flag: bool) -> None:
        super().__init__()
        self.decoder, self.head, self.layers, self.flag = model.model.decoder, model.lm_head, layers, flag

    def forward(
        self, input_ids: Tensor, encoder_attention_mask: Tensor, encoder_hidden_states: Tensor, *past: Tensor
    ) -> tuple[Tensor, ...]:
        own, cross = tf.DynamicCache(), tf.DynamicCache()
        for layer in range(self.layers if self.flag else 0):
            at = 4 * layer
            own.update(past[at], past[at + 1], layer)
            cross.update(past[at + 2], past[at + 3], layer)
        result = self.decoder(
            input_ids=input_ids,
            encoder_attention_mask=encoder_attention_mask,
            encoder_hidden_states=encoder_hidden_states,
            past_key_values=tf.EncoderDecoderCache(own, cross),
            use_cache=True,
        )
        caches = zip(own.layers, cross.layers, strict=True)
        present = [t for a, b in caches for t in (a.keys, a.values, b.keys, b.values)]
        return (self.head(result.last_hidden_state), *present)


Decoder = Callable[[nn.Module, int, bool], nn.Module]


@dataclass(frozen=True)
class Merged:
    """Both decoders exported and put into the branches of one If over shared weights, as Optimum saves them.

    build: makes the decoder with a past (true) or without.
    past: names of the inputs that only the decoder with a past takes.
    """

    route: Route
    build: Callable[[bool], nn.Module]
    past: tuple[str, ...]

    @property
    def label(self) -> str:
        return f"{self.route.label}, merged"

    @property
    def short(self) -> str:
        return self.route.short

    def __call__(self, subject: Subject, dynamic: bool) -> onnx.ModelProto:
        given = {name: value for name, value in subject.inputs.items() if name != FLAG}
        fresh = {name: value for name, value in given.items() if name not in self.past}
        if "attention_mask" in fresh:
            fresh["attention_mask"] = torch.ones_like(fresh["input_ids"])
        parts = {}
        for flag, inputs in ((True, given), (False, fresh)):
            axes = {name: subject.dynamic[name] for name in inputs if name in subject.dynamic}
            part = Subject(self.build(flag), inputs, subject.outputs, dynamic=axes)
            parts[flag] = self.route(part, dynamic)
        return merged(parts[True], parts[False])


def merged(then: onnx.ModelProto, other: onnx.ModelProto) -> onnx.ModelProto:
    weights: dict[bytes, onnx.TensorProto] = {}
    branches = []
    for model, prefix in ((then, "with_past"), (other, "no_past")):
        names: dict[str, str] = {}
        for tensor in model.graph.initializer:
            array = onnx.numpy_helper.to_array(tensor)
            key = str((array.dtype, array.shape)).encode() + array.tobytes()
            if key not in weights:
                weights[key] = onnx.TensorProto()
                weights[key].CopyFrom(tensor)
                weights[key].name = f"shared.{len(weights)}"
            names[tensor.name] = weights[key].name
        names |= {name: f"{prefix}/{name}" for node in model.graph.node for name in node.output if name}
        for node in model.graph.node:
            node.input[:] = [names.get(name, name) for name in node.input]
            node.output[:] = [names.get(name, name) for name in node.output]
        results = [onnx.ValueInfoProto(name=names[value.name], type=value.type) for value in model.graph.output]
        branches.append(onnx.GraphProto(name=prefix, node=model.graph.node, output=results))
    outputs = list(then.graph.output)
    node = helper.make_node(
        "If", [FLAG], [value.name for value in outputs], "optimum::if", then_branch=branches[0], else_branch=branches[1]
    )
    flag = helper.make_tensor_value_info(FLAG, TensorProto.BOOL, [1])
    seen = {value.name: value for model in (other, then) for value in model.graph.input}  # the open sizes of both
    graph = helper.make_graph([node], "merged", [*seen.values(), flag], outputs, list(weights.values()))
    return helper.make_model(graph, opset_imports=then.opset_import, ir_version=then.ir_version)


class Either(nn.Module):
    """What a merged decoder computes: its last input says which."""

    def __init__(self, build: Callable[[bool], nn.Module], past: int) -> None:
        super().__init__()
        self.with_past, self.without, self.count = build(True), build(False), past

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        *given, flag = inputs
        return self.with_past(*given) if bool(flag) else self.without(*given[: len(given) - self.count])


LAYERS, PAST, NEW, BATCH = 2, 7, 6, 2


def _gpt2(flag: bool) -> nn.Module:
    return Cached(hf_text.gpt2("eager").module.model, LAYERS, flag)


def _bart(flag: bool) -> nn.Module:
    model = hf_text.bart(tf.BartForConditionalGeneration, tf.BartConfig, "eager").module.model
    return CachedCross(model, LAYERS, flag)


def gpt2(cached: bool) -> Subject:
    names = [f"past_key_values.{layer}.{part}" for layer in range(LAYERS) for part in ("key", "value")]

    def feeds(past: int, flag: bool) -> dict[str, Tensor]:
        inputs = {
            "input_ids": words(BATCH, NEW, below=hf_text.VOCABULARY),
            "attention_mask": torch.ones(BATCH, past + NEW, dtype=torch.int64),
        }
        inputs |= {name: noise(BATCH, 3, past, 4, seed=i) for i, name in enumerate(names)}
        return inputs | {FLAG: torch.tensor([flag])}

    axes = {name: {0: "batch", 2: "past"} for name in names}
    axes |= {"input_ids": {0: "batch", 1: "sequence"}, "attention_mask": {0: "batch", 1: "total"}}
    outputs = ["logits", *(name.replace("past_key_values", "present") for name in names)]
    subject = Subject(Either(_gpt2, len(names)), feeds(PAST, True), outputs, dynamic=axes)
    if not cached:  # the flag, the mask and the empty past are left to the engine
        subject.run_on, subject.unfed = feeds(0, False), [*names, "attention_mask", FLAG]
    return subject


def bart(cached: bool) -> Subject:
    sides = ("decoder.key", "decoder.value", "encoder.key", "encoder.value")
    names = [f"past_key_values.{layer}.{part}" for layer in range(LAYERS) for part in sides]
    source = 9

    def feeds(past: int, flag: bool) -> dict[str, Tensor]:
        mask = torch.ones(BATCH, source, dtype=torch.int64)
        mask[1, 7:] = 0
        inputs = {
            "input_ids": words(BATCH, NEW, below=hf_text.VOCABULARY, seed=2),
            "encoder_attention_mask": mask,
            "encoder_hidden_states": noise(BATCH, source, 12, seed=5),
        }
        for i, name in enumerate(names):
            length = past if "decoder" in name else source if flag else 0
            inputs[name] = noise(BATCH, 2, length, 6, seed=10 + i)
        return inputs | {FLAG: torch.tensor([flag])}

    axes = {name: {0: "batch", 2: "past" if "decoder" in name else "source"} for name in names}
    axes |= {"input_ids": {0: "batch", 1: "sequence"}}
    axes |= {name: {0: "batch", 1: "source"} for name in ("encoder_attention_mask", "encoder_hidden_states")}
    outputs = ["logits", *(name.replace("past_key_values", "present") for name in names)]
    kinds = ["self", "cross"] * LAYERS
    subject = Subject(Either(_bart, len(names)), feeds(PAST, True), outputs, kinds, dynamic=axes)
    if not cached:
        subject.run_on, subject.unfed = feeds(0, False), [*names, FLAG]
    return subject


class Turning(nn.Module):
    """The same block again and again: as often as the second input is long."""

    def __init__(self) -> None:
        super().__init__()
        self.q, self.k, self.v = nn.Linear(12, 12), nn.Linear(12, 12), nn.Linear(12, 12)

    def forward(self, x: Tensor, times: Tensor) -> Tensor:
        for turn in range(times.size(0)):
            q, k, v = (
                self.q(x).view(2, 9, 3, 4).transpose(1, 2),
                self.k(x).view(2, 9, 3, 4).transpose(1, 2),
                self.v(x).view(2, 9, 3, 4).transpose(1, 2),
            )
            pattern = (torch.matmul(q, k.transpose(-1, -2)) * 0.5 + times[turn]).softmax(-1)
            x = torch.tanh(x + torch.matmul(pattern, v).transpose(1, 2).reshape(2, 9, 12))
        return x


def turning() -> Subject:
    """TorchScript writes a scripted loop as Loop, its turns counted from a shape."""
    module = distinctive(Turning())
    inputs = {"x": noise(2, 9, 12), "times": noise(3)}
    return Subject(torch.jit.script(module), inputs, dynamic={"times": {0: "turns"}}, twin=module)


class Slices(nn.Module):
    """Attention within each of several sequences, one after the other, by torch's scan: a state goes along."""

    def __init__(self) -> None:
        super().__init__()
        self.block = Block(matmul)

    def forward(self, x: Tensor) -> Tensor:
        from torch._higher_order_ops.scan import scan

        def step(state: Tensor, part: Tensor) -> tuple[Tensor, Tensor]:
            mixed = self.block((part + state)[None])[0]
            return mixed.tanh(), mixed.clone()

        return scan(step, torch.zeros(9, 12), x)[1]


class Spelled(Slices):
    """The same in a plain loop, whose softmaxes can be seen."""

    def forward(self, x: Tensor) -> Tensor:
        state, found = torch.zeros(9, 12), []
        for part in x:
            mixed = self.block((part + state)[None])[0]
            state = mixed.tanh()
            found.append(mixed)
        return torch.stack(found)


def scanning() -> Subject:
    return Subject(distinctive(Slices()), {"x": noise(4, 9, 12)}, twin=distinctive(Spelled()))


class Conditional(nn.Module):
    """One of two blocks by torch.cond: dynamo writes an If."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = Block(matmul), Block(matmul)

    def forward(self, x: Tensor, wanted: Tensor) -> Tensor:
        return torch.cond(wanted, self.first, self.second, (x,))


class Chosen(Conditional):
    """The same by Python's if."""

    def forward(self, x: Tensor, wanted: Tensor) -> Tensor:
        return self.first(x) if bool(wanted) else self.second(x)


def conditional(wanted: bool) -> Subject:
    inputs = {"x": noise(2, 9, 12), "wanted": torch.tensor(wanted)}
    return Subject(distinctive(Conditional()), inputs, twin=distinctive(Chosen()))


def _cases() -> list[Case]:
    cases = []
    both: Sequence[tuple[str, str, Callable[[bool], Subject], Callable[[bool], nn.Module]]] = (
        ("gpt2", "GPT-2, decoders merged", gpt2, _gpt2),
        ("bart", "BART, decoders merged", bart, _bart),
    )
    for short, title, subject, build in both:
        for cached in (False, True):
            past = tuple(name for name in subject(True).inputs if name.startswith("past_key_values"))
            route = Merged(TS17, build, past)
            what = "If by use_cache_branch, " + ("with past" if cached else "without past")
            name = f"merged_{short}_{'past' if cached else 'first'}"
            cases.append(Case(name, title, partial(subject, cached), route, what, True, names=True))
    cases.append(Case("loop_script_ts17", "plain PyTorch", turning, TS17, "Loop of a scripted for", True))
    cases.append(Case("scan_torch_dyn18", "plain PyTorch", scanning, DYN18, "Scan of torch's scan", names=True))
    for wanted in (False, True):
        build_cond = partial(conditional, wanted)
        name = f"cond_torch_{'first' if wanted else 'second'}_dyn18"
        cases.append(Case(name, "plain PyTorch", build_cond, DYN18, "If of torch.cond", names=True))
    return cases


CASES = tuple(_cases())

"""The graphs of an encoder–decoder, as Optimum cuts them: encoder, decoder, decoder with a past, and both in one If."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import onnx
import torch
import transformers as tf
from onnx import compose, helper
from torch import Tensor, nn

from tests.conformance.make.case import Subject
from tests.conformance.make.routes import TS17
from tests.conformance.make.shorten import shorten

Axes = dict[str, dict[int, str]]
SOURCE, TARGET = "encoder_sequence_length", "decoder_sequence_length"


def exported(module: nn.Module, inputs: dict[str, Tensor], outputs: Sequence[str], axes: Axes) -> onnx.ModelProto:
    """Export with open sizes, and drop what the graph does not use."""
    module.eval()  # the exporter brings wrapper and model back to the mode that the wrapper had
    named = Subject(module, inputs, outputs, dynamic=axes | {name: {0: "batch_size"} for name in outputs})
    return shorten(TS17(named, True))


class Encoder(nn.Module):
    """What an encoder gives."""

    def __init__(self, encoder: nn.Module, names: Sequence[str]) -> None:
        super().__init__()
        self.encoder, self.names = encoder, tuple(names)

    def forward(self, *inputs: Tensor) -> Tensor:
        return self.encoder(**dict(zip(self.names, inputs, strict=True)))[0]


class Decoder(nn.Module):
    """Logits, and the keys and values of every layer.

    Args:
        model: the whole model.
        mask: whether it takes the source's mask.
        layers: of the decoder; past keys and values are given for all of them, or for none.
    """

    def __init__(self, model: nn.Module, mask: bool, layers: int, past: bool) -> None:
        super().__init__()
        self.model, self.mask, self.layers, self.past = model, mask, layers, past

    def forward(self, input_ids: Tensor, *rest: Tensor) -> tuple[Tensor, ...]:
        rest_list = list(rest)
        mask = rest_list.pop(0) if self.mask else None
        cache = None
        if self.past:
            own, cross = tf.DynamicCache(), tf.DynamicCache()
            for layer in range(self.layers):
                a, b, c, d = rest_list[4 * layer : 4 * layer + 4]
                own.update(a, b, layer)
                cross.update(c, d, layer)
            cache = tf.EncoderDecoderCache(own, cross)
            keys = rest_list[2]
            states = keys.transpose(1, 2).flatten(2)  # of the right length; nothing reads it
        else:
            states = rest_list.pop(0)
        more = {"attention_mask": mask} if mask is not None else {}
        result = self.model(
            decoder_input_ids=input_ids,
            encoder_outputs=tf.modeling_outputs.BaseModelOutput(last_hidden_state=states),
            past_key_values=cache,
            use_cache=True,
            **more,
        )
        made = result.past_key_values
        present = []
        for layer in range(self.layers):
            own_layer = made.self_attention_cache.layers[layer]
            present += [own_layer.keys, own_layer.values]
            if not self.past:
                cross_layer = made.cross_attention_cache.layers[layer]
                present += [cross_layer.keys, cross_layer.values]
        return (result.logits, *present)


def past_names(layers: int) -> list[str]:
    return [
        f"past_key_values.{i}.{s}.{p}" for i in range(layers) for s in ("decoder", "encoder") for p in ("key", "value")
    ]


def graphs(
    model: nn.Module, encoder: nn.Module, inputs: dict[str, Tensor], axes: Axes, layers: int, mask: bool
) -> dict[str, onnx.ModelProto]:
    """Return "encoder_model", "decoder_model" and "decoder_with_past_model"."""
    first = exported(Encoder(encoder, list(inputs)), inputs, ["last_hidden_state"], axes)
    with torch.no_grad():
        states = Encoder(encoder, list(inputs))(*inputs.values())
    ids = torch.tensor([[2, 5, 6], [2, 7, 8]])
    given: dict[str, Any] = {"input_ids": ids}
    own: Axes = {"input_ids": {0: "batch_size", 1: TARGET}}
    if mask:
        given["encoder_attention_mask"] = torch.ones(states.shape[:2], dtype=torch.int64)
        own["encoder_attention_mask"] = {0: "batch_size", 1: SOURCE}
    given["encoder_hidden_states"] = states
    own["encoder_hidden_states"] = {0: "batch_size", 1: SOURCE}
    names = past_names(layers)
    presents = ["logits", *(n.replace("past_key_values", "present") for n in names)]
    whole = Decoder(model, mask, layers, past=False)
    second = exported(whole, given, presents, own)
    with torch.no_grad():
        _, *kept = whole(*given.values())
    later: dict[str, Any] = {"input_ids": ids[:, -1:]}
    if mask:
        later["encoder_attention_mask"] = given["encoder_attention_mask"]
    later |= dict(zip(names, kept, strict=True))
    past: Axes = {"input_ids": {0: "batch_size", 1: TARGET}, "encoder_attention_mask": {0: "batch_size", 1: SOURCE}}
    past |= {n: {0: "batch_size", 2: SOURCE if ".encoder." in n else "past_decoder_sequence_length"} for n in names}
    again = ["logits", *(n.replace("past_key_values", "present") for n in names if ".decoder." in n)]
    third = exported(Decoder(model, mask, layers, past=True), later, again, {n: past[n] for n in later})
    return {"encoder_model": first, "decoder_model": second, "decoder_with_past_model": third}


def merged(plain: onnx.ModelProto, past: onnx.ModelProto) -> onnx.ModelProto:
    """Return both decoders as branches of one If on `use_cache_branch`, as decoder_model_merged.onnx has them."""
    branches = []
    initializers: list[onnx.TensorProto] = []
    outputs = [o.name for o in plain.graph.output]
    for model, prefix in ((past, "past_"), (plain, "plain_")):
        copy = onnx.ModelProto()
        copy.CopyFrom(model)
        copy = compose.add_prefix(copy, prefix, rename_inputs=False, rename_outputs=True)
        have = {o.name.removeprefix(prefix) for o in copy.graph.output}
        for name in outputs:  # keys and values of the encoder go through as they came
            if name not in have:
                source = name.replace("present", "past_key_values")
                copy.graph.node.append(helper.make_node("Identity", [source], [prefix + name]))
        initializers += list(copy.graph.initializer)
        made = [helper.make_empty_tensor_value_info(prefix + name) for name in outputs]
        branches.append(helper.make_graph(list(copy.graph.node), prefix + "branch", [], made))
    inputs = {i.name: i for model in (plain, past) for i in model.graph.input}
    switch = helper.make_tensor_value_info("use_cache_branch", onnx.TensorProto.BOOL, [1])
    node = helper.make_node("If", ["use_cache_branch"], outputs, then_branch=branches[0], else_branch=branches[1])
    graph = helper.make_graph([node], "merged", [*inputs.values(), switch], list(plain.graph.output), initializers)
    return helper.make_model(graph, opset_imports=plain.opset_import, ir_version=plain.ir_version)

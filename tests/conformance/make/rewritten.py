"""Exported graphs after something was done to them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import transformers as tf

from tests.conformance.make import hf_text, hf_vit, plain, torch_nn
from tests.conformance.make.case import Case, Rewrite, Route, Subject
from tests.conformance.make.rewrites import (
    Int8Dynamic,
    Int8Static,
    SavedByRuntime,
    TransformersOptimizer,
    bfloat16_weights,
    half_floats,
    inside_function,
    inside_if,
    inside_loop,
)
from tests.conformance.make.routes import DYN18, TS17

Build = Callable[[], Subject]


def _cases() -> list[Case]:
    bert: Build = partial(hf_text.encoder, tf.BertModel, tf.BertConfig, "eager")
    bert_sdpa: Build = partial(hf_text.encoder, tf.BertModel, tf.BertConfig, "sdpa")
    mild: Build = partial(hf_text.encoder, tf.BertModel, tf.BertConfig, "eager", gain=1.2)
    vit: Build = partial(hf_vit.vit, "eager")
    vit_sdpa: Build = partial(hf_vit.vit, "sdpa")
    gpt2: Build = partial(hf_text.gpt2, "eager")
    llama: Build = partial(hf_text.llama_like, tf.LlamaForCausalLM, tf.LlamaConfig, "sdpa")
    block: Build = partial(plain.selfs, partial(plain._two, plain.matmul))
    mha: Build = torch_nn.attention
    cases: list[Case] = []

    def add(name: str, family: str, what: str, build: Build, route: Route, *rewrites: Rewrite, **more: Any) -> None:
        cases.append(Case(name, family, build, route, what, rewrites=rewrites, names=True, **more))

    for level, short, title, build in (
        ("basic", "bert_eager", "BERT", bert),
        ("extended", "bert_eager", "BERT", bert),
        ("extended", "bert_sdpa", "BERT", bert_sdpa),  # at basic ONNX Runtime cannot load what it saved
        ("all", "bert_sdpa", "BERT", bert_sdpa),
        ("extended", "gpt2", "GPT-2", gpt2),
    ):
        add(f"ort_{level}_{short}", title, f"saved by ONNX Runtime, {level}", build, TS17, SavedByRuntime(level))
    for level in ("basic", "extended"):  # all would lay convolutions out for this machine's processor
        add(
            f"ort_{level}_vit",
            "ViT (Transformers)",
            f"saved by ONNX Runtime, {level}",
            vit_sdpa,
            DYN18,
            SavedByRuntime(level),
        )
    add("ort_extended_llama", "Llama", "saved by ONNX Runtime, extended", llama, DYN18, SavedByRuntime("extended"))

    fusion = partial(TransformersOptimizer, heads=3, width=12)
    add("optimizer_bert", "BERT", "onnxruntime.transformers", bert, TS17, fusion("bert"))
    # Of ViT and GPT-2 as exported today it fuses nothing, and BART comes out with other answers.
    int8 = "com.microsoft QAttention"
    add(
        "optimizer_bert_int8",
        "BERT",
        int8,
        mild,
        TS17,
        fusion("bert"),
        Int8Dynamic(),
        reference="graph",
    )

    half = {"tolerance": 5e-3}
    add("fp16_bert", "BERT", "converted to float16", mild, TS17, half_floats, **half)
    add(
        "fp16_vit",
        "ViT (Transformers)",
        "converted to float16",
        partial(hf_vit.vit, "sdpa", gain=1.2),
        DYN18,
        bfloat16_weights,
        half_floats,
        **half,
    )
    # bfloat16 arithmetic has no kernels on the processor; weights in it are what can be run.
    add("bf16_weights_bert", "BERT", "bfloat16 weights, cast", bert_sdpa, DYN18, bfloat16_weights)
    for short, title, build, route in (("bert", "BERT", mild, TS17), ("vit", "ViT (Transformers)", vit, TS17)):
        add(f"int8_dynamic_{short}", title, "int8 weights, dynamic", build, route, Int8Dynamic(), reference="graph")
        add(
            f"int8_dynamic_both_{short}",
            title,
            "int8, MatMulInteger of Q and K",
            build,
            route,
            Int8Dynamic(True),
            reference="graph",
        )
    add("int8_qdq_bert", "BERT", "int8, QDQ", bert, TS17, Int8Static(("MatMul",)), reference="graph")
    add("int8_qdq_vit", "ViT (Transformers)", "int8, QDQ", vit, TS17, Int8Static(), reference="graph")

    for inside, rewrite in (("if", inside_if), ("loop", inside_loop), ("function", inside_function)):
        add(f"inside_{inside}_plain", "plain PyTorch", f"inside {inside}", block, DYN18, rewrite)
    add("inside_if_mha", "nn.MultiheadAttention", "inside if", mha, TS17, inside_if)
    add("inside_function_mha", "nn.MultiheadAttention", "inside function", mha, DYN18, inside_function)
    add("external_plain", "plain PyTorch", "weights in a file of their own", block, DYN18, external=True)
    return cases


CASES = tuple(_cases())

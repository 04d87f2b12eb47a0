"""Runs on texts, made of random numbers: a decoder or encoder alone, and both with cross-attention between them."""

from dataclasses import replace

import numpy as np

from engine import AttentionSite, ModelDescription, Run, TensorInfo
from engine.sites.layout import Operand, axes
from engine.sites.site import SitePlan, Step
from engine.text.plan import Generation, TextPlan
from engine.text.tokens import Encoded, TextTokens
from tests.synthetic import make_run

SOURCE = ("▁El", "▁ga", "to", "▁duerme", "</s>")
TARGET = ("<s>", "▁The", "▁cat", "▁sleeps")


def encoded(pieces, first_id=10):
    """Return tokens that begin with ▁ where a word begins; those in angle brackets are special."""
    special = tuple(piece[0] in "<[" for piece in pieces)
    words, word = [], -1
    for piece, is_special in zip(pieces, special, strict=True):
        word += piece.startswith("▁")
        words.append(None if is_special else max(word, 0))
    shown = tuple(piece.replace("▁", "") for piece in pieces)
    ids = tuple(range(first_id, first_id + len(pieces)))
    return Encoded(
        ids, tuple(pieces), (None,) * len(ids), special, tuple(words), (0,) * len(ids), " ".join(shown), shown=shown
    )


def text_run(pieces=SOURCE, **settings):
    """Return a run of a decoder-like model on one text."""
    run = make_run(image=False, grid=(1, len(pieces)), prefix=0, **settings)
    return replace(run, text=TextTokens(source=(encoded(pieces),), source_input="input_ids"))


def pair_run(source=SOURCE, target=TARGET, heads=2, layers=2, seed=1):
    """Return a run of an encoder and a decoder; the decoder's own attention is causal."""
    rng = np.random.default_rng(seed)
    sites, tensors = [], {}
    sizes = {"encoder": (len(source), len(source)), "decoder": (len(target), len(target))}
    sizes["cross"] = (len(target), len(source))
    for part in ("encoder",) * layers + ("decoder", "cross") * layers:
        queries, keys = sizes[part]
        index = len(sites)
        operands = [Operand(f"{name}{index}", axes("batch head token dim")) for name in "qkv"]
        for operand, count in zip(operands, (queries, keys, keys), strict=True):
            tensors[operand.value] = rng.standard_normal((1, heads, count, 4), dtype=np.float32)
        steps = (Step("scale", factor=0.5),) + ((Step("causal", factor=1.0),) if part == "decoder" else ())
        kind = "cross" if part == "cross" else "self"
        plan = SitePlan(*operands, steps=steps, factor_sizes=(("head", heads), ("dim", 4)))
        causal = part == "decoder"
        sites.append(AttentionSite(f"{part} {index}", index, kind, heads, "made", 0.5, causal, True, (), plan=plan))
    generation = Generation(start=(10,), end=(99,))
    text = TextPlan(
        task="translate",
        ids="input_ids",
        target="decoder_input_ids",
        generation=generation,
        vocabulary=20,
        tokenizer="t",
    )
    model = ModelDescription(
        name="pair",
        path="pair",
        inputs=(TensorInfo("input_ids", "int64", (1, "n")),),
        outputs=(),
        sites=tuple(sites),
        near_misses=(),
        convolutions=(),
        positions=(),
        opset=17,
        producer="",
        parameters=0,
        nodes=0,
        text=text,
    )
    logits = rng.standard_normal((1, len(target), 20), dtype=np.float32)
    tokens = TextTokens(
        source=(encoded(source),),
        target=(encoded(target),),
        source_input="input_ids",
        target_input="decoder_input_ids",
    )
    return Run(model, {}, {"logits": logits}, tensors, text=tokens)

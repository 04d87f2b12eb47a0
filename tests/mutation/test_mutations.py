"""The engine broken on purpose: every break must be noticed, by the reference graphs and by the engine itself.

A check that cannot fail is worse than none. Each break is made once with the engine's own check on opening switched
off, where comparing with the framework's attention must fail; and once with it, where the engine must notice.
"""

import dataclasses

import numpy as np
import pytest

import engine
from engine.model import describe as describing
from engine.runtime import model as opened
from engine.runtime import probe, recompute, run, score_steps
from engine.runtime.run import Run
from engine.sites.site import Step
from tests.conformance import test_conformance as conformance
from tests.conformance.references import Reference
from tests.properties.attention_graphs import Spelling, build

FUNCTIONS = ("_product", "_key_heads", "softmax")


def check(name):
    """Compare one reference graph with what the framework computed."""
    conformance.test_every_attention_is_found_and_exact(Reference(name))


def skip_step(monkeypatch, *kinds):
    """Leave steps of these kinds out."""
    for kind in kinds:
        monkeypatch.setitem(score_steps.RULES, kind, lambda _step, x, _part: x)


def scaled(monkeypatch, *kinds):
    """Make steps of these kinds a little too strong."""
    for kind in kinds:
        rule = score_steps.RULES[kind]
        monkeypatch.setitem(score_steps.RULES, kind, lambda step, x, part, rule=rule: rule(step, x, part) * 1.1)


def product_through(monkeypatch, change):
    """Change queries and keys on their way into the product: `change(q, k)` gives what is multiplied."""
    operand_of = recompute.operand_of

    def changed(operand, plan, tensors, order, memo, totals=None):
        array = operand_of(operand, plan, tensors, order, memo, totals)
        return change(array, operand is plan.query) if order == recompute.TOKENS else array

    monkeypatch.setattr(recompute, "operand_of", changed)


def factors_lost(monkeypatch):
    """Forget what the graph multiplies into Q and K."""
    product = recompute._product
    monkeypatch.setattr(recompute, "_product", lambda *args: product(*args[:-1], 1.0))


def keys_shared_wrongly(monkeypatch):
    """Deal key heads out in turn instead of in groups."""
    monkeypatch.setattr(recompute, "_key_heads", lambda heads, key_heads, head: np.arange(heads)[head] % key_heads)


def softmax_of_columns(monkeypatch):
    """Normalise over queries."""
    softmax = recompute.softmax
    monkeypatch.setattr(run, "softmax", lambda x, own=False: softmax(x.swapaxes(-1, -2), own=own).swapaxes(-1, -2))


def one_key_late(monkeypatch):
    """Let every query see one key too few: the mask moved by one."""
    places = score_steps._places

    def moved(step, part):
        queries, keys = places(step, part)
        return queries - 1, keys

    monkeypatch.setattr(score_steps, "_places", moved)


BREAKS = {
    "scale after the product": (lambda m: scaled(m, "scale", "divide"), "plain_matmul_dyn18"),
    "scale of a fused operator": (lambda m: scaled(m, "scale"), "op_attention_scale"),
    "scale split over Q and K": (factors_lost, "sdpa_scale_ts17"),
    "scale of eager attention": (lambda m: scaled(m, "scale", "divide"), "hf_vit_eager_ts17"),
    "boolean mask": (lambda m: skip_step(m, "where", "add", "mask"), "sdpa_bool_mask_ts17"),
    "boolean mask of a fused operator": (lambda m: skip_step(m, "where", "mask"), "op_attention_bool_mask"),
    "float mask": (lambda m: skip_step(m, "add", "mask"), "sdpa_float_mask_dyn18"),
    "float mask of a fused operator": (lambda m: skip_step(m, "add", "mask"), "op_attention_float_mask"),
    "causal mask": (lambda m: skip_step(m, "causal", "where", "add"), "sdpa_causal_ts17"),
    "causal mask of a fused operator": (lambda m: skip_step(m, "causal"), "op_attention_causal"),
    "causal mask moved by one": (one_key_late, "op_attention_causal"),
    "relative bias": (lambda m: skip_step(m, "add"), "timm_beit_plain_dyn18"),
    "mask of shifted windows": (lambda m: skip_step(m, "add"), "timm_swin_plain_dyn18"),
    "soft cap": (lambda m: skip_step(m, "tanh"), "plain_softcap_ts17"),
    "soft cap of a fused operator": (lambda m: skip_step(m, "tanh"), "op_attention_softcap"),
    "talking heads": (lambda m: skip_step(m, "mix"), "plain_talking_ts17"),
    "key heads shared in groups": (keys_shared_wrongly, "op_attention_gqa"),
    "softmax over the wrong axis": (softmax_of_columns, "plain_matmul_dyn18"),
    "queries' heads reversed": (
        lambda m: product_through(m, lambda a, is_query: a[:, ::-1] if is_query else a),
        "plain_matmul_dyn18",
    ),
    "heads reversed where they are folded": (
        lambda m: product_through(m, lambda a, is_query: a[:, ::-1] if is_query else a),
        "plain_folded_ts17",
    ),
    "keys in the wrong order": (
        lambda m: product_through(m, lambda a, is_query: a if is_query else a[:, :, ::-1]),
        "sdpa_plain_ts17",
    ),
    "batch items confused": (
        lambda m: product_through(m, lambda a, is_query: a[::-1] if is_query else a),
        "encoder_padded_ts17",
    ),
}


@pytest.mark.parametrize("broken", BREAKS)
def test_the_reference_graphs_notice(broken, monkeypatch):
    make, name = BREAKS[broken]
    check(name)
    monkeypatch.setattr(opened, "checked", lambda run, *, compare: probe.checked(run, compare=False))
    make(monkeypatch)
    with pytest.raises(AssertionError):
        check(name)


@pytest.mark.parametrize("broken", BREAKS)
def test_the_engine_notices_and_reads_the_models_own_softmax(broken, monkeypatch):
    make, name = BREAKS[broken]
    case = Reference(name)
    assert all(site.factored for site in engine.open_model(case.path).sites)
    make(monkeypatch)
    model = engine.open_model(case.path)
    found = model.run(case.feeds)
    if all(found.is_factored(site) for site in model.sites):
        # The made-up input of opening is one item with nothing hidden: the error of the run still tells.
        assert "mask" in broken or "batch" in broken
        assert max(found.error(site) for site in model.sites) > 1e-3
    else:
        monkeypatch.setattr(conformance, "READ_AS_THEY_ARE", ("",))  # all may be, as far as this check goes
        check(name)  # what is shown is right all the same


def heads_shown_in_another_order(monkeypatch):
    pattern = Run.pattern
    monkeypatch.setattr(Run, "pattern", lambda self, site, **parts: pattern(self, site, **parts)[:, ::-1])


def queries_and_keys_swapped(monkeypatch):
    pattern = Run.pattern
    monkeypatch.setattr(Run, "pattern", lambda self, site, **parts: pattern(self, site, **parts).swapaxes(-1, -2))


def described_otherwise(**changes):
    """Change what every site is said to be."""

    def make(monkeypatch):
        find = describing.find_sites

        def changed(graph):
            sites, misses = find(graph)
            return tuple(dataclasses.replace(site, **changes) for site in sites), misses

        monkeypatch.setattr(describing, "find_sites", changed)

    return make


def layers_in_another_order(monkeypatch):
    find = describing.find_sites

    def changed(graph):
        sites, misses = find(graph)
        return tuple(dataclasses.replace(s, index=i) for i, s in enumerate(reversed(sites))), misses

    monkeypatch.setattr(describing, "find_sites", changed)


def one_site_lost(monkeypatch):
    find = describing.find_sites
    monkeypatch.setattr(describing, "find_sites", lambda graph: (find(graph)[0][:-1], find(graph)[1]))


SHOWN = {
    "heads in another order": (heads_shown_in_another_order, "plain_matmul_dyn18"),
    "queries and keys swapped": (queries_and_keys_swapped, "hf_vit_sdpa_ts17_dynamic"),
    "layers in another order": (layers_in_another_order, "hf_vit_eager_ts17"),
    "a site lost": (one_site_lost, "transformer_ts17"),
    "cross taken for self": (described_otherwise(kind="self"), "mha_cross_ts17"),
    "self taken for cross": (described_otherwise(kind="cross"), "plain_matmul_dyn18"),
}


@pytest.mark.parametrize("broken", SHOWN)
def test_what_is_shown_wrongly_is_noticed(broken, monkeypatch):
    make, name = SHOWN[broken]
    make(monkeypatch)
    with pytest.raises(AssertionError):
        check(name)


def test_a_part_of_the_wrong_place_is_noticed(monkeypatch, tmp_path):
    as_slice = run._as_slice

    def moved(index, size):
        part = as_slice(index, size)
        return slice(0, 1) if isinstance(index, int) else part

    monkeypatch.setattr(run, "_as_slice", moved)
    content, feeds, _ = build(Spelling("heads split", 2, 2, 3, 4, 2, 5, None, "after", "none", 0.0, True, True, 0))
    path = tmp_path / "model.onnx"
    path.write_bytes(content.SerializeToString())
    found = engine.open_model(path).run(feeds)
    site = found.model.sites[0]
    assert not np.allclose(found.pattern(site, head=1), found.pattern(site)[:, 1], atol=1e-5)


def test_the_breaks_still_break_something():
    """A rule or function renamed in the engine would make its break a pretence."""
    assert all(hasattr(recompute, name) for name in FUNCTIONS)
    assert {"scale", "divide", "add", "mask", "where", "causal", "tanh", "mix"} <= set(score_steps.RULES)
    assert score_steps.RULES["scale"](Step("scale", factor=2.0), np.ones((1, 1, 1, 1), np.float32), None) == 2.0

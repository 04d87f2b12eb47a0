"""Every head switched off once, against the intervention that switches one head off."""

import pathlib

import numpy as np
import pytest

import engine
from engine import EngineError
from engine.ablation import AblateHeads, divergence, said
from engine.predictions import class_values
from engine.runtime.interventions import HeadsOff, Temperature
from engine.runtime.recompute import softmax
from engine.runtime.task import Context

GRAPHS = pathlib.Path(__file__).parents[1] / "conformance" / "graphs"


def opened(name):
    model = engine.open_model(GRAPHS / f"{name}.onnx")
    arrays = np.load(GRAPHS / f"{name}.npz")
    return model, {key[6:]: arrays[key] for key in arrays.files if key.startswith("input.")}


def ablated(model, feeds, heard=None):
    report = (lambda *news: None) if heard is None else (lambda *news: heard.append(news))
    return AblateHeads().work(Context(model, feeds, report=report))


@pytest.mark.parametrize("graph", ["hf_vit_eager_dyn18", "hf_vit_eager_ts14", "timm_vit_fused_dyn25"])
def test_each_head_does_the_damage_of_its_own_intervention(graph):
    model, feeds = opened(graph)
    damage = ablated(model, feeds)
    plain = class_values(model.run(feeds).outputs, None)
    assert damage.winner == plain.argmax()
    for site in model.sites:
        for head in range(site.heads):
            off = class_values(model.intervene(HeadsOff(site.index, (head,))).run(feeds).outputs, None)
            gap = off[damage.winner] - plain[damage.winner]
            assert damage.logit[site.index, head] == pytest.approx(gap, abs=1e-5)
            moved = softmax(off)[damage.winner] - softmax(plain)[damage.winner]
            assert damage.probability[site.index, head] == pytest.approx(moved, abs=1e-5)
            wanted = divergence(softmax(plain)[None], softmax(off)[None])
            assert damage.divergence[site.index, head] == pytest.approx(wanted, abs=1e-5)
    assert np.ptp(damage.logit) > 1e-3


@pytest.mark.parametrize("graph", ["plain_folded_dyn18", "plain_grouped_dyn18", "plain_einsum_heads_last_ts17"])
def test_heads_are_turned_down_wherever_they_lie(graph):
    model, feeds = opened(graph)
    name, site = model.outputs[0].name, model.sites[0]
    gained = model.gained()
    np.testing.assert_allclose(gained(feeds, {})[name], model.run(feeds).outputs[name], atol=1e-6)
    for head in range(site.heads):
        gains = np.ones(site.heads, np.float32)
        gains[head] = 0
        wanted = model.intervene(HeadsOff(0, (head,))).run(feeds).outputs[name]
        np.testing.assert_allclose(gained(feeds, {0: gains})[name], wanted, atol=1e-6)


def test_interventions_that_were_made_stay():
    model, feeds = opened("hf_vit_eager_dyn18")
    changed = model.intervene(HeadsOff(0, (1,)), Temperature(2.0))
    damage = ablated(changed, feeds)
    assert damage.logit[0, 1] == pytest.approx(0, abs=1e-6)
    plain = class_values(changed.run(feeds).outputs, None)
    off = class_values(changed.intervene(HeadsOff(1, (2,))).run(feeds).outputs, None)
    assert damage.logit[1, 2] == pytest.approx(off[damage.winner] - plain[damage.winner], abs=1e-5)


def test_the_damage_is_told_as_it_grows_and_the_task_can_be_ended():
    model, feeds = opened("hf_vit_eager_dyn18")
    heard = []
    damage = ablated(model, feeds, heard)
    heads = sum(site.heads for site in model.sites)
    assert [news[:2] for news in heard[1:]] == [(done, heads) for done in range(heads)]
    assert np.isfinite(damage.divergence).all()

    def stop(done, total, partial):
        if done == 2:
            raise EngineError("cancelled")

    with pytest.raises(EngineError) as caught:
        AblateHeads().work(Context(model, feeds, report=stop))
    assert caught.value.code == "cancelled"


def test_text_is_measured_by_its_tokens():
    rng = np.random.default_rng(0)
    logits = rng.standard_normal((1, 5, 7), dtype=np.float32)
    every, last = (said({"logits": logits}, None, causal=causal) for causal in (False, True))
    np.testing.assert_array_equal(every.scores, logits[0])
    np.testing.assert_array_equal(last.scores, logits[0, -1:])
    assert said({"last_hidden_state": logits, "pooler_output": logits[:, 0]}, None, causal=False) is None
    assert said({"last_hidden_state": logits}, None, causal=False) is None
    ready = said({"probabilities": softmax(logits)}, None, causal=False)
    assert not ready.logits


def test_divergence_is_that_of_the_textbook():
    p, q = np.array([[0.5, 0.5, 0.0]], np.float32), np.array([[0.25, 0.5, 0.25]], np.float32)
    assert divergence(p, q) == pytest.approx(0.5 * np.log(2))
    assert divergence(p, p) == 0


def test_before_any_input_there_is_nothing_to_measure():
    model, _ = opened("hf_vit_eager_dyn18")
    with pytest.raises(EngineError, match="Nothing has run"):
        ablated(model, {})


def test_features_are_measured_by_how_far_they_move():
    model, feeds = opened("hf_siglip_vision_sdpa_ts17")
    damage = ablated(model, feeds)
    assert damage.probability is damage.logit is damage.divergence is None
    site, plain = model.sites[1], model.run(feeds).outputs
    off = model.intervene(HeadsOff(1, (1,))).run(feeds).outputs
    gap = np.sqrt(sum(np.square(off[name] - plain[name]).sum() for name in plain))
    size = np.sqrt(sum(np.square(plain[name]).sum() for name in plain))
    assert damage.change[site.index, 1] == pytest.approx(gap / size, rel=1e-3)
    assert np.ptp(damage.change) > 1e-4

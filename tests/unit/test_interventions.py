"""Interventions against PyTorch's own arithmetic on the same weights, and against what they must never change."""

import pathlib

import numpy as np
import pytest

import engine
from engine import EngineError
from engine.runtime.interventions import (
    HeadsOff,
    HideTokens,
    NoScale,
    OnlyHeads,
    Positions,
    Temperature,
    Uniform,
    ZeroValues,
)

ROOT = pathlib.Path(__file__).parents[1]
GRAPHS = ROOT / "conformance" / "graphs"
REFERENCE = np.load(ROOT / "reference" / "interventions.npz")

CASES = {
    "heads off": [HeadsOff(1, (0, 2))],
    "only head": [OnlyHeads(0, (1,))],
    "temperature": [Temperature(2.0)],
    "temperature of one": [Temperature(0.5, site=1)],
    "uniform": [Uniform(1)],
    "no scale": [NoScale()],
    "hidden": [HideTokens((3, 5))],
    "zero value": [ZeroValues((4,), site=0)],
    "positions zero": [Positions("zero", prefix=1)],
    "positions shuffled": [Positions("shuffle", prefix=1, seed=3)],
    "positions shifted": [Positions("shift", prefix=1, by=2)],
    "together": [HeadsOff(1, (1,)), Temperature(3.0)],
}


@pytest.fixture(scope="module", params=["hf_vit_eager_dyn18", "hf_vit_eager_ts14"])
def vit(request):
    return engine.open_model(GRAPHS / f"{request.param}.onnx")


def logits(model):
    run = model.run({"pixel_values": REFERENCE["pixel_values"]})
    return next(iter(run.outputs.values()))


def test_the_graphs_are_the_network_of_the_reference(vit):
    np.testing.assert_allclose(logits(vit), REFERENCE["plain"], atol=1e-5)


@pytest.mark.parametrize("name", CASES)
def test_an_intervention_does_what_torch_does(vit, name):
    wanted = REFERENCE[name]
    assert not np.allclose(wanted, REFERENCE["plain"], atol=1e-3), "the reference must tell the difference"
    np.testing.assert_allclose(logits(vit.intervene(*CASES[name])), wanted, atol=2e-5)


def test_edits_compose_over_several_calls(vit):
    first, second = CASES["together"]
    changed = vit.intervene(first).intervene(second)
    np.testing.assert_allclose(logits(changed), REFERENCE["together"], atol=2e-5)
    assert changed.edits == (first, second)
    assert [edit.message().text() for edit in changed.edits] == ["layer 1: head 1 off", "every layer: temperature 3"]
    assert vit.edits == ()


@pytest.mark.parametrize("edits", [[Temperature(1.0)], [HeadsOff(0, ())], [HideTokens(())], []], ids=str)
def test_an_intervention_that_changes_nothing_reproduces_the_run(vit, edits):
    np.testing.assert_allclose(logits(vit.intervene(*edits)), logits(vit), atol=1e-6)


def test_the_changed_pattern_is_what_the_changed_model_computes(vit):
    feeds = {"pixel_values": REFERENCE["pixel_values"]}
    hidden = vit.intervene(HideTokens((3, 5)))
    pattern = hidden.run(feeds).pattern(hidden.sites[1])
    assert not pattern[..., [3, 5]].any()
    np.testing.assert_allclose(pattern.sum(-1), 1, atol=1e-5)
    even = vit.intervene(Uniform(0))
    tokens = even.run(feeds).pattern(even.sites[0])
    np.testing.assert_allclose(tokens, 1 / tokens.shape[-1], atol=1e-6)
    plain = vit.intervene(NoScale(0))
    run = plain.run(feeds)
    assert run.error(plain.sites[0]) < 1e-5
    assert run.pattern(plain.sites[0]).max() > vit.run(feeds).pattern(vit.sites[0]).max()


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (HeadsOff(7, (0,)), "no site 7: the model has 2"),
        (HeadsOff(0, (3,)), "no head 3 at site 0: it has 3"),
    ],
)
def test_a_place_that_is_not_there_is_refused(vit, edit, says):
    with pytest.raises(EngineError, match=says):
        vit.intervene(edit)


def test_a_fused_operator_says_what_cannot_be_changed_but_lets_heads_go():
    fused = engine.open_model(GRAPHS / "timm_vit_fused_dyn25.onnx")
    with pytest.raises(EngineError, match="keeps its softmax to itself"):
        fused.intervene(Uniform(0))
    feeds = {fused.inputs[0].name: np.load(GRAPHS / "timm_vit_fused_dyn25.npz")[f"input.{fused.inputs[0].name}"]}
    site = fused.sites[0]
    plain, off = fused.run(feeds), fused.intervene(HeadsOff(0, (1,))).run(feeds)
    output = next(iter(plain.outputs))
    assert np.abs(plain.outputs[output] - off.outputs[output]).max() > 1e-3
    all_off = fused.intervene(HeadsOff(0, tuple(range(site.heads)))).run(feeds)
    assert np.isfinite(all_off.outputs[output]).all()


@pytest.mark.parametrize("graph", ["plain_folded_dyn18", "plain_grouped_dyn18", "plain_einsum_heads_last_ts17"])
def test_heads_are_switched_off_wherever_they_lie(graph):
    """Heads folded into the batch, split in groups, or last: their output is zero, the others' is not touched."""
    model = engine.open_model(GRAPHS / f"{graph}.onnx")
    arrays = np.load(GRAPHS / f"{graph}.npz")
    feeds = {name[6:]: arrays[name] for name in arrays.files if name.startswith("input.")}
    output = model.outputs[0].name
    total = model.run(feeds).outputs[output]
    none = model.intervene(HeadsOff(0, tuple(range(model.sites[0].heads)))).run(feeds).outputs[output]
    same = model.intervene(HeadsOff(0, ())).run(feeds).outputs[output]
    np.testing.assert_allclose(same, total, atol=1e-6)
    assert np.abs(none - total).max() > 1e-2

"""What changes nothing of the computation changes nothing of what the engine finds."""

from random import Random

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

import engine
from tests.conformance.references import known_gaps, references
from tests.properties.attention_graphs import build, spellings
from tests.properties.rewrites import has_subgraphs, padded_with, renamed, shuffled, without_shapes

TRIES = settings(
    deadline=None, derandomize=True, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
REWRITES = {
    "shuffled": shuffled,
    "renamed": renamed,
    "padded": padded_with,
    "all three": lambda model, random: renamed(shuffled(padded_with(model, random), random), random),
    "without stated shapes": lambda model, _random: without_shapes(model),
}


def seen(path, feeds):
    """Return what the engine makes of a file: kinds, heads and patterns of its sites."""
    model = engine.open_model(path)
    run = model.run(feeds)
    return [(site.kind, site.heads, site.factored, run.pattern(site)) for site in model.sites]


def assert_same(before, after, tolerance):
    """Hold that the same sites are there; branches that do not need each other may change places."""
    left = list(after)
    assert len(left) == len(before)
    for *facts, pattern in before:
        close = (i for i, found in enumerate(left) if facts == list(found[:3]) and agrees(pattern, found[3], tolerance))
        place = next(close, None)
        assert place is not None, facts
        del left[place]


def agrees(first, second, tolerance):
    return first.shape == second.shape and bool(np.allclose(first, second, rtol=0, atol=tolerance))


@pytest.mark.parametrize("how", REWRITES)
@TRIES
@given(spelling=spellings(), seed=st.integers(0, 2**16))
def test_generated_graphs(how, spelling, seed, tmp_path):
    model, feeds, expected = build(spelling)
    path = tmp_path / "model.onnx"
    onnx.save(REWRITES[how](model, Random(seed)), path)
    found = seen(path, feeds)
    kind = "self" if spelling.keys is None else "cross"
    assert [site[:3] for site in found] == [(kind, spelling.heads, True)]
    np.testing.assert_allclose(found[0][3], expected, rtol=0, atol=1e-5)


def runs(path):
    """Return whether ONNX Runtime itself opens a model: its optimiser trips over some chains of Dropouts."""
    try:
        ort.InferenceSession(path, providers=["CPUExecutionProvider"])
    except Exception:
        return False
    return True


def exported():
    """Reference graphs that can be rewritten here: no graphs inside nodes, no functions, weights in the file."""
    gaps = known_gaps()
    return [case for case in references() if case.name not in gaps and case.meta["heads"]]


EXPORTED = exported()


@pytest.mark.parametrize("how", REWRITES)
@settings(TRIES, max_examples=12, phases=[Phase.generate])
@given(case=st.sampled_from(EXPORTED), seed=st.integers(0, 2**16))
def test_exported_graphs(how, case, seed, tmp_path):
    model = onnx.load(case.path)
    if has_subgraphs(model) or model.functions:
        return
    path = tmp_path / "model.onnx"
    onnx.save(REWRITES[how](model, Random(seed)), path)
    assume(runs(path))
    half = case.meta["tolerance"] > 1e-4
    assert_same(seen(case.path, case.feeds), seen(path, case.feeds), case.meta["tolerance"] if half else 2e-6)

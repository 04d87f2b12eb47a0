"""Every spelling that can be drawn: found as one attention, and recomputed exactly."""

import numpy as np
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import engine
from tests.properties.attention_graphs import Spelling, build, spellings

TRIES = settings(
    deadline=None, derandomize=True, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
PLAIN = Spelling("heads split", 2, 2, 3, 4, 2, 5, None, "after", "none", 0.0, True, True, 0)


def opened(model, tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(model.SerializeToString())
    return engine.open_model(path)


@TRIES
@given(spelling=spellings())
@example(spelling=PLAIN)
def test_every_spelling_is_found_and_exact(spelling, tmp_path):
    content, feeds, expected = build(spelling)
    model = opened(content, tmp_path)
    assert len(model.sites) == 1, model.near_misses
    site = model.sites[0]
    run = model.run(feeds)
    pattern = run.pattern(site)
    assert pattern.shape == expected.shape
    np.testing.assert_allclose(pattern, expected, rtol=0, atol=1e-5)
    assert run.is_factored(site)
    assert run.error(site) <= 1e-5
    np.testing.assert_allclose(run.own_pattern(site), expected, rtol=0, atol=1e-5)
    assert site.heads == spelling.heads
    assert site.kind == ("self" if spelling.keys is None else "cross")
    assert site.scale is None or abs(site.scale - spelling.factor) < 1e-6
    assert run.query(site).shape == (*expected.shape[:3], spelling.dim)
    assert run.key(site).shape[2:] == (expected.shape[3], spelling.dim)
    assert run.value(site).shape[2:] == (expected.shape[3], spelling.value_dim)


@TRIES
@given(spelling=spellings())
@example(spelling=PLAIN)
def test_rows_sum_to_one_or_to_nothing(spelling, tmp_path):
    content, feeds, expected = build(spelling)
    run = opened(content, tmp_path).run(feeds)
    pattern = run.pattern(run.model.sites[0])
    assert pattern.min() >= 0
    np.testing.assert_allclose(pattern.sum(-1), np.round(expected.sum(-1)), rtol=0, atol=1e-5)


def index_of(size):
    """Draw any way to ask for a part of an axis."""
    return st.one_of(st.none(), st.integers(-size, size - 1), st.slices(size))


@TRIES
@given(spelling=spellings(), data=st.data())
def test_a_part_is_the_same_part_of_the_whole(spelling, data, tmp_path):
    content, feeds, _ = build(spelling)
    run = opened(content, tmp_path).run(feeds)
    site = run.model.sites[0]
    for read in (run.pattern, run.scores):
        whole = read(site)
        asked = [data.draw(index_of(size)) for size in whole.shape]
        part = read(site, **dict(zip(("batch", "head", "query", "key"), asked, strict=True)))
        expected = whole[tuple(slice(None) if index is None else index for index in asked)]
        assert part.shape == expected.shape
        np.testing.assert_allclose(part, expected, rtol=0, atol=1e-5)


@TRIES
@given(spelling=spellings(), data=st.data())
def test_outputs_are_those_of_a_plain_session(spelling, data, tmp_path):
    import onnxruntime as ort

    content, feeds, _ = build(spelling)
    plain = ort.InferenceSession(content.SerializeToString(), providers=["CPUExecutionProvider"]).run(None, feeds)
    run = opened(content, tmp_path).run(feeds)
    np.testing.assert_allclose(run.outputs["out"], plain[0], rtol=1e-5, atol=1e-5)

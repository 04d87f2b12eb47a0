"""The engine against the framework's own attention, on every reference graph."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from tests.conformance.references import Reference, known_gaps, opened, references

ALL = references()
WITH_SITES = [case for case in ALL if case.meta["heads"]]
WITHOUT = [case for case in ALL if not case.meta["heads"]]

# Sites whose pattern is the model's own softmax: additive scores, and scores that are built by index.
READ_AS_THEY_ARE = ("plain_additive_", "timm_mvitv2_")


def named(cases: list[Reference]) -> pytest.MarkDecorator:
    """One test for each case; a case of gaps.txt must fail, so that the list cannot go stale."""
    gaps = known_gaps()
    return pytest.mark.parametrize(
        "case",
        [
            pytest.param(
                c, id=c.name, marks=[pytest.mark.xfail(reason=gaps[c.name], strict=True)] if c.name in gaps else []
            )
            for c in cases
        ],
    )


def test_there_are_graphs_of_both_sorts() -> None:
    assert len(WITH_SITES) > 50
    assert len(WITHOUT) > 5


@named(WITH_SITES)
def test_every_attention_is_found_and_exact(case: Reference) -> None:
    model = opened(case)
    meta = case.meta
    kinds = [site.kind for site in model.sites]
    assert len(kinds) == len(meta["kinds"]), model.near_misses
    assert all(kind in wanted.split("|") for kind, wanted in zip(kinds, meta["kinds"], strict=True)), kinds
    assert [site.heads for site in model.sites] == meta["heads"]
    assert [site.index for site in model.sites] == list(range(len(model.sites)))

    run = model.run(case.feeds)
    if not case.name.startswith(READ_AS_THEY_ARE):  # a recomputation gone wrong would hide behind the model's softmax
        assert all(run.is_factored(site) for site in model.sites)
    for site, expected in zip(model.sites, case.patterns, strict=True):
        pattern = run.pattern(site)
        assert pattern.shape == expected.shape, site.name
        assert pattern.dtype == np.float32
        np.testing.assert_allclose(pattern, expected, rtol=0, atol=meta["tolerance"], err_msg=site.name)
        error = run.error(site)
        assert np.isnan(error) or error <= meta["tolerance"], site.name
    assert_outputs(case, run)


@named(WITHOUT)
def test_what_is_not_attention_is_not_taken_for_it(case: Reference) -> None:
    model = engine.open_model(case.path)
    assert [site.name for site in model.sites] == []
    assert_outputs(case, model.run(case.feeds))


def assert_outputs(case: Reference, run: engine.Run) -> None:
    """Tapping changes nothing that the model computes."""
    slack = 2e-4 if case.meta["tolerance"] <= 1e-4 else 5e-2
    for name, expected in case.outputs.items():
        produced = np.asarray(run.outputs[name])
        assert produced.shape == expected.shape
        assert produced.dtype == expected.dtype
        np.testing.assert_allclose(
            produced.astype(np.float64), expected.astype(np.float64), rtol=slack, atol=slack, err_msg=name
        )

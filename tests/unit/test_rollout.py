"""Attention rollout against its definition on whole matrices."""

import dataclasses

import numpy as np
import pytest

from engine import EngineError
from engine.rollout import rollout
from tests.synthetic import full_pattern, make_run


@pytest.mark.parametrize("fusion", ["mean", "max", "min"])
@pytest.mark.parametrize("discard", [0.0, 0.3, 0.9])
def test_rollout_is_the_product_of_the_layers_and_sums_to_one(fusion, discard):
    run = make_run()
    wanted = np.eye(16)
    for site in run.model.sites:
        fused = getattr(full_pattern(run, site)[0], fusion)(axis=0)
        for row in fused:
            row[np.argsort(row)[: int(discard * 16)]] = 0
        fused /= fused.sum(-1, keepdims=True)
        wanted = (0.5 * np.eye(16) + 0.5 * fused) @ wanted
    for token in (0, 5):
        found = rollout(run, token, fusion=fusion, discard=discard)
        np.testing.assert_allclose(found, wanted[token], atol=1e-5)
        assert found.sum() == pytest.approx(1, abs=1e-5)


def test_without_layers_above_the_last_site_counts():
    run = make_run()
    assert not np.allclose(rollout(run, 3, last=0), rollout(run, 3))
    np.testing.assert_allclose(rollout(run, 3, residual=1.0), np.eye(16)[3])


def test_a_pyramid_is_refused_in_one_sentence():
    run = make_run(sites=2, grid=[(4, 4), (2, 2)], prefix=0)
    with pytest.raises(EngineError, match="do not share their tokens"):
        rollout(run, 0)


def test_cross_attention_alone_is_refused():
    run = make_run(sites=1)
    crossed = dataclasses.replace(run.model.sites[0], kind="cross")
    run = dataclasses.replace(run, model=dataclasses.replace(run.model, sites=(crossed,)))
    with pytest.raises(EngineError, match="no self-attention"):
        rollout(run, 0)

"""Rollouts up to every layer, computed in steps, against those of the definition."""

import numpy as np
import pytest

from engine import EngineError
from engine import rolling as rolling_module
from engine.rolling import Recipe, Rolling
from engine.rollout import rollout
from tests.synthetic import make_run


def rolled(run, token, recipe):
    start = np.zeros(16, np.float32)
    start[token] = 1
    out = Rolling(run, start, recipe)
    while out.advance(1):
        pass
    return out.rows


@pytest.mark.parametrize("fusion", ["mean", "max", "min"])
@pytest.mark.parametrize("discard", [0.0, 0.6])
@pytest.mark.parametrize("kept", [0, 1 << 25])
def test_every_row_is_the_rollout_up_to_its_layer(fusion, discard, kept, monkeypatch):
    monkeypatch.setattr(rolling_module, "MOST_KEPT", kept)
    monkeypatch.setattr(rolling_module, "AT_ONCE", 4 * 16 * 5)  # five queries a block
    run = make_run()
    rows = rolled(run, 3, Recipe(fusion, discard))
    for layer in range(3):
        wanted = rollout(run, 3, fusion=fusion, discard=discard, last=layer)
        np.testing.assert_allclose(rows[layer], wanted, atol=1e-6)
        assert rows[layer].sum() == pytest.approx(1, abs=1e-5)
    assert bool([name for name in run.memo if name[0] == "rolling"]) == bool(kept)


def test_the_next_token_needs_no_pattern_again():
    run = make_run()
    rolled(run, 3, Recipe())
    start = np.eye(16, dtype=np.float32)[7]
    again = Rolling(run, start, Recipe())
    assert not again.advance(1)
    np.testing.assert_allclose(again.rows[-1], rollout(run, 7), atol=1e-6)


def test_another_recipe_lets_the_old_blocks_go():
    run = make_run()
    rolled(run, 3, Recipe())
    np.testing.assert_allclose(rolled(run, 3, Recipe("max"))[-1], rollout(run, 3, fusion="max"), atol=1e-6)
    np.testing.assert_allclose(rolled(run, 3, Recipe())[-1], rollout(run, 3), atol=1e-6)


def test_a_mean_over_tokens_is_the_mean_of_their_rollouts():
    run = make_run()
    out = Rolling(run, np.full(16, 1 / 16, np.float32), Recipe())
    while out.advance():
        pass
    wanted = np.mean([rollout(run, token) for token in range(16)], axis=0)
    np.testing.assert_allclose(out.rows[-1], wanted, atol=1e-6)


def test_a_pyramid_is_refused():
    with pytest.raises(EngineError, match="do not share their tokens"):
        Rolling(make_run(sites=2, grid=[(4, 4), (2, 2)], prefix=0), np.ones(16, np.float32) / 16, Recipe())

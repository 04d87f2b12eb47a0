"""Head metrics against definitions written out on whole patterns, and against numbers of the literature."""

import dataclasses
import math

import numpy as np
import pytest

from engine import blocks
from engine.metrics import METRICS, agreement, head_metrics
from tests.synthetic import full_pattern, make_run


def uniform_run(**options):
    """Return a run whose every row is uniform: queries of zeros."""
    run = make_run(**options)
    zeros = {name: np.zeros_like(a) if name.startswith("q") else a for name, a in run.tensors.items()}
    return dataclasses.replace(run, tensors=zeros)


def test_uniform_attention_on_a_grid_of_14_by_14_patches_of_16_pixels_looks_116_pixels_far():
    run = uniform_run(sites=1, grid=(14, 14), patch=16, prefix=1)
    found = head_metrics(run, run.model.sites[0])
    np.testing.assert_allclose(found["distance"], 116.5, atol=0.1)
    np.testing.assert_allclose(found["entropy"], math.log(197), rtol=1e-5)
    np.testing.assert_allclose(found["effective_tokens"], 197, rtol=1e-4)
    np.testing.assert_allclose(found["special_mass"], 1 / 197, rtol=1e-4)
    np.testing.assert_allclose(found["max_weight"], 1 / 197, rtol=1e-4)


@pytest.mark.parametrize("block", [64, 1 << 22])
def test_metrics_are_the_definitions_on_the_whole_pattern(block, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK", block)
    run = make_run(grid=(3, 4), prefix=2, patch=5)
    site = run.model.sites[1]
    p = full_pattern(run, site)[0]  # (head, query, key)
    found = head_metrics(run, site)
    tokens = np.arange(p.shape[1])
    places = np.array([((t - 2) // 4, (t - 2) % 4) for t in tokens[2:]]) * 5.0
    gap = np.linalg.norm(places[:, None] - places[None], axis=-1)
    among = p[:, 2:, 2:] / p[:, 2:, 2:].sum(-1, keepdims=True)
    norms = np.linalg.norm(run.value(site)[0], axis=-1)  # (head, key)
    weighted = p * norms[:, None]
    wanted = {
        "entropy": -(p * np.log(p)).sum(-1).mean(-1),
        "effective_tokens": np.exp(-(p * np.log(p)).sum(-1)).mean(-1),
        "max_weight": p.max(-1).mean(-1),
        "distance": (among * gap).sum(-1).mean(-1),
        "special_mass": p[..., :2].sum(-1).mean(-1),
        "value_special_mass": (weighted[..., :2].sum(-1) / weighted.sum(-1)).mean(-1),
        "first_mass": p[..., 0].mean(-1),
        "self_mass": p[:, tokens, tokens].mean(-1),
        "previous_mass": p[:, tokens[1:], tokens[:-1]].mean(-1),
        "next_mass": p[:, tokens[:-1], tokens[1:]].mean(-1),
    }
    assert set(wanted) == set(METRICS)
    for name, value in wanted.items():
        np.testing.assert_allclose(found[name], value, rtol=2e-4, err_msg=name)


def test_agreement_is_the_cosine_of_whole_patterns(monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK", 100)
    run = make_run()
    site = run.model.sites[0]
    flat = full_pattern(run, site)[0].reshape(site.heads, -1)
    flat /= np.linalg.norm(flat, axis=1, keepdims=True)
    np.testing.assert_allclose(agreement(run, site), flat @ flat.T, atol=1e-5)


def test_text_is_measured_in_tokens():
    run = uniform_run(image=False, grid=(1, 9), prefix=0)
    found = head_metrics(run, run.model.sites[0])
    offsets = np.abs(np.subtract.outer(np.arange(9), np.arange(9)))
    np.testing.assert_allclose(found["distance"], offsets.mean(), rtol=1e-5)


def test_a_metric_that_means_nothing_is_not_a_number():
    run = make_run()
    crossed = dataclasses.replace(run.model.sites[0], kind="cross")
    found = head_metrics(run, crossed)
    assert np.isnan(found["self_mass"]).all()
    assert np.isfinite(found["entropy"]).all()

"""Weights times norms of transformed values, against the sums they stand for."""

import pathlib

import numpy as np
import pytest

import engine
from engine.rolling import Recipe, Rolling
from engine.rollout import rollout
from engine.runtime.task import Context
from engine.value_norms import FindOutputForms, OutputForms, output_form, value_norms
from tests.synthetic import full_pattern, make_run

GRAPHS = pathlib.Path(__file__).parents[1] / "conformance" / "graphs"


def weights(run, seed=1):
    rng = np.random.default_rng(seed)
    return {site.index: rng.standard_normal((site.heads, 8, 24), dtype=np.float32) for site in run.model.sites}


def forms_of(found):
    return OutputForms({index: output_form(weight) for index, weight in found.items()})


def test_the_norm_is_that_of_the_value_through_the_output_projection():
    run = make_run()
    outputs = weights(run)
    for site in run.model.sites:
        plain = value_norms(run, site)
        assert not plain.traced
        np.testing.assert_allclose(plain.values, np.linalg.norm(run.value(site)[0], axis=-1), rtol=1e-5)
        found = value_norms(run, site, forms=forms_of(outputs))
        assert found.traced
        moved = run.value(site)[0] @ outputs[site.index]  # (head, key, out)
        np.testing.assert_allclose(found.values, np.linalg.norm(moved, axis=-1), rtol=1e-4)


def test_a_site_without_traced_weights_falls_back_and_says_so():
    run = make_run()
    some = forms_of({0: weights(run)[0]})
    assert [value_norms(run, site, forms=some).traced for site in run.model.sites] == [True, False, False]


@pytest.mark.parametrize("fusion", ["mean", "max", "min"])
@pytest.mark.parametrize("discard", [0.0, 0.4])
def test_rollout_weighted_by_norms_is_the_product_of_its_layers_and_sums_to_one(fusion, discard):
    run = make_run()
    outputs = weights(run)
    wanted = np.eye(16)
    for site in run.model.sites:
        norms = np.linalg.norm(run.value(site)[0] @ outputs[site.index], axis=-1)
        fused = getattr(full_pattern(run, site)[0] * norms[:, None], fusion)(axis=0)
        for row in fused:
            row[np.argsort(row)[: int(discard * 16)]] = 0
        fused /= fused.sum(-1, keepdims=True)
        wanted = (0.5 * np.eye(16) + 0.5 * fused) @ wanted
    forms = forms_of(outputs)
    found = rollout(run, 5, fusion=fusion, discard=discard, weighted=True, forms=forms)
    np.testing.assert_allclose(found, wanted[5], atol=1e-5)
    assert found.sum() == pytest.approx(1, abs=1e-5)
    assert not np.allclose(found, rollout(run, 5, fusion=fusion, discard=discard), atol=1e-3)
    rolling = Rolling(run, np.eye(16, dtype=np.float32)[5], Recipe(fusion, discard, weighted=True, forms=forms))
    while rolling.advance(1):
        pass
    np.testing.assert_allclose(rolling.rows[-1], found, atol=1e-6)


def test_forms_are_read_from_a_model_file():
    model = engine.open_model(GRAPHS / "hf_vit_eager_dyn18.onnx")
    arrays = np.load(GRAPHS / "hf_vit_eager_dyn18.npz")
    run = model.run({"pixel_values": arrays["input.pixel_values"]})
    heard = []
    forms = FindOutputForms().work(Context(model, report=lambda *news: heard.append(news)))
    assert set(forms.by_site) == {site.index for site in model.sites}
    assert heard
    from engine.model.weights import weights_of

    site = model.sites[1]
    output = weights_of(model.description, site).output.weight  # (head, dim, out)
    moved = run.value(site)[0] @ output
    np.testing.assert_allclose(value_norms(run, site, forms=forms).values, np.linalg.norm(moved, axis=-1), rtol=1e-4)

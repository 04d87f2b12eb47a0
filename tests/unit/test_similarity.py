"""Linear CKA: what it must not see, what it must see, and that mini-batches give the same."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.runtime.task import Context
from engine.similarity import Alignment, LayerSimilarity, cka, fitting, gram, hsic, representations

ROOT = Path(__file__).parents[2]
CNN, VIT = ROOT / "assets" / "models" / "cnn", ROOT / "assets" / "models" / "vit"
SAMPLES = str(ROOT / "assets" / "samples")


def biased(x, y):
    """Kornblith et al. 2019, equation 6 by features: ‖YᵀX‖² / (‖XᵀX‖ ‖YᵀY‖) of centred columns."""
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    return np.linalg.norm(y.T @ x) ** 2 / (np.linalg.norm(x.T @ x) * np.linalg.norm(y.T @ y))


def test_a_layer_is_the_same_as_itself_turned_and_scaled():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((30, 12))
    turn, _ = np.linalg.qr(rng.standard_normal((12, 12)))
    found = cka([x], [x, x @ turn, 7 * x, x @ turn + 100])
    np.testing.assert_allclose(found, 1, atol=1e-4)
    stretched = x * np.geomspace(1, 50, 12)  # no rotation: it has to show
    assert cka([x], [stretched])[0, 0] < 0.9


def test_unrelated_layers_share_nothing_even_where_there_are_few_images():
    rng = np.random.default_rng(1)
    pairs = [cka([rng.standard_normal((8, 400))], [rng.standard_normal((8, 400))])[0, 0] for _ in range(60)]
    assert abs(np.mean(pairs)) < 0.1
    same = [biased(rng.standard_normal((8, 400)), rng.standard_normal((8, 400))) for _ in range(5)]
    assert min(same) > 0.5  # what the biased estimate would say


def test_many_images_give_what_the_definition_gives():
    rng = np.random.default_rng(2)
    x = rng.standard_normal((600, 6))
    y = x @ rng.standard_normal((6, 9)) + rng.standard_normal((600, 9))
    assert cka([x], [y])[0, 0] == pytest.approx(biased(x, y), abs=0.02)


def test_the_estimate_is_that_of_song_et_al():
    rng = np.random.default_rng(3)
    k, ell = (gram(rng.standard_normal((7, 5))) for _ in range(2))
    n, one = 7, np.ones(7)
    expected = np.trace(k @ ell) + (one @ k @ one) * (one @ ell @ one) / ((n - 1) * (n - 2))
    expected = (expected - 2 / (n - 2) * one @ k @ ell @ one) / (n * (n - 3))
    assert hsic(k[None], ell[None])[0, 0] == pytest.approx(expected)
    with pytest.raises(ValueError, match="four"):
        hsic(k[None, :3, :3], ell[None, :3, :3])


def test_centring_changes_nothing_in_the_estimate():
    rng = np.random.default_rng(4)
    x, y = rng.standard_normal((9, 5)) + 3, rng.standard_normal((9, 4)) - 2
    plain = [v @ v.T for v in (x, y)]
    for products in plain:
        np.fill_diagonal(products, 0)
    assert hsic(plain[0][None], plain[1][None])[0, 0] == pytest.approx(
        hsic(gram(x)[None], gram(y)[None])[0, 0], rel=1e-4
    )


def test_mini_batches_agree_with_one_batch():
    rng = np.random.default_rng(5)
    x = rng.standard_normal((1200, 6))
    y = np.tanh(x @ rng.standard_normal((6, 8)))
    whole, parts = cka([x], [y])[0, 0], Alignment()
    for start in range(0, 1200, 40):
        parts.add(gram(x[start : start + 40])[None], gram(y[start : start + 40])[None])
    assert parts.images == 1200
    assert parts.values()[0, 0] == pytest.approx(whole, abs=0.02)


def test_a_layer_that_never_changes_has_no_similarity():
    rng = np.random.default_rng(6)
    found = cka([np.ones((8, 3)), rng.standard_normal((8, 3))], [rng.standard_normal((8, 3))])
    assert np.isnan(found[0, 0])
    assert np.isfinite(found[1, 0])


def test_layers_of_both_bundled_models():
    cnn, vit = (engine.open_model(path) for path in (CNN, VIT))
    told = []
    context = Context(cnn, report=lambda *report: told.append(report), opener=lambda _path: vit)
    images = len(list(Path(SAMPLES).glob("*.jpg")))
    half = images // 2
    found = LayerSimilarity(SAMPLES, str(VIT), batch=images - half).work(context)
    assert found.first == tuple(name for _, name in representations(cnn.description))
    assert len(found.first) == 9
    assert found.second[:2] == ("node_conv2d", "block 0")
    assert found.second[-2:] == ("last block", "logits")
    assert found.values.shape == (9, 15)
    assert found.images == images
    steps = [(done, total, partial.images) for done, total, partial in told]
    assert steps == [(images - half, images, images - half), (images, images, images)]
    own = LayerSimilarity(SAMPLES).work(Context(cnn))
    np.testing.assert_allclose(np.diag(own.values), 1, atol=1e-3)
    np.testing.assert_allclose(own.values, own.values.T, atol=1e-5)


def test_batches_of_large_images_are_smaller():
    small, large = engine.open_model(CNN).description, plan_of(224)
    assert fitting(64, [small]) == 64
    assert fitting(64, [small, large]) == 16
    assert fitting(64, [plan_of(2000)]) == 8
    assert fitting(4, [plan_of(2000)]) == 4


def plan_of(side):
    description = engine.open_model(CNN).description
    return replace(description, image_plan=replace(description.image_plan, size=(side, side)))


def test_too_few_pictures_are_refused(tmp_path):
    (tmp_path / "one.png").write_bytes((ROOT / "assets" / "samples" / "cat.jpg").read_bytes())
    with pytest.raises(engine.EngineError) as refused:
        LayerSimilarity(str(tmp_path)).work(Context(engine.open_model(CNN)))
    assert refused.value.code == "folder-few"

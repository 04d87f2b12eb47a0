"""Attention's arithmetic against numbers that the literature gives."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine import theory

ROWS = arrays(np.float64, st.integers(1, 30), elements=st.floats(-50, 50))


def test_products_of_independent_normals_have_variance_d_and_saturate_the_softmax() -> None:
    study = theory.scale_study(64, 197, samples=3000)
    assert study.variance == pytest.approx(64, rel=0.02)
    assert study.largest == pytest.approx(0.755, abs=0.015)
    assert study.entropy == pytest.approx(0.71, abs=0.04)
    assert study.largest_scaled == pytest.approx(0.0516, abs=0.002)
    assert study.entropy_scaled == pytest.approx(4.792, abs=0.01)
    assert study.entropy_scaled < math.log(197)


@pytest.mark.parametrize("dim", [1, 16, 256])
def test_products_are_distributed_as_those_of_drawn_queries_and_keys(dim: int) -> None:
    rng = np.random.default_rng(1)
    drawn = np.array([rng.standard_normal((40, dim)) @ rng.standard_normal(dim) for _ in range(1500)])
    found = theory.scale_study(dim, 40, samples=1500).products
    for share in (0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99):
        assert np.quantile(found, share) == pytest.approx(np.quantile(drawn, share), abs=0.12 * math.sqrt(dim))
    assert found.std(axis=1).std() == pytest.approx(drawn.std(axis=1).std(), rel=0.15)  # rows share their query


def test_sinusoidal_similarity_is_the_published_one_and_the_table_agrees() -> None:
    offsets = np.array([1, 2, 5, 10, 50])
    wanted = [0.973, 0.905, 0.741, 0.679, 0.512]
    np.testing.assert_allclose(theory.sinusoidal_similarity(offsets, 512), wanted, atol=5e-4)
    table = theory.sinusoidal(80, 512)
    for start in (0, 17):
        products = table[start] @ table[start + offsets].T / 256
        np.testing.assert_allclose(products, wanted, atol=5e-4)


def test_alibi_slopes_are_the_papers() -> None:
    np.testing.assert_allclose(theory.alibi_slopes(8), [2.0**-i for i in range(1, 9)])
    sixteen = theory.alibi_slopes(16)
    np.testing.assert_allclose(sixteen[[0, 1, -1]], [2**-0.5, 2**-1, 2**-8])
    np.testing.assert_allclose(theory.alibi_slopes(12)[8:], sixteen[0:8:2])


@pytest.mark.parametrize(
    ("offset", "bucket"), [(0, 0), (1, 17), (8, 24), (128, 31), (5000, 31), (-1, 1), (-8, 8), (-128, 15), (-999, 15)]
)
def test_t5_buckets(offset: int, bucket: int) -> None:
    assert theory.t5_bucket(np.array([offset]))[0] == bucket


def test_t5_buckets_of_a_decoder_put_later_keys_in_bucket_zero() -> None:
    found = theory.t5_bucket(np.array([5, 0, -1, -15, -16, -128]), bidirectional=False)
    assert found.tolist() == [0, 0, 1, 15, 16, 31]


@given(ROWS)
def test_softmax_is_a_distribution_and_the_jacobian_norm_is_its_closed_form(row: np.ndarray) -> None:
    p = theory.softmax(row)
    assert p.sum() == pytest.approx(1)
    full = np.diag(p) - np.outer(p, p)
    assert theory.jacobian_norm(p) == pytest.approx(np.linalg.norm(full), abs=1e-7)
    assert 0 <= theory.entropy(p) <= math.log(row.size) + 1e-9


@given(ROWS, st.floats(0.1, 10))
def test_temperature_divides_the_scores(row: np.ndarray, temperature: float) -> None:
    np.testing.assert_allclose(theory.softmax(row, temperature), theory.softmax(row / temperature))


def test_without_the_maximum_subtracted_large_scores_overflow() -> None:
    row = np.array([1000.0, 0.0])
    assert np.isnan(theory.softmax(row, subtract_max=False)).any()
    np.testing.assert_allclose(theory.softmax(row), [1, 0])


def test_a_fully_hidden_row_gives_zeros() -> None:
    np.testing.assert_array_equal(theory.softmax(np.full(3, -np.inf)), np.zeros(3))


def test_rotary_scores_decay_with_distance() -> None:
    decay = theory.rotary_decay(np.arange(0, 200), 128)
    assert decay[0] == pytest.approx(1)
    assert decay[1:].max() < 1
    assert decay[100:].mean() < decay[1:20].mean()

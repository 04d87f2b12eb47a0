"""From any way a tensor may lie to the four axes people speak of, and back."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.sites.layout import SCORES, TOKENS, axes, canonical

TRIES = settings(deadline=None, derandomize=True, max_examples=300)


@st.composite
def layouts(draw):
    """Draw a canonical array, a way to lay it out, and the sizes that no axis shows alone."""
    order = draw(st.sampled_from([TOKENS, SCORES]))
    parts = []
    for axis in order:
        count = draw(st.sampled_from([1, 1, 1, 2]))
        parts += [(f"{axis}.{i}" if count > 1 else axis, draw(st.integers(1, 4))) for i in range(count)]
    sizes = dict(parts)
    names = draw(st.permutations([name for name, _ in parts]))
    cuts = sorted(draw(st.sets(st.integers(1, len(names) - 1))))
    layout = tuple(tuple(names[a:b]) for a, b in itertools.pairwise([0, *cuts, len(names)]))
    whole = np.arange(np.prod(list(sizes.values()))).reshape([sizes[name] for name, _ in parts])
    expected = whole.reshape(
        [np.prod([size for name, size in parts if name.split(".")[0] == axis], dtype=int) for axis in order]
    )
    moved = whole.transpose([[name for name, _ in parts].index(name) for name in names])
    laid = moved.reshape([np.prod([sizes[name] for name in axis], dtype=int) for axis in layout])
    return laid, layout, order, sizes, expected


@TRIES
@given(case=layouts())
def test_canonical_is_the_inverse_of_laying_out(case):
    laid, layout, order, sizes, expected = case
    whole = dict(zip(order, expected.shape, strict=True))
    found = canonical(laid, layout, order, {**whole, **sizes})
    np.testing.assert_array_equal(found, expected)


@TRIES
@given(case=layouts())
def test_what_shares_the_layout_but_has_one_value_broadcasts(case):
    laid, layout, order, sizes, expected = case
    whole = dict(zip(order, expected.shape, strict=True))
    found = canonical(np.full([1] * laid.ndim, 7), layout, order, {**whole, **sizes})
    assert found.ndim == 4
    np.testing.assert_array_equal(np.broadcast_to(found, expected.shape), np.full(expected.shape, 7))


def test_fewer_axes_broadcast_from_the_left_and_more_must_be_one():
    mask = np.arange(6).reshape(2, 3)
    full = axes("batch head query key")
    assert canonical(mask, full, SCORES, {}).shape == (1, 1, 2, 3)
    assert canonical(mask[None, None, None], full, SCORES, {}).shape == (1, 1, 2, 3)
    with pytest.raises(ValueError, match="more axes"):
        canonical(np.zeros((2, 1, 1, 2, 3)), full, SCORES, {})


def test_no_copy_where_numpy_allows_it():
    array = np.zeros((2, 5, 12), np.float32)
    found = canonical(array, axes("batch token head*dim"), TOKENS, {"head": 3})
    assert found.shape == (2, 3, 5, 4)
    assert np.shares_memory(found, array)


@pytest.mark.parametrize(
    ("shape", "layout", "sizes"),
    [
        ((2, 5, 12), "batch token head*dim", {}),  # neither factor is known
        ((2, 5, 12), "batch token head*dim", {"head": 5}),  # does not divide
        ((2, 5, 12), "batch token head*dim", {"head": 3, "dim": 3}),  # does not multiply
        ((2, 3, 5, 4), "batch head token place", {}),  # an axis that is none of the four
    ],
)
def test_what_does_not_fit_is_refused(shape, layout, sizes):
    with pytest.raises(ValueError, match=r"cannot be split|do not fit"):
        canonical(np.zeros(shape), axes(layout), TOKENS, sizes)

"""Images changed before the model sees them: what moves, what goes, what must stay."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.images import perturb

GRID = (3, 4)


def image(rows=12, columns=20, dtype=np.float32):
    return np.random.default_rng(1).integers(1, 255, (2, 3, rows, columns)).astype(dtype)


def test_hidden_patches_are_filled_and_nothing_else_changes():
    pixels = image()
    out = perturb.hidden(pixels, GRID, [0, 6], fill=-1)
    changed = out != pixels
    assert (out[..., 0:4, 0:5] == -1).all()
    assert (out[..., 4:8, 10:15] == -1).all()
    assert changed.sum() == 2 * 3 * 2 * 4 * 5
    assert pixels.min() > 0, "the image that was given stays as it was"


@given(fraction=st.floats(0, 1), seed=st.integers(0, 99))
def test_dropped_takes_the_asked_share_and_more_takes_the_same_first(fraction, seed):
    taken = perturb.chosen(GRID, fraction, seed)
    assert len(set(taken)) == round(fraction * 12)
    assert set(taken) <= set(perturb.chosen(GRID, min(1, fraction + 0.3), seed))
    out = perturb.dropped(image(), GRID, fraction, seed)
    assert (out == 0).sum() == len(taken) * 4 * 5 * 2 * 3


@given(st.integers(0, 99))
def test_shuffled_keeps_every_patch_and_the_inverse_order_restores_the_image(seed):
    pixels = image()
    order = perturb.shuffled_order(GRID, seed)
    assert sorted(order) == list(range(12))
    out = perturb.shuffled(pixels, GRID, seed)
    back = perturb.permuted(out, GRID, tuple(np.argsort(order)))
    np.testing.assert_array_equal(back, pixels)


def test_place_i_holds_what_was_patch_order_i():
    pixels = np.arange(12, dtype=np.float32).reshape(3, 4)
    order = (5, 1, 2, 3, 4, 0, *range(6, 12))
    np.testing.assert_array_equal(perturb.permuted(pixels, GRID, order).reshape(-1), order)
    with pytest.raises(ValueError, match="12 places"):
        perturb.permuted(pixels, GRID, (0, 1))


def test_pixels_beyond_the_last_whole_patch_stay():
    pixels = image(14, 23)
    out = perturb.dropped(pixels, GRID, 1.0)
    np.testing.assert_array_equal(out[..., 12:, :], pixels[..., 12:, :])
    np.testing.assert_array_equal(out[..., 20:], pixels[..., 20:])
    assert not out[..., :12, :20].any()


@pytest.mark.parametrize(("dx", "dy"), [(2, 0), (0, -3), (-1, 4), (0, 0), (20, 0), (0, -99)])
def test_shifted_moves_right_and_down_and_fills_what_opens(dx, dy):
    pixels = image()
    out = perturb.shifted(pixels, dx, dy, fill=7)
    for row, column in np.ndindex(12, 20):
        inside = 0 <= row - dy < 12 and 0 <= column - dx < 20
        wanted = pixels[..., row - dy, column - dx] if inside else 7
        np.testing.assert_array_equal(out[..., row, column], wanted)


def test_blur_keeps_the_mean_of_a_point_and_its_spread_is_sigma():
    pixels = np.zeros((1, 41, 41), np.float32)
    pixels[0, 20, 20] = 1
    out = perturb.blurred(pixels, 2.0)
    at = np.arange(41) - 20
    assert out.sum() == pytest.approx(1, abs=1e-5)
    assert float((out[0].sum(0) * at**2).sum()) == pytest.approx(4.0, rel=0.02)
    np.testing.assert_array_equal(perturb.blurred(pixels, 0), pixels)


def test_channels_are_never_mixed_and_the_number_type_is_kept():
    pixels = image(dtype=np.uint8)
    pixels[:, 1] = 0
    for out in (perturb.blurred(pixels, 1.5), perturb.shuffled(pixels, GRID), perturb.dropped(pixels, GRID, 0.5)):
        assert out.dtype == np.uint8
        assert not out[:, 1].any()
        assert out[:, 0].any()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda p: perturb.dropped(p, GRID, 1.2),
        lambda p: perturb.blurred(p, -1),
        lambda p: perturb.hidden(p, (13, 4), [0]),
    ],
)
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"fraction|deviation|make no"):
        wrong(image())

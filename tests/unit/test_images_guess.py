"""What an input can be, what is guessed of it, and that every guess is said."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.images.guess import conform, guess_plan, is_image_input, no_image_input, plan_for, resized
from engine.images.load import photo_from_pixels
from engine.images.plan import ImagePlan
from engine.images.prepare import prepare
from engine.images.processors import HALF, IMAGENET_MEAN


@dataclass(frozen=True)
class Info:
    name: str
    dtype: str
    shape: tuple


def _codes(plan):
    return [note.code for note in plan.notes]


@pytest.mark.parametrize(
    ("name", "dtype", "shape", "expected"),
    [
        ("pixel_values", "float32", (1, 3, 224, 224), True),
        ("input", "float16", ("n", 3, None, None), True),
        ("image", "uint8", (1, 224, 224, 3), True),
        ("x", "float32", (1, 1, 28, 28), True),
        ("pixel_values", "float32", ("b", "num_channels", "height", "width"), True),
        ("x", "float32", (8, 3, 32, 32), True),
        ("input_ids", "int64", (1, "sequence"), False),
        ("attention_mask", "float32", (1, 1, 8, 8), False),
        ("past_key_values.0.key", "float32", ("b", 3, "past", 64), False),
        ("x", "float32", (1, 4, 64, 64), False),
        ("x", "float32", (1, 3, 1, 1), False),
        ("x", "float32", (1, 3, 224), False),
        ("x", "float32", (0, 3, 8, 8), False),
        ("x", "str", (1, 3, 8, 8), False),
        ("x", "bool", (1, 3, 8, 8), False),
    ],
)
def test_what_can_be_an_image(name, dtype, shape, expected):
    assert is_image_input(Info(name, dtype, shape)) is expected


def test_a_bare_hugging_face_export():
    plan = guess_plan(Info("pixel_values", "float32", (1, 3, 32, 48)))
    assert (plan.size, plan.layout, plan.mean, plan.source) == ((32, 48), "NCHW", HALF, "guess")
    assert _codes(plan) == ["guess-plan", "guess-stretch", "guess-half"]


def test_a_bare_export_of_any_other_kind():
    plan = guess_plan(Info("input.1", "float16", ("n", 3, "h", "w")))
    assert (plan.size, plan.mean, plan.dtype) == ((224, 224), IMAGENET_MEAN, "float16")
    assert _codes(plan) == ["guess-plan", "guess-size", "guess-stretch", "guess-imagenet"]
    assert "224 × 224" in plan.notes[1].text()


def test_size_from_the_configuration_and_from_the_other_side():
    open_input = Info("x", "float32", (1, 3, None, None))
    assert guess_plan(open_input, (30, 30)).size == (30, 30)
    assert "size-from-config" in _codes(guess_plan(open_input, (30, 30)))
    assert guess_plan(Info("x", "float32", (1, 3, 96, "w"))).size == (96, 96)


def test_channels_last_grey_and_integers():
    last = guess_plan(Info("image", "uint8", (1, 30, 40, 3)))
    assert (last.layout, last.size, last.rescale, last.mean) == ("NHWC", (30, 40), 1.0, (0.0,) * 3)
    assert "guess-integers" in _codes(last)
    grey = guess_plan(Info("image", "float32", (1, 1, 28, 28)))
    assert (grey.channels, grey.mean, grey.std) == (1, (0.0,), (1.0,))
    assert "guess-grey" in _codes(grey)
    unknown = guess_plan(Info("image", "float32", (None, None, None, None)))
    assert "guess-layout" in _codes(unknown)


def test_plan_for_picks_the_image_and_says_when_it_cannot(tmp_path):
    image, ids = Info("pixel_values", "float32", (1, 3, 8, 8)), Info("input_ids", "int64", (1, 7))
    found = plan_for((ids, image), tmp_path)
    assert found.image_input == "pixel_values"
    assert found.plan is not None
    none = plan_for((ids,), None)
    assert (none.image_input, none.plan, none.notes) == (None, None, ())
    two = plan_for((image, replace(image, name="search")), None)
    assert two.image_input is None
    assert "pixel_values, search" in two.notes[0].text()
    error = no_image_input("bert", (ids,))
    assert "input_ids (1 × 7)" in str(error)


def test_files_win_over_guesses_and_the_graph_over_files(tmp_path):
    (tmp_path / "preprocessor_config.json").write_text('{"image_processor_type": "CLIPImageProcessor"}')
    declared = plan_for((Info("x", "float16", (1, "h", "w", 3)),), tmp_path).plan
    assert (declared.crop, declared.layout, declared.dtype, declared.notes) == ((224, 224), "NHWC", "float16", ())
    smaller = plan_for((Info("x", "float32", (1, 3, 112, 112)),), tmp_path).plan
    assert (smaller.size, smaller.crop) == ((112, 112), (112, 112))
    assert _codes(smaller) == ["size-overruled"]
    grey = plan_for((Info("x", "float32", (1, 1, 224, 224)),), tmp_path).plan
    assert len(grey.mean) == len(grey.std) == grey.channels == 1
    assert _codes(grey) == ["channels-overruled"]


def test_a_fixed_graph_gets_a_crop_where_proportions_would_decide():
    plan = conform(ImagePlan((32, 32), "shortest edge"), Info("x", "float32", (1, 3, 32, 32)))
    assert plan.crop == (32, 32)
    assert _codes(plan) == ["crop-added"]


PLANS = st.builds(
    ImagePlan,
    size=st.tuples(st.integers(1, 50), st.integers(1, 50)),
    resize=st.sampled_from(["stretch", "shortest edge", "fit and pad", "none"]),
    crop=st.none() | st.tuples(st.integers(1, 50), st.integers(1, 50)),
)
SHAPES = st.tuples(
    st.sampled_from([1, 3]), st.integers(2, 60), st.integers(4, 60), st.booleans(), st.sampled_from([1, 2])
)


@given(PLANS, SHAPES, st.tuples(st.integers(1, 80), st.integers(1, 80)))
def test_whatever_is_asked_the_tensor_fits_a_fixed_graph(plan, wanted, size):
    channels, rows, columns, last, batch = wanted
    shape = (batch, rows, columns, channels) if last and rows != 3 else (batch, channels, rows, columns)
    fitted = conform(plan, Info("x", "float32", shape))
    photo = photo_from_pixels(np.zeros((*size, 3), np.uint8), "x")
    assert prepare(photo, fitted).tensor.shape == shape
    assert conform(fitted, Info("x", "float32", shape)) == fitted


@given(PLANS, st.tuples(st.integers(1, 60), st.integers(1, 60)))
def test_resized_gives_the_size_asked_for(plan, size):
    found = resized(plan, size)
    if plan.crop is not None or plan.resize != "shortest edge":
        assert found.output_size == size

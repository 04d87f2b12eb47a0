"""Preparing a photo: equal to the reference libraries to the last digit, and patches land where they came from."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import EngineError
from engine.images.config import plan_from_processor, plan_from_timm
from engine.images.load import photo_from_pixels
from engine.images.plan import ImagePlan
from engine.images.prepare import MOST_OUTPUT_PIXELS, geometry, prepare

REFERENCES = Path(__file__).parent.parent / "reference" / "images.npz"


def _cases():
    with np.load(REFERENCES) as stored:
        cases = json.loads(str(stored["cases"]))
    return [
        pytest.param(i, c, id=f"{i}-{c['config'].get('image_processor_type', 'timm')}") for i, c in enumerate(cases)
    ]


@pytest.mark.parametrize(("number", "case"), _cases())
def test_equals_the_reference_library(number, case):
    with np.load(REFERENCES) as stored:
        pixels, expected = stored[case["photo"]], stored[f"result{number}"]
    reader = plan_from_timm if case["kind"] == "timm" else lambda c: plan_from_processor(c, "preprocessor_config.json")
    prepared = prepare(photo_from_pixels(pixels, case["photo"]), reader(case["config"]))
    tensor = prepared.tensor[0]
    assert list(tensor.shape) == case["shape"]
    assert tensor.dtype == np.float32
    step = max(tensor.shape[1] // 40, 1)
    assert np.abs(tensor[:, ::step, ::step] - expected).max() <= 1e-6


SIDES = st.integers(1, 400)
TARGETS = st.tuples(st.integers(1, 64), st.integers(1, 64))
PLANS = st.builds(
    ImagePlan,
    size=TARGETS,
    resize=st.sampled_from(["stretch", "shortest edge", "fit and pad", "none"]),
    crop=st.none() | TARGETS,
    longest=st.none() | st.integers(1, 100),
    crop_rule=st.sampled_from(["transformers", "torchvision"]),
)


@given(st.tuples(SIDES, SIDES), PLANS)
def test_what_the_model_sees_is_where_the_region_says(size, plan):
    place = geometry(size, plan)
    left, top, right, bottom = place.region
    assert min(place.resized) >= 1
    assert ((bottom - top) * place.resized[0], (right - left) * place.resized[1]) == pytest.approx(place.output)
    for axis, (low, high) in enumerate(((top, bottom), (left, right))):
        # centred to half a pixel of rounding, whichever rule rounds
        assert abs((low + high) / 2 - 0.5) * place.resized[axis] <= 1.0
        assert (low >= -1e-9 and high <= 1 + 1e-9) or place.output[axis] > place.resized[axis]


@given(st.tuples(st.integers(1, 60), st.integers(1, 60)), PLANS, st.sampled_from([1, 3]), st.booleans())
def test_every_plan_gives_the_tensor_it_announces(size, plan, channels, last):
    shape = replace(plan, channels=channels, mean=(0.0,) * channels, std=(1.0,) * channels)
    shape = replace(shape, layout="NHWC" if last else "NCHW")
    photo = photo_from_pixels(np.full((*size, 3), 200, np.uint8), "plain")
    prepared = prepare(photo, shape)
    rows, columns = geometry(size, shape).output
    assert prepared.tensor.shape == ((1, rows, columns, channels) if last else (1, channels, rows, columns))
    assert prepared.tensor.max() <= np.float32(200 / 255) + 1e-6
    if plan.crop:
        assert (rows, columns) == plan.crop


def _dot(rows, columns, at):
    """A black photo with one white block of a sixth of its size around a place given in fractions."""
    pixels = np.zeros((rows, columns, 3), np.uint8)
    y, x = at[0] * rows, at[1] * columns
    pixels[int(y - rows / 12) : int(y + rows / 12) + 1, int(x - columns / 12) : int(x + columns / 12) + 1] = 255
    return pixels


@pytest.mark.parametrize("size", [(300, 300), (240, 360), (420, 200)])
@pytest.mark.parametrize(
    "plan",
    [
        ImagePlan((64, 48)),
        ImagePlan((96, 96), "shortest edge", crop=(64, 64)),
        ImagePlan((64, 64), "fit and pad"),
        ImagePlan((100, 100), "stretch", crop=(80, 80)),
        ImagePlan((40, 40), "shortest edge", crop=(96, 96)),
        ImagePlan((1, 1), "none", crop=(500, 500), crop_rule="torchvision"),
    ],
    ids=lambda plan: f"{plan.resize}-{plan.size[0]}-{plan.crop}",
)
def test_a_bright_spot_lands_where_the_region_points(size, plan):
    at = (0.6, 0.4)
    prepared = prepare(photo_from_pixels(_dot(*size, at), "dot"), replace(plan, mean=(0,) * 3, std=(1,) * 3))
    seen = prepared.tensor[0].mean(0)
    weights = seen / seen.sum()
    y, x = (
        (weights.sum(1) * (np.arange(seen.shape[0]) + 0.5)).sum(),
        (weights.sum(0) * (np.arange(seen.shape[1]) + 0.5)).sum(),
    )
    left, top, right, bottom = prepared.region
    found = top + y / seen.shape[0] * (bottom - top), left + x / seen.shape[1] * (right - left)
    assert found == pytest.approx(at, abs=0.02)


def test_padding_is_filled_and_the_photo_is_in_the_middle():
    photo = photo_from_pixels(np.full((10, 20, 3), 255, np.uint8), "wide")
    plan = ImagePlan((20, 20), "fit and pad", fill=(124, 116, 104), rescale=1.0, mean=(0,) * 3, std=(1,) * 3)
    tensor = prepare(photo, plan).tensor[0]
    assert tensor[:, 0, 0].tolist() == [124, 116, 104]
    assert (tensor[:, 5:15] == 255).all()
    assert tensor[:, 15:].max() == 124


def test_uint8_float16_and_reversed_channels():
    pixels = np.zeros((4, 4, 3), np.uint8)
    pixels[..., 0] = 250
    photo = photo_from_pixels(pixels, "red")
    whole = ImagePlan((4, 4), rescale=1.0, mean=(0,) * 3, std=(1,) * 3)
    assert prepare(photo, replace(whole, dtype="uint8")).tensor.dtype == np.uint8
    assert prepare(photo, replace(whole, dtype="uint8")).tensor[0, :, 0, 0].tolist() == [250, 0, 0]
    caffe = replace(whole, bgr=True, mean=(104, 117, 123), dtype="float16")
    tensor = prepare(photo, caffe).tensor
    assert tensor.dtype == np.float16
    assert tensor[0, :, 0, 0].tolist() == [-104, -117, 127]


def test_grey_weighs_the_channels_as_pillow_does():
    photo = photo_from_pixels(np.full((3, 3, 3), (255, 0, 0), np.uint8), "red")
    plan = ImagePlan((3, 3), rescale=1.0, mean=(0.0,), std=(1.0,), channels=1)
    assert prepare(photo, plan).tensor[0, 0, 0, 0] == 76  # ITU-R 601: 0.299 · 255


def test_a_fixed_batch_is_filled_with_copies():
    tensor = prepare(photo_from_pixels(np.full((3, 3, 3), 9, np.uint8), "x"), ImagePlan((5, 5), batch=2)).tensor
    assert tensor.shape == (2, 3, 5, 5)
    assert (tensor[0] == tensor[1]).all()


def test_a_thread_of_a_photo_is_not_blown_up_whole():
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 255, (2, 12_000, 3), np.uint8)
    plan = ImagePlan((96, 96), "shortest edge", crop=(64, 64))
    assert np.prod(geometry((2, 12_000), plan).resized) > 5e7
    tensor = prepare(photo_from_pixels(pixels, "thread"), plan).tensor
    middle = photo_from_pixels(pixels[:, 5_900:6_100], "middle")
    assert np.abs(tensor - prepare(middle, plan).tensor).max() <= 2.1 / 255 / 0.5


def test_an_absurd_tensor_is_refused():
    photo = photo_from_pixels(np.zeros((1, 30_000, 3), np.uint8), "thread")
    plan = ImagePlan((224, 224), "shortest edge")
    assert np.prod(geometry((1, 30_000), plan).output) > MOST_OUTPUT_PIXELS
    with pytest.raises(EngineError, match="more than it can be given") as caught:
        prepare(photo, plan)
    assert caught.value.code == "prepared-too-large"

"""Preparing a photo: equal to the reference libraries to the last digit, and patches land where they came from."""

import json
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

"""Plain inference on any batch, whatever the graph fixes; and from an inner tensor on."""

from pathlib import Path

import numpy as np
import onnx
import pytest

import engine
from engine.kernels import read_kernels
from engine.runtime.rest import NAME
from tests.unit.networks import Network

ROOT = Path(__file__).parents[2]
GRAPHS = ROOT / "tests" / "conformance" / "graphs"


def network(tmp_path, batch):
    net = Network(8, batch=batch)
    net.conv(4)
    net.relu()
    net.conv(5, stride=2)
    net.relu()
    net.classifier()
    return engine.open_model(net.save(tmp_path / f"net_{batch}.onnx"))


@pytest.mark.parametrize("batch", [1, 2, 4, "batch"])
@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_any_number_of_images(batch, count, tmp_path):
    model = network(tmp_path, batch)
    images = np.random.default_rng(0).standard_normal((count, 3, 8, 8)).astype(np.float32)
    found = model.forward({"image": images})["logits"]
    assert found.shape == (count, 4)
    one = network(tmp_path, 1)
    for image, logits in zip(images, found, strict=True):
        np.testing.assert_allclose(one.run({"image": image[None]}).outputs["logits"][0], logits, atol=1e-5)
    taps = model.exposing(["t1"])({"image": images}, ["t1", "logits"])
    assert taps["t1"].shape == (count, 4, 8, 8)
    np.testing.assert_allclose(taps["logits"], found, atol=1e-6)


@pytest.mark.parametrize("batch", [1, 2, "batch"])
def test_from_an_inner_tensor_on(batch, tmp_path):
    model = network(tmp_path, batch)
    images = np.random.default_rng(1).standard_normal((3, 3, 8, 8)).astype(np.float32)
    whole = model.exposing(["t1"])({"image": images}, ["t1", "logits"])
    rest = model.after("t1", whole["t1"][: batch if isinstance(batch, int) else 1])
    assert rest.takes == (NAME,)  # nothing else leads to the answer
    np.testing.assert_allclose(rest({NAME: whole["t1"]})["logits"], whole["logits"], atol=1e-6)
    assert np.abs(rest({NAME: 0 * whole["t1"]})["logits"] - whole["logits"]).max() > 1e-3
    with pytest.raises(engine.EngineError) as refused:
        model.after("nothing", whole["t1"])
    assert refused.value.code == "no-tensor"


def test_windows_of_every_image_are_kept():
    """A graph with a fixed batch, whose attention has windows for its batch axis."""
    model = engine.open_model(GRAPHS / "timm_swin_plain_dyn18.onnx")
    batch = model.inputs[0].shape[0]
    site = model.sites[0]
    assert isinstance(batch, int)
    images = np.random.default_rng(2).standard_normal((2 * batch, *model.inputs[0].shape[1:])).astype(np.float32)
    name = site.plan.value.value
    found = model.exposing([name])({model.inputs[0].name: images}, [name])[name]
    halves = [model.run({model.inputs[0].name: part}).tensor(name) for part in (images[:batch], images[batch:])]
    np.testing.assert_allclose(found, np.concatenate(halves), atol=1e-5)


def test_weights_beside_the_model_are_found_again(tmp_path):
    """The rest of a model, its kernels and its own session, with every weight in a second file."""
    net = Network(8)
    net.conv(16)
    net.relu()
    net.conv(16)
    net.relu()
    net.classifier()
    whole = onnx.load(net.save(tmp_path / "whole.onnx"))
    options = {"save_as_external_data": True, "location": "apart.data", "size_threshold": 0}
    onnx.save(whole, tmp_path / "apart.onnx", **options)
    first, second = (engine.open_model(tmp_path / f"{name}.onnx") for name in ("whole", "apart"))
    image = np.random.default_rng(3).standard_normal((1, 3, 8, 8)).astype(np.float32)
    maps = second.exposing(["t1"])({"image": image}, ["t1"])["t1"]
    logits = first.run({"image": image}).outputs["logits"]
    np.testing.assert_allclose(second.after("t1", maps)({NAME: maps})["logits"], logits, atol=1e-6)
    kernels = [read_kernels(model.description, model.convolutions[1]).weights for model in (first, second)]
    np.testing.assert_array_equal(*kernels)

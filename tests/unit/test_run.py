"""A run is complete, tells what it does not hold, and can be stopped."""

import threading
from dataclasses import replace
from multiprocessing.reduction import ForkingPickler
from pathlib import Path

import numpy as np
import pytest
from onnx import helper

import engine
from engine import EngineError
from engine.runtime import open as opening
from tests.unit import broken_models as made

GRAPHS = Path(__file__).resolve().parents[1] / "conformance" / "graphs"
VIT = GRAPHS / "hf_vit_sdpa_ts17_dynamic.onnx"


@pytest.fixture(scope="module")
def run():
    model = engine.open_model(VIT)
    pixels = np.random.default_rng(0).standard_normal((1, 3, 16, 24))
    return model.run({"pixel_values": pixels})


@pytest.mark.parametrize("part", [{"batch": 1}, {"head": 3}, {"head": -4}, {"query": 25}, {"key": -26}])
def test_what_lies_outside_an_axis(run, part):
    site = run.model.sites[0]
    for read in (run.pattern, run.scores):
        with pytest.raises(IndexError, match="outside an axis"):
            read(site, **part)


def test_what_was_not_kept_is_computed_when_asked_for(run):
    layer = run.model.convolutions[0]
    maps = run.feature_maps(layer)
    assert maps.shape == (1, layer.out_channels, 4, 6)
    assert maps.dtype == np.float32
    alone = replace(run, fetch=None)
    with pytest.raises(EngineError, match="was not kept in this run"):
        alone.feature_maps(layer)


def test_a_run_is_read_without_the_model(run):
    """What was tapped is enough for every pattern."""
    alone = replace(run, fetch=None)
    for site in run.model.sites:
        np.testing.assert_array_equal(alone.pattern(site), run.pattern(site))
        np.testing.assert_array_equal(alone.query(site), run.query(site))


def test_the_description_travels(run):
    assert ForkingPickler.loads(ForkingPickler.dumps(run.model)) == run.model


def test_a_site_known_by_its_pattern_alone():
    path = GRAPHS / "plain_additive_dyn18.onnx"
    model = engine.open_model(path)
    run = model.run({i.name: np.ones([d if isinstance(d, int) else 1 for d in i.shape]) for i in model.inputs})
    site = model.sites[0]
    assert run.error(site) == 0.0
    assert run.pattern(site).ndim == 4
    for read in (run.query, run.key, run.scores):
        with pytest.raises(EngineError, match="only its pattern can be read"):
            read(site)


def test_a_run_can_be_stopped_and_the_model_runs_again(tmp_path):
    size = 700
    nodes = [helper.make_node("MatMul", ["x" if i == 0 else f"v{i}", "w"], [f"v{i + 1}"]) for i in range(150)]
    x = made.tensor([size, size])
    y = made.tensor([size, size], name="v150")
    weight = made.weight(np.eye(size, dtype=np.float32))
    path = made.write(tmp_path / "long.onnx", made.make(nodes, [x], [y], [weight]))
    feeds = {"x": np.ones((size, size), np.float32)}
    with engine.open_model(path) as model:
        ended = threading.Event()

        def stop_soon():
            while not ended.wait(0.01):
                model.stop()

        thread = threading.Thread(target=stop_soon)
        thread.start()
        try:
            with pytest.raises(EngineError, check=lambda error: error.code == "cancelled"):
                model.run(feeds)
        finally:
            ended.set()
            thread.join()
        np.testing.assert_array_equal(model.run(feeds).outputs["v150"], feeds["x"])


def test_a_graph_that_only_mirada_cannot_read_is_said_to_be_its_fault(monkeypatch, tmp_path):
    def stumbles(*_):
        raise KeyError("axis")

    monkeypatch.setattr(opening, "describe", stumbles)
    with pytest.raises(EngineError, match="inside Mirada: KeyError: 'axis'"):
        engine.open_model(made.write(tmp_path / "x.onnx", made.FIXED))
    broken, code, _ = made.REFUSED["custom operator"]
    with pytest.raises(EngineError, check=lambda error: error.code == code):  # the runtime's reason comes first
        engine.open_model(made.write(tmp_path / "y.onnx", broken))


def test_refusals_travel_between_processes():
    error = EngineError("input-missing", name="x", shape="1×3")
    again = ForkingPickler.loads(ForkingPickler.dumps(error))
    assert (str(again), again.code, again.message) == (str(error), error.code, error.message)

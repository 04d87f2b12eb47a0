"""Convolutions against the framework's: what they give, how they slide, and what a unit of each can see."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from engine.evidence.cam import activation
from engine.layers import layer_maps, layer_table
from tests.conformance.references import Reference, references

NETWORKS = [case for case in references() if "layers" in case.meta]


def test_there_are_networks_of_every_sort() -> None:
    families = {case.meta["family"] for case in NETWORKS}
    assert {"CNN, branches", "CNN, squeeze-excite", "CNN, up and down", "CNN, fp16", "CNN, int8 QDQ"} <= families


def opened(case: Reference) -> engine.Run:
    return engine.open_model(case.path).run(case.feeds)


@pytest.mark.parametrize("case", NETWORKS, ids=lambda case: case.name)
def test_layers_and_their_maps_are_the_frameworks(case: Reference) -> None:
    run = opened(case)
    table = [layer for layer in layer_table(run.model) if layer.is_convolution]
    assert len(table) == len(case.meta["layers"])
    slack = {"CNN, int8 QDQ": 0.08, "CNN, fp16": 5e-3}.get(case.meta["family"], 1e-4)
    for layer, convolution, told in zip(table, run.model.convolutions, case.meta["layers"], strict=True):
        assert [layer.groups, *layer.kernel] == [told["groups"], *told["kernel"]]
        assert [*layer.stride, *layer.dilation] == [*told["stride"], *told["dilation"]]
        assert [layer.channels, *(layer.size or ())] == told["shape"][1:]
        maps = run.feature_maps(convolution)
        assert list(maps.shape) == told["shape"]
        np.testing.assert_allclose(maps[0].mean(axis=(1, 2)), told["mean"], atol=slack * 4)
        spread = maps[0].std(axis=(1, 2), ddof=1) if maps[0, 0].size > 1 else np.zeros(len(maps[0]))
        np.testing.assert_allclose(spread, np.nan_to_num(told["spread"]), atol=slack * 4)
        active = layer_maps(run, layer)
        assert active.shape == maps.shape[1:]
        if layer.tensor != layer.output:
            assert active.min() > -0.4  # ReLU, SiLU, GELU or a gate
            assert active.min() < active.max()


@pytest.mark.parametrize("case", NETWORKS, ids=lambda case: case.name)
def test_receptive_fields_are_where_gradients_go(case: Reference) -> None:
    run = opened(case)
    rows, columns = next(iter(case.feeds.values())).shape[2:]
    for layer, told in zip(run.model.convolutions, case.meta["layers"], strict=True):
        if not told["field"]:
            continue  # behind a global mean
        row, column, *edges = told["field"]
        assert layer.receptive is not None
        (top, bottom), (left, right) = layer.receptive.region(row, column)
        clipped = [max(top, 0), min(bottom, rows - 1), max(left, 0), min(right, columns - 1)]
        assert clipped[0] <= edges[0] <= edges[1] <= clipped[1], layer.name
        assert clipped[2] <= edges[2] <= edges[3] <= clipped[3], layer.name
        # Enlarged maps: neighbouring units share a coarse one, and the field holds for either of them.
        most = 2 if case.meta["family"] == "CNN, up and down" and layer.index == 2 else 0
        assert max(abs(a - b) for a, b in zip(clipped, edges, strict=True)) <= most, layer.name


@pytest.mark.parametrize("case", NETWORKS, ids=lambda case: case.name)
def test_class_activation_maps_add_up(case: Reference) -> None:
    run = opened(case)
    slack = {"CNN, int8 QDQ": 0.05, "CNN, fp16": 5e-3}.get(case.meta["family"], 1e-4)
    for index in range(5):
        for item in range(2):
            found = activation(run, index, item)
            mean = found.evidence.values.mean(dtype=np.float64) + found.bias
            assert mean == pytest.approx(float(run.outputs["logits"][item, index]), abs=slack)

"""Damage, what is left of answers, and two models side by side."""

from pathlib import Path

import numpy as np
import pytest

import engine
from engine.comparison import Measure, model_facts, reach, seen
from engine.images.load import load_photo
from engine.images.prepare import prepare
from engine.metrics import head_metrics
from engine.robustness import STRENGTHS, RobustnessCurves, common_grid, damaged, part_shuffled
from engine.runtime.footprint import footprint
from engine.runtime.task import Context
from tests.unit.networks import Network

ROOT = Path(__file__).parents[2]
CNN, VIT = ROOT / "assets" / "models" / "cnn", ROOT / "assets" / "models" / "vit"
SAMPLES = ROOT / "assets" / "samples"


def context_of(path, photo=SAMPLES / "cat.jpg", told=None):
    model = engine.open_model(path)
    run = model.run_image(prepare(load_photo(photo), model.description.image_plan))
    report = (lambda *_: None) if told is None else (lambda *given: told.append(given))
    return Context(model, run.inputs, run.image, run, report)


def test_damage_without_strength_is_none_and_the_rest_is_what_it_says():
    images = np.random.default_rng(0).standard_normal((2, 3, 8, 8)).astype(np.float32) + 5
    for damage in STRENGTHS:
        assert damaged(images, damage, 0, (4, 4), 0) is images
    dropped = damaged(images, "drop", 0.5, (4, 4), 0)
    assert [(one == 0).all(axis=0).sum() for one in dropped] == [32, 32]
    assert not np.array_equal(dropped[0] == 0, dropped[1] == 0)  # each image loses patches of its own
    right, down, left, up = (damaged(images, "shift", 2, (4, 4), 0, trial) for trial in range(4))
    np.testing.assert_array_equal(right[..., 2:], images[..., :-2])
    np.testing.assert_array_equal(down[..., 2:, :], images[..., :-2, :])
    np.testing.assert_array_equal(left[..., :-2], images[..., 2:])
    np.testing.assert_array_equal(up[..., :-2, :], images[..., 2:, :])
    assert damaged(images, "shift", 2, (4, 4), 0, 0, scale=2)[..., :4].max() == 0
    assert damaged(images, "blur", 2, (4, 4), 0).std() < images.std()


def test_a_part_of_the_patches_is_shuffled_and_none_is_lost():
    image = np.arange(64, dtype=np.float32).reshape(1, 8, 8)
    for fraction in (0.25, 0.5, 1.0):
        found = part_shuffled(image, (4, 4), fraction, 3)
        np.testing.assert_array_equal(np.sort(found.reshape(-1)), image.reshape(-1))
        stayed = sum(
            np.array_equal(found[:, r : r + 2, c : c + 2], image[:, r : r + 2, c : c + 2])
            for r in range(0, 8, 2)
            for c in range(0, 8, 2)
        )
        assert 16 - 16 * fraction <= stayed < 16


def test_curves_of_both_bundled_models_on_one_photo():
    told = []
    context = context_of(CNN, told=told)
    task = RobustnessCurves("drop", str(VIT), strengths=(0, 0.5), trials=4)
    found = task.work(context)
    assert [curve.model for curve in found.curves] == ["cnn", "vit"]
    assert found.grid == (8, 8)
    assert (found.images, found.trials, found.finished) == (1, 4, True)
    for curve in found.curves:
        assert curve.agreement[0] == 1
        assert 0 <= curve.probability[1] < curve.probability[0]
        assert np.isnan(curve.accuracy).all()
    assert [report[:2] for report in told] == [(1, 2), (2, 2)]
    assert np.isnan(told[0][2].curves[0].agreement[1])
    again = task.work(context)
    np.testing.assert_array_equal(again.curves[1].probability, found.curves[1].probability)


def test_true_classes_are_those_of_the_folders(tmp_path):
    for name, photo in (("cat", "cat.jpg"), ("dog", "dog.jpg"), ("ship", "toad.jpg"), ("teapot", "car.jpg")):
        (tmp_path / name).mkdir()
        (tmp_path / name / photo).write_bytes((SAMPLES / photo).read_bytes())
    found = RobustnessCurves("blur", folder=str(tmp_path), strengths=(0, 3)).work(context_of(CNN))
    curve = found.curves[0]
    assert (found.images, curve.known) == (4, 3)
    assert curve.accuracy[0] == pytest.approx(2 / 3)  # the frog is no ship
    assert curve.agreement[0] == 1
    told = RobustnessCurves("blur", strengths=(0,), truth=5).work(context_of(CNN)).curves[0]
    assert told.accuracy[0] == 0
    assert told.probability[0] < 0.5


def test_a_model_that_sees_only_the_mean_does_not_mind_shuffling(tmp_path):
    """The mean of a pointwise convolution is the same whatever the order of the patches."""
    net = Network(16)
    net.conv(6, 1)
    net.relu()
    net.classifier(4)
    path = net.save(tmp_path / "bag.onnx")
    found = RobustnessCurves("shuffle", grid=(4, 4), strengths=(0, 0.5, 0.9)).work(context_of(path))
    np.testing.assert_allclose(found.curves[0].probability, found.curves[0].probability[0], atol=1e-5)
    hurt = RobustnessCurves("drop", grid=(4, 4), strengths=(0, 0.9)).work(context_of(path))
    assert abs(hurt.curves[0].probability[1] - hurt.curves[0].probability[0]) > 1e-4


def test_patches_are_those_of_the_model_with_attention():
    cnn, vit = (engine.open_model(path).description for path in (CNN, VIT))
    assert common_grid([cnn, vit]) == (8, 8)
    assert common_grid([cnn]) == (8, 8)


def test_models_without_a_photo_are_refused():
    model = engine.open_model(CNN)
    with pytest.raises(engine.EngineError) as refused:
        RobustnessCurves().work(Context(model))
    assert refused.value.code == "not-on-image"


def test_facts():
    cnn, vit = (model_facts(engine.open_model(path).description) for path in (CNN, VIT))
    assert (cnn.family, vit.family) == ("convolution", "attention")
    assert (cnn.convolutions, cnn.sites, cnn.classes) == (8, 0, 10)
    assert (vit.convolutions, vit.sites, vit.heads) == (1, 6, 36)
    assert cnn.multiply_adds == 76_679_680
    hybrid = model_facts(engine.open_model(ROOT / "tests/conformance/graphs/timm_mobilevit_dyn18.onnx").description)
    assert hybrid.family == "both"


def test_reach_is_the_receptive_field_and_the_mean_attention_distance():
    cnn, vit = context_of(CNN).run, context_of(VIT).run
    found = reach(cnn)
    assert [one.pixels for one in found] == [layer.receptive.size[0] for layer in cnn.model.convolutions]
    assert (found[0].depth, found[-1].depth) == (0, 1)
    attended = [one for one in reach(vit) if one.kind == "attention"]
    distance = head_metrics(vit, vit.model.sites[2], names=("distance",))["distance"]
    assert attended[2].pixels == pytest.approx(distance.mean())
    assert (attended[2].low, attended[2].high) == (pytest.approx(distance.min()), pytest.approx(distance.max()))
    assert attended[2].share == pytest.approx(attended[2].pixels / 32)
    assert seen(vit).classes[0].probability > 0


def test_costs_are_measured():
    told = []
    context = context_of(CNN, told=told)
    found = Measure(str(VIT), runs=3, memory=False).work(context)
    assert [one.model for one in found] == ["cnn", "vit"]
    for one in found:
        assert 0 < one.fastest <= one.seconds
        assert one.memory is None
        assert one.runs == 3
    assert told[-1][0] == told[-1][1] == 6


def test_memory_grows_with_the_model(tmp_path):
    small, large = (Network(32, batch=1) for _ in range(2))
    small.conv(4)
    large.conv(4)
    large.add("Flatten")
    large.add("Gemm", [large.here, large.weight(4096, 4 * 32 * 32)], transB=1)  # 64 MiB
    feeds = {"image": np.zeros((1, 3, 32, 32), np.float32)}
    found = [footprint(net.save(tmp_path / f"{n}.onnx"), feeds) for n, net in enumerate((small, large))]
    if None in found:
        pytest.skip("this system does not tell how much memory a process has held")
    assert found[1] - found[0] > 48 * 2**20
    assert footprint(tmp_path / "none.onnx", feeds) is None

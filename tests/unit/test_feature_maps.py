"""Layers as a table, their kernels, their maps in numbers, and what a unit sees: by theory and in fact."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper
from PIL import Image

import engine
from engine.effective import EffectiveField, summed_up, visible
from engine.feature_maps import FolderStatistics, Tally, contributions, order, statistics
from engine.images.folder import class_of, pictures_in
from engine.images.load import load_photo
from engine.images.prepare import prepare
from engine.kernels import ReadKernels, pictures, read_kernels
from engine.layers import channels_first, layer_maps, layer_table
from engine.runtime.task import Context
from engine.seen import box, seen_box
from tests.unit.networks import Network

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "models"
CNN = ROOT / "assets" / "models" / "cnn"
SAMPLES = ROOT / "assets" / "samples"


def ran(path, photo=SAMPLES / "cat.jpg"):
    model = engine.open_model(path)
    return model, model.run_image(prepare(load_photo(photo), model.description.image_plan))


def test_the_table_of_the_bundled_network():
    model, run = ran(CNN)
    table = layer_table(model.description)
    assert [layer.kind for layer in table] == ["convolution"] * 4 + ["max pooling"] + ["convolution"] * 4
    assert sum(layer.multiply_adds or 0 for layer in table) == pytest.approx(model.description.multiply_adds, rel=1e-3)
    for layer in table:
        maps = layer_maps(run, layer)
        assert maps.shape == (layer.channels, *layer.size)
    first = table[0]
    assert (first.receptive.size, first.receptive.jump) == ((4, 4), (2, 2))
    assert not np.array_equal(layer_maps(run, first), layer_maps(run, first, active=False))


def branches(net):
    """Grouped, dilated, depthwise, pointwise; a residual sum; squeeze-excite; a pool in ceil mode."""
    net.conv(8, stride=2, pads=[0, 1, 1, 0])
    net.relu()
    trunk = net.here
    net.conv(8, group=4)
    net.add(
        "BatchNormalization",
        [net.here, *(net.constant(v) for v in np.abs(net.rng.standard_normal((4, 8))).astype(np.float32))],
    )
    net.relu()
    net.conv(8, dilation=2)
    residual = net.add("Add", [net.here, trunk])
    net.relu()
    net.conv(8, group=8)
    gated = net.here
    net.add("Sigmoid")
    net.add("Mul", [gated, net.here])
    swish = net.here
    net.add("GlobalAveragePool")
    net.conv(8, 1)
    net.add("Sigmoid")
    net.add("Mul", [swish, net.here])
    net.add("MaxPool", kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1)
    net.conv(6, 1)
    return residual


def test_kinds_activations_and_fields_of_branches(tmp_path):
    net = Network(32)
    branches(net)
    model, run = ran(net.save(tmp_path / "branches.onnx"))
    table = layer_table(model.description)
    kinds = ["convolution", "grouped", "convolution", "depthwise", "pointwise", "max pooling", "pointwise"]
    assert [layer.kind for layer in table] == kinds
    active = [layer.tensor != layer.output for layer in table]
    assert active == [True, True, False, True, True, False, False]  # the sum with the trunk comes before its ReLU
    assert layer_maps(run, table[1]).min() == 0  # past the batch norm and the ReLU
    assert table[3].groups == table[3].channels == 8
    assert [layer.receptive.size[0] for layer in table[:4]] == [3, 7, 15, 19]
    assert table[5].receptive.whole
    assert table[5].receptive.size == (23, 23)
    for layer in table:
        assert layer_maps(run, layer).shape[1:] == layer.size


def test_theory_is_what_a_changed_pixel_changes(tmp_path):
    """The field of a unit, branch by branch, against differences of the maps when pixels outside and inside change."""
    net = Network(32)
    net.conv(4, stride=2, pads=[0, 1, 1, 0])
    left = net.conv(4, 1)
    net.channels = 4
    right = net.conv(4, 3, source="t0", dilation=2)
    net.add("Concat", [left, right], axis=1)
    model = engine.open_model(net.save(tmp_path / "concat.onnx"))
    layer = layer_table(model.description)[-1]
    rng = np.random.default_rng(0)
    image = rng.standard_normal((1, 3, 32, 32)).astype(np.float32)
    plain = model.run({"image": image}).outputs["t3"]
    for row, column in ((3, 4), (8, 8), (15, 0)):
        left, top, right, bottom = visible(layer.receptive, row, column, (32, 32))
        outside = rng.standard_normal((1, 3, 32, 32)).astype(np.float32)
        outside[..., top:bottom, left:right] = image[..., top:bottom, left:right]
        changed = model.run({"image": outside}).outputs["t3"]
        np.testing.assert_allclose(changed[0, :, row, column], plain[0, :, row, column], atol=1e-5)
        corner = image.copy()
        corner[..., top, left] += 10
        corner[..., bottom - 1, right - 1] += 10
        again = model.run({"image": corner}).outputs["t3"]
        assert np.abs(again[0, :, row, column] - plain[0, :, row, column]).max() > 1e-4


def test_a_field_on_the_photo():
    model, run = ran(CNN)
    layer = layer_table(model.description)[0]  # 4 × 4 pixels, every second one, padded by one
    found = seen_box(run, layer.receptive, 3, 5)
    rows, columns = run.image.photo.pixels.shape[:2]
    assert found.image == (9, 5, 13, 9)
    np.testing.assert_allclose(
        found.photo, np.array([9 / 32 * columns, 5 / 32 * rows, 13 / 32 * columns, 9 / 32 * rows])
    )
    assert found.share == pytest.approx(16 / 1024)
    corner = seen_box(run, layer.receptive, 0, 0)
    assert corner.image == (-1, -1, 3, 3)
    assert corner.inside == (0, 0, 3, 3)
    assert not found.whole
    inner = box(layer.receptive, 3, 5, (32, 32), None)
    assert inner.photo is None
    assert inner.centre == (11, 7)


def test_statistics_are_numpys():
    maps = np.random.default_rng(0).standard_normal((5, 6, 7)).astype(np.float32)
    maps[1] = 0
    maps[2] = np.maximum(maps[2], 0)
    maps[3] = 4
    found = statistics(maps)
    flat = maps.reshape(5, -1)
    np.testing.assert_allclose(found.mean, flat.mean(axis=1), atol=1e-6)
    np.testing.assert_allclose(found.variance, flat.var(axis=1), atol=1e-6)
    np.testing.assert_allclose(found.largest, flat.max(axis=1))
    np.testing.assert_allclose(found.zeros, (flat == 0).mean(axis=1))
    assert found.dead.tolist() == [False, True, False, True, False]
    assert "this image" in found.message().text()
    assert order(found, "mean")[0] == 3
    assert order(found, "index").tolist() == [0, 1, 2, 3, 4]
    assert order(found, "contribution", -found.mean)[-1] == 3
    assert order(found, "contribution").tolist() == [0, 1, 2, 3, 4]


def test_streaming_is_the_same_as_all_at_once():
    images = np.random.default_rng(1).standard_normal((9, 4, 5, 3)) * 10 + 100
    tally = Tally()
    for part in (images[:2], images[2:3], images[3:]):
        tally.add(part)
    found = tally.finished()
    flat = np.moveaxis(images, 1, 0).reshape(4, -1)
    np.testing.assert_allclose(found.mean, flat.mean(axis=1), rtol=1e-6)
    np.testing.assert_allclose(found.variance, flat.var(axis=1), rtol=1e-5)
    assert found.images == 9
    assert "9 images" in found.message().text()


def test_contributions_add_up_to_the_logit():
    model, run = ran(CNN)
    layer = layer_table(model.description)[-1]
    head = model.description.head
    assert layer.tensor == head.maps
    found = statistics(layer_maps(run, layer))
    for index in (0, 7):
        parts = contributions(found, head, index)
        assert parts.sum(dtype=np.float64) + head.bias[index] == pytest.approx(
            run.outputs["logits"][0, index], abs=1e-4
        )
    assert contributions(statistics(np.zeros((3, 2, 2), np.float32)), head, 0) is None


def test_statistics_over_a_folder(tmp_path):
    net = Network(16)
    net.conv(6)
    net.tensors[1] = numpy_helper.from_array(np.array([0, 0, -1e6, 0, 0, 0], np.float32), "w1")  # never above zero
    net.relu()
    net.conv(2)
    path = net.save(tmp_path / "net.onnx")
    for n in range(5):
        pixels = np.random.default_rng(n).integers(0, 255, (20, 20, 3), np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"{n}.png")
    (tmp_path / "broken.png").write_bytes(b"no picture")
    told = []
    model = engine.open_model(path)
    found = FolderStatistics(str(tmp_path), batch=2).work(Context(model, report=lambda *r: told.append(r)))
    assert list(found) == ["t1", "t2"]
    assert found["t1"].images == 5
    assert found["t1"].dead.tolist() == [False, False, True, False, False, False]
    assert found["t1"].zeros[2] == 1
    maps = []
    for n in range(5):
        run = model.run_image(prepare(load_photo(tmp_path / f"{n}.png"), model.description.image_plan))
        maps.append(run.tensor("t1")[0])
    np.testing.assert_allclose(found["t1"].mean, np.stack(maps).mean(axis=(0, 2, 3)), rtol=1e-4)
    assert told[-1][:2] == (5, 6)


def test_folders_name_classes(tmp_path):
    for name in ("cat", "sea lion"):
        (tmp_path / name).mkdir()
        Image.new("RGB", (4, 4)).save(tmp_path / name / "1.png")
    Image.new("RGB", (4, 4)).save(tmp_path / "loose.png")
    found = pictures_in(str(tmp_path))
    assert [class_of(picture, ("dog", "cat", "sea_lion")) for picture in found] == [1, None, 2]
    assert len(pictures_in(str(tmp_path), most=2)) == 2
    with pytest.raises(engine.EngineError) as refused:
        pictures_in(str(tmp_path / "none"))
    assert refused.value.code == "folder-missing"


def test_kernels_as_they_are_stored(tmp_path):
    model = engine.open_model(CNN)
    layer = model.convolutions[3]
    found = ReadKernels(3).work(Context(model))
    stored = next(t for t in onnx.load(CNN / "model.onnx").graph.initializer if t.name == layer.weight)
    np.testing.assert_array_equal(found.weights, numpy_helper.to_array(stored))
    assert found.bias.shape == (layer.out_channels,)
    with pytest.raises(engine.EngineError) as refused:
        ReadKernels(99).work(Context(model))
    assert refused.value.code == "layer-missing"
    half = Network(dtype=np.float16)
    half.conv(4)
    kept = read_kernels(
        *(lambda m: (m.description, m.convolutions[0]))(engine.open_model(half.save(tmp_path / "half.onnx")))
    )
    assert kept.stored == "float16"
    assert kept.weights.dtype == np.float32


def test_quantised_kernels_are_in_real_units(tmp_path):
    """QDQ, one scale for each output channel."""
    net = Network()
    numbers = net.rng.integers(-100, 100, (4, 3, 3, 3)).astype(np.int8)
    scales = np.array([0.1, 0.2, 0.3, 0.4], np.float32)
    names = [net.constant(v) for v in (numbers, scales, np.zeros(4, np.int8))]
    net.add("DequantizeLinear", names, axis=0)
    net.add("Conv", ["image", net.here], kernel_shape=[3, 3], pads=[1] * 4)
    model = engine.open_model(net.save(tmp_path / "qdq.onnx"))
    found = read_kernels(model.description, model.convolutions[0])
    np.testing.assert_allclose(found.weights, numbers * scales[:, None, None, None], rtol=1e-6)
    assert found.stored == "int8"


def test_integer_kernels_are_in_real_units(tmp_path):
    """QLinearConv: the scale is an input of the operator."""
    net = Network()
    numbers = net.rng.integers(0, 255, (4, 3, 1, 1)).astype(np.uint8)
    scale, zero = net.constant(np.float32(0.05)), net.constant(np.uint8(128))
    net.add("QuantizeLinear", ["image", scale, zero])
    bias = net.constant(np.array([10, 20, 30, 40], np.int32))
    inputs = [net.here, scale, zero, net.constant(numbers), net.constant(np.float32(0.5)), zero, scale, zero, bias]
    net.add("QLinearConv", inputs, kernel_shape=[1, 1])
    net.add("DequantizeLinear", [net.here, scale, zero])
    model = engine.open_model(net.save(tmp_path / "integer.onnx"))
    found = read_kernels(model.description, model.convolutions[0])
    np.testing.assert_allclose(found.weights, (numbers.astype(np.float32) - 128) * 0.5)
    np.testing.assert_allclose(found.bias, np.array([10, 20, 30, 40]) * 0.05 * 0.5, rtol=1e-6)
    assert found.stored == "uint8"


def test_pictures_of_kernels():
    colour = np.random.default_rng(0).standard_normal((4, 3, 5, 5)).astype(np.float32)
    found = pictures(colour)
    assert found.shape == (4, 5, 5, 3)
    assert found.min() >= 0
    assert found.max() <= 1
    np.testing.assert_allclose(pictures(colour, bgr=True), found[..., ::-1])
    top = np.unravel_index(np.argmax(np.abs(colour[2])), (3, 5, 5))
    assert found[2][top[1], top[2], top[0]] in (0, 1)
    assert pictures(np.zeros((2, 8, 3, 3), np.float32)).shape == (16, 3, 3)
    assert pictures(np.zeros((2, 8, 3, 3), np.float32)).mean() == 0.5


def test_the_effective_field_lies_within_the_theoretical_one():
    model, run = ran(CNN)
    layer = layer_table(model.description)[2]
    told = []
    context = Context(model, run.inputs, run.image, run, lambda *report: told.append(report))
    found = EffectiveField(layer.tensor, 4, 5, side=2).work(context)
    left, top, right, bottom = visible(layer.receptive, 4, 5, (32, 32))
    outside = found.values.copy()
    outside[top:bottom, left:right] = 0
    assert not outside.any()
    assert found.values[top:bottom, left:right].max() > 0
    assert 0 < found.area < 1
    assert left <= found.box[0] < found.box[2] <= right
    assert top <= found.box[1] < found.box[3] <= bottom
    assert told[-1][0] == told[-1][1] == found.asked
    one = EffectiveField(layer.tensor, 4, 5, channel=3, side=2).work(context)
    assert not np.allclose(one.values, found.values)


def test_the_box_holds_its_share():
    values = np.zeros((20, 20), np.float32)
    values[8:12, 5:9] = 1
    found = summed_up(values, (0, 0, 20, 20), 0.95, 1)
    left, top, right, bottom = found.box
    assert values[top:bottom, left:right].sum() >= 0.95 * values.sum()
    assert (right - left) * (bottom - top) <= 49
    assert found.area == pytest.approx(16 / 400)
    assert summed_up(np.zeros((4, 4), np.float32), (0, 0, 4, 4), 0.95, 1).area == 0


def test_channels_come_first_wherever_they_are_kept():
    maps = np.zeros((4, 5, 7), np.float32)
    assert channels_first(maps, 7).shape == (7, 4, 5)
    assert channels_first(maps, 4).shape == (4, 5, 7)
    assert channels_first(maps, None).shape == (4, 5, 7)


def test_the_detector_lists_all_its_layers():
    path = SHARED / "yolox_nano_coco.onnx"
    if not path.exists():
        pytest.skip("the detector of ../shared/models is not here")
    model = engine.open_model(path)
    table = layer_table(model.description)
    assert sum(layer.is_convolution for layer in table) == 113
    assert sum(layer.multiply_adds for layer in table if layer.is_convolution) == model.description.multiply_adds
    assert {layer.kind for layer in table} == {"convolution", "pointwise", "depthwise", "max pooling"}
    assert sum(layer.tensor != layer.output for layer in table) > 90  # SiLU as a product with its own sigmoid

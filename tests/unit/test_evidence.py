"""What speaks for a class: every method against what it should be, on networks where that is known."""

import threading
from pathlib import Path

import numpy as np
import onnx
import pytest

import engine
from engine.evidence.ablation import ablation_map, ablation_weights
from engine.evidence.cam import activation, channel_parts, head_maps
from engine.evidence.eigen import eigen_map
from engine.evidence.evidence import Target, resized
from engine.evidence.maps import find_layer, map_layers, read_maps
from engine.evidence.occlusion import occlusion_map, places
from engine.evidence.question import ask
from engine.evidence.rise import random_masks, rise_map
from engine.evidence.score import score_maps
from engine.evidence.tasks import METHODS, AblationCam, EigenCam, Occlusion, Rise, ScoreCam, TrustCurves
from engine.evidence.trust import curves
from engine.images.load import load_photo
from engine.images.prepare import prepare
from engine.runtime.task import Context
from tests.unit.networks import Network

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "models"
CNN, VIT = ROOT / "assets" / "models" / "cnn", ROOT / "assets" / "models" / "vit"
PHOTO = ROOT / "assets" / "samples" / "dog-and-cat.jpg"


def context_of(path, told=None):
    model = engine.open_model(path)
    run = model.run_image(prepare(load_photo(PHOTO), model.description.image_plan))
    reports = [] if told is None else told
    return Context(model, run.inputs, run.image, run, lambda *report: reports.append(report))


def small(tmp_path, classes=4, **settings):
    net = Network(**settings)
    net.conv(8)
    net.relu()
    net.conv(6, stride=2)
    net.relu()
    net.classifier(classes)
    return net.save(tmp_path / "small.onnx")


def test_the_mean_of_an_exact_map_and_the_bias_are_the_logit():
    run = context_of(CNN).run
    for index in range(10):
        found = activation(run, index)
        logit = float(run.outputs["logits"][0, index])
        assert found.evidence.values.mean(dtype=np.float64) + found.bias == pytest.approx(logit, abs=1e-4)
        assert found.error < 1e-4
        parts = channel_parts(head_maps(run, run.model.head).mean(axis=(1, 2)), run.model.head, index)
        assert parts.sum(dtype=np.float64) + found.bias == pytest.approx(logit, abs=1e-4)


def test_the_exact_map_is_of_the_most_probable_class_where_none_is_named():
    run = context_of(CNN).run
    found = activation(run)
    assert found.evidence.index == int(np.argmax(run.outputs["logits"][0]))
    assert found.evidence.label == run.model.labels[found.evidence.index]


def test_there_is_no_exact_map_without_such_a_classifier_and_no_class_beyond_the_last():
    with pytest.raises(engine.EngineError) as refused:
        activation(context_of(VIT).run)
    assert refused.value.code == "no-cam"
    with pytest.raises(engine.EngineError) as refused:
        activation(context_of(CNN).run, 10)
    assert "0 to 9" in str(refused.value)


def test_exact_maps_of_channels_last(tmp_path):
    """As TensorFlow exports: NHWC in, transposed around each convolution, and averaged over axes 1 and 2."""
    net = Network(layout="NHWC")
    net.add("Transpose", perm=[0, 3, 1, 2])
    net.conv(5)
    net.relu()
    net.add("Transpose", perm=[0, 2, 3, 1])
    net.add("ReduceMean", axes=[1, 2], keepdims=0)
    net.add("MatMul", [net.here, net.weight(5, 3)])
    net.add("Add", [net.here, net.constant(np.array([0.1, -0.2, 0.3], np.float32))], name="logits")
    model = engine.open_model(net.save(tmp_path / "last.onnx"))
    run = model.run_image(prepare(load_photo(PHOTO), model.description.image_plan))
    assert model.description.head.channels_last
    for index in range(3):
        found = activation(run, index)
        assert found.evidence.values.shape == (16, 16)
        assert found.logit == pytest.approx(float(run.outputs["logits"][0, index]), abs=1e-5)
    context = Context(model, run.inputs, run.image, run)
    hidden = Occlusion(side=4, stride=4).work(context)
    assert hidden.values.shape == (16, 16)
    assert np.ptp(hidden.values) > 0


def test_exact_maps_of_quantised_weights(tmp_path):
    """QDQ: the linear layer's weights are dequantised in the graph, and turned over there."""
    net = Network()
    net.conv(5)
    net.relu()
    maps = net.here
    net.add("GlobalAveragePool")
    pooled = net.add("Flatten")
    numbers = net.rng.integers(-100, 100, (3, 5)).astype(np.int8)
    scale, zero = net.constant(np.array([0.01, 0.02, 0.03], np.float32)), net.constant(np.zeros(3, np.int8))
    net.add("DequantizeLinear", [net.constant(numbers), scale, zero], axis=0)
    net.add("Transpose", perm=[1, 0])
    net.add("MatMul", [pooled, net.here], name="logits")
    model = engine.open_model(net.save(tmp_path / "qdq.onnx", opset=13))
    run = model.run_image(prepare(load_photo(PHOTO), model.description.image_plan))
    assert model.description.head.maps == maps
    for index in range(3):  # the runtime multiplies in eight bits, by roundings of its own
        assert activation(run, index).logit == pytest.approx(float(run.outputs["logits"][0, index]), abs=2e-2)


def test_eigen_cam_is_the_first_singular_vector_with_a_sign_of_its_own():
    rng = np.random.default_rng(0)
    for shape in ((5, 4, 6), (40, 3, 3)):
        maps = rng.standard_normal(shape).astype(np.float32) + 0.3
        flat = maps.reshape(shape[0], -1).T
        _, _, right = np.linalg.svd(flat.astype(np.float64), full_matrices=False)
        expected = (flat @ right[0]).reshape(shape[1:])
        found = eigen_map(maps)
        np.testing.assert_allclose(np.abs(found), np.abs(expected), atol=1e-4)
        assert found.sum() > 0
        np.testing.assert_allclose(eigen_map(-maps), found, atol=1e-5)  # the same sign for either vector


def test_ablation_weights_are_what_zeroing_a_channel_takes(tmp_path):
    """Through the rest of the model, and once by hand in NumPy."""
    context = context_of(small(tmp_path))
    found = AblationCam(Target(2), batch=4).work(context)
    run, head = context.run, context.run.model.head
    maps = head_maps(run, head)
    score = float(run.outputs["logits"][0, 2])
    lost = []
    for channel in range(len(maps)):
        changed = maps.copy()
        changed[channel] = 0
        logits = head.weight @ changed.mean(axis=(1, 2)) + head.bias
        lost.append((score - logits[2]) / abs(score))
    np.testing.assert_allclose(found.values, np.maximum(np.tensordot(lost, maps, axes=1), 0), atol=1e-5)


def test_ablation_starts_at_any_layer(tmp_path):
    context = context_of(small(tmp_path))
    first = map_layers(context.run.model)[0]
    found = AblationCam(Target(1), layer=first.name).work(context)
    maps = read_maps(context.run, first)
    score = float(context.run.outputs["logits"][0, 1])
    rest = context.model.after(first.tensor, context.run.tensor(first.tensor))
    lost = np.zeros(len(maps), np.float32)
    for channel in range(len(maps)):
        changed = maps.copy()
        changed[channel] = 0
        lost[channel] = (score - rest({"mirada.changed": changed[None]})["logits"][0, 1]) / abs(score)
    np.testing.assert_allclose(found.values, ablation_map(maps, lost), atol=1e-5)
    assert found.values.shape == (16, 16)


def test_weights_of_ablation_come_in_batches_without_a_gap():
    scores = np.arange(7, dtype=np.float32)
    told = []
    weights = ablation_weights(7, 10.0, lambda part: scores[part], 3, lambda done, _: told.append(done))
    np.testing.assert_allclose(weights, (10 - scores) / 10)
    assert told == [3, 6, 7]


def test_score_cam_follows_the_channel_that_covers_what_counts():
    pixels = np.ones((1, 8, 8), np.float32)
    left, right = np.zeros((2, 8, 8), np.float32)
    left[:, :4] = 1
    right[:, 4:] = 1

    def predict(images):
        return 20 * images[:, 0, :, :4].mean(axis=(1, 2))[:, None]

    values = score_maps(np.stack([left, right]), pixels, 0, predict, batch=1)
    assert values[:, :4].min() > 0.99
    assert values[:, 4:].max() < 0.01


def test_occlusion_of_a_sum_is_the_sum_of_what_was_hidden():
    rng = np.random.default_rng(1)
    pixels, weight = rng.standard_normal((2, 2, 9, 7)).astype(np.float32)

    def predict(images):
        return np.einsum("bcij,cij->b", images, weight)[:, None]

    where = places((9, 7), (1, 1), (1, 1))
    found = occlusion_map(pixels, float(predict(pixels[None])[0, 0]), 0, predict, where)
    np.testing.assert_allclose(found, (pixels * weight).sum(axis=0), atol=1e-4)


def test_squares_reach_every_pixel():
    for size, side, stride in (((10, 10), (3, 3), (2, 2)), ((7, 12), (4, 5), (4, 3)), ((3, 3), (5, 5), (2, 2))):
        seen = np.zeros(size, int)
        for place in places(size, side, stride):
            seen[place] += 1
        assert seen.min() > 0


def test_rise_of_a_linear_model_approaches_its_weights():
    rows, columns = np.mgrid[:16, :16]
    large = np.exp(-((rows - 4) ** 2 + (columns - 10) ** 2) / 20)[None].astype(np.float32)  # smooth, as the masks are
    large -= np.exp(-((rows - 11) ** 2 + (columns - 4) ** 2) / 20).astype(np.float32)
    pixels = np.ones((1, 16, 16), np.float32)

    def predict(images):
        return (images * large).sum(axis=(1, 2, 3))[:, None]

    found = rise_map(pixels, 0, predict, 4000, (4, 4), 0.5, 3, 64)
    assert np.corrcoef(found.reshape(-1), large.reshape(-1))[0, 1] > 0.9
    smooth = sum(
        mask * (mask * large[0]).sum() for part in random_masks(4000, (16, 16), (4, 4), 0.5, 7, 64) for mask in part
    )
    mean = sum(mask for part in random_masks(4000, (16, 16), (4, 4), 0.5, 7, 64) for mask in part) / 4000
    expected = smooth / 4000 - mean * (mean * large[0]).sum()  # other masks, the same law
    assert np.corrcoef(found.reshape(-1), expected.reshape(-1))[0, 1] > 0.97


def test_masks_of_rise_keep_the_share_they_are_told():
    masks = np.concatenate(list(random_masks(600, (24, 30), (6, 5), 0.3, 0, 50)))
    assert masks.shape == (600, 24, 30)
    assert masks.mean() == pytest.approx(0.3, abs=0.01)
    assert masks.mean(axis=0).min() > 0.2
    again = np.concatenate(list(random_masks(600, (24, 30), (6, 5), 0.3, 0, 7)))
    np.testing.assert_array_equal(masks, again)


def test_curves_of_a_perfect_map_fall_at_once_and_rise_at_once():
    pixels = np.zeros((1, 10, 10), np.float32)
    pixels[0, :2] = 1
    perfect, worst = pixels[0].copy(), -pixels[0]

    def predict(images):
        return images.mean(axis=(1, 2, 3))[:, None] * 5

    good, bad = (curves(name, v, pixels, 0, predict, 10) for name, v in (("good", perfect), ("bad", worst)))
    assert good.deletion[0] == bad.deletion[0] == pytest.approx(1)
    assert good.deletion[2:].max() == pytest.approx(0)
    assert bad.deletion[8] == pytest.approx(1)
    assert good.deletion_area == pytest.approx(0.1)
    assert bad.deletion_area == pytest.approx(0.9)
    assert good.insertion_area > bad.insertion_area
    assert good.insertion[-1] == bad.insertion[-1] == pytest.approx(1)


@pytest.mark.parametrize("path", [CNN, VIT], ids=["cnn", "vit"])
def test_methods_run_on_the_bundled_models_and_say_how_far_they_are(path):
    told = []
    context = context_of(path, told)
    settings = {
        "rise": {"masks": 40},
        "score-cam": {"most": 20},
        "ablation-cam": {"most": 20},
        "occlusion": {"side": 8},
    }
    for name, kind in METHODS.items():
        if name == "cam" and path is VIT:
            continue
        told.clear()
        found = kind(**settings.get(name, {})).work(context)
        assert found.method == name
        assert np.isfinite(found.values).all()
        assert np.ptp(found.values) > 0, name
        if name in settings:
            assert told[-1][0] == told[-1][1] == found.asked
            assert not told[-1][2].finished
            np.testing.assert_array_equal(told[-1][2].values, found.values)


def test_tokens_of_a_vision_transformer_are_its_maps():
    context = context_of(VIT)
    layer = find_layer(context.run.model, None)
    assert (layer.axes, layer.site) == ("tokens", 5)
    maps = read_maps(context.run, layer)
    assert maps.shape == (96, 8, 8)
    tensor = context.run.tensor(layer.tensor)
    np.testing.assert_array_equal(maps[7, 2, 3], tensor[0, 1 + 2 * 8 + 3, 7])


def test_windows_are_put_together():
    context = context_of(ROOT / "tests" / "conformance" / "graphs" / "timm_swin_plain_dyn18.onnx")
    found = EigenCam().work(context)
    grid = context.run.model.tokens[-1].queries
    assert found.values.shape == (grid.image_rows, grid.image_columns)
    assert np.isfinite(found.values).all()


def test_every_class_can_be_asked_for():
    context = context_of(CNN)
    maps = [ScoreCam(Target(index), most=16).work(context) for index in (3, 5)]
    assert [one.label for one in maps] == ["cat", "dog"]
    assert not np.allclose(maps[0].values, maps[1].values)


def test_trust_comes_with_chance():
    context = context_of(CNN)
    exact = activation(context.run).evidence
    found = TrustCurves((("cam", exact.values),), steps=8, chance=2).work(context)
    assert [one.name for one in found] == ["cam", "random"]
    assert found[0].insertion_area > found[1].insertion_area
    probability = ask(context, Target()).probable().score
    assert found[0].deletion[0] == pytest.approx(probability, abs=1e-5)
    assert found[0].insertion[-1] == pytest.approx(probability, abs=1e-5)


def test_a_task_ends_when_it_is_cancelled():
    context = context_of(CNN)

    def stop(_done, _total, _partial):
        raise engine.EngineError("cancelled")

    stopped = Context(context.model, context.feeds, context.image, context.run, stop)
    for kind in (ScoreCam, AblationCam, Occlusion, Rise):
        with pytest.raises(engine.EngineError) as ended:
            kind().work(stopped)
        assert ended.value.code == "cancelled"


def test_detectors_explain_a_chosen_number():
    path = SHARED / "yolox_nano_coco.onnx"
    if not path.exists():
        pytest.skip("the detector of ../shared/models is not here")
    context = context_of(path)
    with pytest.raises(engine.EngineError) as refused:
        Occlusion(side=104, stride=104).work(context)
    assert refused.value.code == "no-classes"
    best = int(np.argmax(context.run.outputs["output"][0, :, 4]))
    found = Occlusion(Target(output="output", at=(best, 4)), side=104, stride=104).work(context)
    assert found.unit == "output"
    assert found.score == pytest.approx(float(context.run.outputs["output"][0, best, 4]))
    with pytest.raises(engine.EngineError) as refused:
        Occlusion(Target(output="output", at=(99999, 4))).work(context)
    assert refused.value.code == "no-output"


def test_models_that_take_bytes(tmp_path):
    """As detectors of TensorFlow do: what is hidden or mixed is rounded to whole numbers."""
    net = Network(16, dtype=np.float32)
    net.add("Cast", to=1)
    net.conv(6)
    net.relu()
    net.classifier()
    path = net.save(tmp_path / "bytes.onnx")
    graph = onnx.load(path)
    graph.graph.input[0].type.tensor_type.elem_type = onnx.TensorProto.UINT8
    onnx.save(graph, path)
    context = context_of(path)
    assert context.feeds["image"].dtype == np.uint8
    maps = []
    for task in (ScoreCam(), AblationCam(), Occlusion(side=4), Rise(masks=30)):
        maps.append((type(task).__name__, task.work(context).values))
        assert np.isfinite(maps[-1][1]).all()
    assert len(TrustCurves(tuple(maps), steps=4).work(context)) == 5


def test_half_precision_and_probabilities():
    path = SHARED / "squeezenet1.0_fp16_imagenet.onnx"
    if not path.exists():
        pytest.skip("SqueezeNet of ../shared/models is not here")
    context = context_of(path)
    exact = activation(context.run)
    pooled = context.run.tensor(context.run.model.head.pooled).reshape(-1).astype(np.float32)
    assert exact.logit == pytest.approx(float(pooled.max()), rel=2e-3)
    question = ask(context, Target())
    assert question.ready
    assert question.unit == "probability"
    found = ScoreCam(layer="conv10_1", most=4).work(context)
    assert found.values.dtype == np.float32


def test_residual_maps_start_after_the_sum():
    path = SHARED / "resnet_4b_cifar10.onnx"
    if not path.exists():
        pytest.skip("the residual network of ../shared/models is not here")
    context = context_of(path)
    found = AblationCam().work(context)
    assert found.values.shape == (4, 4)
    assert found.values.max() > 0


def test_maps_are_enlarged_smoothly():
    values = np.array([[0, 1], [2, 3]], np.float32)
    large = resized(values, (8, 8))
    assert large.shape == (8, 8)
    assert large.min() >= 0
    assert large.max() <= 3
    np.testing.assert_allclose(large.mean(), 1.5, atol=1e-5)


def test_a_model_that_is_stopped_ends_what_a_task_has_under_way(tmp_path):
    """From another thread, in the middle of one large batch."""
    net = Network(64, batch="batch")
    for _ in range(6):
        net.conv(48)
        net.relu()
    net.classifier()
    model = engine.open_model(net.save(tmp_path / "slow.onnx"))
    inference = model.exposing([model.convolutions[0].output])
    images = np.zeros((400, 3, 64, 64), np.float32)
    stopping = threading.Event()

    def stop():
        while not stopping.wait(0.02):
            model.stop()

    thread = threading.Thread(target=stop)
    thread.start()
    try:
        with pytest.raises(engine.EngineError) as ended:
            inference({"image": images})
    finally:
        stopping.set()
        thread.join()
    assert ended.value.code == "cancelled"

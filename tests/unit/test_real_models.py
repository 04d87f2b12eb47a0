"""Real, trained models made by other people, where they lie beside the repository: `../shared/models`."""

from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
from PIL import Image

import engine
from engine.images.load import load_photo
from engine.images.prepare import prepare
from engine.predictions import top_classes

MODELS = Path(__file__).resolve().parents[3] / "shared" / "models"
CIFAR = Path(__file__).resolve().parents[3] / "shared" / "data" / "cifar10"

pytestmark = pytest.mark.skipif(not MODELS.is_dir(), reason="the trained models are not beside this checkout")

# name: (kind, query heads, key heads, query tokens, key tokens) of each site
VIT, TRACK, GPT, STORIES = (
    "vit_cifar10_p8_3layer_3head",
    "vittrack_opencv_zoo",
    "gpt2_capp_past_kv",
    "stories260K_unfused",
)
SITES = {VIT: 3, TRACK: 3, GPT: 4, STORIES: 5}
HEADS = {VIT: 3, TRACK: 1, GPT: 4, STORIES: 8}
CAUSAL = {VIT: False, TRACK: False, GPT: True, STORIES: True}
CONVOLUTIONS = {"resnet_4b_cifar10": 11, "squeezenet1.0_fp16_imagenet": 26, "yolox_nano_coco": 113}


def opened(name):
    path = MODELS / f"{name}.onnx"
    if not path.is_file():
        pytest.skip(f"{path.name} is not there")
    return engine.open_model(path)


def feeds_for(model, seed=0):
    """Made-up pixels or ids of a size that fits; everything optional is left to the engine."""
    rng = np.random.default_rng(seed)
    feeds = {}
    for info in model.inputs:
        if "past" in info.name or "mask" in info.name or "position" in info.name:
            continue
        shape = [d if isinstance(d, int) else 1 if axis == 0 else 9 for axis, d in enumerate(info.shape)]
        whole = np.dtype(info.dtype).kind in "iu"
        feeds[info.name] = rng.integers(1, 50, shape) if whole else rng.standard_normal(shape)
    return feeds


@pytest.mark.parametrize("name", SITES)
def test_sites_heads_and_exactness(name):
    model = opened(name)
    assert [site.kind for site in model.sites] == ["self"] * SITES[name]
    assert [site.heads for site in model.sites] == [HEADS[name]] * SITES[name]
    assert [site.causal for site in model.sites] == [CAUSAL[name]] * SITES[name]
    run = model.run(feeds_for(model))
    for site in model.sites:
        assert run.is_factored(site)
        assert run.error(site) <= 1e-5
        pattern = run.pattern(site)
        np.testing.assert_allclose(pattern.sum(-1), 1, atol=1e-5)
        np.testing.assert_allclose(pattern, run.own_pattern(site), rtol=0, atol=1e-5)
        later = np.triu(np.ones(pattern.shape[-2:], bool), 1)
        assert (not pattern[..., later].any()) == CAUSAL[name]


@pytest.mark.parametrize("name", [*SITES, *CONVOLUTIONS])
def test_outputs_are_those_of_a_plain_session(name):
    model = opened(name)
    run = model.run(feeds_for(model, seed=1))
    session = ort.InferenceSession(MODELS / f"{name}.onnx", providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    half = any(np.asarray(array).dtype == np.float16 for array in run.inputs.values())
    for output, plain in zip(names, session.run(names, dict(run.inputs)), strict=True):
        slack = 2e-2 if half else 1e-4
        np.testing.assert_allclose(run.outputs[output], plain, rtol=slack, atol=slack)


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_networks_without_attention(name):
    model = opened(name)
    assert model.sites == ()
    assert len(model.convolutions) == CONVOLUTIONS[name]
    run = model.run(feeds_for(model))
    layer = model.convolutions[0]
    maps = run.feature_maps(layer)
    assert maps.shape[1] == layer.out_channels
    assert maps.dtype == np.float32
    assert np.isfinite(maps).all()


def test_keys_shared_by_query_heads():
    model = opened(STORIES)
    run = model.run({"input_ids": np.array([[1, 403, 407, 261, 378]])})
    assert {site.key_heads for site in model.sites} <= {4, 8}  # repeated before the product or not
    for site in model.sites:
        assert run.query(site).shape[:3] == (1, 8, 5)
        keys = run.key(site)
        if keys.shape[1] == 8:
            np.testing.assert_array_equal(keys[:, 0::2], keys[:, 1::2])


def test_a_story_goes_on_the_same_with_all_its_tokens():
    """Attention of a longer text begins with that of the shorter one."""
    model = opened(STORIES)
    ids = np.array([[1, 403, 407, 261, 378, 400, 12, 33]])
    short, long = model.run({"input_ids": ids[:, :5]}), model.run({"input_ids": ids})
    for site in model.sites:
        np.testing.assert_allclose(long.pattern(site)[:, :, :5, :5], short.pattern(site), atol=1e-5)


def test_a_past_is_as_if_the_tokens_had_been_read_again():
    model = opened(GPT)
    ids = np.random.default_rng(3).integers(1, 50, (1, 8))
    whole = model.run({"input_ids": ids})
    assert whole.inputs["past_key_values.0.key"].shape == (1, 4, 0, 16)  # empty where nobody gave one
    first = model.run({"input_ids": ids[:, :5]})
    past = {f"past_key_values.{name[8:]}": array for name, array in first.outputs.items() if name.startswith("present")}
    assert len(past) == 8
    rest = model.run({"input_ids": ids[:, 5:], **past})  # the mask and the positions are the engine's
    assert rest.inputs["attention_mask"].shape == (1, 8)
    assert rest.inputs["position_ids"].tolist() == [[5, 6, 7]]
    for site in model.sites:
        assert rest.pattern(site).shape == (1, 4, 3, 8)
        np.testing.assert_allclose(rest.pattern(site), whole.pattern(site)[:, :, 5:], atol=1e-5)
        assert rest.error(site) <= 1e-5
    np.testing.assert_allclose(rest.outputs["logits"], whole.outputs["logits"][:, 5:], atol=1e-3)


@pytest.mark.skipif(not CIFAR.exists(), reason="the images of CIFAR-10 are not beside this checkout")
def test_a_trained_transformer_is_mostly_right():
    model = opened(VIT)
    mean, std = np.array([0.4914, 0.4822, 0.4465]), np.array([0.2470, 0.2435, 0.2616])
    right, total = 0, 0
    for label, image in cifar(6):
        pixels = ((image / 255 - mean) / std).transpose(2, 0, 1)[None]
        output = next(iter(model.run({model.inputs[0].name: pixels}).outputs.values()))
        right, total = right + int(output.argmax() == label), total + 1
    assert right > 0.35 * total  # 60 % in the large, 10 % by chance


def cifar(count):
    """Yield the class and pixels of the first images of each class: sheets of images side by side, row by row."""
    for label, sheet in enumerate(sorted((CIFAR / "val").glob("*.avif"))):
        with Image.open(sheet) as opened_sheet:
            pixels = np.asarray(opened_sheet.convert("RGB"))
        for column in range(count):
            yield label, pixels[:32, column * 32 : (column + 1) * 32]


def test_a_photo_on_a_real_transformer():
    model = opened(VIT)
    samples = Path(__file__).resolve().parents[2] / "assets" / "samples"
    photo = next(path for path in sorted(samples.iterdir()) if path.suffix in (".jpg", ".png", ".webp"))
    run = model.run_image(prepare(load_photo(photo), model.description.image_plan))
    best = top_classes(run)
    assert len(best) == 5
    assert 0 < best[0].probability <= 1
    assert [found.probability for found in best] == sorted((f.probability for f in best), reverse=True)

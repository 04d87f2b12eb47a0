"""Files beside a model: what they say is read as their authors meant it; what is wrong is named."""

import json

import pytest

from engine.errors import EngineError
from engine.images.config import plan_from_processor, plan_from_timm, read_declared, read_labels
from engine.images.processors import CLIP_MEAN, HALF, IMAGENET_MEAN

# The numbers of preparing are compared with the reference libraries in test_images_prepare.py.


def _plan(**said):
    return plan_from_processor(said, "preprocessor_config.json")


def test_an_old_feature_extractor_counts_as_its_processor():
    plan = _plan(feature_extractor_type="CLIPFeatureExtractor", size=224, crop_size=224, resample=3)
    assert plan.resize == "shortest edge"
    assert plan.size == plan.crop == (224, 224)
    assert plan.mean == CLIP_MEAN
    assert plan.resample == "bicubic"
    assert plan.notes == ()


def test_an_integer_is_a_square_where_the_class_says_so():
    assert _plan(image_processor_type="ViTImageProcessorFast", size=384).resize == "stretch"
    assert _plan(image_processor_type="BitImageProcessor", size=384).resize == "shortest edge"


def test_null_means_the_default():
    plan = _plan(image_processor_type="ViTImageProcessor", image_mean=None, size=None)
    assert plan.mean == HALF
    assert plan.size == (224, 224)


def test_an_unknown_processor_is_read_and_said():
    plan = _plan(image_processor_type="FancyImageProcessor", size={"height": 10, "width": 20})
    assert plan.size == (10, 20)
    assert [note.code for note in plan.notes] == ["processor-unknown"]
    assert "FancyImageProcessor" in plan.notes[0].text()


def test_settings_that_are_not_followed_are_said():
    plan = _plan(image_processor_type="ViTImageProcessor", size_divisor=32)
    assert "size_divisor" in plan.notes[0].text()


def test_no_resize():
    plan = _plan(image_processor_type="CLIPImageProcessor", do_resize=False)
    assert plan.resize == "none"
    assert plan.crop == (224, 224)


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ({"size": "large"}, "size"),
        ({"size": 0}, "size"),
        ({"size": {"height": 1e9, "width": 3}}, "size"),
        ({"size": {"longest_edge": 100}}, "size"),
        ({"size": [1, 2, 3]}, "size"),
        ({"size": {"shortest_edge": -1}}, "size"),
        ({"resample": 17}, "resample"),
        ({"resample": "fancy"}, "resample"),
        ({"image_std": [0.5, 0, 0.5]}, "image_std"),
        ({"image_std": [1, 2]}, "image_std"),
        ({"image_mean": ["a", "b", "c"]}, "image_mean"),
        ({"image_mean": [float("nan")] * 3}, "image_mean"),
        ({"rescale_factor": "1/255"}, "rescale_factor"),
        ({"do_resize": "yes"}, "do_resize"),
        ({"do_center_crop": True, "crop_size": {}}, "crop_size"),
        ({"image_processor_type": "ConvNextImageProcessor", "size": 200, "crop_pct": 0}, "crop_pct"),
    ],
)
def test_values_that_cannot_be_used_are_named(said, key):
    with pytest.raises(EngineError) as caught:
        _plan(**said)
    assert caught.value.code == "config-invalid"
    assert f"“{key}”" in str(caught.value)
    assert "preprocessor_config.json" in str(caught.value)


def _write(folder, **files):
    for name, content in files.items():
        (folder / f"{name}.json").write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return folder


def test_a_folder_with_everything(tmp_path):
    folder = _write(
        tmp_path,
        config={"id2label": {"1": "perro", "0": "gato"}, "image_size": 48},
        preprocessor_config={"image_processor_type": "ViTImageProcessor", "size": 32},
    )
    found = read_declared(folder)
    assert found.labels == ("gato", "perro")
    assert found.image_size == (48, 48)
    assert found.plan.size == (32, 32)
    assert found.plan.source == "preprocessor_config.json"


def test_an_onnx_folder_looks_above_itself(tmp_path):
    _write(tmp_path, preprocessor_config={"image_processor_type": "ViTImageProcessor"})
    (tmp_path / "onnx").mkdir()
    assert read_declared(tmp_path / "onnx").plan is not None
    (tmp_path / "other").mkdir()
    assert read_declared(tmp_path / "other").plan is None


def test_processor_config_holds_it_too(tmp_path):
    _write(tmp_path, processor_config={"image_processor": {"image_processor_type": "SiglipImageProcessor"}})
    plan = read_declared(tmp_path).plan
    assert plan.resample == "bicubic"
    assert plan.source == "processor_config.json"


TIMM = {
    "architecture": "vit_tiny_patch16_224",
    "label_names": ["n01440764", "n01443537"],
    "label_descriptions": {"n01440764": "tench, Tinca tinca"},
    "pretrained_cfg": {"input_size": [3, 224, 224], "crop_pct": 0.9, "interpolation": "bicubic"},
}


def test_timm(tmp_path):
    found = read_declared(_write(tmp_path, config=TIMM))
    assert found.labels == ("tench, Tinca tinca", "n01443537")
    assert found.plan.size == (248, 248)
    assert found.plan.crop == (224, 224)
    assert found.plan.mean == IMAGENET_MEAN
    assert found.plan.source == "config.json"


def test_a_timm_wrapper_defers_to_config(tmp_path):
    _write(tmp_path, config=TIMM, preprocessor_config={"image_processor_type": "TimmWrapperImageProcessor"})
    assert read_declared(tmp_path).plan.source == "config.json"


@pytest.mark.parametrize("said", [{"input_size": 224}, {"input_size": [3, 2]}, {"crop_pct": 2}, {"interpolation": "x"}])
def test_wrong_timm_values(said):
    with pytest.raises(EngineError, match=r"config\.json"):
        plan_from_timm(said)


@pytest.mark.parametrize("text", ["{", "[1, 2]", "not json", '"text"', "\x00\x01", "[" * 100_000])
@pytest.mark.parametrize("name", ["config", "preprocessor_config"])
def test_malformed_files_are_named(tmp_path, name, text):
    with pytest.raises(EngineError) as caught:
        read_declared(_write(tmp_path, **{name: text}))
    assert caught.value.code == "config-not-json"
    assert f"“{name}.json”" in str(caught.value)


def test_nothing_beside_the_model(tmp_path):
    found = read_declared(tmp_path)
    assert (found.plan, found.labels, found.image_size) == (None, None, None)


def test_labels():
    assert read_labels({"id2label": {"0": "a", "2": "c"}}) == ("a", "class 1", "c")
    assert read_labels({"id2label": {"0": "LABEL_0", "1": "LABEL_1"}}) is None
    assert read_labels({}) is None
    assert read_labels({"label_names": []}) is None
    for wrong in ({"x": "a"}, {"-1": "a"}, {"9999999": "a"}, ["a"], 3):
        with pytest.raises(EngineError, match="id2label"):
            read_labels({"id2label": wrong})

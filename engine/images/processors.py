"""What Hugging Face image processors do when their file leaves a setting out.

`preprocessor_config.json` holds only what differs from the defaults of a processor's class in old files, and a
bare integer size means a square for one class and the shorter edge for another. This table holds those defaults,
read off the classes of Transformers 5 (Pillow back end).
"""

from collections.abc import Mapping
from typing import Any

HALF = (0.5, 0.5, 0.5)
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD = (0.26862954, 0.26130258, 0.27577711)

BILINEAR, BICUBIC = 2, 3

BASE: Mapping[str, Any] = {
    "do_resize": True,
    "do_rescale": True,
    "do_normalize": True,
    "do_center_crop": False,
    "rescale_factor": 1 / 255,
    "default_to_square": True,
    "resample": BILINEAR,
    "size": {"height": 224, "width": 224},
    "crop_size": {"height": 224, "width": 224},
    "image_mean": HALF,
    "image_std": HALF,
}

_CLIP = {
    "resample": BICUBIC,
    "image_mean": CLIP_MEAN,
    "image_std": CLIP_STD,
    "size": {"shortest_edge": 224},
    "default_to_square": False,
    "do_center_crop": True,
}
_IMAGENET = {"image_mean": IMAGENET_MEAN, "image_std": IMAGENET_STD}
_MOBILENET = {"size": {"shortest_edge": 256}, "default_to_square": False, "do_center_crop": True}
_DETECTOR = {**_IMAGENET, "size": {"shortest_edge": 800, "longest_edge": 1333}, "default_to_square": False}

PROCESSORS: Mapping[str, Mapping[str, Any]] = {
    "ViT": {},
    "DeiT": {"resample": BICUBIC, "size": {"height": 256, "width": 256}, "do_center_crop": True},
    "CLIP": _CLIP,
    "ChineseCLIP": _CLIP,
    "Bit": _CLIP,
    "Siglip": {"resample": BICUBIC, "default_to_square": False},
    "Beit": {"resample": BICUBIC},
    "Blip": {
        "resample": BICUBIC,
        "size": {"height": 384, "width": 384},
        "image_mean": CLIP_MEAN,
        "image_std": CLIP_STD,
    },
    "ConvNext": {
        "resample": BICUBIC,
        "size": {"shortest_edge": 384},
        "default_to_square": False,
        "crop_pct": 224 / 256,
    },
    "EfficientNet": {
        "resample": BICUBIC,
        "size": {"height": 346, "width": 346},
        "crop_size": {"height": 289, "width": 289},
        "rescale_offset": False,
        "include_top": True,
    },
    "Levit": {
        **_IMAGENET,
        "resample": BICUBIC,
        "size": {"shortest_edge": 224},
        "default_to_square": False,
        "do_center_crop": True,
    },
    "MobileNetV1": _MOBILENET,
    "MobileNetV2": _MOBILENET,
    "MobileViT": {
        "resample": BICUBIC,
        "size": {"shortest_edge": 224},
        "crop_size": {"height": 256, "width": 256},
        "default_to_square": False,
        "do_center_crop": True,
        "do_normalize": False,
        "do_flip_channel_order": True,
    },
    "PoolFormer": {
        **_IMAGENET,
        "resample": BICUBIC,
        "size": {"shortest_edge": 224},
        "default_to_square": False,
        "do_center_crop": True,
        "crop_pct": 0.9,
    },
    "Pvt": {**_IMAGENET, "resample": BICUBIC},
    "Segformer": {**_IMAGENET, "size": {"height": 512, "width": 512}},
    "Detr": _DETECTOR,
    "ConditionalDetr": _DETECTOR,
    "DeformableDetr": _DETECTOR,
}

IGNORED = ("pad_size", "size_divisor", "do_thumbnail", "do_align_long_axis", "keep_aspect_ratio", "ensure_multiple_of")
"""Settings of other processors that Mirada does not follow; a file that uses one gets a note."""


def processor_name(config: Mapping[str, Any]) -> str | None:
    """Return "CLIP" for CLIPImageProcessor, CLIPFeatureExtractor, CLIPImageProcessorFast; None if none is named."""
    name = config.get("image_processor_type") or config.get("feature_extractor_type")
    if not isinstance(name, str):
        return None
    for ending in ("Fast", "Pil", "ImageProcessor", "FeatureExtractor"):
        name = name.removesuffix(ending)
    return name


def settings(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings a processor would use: base defaults, its class's, then what the file says."""
    said = {key: value for key, value in config.items() if value is not None}
    return {**BASE, **PROCESSORS.get(processor_name(config) or "", {}), **said}

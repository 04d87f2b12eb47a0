"""Preprocessing and labels as the files beside a model declare them: Hugging Face's and timm's."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from engine.errors import EngineError
from engine.images.plan import ImagePlan, Source
from engine.images.processors import IGNORED, IMAGENET_MEAN, IMAGENET_STD, PROCESSORS, processor_name, settings
from engine.images.values import LARGEST_SIDE, Values
from engine.json_files import first_json, places_of
from engine.messages import Message, declare, translate

declare(
    {
        "config-ignored": translate("engine", "“{name}” asks for {keys}, which Mirada does not follow."),
        "processor-unknown": translate(
            "engine", "“{name}” is for a {processor}, unknown to Mirada: steps of its own are left out."
        ),
        "class-numbered": translate("engine", "class {index}"),
    }
)


@dataclass(frozen=True)
class Declared:
    """What the files beside a model say.

    Attributes:
        plan: how images are prepared; None if no file says.
        labels: class names by index; None if no file says.
        image_size: (rows, columns) that config.json gives for the model itself.
    """

    plan: ImagePlan | None = None
    labels: tuple[str, ...] | None = None
    image_size: tuple[int, int] | None = None


def read_declared(folder: Path) -> Declared:
    """Read what lies in a model's folder, or above it where the folder is called "onnx".

    Raises:
        EngineError: a file is not JSON, or holds a value that cannot be used.
    """
    places = places_of(folder)
    config = first_json(places, "config.json")
    labels = read_labels(config) if config else None
    size = _image_size(config) if config else None
    plan = _declared_plan(places, config)
    return Declared(plan, labels, size)


def _declared_plan(places: list[Path], config: dict[str, Any] | None) -> ImagePlan | None:
    processor = first_json(places, "preprocessor_config.json")
    timm = timm_settings(config) if config else None
    if processor is not None and not (processor_name(processor) == "TimmWrapper" and timm):
        return plan_from_processor(processor, "preprocessor_config.json")
    inner = (first_json(places, "processor_config.json") or {}).get("image_processor")
    if isinstance(inner, dict):
        return plan_from_processor(inner, "processor_config.json")
    return plan_from_timm(timm) if timm else None


def plan_from_processor(config: Mapping[str, Any], name: Source) -> ImagePlan:
    """Return the plan of a Hugging Face image processor, with the defaults of its class (Pillow back end)."""
    kind = processor_name(config)
    merged = settings(config)
    values = Values(merged, name)
    plan = _resize_plan(values, kind)
    plan = replace(plan, resample=values.filter("resample"), source=name, **_numbers(values))
    if values.flag("do_center_crop"):
        plan = replace(plan, crop=values.pair("crop_size", merged.get("crop_size")))
    if values.flag("do_flip_channel_order"):
        plan = replace(plan, bgr=True)  # only MobileViT does, after rescaling and without normalising
    notes = []
    if kind and kind not in PROCESSORS:
        notes.append(Message.of("processor-unknown", name=name, processor=f"{kind}ImageProcessor"))
    ignored = [key for key in IGNORED if merged.get(key)]
    if ignored:
        notes.append(Message.of("config-ignored", name=name, keys=", ".join(ignored)))
    return replace(plan, notes=tuple(notes))


def _resize_plan(values: Values, kind: str | None) -> ImagePlan:
    """Return size, resize mode and the crop that belongs to resizing in some classes."""
    size = values.values.get("size")
    if not values.flag("do_resize"):
        mapping = size if isinstance(size, Mapping) else {}
        edge = mapping.get("shortest_edge", size)
        known = values.pair("size", edge if "shortest_edge" in mapping else size)
        return ImagePlan(known, "none")
    if not isinstance(size, Mapping) and not isinstance(size, list | tuple):
        size = {"height": size, "width": size} if values.flag("default_to_square") else {"shortest_edge": size}
        if "shortest_edge" in size and values.values.get("max_size") is not None:
            size["longest_edge"] = values.values["max_size"]
    if isinstance(size, Mapping) and size.get("shortest_edge") is not None:
        edge = values.side("size", size["shortest_edge"])
        longest = size.get("longest_edge")
        return _edge_plan(values, kind, edge, None if longest is None else values.side("size", longest))
    pair = values.pair("size", size)
    if kind == "PoolFormer" and values.values.get("crop_pct"):
        scale = values.fraction("crop_pct")
        edge = int(pair[0] / scale)
        return ImagePlan((edge, edge), "shortest edge") if pair[0] == pair[1] else ImagePlan(_over(pair, scale))
    return ImagePlan(pair)


def _edge_plan(values: Values, kind: str | None, edge: int, longest: int | None) -> ImagePlan:
    """Return a plan by the shorter edge, with the classes that change the edge first."""
    if kind == "ConvNext":  # ConvNeXT crops below 384 pixels and stretches from there on
        if edge >= 384:
            return ImagePlan((edge, edge))
        scaled = int(edge / values.fraction("crop_pct"))
        return ImagePlan((scaled, scaled), "shortest edge", crop=(edge, edge))
    if kind == "Levit":
        edge, longest = int((256 / 224) * edge), None
    elif kind == "PoolFormer" and values.values.get("crop_pct"):
        edge, longest = int(edge / values.fraction("crop_pct")), None
    return ImagePlan((edge, edge), "shortest edge", longest=longest)


def _over(pair: tuple[int, int], fraction: float) -> tuple[int, int]:
    return int(pair[0] / fraction), int(pair[1] / fraction)


def _numbers(values: Values) -> dict[str, Any]:
    """Return rescale, mean and std; an offset and a second division are folded into them."""
    rescales, normalises = values.flag("do_rescale"), values.flag("do_normalize")
    factor = values.number("rescale_factor") if rescales else 1.0
    mean = values.channels("image_mean") if normalises else (0.0, 0.0, 0.0)
    std = values.channels("image_std", positive=True) if normalises else (1.0, 1.0, 1.0)
    if rescales and values.flag("rescale_offset"):  # EfficientNet: x · factor - 1
        mean = tuple(m + 1.0 for m in mean)
    if values.flag("include_top"):  # EfficientNet divides by std once more
        again = values.channels("image_std", positive=True)
        std = tuple(s * a for s, a in zip(std, again, strict=True))
    return {"rescale": factor, "mean": mean, "std": std}


def timm_settings(config: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the part of a timm config.json that tells how images are prepared."""
    inner = config.get("pretrained_cfg")
    if isinstance(inner, Mapping):
        return cast(Mapping[str, Any], inner)
    return config if "architecture" in config and "input_size" in config else None


def plan_from_timm(config: Mapping[str, Any]) -> ImagePlan:
    """Return the plan of timm's evaluation transform (`timm.data.create_transform`)."""
    said = {key: value for key, value in config.items() if value is not None}
    defaults = {"interpolation": "bicubic", "crop_pct": 0.875, "mean": IMAGENET_MEAN, "std": IMAGENET_STD}
    values = Values({"input_size": [3, 224, 224], **defaults, **said}, "config.json")
    size = values.values["input_size"]
    if not isinstance(size, list | tuple) or len(size) != 3:
        raise values.wrong("input_size", size)
    crop = values.pair("input_size", list(size[1:]))
    fraction = values.fraction("crop_pct")
    scaled = (math.floor(crop[0] / fraction), math.floor(crop[1] / fraction))
    mean, std = values.channels("mean"), values.channels("std", positive=True)
    plan = ImagePlan(scaled, crop=crop, mean=mean, std=std, resample=values.filter("interpolation"))
    plan = replace(plan, source="config.json", crop_rule="torchvision")
    match values.values.get("crop_mode"):
        case "squash":
            return plan
        case "border":
            return replace(plan, resize="fit and pad", fill=tuple(round(255 * value) for value in mean))
        case _:
            return replace(plan, resize="shortest edge")


def read_labels(config: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Return class names by index from id2label or timm's label_names; None if there are none worth showing."""
    names = config.get("label_names")
    if names is None and isinstance(config.get("pretrained_cfg"), Mapping):
        names = config["pretrained_cfg"].get("label_names")
    if isinstance(names, list) and names and all(isinstance(name, str) for name in names):
        described = config.get("label_descriptions")
        words = described if isinstance(described, Mapping) else {}
        return tuple(str(words.get(name, name)) for name in names)
    return _id2label(config.get("id2label"))


def _id2label(table: object) -> tuple[str, ...] | None:
    """Return names by index; holes are numbered, and a table of nothing but placeholders is none."""
    if table is None:
        return None
    try:
        names = {int(key): str(name) for key, name in cast(Mapping[str, object], table).items()}
    except (AttributeError, TypeError, ValueError):
        raise EngineError("config-invalid", name="config.json", key="id2label", value=str(table)[:80]) from None
    if not names or all(name == f"LABEL_{index}" for index, name in names.items()):
        return None
    if min(names) < 0 or max(names) > 10 * len(names) + 1000:
        raise EngineError("config-invalid", name="config.json", key="id2label", value=str(sorted(names)[-1]))
    return tuple(names.get(i, Message.of("class-numbered", index=i).text()) for i in range(max(names) + 1))


def _image_size(config: Mapping[str, Any]) -> tuple[int, int] | None:
    """Return the image size that a Hugging Face model's configuration names, if it is a plain one."""
    size = config.get("image_size")
    if isinstance(config.get("vision_config"), Mapping):
        size = config["vision_config"].get("image_size", size)
    sides = size if isinstance(size, list) and len(size) == 2 else [size, size]
    if all(isinstance(side, int) and 1 <= side <= LARGEST_SIDE for side in sides):
        return int(cast(int, sides[0])), int(cast(int, sides[1]))
    return None

"""Write `images.npz`: what Transformers' own image processors and timm's own transforms make of two small photos.

    python tests/reference/make_image_references.py TORCHVISION

needs torch, transformers and timm, and a folder TORCHVISION that holds an unpacked torchvision wheel (its compiled
part is not used). The tests read the file and need none of them. Large results are stored thinned out.
"""

import importlib
import json
import sys
import types
from pathlib import Path

import numpy as np
from PIL import Image

IMAGENET = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}
SMALL = {"height": 28, "width": 28}

TOP = {"image_mean": [0.485, 0.456, 0.406], "image_std": [0.48, 0.47, 0.474]}

HF: list[tuple[str, str, dict[str, object]]] = [
    # module, class stem, what the file says
    ("vit", "ViT", {}),
    ("vit", "ViT", {"size": 32, "resample": 3}),
    ("vit", "ViT", {"size": {"height": 24, "width": 40}, "image_mean": [0.4, 0.5, 0.6], "image_std": [0.2, 0.25, 0.3]}),
    ("vit", "ViT", {"size": {"height": 25, "width": 19}, "do_normalize": False, "resample": 0}),
    ("vit", "ViT", {"size": SMALL, "do_rescale": False, "image_mean": 127.5, "image_std": 127.5, "resample": 1}),
    ("vit", "ViT", {"size": {"shortest_edge": 30}, "resample": 4}),
    ("vit", "ViT", {"size": {"shortest_edge": 30, "longest_edge": 37}, "resample": 5}),
    ("deit", "DeiT", {}),
    ("deit", "DeiT", {"size": {"height": 37, "width": 37}, "crop_size": SMALL}),
    ("clip", "CLIP", {}),
    ("clip", "CLIP", {"size": 33, "crop_size": 28}),
    ("clip", "CLIP", {"size": {"shortest_edge": 21}, "crop_size": {"height": 30, "width": 25}}),
    ("clip", "CLIP", {"do_resize": False, "crop_size": {"height": 65, "width": 40}}),
    ("bit", "Bit", {}),
    ("bit", "Bit", {"size": {"shortest_edge": 32}, "crop_size": {"height": 30, "width": 30}}),
    ("siglip", "Siglip", {"size": SMALL}),
    ("beit", "Beit", {"size": 32}),
    ("blip", "Blip", {"size": SMALL}),
    ("convnext", "ConvNext", {}),
    ("convnext", "ConvNext", {"size": 28}),
    ("convnext", "ConvNext", {"size": {"shortest_edge": 30}, "crop_pct": 0.95, "resample": 2}),
    ("efficientnet", "EfficientNet", {"size": 30, **TOP}),
    ("efficientnet", "EfficientNet", {"size": 30, "do_center_crop": True, "crop_size": 27, "rescale_offset": True,
                                      "rescale_factor": 1 / 127.5, "include_top": False, "resample": 0}),
    ("levit", "Levit", {"size": {"shortest_edge": 28}, "crop_size": SMALL}),
    ("mobilenet_v1", "MobileNetV1", {"size": {"shortest_edge": 34}, "crop_size": SMALL}),
    ("mobilenet_v2", "MobileNetV2", {}),
    ("mobilevit", "MobileViT", {"size": {"shortest_edge": 32}, "crop_size": SMALL}),
    ("poolformer", "PoolFormer", {"size": 28, "crop_size": 28}),
    ("poolformer", "PoolFormer", {"size": SMALL, "crop_size": 28}),
    ("pvt", "Pvt", {"size": 32}),
    ("segformer", "Segformer", {"size": 32}),
    ("detr", "Detr", {"size": {"shortest_edge": 30, "longest_edge": 36}, "do_pad": False}),
]  # fmt: skip

TIMM: list[dict[str, object]] = [
    {"input_size": [3, 28, 28], "interpolation": "bicubic", "crop_pct": 0.9, "crop_mode": "center", **IMAGENET},
    {"input_size": [3, 29, 29], "interpolation": "bilinear", "crop_pct": 0.875, **IMAGENET},
    {"input_size": [3, 28, 28], "interpolation": "bicubic", "crop_pct": 1.0, "crop_mode": "squash", **IMAGENET},
    {"input_size": [3, 27, 27], "interpolation": "bicubic", "crop_pct": 0.95, "crop_mode": "squash", **IMAGENET},
    {"input_size": [3, 28, 28], "interpolation": "bicubic", "crop_pct": 1.0, "crop_mode": "border", **IMAGENET},
    {"input_size": [3, 29, 29], "interpolation": "lanczos", "crop_pct": 0.9, "crop_mode": "border", **IMAGENET},
    {"input_size": [3, 24, 36], "interpolation": "bicubic", "crop_pct": 0.9, "crop_mode": "center", **IMAGENET},
    {"input_size": [3, 224, 224], "interpolation": "bicubic", "crop_pct": 0.9, "mean": [0.5] * 3, "std": [0.5] * 3},
]


def photos() -> dict[str, np.ndarray]:
    """Two textures with sharp edges and a little noise: one lying, one standing with odd sides."""
    rng = np.random.default_rng(7)
    found = {}
    for name, (rows, columns) in {"lying": (66, 90), "standing": (71, 47)}.items():
        y, x = np.mgrid[:rows, :columns]
        waves = [np.sin(x / (3 + c)) * np.cos(y / (5 - c)) * 90 + 128 for c in range(3)]
        pixels = np.stack(waves, -1)
        pixels[rows // 4 : rows // 2, columns // 3 : columns // 2] = (250, 20, 128)
        pixels[::7] += rng.normal(0, 25, (len(range(0, rows, 7)), columns, 3))
        found[name] = pixels.clip(0, 255).astype(np.uint8)
    return found


def thinned(array: np.ndarray) -> np.ndarray:
    """Keep every few pixels of a large (channel, row, column) result."""
    step = max(array.shape[1] // 40, 1)
    return array[:, ::step, ::step]


def hollow(name: str, folder: Path) -> None:
    """Let a package's modules be imported without running the package's own start-up."""
    module = types.ModuleType(name)
    module.__path__ = [str(folder)]
    sys.modules[name] = module


def main(torchvision: Path) -> None:
    results: dict[str, np.ndarray] = {}
    cases: list[dict[str, object]] = []
    pictures = photos()

    def keep(kind: str, config: dict[str, object], photo: str, array: np.ndarray) -> None:
        array = array.astype(np.float32)
        results[f"result{len(cases)}"] = thinned(array)
        cases.append({"kind": kind, "config": config, "photo": photo, "shape": array.shape})

    for module, stem, said in HF:
        processors = importlib.import_module(f"transformers.models.{module}.image_processing_pil_{module}")
        config = {"image_processor_type": f"{stem}ImageProcessor", **said}
        processor = getattr(processors, f"{stem}ImageProcessorPil")(**said)
        for photo, pixels in pictures.items():
            keep("processor", config, photo, np.asarray(processor(Image.fromarray(pixels))["pixel_values"][0]))

    timm = next(Path(p) / "timm" for p in sys.path if (Path(p) / "timm").is_dir())
    hollow("torchvision", torchvision / "torchvision")
    hollow("timm", timm)
    hollow("timm.data", timm / "data")
    factory = importlib.import_module("timm.data.transforms_factory")
    for said in TIMM:
        transform = factory.transforms_imagenet_eval(
            tuple(said["input_size"][1:]), said["crop_pct"], said.get("crop_mode"), interpolation=said["interpolation"],
            mean=said["mean"], std=said["std"], use_prefetcher=False,
        )  # fmt: skip
        for photo, pixels in pictures.items():
            keep("timm", said, photo, transform(Image.fromarray(pixels)).numpy())

    out = Path(__file__).with_name("images.npz")
    np.savez_compressed(out, cases=np.array(json.dumps(cases)), **pictures, **results)
    print(out, out.stat().st_size, "bytes,", len(cases), "cases")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

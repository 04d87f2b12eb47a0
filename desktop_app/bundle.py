"""The models and sample images that ship with Mirada."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication

import assets
from desktop_app.suffixes import IMAGE_SUFFIXES

FIRST_MODEL = "vit"
"""The model that a window opens without being told which."""

_ENTRANCES = ("model.onnx", "encoder_model.onnx")
"""The file that makes a folder a bundled model."""

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Shipped:
    """A bundled model or image, what to call it in the current language, and a small picture of it if there is one."""

    path: Path
    title: Callable[[], str]
    picture: Path | None = None


def models() -> tuple[Shipped, ...]:
    """Return the bundled models, the first one first."""
    found = [
        folder for folder in _inside(assets.path("models")) if any((folder / name).is_file() for name in _ENTRANCES)
    ]
    found.sort(key=lambda folder: (folder.name != FIRST_MODEL, folder.name))
    return tuple(Shipped(folder, _model_title(folder.name), _picture(folder)) for folder in found)


def samples() -> tuple[Shipped, ...]:
    """Return the bundled images, in the order of their list; without a list by name."""
    folder = assets.path("samples")
    try:
        listed = json.loads((folder / "samples.json").read_text(encoding="utf-8"))
        files = [folder / str(entry["file"]) for entry in listed]
    except (OSError, ValueError, KeyError, TypeError):
        files = sorted(f for f in _inside(folder) if f.suffix.lower() in IMAGE_SUFFIXES)
    return tuple(Shipped(file, _sample_title(file.stem)) for file in files if file.is_file())


def sentences() -> tuple[str, ...]:
    """Return the bundled Spanish sentences, in the order of their list; none in a checkout that has none."""
    try:
        listed = json.loads((assets.path("samples") / "sentences.json").read_text(encoding="utf-8"))
        return tuple(str(entry["spanish"]) for entry in listed)
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def translator() -> Path | None:
    """Return the bundled model that reads the bundled sentences; None in a checkout that has none."""
    return next((model.path for model in models() if model.path.name == "translator"), None)


def first_model() -> Path | None:
    """Return the model to open first; None in a checkout that has none."""
    found = models()
    return found[0].path if found else None


def first_sample() -> Path | None:
    """Return the image to open first; None in a checkout that has none."""
    found = samples()
    return found[0].path if found else None


def _model_title(name: str) -> Callable[[], str]:
    """Return the line that a menu shows for a bundled model."""

    def title() -> str:
        titles = {
            "vit": translate("Bundle", "ViT: a vision transformer, trained on CIFAR-10"),
            "cnn": translate("Bundle", "CNN: a residual network, trained on CIFAR-10"),
            "translator": translate("Bundle", "Translator: Spanish to English, trained on Tatoeba’s sentences"),
        }
        return titles.get(name, name)

    return title


def _sample_title(stem: str) -> Callable[[], str]:
    """Return what a menu calls a bundled image."""

    def title() -> str:
        titles = {
            "airplane": translate("Bundle", "airplane"),
            "car": translate("Bundle", "car"),
            "car-and-truck": translate("Bundle", "car and truck"),
            "cat": translate("Bundle", "cat"),
            "coffee": translate("Bundle", "cup of coffee"),
            "dog": translate("Bundle", "dog"),
            "dog-and-cat": translate("Bundle", "dog and cat"),
            "duck": translate("Bundle", "duck"),
            "horses": translate("Bundle", "horses"),
            "kingfisher": translate("Bundle", "kingfisher"),
            "kitten": translate("Bundle", "kitten"),
            "macaw": translate("Bundle", "macaw"),
            "moose": translate("Bundle", "moose"),
            "osprey": translate("Bundle", "osprey"),
            "owl": translate("Bundle", "owl"),
            "red-panda": translate("Bundle", "red panda"),
            "sailing-ship": translate("Bundle", "sailing ship"),
            "toad": translate("Bundle", "golden toad"),
            "truck": translate("Bundle", "truck"),
            "two-boats": translate("Bundle", "two boats"),
        }
        return titles.get(stem, stem.replace("_", " ").replace("-", " "))

    return title


def _picture(folder: Path) -> Path | None:
    picture = folder / "picture.png"
    return picture if picture.is_file() else None


def _inside(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []

"""What ships with Mirada: bundled models with their cards and recipes, sample images, icons, translations."""

import pathlib


def path(*parts: str) -> pathlib.Path:
    """Return the path of a shipped file or folder, e.g. ``path("models", "vit", "model.onnx")``.

    The path is not checked: a part that does not exist gives a path that does not exist.
    """
    return pathlib.Path(__file__).parent.joinpath(*parts)

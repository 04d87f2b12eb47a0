"""Draws the small pictures that the Model menu shows, from what each shipped model really does.

python -m assets.recipes.pictures
"""

import pathlib

import numpy as np
import numpy.typing as npt
from PIL import Image

import assets
import engine
from assets.recipes import align
from assets.recipes.heads_text import Reader
from assets.recipes.pairs import START_ID
from assets.recipes.translate import Interpreter
from engine.images.load import load_photo
from engine.images.overlay import Look, colour_table, draw_picture
from engine.images.prepare import prepare

SIDE = 96  # pixels
PHOTO = "kingfisher.jpg"
LAYER = 1  # in which the class token is looked at
SENTENCE = "El gato negro está durmiendo."


def coloured(values: npt.NDArray[np.float32], side: int) -> Image.Image:
    """Return values (row, column) as a square picture, the smallest dark, the largest bright."""
    low, high = float(values.min()), float(values.max())
    levels = np.rint((values - low) / max(high - low, 1e-9) * 255).astype(np.uint8)  # (row, column)
    return Image.fromarray(colour_table("viridis")[levels]).resize((side, side), Image.Resampling.NEAREST)


def of_classifier(folder: pathlib.Path) -> Image.Image:
    """Return where the class token looks in an early layer; without attention, four maps of the last convolution."""
    model = engine.open_model(folder)
    plan = model.description.image_plan
    if plan is None:
        raise ValueError(f"{folder} does not take pictures")
    prepared = prepare(load_photo(assets.path("samples", PHOTO)), plan)
    run = model.run_image(prepared)
    if model.sites:
        pattern = run.pattern(model.sites[LAYER], batch=0, query=0).reshape(model.sites[LAYER].heads, -1)  # (head, key)
        row = pattern.mean(0)[1:]  # (patch,)
        side = round(len(row) ** 0.5)
        values = row.reshape(side, side)  # (row, column)
        picture = draw_picture(prepared, values, float(values.max()), Look(side=2 * SIDE, opacity=0.6, grid=False))
        return square(picture).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    maps = run.feature_maps(model.convolutions[-1])[0]  # (channel, row, column)
    strongest = np.argsort(-maps.max((1, 2)))[:4]  # (4,)
    picture = Image.new("RGB", (SIDE, SIDE), (255, 255, 255))
    for number, channel in enumerate(strongest):
        picture.paste(
            coloured(maps[channel], SIDE // 2 - 1), (number % 2 * (SIDE // 2 + 1), number // 2 * (SIDE // 2 + 1))
        )
    return picture


def square(picture: Image.Image) -> Image.Image:
    """Return the middle of a picture, as wide as high."""
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    return picture.crop((left, top, left + side, top + side))


def of_translator(folder: pathlib.Path) -> Image.Image:
    """Return how the aligned head writes a sentence: a row for each piece written, a column for each piece read."""
    model = Interpreter(folder)
    (answer,) = model.translate([SENTENCE])
    source, target = (model.tokenizer.encode(text).ids for text in (SENTENCE, answer))
    pattern = Reader(folder).patterns(source, [START_ID, *target[:-1]])["decoder cross", align.LAYER]
    return coloured(pattern[align.HEAD], SIDE)  # (query, key)


def main() -> None:
    """Draw the picture of every shipped model."""
    for folder in sorted(path for path in assets.path("models").iterdir() if path.is_dir()):
        draw = of_translator if (folder / "encoder_model.onnx").is_file() else of_classifier
        draw(folder).save(folder / "picture.png", optimize=True)
        print(folder / "picture.png")


if __name__ == "__main__":
    main()

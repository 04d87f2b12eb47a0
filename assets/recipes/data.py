"""Read the image data sets: one AVIF sheet of tiles for each class."""

import dataclasses
import pathlib

import numpy as np
import numpy.typing as npt
from PIL import Image

Images = npt.NDArray[np.uint8]

TILE = {"cifar10": (32, 50), "tiny-imagenet": (64, 25)}  # side of a tile in pixels, tiles in one row of a sheet


class DataMissingError(Exception):
    """The data folder, or a part of it, is not there; the message is one sentence for the user."""


@dataclasses.dataclass(frozen=True)
class Split:
    """Images of one split with their classes."""

    images: Images  # (image, row, column, channel)
    labels: npt.NDArray[np.int64]  # (image,)


def class_table(folder: pathlib.Path, dataset: str) -> list[dict[str, str]]:
    """Return the rows of ``classes.tsv`` (``file``, ``label``, ``train``, ``val``), in the order of the class numbers.

    Raises DataMissingError when the folder is not there.
    """
    table = folder / dataset / "classes.tsv"
    if not table.is_file():
        raise DataMissingError(
            f"There is no data set at {folder / dataset}: give the folder that holds {dataset}/ with --data."
        )
    lines = table.read_text(encoding="utf-8").splitlines()
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t"), strict=True)) for line in lines[1:]]


def labels(folder: pathlib.Path, dataset: str) -> list[str]:
    """Return the readable name of each class: the first of its synonyms."""
    return [row["label"].split(",")[0] for row in class_table(folder, dataset)]


def read_split(folder: pathlib.Path, dataset: str, split: str) -> Split:
    """Read one split (``train`` or ``val``) of a data set. Raises DataMissingError when a sheet is not there."""
    side, columns = TILE[dataset]
    images, classes = [], []
    for number, row in enumerate(class_table(folder, dataset)):
        sheet = folder / dataset / split / f"{row['file']}.avif"
        if not sheet.is_file():
            raise DataMissingError(f"The sheet {sheet} is missing: unpack the data set {dataset} again.")
        with Image.open(sheet) as picture:
            pixels = np.asarray(picture.convert("RGB"))  # (rows of tiles * side, columns * side, channel)
        rows = pixels.reshape(-1, side, columns, side, 3)  # (tile row, row, tile column, column, channel)
        tiles = rows.swapaxes(1, 2).reshape(-1, side, side, 3)  # (tile, row, column, channel)
        count = int(row[split])
        images.append(tiles[:count])
        classes.append(np.full(count, number, dtype=np.int64))
    return Split(np.concatenate(images), np.concatenate(classes))

"""What a unit of a layer can see at most, on the photo itself."""

from dataclasses import dataclass

from engine.grid import image_size
from engine.images.plan import Prepared
from engine.model.description import ReceptiveField
from engine.runtime.run import Run


@dataclass(frozen=True)
class SeenBox:
    """The receptive field of one unit.

    Attributes:
        image: (left, top, right, bottom) in pixels of the image the model takes, right and bottom exclusive; may
            reach beyond it, into the padding.
        inside: the part of `image` that lies on that image.
        photo: the same part in pixels of the photo; None in a run that was not made from one.
        centre: (x, y) of the field's centre in pixels of the photo, or else of the model's image.
        share: of the model's image that the field covers, 0 to 1.
        whole: besides, something made of the whole image comes in (squeeze-excite), or all of it was pooled.
    """

    image: tuple[float, float, float, float]
    inside: tuple[float, float, float, float]
    photo: tuple[float, float, float, float] | None
    centre: tuple[float, float]
    share: float
    whole: bool


def seen_box(run: Run, field: ReceptiveField, row: int, column: int) -> SeenBox | None:
    """Return what unit (row, column) of a layer sees; None where the input is no image of rows and columns."""
    size = image_size(run)
    if size is None or len(field.axes) != 2:
        return None
    return box(field, row, column, size, run.image)


def box(field: ReceptiveField, row: int, column: int, size: tuple[int, int], image: Prepared | None) -> SeenBox:
    """Return what a unit sees of an image of `size` (rows, columns), made from a photo or not."""
    rows, columns = size
    (top, bottom), (left, right) = (
        (0.0, length - 1.0) if axis.gone else seen
        for axis, seen, length in zip(field.axes, field.region(row, column), size, strict=True)
    )
    whole = (left, top, right + 1, bottom + 1)
    clipped = (max(left, 0.0), max(top, 0.0), min(right + 1, float(columns)), min(bottom + 1, float(rows)))
    inside = (clipped[0], clipped[1], max(clipped[2], clipped[0]), max(clipped[3], clipped[1]))
    middle = ((whole[0] + whole[2]) / 2, (whole[1] + whole[3]) / 2)
    share = (inside[2] - inside[0]) * (inside[3] - inside[1]) / (rows * columns)
    gone = any(axis.gone for axis in field.axes)
    if image is None:
        return SeenBox(whole, inside, None, middle, share, field.whole or gone)
    x0, y0 = to_photo(image, size, inside[0], inside[1])
    x1, y1 = to_photo(image, size, inside[2], inside[3])
    centre = to_photo(image, size, *middle)
    return SeenBox(whole, inside, (x0, y0, x1, y1), centre, share, field.whole or gone)


def to_photo(image: Prepared, size: tuple[int, int], x: float, y: float) -> tuple[float, float]:
    """Return where a point of the model's image, in its pixels, lies on the photo, in its pixels."""
    left, top, right, bottom = image.region
    high, wide = image.photo.pixels.shape[:2]
    return (left + (right - left) * x / size[1]) * wide, (top + (bottom - top) * y / size[0]) * high

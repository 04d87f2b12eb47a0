"""Turn stored images into what a network learns from."""

import torch
from torch import Tensor
from torch.nn import functional


def normalise(pixels: Tensor, mean: list[float], std: list[float]) -> Tensor:
    """Turn bytes (image, channel, row, column) into numbers around 0, the same shape."""
    centre = torch.tensor(mean, device=pixels.device).view(1, 3, 1, 1)  # (1, channel, 1, 1)
    spread = torch.tensor(std, device=pixels.device).view(1, 3, 1, 1)  # (1, channel, 1, 1)
    return (pixels.float() / 255 - centre) / spread  # (image, channel, row, column)


def augment(pixels: Tensor, shift: int, cutout: int, random: torch.Generator) -> Tensor:
    """Mirror half of the images, move each by up to ``shift`` pixels, blank a square of side ``cutout``.

    (image, channel, row, column), the same shape.
    """
    count, _, side, _ = pixels.shape
    padded = functional.pad(pixels, (shift,) * 4, mode="reflect")  # (image, channel, side + 2·shift, side + 2·shift)
    corner = torch.randint(0, 2 * shift + 1, (2, count, 1), generator=random)  # (axis, image, 1)
    steps = torch.arange(side)
    mirror = torch.rand(count, 1, generator=random) < 0.5  # (image, 1)
    rows = corner[0] + steps  # (image, row)
    columns = corner[1] + torch.where(mirror, side - 1 - steps, steps)  # (image, column)
    image = torch.arange(count)[:, None, None, None]
    channel = torch.arange(3)[None, :, None, None]
    index = (image, channel, rows[:, None, :, None], columns[:, None, None, :])
    moved = padded[tuple(axis.to(pixels.device) for axis in index)]  # (image, channel, row, column)
    if not cutout:
        return moved
    low = torch.randint(-cutout // 2, side - cutout // 2, (2, count, 1), generator=random)  # (axis, image, 1)
    inside = (steps >= low) & (steps < low + cutout)  # (axis, image, step)
    keep = ~(inside[0][:, :, None] & inside[1][:, None, :])  # (image, row, column)
    return moved * keep[:, None].to(pixels.device)  # (image, channel, row, column)

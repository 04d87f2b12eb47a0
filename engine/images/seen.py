"""From the tensor that a model was given back to a picture."""

from typing import cast

import numpy as np
from numpy.typing import NDArray

from engine.images.plan import ImagePlan


def seen(tensor: NDArray[np.generic], plan: ImagePlan) -> NDArray[np.uint8]:
    """Return the first image of a batch as people see it, (row, column, 3) uint8: `prepare` undone.

    Args:
        tensor: (batch, channel, row, column), or as the plan lays it.
        plan: how it was made.
    """
    pixels = np.asarray(tensor[0], np.float32)
    if plan.layout == "NCHW":
        pixels = pixels.transpose(1, 2, 0)  # (row, column, channel)
    mean, std = np.asarray(plan.mean, np.float32), np.asarray(plan.std, np.float32)
    values = (pixels * std + mean) / np.float32(plan.rescale)
    if plan.bgr:
        values = values[..., ::-1]
    out = np.rint(values).clip(0, 255).astype(np.uint8)
    return cast(NDArray[np.uint8], np.ascontiguousarray(np.broadcast_to(out, (*out.shape[:2], 3))))

"""DequantizeLinear before opset 19: it makes the weights of quantised models, and the reference evaluator lacks it."""

import numpy as np
from numpy.typing import NDArray
from onnx.reference.op_run import OpRun


class DequantizeLinear(OpRun):
    """y = (x - zero) · scale, for the whole tensor or along one axis."""

    def _run(
        self,
        x: NDArray[np.generic],
        scale: NDArray[np.generic],
        zero: NDArray[np.generic] | None = None,
        axis: int | None = None,
        **_later: object,
    ) -> tuple[NDArray[np.generic]]:
        sizes = [1] * x.ndim
        if scale.size > 1:
            sizes[1 if axis is None else axis] = scale.size
        factor = scale.reshape(sizes) if scale.size > 1 else scale.reshape(())
        wide = x.astype(np.int32)
        if zero is not None:
            wide = wide - zero.astype(np.int32).reshape(factor.shape)
        return (np.asarray(wide * factor.astype(np.float32), scale.dtype),)

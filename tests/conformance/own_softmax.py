"""What a graph's own attention gives, read with plain ONNX Runtime: the reference for int8.

Integer graphs are compared with themselves on the machine of the test: a rounding that falls the other way on another
processor moves a quantised value by a whole step.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import onnx
import onnxruntime as ort

Arrays = Mapping[str, np.ndarray]


def own_patterns(model: onnx.ModelProto, feeds: Arrays) -> list[np.ndarray]:
    """Patterns (batch, head, query, key) float32 of every Softmax and QAttention of the main graph, in order."""
    nodes = [node for node in model.graph.node if node.op_type in ("Softmax", "QAttention")]
    wanted = {name for node in nodes for name in _read(node) if name}
    values = _values(model, feeds, wanted)
    return [_softmax(n, values) if n.op_type == "Softmax" else _qattention(n, values) for n in nodes]


def _read(node: onnx.NodeProto) -> list[str]:
    return list(node.output) if node.op_type == "Softmax" else list(node.input)


def _values(model: onnx.ModelProto, feeds: Arrays, wanted: set[str]) -> dict[str, np.ndarray]:
    constant = {t.name: onnx.numpy_helper.to_array(t) for t in model.graph.initializer if t.name in wanted}
    tapped = onnx.ModelProto()
    tapped.CopyFrom(model)
    outputs = {output.name for output in tapped.graph.output}
    names = sorted(wanted - set(constant) - set(feeds))
    tapped.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names if name not in outputs)
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = ort.InferenceSession(tapped.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return {**constant, **feeds, **dict(zip(names, session.run(names, dict(feeds)), strict=True))}


def _softmax(node: onnx.NodeProto, values: Arrays) -> np.ndarray:
    axis = next((a.i for a in node.attribute if a.name == "axis"), -1)
    return np.moveaxis(values[node.output[0]], axis, -1).astype(np.float32)


def _qattention(node: onnx.NodeProto, values: Arrays) -> np.ndarray:
    """The operator's definition, in integers up to the projections (ONNX Runtime's contrib operators, QAttention)."""
    given = [values[name] if name else None for name in node.input]
    given += [None] * (8 - len(given))
    x, weight, bias, x_scale, w_scale = (np.asarray(value) for value in given[:5])
    mask, x_zero, w_zero = given[5:8]
    zeros = [np.int64(0) if zero is None else zero.astype(np.int64) for zero in (x_zero, w_zero)]
    heads = next(a.i for a in node.attribute if a.name == "num_heads")
    product = (x.astype(np.int64) - zeros[0]) @ (weight.astype(np.int64) - zeros[1])
    projected = product * (x_scale * w_scale) + bias  # (batch, token, 3 · width)
    batch, tokens = projected.shape[:2]
    q, k, _ = projected.reshape(batch, tokens, 3, heads, -1).transpose(2, 0, 3, 1, 4)
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])  # (batch, head, query, key)
    if mask is not None and mask.ndim == 1:  # how many keys there are
        mask = np.arange(tokens) < mask[:, None]
    if mask is not None:  # (batch, key)
        scores = scores + np.where(mask[:, None, None] > 0, 0.0, -10000.0)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return np.asarray(weights / weights.sum(-1, keepdims=True), np.float32)

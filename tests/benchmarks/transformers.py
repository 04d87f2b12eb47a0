"""Vision transformers with random weights, as large as those that people use, written without a framework."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

OPSET = 17


@dataclass(frozen=True)
class Shape:
    """The measures of a vision transformer."""

    name: str
    image: int
    patch: int
    width: int
    layers: int
    heads: int

    @property
    def tokens(self) -> int:
        """Patches and the class token."""
        return (self.image // self.patch) ** 2 + 1

    @property
    def title(self) -> str:
        """What a table calls it."""
        return f"{self.name}, {self.tokens:,} tokens"

    def feed(self) -> dict[str, NDArray[np.float32]]:
        """Return one random input."""
        size = (1, 3, self.image, self.image)  # (batch, channel, row, column)
        return {"pixel_values": np.random.default_rng(1).standard_normal(size).astype(np.float32)}


BASE = Shape("ViT-B/16", image=224, patch=16, width=768, layers=12, heads=12)
LONG = Shape("ViT-S/8", image=512, patch=8, width=384, layers=12, heads=6)


class _Writer:
    """Collects nodes and weights; each method adds a piece and returns the name of what it computes."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.random = np.random.default_rng(0)
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[TensorProto] = []

    def weight(self, value: NDArray[np.generic]) -> str:
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(value, name))
        return name

    def normal(self, *size: int, spread: float = 0.02) -> str:
        return self.weight((self.random.standard_normal(size) * spread).astype(np.float32))

    def scalar(self, value: float) -> str:
        return self.weight(np.asarray(value, dtype=np.float32))

    def node(self, kind: str, *inputs: str, **attributes: object) -> str:
        name = f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=f"/{name}", **attributes))
        return name

    def linear(self, x: str, width: int, out: int, spread: float = 0.02) -> str:
        product = self.node("MatMul", x, self.normal(width, out, spread=spread))
        return self.node("Add", product, self.normal(out))

    def norm(self, x: str) -> str:
        width = self.shape.width
        gain, shift = np.ones(width, np.float32), np.zeros(width, np.float32)
        return self.node("LayerNormalization", x, self.weight(gain), self.weight(shift), axis=-1, epsilon=1e-6)

    def split_heads(self, x: str, order: list[int]) -> str:
        heads, width = self.shape.heads, self.shape.width
        split = self.weight(np.asarray([0, 0, heads, width // heads], np.int64))
        return self.node("Transpose", self.node("Reshape", x, split), perm=order)

    def attention(self, x: str) -> str:
        width = self.shape.width
        # A spread of weights that makes sharp patterns, as a trained model has.
        query = self.split_heads(self.linear(x, width, width, 0.06), [0, 2, 1, 3])  # (batch, head, token, head_dim)
        key = self.split_heads(self.linear(x, width, width, 0.06), [0, 2, 3, 1])  # (batch, head, head_dim, token)
        value = self.split_heads(self.linear(x, width, width), [0, 2, 1, 3])  # (batch, head, token, head_dim)
        scale = self.scalar(np.sqrt(width // self.shape.heads))
        scores = self.node("Div", self.node("MatMul", query, key), scale)  # (batch, head, query, key)
        pattern = self.node("Softmax", scores, axis=-1)
        mixed = self.node("Transpose", self.node("MatMul", pattern, value), perm=[0, 2, 1, 3])
        merged = self.node("Reshape", mixed, self.weight(np.asarray([0, 0, width], np.int64)))
        return self.linear(merged, width, width)

    def gelu(self, x: str) -> str:
        inner = self.node("Erf", self.node("Div", x, self.scalar(np.sqrt(2.0))))
        gate = self.node("Add", inner, self.scalar(1.0))
        return self.node("Mul", self.node("Mul", x, gate), self.scalar(0.5))

    def perceptron(self, x: str) -> str:
        width = self.shape.width
        return self.linear(self.gelu(self.linear(x, width, 4 * width)), 4 * width, width)

    def embed(self) -> str:
        width, patch = self.shape.width, self.shape.patch
        kernel = self.normal(width, 3, patch, patch)
        patches = self.node("Conv", "pixel_values", kernel, kernel_shape=[patch, patch], strides=[patch, patch])
        flat = self.node("Reshape", patches, self.weight(np.asarray([0, width, -1], np.int64)))
        tokens = self.node("Transpose", flat, perm=[0, 2, 1])
        tokens = self.node("Concat", self.normal(1, 1, width), tokens, axis=1)
        return self.node("Add", tokens, self.normal(1, self.shape.tokens, width))


def write(shape: Shape, folder: Path) -> Path:
    """Write the model of `shape` into `folder` and return its path."""
    writer = _Writer(shape)
    x = writer.embed()
    for _ in range(shape.layers):
        x = writer.node("Add", x, writer.attention(writer.norm(x)))
        x = writer.node("Add", x, writer.perceptron(writer.norm(x)))
    first = writer.node("Gather", writer.norm(x), writer.weight(np.asarray(0, np.int64)), axis=1)
    product = writer.node("MatMul", first, writer.normal(shape.width, 1000))
    writer.nodes.append(helper.make_node("Identity", [product], ["logits"], name="/logits"))
    size = [1, 3, shape.image, shape.image]
    graph = helper.make_graph(
        writer.nodes,
        "vit",
        [helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, size)],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, 1000])],
        writer.weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    path = folder / f"vit_{shape.width}_{shape.tokens}.onnx"
    onnx.save(model, path)
    return path

"""Transformers with random weights, as large as those that people use, written without a framework."""

import logging
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


@dataclass(frozen=True)
class TextShape:
    """The measures of a text transformer; its batch and length are open, as exporters leave them.

    `tokens` are those it is fed, `causal` hides later ones, `int8` quantises its weights (dynamic, MatMulInteger).
    """

    name: str
    tokens: int
    width: int
    layers: int
    heads: int
    vocabulary: int
    causal: bool = False
    int8: bool = False

    @property
    def title(self) -> str:
        """What a table calls it."""
        return f"{self.name}, {self.tokens:,} tokens"

    def feed(self) -> dict[str, NDArray[np.int64]]:
        """Return one random text."""
        ids = np.random.default_rng(1).integers(0, self.vocabulary, (1, self.tokens))  # (batch, token)
        return {"input_ids": ids}


GPT2 = TextShape("GPT-2 small", 1024, 768, 12, 12, 50257, causal=True)
BERT = TextShape("int8 BERT", 384, 768, 12, 12, 30522, int8=True)
TINY = TextShape("a GPT-2 of 1.8 MB", 64, 96, 3, 3, 512, causal=True)
BASE = Shape("ViT-B/16", image=224, patch=16, width=768, layers=12, heads=12)
LONG = Shape("ViT-S/8", image=512, patch=8, width=384, layers=12, heads=6)


class _Writer:
    """Collects nodes and weights; each method adds a piece and returns the name of what it computes."""

    def __init__(self, shape: Shape | TextShape) -> None:
        self.shape = shape
        self.mask = ""  # what is added to the scores
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
        if self.mask:
            scores = self.node("Add", scores, self.mask)
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

    def read(self, shape: TextShape) -> str:
        """Embed a text of any length, and make the mask that hides what comes later."""
        size = self.node("Shape", "input_ids")
        length = self.node("Gather", size, self.weight(np.asarray([1], np.int64)))
        zero, one = self.weight(np.asarray([0], np.int64)), self.weight(np.asarray([1], np.int64))
        places = self.node("Slice", self.normal(shape.tokens, shape.width), zero, length, zero)  # (token, dim)
        if shape.causal:
            ones = self.node("ConstantOfShape", self.node("Concat", length, length, axis=0))
            later = self.node("Trilu", self.node("Sub", ones, self.scalar(1e9)), one, upper=1)
            self.mask = later
        return self.node("Add", self.node("Gather", self.normal(shape.vocabulary, shape.width), "input_ids"), places)

    def embed(self, shape: Shape) -> str:
        """Cut an image into patches, and put the class token before them."""
        width, patch = shape.width, shape.patch
        kernel = self.normal(width, 3, patch, patch)
        patches = self.node("Conv", "pixel_values", kernel, kernel_shape=[patch, patch], strides=[patch, patch])
        flat = self.node("Reshape", patches, self.weight(np.asarray([0, width, -1], np.int64)))
        tokens = self.node("Transpose", flat, perm=[0, 2, 1])
        tokens = self.node("Concat", self.normal(1, 1, width), tokens, axis=1)
        return self.node("Add", tokens, self.normal(1, shape.tokens, width))

    def layers(self, x: str) -> str:
        """Return what all layers make of the tokens, normalised."""
        for _ in range(self.shape.layers):
            x = self.node("Add", x, self.attention(self.norm(x)))
            x = self.node("Add", x, self.perceptron(self.norm(x)))
        return self.norm(x)

    def save(self, path: Path, result: str, given: onnx.ValueInfoProto, size: list[int | str]) -> Path:
        """Write the model, whose one output is called `logits`."""
        self.nodes.append(helper.make_node("Identity", [result], ["logits"], name="/logits"))
        logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, size)
        graph = helper.make_graph(self.nodes, "transformer", [given], [logits], self.weights)
        onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8), path)
        return path


def write(shape: Shape | TextShape, folder: Path) -> Path:
    """Write the model of `shape` into `folder` and return its path."""
    return write_text(shape, folder) if isinstance(shape, TextShape) else write_image(shape, folder)


def write_image(shape: Shape, folder: Path) -> Path:
    """Write a vision transformer that classifies by its class token."""
    writer = _Writer(shape)
    x = writer.layers(writer.embed(shape))
    first = writer.node("Gather", x, writer.weight(np.asarray(0, np.int64)), axis=1)
    product = writer.node("MatMul", first, writer.normal(shape.width, 1000))
    size = [1, 3, shape.image, shape.image]
    given = helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, size)
    return writer.save(folder / f"vit_{shape.width}_{shape.tokens}.onnx", product, given, [1, 1000])


def write_text(shape: TextShape, folder: Path) -> Path:
    """Write a text transformer: scores of the next word if it is causal, else what the tokens have become."""
    writer = _Writer(shape)
    x = writer.layers(writer.read(shape))
    out = shape.vocabulary if shape.causal else shape.width
    x = writer.node("MatMul", x, writer.normal(shape.width, out)) if shape.causal else x
    given = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "sequence"])
    name = f"text_{shape.width}_{shape.layers}_{shape.tokens}"
    path = writer.save(folder / f"{name}.onnx", x, given, ["batch", "sequence", out])
    if not shape.int8:
        return path
    logging.getLogger().setLevel(logging.ERROR)  # it recommends a step that changes nothing here
    from onnxruntime import quantization

    small = folder / f"{name}_int8.onnx"
    quantization.quantize_dynamic(path, small, extra_options={"MatMulConstBOnly": True})
    path.unlink()
    return small

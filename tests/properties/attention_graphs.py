"""Attention written as ONNX in many ways, with the pattern computed apart in double precision."""

from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

WIDTH = 10
LAYOUTS = ("heads split", "heads folded", "tokens first", "packed", "einsum", "keys transposed")
SCALES = ("after", "divided", "on queries", "on both", "none")
MASKS = ("none", "added", "filled", "causal", "guarded")
HIDDEN = -1e9


@dataclass(frozen=True)
class Spelling:
    """One way to write one attention.

    Attributes:
        layout: how heads are split off the features.
        heads, key_heads: query heads, and key heads that they share.
        dim, value_dim: features of a head.
        batch, queries, keys: sizes; `keys` None where the queries' own tokens are attended to.
        scale: where the scale stands.
        mask: what hides keys.
        cap: soft cap of the scores, 0 for none.
        bias: whether projections have one.
        open_sizes: whether batch and tokens are left open in the graph.
        seed: of the weights and inputs.
    """

    layout: str
    heads: int
    key_heads: int
    dim: int
    value_dim: int
    batch: int
    queries: int
    keys: int | None
    scale: str
    mask: str
    cap: float
    bias: bool
    open_sizes: bool
    seed: int

    @property
    def factor(self) -> float:
        """What multiplies QKᵀ."""
        return 1.0 if self.scale == "none" else float(np.float32(self.dim**-0.5))


def usable(spelling):
    """Return the spelling with what its layout cannot express taken back."""
    if spelling.layout in ("packed", "tokens first", "einsum", "heads folded"):
        spelling = replace(spelling, key_heads=spelling.heads)
    if spelling.layout == "packed":
        spelling = replace(spelling, keys=None, value_dim=spelling.dim)
    if spelling.layout in ("tokens first", "heads folded") and spelling.mask in ("added", "filled", "guarded"):
        spelling = replace(spelling, mask="causal")  # a mask for each batch item would need its heads repeated
    if spelling.mask == "causal" and spelling.keys is not None:
        spelling = replace(spelling, mask="none")
    return spelling


@st.composite
def spellings(draw):
    """Draw any spelling; small numbers often coincide, which is what misleads a reader of shapes."""
    key_heads = draw(st.integers(1, 4))
    return usable(
        Spelling(
            layout=draw(st.sampled_from(LAYOUTS)),
            heads=key_heads * draw(st.integers(1, 3)),
            key_heads=key_heads,
            dim=draw(st.integers(2, 6)),
            value_dim=draw(st.integers(2, 6)),
            batch=draw(st.integers(1, 3)),
            queries=draw(st.integers(2, 7)),
            keys=draw(st.one_of(st.none(), st.integers(2, 7))),
            scale=draw(st.sampled_from(SCALES)),
            mask=draw(st.sampled_from(MASKS)),
            cap=draw(st.sampled_from([0.0, 0.0, 1.5])),
            bias=draw(st.booleans()),
            open_sizes=draw(st.booleans()),
            seed=draw(st.integers(0, 2**16)),
        )
    )


class Writer:
    """Collects the nodes and weights of a graph under numbered names."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.nodes, self.weights = [], []

    def add(self, kind, *inputs, out=None, **attributes):
        """Add a node and return the name of its output."""
        name = out or f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=f"n{len(self.nodes)}", **attributes))
        return name

    def weight(self, array):
        """Add an initializer and return its name."""
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def numbers(self, *values):
        """Add a vector of integers."""
        return self.weight(np.array(values, np.int64))

    def linear(self, source, rows, columns, bias):
        """Add a projection; return its name and its weights."""
        matrix = self.rng.standard_normal((rows, columns)).astype(np.float32) / 2
        shift = self.rng.standard_normal(columns).astype(np.float32) / 2 if bias else np.zeros(columns, np.float32)
        out = self.add("MatMul", source, self.weight(matrix))
        return (self.add("Add", self.weight(shift), out) if bias else out), (matrix, shift)


def build(spelling):
    """Return (model, feeds, pattern): the graph, an input and what it must attend to, (batch, head, query, key)."""
    s, w = spelling, Writer(spelling.seed)
    first = s.layout == "tokens first"
    sizes = {"x": s.queries, **({"memory": s.keys} if s.keys is not None else {})}
    feeds = {name: w.rng.standard_normal((s.batch, tokens, WIDTH)).astype(np.float32) for name, tokens in sizes.items()}
    source = "memory" if s.keys is not None else "x"
    keys = s.keys if s.keys is not None else s.queries
    mask = w.rng.random((s.batch, keys)) < 0.7
    mask[:, 0] = True
    if s.mask == "guarded" and s.batch > 1:
        mask[-1] = False  # nobody sees anything
    q, k, v, arrays = _projections(w, s, source)
    scores = _scores(w, s, q, k)
    if s.mask in ("added", "filled", "guarded"):
        scores = _masked(w, s, scores)
        feeds["attention_mask"] = mask.astype(np.int64)
    elif s.mask == "causal":
        scores = w.add("Add", scores, w.weight(np.triu(np.full((keys, keys), HIDDEN, np.float32), 1)))
    pattern = w.add("Softmax", scores, axis=-1)
    if s.mask == "guarded":
        pattern = w.add("Where", w.add("IsNaN", pattern), w.weight(np.float32(0)), pattern)
    _output(w, s, pattern, v)
    expected = _reference(s, feeds["x"], feeds[source], mask, arrays)
    if first:
        feeds = {n: a if n == "attention_mask" else np.ascontiguousarray(a.swapaxes(0, 1)) for n, a in feeds.items()}
    return _model(w, s, feeds), feeds, expected


def _projections(w, s, source):
    """Q, K and V as the layout wants them for its products, and their weights."""
    if s.layout == "packed":
        packed, (matrix, shift) = w.linear("x", WIDTH, 3 * s.heads * s.dim, s.bias)
        five = w.add("Reshape", packed, w.numbers(0, -1, 3, s.heads, s.dim))
        moved = w.add("Transpose", five, perm=[2, 0, 3, 1, 4])
        parts = [w.add("Gather", moved, w.weight(np.array(i, np.int64)), axis=0) for i in range(3)]
        cut = [slice(i * s.heads * s.dim, (i + 1) * s.heads * s.dim) for i in range(3)]
        return *parts, [(matrix[:, c], shift[c]) for c in cut]
    wanted = [("x", s.heads, s.dim), (source, s.key_heads, s.dim), (source, s.key_heads, s.value_dim)]
    found, arrays = [], []
    for place, heads, dim in wanted:
        out, weights = w.linear(place, WIDTH, heads * dim, s.bias)
        found.append(_split(w, s, out, heads, dim, keys=len(found) == 1))
        arrays.append(weights)
    return *found, arrays


def _split(w, s, value, heads, dim, keys):
    """(batch, token, features) to the axes of the layout."""
    if s.layout == "tokens first":  # (token, batch, features) to (batch · head, token, dim)
        return w.add("Transpose", w.add("Reshape", value, w.numbers(0, s.batch * heads, dim)), perm=[1, 0, 2])
    four = w.add("Reshape", value, w.numbers(0, -1, heads, dim))
    if s.layout == "einsum":
        return four
    if s.layout == "keys transposed" and keys and heads == s.heads:
        return w.add("Transpose", four, perm=[0, 2, 3, 1])
    out = w.add("Transpose", four, perm=[0, 2, 1, 3])
    if heads != s.heads:
        out = _repeated(w, s, out, heads, dim)
    if s.layout == "keys transposed" and keys:
        return w.add("Transpose", out, perm=[0, 1, 3, 2])
    if s.layout == "heads folded":
        return w.add("Reshape", out, w.numbers(s.batch * heads, -1, dim))
    return out


def _repeated(w, s, value, heads, dim):
    """Give each key head to the query heads that share it, as Hugging Face's models do."""
    times = s.heads // heads
    five = w.add("Unsqueeze", value, w.numbers(2))
    wide = w.add("Expand", five, w.numbers(1, 1, times, 1, 1))
    return w.add("Reshape", wide, w.numbers(0, s.heads, -1, dim))


def _scores(w, s, q, k):
    """QKᵀ with its scale and cap."""
    root = w.weight(np.float32(s.dim**-0.25))
    if s.scale == "on queries":
        q = w.add("Mul", q, w.weight(np.float32(s.dim**-0.5)))
    elif s.scale == "on both":
        q = w.add("Mul", q, root)
    if s.layout == "einsum":
        k = w.add("Mul", root, k) if s.scale == "on both" else k
        scores = w.add("Einsum", q, k, equation="bqhd,bkhd->bhqk")
    else:
        rank = 3 if s.layout in ("tokens first", "heads folded") else 4
        swapped = [*range(rank - 2), rank - 1, rank - 2]
        turned = k if s.layout == "keys transposed" else w.add("Transpose", k, perm=swapped)
        turned = w.add("Mul", root, turned) if s.scale == "on both" else turned
        scores = w.add("MatMul", q, turned)
    if s.scale == "after":
        scores = w.add("Mul", w.weight(np.float32(s.dim**-0.5)), scores)
    elif s.scale == "divided":
        scores = w.add("Div", scores, w.weight(np.float32(s.dim**0.5)))
    if s.cap:
        cap = w.weight(np.float32(s.cap))
        scores = w.add("Mul", w.add("Tanh", w.add("Div", scores, cap)), cap)
    return scores


def _masked(w, s, scores):
    """A mask of ones and zeros for each batch item, (batch, key)."""
    wide = w.add("Unsqueeze", "attention_mask", w.numbers(1, 2))
    if s.mask == "added":
        off = w.add("Sub", w.weight(np.float32(1)), w.add("Cast", wide, to=TensorProto.FLOAT))
        return w.add("Add", scores, w.add("Mul", off, w.weight(np.float32(HIDDEN))))
    fill = w.weight(np.float32(-np.inf if s.mask == "guarded" else HIDDEN))
    return w.add("Where", w.add("Cast", wide, to=TensorProto.BOOL), scores, fill)


def _output(w, s, pattern, v):
    """The values weighted, heads joined, projected."""
    if s.layout == "einsum":
        mixed = w.add("Einsum", pattern, v, equation="bhqk,bkhd->bqhd")
        joined = w.add("Reshape", mixed, w.numbers(0, 0, s.heads * s.value_dim))
    else:
        mixed = w.add("MatMul", pattern, v)
        if s.layout == "tokens first":
            moved = w.add("Transpose", mixed, perm=[1, 0, 2])
            joined = w.add("Reshape", moved, w.numbers(-1, s.batch, s.heads * s.value_dim))
        else:
            if s.layout == "heads folded":
                mixed = w.add("Reshape", mixed, w.numbers(s.batch, s.heads, -1, s.value_dim))
            joined = w.add("Reshape", w.add("Transpose", mixed, perm=[0, 2, 1, 3]), w.numbers(0, 0, -1))
    matrix = w.rng.standard_normal((s.heads * s.value_dim, WIDTH)).astype(np.float32)
    w.add("MatMul", joined, w.weight(matrix), out="out")


def _model(w, s, feeds):
    """The finished model; batch and tokens by name where they are left open."""
    folds = s.layout in ("tokens first", "heads folded")  # reshapes that state the batch fix it
    inputs = []
    for name, array in feeds.items():
        shape = list(array.shape)
        if s.open_sizes:
            for axis in range(min(2, len(shape))):
                if not (folds and axis == (1 if s.layout == "tokens first" else 0)):
                    shape[axis] = f"{name}_{axis}"
        kind = TensorProto.INT64 if array.dtype == np.int64 else TensorProto.FLOAT
        inputs.append(helper.make_tensor_value_info(name, kind, shape))
    out = helper.make_tensor_value_info("out", TensorProto.FLOAT, None)
    graph = helper.make_graph(w.nodes, "g", inputs, [out], w.weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def _reference(s, x, memory, mask, arrays):
    """softmax(scale · QKᵀ + mask) in double precision, without looking at the graph."""

    def heads(tokens, weights, count):
        matrix, shift = (np.asarray(part, np.float64) for part in weights)
        out = tokens.astype(np.float64) @ matrix + shift
        return out.reshape(*out.shape[:2], count, -1).transpose(0, 2, 1, 3)

    q, k = heads(x, arrays[0], s.heads), heads(memory, arrays[1], s.key_heads)
    scores = q @ np.repeat(k, s.heads // s.key_heads, axis=1).swapaxes(-1, -2) * s.factor
    if s.cap:
        scores = s.cap * np.tanh(scores / s.cap)
    hidden = np.zeros(scores.shape, bool)
    if s.mask in ("added", "filled", "guarded"):
        hidden |= ~mask[:, None, None, :]
    elif s.mask == "causal":
        hidden |= np.triu(np.ones(scores.shape[-2:], bool), 1)
    e = np.where(hidden, 0.0, np.exp(scores))
    total = e.sum(-1, keepdims=True)
    return np.divide(e, total, out=np.zeros_like(e), where=total > 0)

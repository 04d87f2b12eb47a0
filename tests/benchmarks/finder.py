"""The finder's budget: 0.3 s on a graph of 3,000 nodes, and time that grows as the graph does, up to 50,000 nodes.

Transformer layers of 25 operators, spelled out as exporters write them, without any shape stated inside; processor
time, so that what else the machine does is not counted.
`python -m tests.benchmarks.finder` prints time and nodes at every size.
"""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx_ir as ir
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from engine.graph.graph import Graph
from engine.sites.find import find_sites
from tests.benchmarks.rows import Row, as_time, compare

LAYERS = (39, 116, 480, 1920)
SECONDS, GROWTH = 0.3, 1.5
WIDTH, HEADS, TOKENS = 12, 3, 17


def layer(prefix: str, source: str) -> list[NodeProto]:
    """Return one layer's operators; its result is called `prefix` + "out"."""
    nodes: list[NodeProto] = []

    def call(op: str, inputs: list[str], name: str, **settings: object) -> str:
        nodes.append(helper.make_node(op, inputs, [prefix + name], name=prefix + name, **settings))
        return prefix + name

    normal = call("LayerNormalization", [source, "gain", "bias"], "norm")
    parts = {}
    for part, perm in (("q", (0, 2, 1, 3)), ("k", (0, 2, 3, 1)), ("v", (0, 2, 1, 3))):
        projected = call("Add", [call("MatMul", [normal, "square"], f"{part}0"), "bias"], f"{part}1")
        split = call("Reshape", [projected, "split"], f"{part}2")
        parts[part] = call("Transpose", [split], f"{part}3", perm=perm)
    scores = call("Mul", [call("MatMul", [parts["q"], parts["k"]], "s0"), "scale"], "s1")
    pattern = call("Softmax", [scores], "p", axis=-1)
    joined = call("Transpose", [call("MatMul", [pattern, parts["v"]], "a0")], "a1", perm=(0, 2, 1, 3))
    out = call("MatMul", [call("Reshape", [joined, "join"], "a2"), "square"], "a3")
    middle = call("Add", [source, out], "middle")
    hidden = call("Erf", [call("MatMul", [middle, "square"], "m0")], "m1")
    call("Add", [middle, call("MatMul", [hidden, "square"], "m2")], "out")
    return nodes


def model(layers: int) -> ModelProto:
    """Return a transformer of many layers that share their weights."""
    nodes: list[NodeProto] = []
    for i in range(layers):
        nodes += layer(f"l{i}.", f"l{i - 1}.out" if i else "x")
    weights = {
        "square": np.zeros((WIDTH, WIDTH), np.float32),
        "gain": np.ones(WIDTH, np.float32),
        "bias": np.zeros(WIDTH, np.float32),
        "scale": np.array(0.5, np.float32),
        "split": np.array([0, 0, HEADS, WIDTH // HEADS]),
        "join": np.array([0, 0, WIDTH]),
    }
    shape = ("batch", TOKENS, WIDTH)
    graph = helper.make_graph(
        nodes,
        "layers",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(f"l{layers - 1}.out", TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(v, n) for n, v in weights.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])


def seconds(layers: int, rounds: int) -> tuple[int, float]:
    """Return nodes, and the time to find all attention in them.

    Raises:
        RuntimeError: not every attention was found.
    """
    proto = model(layers)
    times = []
    for _ in range(rounds):
        graph = ir.from_proto(proto)
        start = time.process_time()
        sites, _ = find_sites(Graph(graph))
        times.append(time.process_time() - start)
        if len(sites) != layers:
            raise RuntimeError(f"{len(sites)} of {layers} sites found")
    return len(proto.graph.node), statistics.median(times)


def rows(_folder: Path, rounds: int) -> Iterator[Row]:
    """Measure both budgets."""
    nodes, small = seconds(LAYERS[1], rounds)
    taken = f"{small:.2f} s"
    yield Row(f"finding attention in {nodes:,} nodes", "-", as_time(small), taken, f"≤ {SECONDS:g} s", small <= SECONDS)
    many, large = seconds(LAYERS[-1], 1)
    what = f"finding attention, per 1,000 nodes: in {many:,} nodes beside {nodes:,}"
    yield compare(what, small / nodes * 1000, large / many * 1000, GROWTH, as_time)


if __name__ == "__main__":
    for count in LAYERS:
        size, taken = seconds(count, 3)
        print(f"{size:6,} nodes, {count:5,} sites: {taken:6.3f} s, {taken / size * 1e6:5.1f} µs a node")

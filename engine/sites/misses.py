"""Why a softmax is not attention: what is done with its probabilities, or what its scores are made of."""

from collections import deque

import onnx_ir as ir

from engine.graph.graph import Graph, op
from engine.messages import Message, declare, translate
from engine.sites.anchors import Anchor
from engine.sites.candidate import Miss
from engine.sites.site import NearMiss
from engine.sites.walk import QUANTISED, SILENT, VIEWS

declare(
    {
        "miss-answer": translate("engine", "its probabilities are the model’s answer; no values are weighted by them"),
        "miss-router": translate(
            "engine", "its probabilities choose experts or candidates (TopK); they weigh no tokens"
        ),
        "miss-gate": translate(
            "engine", "its probabilities are factors of branches, channels or experts (a gate); they weigh no tokens"
        ),
        "miss-expectation": translate(
            "engine",
            "its probabilities weigh constant numbers, such as the bins of a distribution; no values of the input",
        ),
        "miss-mixed": translate(
            "engine", "its probabilities are mixed with others before values are weighed by them (gated attention)"
        ),
        "miss-no-values": translate("engine", "no product with values follows it"),
        "miss-alone": translate(
            "engine", "each of its scores is made from one position alone; no query is compared with a key"
        ),
        "miss-no-product": translate("engine", "no product of queries with keys stands above it"),
        "miss-axis": translate("engine", "it normalises over an axis that is not contracted with values"),
        "miss-shape": translate("engine", "the axes around it could not be told apart"),
    }
)
PASSED = VIEWS | SILENT | QUANTISED | {"Split", "Slice", "Gather", "Add", "Concat"}
WEIGHING = frozenset({"MatMul", "Gemm", "Conv", "Einsum", "com.microsoft.FusedMatMul", "com.microsoft.nchwc.Conv"})
ALONE = WEIGHING | {"ReduceMean", "ReduceSum", "GlobalAveragePool"}
MOST_VISITS = 40


def miss(anchor: Anchor, code: str) -> Miss:
    """Return a near miss at a softmax."""
    node = anchor.node
    return Miss(node, NearMiss(node.name or node.outputs[0].name or "", anchor.spelling, Message.of(code)))


def without_values(graph: Graph, anchor: Anchor) -> Miss:
    """Say what is done with probabilities that no product with values follows."""
    seen = _uses(graph, anchor.result)
    for code in ("miss-mixed", "miss-router", "miss-gate", "miss-expectation", "miss-answer"):
        if code in seen:
            return miss(anchor, code)
    return miss(anchor, "miss-no-values")


def without_product(graph: Graph, anchor: Anchor) -> Miss:
    """Say what scores are made of that no product of queries with keys stands above."""
    node = anchor.source.producer()
    for _ in range(MOST_VISITS):
        if node is None or op(node) in ALONE:
            break
        carried = [v for v in node.inputs if v is not None and not graph.is_constant(v)]
        node = carried[0].producer() if len(carried) == 1 or (carried and op(node) in PASSED) else None
    return miss(anchor, "miss-no-product" if node is None else "miss-alone")


def _uses(graph: Graph, value: ir.Value) -> set[str]:
    """Follow probabilities downwards through operators that leave them probabilities."""
    found: set[str] = set()
    queue: deque[tuple[ir.Value, bool]] = deque([(value, False)])
    for _ in range(MOST_VISITS):
        if not queue:
            break
        here, mixed = queue.popleft()
        if here.is_graph_output():
            found.add("miss-answer")
        for node, index in graph.users(here):
            kind = op(node)
            others = [v for i, v in enumerate(node.inputs) if v is not None and i != index]
            if kind in ("TopK", "ArgMax"):
                found.add("miss-router" if kind == "TopK" else "miss-answer")
            elif kind == "Mul" and others and not graph.is_constant(others[0]):
                found.add("miss-gate")
            elif kind == "MatMul" and mixed and others and not graph.is_constant(others[0]):
                found.add("miss-mixed")
            elif kind in WEIGHING and others and graph.is_constant(others[0]):
                found.add("miss-expectation")
            elif kind in PASSED or kind in ("Mul", "Div"):
                queue.extend((result, mixed or kind == "Add") for result in node.outputs)
    return found

"""Making fused operators show their own pattern: a rewritten graph, built only when somebody checks."""

from collections.abc import Iterable
from pathlib import Path

import onnx_ir as ir

from engine.graph.cone import as_taken
from engine.graph.read import read_model
from engine.model.description import ModelDescription
from engine.runtime.interventions.edits import Edit
from engine.runtime.interventions.rewrite import rewrite
from engine.sites.site import AttentionSite


def changed(path: Path, fused: Iterable[AttentionSite], original: ModelDescription, edits: tuple[Edit, ...]) -> bytes:
    """Return the model's bytes, changed: fused operators of some sites give their pattern, interventions are made.

    Raises:
        EngineError: the file cannot be read, or an intervention cannot be made.
    """
    model = read_model(path, as_taken(original.choices))
    reveal(model, fused)
    rewrite(model, original, edits)
    return bytes(ir.to_proto(model).SerializeToString())


def reveal(model: ir.Model, sites: Iterable[AttentionSite]) -> None:
    """Make the fused operators of these sites give their pattern as an output."""
    wanted = {s.plan.reveal.output: s.plan for s in sites if s.plan.reveal is not None and s.plan.pattern is not None}
    for node in model.graph:
        plan = wanted.get(node.outputs[0].name or "") if node.outputs else None
        if plan is None or plan.reveal is None or plan.pattern is None:
            continue
        shown = _shown(model.graph, node, plan.reveal.index)
        shown.outputs[plan.reveal.index].name = plan.pattern.value
        for name, number in plan.reveal.attributes:
            shown.attributes[name] = ir.AttrInt64(name, number)


def _shown(graph: ir.Graph, node: ir.Node, index: int) -> ir.Node:
    """Return a node whose output `index` is free to be the pattern: the node itself, or a twin of it."""
    used = len(node.outputs) > index and (node.outputs[index].uses() or node.outputs[index].is_graph_output())
    if used:  # something else of the same product is asked for there, which must stay as it is
        twin = ir.Node(node.domain, node.op_type, node.inputs, list(node.attributes.values()), num_outputs=index + 1)
        graph.insert_after(node, twin)
        twin.outputs[0].name = f"{node.outputs[0].name}.again"
        node = twin
    if len(node.outputs) <= index:
        node.resize_outputs(index + 1)
    for output in node.outputs:
        output.name = output.name or ""
    return node

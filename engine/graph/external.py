"""Weights kept in files beside the model: found, long enough, and nowhere but in the model's own folder.

Any tensor may lie outside the model file: an initializer, one of a subgraph, the value of a Constant node. All are
checked before anything reads them.
"""

from collections.abc import Iterator
from pathlib import Path

import onnx
import onnx_ir as ir

from engine.errors import EngineError, declare_errors
from engine.messages import translate

declare_errors(
    {
        "external-missing": translate("engine", "The weights file “{file}” that “{name}” needs is missing."),
        "external-missing.advice": translate(
            "engine", "Put it in the same folder as the model and open the model again."
        ),
        "external-short": translate("engine", "The weights file “{file}” is shorter than “{name}” says."),
        "external-short.advice": translate("engine", "Download both files again; one of them was cut short."),
        "external-outside": translate("engine", "“{name}” points at weights outside its own folder (“{file}”)."),
        "external-outside.advice": translate(
            "engine", "Mirada does not follow such a path; ask whoever gave you the model for weights beside it."
        ),
    }
)


def check_external(model: ir.Model, path: Path) -> None:
    """Hold that every external file of a model lies in its folder and is as long as its tensors say.

    A cache may keep files elsewhere and link to them: what lies beside the model's own real file is its too.

    Raises:
        EngineError: a file is missing, short, or outside the folder.
    """
    ends: dict[str, int] = {}
    for tensor in external_tensors(model):
        end = int(tensor.offset or 0) + max(int(tensor.length or 0), tensor.nbytes)
        ends[str(tensor.location)] = max(end, ends.get(str(tensor.location), 0))
    homes = {path.parent.resolve(), path.resolve().parent}
    for location, end in ends.items():
        target = (path.parent / location).resolve()
        if Path(location).is_absolute() or not any(target.is_relative_to(home) for home in homes):
            raise EngineError("external-outside", name=path.name, file=location)
        if not target.is_file():
            raise EngineError("external-missing", name=path.name, file=location)
        if target.stat().st_size < end:
            raise EngineError("external-short", name=path.name, file=location)


def external_tensors(model: ir.Model) -> Iterator[ir.ExternalTensor]:
    """Yield every tensor whose numbers lie in another file."""
    functions = tuple(model.functions.values())
    graphs = (*model.graphs(), *(graph for function in functions for graph in function.subgraphs()))
    for graph in graphs:
        for value in graph.initializers.values():
            if isinstance(value.const_value, ir.ExternalTensor):
                yield value.const_value
    for scope in (*graphs, *functions):
        for node in scope:
            for attribute in node.attributes.values():
                if isinstance(attribute.value, ir.ExternalTensor):
                    yield attribute.value


def beside(content: bytes, path: Path) -> tuple[bytes, Path]:
    """Return a model's bytes and the folder that its weights are found in from there.

    A cache may keep a model and its weights under other names and link to both: ONNX Runtime follows no link out of
    a folder, so the weights are named where they really lie. What was checked by `check_external` stays in bounds.
    """
    home = path.resolve().parent
    if not path.is_symlink() or home == path.parent.resolve():
        return content, path.parent
    model = onnx.ModelProto.FromString(content)
    entries = [e for tensor in _stored_apart(model) for e in tensor.external_data if e.key == "location"]
    places = [(path.parent / entry.value).resolve() for entry in entries]
    if not entries or not all(place.is_relative_to(home) for place in places):
        return content, path.parent
    for entry, place in zip(entries, places, strict=True):
        entry.value = place.relative_to(home).as_posix()
    return bytes(model.SerializeToString()), home


def _stored_apart(model: onnx.ModelProto) -> Iterator[onnx.TensorProto]:
    """Yield every tensor message whose numbers lie in another file."""
    graphs, nodes = [model.graph], [node for function in model.functions for node in function.node]
    while graphs or nodes:
        if not nodes:
            graph = graphs.pop()
            nodes = list(graph.node)
            yield from (tensor for tensor in graph.initializer if tensor.data_location == onnx.TensorProto.EXTERNAL)
            continue
        for attribute in nodes.pop().attribute:
            graphs += [*([attribute.g] if attribute.HasField("g") else []), *attribute.graphs]
            if attribute.HasField("t") and attribute.t.data_location == onnx.TensorProto.EXTERNAL:
                yield attribute.t

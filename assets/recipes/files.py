"""Write the files that lie beside a model, and clean those that an exporter wrote."""

import json
import pathlib
from typing import Any

import onnx


def write_json(path: pathlib.Path, content: dict[str, Any]) -> None:
    """Write a configuration file as Transformers does: indented, accents as they are."""
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def forget_where(path: pathlib.Path) -> None:
    """Take out what the exporter noted for debugging: stack traces, with the folders of the machine it ran on."""
    model = onnx.load(path)
    for node in model.graph.node:
        node.ClearField("metadata_props")
        node.ClearField("doc_string")
    for value in (*model.graph.value_info, *model.graph.input, *model.graph.output):
        value.ClearField("metadata_props")
        value.ClearField("doc_string")
    onnx.save(model, path)

"""From a path to an onnx-ir model, with every refusal in one sentence."""

from pathlib import Path

import onnx_ir as ir
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # ships no types

from engine.errors import EngineError, declare_errors
from engine.messages import translate

declare_errors(
    {
        "file-empty": translate("engine", "“{name}” is empty."),
        "file-empty.advice": translate("engine", "Download or export it again."),
        "not-onnx": translate("engine", "“{name}” is not an ONNX model, or it is damaged or cut short."),
        "not-onnx.advice": translate(
            "engine", "Check that the download finished; a model saved by PyTorch (.pt) must be exported to ONNX first."
        ),
        "lfs-pointer": translate("engine", "“{name}” is only a Git LFS pointer; the model itself was not downloaded."),
        "lfs-pointer.advice": translate("engine", "Run “git lfs pull” in its repository, then open it again."),
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
        "folder-empty": translate("engine", "The folder “{name}” holds no .onnx model."),
        "folder-empty.advice": translate("engine", "Choose an .onnx file, or a folder that holds model.onnx."),
        "folder-many": translate("engine", "The folder “{name}” holds several models: {files}."),
        "folder-many.advice": translate("engine", "Open one of these files."),
    }
)

LFS_MARK = b"version https://git-lfs"


def find_model(path: Path) -> Path:
    """Return the .onnx file that a path means: the file itself, or the model of a folder.

    Raises:
        EngineError: nothing there, or several candidates.
    """
    try:
        if not path.exists():
            raise EngineError("file-missing", name=path.name or str(path))
        if not path.is_dir():
            return path
        found = sorted(path.glob("*.onnx")) or sorted((path / "onnx").glob("*.onnx"))
    except PermissionError as cause:
        raise EngineError("file-unreadable", name=path.name) from cause
    for wanted in ("model.onnx", "encoder_model.onnx"):
        for candidate in found:
            if candidate.name == wanted:
                return candidate
    if not found:
        raise EngineError("folder-empty", name=path.name)
    if len(found) > 1:
        raise EngineError("folder-many", name=path.name, files=", ".join(p.name for p in found[:6]))
    return found[0]


def read_model(path: Path) -> ir.Model:
    """Parse an .onnx file; weights in external files are checked but not loaded.

    Raises:
        EngineError: unreadable, empty, not ONNX, or external weights missing, short or outside the folder.
    """
    try:
        with path.open("rb") as file:
            head = file.read(len(LFS_MARK))
    except PermissionError as cause:
        raise EngineError("file-unreadable", name=path.name) from cause
    except OSError as cause:
        raise EngineError("file-missing", name=path.name) from cause
    if not head:
        raise EngineError("file-empty", name=path.name)
    if head == LFS_MARK:
        raise EngineError("lfs-pointer", name=path.name)
    try:
        model = ir.load(path)
    except (DecodeError, ValueError, TypeError, KeyError, AttributeError) as cause:
        raise EngineError("not-onnx", name=path.name) from cause
    if not len(model.graph) or not model.opset_imports:
        raise EngineError("not-onnx", name=path.name)
    _check_external(model, path)
    return model


def external_files(model: ir.Model) -> set[str]:
    """Return the locations of external weights, as the model writes them."""
    tensors = (value.const_value for value in model.graph.initializers.values())
    return {str(tensor.location) for tensor in tensors if isinstance(tensor, ir.ExternalTensor)}


def _check_external(model: ir.Model, path: Path) -> None:
    folder = path.resolve().parent
    ends: dict[str, int] = {}
    for value in model.graph.initializers.values():
        tensor = value.const_value
        if isinstance(tensor, ir.ExternalTensor):
            end = int(tensor.offset or 0) + int(tensor.length or 0)
            ends[str(tensor.location)] = max(end, ends.get(str(tensor.location), 0))
    for location, end in ends.items():
        target = (folder / location).resolve()
        if not target.is_relative_to(folder):
            raise EngineError("external-outside", name=path.name, file=location)
        if not target.is_file():
            raise EngineError("external-missing", name=path.name, file=location)
        if target.stat().st_size < end:
            raise EngineError("external-short", name=path.name, file=location)

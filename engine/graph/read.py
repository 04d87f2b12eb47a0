"""From a path to an onnx-ir model, with every refusal in one sentence."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import onnx
import onnx_ir as ir
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # ships no types

from engine.errors import EngineError, declare_errors
from engine.graph.cone import Decide, undecided
from engine.graph.external import check_external
from engine.graph.flatten import flatten
from engine.graph.skeleton import skeleton
from engine.messages import translate

declare_errors(
    {
        "file-empty": translate("engine", "“{name}” is empty."),
        "file-empty.advice": translate("engine", "Download or export it again."),
        "not-onnx": translate("engine", "“{name}” is not an ONNX model, or it is damaged or cut short."),
        "not-onnx.advice": translate(
            "engine", "Check that the download finished; a model saved by PyTorch (.pt) must be exported to ONNX first."
        ),
        "graph-broken": translate("engine", "The graph of “{name}” does not hold together."),
        "graph-broken.advice": translate("engine", "Check the model with onnx.checker, or export it again."),
        "no-nodes": translate("engine", "“{name}” holds no operators, so there is nothing to run."),
        "no-nodes.advice": translate("engine", "Export the model again."),
        "file-special": translate("engine", "“{name}” is not a regular file."),
        "file-special.advice": translate("engine", "Choose an .onnx file, or a folder that holds model.onnx."),
        "lfs-pointer": translate("engine", "“{name}” is only a Git LFS pointer; the model itself was not downloaded."),
        "lfs-pointer.advice": translate("engine", "Run “git lfs pull” in its repository, then open it again."),
        "folder-empty": translate("engine", "The folder “{name}” holds no .onnx model."),
        "folder-empty.advice": translate("engine", "Choose an .onnx file, or a folder that holds model.onnx."),
        "folder-many": translate("engine", "The folder “{name}” holds several models: {files}."),
        "folder-many.advice": translate("engine", "Open one of these files."),
    }
)

# What onnx-ir notices in a broken graph is said in one sentence, not printed.
logging.getLogger("onnx_ir").addHandler(logging.NullHandler())

LFS_MARK = b"version https://git-lfs"


PAIRS = (
    {"encoder": ("encoder_model",), "decoder": ("decoder_model", "decoder_model_merged")},
    {"text": ("text_model",), "vision": ("vision_model",)},
)
"""Models of several graphs, as Optimum exports them: what each part is called, and the file it is in."""
CACHED = ("decoder_with_past_model", "decoder_model_merged")
"""The decoder that takes the keys and values of earlier steps."""
ALONE = ("model", "decoder_model", "decoder_model_merged", "encoder_model")
VARIANTS = ("", "_quantized", "_fp16", "_int8", "_uint8", "_q8", "_q4", "_q4f16", "_bnb4")
"""The same graph in other numbers; the first that is there is taken."""


@dataclass(frozen=True)
class Found:
    """The files of a model.

    Attributes:
        main: its one file, or the first of several.
        parts: (name, file) of the graphs of a model that has several.
        cached: the decoder that takes the keys and values of earlier steps, where it is a graph of its own.
    """

    main: Path
    parts: tuple[tuple[str, Path], ...] = ()
    cached: Path | None = None


def find_model(path: Path) -> Path:
    """Return the .onnx file that a path means, the first of several: see `find_files`."""
    return find_files(path).main


def find_files(path: Path) -> Found:
    """Return the .onnx files that a path means: the file itself, or the model of a folder.

    Raises:
        EngineError: nothing there, or several candidates.
    """
    name = path.name or str(path)
    try:
        if not path.exists():
            raise EngineError("file-missing", name=name)
        if not path.is_dir():
            return Found(path)
        inside = sorted(path.glob("*.onnx")) or sorted((path / "onnx").glob("*.onnx"))
    except PermissionError as cause:
        raise EngineError("file-unreadable", name=name) from cause
    except OSError as cause:  # a name longer than the file system allows
        raise EngineError("file-missing", name=name[:80]) from cause
    files = {candidate.stem: candidate for candidate in inside if not candidate.is_dir()}
    for variant in VARIANTS:
        if (found := _of_variant(files, variant)) is not None:
            return found
    if not files:
        raise EngineError("folder-empty", name=name)
    if len(files) > 1:
        raise EngineError("folder-many", name=name, files=", ".join(p.name for p in list(files.values())[:6]))
    return Found(next(iter(files.values())))


def _of_variant(files: Mapping[str, Path], variant: str) -> Found | None:
    """Return the model of a folder whose files have this ending."""
    if (whole := files.get(f"model{variant}")) is not None:
        return Found(whole)
    cached = next((files[stem + variant] for stem in CACHED if stem + variant in files), None)
    for pair in PAIRS:
        parts = tuple(
            (name, files[stem + variant])
            for name, stems in pair.items()
            for stem in [s for s in stems if s + variant in files][:1]
        )
        if len(parts) == len(pair):
            return Found(parts[0][1], parts, cached)
    alone = next((files[stem + variant] for stem in ALONE if stem + variant in files), None)
    return None if alone is None else Found(alone)


def read_model(path: Path, decide: Decide = undecided) -> ir.Model:
    """Parse an .onnx file; weights in external files are checked but not loaded.

    Functions, and branches and loops known beforehand or told by `decide`, are written out (`engine.graph.flatten`).

    Raises:
        EngineError: unreadable, empty, not ONNX, or external weights missing, short or outside the folder.
    """
    if path.exists() and not path.is_file():  # a pipe or a device, which may never end
        raise EngineError("file-special", name=path.name)
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
        model = ir.serde.deserialize_model(onnx.ModelProto.FromString(skeleton(path)))
        ir.external_data.set_base_dir(model.graph, path.parent)
    except ir.serde.SerdeError as cause:
        raise EngineError("graph-broken", name=path.name) from cause
    except (DecodeError, ValueError, TypeError, KeyError, AttributeError) as cause:
        raise EngineError("not-onnx", name=path.name) from cause
    if not len(model.graph) and model.opset_imports and model.graph.outputs:
        raise EngineError("no-nodes", name=path.name)
    if not len(model.graph) or not model.opset_imports:
        raise EngineError("not-onnx", name=path.name)
    check_external(model, path)
    flatten(model, decide)
    return model

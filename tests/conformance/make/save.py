"""Check a case from all sides that need no engine, and write it."""

from __future__ import annotations

import itertools
import json
import os
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort

from tests.conformance.make.capture import as_patterns, run_and_record
from tests.conformance.make.case import Case
from tests.conformance.make.shorten import shorten
from tests.conformance.own_softmax import own_patterns

GRAPHS = Path(__file__).resolve().parent.parent / "graphs"
_WRITERS = ("torch", "timm", "transformers", "onnx", "onnxscript", "onnxruntime")
LARGEST = 300_000  # bytes
Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Made:
    sites: int
    size: int  # bytes of the graph
    output_error: float  # ONNX Runtime against the framework
    softmax_error: float | None  # the graph's own softmaxes against the patterns, where they correspond
    likeness: float  # mean |difference| of the two most alike heads, 2 at most


def make(case: Case) -> Made:
    subject = case.build()
    values = subject.run_on or subject.inputs
    outputs, found = run_and_record(subject.twin or subject.module, tuple(values.values()))
    tensors = subject.arrange(found) if subject.arrange else found
    patterns = [p.numpy() for p in as_patterns(tensors, subject.heads)]
    model = case.route(subject, case.dynamic)
    for rewrite in case.rewrites:
        model = rewrite(model, subject)
    if not case.names:
        model = shorten(model)
    onnx.checker.check_model(model)

    feeds = {name: value.numpy() for name, value in values.items()}
    data = model.SerializeToString()
    session = _session(data)
    if list(subject.inputs) != list(values):  # a rewrite gave the input another name
        feeds = {name: value.numpy() for name, value in subject.inputs.items()}
    feeds = {name: feeds[name] for name in feeds if name in {i.name for i in session.get_inputs()}}
    produced = session.run(None, feeds)
    if case.reference == "graph":
        patterns = own_patterns(model, feeds)
        error = 0.0
        expected = produced
    else:
        expected = [value.numpy() for value in outputs]
        error = max(_difference(a, b) for a, b in zip(produced, expected, strict=True))
        limit = case.tolerance * 100 if case.tolerance > 1e-4 else 2e-4
        assert error < limit, f"ONNX Runtime and the framework differ by {error:.2g}"
    own = None if subject.arrange else _softmax_error(model, feeds, patterns)
    assert own is None or own < case.tolerance / 2, f"softmaxes of the graph differ by {own:.2g}"
    _check_patterns(patterns)
    likeness = _likeness(patterns)
    assert likeness >= case.unlike, f"two heads or batches are too much alike ({likeness:.3f})"

    meta = {
        "case": case.name,
        "family": case.family,
        "route": case.route.label,
        "spelling": case.spelling,
        "reference": case.reference,
        "tolerance": case.tolerance,
        "kinds": list(subject.kinds if subject.kinds is not None else ["self"] * len(patterns)),
        "heads": [p.shape[1] for p in patterns],
        "versions": {
            name: version(name) for name in ("torch", "timm", "transformers", "onnx", "onnxscript", "onnxruntime")
        },
        **subject.meta,
        **case.expect,
    }
    assert len(meta["kinds"]) == len(patterns), f"{len(patterns)} patterns, {len(meta['kinds'])} kinds"
    arrays: Arrays = {f"input.{name}": value for name, value in feeds.items() if name not in subject.unfed}
    arrays |= {f"output.{o.name}": value for o, value in zip(session.get_outputs(), expected, strict=True)}
    arrays |= {f"pattern.{i}": _fixed_point(pattern) for i, pattern in enumerate(patterns)}
    _write(case, data, arrays, meta)
    return Made(len(patterns), len(data), error, own, likeness)


def _write(case: Case, data: bytes, arrays: Arrays, meta: dict[str, object]) -> None:
    assert len(data) <= LARGEST, f"{len(data)} bytes"
    GRAPHS.mkdir(exist_ok=True)
    path = GRAPHS / f"{case.name}.onnx"
    if case.external:
        beside = f"{case.name}.onnx.data"
        (GRAPHS / beside).unlink(missing_ok=True)
        onnx.save(onnx.load_from_string(data), path, save_as_external_data=True, location=beside, size_threshold=256)
    else:
        path.write_bytes(data)
    ort.InferenceSession(path, providers=["CPUExecutionProvider"])  # it loads from where it lies
    np.savez_compressed(GRAPHS / f"{case.name}.npz", **arrays, meta=np.array(json.dumps(meta)))


def _fixed_point(pattern: np.ndarray) -> np.ndarray:
    """Multiples of 2⁻²²: at most 1.2e-7 away, and a third smaller when packed."""
    return (np.round(pattern * np.float32(2**22)) / np.float32(2**22)).astype(np.float32)


def _session(data: bytes) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    if os.environ.get("PLAIN"):
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    return ort.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def _difference(a: np.ndarray, b: np.ndarray) -> float:
    assert a.shape == b.shape, f"{a.shape} is not {b.shape}"
    a, b = a.astype(np.float64), b.astype(np.float64)
    return float(np.max(np.abs(a - b) / max(1.0, np.abs(b).max()))) if a.size else 0.0


def _softmaxes(model: onnx.ModelProto, feeds: Arrays) -> list[np.ndarray]:
    """What every Softmax node of the main graph gives, its own axis last."""
    tapped = onnx.ModelProto()
    tapped.CopyFrom(model)
    nodes = [n for n in tapped.graph.node if n.op_type == "Softmax" and n.domain == ""]
    if not nodes:
        return []
    outputs = {o.name for o in tapped.graph.output}
    tapped.graph.output.extend(onnx.ValueInfoProto(name=n.output[0]) for n in nodes if n.output[0] not in outputs)
    values = _session(tapped.SerializeToString()).run([n.output[0] for n in nodes], feeds)
    axes = [next((a.i for a in n.attribute if a.name == "axis"), -1) for n in nodes]
    return [np.moveaxis(v, axis, -1) for v, axis in zip(values, axes, strict=True)]


def _softmax_error(model: onnx.ModelProto, feeds: Arrays, patterns: list[np.ndarray]) -> float | None:
    """A second opinion on the patterns: the graph's own softmaxes, if there is one of the right size for each."""
    own = _softmaxes(model, feeds)
    if not patterns or [v.size for v in own] != [p.size for p in patterns]:
        return None
    return max(_difference(v.reshape(p.shape), p) for v, p in zip(own, patterns, strict=True))


def _check_patterns(patterns: list[np.ndarray]) -> None:
    for pattern in patterns:
        assert np.isfinite(pattern).all()
        assert pattern.min() >= 0
        sums = pattern.sum(-1)
        assert np.all((np.abs(sums - 1) < 2e-3) | (sums == 0)), "rows do not sum to one"


def _likeness(patterns: list[np.ndarray]) -> float:
    """Mean over queries of Σ|p - q| between the two most alike of all heads of all layers and batches."""
    planes: dict[tuple[int, ...], list[np.ndarray]] = {}
    for pattern in patterns:
        shape = pattern.shape[-2:]
        if shape[1] > 1:
            planes.setdefault(shape, []).extend(pattern.reshape(-1, *shape)[:60])
    pairs = (pair for same in planes.values() for pair in itertools.combinations(same, 2))
    return min((float(np.abs(a - b).sum(-1).mean()) for a, b in pairs), default=2.0)

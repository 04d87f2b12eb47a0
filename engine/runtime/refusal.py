"""ONNX Runtime's messages turned into sentences: what is wrong, and what to do about it."""

import re

from engine.errors import EngineError, declare_errors
from engine.messages import translate
from engine.runtime.number_types import in_bfloat16

declare_errors(
    {
        "opset": translate(
            "engine", "“{name}” uses a newer ONNX operator set than this version of ONNX Runtime knows."
        ),
        "opset.advice": translate("engine", "Export it again for opset {known} or lower, or update Mirada."),
        "opset-other": translate(
            "engine", "“{name}” uses a newer operator set “{domain}” than this version of ONNX Runtime knows."
        ),
        "opset-other.advice": translate(
            "engine", "Export it again for version {known} of that set or lower, or update Mirada."
        ),
        "ir-version": translate(
            "engine", "“{name}” is written in a newer ONNX file format than this version of ONNX Runtime reads."
        ),
        "ir-version.advice": translate("engine", "Save it again with IR version {known} or lower, or update Mirada."),
        "custom-op": translate("engine", "“{name}” uses an operator that ONNX Runtime does not have: {operator}."),
        "custom-op.advice": translate("engine", "Export the model without custom operators."),
        "op-not-in-opset": translate(
            "engine", "“{name}” uses the operator {operator}, which its ONNX operator set ({opset}) does not have."
        ),
        "op-not-in-opset.advice": translate("engine", "Export it again for another opset."),
        "no-kernel": translate(
            "engine", "ONNX Runtime cannot compute the operator {operator} of “{name}” with these types of numbers."
        ),
        "no-kernel.advice": translate("engine", "Export the model in float32."),
        "no-bfloat16": translate(
            "engine", "“{name}” computes in bfloat16, for which ONNX Runtime has no {operator} on the processor."
        ),
        "no-bfloat16.advice": translate("engine", "Export the model in float32 or float16."),
        "bad-graph": translate("engine", "ONNX Runtime refuses “{name}”: {reason}."),
        "bad-graph.advice": translate("engine", "Check the model with onnx.checker, or export it again."),
        "out-of-memory": translate("engine", "There is not enough memory to run “{name}” on this input."),
        "out-of-memory.advice": translate("engine", "Close other programs, or take a smaller image or a shorter text."),
        "run-failed": translate("engine", "“{name}” failed while running: {reason}."),
        "run-failed.advice": translate("engine", "Check that the input has the size and type the model expects."),
        "cancelled": translate("engine", "The run was cancelled."),
        "cancelled.advice": translate("engine", "Run it again whenever you like."),
    }
)

LONGEST = 200
"""Characters of the runtime's own words that are passed on."""


def refusal(name: str, text: str, content: bytes = b"") -> EngineError:
    """Return why ONNX Runtime did not open a model.

    Args:
        name: the file.
        text: the runtime's message.
        content: the serialised model, to tell in which numbers it computes.
    """
    if "opset" in text and "under development" in text:
        newest = _found(r"is till opset (\d+)", text) or "?"
        domain = _found(r"support for domain (\S+) is till", text) or "ai.onnx"
        if domain == "ai.onnx":
            return EngineError("opset", name=name, known=newest)
        return EngineError("opset-other", name=name, known=newest, domain=domain)
    if known := _found(r"max supported IR version: (\d+)", text):
        return EngineError("ir-version", name=name, known=known)
    if operator := _custom_operator(text):
        return EngineError("custom-op", name=name, operator=operator)
    if found := re.search(r"No Op registered for (\S+) with domain_version of (\d+)", text):
        return EngineError("op-not-in-opset", name=name, operator=found[1], opset=found[2])
    if operator := _found(r"Could not find an implementation for (\w+)", text):
        code = "no-bfloat16" if in_bfloat16(content, operator) else "no-kernel"
        return EngineError(code, name=name, operator=operator)
    if "Protobuf parsing failed" in text or "codec can't decode" in text:  # names that are no text
        return EngineError("not-onnx", name=name)
    if _is_memory(text):
        return EngineError("out-of-memory", name=name)
    return EngineError("bad-graph", name=name, reason=reason(text))


def failure(name: str, text: str, *, stopped: bool) -> EngineError:
    """Return why a run did not end.

    Args:
        name: the file.
        text: the runtime's message.
        stopped: whether somebody asked the run to end.
    """
    if stopped:
        return EngineError("cancelled")
    if _is_memory(text):
        return EngineError("out-of-memory", name=name)
    return EngineError("run-failed", name=name, reason=reason(text))


def reason(text: str) -> str:
    """Return the runtime's words without codes, places in its source, signatures and commands to the reader."""
    text = " ".join(text.split())
    operator = _found(r"while running (\w+) node", text)
    text = re.sub(r".*Status Message: ", "", text)
    for pattern in NOISE:
        text = re.sub(pattern, "", text)
    text = text.strip(" .;:")
    if len(text) > LONGEST:
        text = text[:LONGEST].rsplit(" ", 1)[0] + " …"
    text = re.sub(r"\.\s+", "; ", text)
    return f"{operator}: {text}" if operator and text else text or "unknown reason"


SIGNATURE = r"(?:[\w<>:&*, ]+ )?[\w:~<>]+\((?:[^()]|\([^()]*\))*\)(?: const)? "
NOISE = (
    r"\[ONNXRuntimeError\] : \d+ : \w+ : ",
    r"\S+\.(?:cc|h|cpp|hpp):\d+ (?=\S*[:(])" + SIGNATURE,  # a place, then the whole signature
    r"\S+\.(?:cc|h|cpp|hpp):\d+ \w+ ",  # a place, then the bare name of a function
    r"(?:[\w<>:&*]+ )*onnxruntime::" + SIGNATURE,
    r"Exception during initialization: ",
    r"This is an invalid model\. ?",
    r"In Node, .*? , Error ",
    r"Please fix either the inputs/outputs or the model\.",
    r"\S* ?[^.;]*? was false\. ",  # the condition that was checked; its explanation follows
)


def _custom_operator(text: str) -> str | None:
    """Return an operator of a domain that the runtime does not have."""
    if whole := _found(r"([\w.]+:\w+)\(-?\d+\) is not a registered function/op", text):
        return whole
    unknown = r"(?:No opset import for domain|No Op registered for)"
    found = re.search(r'In Node, \(".*?", (\w+), "([^"]+)", .*' + unknown, text)
    return f"{found[2]}:{found[1]}" if found else None


def _found(pattern: str, text: str) -> str | None:
    found = re.search(pattern, text)
    return found[1] if found else None


def _is_memory(text: str) -> bool:
    return "bad_alloc" in text or "Failed to allocate memory" in text or "Available memory" in text

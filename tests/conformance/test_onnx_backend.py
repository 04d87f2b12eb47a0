"""The ONNX project's own backend tests of the Attention operator, as the `onnx` package carries them.

Each comes twice: as the one operator, and expanded into the small operators that define it. In both the engine must
find one site, and show what ONNX's reference evaluator gives for the pattern (`qk_matmul_output_mode` 3).
"""

import copy
import importlib
import warnings
from functools import cache

import numpy as np
import onnx
import pytest
from onnx.reference import ReferenceEvaluator

import engine
from engine import EngineError

PATTERN = 3

# What ONNX Runtime's CPU provider cannot run, and why. Each must fail in just this way, or leave the list.
CANNOT_RUN = {
    "test_attention_4d_causal_bf16": ("no-bfloat16", "bfloat16"),
    "test_attention_4d_causal_bf16_expanded": ("no-bfloat16", "bfloat16"),
    "test_attention_4d_padded_kv_bf16": ("no-bfloat16", "bfloat16"),
    "test_attention_4d_padded_kv_bf16_expanded": ("no-bfloat16", "bfloat16"),
    "test_attention_4d_causal_padded_kv_bf16": ("no-bfloat16", "bfloat16"),
    "test_attention_4d_causal_padded_kv_bf16_expanded": ("no-bfloat16", "bfloat16"),
    "test_attention_4d_attn_mask_causal_bf16": ("no-bfloat16", "bfloat16"),
    "test_attention_4d_attn_mask_causal_bf16_expanded": ("no-bfloat16", "bfloat16"),
    "test_attention_3d_causal_bf16": ("no-bfloat16", "bfloat16"),
    "test_attention_3d_causal_bf16_expanded": ("no-bfloat16", "bfloat16"),
    "test_attention_4d_diff_heads_mask4d_padded_kv": ("run-failed", "a mask shorter than the padded keys"),
}

# Read from the operator's own pattern, not recomputed: windows, keys of a length of their own for each batch item,
# and a past to which not as many keys are added as there are queries.
READ_AS_IT_IS = ("window", "nonpad", "mask_causal")


def backend_cases():
    """Return (case, model, inputs, outputs) of every Attention test in the package."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        package = importlib.import_module("onnx.backend.test.case.node")
        importlib.import_module("onnx.backend.test.case.node.attention")  # making the cases registers them
    return {case.name: case for case in package._NodeTestCases if case.name.startswith("test_attention_")}


CASES = backend_cases()


@cache
def defined(name):
    """Return the pattern that the operator is defined to have, (batch, head, query, key) float32."""
    case = CASES[name]
    model = copy.deepcopy(case.model)
    node = model.graph.node[0]
    node.output.extend([""] * (PATTERN + 1 - len(node.output)))
    node.output[PATTERN] = "pattern"
    kept = [found for found in node.attribute if found.name != "qk_matmul_output_mode"]
    del node.attribute[:]
    node.attribute.extend([*kept, onnx.helper.make_attribute("qk_matmul_output_mode", 3)])
    del model.graph.output[:]
    model.graph.output.append(onnx.helper.make_tensor_value_info("pattern", onnx.TensorProto.FLOAT, None))
    return np.asarray(ReferenceEvaluator(model).run(None, feeds_of(case))[0], np.float32)


def feeds_of(case):
    return dict(zip([info.name for info in case.model.graph.input], case.data_sets[0][0], strict=True))


def test_the_package_holds_the_tests():
    assert len(CASES) > 90
    assert set(CANNOT_RUN) <= set(CASES)
    assert len(CASES) - len(CANNOT_RUN) > 0.9 * len(CASES)


@pytest.mark.parametrize("name", CASES)
def test_the_pattern_is_what_the_operator_defines(name, tmp_path):
    case = CASES[name]
    path = tmp_path / f"{name}.onnx"
    path.write_bytes(case.model.SerializeToString())
    if name in CANNOT_RUN:
        code, _ = CANNOT_RUN[name]
        with pytest.raises(EngineError, check=lambda error: error.code == code):
            engine.open_model(path).run(feeds_of(case))
        return
    model = engine.open_model(path)
    assert len(model.sites) == 1, model.near_misses
    site = model.sites[0]
    run = model.run(feeds_of(case))
    expected = defined(name.removesuffix("_expanded"))
    half = any(np.asarray(array).dtype.itemsize == 2 for array in case.data_sets[0][0])
    tolerance = 5e-3 if half else 1e-5
    pattern = run.pattern(site)
    assert pattern.shape == expected.shape
    np.testing.assert_allclose(pattern, expected, rtol=0, atol=tolerance)
    assert site.heads == expected.shape[1]
    assert run.error(site) <= tolerance
    assert run.is_factored(site) or (not name.endswith("_expanded") and any(word in name for word in READ_AS_IT_IS))
    np.testing.assert_allclose(
        np.asarray(run.outputs["Y"], np.float32), np.asarray(case.data_sets[0][1][0], np.float32), rtol=0, atol=5e-3
    )

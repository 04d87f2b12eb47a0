"""Two tiers: recomputed where that agrees with the model's own softmax, read from the softmax where it does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

import engine
from engine.model.description import ModelDescription
from engine.runtime.model import Model
from engine.runtime.session import Session
from engine.sites.site import Step

TOKENS, WIDTH = 6, 4
RNG = np.random.default_rng(9)
X: NDArray[Any] = RNG.standard_normal((2, TOKENS, WIDTH)).astype(np.float32)


def write(path: Path, tokens: int | str) -> None:
    weights = {n: RNG.standard_normal((WIDTH, WIDTH)).astype(np.float32) for n in ("q", "k", "v")}
    nodes = [helper.make_node("MatMul", ["x", n], [f"{n}0"]) for n in weights]
    nodes += [
        helper.make_node("Transpose", ["k0"], ["k1"], perm=(0, 2, 1)),
        helper.make_node("MatMul", ["q0", "k1"], ["s"]),
        helper.make_node("Softmax", ["s"], ["p"], axis=-1),
        helper.make_node("MatMul", ["p", "v0"], ["y"]),
    ]
    shape = ("batch", tokens, WIDTH)
    graph = helper.make_graph(
        nodes,
        "one",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(v, n) for n, v in weights.items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)


def misread(description: ModelDescription) -> ModelDescription:
    """A description whose plan forgets the scale, as a finder that misreads a new spelling would."""
    site = description.sites[0]
    plan = replace(site.plan, steps=(Step("scale", factor=0.5),))
    return replace(description, sites=(replace(site, plan=plan, checked=None, causal=None),))


@pytest.mark.parametrize("tokens", [TOKENS, "length"])
def test_a_site_that_agrees_is_recomputed(tmp_path: Path, tokens: int | str) -> None:
    write(tmp_path / "m.onnx", tokens)
    model = engine.open_model(tmp_path / "m.onnx")
    assert model.sites[0].factored
    assert model.sites[0].checked is not None
    assert model.sites[0].checked < 1e-6
    run = model.run({"x": X})
    assert "p" not in run.tensors
    assert run.error(model.sites[0]) < 1e-6


@pytest.mark.parametrize("tokens", [TOKENS, "length"])
def test_a_site_that_disagrees_at_opening_is_read(tmp_path: Path, tokens: int | str) -> None:
    write(tmp_path / "m.onnx", tokens)
    model = Model(misread(engine.open_model(tmp_path / "m.onnx").description))
    model.complete()
    assert not model.sites[0].factored
    run = model.run({"x": X})
    np.testing.assert_allclose(run.pattern(model.sites[0]), run.own_pattern(model.sites[0]), atol=1e-6)
    assert run.error(model.sites[0]) == 0.0
    with pytest.raises(engine.EngineError):
        run.scores(model.sites[0])


def test_a_site_that_disagrees_on_the_first_run_is_read(tmp_path: Path) -> None:
    write(tmp_path / "m.onnx", "length")
    model = Model(misread(engine.open_model(tmp_path / "m.onnx").description))
    before = model.sites[0]
    assert before.factored
    run = model.run({"x": X})
    assert run.materialised == {0}
    assert not run.is_factored(before)
    assert not model.sites[0].factored
    np.testing.assert_allclose(run.pattern(before).sum(-1), 1, atol=1e-5)
    np.testing.assert_allclose(run.pattern(before) @ run.value(before), run.outputs["y"][:, None], atol=1e-5)
    again = model.run({"x": X})
    np.testing.assert_array_equal(again.pattern(model.sites[0]), run.pattern(before))


def test_the_error_of_a_recomputation_that_was_never_compared_is_told(tmp_path: Path) -> None:
    write(tmp_path / "m.onnx", "length")
    model = Model(misread(engine.open_model(tmp_path / "m.onnx").description))
    run = model.execute({"x": X})
    assert run.is_factored(model.sites[0])
    assert run.error(model.sites[0]) > 1e-2


def test_patterns_of_many_tokens_are_no_outputs(tmp_path: Path) -> None:
    write(tmp_path / "m.onnx", 5000)
    model = engine.open_model(tmp_path / "m.onnx")
    assert model.sites[0].factored
    x = RNG.standard_normal((1, 5000, WIDTH)).astype(np.float32)
    run = model.run({"x": x})
    assert set(run.tensors) == {"q0", "k1", "v0"}
    assert run.pattern(model.sites[0], head=0, query=17).shape == (1, 5000)


def test_softmaxes_compared_at_opening_take_no_memory_in_long_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "m.onnx", "length")
    opened: list[tuple[str, ...]] = []

    def opening(self: Session, path: Path, taps: Sequence[str], *rest: Any) -> None:
        opened.append(tuple(taps))
        built(self, path, taps, *rest)

    built = Session.__init__
    monkeypatch.setattr(Session, "__init__", opening)
    model = engine.open_model(tmp_path / "m.onnx")
    short = model.run({"x": X})
    assert opened == [("k1", "p", "q0", "v0")]  # one session, which served for comparing too
    x = RNG.standard_normal((1, 6000, WIDTH)).astype(np.float32)
    long = model.run({"x": x})
    assert opened[1:] == [("k1", "q0", "v0")]
    assert set(long.tensors) == set(short.tensors) == {"q0", "k1", "v0"}
    np.testing.assert_allclose(long.pattern(model.sites[0], head=0, query=3).sum(), 1, rtol=1e-4)

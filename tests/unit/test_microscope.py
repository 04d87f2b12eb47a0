"""The microscope's numbers add up, on graphs of every spelling, against the graphs' own tensors."""

import json
import pathlib

import numpy as np
import pytest

import engine
from engine.microscope import look_close

GRAPHS = pathlib.Path(__file__).parents[1] / "conformance" / "graphs"
CASES = {
    "hf_vit_sdpa_ts14": ["q · k", "× 0.5", "softmax"],
    "hf_vit_eager_dyn18": ["q · k", "× 0.5", "+ bias", "softmax"],
    "timm_vit_fused_dyn25": ["q · k", "× 0.5", "softmax"],
    "plain_bias_dyn18": None,
    "plain_softcap_dyn20": None,
    "plain_grouped_dyn18": None,
    "sdpa_causal_dyn18": None,
    "timm_swin_fused_ts17": None,
}


def opened(name):
    model = engine.open_model(GRAPHS / f"{name}.onnx")
    arrays = np.load(GRAPHS / f"{name}.npz")
    feeds = {key[6:]: arrays[key] for key in arrays.files if key.startswith("input.")}
    return model, model.run(feeds), arrays, json.loads(str(arrays["meta"]))


@pytest.mark.parametrize("name", CASES)
def test_the_stages_lead_from_q_and_k_to_the_graphs_own_output(name):
    _, run, arrays, _ = opened(name)
    for site in run.model.sites:
        batches, heads, queries, _ = run.pattern_shape(site)
        head, query, batch = heads - 1, queries // 2, batches - 1
        close = look_close(run, site, head, query, batch)
        np.testing.assert_allclose(close.products.sum(-1), close.stages[0].row, atol=1e-4)
        np.testing.assert_allclose(close.weights, arrays[f"pattern.{site.index}"][batch, head, query], atol=1e-5)
        np.testing.assert_allclose(close.contributions.sum(0), close.output, atol=1e-5)
        np.testing.assert_allclose(
            close.stages[-2].row, run.scores(site, batch=batch, head=head, query=query), atol=1e-5
        )
        assert close.difference is not None
        assert close.difference < 1e-4
        assert close.graph_output.any()


@pytest.mark.parametrize(("name", "wanted"), [(n, w) for n, w in CASES.items() if w])
def test_the_stages_are_named_in_the_graphs_order(name, wanted):
    _, run, _, _ = opened(name)
    close = look_close(run, run.model.sites[0], 0, 0)
    assert [stage.name.text() for stage in close.stages] == wanted


def test_a_soft_cap_is_a_stage_of_its_own():
    _, run, _, _ = opened("plain_softcap_dyn20")
    names = [stage.name.text() for stage in look_close(run, run.model.sites[0], 0, 0).stages]
    assert "soft cap (tanh)" in names


def test_what_has_no_queries_says_so():
    _, run, _, _ = opened("plain_additive_dyn18")
    with pytest.raises(engine.EngineError, match="only its pattern can be read"):
        look_close(run, run.model.sites[0], 0, 0)

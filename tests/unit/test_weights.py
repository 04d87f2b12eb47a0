"""Projections per head: x · W + b is what the site reads, on every way a graph may split heads."""

import numpy as np
import pytest

import engine
from engine.graph.graph import Graph
from engine.graph.read import read_model
from engine.model.weights import weights_of, weights_of_sites
from tests.conformance.references import Reference

EXACT = [
    "timm_vit_plain_ts14",  # one fused matrix, split by Gather
    "timm_vit_fused_dyn25",
    "timm_vit_nobias_fused_dyn18",
    "timm_swin_plain_dyn18",  # windows
    "timm_maxvit_nchw_dyn18",  # 1 × 1 convolutions
    "hf_vit_eager_ts17",  # three matrices
    "hf_bert_eager_ts17_dynamic",
    "hf_gpt2_sdpa_ts17_dynamic",  # Gemm on flat tokens, split by Split
    "hf_t5_eager_dyn18",  # queries as wide as they like, no bias
    "hf_llama_sdpa_dyn18",  # grouped queries: values
    "plain_folded_dyn18",  # heads folded into the batch
    "ort_extended_vit",
    "ms_attention",  # projections inside a fused operator
    "ms_mha_biased",
    "ms_gqa",
]


def opened(name):
    case = Reference(name)
    model = engine.open_model(case.path)
    return model, model.run(case.feeds)


def fetched(model, run, name):
    return run.inputs[name] if name in run.inputs else model.fetch(run.inputs, (name,))[name]


@pytest.mark.parametrize("name", EXACT)
def test_x_times_w_plus_b_is_what_the_site_reads(name):
    model, run = opened(name)
    checked = 0
    for index, weights in weights_of_sites(model.description).items():
        site = model.sites[index]
        for projection, read in ((weights.query, run.query), (weights.key, run.key), (weights.value, run.value)):
            if projection.then:
                continue  # turned or normalised afterwards
            x = np.moveaxis(fetched(model, run, projection.source), projection.axis, -1)
            expected = read(site).transpose(0, 2, 1, 3)  # (batch, token, head, dim)
            got = projection.apply(x.reshape(-1, x.shape[-1]).astype(np.float32))
            np.testing.assert_allclose(got, expected.reshape(got.shape), atol=2e-5)
            checked += 1
    assert checked >= len(model.sites)


@pytest.mark.parametrize("name", ["hf_llama_sdpa_dyn18", "timm_vit_qknorm_fused_ts17"])
def test_what_happens_after_a_projection_is_named(name):
    model, _ = opened(name)
    weights = weights_of(model.description, model.sites[0])
    assert weights.query.then
    assert not weights.value.then


@pytest.mark.parametrize("name", ["timm_vit_plain_ts14", "hf_bert_eager_dyn18", "plain_folded_dyn18"])
def test_heads_through_their_circuits_make_the_sites_output(name):
    """sum over heads of pattern · x · W_V W_O, plus biases, is what the output projection gives."""
    model, run = opened(name)
    site = model.sites[0]
    weights = weights_of(model.description, site)
    x = fetched(model, run, weights.value.source)
    x = x.reshape(run.pattern_shape(site)[0], -1, x.shape[-1])  # (batch, token, in)
    pattern = run.pattern(site)
    got = sum(pattern[:, h] @ x @ weights.ov(h) for h in range(site.heads))
    if weights.value.bias is not None:
        got = got + np.einsum("hd,hdo->o", weights.value.bias, weights.output.weight)
    heads = np.einsum("bhqk,bhkd->bqhd", pattern, run.value(site))
    expected = np.einsum("bqhd,hdo->bqo", heads, weights.output.weight)
    np.testing.assert_allclose(got, expected, atol=1e-4)
    source = fetched(model, run, weights.output.source).reshape(*heads.shape[:2], -1)
    np.testing.assert_allclose(heads.reshape(source.shape), source, atol=2e-5)


@pytest.mark.parametrize(
    "name",
    [
        "plain_einsum_heads_last_ts17",
        "plain_grouped_ts17",  # heads in two axes
        "plain_keys_first_ts17",
        "plain_nonlocal_ts17",  # a convolution of channels
        "timm_twins_plain_dyn18",  # windows in two axes before the heads
        "timm_hiera_dyn18",  # and behind them
        "timm_coatnet_plain_dyn18",
        "hf_llama_past_eager_dyn18_dynamic",
        "hf_gpt2_past_eager_dyn18_dynamic",
        "ms_attention",
        "ms_mha_heads",
        "ms_gqa",
        "sdpa_gqa_dyn25",
    ],
)
def test_what_heads_give_times_w_o_is_what_the_layer_gives(name):
    model, run = opened(name)
    graph = Graph(read_model(model.path))
    for index, weights in weights_of_sites(model.description).items():
        site, projection = model.sites[index], weights.output
        layer = next(n for n in graph.nodes if n.inputs and n.inputs[0] and n.inputs[0].name == projection.source)
        result = fetched(model, run, layer.outputs[0].name)
        result = np.moveaxis(result, projection.axis, -1)  # (..., out)
        parts = np.einsum("bhtd,hdo->bto", run.head_output(site), projection.weight)
        own = 0 if projection.bias is None or len(layer.inputs) < 3 else projection.bias
        got, expected = (parts + own).reshape(-1, parts.shape[-1]), result.reshape(-1, parts.shape[-1])
        if run.pattern_shape(site)[0] > len(result):  # windows go back to their places
            got, expected = (array[np.lexsort(np.round(array, 3).T)] for array in (got, expected))
        np.testing.assert_allclose(got, expected, atol=1e-4)


@pytest.mark.parametrize("name", ["plain_single_head_ts17", "plain_shared_qk_ts17", "timm_levit_ts14"])
def test_no_matrix_is_taken_for_w_o_where_none_follows_the_heads(name):
    """The residual stream follows at once, or a nonlinearity stands between."""
    model, _ = opened(name)
    assert all(weights.output is None for weights in weights_of_sites(model.description).values())


def test_biases_that_a_fused_operator_adds_belong_to_the_projections():
    model, run = opened("ms_mha_biased")
    weights = weights_of(model.description, model.sites[0])
    x = fetched(model, run, weights.key.source)
    got = weights.key.apply(x.reshape(-1, x.shape[-1]))
    expected = run.key(model.sites[0]).transpose(0, 2, 1, 3)
    np.testing.assert_allclose(got, expected.reshape(got.shape), atol=2e-5)


def test_scores_from_the_query_key_circuit():
    model, run = opened("timm_vit_nobias_fused_dyn18")
    site = model.sites[0]
    weights = weights_of(model.description, site)
    assert weights.query.bias is None
    x = fetched(model, run, weights.query.source)
    for head in range(site.heads):
        got = site.scale * (x @ weights.qk(head) @ x.swapaxes(1, 2))
        np.testing.assert_allclose(got, run.scores(site, head=head), atol=1e-4)


def test_grouped_queries_share_key_heads():
    model, _ = opened("hf_llama_sdpa_dyn18")
    weights = weights_of(model.description, model.sites[0])
    assert len(weights.output.weight) == model.sites[0].heads == 6
    for head in range(6):  # the graph repeats keys and values: three query heads share each
        np.testing.assert_array_equal(weights.value.weight[head], weights.value.weight[head // 3 * 3])
        np.testing.assert_array_equal(weights.ov(head), weights.value.weight[head] @ weights.output.weight[head])


def test_untraced_projections_are_none():
    model, _ = opened("timm_vit_map_plain_dyn18")
    weights = weights_of(model.description, model.sites[2])  # learned queries
    assert weights.query is None
    with pytest.raises(ValueError, match="not traced"):
        weights.qk(0)

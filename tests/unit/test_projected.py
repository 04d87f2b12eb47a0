"""Where queries, keys and values come from: x · W + b is what the attention reads, on every way to split heads."""

import numpy as np
import pytest

import engine
from engine.projected import TraceInputs
from engine.runtime.task import Context
from tests.conformance.references import Reference


def traced(name, site=0):
    case = Reference(name)
    model = engine.open_model(case.path)
    run = model.run(case.feeds)
    return run, run.model.sites[site], TraceInputs(site).work(Context(model, run.inputs, run=run))


@pytest.mark.parametrize(
    "name",
    [
        "timm_vit_plain_ts14",
        "hf_vit_eager_ts17",
        "timm_swin_plain_dyn18",
        "timm_maxvit_nchw_dyn18",
        "plain_folded_dyn18",
        "mha_self_dyn25",
    ],
)
def test_a_tokens_vector_through_the_weights_is_what_the_attention_reads(name):
    run, site, sides = traced(name)
    for side, read in ((sides.query, run.query), (sides.key, run.key), (sides.value, run.value)):
        assert side.then == ()
        assert side.difference < 1e-4
        tensor = read(site)
        batch, token, head = tensor.shape[0] - 1, tensor.shape[2] // 2, site.heads - 1
        x = side.row(batch, token)
        wanted = tensor[batch, head * tensor.shape[1] // site.heads, token]
        np.testing.assert_allclose(side.apply(x, head, site.heads), wanted, atol=1e-4)
    assert sides.query.row(0, 10**6) is None


def test_norms_and_turns_between_projection_and_query_are_named():
    _, _, sides = traced("timm_vit_qknorm_fused_ts17")
    assert [message.text() for message in sides.query.then] == ["normalised"]
    assert sides.query.difference is None
    assert sides.value.then == ()
    run, site, sides = traced("hf_llama_sdpa_dyn18")
    assert [message.text() for message in sides.query.then] == ["rotary turn"]
    x = sides.query.row(0, 0)  # the first token is turned by nothing
    np.testing.assert_allclose(sides.query.apply(x, 1, site.heads), run.query(site)[0, 1, 0], atol=1e-4)
    assert sides.value.row(0, 1).shape == x.shape


def test_what_is_not_made_by_one_matrix_is_not_made_up():
    _, _, sides = traced("plain_additive_dyn18")
    assert sides.query is None

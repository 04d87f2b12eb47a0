"""Numbers and labels of heads: the same as the metrics' own, and labels exactly where the thresholds say."""

import dataclasses

import numpy as np
import pytest

from engine.head_labels import head_labels
from engine.head_table import HeadNumbers, HeadTally
from engine.metrics import METRICS, agreement, head_metrics
from engine.sites.layout import Operand, axes
from tests.synthetic import full_pattern, make_run


def tally(run, site=0, **more):
    made = HeadTally(run, run.model.sites[site], **more)
    while made.advance():
        pass
    return made.numbers()


def run_with(pattern, image=False, grid=(1, 6), prefix=0, causal=False):
    """A run of one site whose pattern is given, (head, query, key)."""
    run = make_run(sites=1, heads=len(pattern), grid=grid, prefix=prefix, image=image)
    site = run.model.sites[0]
    plan = dataclasses.replace(site.plan, query=None, key=None, pattern=Operand("p", axes("batch head query key")))
    site = dataclasses.replace(site, factored=False, plan=plan, causal=causal)
    tensors = {**run.tensors, "p": np.asarray(pattern, np.float32)[None]}
    return dataclasses.replace(run, model=dataclasses.replace(run.model, sites=(site,)), tensors=tensors)


@pytest.mark.parametrize("most", [1, 200, 1 << 20])
def test_the_table_holds_the_metrics_however_small_the_steps(most):
    run = make_run()
    site = run.model.sites[1]
    found, wanted = tally(run, 1, most=most), head_metrics(run, site)
    for name in METRICS:
        np.testing.assert_allclose(found.means[name], wanted[name], rtol=1e-5, err_msg=name)
    alike = agreement(run, site)
    np.testing.assert_allclose(found.agreement, (alike.sum(1) - 1) / 3, rtol=1e-4)


def test_uniform_attention_is_as_far_as_it_says():
    """Dosovitskiy et al. 2021: 14 × 14 patches of 16 pixels give 116.5."""
    run = run_with(np.full((1, 196, 196), 1 / 196), image=True, grid=(14, 14))
    run = dataclasses.replace(run, inputs={"pixels": np.zeros((1, 3, 224, 224), np.float32)})
    found = tally(run)
    assert found.uniform == pytest.approx(116.5, abs=0.1)
    assert found.means["distance"][0] == pytest.approx(found.uniform, rel=1e-5)
    assert found.in_pixels
    assert head_labels(found) == (("global",),)


def test_uniform_attention_under_a_causal_mask_sees_the_past_alone():
    pattern = np.tril(np.ones((6, 6)))
    found = tally(run_with([pattern / pattern.sum(1, keepdims=True)], causal=True))
    assert found.uniform == pytest.approx(found.means["distance"][0], rel=1e-5)
    assert not found.in_pixels


def test_a_head_that_looks_one_token_back_is_positional_and_local():
    found = tally(run_with([np.roll(np.eye(6), -1, axis=1)]))  # the first looks at the last
    assert (found.offsets, found.offset_share[0]) == (((-1,),), 1.0)
    assert head_labels(found)[0][:1] == ("positional",)


def test_a_head_that_looks_at_the_patch_above_is_positional_on_the_grid():
    above = np.zeros((20, 20))
    for token in range(20):
        above[token, token - 5 if token >= 5 else 7] = 1
    found = tally(run_with([above], image=True, grid=(4, 5)))
    assert found.offsets == ((-1, 0),)
    assert found.offset_share[0] == 1.0
    assert "positional" in head_labels(found)[0]


def test_the_most_frequent_offset_is_that_of_the_pattern():
    run = make_run(heads=3, grid=(1, 12), prefix=0, image=False)
    found = tally(run)
    pattern = full_pattern(run, run.model.sites[0])[0]
    steps = pattern.argmax(-1) - np.arange(12)
    for head in range(3):
        share = {d: (steps[head] == d).sum() / (12 - abs(d)) for d in range(-6, 7)}
        assert found.offset_share[head] == pytest.approx(max(share.values()))


def test_a_head_that_rests_on_the_class_token_is_a_sink():
    rest = np.full((21, 21), 0.4 / 20)
    rest[:, 0] = 0.6
    assert "sink" in head_labels(tally(run_with([rest], image=True, grid=(4, 5), prefix=1)))[0]
    assert "sink" in head_labels(tally(run_with([rest], grid=(1, 21))))[0]


def numbers(**means):
    every = {name: np.array([means.get(name, np.nan)], np.float32) for name in METRICS}
    share = np.array([means.get("offset_share", 0.0)], np.float32)
    return HeadNumbers(every, share * np.nan, 10.0, ((1,),), share, in_pixels=False)


@pytest.mark.parametrize(
    ("means", "labels"),
    [
        ({"offset_share": 0.9}, ("positional",)),
        ({"offset_share": 0.89}, ()),
        ({"first_mass": 0.5}, ("sink",)),
        ({"special_mass": 0.49, "first_mass": 0.49}, ()),
        ({"distance": 5.0}, ("local",)),
        ({"distance": 5.1}, ()),
        ({"distance": 9.0}, ("global",)),
        ({"distance": 8.9}, ()),
        ({"offset_share": 1.0, "special_mass": 0.7, "distance": 1.0}, ("positional", "sink", "local")),
    ],
)
def test_labels_begin_at_their_thresholds(means, labels):
    assert head_labels(numbers(**means)) == (labels,)


def test_a_tally_given_up_tells_nothing():
    made = HeadTally(make_run(), make_run().model.sites[0])
    made.give_up()
    assert not made.advance()
    assert np.isnan(made.numbers().means["entropy"]).all()
    assert np.isnan(made.numbers().agreement).all()
    assert head_labels(made.numbers()) == ((),) * 4

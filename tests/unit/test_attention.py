"""Rows, columns, thumbnails and overviews against patterns computed here with NumPy alone."""

import dataclasses

import numpy as np
import pytest

from engine import EngineError, attention, row_sums
from engine.attention import attention_row, overview, thumbnails
from engine.sites.layout import Operand, axes
from engine.sites.site import Step
from tests.synthetic import full_pattern, make_run

LAYOUTS = ["batch head token dim", "batch token head*dim", "batch*head dim token"]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_rows_and_columns_are_those_of_the_pattern(layout, dtype):
    run = make_run(layout=layout, dtype=dtype, batch=2)
    site = run.model.sites[1]
    pattern = full_pattern(run, site)
    for batch in (0, 1):
        row = attention_row(run, site, 2, 7, "from", batch=batch)
        column = attention_row(run, site, 2, 7, "to", batch=batch)
        assert row.dtype == column.dtype == np.float32
        np.testing.assert_allclose(row, pattern[batch, 2, 7], atol=1e-6)
        np.testing.assert_allclose(column, pattern[batch, 2, :, 7], atol=1e-6)


def test_the_class_token_is_the_first_special_token():
    run = make_run(prefix=2)
    site = run.model.sites[0]
    np.testing.assert_allclose(attention_row(run, site, 1, 9, "class"), full_pattern(run, site)[0, 1, 0], atol=1e-6)


def test_without_special_tokens_there_is_no_class_token():
    run = make_run(prefix=0, grid=(4, 4))
    with pytest.raises(EngineError, match="no class token"):
        attention_row(run, run.model.sites[0], 0, 0, "class")
    assert all(np.isnan(part).all() for part in thumbnails(run, 0, "class"))


@pytest.mark.parametrize("direction", ["from", "to", "class"])
def test_the_mean_over_heads_is_the_mean_of_the_rows(direction):
    run = make_run()
    site = run.model.sites[2]
    rows = [attention_row(run, site, head, 4, direction) for head in range(site.heads)]
    np.testing.assert_allclose(
        attention_row(run, site, 99, 4, direction, mean_heads=True), np.mean(rows, axis=0), atol=1e-6
    )


@pytest.mark.parametrize("direction", ["from", "to", "class"])
def test_thumbnails_hold_every_head_of_every_site(direction):
    run = make_run(heads=[4, 2, 3])
    parts = thumbnails(run, 6, direction)
    assert [part.shape for part in parts] == [(4, 16), (2, 16), (3, 16)]
    for site, part in zip(run.model.sites, parts, strict=True):
        pattern = full_pattern(run, site)[0]
        wanted = {"from": pattern[:, 6], "to": pattern[:, :, 6], "class": pattern[:, 0]}[direction]
        np.testing.assert_allclose(part, wanted, atol=1e-6)


@pytest.mark.parametrize("block", [1, 30, 500, 1 << 20])
def test_blocks_of_any_size_give_the_same_sums(block, monkeypatch):
    monkeypatch.setattr(row_sums, "BLOCK", block)
    run = make_run()
    for site, mean in zip(run.model.sites, overview(run), strict=True):
        np.testing.assert_allclose(mean, full_pattern(run, site)[0].mean(axis=1), atol=1e-6)
        np.testing.assert_allclose(attention_row(run, site, 3, 2, "to"), full_pattern(run, site)[0, 3, :, 2], atol=1e-6)


def test_without_waiting_missing_heads_are_nan_and_arrive_one_after_the_other(monkeypatch):
    monkeypatch.setattr(row_sums, "BLOCK", 16 * 16)  # one head at a time
    run = make_run(sites=2)
    assert all(np.isnan(part).all() for part in thumbnails(run, 3, "to", wait=False))
    assert row_sums.advance(run, first=(1, 2))
    nan = [np.isnan(part).all(axis=1).tolist() for part in thumbnails(run, 3, "to", wait=False)]
    assert nan == [[True] * 4, [True, True, False, True]]
    steps = 1
    while row_sums.advance(run, first=(1, 2)):
        steps += 1
    assert steps == 8
    for site, part in zip(run.model.sites, thumbnails(run, 3, "to", wait=False), strict=True):
        np.testing.assert_allclose(part, full_pattern(run, site)[0, :, :, 3], atol=1e-6)


def test_a_head_that_waits_for_itself_alone_does_not_compute_the_others(monkeypatch):
    monkeypatch.setattr(row_sums, "BLOCK", 16 * 16)
    run = make_run()
    attention_row(run, run.model.sites[0], 1, 5, "to")
    assert row_sums.row_sums(run, run.model.sites[0], 0).ready().tolist() == [False, True, False, False]


def test_masked_rows_are_zeros_not_nan():
    run = make_run()
    site = run.model.sites[0]
    mask = np.ones((1, 1, 16, 16), bool)
    mask[..., 5, :] = False  # query 5 sees nothing
    mask[..., 3] = False  # nobody sees key 3
    step = Step("where", operand=Operand("mask", axes("batch head query key")), fill=-np.inf)
    plan = dataclasses.replace(site.plan, steps=(*site.plan.steps, step))
    site = dataclasses.replace(site, plan=plan)
    model = dataclasses.replace(run.model, sites=(site,))
    run = dataclasses.replace(run, model=model, tensors={**run.tensors, "mask": mask})
    assert not attention_row(run, site, 0, 5, "from").any()
    assert not attention_row(run, site, 0, 3, "to").any()
    column = attention_row(run, site, 0, 4, "to")
    np.testing.assert_allclose(column, run.pattern(site, batch=0, head=0)[:, 4], atol=1e-6)
    assert column[5] == 0
    assert column[6] > 0
    np.testing.assert_allclose(overview(run)[0], run.pattern(site, batch=0).mean(axis=1), atol=1e-6)


def test_a_site_read_from_the_models_own_softmax():
    run = make_run(sites=1)
    site = run.model.sites[0]
    own = np.random.default_rng(1).random((1, 4, 16, 16), np.float32)
    plan = dataclasses.replace(site.plan, pattern=Operand("p", axes("batch head query key")))
    site = dataclasses.replace(site, factored=False, plan=plan)
    run = dataclasses.replace(
        run, model=dataclasses.replace(run.model, sites=(site,)), tensors={**run.tensors, "p": own}
    )
    np.testing.assert_array_equal(thumbnails(run, 4, "from")[0], own[0, :, 4])
    np.testing.assert_array_equal(thumbnails(run, 4, "to")[0], own[0, :, :, 4])
    np.testing.assert_allclose(overview(run)[0], own[0].mean(axis=1), atol=1e-6)


def test_sites_of_other_grids_show_the_same_place():
    run = make_run(sites=2, grid=[(4, 8), (2, 4)], prefix=1)
    first, second = run.model.sites
    patch = attention.grid_of(run, first).token_at(3, 5)
    assert attention.counterpart(run, first, patch, second) == attention.grid_of(run, second).token_at(1, 2)
    assert attention.counterpart(run, first, 0, second) == 0
    parts = thumbnails(run, patch, "from", counted_in=first)
    np.testing.assert_allclose(parts[1], full_pattern(run, second)[0, :, 1 + 1 * 4 + 2], atol=1e-6)


def test_without_a_grid_a_token_another_site_lacks_gives_nan():
    run = make_run(sites=2, grid=[(1, 9), (1, 5)], prefix=0, image=False)
    parts = thumbnails(run, 7, "from", counted_in=run.model.sites[0])
    assert not np.isnan(parts[0]).any()
    assert np.isnan(parts[1]).all()


def test_a_shorter_batch_axis_shows_its_first_item():
    run = make_run()
    np.testing.assert_array_equal(
        attention_row(run, run.model.sites[0], 0, 1, "from", batch=5),
        attention_row(run, run.model.sites[0], 0, 1, "from", batch=0),
    )


def test_what_lies_outside_is_refused():
    run = make_run()
    site = run.model.sites[0]
    with pytest.raises(IndexError):
        attention_row(run, site, 4, 0, "from")
    with pytest.raises(IndexError):
        attention_row(run, site, 0, 16, "to")

"""What the Heads view shows, computed without a window, and the words for it."""

from dataclasses import replace

import numpy as np
import pytest

from desktop_app.selection import Selection
from desktop_app.views import VIEWS, heads_data, heads_text
from desktop_app.views.heads import HeadsView
from engine import row_sums
from engine.grid import PatchGrid
from tests.synthetic import full_pattern, make_run

GRID = PatchGrid(3, 5, prefix=1)


@pytest.fixture(autouse=True)
def _no_hurry(monkeypatch):
    """A busy machine must not leave sums for later."""
    monkeypatch.setattr(heads_data, "SLICE_SECONDS", 60)


def rows_close(found, wanted):
    np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_it_is_a_view_of_models_with_attention():
    run = make_run()
    assert HeadsView in VIEWS
    assert HeadsView.supports(run.model)
    assert not HeadsView.supports(replace(run.model, sites=()))


def test_it_depends_on_all_but_what_belongs_to_convolutions():
    now = Selection(token=3)
    assert HeadsView.depends(now) == HeadsView.depends(replace(now, layer=2, channel=7))
    for other in ({"token": 4}, {"site": 1}, {"head": 1}, {"pinned": True}, {"direction": "to"}, {"batch": 1}):
        assert HeadsView.depends(now) != HeadsView.depends(replace(now, **other))


@pytest.mark.parametrize("direction", ["from", "to", "class"])
@pytest.mark.parametrize("mean", [False, True])
def test_compute_gives_the_row_and_every_thumbnail(direction, mean):
    run = make_run()
    data = heads_data.compute(run, Selection(site=1, head=2, token=7, direction=direction, mean_heads=mean))
    for site, values in zip(run.model.sites, data.values, strict=True):
        whole = full_pattern(run, site)[0]
        rows_close(values, {"from": whole[:, 7], "to": whole[:, :, 7], "class": whole[:, 0]}[direction])
    mine = data.values[1]
    rows_close(data.row, mine.mean(axis=0) if mean else mine[2])
    assert data.tiles[1].values.shape == (4, 3, 5)
    rows_close(data.tiles[1].values[2].ravel(), mine[2][1:])
    assert data.highs[0] == pytest.approx(data.row[1:].max())
    assert data.highs[1] == pytest.approx(max(values[:, 1:].max() for values in data.values))
    assert data.grid == GRID


def test_without_a_token_it_gives_the_mean_over_queries():
    run = make_run()
    data = heads_data.compute(run, Selection(site=2, head=1))
    rows_close(data.row, full_pattern(run, run.model.sites[2])[0, 1].mean(axis=0))
    assert data.token is None


def test_a_selection_that_does_not_fit_the_run_is_made_to():
    run = make_run(prefix=0)
    data = heads_data.compute(run, Selection(site=9, head=99, token=999, direction="class", batch=4))
    assert (data.selection.site, data.selection.head, data.selection.batch) == (2, 3, 0)
    assert data.selection.direction == "from"
    assert data.token is None
    assert not data.classes


def test_what_is_not_computed_yet_is_nan_and_arrives(monkeypatch):
    monkeypatch.setattr(heads_data, "SLICE_SECONDS", 0)
    monkeypatch.setattr(row_sums, "BLOCK", 16 * 16)
    run = make_run()
    selection = Selection(site=1, head=2, token=7, direction="to")
    data = heads_data.compute(run, selection)
    assert not np.isnan(data.row).any()  # the chosen head comes first
    assert np.isnan(data.values[0]).all()
    assert "computing" in heads_text.extent(data)
    while data.work():
        pass
    data = data.again()
    assert data.work is None
    for site, values in zip(run.model.sites, data.values, strict=True):
        rows_close(values, full_pattern(run, site)[0, :, :, 7])


def test_a_text_too_long_for_a_matrix_gets_one_line(monkeypatch):
    monkeypatch.setattr(heads_data, "LARGEST_MATRIX", 8)
    data = heads_data.compute(make_run(image=False, grid=(1, 9), prefix=0), Selection(token=2))
    rows_close(data.matrix, data.row[None])


@pytest.mark.parametrize(
    ("grid", "names"),
    [
        (PatchGrid(2, 2), ()),
        (PatchGrid(2, 2, prefix=1), ("class",)),
        (PatchGrid(2, 2, prefix=2), ("class", "distillation")),
        (PatchGrid(2, 2, prefix=5), ("class", "register 1", "register 2", "register 3", "register 4")),
        (PatchGrid(2, 2, prefix=1, suffix=1), ("class", "special 1")),
    ],
)
def test_special_tokens_have_names(grid, names):
    assert heads_text.special_names(grid) == names


def test_a_guessed_grid_is_said():
    guessed = replace(heads_data.compute(make_run(), Selection()), grids=(replace(GRID, guessed=True),) * 3)
    assert "guessed" in heads_text.readout(guessed, None)
    assert "guessed" not in heads_text.readout(heads_data.compute(make_run(), Selection()), None)


def test_how_exact_the_numbers_are_is_said():
    assert "Recomputed" in heads_text.readout(heads_data.compute(make_run(), Selection()), None)
    assert "2.0e-07" in heads_text.readout(replace(heads_data.compute(make_run(), Selection()), error=2e-7), None)
    assert "own softmax" in heads_text.readout(replace(heads_data.compute(make_run(), Selection()), own=True), None)


def test_the_check_of_this_run_counts_more_than_that_of_the_model():
    run = make_run(sites=1)
    site = replace(run.model.sites[0], checked=1e-7)
    run = replace(run, model=replace(run.model, sites=(site,)))
    assert heads_data.compute(run, Selection()).error == 1e-7
    assert heads_data.compute(replace(run, errors={0: 3e-8}), Selection()).error == 3e-8
    assert heads_data.compute(replace(run, errors={0: float("nan")}), Selection()).error is None

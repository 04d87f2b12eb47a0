"""Maps and lines of positional encodings, against closed forms and against what real graphs hold."""

import pathlib

import numpy as np
import pytest

import engine
from engine import theory
from engine.grid import PatchGrid
from engine.messages import Message
from engine.model.description import PositionalEncoding
from engine.position_maps import (
    ReadTable,
    alibi_bias,
    angle_similarity,
    bias_by_offset,
    bias_of_buckets,
    bias_of_window,
    component_scores,
    offset_similarity,
    relative_of,
    similarity,
)
from engine.runtime.interventions import Positions
from engine.runtime.interventions.moves import moved
from engine.runtime.task import Context

GRAPHS = pathlib.Path(__file__).parents[1] / "conformance" / "graphs"


def opened(graph):
    return engine.open_model(GRAPHS / f"{graph}.onnx")


def test_sinusoids_of_512_dimensions_are_as_alike_as_their_offset_says():
    """Measured on the table itself, over all its pairs."""
    table = theory.sinusoidal(200, 512).astype(np.float32)
    found = offset_similarity(table)
    wanted = {0: 1, 1: 0.973, 2: 0.905, 5: 0.741, 10: 0.679, 50: 0.512}
    np.testing.assert_allclose([found[k] for k in wanted], list(wanted.values()), atol=6e-4)
    offsets = np.arange(200)
    np.testing.assert_allclose(found, theory.sinusoidal_similarity(offsets, 512), atol=1e-5)
    np.testing.assert_allclose(similarity(table)[20, 25], found[5], atol=1e-5)


def test_similarity_by_offset_is_the_mean_over_the_pairs():
    table = np.random.default_rng(0).standard_normal((13, 5)).astype(np.float32)
    every = similarity(table)
    wanted = [np.diagonal(every, offset).mean() for offset in range(13)]
    np.testing.assert_allclose(offset_similarity(table), wanted, atol=1e-6)
    np.testing.assert_allclose(np.diagonal(every), 1, atol=1e-6)
    np.testing.assert_array_equal(similarity(table, np.array([3, 7])), every[[3, 7]])
    assert not similarity(np.zeros((4, 3), np.float32)).any()


def test_scores_of_components_rebuild_a_table_of_few_directions():
    rng = np.random.default_rng(1)
    table = (rng.standard_normal((30, 2)) @ rng.standard_normal((2, 7)) + 4).astype(np.float32)
    scores, shares = component_scores(table, most=3)
    assert scores.shape == (3, 30)
    np.testing.assert_allclose(shares[:2].sum(), 1, atol=1e-5)
    centred = table - table.mean(0)
    np.testing.assert_allclose((scores**2).sum(0), (centred**2).sum(1), rtol=1e-3)


def test_turned_queries_and_keys_score_as_their_angles_differ():
    rates = theory.frequencies(16)
    angles = (np.arange(20)[:, None] * rates).astype(np.float32)
    found = angle_similarity(angles)
    np.testing.assert_allclose(found[4], theory.turned(np.arange(20) - 4, rates), atol=1e-5)
    two = np.array([0.3, 1.1])  # |S1| is 1, |S2| is 2 |cos(k (θ1 - θ2) / 2)|
    wanted = (1 + 2 * np.abs(np.cos(np.arange(9) * 0.4))) / 3
    np.testing.assert_allclose(theory.decay(np.arange(9), two), wanted)


def swin_index(rows, columns):
    """Relative position index as the authors of Swin wrote it: query minus key, rows first."""
    row, column = (axis.reshape(-1) for axis in np.mgrid[:rows, :columns])
    return (row[:, None] - row[None] + rows - 1) * (2 * columns - 1) + column[:, None] - column[None] + columns - 1


@pytest.mark.parametrize("extra", [0, 3])
def test_a_table_of_a_window_and_the_bias_made_of_it_say_the_same(extra):
    grid = PatchGrid(3, 4)
    table = np.random.default_rng(2).standard_normal((5 * 7 + extra, 2)).astype(np.float32)
    spread = table[swin_index(3, 4)].transpose(2, 0, 1)  # (head, query, key)
    a, b = bias_of_window(table, grid), bias_by_offset(spread, grid)
    assert a.centre == b.centre == (2, 3)
    assert b.spread < 1e-6
    np.testing.assert_allclose(a.values, b.values, atol=1e-6)
    query, key = 1 * 4 + 2, 2 * 4 + 0
    assert b.values[1, 2 + 1, 3 - 2] == pytest.approx(spread[1, query, key]), "one row down, two columns left"
    assert bias_of_window(table[:-1], grid) is None


@pytest.mark.parametrize("graph", ["hf_swin_eager_dyn18", "timm_swin_plain_dyn18", "timm_beit_plain_dyn18"])
def test_biases_of_real_windows_depend_on_the_offset_alone(graph):
    model = opened(graph)
    for found in model.positions:
        grid = model.description.tokens[found.sites[0]].queries
        shown = relative_of(found, found.table(), grid, causal=False)
        assert not shown.flat
        assert shown.values.shape == (model.sites[found.sites[0]].heads, 2 * grid.rows - 1, 2 * grid.columns - 1)
        assert shown.spread < 1e-4
        assert np.isfinite(shown.values).all()


def test_t5_says_the_same_as_a_table_of_buckets_and_as_the_bias_that_a_graph_holds():
    table = next(p for p in opened("hf_t5_sdpa_ts17_dynamic").positions).table()
    spread = next(p for p in opened("hf_t5_eager_dyn18").positions).table()  # (head, query, key)
    a, b = bias_of_buckets(table, 17, bidirectional=True), bias_by_offset(spread)
    assert a.flat
    assert a.centre == b.centre == (0, 17)
    np.testing.assert_allclose(a.values, b.values, atol=1e-5)


def test_hidden_keys_say_nothing_and_what_is_no_function_of_the_offset_is_told():
    table = np.zeros((1, 3, 3), np.float32)
    table[0, 0, 1], table[0, 1, 2], table[0, 0, 2] = 2.0, 4.0, -1e9
    found = bias_by_offset(table)
    np.testing.assert_array_equal(found.values[0, 0], [0, 0, 0, 3, np.nan])
    assert found.spread == pytest.approx(2)


def test_alibi_falls_evenly_with_distance():
    slopes = theory.alibi_slopes(8).astype(np.float32)
    found = alibi_bias(slopes, 10)
    np.testing.assert_allclose(found.values[:, 0, -4], -3 * slopes)
    assert found.centre == (0, 10)


def test_changed_tables_are_what_the_changed_model_adds():
    vit = opened("hf_vit_eager_dyn18")
    encoding = vit.positions[0]
    for edit in (Positions("shuffle", seed=2), Positions("shift", by=3), Positions("interpolate", grid=(2, 2))):
        changed = moved(encoding.table(), encoding, edit)
        np.testing.assert_array_equal(changed[: encoding.grid.prefix], encoding.table()[: encoding.grid.prefix])
        assert np.abs(changed - encoding.table()).max() > 1e-3
    assert not moved(encoding.table(), encoding, Positions("zero"))[encoding.grid.prefix :].any()


def test_a_table_that_is_part_of_a_longer_one_or_repeated_is_changed_where_it_lies():
    rows = np.random.default_rng(0).standard_normal((9, 4)).astype(np.float32)
    encoding = PositionalEncoding("learned", "p", (5, 4), Message.of("position-added"), values=rows[2:7])
    edit = Positions("shift", by=2)
    wanted = np.roll(rows[2:7], 2, axis=0)
    part = moved(rows, encoding, edit)
    np.testing.assert_array_equal(part[2:7], wanted)
    np.testing.assert_array_equal(part[[0, 1, 7, 8]], rows[[0, 1, 7, 8]])
    np.testing.assert_array_equal(moved(np.stack([rows[2:7]] * 3), encoding, edit), np.stack([wanted] * 3))
    np.testing.assert_array_equal(moved(rows[2:7].T[None], encoding, edit), wanted.T[None], "channels first")
    assert moved(np.ones((9, 4), np.float32), encoding, edit) is None


def test_a_table_is_read_by_its_place():
    vit = opened("hf_vit_eager_dyn18")
    np.testing.assert_array_equal(ReadTable(0).work(Context(vit)), vit.positions[0].table())
    with pytest.raises(engine.EngineError):
        ReadTable(7).work(Context(vit))

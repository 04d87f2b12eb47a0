"""Tokens folded, patterns as thumbnails and links, texts set in lines: what needs no window."""

import numpy as np
import pytest

from desktop_app import pattern_tiles
from desktop_app.masking import open_only
from desktop_app.pattern_tiles import PatternTiles
from desktop_app.selection import Selection
from desktop_app.token_folding import Fold, fold, fold_pattern
from desktop_app.token_lines import line_of, numbered, of_grid
from desktop_app.views import tokens_data
from desktop_app.views.tokens_data import Settings
from desktop_app.widgets.link_raster import link_pictures
from desktop_app.widgets.text_layout import leans_right, text_layout, visible
from engine.grid import PatchGrid
from tests.gui.texts import text_run
from tests.synthetic import full_pattern, make_run


def test_a_text_is_told_in_pieces_words_and_special_tokens():
    run = text_run()
    line = line_of(run, run.model.sites[0])
    assert line.pieces == ("El", "ga", "to", "duerme", "</s>")
    assert line.special == (False, False, False, False, True)
    assert line.joined == (False, False, True, False, False)
    assert line is line_of(run, run.model.sites[1], keys=True)


def test_patches_and_numbers_are_lines_too():
    line = of_grid(PatchGrid(2, 2, prefix=1))
    assert line.pieces == ("class", "(0, 0)", "(0, 1)", "(1, 0)", "(1, 1)")
    assert line.special[0]
    assert not any(line.special[1:])
    assert numbered(3).pieces == ("0", "1", "2")
    assert not numbered(3).has_pieces


def test_attention_to_a_word_is_the_sum_and_from_a_word_the_mean():
    run = text_run()
    line = line_of(run, run.model.sites[0])
    pattern = run.pattern(run.model.sites[0], batch=0, head=1)
    words = fold(line, Fold(words=True))
    assert words.line.pieces == ("El", "gato", "duerme", "</s>")
    out = fold_pattern(pattern, words, words, renormalised=False)
    np.testing.assert_allclose(out.sum(axis=1), 1, atol=1e-6)
    assert out[0, 1] == pytest.approx(pattern[0, 1] + pattern[0, 2], abs=1e-6)
    assert out[1, 0] == pytest.approx((pattern[1, 0] + pattern[2, 0]) / 2, abs=1e-6)
    assert words.tokens(1) == (1, 2)
    assert words.place(2) == 1


def test_special_tokens_are_left_out_and_rows_made_whole_again():
    run = text_run()
    line = line_of(run, run.model.sites[0])
    pattern = run.pattern(run.model.sites[0], batch=0, head=0)
    bare = fold(line, Fold("out"))
    assert len(bare.line) == 4
    assert bare.place(4) is None
    out = fold_pattern(pattern, bare, bare, renormalised=False)
    np.testing.assert_allclose(out, pattern[:4, :4], atol=1e-7)
    whole = fold_pattern(pattern, bare, bare, renormalised=True)
    np.testing.assert_allclose(whole, pattern[:4, :4] / pattern[:4, :4].sum(1, keepdims=True), atol=1e-6)


def test_nothing_but_special_tokens_stays():
    line = of_grid(PatchGrid(1, 1, prefix=1))
    assert len(fold(line, Fold("out")).line) == 1
    alone = fold(numbered(3), Fold("out", words=True))
    assert alone.whole


@pytest.mark.parametrize("combine", ["selected", "max", "subset"])
@pytest.mark.parametrize("direction", ["from", "to"])
def test_heads_are_combined_as_asked(combine, direction):
    run = text_run(sites=2)
    full = full_pattern(run, run.model.sites[1])[0]
    wanted = {"selected": full[2], "max": full.max(axis=0), "subset": full[[0, 3]].mean(axis=0)}[combine]
    data = tokens_data.compute(run, Selection(site=1, head=2, token=3, direction=direction))
    picture = data.picture(Settings(combine, frozenset({0, 3})))
    np.testing.assert_allclose(picture.matrix, wanted, atol=1e-6)
    np.testing.assert_allclose(picture.row, wanted[3] if direction == "from" else wanted[:, 3], atol=1e-6)
    assert picture.place == 3


@pytest.mark.parametrize("direction", ["from", "to"])
@pytest.mark.parametrize("mean", [False, True])
def test_a_long_text_gets_its_rows_without_a_matrix(monkeypatch, direction, mean):
    run = text_run(sites=2)
    data = tokens_data.compute(run, Selection(site=1, head=2, token=3, direction=direction, mean_heads=mean))
    short = data.picture(Settings(fold=Fold("out", renormalised=direction == "from")))
    monkeypatch.setattr(tokens_data, "LARGEST_MATRIX", 2)
    long = data.picture(Settings(fold=Fold("out", renormalised=direction == "from")))
    assert long.matrix is None
    np.testing.assert_allclose(long.row, short.row, atol=1e-6)


def test_dimmed_special_tokens_do_not_set_the_scale():
    run = text_run()
    data = tokens_data.compute(run, Selection(token=1))
    shown, dimmed = (data.picture(Settings(fold=Fold(kind))) for kind in ("shown", "dimmed"))
    assert shown.high == pytest.approx(float(shown.row.max()))
    assert dimmed.high == pytest.approx(float(dimmed.row[:4].max()))


def test_rows_of_every_head_follow_the_folding():
    run = text_run(sites=2)
    data = tokens_data.compute(run, Selection(site=1, token=1))
    tiles = data.rows(Settings(fold=Fold(words=True)))
    full = full_pattern(run, run.model.sites[0])[0]  # (head, query, key)
    wanted = (full[:, 1] + full[:, 2]) / 2
    np.testing.assert_allclose(tiles[0].values[:, 0, 1], wanted[:, 1] + wanted[:, 2], atol=1e-6)


def test_thumbnails_become_exact(monkeypatch):
    run = make_run(image=False, grid=(1, 120), prefix=0, sites=2, heads=3)
    made = PatternTiles(run, lambda site: tokens_data.folds(run, site, 0, Fold()), False, 0)
    monkeypatch.setattr(pattern_tiles, "AT_ONCE", 120 * 120)
    made.begin()
    assert not made.finished
    turns = 1
    while made.advance():
        turns += 1
    assert turns == 6
    for site, tile in zip(run.model.sites, made.tiles, strict=True):
        full = full_pattern(run, site)[0]
        assert tile.shape == (3, 40, 40)
        np.testing.assert_allclose(tile, full.reshape(3, 40, 3, 40, 3).max(axis=(2, 4)), atol=1e-6)


def test_small_patterns_are_exact_at_once():
    run = text_run()
    made = tokens_data.compute(run, Selection()).patterns(Settings())
    assert made.finished
    np.testing.assert_allclose(made.tiles[0], full_pattern(run, run.model.sites[0])[0], atol=1e-6)


def test_a_link_is_a_line_from_its_query_to_its_key():
    pattern = np.zeros((1, 4, 4), np.float32)
    pattern[0, 0, 3] = 0.7
    picture = link_pictures(pattern, 40)[0]
    assert picture[:, 0].argmax() == 5  # the middle of the first of four
    assert picture[:, -1].argmax() == 35
    assert picture[:, 20].argmax() in (20, 21)
    assert picture.max() == np.float32(0.7)


def test_lines_break_between_words_and_walk_up_and_down():
    layout = text_layout([30] * 6, [False, False, True, False, False, False], [False] * 6, 12, 130, mirrored=False)
    assert layout.firsts == (0, 3)
    assert layout.rects[2].left() - layout.rects[1].right() < 2
    assert layout.step(1, 0, 1) in (3, 4)
    assert layout.step(5, 1, 0) == 5
    assert layout.token_at(layout.rects[4].center()) == 4
    assert text_layout([], [], [], 12, 130, mirrored=False).token_at(layout.rects[0].center()) is None


def test_right_to_left_texts_begin_at_the_right():
    assert leans_right(["שלום", "a"])
    assert not leans_right(["the", "cat"])
    layout = text_layout([30] * 2, [False] * 2, [False] * 2, 12, 200, mirrored=True)
    assert layout.rects[0].left() > layout.rects[1].right()


@pytest.mark.parametrize(
    ("piece", "shown"), [(" the", "the"), ("\n", "⏎"), ("  ", "␣␣"), ("", "␣"), ("a\x00b", "a�b"), ("👩‍🚀", "👩‍🚀")]
)
def test_every_piece_leaves_ink(piece, shown):
    assert visible(piece) == shown


def test_masked_scores_do_not_set_the_scale():
    scores = np.array([1.5, -10000.0, -65504.0, np.finfo(np.float32).min, -8.0], np.float32)
    np.testing.assert_array_equal(np.isneginf(open_only(scores)), [False, True, True, True, False])

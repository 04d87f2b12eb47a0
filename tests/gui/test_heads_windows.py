"""Windowed attention in the Heads view: one points at patches of the whole photo, the window follows."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

import engine
from desktop_app.selection import Selection
from desktop_app.views import heads_data
from desktop_app.views.heads import HeadsView
from engine import attention
from engine.grid import on_image
from tests.conformance.references import Reference


@pytest.fixture(scope="module")
def run():
    case = Reference("timm_swin_plain_dyn18")  # 8 × 16 patches in windows of 4 × 4, every second layer shifted
    return engine.open_model(case.path).run(case.feeds)


@pytest.mark.parametrize("direction", ["from", "to"])
@pytest.mark.parametrize("site", [0, 1, 3])
def test_a_row_of_a_window_lies_where_the_window_lies(run, site, direction):
    place = run.model.sites[site]
    grid = attention.grid_of(run, place)
    batch, token = grid.on_site(grid.image_rows - 2, 3)
    data = heads_data.compute(run, Selection(site=site, head=1, token=token, batch=batch, direction=direction))
    assert (data.grid.rows, data.grid.columns) == (grid.image_rows, grid.image_columns)
    assert data.pointing == data.grid
    assert data.token == (grid.image_rows - 2) * grid.image_columns + 3
    whole = run.pattern(place, batch=batch, head=1)
    line = whole[token] if direction == "from" else whole[:, token]
    laid = data.row.reshape(grid.image_rows, grid.image_columns)
    np.testing.assert_allclose(laid, on_image(line, grid, batch), atol=1e-6)
    assert (~np.isnan(laid)).sum() == 16


def test_without_a_token_every_window_shows_its_mean(run):
    site = run.model.sites[1]
    grid = attention.grid_of(run, site)
    data = heads_data.compute(run, Selection(site=1, head=1))
    assert not np.isnan(data.row).any()
    means = run.pattern(site, head=1).mean(axis=1)  # (window, key)
    for window in range(grid.windows.count):
        laid = on_image(means[window], grid, window)
        known = ~np.isnan(laid)
        np.testing.assert_allclose(data.row.reshape(laid.shape)[known], laid[known], atol=1e-6)


def test_thumbnails_show_the_window_that_holds_the_place(run):
    first, second = run.model.sites[0], run.model.sites[1]
    batch, token = attention.grid_of(run, first).on_site(5, 9)
    data = heads_data.compute(run, Selection(site=0, token=token, batch=batch))
    there = attention.grid_of(run, second).on_site(5, 9)
    assert data.moves[:2] == ((batch, token), there)
    assert there != (batch, token)  # the second layer's windows are shifted
    np.testing.assert_allclose(data.values[1], run.pattern(second, batch=there[0], query=there[1]), atol=1e-6)


def test_pointing_at_the_photo_chooses_window_and_token(qtbot, run):
    view, asked = HeadsView(), []
    qtbot.addWidget(view)
    view.resize(1000, 700)
    view.selection_wanted.connect(lambda wanted: (asked.append(wanted), view.draw(view.compute(run, wanted))))
    view.draw(view.compute(run, Selection(site=1)))
    view.show()
    qtbot.waitExposed(view)
    grid, patch = attention.grid_of(run, run.model.sites[1]), 6 * 16 + 11
    centre = QPointF(view.canvas.tokens_layout().rect_of(patch).center()).toPoint()
    QTest.mouseMove(view.canvas, centre)
    assert (asked[-1].batch, asked[-1].token) == grid.on_site(6, 11)
    QTest.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=centre)
    assert asked[-1].pinned
    assert view.page.data.token == patch
    where = view.mosaic.place_of(0, 1).center()
    QTest.mouseClick(view.mosaic.viewport(), Qt.MouseButton.LeftButton, pos=where)
    before = attention.grid_of(run, run.model.sites[0])
    assert (asked[-1].batch, asked[-1].token) == before.on_site(6, 11)  # the same place in other windows
    assert view.page.data.token == patch
    QTest.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=centre)
    assert not asked[-1].pinned


def test_values_weigh_each_layer_in_the_window_that_is_shown(run):
    plain = heads_data.compute(run, Selection(site=0, head=1, token=5, batch=3, pinned=True))
    data = plain.weigh(plain, None)
    for site, move in zip(run.model.sites, plain.moves, strict=True):
        item, token = move
        norms = np.linalg.norm(run.value(site)[item], axis=-1)  # (head, key)
        wanted = run.pattern(site, batch=item, query=token) * norms
        np.testing.assert_allclose(data.values[site.index], wanted, atol=1e-6)

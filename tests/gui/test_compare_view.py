"""Side by side: what two models looked at on one photo, one model on two photos, and what differs."""

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import Qt

from desktop_app import i18n
from desktop_app.beside import Beside
from desktop_app.selection import Selection
from desktop_app.views import compare_data
from desktop_app.views.compare import CompareView
from engine import EngineError
from engine.comparison import Measure, Measured
from engine.evidence.cam import activation
from engine.rollout import rollout
from tests.gui.pairs import CNN, Host, keeping, pair

__all__ = ["pair"]


@pytest.fixture
def view(qtbot):
    made = CompareView()
    qtbot.addWidget(made)
    made.resize(960, 740)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_each_model_shows_what_it_looked_at_by_its_own_means(view, pair):
    Host(view, pair.vit_run, pair.cnn_run)
    first, second = view.looks()
    row = rollout(pair.vit_run, 0)
    np.testing.assert_allclose(first.values.reshape(-1), row[1:], atol=1e-6)
    np.testing.assert_array_equal(second.values, activation(pair.cnn_run).evidence.values)
    left, right = view.page.sides
    assert (left.name.text(), right.name.text()) == ("vit", "cnn")
    assert next(name for name, _ in right.bars.rows()) in pair.cnn_run.model.labels
    assert "“vit” beside “cnn”" in view.bar.said.text()


def test_a_chosen_head_is_shown_and_follows_the_selection(view, pair):
    host = Host(view, pair.vit_run, pair.cnn_run)
    view.page.sides[0].set_kind("head")
    site = pair.vit_run.model.sites[5]
    np.testing.assert_allclose(
        view.looks()[0].values.reshape(-1), pair.vit_run.pattern(site, batch=0, head=0, query=0)[1:]
    )
    host.select(Selection(site=2, head=3))
    site = pair.vit_run.model.sites[2]
    np.testing.assert_allclose(
        view.looks()[0].values.reshape(-1), pair.vit_run.pattern(site, batch=0, head=3, query=0)[1:]
    )
    assert "Layer 2, head 3" in view.page.sides[0].what.text()


def test_a_place_pinned_on_one_picture_is_marked_on_the_other_and_everywhere(view, pair):
    host = Host(view, pair.vit_run, pair.cnn_run)
    view.page.sides[1].canvas.clicked.emit(3 * 8 + 4)
    grid = view._data.first.grid
    assert (host.selection.token, host.selection.pinned) == (grid.token_at(3, 4), True)
    assert "(3, 4) of 8 × 8" in view.page.sides[0].number.text()
    assert "(3, 4) of 8 × 8" in view.page.sides[1].number.text()
    row = rollout(pair.vit_run, grid.token_at(3, 4))
    np.testing.assert_allclose(view.looks()[0].values.reshape(-1), row[1:], atol=1e-6)
    view.page.sides[1].canvas.clicked.emit(3 * 8 + 4)
    assert not host.selection.pinned
    assert "Largest" in view.page.sides[0].number.text()


def test_pointing_reads_both_without_pinning(view, pair):
    host = Host(view, pair.vit_run, pair.cnn_run)
    view.page.sides[0].canvas.hovered.emit(9)
    assert "(1, 1) of 8 × 8" in view.page.sides[1].number.text()
    assert host.selection.token is None
    view.page.sides[0].canvas.hovered.emit(None)
    assert "Largest" in view.page.sides[1].number.text()


def test_the_same_thing_is_found_on_the_photo_though_models_crop_it_differently(pair):
    here = compare_data.compute(pair.vit_run, None, Selection()).first
    wide = dataclasses.replace(here.image, region=(-0.5, 0.0, 1.5, 1.0))
    there = dataclasses.replace(here, image=wide)
    assert compare_data.across((0.5, 0.25), here, there, same_photo=True) == pytest.approx((0.5, 0.25))
    assert compare_data.across((0.0, 0.5), here, there, same_photo=True) == pytest.approx((0.25, 0.5))
    assert compare_data.across((0.1, 0.5), there, here, same_photo=True) is None
    assert compare_data.across((0.1, 0.5), there, here, same_photo=False) == (0.1, 0.5)


def test_two_photos_through_one_model_show_the_difference_of_their_patterns(view, pair):
    host = Host(view, pair.vit_run, pair.vit_elsewhere)
    assert view.page.difference.isVisible()
    first, second = view.looks()
    np.testing.assert_allclose(view.page.difference._values, (first.values - second.values).reshape(-1))
    site = pair.vit_run.model.sites[5]
    wanted = pair.vit_run.pattern(site, batch=0) - pair.vit_elsewhere.pattern(site, batch=0)
    np.testing.assert_allclose(view.page.mosaic._maps, wanted, atol=1e-6)
    query, key = np.unravel_index(int(np.abs(wanted[0]).argmax()), wanted[0].shape)
    assert f"query {query}, key {key}" in view.page.heads_said.text()
    view.page.mosaic.picked.emit(2)
    assert host.selection.head == 2
    assert view.page.sides[0].name.text() == "airplane.jpg"


def test_of_one_model_both_photos_show_the_same_kind(view, pair):
    Host(view, pair.vit_run, pair.vit_elsewhere)
    view.page.sides[1].set_kind("head")
    assert view.page.sides[0].kind() == "head"
    assert view.looks()[0].head == 0


def test_no_difference_is_shown_of_two_models(view, pair):
    Host(view, pair.vit_run, pair.cnn_run)
    assert not view.page.difference.isVisible()
    assert view.page.table.isVisible()


def test_facts_that_differ_are_told_and_costs_are_measured_as_a_task(view, pair):
    host = Host(view, pair.vit_run, pair.cnn_run)
    rows = {row[0]: row[1:] for row in view.page.table.rows()}
    assert rows["Made of"] == ("attention", "convolutions")
    assert rows["Parameters"] == ("460 916", "800 684")
    assert rows["Image"] == ("32 × 32 pixels", "32 × 32 pixels")
    assert rows["Time for an image, here"] == ("—", "—")
    view.page.measure.click()
    (task,) = host.tasks
    assert isinstance(task, Measure)
    assert task.other == pair.cnn_run.model.path
    assert view.page.task.isVisible()
    one = Measured("vit", 0.002, 0.001, 9, 25_000_000, 2_000_000)
    host.tell(task, state="running", done=9, total=20, partial=(one,))
    rows = {row[0]: row[1:] for row in view.page.table.rows()}
    assert rows["Time for an image, here"] == ("2 ms", "—")
    host.tell(task, state="done", result=(one, dataclasses.replace(one, model="cnn", memory=None)))
    rows = {row[0]: row[1:] for row in view.page.table.rows()}
    assert rows["Memory, here"] == ("25 MB", "—")
    assert view.settled


def test_another_pair_ends_what_is_measured(view, pair):
    host = Host(view, pair.vit_run, pair.cnn_run)
    view.page.measure.click()
    host.put(None)
    assert host.ended == host.tasks
    assert not view.page.task.isVisible()


def test_one_click_puts_the_bundled_partner_beside(view, pair, qtbot):
    host = Host(view, pair.vit_run)
    assert not view.page.sides[1].isVisible()
    assert view.bar.partner.isVisible()
    qtbot.mouseClick(view.bar.partner, Qt.MouseButton.LeftButton)
    assert host.beside == [Beside(model=str(CNN))]
    host.put(pair.cnn_run)
    assert not view.bar.partner.isVisible()
    view.bar.remove.click()
    assert host.beside[-1] is None


def test_menus_offer_other_bundled_models_and_images(view, pair):
    host = Host(view, pair.vit_run)
    view.bar.models.menu().aboutToShow.emit()
    titles = [action.text() for action in view.bar.models.menu().actions() if action.text()]
    assert any("CNN" in title for title in titles)
    assert not any(title.startswith("ViT") for title in titles)
    view.bar.photos.menu().aboutToShow.emit()
    view.bar.photos.menu().actions()[0].trigger()
    assert host.beside[-1].photo is not None


def test_maps_that_must_be_fetched_are_asked_for(pair):
    with pytest.raises(EngineError) as caught:
        CompareView.compute_pair(pair.vit_run, keeping(pair.cnn_run), Selection())
    assert caught.value.code == "not-in-run"


def test_a_model_with_nothing_to_show_at_once_says_so_kindly(view, pair):
    bare = dataclasses.replace(pair.cnn_run.model, head=None, convolutions=())
    Host(view, dataclasses.replace(pair.cnn_run, model=bare))
    assert view.looks() == (None, None)
    assert "see Class evidence" in view.page.sides[0].what.text()


def test_clearing_and_the_language(view, pair):
    host = Host(view, pair.vit_run, pair.cnn_run)
    english = view.page.sides[0].what.text()
    i18n.use("es")
    view.retranslate()
    assert view.page.sides[0].what.text() != english
    i18n.use("en")
    view.clear(dataclasses.replace(host.run.model, image_input=None))
    assert "does not look at images" in view.sentence.text()

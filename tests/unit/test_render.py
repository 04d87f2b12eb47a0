"""The figure: colours where the values are, on the photo where the model looked."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageFont

import engine
from engine.attention import attention_row, grid_of
from engine.errors import EngineError
from engine.images import lettering
from engine.images.lettering import lettered
from engine.images.load import photo_from_pixels
from engine.images.overlay import Look, colour_table, draw_picture
from engine.images.plan import ImagePlan
from engine.images.prepare import prepare
from engine.render import direction_words, render_head

GRAPHS = Path(__file__).parent.parent / "conformance" / "graphs"
LOOK = Look(opacity=1.0, grid=False, side=120)


def _prepared(rows, columns, plan):
    return prepare(photo_from_pixels(np.full((rows, columns, 3), 255, np.uint8), "white.png"), plan)


def test_colour_tables():
    table = colour_table("viridis")
    assert table.shape == (256, 3)
    assert table[0].tolist() == [68, 1, 84]
    assert table[255].tolist() == [253, 231, 37]
    with pytest.raises(EngineError, match="no colour map called “nonsense”"):
        colour_table("nonsense")


def test_every_patch_has_its_colour_in_its_place():
    values = np.arange(6, dtype=np.float32).reshape(2, 3) / 10
    picture = draw_picture(_prepared(40, 60, ImagePlan((8, 12))), values, 0.5, LOOK)
    assert picture.size == (120, 80)
    table = colour_table("viridis")
    for row in range(2):
        for column in range(3):
            pixel = picture.getpixel((column * 40 + 20, row * 40 + 20))
            assert pixel == tuple(table[round(values[row, column] / 0.5 * 255)])


def test_opacity_blends_and_nan_counts_as_nothing():
    values = np.array([[1.0, np.nan]], np.float32)
    prepared = _prepared(10, 20, ImagePlan((10, 20)))
    half = draw_picture(prepared, values, 1.0, replace(LOOK, opacity=0.5))
    table = colour_table("viridis").astype(int)
    assert np.abs(np.array(half.getpixel((10, 10))) - (table[255] + 255) // 2).max() <= 1
    assert np.abs(np.array(half.getpixel((100, 10))) - (table[0] + 255) // 2).max() <= 1
    clear = draw_picture(prepared, values, 1.0, replace(LOOK, opacity=0.0))
    assert set(clear.getdata() if not hasattr(clear, "get_flattened_data") else clear.get_flattened_data()) == {
        (255, 255, 255)
    }


def test_what_a_crop_hides_stays_a_photo():
    plan = ImagePlan((10, 10), "shortest edge", crop=(10, 10))  # sees the middle half of a photo twice as wide
    picture = draw_picture(_prepared(30, 60, plan), np.ones((1, 1), np.float32), 1.0, LOOK)
    assert picture.getpixel((10, 30)) == (255, 255, 255)
    assert picture.getpixel((60, 30)) == (253, 231, 37)
    assert picture.getpixel((110, 30)) == (255, 255, 255)


def test_padding_is_shown_beside_the_photo():
    plan = ImagePlan((10, 10), "fit and pad")
    picture = draw_picture(_prepared(30, 60, plan), np.ones((1, 1), np.float32), 1.0, replace(LOOK, opacity=0.0))
    assert picture.size == (120, 120)
    assert picture.getpixel((60, 10)) == (232, 232, 236)
    assert picture.getpixel((60, 60)) == (255, 255, 255)


def test_the_patch_pointed_at_is_framed():
    values = np.zeros((3, 3), np.float32)
    prepared = _prepared(30, 30, ImagePlan((9, 9)))
    plain, framed = (draw_picture(prepared, values, 1.0, LOOK, mark) for mark in (None, (1, 2)))
    box = ImageChops.difference(plain, framed).getbbox()
    assert box == pytest.approx((80, 40, 120, 80), abs=1)


@pytest.fixture(scope="module")
def run():
    model = engine.open_model(GRAPHS / "hf_vit_sdpa_ts17_dynamic.onnx")  # 16 × 24 pixels in patches of 4 × 4
    rng = np.random.default_rng(3)
    photo = photo_from_pixels(rng.integers(0, 255, (64, 96, 3), np.uint8), "noise.png")
    return model.run_image(prepare(photo, model.description.image_plan))


@pytest.mark.parametrize("direction", ["from", "to", "class"])
@pytest.mark.parametrize("mean", [False, True])
def test_the_brightest_patch_of_a_real_run(run, direction, mean):
    site = run.model.sites[1]
    look = Look(colormap="gray", opacity=1.0, grid=False, side=240)
    figure = render_head(run, site, 2, 9, direction, mean_heads=mean, look=look)
    grid = grid_of(run, site)
    assert (grid.rows, grid.columns, grid.prefix) == (4, 6, 1)
    row = attention_row(run, site, 2, 9, direction, mean_heads=mean)
    patches = row[1:].reshape(4, 6) / row.max()
    shown = np.asarray(figure.convert("L"), float)[82 : 82 + 160, 24 : 24 + 240]
    centres = shown.reshape(4, 40, 6, 40)[:, 14:26, :, 14:26].mean((1, 3)) / 255
    assert np.abs(centres - patches).max() < 0.01


def test_heads_sites_and_directions_give_different_figures(run):
    first, second = run.model.sites
    figures = [
        render_head(run, site, head, 9, direction).tobytes()
        for site in (first, second)
        for head in range(3)
        for direction in ("from", "to")
    ]
    assert len(set(figures)) == 12


def test_words(run):
    grid = grid_of(run, run.model.sites[0])
    assert direction_words("from", 9, grid) == "from patch 1,2 (token 9)"
    assert direction_words("to", 0, grid) == "to token 0"
    assert direction_words("class", 0, grid) == "from the class token (0)"
    assert direction_words("from", 7, None) == "from token 7"


def test_a_run_without_a_photo_is_refused(run):
    with pytest.raises(EngineError) as caught:
        render_head(replace(run, image=None), run.model.sites[0], 0, 0)
    assert caught.value.code == "no-photo"


def test_long_names_stay_on_the_paper(run):
    model = replace(run.model, name="m" * 300, labels=("ñandú de la pampa argentina " * 9,) * 7)
    figure = render_head(replace(run, model=model), run.model.sites[0], 0, 3, look=Look(side=200))
    assert figure.width < 500
    edge = figure.crop((figure.width - 8, 0, figure.width, figure.height))
    assert Image.new("RGB", edge.size, (255, 255, 255)).tobytes() == edge.tobytes()


def test_letters_that_the_built_in_font_lacks(monkeypatch):
    assert lettered("plain words, 51.4 %", 14)[0] == "plain words, 51.4 %"
    monkeypatch.setattr(lettering, "_system_font", lambda size: None)
    assert lettered("pingüino ñandú 犬", 14)[0] == "pinguino nandu ?"
    one = ImageFont.load_default(14)
    monkeypatch.setattr(lettering, "_system_font", lambda size: one)
    assert lettered("pingüino", 14) == ("pingüino", one)

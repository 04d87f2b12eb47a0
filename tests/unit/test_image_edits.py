"""What-ifs on the image, and on tables of positions: the model sees exactly what is said."""

import pathlib
from dataclasses import replace

import numpy as np
import pytest

import engine
from engine import EngineError
from engine.images import perturb
from engine.images.plan import ImagePlan, Photo
from engine.images.prepare import prepare
from engine.images.seen import seen
from engine.runtime.interventions import (
    BlurImage,
    DropPatches,
    HeadsOff,
    HidePatches,
    MovePatches,
    Positions,
    ShiftImage,
    ShufflePatches,
)
from engine.runtime.interventions.images import seen_image
from engine.theory import resampled

ROOT = pathlib.Path(__file__).parents[2]
GRAPHS = ROOT / "tests" / "conformance" / "graphs"
PIXELS = np.load(ROOT / "tests" / "reference" / "interventions.npz")["pixel_values"]
PHOTO = Photo(np.random.default_rng(0).integers(0, 256, (90, 70, 3), np.uint8), "noise.png", (90, 70))


@pytest.fixture(scope="module")
def vit():
    return engine.open_model(GRAPHS / "hf_vit_eager_dyn18.onnx")


@pytest.fixture(scope="module")
def cnn():
    return engine.open_model(ROOT / "assets" / "models" / "cnn")


def logits(model, pixels=PIXELS):
    return next(iter(model.run({model.description.image_input: pixels}).outputs.values()))


GRID = (2, 2)
CHANGES = {
    "hidden": (HidePatches(GRID, (1,)), lambda p: perturb.hidden(p, GRID, [1])),
    "dropped": (DropPatches(GRID, 0.5, 3), lambda p: perturb.dropped(p, GRID, 0.5, 3)),
    "moved": (MovePatches(GRID, (1, 0, 2, 3)), lambda p: perturb.permuted(p, GRID, (1, 0, 2, 3))),
    "shuffled": (ShufflePatches(GRID, 3), lambda p: perturb.shuffled(p, GRID, 3)),
    "shifted": (ShiftImage(2, -1), lambda p: perturb.shifted(p, 2, -1)),
    "blurred": (BlurImage(1.5), lambda p: perturb.blurred(p, 1.5)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_changed_model_sees_the_changed_image(vit, name):
    edit, change = CHANGES[name]
    wanted = logits(vit, change(PIXELS))
    assert np.abs(wanted - logits(vit)).max() > 1e-4, "the model must tell the difference"
    np.testing.assert_allclose(logits(vit.intervene(edit)), wanted, atol=1e-6)


@pytest.mark.parametrize("name", CHANGES)
def test_models_without_attention_are_shown_a_changed_image_too(cnn, name):
    edit, change = CHANGES[name]
    image = prepare(PHOTO, cnn.description.image_plan)
    changed = cnn.intervene(edit).run_image(image)
    wanted = logits(cnn, change(image.tensor))
    np.testing.assert_allclose(next(iter(changed.outputs.values())), wanted, atol=1e-5)
    np.testing.assert_array_equal(changed.inputs[cnn.description.image_input], image.tensor)
    layer = cnn.convolutions[0]
    plain = cnn.run_image(image)
    assert np.abs(changed.feature_maps(layer) - plain.feature_maps(layer)).max() > 1e-4


def test_changes_of_image_and_graph_compose_in_the_order_given(vit):
    first, graph, last = ShiftImage(3, 0), HeadsOff(1, (0,)), HidePatches(GRID, (0,))
    changed = vit.intervene(first).intervene(graph, last)
    assert changed.edits == (first, graph, last)
    pixels = perturb.hidden(perturb.shifted(PIXELS, 3, 0), GRID, [0])
    np.testing.assert_allclose(logits(changed), logits(vit.intervene(graph), pixels), atol=1e-6)
    texts = [edit.message().text() for edit in changed.edits]
    assert texts == ["image: shifted 3 px right, 0 px down", "layer 1: head 0 off", "image: patch 0 blank"]


def test_a_changed_image_needs_no_session_of_its_own(vit):
    off = vit.intervene(HeadsOff(0, (1,)))
    assert vit.intervene(BlurImage(1))._session is vit._session
    assert off.intervene(BlurImage(1))._session is off._session
    assert vit.intervene(BlurImage(2), HeadsOff(0, (1,)))._session is off._session
    assert off._session is not vit._session


def test_image_channels_may_lie_last():
    plan = ImagePlan((8, 8), layout="NHWC")
    tensor = np.random.default_rng(0).random((1, 8, 8, 3), np.float32)
    from engine.runtime.interventions.images import changed_tensor

    out = changed_tensor(tensor, plan, [HidePatches((2, 2), (3,))])
    assert not out[0, 4:, 4:].any()
    np.testing.assert_array_equal(out[0, :4], tensor[0, :4])


@pytest.mark.parametrize(
    "plan",
    [
        ImagePlan((32, 24), mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225)),
        ImagePlan((32, 24), layout="NHWC", bgr=True),
        ImagePlan((32, 24), rescale=1.0, mean=(0.0,) * 3, std=(1.0,) * 3, dtype="uint8"),
    ],
    ids=["normalised", "reversed", "bytes"],
)
def test_a_prepared_image_is_turned_back_into_its_pixels(plan):
    wanted = prepare(PHOTO, replace(plan, rescale=1.0, mean=(0.0,) * 3, std=(1.0,) * 3, layout="NHWC", bgr=False))
    np.testing.assert_array_equal(seen(prepare(PHOTO, plan).tensor, plan), wanted.tensor[0].astype(np.uint8))


def test_what_a_changed_model_saw_is_a_picture_and_an_unchanged_one_saw_the_photo(cnn):
    image = prepare(PHOTO, cnn.description.image_plan)
    assert seen_image(cnn.run_image(image)) is image
    changed = seen_image(cnn.intervene(HidePatches((2, 2), (0, 1, 2, 3))).run_image(image))
    assert np.ptp(changed.photo.pixels.reshape(-1, 3), axis=0).max() == 0
    assert changed.region == (0, 0, 1, 1)


def test_a_text_model_has_no_image_to_change():
    bert = engine.open_model(GRAPHS / "hf_bert_eager_dyn18.onnx")
    with pytest.raises(EngineError, match="takes no image"):
        bert.intervene(BlurImage(1))


def test_an_image_that_cannot_be_cut_is_refused_in_a_sentence(vit):
    with pytest.raises(EngineError, match="cannot be cut into the patches"):
        logits(vit.intervene(HidePatches((999, 999), (0,))))


def test_resampled_positions_are_those_of_torch():
    """torch 2.13: interpolate(table, size, mode="bicubic", antialias=True)."""
    table = (np.arange(12.0) ** 2 / 10).reshape(12, 1)
    np.testing.assert_allclose(resampled(table, (3, 4), (2, 2))[:, 0], [0.573, 1.5736, 5.6383, 8.6559], atol=1e-4)
    wide = resampled(table, (3, 4), (5, 6))[:, 0]
    np.testing.assert_allclose(wide[:6], [-0.1234, -0.1162, -0.0551, 0.1047, 0.4053, 0.627], atol=1e-4)
    np.testing.assert_array_equal(resampled(table, (3, 4), (3, 4)), table.astype(np.float32))


def test_positions_resampled_to_their_own_grid_change_nothing_and_to_another_something(vit):
    grid = vit.positions[0].grid
    same = vit.intervene(Positions("interpolate", grid=(grid.rows, grid.columns)))
    np.testing.assert_allclose(logits(same), logits(vit), atol=1e-6)
    other = vit.intervene(Positions("interpolate", grid=(1, 1)))
    assert np.abs(logits(other) - logits(vit)).max() > 1e-4
    assert other.edits[0].message().text() == "positions resampled to 1 and back"


ZERO = ["hf_t5_sdpa_ts17_dynamic", "hf_bloom_eager_ts17", "timm_swin_plain_dyn18", "hf_gpt2_eager_ts17_dynamic"]


MADE = ["hf_detr_eager_dyn18", "hf_bert_types_sdpa_ts14", "timm_xcit_dyn18", "int8_qdq_vit", "hf_dinov2_eager_ts17"]
"""Graphs that make their table of weights by operators, cut it out of a longer one, or repeat it."""


@pytest.mark.parametrize("graph", [*ZERO, *MADE, "hf_mae_sdpa_ts17", "timm_beit_plain_dyn18"])
def test_positions_of_other_kinds_can_be_zero_as_well(graph):
    model = engine.open_model(GRAPHS / f"{graph}.onnx")
    arrays = np.load(GRAPHS / f"{graph}.npz")
    feeds = {name[6:]: arrays[name] for name in arrays.files if name.startswith("input.")}
    name = model.outputs[0].name
    plain, zero = (m.run(feeds).outputs[name] for m in (model, model.intervene(Positions("zero"))))
    assert np.isfinite(zero).all()
    assert np.abs(plain - zero).max() > 1e-5

"""How tokens lie on the image: read off the graphs themselves, windows, special tokens, other sizes."""

from dataclasses import replace

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

import engine
from engine.grid import PatchGrid, no_grid_reason, on_image, patch_grid, token_input
from tests.conformance.references import Reference, known_gaps, references
from tests.synthetic import make_run

GAPS = known_gaps()
WITH_GRID = [case for case in references() if "grid" in case.meta and "xcit" not in case.name and case.name not in GAPS]


def run_of(name):
    case = Reference(name)
    return engine.open_model(case.path).run(case.feeds)


@pytest.mark.parametrize("case", WITH_GRID, ids=lambda case: case.name)
def test_the_first_site_lies_as_the_network_was_built(case):
    run = engine.open_model(case.path).run(case.feeds)
    site = run.model.sites[0]
    grid = patch_grid(run, site)
    assert [grid.image_rows, grid.image_columns] == case.meta["grid"]
    assert grid.prefix == case.meta.get("prefix", 0)
    assert not grid.guessed
    batch, _, queries, _ = run.pattern_shape(site)
    assert grid.tokens == queries
    assert grid.images(batch) == len(case.feeds[run.model.image_input])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("timm_deit_fused_ts17", ("class", "distillation")),
        ("hf_dinov2reg_eager_ts17", ("class", "register", "register", "register")),
        ("timm_vit_reg_plain_ts17_dynamic", ("class", *["register"] * 4)),
        ("timm_eva02_registers_dyn25", ("class", *["register"] * 3)),
        ("hf_vit_eager_ts11_unfolded_dynamic", ("class",)),
        ("timm_vit_gap_fused_dyn25", ()),
    ],
)
def test_special_tokens_by_what_they_are(name, expected):
    run = run_of(name)
    assert patch_grid(run, run.model.sites[-1]).special == expected


@pytest.mark.parametrize(
    ("name", "queries", "keys"),
    [
        ("timm_pvtv2_plain_ts17", [(8, 12), (4, 6), (4, 6), (2, 3)], [(2, 3)] * 4),
        ("timm_mvitv2_class_ts17", [(8, 8), (4, 4), (4, 4)], [(4, 4), (8, 8), (4, 4)]),
        ("timm_levit_ts14", [(4, 6), (2, 3), (2, 3), (2, 3)], [(4, 6), (4, 6), (2, 3), (2, 3)]),
        ("timm_crossvit_dyn18", [(6, 6), (4, 4), (4, 4), None, None], [(6, 6), (4, 4), (4, 4), (4, 4), (6, 6)]),
        ("timm_vit_map_plain_dyn18", [(4, 6), (4, 6), None], [(4, 6)] * 3),
    ],
)
def test_stages_and_reduced_keys_have_grids_of_their_own(name, queries, keys):
    run = run_of(name)
    for keyed, expected in ((False, queries), (True, keys)):
        found = [patch_grid(run, site, keys=keyed) for site in run.model.sites]
        assert [None if g is None else (g.rows, g.columns) for g in found] == expected


def places(grid, batch):
    return [[grid.on_image(token, item) for token in range(grid.tokens)] for item in range(batch)]


@pytest.mark.parametrize("name", ["timm_swin_fused_ts17", "timm_swin_plain_dyn18"])
def test_swin_windows_lie_where_the_paper_puts_them(name):
    run = run_of(name)
    for index, (rows, columns, shift) in enumerate([(8, 16, 0), (8, 16, 2), (4, 8, 0)]):
        grid = patch_grid(run, run.model.sites[index])
        assert (grid.rows, grid.columns, grid.windows.count) == (4, 4, rows * columns // 16)
        image = np.roll(np.arange(rows * columns).reshape(rows, columns), (-shift, -shift), (0, 1))
        cut = image.reshape(rows // 4, 4, columns // 4, 4).swapaxes(1, 2).reshape(-1, 16)
        expected = [[divmod(int(n), columns) for n in window] for window in cut]
        assert places(grid, len(cut)) == expected
        assert grid.windows.shift == (shift, shift)


def test_swin_windows_too_small_to_shift_downwards():
    run = run_of("timm_swin_plain_dyn18")
    assert patch_grid(run, run.model.sites[3]).windows.shift == (0, 2)  # one window high, two across


def test_windows_of_the_second_image_of_a_batch():
    run = run_of("timm_swin_plain_dyn18")
    grid = patch_grid(run, run.model.sites[0])
    assert run.pattern_shape(run.model.sites[0])[0] == 2 * grid.windows.count
    assert grid.on_image(5, 3) == grid.on_image(5, 3 + grid.windows.count)
    assert grid.on_site(*grid.on_image(5, 3), image=1) == (3 + grid.windows.count, 5)


def test_numbers_of_a_window_laid_on_the_image():
    run = run_of("timm_swin_plain_dyn18")
    grid = patch_grid(run, run.model.sites[1])
    values = np.arange(16, dtype=np.float32)
    laid = on_image(values, grid, 7)
    assert laid.shape == (8, 16)
    assert sorted(laid[~np.isnan(laid)]) == list(values)
    assert all(laid[grid.on_image(token, 7)] == token for token in range(16))
    whole = patch_grid(run_of("timm_vit_plain_ts14"), run_of("timm_vit_plain_ts14").model.sites[0])
    np.testing.assert_array_equal(on_image(np.arange(25, dtype=np.float32), whole), np.arange(1, 25).reshape(4, 6))


def test_maxvit_grids_are_spread_over_the_image():
    run = run_of("timm_maxvit_plain_dyn18")
    block, spread = (patch_grid(run, site) for site in run.model.sites[:2])
    assert block.windows.stride == (1, 1)
    assert places(block, 4)[0] == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
    assert spread.windows.stride == (2, 2)
    assert places(spread, 4)[1] == [(0, 1), (0, 3), (0, 5), (2, 1), (2, 3), (2, 5)]


@pytest.mark.parametrize("name", ["timm_sam_plain_dyn18", "timm_sam_fused_ts17"])
def test_padding_of_windows_is_no_place(name):
    run = run_of(name)
    grid = patch_grid(run, run.model.sites[0])
    assert (grid.rows, grid.columns, grid.windows.rows, grid.windows.columns) == (4, 4, 2, 2)
    assert grid.on_image(1, 1) == (0, 5)
    assert grid.on_image(2, 1) is None
    assert sum(place is not None for window in places(grid, 4) for place in window) == 36
    whole = patch_grid(run, run.model.sites[1])
    assert whole.windows is None
    assert (whole.rows, whole.columns) == (6, 6)


def test_every_patch_of_the_image_is_found_again():
    for name in ("timm_swinv2_dyn18", "timm_twins_plain_dyn18", "timm_mobilevit_dyn18", "timm_vit_plain_dyn25"):
        run = run_of(name)
        grid = patch_grid(run, run.model.sites[0])
        for row in range(grid.image_rows):
            for column in range(grid.image_columns):
                batch, token = grid.on_site(row, column)
                assert grid.on_image(token, batch) == (row, column)


def test_channels_that_attend_to_channels_are_not_on_the_image():
    run = run_of("timm_xcit_dyn18")
    site = run.model.sites[0]
    assert patch_grid(run, site) is None
    assert no_grid_reason(run, site).code == "grid-not-on-image"
    assert patch_grid(run, run.model.sites[2], keys=True) == PatchGrid(4, 6, prefix=1, special=("class",))


@pytest.mark.parametrize(
    ("name", "queries", "keys"),
    [
        ("hf_gpt2_sdpa_ts17_dynamic", ["input_ids"] * 2, ["input_ids"] * 2),
        ("hf_t5_eager_dyn18", None, {"input_ids", "decoder_input_ids"}),
    ],
)
def test_text_tokens_say_which_input_they_came_from(name, queries, keys):
    run = run_of(name)
    sides = [[token_input(run, site, keys=k) for site in run.model.sites] for k in (False, True)]
    if queries is not None:
        assert sides == [queries, keys]
    else:
        cross = [s.index for s in run.model.sites if s.kind == "cross"]
        assert {sides[0][i] for i in cross} == {"decoder_input_ids"}
        assert {sides[1][i] for i in cross} == {"input_ids"}
    assert no_grid_reason(run, run.model.sites[0]).code == "grid-no-image"


def test_the_users_own_grid_is_taken_where_it_fits():
    run = make_run(grid=(3, 5))
    site = run.model.sites[0]
    own = PatchGrid(5, 3, prefix=1)
    assert patch_grid(run, site, override=own) == own
    assert patch_grid(run, site, override=PatchGrid(4, 5)) == patch_grid(run, site)


def test_a_grid_known_by_the_number_of_tokens_alone_says_so():
    run = make_run(grid=(4, 4), patch=4)
    site = run.model.sites[0]
    assert not patch_grid(run, site).guessed
    blind = replace(run, model=replace(run.model, convolutions=()))
    assert patch_grid(blind, site) == PatchGrid(4, 4, prefix=1, guessed=True)


def open_size_model(path):
    """One head over the 4 × 4 patches of an image of any size."""
    rng = np.random.default_rng(0)
    weights = {"kernel": (8, 3, 4, 4), "wq": (8, 8), "wk": (8, 8), "wv": (8, 8)}
    tensors = [numpy_helper.from_array(rng.standard_normal(s).astype(np.float32), n) for n, s in weights.items()]
    tensors.append(numpy_helper.from_array(np.array([0, 8, -1], np.int64), "flat"))
    nodes = [
        helper.make_node("Conv", ["pixels", "kernel"], ["patches"], strides=[4, 4], kernel_shape=[4, 4]),
        helper.make_node("Reshape", ["patches", "flat"], ["lines"]),
        helper.make_node("Transpose", ["lines"], ["x"], perm=[0, 2, 1]),
        *(helper.make_node("MatMul", ["x", f"w{c}"], [c]) for c in "qkv"),
        helper.make_node("Transpose", ["k"], ["kt"], perm=[0, 2, 1]),
        helper.make_node("MatMul", ["q", "kt"], ["scores"]),
        helper.make_node("Softmax", ["scores"], ["p"], axis=-1),
        helper.make_node("MatMul", ["p", "v"], ["out"]),
    ]
    pixels = helper.make_tensor_value_info("pixels", TensorProto.FLOAT, [1, 3, "height", "width"])
    out = helper.make_tensor_value_info("out", TensorProto.FLOAT, [1, None, 8])
    graph = helper.make_graph(nodes, "any size", [pixels], [out], tensors)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10), path)


def test_images_of_another_size_have_grids_of_their_own(tmp_path):
    open_size_model(tmp_path / "model.onnx")
    model = engine.open_model(tmp_path / "model.onnx")
    for rows, columns in ((8, 12), (16, 8), (12, 12)):
        run = model.run({"pixels": np.zeros((1, 3, rows * 4, columns * 4), np.float32)})
        assert patch_grid(run, run.model.sites[0]) == PatchGrid(rows, columns)


def test_tokens_of_two_images_lie_on_either(tmp_path):
    """A tracker: patches of a template, then those of the place that is searched."""
    text = """<ir_version: 9, opset_import: ["" : 17]> tracker
      (float[1, 3, 32, 16] template, float[1, 3, 32, 48] search) => (float[1, 16, 6] y) {
      a = Conv<strides=[8, 8], kernel_shape=[8, 8]>(template, w)
      b = Conv<strides=[8, 8], kernel_shape=[8, 8]>(search, w)
      a1 = Reshape(a, flat)  b1 = Reshape(b, flat)
      a2 = Transpose<perm=[0, 2, 1]>(a1)  b2 = Transpose<perm=[0, 2, 1]>(b1)
      x = Concat<axis=1>(class, a2, b2)
      k = Transpose<perm=[0, 2, 1]>(x)
      s = MatMul(x, k)
      p = Softmax(s)
      y = MatMul(p, x)
    }"""
    model = onnx.parser.parse_model(text)
    rng = np.random.default_rng(0)
    weights = {
        "w": rng.standard_normal((6, 3, 8, 8), np.float32),
        "flat": np.array([1, 6, -1]),
        "class": rng.standard_normal((1, 1, 6), np.float32),
    }
    model.graph.initializer.extend(onnx.numpy_helper.from_array(value, name) for name, value in weights.items())
    onnx.save(model, tmp_path / "tracker.onnx")
    opened = engine.open_model(tmp_path / "tracker.onnx")
    run = opened.run({name: rng.standard_normal((1, 3, 32, n)) for name, n in (("template", 16), ("search", 48))})
    site = opened.sites[0]
    template, search = (patch_grid(run, site, image=name) for name in ("template", "search"))
    assert (template.rows, template.columns, template.prefix, template.suffix) == (4, 2, 1, 24)
    assert (search.rows, search.columns, search.prefix, search.suffix) == (4, 6, 9, 0)
    assert template.special == ("class", *["other"] * 24)
    assert search.special == ("class", *["other"] * 8)
    assert patch_grid(run, site) is None
    assert no_grid_reason(run, site).text() == "These tokens lie on several images: template, search."


@pytest.mark.parametrize("name", ["hf_mae_sdpa_ts17", "hf_mae_eager_dyn18"])
def test_patches_that_an_input_picks_are_not_guessed_to_be_a_grid(name):
    """A masked autoencoder: its encoder sees half of the patches in random order, its decoder all of them again."""
    run = run_of(name)
    encoder, decoder = run.model.sites[0], run.model.sites[-1]
    assert patch_grid(run, encoder) is None
    assert "“noise”" in no_grid_reason(run, encoder).text()
    grid = patch_grid(run, decoder)
    assert (grid.rows, grid.columns, grid.prefix, grid.guessed) == (4, 4, 1, False)

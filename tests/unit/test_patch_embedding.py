"""Filters of patch embeddings and norms of tokens, against the graph's own arithmetic."""

import pathlib

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

import engine
from engine import EngineError
from engine.images.plan import Photo
from engine.images.prepare import prepare
from engine.model.weights import weights_of
from engine.patch_filters import patch_filters, principal_components
from engine.pipeline import gather, run_on
from engine.runtime.interventions import BlurImage
from engine.token_norms import LayerNorms, token_norms

GRAPHS = pathlib.Path(__file__).parents[1] / "conformance" / "graphs"


def ran(graph):
    model = engine.open_model(GRAPHS / f"{graph}.onnx")
    arrays = np.load(GRAPHS / f"{graph}.npz")
    return model, model.run({name[6:]: arrays[name] for name in arrays.files if name.startswith("input.")})


def test_components_are_the_directions_of_a_known_cloud():
    rng = np.random.default_rng(0)
    directions = np.linalg.qr(rng.standard_normal((12, 12)))[0][:2]
    cloud = rng.standard_normal((500, 2)) * [5.0, 1.0] @ directions + 3.0
    found, shares = principal_components(cloud.reshape(500, 3, 2, 2).astype(np.float32), most=3)
    assert found.shape == (3, 3, 2, 2)
    np.testing.assert_allclose(np.abs(found[:2].reshape(2, 12) @ directions.T), np.eye(2), atol=0.05)
    np.testing.assert_allclose(shares, [25 / 26, 1 / 26, 0], atol=0.02)
    assert (found.reshape(3, -1).max(1) >= np.abs(found.reshape(3, -1)).max(1) - 1e-6).all(), "the sign is settled"


def test_a_convolution_that_makes_the_tokens_is_read_as_it_stands_in_the_file():
    path = GRAPHS / "hf_vit_eager_dyn18.onnx"
    found = patch_filters(engine.open_model(path))
    stored = {t.name: numpy_helper.to_array(t) for t in onnx.load(path).graph.initializer}
    np.testing.assert_array_equal(found.filters, stored[found.name])
    assert (found.kind, found.whole) == ("convolution", True)
    assert found.shares.sum() == pytest.approx(1, abs=1e-5)
    assert patch_filters(engine.open_model(GRAPHS / "timm_levit_ts14.onnx")).whole is False


@pytest.mark.parametrize("order", [(0, 2, 4, 3, 5, 1), (0, 2, 4, 1, 3, 5)], ids=["channels last", "channels first"])
def test_a_linear_embedding_of_unfolded_patches_is_laid_out_as_its_pixels_lie(tmp_path, order):
    """Patches of 2 × 4 pixels unfolded as einops spells it; a filter that looks at one pixel must show that pixel."""
    rows, columns, high, wide, features = 3, 2, 2, 4, 5
    shapes = [np.array([1, 3, rows, high, columns, wide]), np.array([1, rows * columns, 3 * high * wide])]
    weight = np.zeros((24, features), np.float32)
    pixel = (1, 1, 2)  # channel, row, column
    flat = np.arange(24).reshape([{1: 3, 3: high, 5: wide}[axis] for axis in order[3:]])
    at = {1: pixel[0], 3: pixel[1], 5: pixel[2]}
    weight[flat[tuple(at[axis] for axis in order[3:])], 3] = 7.0
    graph = helper.make_graph(
        [
            helper.make_node("Reshape", ["pixel_values", "s0"], ["cut"]),
            helper.make_node("Transpose", ["cut"], ["turned"], perm=order),
            helper.make_node("Reshape", ["turned", "s1"], ["unfolded"]),
            helper.make_node("MatMul", ["unfolded", "w"], ["tokens"]),
        ],
        "linear",
        [helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, [1, 3, rows * high, columns * wide])],
        [helper.make_tensor_value_info("tokens", TensorProto.FLOAT, [1, rows * columns, features])],
        [numpy_helper.from_array(weight, "w")] + [numpy_helper.from_array(s, f"s{i}") for i, s in enumerate(shapes)],
    )
    path = tmp_path / "linear.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    found = patch_filters(engine.open_model(path))
    wanted = np.zeros((features, 3, high, wide), np.float32)
    wanted[(3, *pixel)] = 7
    assert found.kind == "linear"
    np.testing.assert_array_equal(found.filters, wanted)


def test_a_text_model_has_no_filters():
    with pytest.raises(EngineError, match="turns pixels into tokens was not found"):
        patch_filters(engine.open_model(GRAPHS / "hf_bert_eager_dyn18.onnx"))


@pytest.mark.parametrize("graph", ["hf_vit_eager_dyn18", "timm_vit_fused_ts14", "hf_gpt2_eager_dyn18", "fp16_vit"])
def test_the_stream_is_what_the_first_normalisation_of_each_block_reads(graph):
    """Normalised, and scaled and shifted feature by feature, it is what queries are projected from."""
    model, run = ran(graph)
    norms = token_norms(model, run)
    assert [layer.site for layer in norms.layers] == [*range(len(model.sites)), None]
    for layer in norms.layers[:-1]:
        stream = np.asarray(run.tensor(layer.tensor)[0], np.float64)  # (token, dim)
        np.testing.assert_allclose(layer.values, np.linalg.norm(stream, axis=1), rtol=1e-4)
        query = weights_of(run.model, model.sites[layer.site]).query
        source = np.asarray(run.tensor(query.source), np.float64)
        source = source.reshape(-1, source.shape[-1])[: len(stream)]
        z = (stream - stream.mean(1, keepdims=True)) / stream.std(1, keepdims=True)
        for feature in range(stream.shape[1]):
            line = np.polyfit(z[:, feature], source[:, feature], 1)
            np.testing.assert_allclose(np.polyval(line, z[:, feature]), source[:, feature], atol=2e-2)


def test_where_blocks_end_in_a_normalisation_the_stream_is_what_queries_are_projected_from():
    model, run = ran("hf_bert_eager_dyn18")
    norms = token_norms(model, run)
    for layer in norms.layers[:-1]:
        assert layer.tensor == weights_of(run.model, model.sites[layer.site]).query.source
    np.testing.assert_allclose(
        norms.layers[-1].values, np.linalg.norm(run.outputs["last_hidden_state"][0], axis=1), rtol=1e-5
    )


def test_norms_are_those_of_the_changed_run():
    model, run = ran("hf_vit_eager_dyn18")
    changed = model.intervene(BlurImage(2))
    plain, blurred = token_norms(model, run), token_norms(changed, changed.run(run.inputs))
    assert np.abs(plain.layers[0].values - blurred.layers[0].values).max() > 1e-3


def test_a_token_far_above_the_others_is_an_outlier():
    values = np.random.default_rng(0).normal(10, 1, 100).astype(np.float32)
    values[[3, 77]] = 60
    assert LayerNorms(0, "x", values, 8).outliers == (3, 77)
    assert LayerNorms(0, "x", np.full(9, 5, np.float32), 8).outliers == ()


def test_a_cancelled_measurement_stops_at_its_next_step():
    model, run = ran("hf_vit_eager_dyn18")

    def stop(done, total, partial):
        raise EngineError("cancelled")

    with pytest.raises(EngineError) as caught:
        token_norms(model, run, stop)
    assert caught.value.code == "cancelled"


def test_a_model_of_several_graphs_is_measured_graph_by_graph():
    """An encoder of images and a decoder of text, each with its own stream."""
    model = engine.open_model(GRAPHS.parents[1] / "folders" / "captioner")
    photo = Photo(np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8), "noise", (40, 40))
    run = run_on(model, gather(model.description, image=prepare(photo, model.description.image_plan)))
    norms = token_norms(model, run)
    first = norms.layers[0]
    stream = run.tensor(first.tensor)[0]
    assert first.tensor.startswith("encoder")
    np.testing.assert_allclose(first.values, np.linalg.norm(stream.astype(np.float64), axis=1), rtol=1e-4)
    assert norms.layers[-1].site is None
    assert patch_filters(model).filters.shape[1:] == (3, 8, 8)

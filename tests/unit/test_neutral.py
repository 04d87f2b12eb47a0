"""Inputs that nobody gave get the value that changes nothing."""

import numpy as np
import pytest

from engine import EngineError, TensorInfo
from engine.runtime.neutral import by_times, complete

IDS = TensorInfo("input_ids", "int64", ("batch", "sequence"))
MASK = TensorInfo("attention_mask", "int64", ("batch", "sequence"))
PAST = TensorInfo("past_key_values.0.key", "float32", ("batch", 4, "past_sequence_length", 8))
PIXELS = TensorInfo("pixel_values", "float32", ("batch", 3, 8, 8))


def filled(*infos, **given):
    given = given or {"input_ids": np.ones((2, 5), np.int32)}
    return complete((*(() if "pixel_values" in given else (IDS,)), *infos), given)


def test_what_is_given_is_taken_in_the_models_type():
    out = filled(MASK, input_ids=[[1, 2]], attention_mask=np.array([[True, False]]))
    assert out["input_ids"].dtype == out["attention_mask"].dtype == np.int64
    assert out["attention_mask"].tolist() == [[1, 0]]
    assert complete((PIXELS,), {"pixel_values": np.ones((1, 3, 8, 8))})["pixel_values"].dtype == np.float32


@pytest.mark.parametrize("dtype", ["int64", "int32", "float32", "bool"])
def test_masks_let_everything_through(dtype):
    out = filled(TensorInfo("attention_mask", dtype, ("batch", "sequence")))["attention_mask"]
    assert out.dtype == dtype
    assert out.tolist() == np.ones((2, 5), dtype).tolist()


@pytest.mark.parametrize("name", ["key_padding_mask", "src_padding_mask", "bool_masked_pos"])
def test_masks_that_name_what_is_left_out_leave_nothing_out(name):
    out = filled(TensorInfo(name, "bool", ("batch", "sequence")))[name]
    assert out.shape in ((2, 5), (1, 1))
    assert not out.any()


def test_positions_count_and_types_are_the_first():
    infos = (
        TensorInfo("position_ids", "int64", ("batch", "sequence")),
        TensorInfo("cache_position", "int64", ("sequence",)),
        TensorInfo("token_type_ids", "int64", ("batch", "sequence")),
        TensorInfo("segment_ids", "int32", ("batch", "sequence")),
    )
    out = filled(*infos)
    assert out["position_ids"].tolist() == [[0, 1, 2, 3, 4]] * 2
    assert out["token_type_ids"].tolist() == out["segment_ids"].tolist() == [[0] * 5] * 2
    assert out["cache_position"].tolist()[0] == 0


def test_a_past_is_empty():
    out = filled(PAST, TensorInfo("past.1.value", "float16", ("b", 4, None, 8)))
    assert out["past_key_values.0.key"].shape == (2, 4, 0, 8)
    assert out["past.1.value"].shape == (2, 4, 0, 8)
    assert out["past.1.value"].dtype == np.float16


def test_a_past_that_was_given_is_counted_in():
    mask = TensorInfo("attention_mask", "int64", ("batch", "past_sequence_length + sequence"))
    positions = TensorInfo("position_ids", "int64", ("batch", "sequence"))
    past = np.zeros((2, 4, 7, 8), np.float32)
    out = filled(PAST, mask, positions, input_ids=np.ones((2, 3), int), **{PAST.name: past})
    assert out["attention_mask"].shape == (2, 10)
    assert out["position_ids"].tolist() == [[7, 8, 9]] * 2


def test_switches_are_off():
    out = filled(TensorInfo("use_cache_branch", "bool", (1,)), TensorInfo("return_dict", "bool", ()))
    assert out["use_cache_branch"].tolist() == [False]
    assert not out["return_dict"]


def test_sizes_follow_what_is_given_under_the_same_name():
    other = TensorInfo("pixel_mask", "int64", ("batch", "rows", "columns"))
    infos = (TensorInfo("pixel_values", "float32", ("batch", 3, "rows", "columns")), other)
    out = complete(infos, {"pixel_values": np.zeros((2, 3, 6, 4))})
    assert out["pixel_mask"].shape == (2, 6, 4)


def test_content_is_asked_for():
    with pytest.raises(EngineError, match=r"needs the input “pixel_values”.*batch×3×8×8"):
        complete((IDS, PIXELS), {"input_ids": np.ones((1, 2), int)})
    with pytest.raises(EngineError, match=r"no input “ids”\. Its inputs are: input_ids"):
        complete((IDS,), {"ids": 1})


def test_shapes_in_words():
    assert by_times((1, "batch", None, 3)) == "1×batch×?×3"
    assert by_times(()) == "()"

"""Best classes: the right output, the right softmax, the right names."""

import numpy as np
import pytest

from engine.model.description import ModelDescription
from engine.predictions import top_classes
from engine.runtime.run import Run

LOGITS = np.array([[1.0, 3.0, -2.0, 0.5]], np.float32)


def _run(outputs, labels=None):
    model = ModelDescription("m", "m.onnx", (), (), (), (), (), (), 17, "", 0, 0, labels=labels)
    return Run(model, {}, {name: np.asarray(array) for name, array in outputs.items()}, {})


def test_softmax_of_logits_with_labels():
    found = top_classes(_run({"logits": LOGITS}, ("ant", "bee", "cat", "dog")), 3)
    expected = np.exp(LOGITS[0]) / np.exp(LOGITS[0]).sum()
    assert [p.label for p in found] == ["bee", "ant", "dog"]
    assert [p.index for p in found] == [1, 0, 3]
    assert [p.probability for p in found] == pytest.approx(expected[[1, 0, 3]], abs=1e-6)
    assert [p.logit for p in found] == [3.0, 1.0, 0.5]
    assert all(p.named for p in found)


def test_probabilities_are_not_softened_again():
    given = np.array([[0.1, 0.7, 0.2]], np.float16)
    found = top_classes(_run({"softmaxout_1": given[:, :, None, None]}))
    assert [p.index for p in found] == [1, 2, 0]
    assert found[0].probability == pytest.approx(0.7, abs=1e-3)
    assert found[0].logit is None
    assert found[0].label == "class 1"
    assert not found[0].named


def test_labels_of_another_length_are_not_used():
    assert top_classes(_run({"logits": LOGITS}, ("only", "two")))[0].label == "class 1"


@pytest.mark.parametrize(
    "outputs",
    [
        {},
        {"last_hidden_state": np.zeros((1, 5, 8), np.float32)},
        {"pooler_output": np.ones((1, 8), np.float32)},
        {"image_embeds": np.ones((1, 8), np.float32)},
        {"ids": np.ones((1, 8), np.int64)},
        {"logits": np.ones((1, 17, 100), np.float32)},
        {"logits": np.full((1, 4), np.nan, np.float32)},
        {"a": np.ones((1, 8), np.float32), "b": np.ones((1, 8, 8), np.float32)},
    ],
)
def test_no_classifier(outputs):
    assert top_classes(_run(outputs)) == ()


def test_named_output_wins_over_others():
    found = top_classes(_run({"x": np.ones((1, 9), np.float32), "class_logits": LOGITS}))
    assert found[0].logit == 3.0


def test_labels_tell_which_output():
    found = top_classes(_run({"x": np.ones((1, 9), np.float32), "y": LOGITS}, ("a", "b", "c", "d")))
    assert found[0].label == "b"


def test_a_distilled_pair_is_averaged_and_a_joint_output_wins():
    other = np.array([[5.0, 0.0, 0.0, 0.0]], np.float32)
    pair = top_classes(_run({"cls_logits": LOGITS, "distillation_logits": other}))
    assert pair[0].index == 0
    assert pair[0].logit == 3.0
    joint = top_classes(_run({"logits": LOGITS, "cls_logits": other, "distillation_logits": other}))
    assert joint[0].index == 1


def test_more_asked_than_there_are():
    assert len(top_classes(_run({"logits": LOGITS}), 50)) == 4
    assert top_classes(_run({"logits": LOGITS}), 0) == ()

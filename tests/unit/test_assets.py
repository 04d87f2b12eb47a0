"""What ships beside the program: models that are what their papers say, samples on which they are right, recipes."""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from PIL import Image

import assets
from assets.recipes import data, evaluate, heads

ROOT = Path(__file__).resolve().parents[2]
MODELS = sorted(path.parent for path in assets.path("models").glob("*/model.onnx"))
CLASSIFIERS = [folder for folder in MODELS if (folder / "preprocessor_config.json").is_file()]
SAMPLES = assets.path("samples")
LARGEST_MODEL = 15_000_000
LARGEST_SAMPLE = 150_000

each_model = pytest.mark.parametrize("folder", MODELS, ids=lambda folder: folder.name)
each_classifier = pytest.mark.parametrize("folder", CLASSIFIERS, ids=lambda folder: folder.name)


def test_a_vision_transformer_ships() -> None:
    assert assets.path("models", "vit") in CLASSIFIERS


@each_model
def test_a_model_is_one_small_file_of_the_ordinary_exporter(folder: Path) -> None:
    file = folder / "model.onnx"
    assert file.stat().st_size <= LARGEST_MODEL
    model = onnx.load(file, load_external_data=False)
    assert model.producer_name == "pytorch"
    assert {opset.domain for opset in model.opset_import} == {""}
    assert model.opset_import[0].version >= 18
    assert not any(tensor.external_data for tensor in model.graph.initializer)
    assert [output.name for output in model.graph.output] == ["logits"]  # the heads are for Mirada to find
    assert model.graph.input[0].type.tensor_type.shape.dim[0].dim_param  # a batch of any size


@each_model
def test_a_model_has_its_card(folder: Path) -> None:
    card = (folder / "card.md").read_text(encoding="utf-8")
    for heading in ("Data", "Terms", "Recipe", "Measured", "Heads", "Known failures"):
        assert re.search(rf"^## {heading}", card, re.MULTILINE) or (heading == "Heads" and "cnn" in folder.name), (
            heading
        )


@each_classifier
def test_labels_and_sizes_are_those_of_the_graph(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    steps = json.loads((folder / "preprocessor_config.json").read_text(encoding="utf-8"))
    graph = onnx.load(folder / "model.onnx").graph
    rows, columns = (dim.dim_value for dim in graph.input[0].type.tensor_type.shape.dim[2:])
    classes = graph.output[0].type.tensor_type.shape.dim[1].dim_value
    assert sorted(map(int, config["id2label"])) == list(range(classes))
    assert {label: int(number) for number, label in config["id2label"].items()} == config["label2id"]
    assert config["image_size"] == rows == columns
    assert steps["size"] == {"height": rows, "width": columns}


def test_the_vision_transformer_has_the_heads_of_its_configuration() -> None:
    folder = assets.path("models", "vit")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    lines = list(heads.report(folder, np.zeros((2, 3, config["image_size"], config["image_size"]), np.float32)))
    assert sum("head" in line and "layer" in line for line in lines) == (
        config["num_hidden_layers"] * config["num_attention_heads"]
    )


@each_classifier
def test_a_classifier_is_right_on_the_samples(folder: Path) -> None:
    model = evaluate.Classifier(folder)
    wrong = []
    for file, classes in evaluate.samples():
        with Image.open(file) as image:
            answer = model.labels[int(model.logits([image])[0].argmax())]
        if classes and answer not in classes:
            wrong.append((file.name, answer))
    counted = sum(bool(classes) for _, classes in evaluate.samples())
    assert counted >= 3
    assert len(wrong) <= counted // 3, wrong  # two thirds and more; the card names the others


def test_both_classifiers_are_right_on_the_same_eight_samples_and_more() -> None:
    right = []
    for folder in CLASSIFIERS:
        model = evaluate.Classifier(folder)
        answers = {}
        for file, classes in evaluate.samples():
            with Image.open(file) as image:
                answers[file.name] = model.labels[int(model.logits([image])[0].argmax())] in classes
        right.append({name for name, is_right in answers.items() if is_right})
    assert len(CLASSIFIERS) >= 2
    assert len(set.intersection(*right)) >= 8


def test_samples_are_photographs_and_cover_the_classes() -> None:
    rows = [line for line in (SAMPLES / "README.md").read_text(encoding="utf-8").splitlines() if ", photograph" in line]
    assert len(rows) >= 12
    shown = [classes for _, classes in evaluate.samples()]
    config = json.loads((assets.path("models", "vit") / "config.json").read_text(encoding="utf-8"))
    assert {name for classes in shown for name in classes} == set(config["label2id"])
    assert [] in shown  # outside all classes
    assert sum(len(classes) > 1 for classes in shown) >= 2  # several things at once


def test_every_sample_is_small_and_has_its_source() -> None:
    sources = (SAMPLES / "README.md").read_text(encoding="utf-8")
    files = sorted(path.name for path in SAMPLES.glob("*.jpg"))
    assert sorted(file.name for file, _ in evaluate.samples()) == files
    for name in files:
        row = next(line for line in sources.splitlines() if line.startswith(f"| `{name}`"))
        assert re.search(r"\| (CC0|public domain) \|$", row), name
        with Image.open(SAMPLES / name) as image:
            assert max(image.size) <= 800
        assert (SAMPLES / name).stat().st_size < LARGEST_SAMPLE


def test_the_sheets_are_read_tile_by_tile(tmp_path: Path) -> None:
    side, columns = data.TILE["cifar10"]
    table = "file\tlabel\ttrain\tval\nred\tred, scarlet\t53\t2\nblue\tblue\t1\t0\n"
    (tmp_path / "cifar10" / "train").mkdir(parents=True)
    (tmp_path / "cifar10" / "classes.tsv").write_text(table, encoding="utf-8")
    for name, count, colour in (("red", 53, (255, 0, 0)), ("blue", 1, (0, 0, 255))):
        sheet = np.zeros((-(-count // columns), side, columns, side, 3), np.uint8)
        for number in range(count):
            sheet[number // columns, :, number % columns] = np.array(colour) * (number + 60) // 120
        rows = Image.fromarray(sheet.reshape(-1, columns * side, 3))
        rows.save(tmp_path / "cifar10" / "train" / f"{name}.avif", quality=100)
    split = data.read_split(tmp_path, "cifar10", "train")
    assert data.labels(tmp_path, "cifar10") == ["red", "blue"]
    assert split.images.shape == (54, 32, 32, 3)
    assert split.labels.tolist() == [0] * 53 + [1]
    centre = split.images[:, 16, 16].astype(int)  # (image, channel)
    np.testing.assert_allclose(centre[:53, 0], 255 * (np.arange(53) + 60) // 120, atol=8)
    assert centre[53, 2] > centre[53, 0]


def test_absent_data_is_one_sentence_and_status_2(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "assets.recipes.evaluate", "--data", str(tmp_path / "nowhere")]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    assert answer.stderr.startswith("There is no data set at ")
    assert answer.stderr.count("\n") == 1


def test_a_missing_sheet_is_named(tmp_path: Path) -> None:
    (tmp_path / "cifar10").mkdir()
    table = "file\tlabel\ttrain\tval\ncat\tcat\t1\t1\n"
    (tmp_path / "cifar10" / "classes.tsv").write_text(table, encoding="utf-8")
    with pytest.raises(data.DataMissingError, match=r"cat\.avif"):
        data.read_split(tmp_path, "cifar10", "val")


def test_the_habits_of_heads_made_by_hand() -> None:
    side = 4
    tokens = side**2 + 1
    right = np.zeros((tokens, tokens), np.float32)  # each patch looks at its neighbour on the right, the last at itself
    for patch in range(side**2):
        right[1 + patch, 1 + (patch + 1 if (patch + 1) % side else patch)] = 1
    right[0, 1] = 1
    half = np.full((tokens, tokens), 0.5 / side**2, np.float32)  # half on the class token, the rest spread evenly
    half[:, 0] = 0.5
    neighbour, even = heads.habits(np.stack([right, half])[None], layer=3)
    assert (neighbour.layer, neighbour.head, even.head) == (3, 0, 1)
    assert neighbour.offset == (0, 1)
    assert neighbour.offset_mass == pytest.approx(1)
    assert neighbour.distance == pytest.approx((side - 1) / side)
    assert neighbour.class_mass == 0
    assert neighbour.class_spread == pytest.approx(1)
    assert even.class_mass == pytest.approx(0.5)
    assert even.class_spread == pytest.approx(side**2, rel=1e-4)
    assert even.content == pytest.approx(0, abs=1e-6)


def test_damage_is_counted_on_the_same_images_and_leaves_the_intact_ones_alone():
    model = evaluate.Classifier(assets.path("models", "vit"))
    files = [file for file, _ in evaluate.samples()]
    images = np.stack([np.asarray(Image.open(file).convert("RGB").resize((32, 32))) for file in files])
    # (image, row, column, channel)
    answers = model.logits([Image.fromarray(image) for image in images]).argmax(1)  # (image,)
    lines = list(evaluate.damaged(model, data.Split(images, answers.astype(np.int64))))
    assert lines[0] == f"  drop 0% of the patches: 100.0% of {len(files)} right"
    assert [line.split()[1] for line in lines] == ["0%", "30%", "50%", "70%", "50%", "90%"]
    assert any("100.0%" not in line for line in lines[1:])


def test_the_table_of_a_card_spans_the_heads_of_a_layer() -> None:
    one = heads.Head(0, 0, 3.52, 0.01, (0, 1), 0.021, 0.2, 23.6)
    other = heads.Head(0, 1, 3.9, 0.012, (0, 1), 0.05, 0.28, 37)
    assert list(heads.table([[one, other]]))[2:] == ["| 0 | 3.5 to 3.9 | 2 to 5 % | 1 % | 0.20 to 0.28 | 24 to 37 |"]

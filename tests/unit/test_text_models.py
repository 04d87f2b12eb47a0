"""Folders of text, speech and image–text models, end to end against what Transformers computes."""

from collections.abc import Mapping
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from engine.ablation import AblateHeads
from engine.attention import counterpart
from engine.audio.load import load_sound
from engine.audio.plan import Sound
from engine.errors import EngineError
from engine.images.plan import Photo
from engine.images.prepare import prepare
from engine.kernels import read_kernels
from engine.model.weights import weights_of_sites
from engine.pipeline import gather, run_on
from engine.pipeline.generate import Generate, Generated
from engine.pipeline.results import image_text, masked_predictions, next_tokens, similarities
from engine.pipeline.sampling import Sampling
from engine.runtime.interventions import HeadsOff
from engine.runtime.task import Context
from engine.text.tokens import TextSource
from engine.tokens import tokens_of_site

FOLDERS = Path(__file__).resolve().parents[1] / "folders"
TEXT = "The black cat is sleeping in the house."
PAIR = "Where is the station?"
TEXTS = ("the black cat", "a red car", "the old station of the town")
CLOSE = 2e-5


def reference(name: str) -> Mapping[str, Any]:
    with np.load(FOLDERS / name / "reference.npz") as found:
        return dict(found)


def opened(name: str) -> Any:
    return engine.open_model(FOLDERS / name)


def generated(model: Any, source: TextSource | None = None, **more: Any) -> Generated:
    feeds, run = more.pop("feeds", {}), more.pop("run", None)
    return Generate(source, **more).work(Context(model, feeds=feeds, run=run))


def check_patterns(run: Any, said: Mapping[str, Any]) -> None:
    """Hold the sites of an encoder–decoder against the framework's patterns, layer by layer."""
    seen = {"encoder": 0, "decoder": 0, "cross": 0}
    for site in run.model.sites:
        part = site.name.split("/")[0]
        kind = "encoder" if part == "encoder" else "cross" if site.kind == "cross" else "decoder"
        wanted = said[f"{kind}.{seen[kind]}"]
        np.testing.assert_allclose(run.pattern(site), wanted, atol=CLOSE)
        seen[kind] += 1
    assert seen == {"encoder": 2, "decoder": 2, "cross": 2}


def test_a_masked_word_is_filled_in() -> None:
    model, said = opened("bert"), reference("bert")
    source = TextSource(TEXT.replace("cat", "[MASK]"), pair=PAIR)
    run = run_on(model, gather(model.description, text=source))
    encoded = run.text.source[0]
    assert list(encoded.ids) == list(said["ids"])
    np.testing.assert_allclose(run.outputs["logits"], said["logits"], atol=CLOSE)
    for site in run.model.sites:
        np.testing.assert_allclose(run.pattern(site), said[f"self.{site.index}"], atol=CLOSE)
    assert run.model.text.task == "masked"
    (place,) = masked_predictions(run)
    assert encoded.pieces[place] == "[MASK]"
    assert not encoded.special[place]
    best = masked_predictions(run, 3)[place]
    assert [c.id for c in best] == list(np.argsort(-said["logits"][0, place], kind="stable")[:3])
    assert best[0].piece != str(best[0].id)
    assert [encoded.segments[i] for i in (1, -2)] == [0, 1]
    words = [encoded.pair[slice(*o)] for o, s in zip(encoded.offsets, encoded.segments, strict=True) if s and o]
    assert "".join(words) == PAIR.replace(" ", "")


def test_two_sentences_are_compared_as_the_pooling_says() -> None:
    model, said = opened("sentence"), reference("sentence")
    assert model.description.text.pooling == "mean"
    assert not model.description.text.notes
    run = run_on(model, gather(model.description, text=TextSource(TEXT, more=(PAIR,))))
    assert run.text.source[1].padding > 0
    np.testing.assert_allclose(similarities(run)[0, 1], said["cosine"][0], atol=CLOSE)


@pytest.mark.parametrize("name", ["gpt2", "gpt2_merged"])
def test_a_decoder_goes_on_with_a_text_with_and_without_its_cache(name: str) -> None:
    model, said = opened(name), reference(name)
    source = TextSource("The black cat")
    run = run_on(model, gather(model.description, text=source))
    assert list(run.text.source[0].ids) == list(said["ids"][0])
    np.testing.assert_allclose(run.outputs["logits"], said["logits"], atol=CLOSE)
    for site in run.model.sites:
        assert site.causal
        np.testing.assert_allclose(run.pattern(site), said[f"self.{site.index}"], atol=CLOSE)
    shown = model.description
    plain, cached = (generated(model, source, most=12, past=past) for past in (False, True))
    assert model.description is shown  # the branch on screen stays
    assert list(plain.ids) == list(cached.ids) == list(said["generated"])
    assert plain.steps[0].choices == next_tokens(run, 20)
    for one, other in zip(plain.steps, cached.steps, strict=True):
        assert one.probability == pytest.approx(other.probability, abs=1e-5)


@pytest.mark.parametrize("name", ["t5", "bart"])
def test_a_folder_of_two_graphs_is_one_model_that_writes_a_target(name: str) -> None:
    model, said = opened(name), reference(name)
    description = ForkingPickler.loads(ForkingPickler.dumps(model.description))  # it travels to the window
    assert [part.name for part in description.parts] == ["encoder", "decoder"]
    source = TextSource(TEXT)
    plain, cached = (generated(model, source, most=9, past=past) for past in (False, True))
    wanted = list(said["generated"])
    end = description.text.generation.end[0]
    wanted = wanted[: wanted.index(end, 1) + 1] if end in wanted[1:] else wanted
    assert plain.ids == cached.ids
    assert list(plain.ids[: len(wanted)]) == wanted
    whole = TextSource(TEXT, target_ids=tuple(int(i) for i in said["generated"]))
    run = run_on(model, gather(description, text=whole))
    assert list(run.text.source[0].ids) == list(said["ids"][0])
    np.testing.assert_allclose(run.outputs["logits"], said["logits"], atol=5 * CLOSE)
    check_patterns(run, said)
    for site in run.model.sites:
        queries, keys = tokens_of_site(run, site)
        assert run.pattern_shape(site)[2:] == (len(queries), len(keys))
        own = "source" if site.name.startswith("encoder/") else "target"
        assert (queries.stream, keys.stream) == (own, "source" if site.kind == "cross" else own)


def test_a_forced_token_leaves_what_stood_before_it() -> None:
    model = opened("t5")
    for sampling in (Sampling(), Sampling("sample", temperature=1.5, top_k=8, seed=3)):
        first = generated(model, TextSource(TEXT), most=8, sampling=sampling)
        place = first.start + 3
        other = next(c.id for c in first.steps[3].choices if c.id not in (first.steps[3].id, 1))
        second = generated(model, TextSource(TEXT), most=8, sampling=sampling, forced=((place, other),))
        assert second.ids[:place] == first.ids[:place]
        assert second.ids[place] == other
        assert second.steps[3].forced
        again = generated(model, TextSource(TEXT), most=8, sampling=sampling)
        assert again == first


def test_drawing_follows_seed_temperature_and_top_k() -> None:
    model = opened("gpt2")
    drawn = {
        seed: generated(model, TextSource("The"), most=10, sampling=Sampling("sample", 2.0, 5, seed)).ids
        for seed in range(4)
    }
    assert len(set(drawn.values())) > 1
    for step in generated(model, TextSource("The"), most=10, sampling=Sampling("sample", 2.0, 5, 1)).steps:
        assert step.id in [choice.id for choice in step.choices[:5]]
    cold = generated(model, TextSource("The"), most=10, sampling=Sampling("sample", 0.0001, 0, 1))
    assert cold.ids == generated(model, TextSource("The"), most=10).ids


def test_a_caption_is_written_for_a_photo() -> None:
    model, said = opened("captioner"), reference("captioner")
    description = model.description
    assert description.text.source == "image"
    assert description.image_input == "pixel_values"
    run = model.run({"pixel_values": said["pixels"], "decoder_input_ids": said["generated"][None]})
    np.testing.assert_allclose(run.outputs["logits"], said["logits"], atol=5 * CLOSE)
    check_patterns(run, said)
    photo = Photo(np.zeros((32, 32, 3), np.uint8), "black", (32, 32))
    image = prepare(photo, description.image_plan)
    with pytest.raises(EngineError, match="photo"):
        gather(description, text=TextSource())
    started = run_on(model, gather(description, image=image))
    made = generated(model, most=7, feeds={"pixel_values": said["pixels"]}, run=started)
    assert list(made.ids[1:]) == list(said["generated"][1 : len(made.ids)])
    told = run_on(model, gather(description, image=image, text=made.source))
    queries, keys = tokens_of_site(told, told.model.sites[-1])
    assert (queries.kind, queries.stream) == ("piece", "target")
    assert (keys.kind, keys.stream) == ("patch", "image")
    assert (keys.grid.rows, keys.grid.columns, keys.grid.prefix) == (4, 4, 1)


@pytest.mark.parametrize("name", ["clip", "towers"])
def test_an_image_is_compared_with_several_texts(name: str) -> None:
    model, said = opened(name), reference(name)
    description = model.description
    assert description.text.task == "compare"
    photo = Photo(np.zeros((32, 32, 3), np.uint8), "black", (32, 32))
    image = prepare(photo, description.image_plan)
    feeds = gather(description, image=image, text=TextSource(TEXTS[0], more=TEXTS[1:]))
    for key in ("input_ids", "attention_mask"):
        wanted = said[key] if key != "input_ids" else np.where(said["attention_mask"], said[key], 0)
        got = feeds.arrays[key] if key != "input_ids" else np.where(said["attention_mask"], feeds.arrays[key], 0)
        np.testing.assert_array_equal(got, wanted)
    feeds.arrays["pixel_values"] = said["pixel_values"]
    run = run_on(model, feeds)
    np.testing.assert_allclose(run.outputs["text_embeds"], said["text_embeds"], atol=CLOSE)
    np.testing.assert_allclose(run.outputs["image_embeds"], said["image_embeds"], atol=CLOSE)
    found = image_text(run)
    unit = [a / np.linalg.norm(a, axis=-1, keepdims=True) for a in (said["text_embeds"], said["image_embeds"])]
    np.testing.assert_allclose([m.cosine for m in found], unit[0] @ unit[1][0], atol=CLOSE)
    assert sum(m.probability for m in found) == pytest.approx(1, abs=1e-5)
    assert all(m.guessed == (name == "towers") for m in found)
    axes = [tokens_of_site(run, site, batch=1)[0] for site in run.model.sites]
    assert {(axis.kind, axis.stream) for axis in axes} == {("piece", "source"), ("patch", "image")}
    piece = next(axis for axis in axes if axis.kind == "piece")
    assert piece.encoded.text == TEXTS[1]


def test_a_sound_is_written_down() -> None:
    model, said = opened("whisper"), reference("whisper")
    description = model.description
    sound = Sound(said["wave"], 16_000, "sweep")
    feeds = gather(description, sound=sound)
    np.testing.assert_allclose(feeds.audio.tensor, said["features"], atol=1e-4)
    assert feeds.audio.heard == pytest.approx(0.4)
    run = run_on(model, feeds)
    made = generated(model, most=11, feeds=feeds.arrays, run=run)
    cached = generated(model, most=11, feeds=feeds.arrays, run=run, past=True)
    assert list(made.ids) == list(cached.ids) == list(said["generated"])
    assert made.ids[0] == 1
    assert made.ids[1] in (2, 3)
    assert made.ids[2:4] == (4, 5)
    assert made.steps[1].forced
    full = TextSource(target_ids=tuple(int(i) for i in said["generated"]))
    whole = run_on(model, gather(description, sound=sound, text=full))
    np.testing.assert_allclose(whole.outputs["logits"], said["logits"], atol=2e-3)  # features differ by 1e-6
    queries, keys = tokens_of_site(whole, whole.model.sites[-1])
    assert (queries.stream, keys.stream, keys.kind) == ("target", "audio", "frame")
    assert keys.seconds[0] == (0.0, pytest.approx(0.02))
    assert keys.seconds[-1][1] == pytest.approx(0.5)


def test_a_head_switched_off_in_one_graph_changes_the_whole() -> None:
    model = opened("t5")
    feeds = gather(model.description, text=TextSource(TEXT, target_ids=(0, 5, 6)))
    before = run_on(model, feeds)
    cross = next(site for site in model.sites if site.kind == "cross")
    changed = model.intervene(HeadsOff(cross.index, (0, 1, 2)), HeadsOff(0, (1,)))
    after = run_on(changed, feeds)
    assert np.abs(before.outputs["logits"] - after.outputs["logits"]).max() > 1e-3
    assert [edit.site for edit in after.edits] == [cross.index, 0]
    assert [s.name for s in changed.sites] == [s.name for s in model.sites]
    off = after.head_output(changed.sites[0])
    np.testing.assert_allclose(before.pattern(model.sites[0]), after.pattern(changed.sites[0]), atol=1e-6)
    assert off.shape[1] == 3
    with pytest.raises(EngineError, match="99"):
        model.intervene(HeadsOff(99, (0,)))
    with pytest.raises(EngineError, match="cache"):
        generated(changed, TextSource(TEXT), past=True)


def test_plain_inference_gives_what_a_run_gives() -> None:
    model = opened("bart")
    feeds = gather(model.description, text=TextSource(TEXT, target_ids=(2, 0, 9)))
    run = run_on(model, feeds)
    found = model.forward(feeds.arrays)
    np.testing.assert_allclose(found["logits"], run.outputs["logits"], atol=1e-6)
    inner = run.model.sites[0].plan.query.value
    np.testing.assert_allclose(model.forward(feeds.arrays, (inner,))[inner], run.tensor(inner), atol=1e-6)
    site = run.model.sites[-1]
    pattern = run.tensor(site.plan.pattern.value)
    np.testing.assert_allclose(pattern, model.fetch(run.inputs, (site.plan.pattern.value,))[site.plan.pattern.value])


def test_a_sound_file_is_read(tmp_path: Path) -> None:
    from scipy.io import wavfile

    stereo = (np.stack([np.sin(np.arange(800) / 9), np.zeros(800)], axis=1) * 32767 / 2).astype(np.int16)
    wavfile.write(tmp_path / "two.wav", 8000, stereo)
    sound = load_sound(tmp_path / "two.wav")
    assert (sound.rate, sound.samples.size, sound.samples.dtype) == (8000, 800, np.float32)
    np.testing.assert_allclose(sound.samples, np.sin(np.arange(800) / 9) / 4, atol=1e-4)
    assert "2 channels" in sound.notes[0].text()
    (tmp_path / "cut.wav").write_bytes((tmp_path / "two.wav").read_bytes()[:30])
    for name in ("cut.wav", "missing.wav"):
        with pytest.raises(EngineError, match=name):
            load_sound(tmp_path / name)


def test_object_queries_know_their_boxes() -> None:
    graphs = FOLDERS.parent / "conformance" / "graphs"
    model = engine.open_model(graphs / "hf_detr_eager_ts17.onnx")
    with np.load(graphs / "hf_detr_eager_ts17.npz") as found:
        run = model.run({"pixel_values": found["input.pixel_values"]})
    for site in run.model.sites:
        queries, keys = tokens_of_site(run, site, batch=1)
        assert keys.kind == ("object" if site.query_tokens == site.key_tokens == 7 else "patch")
        assert queries.kind == ("object" if site.query_tokens == 7 else "patch")
    x, y, width, height = run.outputs["pred_boxes"][1, 3]
    np.testing.assert_allclose(
        queries.boxes[3], (x - width / 2, y - height / 2, x + width / 2, y + height / 2), rtol=1e-6
    )


def test_a_decoder_without_its_encoder_says_what_to_open() -> None:
    model = engine.open_model(FOLDERS / "t5" / "decoder_model.onnx")
    with pytest.raises(EngineError, match="folder that holds both"):
        gather(model.description, text=TextSource("a"))


def test_weights_kernels_and_positions_are_read_from_the_graph_that_has_them() -> None:
    description = opened("whisper").description
    kernels = [read_kernels(description, layer) for layer in description.convolutions]
    assert [found.weights.shape[:2] for found in kernels] == [(12, 8), (12, 12)]
    said = reference("whisper")
    full = TextSource(target_ids=tuple(int(i) for i in said["generated"]))
    sound = Sound(said["wave"], 16_000, "sweep")
    model = opened("whisper")
    run = run_on(model, gather(description, sound=sound, text=full))
    for index, weights in weights_of_sites(description).items():
        site = run.model.sites[index]
        source = run.tensor(weights.key.source)[0]  # (token, dim)
        keys = weights.key.apply(source).transpose(1, 0, 2)  # (head, token, head_dim)
        np.testing.assert_allclose(keys, run.key(site)[0], atol=1e-4)
    assert len(description.positions) == 2
    assert all(found.table().shape == found.shape for found in description.positions)


def test_a_word_of_the_target_is_none_of_the_source() -> None:
    model = opened("t5")
    source = TextSource("the cat")
    count = len(gather(model.description, text=source).text.source[0])
    run = run_on(model, gather(model.description, text=TextSource("the cat", target_ids=(0, *range(5, 4 + count)))))
    encoder, own, cross = run.model.sites[0], run.model.sites[2], run.model.sites[3]
    assert {run.pattern_shape(site)[2:] for site in (encoder, own, cross)} == {(count, count)}
    assert counterpart(run, own, 1, cross) == 1
    assert counterpart(run, own, 1, encoder) is None
    assert counterpart(run, encoder, 1, cross, "to") == 1
    assert counterpart(run, encoder, 1, own, "to") is None


def test_graphs_in_a_folder_of_their_own_and_in_other_numbers_are_found(tmp_path: Path) -> None:
    (tmp_path / "onnx").mkdir()
    for file in (FOLDERS / "t5").glob("*.json"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    for stem in ("encoder_model", "decoder_model"):
        data = (FOLDERS / "t5" / f"{stem}.onnx").read_bytes()
        (tmp_path / "onnx" / f"{stem}_quantized.onnx").write_bytes(data)
    model = engine.open_model(tmp_path)
    assert model.description.name == tmp_path.name
    assert model.description.text.files[0] == "tokenizer.json"
    assert not model.description.text.past
    assert generated(model, TextSource(TEXT), most=4).ids == generated(opened("t5"), TextSource(TEXT), most=4).ids
    with pytest.raises(EngineError, match="cannot keep"):
        generated(model, TextSource(TEXT), past=True)
    (tmp_path / "onnx" / "decoder_model_quantized.onnx").unlink()
    assert not engine.open_model(tmp_path).description.parts


def test_every_head_of_both_graphs_is_switched_off_once() -> None:
    model = opened("t5")
    feeds = gather(model.description, text=TextSource(TEXT, target_ids=(0, 5, 6)))
    run = run_on(model, feeds)
    damage = AblateHeads().work(Context(model, run.inputs, None, run))
    assert damage.change.shape == (6, 3)
    assert np.isfinite(damage.change).all()
    assert (damage.change > 0).all()
    gained = model.gained()
    assert gained.sites == tuple(range(6))
    plain = gained(run.inputs, {})
    np.testing.assert_allclose(plain["logits"], run.outputs["logits"], atol=1e-5)
    for site, head in ((0, 1), (3, 2)):
        off = gained(run.inputs, {site: np.array([float(i != head) for i in range(3)], np.float32)})
        edited = run_on(model.intervene(HeadsOff(site, (head,))), feeds)
        np.testing.assert_allclose(off["logits"], edited.outputs["logits"], atol=1e-4)

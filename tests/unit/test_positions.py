"""Positions by family, their tables, and where they enter; nothing else is taken for them."""

import json

import numpy as np
import onnx
import pytest

import engine
from engine.messages import Message
from engine.model.describe import most_positions
from engine.model.description import PositionalEncoding
from engine.model.positions.bias import offsets
from engine.model.positions.recognise import alibi_slopes, frequencies, is_sinusoidal
from tests.conformance.references import Reference, known_gaps, references

NONE = ("not_", "plain_", "sdpa_", "mha_", "transformer_", "encoder_", "timm_mobilevit", "timm_twins", "timm_pvt")


def found(name):
    return engine.open_model(Reference(name).path).positions


def summary(positions):
    return sorted((p.kind, p.axes, p.shape, p.sites) for p in positions)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("timm_vit_plain_ts14", [("learned", ("token", "dim"), (25, 12), ())]),
        ("hf_deit_eager_ts17", [("learned", ("token", "dim"), (22, 12), ())]),
        ("hf_gpt2_sdpa_ts17_dynamic", [("learned", ("token", "dim"), (32, 12), ())]),
        ("hf_bert_eager_dyn18", [("learned", ("token", "dim"), (18, 12), ())]),  # folded to the text's length
        ("hf_roberta_sdpa_ts17_dynamic", [("learned", ("token", "dim"), (32, 12), ())]),  # not the token types
        ("hf_llama_sdpa_ts17_dynamic", [("rotary", ("frequency",), (2,), (0, 1))]),
        ("hf_t5_sdpa_ts17_dynamic", [("relative bias", ("bucket", "head"), (32, 3), s) for s in ((0, 1), (2, 4))]),
        (
            "timm_swin_plain_dyn18",
            [("relative bias", ("head", "query", "key"), (h, 16, 16), (i,)) for i, h in enumerate((2, 2, 4, 4))],
        ),
        ("timm_beit_plain_dyn18", [("relative bias", ("head", "query", "key"), (3, 25, 25), (i,)) for i in (0, 1)]),
        ("hf_bloom_eager_ts17", [("ALiBi", ("head",), (3,), (0, 1))]),
        ("timm_mvitv2_class_ts17", [("decomposed", ("offset", "dim"), (15, 4), (i,)) for i in (0, 0, 1, 1)]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_families(name, expected):
    positions = [p for p in found(name) if name != "timm_mvitv2_class_ts17" or p.sites in ((0,), (1,))]
    assert summary(positions) == sorted(expected)
    for p in positions:
        assert p.table().shape == p.shape
        assert p.table().dtype == np.float32
        assert ("{sites}" in p.where.text()) is False


@pytest.mark.parametrize(
    "case", [c for c in references() if c.name.startswith(NONE) and c.name not in known_gaps()], ids=lambda c: c.name
)
def test_nothing_else_is_taken_for_positions(case):
    """Biases, masks, class tokens, learned queries and the tables of other networks."""
    kinds = {p.kind for p in engine.open_model(case.path).positions}
    assert kinds <= ({"relative bias"} if "bias" in case.name else set())


def test_a_learned_table_is_the_files_own():
    positions = found("timm_vit_plain_ts14")
    model = onnx.load(Reference("timm_vit_plain_ts14").path)
    stored = next(onnx.numpy_helper.to_array(t) for t in model.graph.initializer if t.name == positions[0].name)
    np.testing.assert_array_equal(positions[0].table(), stored[0])
    grid = positions[0].grid
    assert (grid.prefix, grid.rows, grid.columns) == (1, 4, 6)
    assert positions[0].where.text() == "added to the tokens"


def test_tables_without_rows_for_registers():
    grid = found("hf_dinov2reg_eager_ts17")[0].grid
    assert (grid.prefix, grid.rows, grid.columns, grid.special) == (1, 4, 4, ("class",))


def test_a_table_laid_out_as_a_picture():
    for name in ("timm_sam_plain_dyn18", "timm_sam_fused_ts17"):
        table = next(p for p in found(name) if p.kind == "learned")
        assert (table.shape, table.grid.rows, table.grid.columns) == ((36, 12), 6, 6)
        offsets_ = [p for p in found(name) if p.kind == "decomposed"]
        assert [p.shape for p in offsets_] == [(7, 4), (7, 4), (11, 4), (11, 4)]


def test_positions_of_queries_and_keys_alone():
    positions = found("hf_detr_eager_dyn18")
    image = next(p for p in positions if p.kind == "sinusoidal")
    assert image.where.code == "position-queries-keys"
    assert 0 in image.sites
    assert (image.grid.rows, image.grid.columns) == (4, 6)


def test_rotary_angles_of_two_dimensions_keep_their_grid():
    rotary = next(p for p in found("timm_eva02_plain_dyn18") if p.kind == "rotary")
    assert rotary.axes == ("token", "dim")
    assert (rotary.grid.rows, rotary.grid.columns, rotary.grid.prefix) == (4, 6, 0)


def test_inverse_frequencies_are_those_of_the_formula():
    table = found("hf_llama_sdpa_ts17_dynamic")[0].table()
    np.testing.assert_allclose(table, 10000.0 ** -(np.arange(len(table)) / len(table)), rtol=1e-3)


def sinusoids(tokens, dim):
    place, rate = np.arange(tokens)[:, None], 10000.0 ** -(np.arange(0, dim, 2) / dim)
    return np.stack([np.sin(place * rate), np.cos(place * rate)], -1).reshape(tokens, dim).astype(np.float32)


def test_sinusoids_are_recognised_by_value():
    assert is_sinusoidal(sinusoids(50, 64))
    assert is_sinusoidal(sinusoids(50, 64).astype(np.float16).astype(np.float32))
    assert is_sinusoidal(np.concatenate([sinusoids(30, 32)[:, ::2], sinusoids(30, 32)[:, 1::2]], 1))
    rng = np.random.default_rng(0)
    assert not is_sinusoidal(rng.standard_normal((50, 64)).astype(np.float32))
    assert not is_sinusoidal(sinusoids(50, 64) + rng.normal(0, 0.05, (50, 64)).astype(np.float32))


def test_sinusoids_of_rows_and_columns():
    rows, columns = sinusoids(6, 16), sinusoids(8, 16)
    image = np.concatenate([np.repeat(rows[:, None], 8, 1), np.repeat(columns[None], 6, 0)], -1).reshape(48, 32)
    table = np.concatenate([np.zeros((1, 32), np.float32), image])
    assert is_sinusoidal(table, (1, 6, 8))
    assert not is_sinusoidal(np.random.default_rng(0).permutation(table), (1, 6, 8))


def test_alibi_slopes_of_eight_heads():
    slopes = 2.0 ** -np.arange(1, 9)
    bias = slopes[:, None, None] * (np.arange(10) - np.arange(10)[:, None])
    hidden = np.where(np.arange(10) > np.arange(10)[:, None], -np.inf, bias)
    for table in (bias, hidden):
        np.testing.assert_allclose(alibi_slopes(table.astype(np.float32)), slopes)
    assert alibi_slopes(np.random.default_rng(0).standard_normal((8, 10, 10)).astype(np.float32)) is None


@pytest.mark.parametrize("join", [lambda a: np.repeat(a, 2, -1), lambda a: np.tile(a, (1, 2))], ids=["pairs", "halves"])
def test_frequencies_from_cosines_and_sines(join):
    rate = 10000.0 ** -(np.arange(8) / 8)
    angle = join(np.arange(20)[:, None] * rate).astype(np.float32)
    np.testing.assert_allclose(frequencies(np.cos(angle), np.sin(angle)), rate, rtol=1e-4)
    other = angle**2
    assert frequencies(np.cos(other), np.sin(other)) is None


def test_one_vector_for_each_distance():
    table = np.random.default_rng(0).standard_normal((11, 4)).astype(np.float32)
    spread = table[np.arange(6)[:, None] - np.arange(6) + 5]
    np.testing.assert_array_equal(offsets(spread), table)
    assert offsets(np.random.default_rng(1).standard_normal((6, 6, 4)).astype(np.float32)).shape == (6, 6, 4)


def test_inspection_tells_positions_as_json():
    from engine.inspection import as_json

    model = engine.open_model(Reference("timm_swin_plain_dyn18").path).description
    told = json.loads(json.dumps(as_json(model)))
    assert told["positions"][0]["axes"] == ["head", "query", "key"]
    assert told["positions"][0]["sites"] == [0]
    assert told["sites"][1]["grid"]["windows"] == [2, 4]
    assert told["sites"][1]["grid"]["shift"] == [2, 2]


@pytest.mark.parametrize("joined", [False, True], ids=["two tables", "cosines beside sines"])
def test_rotary_tables_of_which_the_input_takes_a_part(tmp_path, joined):
    rate = np.array([1.0, 0.25, 0.0625, 0.015625], np.float32)
    angle = np.arange(32, dtype=np.float32)[:, None] * rate
    chosen = "both = Slice(table, zero, length, zero)\n cos, sin = Split<axis=1>(both, halves)"
    if not joined:
        chosen = "cos = Slice(cosines, zero, length, zero)\n sin = Slice(sines, zero, length, zero)"
    text = f"""<ir_version: 9, opset_import: ["" : 17]> rotary (float[1, n, 8] x) => (float[1, n, 8] y) {{
      size = Shape(x)
      length = Gather(size, one)
      {chosen}
      q = MatMul(x, wq)
      k = MatMul(x, wk)
      q1, q2 = Split<axis=2>(q, halves)
      k1, k2 = Split<axis=2>(k, halves)
      qa = Mul(q1, cos)  qb = Mul(q2, sin)  qc = Mul(q2, cos)  qd = Mul(q1, sin)
      ka = Mul(k1, cos)  kb = Mul(k2, sin)  kc = Mul(k2, cos)  kd = Mul(k1, sin)
      qe = Sub(qa, qb)  qf = Add(qc, qd)  ke = Sub(ka, kb)  kf = Add(kc, kd)
      qr = Concat<axis=2>(qe, qf)
      kr = Concat<axis=2>(ke, kf)
      kt = Transpose<perm=[0, 2, 1]>(kr)
      s = MatMul(qr, kt)
      p = Softmax(s)
      y = MatMul(p, x)
    }}"""
    model = onnx.parser.parse_model(text)
    rng = np.random.default_rng(2)
    weights = {
        "table": np.concatenate([np.cos(angle), np.sin(angle)], 1),
        "cosines": np.cos(angle),
        "sines": np.sin(angle),
        "wq": rng.standard_normal((8, 8), np.float32),
        "wk": rng.standard_normal((8, 8), np.float32),
        "zero": np.array([0]),
        "one": np.array([1]),
        "halves": np.array([4, 4]),
    }
    model.graph.initializer.extend(onnx.numpy_helper.from_array(value, name) for name, value in weights.items())
    onnx.save(model, tmp_path / "rotary.onnx")
    (position,) = engine.open_model(tmp_path / "rotary.onnx").positions
    assert (position.kind, position.axes, position.sites) == ("rotary", ("frequency",), (0,))
    np.testing.assert_allclose(position.table(), rate, rtol=1e-4)
    assert position.most == 32


def test_a_table_of_angles_limits_the_text():
    def rotary(most):
        return PositionalEncoding("rotary", "cos", (4,), Message.of("position-turned", sites="0"), most=most)

    assert most_positions((rotary(512), rotary(256))) == 256
    assert most_positions((rotary(None),)) is None
    learned = PositionalEncoding("learned", "table", (1024, 8), Message.of("position-added"))
    assert most_positions((learned, rotary(512))) == 1024
